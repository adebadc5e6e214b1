//! Access tokens. Only a digest is kept: a token is 192 random bits, so a fast digest is enough.

mod rotate;

use sha2::{Digest, Sha256};
use weir_domain::access::{Role, Scopes};
use weir_domain::audit::{Actor, Entity, Verb};
use weir_domain::namespace::{TOKEN_DESCRIPTION, check_description, check_name};
use weir_domain::{Error, Result};

pub use self::rotate::{Rotated, note_reuse, rotate};
use crate::audit::acts;
use crate::members::{self, Place};
use crate::slice::{self, Listing, Part, Slice};
use crate::tx::{Row, ToArg};
use crate::{Tx, users};

#[derive(Clone, Debug)]
pub struct Token {
    pub id: i64,
    pub user_id: i64,
    pub owner: Owner,
    pub name: String,
    pub description: String,
    pub scopes: Scopes,
    /// Of the bot of a project's or a group's token.
    pub role: Option<Role>,
    /// The first of the tokens that were rotated into each other.
    pub family_id: i64,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
    pub last_used_at: Option<i64>,
}

impl Token {
    pub fn active(&self, now: i64) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|at| at > now)
    }

    /// What the audit log tells of the token belongs where it acts.
    pub fn entity(&self) -> Entity {
        match self.owner {
            Owner::Personal => Entity::User(self.user_id),
            Owner::Project(id) => Entity::Project(id),
            Owner::Group(id) => Entity::Group(id),
        }
    }
}

/// Whom a token was made for. Its user is a bot of its own unless it is personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Personal,
    Project(i64),
    Group(i64),
}

impl Owner {
    pub fn project_id(self) -> Option<i64> {
        if let Self::Project(id) = self { Some(id) } else { None }
    }

    pub fn group_id(self) -> Option<i64> {
        if let Self::Group(id) = self { Some(id) } else { None }
    }

    fn place(self) -> Option<Place> {
        match self {
            Self::Personal => None,
            Self::Project(id) => Some(Place::Project(id)),
            Self::Group(id) => Some(Place::Group(id)),
        }
    }
}

pub struct NewToken<'a> {
    pub name: &'a str,
    pub description: &'a str,
    pub digest: [u8; 32],
    pub scopes: Scopes,
    pub expires_at: Option<i64>,
    pub now: i64,
}

/// Milliseconds between two notes of a token's use, as GitLab has it.
const USE_NOTED_EVERY_MS: i64 = 10 * 60 * 1000;

const COLUMNS: &str = "t.id, t.user_id, t.project_id, t.group_id, t.name, t.description, t.scopes, t.role, t.family_id, \
                       t.created_at, t.expires_at, t.revoked_at, t.last_used_at";

fn read(row: &Row<'_>) -> Result<Token> {
    let owner = match (row.opt_int(2)?, row.opt_int(3)?) {
        (Some(project), _) => Owner::Project(project),
        (None, Some(group)) => Owner::Group(group),
        (None, None) => Owner::Personal,
    };
    let id = row.int(0)?;
    Ok(Token {
        id,
        user_id: row.int(1)?,
        owner,
        name: row.text(4)?,
        description: row.text(5)?,
        scopes: Scopes::parse(row.str(6)?)?,
        role: row.opt_int(7)?.map(Role::from_number).transpose()?,
        family_id: row.opt_int(8)?.unwrap_or(id),
        created_at: row.int(9)?,
        expires_at: row.opt_int(10)?,
        revoked_at: row.opt_int(11)?,
        last_used_at: row.opt_int(12)?,
    })
}

/// What is kept of a token.
pub fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A token that acts as `user_id` wherever that user may act.
pub fn create_personal(tx: &mut Tx<'_>, user_id: i64, new: &NewToken<'_>) -> Result<Token> {
    create(tx, user_id, Owner::Personal, None, None, new)
}

/// A token for one project, which acts as a bot of its own with `role` there. `bot` is a random user name tail.
pub fn create_for_project(
    tx: &mut Tx<'_>,
    project_id: i64,
    role: Role,
    bot: &str,
    new: &NewToken<'_>,
) -> Result<Token> {
    create_with_bot(tx, Owner::Project(project_id), "project", project_id, role, bot, new)
}

