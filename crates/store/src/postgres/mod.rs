//! The PostgreSQL engine: threads that own a connection each and run one transaction a closure.

mod address;
pub(crate) mod listen;
mod tls;

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use postgres::NoTls;
use postgres::config::SslMode;
use postgres::error::SqlState;
use weir_domain::{Error, Result};

use crate::changes::{Changes, Noted};
use crate::job::{Job, Outcome, wants_retry};
use crate::patience::{Patience, too_long};
use crate::tx::{PostgresConnection, Tx};

pub(crate) use address::{Address, parse};

const QUEUE: usize = 4096;
/// Tries of one closure against deadlocks and serialization failures.
const TRIES: u32 = 10;
/// Connections that one closure may lose before its caller is told to come back later.
const LOSSES: u32 = 3;

pub(crate) struct Engine {
    pub(crate) writer: async_channel::Sender<Box<dyn Job>>,
    pub(crate) reader: async_channel::Sender<Box<dyn Job>>,
    pub(crate) readers: usize,
    threads: Vec<JoinHandle<()>>,
}

impl Engine {
    /// Opens `connections` connections, a quarter of them (at least two) for reads only.
    pub(crate) fn open(
        address: &Address,
        connections: usize,
        changes: &Arc<Changes>,
        read_limit: Duration,
    ) -> Result<Self> {
        let (writer, writes) = async_channel::bounded::<Box<dyn Job>>(QUEUE);
        let (reader, reads) = async_channel::bounded::<Box<dyn Job>>(QUEUE);
        let readers = (connections / 4).max(2);
        let mut threads = Vec::new();
        for index in 0..connections.max(4) {
            let (purpose, jobs) = match index < readers {
                true => (Purpose::Read { limit: read_limit }, reads.clone()),
                false => (Purpose::Write, writes.clone()),
            };
            let connection = purpose.connect(address)?;
            let (address, changes) = (address.clone(), changes.clone());
            let mut worker = Worker { address, purpose, connection, changes };
            let thread = std::thread::Builder::new()
                .name("weir-postgres".to_owned())
                .spawn(move || worker.serve(&jobs))
                .map_err(Error::internal)?;
            threads.push(thread);
        }
        Ok(Self { writer, reader, readers, threads })
    }

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

/// Connects with TLS when the address asks for it (`sslmode`), without where it allows that.
pub(crate) fn connect(address: &Address) -> Result<PostgresConnection> {
    let client = match address.config.get_ssl_mode() {
        SslMode::Disable => address.config.connect(NoTls),
        _ => address.config.connect(tls::connector(&address.check)?),
    }
    .map_err(Error::internal)?;
    Ok(PostgresConnection { client, statements: HashMap::new(), noted: Noted::new(), patience: None })
}

/// What a connection is kept for.
#[derive(Clone, Copy)]
enum Purpose {
    /// Nothing is changed, and neither a statement nor all before the last one take longer than this.
    Read {
        limit: Duration,
    },
    Write,
}

impl Purpose {
    fn begin(self) -> &'static str {
        match self {
            Self::Read { .. } => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Self::Write => "BEGIN",
        }
    }

    /// A search names its tables in the order to join them; the planner would think about dozens of conditions
    /// longer than the search itself takes. Compiling statements costs more than these ever gain by it.
    fn settings(self) -> String {
        match self {
            Self::Read { limit } => format!(
                "SET jit = off; SET client_min_messages = warning; SET statement_timeout = {};
                 SET from_collapse_limit = 1; SET join_collapse_limit = 1",
                limit.as_millis().max(1)
            ),
            Self::Write => {
                "SET jit = off; SET client_min_messages = warning; SET statement_timeout = '120s'".to_owned()
            }
        }
    }

    fn is_read(self) -> bool {
        matches!(self, Self::Read { .. })
    }

    fn connect(self, address: &Address) -> Result<PostgresConnection> {
        let mut connection = connect(address)?;
        connection.client.batch_execute(&self.settings()).map_err(Error::internal)?;
        Ok(connection)
    }

    /// A few quick tries: a restarted PostgreSQL is back within seconds.
    fn reconnect(self, address: &Address) -> Result<PostgresConnection> {
        let mut last = self.connect(address);
        for wait_ms in [100, 400, 1000, 2000] {
            if last.is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(wait_ms));
            last = self.connect(address);
        }
        last
    }
}

