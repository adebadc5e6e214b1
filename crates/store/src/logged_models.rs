//! Logged models of MLflow 3: creation, status, deletion, and their params and tags.

pub mod metrics;
mod records;

use std::collections::HashMap;

use weir_domain::experiment::{Experiment, location};
use weir_domain::logged_model::{LoggedModel, LoggedModelStatus, ModelId, not_found};
use weir_domain::value::Entry;
use weir_domain::{Error, Result};

use crate::Tx;
use crate::changes::{Subject, What};

pub use records::{Record, load, more_metrics};

pub struct NewLoggedModel<'a> {
    pub model_id: &'a ModelId,
    pub name: &'a str,
    pub model_type: &'a str,
    pub source_run_id: &'a str,
    /// Distinct by key.
    pub params: &'a [Entry],
    pub tags: &'a [Entry],
    pub creator_id: i64,
    pub now: i64,
}

pub(crate) const COLUMNS: &str = "l.id, l.model_id, l.project_id, l.experiment_id, e.iid, e.artifact_location, e.deleted,
    l.name, l.model_type, l.source_run_id, l.status, l.status_message, l.creator_id, l.created_at, l.updated_at, l.deleted_at";

pub(crate) fn read(row: &crate::tx::Row<'_>) -> Result<LoggedModel> {
    let experiment_iid = row.int(4)?;
    let status = row.int(10)?;
    Ok(LoggedModel {
        id: row.int(0)?,
        model_id: ModelId::parse(row.str(1)?)?,
        project_id: row.int(2)?,
        experiment_id: row.int(3)?,
        experiment_iid,
        experiment_location: location(row.opt_text(5)?.as_deref(), experiment_iid),
        experiment_deleted: row.bool(6)?,
        name: row.text(7)?,
        model_type: row.text(8)?,
        source_run_id: row.text(9)?,
        status: LoggedModelStatus::from_number(status)
            .ok_or_else(|| Error::internal(format!("logged model status {status}")))?,
        status_message: row.opt_text(11)?,
        creator_id: row.int(12)?,
        created_at: row.int(13)?,
        updated_at: row.int(14)?,
        deleted_at: row.opt_int(15)?,
    })
}

/// Makes a model of `experiment`, which must be active. Names need not be distinct.
pub fn create(tx: &mut Tx<'_>, experiment: &Experiment, new: &NewLoggedModel<'_>) -> Result<LoggedModel> {
    experiment.check_active()?;
    let id = tx.get(
        "INSERT INTO logged_models (model_id, project_id, experiment_id, name, model_type, source_run_id, status,
                                    status_message, creator_id, created_at, updated_at, deleted_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8, ?9, ?9, NULL)
         RETURNING id",
        &[
            &new.model_id.as_str(),
            &experiment.project_id,
            &experiment.id,
            &new.name,
            &new.model_type,
            &new.source_run_id,
            &LoggedModelStatus::Pending.number(),
            &new.creator_id,
            &new.now,
        ],
        |row| row.int(0),
    )?;
    tx.note(Subject::LoggedModel(id), What::CREATED);
    let model = get(tx, experiment.project_id, new.model_id)?;
    log_params(tx, &model, new.params)?;
    set_tags(tx, id, new.tags)?;
    Ok(model)
}

/// A model of the project, active or deleted.
pub fn get(tx: &mut Tx<'_>, project_id: i64, model_id: &ModelId) -> Result<LoggedModel> {
    let sql = format!(
        "SELECT {COLUMNS} FROM logged_models l JOIN experiments e ON e.id = l.experiment_id
         WHERE l.model_id = ?1 AND l.project_id = ?2"
    );
    tx.find(&sql, &[&model_id.as_str(), &project_id], read)?.ok_or_else(|| not_found(model_id.as_str()))
}

/// A model that is not deleted: what MLflow's clients are shown.
pub fn get_active(tx: &mut Tx<'_>, project_id: i64, model_id: &ModelId) -> Result<LoggedModel> {
    let model = get(tx, project_id, model_id)?;
    if model.deleted_at.is_some() {
        return Err(not_found(model_id.as_str()));
    }
    Ok(model)
}

/// A model to be changed, kept as it is for others until the end of the transaction; a deleted one is refused.
pub fn get_locked(tx: &mut Tx<'_>, project_id: i64, model_id: &ModelId) -> Result<LoggedModel> {
    lock(tx, project_id, model_id)?;
    let model = get(tx, project_id, model_id)?;
    model.check_writable()?;
    Ok(model)
}

/// Keeps a model as it is for others until the end of the transaction.
pub fn lock(tx: &mut Tx<'_>, project_id: i64, model_id: &ModelId) -> Result<()> {
    let lock =
        format!("SELECT id FROM logged_models WHERE model_id = ?1 AND project_id = ?2{}", tx.for_update());
    tx.find(&lock, &[&model_id.as_str(), &project_id], |row| row.int(0))?;
    Ok(())
}

