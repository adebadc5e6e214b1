//! The files that are not the same in two trees; any number of them costs no memory here.

use weir_domain::Result;

use super::Owner;
use crate::Tx;

/// A file by its bytes.
#[derive(Clone, Debug)]
pub struct Content {
    pub size_bytes: i64,
    pub sha256: Vec<u8>,
}

/// The first by path, and how many there are with them.
#[derive(Debug)]
pub struct Counted<T> {
    pub first: Vec<T>,
    pub count: i64,
}

const ONLY_IN: &str = "FROM files f JOIN blobs b ON b.id = f.blob_id
    WHERE f.owner_kind = ?1 AND f.owner_id = ?2 AND NOT EXISTS (
      SELECT 1 FROM files o WHERE o.owner_kind = ?3 AND o.owner_id = ?4 AND o.path = f.path)";

/// Files whose paths `tree` has and `other` has not.
pub fn only_in(tx: &mut Tx<'_>, tree: Owner, other: Owner, most: i64) -> Result<Counted<(String, Content)>> {
    let owners = (tree.kind(), tree.id(), other.kind(), other.id());
    let first = tx.list(
        &format!("SELECT f.path, b.size_bytes, b.sha256 {ONLY_IN} ORDER BY f.path LIMIT ?5"),
        &[&owners.0, &owners.1, &owners.2, &owners.3, &most],
        |row| Ok((row.text(0)?, Content { size_bytes: row.int(1)?, sha256: row.blob(2)? })),
    )?;
    let count = tx.get(
        &format!("SELECT COUNT(*) {ONLY_IN}"),
        &[&owners.0, &owners.1, &owners.2, &owners.3],
        |row| row.int(0),
    )?;
    Ok(Counted { first, count })
}

// Equal bytes are one blob, so blobs need not be read to be compared.
const IN_BOTH: &str =
    "FROM files f JOIN files o ON o.owner_kind = ?3 AND o.owner_id = ?4 AND o.path = f.path";

/// Files that both trees have at one path, with other bytes: as they are in `from` and in `to`.
pub fn changed(
    tx: &mut Tx<'_>,
    from: Owner,
    to: Owner,
    most: i64,
) -> Result<Counted<(String, Content, Content)>> {
    let owners = (from.kind(), from.id(), to.kind(), to.id());
    let first = tx.list(
        &format!(
            "SELECT f.path, a.size_bytes, a.sha256, b.size_bytes, b.sha256 {IN_BOTH}
             JOIN blobs a ON a.id = f.blob_id JOIN blobs b ON b.id = o.blob_id
             WHERE f.owner_kind = ?1 AND f.owner_id = ?2 AND f.blob_id <> o.blob_id
             ORDER BY f.path LIMIT ?5"
        ),
        &[&owners.0, &owners.1, &owners.2, &owners.3, &most],
        |row| {
            let from = Content { size_bytes: row.int(1)?, sha256: row.blob(2)? };
            Ok((row.text(0)?, from, Content { size_bytes: row.int(3)?, sha256: row.blob(4)? }))
        },
    )?;
    let count = count_both(tx, from, to, "<>")?;
    Ok(Counted { first, count })
}

/// How many files are the same in both.
pub fn unchanged(tx: &mut Tx<'_>, from: Owner, to: Owner) -> Result<i64> {
    count_both(tx, from, to, "=")
}

fn count_both(tx: &mut Tx<'_>, from: Owner, to: Owner, comparison: &str) -> Result<i64> {
    tx.get(
        &format!(
            "SELECT COUNT(*) {IN_BOTH}
             WHERE f.owner_kind = ?1 AND f.owner_id = ?2 AND f.blob_id {comparison} o.blob_id"
        ),
        &[&from.kind(), &from.id(), &to.kind(), &to.id()],
        |row| row.int(0),
    )
}
