//! The data folder: made when it is not there, and used by one server at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use weir_domain::{Error, Result};

const LOCK: &str = "weir.lock";

/// Makes the folder, so that a database can be put there.
pub fn create(folder: &Path) -> Result<()> {
    // Whoever reads the database reads every project's runs, whatever their visibility.
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| unusable(folder, &error))
}

/// Keeps other servers off the folder until the file is closed, which the system does however the process ends.
///
/// Two servers on one SQLite file would each remember tokens and keys that the other changes; commands remember
/// nothing and need no lock.
pub fn lock(folder: &Path) -> Result<File> {
    let path = folder.join(LOCK);
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(|error| unusable(folder, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Conflict(format!(
            "another weir server uses the data folder '{}': stop it, or choose another with --data",
            folder.display()
        ))),
        Err(TryLockError::Error(error)) => Err(unusable(folder, &error)),
    }
}

fn unusable(folder: &Path, error: &std::io::Error) -> Error {
    Error::invalid(format!("cannot use the data folder '{}': {error}", folder.display()))
}
