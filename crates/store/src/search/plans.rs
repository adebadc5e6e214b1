//! For tests: how SQLite would answer a statement. Nothing ever tells it how many rows there are, so that it decides as on
//! an empty database.

use super::Args;
use crate::tx::{SqliteConnection, Tx};
use crate::{migrate, sqlite};

/// The steps of the plan, a line each, of the statement that `write` makes.
pub(super) fn plan(write: impl FnOnce(&mut Tx<'_>) -> (String, Args)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weir.db");
    migrate::sqlite(&path).unwrap();
    let connection = sqlite::connect(&path, false).unwrap();
    let connection = SqliteConnection::new(&connection);
    let mut tx = Tx::Sqlite(&connection);
    let (sql, args) = write(&mut tx);
    let steps = tx.list(&format!("EXPLAIN QUERY PLAN {sql}"), &args.references(), |row| row.text(3));
    steps.unwrap().join("\n")
}