/// The same for a group and all that lies in it.
pub fn create_for_group(
    tx: &mut Tx<'_>,
    group_id: i64,
    role: Role,
    bot: &str,
    new: &NewToken<'_>,
) -> Result<Token> {
    create_with_bot(tx, Owner::Group(group_id), "group", group_id, role, bot, new)
}

fn create_with_bot(
    tx: &mut Tx<'_>,
    owner: Owner,
    place: &str,
    id: i64,
    role: Role,
    bot: &str,
    new: &NewToken<'_>,
) -> Result<Token> {
    let username = users::bot_name(place, id, bot)?;
    let bot = users::NewUser {
        username: &username,
        name: new.name,
        email: None,
        administrator: false,
        bot: true,
        now: new.now,
    };
    let user = users::create(tx, &bot)?;
    if let Some(place) = owner.place() {
        members::set(tx, place, user.id, role, new.expires_at, new.now)?;
    }
    create(tx, user.id, owner, Some(role), None, new)
}

fn create(
    tx: &mut Tx<'_>,
    user_id: i64,
    owner: Owner,
    role: Option<Role>,
    family: Option<i64>,
    new: &NewToken<'_>,
) -> Result<Token> {
    if new.expires_at.is_some_and(|at| at <= new.now) {
        return Err(Error::Invalid("the expiry date of a token must lie in the future".to_owned()));
    }
    check_name("token", new.name)?;
    // A token that takes another's place has its description, whatever that is.
    if family.is_none() {
        check_description("token", new.description, TOKEN_DESCRIPTION)?;
    }
    let id = tx.find(
        "INSERT INTO access_tokens (user_id, project_id, group_id, name, description, digest, scopes, role,
                                    family_id, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (digest) DO NOTHING
         RETURNING id",
        &[
            &user_id,
            &owner.project_id(),
            &owner.group_id(),
            &new.name,
            &new.description,
            &new.digest,
            &new.scopes.text(),
            &role.map(Role::number),
            &family,
            &new.now,
            &new.expires_at,
        ],
        |row| row.int(0),
    )?;
    let id = id.ok_or_else(|| Error::AlreadyExists("this very token exists already".to_owned()))?;
    get(tx, id)
}

pub fn get(tx: &mut Tx<'_>, id: i64) -> Result<Token> {
    let sql = format!("SELECT {COLUMNS} FROM access_tokens t WHERE t.id = ?1");
    tx.find(&sql, &[&id], read)?.ok_or_else(|| Error::NotFound(format!("no token with id '{id}'")))
}

/// The token of `digest` with its user, active or not.
pub fn find(tx: &mut Tx<'_>, digest: &[u8; 32]) -> Result<Option<(Token, users::User)>> {
    let sql = format!("SELECT {COLUMNS} FROM access_tokens t WHERE t.digest = ?1");
    let Some(token) = tx.find(&sql, &[digest], read)? else { return Ok(None) };
    let user = users::get(tx, token.user_id)?;
    Ok(Some((token, user)))
}

/// Every token, oldest first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Token>> {
    tx.list(&format!("SELECT {COLUMNS} FROM access_tokens t ORDER BY t.id"), &[], read)
}

/// Whose tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Personal ones of everybody.
    People,
    User(i64),
    Project(i64),
    Group(i64),
}

/// Which tokens. A span of time holds what lies between its ends; `None` is no end.
#[derive(Clone, Debug, Default)]
pub struct TokenFilter {
    pub active: Option<bool>,
    pub revoked: Option<bool>,
    /// Part of the name.
    pub search: Option<String>,
    pub created: Span,
    pub expires: Span,
    pub last_used: Span,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    pub after: Option<i64>,
    pub before: Option<i64>,
}

/// The order of a list by GitLab's name for it, such as `created_desc`.
pub fn order(sort: &str) -> Result<&'static str> {
    Ok(match sort {
        "created_asc" | "asc" => "t.created_at, t.id",
        "created_desc" | "desc" => "t.created_at DESC, t.id DESC",
        "expires_asc" => "t.expires_at IS NULL, t.expires_at, t.id",
        "expires_desc" => "t.expires_at IS NULL, t.expires_at DESC, t.id DESC",
        "last_used_asc" => "t.last_used_at IS NULL, t.last_used_at, t.id",
        "last_used_desc" => "t.last_used_at IS NULL, t.last_used_at DESC, t.id DESC",
        "name_asc" => "t.name, t.id",
        "name_desc" => "t.name DESC, t.id DESC",
        other => {
            return Err(Error::Invalid(format!(
                "'{other}' is not an order of tokens: use created, expires, last_used or name with _asc or _desc behind it"
            )));
        }
    })
}

