//! The server under test: started on a fresh folder or database for each work, so that no work pays for another.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::client::{Connection, TOKEN};
use crate::load::{self, Load};
use crate::postgres::Database;
use crate::process::Process;
use crate::{Engine, Result, Settings, bodies};

/// How many databases this process has made.
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// Where a server keeps its data; it survives a restart of the server.
pub struct Home {
    // Dropped in this order: the database before its folder.
    database: Option<Database>,
    folder: TempDir,
}

impl Home {
    pub fn new(settings: &Settings, engine: Engine) -> Result<Self> {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let cluster_url = settings.cluster_url.as_deref().ok_or("no PostgreSQL cluster is given")?;
                // Two servers may stand side by side.
                let number = DATABASES.fetch_add(1, Ordering::Relaxed);
                Some(Database::create(cluster_url, &format!("weir_bench_{number}"))?)
            }
        };
        Ok(Self { database, folder: tempfile::tempdir_in(&settings.scratch)? })
    }

    /// Starts the program and returns as soon as it printed its address.
    pub fn spawn(&self, settings: &Settings) -> Result<Process> {
        self.spawn_with(settings, &[])
    }

    /// The same with more arguments.
    pub fn spawn_with(&self, settings: &Settings, arguments: &[&str]) -> Result<Process> {
        let mut command = Command::new(&settings.weir);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(self.folder.path().join("data"));
        if let Some(database) = &self.database {
            command.args(["--database-url", &database.url()]);
        }
        command.args(arguments).env("WEIR_ROOT_TOKEN", TOKEN);
        Process::spawn(command, &self.folder.path().join("weir.log"))
    }
}

/// A server that answers.
pub struct Weir {
    // Dropped in this order: the process before what it has open.
    process: Process,
    _home: Home,
}

impl Weir {
    pub async fn start(settings: &Settings, engine: Engine) -> Result<Self> {
        Self::start_with(settings, engine, &[]).await
    }

    /// The same with more arguments.
    pub async fn start_with(settings: &Settings, engine: Engine, arguments: &[&str]) -> Result<Self> {
        let home = Home::new(settings, engine)?;
        let process = home.spawn_with(settings, arguments)?;
        process.wait_healthy().await?;
        Ok(Self { process, _home: home })
    }

    pub fn address(&self) -> SocketAddr {
        self.process.address()
    }

    pub fn process(&self) -> &Process {
        &self.process
    }

    /// The load of `clients`, with a note on what it cost the server.
    pub async fn load<C>(
        &self,
        clients: &mut [C],
        phase: Duration,
        step: impl AsyncFn(&mut C) -> Result<()>,
    ) -> Result<Load> {
        let cpu_before = self.process.cpu_seconds()?;
        let load = load::closed_loop(clients, phase, step).await.map_err(|error| self.explain(error))?;
        // The warm-up is in it too: a fifth more than the phase.
        let cores = (self.process.cpu_seconds()? - cpu_before) / (load.elapsed() + phase / 5).as_secs_f64();
        eprintln!(
            "    p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms, max {:.2} ms; the server used {cores:.2} cores, has {:.0} MiB",
            load.percentile(50.0),
            load.percentile(95.0),
            load.percentile(99.0),
            load.percentile(100.0),
            self.process.resident_mib()?,
        );
        Ok(load)
    }

    /// An error with what the server said last.
    pub fn explain(&self, error: Box<dyn std::error::Error>) -> Box<dyn std::error::Error> {
        format!("{error}\nthe server's log ends:\n{}", self.process.log_tail()).into()
    }

    /// Fresh runs in the default experiment.
    pub async fn create_runs(&self, count: usize) -> Result<Vec<NewRun>> {
        let mut connection = Connection::open(self.address()).await?;
        let mut body = Vec::new();
        let mut runs = Vec::with_capacity(count);
        for i in 0..count {
            bodies::create_run(&mut body, "0", &format!("bench-{i}"), bodies::EPOCH_MS + i as u64);
            runs.push(NewRun::of(connection.post("runs/create", &body).await?)?);
        }
        Ok(runs)
    }
}

/// What `runs/create` answered.
pub struct NewRun {
    pub id: String,
    /// Where its files go, below the artifact proxy.
    pub artifact_folder: String,
}

impl NewRun {
    pub fn of(answer: &[u8]) -> Result<Self> {
        let answer: Value = serde_json::from_slice(answer)?;
        let field = |name: &str| answer["run"]["info"][name].as_str();
        let (Some(id), Some(uri)) = (field("run_id"), field("artifact_uri")) else {
            return Err(format!("runs/create answered no run: {answer}").into());
        };
        let folder = uri.strip_prefix("mlflow-artifacts:/").unwrap_or(uri).trim_start_matches('/');
        Ok(Self { id: id.to_owned(), artifact_folder: folder.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_run_is_read_from_its_answer() {
        let answer = br#"{"run":{"info":{"run_id":"ab","artifact_uri":"mlflow-artifacts:/0/ab/artifacts"}}}"#;
        let run = NewRun::of(answer).unwrap();
        assert_eq!((run.id.as_str(), run.artifact_folder.as_str()), ("ab", "0/ab/artifacts"));
        assert!(NewRun::of(b"{}").is_err());
    }
}
