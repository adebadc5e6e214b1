//! The embedded engine: one writer thread that commits many closures at once, a few read-only threads, and a
//! thread that keeps the write-ahead log short.

mod reader;

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};
use weir_domain::{Error, Result};

use self::reader::Reader;
use crate::changes::{Changes, Noted};
use crate::job::{Delivery, Job, Outcome};
use crate::search::{ilike, like};
use crate::tx::{SqliteConnection, Tx};

/// Closures in one commit at most; past this the first of them waits too long for its answer.
const GROUP: usize = 512;
/// Closures waiting for the writer before senders have to wait.
const QUEUE: usize = 4096;
pub(crate) const READERS: usize = 4;
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
    pub(crate) fn open(path: &Path, changes: &Arc<Changes>, read_limit: Duration) -> Result<Self> {
        let (writer, orders) = async_channel::bounded(QUEUE);
        let (reader, reads) = async_channel::bounded::<Box<dyn Job>>(QUEUE);
        let mut threads = Vec::new();
        let connection = connect(path, false)?;
        let changes = changes.clone();
        threads.push(spawn("weir-write", move || write_loop(&connection, &orders, &changes))?);
        for _ in 0..READERS {
            let reader = Reader::open(path, read_limit)?;
            let reads = reads.clone();
            threads.push(spawn("weir-read", move || reader.serve(&reads))?);
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
    let mut care = Care::default();
    while let Ok(order) = orders.recv_blocking() {
        match order {
            Order::Run(first) => write_group(connection, first, orders, changes, &mut care),
            Order::Checkpoint => checkpoint(connection, "RESTART"),
        }
    }
}

/// How many of the next groups give each closure a savepoint.
///
/// A savepoint makes SQLite copy every page that the closure is the first to change, a good part of what a small write
/// costs, and hardly any closure fails behind its first change. So a group does without, and when one does fail there, the
/// group is taken back as a whole and run again with savepoints. The groups behind it have them from the start, so that
/// a client whose requests all fail so does not make everybody's work be done twice.
#[derive(Default)]
struct Care(u32);

impl Care {
    const GROUPS: u32 = 64;

    fn begin(&mut self) -> bool {
        let is_needed = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        is_needed
    }

    fn take(&mut self) {
        self.0 = Self::GROUPS;
    }
}

/// What shares one commit.
struct Group<'a> {
    connection: &'a Connection,
    jobs: Vec<Box<dyn Job>>,
    noted: Noted,
    /// Each job has a savepoint of its own.
    savepoints: bool,
}

impl<'a> Group<'a> {
    fn begin(connection: &'a Connection, savepoints: bool) -> Result<Self> {
        run(connection, "BEGIN IMMEDIATE")?;
        Ok(Self { connection, jobs: Vec::with_capacity(64), noted: Noted::new(), savepoints })
    }

    /// Runs one more. Fails when the whole transaction is lost.
    fn add(&mut self, job: Box<dyn Job>, care: &mut Care) -> Result<()> {
        self.jobs.push(job);
        if self.run(self.jobs.len() - 1)? {
            return Ok(());
        }
        care.take();
        self.savepoints = true;
        self.noted.clear();
        run(self.connection, "ROLLBACK")?;
        run(self.connection, "BEGIN IMMEDIATE")?;
        for index in 0..self.jobs.len() {
            self.run(index)?;
        }
        Ok(())
    }

    /// Answers whether the transaction is as it should be: what the job changed before it failed is still in it
    /// otherwise.
    ///
    /// Fails when the whole transaction is lost: SQLite rolls it back by itself on a full disk, and then nothing that
    /// ran in the group before may be acknowledged, and nothing after may run outside it.
    fn run(&mut self, index: usize) -> Result<bool> {
        let connection = self.connection;
        if self.savepoints {
            run(connection, "SAVEPOINT job")?;
        }
        let rows_changed = connection.total_changes();
        let inside = SqliteConnection::new(connection);
        let outcome = self.jobs[index].run(&mut Tx::Sqlite(&inside));
        if connection.is_autocommit() {
            return Err(Error::internal("the database rolled the transaction back"));
        }
        match outcome {
            Outcome::Done => self.noted.append(&mut inside.into_noted()),
            Outcome::Failed | Outcome::Again if connection.total_changes() == rows_changed => {}
            Outcome::Failed | Outcome::Again if self.savepoints => run(connection, "ROLLBACK TO job")?,
            Outcome::Failed | Outcome::Again => return Ok(false),
        }
        if self.savepoints {
            run(connection, "RELEASE job")?;
        }
        Ok(true)
    }
}

