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
use crate::caller::Signature;

/// Where a file is to stand.
#[derive(Clone, Debug)]
pub struct Place {
    pub project_id: i64,
    pub tree: TreeId,
    pub path: ArtifactPath,
    /// What whoever puts the file leaves on its run.
    pub by: Signature,
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
        Ok(Self { project_id: spot.tree.project_id(), tree, path, by: Signature::default() })
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

impl<T> Put<T> {
    pub fn map<U>(self, map: impl FnOnce(T) -> Result<U>) -> Result<Put<U>> {
        Ok(match self {
            Self::InUse(found) => Put::InUse(map(found)?),
            Self::Spare(found) => Put::Spare(map(found)?),
            Self::Unmet(unmet) => Put::Unmet(unmet),
        })
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

/// What the transaction decided, and what it found out besides.
pub enum Put<T> {
    InUse(T),
    /// The bytes are not needed: the same are there, or another completion put them there.
    Spare(T),
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
    let place = place.clone();
    commit_by(app, stored, move |tx, stored, now| put(tx, &place, stored, &way, now)).await
}

/// The same for files whose place only the transaction itself finds.
pub async fn commit_by<T: Send + 'static>(
    app: &App,
    stored: Stored,
    put: impl Fn(&mut Tx<'_>, &files::Stored<'_>, i64) -> Result<Put<T>> + Send + 'static,
) -> Result<std::result::Result<T, Unmet>> {
    let now = app.clock.now();
    let bytes = stored.clone();
    let done = match app.store.write(move |tx| put(tx, &row(&bytes), now)).await {
        Ok(Put::InUse(found)) => return Ok(Ok(found)),
        Ok(Put::Spare(found)) => Ok(found),
        Ok(Put::Unmet(unmet)) => Err(unmet),
        Err(error) => {
            give_up(app, stored, now, &error).await;
            return Err(error);
        }
    };
    remove(app, &stored.location).await;
    Ok(done)
}

fn put(tx: &mut Tx<'_>, place: &Place, stored: &files::Stored<'_>, way: &Way, now: i64) -> Result<Put<()>> {
    let (owner, path) = (place.owner(tx)?, place.path.as_str());
    let put = match way {
        Way::Request(condition) => put_on_condition(tx, owner, path, stored, condition, now),
        Way::Multipart(upload_id) if files::complete_multipart(tx, upload_id, now)? => {
            put_on_condition(tx, owner, path, stored, &Condition::default(), now)
        }
        Way::Multipart(_) => {
            files::discard(tx, stored, now)?;
            Ok(Put::Spare(()))
        }
    }?;
    if let (Owner::Run(run), false) = (owner, matches!(put, Put::Unmet(_))) {
        place.by.leave(tx, run, now)?;
    }
    Ok(put)
}

/// Puts a file where the condition holds.
pub fn put_on_condition(
    tx: &mut Tx<'_>,
    owner: Owner,
    path: &str,
    stored: &files::Stored<'_>,
    condition: &Condition,
    now: i64,
) -> Result<Put<()>> {
    if !condition.is_none() {
        files::lock_tree(tx, owner)?;
        if let Err(unmet) = check(tx, owner, path, condition)? {
            files::discard(tx, stored, now)?;
            return Ok(Put::Unmet(unmet));
        }
    }
    let in_use = files::put(tx, owner, path, stored, now)?;
    Ok(if in_use { Put::InUse(()) } else { Put::Spare(()) })
}

/// Holds the condition against the file that stands at `path` now.
pub fn check(
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
