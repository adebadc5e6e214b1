//! The limit of the disk: a plain copy of a file that is on disk when it is done.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Result;
use crate::bodies::Numbers;
use crate::client::PIECE_BYTES;

/// Bytes that neither repeat nor compress.
pub fn random_piece() -> Vec<u8> {
    let mut numbers = Numbers::new(3);
    (0..PIECE_BYTES).map(|_| (numbers.unit() * 256.0) as u8).collect()
}

/// Writes a file of `size_bytes` and copies it: read, write, fsync. The answer is how long the copy took.
pub fn durable_copy(scratch: &Path, size_bytes: u64) -> Result<Duration> {
    let folder = tempfile::tempdir_in(scratch)?;
    let (source, target) = (folder.path().join("source"), folder.path().join("target"));
    write_source(&source, size_bytes)?;

    let mut piece = vec![0; PIECE_BYTES];
    let started_at = Instant::now();
    let (mut source, mut target) = (File::open(source)?, File::create(target)?);
    loop {
        let read = source.read(&mut piece)?;
        if read == 0 {
            break;
        }
        target.write_all(&piece[..read])?;
    }
    target.sync_all()?;
    Ok(started_at.elapsed())
}

fn write_source(path: &Path, size_bytes: u64) -> Result<()> {
    let mut file = File::create(path)?;
    let mut piece = random_piece();
    let mut left = size_bytes;
    while left > 0 {
        piece[..8].copy_from_slice(&left.to_le_bytes());
        let take = piece.len().min(usize::try_from(left)?);
        file.write_all(&piece[..take])?;
        left -= take as u64;
    }
    // So that the copy does not pay for these bytes too.
    file.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_takes_time_and_leaves_nothing() {
        let scratch = tempfile::tempdir().unwrap();
        assert!(durable_copy(scratch.path(), 3 * PIECE_BYTES as u64 / 2).unwrap() > Duration::ZERO);
        assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
    }
}
