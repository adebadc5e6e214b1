//! Artifacts as rows: a path in the tree of a run, and the bytes that it stands for, stored once per digest.

use weir_domain::{Error, Result};

use crate::Tx;

/// Whose tree a file is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Run(i64),
}

impl Owner {
    fn kind(self) -> i64 {
        match self {
            Self::Run(_) => 1,
        }
    }

    fn id(self) -> i64 {
        match self {
            Self::Run(id) => id,
        }
    }
}

#[derive(Clone, Debug)]
pub struct File {
    pub path: String,
    pub sha256: Vec<u8>,
    pub size_bytes: i64,
    pub location: String,
    pub modified_at: i64,
}

/// Bytes that the artifact store holds.
pub struct Stored<'a> {
    pub sha256: &'a [u8; 32],
    pub size_bytes: i64,
    pub location: &'a str,
}

/// An entry of a folder: a file with its size, or a folder below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    pub size_bytes: Option<i64>,
}

/// Makes `path` stand for `stored`, in the place of what it stood for. Bytes that nothing speaks of any more
/// (the old ones, or `stored` itself when the same are there already) become garbage.
pub fn put(tx: &mut Tx<'_>, owner: Owner, path: &str, stored: &Stored<'_>, now: i64) -> Result<()> {
    check_place(tx, owner, path)?;
    let blob_id = link_blob(tx, stored, now)?;
    let old = blob_of(tx, owner, path)?;
    tx.execute(
        "INSERT INTO files (owner_kind, owner_id, path, blob_id, modified_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (owner_kind, owner_id, path) DO UPDATE
         SET blob_id = excluded.blob_id, modified_at = excluded.modified_at",
        &[&owner.kind(), &owner.id(), &path, &blob_id, &now],
    )?;
    match old {
        Some(old) if old != blob_id => drop_blob(tx, old, now),
        _ => Ok(()),
    }
}

/// A file cannot stand where a folder is, nor below a file.
fn check_place(tx: &mut Tx<'_>, owner: Owner, path: &str) -> Result<()> {
    if is_folder(tx, owner, path)? {
        return Err(Error::Conflict(format!("Invalid path '{path}': there is a folder of this name")));
    }
    for (end, _) in path.match_indices('/') {
        if blob_of(tx, owner, &path[..end])?.is_some() {
            return Err(Error::Conflict(format!("Invalid path '{path}': '{}' is a file, not a folder", &path[..end])));
        }
    }
    Ok(())
}

fn link_blob(tx: &mut Tx<'_>, stored: &Stored<'_>, now: i64) -> Result<i64> {
    let lock = format!("SELECT id FROM blobs WHERE sha256 = ?1{}", tx.for_update());
    if let Some(id) = tx.find(&lock, &[stored.sha256], |row| row.int(0))? {
        add_garbage(tx, stored.location, now)?;
        return Ok(id);
    }
    let fresh = tx.find(
        "INSERT INTO blobs (sha256, size_bytes, location) VALUES (?1, ?2, ?3) ON CONFLICT (sha256) DO NOTHING RETURNING id",
        &[stored.sha256, &stored.size_bytes, &stored.location],
        |row| row.int(0),
    )?;
    match fresh {
        Some(id) => Ok(id),
        // The same bytes were committed a moment ago by another upload.
        None => {
            add_garbage(tx, stored.location, now)?;
            tx.get(&lock, &[stored.sha256], |row| row.int(0))
        }
    }
}

fn blob_of(tx: &mut Tx<'_>, owner: Owner, path: &str) -> Result<Option<i64>> {
    tx.find(
        "SELECT blob_id FROM files WHERE owner_kind = ?1 AND owner_id = ?2 AND path = ?3",
        &[&owner.kind(), &owner.id(), &path],
        |row| row.int(0),
    )
}

/// Forgets a blob when no file speaks of it any more.
fn drop_blob(tx: &mut Tx<'_>, blob_id: i64, now: i64) -> Result<()> {
    let lock = format!("SELECT location FROM blobs WHERE id = ?1{}", tx.for_update());
    let Some(location) = tx.find(&lock, &[&blob_id], |row| row.text(0))? else { return Ok(()) };
    let used = tx.find("SELECT 1 FROM files WHERE blob_id = ?1 LIMIT 1", &[&blob_id], |_| Ok(()))?;
    if used.is_some() {
        return Ok(());
    }
    tx.execute("DELETE FROM blobs WHERE id = ?1", &[&blob_id])?;
    add_garbage(tx, &location, now)
}

/// Notes bytes to be removed from the artifact store.
pub fn add_garbage(tx: &mut Tx<'_>, location: &str, now: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO garbage (location, since) VALUES (?1, ?2) ON CONFLICT (location) DO NOTHING",
        &[&location, &now],
    )?;
    Ok(())
}

/// Locations whose bytes nothing has spoken of since `before`: late enough that no download still reads them.
pub fn garbage(tx: &mut Tx<'_>, before: i64, most: i64) -> Result<Vec<String>> {
    tx.list(
        "SELECT location FROM garbage WHERE since <= ?1 ORDER BY location LIMIT ?2",
        &[&before, &most],
        |row| row.text(0),
    )
}

/// The bytes are gone.
pub fn forget_garbage(tx: &mut Tx<'_>, locations: &[String]) -> Result<()> {
    let sql = format!("DELETE FROM garbage WHERE {}", tx.any_of("location", "?1"));
    tx.execute(&sql, &[&locations])?;
    Ok(())
}

