//! The files of a whole tree, page after page, for routes whose pages have numbers.

use weir_domain::Result;

use super::{File, Owner};
use crate::Tx;

/// What the files of a tree are listed by; the path decides between equals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    Path,
    #[default]
    ModifiedAt,
}

/// At most `limit` files behind the first `offset`, folders looked through.
pub fn page(
    tx: &mut Tx<'_>,
    owner: Owner,
    order: Order,
    descending: bool,
    offset: i64,
    limit: i64,
) -> Result<Vec<File>> {
    let order = match (order, descending) {
        (Order::Path, false) => "f.path",
        (Order::Path, true) => "f.path DESC",
        (Order::ModifiedAt, false) => "f.modified_at, f.path",
        (Order::ModifiedAt, true) => "f.modified_at DESC, f.path DESC",
    };
    let sql = format!(
        "SELECT f.path, b.sha256, b.size_bytes, b.location, f.modified_at
         FROM files f JOIN blobs b ON b.id = f.blob_id
         WHERE f.owner_kind = ?1 AND f.owner_id = ?2
         ORDER BY {order}
         LIMIT ?3 OFFSET ?4"
    );
    tx.list(&sql, &[&owner.kind(), &owner.id(), &limit, &offset], |row| {
        Ok(File {
            path: row.text(0)?,
            sha256: row.blob(1)?,
            size_bytes: row.int(2)?,
            location: row.text(3)?,
            modified_at: row.int(4)?,
        })
    })
}
