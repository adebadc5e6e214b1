//! The behaviour of the artifact store, the same on a folder and on a bucket.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod files;
mod installation;
mod multipart;
mod sweep;

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use sha2::{Digest as _, Sha256};
use weir_artifacts::{Blobs, Location, Options};
use weir_domain::Result;
use weir_testing::Bucket;

/// One store for one test, and where its bytes are as plain files.
pub struct Place {
    pub blobs: Blobs,
    pub files: PathBuf,
    location: Location,
    options: Options,
    _folder: Option<tempfile::TempDir>,
    bucket: Option<Bucket>,
}

impl Place {
    pub async fn folder(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = folder.path().join("data");
        let location = Location::Folder(files.clone());
        let options = Options { min_free_bytes: options.min_free_bytes.min(1 << 20), ..options };
        let blobs = Blobs::open(&location, options.clone()).await.unwrap();
        Self { blobs, files, location, options, _folder: Some(folder), bucket: None }
    }

    pub async fn bucket(mut options: Options) -> Self {
        let bucket = Bucket::start();
        options.aws = bucket.env().map(|(name, value)| (name.to_owned(), value)).into();
        let location = Location::parse(&bucket.url("some/prefix")).unwrap();
        let files = bucket.folder().join("some/prefix");
        let blobs = Blobs::open(&location, options.clone()).await.unwrap();
        Self { blobs, files, location, options, _folder: None, bucket: Some(bucket) }
    }

    /// What another server process on the same store would have.
    pub async fn reopen(&self) -> Blobs {
        Blobs::open(&self.location, self.options.clone()).await.unwrap()
    }

    /// The files below `name`, as relative paths, without those that only organise the store.
    pub fn files_below(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        walk(&self.files.join(name), &mut found);
        let relative = |file: &PathBuf| file.strip_prefix(&self.files).unwrap().to_str().unwrap().to_owned();
        let mut found: Vec<String> = found.iter().map(relative).collect();
        if let Some(bucket) = &self.bucket {
            found.extend((0..bucket.incomplete_uploads()).map(|_| "an incomplete upload".to_owned()));
        }
        found.retain(|file| !file.ends_with("/lock") && !file.ends_with("/begun"));
        found.sort();
        found
    }

    /// Waits until no file is below `name`: the removal after a drop runs beside the test.
    pub async fn wait_until_empty(&self, name: &str) {
        for _ in 0..1000 {
            if self.files_below(name).is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("still there: {:?}", self.files_below(name));
    }
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
}

/// Bytes without a pattern that a mistake in an offset could hide in.
pub fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

/// A body that arrives in pieces of `piece` bytes.
pub fn body(bytes: &[u8], piece: usize) -> impl futures_util::Stream<Item = Result<Bytes>> + Send + use<> {
    let pieces: Vec<_> = bytes.chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces)
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub async fn read(blobs: &Blobs, location: &str, range: Option<std::ops::Range<u64>>) -> Result<Vec<u8>> {
    let mut stream = blobs.read(location, range).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece?);
    }
    Ok(bytes)
}

pub async fn list(blobs: &Blobs, min_age: Duration) -> Vec<String> {
    blobs.list(min_age).await.unwrap().try_collect().await.unwrap()
}

/// Makes a test of `$scenario` for each kind of store.
#[macro_export]
macro_rules! on_both {
    ($($scenario:ident)*) => {
        mod on_a_folder {
            $(#[tokio::test]
            async fn $scenario() {
                super::$scenario(|options| $crate::Place::folder(options)).await;
            })*
        }
        mod on_a_bucket {
            $(#[tokio::test]
            async fn $scenario() {
                super::$scenario(|options| $crate::Place::bucket(options)).await;
            })*
        }
    };
}
