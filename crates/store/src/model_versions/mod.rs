//! Versions of registered models: what is known of them, their tags, descriptions and deletion.

mod create;
mod promote;
mod seal;
mod select;
mod stage;

use std::collections::HashMap;

use weir_domain::audit::{Actor, Noun};
use weir_domain::model_event::EventKind;
use weir_domain::model_version::ModelVersion;
use weir_domain::registered_model::{PROMPT_TAG, VERSION_TAG};
use weir_domain::run::RunId;
use weir_domain::stage::Stage;
use weir_domain::value::Entry;
use weir_domain::{Error, Result};

use crate::changes::What;
use crate::model_events::{self, NewEvent};
use crate::tx::Row;
use crate::{Tx, aliases, audit, ci_jobs, registered_models, registry_sizes, removal};

pub use create::{NewVersion, create};
pub use seal::publish;
pub use select::{available, select};
pub use stage::{latest, move_to};

pub(crate) const COLUMNS: &str = "v.id, v.project_id, v.model_id, m.name, v.number, v.version, v.is_prompt, v.stage,
    v.description, v.source, v.run_link, r.id, r.run_id, e.iid, v.source_run_id, v.source_model_id, u.username,
    p.username, v.created_at, v.updated_at, v.published_at, v.digest, r.location";
/// What they are read from, behind `model_versions v`.
pub(crate) const JOINS: &str = "JOIN registered_models m ON m.id = v.model_id
    JOIN runs r ON r.version_id = v.id
    JOIN experiments e ON e.id = r.experiment_id
    LEFT JOIN users u ON u.id = v.creator_id
    LEFT JOIN users p ON p.id = v.publisher_id";

pub(crate) fn read(row: &Row<'_>) -> Result<ModelVersion> {
    let stage = row.int(7)?;
    Ok(ModelVersion {
        id: row.int(0)?,
        project_id: row.int(1)?,
        model_id: row.int(2)?,
        model_name: row.text(3)?,
        number: row.int(4)?,
        version: row.text(5)?,
        is_prompt: row.bool(6)?,
        stage: Stage::from_number(stage).ok_or_else(|| Error::internal(format!("stage {stage}")))?,
        description: row.text(8)?,
        source: row.text(9)?,
        run_link: row.text(10)?,
        run_row: row.int(11)?,
        run_id: RunId::parse(row.str(12)?)?,
        experiment_iid: row.int(13)?,
        source_run_id: row.opt_text(14)?,
        source_model_id: row.opt_text(15)?,
        creator: row.opt_text(16)?,
        publisher: row.opt_text(17)?,
        created_at: row.int(18)?,
        updated_at: row.int(19)?,
        published_at: row.opt_int(20)?,
        digest: row.opt_blob(21)?,
        location: row.opt_text(22)?,
    })
}

/// The versions that `condition` on `v` picks, in the order and number that it says.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    condition: &str,
    args: &[&dyn crate::tx::ToArg],
) -> Result<Vec<ModelVersion>> {
    tx.list(&format!("SELECT {COLUMNS} FROM model_versions v {JOINS} WHERE {condition}"), args, read)
}

/// Why the run (row) of a published version refuses a write.
pub(crate) fn sealed(tx: &mut Tx<'_>, run: i64) -> Result<Error> {
    let version = list(tx, "r.id = ?1", &[&run])?.pop();
    let which = version.map_or_else(String::new, |version| {
        format!("version {} of the model '{}' ", version.version, version.model_name)
    });
    Ok(Error::Conflict(format!(
        "{which}is published: its files, params and metrics are read-only; make a new version instead"
    )))
}

pub fn set_description(
    tx: &mut Tx<'_>,
    version: &ModelVersion,
    description: &str,
    actor: &Actor,
    now: i64,
) -> Result<()> {
    tx.execute(
        "UPDATE model_versions SET description = ?2, updated_at = ?3 WHERE id = ?1",
        &[&version.id, &description, &now],
    )?;
    tx.note(version.into(), What::UPDATED);
    if version.description != description {
        let event = NewEvent {
            described: Some((&version.description, description)),
            ..NewEvent::new(EventKind::VersionDescriptionChanged, actor, now).of(version)
        };
        model_events::add(tx, version, &event)?;
    }
    Ok(())
}

