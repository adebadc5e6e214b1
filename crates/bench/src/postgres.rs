//! Databases of the throwaway PostgreSQL cluster, and its own limit as pgbench measures it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::Result;

/// What `log-metric` has to do in PostgreSQL at the least: a run to look up and a small block to append.
const TABLES: &str = "
    CREATE TABLE bench_runs (
        id bigserial PRIMARY KEY,
        uuid text NOT NULL UNIQUE,
        experiment bigint NOT NULL,
        lifecycle_stage text NOT NULL
    );
    CREATE TABLE bench_inbox (
        id bigserial PRIMARY KEY,
        experiment bigint NOT NULL,
        run bigint NOT NULL,
        body bytea NOT NULL
    );
    CREATE INDEX bench_inbox_run ON bench_inbox (experiment, run);
    INSERT INTO bench_runs (uuid, experiment, lifecycle_stage)
        SELECT md5(i::text), 1, 'active' FROM generate_series(1, 64) AS i;
    ANALYZE";

const SCRIPT: &str = r"\set run random(1, 64)
BEGIN;
SELECT id, experiment FROM bench_runs WHERE uuid = md5(:run::text) AND lifecycle_stage = 'active';
INSERT INTO bench_inbox (experiment, run, body)
    VALUES (1, :run, '\x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627'::bytea);
COMMIT;
";

/// A database of our own in the cluster, gone when this is dropped.
pub struct Database {
    cluster_url: String,
    name: String,
}

impl Database {
    pub fn create(cluster_url: &str, name: &str) -> Result<Self> {
        psql(cluster_url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        psql(cluster_url, &format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"))?;
        Ok(Self { cluster_url: cluster_url.to_owned(), name: name.to_owned() })
    }

    pub fn url(&self) -> String {
        with_database(&self.cluster_url, &self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Err(error) = psql(&self.cluster_url, &format!("DROP DATABASE {} WITH (FORCE)", self.name)) {
            eprintln!("could not drop the benchmark's database: {error}");
        }
    }
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (server, query) = url.split_once('?').map_or((url, None), |(server, query)| (server, Some(query)));
    let authority_at = server.find("://").map_or(0, |at| at + 3);
    let end = server[authority_at..].find('/').map_or(server.len(), |at| authority_at + at);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{name}{query}", &server[..end])
}

fn psql(url: &str, sql: &str) -> Result<()> {
    let mut command = Command::new("psql");
    command.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", url, "--command", sql]);
    run(&mut command).map(drop)
}

/// Transactions a second of the `log-metric` statements with `clients` connections, and their mean latency in ms.
pub fn pgbench(cluster_url: &str, scratch: &Path, clients: usize, phase: Duration) -> Result<(f64, f64)> {
    let database = Database::create(cluster_url, "weir_bench_limit")?;
    psql(&database.url(), TABLES)?;
    let folder = tempfile::tempdir_in(scratch)?;
    let script = folder.path().join("log-metric.sql");
    std::fs::write(&script, SCRIPT)?;
    let mut command = Command::new(pgbench_program()?);
    command.args(["--no-vacuum", "--protocol", "prepared", "--file"]).arg(&script);
    command.args(["--client", &clients.to_string(), "--jobs", &clients.min(2).to_string()]);
    command.args(["--time", &phase.as_secs().max(1).to_string()]).arg(database.url());
    parse_pgbench(&run(&mut command)?)
}

fn parse_pgbench(output: &str) -> Result<(f64, f64)> {
    let number = |name: &str| {
        let rest = output.lines().find_map(|line| line.strip_prefix(name));
        let number = rest.and_then(|rest| rest.split_whitespace().next()).and_then(|text| text.parse().ok());
        number.ok_or_else(|| format!("pgbench printed no '{name}': {output}"))
    };
    Ok((number("tps = ")?, number("latency average = ")?))
}

/// On the path, or where Debian keeps the versions of PostgreSQL.
fn pgbench_program() -> Result<PathBuf> {
    let on_path = std::env::var_os("PATH").and_then(|paths| {
        std::env::split_paths(&paths).map(|folder| folder.join("pgbench")).find(|p| p.exists())
    });
    if let Some(program) = on_path {
        return Ok(program);
    }
    let mut programs = Vec::new();
    for version in std::fs::read_dir("/usr/lib/postgresql").map_err(|_| "there is no pgbench")? {
        let program = version?.path().join("bin/pgbench");
        if program.exists() {
            programs.push(program);
        }
    }
    programs.sort();
    programs.pop().ok_or_else(|| "there is no pgbench".into())
}

fn run(command: &mut Command) -> Result<String> {
    let program = command.get_program().display().to_string();
    let output = command.output().map_err(|error| format!("cannot run '{program}': {error}"))?;
    if !output.status.success() {
        return Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_an_address_is_replaced() {
        let replaced = |url| with_database(url, "b");
        assert_eq!(replaced("postgres://u@127.0.0.1:5433/postgres"), "postgres://u@127.0.0.1:5433/b");
        assert_eq!(replaced("postgres://u@127.0.0.1:5433"), "postgres://u@127.0.0.1:5433/b");
        assert_eq!(replaced("postgres://h/a?sslmode=disable"), "postgres://h/b?sslmode=disable");
    }

    #[test]
    fn the_figures_of_pgbench_are_read() {
        let output = "number of clients: 64\nlatency average = 12.345 ms\ninitial connection time = 5 ms\n\
                      tps = 5184.250000 (without initial connection time)\n";
        assert_eq!(parse_pgbench(output).unwrap(), (5184.25, 12.345));
        assert!(parse_pgbench("nothing").is_err());
    }
}
