//! A run with everything that was logged to it, as `runs/get` and `runs/search` answer.

use std::collections::HashMap;

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

impl Record {
    /// About what the texts of params and tags take.
    pub fn size_bytes(&self) -> usize {
        let texts = self.params.iter().chain(&self.tags);
        texts.map(|(key, value)| key.len() + value.len()).sum()
    }
}

/// Reads all of `runs` with a statement a table, however many they are.
pub fn load(tx: &mut Tx<'_>, names: &KeyNames, runs: Vec<Run>) -> Result<Vec<Record>> {
    let ids: Vec<i64> = runs.iter().map(|run| run.id).collect();
    let mut metrics = metrics::summaries(tx, &ids)?;
    let mut params = params::list(tx, &ids)?;
    let mut tags = tags::list(tx, &ids)?;
    let mut inouts = datasets::list(tx, &ids)?;
    let mut known = HashMap::new();
    let mut records = Vec::with_capacity(runs.len());
    for run in runs {
        let id = run.id;
        records.push(Record {
            run,
            metrics: named(tx, names, &mut known, metrics.remove(&id))?,
            params: named(tx, names, &mut known, params.remove(&id))?,
            tags: named(tx, names, &mut known, tags.remove(&id))?,
            inout: inouts.remove(&id).unwrap_or_default(),
        });
    }
    Ok(records)
}

/// Numbers of keys replaced by their names; `known` spares the shared memory of names most questions.
fn named<V>(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    known: &mut HashMap<i64, Key>,
    values: Option<Vec<(i64, V)>>,
) -> Result<Vec<(Key, V)>> {
    let mut named = Vec::new();
    for (id, value) in values.unwrap_or_default() {
        let name = match known.get(&id) {
            Some(name) => name.clone(),
            None => known.entry(id).or_insert(names.name(tx, id)?).clone(),
        };
        named.push((name, value));
    }
    Ok(named)
}
