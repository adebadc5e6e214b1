//! One point a request: 64 clients beside the echo (and pgbench), one client beside a durable commit.

use std::net::SocketAddr;

use super::on_sqlite;
use crate::client::Connection;
use crate::report::{Goal, Measure, Row};
use crate::weir::Weir;
use crate::{Bench, Engine, Result, bodies, load, postgres, sqlite};

const CLIENTS: usize = 64;

pub(super) struct Client {
    connection: Connection,
    run_id: String,
    step: u64,
    numbers: bodies::Numbers,
    body: Vec<u8>,
}

/// Clients of one server that log to the given runs in turn.
pub(super) async fn clients(address: SocketAddr, run_ids: &[String]) -> Result<Vec<Client>> {
    let mut clients = Vec::new();
    for (connection, run_id) in Connection::open_many(address, run_ids.len()).await?.into_iter().zip(run_ids)
    {
        let numbers = bodies::Numbers::new(clients.len() as u64);
        clients.push(Client { connection, run_id: run_id.clone(), step: 0, numbers, body: Vec::new() });
    }
    Ok(clients)
}

pub(super) async fn log_next(client: &mut Client) -> Result<()> {
    client.step += 1;
    bodies::log_metric(&mut client.body, &client.run_id, client.numbers.unit(), client.step);
    client.connection.post("runs/log-metric", &client.body).await.map(drop)
}

pub async fn run(bench: &mut Bench, engine: Engine) -> Result<()> {
    let weir = Weir::start(&bench.settings, engine).await?;
    let run_ids: Vec<String> = weir.create_runs(CLIENTS).await?.into_iter().map(|run| run.id).collect();
    one_client(bench, engine, &weir, &run_ids[..1]).await?;
    many_clients(bench, engine, &weir, &run_ids).await
}

async fn one_client(bench: &mut Bench, engine: Engine, weir: &Weir, run_ids: &[String]) -> Result<()> {
    let phase = bench.settings.phase;
    let scratch = &bench.settings.scratch;
    // Half of the limit before and half after, because a disk drifts.
    let before = sqlite::commit_one_row(scratch, phase / 2)?.mean_ms();
    let load = weir.load(&mut clients(weir.address(), run_ids).await?, phase, log_next).await?;
    let after = sqlite::commit_one_row(scratch, phase / 2)?.mean_ms();

    let commit = Measure::milliseconds(f64::midpoint(before, after));
    let figure = Measure::milliseconds(load.mean_ms());
    let goal = on_sqlite(engine, Goal::RatioAtMost(1.5));
    let row = Row::new("log-metric, 1 client, mean", figure).limit(commit, "one durable rusqlite commit");
    bench.report.add(&row.goal(goal));
    if let (Engine::Postgres, Some(cluster_url)) = (engine, &bench.settings.cluster_url) {
        let (_, mean_ms) = postgres::pgbench(cluster_url, &bench.settings.scratch, 1, phase)?;
        let row = Row::new("log-metric, 1 client, mean", figure);
        bench.report.add(&row.limit(Measure::milliseconds(mean_ms), "pgbench, 1 client"));
    }
    Ok(())
}

async fn many_clients(bench: &mut Bench, engine: Engine, weir: &Weir, run_ids: &[String]) -> Result<()> {
    let phase = bench.settings.phase;
    let mut echo_clients = clients(bench.echo.address(), run_ids).await?;
    let echo = load::closed_loop(&mut echo_clients, phase, log_next).await?;
    drop(echo_clients);
    let load = weir.load(&mut clients(weir.address(), run_ids).await?, phase, log_next).await?;

    let work = "log-metric, 64 clients";
    let figure = Measure::per_second(load.per_second(), "requests");
    let limit = Measure::per_second(echo.per_second(), "requests");
    let goal = on_sqlite(engine, Goal::RatioAtLeast(0.5));
    bench.report.add(&Row::new(work, figure).limit(limit, "echo").goal(goal));

    let row = Row::new("log-metric, 64 clients, p99", Measure::milliseconds(load.percentile(99.0)));
    let limit = Measure::milliseconds(echo.percentile(99.0));
    bench.report.add(&row.limit(limit, "echo").goal(on_sqlite(engine, Goal::Under(25.0))));

    if let (Engine::Postgres, Some(cluster_url)) = (engine, &bench.settings.cluster_url) {
        let (per_second, _) = postgres::pgbench(cluster_url, &bench.settings.scratch, CLIENTS, phase)?;
        let row = Row::new(work, figure).limit(Measure::per_second(per_second, "transactions"), "pgbench");
        bench.report.add(&row.goal(Goal::RatioAtLeast(0.6)));
    }
    Ok(())
}
