//! The database: every SQL statement of the program, each written once for SQLite and PostgreSQL.

mod job;
mod migrate;
mod patience;
mod postgres;
mod sqlite;

pub mod aliases;
pub mod audit;
pub mod cells;
pub mod changes;
pub mod ci_jobs;
pub mod ci_links;
pub mod columns;
pub mod datasets;
pub mod experiments;
pub mod files;
pub mod gc;
pub mod grants;
pub mod groups;
pub mod identities;
pub mod keys;
pub mod logged_models;
pub mod members;
pub mod metrics;
pub mod model_events;
pub mod model_versions;
pub mod namespaces;
pub mod packages;
pub mod params;
pub mod passwords;
pub mod projects;
pub mod provenances;
pub mod records;
pub mod redirects;
pub mod registered_models;
pub mod registry_sizes;
mod removal;
pub mod runs;
pub mod search;
pub mod sessions;
pub mod settings;
pub mod sign_in_attempts;
pub mod sign_in_links;
pub mod slice;
pub mod tags;
pub mod tokens;
pub mod trust_rules;
pub mod tx;
pub mod users;
pub mod viewer;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Semaphore;
use weir_domain::{Error, Result};

use changes::Changes;
pub use postgres::listen::{Heard, Listener};
pub use tx::Tx;

/// Which database to open.
#[derive(Clone, Debug)]
pub enum Location {
    /// A file, made when it is not there.
    Sqlite(PathBuf),
    /// `postgres://…`, and how many connections to keep.
    Postgres { url: String, connections: usize },
}

/// How long callers and the database wait for each other.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the beginning of a read to its end; past it the caller is told that it asked for too much.
    pub read: Duration,
    /// For a place among the long reads; past it the caller is told to come back.
    pub place: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { read: Duration::from_secs(60), place: Duration::from_secs(20) }
    }
}

/// The one door to the database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    limits: Limits,
    /// Places of long reads: half of the readers.
    places: Arc<Semaphore>,
    keys: keys::Cache,
    changes: Arc<Changes>,
}

enum Engine {
    Sqlite {
        writer: async_channel::Sender<sqlite::Order>,
        reader: Sender,
        threads: Mutex<sqlite::Engine>,
    },
    Postgres {
        writer: Sender,
        reader: Sender,
        threads: Mutex<postgres::Engine>,
        address: Box<postgres::Address>,
    },
}

type Sender = async_channel::Sender<Box<dyn job::Job>>;

impl Store {
    /// Opens the database and brings its schema up to date. Blocks; call it outside the async runtime.
    pub fn open(location: &Location) -> Result<Self> {
        Self::open_with(location, Limits::default())
    }

    /// The same with limits of one's own.
    pub fn open_with(location: &Location, limits: Limits) -> Result<Self> {
        let changes = Arc::new(Changes::default());
        let (engine, readers) = match location {
            Location::Sqlite(path) => {
                migrate::sqlite(path)?;
                let engine = sqlite::Engine::open(path, &changes, limits.read)?;
                let open = Engine::Sqlite {
                    writer: engine.writer.clone(),
                    reader: engine.reader.clone(),
                    threads: Mutex::new(engine),
                };
                (open, sqlite::READERS)
            }
            Location::Postgres { url, connections } => {
                let address = postgres::parse(url)?;
                migrate::postgres(&address)?;
                let engine = postgres::Engine::open(&address, *connections, &changes, limits.read)?;
                let readers = engine.readers;
                let open = Engine::Postgres {
                    writer: engine.writer.clone(),
                    reader: engine.reader.clone(),
                    threads: Mutex::new(engine),
                    address: Box::new(address),
                };
                (open, readers)
            }
        };
        let places = Arc::new(Semaphore::new((readers / 2).max(1)));
        let keys = keys::Cache::default();
        Ok(Self { inner: Arc::new(Inner { engine, limits, places, keys, changes }) })
    }

    /// Runs `body` in a transaction that may change things; answered after the commit is durable.
    /// `body` may run more than once, so what it depends on is decided before.
    pub async fn write<T, F>(&self, body: F) -> Result<T>
    where
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (job, answer) = job::job(body);
        let sent = match &self.inner.engine {
            Engine::Sqlite { writer, .. } => writer.send(sqlite::Order::Run(job)).await.is_ok(),
            Engine::Postgres { writer, .. } => writer.send(job).await.is_ok(),
        };
        if !sent {
            return Err(Error::Busy);
        }
        answer.receive().await
    }

    /// Runs `body` in a transaction that sees one state of the database and changes nothing. It is given up when it takes
    /// too long, or when the caller stops waiting for it.
    pub async fn read<T, F>(&self, body: F) -> Result<T>
    where
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (job, answer) = job::job(body);
        let (Engine::Sqlite { reader, .. } | Engine::Postgres { reader, .. }) = &self.inner.engine;
        if reader.send(job).await.is_err() {
            return Err(Error::Busy);
        }
        answer.receive().await
    }

    /// [`Self::read`] for what may look at a great many rows. Such reads never take more than half of the readers, so that
    /// the others stay for whoever asks for little. Who finds no place for a while is told to come back.
    pub async fn read_long<T, F>(&self, body: F) -> Result<T>
    where
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let place = self.inner.places.clone().acquire_owned();
        let Ok(place) = tokio::time::timeout(self.inner.limits.place, place).await else {
            return Err(Error::Busy);
        };
        // It goes along with the job, which may go on for a moment when the caller has stopped waiting.
        let place = place.map_err(Error::internal)?;
        self.read(move |tx| {
            let _place = &place;
            body(tx)
        })
        .await
    }

    /// Finishes what is queued and closes the connections. Blocks.
    pub fn close(&self) {
        match &self.inner.engine {
            Engine::Sqlite { threads, .. } => threads.lock().close(),
            Engine::Postgres { threads, .. } => threads.lock().close(),
        }
    }

    /// Calls `tell` on a thread of its own with what [`announce`](changes::announce) says in every process of this
    /// database. `None` on SQLite, where there is one process.
    pub fn listen(&self, tell: impl FnMut(Heard) + Send + 'static) -> Result<Option<Listener>> {
        match &self.inner.engine {
            Engine::Sqlite { .. } => Ok(None),
            Engine::Postgres { address, .. } => {
                postgres::listen::start(address.as_ref().clone(), changes::CHANNEL, tell).map(Some)
            }
        }
    }

    /// Whether several servers may share the database.
    pub fn is_shared(&self) -> bool {
        matches!(self.inner.engine, Engine::Postgres { .. })
    }

    /// What this process has changed and nobody has told yet.
    pub fn changes(&self) -> &Changes {
        &self.inner.changes
    }

    pub(crate) fn key_cache(&self) -> &keys::Cache {
        &self.inner.keys
    }
}
