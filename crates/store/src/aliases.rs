//! Aliases that people give to model versions: each points at one version of its model.

use std::collections::HashMap;

use weir_domain::alias;
use weir_domain::audit::Actor;
use weir_domain::model_event::EventKind;
use weir_domain::model_version::ModelVersion;
use weir_domain::registered_model::RegisteredModel;
use weir_domain::{Error, Result};

use crate::Tx;
use crate::changes::{Subject, What};
use crate::model_events::{self, NewEvent};

/// The row of the version that the alias points at.
pub fn find(tx: &mut Tx<'_>, model_id: i64, alias: &str) -> Result<Option<i64>> {
    tx.find(
        "SELECT version_id FROM model_aliases WHERE model_id = ?1 AND alias = ?2",
        &[&model_id, &alias],
        |row| row.int(0),
    )
}

/// The SemVer that the alias points at.
fn target(tx: &mut Tx<'_>, model_id: i64, alias: &str) -> Result<Option<String>> {
    tx.find(
        "SELECT v.version FROM model_aliases a JOIN model_versions v ON v.id = a.version_id
         WHERE a.model_id = ?1 AND a.alias = ?2",
        &[&model_id, &alias],
        |row| row.text(0),
    )
}

/// Points the alias at `version`, wherever it pointed before. The model is locked by the caller.
pub fn set(tx: &mut Tx<'_>, version: &ModelVersion, alias: &str, actor: &Actor, now: i64) -> Result<()> {
    let before = target(tx, version.model_id, alias)?;
    tx.execute(
        "INSERT INTO model_aliases (model_id, alias, version_id) VALUES (?1, ?2, ?3)
         ON CONFLICT (model_id, alias) DO UPDATE SET version_id = excluded.version_id",
        &[&version.model_id, &alias, &version.id],
    )?;
    if before.as_deref() == Some(&version.version) {
        return Ok(());
    }
    note(tx, version);
    if before.is_none() {
        let sql = "SELECT COUNT(*) FROM model_aliases WHERE model_id = ?1";
        let count = tx.get(sql, &[&version.model_id], |row| row.int(0))?;
        alias::check_count(usize::try_from(count).map_err(Error::internal)?)?;
    }
    let event = NewEvent {
        alias: Some(alias),
        before: before.as_deref(),
        after: Some(&version.version),
        ..NewEvent::new(EventKind::AliasSet, actor, now).of(version)
    };
    model_events::add(tx, version, &event)
}

fn note(tx: &mut Tx<'_>, version: &ModelVersion) {
    tx.note(version.into(), What::ALIASES);
    // The version that had it before shows it no more.
    let (project_id, name) = (version.project_id, version.model_name.clone());
    tx.note(Subject::Model { project_id, name }, What::ALIASES);
}

/// Takes the alias away; one that is not there is fine, as in MLflow.
pub fn delete(tx: &mut Tx<'_>, model: &RegisteredModel, alias: &str, actor: &Actor, now: i64) -> Result<()> {
    let Some(before) = target(tx, model.id, alias)? else { return Ok(()) };
    tx.execute("DELETE FROM model_aliases WHERE model_id = ?1 AND alias = ?2", &[&model.id, &alias])?;
    tx.note(model.into(), What::ALIASES);
    let event = NewEvent {
        alias: Some(alias),
        before: Some(&before),
        ..NewEvent::new(EventKind::AliasDeleted, actor, now)
    };
    model_events::add(tx, model, &event)
}

/// Takes all aliases of a version that is about to go.
pub(crate) fn delete_all(tx: &mut Tx<'_>, version: &ModelVersion, actor: &Actor, now: i64) -> Result<()> {
    let aliases = of_versions(tx, &[version.id])?.remove(&version.id).unwrap_or_default();
    tx.execute("DELETE FROM model_aliases WHERE version_id = ?1", &[&version.id])?;
    for alias in &aliases {
        let event = NewEvent {
            alias: Some(alias),
            before: Some(&version.version),
            ..NewEvent::new(EventKind::AliasDeleted, actor, now)
        };
        model_events::add(tx, version, &event)?;
    }
    Ok(())
}

/// The aliases of each of `models` (rows) with the numbers of their versions, by alias.
pub fn list(tx: &mut Tx<'_>, models: &[i64]) -> Result<HashMap<i64, Vec<(String, i64)>>> {
    let sql = format!(
        "SELECT a.model_id, a.alias, v.number FROM model_aliases a JOIN model_versions v ON v.id = a.version_id
         WHERE {} ORDER BY a.model_id, a.alias",
        tx.any_of("a.model_id", "?1")
    );
    let mut aliases: HashMap<i64, Vec<(String, i64)>> = HashMap::new();
    tx.each(&sql, &[&models], |row| {
        aliases.entry(row.int(0)?).or_default().push((row.text(1)?, row.int(2)?));
        Ok(())
    })?;
    Ok(aliases)
}

/// The aliases of each of `versions` (rows), by alias.
pub fn of_versions(tx: &mut Tx<'_>, versions: &[i64]) -> Result<HashMap<i64, Vec<String>>> {
    let sql = format!(
        "SELECT version_id, alias FROM model_aliases WHERE {} ORDER BY version_id, alias",
        tx.any_of("version_id", "?1")
    );
    let mut aliases: HashMap<i64, Vec<String>> = HashMap::new();
    tx.each(&sql, &[&versions], |row| {
        aliases.entry(row.int(0)?).or_default().push(row.text(1)?);
        Ok(())
    })?;
    Ok(aliases)
}
