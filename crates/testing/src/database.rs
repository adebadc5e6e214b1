//! An empty database for one test: a file, or a database of its own in the cluster of `scripts/with-postgres`.

use tempfile::TempDir;
use weir_store::{Limits, Location, Store};

/// The superuser address of a throwaway cluster.
const CLUSTER: &str = "WEIR_TEST_POSTGRES";
/// `postgres` to run the behaviour tests there instead of on SQLite.
const ENGINE: &str = "WEIR_TEST_DATABASE";

/// Removed with the folder, or with the cluster.
pub struct Database {
    pub location: Location,
    _folder: Option<TempDir>,
}

impl Database {
    /// On the engine that the environment chooses.
    pub fn create() -> Self {
        match std::env::var(ENGINE).as_deref() {
            Ok("postgres") => Self::postgres(),
            Ok(other) if !other.is_empty() && other != "sqlite" => {
                panic!("{ENGINE}={other}: use sqlite or postgres")
            }
            _ => Self::sqlite(),
        }
    }

    fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { location: Location::Sqlite(folder.path().join("weir.db")), _folder: Some(folder) }
    }

    fn postgres() -> Self {
        let cluster = std::env::var(CLUSTER).unwrap_or_else(|_| {
            panic!("{ENGINE}=postgres needs {CLUSTER}: run through scripts/with-postgres")
        });
        let name = format!("weir_test_{}", random_text());
        let (base, _) = cluster.rsplit_once('/').expect("an address with a database");
        let url = format!("{base}/{name}");
        // The driver is synchronous and must not run on a runtime's thread.
        std::thread::spawn(move || {
            let mut client = postgres::Client::connect(&cluster, postgres::NoTls).expect("the test cluster");
            client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).expect("a database");
        })
        .join()
        .expect("a database");
        Self { location: Location::Postgres { url, connections: 4 }, _folder: None }
    }

    /// Opens the database as the server does.
    pub fn open(&self) -> Store {
        self.open_with(Limits::default())
    }

    pub fn open_with(&self, limits: Limits) -> Store {
        let location = self.location.clone();
        let opened =
            std::thread::spawn(move || Store::open_with(&location, limits)).join().expect("no panic");
        opened.expect("the store opens")
    }
}

fn random_text() -> String {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("random bytes");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
