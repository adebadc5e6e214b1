//! Making model versions, each of which is a run, beside logging metrics.

use super::registry_models as models;
use super::{log_metric, on_sqlite};
use crate::client::Connection;
use crate::report::{Goal, Measure, Row};
use crate::weir::Weir;
use crate::{Bench, Engine, Result};

const CLIENTS: usize = 64;

pub async fn run(bench: &mut Bench, engine: Engine) -> Result<()> {
    let weir = Weir::start(&bench.settings, engine).await?;
    let phase = bench.settings.phase;
    let mut clients = Vec::new();
    for (number, connection) in Connection::open_many(weir.address(), CLIENTS).await?.into_iter().enumerate()
    {
        models::create(&weir, &models::name(number)).await?;
        clients.push((connection, models::counted(&models::name(number))));
    }
    let run_ids: Vec<String> = weir.create_runs(CLIENTS).await?.into_iter().map(|run| run.id).collect();
    let mut loggers = log_metric::clients(weir.address(), &run_ids).await?;
    // Half of the limit before and half after, because a machine drifts.
    let before = weir.load(&mut loggers, phase / 2, log_metric::log_next).await?.per_second();
    let load = weir
        .load(&mut clients, phase, async |(connection, body): &mut (Connection, Vec<u8>)| {
            connection.post("model-versions/create", body).await.map(drop)
        })
        .await?;
    let after = weir.load(&mut loggers, phase / 2, log_metric::log_next).await?.per_second();
    let limit = Measure::per_second(f64::midpoint(before, after), "requests");
    let figure = Measure::per_second(load.per_second(), "requests");
    let row = Row::new("model-versions/create, 64 clients", figure).limit(limit, "log-metric, 64 clients");
    bench.report.add(&row.goal(on_sqlite(engine, Goal::RatioAtLeast(0.3))));
    Ok(())
}
