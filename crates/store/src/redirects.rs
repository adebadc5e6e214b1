//! Paths that projects had before: requests to one are sent on to where the project is now.

use weir_domain::Result;

use crate::Tx;

/// The project that had this path, whatever its letter case.
pub(crate) fn find(tx: &mut Tx<'_>, path: &str) -> Result<Option<i64>> {
    tx.find("SELECT project_id FROM redirects WHERE path = lower(?1)", &[&path], |row| row.int(0))
}

/// Remembers a path that a project leaves; whoever had it before has lost it.
pub(crate) fn add(tx: &mut Tx<'_>, path: &str, project_id: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO redirects (path, project_id) VALUES (lower(?1), ?2)
         ON CONFLICT (path) DO UPDATE SET project_id = excluded.project_id",
        &[&path, &project_id],
    )?;
    Ok(())
}

/// A path that is taken again leads nowhere else.
pub(crate) fn remove(tx: &mut Tx<'_>, path: &str) -> Result<()> {
    tx.execute("DELETE FROM redirects WHERE path = lower(?1)", &[&path])?;
    Ok(())
}
