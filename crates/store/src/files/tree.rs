//! A folder of artifacts with all it holds.

use weir_domain::Result;

use super::{Owner, behind};
use crate::Tx;

/// A file as far as its bytes are concerned.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub path: String,
    pub size_bytes: i64,
    pub location: String,
    pub modified_at: i64,
}

/// Every file below `folder` (empty: of the whole tree) in the order of the paths' bytes, at most `most`.
pub fn below(tx: &mut Tx<'_>, owner: Owner, folder: &str, most: i64) -> Result<Vec<Leaf>> {
    let (begin, end) = match folder {
        "" => (String::new(), "\u{10FFFF}".to_owned()),
        folder => (format!("{folder}/"), behind(folder)),
    };
    tx.list(
        "SELECT f.path, b.size_bytes, b.location, f.modified_at FROM files f JOIN blobs b ON b.id = f.blob_id
         WHERE f.owner_kind = ?1 AND f.owner_id = ?2 AND f.path > ?3 AND f.path < ?4
         ORDER BY f.path
         LIMIT ?5",
        &[&owner.kind(), &owner.id(), &begin, &end, &most],
        |row| {
            Ok(Leaf {
                path: row.text(0)?,
                size_bytes: row.int(1)?,
                location: row.text(2)?,
                modified_at: row.int(3)?,
            })
        },
    )
}
