//! SHA-256 of a stream of bytes, computed on a blocking thread beside the writing of the same bytes.

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use weir_domain::Result;

use crate::lane::Lane;

/// Up to here a hash costs less than a change of thread.
const INLINE_BYTES: usize = 32 * 1024;

pub struct Digest {
    lane: Lane<Sha256>,
}

impl Digest {
    pub fn new() -> Self {
        Self { lane: Lane::new(Sha256::new()) }
    }

    /// Takes the next bytes; waits only for those before them.
    pub async fn feed(&mut self, batch: Vec<Bytes>) -> Result<()> {
        self.lane
            .start(move |sha256| {
                batch.iter().for_each(|bytes| sha256.update(bytes));
                Ok(())
            })
            .await
    }

    /// The digest of everything fed and of `rest`.
    pub async fn finish(mut self, rest: Vec<Bytes>) -> Result<[u8; 32]> {
        if rest.iter().map(Bytes::len).sum::<usize>() > INLINE_BYTES {
            self.feed(rest).await?;
            return Ok(self.lane.take().await?.finalize().into());
        }
        let mut sha256 = self.lane.take().await?;
        rest.iter().for_each(|bytes| sha256.update(bytes));
        Ok(sha256.finalize().into())
    }
}
