//! How often somebody tried to sign in by password without success: by user name, and by address; and how often people
//! changed their own profile. In the database, so that replicas agree; at most as many rows as attempts of ten minutes.

use sha2::{Digest as _, Sha256};
use weir_domain::Result;

use crate::Tx;

/// Attempts are counted this long after the first of them.
const WINDOW_MS: i64 = 10 * 60 * 1000;
/// Attempts of one user name in that time, whether somebody has it or not.
const OF_USER: i64 = 10;
/// Changes of one's own profile in that time: each stays in the audit log.
const OF_PROFILE: i64 = 20;
/// Attempts from one address, which a whole office may share.
const OF_ADDRESS: i64 = 50;

/// An address counts as one that the user signs in from this long after the last time.
const REMEMBERED_MS: i64 = 90 * 24 * 60 * 60 * 1000;
/// Such addresses of one user at most.
const PLACES: i64 = 20;

fn subject(kind: &str, text: &str) -> [u8; 32] {
    Sha256::digest(format!("{kind} {text}")).into()
}

/// Who tries, from where.
#[derive(Clone, Debug)]
pub struct Attempt {
    user: [u8; 32],
    address: [u8; 32],
    /// The user from this address.
    place: [u8; 32],
}

impl Attempt {
    /// `address` is what is counted as one: for IPv6 that is a network.
    pub fn new(username: &str, address: &str) -> Self {
        let username = username.to_lowercase();
        Self {
            user: subject("user", &username),
            address: subject("address", address),
            place: subject("place", &format!("{username} {address}")),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Permitted,
    /// Too often already; the time at which it may be tried again.
    RefusedUntil(i64),
}

/// Counts a change that somebody makes of their own profile.
pub fn count_profile(tx: &mut Tx<'_>, user_id: i64, now: i64) -> Result<Verdict> {
    forget_old(tx, now)?;
    let (changes, since) = count(tx, &subject("profile", &user_id.to_string()), now)?;
    Ok(if changes > OF_PROFILE { Verdict::RefusedUntil(since + WINDOW_MS) } else { Verdict::Permitted })
}

fn forget_old(tx: &mut Tx<'_>, now: i64) -> Result<()> {
    tx.execute("DELETE FROM sign_in_attempts WHERE since <= ?1", &[&(now - WINDOW_MS)])?;
    Ok(())
}

/// Counts an attempt before it is known how it ends, so that many at once cannot slip through.
pub fn begin(tx: &mut Tx<'_>, attempt: &Attempt, now: i64) -> Result<Verdict> {
    forget_old(tx, now)?;
    // The address comes first and alone when it is refused: else it could shut out users at will.
    // Whoever tries a name elsewhere shuts nobody out from where that name was signed in before: attempts from there
    // are counted for themselves.
    let user = if knows(tx, attempt, now)? { &attempt.place } else { &attempt.user };
    for (subject, most) in [(&attempt.address, OF_ADDRESS), (user, OF_USER)] {
        let (attempts, since) = count(tx, subject, now)?;
        if attempts > most {
            return Ok(Verdict::RefusedUntil(since + WINDOW_MS));
        }
    }
    Ok(Verdict::Permitted)
}

fn count(tx: &mut Tx<'_>, subject: &[u8; 32], now: i64) -> Result<(i64, i64)> {
    tx.get(
        "INSERT INTO sign_in_attempts (subject, attempts, since) VALUES (?1, 1, ?2)
         ON CONFLICT (subject) DO UPDATE SET attempts = sign_in_attempts.attempts + 1
         RETURNING attempts, since",
        &[subject, &now],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )
}

/// Whether the user was signed in from this address lately.
fn knows(tx: &mut Tx<'_>, attempt: &Attempt, now: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM sign_in_places WHERE place = ?1 AND used_at > ?2";
    Ok(tx.find(sql, &[&attempt.place, &(now - REMEMBERED_MS)], |_| Ok(()))?.is_some())
}

/// The attempt succeeded: the user's are forgotten, and this one of the address, which is remembered as the user's.
pub fn succeed(tx: &mut Tx<'_>, attempt: &Attempt, now: i64) -> Result<()> {
    let minus_one = "UPDATE sign_in_attempts SET attempts = attempts - 1 WHERE subject = ?1 AND attempts > 0";
    tx.execute(minus_one, &[&attempt.address])?;
    for subject in [&attempt.user, &attempt.place] {
        tx.execute("DELETE FROM sign_in_attempts WHERE subject = ?1", &[subject])?;
    }
    tx.execute(
        "INSERT INTO sign_in_places (place, user_subject, used_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (place) DO UPDATE SET used_at = excluded.used_at",
        &[&attempt.place, &attempt.user, &now],
    )?;
    tx.execute("DELETE FROM sign_in_places WHERE used_at <= ?1", &[&(now - REMEMBERED_MS)])?;
    tx.execute(
        "DELETE FROM sign_in_places WHERE place IN (
           SELECT place FROM sign_in_places WHERE user_subject = ?1 ORDER BY used_at DESC, place LIMIT ?2 OFFSET ?3)",
        &[&attempt.user, &i64::MAX, &PLACES],
    )?;
    Ok(())
}
