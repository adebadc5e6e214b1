//! The names that clients know changed rows by.

use std::collections::HashMap;

use weir_domain::Result;

use super::{Batch, Subject, What};
use crate::Tx;

/// A change with the names that clients use.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedChange {
    pub project_id: i64,
    pub subject: Named,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Named {
    Experiment {
        iid: i64,
    },
    Run {
        run_id: String,
        experiment_iid: i64,
        /// The model and the number of the version that the run is.
        version: Option<(String, i64)>,
    },
    LoggedModel {
        model_id: String,
        experiment_iid: i64,
    },
    Model {
        name: String,
    },
    Version {
        model: String,
        number: i64,
        version: String,
    },
}

/// Runs of one experiment that are named one by one; of more than these it is only said that runs have changed.
const MOST_RUNS: usize = 100;
/// Rows asked for at once.
const ROWS: usize = 1000;

/// Names what changed; rows that are gone for good have no name any more and are passed over.
pub fn name(tx: &mut Tx<'_>, batch: &Batch) -> Result<Vec<NamedChange>> {
    let (mut experiments, mut runs, mut models) = (HashMap::new(), HashMap::new(), HashMap::new());
    let mut changes = Vec::new();
    for (subject, what) in &batch.subjects {
        match subject {
            Subject::Experiment(id) => drop(experiments.insert(*id, *what)),
            Subject::Run(id) => drop(runs.insert(*id, *what)),
            Subject::LoggedModel(id) => drop(models.insert(*id, *what)),
            Subject::Model { project_id, name } => {
                let subject = Named::Model { name: name.clone() };
                changes.push(NamedChange { project_id: *project_id, subject, what: *what });
            }
            Subject::Version { project_id, model, number, version } => {
                let (model, version) = (model.clone(), version.clone());
                let subject = Named::Version { model, number: *number, version };
                changes.push(NamedChange { project_id: *project_id, subject, what: *what });
            }
        }
    }
    name_runs(tx, &runs, &mut experiments, &mut changes)?;
    name_experiments(tx, &experiments, &mut changes)?;
    name_logged_models(tx, &models, &mut changes)?;
    Ok(changes)
}

fn ids(rows: &HashMap<i64, What>) -> Vec<i64> {
    let mut ids: Vec<i64> = rows.keys().copied().collect();
    ids.sort_unstable();
    ids
}

/// Where there are too many, the experiment is noted in their place.
fn name_runs(
    tx: &mut Tx<'_>,
    rows: &HashMap<i64, What>,
    experiments: &mut HashMap<i64, What>,
    changes: &mut Vec<NamedChange>,
) -> Result<()> {
    let sql = format!(
        "SELECT r.id, r.project_id, r.run_id, r.experiment_id, e.iid, m.name, v.number FROM runs r
         JOIN experiments e ON e.id = r.experiment_id
         LEFT JOIN model_versions v ON v.id = r.version_id
         LEFT JOIN registered_models m ON m.id = v.model_id
         WHERE {}
         ORDER BY r.id",
        tx.any_of("r.id", "?1")
    );
    let mut of_experiments: HashMap<i64, Vec<NamedChange>> = HashMap::new();
    for ids in ids(rows).chunks(ROWS) {
        tx.each(&sql, &[&ids], |row| {
            let of_experiment = of_experiments.entry(row.int(3)?).or_default();
            // One more is kept, to see that there are too many.
            if of_experiment.len() > MOST_RUNS {
                return Ok(());
            }
            let subject = Named::Run {
                run_id: row.text(2)?,
                experiment_iid: row.int(4)?,
                version: row.opt_text(5)?.zip(row.opt_int(6)?),
            };
            let what = rows.get(&row.int(0)?).copied().unwrap_or_default();
            of_experiment.push(NamedChange { project_id: row.int(1)?, subject, what });
            Ok(())
        })?;
    }
    for (experiment, runs) in of_experiments {
        if runs.len() > MOST_RUNS {
            let what = experiments.entry(experiment).or_default();
            *what = *what | What::RUNS;
        } else {
            changes.extend(runs);
        }
    }
    Ok(())
}

fn name_experiments(
    tx: &mut Tx<'_>,
    rows: &HashMap<i64, What>,
    changes: &mut Vec<NamedChange>,
) -> Result<()> {
    let sql = format!("SELECT id, project_id, iid FROM experiments WHERE {}", tx.any_of("id", "?1"));
    for ids in ids(rows).chunks(ROWS) {
        tx.each(&sql, &[&ids], |row| {
            let what = rows.get(&row.int(0)?).copied().unwrap_or_default();
            let subject = Named::Experiment { iid: row.int(2)? };
            changes.push(NamedChange { project_id: row.int(1)?, subject, what });
            Ok(())
        })?;
    }
    Ok(())
}

fn name_logged_models(
    tx: &mut Tx<'_>,
    rows: &HashMap<i64, What>,
    changes: &mut Vec<NamedChange>,
) -> Result<()> {
    let sql = format!(
        "SELECT l.id, l.project_id, l.model_id, e.iid FROM logged_models l
         JOIN experiments e ON e.id = l.experiment_id
         WHERE {}",
        tx.any_of("l.id", "?1")
    );
    for ids in ids(rows).chunks(ROWS) {
        tx.each(&sql, &[&ids], |row| {
            let what = rows.get(&row.int(0)?).copied().unwrap_or_default();
            let subject = Named::LoggedModel { model_id: row.text(2)?, experiment_iid: row.int(3)? };
            changes.push(NamedChange { project_id: row.int(1)?, subject, what });
            Ok(())
        })?;
    }
    Ok(())
}
