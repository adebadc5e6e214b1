//! Reading from the folder store: a piece is read while the one before it is on its way to the client.

use std::fs::File;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use rustix::buffer::spare_capacity;
use tokio::task::JoinHandle;
use weir_domain::{Error, Result};

use super::{Folder, failed};
use crate::ByteStream;
use crate::key::BlobKey;
use crate::lane::blocking;

/// Large enough that neither threads nor system calls count, small enough for many downloads at once.
const PIECE_BYTES: u64 = 512 * 1024;

impl Folder {
    pub async fn read(&self, key: &BlobKey, range: Option<Range<u64>>) -> Result<ByteStream> {
        read_file(self.blob_path(key), range).await
    }
}

pub async fn read_file(path: PathBuf, range: Option<Range<u64>>) -> Result<ByteStream> {
    let (first, rest) = blocking(move || {
        let file = File::open(&path).map_err(|error| failed("read", &path, &error))?;
        let size = file.metadata().map_err(|error| failed("read", &path, &error))?.len();
        let range = range.unwrap_or(0..size);
        if range.end > size {
            let reason = format!("{} has {size} bytes, {} were asked for", path.display(), range.end);
            return Err(Error::internal(reason));
        }
        let mut rest = Reader { file: Arc::new(file), at: range.start, end: range.end };
        // A small file is whole after this one job.
        Ok((rest.next_piece()?, rest))
    })
    .await?;
    let pieces = stream::unfold(rest.ahead(), |ahead| async move {
        let (piece, reader) = match ahead?.await.map_err(Error::internal).and_then(|read| read) {
            Ok(read) => read,
            Err(error) => return Some((Err(error), None)),
        };
        Some((Ok(piece), reader.ahead()))
    });
    Ok(stream::iter((!first.is_empty()).then_some(Ok(first))).chain(pieces).boxed())
}

struct Reader {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Reader {
    /// Starts to read the next piece, if there is one.
    fn ahead(mut self) -> Option<JoinHandle<Result<(Bytes, Self)>>> {
        let more = self.at < self.end;
        more.then(|| tokio::task::spawn_blocking(move || Ok((self.next_piece()?, self))))
    }

    fn next_piece(&mut self) -> Result<Bytes> {
        let wanted = (self.end - self.at).min(PIECE_BYTES) as usize;
        let mut piece = Vec::with_capacity(wanted);
        while piece.len() < wanted {
            let at = self.at + piece.len() as u64;
            match rustix::io::pread(&self.file, spare_capacity(&mut piece), at) {
                Ok(0) => {
                    return Err(Error::internal(format!("a stored file ends at byte {at} of {}", self.end)));
                }
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(Error::internal(std::io::Error::from(error))),
            }
        }
        // The allocation may be a little larger than asked for, and so the last read.
        piece.truncate(wanted);
        self.at += wanted as u64;
        Ok(Bytes::from(piece))
    }
}
