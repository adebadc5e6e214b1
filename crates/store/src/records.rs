//! A run with everything that was logged to it, as `runs/get` and `runs/search` answer.

use weir_domain::Result;
use weir_domain::metric::Summary;
use weir_domain::run::Run;

use crate::datasets::{self, InOut};
use crate::keys::{Key, KeyNames};
use crate::{Tx, metrics, params, tags};

#[derive(Clone, Debug)]
pub struct Record {
    pub run: Run,
    pub metrics: Vec<(Key, Summary)>,
    pub params: Vec<(Key, String)>,
    pub tags: Vec<(Key, String)>,
    pub inout: InOut,
}

/// Reads all of `runs` with a statement a table, however many they are.
pub fn load(tx: &mut Tx<'_>, names: &KeyNames, runs: Vec<Run>) -> Result<Vec<Record>> {
    let ids: Vec<i64> = runs.iter().map(|run| run.id).collect();
    let mut experiments: Vec<i64> = runs.iter().map(|run| run.experiment_id).collect();
    experiments.sort_unstable();
    experiments.dedup();
    let mut metrics = metrics::summaries(tx, &experiments, &ids)?;
    let mut params = params::list(tx, &ids)?;
    let mut tags = tags::list(tx, &ids)?;
    let mut inouts = datasets::list(tx, &ids)?;
    let mut records = Vec::with_capacity(runs.len());
    for run in runs {
        let id = run.id;
        records.push(Record {
            run,
            metrics: named(tx, names, metrics.remove(&id))?,
            params: named(tx, names, params.remove(&id))?,
            tags: named(tx, names, tags.remove(&id))?,
            inout: inouts.remove(&id).unwrap_or_default(),
        });
    }
    Ok(records)
}

/// Numbers of keys replaced by their names.
fn named<V>(tx: &mut Tx<'_>, names: &KeyNames, values: Option<Vec<(i64, V)>>) -> Result<Vec<(Key, V)>> {
    values.unwrap_or_default().into_iter().map(|(key, value)| Ok((names.name(tx, key)?, value))).collect()
}
