//! Links that sign somebody in once. Only a digest is kept, as with tokens.

use weir_domain::{Error, Result};

use crate::{Tx, users};

/// How long the link of a first start works, which somebody may find in a log the next morning.
pub const FIRST_START_MS: i64 = 24 * 60 * 60 * 1000;
/// How long any other works.
pub const LIFETIME_MS: i64 = 15 * 60 * 1000;

/// Makes a link for a user who may sign in; the links that have expired go.
pub fn create(
    tx: &mut Tx<'_>,
    user: &users::User,
    digest: [u8; 32],
    expires_at: i64,
    now: i64,
) -> Result<()> {
    if user.blocked || user.bot {
        let what = if user.bot { "the user of a project's token" } else { "blocked" };
        return Err(Error::Conflict(format!("user '{}' is {what}, and cannot sign in", user.username)));
    }
    tx.execute("DELETE FROM sign_in_links WHERE expires_at <= ?1", &[&now])?;
    tx.execute(
        "INSERT INTO sign_in_links (digest, user_id, expires_at) VALUES (?1, ?2, ?3)",
        &[&digest, &user.id, &expires_at],
    )?;
    Ok(())
}

/// Whom a link would sign in now.
pub fn find(tx: &mut Tx<'_>, digest: &[u8; 32], now: i64) -> Result<Option<users::User>> {
    let user_id = tx.find(
        "SELECT user_id FROM sign_in_links WHERE digest = ?1 AND expires_at > ?2",
        &[digest, &now],
        |row| row.int(0),
    )?;
    able(tx, user_id)
}

/// Uses a link up: of two that try at once, one finds somebody.
pub fn consume(tx: &mut Tx<'_>, digest: &[u8; 32], now: i64) -> Result<Option<users::User>> {
    let user_id = tx.find(
        "DELETE FROM sign_in_links WHERE digest = ?1 AND expires_at > ?2 RETURNING user_id",
        &[digest, &now],
        |row| row.int(0),
    )?;
    able(tx, user_id)
}

pub(crate) fn remove_all_of(tx: &mut Tx<'_>, user_id: i64) -> Result<()> {
    tx.execute("DELETE FROM sign_in_links WHERE user_id = ?1", &[&user_id])?;
    Ok(())
}

fn able(tx: &mut Tx<'_>, user_id: Option<i64>) -> Result<Option<users::User>> {
    let Some(user_id) = user_id else { return Ok(None) };
    let user = users::get(tx, user_id)?;
    Ok((!user.blocked).then_some(user))
}
