//! Registered models: names, descriptions and tags, each with the experiment that its versions' runs are in.

use std::collections::HashMap;

use weir_domain::audit::{Actor, Noun};
use weir_domain::model_event::EventKind;
use weir_domain::registered_model::{PROMPT_TAG, RegisteredModel, experiment_name};
use weir_domain::value::Entry;
use weir_domain::{Error, Result};

use crate::changes::{Subject, What};
use crate::model_events::{self, Model, NewEvent};
use crate::tx::Row;
use crate::{Tx, audit, experiments, registry_sizes, removal};

pub struct NewModel<'a> {
    pub name: &'a str,
    pub description: &'a str,
    /// With distinct keys.
    pub tags: &'a [Entry],
    pub creator: &'a Actor,
    pub now: i64,
}

pub(crate) const COLUMNS: &str =
    "m.id, m.project_id, m.name, m.description, m.is_prompt, m.experiment_id, u.username,
    m.created_at, m.updated_at";
/// How many these are.
pub(crate) const WIDTH: usize = 9;
pub(crate) const TABLES: &str = "registered_models m LEFT JOIN users u ON u.id = m.creator_id";

pub(crate) fn read(row: &Row<'_>) -> Result<RegisteredModel> {
    Ok(RegisteredModel {
        id: row.int(0)?,
        project_id: row.int(1)?,
        name: row.text(2)?,
        description: row.text(3)?,
        is_prompt: row.bool(4)?,
        experiment_id: row.int(5)?,
        creator: row.opt_text(6)?,
        created_at: row.int(7)?,
        updated_at: row.int(8)?,
    })
}

/// Makes a model and its experiment.
pub fn create(tx: &mut Tx<'_>, project_id: i64, new: &NewModel<'_>) -> Result<RegisteredModel> {
    lock_names(tx, project_id)?;
    check_free(tx, project_id, new.name)?;
    let experiment = experiment_name(new.name);
    let Some(experiment_id) =
        experiments::create_for_model(tx, project_id, &experiment, new.creator.user_id, new.now)?
    else {
        return Err(experiment_taken(new.name, &experiment));
    };
    let is_prompt = new.tags.iter().any(is_prompt_tag);
    let id = tx.get(
        "INSERT INTO registered_models (project_id, name, description, is_prompt, experiment_id, next_number,
                                        creator_id, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
         RETURNING id",
        &[
            &project_id,
            &new.name,
            &new.description,
            &is_prompt,
            &experiment_id,
            &1i64,
            &new.creator.user_id,
            &new.now,
        ],
        |row| row.int(0),
    )?;
    for tag in new.tags {
        insert_tag(tx, id, tag)?;
    }
    tx.note(Subject::Model { project_id, name: new.name.to_owned() }, What::CREATED);
    let event =
        NewEvent { after: Some(new.name), ..NewEvent::new(EventKind::ModelCreated, new.creator, new.now) };
    model_events::add(tx, Model { id, project_id, name: new.name }, &event)?;
    get(tx, project_id, new.name)
}

/// Names are given out one at a time in a project.
fn lock_names(tx: &mut Tx<'_>, project_id: i64) -> Result<()> {
    let lock = format!("SELECT id FROM projects WHERE id = ?1{}", tx.for_update());
    tx.find(&lock, &[&project_id], |_| Ok(()))?;
    Ok(())
}

/// GitLab's rule: a model has no name that a model or an experiment of the project has.
fn check_free(tx: &mut Tx<'_>, project_id: i64, name: &str) -> Result<()> {
    if find(tx, project_id, name)?.is_some() {
        return Err(Error::AlreadyExists(format!("Registered Model (name={name}) already exists.")));
    }
    if experiments::name_taken(tx, project_id, name)? {
        return Err(Error::Conflict(format!(
            "Invalid model name: '{name}' is the name of an experiment of this project; give the model another name"
        )));
    }
    Ok(())
}

fn experiment_taken(name: &str, experiment: &str) -> Error {
    Error::Conflict(format!(
        "Invalid model name: the model '{name}' needs the experiment '{experiment}', and there is one of this name; rename that or choose another name"
    ))
}

