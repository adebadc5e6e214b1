//! Making received bytes a file of a tree: in one transaction, or not at all.

use weir_artifacts::Stored;
use weir_domain::artifact::ArtifactPath;
use weir_domain::{Error, Result};
use weir_store::Tx;
use weir_store::files::{self, Owner};

use super::address::{Address, Spot};
use super::condition::{Condition, Unmet};
use super::download;
use super::tree::TreeId;
use crate::app::App;

/// Where a file is to stand.
#[derive(Clone, Debug)]
pub struct Place {
    pub project_id: i64,
    pub tree: TreeId,
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

    /// Refuses a deleted or published tree, a folder's path and one below a file: before the first byte is read.
    pub fn check(tx: &mut Tx<'_>, spot: Spot) -> Result<Self> {
        spot.tree.check_writable()?;
        let tree = spot.tree.id();
        let Some(path) = spot.path else {
            return Err(Error::Invalid(format!(
                "Invalid path: '{tree}/artifacts' is a {}'s folder, name a file in it",
                tree.what()
            )));
        };
        files::check_open(tx, spot.tree.owner())?;
        files::check_place(tx, spot.tree.owner(), path.as_str())?;
        Ok(Self { project_id: spot.tree.project_id(), tree, path })
    }

    /// Whose file it is, when it may still be put there.
    pub fn owner(&self, tx: &mut Tx<'_>) -> Result<Owner> {
        self.tree.writable(tx, self.project_id)
    }

    /// Whether the condition holds now. It is asked again when the file is committed: this spares the transfer.
    pub fn meets(&self, tx: &mut Tx<'_>, condition: &Condition) -> Result<std::result::Result<(), Unmet>> {
        if condition.is_none() {
            return Ok(Ok(()));
        }
        let owner = self.owner(tx)?;
        check(tx, owner, self.path.as_str(), condition)
    }
}

/// How bytes came to be committed.
#[derive(Clone, Debug)]
pub enum Way {
    /// In one request, to be the file when the condition holds.
    Request(Condition),
    /// In parts, by the multipart upload of this id. Its file is put once, however often it is completed.
    Multipart(String),
}

/// What the transaction decided.
enum Put {
    InUse,
    /// The bytes are not needed: the same are there, or another completion put them there.
    Spare,
    Unmet(Unmet),
}

/// Makes `stored` the file at `place`, and with it the end of the multipart upload it came by.
///
/// Call it where it runs to its end even when the client is gone: bytes without a row are nobody's to remove.
pub async fn commit(
    app: &App,
    place: &Place,
    stored: Stored,
    way: Way,
) -> Result<std::result::Result<(), Unmet>> {
    let now = app.clock.now();
    let (target, bytes) = (place.clone(), stored.clone());
    let put = app.store.write(move |tx| put(tx, &target, &row(&bytes), &way, now)).await;
    let done = match put {
        Ok(Put::InUse) => return Ok(Ok(())),
        Ok(Put::Spare) => Ok(()),
        Ok(Put::Unmet(unmet)) => Err(unmet),
        Err(error) => {
            give_up(app, stored, now, &error).await;
            return Err(error);
        }
    };
    remove(app, &stored.location).await;
    Ok(done)
}

fn put(tx: &mut Tx<'_>, place: &Place, stored: &files::Stored<'_>, way: &Way, now: i64) -> Result<Put> {
    let (owner, path) = (place.owner(tx)?, place.path.as_str());
    let unneeded = match way {
        Way::Request(condition) if condition.is_none() => None,
        Way::Request(condition) => {
            files::lock_tree(tx, owner)?;
            check(tx, owner, path, condition)?.err().map(Put::Unmet)
        }
        Way::Multipart(upload_id) => {
            let first = files::complete_multipart(tx, upload_id, now)?;
            (!first).then_some(Put::Spare)
        }
    };
    if let Some(unneeded) = unneeded {
        files::discard(tx, stored, now)?;
        return Ok(unneeded);
    }
    let in_use = files::put(tx, owner, path, stored, now)?;
    Ok(if in_use { Put::InUse } else { Put::Spare })
}

/// Holds the condition against the file that stands at `path` now.
fn check(
    tx: &mut Tx<'_>,
    owner: Owner,
    path: &str,
    condition: &Condition,
) -> Result<std::result::Result<(), Unmet>> {
    let file = files::find(tx, owner, path)?;
    Ok(condition.check(file.map(|file| download::etag(&file.sha256))))
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
