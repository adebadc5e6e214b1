//! How often somebody tried to sign in by password without success: by user name, and by address. In the database, so
//! that replicas agree; at most as many rows as attempts of ten minutes.

use sha2::{Digest as _, Sha256};
use weir_domain::Result;

use crate::Tx;

/// Attempts are counted this long after the first of them.
const WINDOW_MS: i64 = 10 * 60 * 1000;
/// Attempts of one user name in that time, whether somebody has it or not.
const OF_USER: i64 = 10;
/// Attempts from one address, which a whole office may share.
const OF_ADDRESS: i64 = 50;

/// Who tries, from where.
#[derive(Clone, Debug)]
pub struct Attempt {
    user: [u8; 32],
    address: [u8; 32],
}

impl Attempt {
    /// `address` is what is counted as one: for IPv6 that is a network.
    pub fn new(username: &str, address: &str) -> Self {
        let subject = |kind: &str, text: &str| Sha256::digest(format!("{kind} {text}")).into();
        Self { user: subject("user", &username.to_lowercase()), address: subject("address", address) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Permitted,
    /// Too often already; the time at which it may be tried again.
    RefusedUntil(i64),
}

/// Counts an attempt before it is known how it ends, so that many at once cannot slip through.
pub fn begin(tx: &mut Tx<'_>, attempt: &Attempt, now: i64) -> Result<Verdict> {
    tx.execute("DELETE FROM sign_in_attempts WHERE since <= ?1", &[&(now - WINDOW_MS)])?;
    // The address comes first and alone when it is refused: else it could shut out users at will.
    for (subject, most) in [(&attempt.address, OF_ADDRESS), (&attempt.user, OF_USER)] {
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

/// The attempt succeeded: the user's are forgotten, and this one of the address.
pub fn succeed(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<()> {
    let minus_one = "UPDATE sign_in_attempts SET attempts = attempts - 1 WHERE subject = ?1 AND attempts > 0";
    tx.execute(minus_one, &[&attempt.address])?;
    tx.execute("DELETE FROM sign_in_attempts WHERE subject = ?1", &[&attempt.user])?;
    Ok(())
}
