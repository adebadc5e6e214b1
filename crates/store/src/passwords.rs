//! What is kept of users' passwords. Hashing and comparing are slow, and happen outside of transactions.

use weir_domain::Result;

use crate::{Tx, sessions, sign_in_links};

/// The hash of a user's password, if there is one.
pub fn find(tx: &mut Tx<'_>, user_id: i64) -> Result<Option<String>> {
    tx.find("SELECT hash FROM passwords WHERE user_id = ?1", &[&user_id], |row| row.text(0))
}

/// Gives a user another password. Whoever signed in with the old one is signed out, and
/// links that were made before sign nobody in.
pub fn set(tx: &mut Tx<'_>, user_id: i64, hash: &str, now: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO passwords (user_id, hash, set_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at",
        &[&user_id, &hash, &now],
    )?;
    sessions::end_all(tx, user_id)?;
    sign_in_links::remove_all_of(tx, user_id)
}
