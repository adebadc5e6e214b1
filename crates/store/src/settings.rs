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

/// The value of `name`, if it has one.
pub fn find(tx: &mut Tx<'_>, name: &str) -> Result<Option<Vec<u8>>> {
    tx.find("SELECT value FROM settings WHERE name = ?1", &[&name], |row| row.blob(0))
}

pub fn remove(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    tx.execute("DELETE FROM settings WHERE name = ?1", &[&name])?;
    Ok(())
}
