//! The PostgreSQL engine: threads that own a connection each and run one transaction a closure.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;
use weir_domain::{Error, Result};

use crate::job::{Job, Outcome, wants_retry};
use crate::tx::{PostgresConnection, Tx};

const QUEUE: usize = 4096;
/// Tries of one closure against deadlocks and serialization failures.
const TRIES: u32 = 10;

pub(crate) struct Engine {
    pub(crate) writer: async_channel::Sender<Box<dyn Job>>,
    pub(crate) reader: async_channel::Sender<Box<dyn Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Engine {
    /// Opens `connections` connections, a quarter of them (at least two) for reads only.
    pub(crate) fn open(config: &Config, connections: usize) -> Result<Self> {
        let (writer, writes) = async_channel::bounded::<Box<dyn Job>>(QUEUE);
        let (reader, reads) = async_channel::bounded::<Box<dyn Job>>(QUEUE);
        let readers = (connections / 4).max(2);
        let mut threads = Vec::new();
        for index in 0..connections.max(4) {
            let read_only = index < readers;
            let jobs = if read_only { reads.clone() } else { writes.clone() };
            let begin = if read_only { READ } else { WRITE };
            let connection = connect(config)?;
            let config = config.clone();
            let thread = std::thread::Builder::new()
                .name("weir-postgres".to_owned())
                .spawn(move || serve(&config, connection, &jobs, begin))
                .map_err(Error::internal)?;
            threads.push(thread);
        }
        Ok(Self { writer, reader, threads })
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

const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const WRITE: &str = "BEGIN";

/// Connects with TLS when the address asks for it (`sslmode`), without where it allows that.
pub(crate) fn connect(config: &Config) -> Result<PostgresConnection> {
    let client = match config.get_ssl_mode() {
        SslMode::Disable => config.connect(NoTls),
        _ => config.connect(tls()?),
    }
    .map_err(Error::internal)?;
    Ok(PostgresConnection { client, statements: HashMap::new() })
}

/// Trusts what the system trusts.
fn tls() -> Result<MakeRustlsConnect> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn serve(
    config: &Config,
    mut connection: PostgresConnection,
    jobs: &async_channel::Receiver<Box<dyn Job>>,
    begin: &str,
) {
    while let Ok(job) = jobs.recv_blocking() {
        if connection.client.is_closed() {
            match reconnect(config) {
                Ok(fresh) => connection = fresh,
                Err(error) => {
                    tracing::error!(error = ?error, "PostgreSQL is out of reach");
                    job.fail(Error::Busy);
                    continue;
                }
            }
        }
        transact(&mut connection, job, begin);
    }
}

/// A few quick tries: a restarted PostgreSQL is back within seconds.
fn reconnect(config: &Config) -> Result<PostgresConnection> {
    let mut last = connect(config);
    for wait_ms in [100, 400, 1000] {
        if last.is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(wait_ms));
        last = connect(config);
    }
    last
}

fn transact(connection: &mut PostgresConnection, mut job: Box<dyn Job>, begin: &str) {
    for attempt in 1..=TRIES {
        if let Err(error) = connection.client.batch_execute(begin) {
            return job.fail(Error::internal(error));
        }
        match job.run(&mut Tx::Postgres(connection)) {
            Outcome::Done => match connection.client.batch_execute("COMMIT") {
                Ok(()) => return job.answer(&Ok(()), None),
                Err(error) => {
                    let _ = connection.client.batch_execute("ROLLBACK");
                    let text = error.to_string();
                    if !wants_retry(&Error::internal(error)) || attempt == TRIES {
                        return job.answer(&Err(text), None);
                    }
                }
            },
            Outcome::Failed => {
                let _ = connection.client.batch_execute("ROLLBACK");
                return job.answer(&Ok(()), None);
            }
            Outcome::Again => {
                let _ = connection.client.batch_execute("ROLLBACK");
                if attempt == TRIES {
                    return job.fail(Error::Busy);
                }
            }
        }
        std::thread::sleep(Duration::from_millis(u64::from(attempt * attempt)));
    }
}