/// The newest active model that says it is from the run and has the name, else the newest deleted one: what
/// `runs:/<id>/<name>` means when the run itself has no such folder.
pub fn by_run_and_name(
    tx: &mut Tx<'_>,
    project_id: i64,
    run_id: &str,
    name: &str,
) -> Result<Option<LoggedModel>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM logged_models l JOIN experiments e ON e.id = l.experiment_id
         WHERE l.project_id = ?1 AND l.source_run_id = ?2 AND l.name = ?3
         ORDER BY l.deleted_at IS NOT NULL, l.created_at DESC, l.model_id
         LIMIT 1"
    );
    tx.find(&sql, &[&project_id, &run_id, &name], read)
}

/// Any status may follow any other, and a deleted model may still be finalized, as in MLflow.
pub fn set_status(
    tx: &mut Tx<'_>,
    project_id: i64,
    model_id: &ModelId,
    status: LoggedModelStatus,
    now: i64,
) -> Result<LoggedModel> {
    tx.execute(
        "UPDATE logged_models SET status = ?3, updated_at = ?4 WHERE model_id = ?1 AND project_id = ?2",
        &[&model_id.as_str(), &project_id, &status.number(), &now],
    )?;
    let model = get(tx, project_id, model_id)?;
    tx.note(Subject::LoggedModel(model.id), What::UPDATED);
    Ok(model)
}

/// Deletes a model; its files and what was logged to it stay. Doing it again changes nothing.
pub fn delete(tx: &mut Tx<'_>, project_id: i64, model_id: &ModelId, now: i64) -> Result<()> {
    let deleted = tx.execute(
        "UPDATE logged_models SET deleted_at = ?3, updated_at = ?3
         WHERE model_id = ?1 AND project_id = ?2 AND deleted_at IS NULL",
        &[&model_id.as_str(), &project_id, &now],
    )?;
    let model = get(tx, project_id, model_id)?;
    if deleted > 0 {
        tx.note(Subject::LoggedModel(model.id), What::DELETED);
    }
    Ok(())
}

/// Stores params, each key once: unlike a run's, not even the same value may come again, as in MLflow.
pub fn log_params(tx: &mut Tx<'_>, model: &LoggedModel, params: &[Entry]) -> Result<()> {
    if !params.is_empty() {
        tx.note(Subject::LoggedModel(model.id), What::PARAMS);
    }
    for param in params {
        let inserted = tx.execute(
            "INSERT INTO logged_model_params (model_id, key, value) VALUES (?1, ?2, ?3)
             ON CONFLICT (model_id, key) DO NOTHING",
            &[&model.id, &param.key, &param.value],
        )?;
        if inserted == 0 {
            return Err(Error::Conflict(format!(
                "Changing param values is not allowed. Param with key='{}' was already logged for model ID='{}'.",
                param.key,
                model.model_id.as_str()
            )));
        }
    }
    Ok(())
}

/// Sets tags of a model (row), the last of several with one key.
pub fn set_tags(tx: &mut Tx<'_>, id: i64, tags: &[Entry]) -> Result<()> {
    // In one order everywhere, so that two writers of the same tags do not lock each other out.
    let mut tags: Vec<&Entry> = tags.iter().collect();
    tags.sort_by(|a, b| a.key.cmp(&b.key));
    if !tags.is_empty() {
        tx.note(Subject::LoggedModel(id), What::TAGS);
    }
    for tag in tags {
        tx.execute(
            "INSERT INTO logged_model_tags (model_id, key, value) VALUES (?1, ?2, ?3)
             ON CONFLICT (model_id, key) DO UPDATE SET value = excluded.value",
            &[&id, &tag.key, &tag.value],
        )?;
    }
    Ok(())
}

/// Deletes a tag that must be there.
pub fn delete_tag(tx: &mut Tx<'_>, model: &LoggedModel, key: &str) -> Result<()> {
    let deleted =
        tx.execute("DELETE FROM logged_model_tags WHERE model_id = ?1 AND key = ?2", &[&model.id, &key])?;
    if deleted == 0 {
        return Err(Error::NotFound(format!(
            "No tag with key '{key}' found for model with ID '{}'.",
            model.model_id.as_str()
        )));
    }
    tx.note(Subject::LoggedModel(model.id), What::TAGS);
    Ok(())
}

pub fn find_tag(tx: &mut Tx<'_>, id: i64, key: &str) -> Result<Option<String>> {
    tx.find("SELECT value FROM logged_model_tags WHERE model_id = ?1 AND key = ?2", &[&id, &key], |row| {
        row.text(0)
    })
}

/// Params or tags of many models at once, by key.
fn entries(tx: &mut Tx<'_>, table: &str, ids: &[i64]) -> Result<HashMap<i64, Vec<Entry>>> {
    let sql = format!(
        "SELECT model_id, key, value FROM {table} WHERE {} ORDER BY model_id, key",
        tx.any_of("model_id", "?1")
    );
    let mut entries: HashMap<i64, Vec<Entry>> = HashMap::new();
    tx.each(&sql, &[&ids], |row| {
        entries.entry(row.int(0)?).or_default().push(Entry { key: row.text(1)?, value: row.text(2)? });
        Ok(())
    })?;
    Ok(entries)
}
