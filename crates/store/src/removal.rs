//! Removal for good: runs and experiments with everything that hangs on them. Their bytes become garbage.

use weir_domain::Result;

use crate::Tx;
use crate::files::{self, Owner};

/// Tables whose rows are one run's.
const OF_RUNS: &[&str] = &[
    "metric_inbox",
    "metrics",
    "metric_chunks",
    "metric_damaged",
    "params",
    "tags",
    "run_datasets",
    "run_dataset_tags",
    "run_models",
    "logged_model_metrics",
    "packages",
];

/// Removes runs (rows).
pub(crate) fn runs(tx: &mut Tx<'_>, ids: &[i64], now: i64) -> Result<()> {
    // In one order everywhere, and before their rows elsewhere: as folding has it.
    let lock = format!("SELECT id FROM runs WHERE {} ORDER BY id{}", tx.any_of("id", "?1"), tx.for_update());
    tx.list(&lock, &[&ids], |_| Ok(()))?;
    for table in OF_RUNS {
        tx.execute(&format!("DELETE FROM {table} WHERE {}", tx.any_of("run_id", "?1")), &[&ids])?;
    }
    files::remove_trees(tx, Owner::Run(0), ids, now)?;
    tx.execute(&format!("DELETE FROM runs WHERE {}", tx.any_of("id", "?1")), &[&ids])?;
    Ok(())
}

/// Removes an experiment (row) with its runs, datasets and tags.
pub(crate) fn experiment(tx: &mut Tx<'_>, id: i64, now: i64) -> Result<()> {
    let lock = format!("SELECT id FROM experiments WHERE id = ?1{}", tx.for_update());
    tx.find(&lock, &[&id], |_| Ok(()))?;
    let of_it =
        tx.list("SELECT id FROM runs WHERE experiment_id = ?1 ORDER BY id", &[&id], |row| row.int(0))?;
    runs(tx, &of_it, now)?;
    logged_models(tx, id, now)?;
    for table in ["datasets", "experiment_tags"] {
        tx.execute(&format!("DELETE FROM {table} WHERE experiment_id = ?1"), &[&id])?;
    }
    tx.execute("DELETE FROM experiments WHERE id = ?1", &[&id])?;
    Ok(())
}

/// Removes the logged models of an experiment.
fn logged_models(tx: &mut Tx<'_>, experiment_id: i64, now: i64) -> Result<()> {
    let sql = format!(
        "SELECT id, model_id FROM logged_models WHERE experiment_id = ?1 ORDER BY id{}",
        tx.for_update()
    );
    let found = tx.list(&sql, &[&experiment_id], |row| Ok((row.int(0)?, row.text(1)?)))?;
    if found.is_empty() {
        return Ok(());
    }
    let (ids, model_ids): (Vec<i64>, Vec<String>) = found.into_iter().unzip();
    // Also from runs of other experiments that used them: a run names no model that cannot be asked for.
    tx.execute(&format!("DELETE FROM run_models WHERE {}", tx.any_of("model_id", "?1")), &[&model_ids])?;
    for table in ["logged_model_params", "logged_model_tags", "logged_model_metrics"] {
        tx.execute(&format!("DELETE FROM {table} WHERE {}", tx.any_of("model_id", "?1")), &[&ids])?;
    }
    files::remove_trees(tx, Owner::LoggedModel(0), &ids, now)?;
    tx.execute("DELETE FROM logged_models WHERE experiment_id = ?1", &[&experiment_id])?;
    Ok(())
}
