//! Access tokens. Only a digest is kept: a token is 192 random bits, so a fast digest is enough.

use sha2::{Digest, Sha256};
use weir_domain::access::{Role, Scopes};
use weir_domain::{Error, Result};

use crate::{Tx, members, users};

#[derive(Clone, Debug)]
pub struct Token {
    pub id: i64,
    pub user_id: i64,
    pub project_id: Option<i64>,
    pub name: String,
    pub scopes: Scopes,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
    pub last_used_at: Option<i64>,
}

impl Token {
    pub fn active(&self, now: i64) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|at| at > now)
    }
}

pub struct NewToken<'a> {
    pub name: &'a str,
    pub digest: [u8; 32],
    pub scopes: Scopes,
    pub expires_at: Option<i64>,
    pub now: i64,
}

/// Milliseconds between two notes of a token's use, as GitLab has it.
const USE_NOTED_EVERY_MS: i64 = 10 * 60 * 1000;

const COLUMNS: &str = "t.id, t.user_id, t.project_id, t.name, t.scopes, t.created_at, t.expires_at, t.revoked_at, t.last_used_at";

fn read(row: &crate::tx::Row<'_>) -> Result<Token> {
    Ok(Token {
        id: row.int(0)?,
        user_id: row.int(1)?,
        project_id: row.opt_int(2)?,
        name: row.text(3)?,
        scopes: Scopes::parse(row.str(4)?)?,
        created_at: row.int(5)?,
        expires_at: row.opt_int(6)?,
        revoked_at: row.opt_int(7)?,
        last_used_at: row.opt_int(8)?,
    })
}

/// What is kept of a token.
pub fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A token that acts as `user_id` wherever that user may act.
pub fn create_personal(tx: &mut Tx<'_>, user_id: i64, new: &NewToken<'_>) -> Result<Token> {
    create(tx, user_id, None, new)
}

/// A token for one project, which acts as a bot of its own with `role` there. `bot` is a random user name tail.
pub fn create_for_project(
    tx: &mut Tx<'_>,
    project_id: i64,
    role: Role,
    bot: &str,
    new: &NewToken<'_>,
) -> Result<Token> {
    let username = format!("project_{project_id}_bot_{bot}");
    let user = users::create(
        tx,
        &users::NewUser {
            username: &username,
            name: new.name,
            email: None,
            administrator: false,
            bot: true,
            now: new.now,
        },
    )?;
    members::set(tx, project_id, user.id, role, None, new.now)?;
    create(tx, user.id, Some(project_id), new)
}

fn create(tx: &mut Tx<'_>, user_id: i64, project_id: Option<i64>, new: &NewToken<'_>) -> Result<Token> {
    if new.expires_at.is_some_and(|at| at <= new.now) {
        return Err(Error::Invalid("the expiry date of a token must lie in the future".to_owned()));
    }
    let id = tx.find(
        "INSERT INTO access_tokens (user_id, project_id, name, digest, scopes, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (digest) DO NOTHING
         RETURNING id",
        &[&user_id, &project_id, &new.name, &new.digest, &new.scopes.text(), &new.now, &new.expires_at],
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

pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Token>> {
    tx.list(&format!("SELECT {COLUMNS} FROM access_tokens t ORDER BY t.id"), &[], read)
}

/// Whether anybody could ever sign in: false on a database that has just been made.
pub fn any(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.find("SELECT 1 FROM access_tokens LIMIT 1", &[], |_| Ok(()))?.is_some())
}

/// Ends a token at once. Revoking it again changes nothing.
pub fn revoke(tx: &mut Tx<'_>, id: i64, now: i64) -> Result<()> {
    get(tx, id)?;
    tx.execute(
        "UPDATE access_tokens SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
        &[&id, &now],
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
