//! Params: written once, the same value again is fine.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Place;

use weir_domain::run::RunId;
use weir_domain::value::Entry;
use weir_domain::{Error, Result};

use crate::Tx;
use crate::changes::{Subject, What};
use crate::runs::RunRow;

/// A param or tag with the number of its key.
#[derive(Clone, Debug)]
pub struct Keyed {
    pub key_id: i64,
    pub entry: Entry,
}

/// Stores `params`, whose keys are distinct; one that has another value already fails the whole transaction.
pub fn log(tx: &mut Tx<'_>, run: &RunRow, run_id: &RunId, params: &[Keyed], batch: bool) -> Result<()> {
    let mut changed = Vec::new();
    if !params.is_empty() {
        tx.note(Subject::Run(run.id), What::PARAMS);
    }
    for Keyed { key_id, entry } in params {
        let inserted = tx.execute(
            "INSERT INTO params (run_id, key_id, experiment_id, value) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (run_id, key_id) DO NOTHING",
            &[&run.id, key_id, &run.experiment_id, &entry.value],
        )?;
        if inserted == 0 {
            let old = tx.get(
                "SELECT value FROM params WHERE run_id = ?1 AND key_id = ?2",
                &[&run.id, key_id],
                |row| row.text(0),
            )?;
            if old != entry.value {
                changed.push((entry, old));
            }
        }
    }
    match changed.as_slice() {
        [] => Ok(()),
        [(entry, old)] if !batch => Err(Error::Invalid(format!(
            "Changing param values is not allowed. Param with key='{}' was already logged with value='{}' for run ID='{}'. Attempted logging new value '{}'.",
            entry.key,
            excerpt(old),
            run_id.as_str(),
            excerpt(&entry.value)
        ))),
        several => {
            let list: Vec<String> = several
                .iter()
                .map(|(entry, old)| {
                    format!(
                        "{{'key': '{}', 'old_value': '{}', 'new_value': '{}'}}",
                        entry.key,
                        excerpt(old),
                        excerpt(&entry.value)
                    )
                })
                .collect();
            Err(Error::Invalid(format!(
                "Changing param values is not allowed. Params were already logged='[{}]' for run ID='{}'.",
                list.join(", "),
                run_id.as_str()
            )))
        }
    }
}

/// As much of a value as a message may hold.
fn excerpt(value: &str) -> String {
    match value.char_indices().nth(500) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// The params of each of `runs` (rows): key number and value.
pub fn list(tx: &mut Tx<'_>, runs: &[i64]) -> Result<HashMap<i64, Vec<(i64, String)>>> {
    entries(tx, "params", runs)
}

/// Rows by run. Those of one run come one after the other, so most need no look-up.
pub(crate) struct Groups<V> {
    done: HashMap<i64, Vec<V>>,
    run_id: i64,
    open: Vec<V>,
}

impl<V> Groups<V> {
    pub(crate) fn with_capacity(runs: usize) -> Self {
        Self { done: HashMap::with_capacity(runs), run_id: i64::MIN, open: Vec::new() }
    }

    pub(crate) fn push(&mut self, run_id: i64, value: V) {
        if run_id != self.run_id {
            self.close();
            self.run_id = run_id;
        }
        self.open.push(value);
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            let rows = std::mem::take(&mut self.open);
            match self.done.entry(self.run_id) {
                Place::Vacant(place) => {
                    place.insert(rows);
                }
                Place::Occupied(mut place) => place.get_mut().extend(rows),
            }
        }
    }

    pub(crate) fn finish(mut self) -> HashMap<i64, Vec<V>> {
        self.close();
        self.done
    }
}

/// Params or tags of many runs at once.
pub(crate) fn entries(
    tx: &mut Tx<'_>,
    table: &str,
    runs: &[i64],
) -> Result<HashMap<i64, Vec<(i64, String)>>> {
    let sql = format!("SELECT run_id, key_id, value FROM {table} WHERE {}", tx.any_of("run_id", "?1"));
    let mut groups = Groups::with_capacity(runs.len());
    tx.each(&sql, &[&runs], |row| {
        groups.push(row.int(0)?, (row.int(1)?, row.text(2)?));
        Ok(())
    })?;
    Ok(groups.finish())
}