pub fn find(tx: &mut Tx<'_>, project_id: i64, name: &str) -> Result<Option<RegisteredModel>> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE m.project_id = ?1 AND m.name = ?2");
    tx.find(&sql, &[&project_id, &name], read)
}

pub fn get(tx: &mut Tx<'_>, project_id: i64, name: &str) -> Result<RegisteredModel> {
    find(tx, project_id, name)?.ok_or_else(|| not_found(name))
}

pub(crate) fn not_found(name: &str) -> Error {
    Error::NotFound(format!("Registered Model with name={name} not found"))
}

/// The same, kept as it is for others until the end of the transaction.
pub fn get_locked(tx: &mut Tx<'_>, project_id: i64, name: &str) -> Result<RegisteredModel> {
    let lock =
        format!("SELECT id FROM registered_models WHERE project_id = ?1 AND name = ?2{}", tx.for_update());
    tx.find(&lock, &[&project_id, &name], |_| Ok(()))?;
    get(tx, project_id, name)
}

pub fn set_description(
    tx: &mut Tx<'_>,
    model: &RegisteredModel,
    description: &str,
    actor: &Actor,
    now: i64,
) -> Result<()> {
    tx.execute(
        "UPDATE registered_models SET description = ?2, updated_at = ?3 WHERE id = ?1",
        &[&model.id, &description, &now],
    )?;
    tx.note(model.into(), What::UPDATED);
    if model.description != description {
        let event = NewEvent {
            described: Some((&model.description, description)),
            ..NewEvent::new(EventKind::DescriptionChanged, actor, now)
        };
        model_events::add(tx, model, &event)?;
    }
    Ok(())
}

/// Gives the model and its experiment a new name; versions, tags and aliases are the model's and follow. `may_unseal`:
/// the caller may take the addresses of published versions away.
pub fn rename(
    tx: &mut Tx<'_>,
    model: &RegisteredModel,
    name: &str,
    may_unseal: bool,
    actor: &Actor,
    now: i64,
) -> Result<()> {
    if !may_unseal {
        check_unpublished(tx, model, "rename", "renaming")?;
    }
    lock_names(tx, model.project_id)?;
    check_free(tx, model.project_id, name)?;
    let experiment = experiment_name(name);
    if experiments::name_taken(tx, model.project_id, &experiment)? {
        return Err(experiment_taken(name, &experiment));
    }
    tx.execute(
        "UPDATE registered_models SET name = ?2, updated_at = ?3 WHERE id = ?1",
        &[&model.id, &name, &now],
    )?;
    tx.execute(
        "UPDATE experiments SET name = ?2, updated_at = ?3 WHERE id = ?1",
        &[&model.experiment_id, &experiment, &now],
    )?;
    tx.note(Subject::Experiment(model.experiment_id), What::RENAMED);
    tx.note(model.into(), What::RENAMED);
    tx.note(Subject::Model { project_id: model.project_id, name: name.to_owned() }, What::RENAMED);
    let event = NewEvent {
        before: Some(&model.name),
        after: Some(name),
        ..NewEvent::new(EventKind::ModelRenamed, actor, now)
    };
    model_events::add(tx, model, &event)
}

/// Deletes the model for good, with its versions, its experiment and everything in that. `may_unseal`: the caller may
/// delete what is published.
pub fn delete(tx: &mut Tx<'_>, model: &RegisteredModel, may_unseal: bool, now: i64) -> Result<()> {
    if !may_unseal {
        check_unpublished(tx, model, "delete", "deleting")?;
    }
    tx.execute(
        "DELETE FROM model_version_tags WHERE version_id IN (SELECT id FROM model_versions WHERE model_id = ?1)",
        &[&model.id],
    )?;
    for table in ["model_aliases", "model_events", "registered_model_tags", "model_versions"] {
        tx.execute(&format!("DELETE FROM {table} WHERE model_id = ?1"), &[&model.id])?;
    }
    tx.execute("DELETE FROM registered_models WHERE id = ?1", &[&model.id])?;
    tx.note(model.into(), What::DELETED);
    removal::experiment(tx, model.experiment_id, now)
}

