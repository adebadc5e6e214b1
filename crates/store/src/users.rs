//! Users, and the namespace that comes with each.

use weir_domain::access::Visibility;
use weir_domain::namespace::{check_name, check_path, check_top_path};
use weir_domain::{Error, Result};

use crate::namespaces::{self, NewNamespace};
use crate::slice::{self, Listing, Part, Slice};
use crate::tx::Row;
use crate::{Tx, grants, identities, members, sessions, sign_in_links, tokens};

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
    /// The row stays, nameless, because runs speak of it.
    pub deleted: bool,
}

pub struct NewUser<'a> {
    pub username: &'a str,
    pub name: &'a str,
    pub email: Option<&'a str>,
    pub administrator: bool,
    pub bot: bool,
    pub now: i64,
}

pub(crate) const COLUMNS: &str =
    "u.id, u.username, u.name, u.email, u.administrator, u.bot, u.blocked, u.created_at, u.deleted_at";

/// Reads [`COLUMNS`], the first of which is column `at`.
pub(crate) fn read(row: &Row<'_>, at: usize) -> Result<User> {
    Ok(User {
        id: row.int(at)?,
        username: row.text(at + 1)?,
        name: row.text(at + 2)?,
        email: row.opt_text(at + 3)?,
        administrator: row.bool(at + 4)?,
        bot: row.bool(at + 5)?,
        blocked: row.bool(at + 6)?,
        created_at: row.int(at + 7)?,
        deleted: row.opt_int(at + 8)?.is_some(),
    })
}

/// Makes a user and, unless it is a bot, the namespace of its own projects.
pub fn create(tx: &mut Tx<'_>, new: &NewUser<'_>) -> Result<User> {
    check_top_path("user name", new.username)?;
    check_name("user", new.name)?;
    check_email(tx, new.email, None)?;
    let taken = || Error::AlreadyExists(format!("the name '{}' is taken", new.username));
    if find(tx, new.username)?.is_some() || namespaces::has(tx, new.username)? {
        return Err(taken());
    }
    let id = tx.find(
        "INSERT INTO users (username, name, email, administrator, bot, blocked, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO NOTHING
         RETURNING id",
        &[&new.username, &new.name, &new.email, &new.administrator, &new.bot, &false, &new.now],
        |row| row.int(0),
    )?;
    let id = id.ok_or_else(taken)?;
    if !new.bot {
        let namespace = NewNamespace {
            full_path: new.username,
            name: new.name,
            owner_id: Some(id),
            parent: None,
            description: "",
            visibility: Visibility::Public,
            now: new.now,
        };
        namespaces::insert(tx, &namespace)?.ok_or_else(taken)?;
    }
    get(tx, id)
}

/// An address has one `@` with something around it, and one user.
pub(crate) fn check_email(tx: &mut Tx<'_>, email: Option<&str>, own: Option<i64>) -> Result<()> {
    let Some(email) = email else { return Ok(()) };
    let (local, host) = email.split_once('@').unwrap_or_default();
    let plain = !email.chars().any(|c| c.is_whitespace() || c.is_control()) && !host.contains('@');
    if local.is_empty() || host.is_empty() || !plain || email.len() > 254 {
        return Err(Error::Invalid(format!("'{email}' is not an email address: write name@host")));
    }
    let of = tx.find(
        "SELECT id FROM users WHERE lower(email) = lower(?1) AND id <> ?2",
        &[&email, &own.unwrap_or(-1)],
        |row| row.int(0),
    )?;
    if of.is_some() {
        return Err(Error::AlreadyExists(format!("the email address '{email}' is taken")));
    }
    Ok(())
}

pub fn get(tx: &mut Tx<'_>, id: i64) -> Result<User> {
    let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.id = ?1");
    tx.find(&sql, &[&id], |row| read(row, 0))?
        .ok_or_else(|| Error::NotFound(format!("no user with id '{id}'")))
}

