//! Publishing: from then on the files, params and metrics of a version stay as they are, under one digest.

use weir_domain::audit::Actor;
use weir_domain::model_event::EventKind;
use weir_domain::model_version::ModelVersion;
use weir_domain::seal::{Seal, Sealer};
use weir_domain::{Error, Result};

use crate::changes::What;
use crate::files::{self, Owner};
use crate::model_events::{self, NewEvent};
use crate::{Tx, registered_models};

/// Publishes a version that is not published yet, and answers with it as it is then.
pub fn publish(tx: &mut Tx<'_>, version: &ModelVersion, actor: &Actor, now: i64) -> Result<ModelVersion> {
    if version.published_at.is_some() {
        return Err(Error::Conflict(format!(
            "version {} of the model '{}' is published already",
            version.version, version.model_name
        )));
    }
    if let Some(location) = &version.location {
        return Err(Error::Invalid(format!(
            "version {} of the model '{}' cannot be published: its files are in '{location}', where this server can neither keep nor vouch for them; log the files to the run of a version of their own and publish that",
            version.version, version.model_name
        )));
    }
    registered_models::touch(tx, version.model_id, now)?;
    // Behind this lock no file comes or goes.
    let owner = Owner::Run(version.run_row);
    files::lock_tree(tx, owner)?;
    let seal = seal(tx, owner)?;
    tx.execute("UPDATE runs SET sealed = ?2 WHERE id = ?1", &[&version.run_row, &true])?;
    tx.execute(
        "UPDATE model_versions SET published_at = ?2, publisher_id = ?3, digest = ?4, updated_at = ?2 WHERE id = ?1",
        &[&version.id, &now, &actor.user_id, &seal.root],
    )?;
    tx.note(version.into(), What::PUBLISHED);
    let digest = seal.to_string();
    let event = NewEvent {
        after: Some(&digest),
        ..NewEvent::new(EventKind::VersionPublished, actor, now).of(version)
    };
    model_events::add(tx, version, &event)?;
    let publisher = crate::users::get(tx, actor.user_id)?.username;
    Ok(ModelVersion {
        published_at: Some(now),
        publisher: Some(publisher),
        digest: Some(seal.root.to_vec()),
        updated_at: now,
        ..version.clone()
    })
}

fn seal(tx: &mut Tx<'_>, owner: Owner) -> Result<Seal> {
    let mut sealer = Sealer::new();
    files::each(tx, owner, |path, size_bytes, sha256| {
        let size_bytes = u64::try_from(size_bytes).map_err(Error::internal)?;
        sealer.add(path, size_bytes, sha256.try_into().map_err(Error::internal)?)
    })?;
    Ok(sealer.finish())
}
