//! A file being written in the folder store: staged, written back early, synced, then renamed to its place.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use weir_domain::{Error, Result};

use super::{Folder, failed, sync_folder};
use crate::key::{BlobKey, random_hex};
use crate::lane::{Lane, blocking};

/// After this many bytes the disk starts on them. Left alone, Linux lets a tenth of the memory fill up first,
/// and the sync at the end would wait for all of it.
const WRITE_BACK_BYTES: u64 = 16 << 20;
/// How often an upload that grows looks whether the disk has room.
const SPACE_CHECK_BYTES: u64 = 64 << 20;

/// The writer of one file.
pub struct Staged {
    pub(super) folder: Arc<Folder>,
    file: Lane<StagedFile>,
    /// A second handle on the same file, busy while a write-back runs.
    write_back: Lane<File>,
    unsynced: u64,
    unchecked: u64,
}

/// Starts a file, if there is room for `size` bytes.
pub async fn stage(folder: &Arc<Folder>, size: Option<u64>) -> Result<Staged> {
    let path = folder.instance.join(random_hex::<16>()?);
    let owner = Arc::clone(folder);
    let (file, handle) = blocking(move || {
        owner.check_space(size.unwrap_or(0))?;
        let file = File::create_new(&path).map_err(|error| failed("create", &path, &error))?;
        let handle = file.try_clone().map_err(|error| failed("open", &path, &error))?;
        Ok((StagedFile { file, path }, handle))
    })
    .await?;
    let (file, write_back) = (Lane::new(file), Lane::new(handle));
    Ok(Staged { folder: Arc::clone(folder), file, write_back, unsynced: 0, unchecked: 0 })
}

impl Staged {
    /// Writes `batch` on a blocking thread, after the batch before it.
    pub async fn append(&mut self, batch: Vec<Bytes>) -> Result<()> {
        let bytes = batch.iter().map(|piece| piece.len() as u64).sum();
        self.file.start(move |staged| staged.write(&batch)).await?;
        self.account(bytes).await
    }

    async fn account(&mut self, bytes: u64) -> Result<()> {
        self.unsynced += bytes;
        self.unchecked += bytes;
        if self.unsynced >= WRITE_BACK_BYTES && self.write_back.is_idle() {
            self.unsynced = 0;
            // An error is reported once per open file, and the handles share that: so the lane keeps it.
            self.write_back.start(|file| file.sync_data().map_err(sync_failed)).await?;
        }
        if self.unchecked >= SPACE_CHECK_BYTES {
            self.unchecked = 0;
            let folder = Arc::clone(&self.folder);
            self.file.start(move |_| folder.check_space(0)).await?;
        }
        Ok(())
    }

    /// Writes the last bytes and waits until the disk has them all.
    pub async fn close(&mut self, rest: Vec<Bytes>) -> Result<()> {
        let handle = self.write_back.take().await?;
        let synced = self.file.start(move |staged| {
            staged.write(&rest)?;
            handle.sync_data().map_err(sync_failed)
        });
        synced.await?;
        self.file.settle().await
    }

    pub async fn publish_blob(self, key: &BlobKey) -> Result<()> {
        let target = self.folder.blob_path(key);
        self.publish(target, true).await
    }

    /// Gives the closed file its name. `make_parent`: a blob's shelf is made when it is first needed; a
    /// multipart upload's folder is not, for without it the upload is over.
    pub(super) async fn publish(self, target: PathBuf, make_parent: bool) -> Result<()> {
        let published = self.file.finish(move |staged| staged.rename(target, make_parent)).await?;
        published.keep();
        Ok(())
    }
}

/// A file that is removed with its handle, unless it got its final name.
struct StagedFile {
    file: File,
    path: PathBuf,
}

impl StagedFile {
    fn write(&mut self, batch: &[Bytes]) -> Result<()> {
        for piece in batch {
            self.file.write_all(piece).map_err(|error| failed("write", &self.path, &error))?;
        }
        Ok(())
    }

    fn rename(mut self, target: PathBuf, make_parent: bool) -> Result<Published> {
        let parent = target.parent().ok_or_else(|| Error::internal("a stored file has a folder"))?;
        match fs::rename(&self.path, &target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && make_parent => {
                make_folder(parent)?;
                fs::rename(&self.path, &target).map_err(|error| failed("rename to", &target, &error))?;
            }
            renamed => renamed.map_err(|error| failed("rename to", &target, &error))?,
        }
        // From here on the file has its final name, and `Published` answers for it.
        self.path = PathBuf::new();
        let parent = parent.to_owned();
        let published = Published { path: Some(target) };
        sync_folder(&parent).map_err(|error| failed("sync", &parent, &error))?;
        Ok(published)
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            // A file that cannot be removed now is removed by the sweep of a later process.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A file at its final name, removed again when nobody waits for the answer any more.
struct Published {
    path: Option<PathBuf>,
}

impl Published {
    fn keep(mut self) {
        self.path = None;
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // A file left here has no row, and the garbage collection finds it.
            let _ = fs::remove_file(path);
        }
    }
}

/// Makes a folder, durably; another upload may be making it too.
fn make_folder(folder: &Path) -> Result<()> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(failed("create", folder, &error));
        }
        Ok(()) | Err(_) => {}
    }
    let above = folder.parent().unwrap_or(folder);
    sync_folder(above).map_err(|error| failed("sync", above, &error))
}

fn sync_failed(error: io::Error) -> Error {
    failed("sync", Path::new("an upload"), &error)
}
