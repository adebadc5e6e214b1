//! Experiments and their tags.

pub mod overview;

use std::collections::HashMap;

use weir_domain::experiment::{Experiment, not_found};
use weir_domain::value::Entry;
use weir_domain::{Error, Result};

use crate::changes::{Subject, What};
use crate::{Tx, projects};

pub struct NewExperiment<'a> {
    pub name: &'a str,
    pub artifact_location: Option<&'a str>,
    pub tags: &'a [Entry],
    pub creator_id: i64,
    pub now: i64,
}

pub(crate) const COLUMNS: &str =
    "e.id, e.project_id, e.iid, e.name, e.artifact_location, e.deleted, e.created_at, e.updated_at";

pub(crate) fn read(row: &crate::tx::Row<'_>) -> Result<Experiment> {
    Ok(Experiment {
        id: row.int(0)?,
        project_id: row.int(1)?,
        iid: row.int(2)?,
        name: row.text(3)?,
        artifact_location: row.opt_text(4)?,
        deleted: row.bool(5)?,
        created_at: row.int(6)?,
        updated_at: row.int(7)?,
    })
}

/// Experiment `0`, `Default`, which MLflow's clients log to when nobody chose one.
pub(crate) fn create_default(tx: &mut Tx<'_>, project_id: i64, creator_id: i64, now: i64) -> Result<()> {
    let new = NewExperiment { name: "Default", artifact_location: None, tags: &[], creator_id, now };
    insert(tx, project_id, 0, &new)?;
    Ok(())
}

/// A name is taken by a deleted experiment too, as in MLflow.
pub fn create(tx: &mut Tx<'_>, project_id: i64, new: &NewExperiment<'_>) -> Result<i64> {
    if name_taken(tx, project_id, new.name)? {
        return Err(taken(new.name));
    }
    let iid = projects::next_experiment_iid(tx, project_id)?;
    let id = insert(tx, project_id, iid, new)?.ok_or_else(|| taken(new.name))?;
    for tag in new.tags {
        set_tag(tx, id, &tag.key, &tag.value)?;
    }
    Ok(iid)
}

/// The experiment of a registered model; `None` when there is one of this name.
pub(crate) fn create_for_model(
    tx: &mut Tx<'_>,
    project_id: i64,
    name: &str,
    creator_id: i64,
    now: i64,
) -> Result<Option<i64>> {
    if name_taken(tx, project_id, name)? {
        return Ok(None);
    }
    let iid = projects::next_experiment_iid(tx, project_id)?;
    insert(tx, project_id, iid, &NewExperiment { name, artifact_location: None, tags: &[], creator_id, now })
}

/// The experiment of a registered model lives and is named with that.
fn check_own(tx: &mut Tx<'_>, experiment: &Experiment, what: &str) -> Result<()> {
    let model =
        tx.find("SELECT name FROM registered_models WHERE experiment_id = ?1", &[&experiment.id], |row| {
            row.text(0)
        })?;
    match model {
        // GitLab's words.
        Some(model) => Err(Error::Conflict(format!(
            "Cannot {what} an experiment associated to a model: experiment {} belongs to the model '{model}'",
            experiment.iid
        ))),
        None => Ok(()),
    }
}

fn taken(name: &str) -> Error {
    Error::AlreadyExists(format!("Experiment(name={name}) already exists."))
}

