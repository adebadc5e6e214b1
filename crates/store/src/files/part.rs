//! The files of a whole tree as one list, folders looked through.

use weir_domain::Result;

use super::{File, Owner};
use crate::Tx;
use crate::slice::{self, Listing, Part, Slice};

/// What the files of a tree are listed by; the path decides between equals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    Path,
    #[default]
    ModifiedAt,
}

/// A part of the files, in the order or (true) in its reverse.
pub fn part(tx: &mut Tx<'_>, owner: Owner, order: (Order, bool), slice: Slice) -> Result<Part<File>> {
    let listing = Listing {
        columns: "f.path, b.sha256, b.size_bytes, b.location, f.modified_at",
        from: "files f JOIN blobs b ON b.id = f.blob_id WHERE f.owner_kind = ?1 AND f.owner_id = ?2",
        // Files have no number of their own in the database.
        id: "b.id",
        order: match order {
            (Order::Path, false) => "f.path",
            (Order::Path, true) => "f.path DESC",
            (Order::ModifiedAt, false) => "f.modified_at, f.path",
            (Order::ModifiedAt, true) => "f.modified_at DESC, f.path DESC",
        },
    };
    slice::read(tx, &listing, &[&owner.kind(), &owner.id()], slice, |row| {
        Ok(File {
            path: row.text(0)?,
            sha256: row.blob(1)?,
            size_bytes: row.int(2)?,
            location: row.text(3)?,
            modified_at: row.int(4)?,
        })
    })
}
