//! `weir-bench`: drives the release binary over HTTP and prints its speed beside the machine's own limits.

mod bodies;
mod client;
mod copy;
mod echo;
mod http;
mod load;
mod postgres;
mod process;
mod report;
mod sqlite;
mod weir;
mod work;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand, ValueEnum};

use crate::process::Process;
use crate::report::Report;
use crate::work::Work;

// The allocator that Weir uses, so that the echo is no slower for a reason of its own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A benchmark has one reader and one way out: the sentence is all that counts.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    Sqlite,
    Postgres,
}

#[derive(Parser)]
#[command(name = "weir-bench", version, about = "Measures Weir beside the machine's own limits")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Hidden>,
    /// Only these works
    #[arg(long, value_delimiter = ',', value_name = "NAME,...")]
    only: Vec<Work>,
    /// Only this engine
    #[arg(long)]
    engine: Option<Engine>,
    /// Half-second phases, 5,000 runs, 500 models and 128 MiB: to see that everything works, not for figures
    #[arg(long)]
    quick: bool,
    /// The program to measure
    #[arg(long, env = "WEIR_BIN", default_value = "target/release/weir")]
    weir: PathBuf,
    /// A superuser's address of a throwaway PostgreSQL cluster on loopback
    #[arg(long, env = "WEIR_TEST_POSTGRES", hide_env_values = true)]
    postgres: Option<String>,
    /// Where databases and files are written: a folder on the disk that is to be measured
    #[arg(long, env = "WEIR_BENCH_DIR", default_value = "target/bench")]
    scratch: PathBuf,
}

#[derive(Subcommand)]
enum Hidden {
    /// The echo that Weir is compared with; the benchmark starts it itself
    #[command(hide = true)]
    EchoServer,
}

/// How much is measured.
pub struct Settings {
    pub phase: Duration,
    /// Runs that the searches look through.
    pub runs: usize,
    /// Registered models, and versions of one more.
    pub models: usize,
    pub file_bytes: u64,
    /// Starts of the server that are measured.
    pub starts: usize,
    pub weir: PathBuf,
    pub scratch: PathBuf,
    pub cluster_url: Option<String>,
}

/// What every work needs.
pub struct Bench {
    pub settings: Settings,
    pub echo: Process,
    pub report: Report,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Some(Hidden::EchoServer) => echo::main().map(|()| true),
        None => measure(arguments),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("weir-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the works on each engine and prints a table for each; false when one of them broke.
fn measure(arguments: Arguments) -> Result<bool> {
    let engines = engines(&arguments)?;
    let works =
        if arguments.only.is_empty() { Work::value_variants().to_vec() } else { arguments.only.clone() };
    let settings = settings(arguments)?;
    if cfg!(debug_assertions) {
        eprintln!("this is a debug build: its load generator and its echo are slow, build with --release");
    }
    println!("{}\n", machine(&settings.scratch));

    // One thread makes the load: the server is to have the rest of the machine.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let echo = echo::start(&settings.scratch)?;
        echo.wait_healthy().await?;
        let mut bench = Bench { settings, echo, report: Report::default() };
        let mut all_done = true;
        for engine in engines {
            let started_at = Instant::now();
            for &work in &works {
                let name = work.name();
                eprintln!("{engine:?}: {name}");
                if let Err(error) = work::run(work, &mut bench, engine).await {
                    eprintln!("{engine:?}: {name} failed: {error}");
                    bench.report.add_failure(&name);
                    all_done = false;
                }
            }
            let report = std::mem::take(&mut bench.report);
            println!("{engine:?}, measured in {:.0} s\n\n{report}", started_at.elapsed().as_secs_f64());
        }
        Ok(all_done)
    })
}

fn engines(arguments: &Arguments) -> Result<Vec<Engine>> {
    match (arguments.engine, &arguments.postgres) {
        (Some(Engine::Postgres), None) => {
            Err("PostgreSQL needs the address of a throwaway cluster in WEIR_TEST_POSTGRES".into())
        }
        (Some(engine), _) => Ok(vec![engine]),
        (None, Some(_)) => Ok(vec![Engine::Sqlite, Engine::Postgres]),
        (None, None) => Ok(vec![Engine::Sqlite]),
    }
}

fn settings(arguments: Arguments) -> Result<Settings> {
    std::fs::create_dir_all(&arguments.scratch)?;
    let weir = arguments.weir;
    let weir = weir.canonicalize().map_err(|error| format!("no program at '{}': {error}", weir.display()))?;
    let quick = arguments.quick;
    Ok(Settings {
        phase: Duration::from_millis(if quick { 500 } else { 5000 }),
        runs: if quick { 5_000 } else { 100_000 },
        models: if quick { 500 } else { 10_000 },
        file_bytes: if quick { 128 << 20 } else { 1 << 30 },
        starts: if quick { 3 } else { 9 },
        weir,
        scratch: arguments.scratch.canonicalize()?,
        cluster_url: arguments.postgres,
    })
}

/// One line about the machine, because figures without one mean little.
fn machine(scratch: &Path) -> String {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown processor", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(0, |cores| cores.get());
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let on_disk =
        if scratch.starts_with("/dev/shm") { ", scratch in memory: durability costs nothing" } else { "" };
    format!("{cores} cores of {model}, Linux {}{on_disk}", kernel.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgres_needs_a_cluster() {
        let parsed = |postgres: Option<&str>, engine| {
            let mut arguments = Arguments::parse_from(["weir-bench"]);
            arguments.postgres = postgres.map(String::from);
            arguments.engine = engine;
            engines(&arguments)
        };
        assert_eq!(parsed(None, None).unwrap(), [Engine::Sqlite]);
        assert_eq!(parsed(Some("postgres://x"), None).unwrap(), [Engine::Sqlite, Engine::Postgres]);
        assert_eq!(parsed(Some("postgres://x"), Some(Engine::Sqlite)).unwrap(), [Engine::Sqlite]);
        assert!(parsed(None, Some(Engine::Postgres)).is_err());
    }

    #[test]
    fn works_are_named_on_the_command_line() {
        let arguments = Arguments::parse_from(["weir-bench", "--only", "log-metric,search", "--quick"]);
        assert_eq!(arguments.only, [Work::LogMetric, Work::Search]);
        assert!(arguments.quick);
        assert!(Arguments::try_parse_from(["weir-bench", "--only", "nothing"]).is_err());
    }
}
