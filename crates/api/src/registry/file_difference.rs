//! The files that are not the same in two trees, by path and SHA-256.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_domain::{Error, Result};
use weir_store::Tx;
use weir_store::files::{self, Owner};

/// Files of one tree that are held in memory.
const MAX_FILES: usize = 100_000;
/// Files that are listed.
const MAX_LISTED: usize = 1000;

/// In the order of the paths' bytes.
#[derive(Default, Serialize, ToSchema)]
pub struct FilesDifference {
    added: Vec<FileInfo>,
    removed: Vec<FileInfo>,
    changed: Vec<FileChange>,
    /// How many differ beyond those listed.
    not_listed: usize,
    unchanged: usize,
}

#[derive(Serialize, ToSchema)]
struct FileInfo {
    path: String,
    #[serde(flatten)]
    content: Content,
}

#[derive(Serialize, ToSchema)]
struct FileChange {
    path: String,
    from: Content,
    to: Content,
}

#[derive(Serialize, ToSchema)]
struct Content {
    size_bytes: i64,
    sha256: String,
}

impl Content {
    fn new(size_bytes: i64, sha256: &[u8]) -> Self {
        Self { size_bytes, sha256: hex::encode(sha256) }
    }
}

impl FilesDifference {
    /// Whether one more may be listed; counts it when not.
    fn has_room(&mut self) -> bool {
        let has = self.added.len() + self.removed.len() + self.changed.len() < MAX_LISTED;
        self.not_listed += usize::from(!has);
        has
    }
}

pub fn compare_files(tx: &mut Tx<'_>, from: Owner, to: Owner) -> Result<FilesDifference> {
    let mut before: HashMap<String, (i64, Vec<u8>)> = HashMap::new();
    files::each(tx, from, |path, size_bytes, sha256| {
        if before.len() == MAX_FILES {
            return Err(Error::TooLarge(format!(
                "a version has more than {MAX_FILES} files, which is more than a comparison reads"
            )));
        }
        before.insert(path.to_owned(), (size_bytes, sha256.to_vec()));
        Ok(())
    })?;
    let mut difference = FilesDifference::default();
    files::each(tx, to, |path, size_bytes, sha256| {
        match before.remove(path) {
            Some((_, old)) if old == sha256 => difference.unchanged += 1,
            Some((old_size, old)) if difference.has_room() => difference.changed.push(FileChange {
                path: path.to_owned(),
                from: Content::new(old_size, &old),
                to: Content::new(size_bytes, sha256),
            }),
            None if difference.has_room() => difference
                .added
                .push(FileInfo { path: path.to_owned(), content: Content::new(size_bytes, sha256) }),
            _ => {}
        }
        Ok(())
    })?;
    let mut removed: Vec<_> = before.into_iter().collect();
    removed.sort_unstable();
    for (path, (size_bytes, sha256)) in removed {
        if difference.has_room() {
            difference.removed.push(FileInfo { path, content: Content::new(size_bytes, &sha256) });
        }
    }
    Ok(difference)
}
