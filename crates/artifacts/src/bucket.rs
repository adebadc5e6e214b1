//! The store in an S3-compatible bucket: its layout and everything but the writing.
//!
//! | below the prefix | what |
//! |---|---|
//! | `blobs/<32 random hex>` | stored files; keys of a folder store copied here are understood too |
//! | `multipart/<upload id>/begun` | an empty object that makes the upload known to every replica |
//! | `multipart/<upload id>/<part number>-<sha256 hex>` | parts |
//! | `installation` | the id of the installation whose database knows the files |
//!
//! Only what every S3-compatible service offers is used: no conditional requests, no bulk delete.

mod installation;
mod multipart;
mod staging;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path;
use object_store::{
    ClientConfigKey, GetOptions, ObjectMeta, ObjectStore as _, ObjectStoreExt as _, PutPayload, RetryConfig,
};
use weir_domain::{Error, Result};

pub use self::staging::{Staged, stage};
use crate::key::{BlobKey, random_hex};
use crate::{ByteStream, Options};

/// How long a bucket may take to show that it is there.
const CHECK_TIMEOUT: Duration = Duration::from_secs(10);

pub struct Bucket {
    store: Arc<AmazonS3>,
    prefix: Path,
}

impl Bucket {
    pub fn open(bucket: &str, prefix: &str, options: &Options) -> Result<Self> {
        let unusable =
            |error: object_store::Error| Error::invalid(format!("cannot use bucket '{bucket}': {error}"));
        let client = |key, value: &str| (AmazonS3ConfigKey::Client(key), value.to_owned());
        // No limit on a whole request: a download lasts as long as its reader takes. A silent peer has a limit.
        let settings =
            [client(ClientConfigKey::Timeout, "1 day"), client(ClientConfigKey::ReadTimeout, "2 min")];
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_disable_bulk_delete(true)
            .with_retry(RetryConfig {
                max_retries: 6,
                retry_timeout: Duration::from_secs(60),
                ..RetryConfig::default()
            });
        for (key, value) in settings {
            builder = builder.with_config(key, value);
        }
        for (name, value) in &options.aws {
            let key = name.to_ascii_lowercase().parse().map_err(unusable)?;
            builder = builder.with_config(key, value);
        }
        let endpoint = builder
            .get_config_value(&AmazonS3ConfigKey::S3Endpoint)
            .or_else(|| builder.get_config_value(&AmazonS3ConfigKey::Endpoint));
        if endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")) {
            builder = builder.with_allow_http(true);
        }
        let store = builder.build().map_err(unusable)?;
        let prefix = Path::parse(prefix).map_err(|error| unusable(error.into()))?;
        Ok(Self { store: Arc::new(store), prefix })
    }

    /// Lists a place where nothing is: one request, answered with an error when there is no such bucket.
    pub async fn check(&self) -> Result<()> {
        let nowhere = self.path("check");
        let mut listing = self.store.list(Some(&nowhere));
        match tokio::time::timeout(CHECK_TIMEOUT, listing.try_next()).await {
            Ok(answer) => answer.map(drop).map_err(Error::internal),
            Err(_) => Err(Error::internal(format!("no answer within {} s", CHECK_TIMEOUT.as_secs()))),
        }
    }

    pub async fn read(&self, key: &BlobKey, range: Option<Range<u64>>) -> Result<ByteStream> {
        // S3 has no empty range.
        if range.as_ref().is_some_and(Range::is_empty) {
            return Ok(stream::empty().boxed());
        }
        let path = self.blob_path(key);
        let options = GetOptions { range: range.clone().map(Into::into), ..GetOptions::default() };
        let answer = self.store.get_opts(&path, options).await.map_err(Error::internal)?;
        // S3 shortens a range that is too long; a body shorter than announced must not pass for the file.
        if let Some(range) = range
            && answer.range != range
        {
            let reason = format!("{path} has bytes {:?}, {range:?} were asked for", answer.range);
            return Err(Error::internal(reason));
        }
        Ok(answer.into_stream().map_err(Error::internal).boxed())
    }

    pub async fn delete(&self, key: &BlobKey) -> Result<()> {
        self.remove(&self.blob_path(key)).await
    }

    pub async fn list(&self, min_age: Duration) -> Result<BoxStream<'static, Result<String>>> {
        let now = self.now().await?;
        let blobs = self.path("blobs");
        let objects = self.store.list(Some(&blobs)).map_err(Error::internal);
        let locations = objects.try_filter_map(move |object| {
            let location =
                is_older(&object, now, min_age).then(|| relative(&object.location, &blobs)).flatten();
            // A name that is none of ours is somebody's own object and left alone.
            let ours = location.filter(|location| BlobKey::parse(location).is_ok());
            async move { Ok(ours) }
        });
        Ok(locations.boxed())
    }

    /// Removes multipart uploads that got no part for `max_age`; returns how many.
    pub async fn sweep(&self, max_age: Duration) -> Result<u64> {
        let uploads = self.path("multipart");
        let mut newest: HashMap<String, ObjectMeta> = HashMap::new();
        let mut objects = self.store.list(Some(&uploads));
        while let Some(object) = objects.try_next().await.map_err(Error::internal)? {
            let Some(name) = relative(&object.location, &uploads) else { continue };
            let Some((upload, _)) = name.split_once('/') else { continue };
            match newest.get_mut(upload) {
                Some(known) if known.last_modified >= object.last_modified => {}
                Some(known) => *known = object,
                None => drop(newest.insert(upload.to_owned(), object)),
            }
        }
        if newest.is_empty() {
            return Ok(0);
        }
        let now = self.now().await?;
        let mut removed = 0;
        for (upload, _) in newest.iter().filter(|(_, object)| is_older(object, now, max_age)) {
            self.remove_below(&uploads.clone().join(upload.as_str())).await?;
            removed += 1;
        }
        Ok(removed)
    }

    /// The time by the bucket's clock, which also dates the objects: a probe is written for it.
    async fn now(&self) -> Result<SystemTime> {
        let probe = self.path("clock").join(random_hex::<16>()?);
        self.store.put(&probe, PutPayload::new()).await.map_err(Error::internal)?;
        let meta = self.store.head(&probe).await.map_err(Error::internal)?;
        self.remove(&probe).await?;
        Ok(meta.last_modified.into())
    }

    async fn remove_below(&self, folder: &Path) -> Result<()> {
        let mut objects = self.store.list(Some(folder));
        while let Some(object) = objects.try_next().await.map_err(Error::internal)? {
            self.remove(&object.location).await?;
        }
        Ok(())
    }

    async fn remove(&self, path: &Path) -> Result<()> {
        match self.store.delete(path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::internal(error)),
        }
    }

    fn path(&self, name: &str) -> Path {
        self.prefix.clone().join(name)
    }

    fn blob_path(&self, key: &BlobKey) -> Path {
        key.as_str().split('/').fold(self.path("blobs"), |path, name| path.join(name))
    }
}

fn is_older(object: &ObjectMeta, now: SystemTime, min_age: Duration) -> bool {
    let modified_at = SystemTime::from(object.last_modified);
    now.duration_since(modified_at).unwrap_or_default() >= min_age
}

/// `path` below `folder`.
fn relative(path: &Path, folder: &Path) -> Option<String> {
    path.as_ref().strip_prefix(folder.as_ref())?.strip_prefix('/').map(str::to_owned)
}
