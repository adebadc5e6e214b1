//! Multipart uploads in the folder store: a folder per upload, a file per part.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use weir_domain::Result;

use super::read::read_file;
use super::staging::Staged;
use super::{Folder, failed, folder_entries, is_older, now_of_disk, sync_folder};
use crate::ByteStream;
use crate::key::UploadId;
use crate::lane::blocking;
use crate::multipart::PartKey;

impl Folder {
    fn upload_path(&self, upload: &UploadId) -> PathBuf {
        self.multipart.join(upload.as_str())
    }

    pub async fn begin_multipart(&self, upload: &UploadId) -> Result<()> {
        let (path, parent) = (self.upload_path(upload), self.multipart.clone());
        blocking(move || {
            fs::create_dir(&path)
                .and_then(|()| sync_folder(&parent))
                .map_err(|error| failed("create", &path, &error))
        })
        .await
    }

    pub async fn check_multipart(&self, upload: &UploadId) -> Result<()> {
        let path = self.upload_path(upload);
        if blocking(move || Ok(path.is_dir())).await? { Ok(()) } else { Err(upload.unknown()) }
    }

    /// The size of each part; an unknown upload or part is the client's mistake.
    pub async fn part_sizes(&self, upload: &UploadId, parts: &[PartKey]) -> Result<Vec<u64>> {
        self.check_multipart(upload).await?;
        let (path, parts) = (self.upload_path(upload), parts.to_vec());
        blocking(move || {
            let size = |part: &PartKey| match fs::metadata(path.join(part.name())) {
                Ok(metadata) => Ok(metadata.len()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Err(part.unknown()),
                Err(error) => Err(failed("read", &path, &error)),
            };
            parts.iter().map(size).collect()
        })
        .await
    }

    pub async fn read_part(&self, upload: &UploadId, part: &PartKey) -> Result<ByteStream> {
        read_file(self.upload_path(upload).join(part.name()), None).await
    }

    pub async fn abort_multipart(&self, upload: &UploadId) -> Result<()> {
        let path = self.upload_path(upload);
        blocking(move || match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", &path, &error)),
            Ok(()) | Err(_) => Ok(()),
        })
        .await
    }
}

impl Staged {
    pub async fn publish_part(self, upload: &UploadId, part: &PartKey) -> Result<()> {
        let folder = Arc::clone(&self.folder);
        let target = folder.upload_path(upload).join(part.name());
        match self.publish(target, false).await {
            Ok(()) => Ok(()),
            Err(error) => {
                // The upload may have been aborted while this part came in.
                folder.check_multipart(upload).await?;
                Err(error)
            }
        }
    }
}

/// Removes uploads that got no part for `max_age`; returns how many.
pub fn sweep(folder: &Folder, max_age: Duration) -> Result<u64> {
    let probe = folder.instance.join("sweep");
    let now = now_of_disk(&probe).map_err(|error| failed("write", &probe, &error))?;
    let mut removed = 0;
    for upload in folder_entries(&folder.multipart)? {
        // A new part changes its folder's time.
        if !is_older(&upload, now, max_age) {
            continue;
        }
        match fs::remove_dir_all(&upload) {
            Ok(()) => removed += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed("remove", &upload, &error)),
        }
    }
    Ok(removed)
}
