//! The embedded engine: one writer thread that commits many closures at once, a few read-only threads, and a
//! thread that keeps the write-ahead log short.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};
use weir_domain::{Error, Result};

use crate::changes::{Changes, Noted};
use crate::job::{Delivery, Job, Outcome};
use crate::search::{ilike, like};
use crate::tx::{SqliteConnection, Tx};

/// Closures in one commit at most; past this the first of them waits too long for its answer.
const GROUP: usize = 512;
/// Closures waiting for the writer before senders have to wait.
const QUEUE: usize = 4096;
const READERS: usize = 4;
/// Bytes of the database file that readers see without copying; the file only ever grows.
const MAPPED: i64 = 1 << 30;
/// Frames in the log past which the writer itself finishes a checkpoint (64 MiB).
const LONG_LOG: i64 = 16_384;

pub(crate) enum Order {
    Run(Box<dyn Job>),
    /// Finish a checkpoint while nobody writes.
    Checkpoint,
}

pub(crate) struct Engine {
    pub(crate) writer: async_channel::Sender<Order>,
    pub(crate) reader: async_channel::Sender<Box<dyn Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Engine {
    /// Opens the database at `path`, which [`crate::migrate`] has brought up to date.
    pub(crate) fn open(path: &Path, changes: &Arc<Changes>) -> Result<Self> {
        let (writer, orders) = async_channel::bounded(QUEUE);
        let (reader, reads) = async_channel::bounded::<Box<dyn Job>>(QUEUE);
        let mut threads = Vec::new();
        let connection = connect(path, false)?;
        let changes = changes.clone();
        threads.push(spawn("weir-write", move || write_loop(&connection, &orders, &changes))?);
        for _ in 0..READERS {
            let connection = connect(path, true)?;
            let reads = reads.clone();
            threads.push(spawn("weir-read", move || read_loop(&connection, &reads))?);
        }
        let connection = connect(path, false)?;
        let weak = writer.downgrade();
        threads.push(spawn("weir-checkpoint", move || checkpoint_loop(&connection, &weak))?);
        Ok(Self { writer, reader, threads })
    }

    /// Lets everything queued finish, then closes the connections.
    pub(crate) fn close(&mut self) {
        self.writer.close();
        self.reader.close();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a database thread ended by a panic");
            }
        }
    }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.to_owned()).spawn(body).map_err(Error::internal)
}

/// Opens a connection with the settings that durability and group commit rest on.
pub(crate) fn connect(path: &Path, read_only: bool) -> Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags |= if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    let connection = Connection::open_with_flags(path, flags).map_err(Error::internal)?;
    connection.busy_timeout(Duration::from_secs(20)).map_err(Error::internal)?;
    connection.set_prepared_statement_cache_capacity(256);
    if !read_only {
        connection.pragma_update(None, "journal_mode", "WAL").map_err(Error::internal)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(Error::internal)?;
        // The checkpoint thread does it, so that no client waits for it.
        connection.pragma_update(None, "wal_autocheckpoint", 0).map_err(Error::internal)?;
        // So that what a REPLACE takes out asks the triggers of deletions: the audit log's refuse it.
        connection.pragma_update(None, "recursive_triggers", true).map_err(Error::internal)?;
    }
    connection.pragma_update(None, "foreign_keys", false).map_err(Error::internal)?;
    if read_only {
        connection.pragma_update(None, "mmap_size", MAPPED).map_err(Error::internal)?;
    }
    // Without it a statement whose plan could depend on what is bound, such as any with an ORDER BY behind an index,
    // is compiled anew at each use: its bindings are cleared in between.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(Error::internal)?;
    connection.pragma_update(None, "temp_store", "MEMORY").map_err(Error::internal)?;
    connection.pragma_update(None, "cache_size", -32_768).map_err(Error::internal)?;
    add_functions(&connection)?;
    Ok(connection)
}

/// SQLite's own `LIKE` minds no case and takes exponential time for some patterns.
fn add_functions(connection: &Connection) -> Result<()> {
    add_like(connection, "like_minding_case", like)?;
    add_like(connection, "like_any_case", ilike)
}

fn add_like(connection: &Connection, name: &str, matches: fn(&str, &str) -> bool) -> Result<()> {
    connection
        .create_scalar_function(
            name,
            2,
            FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
            move |context| {
                let (pattern, text) = (context.get_raw(0), context.get_raw(1));
                match (pattern.as_str_or_null()?, text.as_str_or_null()?) {
                    (Some(pattern), Some(text)) => Ok(Some(matches(pattern, text))),
                    _ => Ok(None),
                }
            },
        )
        .map_err(Error::internal)
}

fn write_loop(connection: &Connection, orders: &async_channel::Receiver<Order>, changes: &Changes) {
    while let Ok(order) = orders.recv_blocking() {
        match order {
            Order::Run(first) => write_group(connection, first, orders, changes),
            Order::Checkpoint => checkpoint(connection, "RESTART"),
        }
    }
}