pub(crate) fn name_taken(tx: &mut Tx<'_>, project_id: i64, name: &str) -> Result<bool> {
    let found = tx.find(
        "SELECT 1 FROM experiments WHERE project_id = ?1 AND name = ?2",
        &[&project_id, &name],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

fn insert(tx: &mut Tx<'_>, project_id: i64, iid: i64, new: &NewExperiment<'_>) -> Result<Option<i64>> {
    let id = tx.find(
        "INSERT INTO experiments (project_id, iid, name, artifact_location, deleted, creator_id, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
         ON CONFLICT DO NOTHING
         RETURNING id",
        &[&project_id, &iid, &new.name, &new.artifact_location, &false, &new.creator_id, &new.now],
        |row| row.int(0),
    )?;
    if let Some(id) = id {
        tx.note(Subject::Experiment(id), What::CREATED);
    }
    Ok(id)
}

/// Active or deleted.
pub fn get(tx: &mut Tx<'_>, project_id: i64, iid: i64) -> Result<Experiment> {
    let sql = format!("SELECT {COLUMNS} FROM experiments e WHERE e.project_id = ?1 AND e.iid = ?2");
    tx.find(&sql, &[&project_id, &iid], read)?.ok_or_else(|| not_found(iid))
}

/// The same, kept as it is for others until the end of the transaction: a run cannot be made in an experiment that is
/// just being deleted.
pub fn get_locked(tx: &mut Tx<'_>, project_id: i64, iid: i64, change: bool) -> Result<Experiment> {
    let lock = if change { tx.for_update() } else { tx.for_share() };
    let lock = format!("SELECT id FROM experiments WHERE project_id = ?1 AND iid = ?2{lock}");
    tx.find(&lock, &[&project_id, &iid], |row| row.int(0))?;
    get(tx, project_id, iid)
}

/// Active or deleted; the name's letter case counts.
pub fn by_name(tx: &mut Tx<'_>, project_id: i64, name: &str) -> Result<Experiment> {
    let sql = format!("SELECT {COLUMNS} FROM experiments e WHERE e.project_id = ?1 AND e.name = ?2");
    tx.find(&sql, &[&project_id, &name], read)?
        .ok_or_else(|| Error::NotFound(format!("Could not find experiment with name '{name}'")))
}

/// The rows of those of `iids` that there are; others are passed over.
pub fn rows(tx: &mut Tx<'_>, project_id: i64, iids: &[i64]) -> Result<Vec<i64>> {
    let sql = format!("SELECT id FROM experiments WHERE project_id = ?1 AND {}", tx.any_of("iid", "?2"));
    tx.list(&sql, &[&project_id, &iids], |row| row.int(0))
}

pub fn rename(tx: &mut Tx<'_>, experiment: &Experiment, name: &str, now: i64) -> Result<()> {
    if experiment.deleted {
        return Err(Error::Conflict(format!(
            "Cannot rename a non-active experiment. Experiment {} is deleted; restore it first.",
            experiment.iid
        )));
    }
    check_own(tx, experiment, "rename")?;
    // Two that take the same name take turns.
    let lock = format!("SELECT id FROM projects WHERE id = ?1{}", tx.for_update());
    tx.find(&lock, &[&experiment.project_id], |row| row.int(0))?;
    if experiment.name != name && name_taken(tx, experiment.project_id, name)? {
        return Err(taken(name));
    }
    tx.execute(
        "UPDATE experiments SET name = ?2, updated_at = ?3 WHERE id = ?1",
        &[&experiment.id, &name, &now],
    )?;
    tx.note(Subject::Experiment(experiment.id), What::RENAMED);
    Ok(())
}

/// Deletes the experiment and with it all its runs; both can be restored.
pub fn delete(tx: &mut Tx<'_>, experiment: &Experiment, now: i64) -> Result<()> {
    if experiment.deleted {
        return Err(not_found(experiment.iid));
    }
    check_own(tx, experiment, "delete")?;
    set_deleted(tx, experiment.id, Some(now), now)
}

/// Restores the experiment and all its runs, as MLflow does: also those deleted one by one before.
pub fn restore(tx: &mut Tx<'_>, experiment: &Experiment, now: i64) -> Result<()> {
    if !experiment.deleted {
        return Err(Error::NotFound(format!("No deleted experiment with id={} exists", experiment.iid)));
    }
    set_deleted(tx, experiment.id, None, now)
}

fn set_deleted(tx: &mut Tx<'_>, id: i64, deleted_at: Option<i64>, now: i64) -> Result<()> {
    let deleted = deleted_at.is_some();
    tx.execute("UPDATE experiments SET deleted = ?2, updated_at = ?3 WHERE id = ?1", &[&id, &deleted, &now])?;
    tx.execute(
        "UPDATE runs SET deleted = ?2, deleted_at = ?3 WHERE experiment_id = ?1 AND deleted <> ?2",
        &[&id, &deleted, &deleted_at],
    )?;
    tx.note(Subject::Experiment(id), if deleted { What::DELETED } else { What::RESTORED });
    Ok(())
}

pub fn set_tag(tx: &mut Tx<'_>, experiment_id: i64, key: &str, value: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO experiment_tags (experiment_id, key, value) VALUES (?1, ?2, ?3)
         ON CONFLICT (experiment_id, key) DO UPDATE SET value = excluded.value",
        &[&experiment_id, &key, &value],
    )?;
    tx.note(Subject::Experiment(experiment_id), What::TAGS);
    Ok(())
}

pub fn delete_tag(tx: &mut Tx<'_>, experiment: &Experiment, key: &str) -> Result<()> {
    let deleted = tx.execute(
        "DELETE FROM experiment_tags WHERE experiment_id = ?1 AND key = ?2",
        &[&experiment.id, &key],
    )?;
    if deleted == 0 {
        return Err(Error::NotFound(format!(
            "No tag with name: {key} in experiment with id {}",
            experiment.iid
        )));
    }
    tx.note(Subject::Experiment(experiment.id), What::TAGS);
    Ok(())
}

/// The tags of each of `experiments` (rows), by key.
pub fn tags(tx: &mut Tx<'_>, experiments: &[i64]) -> Result<HashMap<i64, Vec<Entry>>> {
    let sql = format!(
        "SELECT experiment_id, key, value FROM experiment_tags WHERE {} ORDER BY experiment_id, key",
        tx.any_of("experiment_id", "?1")
    );
    let mut tags: HashMap<i64, Vec<Entry>> = HashMap::new();
    tx.each(&sql, &[&experiments], |row| {
        tags.entry(row.int(0)?).or_default().push(Entry { key: row.text(1)?, value: row.text(2)? });
        Ok(())
    })?;
    Ok(tags)
}
