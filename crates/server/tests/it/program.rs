//! A place for a server's data, and the program `weir` run there.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// The superuser address of the throwaway cluster of `scripts/with-postgres`.
const CLUSTER: &str = "WEIR_TEST_POSTGRES";

/// A data folder, and a PostgreSQL database where that is the engine.
pub struct Home {
    pub folder: TempDir,
    pub database_url: Option<String>,
}

impl Home {
    pub fn sqlite() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database_url: None }
    }

    /// One for each engine that there is: PostgreSQL where the environment names a cluster.
    pub fn each() -> Vec<Self> {
        let mut homes = vec![Self::sqlite()];
        if let Ok(cluster) = std::env::var(CLUSTER) {
            homes.push(Self { database_url: Some(fresh_database(&cluster)), ..Self::sqlite() });
        }
        homes
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The program, with none of the surrounding environment's settings.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = bare_command();
        command.args(args).arg("--data").arg(self.data()).current_dir(self.folder.path());
        if let Some(url) = &self.database_url {
            command.env("WEIR_DATABASE_URL", url);
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs a command that must succeed, and returns what it printed.
    pub fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        text(&output.stdout).trim_end().to_owned()
    }

    /// Runs a command that must succeed, and reads the JSON that it printed.
    pub fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[args, &["--json"]].concat())).unwrap()
    }

    /// Runs a command that reads standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Output {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may end without reading.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Does something to the database behind the program's back.
    pub fn sql(&self, statements: &str) {
        match &self.database_url {
            None => rusqlite::Connection::open(self.data().join("weir.db"))
                .unwrap()
                .execute_batch(statements)
                .unwrap(),
            Some(url) => {
                let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
                client.batch_execute(statements).unwrap();
            }
        }
    }

    pub fn serve(&self) -> Server {
        self.serve_with(&[], &[])
    }

    pub fn serve_with(&self, args: &[&str], environment: &[(&str, &str)]) -> Server {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.args(args).envs(environment.iter().copied());
        Server::start(command, self.folder.path().join("log"))
    }
}

pub fn bare_command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
    for (name, _) in std::env::vars() {
        if name.starts_with("WEIR_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// It goes with the cluster.
fn fresh_database(cluster: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let unique = folder.path().file_name().unwrap().to_string_lossy().to_lowercase();
    let name: String = unique.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = format!("weir_server_{}_{name}", std::process::id());
    let mut client = postgres::Client::connect(cluster, postgres::NoTls).unwrap();
    client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
    let (base, _) = cluster.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

const PATIENCE: Duration = Duration::from_secs(30);

/// A running `weir serve`; killed when dropped.
pub struct Server {
    child: Child,
    printed: Arc<Mutex<String>>,
    log: PathBuf,
    pub address: SocketAddr,
}

impl Server {
    /// Starts `command` and waits for its first answer.
    pub fn start(mut command: Command, log: PathBuf) -> Self {
        let stderr = File::options().create(true).append(true).open(&log).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        let printed = Arc::new(Mutex::new(String::new()));
        let (stdout, sink) = (child.stdout.take().unwrap(), printed.clone());
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let mut sink = sink.lock().unwrap();
                sink.push_str(&line);
                sink.push('\n');
            }
        });
        let unknown = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server = Self { child, printed, log, address: unknown };
        let first = server.wait_for("http://");
        server.address = first.parse().unwrap_or_else(|error| panic!("{error}: '{first}'"));
        assert_eq!(crate::http::get(server.address, "/health", None).status, 200);
        server
    }

    /// What was printed up to now.
    pub fn printed(&self) -> String {
        self.printed.lock().unwrap().clone()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// What stands behind the first `before`, up to the end of its line.
    pub fn wait_for(&mut self, before: &str) -> String {
        let begun = Instant::now();
        loop {
            let printed = self.printed();
            if let Some((_, rest)) = printed.split_once(before)
                && let Some((found, _)) = rest.split_once('\n')
            {
                return found.to_owned();
            }
            let ended = self.child.try_wait().unwrap();
            assert!(
                ended.is_none() && begun.elapsed() < PATIENCE,
                "'{before}' missing: {printed}{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// The token that the first start printed.
    pub fn first_token(&mut self) -> String {
        self.wait_for("export MLFLOW_TRACKING_TOKEN=")
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for the end, and how long it took.
    pub fn ended(&mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, begun.elapsed());
            }
            assert!(begun.elapsed() < PATIENCE, "it does not stop: {}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Stops it as an operator does.
    pub fn stop(mut self) -> Duration {
        self.signal("TERM");
        let (status, took) = self.ended();
        assert!(status.success(), "{status}: {}", self.log());
        took
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
