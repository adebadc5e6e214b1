//! The limit of the embedded database: the same rows written and read by rusqlite alone, as durable as Weir's.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use crate::Result;
use crate::bodies::Numbers;
use crate::load::Load;

/// Times as SQLite keeps them: signed.
const EPOCH_MS: i64 = crate::bodies::EPOCH_MS as i64;

/// How the rows are laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// The tightest row layout: integer ids, the table is its own primary key.
    Clustered,
    /// MLflow's own table.
    Mlflow,
}

const CLUSTERED: &str = "
    CREATE TABLE metrics (
        run INTEGER NOT NULL,
        key INTEGER NOT NULL,
        step INTEGER NOT NULL,
        value REAL NOT NULL,
        logged_at INTEGER NOT NULL,
        PRIMARY KEY (run, key, step)
    ) WITHOUT ROWID";

const MLFLOW: &str = "
    CREATE TABLE metrics (
        key VARCHAR(250) NOT NULL,
        value DOUBLE NOT NULL,
        timestamp BIGINT NOT NULL,
        run_uuid VARCHAR(32) NOT NULL,
        step BIGINT DEFAULT 0 NOT NULL,
        is_nan BOOLEAN DEFAULT 0 NOT NULL,
        PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan)
    );
    CREATE INDEX metrics_run_uuid ON metrics (run_uuid)";

const INSERT_CLUSTERED: &str =
    "INSERT INTO metrics (run, key, step, value, logged_at) VALUES (?1, ?2, ?3, ?4, ?5)";

const INSERT_MLFLOW: &str =
    "INSERT INTO metrics (run_uuid, key, step, value, timestamp, is_nan) VALUES (?1, ?2, ?3, ?4, ?5, 0)";

fn open(folder: &Path, schema: Schema) -> Result<Connection> {
    let database = Connection::open(folder.join("raw.db"))?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    database.execute_batch(match schema {
        Schema::Clustered => CLUSTERED,
        Schema::Mlflow => MLFLOW,
    })?;
    Ok(database)
}

/// Durable commits of one row each from one thread, for `phase`.
pub fn commit_one_row(scratch: &Path, phase: Duration) -> Result<Load> {
    let folder = tempfile::tempdir_in(scratch)?;
    let database = open(folder.path(), Schema::Clustered)?;
    let mut insert = database.prepare(INSERT_CLUSTERED)?;
    let mut numbers = Numbers::new(1);
    let mut latencies = Vec::new();
    let started_at = Instant::now();
    while started_at.elapsed() < phase {
        let committed_from = Instant::now();
        let step = latencies.len() as i64;
        insert.execute(params![1, 1, step, numbers.unit(), EPOCH_MS + step])?;
        latencies.push(committed_from.elapsed());
    }
    Load::new(started_at.elapsed(), latencies)
}

/// Rows a second, in durable transactions of `keys` x `steps` rows that go round 8 runs, for `phase`.
pub fn insert_batches(
    scratch: &Path,
    schema: Schema,
    phase: Duration,
    keys: &[String],
    steps: i64,
) -> Result<f64> {
    const RUNS: i64 = 8;
    let folder = tempfile::tempdir_in(scratch)?;
    let mut database = open(folder.path(), schema)?;
    let run_uuids: Vec<String> = (0..RUNS).map(|run| format!("{:032x}", run * 0x1E37_79B9_7F4A)).collect();
    let mut numbers = Numbers::new(1);
    let (mut rows, mut batches) = (0_i64, 0_i64);
    let started_at = Instant::now();
    while started_at.elapsed() < phase {
        let run = batches % RUNS;
        let first_step = batches / RUNS * steps;
        let transaction = database.transaction()?;
        match schema {
            Schema::Clustered => {
                let mut insert = transaction.prepare_cached(INSERT_CLUSTERED)?;
                for step in first_step..first_step + steps {
                    for key in 0..keys.len() as i64 {
                        insert.execute(params![run, key, step, numbers.unit(), EPOCH_MS + step])?;
                    }
                }
            }
            Schema::Mlflow => {
                let mut insert = transaction.prepare_cached(INSERT_MLFLOW)?;
                let run_uuid = &run_uuids[run as usize];
                for step in first_step..first_step + steps {
                    for key in keys {
                        insert.execute(params![run_uuid, key, step, numbers.unit(), EPOCH_MS + step])?;
                    }
                }
            }
        }
        transaction.commit()?;
        rows += keys.len() as i64 * steps;
        batches += 1;
    }
    Ok(rows as f64 / started_at.elapsed().as_secs_f64())
}

/// Rows a second when the whole history of one key is read again and again, for `phase`.
pub fn read_history(scratch: &Path, points: i64, phase: Duration) -> Result<f64> {
    let folder = tempfile::tempdir_in(scratch)?;
    let mut database = open(folder.path(), Schema::Clustered)?;
    let mut numbers = Numbers::new(1);
    let transaction = database.transaction()?;
    for step in 0..points {
        let mut insert = transaction.prepare_cached(INSERT_CLUSTERED)?;
        insert.execute(params![1, 1, step, numbers.unit(), EPOCH_MS + step])?;
    }
    transaction.commit()?;

    let mut select = database
        .prepare("SELECT step, value, logged_at FROM metrics WHERE run = 1 AND key = 1 ORDER BY step")?;
    let mut read = 0_u64;
    let started_at = Instant::now();
    while started_at.elapsed() < phase {
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let point: (i64, f64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            std::hint::black_box(point);
            read += 1;
        }
    }
    Ok(read as f64 / started_at.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bodies::metric_keys;

    const SHORT: Duration = Duration::from_millis(30);

    #[test]
    fn the_raw_limits_write_and_read_real_rows() {
        let scratch = tempfile::tempdir().unwrap();
        let keys = metric_keys(10);
        assert!(commit_one_row(scratch.path(), SHORT).unwrap().count() > 0);
        for schema in [Schema::Clustered, Schema::Mlflow] {
            assert!(insert_batches(scratch.path(), schema, SHORT, &keys, 5).unwrap() > 0.0);
        }
        assert!(read_history(scratch.path(), 100, SHORT).unwrap() > 0.0);
    }

    #[test]
    fn a_commit_is_durable() {
        let scratch = tempfile::tempdir().unwrap();
        let database = open(scratch.path(), Schema::Clustered).unwrap();
        let pragma = |name| database.pragma_query_value(None, name, |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(pragma("journal_mode"), "wal");
        let full: i64 = database.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
        assert_eq!(full, 2);
    }
}
