//! Rotation: a new token takes the place of an old one. Whoever rotates one that has been replaced has a copy that
//! somebody else has, too; then the whole family ends.

use weir_domain::audit::{Actor, Verb};
use weir_domain::{Error, Result};

use super::{NewToken, Token, create, dismiss_bot, find, get};
use crate::audit::acts;
use crate::{Tx, members};

/// What came of it. Both are committed; that a family ended must not be rolled back with the refusal.
#[derive(Debug)]
pub enum Rotated {
    To(Box<Token>),
    /// The token had been revoked before: its family is, now.
    Reused,
}

/// Revokes token `id` and makes another like it with the digest, the expiry and the time of `new`.
pub fn rotate(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    digest: [u8; 32],
    expires_at: Option<i64>,
    now: i64,
) -> Result<Rotated> {
    let old = get(tx, id)?;
    if old.revoked_at.is_none() && old.expires_at.is_some_and(|at| at <= now) {
        return Err(Error::Invalid(format!(
            "the token '{}' has expired: make a new one; only a token that still counts is rotated",
            old.name
        )));
    }
    // The row decides who comes first, whatever was read before.
    let revoked = tx.execute(
        "UPDATE access_tokens SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
        &[&id, &now],
    )?;
    if revoked == 0 {
        end_family(tx, actor, &old, now)?;
        return Ok(Rotated::Reused);
    }
    let new = NewToken {
        name: &old.name,
        description: &old.description,
        digest,
        scopes: old.scopes,
        expires_at,
        now,
    };
    let token = create(tx, old.user_id, old.owner, old.role, Some(old.family_id), &new)?;
    // The bot is a member as long as its token lasts.
    if let Some(place) = old.owner.place()
        && let Some(bot) = members::direct(tx, place, old.user_id)?
    {
        members::set(tx, place, old.user_id, bot.role, expires_at, now)?;
    }
    acts::token_rotated(tx, actor, id, &token, now)?;
    Ok(Rotated::To(Box::new(token)))
}

/// Ends the family of a revoked token that somebody tried to rotate itself with.
pub fn note_reuse(tx: &mut Tx<'_>, actor: &Actor, digest: &[u8; 32], now: i64) -> Result<bool> {
    let Some((token, _)) = find(tx, digest)? else { return Ok(false) };
    if token.revoked_at.is_none() {
        return Ok(false);
    }
    end_family(tx, actor, &token, now)?;
    Ok(true)
}

fn end_family(tx: &mut Tx<'_>, actor: &Actor, token: &Token, now: i64) -> Result<()> {
    tx.execute(
        "UPDATE access_tokens SET revoked_at = ?2 WHERE (family_id = ?1 OR id = ?1) AND revoked_at IS NULL",
        &[&token.family_id, &now],
    )?;
    acts::token(tx, actor, Verb::Reused, token, now)?;
    dismiss_bot(tx, token)
}