/// By user name, whatever its letter case.
pub fn find(tx: &mut Tx<'_>, username: &str) -> Result<Option<User>> {
    let sql = format!("SELECT {COLUMNS} FROM users u WHERE lower(u.username) = lower(?1)");
    tx.find(&sql, &[&username], |row| read(row, 0))
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
    let sql =
        format!("SELECT {COLUMNS} FROM users u WHERE u.bot = ?1 AND u.deleted_at IS NULL ORDER BY u.id");
    tx.list(&sql, &[&false], |row| read(row, 0))
}

/// Which people.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// The whole user name, whatever its letter case.
    pub username: Option<String>,
    /// Part of the name or user name, or the whole email address.
    pub search: Option<String>,
    /// Only this user's email address is searched; `None`: everybody's.
    pub email_of: Option<i64>,
    pub blocked: Option<bool>,
    pub administrators: bool,
    pub bots: bool,
}

/// The order of a list of people by GitLab's names for it.
pub fn order(by: &str, descending: bool) -> Result<String> {
    let column = match by {
        "id" => "u.id",
        "name" => "u.name",
        "username" => "u.username",
        "created_at" => "u.created_at",
        other => {
            return Err(Error::Invalid(format!(
                "'{other}' is not an order of users: use id, name, username or created_at"
            )));
        }
    };
    let direction = if descending { "DESC" } else { "ASC" };
    Ok(format!("{column} {direction}, u.id {direction}"))
}

/// A page of people in an order that [`order`] gave.
pub fn page(tx: &mut Tx<'_>, filter: &UserFilter, order: &str, slice: Slice) -> Result<Part<User>> {
    let from = format!(
        "users u WHERE u.deleted_at IS NULL AND (?1 OR u.bot = ?2)
           AND (?3 = '' OR lower(u.username) = ?3)
           AND (?4 = '' OR {} OR {} OR (lower(u.email) = ?4 AND (?7 = -1 OR u.id = ?7)))
           AND (?5 = -1 OR u.blocked = (?5 = 1))
           AND (NOT ?6 OR u.administrator)",
        tx.contains("u.username", "?4"),
        tx.contains("u.name", "?4"),
    );
    let lower = |text: &Option<String>| text.as_deref().unwrap_or_default().to_lowercase();
    let (username, search) = (lower(&filter.username), lower(&filter.search));
    let blocked = filter.blocked.map_or(-1, i64::from);
    let email_of = filter.email_of.unwrap_or(-1);
    let args: [&dyn crate::tx::ToArg; 7] =
        [&filter.bots, &false, &username, &search, &blocked, &filter.administrators, &email_of];
    let listing = Listing { columns: COLUMNS, from: &from, id: "u.id", order };
    slice::read(tx, &listing, &args, slice, |row| read(row, 0))
}

/// What an administrator changes of a user; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    pub name: Option<String>,
    pub email: Option<String>,
    pub administrator: Option<bool>,
}

pub fn update(tx: &mut Tx<'_>, user: &User, change: &UserChange) -> Result<User> {
    let name = change.name.as_deref().unwrap_or(&user.name);
    let email = change.email.as_deref().or(user.email.as_deref());
    let administrator = change.administrator.unwrap_or(user.administrator);
    check_name("user", name)?;
    if change.email.is_some() {
        check_email(tx, email, Some(user.id))?;
    }
    if user.administrator && !administrator {
        check_not_last(tx, user, "no administrator any more")?;
    }
    tx.execute(
        "UPDATE users SET name = ?2, email = ?3, administrator = ?4 WHERE id = ?1",
        &[&user.id, &name, &email, &administrator],
    )?;
    tx.execute("UPDATE namespaces SET name = ?2 WHERE owner_id = ?1", &[&user.id, &name])?;
    if change.administrator.is_some() {
        // From now on it is nothing that a group at the provider gave.
        grants::forget_administrator(tx, user.id)?;
    }
    get(tx, user.id)
}