/// Sets a tag. The one that holds the SemVer stays what it is, and never is a row: what a client reads in it is the
/// version itself, whatever the version was flagged as in between.
pub fn set_tag(tx: &mut Tx<'_>, version: &ModelVersion, tag: &Entry, actor: &Actor, now: i64) -> Result<()> {
    if tag.key == VERSION_TAG {
        if tag.value == version.version {
            return Ok(());
        }
        return Err(keeps_version(version));
    }
    let before = tx.find(
        "SELECT value FROM model_version_tags WHERE version_id = ?1 AND key = ?2",
        &[&version.id, &tag.key],
        |row| row.text(0),
    )?;
    insert_tag(tx, version.id, tag)?;
    tx.note(version.into(), What::TAGS);
    ci_jobs::note_tag(tx, version.run_row, &tag.key, &tag.value)?;
    registry_sizes::check_version(tx, version.id)?;
    tell_tag(tx, version, &tag.key, (before.as_deref(), Some(&tag.value)), actor, now)?;
    if tag.key == PROMPT_TAG { set_prompt(tx, version, is_prompt_tag(tag)) } else { Ok(()) }
}

/// A tag that is not there is fine, as in MLflow.
pub fn delete_tag(tx: &mut Tx<'_>, version: &ModelVersion, key: &str, actor: &Actor, now: i64) -> Result<()> {
    if key == VERSION_TAG {
        return Err(keeps_version(version));
    }
    let before = tx.find(
        "DELETE FROM model_version_tags WHERE version_id = ?1 AND key = ?2 RETURNING value",
        &[&version.id, &key],
        |row| row.text(0),
    )?;
    tx.note(version.into(), What::TAGS);
    ci_jobs::forget_tag(tx, version.run_row, key)?;
    tell_tag(tx, version, key, (before.as_deref(), None), actor, now)?;
    if key == PROMPT_TAG { set_prompt(tx, version, false) } else { Ok(()) }
}

fn tell_tag(
    tx: &mut Tx<'_>,
    version: &ModelVersion,
    key: &str,
    (before, after): (Option<&str>, Option<&str>),
    actor: &Actor,
    now: i64,
) -> Result<()> {
    let owner = format!("{} {}", version.model_name, version.version);
    let tag = (Noun::ModelVersionTag, &*owner, key);
    audit::acts::tag(tx, actor, version.project_id, tag, before, after, now)
}

fn keeps_version(version: &ModelVersion) -> Error {
    Error::Conflict(format!(
        "the tag '{VERSION_TAG}' of version {} of the model '{}' is its version and cannot be changed; make a new version with the one you want",
        version.version, version.model_name
    ))
}

fn is_prompt_tag(tag: &Entry) -> bool {
    tag.key == PROMPT_TAG && tag.value == "true"
}

fn set_prompt(tx: &mut Tx<'_>, version: &ModelVersion, is_prompt: bool) -> Result<()> {
    tx.execute("UPDATE model_versions SET is_prompt = ?2 WHERE id = ?1", &[&version.id, &is_prompt])?;
    Ok(())
}

fn insert_tag(tx: &mut Tx<'_>, version_id: i64, tag: &Entry) -> Result<()> {
    tx.execute(
        "INSERT INTO model_version_tags (version_id, key, value) VALUES (?1, ?2, ?3)
         ON CONFLICT (version_id, key) DO UPDATE SET value = excluded.value",
        &[&version_id, &tag.key, &tag.value],
    )?;
    Ok(())
}

/// Deletes a version for good, with its run and files. `may_unseal`: the caller may delete what is published.
pub fn delete(
    tx: &mut Tx<'_>,
    version: &ModelVersion,
    may_unseal: bool,
    actor: &Actor,
    now: i64,
) -> Result<()> {
    if version.published_at.is_some() && !may_unseal {
        return Err(Error::Forbidden(format!(
            "you may not delete version {} of the model '{}': it is published, and deleting that needs maintainer or above",
            version.version, version.model_name
        )));
    }
    aliases::delete_all(tx, version, actor, now)?;
    tx.execute("DELETE FROM model_version_tags WHERE version_id = ?1", &[&version.id])?;
    tx.execute("DELETE FROM model_versions WHERE id = ?1", &[&version.id])?;
    tx.note(version.into(), What::DELETED);
    removal::runs(tx, &[version.run_row], now)?;
    registered_models::touch(tx, version.model_id, now)?;
    let event = NewEvent::new(EventKind::VersionDeleted, actor, now).of(version);
    model_events::add(tx, version, &event)
}

/// The tags of each of `versions` (rows), by key, without the one that is the version itself.
pub fn tags(tx: &mut Tx<'_>, versions: &[i64]) -> Result<HashMap<i64, Vec<Entry>>> {
    let sql = format!(
        "SELECT version_id, key, value FROM model_version_tags WHERE {} ORDER BY version_id, key",
        tx.any_of("version_id", "?1")
    );
    let mut tags: HashMap<i64, Vec<Entry>> = HashMap::new();
    tx.each(&sql, &[&versions], |row| {
        tags.entry(row.int(0)?).or_default().push(Entry { key: row.text(1)?, value: row.text(2)? });
        Ok(())
    })?;
    Ok(tags)
}
