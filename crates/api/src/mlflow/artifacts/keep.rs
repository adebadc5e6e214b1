//! Making received bytes a file of a run: in one transaction, or not at all.

use weir_artifacts::Stored;
use weir_domain::artifact::ArtifactPath;
use weir_domain::run::RunId;
use weir_domain::{Error, Result};
use weir_store::files::{self, Owner};
use weir_store::{Tx, runs};

use super::address::{Address, Spot};
use crate::app::App;

/// Where a file is to stand.
#[derive(Clone, Debug)]
pub struct Place {
    pub project_id: i64,
    pub run_id: RunId,
    pub path: ArtifactPath,
}

impl Place {
    /// The place at `address`, or at `name` in the folder there, when a file may be put there now.
    pub fn find(
        tx: &mut Tx<'_>,
        project_id: i64,
        address: &Address,
        name: Option<&ArtifactPath>,
    ) -> Result<Self> {
        address.check_form()?;
        let mut spot = address.find(tx, project_id)?;
        if let Some(name) = name {
            spot.path = Some(match spot.path {
                Some(folder) => folder.join(name.as_str())?,
                None => name.clone(),
            });
        }
        Self::check(tx, spot)
    }

    /// Refuses a deleted run, a folder's path and one below a file: before the first byte is read.
    pub fn check(tx: &mut Tx<'_>, spot: Spot) -> Result<Self> {
        spot.run.check_writable()?;
        let Some(path) = spot.path else {
            let run_id = spot.run.run_id.as_str();
            return Err(Error::Invalid(format!(
                "Invalid path: '{run_id}/artifacts' is a run's folder, name a file in it"
            )));
        };
        files::check_place(tx, Owner::Run(spot.run.id), path.as_str())?;
        Ok(Self { project_id: spot.run.project_id, run_id: spot.run.run_id, path })
    }
}

/// Makes `stored` the file at `place`, and with it the end of the multipart upload it came by.
///
/// Call it where it runs to its end even when the client is gone: bytes without a row are nobody's to remove.
pub async fn commit(app: &App, place: &Place, stored: Stored, upload_id: Option<String>) -> Result<()> {
    let now = app.clock.now();
    let (target, bytes) = (place.clone(), stored.clone());
    let put = app
        .store
        .write(move |tx| {
            let run = runs::writable(tx, target.project_id, &target.run_id)?;
            let in_use = files::put(tx, Owner::Run(run.id), target.path.as_str(), &row(&bytes), now)?;
            if let Some(upload_id) = &upload_id {
                files::complete_multipart(tx, upload_id, now)?;
            }
            Ok(in_use)
        })
        .await;
    match put {
        Ok(true) => Ok(()),
        Ok(false) => {
            remove(app, &stored.location).await;
            Ok(())
        }
        Err(error) => {
            give_up(app, stored, now, &error).await;
            Err(error)
        }
    }
}

/// The bytes of a file that was refused after all.
async fn give_up(app: &App, stored: Stored, now: i64, error: &Error) {
    let location = stored.location.clone();
    match app.store.write(move |tx| files::discard(tx, &row(&stored), now)).await {
        // After a lost connection the commit may still go through: then the bytes wait with the garbage.
        Ok(true) if !matches!(error, Error::Busy | Error::Internal(_)) => remove(app, &location).await,
        Ok(_) => {}
        Err(error) => tracing::warn!(?error, location, "bytes without a row stay until the next collection"),
    }
}

/// Removes bytes that no row speaks of. They are noted as garbage, so a failure is made up for later.
pub async fn remove(app: &App, location: &str) {
    if let Err(error) = app.blobs.delete(location).await {
        tracing::warn!(?error, location, "unused artifact bytes could not be removed yet");
    }
}

fn row(stored: &Stored) -> files::Stored<'_> {
    let size_bytes = i64::try_from(stored.size).unwrap_or(i64::MAX);
    files::Stored { sha256: &stored.sha256, size_bytes, location: &stored.location }
}
