//! Values that belong to the installation as a whole.

use weir_domain::Result;

use crate::Tx;

/// The value of `name`, made from `fresh` the first time it is asked for; every replica reads the same.
pub fn get_or_create(tx: &mut Tx<'_>, name: &str, fresh: &[u8]) -> Result<Vec<u8>> {
    tx.execute(
        "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
        &[&name, &fresh],
    )?;
    tx.get("SELECT value FROM settings WHERE name = ?1", &[&name], |row| row.blob(0))
}