/// A page of tokens in an order that [`order`] gave.
pub fn page(
    tx: &mut Tx<'_>,
    whose: Whose,
    filter: &TokenFilter,
    order: &str,
    slice: Slice,
    now: i64,
) -> Result<Part<Token>> {
    let (owned, id) = match whose {
        Whose::People => ("t.project_id IS NULL AND t.group_id IS NULL AND ?1 = 0", 0),
        Whose::User(id) => ("t.project_id IS NULL AND t.group_id IS NULL AND t.user_id = ?1", id),
        Whose::Project(id) => ("t.project_id = ?1", id),
        Whose::Group(id) => ("t.group_id = ?1", id),
    };
    let search = filter.search.as_deref().unwrap_or_default().to_lowercase();
    let mut sql = format!(
        "access_tokens t WHERE {owned} AND (?2 = '' OR {}) AND CAST(?3 AS BIGINT) IS NOT NULL",
        tx.contains("t.name", "?2")
    );
    sql.push_str(match filter.active {
        Some(true) => " AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > ?3)",
        Some(false) => " AND (t.revoked_at IS NOT NULL OR t.expires_at <= ?3)",
        None => "",
    });
    sql.push_str(match filter.revoked {
        Some(true) => " AND t.revoked_at IS NOT NULL",
        Some(false) => " AND t.revoked_at IS NULL",
        None => "",
    });
    let mut args: Vec<&dyn ToArg> = vec![&id, &search, &now];
    for (column, span) in [
        ("created_at", &filter.created),
        ("expires_at", &filter.expires),
        ("last_used_at", &filter.last_used),
    ] {
        for (end, than) in [(&span.after, ">="), (&span.before, "<")] {
            if let Some(end) = end {
                args.push(end);
                sql.push_str(&format!(" AND t.{column} {than} ?{}", args.len()));
            }
        }
    }
    let listing = Listing { columns: COLUMNS, from: &sql, id: "t.id", order };
    slice::read(tx, &listing, &args, slice, read)
}

/// Whether anybody could ever sign in: false on a database that has just been made.
pub fn any(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.find("SELECT 1 FROM access_tokens LIMIT 1", &[], |_| Ok(()))?.is_some())
}

/// Ends a token at once. Revoking it again changes nothing. A bot leaves with its token.
pub fn revoke(tx: &mut Tx<'_>, actor: &Actor, id: i64, now: i64) -> Result<()> {
    let token = get(tx, id)?;
    let revoked = tx.execute(
        "UPDATE access_tokens SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
        &[&id, &now],
    )?;
    if revoked > 0 {
        acts::token(tx, actor, Verb::Revoked, &token, now)?;
    }
    dismiss_bot(tx, &token)
}

/// A bot without a token that was not revoked is no member of anything any more. Its row stays for the runs that it
/// made.
fn dismiss_bot(tx: &mut Tx<'_>, token: &Token) -> Result<()> {
    if token.owner.place().is_none() {
        return Ok(());
    }
    let another = tx.find(
        "SELECT 1 FROM access_tokens WHERE user_id = ?1 AND revoked_at IS NULL LIMIT 1",
        &[&token.user_id],
        |_| Ok(()),
    )?;
    match another {
        Some(()) => Ok(()),
        None => members::remove_from_all(tx, token.user_id),
    }
}

pub(crate) fn revoke_all_of(tx: &mut Tx<'_>, user_id: i64, now: i64) -> Result<()> {
    tx.execute(
        "UPDATE access_tokens SET revoked_at = ?2 WHERE user_id = ?1 AND revoked_at IS NULL",
        &[&user_id, &now],
    )?;
    Ok(())
}

/// Whether `now` is long enough after the last note to make another.
pub fn use_is_worth_noting(token: &Token, now: i64) -> bool {
    token.last_used_at.is_none_or(|at| now - at >= USE_NOTED_EVERY_MS)
}

pub fn note_use(tx: &mut Tx<'_>, id: i64, now: i64) -> Result<()> {
    tx.execute(
        "UPDATE access_tokens SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)",
        &[&id, &now],
    )?;
    Ok(())
}
