//! The works of the table, each on a server of its own.

mod artifacts;
mod authentication;
mod history;
mod log_batch;
mod log_metric;
mod model_versions;
mod registry;
mod registry_models;
mod runs_table;
mod search;
mod search_runs;
mod series;
mod start;
mod training;

use std::time::Duration;

use clap::ValueEnum;

use crate::client::Connection;
use crate::load::{self, Load};
use crate::report::Goal;
use crate::{Bench, Engine, Result};

/// The names of `--only`, in the order they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Work {
    Start,
    Authentication,
    LogMetric,
    LogBatch,
    History,
    Search,
    Table,
    Series,
    Registry,
    ModelVersions,
    Training,
    Artifacts,
}

impl Work {
    /// As `--only` takes it.
    pub fn name(self) -> String {
        // No work is hidden from the command line, so each has a value there.
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

pub async fn run(work: Work, bench: &mut Bench, engine: Engine) -> Result<()> {
    match work {
        Work::Start => start::run(bench, engine).await,
        Work::Authentication => authentication::run(bench, engine).await,
        Work::LogMetric => log_metric::run(bench, engine).await,
        Work::LogBatch => log_batch::run(bench, engine).await,
        Work::History => history::run(bench, engine).await,
        Work::Search => search::run(bench, engine).await,
        Work::Table => runs_table::run(bench, engine).await,
        Work::Series => series::run(bench, engine).await,
        Work::Registry => registry::run(bench, engine).await,
        Work::ModelVersions => model_versions::run(bench, engine).await,
        Work::Training => training::run(bench, engine).await,
        Work::Artifacts => artifacts::run(bench, engine).await,
    }
}

/// The goals are those of SQLite; on PostgreSQL the same rows stand for comparison.
fn on_sqlite(engine: Engine, goal: Goal) -> Goal {
    if engine == Engine::Sqlite { goal } else { Goal::None }
}

/// What loopback and axum cost alone: one client that gets answers of `size_bytes` that nobody computed.
async fn ready_answers(bench: &Bench, size_bytes: usize, phase: Duration) -> Result<Load> {
    let path = format!("/bytes/{size_bytes}");
    let mut clients = Connection::open_many(bench.echo.address(), 1).await?;
    // The first answer of all has to be made, which a short phase would be lost with.
    clients[0].get_path(&path).await?;
    load::closed_loop(&mut clients, phase, async |client: &mut Connection| {
        client.get_path(&path).await.map(drop)
    })
    .await
}