/// One thread's connection.
struct Worker {
    address: Address,
    purpose: Purpose,
    connection: PostgresConnection,
    changes: Arc<Changes>,
}

/// What became of a transaction.
enum End {
    /// The job has its answer, which counts.
    Answered,
    /// The job has its answer, but nobody knows whether its changes are kept.
    InDoubt(String),
    /// A search that the server gave up after this time.
    TooLong(Duration),
    /// Nothing happened; others were in the way.
    Again,
    /// Nothing happened; the connection is gone.
    Lost(String),
}

impl Worker {
    fn serve(&mut self, jobs: &async_channel::Receiver<Box<dyn Job>>) {
        while let Ok(job) = jobs.recv_blocking() {
            // Nothing is lost by a read that nobody waits for; what was to be written is written.
            if self.purpose.is_read() && job.waiting().is_over() {
                continue;
            }
            self.complete(job);
        }
    }

    /// Runs the job until it has an answer.
    fn complete(&mut self, mut job: Box<dyn Job>) {
        let (mut tries, mut losses) = (0, 0);
        loop {
            match self.transact(&mut *job) {
                End::Answered => return job.answer(&Ok(()), None),
                End::InDoubt(cause) => return job.answer(&Err(cause), None),
                End::TooLong(limit) => return job.fail(too_long(limit)),
                End::Again => {
                    tries += 1;
                    if tries == TRIES {
                        return job.fail(Error::Busy);
                    }
                    std::thread::sleep(Duration::from_millis(u64::from(tries * tries)));
                }
                End::Lost(cause) => {
                    losses += 1;
                    tracing::warn!(cause, "lost a connection to PostgreSQL");
                    if losses > LOSSES || !self.renew() {
                        return job.fail(Error::Busy);
                    }
                }
            }
        }
    }

    /// Whether there is a connection again.
    fn renew(&mut self) -> bool {
        match self.purpose.reconnect(&self.address) {
            Ok(fresh) => {
                self.connection = fresh;
                true
            }
            Err(error) => {
                tracing::error!(error = ?error, "PostgreSQL is out of reach");
                false
            }
        }
    }

    fn transact(&mut self, job: &mut dyn Job) -> End {
        // The driver learns that the server has gone only by talking to it; a failed BEGIN did nothing.
        if let Err(error) = self.connection.client.batch_execute(self.purpose.begin()) {
            return End::Lost(cause(&error));
        }
        self.connection.noted.clear();
        self.connection.patience = match self.purpose {
            Purpose::Read { limit } => Some(Patience::new(limit, job.waiting())),
            Purpose::Write => None,
        };
        let outcome = job.run(&mut Tx::Postgres(&mut self.connection));
        let patience = self.connection.patience.take();
        if matches!(outcome, Outcome::Done) {
            return self.commit();
        }
        let too_long = match (self.purpose, patience) {
            (Purpose::Read { limit }, Some(patience)) if patience.has_ended() && self.is_aborted() => {
                Some(limit)
            }
            _ => None,
        };
        // Only a connection that is gone cannot roll back, and with it went whatever the job had done.
        match (self.connection.client.batch_execute("ROLLBACK"), outcome) {
            (Err(error), _) => End::Lost(cause(&error)),
            (Ok(()), Outcome::Again) => End::Again,
            (Ok(()), _) => too_long.map_or(End::Answered, End::TooLong),
        }
    }

    fn commit(&mut self) -> End {
        let noted = std::mem::take(&mut self.connection.noted);
        let Err(error) = self.connection.client.batch_execute("COMMIT") else {
            self.changes.add(noted);
            return End::Answered;
        };
        let cause = cause(&error);
        let again = wants_retry(&Error::internal(error));
        match self.connection.client.batch_execute("ROLLBACK") {
            _ if again => End::Again,
            // What only reads can be done twice.
            Err(_) if self.purpose.is_read() => End::Lost(cause),
            _ => {
                // It may have happened, and who looks again finds out.
                self.changes.add(noted);
                End::InDoubt(cause)
            }
        }
    }

    /// Whether a statement of the open transaction failed, rather than the job itself.
    fn is_aborted(&mut self) -> bool {
        let asked = self.connection.client.batch_execute("SELECT 1");
        asked.is_err_and(|error| error.code() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION))
    }
}

/// The server's own words where it said something: the driver calls all of them "db error".
fn cause(error: &postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string)
}
