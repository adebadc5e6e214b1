//! The files that are not the same in two trees, by path and SHA-256.

use serde::Serialize;
use utoipa::ToSchema;
use weir_domain::Result;
use weir_store::Tx;
use weir_store::files::Owner;
use weir_store::files::difference::{self, Counted};

/// Files of a list.
const MAX_LISTED: i64 = 1000;

/// In the order of the paths' bytes.
#[derive(Serialize, ToSchema)]
pub struct FilesDifference {
    added: Vec<FileInfo>,
    removed: Vec<FileInfo>,
    changed: Vec<FileChange>,
    /// How many differ beyond those listed.
    not_listed: i64,
    unchanged: i64,
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

impl From<difference::Content> for Content {
    fn from(content: difference::Content) -> Self {
        Self { size_bytes: content.size_bytes, sha256: hex::encode(content.sha256) }
    }
}

pub fn compare_files(tx: &mut Tx<'_>, from: Owner, to: Owner) -> Result<FilesDifference> {
    let added = difference::only_in(tx, to, from, MAX_LISTED)?;
    let removed = difference::only_in(tx, from, to, MAX_LISTED)?;
    let changed = difference::changed(tx, from, to, MAX_LISTED)?;
    let file = |(path, content): (String, difference::Content)| FileInfo { path, content: content.into() };
    Ok(FilesDifference {
        not_listed: not_listed(&added) + not_listed(&removed) + not_listed(&changed),
        unchanged: difference::unchanged(tx, from, to)?,
        added: added.first.into_iter().map(file).collect(),
        removed: removed.first.into_iter().map(file).collect(),
        changed: changed
            .first
            .into_iter()
            .map(|(path, from, to)| FileChange { path, from: from.into(), to: to.into() })
            .collect(),
    })
}

fn not_listed<T>(files: &Counted<T>) -> i64 {
    files.count - files.first.len() as i64
}