/// Whoever relies on a published version finds it by the name of its model, and no other files by that name.
fn check_unpublished(tx: &mut Tx<'_>, model: &RegisteredModel, act: &str, acting: &str) -> Result<()> {
    let published = tx.find(
        "SELECT version FROM model_versions WHERE model_id = ?1 AND published_at IS NOT NULL LIMIT 1",
        &[&model.id],
        |row| row.text(0),
    )?;
    let Some(version) = published else { return Ok(()) };
    Err(Error::Forbidden(format!(
        "you may not {act} the model '{}': its version {version} is published, and {acting} that needs maintainer or above",
        model.name
    )))
}

fn is_prompt_tag(tag: &Entry) -> bool {
    tag.key == PROMPT_TAG && tag.value == "true"
}

fn insert_tag(tx: &mut Tx<'_>, model_id: i64, tag: &Entry) -> Result<()> {
    tx.execute(
        "INSERT INTO registered_model_tags (model_id, key, value) VALUES (?1, ?2, ?3)
         ON CONFLICT (model_id, key) DO UPDATE SET value = excluded.value",
        &[&model_id, &tag.key, &tag.value],
    )?;
    Ok(())
}

pub fn set_tag(tx: &mut Tx<'_>, model: &RegisteredModel, tag: &Entry, actor: &Actor, now: i64) -> Result<()> {
    let before = tx.find(
        "SELECT value FROM registered_model_tags WHERE model_id = ?1 AND key = ?2",
        &[&model.id, &tag.key],
        |row| row.text(0),
    )?;
    insert_tag(tx, model.id, tag)?;
    tx.note(model.into(), What::TAGS);
    registry_sizes::check_model(tx, model.id)?;
    tell_tag(tx, model, &tag.key, (before.as_deref(), Some(&tag.value)), actor, now)?;
    if tag.key == PROMPT_TAG { set_prompt(tx, model, is_prompt_tag(tag)) } else { Ok(()) }
}

/// A tag that is not there is fine, as in MLflow.
pub fn delete_tag(
    tx: &mut Tx<'_>,
    model: &RegisteredModel,
    key: &str,
    actor: &Actor,
    now: i64,
) -> Result<()> {
    let before = tx.find(
        "DELETE FROM registered_model_tags WHERE model_id = ?1 AND key = ?2 RETURNING value",
        &[&model.id, &key],
        |row| row.text(0),
    )?;
    tx.note(model.into(), What::TAGS);
    tell_tag(tx, model, key, (before.as_deref(), None), actor, now)?;
    if key == PROMPT_TAG { set_prompt(tx, model, false) } else { Ok(()) }
}

fn tell_tag(
    tx: &mut Tx<'_>,
    model: &RegisteredModel,
    key: &str,
    (before, after): (Option<&str>, Option<&str>),
    actor: &Actor,
    now: i64,
) -> Result<()> {
    let tag = (Noun::ModelTag, &*model.name, key);
    audit::acts::tag(tx, actor, model.project_id, tag, before, after, now)
}

fn set_prompt(tx: &mut Tx<'_>, model: &RegisteredModel, is_prompt: bool) -> Result<()> {
    tx.execute("UPDATE registered_models SET is_prompt = ?2 WHERE id = ?1", &[&model.id, &is_prompt])?;
    Ok(())
}

/// The tags of each of `models` (rows), by key.
pub fn tags(tx: &mut Tx<'_>, models: &[i64]) -> Result<HashMap<i64, Vec<Entry>>> {
    let sql = format!(
        "SELECT model_id, key, value FROM registered_model_tags WHERE {} ORDER BY model_id, key",
        tx.any_of("model_id", "?1")
    );
    let mut tags: HashMap<i64, Vec<Entry>> = HashMap::new();
    tx.each(&sql, &[&models], |row| {
        tags.entry(row.int(0)?).or_default().push(Entry { key: row.text(1)?, value: row.text(2)? });
        Ok(())
    })?;
    Ok(tags)
}

/// Notes that something about the model changed.
pub(crate) fn touch(tx: &mut Tx<'_>, id: i64, now: i64) -> Result<()> {
    tx.execute("UPDATE registered_models SET updated_at = ?2 WHERE id = ?1", &[&id, &now])?;
    Ok(())
}
