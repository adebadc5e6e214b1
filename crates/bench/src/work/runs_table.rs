//! The table of 100,000 runs with 20 metrics and 20 params each, as the web page reads it, and the catalogue of its columns.

use std::cell::Cell;
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::search_runs::{FILTERS, MadeUpRun, ORDER_METRIC};
use super::{on_sqlite, ready_answers};
use crate::bodies::{self, EPOCH_MS, Numbers};
use crate::client::Connection;
use crate::load::Load;
use crate::report::{Goal, Measure, Row};
use crate::weir::{NewRun, Weir};
use crate::{Bench, Engine, Result};

const SEED_CLIENTS: usize = 64;
const PAGE: usize = 100;
const DEEP: usize = 50;
const GOAL: Goal = Goal::Under(50.0);

/// Names of the columns that [`MadeUpRun`] has not.
const MORE: [&str; 10] = ["m00", "m01", "m02", "m03", "m04", "m05", "m06", "m07", "m08", "m09"];

const TABLE: &str = "/api/v4/projects/1/ml/experiments/0/table";
const GROUPS: &str = "/api/v4/projects/1/ml/experiments/0/groups";
const COLUMNS: &str = "/api/v4/projects/1/ml/experiments/0/columns";

pub async fn run(bench: &mut Bench, engine: Engine) -> Result<()> {
    let weir = Weir::start(&bench.settings, engine).await?;
    seed(bench, &weir).await.map_err(|error| weir.explain(error))?;
    let all = columns();
    let by_loss = format!("metrics.{ORDER_METRIC} ASC");

    let plain = json!({ "columns": all, "max_results": PAGE });
    measure(bench, engine, &weir, "table, 40 columns, newest first", TABLE, &plain, GOAL).await?;
    for filter in &FILTERS[..3] {
        let body = json!({ "columns": all, "filter": filter.text(0), "order_by": [by_loss] });
        let expected = filter.expected(bench.settings.runs);
        check(&weir, &body, &expected).await?;
        let name = format!("table, 40 columns, by a metric, {}", filter.name);
        measure(bench, engine, &weir, &name, TABLE, &body, GOAL).await?;
    }
    measure_deep_page(bench, engine, &weir, &by_loss).await?;
    let by_max = json!({ "columns": all, "order_by": ["metrics_max.accuracy DESC"] });
    measure(bench, engine, &weir, "table, 40 columns, by a metric's maximum", TABLE, &by_max, GOAL).await?;
    let count = json!({ "filter": FILTERS[0].text(0), "count": "exact", "max_results": 0 });
    measure(bench, engine, &weir, "table, matches counted, 54 % match", TABLE, &count, Goal::None).await?;
    let groups = json!({ "param": "dataset", "metrics": ["accuracy", "loss"] });
    measure(bench, engine, &weir, "groups, a param, 2 metrics", GROUPS, &groups, Goal::None).await?;
    measure(bench, engine, &weir, "columns", COLUMNS, &Value::Null, Goal::Under(100.0)).await
}

/// Every metric and param of the runs, and what the page always shows.
fn columns() -> Value {
    let run = MadeUpRun::new(0);
    let metrics = run.metrics.iter().map(|(name, _)| *name).chain(MORE);
    let params = run.params.iter().map(|(name, _)| *name).chain(MORE);
    json!({
        "attributes": ["name", "status", "user_id", "started_at", "ended_at", "parent", "children"],
        "metrics": metrics.map(|key| json!({ "key": key, "values": ["last", "min", "max"] })).collect::<Vec<_>>(),
        "params": params.collect::<Vec<_>>(),
    })
}

/// Logs all runs through the API, two requests for each.
async fn seed(bench: &mut Bench, weir: &Weir) -> Result<()> {
    let runs = bench.settings.runs;
    let next = Cell::new(0);
    let connections = Connection::open_many(weir.address(), SEED_CLIENTS).await?;
    let started_at = Instant::now();
    try_join_all(connections.into_iter().map(async |mut connection| {
        let mut body = Vec::new();
        while next.get() < runs {
            let number = next.replace(next.get() + 1);
            let run = MadeUpRun::new(number);
            let mut numbers = Numbers::new(number as u64);
            let metrics: Vec<_> =
                run.metrics.iter().copied().chain(MORE.map(|key| (key, numbers.unit()))).collect();
            let params = MORE.map(|key| (key, format!("{:.0}", numbers.unit() * 50.0)));
            let params: Vec<_> = run.params.iter().cloned().chain(params).collect();
            bodies::create_run(&mut body, "0", &run.name, EPOCH_MS + number as u64);
            let run_id = NewRun::of(connection.post("runs/create", &body).await?)?.id;
            bodies::log_metrics_and_params(&mut body, &run_id, &metrics, &params);
            connection.post("runs/log-batch", &body).await?;
        }
        Ok::<_, Box<dyn std::error::Error>>(())
    }))
    .await?;
    let rate = runs as f64 / started_at.elapsed().as_secs_f64();
    bench.report.add(&Row::new("runs created with 20 metrics, 20 params", Measure::per_second(rate, "runs")));
    // What was logged last is folded before a search; the server settles meanwhile, as it does behind a page.
    tokio::time::sleep(Duration::from_secs(5)).await;
    Ok(())
}

