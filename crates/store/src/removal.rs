//! Removal for good: runs and experiments with everything that hangs on them. Their bytes become garbage.

use weir_domain::Result;

use crate::Tx;
use crate::files::{self, Owner};
use crate::{ci_jobs, packages, provenances, registered_models, trust_rules};

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
    "run_provenances",
];

/// Removes runs (rows).
pub(crate) fn runs(tx: &mut Tx<'_>, ids: &[i64], now: i64) -> Result<()> {
    // In one order everywhere, and before their rows elsewhere: as folding has it.
    let lock = format!("SELECT id FROM runs WHERE {} ORDER BY id{}", tx.any_of("id", "?1"), tx.for_update());
    tx.list(&lock, &[&ids], |_| Ok(()))?;
    for table in OF_RUNS {
        tx.execute(&format!("DELETE FROM {table} WHERE {}", tx.any_of("run_id", "?1")), &[&ids])?;
    }
    ci_jobs::remove_of_runs(tx, ids)?;
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
    let models =
        tx.list("SELECT id FROM logged_models WHERE experiment_id = ?1", &[&id], |row| row.int(0))?;
    logged_models(tx, &models, now)?;
    for table in ["datasets", "experiment_tags"] {
        tx.execute(&format!("DELETE FROM {table} WHERE experiment_id = ?1"), &[&id])?;
    }
    tx.execute("DELETE FROM experiments WHERE id = ?1", &[&id])?;
    Ok(())
}

/// Removes logged models (rows).
pub(crate) fn logged_models(tx: &mut Tx<'_>, ids: &[i64], now: i64) -> Result<()> {
    let sql = format!(
        "SELECT id, model_id FROM logged_models WHERE {} ORDER BY id{}",
        tx.any_of("id", "?1"),
        tx.for_update()
    );
    let found = tx.list(&sql, &[&ids], |row| Ok((row.int(0)?, row.text(1)?)))?;
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
    tx.execute(&format!("DELETE FROM logged_models WHERE {}", tx.any_of("id", "?1")), &[&ids])?;
    Ok(())
}

/// Runs, models, experiments or packages that one step removes of a project.
const STEP: i64 = 50;
/// Tables whose rows are one project's; what hangs on its experiments and models has gone before.
const OF_PROJECTS: &[&str] =
    &["project_members", "redirects", "trust_conditions", "trust_rules", "provenances"];

/// Removes a part of what a project holds, and when there is nothing left, the project. Answers whether it was that.
/// The project is out of sight already, so that nobody meets the half of it.
pub(crate) fn project_step(tx: &mut Tx<'_>, id: i64, now: i64) -> Result<bool> {
    let rows = some_of(tx, "runs", id)?;
    if !rows.is_empty() {
        return runs(tx, &rows, now).map(|()| false);
    }
    let names = tx.list(
        "SELECT name FROM registered_models WHERE project_id = ?1 ORDER BY id LIMIT ?2",
        &[&id, &STEP],
        |row| row.text(0),
    )?;
    for name in &names {
        let model = registered_models::get_locked(tx, id, name)?;
        registered_models::delete(tx, &model, true, now)?;
    }
    if !names.is_empty() {
        return Ok(false);
    }
    let rows = some_of(tx, "experiments", id)?;
    for row in &rows {
        experiment(tx, *row, now)?;
    }
    if !rows.is_empty() {
        return Ok(false);
    }
    if packages::remove_some(tx, id, STEP, now)? {
        return Ok(false);
    }
    bots(tx, "project_id", id, now)?;
    trust_rules::remove_all(tx, id, now)?;
    provenances::remove_all(tx, id)?;
    ci_jobs::remove_all(tx, id)?;
    for table in OF_PROJECTS {
        tx.execute(&format!("DELETE FROM {table} WHERE project_id = ?1"), &[&id])?;
    }
    tx.execute("DELETE FROM projects WHERE id = ?1", &[&id])?;
    Ok(true)
}

fn some_of(tx: &mut Tx<'_>, table: &str, project_id: i64) -> Result<Vec<i64>> {
    let sql = format!("SELECT id FROM {table} WHERE project_id = ?1 ORDER BY id LIMIT ?2");
    tx.list(&sql, &[&project_id, &STEP], |row| row.int(0))
}

/// Ends the tokens of a project or a group and the bots that they acted as.
pub(crate) fn bots(tx: &mut Tx<'_>, key: &str, id: i64, now: i64) -> Result<()> {
    tx.execute(
        &format!(
            "UPDATE users SET blocked = ?2, deleted_at = ?3
             WHERE bot = ?2 AND id IN (SELECT user_id FROM access_tokens WHERE {key} = ?1)"
        ),
        &[&id, &true, &now],
    )?;
    tx.execute(&format!("DELETE FROM access_tokens WHERE {key} = ?1"), &[&id])?;
    Ok(())
}
