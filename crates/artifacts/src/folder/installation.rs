//! The mark of the installation in the folder store: one small file, written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use weir_domain::Result;

use super::{Folder, failed, lock_uploads, sync_folder};
use crate::installation::MARK;
use crate::lane::blocking;

impl Folder {
    pub async fn installation(&self) -> Result<Option<String>> {
        let path = self.root.join(MARK);
        blocking(move || match fs::read_to_string(&path) {
            Ok(mark) => Ok(Some(mark)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", &path, &error)),
        })
        .await
    }

    /// Writes the mark, unless there is one.
    pub async fn mark(&self, id: &str) -> Result<()> {
        let (root, uploads) = (self.root.clone(), self.uploads.clone());
        let (staged, id) = (self.instance.join(MARK), id.to_owned());
        blocking(move || {
            // Of two processes that find no mark, one waits here and then finds the other's.
            let writing = lock_uploads(&uploads).map_err(|error| failed("lock", &uploads, &error))?;
            let path = root.join(MARK);
            if !path.exists() {
                write(&staged, &path, &root, &id).map_err(|error| failed("write", &path, &error))?;
            }
            drop(writing);
            Ok(())
        })
        .await
    }
}

fn write(staged: &Path, path: &Path, root: &Path, id: &str) -> io::Result<()> {
    let mut file = File::create(staged)?;
    writeln!(file, "{id}")?;
    file.sync_all()?;
    fs::rename(staged, path)?;
    sync_folder(root)
}
