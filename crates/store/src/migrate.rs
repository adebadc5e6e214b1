//! Brings a database to the schema of this program, and refuses one that a newer program has changed.

use std::path::Path;

use rusqlite::Connection;
use weir_domain::{Error, Result};

use crate::sqlite;

struct Migration {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($number:literal $name:literal),* $(,)?) => {
        &[$(Migration {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

const MIGRATIONS: &[Migration] = migrations![
    1 "0001_people", 2 "0002_tracking", 3 "0003_files", 4 "0004_registry", 5 "0005_logged_models",
    6 "0006_version_locations", 7 "0007_packages", 8 "0008_groups", 9 "0009_sign_in",
    10 "0010_trust_rules", 11 "0011_identities", 12 "0012_ci_jobs",
    13 "0013_audit", 14 "0014_tables",
    15 "0015_granted_roles", 16 "0016_trust_globs", 17 "0017_shared_ci_jobs",
    18 "0018_sign_in_places", 19 "0019_users_by_email", 20 "0020_audit_inserts",
    21 "0021_bots_expire", 22 "0022_run_models_by_model",
    23 "0023_removing_groups",
];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    number BIGINT NOT NULL PRIMARY KEY,
    name   TEXT   NOT NULL
)";
const DONE: &str = "SELECT COALESCE(MAX(number), 0) FROM schema_migrations";

/// Any number, the same in every Weir: two that start together take turns.
const ADVISORY_LOCK: i64 = 0x7765_6972_0001;

fn pending(done: i64) -> Result<&'static [Migration]> {
    let newest = MIGRATIONS.last().map_or(0, |migration| migration.number);
    if done > newest {
        return Err(Error::Conflict(format!(
            "the database has schema {done}, but this weir knows only up to {newest}: start a newer weir, or restore a backup made before the upgrade"
        )));
    }
    let first = MIGRATIONS.partition_point(|migration| migration.number <= done);
    Ok(&MIGRATIONS[first..])
}

/// Creates or upgrades the database file at `path`; an existing one is copied beside itself first.
pub(crate) fn sqlite(path: &Path) -> Result<()> {
    let connection = sqlite::connect(path, false)?;
    connection.execute_batch(TABLE).map_err(Error::internal)?;
    let done: i64 = connection.query_row(DONE, [], |row| row.get(0)).map_err(Error::internal)?;
    if pending(done)?.is_empty() {
        return Ok(());
    }
    if done > 0 {
        back_up(&connection, path, done)?;
    }
    connection.execute_batch("BEGIN EXCLUSIVE").map_err(Error::internal)?;
    // Read again under the lock: another process may have been faster.
    let done: i64 = connection.query_row(DONE, [], |row| row.get(0)).map_err(Error::internal)?;
    for migration in pending(done)? {
        tracing::info!(migration = migration.name, "migrating the database");
        connection.execute_batch(migration.sqlite).map_err(Error::internal)?;
        connection
            .execute(
                "INSERT INTO schema_migrations (number, name) VALUES (?1, ?2)",
                (migration.number, migration.name),
            )
            .map_err(Error::internal)?;
    }
    connection.execute_batch("COMMIT").map_err(Error::internal)
}

fn back_up(connection: &Connection, path: &Path, done: i64) -> Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".before-schema-{}", done + 1));
    let copy = path.with_file_name(name);
    if copy.exists() {
        return Ok(());
    }
    connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()]).map_err(Error::internal)?;
    tracing::info!(copy = %copy.display(), "backed up the database");
    Ok(())
}

/// Creates or upgrades the schema, all of it in one transaction.
pub(crate) fn postgres(address: &crate::postgres::Address) -> Result<()> {
    let mut connection = crate::postgres::connect(address)?;
    let mut tx = connection.client.transaction().map_err(Error::internal)?;
    tx.execute("SELECT pg_advisory_xact_lock($1)", &[&ADVISORY_LOCK]).map_err(Error::internal)?;
    tx.batch_execute(TABLE).map_err(Error::internal)?;
    let done: i64 = tx.query_one(DONE, &[]).map_err(Error::internal)?.get(0);
    for migration in pending(done)? {
        tracing::info!(migration = migration.name, "migrating the database");
        tx.batch_execute(migration.postgres).map_err(Error::internal)?;
        tx.execute(
            "INSERT INTO schema_migrations (number, name) VALUES ($1, $2)",
            &[&migration.number, &migration.name],
        )
        .map_err(Error::internal)?;
    }
    tx.commit().map_err(Error::internal)
}