/// Commits `first` together with what else is waiting, each in a savepoint of its own.
fn write_group(
    connection: &Connection,
    first: Box<dyn Job>,
    orders: &async_channel::Receiver<Order>,
    changes: &Changes,
) {
    if let Err(error) = run(connection, "BEGIN IMMEDIATE") {
        return first.fail(error);
    }
    let mut jobs = Vec::with_capacity(64);
    let mut checkpoint_asked = false;
    let mut next = Some(first);
    let mut fate = Ok(());
    let mut noted = Noted::new();
    while let Some(mut job) = next.take() {
        fate = write_one(connection, &mut *job, &mut noted);
        jobs.push(job);
        if fate.is_err() || jobs.len() >= GROUP {
            break;
        }
        match orders.try_recv() {
            Ok(Order::Run(job)) => next = Some(job),
            Ok(Order::Checkpoint) => {
                checkpoint_asked = true;
                break;
            }
            Err(_) => {}
        }
    }
    let fate = fate.and_then(|()| run(connection, "COMMIT")).map_err(|error| {
        tracing::error!(error = internal_text(&error), "a group of writes was not committed");
        // A commit that failed for want of room leaves the transaction open.
        if !connection.is_autocommit() {
            let _ = run(connection, "ROLLBACK");
        }
        internal_text(&error)
    });
    if fate.is_ok() {
        changes.add(noted);
    }
    if !jobs.is_empty() {
        let first = jobs.swap_remove(0);
        first.answer(&fate.clone(), Some(Delivery { jobs, fate }));
    }
    if checkpoint_asked {
        checkpoint(connection, "RESTART");
    }
}

/// What went wrong, with its cause: for the log only.
pub(crate) fn internal_text(error: &Error) -> String {
    match error {
        Error::Internal(cause) => cause.to_string(),
        other => other.to_string(),
    }
}

/// Fails when the whole transaction is lost: SQLite rolls it back by itself on a full disk, and then nothing that
/// ran in the group before may be acknowledged, and nothing after may run outside it.
fn write_one(connection: &Connection, job: &mut dyn Job, noted: &mut Noted) -> Result<()> {
    run(connection, "SAVEPOINT job")?;
    let inside = SqliteConnection::new(connection);
    let outcome = job.run(&mut Tx::Sqlite(&inside));
    if connection.is_autocommit() {
        return Err(Error::internal("the database rolled the transaction back"));
    }
    match outcome {
        Outcome::Done => noted.append(&mut inside.into_noted()),
        Outcome::Failed | Outcome::Again => run(connection, "ROLLBACK TO job")?,
    }
    run(connection, "RELEASE job")
}

fn read_loop(connection: &Connection, reads: &async_channel::Receiver<Box<dyn Job>>) {
    while let Ok(mut job) = reads.recv_blocking() {
        if let Err(error) = run(connection, "BEGIN") {
            job.fail(error);
            continue;
        }
        job.run(&mut Tx::Sqlite(&SqliteConnection::new(connection)));
        let end = run(connection, "COMMIT").map_err(|error| internal_text(&error));
        job.answer(&end, None);
    }
}

fn run(connection: &Connection, sql: &str) -> Result<()> {
    let mut statement = connection.prepare_cached(sql).map_err(Error::internal)?;
    statement.execute([]).map(|_| ()).map_err(Error::internal)
}

/// Copies committed pages into the database file beside the writer, five times a second; asks the writer to end
/// it when the log grows all the same, since only a finished checkpoint lets the log start again.
fn checkpoint_loop(connection: &Connection, writer: &async_channel::WeakSender<Order>) {
    loop {
        std::thread::sleep(Duration::from_millis(200));
        let Some(writer) = writer.upgrade() else { break };
        if writer.is_closed() {
            break;
        }
        let frames = checkpoint_passive(connection);
        if frames > LONG_LOG {
            let _ = writer.try_send(Order::Checkpoint);
        }
    }
}

/// Returns the frames in the log.
fn checkpoint_passive(connection: &Connection) -> i64 {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i64>(1)).unwrap_or_else(
        |error| {
            tracing::warn!(%error, "checkpoint failed");
            0
        },
    )
}

fn checkpoint(connection: &Connection, mode: &str) {
    if let Err(error) = connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |_| Ok(())) {
        tracing::warn!(%error, "checkpoint failed");
    }
}

#[cfg(test)]
mod tests {

    use rusqlite::StatementStatus;

    use super::connect;

    #[test]
    fn a_cached_statement_is_compiled_once() {
        let folder = tempfile::tempdir().unwrap();
        let connection = connect(&folder.path().join("database"), false).unwrap();
        connection
            .execute_batch(
                "CREATE TABLE t (a, b, c); CREATE INDEX t_ab ON t (a, b); CREATE INDEX t_ac ON t (a, c);",
            )
            .unwrap();
        for _ in 0..3 {
            let mut statement = connection.prepare_cached("SELECT c FROM t WHERE a = ?1 ORDER BY b").unwrap();
            assert!(!statement.exists([7]).unwrap());
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
        }
    }
}
