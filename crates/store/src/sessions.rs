//! Sessions of browsers that have signed in. Only a digest of the cookie's secret is kept, as with tokens.

use weir_domain::{Error, Result};

use crate::{Tx, users};

/// A session that nobody used for so long has ended.
pub const IDLE_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// No session lives longer from the sign-in on.
pub const LIFETIME_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// One that a provider vouched for: so long it takes at most until its word on blocked people and groups counts.
pub const OIDC_LIFETIME_MS: i64 = 24 * 60 * 60 * 1000;
/// Between two notes of a session's use.
const USE_NOTED_EVERY_MS: i64 = 60 * 1000;
/// Sessions of one user; another one ends the one that was used least recently.
const MOST: i64 = 50;
/// What is kept of what a browser says of itself.
const AGENT_CHARS: usize = 200;

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Password,
    /// A one-time link.
    Link,
    /// A provider of OpenID Connect.
    Oidc,
}

impl Method {
    pub fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Link => "link",
            Self::Oidc => "oidc",
        }
    }

    fn parse(name: &str) -> Result<Self> {
        let all = [Self::Password, Self::Link, Self::Oidc];
        let method = all.into_iter().find(|method| method.name() == name);
        method.ok_or_else(|| Error::internal(format!("'{name}' is no way to sign in")))
    }
}

#[derive(Clone, Debug)]
pub struct Session {
    pub id: i64,
    pub user_id: i64,
    pub method: Method,
    pub address: String,
    pub user_agent: String,
    pub created_at: i64,
    pub last_used_at: i64,
}

impl Session {
    /// When it ends unless it is used before.
    pub fn expires_at(&self) -> i64 {
        let lifetime_ms = if self.method == Method::Oidc { OIDC_LIFETIME_MS } else { LIFETIME_MS };
        (self.created_at + lifetime_ms).min(self.last_used_at + IDLE_MS)
    }

    /// Whether `now` is long enough after the last note to make another.
    pub fn use_is_worth_noting(&self, now: i64) -> bool {
        now - self.last_used_at >= USE_NOTED_EVERY_MS
    }
}

pub struct NewSession<'a> {
    pub user_id: i64,
    pub digest: [u8; 32],
    pub method: Method,
    pub address: &'a str,
    pub user_agent: &'a str,
    pub now: i64,
}

const COLUMNS: &str = "id, user_id, method, address, user_agent, created_at, last_used_at";
/// Beside the time in `?1`.
const ALIVE: &str = "created_at > ?1 - 2592000000 AND last_used_at > ?1 - 604800000
                     AND (method <> 'oidc' OR created_at > ?1 - 86400000)";

fn read(row: &crate::tx::Row<'_>) -> Result<Session> {
    Ok(Session {
        id: row.int(0)?,
        user_id: row.int(1)?,
        method: Method::parse(row.str(2)?)?,
        address: row.text(3)?,
        user_agent: row.text(4)?,
        created_at: row.int(5)?,
        last_used_at: row.int(6)?,
    })
}

/// Begins a session. Those that have expired go, whoever's they are.
pub fn create(tx: &mut Tx<'_>, new: &NewSession<'_>) -> Result<Session> {
    tx.execute(&format!("DELETE FROM sessions WHERE NOT ({ALIVE})"), &[&new.now])?;
    tx.execute(
        "DELETE FROM sessions WHERE id IN (
           SELECT id FROM sessions WHERE user_id = ?1 ORDER BY last_used_at DESC, id DESC LIMIT ?2 OFFSET ?3)",
        &[&new.user_id, &MOST, &(MOST - 1)],
    )?;
    let user_agent: String = new.user_agent.chars().take(AGENT_CHARS).collect();
    tx.get(
        &format!(
            "INSERT INTO sessions (user_id, digest, method, address, user_agent, created_at, last_used_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) RETURNING {COLUMNS}"
        ),
        &[&new.user_id, &new.digest, &new.method.name(), &new.address, &user_agent, &new.now],
        read,
    )
}

/// The session of `digest` with its user, while both are good.
pub fn find(tx: &mut Tx<'_>, digest: &[u8; 32], now: i64) -> Result<Option<(Session, users::User)>> {
    let sql = format!("SELECT {COLUMNS} FROM sessions WHERE digest = ?2 AND {ALIVE}");
    let Some(session) = tx.find(&sql, &[&now, digest], read)? else { return Ok(None) };
    let user = users::get(tx, session.user_id)?;
    Ok((!user.blocked).then_some((session, user)))
}

/// A user's sessions, the one used last first.
pub fn list(tx: &mut Tx<'_>, user_id: i64, now: i64) -> Result<Vec<Session>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions WHERE user_id = ?2 AND {ALIVE} ORDER BY last_used_at DESC, id DESC"
    );
    tx.list(&sql, &[&now, &user_id], read)
}

pub fn note_use(tx: &mut Tx<'_>, id: i64, now: i64) -> Result<()> {
    tx.execute("UPDATE sessions SET last_used_at = ?2 WHERE id = ?1 AND last_used_at < ?2", &[&id, &now])?;
    Ok(())
}

/// Ends one session of a user.
pub fn end(tx: &mut Tx<'_>, user_id: i64, id: i64) -> Result<()> {
    let ended = tx.execute("DELETE FROM sessions WHERE id = ?1 AND user_id = ?2", &[&id, &user_id])?;
    if ended == 0 {
        return Err(Error::NotFound(format!("you have no session with id '{id}'")));
    }
    Ok(())
}

/// Ends the session of `digest`, if there is one.
pub fn end_by_digest(tx: &mut Tx<'_>, digest: &[u8; 32]) -> Result<()> {
    tx.execute("DELETE FROM sessions WHERE digest = ?1", &[digest])?;
    Ok(())
}

/// Ends every session of a user.
pub fn end_all(tx: &mut Tx<'_>, user_id: i64) -> Result<u64> {
    tx.execute("DELETE FROM sessions WHERE user_id = ?1", &[&user_id])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statements_mean_the_times_that_are_told() {
        for part in [
            format!("created_at > ?1 - {LIFETIME_MS} AND"),
            format!("last_used_at > ?1 - {IDLE_MS}\n"),
            format!("(method <> 'oidc' OR created_at > ?1 - {OIDC_LIFETIME_MS})"),
        ] {
            assert!(ALIVE.contains(&part), "{part}");
        }
    }
}
