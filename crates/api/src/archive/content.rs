//! The bytes of an archive, one file after the other, in constant memory.

use std::collections::VecDeque;

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _, stream};
use weir_artifacts::{Blobs, ByteStream};
use weir_domain::{Error, Result};

use super::zip::{BLOCK, Directory, Entry, block};
use crate::seats::Seat;

/// What is sent at once.
const PIECE: usize = 128 * 1024;

struct Content {
    blobs: Blobs,
    files: VecDeque<(Entry, String)>,
    open: Option<Open>,
    directory: Directory,
    ended: bool,
    _seat: Seat,
}

/// The file that is being sent.
struct Open {
    entry: Entry,
    bytes: ByteStream,
    /// Read and not sent yet.
    read: Bytes,
    left: u64,
    left_in_block: usize,
    crc: crc32fast::Hasher,
}

/// The archive of `files`, each with the location of its bytes. A file that is not there any more, or is not what its
/// row says, breaks the stream off: the client has fewer bytes than it was promised. The seat is left with the stream.
pub fn stream(
    blobs: Blobs,
    files: VecDeque<(Entry, String)>,
    seat: Seat,
) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
    let content =
        Content { blobs, files, open: None, directory: Directory::default(), ended: false, _seat: seat };
    stream::try_unfold(content, |mut content| async move {
        let mut piece = Vec::with_capacity(PIECE + 1024);
        while piece.len() < PIECE && !content.ended {
            content.step(&mut piece).await.inspect_err(|error| {
                tracing::error!(?error, "the download of a folder broke off");
            })?;
        }
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), content)))
    })
}

impl Content {
    async fn step(&mut self, out: &mut Vec<u8>) -> Result<()> {
        if let Some(mut open) = self.open.take() {
            if open.left > 0 {
                open.copy(out).await?;
                self.open = Some(open);
                return Ok(());
            }
            open.check_end().await?;
            self.directory.end(open.entry, open.crc.finalize(), out);
            return Ok(());
        }
        let Some((entry, location)) = self.files.pop_front() else {
            self.ended = true;
            std::mem::take(&mut self.directory).finish(out);
            return Ok(());
        };
        self.directory.begin(&entry, out);
        if entry.size == 0 {
            block(0, true, out);
            self.directory.end(entry, 0, out);
            return Ok(());
        }
        let bytes = self.blobs.read(&location, None).await?;
        let (left, crc) = (entry.size, crc32fast::Hasher::new());
        self.open = Some(Open { entry, bytes, read: Bytes::new(), left, left_in_block: 0, crc });
        Ok(())
    }
}

impl Open {
    /// Copies what has been read, up to the end of a block.
    async fn copy(&mut self, out: &mut Vec<u8>) -> Result<()> {
        if self.read.is_empty() {
            self.read = self.bytes.try_next().await?.ok_or_else(|| self.not_as_told("shorter"))?;
            return Ok(());
        }
        if self.left_in_block == 0 {
            // The smaller of the two, so it is a usize.
            self.left_in_block = self.left.min(BLOCK as u64) as usize;
            block(self.left_in_block, self.left <= BLOCK as u64, out);
        }
        let piece = self.read.split_to(self.read.len().min(self.left_in_block));
        self.crc.update(&piece);
        out.extend_from_slice(&piece);
        self.left -= piece.len() as u64;
        self.left_in_block -= piece.len();
        Ok(())
    }

    async fn check_end(&mut self) -> Result<()> {
        while self.read.is_empty() {
            match self.bytes.try_next().await? {
                Some(bytes) => self.read = bytes,
                None => return Ok(()),
            }
        }
        Err(self.not_as_told("longer"))
    }

    fn not_as_told(&self, how: &str) -> Error {
        Error::internal(format!("the bytes of '{}' are {how} than its row says", self.entry.name))
    }
}
