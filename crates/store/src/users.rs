//! Users, and the namespace that comes with each.

use weir_domain::{Error, Result};

use crate::Tx;

#[derive(Clone, Debug)]
pub struct User {
    pub id: i64,
    pub username: String,
    pub name: String,
    pub email: Option<String>,
    pub administrator: bool,
    pub bot: bool,
    pub blocked: bool,
    pub created_at: i64,
}

pub struct NewUser<'a> {
    pub username: &'a str,
    pub name: &'a str,
    pub email: Option<&'a str>,
    pub administrator: bool,
    pub bot: bool,
    pub now: i64,
}

const COLUMNS: &str = "id, username, name, email, administrator, bot, blocked, created_at";

fn read(row: &crate::tx::Row<'_>) -> Result<User> {
    Ok(User {
        id: row.int(0)?,
        username: row.text(1)?,
        name: row.text(2)?,
        email: row.opt_text(3)?,
        administrator: row.bool(4)?,
        bot: row.bool(5)?,
        blocked: row.bool(6)?,
        created_at: row.int(7)?,
    })
}

/// Makes a user and, unless it is a bot, the namespace of its own projects.
pub fn create(tx: &mut Tx<'_>, new: &NewUser<'_>) -> Result<User> {
    check_path("user name", new.username)?;
    if find(tx, new.username)?.is_some() || path_taken(tx, new.username)? {
        return Err(Error::AlreadyExists(format!("the name '{}' is taken", new.username)));
    }
    let id = tx.get(
        "INSERT INTO users (username, name, email, administrator, bot, blocked, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
        &[&new.username, &new.name, &new.email, &new.administrator, &new.bot, &false, &new.now],
        |row| row.int(0),
    )?;
    if !new.bot {
        tx.execute(
            "INSERT INTO namespaces (full_path, name, owner_id, parent_id, created_at) VALUES (?1, ?2, ?3, NULL, ?4)",
            &[&new.username, &new.name, &id, &new.now],
        )?;
    }
    get(tx, id)
}

fn path_taken(tx: &mut Tx<'_>, path: &str) -> Result<bool> {
    let found =
        tx.find("SELECT 1 FROM namespaces WHERE lower(full_path) = lower(?1)", &[&path], |_| Ok(()))?;
    Ok(found.is_some())
}

pub fn get(tx: &mut Tx<'_>, id: i64) -> Result<User> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE id = ?1");
    tx.find(&sql, &[&id], read)?.ok_or_else(|| Error::NotFound(format!("no user with id '{id}'")))
}

/// By user name, whatever its letter case.
pub fn find(tx: &mut Tx<'_>, username: &str) -> Result<Option<User>> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE lower(username) = lower(?1)");
    tx.find(&sql, &[&username], read)
}

pub fn by_name(tx: &mut Tx<'_>, username: &str) -> Result<User> {
    find(tx, username)?.ok_or_else(|| Error::NotFound(format!("no user '{username}'")))
}

/// Whether there is anybody at all: false on a database that has just been made.
pub fn any(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.find("SELECT 1 FROM users LIMIT 1", &[], |_| Ok(()))?.is_some())
}

/// People, oldest first; bots are listed with their project.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<User>> {
    tx.list(&format!("SELECT {COLUMNS} FROM users WHERE bot = ?1 ORDER BY id"), &[&false], read)
}

pub fn set_blocked(tx: &mut Tx<'_>, id: i64, blocked: bool) -> Result<()> {
    tx.execute("UPDATE users SET blocked = ?2 WHERE id = ?1", &[&id, &blocked])?;
    Ok(())
}

/// GitLab's rule for one segment of a path: letters, digits, `_`, `-`, `.`; no odd start or end.
pub fn check_path(what: &str, path: &str) -> Result<()> {
    let allowed = path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let start = path.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let end = !path.ends_with(['.', '-']) && !path.ends_with(".git") && !path.ends_with(".atom");
    if !allowed || !start || !end || path.is_empty() || path.len() > 255 {
        return Err(Error::Invalid(format!(
            "'{path}' is not a {what}: use up to 255 letters, digits, '_', '-' and '.', starting with a letter, digit or '_' and not ending in '.', '-', '.git' or '.atom'"
        )));
    }
    Ok(())
}
