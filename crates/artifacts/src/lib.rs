//! Artifact bytes: one door to a local folder or an S3-compatible bucket.
//!
//! The store knows bytes and nothing of artifact paths; the database maps those to locations that this crate
//! made. A file is acknowledged (its [`Stored`] returned) after its bytes are durable. Until a row points at it
//! nobody sees it, so the order is always: finish, commit the row; and to remove: commit, then [`Blobs::delete`].

mod bucket;
mod digest;
mod folder;
mod installation;
mod key;
mod lane;
mod location;
mod multipart;
mod upload;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use weir_domain::{Error, Result};

use crate::bucket::Bucket;
use crate::folder::Folder;
use crate::key::BlobKey;
pub use crate::location::Location;
pub use crate::multipart::Part;
use crate::upload::Sink;
pub use crate::upload::Upload;

/// The bytes of a file, in pieces of up to a few hundred KiB.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// Limits and settings of the artifact store.
#[derive(Clone, Debug)]
pub struct Options {
    /// The largest file taken.
    pub max_file_bytes: u64,
    /// What uploads leave free on the disk of a folder, for the database and everyone else.
    pub min_free_bytes: u64,
    /// After this long without a new part a multipart upload is given up, and [`Blobs::sweep`] removes it.
    pub multipart_max_age: Duration,
    /// Settings of a bucket by the name of their `AWS_…` variable, before those of the environment.
    pub aws: BTreeMap<String, String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_file_bytes: 5 << 30,
            min_free_bytes: 1 << 30,
            multipart_max_age: Duration::from_secs(7 * 24 * 60 * 60),
            aws: BTreeMap::new(),
        }
    }
}

/// A file whose bytes are durable; it stays until [`Blobs::delete`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// For the database to keep and give back as it is.
    pub location: String,
    pub sha256: [u8; 32],
    pub size: u64,
}

/// The artifact store; clones share it.
#[derive(Clone)]
pub struct Blobs {
    store: Store,
    location: Arc<Location>,
    /// When it was opened the store had neither files nor an owner.
    opened_new: bool,
    max_file_bytes: u64,
    multipart_max_age: Duration,
}

#[derive(Clone)]
enum Store {
    Folder(Arc<Folder>),
    Bucket(Arc<Bucket>),
}

impl Blobs {
    /// Opens the store and makes sure that it works; an error is one sentence for the operator.
    pub async fn open(location: &Location, options: Options) -> Result<Self> {
        let store = match location {
            Location::Folder(folder) => Store::Folder(Arc::new(Folder::open(folder, &options).await?)),
            Location::Bucket { bucket, prefix } => {
                Store::Bucket(Arc::new(Bucket::open(bucket, prefix, &options)?))
            }
        };
        let mut blobs = Self {
            store,
            location: Arc::new(location.clone()),
            opened_new: false,
            max_file_bytes: options.max_file_bytes,
            multipart_max_age: options.multipart_max_age,
        };
        blobs.check().await.map_err(|error| cannot_use(location, &error))?;
        blobs.opened_new = blobs.is_new().await.map_err(|error| cannot_use(location, &error))?;
        Ok(blobs)
    }

    /// Where the store is, for messages to the operator.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Touches the store for real, at little cost: a file written and removed, or one request to the bucket.
    pub async fn check(&self) -> Result<()> {
        match &self.store {
            Store::Folder(folder) => folder.check().await,
            Store::Bucket(bucket) => bucket.check().await,
        }
    }

    /// Starts a file. What is known to be too large, or to have no room on the disk, is refused before its
    /// first byte.
    pub async fn begin(&self, declared_size: Option<u64>) -> Result<Upload> {
        upload::check_size(declared_size.unwrap_or(0), self.max_file_bytes)?;
        let sink = match &self.store {
            Store::Folder(folder) => Sink::Folder(folder::stage(folder, declared_size).await?),
            Store::Bucket(bucket) => Sink::Bucket(bucket::stage(bucket)?),
        };
        Ok(Upload::new(sink, declared_size, self.max_file_bytes))
    }

    /// The bytes of a stored file, or the part `range` of them. A file shorter than the range is an error, which
    /// may come in the middle of the stream.
    pub async fn read(&self, location: &str, range: Option<Range<u64>>) -> Result<ByteStream> {
        let key = BlobKey::parse(location)?;
        if let Some(range) = &range
            && range.start > range.end
        {
            return Err(Error::internal(format!("bytes {}..{} of '{location}'", range.start, range.end)));
        }
        match &self.store {
            Store::Folder(folder) => folder.read(&key, range).await,
            Store::Bucket(bucket) => bucket.read(&key, range).await,
        }
    }

    /// Removes a stored file; one that is gone already is fine.
    pub async fn delete(&self, location: &str) -> Result<()> {
        let key = BlobKey::parse(location)?;
        match &self.store {
            Store::Folder(folder) => folder.delete(&key).await,
            Store::Bucket(bucket) => bucket.delete(&key).await,
        }
    }

    /// The locations of all files stored more than `min_age` ago, for the garbage collection to find those that
    /// no row points at: a server killed between [`Upload::finish`] and its commit leaves one behind.
    pub async fn list(&self, min_age: Duration) -> Result<BoxStream<'static, Result<String>>> {
        match &self.store {
            Store::Folder(folder) => folder.list(min_age).await,
            Store::Bucket(bucket) => bucket.list(min_age).await,
        }
    }

    /// Removes what unfinished uploads left: those of server processes that died (a folder), and multipart
    /// uploads without a new part for [`Options::multipart_max_age`]. Returns how many uploads that were.
    ///
    /// A bucket keeps the parts of interrupted large uploads where nobody can list them with the usual rights;
    /// it needs a lifecycle rule that aborts incomplete multipart uploads.
    pub async fn sweep(&self) -> Result<u64> {
        match &self.store {
            Store::Folder(folder) => folder::sweep(folder, self.multipart_max_age).await,
            Store::Bucket(bucket) => bucket.sweep(self.multipart_max_age).await,
        }
    }
}

/// What stands in the way of using the store, with the causes, which the operator can act on.
fn cannot_use(location: &Location, error: &Error) -> Error {
    let mut reason = String::new();
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    if let Error::Internal(inner) = error {
        cause = Some(inner.as_ref());
    }
    while let Some(error) = cause {
        let text = error.to_string();
        // Many libraries repeat the cause in their own sentence.
        if !reason.contains(&text) {
            reason = if reason.is_empty() { text } else { format!("{reason}: {text}") };
        }
        cause = error.source();
    }
    Error::invalid(format!("cannot keep artifacts in '{location}': {reason}"))
}