/// The p95 of one client; a request without a body is a GET.
async fn measure(
    bench: &mut Bench,
    engine: Engine,
    weir: &Weir,
    name: &str,
    path: &str,
    body: &Value,
    goal: Goal,
) -> Result<()> {
    let phase = bench.settings.phase * 3 / 5;
    let text = if body.is_null() { Vec::new() } else { serde_json::to_vec(body)? };
    let mut connections = Connection::open_many(weir.address(), 1).await?;
    let begun = Instant::now();
    let size_bytes = connections[0].ask(path, &text).await.map_err(|error| weir.explain(error))?.len();
    eprintln!("    {name}: the first answer took {:.2} ms", begun.elapsed().as_secs_f64() * 1e3);
    let load = weir
        .load(&mut connections, phase, async |connection: &mut Connection| {
            connection.ask(path, &text).await.map(drop)
        })
        .await?;
    let ready = ready_answers(bench, size_bytes, phase / 6).await?;
    let row = Row::new(format!("{name}, p95"), p95(&load)).limit(p95(&ready), "the same bytes, ready-made");
    bench.report.add(&row.goal(on_sqlite(engine, goal)));
    Ok(())
}

/// The first page has to hold exactly the runs that match, in their order.
async fn check(weir: &Weir, body: &Value, expected: &[String]) -> Result<()> {
    let mut connection = Connection::open(weir.address()).await?;
    let answer = connection.ask(TABLE, &serde_json::to_vec(body)?).await;
    let answer: Value = serde_json::from_slice(answer.map_err(|error| weir.explain(error))?)?;
    check_names(&answer, expected)
}

fn check_names(answer: &Value, expected: &[String]) -> Result<()> {
    let expected = &expected[..expected.len().min(PAGE)];
    if answer["attributes"]["name"] == json!(expected) {
        return Ok(());
    }
    Err(format!("the table has {} instead of {expected:?}", answer["attributes"]["name"]).into())
}

/// The first page and the fiftieth, in turns, ordered by a metric and with a filter that half of the runs match.
async fn measure_deep_page(bench: &mut Bench, engine: Engine, weir: &Weir, order: &str) -> Result<()> {
    // 54 % of the runs match.
    let deep = DEEP.min(bench.settings.runs / 2 / PAGE);
    let mut connection = Connection::open(weir.address()).await?;
    let mut request = json!({ "columns": columns(), "filter": FILTERS[0].text(0), "order_by": [order] });
    let first = serde_json::to_vec(&request)?;
    let mut body = first.clone();
    for _ in 1..deep {
        let token = bodies::next_page_token(connection.ask(TABLE, &body).await?)?;
        request["page_token"] = token.ok_or("the pages end early")?.into();
        body = serde_json::to_vec(&request)?;
    }
    let expected = FILTERS[0].expected(bench.settings.runs).split_off((deep - 1) * PAGE);
    check_names(&serde_json::from_slice(connection.ask(TABLE, &body).await?)?, &expected)?;
    let (mut of_first, mut of_deep) = (Vec::new(), Vec::new());
    let started_at = Instant::now();
    while started_at.elapsed() < bench.settings.phase {
        for (body, latencies) in [(&first, &mut of_first), (&body, &mut of_deep)] {
            let sent_at = Instant::now();
            connection.ask(TABLE, body).await?;
            latencies.push(sent_at.elapsed());
        }
    }
    let elapsed = started_at.elapsed();
    let (of_first, of_deep) = (Load::new(elapsed, of_first)?, Load::new(elapsed, of_deep)?);
    let row = Row::new(format!("table, page {deep}, p95"), p95(&of_deep)).limit(p95(&of_first), "page 1");
    bench.report.add(&row.goal(on_sqlite(engine, GOAL)));
    Ok(())
}

fn p95(load: &Load) -> Measure {
    Measure::milliseconds(load.percentile(95.0))
}
