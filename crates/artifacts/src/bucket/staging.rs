//! A file being written to a bucket: small ones in one request, larger ones in parts with few in flight.

use std::sync::Arc;

use bytes::Bytes;
use object_store::aws::AmazonS3;
use object_store::path::Path;
use object_store::{ObjectStoreExt as _, PutPayload, WriteMultipart};
use weir_domain::{Error, Result};

use super::Bucket;
use crate::key::BlobKey;

/// Above the 10 MiB that MLflow's client sends as one part, so that such a part is one request. Ten thousand
/// of them, S3's limit, make 120 GiB.
const PART_BYTES: usize = 12 << 20;
/// Parts on their way at once; with the one being filled, an upload holds three in memory.
const IN_FLIGHT: usize = 2;

/// The writer of one object.
pub struct Staged {
    pub(super) bucket: Arc<Bucket>,
    key: BlobKey,
    /// The bytes so far, while they are few enough for one request.
    head: Vec<Bytes>,
    head_bytes: usize,
    large: Option<Large>,
}

pub fn stage(bucket: &Arc<Bucket>) -> Result<Staged> {
    let (bucket, key) = (Arc::clone(bucket), BlobKey::random()?);
    Ok(Staged { bucket, key, head: Vec::new(), head_bytes: 0, large: None })
}

impl Staged {
    pub async fn append(&mut self, batch: Vec<Bytes>) -> Result<()> {
        if let Some(large) = &mut self.large {
            return large.append(batch).await;
        }
        self.head_bytes += batch.iter().map(Bytes::len).sum::<usize>();
        self.head.extend(batch);
        if self.head_bytes <= PART_BYTES {
            return Ok(());
        }
        let path = self.bucket.blob_path(&self.key);
        let upload = self.bucket.store.put_multipart(&path).await.map_err(Error::internal)?;
        let writer = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        let large = self.large.insert(Large { writer: Some(writer) });
        large.append(std::mem::take(&mut self.head)).await
    }

    /// Makes the object visible under its own random key.
    pub async fn publish_blob(self) -> Result<BlobKey> {
        let Self { bucket, key, head, large, .. } = self;
        match large {
            Some(large) => large.finish().await?,
            None => put(&bucket.store, bucket.blob_path(&key), head).await?,
        }
        Ok(key)
    }

    /// Makes the object visible as `path`, a name that was not known before its last byte.
    pub(super) async fn publish_as(self, path: Path) -> Result<()> {
        let Self { bucket, key, head, large, .. } = self;
        let Some(large) = large else {
            return put(&bucket.store, path, head).await;
        };
        large.finish().await?;
        // S3 cannot rename.
        let copied = bucket.store.copy(&bucket.blob_path(&key), &path).await.map_err(Error::internal);
        bucket.delete(&key).await?;
        copied
    }
}

async fn put(store: &AmazonS3, path: Path, pieces: Vec<Bytes>) -> Result<()> {
    let payload = PutPayload::from_iter(pieces);
    store.put(&path, payload).await.map(drop).map_err(Error::internal)
}

/// S3's own multipart upload behind one object.
struct Large {
    /// Taken when the upload ends.
    writer: Option<WriteMultipart>,
}

impl Large {
    async fn append(&mut self, batch: Vec<Bytes>) -> Result<()> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        for piece in batch {
            writer.wait_for_capacity(IN_FLIGHT).await.map_err(Error::internal)?;
            writer.put(piece);
        }
        Ok(())
    }

    /// Runs to its end even when nobody waits any more: an object without a row is found by the garbage
    /// collection, an incomplete upload only by the bucket's own rules.
    async fn finish(mut self) -> Result<()> {
        let Some(writer) = self.writer.take() else { return Ok(()) };
        let done = tokio::spawn(writer.finish()).await.map_err(Error::internal)?;
        done.map(drop).map_err(Error::internal)
    }
}

impl Drop for Large {
    fn drop(&mut self) {
        let Some(writer) = self.writer.take() else { return };
        // At exit there is no runtime: then the bucket's lifecycle rule removes the parts.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(writer.abort());
        }
    }
}
