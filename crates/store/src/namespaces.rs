//! Namespaces: what projects live in. A user has one; a group is one, and may lie in another group.

use std::collections::HashMap;

use weir_domain::access::Visibility;
use weir_domain::namespace::MAX_DEPTH;
use weir_domain::{Error, Result};

use crate::Tx;
use crate::tx::Row;

#[derive(Clone, Debug)]
pub struct Namespace {
    pub id: i64,
    pub full_path: String,
    pub name: String,
    /// Of a user's own; `None` of a group.
    pub owner_id: Option<i64>,
    pub parent_id: Option<i64>,
    pub description: String,
    pub visibility: Visibility,
    /// When it will be removed, if it has been deleted.
    pub deletes_at: Option<i64>,
    pub created_at: i64,
}

impl Namespace {
    /// Its own segment of its path.
    pub fn path(&self) -> &str {
        self.full_path.rsplit('/').next().unwrap_or(&self.full_path)
    }

    pub fn is_group(&self) -> bool {
        self.owner_id.is_none()
    }
}

pub(crate) const COLUMNS: &str = "n.id, n.full_path, n.name, n.owner_id, n.parent_id, n.description, n.visibility, n.deletes_at, n.created_at";

/// Reads [`COLUMNS`], the first of which is column `at`.
pub(crate) fn read(row: &Row<'_>, at: usize) -> Result<Namespace> {
    Ok(Namespace {
        id: row.int(at)?,
        full_path: row.text(at + 1)?,
        name: row.text(at + 2)?,
        owner_id: row.opt_int(at + 3)?,
        parent_id: row.opt_int(at + 4)?,
        description: row.text(at + 5)?,
        visibility: Visibility::from_number(row.int(at + 6)?),
        deletes_at: row.opt_int(at + 7)?,
        created_at: row.int(at + 8)?,
    })
}

pub(crate) struct NewNamespace<'a> {
    pub(crate) full_path: &'a str,
    pub(crate) name: &'a str,
    pub(crate) owner_id: Option<i64>,
    pub(crate) parent: Option<&'a Namespace>,
    pub(crate) description: &'a str,
    pub(crate) visibility: Visibility,
    pub(crate) now: i64,
}

/// Makes the row, and those that say what it lies in. `None` when the path is taken.
pub(crate) fn insert(tx: &mut Tx<'_>, new: &NewNamespace<'_>) -> Result<Option<i64>> {
    if project_has(tx, new.full_path)? {
        return Ok(None);
    }
    let parent_id = new.parent.map(|parent| parent.id);
    let id = tx.find(
        "INSERT INTO namespaces (full_path, name, owner_id, parent_id, description, visibility, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO NOTHING
         RETURNING id",
        &[
            &new.full_path,
            &new.name,
            &new.owner_id,
            &parent_id,
            &new.description,
            &new.visibility.number(),
            &new.now,
        ],
        |row| row.int(0),
    )?;
    let Some(id) = id else { return Ok(None) };
    tx.execute("INSERT INTO namespace_ancestors (namespace_id, ancestor_id) VALUES (?1, ?1)", &[&id])?;
    if let Some(parent) = parent_id {
        let depth = tx.execute(
            "INSERT INTO namespace_ancestors (namespace_id, ancestor_id)
             SELECT ?1, ancestor_id FROM namespace_ancestors WHERE namespace_id = ?2",
            &[&id, &parent],
        )?;
        if depth >= MAX_DEPTH as u64 {
            return Err(Error::Invalid(format!(
                "'{}' lies too deep: groups nest to {MAX_DEPTH} levels",
                new.full_path
            )));
        }
    }
    Ok(Some(id))
}

pub(crate) fn project_has(tx: &mut Tx<'_>, path: &str) -> Result<bool> {
    let found = tx.find("SELECT 1 FROM projects WHERE lower(full_path) = lower(?1)", &[&path], |_| Ok(()))?;
    Ok(found.is_some())
}

/// Whether a namespace has this path, whatever its letter case.
pub(crate) fn has(tx: &mut Tx<'_>, path: &str) -> Result<bool> {
    let found =
        tx.find("SELECT 1 FROM namespaces WHERE lower(full_path) = lower(?1)", &[&path], |_| Ok(()))?;
    Ok(found.is_some())
}

/// By full path, whatever its letter case.
pub fn find(tx: &mut Tx<'_>, full_path: &str) -> Result<Option<Namespace>> {
    let sql =
        format!("SELECT {COLUMNS} FROM namespaces n WHERE lower(n.full_path) = lower(?1) AND NOT n.removing");
    tx.find(&sql, &[&full_path], |row| read(row, 0))
}

pub fn by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<Namespace>> {
    let sql = format!("SELECT {COLUMNS} FROM namespaces n WHERE n.id = ?1 AND NOT n.removing");
    tx.find(&sql, &[&id], |row| read(row, 0))
}

/// By id, the names of namespaces and of all that they lie in, outermost first: `Team / Vision`.
pub fn full_names(tx: &mut Tx<'_>, ids: &[i64]) -> Result<HashMap<i64, String>> {
    let sql = format!(
        "SELECT a.namespace_id, n.name FROM namespace_ancestors a JOIN namespaces n ON n.id = a.ancestor_id
         WHERE {} ORDER BY a.namespace_id, length(n.full_path)",
        tx.any_of("a.namespace_id", "?1")
    );
    let mut full: HashMap<i64, String> = HashMap::new();
    for (id, name) in tx.list(&sql, &[&ids], |row| Ok((row.int(0)?, row.text(1)?)))? {
        let names = full.entry(id).or_default();
        if !names.is_empty() {
            names.push_str(" / ");
        }
        names.push_str(&name);
    }
    Ok(full)
}

/// The namespace of a user's own projects; bots have none.
pub fn of_user(tx: &mut Tx<'_>, user_id: i64) -> Result<Option<Namespace>> {
    let sql = format!("SELECT {COLUMNS} FROM namespaces n WHERE n.owner_id = ?1");
    tx.find(&sql, &[&user_id], |row| read(row, 0))
}

/// Keeps the paths below a namespace as they are until the end of the transaction: what is made in it asks behind
/// this lock whether its path is free, of projects and of groups at once.
pub(crate) fn lock(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    let sql = format!("SELECT id FROM namespaces WHERE id = ?1{}", tx.for_update());
    tx.find(&sql, &[&id], |_| Ok(()))?;
    Ok(())
}