/// Blocking ends sessions and links, too: they do not come back when the user does. Of two administrators that block
/// each other at once, one stays.
pub fn set_blocked(tx: &mut Tx<'_>, user: &User, blocked: bool) -> Result<()> {
    if blocked {
        check_not_last(tx, user, "blocked")?;
        sessions::end_all(tx, user.id)?;
        sign_in_links::remove_all_of(tx, user.id)?;
    }
    tx.execute("UPDATE users SET blocked = ?2 WHERE id = ?1", &[&user.id, &blocked])?;
    Ok(())
}

/// Refuses what would leave nobody who may do everything.
pub fn check_not_last(tx: &mut Tx<'_>, user: &User, what: &str) -> Result<()> {
    let sql = format!(
        "SELECT u.id FROM users u WHERE u.administrator = ?1 AND u.blocked = ?2 AND u.deleted_at IS NULL ORDER BY u.id{}",
        tx.for_update()
    );
    let able = tx.list(&sql, &[&true, &false], |row| row.int(0))?;
    if able == [user.id] {
        return Err(Error::Conflict(format!(
            "user '{}' is the last administrator who is not blocked, and cannot be {what}",
            user.username
        )));
    }
    Ok(())
}

/// Takes away all that a user is: names, tokens, memberships, the namespace. The row stays for what speaks of it, as
/// GitLab's ghost user does. Projects and groups must have gone, or have another owner, before.
pub fn delete(tx: &mut Tx<'_>, user: &User, now: i64) -> Result<()> {
    check_not_last(tx, user, "deleted")?;
    let refuse = |what: &str, path: String| {
        Err(Error::Conflict(format!(
            "user '{}' cannot be deleted: the {what} '{path}' would have no owner; delete it first, or give it another",
            user.username
        )))
    };
    let project = tx.find(
        "SELECT p.full_path FROM projects p JOIN namespaces n ON n.id = p.namespace_id
         WHERE n.owner_id = ?1 AND p.removing = ?2 LIMIT 1",
        &[&user.id, &false],
        |row| row.text(0),
    )?;
    if let Some(path) = project {
        return refuse("project", path);
    }
    let owned = tx.list(
        "SELECT n.id, n.full_path FROM group_members g JOIN namespaces n ON n.id = g.group_id
         WHERE g.user_id = ?1 AND g.role >= 50 AND n.removing = ?2 ORDER BY n.id",
        &[&user.id, &false],
        |row| Ok((row.int(0)?, row.text(1)?)),
    )?;
    for (group, path) in owned {
        if !members::has_other_owner(tx, group, user.id, now)? {
            return refuse("group", path);
        }
    }
    tokens::revoke_all_of(tx, user.id, now)?;
    identities::remove_all_of(tx, user.id)?;
    sign_in_links::remove_all_of(tx, user.id)?;
    members::remove_from_all(tx, user.id)?;
    tx.execute(
        "DELETE FROM namespace_ancestors WHERE namespace_id IN (SELECT id FROM namespaces WHERE owner_id = ?1)",
        &[&user.id],
    )?;
    tx.execute("DELETE FROM namespaces WHERE owner_id = ?1", &[&user.id])?;
    // No user name has a colon, so nobody can take this one.
    let username = format!("ghost:{}", user.id);
    tx.execute(
        "UPDATE users SET username = ?2, name = 'Ghost User', email = NULL, administrator = ?3, blocked = ?4, deleted_at = ?5
         WHERE id = ?1",
        &[&user.id, &username, &false, &true, &now],
    )?;
    Ok(())
}

/// The user name of the bot of a token: `tail` is random.
pub(crate) fn bot_name(place: &str, id: i64, tail: &str) -> Result<String> {
    let username = format!("{place}_{id}_bot_{tail}");
    check_path("user name", &username)?;
    Ok(username)
}
