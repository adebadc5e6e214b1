//! A file on its way into the store: limits, batching, the digest, and the store's own writer behind them.

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use weir_domain::{Error, Result};

use crate::digest::Digest;
use crate::key::BlobKey;
use crate::{Blobs, Stored, bucket, folder};

/// Bytes handed to the blocking threads at once: large enough that changing threads costs nothing.
const BATCH_BYTES: usize = 1 << 20;
/// Pieces in a batch; a client that sends tiny ones must not make us keep a million of them.
const BATCH_PIECES: usize = 256;

/// A file being written. Dropped before [`Upload::finish`] returned, it leaves nothing behind.
pub struct Upload {
    sink: Sink,
    digest: Digest,
    batch: Vec<Bytes>,
    batch_bytes: usize,
    size: u64,
    declared_size: Option<u64>,
    max_file_bytes: u64,
}

pub(crate) enum Sink {
    Folder(folder::Staged),
    Bucket(bucket::Staged),
}

/// A file whose last byte is written (and synced, in a folder), but that has no name yet.
pub(crate) struct Closed {
    pub sink: Sink,
    pub sha256: [u8; 32],
    pub size: u64,
}

impl Upload {
    pub(crate) fn new(sink: Sink, declared_size: Option<u64>, max_file_bytes: u64) -> Self {
        Self {
            sink,
            digest: Digest::new(),
            batch: Vec::new(),
            batch_bytes: 0,
            size: 0,
            declared_size,
            max_file_bytes,
        }
    }

    /// Takes the next bytes. Waits when the store is slower than the sender.
    pub async fn write(&mut self, bytes: Bytes) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.size += bytes.len() as u64;
        check_size(self.size, self.max_file_bytes)?;
        if let Some(declared_size) = self.declared_size
            && self.size > declared_size
        {
            return Err(Error::invalid(format!(
                "the file has more than the {declared_size} bytes announced"
            )));
        }
        self.batch_bytes += bytes.len();
        self.batch.push(bytes);
        if self.batch_bytes < BATCH_BYTES && self.batch.len() < BATCH_PIECES {
            return Ok(());
        }
        let batch = self.take_batch();
        self.digest.feed(batch.clone()).await?;
        match &mut self.sink {
            Sink::Folder(staged) => staged.append(batch).await,
            Sink::Bucket(staged) => staged.append(batch).await,
        }
    }

    /// Writes all of `body`.
    pub async fn write_all(&mut self, body: impl Stream<Item = Result<Bytes>> + Send) -> Result<()> {
        let mut body = std::pin::pin!(body);
        while let Some(bytes) = body.next().await {
            self.write(bytes?).await?;
        }
        Ok(())
    }

    /// Makes the file durable and gives it its location.
    pub async fn finish(self) -> Result<Stored> {
        let Closed { sink, sha256, size } = self.close().await?;
        let key = match sink {
            Sink::Folder(staged) => {
                let key = BlobKey::of_digest(&sha256)?;
                staged.publish_blob(&key).await?;
                key
            }
            Sink::Bucket(staged) => staged.publish_blob().await?,
        };
        Ok(Stored { location: key.as_str().to_owned(), sha256, size })
    }

    pub(crate) async fn close(mut self) -> Result<Closed> {
        if let Some(declared_size) = self.declared_size
            && self.size != declared_size
        {
            return Err(Error::invalid(format!(
                "the file has {} bytes, {declared_size} were announced",
                self.size
            )));
        }
        let batch = self.take_batch();
        let (sha256, closed) = tokio::join!(self.digest.finish(batch.clone()), async {
            match &mut self.sink {
                Sink::Folder(staged) => staged.close(batch).await,
                Sink::Bucket(staged) => staged.append(batch).await,
            }
        });
        closed?;
        Ok(Closed { sink: self.sink, sha256: sha256?, size: self.size })
    }

    fn take_batch(&mut self) -> Vec<Bytes> {
        let bytes = std::mem::take(&mut self.batch_bytes);
        let batch = std::mem::take(&mut self.batch);
        if batch.len() < BATCH_PIECES {
            return batch;
        }
        let mut joined = BytesMut::with_capacity(bytes);
        batch.iter().for_each(|piece| joined.extend_from_slice(piece));
        vec![joined.freeze()]
    }
}

impl Blobs {
    /// Stores the whole of `body`.
    pub async fn put(
        &self,
        declared_size: Option<u64>,
        body: impl Stream<Item = Result<Bytes>> + Send,
    ) -> Result<Stored> {
        let mut upload = self.begin(declared_size).await?;
        upload.write_all(body).await?;
        upload.finish().await
    }
}

pub(crate) fn check_size(size: u64, max_file_bytes: u64) -> Result<()> {
    if size > max_file_bytes {
        return Err(Error::TooLarge(format!(
            "a file of {size} bytes or more is over the limit of {max_file_bytes} bytes per file"
        )));
    }
    Ok(())
}
