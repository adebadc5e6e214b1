//! Artifacts as rows: a path in the tree of a run, a logged model or a package, and the bytes that it stands for, stored once per digest.

pub mod difference;
mod part;
mod tree;

use std::collections::HashSet;

use weir_domain::{Error, Result};

use crate::changes::{Subject, What};
use crate::{Tx, model_versions, packages};

pub use part::{Order, part};
pub use tree::{Leaf, below};

/// Whose tree a file is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Run(i64),
    LoggedModel(i64),
    /// A generic package.
    Package(i64),
}

impl Owner {
    fn kind(self) -> i64 {
        match self {
            Self::Run(_) => 1,
            Self::LoggedModel(_) => 2,
            Self::Package(_) => 3,
        }
    }

    /// For messages.
    fn what(self) -> &'static str {
        match self {
            Self::Run(_) => "run",
            Self::LoggedModel(_) => "logged model",
            Self::Package(_) => "package",
        }
    }

    fn id(self) -> i64 {
        match self {
            Self::Run(id) | Self::LoggedModel(id) | Self::Package(id) => id,
        }
    }

    fn of_kind(kind: i64, id: i64) -> Result<Self> {
        match kind {
            1 => Ok(Self::Run(id)),
            2 => Ok(Self::LoggedModel(id)),
            3 => Ok(Self::Package(id)),
            _ => Err(Error::internal(format!("owner kind {kind}"))),
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
/// Answers whether `stored` is in use; when it is not, nobody ever read it and it may be removed at once.
pub fn put(tx: &mut Tx<'_>, owner: Owner, path: &str, stored: &Stored<'_>, now: i64) -> Result<bool> {
    lock_tree(tx, owner)?;
    check_place(tx, owner, path)?;
    let (blob_id, in_use) = link_blob(tx, stored, now)?;
    let old = blob_of(tx, owner, path)?;
    tx.execute(
        "INSERT INTO files (owner_kind, owner_id, path, blob_id, modified_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (owner_kind, owner_id, path) DO UPDATE
         SET blob_id = excluded.blob_id, modified_at = excluded.modified_at",
        &[&owner.kind(), &owner.id(), &path, &blob_id, &now],
    )?;
    if let Some(old) = old.filter(|old| *old != blob_id) {
        drop_blob(tx, old, now)?;
    }
    packages::note(tx, owner, now)?;
    note(tx, owner);
    Ok(in_use)
}

/// Two writers of one tree take turns, so that `a` and `a/b` do not both find their place free. [`put`] does this
/// itself; who looks at what stands there before a `put` does it before that.
pub fn lock_tree(tx: &mut Tx<'_>, owner: Owner) -> Result<()> {
    // Asked in the statement that locks: publishing takes the same lock.
    check_unsealed(tx, owner, tx.for_update())
}

/// Refuses the tree of a published version: before the first byte is read.
pub fn check_open(tx: &mut Tx<'_>, owner: Owner) -> Result<()> {
    check_unsealed(tx, owner, "")
}

fn check_unsealed(tx: &mut Tx<'_>, owner: Owner, lock: &str) -> Result<()> {
    let sealed = match owner {
        Owner::Run(id) => {
            tx.find(&format!("SELECT sealed FROM runs WHERE id = ?1{lock}"), &[&id], |row| row.bool(0))?
        }
        Owner::LoggedModel(id) => {
            tx.find(&format!("SELECT id FROM logged_models WHERE id = ?1{lock}"), &[&id], |_| Ok(false))?
        }
        Owner::Package(id) => {
            tx.find(&format!("SELECT id FROM packages WHERE id = ?1{lock}"), &[&id], |_| Ok(false))?
        }
    };
    match sealed {
        Some(false) => Ok(()),
        Some(true) => Err(model_versions::sealed(tx, owner.id())?),
        None => Err(Error::NotFound(format!("the {} of these files was deleted meanwhile", owner.what()))),
    }
}

/// A file cannot stand where a folder is, nor below a file.
pub fn check_place(tx: &mut Tx<'_>, owner: Owner, path: &str) -> Result<()> {
    if is_folder(tx, owner, path)? {
        return Err(Error::Conflict(format!("Invalid path '{path}': there is a folder of this name")));
    }
    for (end, _) in path.match_indices('/') {
        if blob_of(tx, owner, &path[..end])?.is_some() {
            return Err(Error::Conflict(format!(
                "Invalid path '{path}': '{}' is a file, not a folder",
                &path[..end]
            )));
        }
    }
    Ok(())
}

/// The blob of these bytes, and whether it is the one at `stored`.
fn link_blob(tx: &mut Tx<'_>, stored: &Stored<'_>, now: i64) -> Result<(i64, bool)> {
    let lock = format!("SELECT id, location FROM blobs WHERE sha256 = ?1{}", tx.for_update());
    let known = tx.find(&lock, &[stored.sha256], |row| Ok((row.int(0)?, row.text(1)?)))?;
    let (id, location) = match known {
        Some(known) => known,
        None => {
            let fresh = tx.find(
                "INSERT INTO blobs (sha256, size_bytes, location) VALUES (?1, ?2, ?3)
                 ON CONFLICT (sha256) DO NOTHING
                 RETURNING id",
                &[stored.sha256, &stored.size_bytes, &stored.location],
                |row| row.int(0),
            )?;
            match fresh {
                Some(id) => (id, stored.location.to_owned()),
                // The same bytes were committed a moment ago by another upload.
                None => tx.get(&lock, &[stored.sha256], |row| Ok((row.int(0)?, row.text(1)?)))?,
            }
        }
    };
    let in_use = location == stored.location;
    if !in_use {
        add_garbage(tx, stored.location, now)?;
    }
    Ok((id, in_use))
}

/// Gives up bytes whose [`put`] failed, unless it went through after all. Answers whether they are nobody's.
pub fn discard(tx: &mut Tx<'_>, stored: &Stored<'_>, now: i64) -> Result<bool> {
    let used = tx.find(
        "SELECT 1 FROM blobs WHERE sha256 = ?1 AND location = ?2",
        &[stored.sha256, &stored.location],
        |_| Ok(()),
    )?;
    if used.is_none() {
        add_garbage(tx, stored.location, now)?;
    }
    Ok(used.is_none())
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

/// Notes bytes to be removed from the artifact store. Noted again (a row spoke of them meanwhile), they count from
/// then.
pub fn add_garbage(tx: &mut Tx<'_>, location: &str, now: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO garbage (location, since) VALUES (?1, ?2)
         ON CONFLICT (location) DO UPDATE SET since = excluded.since",
        &[&location, &now],
    )?;
    Ok(())
}

/// Makes garbage of those of `locations` that no row speaks of; answers how many.
pub fn mark_lost(tx: &mut Tx<'_>, locations: &[String], now: i64) -> Result<usize> {
    let known = |table: &str| format!("SELECT location FROM {table} WHERE {}", tx.any_of("location", "?1"));
    let (blobs, garbage) = (known("blobs"), known("garbage"));
    let mut spoken_of: HashSet<String> = HashSet::new();
    for sql in [blobs, garbage] {
        spoken_of.extend(tx.list(&sql, &[&locations], |row| row.text(0))?);
    }
    let lost: Vec<&String> = locations.iter().filter(|location| !spoken_of.contains(*location)).collect();
    for location in &lost {
        add_garbage(tx, location, now)?;
    }
    Ok(lost.len())
}

/// Locations whose bytes nothing has spoken of since `before`: late enough that no download still reads them.
/// Bytes of a commit that was given up, but went through on the database's side, have a row and stay.
pub fn garbage(tx: &mut Tx<'_>, before: i64, most: i64) -> Result<Vec<String>> {
    tx.list(
        "SELECT g.location FROM garbage g
         WHERE g.since <= ?1 AND NOT EXISTS (SELECT 1 FROM blobs b WHERE b.location = g.location)
         ORDER BY g.location
         LIMIT ?2",
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
///
/// Paths are not in the order of the names: `a.txt` stands before `a/b`, but `a` before `a.txt`. So before a name
/// is taken, the folders whose names it begins with are looked for.
pub fn list(
    tx: &mut Tx<'_>,
    owner: Owner,
    folder: &str,
    after: Option<&str>,
    most: usize,
) -> Result<Vec<Listed>> {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    // Every path that starts with the prefix is below this; for the root, above all valid UTF-8 starts.
    let end = if folder.is_empty() { "\u{10FFFF}".to_owned() } else { behind(folder) };
    let mut last = after.map(ToOwned::to_owned);
    let mut position =
        last.as_ref().map_or_else(|| prefix.clone(), |name| next_path(&format!("{prefix}{name}")));
    let mut entries: Vec<Listed> = Vec::new();
    while entries.len() < most {
        let Some((path, size_bytes)) = first_from(tx, owner, &position, &end)? else { break };
        let rest = &path[prefix.len()..];
        let (name, size_bytes) = match rest.split_once('/') {
            Some((name, _)) => (name, None),
            None => (rest, Some(size_bytes)),
        };
        let full = format!("{prefix}{name}");
        position = if size_bytes.is_some() { next_path(&full) } else { behind(&full) };
        if last.as_deref().is_some_and(|last| name <= last) {
            continue;
        }
        for begin in beginnings(name).filter(|begin| last.as_deref().is_none_or(|last| *begin > last)) {
            if is_folder(tx, owner, &format!("{prefix}{begin}"))? {
                entries.push(Listed { name: begin.to_owned(), size_bytes: None });
            }
        }
        entries.push(Listed { name: name.to_owned(), size_bytes });
        last = Some(name.to_owned());
    }
    entries.truncate(most);
    Ok(entries)
}

/// The first path from `position` on, below `end`.
fn first_from(tx: &mut Tx<'_>, owner: Owner, position: &str, end: &str) -> Result<Option<(String, i64)>> {
    tx.find(
        "SELECT f.path, b.size_bytes FROM files f JOIN blobs b ON b.id = f.blob_id
         WHERE f.owner_kind = ?1 AND f.owner_id = ?2 AND f.path >= ?3 AND f.path < ?4
         ORDER BY f.path
         LIMIT 1",
        &[&owner.kind(), &owner.id(), &position, &end],
        |row| Ok((row.text(0)?, row.int(1)?)),
    )
}

/// The names that `name` begins with and that, as folders, have their paths behind it.
fn beginnings(name: &str) -> impl Iterator<Item = &str> {
    name.bytes().enumerate().filter(|(at, byte)| *at > 0 && *byte < b'/').map(|(at, _)| &name[..at])
}

/// Every file of a tree in the order of the paths' bytes: path, size in bytes, SHA-256.
pub fn each(
    tx: &mut Tx<'_>,
    owner: Owner,
    mut file: impl FnMut(&str, i64, &[u8]) -> Result<()>,
) -> Result<()> {
    tx.each(
        "SELECT f.path, b.size_bytes, b.sha256 FROM files f JOIN blobs b ON b.id = f.blob_id
         WHERE f.owner_kind = ?1 AND f.owner_id = ?2
         ORDER BY f.path",
        &[&owner.kind(), &owner.id()],
        |row| file(row.str(0)?, row.int(1)?, row.bytes(2)?),
    )
}

/// How many files a tree has, and their bytes together.
pub fn totals(tx: &mut Tx<'_>, owner: Owner) -> Result<(i64, i64)> {
    tx.get(
        "SELECT COUNT(*), CAST(COALESCE(SUM(b.size_bytes), 0) AS BIGINT)
         FROM files f JOIN blobs b ON b.id = f.blob_id
         WHERE f.owner_kind = ?1 AND f.owner_id = ?2",
        &[&owner.kind(), &owner.id()],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )
}

/// Deletes a file, or a folder with all it holds (empty: the whole tree); what is not there is fine.
/// Answers how many files went.
pub fn delete(tx: &mut Tx<'_>, owner: Owner, path: &str, now: i64) -> Result<usize> {
    lock_tree(tx, owner)?;
    let blobs = if path.is_empty() {
        tx.list(
            "DELETE FROM files WHERE owner_kind = ?1 AND owner_id = ?2 RETURNING blob_id",
            &[&owner.kind(), &owner.id()],
            |row| row.int(0),
        )?
    } else {
        tx.list(
            "DELETE FROM files
             WHERE owner_kind = ?1 AND owner_id = ?2 AND (path = ?3 OR (path > ?4 AND path < ?5))
             RETURNING blob_id",
            &[&owner.kind(), &owner.id(), &path, &format!("{path}/"), &behind(path)],
            |row| row.int(0),
        )?
    };
    let files = blobs.len();
    drop_blobs(tx, blobs, now)?;
    note(tx, owner);
    Ok(files)
}

/// Notes that the files of a tree have changed. Nobody watches those of generic packages.
fn note(tx: &mut Tx<'_>, owner: Owner) {
    match owner {
        Owner::Run(id) => tx.note(Subject::Run(id), What::ARTIFACTS),
        Owner::LoggedModel(id) => tx.note(Subject::LoggedModel(id), What::ARTIFACTS),
        Owner::Package(_) => {}
    }
}

fn drop_blobs(tx: &mut Tx<'_>, mut blobs: Vec<i64>, now: i64) -> Result<()> {
    // In one order, so that two deletions on PostgreSQL do not wait for each other.
    blobs.sort_unstable();
    blobs.dedup();
    blobs.into_iter().try_for_each(|blob_id| drop_blob(tx, blob_id, now))
}

/// Removes the trees of owners of one kind that are themselves being removed: published or not.
pub(crate) fn remove_trees(tx: &mut Tx<'_>, kind: Owner, ids: &[i64], now: i64) -> Result<()> {
    let owned = format!("owner_kind = ?1 AND {}", tx.any_of("owner_id", "?2"));
    let sql = format!("DELETE FROM files WHERE {owned} RETURNING blob_id");
    let blobs = tx.list(&sql, &[&kind.kind(), &ids], |row| row.int(0))?;
    drop_blobs(tx, blobs, now)?;
    tx.execute(&format!("DELETE FROM multipart_uploads WHERE {owned}"), &[&kind.kind(), &ids])?;
    Ok(())
}

/// Makes `to` hold what stands at `path` of `from` (a file, or a folder with all it holds; empty: the whole tree), by
/// the names below it. No bytes are copied. Answers how many files.
pub fn link(tx: &mut Tx<'_>, from: Owner, path: &str, to: Owner, now: i64) -> Result<u64> {
    let (kind, id) = (from.kind(), from.id());
    let (begin, end) = match path {
        "" => (String::new(), "\u{10FFFF}".to_owned()),
        path => (format!("{path}/"), behind(path)),
    };
    // A blob must not be dropped before the rows that now speak of it are committed.
    let lock = format!(
        "SELECT id FROM blobs WHERE id IN (
           SELECT blob_id FROM files
           WHERE owner_kind = ?1 AND owner_id = ?2 AND (path = ?3 OR (path >= ?4 AND path < ?5)))
         ORDER BY id{}",
        tx.for_share()
    );
    tx.list(&lock, &[&kind, &id, &path, &begin, &end], |_| Ok(()))?;
    packages::note(tx, to, now)?;
    note(tx, to);
    let below = tx.execute(
        "INSERT INTO files (owner_kind, owner_id, path, blob_id, modified_at)
         SELECT ?5, ?6, substr(path, CAST(CAST(?7 AS BIGINT) AS INTEGER)), blob_id, ?8 FROM files
         WHERE owner_kind = ?1 AND owner_id = ?2 AND path >= ?3 AND path < ?4",
        &[&kind, &id, &begin, &end, &to.kind(), &to.id(), &(begin.chars().count() as i64 + 1), &now],
    )?;
    if below > 0 || path.is_empty() {
        return Ok(below);
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    tx.execute(
        "INSERT INTO files (owner_kind, owner_id, path, blob_id, modified_at)
         SELECT ?4, ?5, ?6, blob_id, ?7 FROM files WHERE owner_kind = ?1 AND owner_id = ?2 AND path = ?3",
        &[&kind, &id, &path, &to.kind(), &to.id(), &name, &now],
    )
}

/// A multipart upload, under way or completed.
#[derive(Clone, Debug)]
pub struct MultipartUpload {
    pub owner: Owner,
    pub path: String,
    /// Its parts are numbered from 1 to this.
    pub num_parts: i64,
    pub completed: bool,
}

/// Uploads begun before this are forgotten: their parts were swept long ago, and nobody completes them again.
const FORGOTTEN_AFTER_MS: i64 = 30 * 24 * 60 * 60 * 1000;

pub fn begin_multipart(
    tx: &mut Tx<'_>,
    upload_id: &str,
    owner: Owner,
    path: &str,
    num_parts: i64,
    creator_id: i64,
    now: i64,
) -> Result<()> {
    lock_tree(tx, owner)?;
    check_place(tx, owner, path)?;
    tx.execute("DELETE FROM multipart_uploads WHERE created_at < ?1", &[&(now - FORGOTTEN_AFTER_MS)])?;
    tx.execute(
        "INSERT INTO multipart_uploads (upload_id, owner_kind, owner_id, path, num_parts, creator_id, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[&upload_id, &owner.kind(), &owner.id(), &path, &num_parts, &creator_id, &now],
    )?;
    Ok(())
}

pub fn get_multipart(tx: &mut Tx<'_>, upload_id: &str) -> Result<MultipartUpload> {
    let found = tx.find(
        "SELECT owner_kind, owner_id, path, num_parts, completed_at FROM multipart_uploads WHERE upload_id = ?1",
        &[&upload_id],
        |row| {
            Ok(MultipartUpload {
                owner: Owner::of_kind(row.int(0)?, row.int(1)?)?,
                path: row.text(2)?,
                num_parts: row.int(3)?,
                completed: row.opt_int(4)?.is_some(),
            })
        },
    )?;
    found.ok_or_else(|| Error::NotFound(format!("no multipart upload '{upload_id}'")))
}

/// Notes that the upload's file is there; false when another request did so before, and its file stands. The row
/// stays, so that a client that never saw the answer may ask again.
pub fn complete_multipart(tx: &mut Tx<'_>, upload_id: &str, now: i64) -> Result<bool> {
    let sql = "UPDATE multipart_uploads SET completed_at = ?2 WHERE upload_id = ?1 AND completed_at IS NULL";
    if tx.execute(sql, &[&upload_id, &now])? == 0 {
        get_multipart(tx, upload_id)?;
        return Ok(false);
    }
    Ok(true)
}

/// Gives an upload up; its parts are the artifact store's to remove. A completed one stays as it is.
pub fn abort_multipart(tx: &mut Tx<'_>, upload_id: &str) -> Result<()> {
    tx.execute("DELETE FROM multipart_uploads WHERE upload_id = ?1 AND completed_at IS NULL", &[&upload_id])?;
    Ok(())
}