pub fn find(tx: &mut Tx<'_>, owner: Owner, path: &str) -> Result<Option<File>> {
    tx.find(
        "SELECT f.path, b.sha256, b.size_bytes, b.location, f.modified_at
         FROM files f JOIN blobs b ON b.id = f.blob_id
         WHERE f.owner_kind = ?1 AND f.owner_id = ?2 AND f.path = ?3",
        &[&owner.kind(), &owner.id(), &path],
        |row| {
            Ok(File {
                path: row.text(0)?,
                sha256: row.blob(1)?,
                size_bytes: row.int(2)?,
                location: row.text(3)?,
                modified_at: row.int(4)?,
            })
        },
    )
}

/// The first text behind everything that starts with `folder/`: `0` follows `/` in byte order.
fn behind(folder: &str) -> String {
    format!("{folder}0")
}

/// The least text behind `path` itself: no path holds a control character.
fn next_path(path: &str) -> String {
    format!("{path}\u{1}")
}

pub fn is_folder(tx: &mut Tx<'_>, owner: Owner, path: &str) -> Result<bool> {
    let found = tx.find(
        "SELECT 1 FROM files WHERE owner_kind = ?1 AND owner_id = ?2 AND path > ?3 AND path < ?4 LIMIT 1",
        &[&owner.kind(), &owner.id(), &format!("{path}/"), &behind(path)],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// What stands directly in `folder` (empty: the root) behind the name `after`, by name, at most `most` entries.
/// A folder costs one look-up however much it holds.
pub fn list(tx: &mut Tx<'_>, owner: Owner, folder: &str, after: Option<&str>, most: usize) -> Result<Vec<Listed>> {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    // Every path that starts with the prefix is below this; for the root, above all valid UTF-8 starts.
    let end = if folder.is_empty() { "\u{10FFFF}".to_owned() } else { behind(folder) };
    let mut position = match after {
        None => prefix.clone(),
        Some(name) if is_folder(tx, owner, &format!("{prefix}{name}"))? => behind(&format!("{prefix}{name}")),
        Some(name) => next_path(&format!("{prefix}{name}")),
    };
    let mut entries: Vec<Listed> = Vec::new();
    while entries.len() < most {
        let next = tx.find(
            "SELECT f.path, b.size_bytes FROM files f JOIN blobs b ON b.id = f.blob_id
             WHERE f.owner_kind = ?1 AND f.owner_id = ?2 AND f.path >= ?3 AND f.path < ?4
             ORDER BY f.path
             LIMIT 1",
            &[&owner.kind(), &owner.id(), &position, &end],
            |row| Ok((row.text(0)?, row.int(1)?)),
        )?;
        let Some((path, size_bytes)) = next else { break };
        let rest = &path[prefix.len()..];
        match rest.split_once('/') {
            Some((name, _)) => {
                position = behind(&format!("{prefix}{name}"));
                entries.push(Listed { name: name.to_owned(), size_bytes: None });
            }
            None => {
                entries.push(Listed { name: rest.to_owned(), size_bytes: Some(size_bytes) });
                position = next_path(&path);
            }
        }
    }
    Ok(entries)
}

/// Deletes a file, or a folder with all it holds; what is not there is fine. Answers how many files went.
pub fn delete(tx: &mut Tx<'_>, owner: Owner, path: &str, now: i64) -> Result<usize> {
    let mut blobs = tx.list(
        "DELETE FROM files
         WHERE owner_kind = ?1 AND owner_id = ?2 AND (path = ?3 OR (path > ?4 AND path < ?5))
         RETURNING blob_id",
        &[&owner.kind(), &owner.id(), &path, &format!("{path}/"), &behind(path)],
        |row| row.int(0),
    )?;
    let files = blobs.len();
    // In one order, so that two deletions on PostgreSQL do not wait for each other.
    blobs.sort_unstable();
    blobs.dedup();
    for blob_id in blobs {
        drop_blob(tx, blob_id, now)?;
    }
    Ok(files)
}

/// A multipart upload under way.
#[derive(Clone, Debug)]
pub struct MultipartUpload {
    pub owner: Owner,
    pub path: String,
}

pub fn begin_multipart(
    tx: &mut Tx<'_>,
    upload_id: &str,
    owner: Owner,
    path: &str,
    creator_id: i64,
    now: i64,
) -> Result<()> {
    check_place(tx, owner, path)?;
    tx.execute(
        "INSERT INTO multipart_uploads (upload_id, owner_kind, owner_id, path, creator_id, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[&upload_id, &owner.kind(), &owner.id(), &path, &creator_id, &now],
    )?;
    Ok(())
}

/// The upload, when it belongs to `owner` and `path`.
pub fn get_multipart(tx: &mut Tx<'_>, upload_id: &str) -> Result<MultipartUpload> {
    let found = tx.find(
        "SELECT owner_id, path FROM multipart_uploads WHERE upload_id = ?1 AND owner_kind = 1",
        &[&upload_id],
        |row| Ok(MultipartUpload { owner: Owner::Run(row.int(0)?), path: row.text(1)? }),
    )?;
    found.ok_or_else(|| Error::NotFound(format!("no multipart upload '{upload_id}'")))
}

/// Ends an upload; its parts are the artifact store's to remove. Answers false when it had ended already.
pub fn end_multipart(tx: &mut Tx<'_>, upload_id: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM multipart_uploads WHERE upload_id = ?1", &[&upload_id])? > 0)
}
