//! Tags of runs: overwritten freely.

use std::collections::HashMap;

use weir_domain::{Error, Result};

use crate::changes::{Subject, What};
use crate::params::{self, Keyed};
use crate::runs::{self, NAME_TAG, RunRow};
use crate::{Tx, ci_jobs};

/// Sets `tags`, the last of several with one key; the name tag renames the run, as in MLflow.
pub fn set(tx: &mut Tx<'_>, run: &RunRow, tags: &[Keyed]) -> Result<()> {
    // The run's row first, as everything that writes both has it: no two wait for each other.
    let name = tags.iter().rfind(|tag| tag.entry.key == NAME_TAG && !tag.entry.value.is_empty());
    if let Some(name) = name {
        run.check_open(tx)?;
        runs::rename(tx, run.id, &name.entry.value)?;
    }
    insert(tx, run, tags)
}

/// Writes the rows alone.
pub(crate) fn insert(tx: &mut Tx<'_>, run: &RunRow, tags: &[Keyed]) -> Result<()> {
    for Keyed { key_id, entry } in tags {
        tx.execute(
            "INSERT INTO tags (run_id, key_id, experiment_id, value) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (run_id, key_id) DO UPDATE SET value = excluded.value",
            &[&run.id, key_id, &run.experiment_id, &entry.value],
        )?;
        ci_jobs::note_tag(tx, run.id, &entry.key, &entry.value)?;
    }
    if !tags.is_empty() {
        tx.note(Subject::Run(run.id), What::TAGS);
    }
    Ok(())
}

pub fn find(tx: &mut Tx<'_>, run: &RunRow, key_id: i64) -> Result<Option<String>> {
    tx.find("SELECT value FROM tags WHERE run_id = ?1 AND key_id = ?2", &[&run.id, &key_id], |row| {
        row.text(0)
    })
}

/// Deletes a tag that must be there. The run keeps its name when the name tag goes.
pub fn delete(tx: &mut Tx<'_>, run: &RunRow, key_id: Option<i64>, key: &str, run_id: &str) -> Result<()> {
    let deleted = match key_id {
        Some(key_id) => {
            tx.execute("DELETE FROM tags WHERE run_id = ?1 AND key_id = ?2", &[&run.id, &key_id])?
        }
        None => 0,
    };
    if deleted == 0 {
        return Err(Error::NotFound(format!("No tag with name: {key} in run with id {run_id}")));
    }
    tx.note(Subject::Run(run.id), What::TAGS);
    ci_jobs::forget_tag(tx, run.id, key)
}

/// The tags of each of `runs` (rows): key number and value.
pub fn list(tx: &mut Tx<'_>, runs: &[i64]) -> Result<HashMap<i64, Vec<(i64, String)>>> {
    params::entries(tx, "tags", runs)
}
