//! Stages of model versions, and the highest version of each.

use std::collections::HashMap;

use weir_domain::audit::Actor;
use weir_domain::model_event::EventKind;
use weir_domain::model_version::ModelVersion;
use weir_domain::stage::Stage;
use weir_domain::{Error, Result};

use super::list;
use crate::changes::What;
use crate::model_events::{self, NewEvent};
use crate::{Tx, registered_models};

/// The highest version of each stage of each of `models` (rows), by number: one when no version of the model has a
/// stage. Releases are above prereleases.
pub fn latest(tx: &mut Tx<'_>, models: &[i64]) -> Result<HashMap<i64, Vec<ModelVersion>>> {
    // Versions without a stage are the many: they are walked in order; the others have an index of their own.
    let unstaged = "SELECT w.id FROM model_versions w WHERE w.model_id = k.id AND w.stage = 0
                    ORDER BY w.is_release DESC, w.precedence DESC, w.number DESC LIMIT 1";
    let staged =
        "SELECT w.id FROM model_versions w WHERE w.model_id = k.id AND w.stage <> 0 AND w.stage = s.column1
                  ORDER BY w.is_release DESC, w.precedence DESC, w.number DESC LIMIT 1";
    let any = tx.any_of("k.id", "?1");
    // Rows first and the versions behind: as one statement, PostgreSQL may read every run there is for it.
    let mut rows = Vec::new();
    for sql in [
        format!("SELECT ({unstaged}) FROM registered_models k WHERE {any}"),
        format!("SELECT ({staged}) FROM registered_models k CROSS JOIN (VALUES (1), (2), (3)) s WHERE {any}"),
    ] {
        let found = tx.list(&sql, &[&models], |row| row.opt_int(0))?;
        rows.extend(found.into_iter().flatten());
    }
    let any = tx.any_of("v.id", "?1");
    let mut found: HashMap<i64, Vec<ModelVersion>> = HashMap::new();
    for version in list(tx, &any, &[&rows])? {
        found.entry(version.model_id).or_default().push(version);
    }
    found.values_mut().for_each(|versions| versions.sort_by_key(|version| version.number));
    Ok(found)
}

/// Moves a version to `stage`; with `archive`, the others there are archived. Answers with the version as it is then.
pub fn move_to(
    tx: &mut Tx<'_>,
    version: &ModelVersion,
    stage: Stage,
    archive: bool,
    actor: &Actor,
    now: i64,
) -> Result<ModelVersion> {
    if archive && !stage.is_active() {
        return Err(Error::Invalid(format!(
            "Model version transition cannot archive existing model versions because '{}' is not an Active stage. Valid stages are ['Staging', 'Production']",
            stage.name()
        )));
    }
    // The model's row first, as everything that writes both has it.
    registered_models::touch(tx, version.model_id, now)?;
    if archive {
        let others = list(
            tx,
            "v.model_id = ?1 AND v.stage <> 0 AND v.stage = ?2 AND v.id <> ?3 ORDER BY v.id",
            &[&version.model_id, &stage.number(), &version.id],
        )?;
        for other in &others {
            change(tx, other, Stage::Archived, actor, now)?;
        }
    }
    change(tx, version, stage, actor, now)?;
    Ok(ModelVersion { stage, updated_at: now, ..version.clone() })
}

fn change(tx: &mut Tx<'_>, version: &ModelVersion, stage: Stage, actor: &Actor, now: i64) -> Result<()> {
    tx.execute(
        "UPDATE model_versions SET stage = ?2, updated_at = ?3 WHERE id = ?1",
        &[&version.id, &stage.number(), &now],
    )?;
    if version.stage == stage {
        return Ok(());
    }
    tx.note(version.into(), What::STAGE);
    let event = NewEvent {
        before: Some(version.stage.name()),
        after: Some(stage.name()),
        ..NewEvent::new(EventKind::StageChanged, actor, now).of(version)
    };
    model_events::add(tx, version, &event)
}