/// Commits `first` together with what else is waiting.
fn write_group(
    connection: &Connection,
    first: Box<dyn Job>,
    orders: &async_channel::Receiver<Order>,
    changes: &Changes,
    care: &mut Care,
) {
    let mut group = match Group::begin(connection, care.begin()) {
        Ok(group) => group,
        Err(error) => return first.fail(error),
    };
    let mut checkpoint_asked = false;
    let mut next = Some(first);
    let mut fate = Ok(());
    while let Some(job) = next.take() {
        fate = group.add(job, care);
        if fate.is_err() || group.jobs.len() >= GROUP {
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
    let Group { mut jobs, noted, .. } = group;
    if fate.is_ok() {
        changes.add(noted);
    }
    let first = jobs.swap_remove(0);
    first.answer(&fate.clone(), Some(Delivery { jobs, fate }));
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
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use rusqlite::{Connection, StatementStatus};
    use weir_domain::{Error, Result};

    use super::{Care, Changes, Order, connect, write_group};
    use crate::changes::{Subject, What};
    use crate::job::{Receiver, job};

    fn open(folder: &tempfile::TempDir) -> Connection {
        connect(&folder.path().join("database"), false).unwrap()
    }

    #[test]
    fn a_cached_statement_is_compiled_once() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open(&folder);
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

    /// Writers of one table that share commits, and how often each of them ran.
    struct Writers {
        connection: Connection,
        care: Care,
        changes: Changes,
        runs: Arc<AtomicU32>,
    }

    impl Writers {
        fn new(folder: &tempfile::TempDir) -> Self {
            let connection = open(folder);
            connection.execute_batch("CREATE TABLE t (a INTEGER)").unwrap();
            let (care, changes) = (Care::default(), Changes::default());
            Self { connection, care, changes, runs: Arc::default() }
        }

        /// Writes the rows in one commit: one that is negative is written and then refused, 0 is refused before it.
        async fn write(&mut self, rows: &[i64]) -> Vec<Result<i64>> {
            let (sender, orders) = async_channel::unbounded();
            let mut answers: Vec<Receiver<i64>> = Vec::new();
            for &row in rows {
                let runs = self.runs.clone();
                let (order, answer) = job(move |tx| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    if row == 0 {
                        return Err(Error::NotFound("nothing".to_owned()));
                    }
                    tx.execute("INSERT INTO t VALUES (?1)", &[&row])?;
                    tx.note(Subject::Run(row), What::CREATED);
                    if row < 0 { Err(Error::NotFound("refused".to_owned())) } else { Ok(row) }
                });
                sender.send(Order::Run(order)).await.unwrap();
                answers.push(answer);
            }
            let Ok(Order::Run(first)) = orders.recv().await else { panic!("no order") };
            write_group(&self.connection, first, &orders, &self.changes, &mut self.care);
            let mut received = Vec::new();
            for answer in answers {
                received.push(answer.receive().await);
            }
            received
        }

        fn rows(&self) -> Vec<i64> {
            let mut statement = self.connection.prepare("SELECT a FROM t ORDER BY rowid").unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
        }

        /// How many jobs have run since the last time.
        fn took(&self) -> u32 {
            self.runs.swap(0, Ordering::Relaxed)
        }
    }

    #[tokio::test]
    async fn what_fails_behind_a_change_leaves_nothing_and_takes_nobody_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut writers = Writers::new(&folder);
        let answers = writers.write(&[1, 2, -3, 4]).await;
        assert!(matches!(&answers[..], [Ok(1), Ok(2), Err(Error::NotFound(_)), Ok(4)]), "{answers:?}");
        assert_eq!(writers.rows(), [1, 2, 4]);
        let mut noted: Vec<_> =
            writers.changes.take().subjects.into_keys().map(|it| format!("{it:?}")).collect();
        noted.sort();
        assert_eq!(noted, ["Run(1)", "Run(2)", "Run(4)"]);
        // Three ran, were taken back, and ran again.
        assert_eq!(writers.took(), 3 + 3 + 1);
    }

    #[tokio::test]
    async fn nobody_works_twice_for_one_who_always_fails() {
        let folder = tempfile::tempdir().unwrap();
        let mut writers = Writers::new(&folder);
        writers.write(&[-1]).await;
        writers.took();
        for _ in 0..Care::GROUPS {
            writers.write(&[2, -3]).await;
            assert_eq!(writers.took(), 2);
        }
        writers.write(&[4, -5]).await;
        assert_eq!(writers.took(), 4);
    }

    #[tokio::test]
    async fn what_fails_before_its_first_change_costs_nobody_anything() {
        let folder = tempfile::tempdir().unwrap();
        let mut writers = Writers::new(&folder);
        let answers = writers.write(&[1, 0, 2]).await;
        assert!(matches!(&answers[..], [Ok(1), Err(Error::NotFound(_)), Ok(2)]), "{answers:?}");
        assert_eq!((writers.rows(), writers.took()), (vec![1, 2], 3));
    }
}
