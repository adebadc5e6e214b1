//! Searches in 100,000 runs: filters of several selectivities, a page deep in the list, and a walk through all runs.

use std::cell::Cell;
use std::time::Instant;

use futures_util::future::try_join_all;
use serde_json::Value;

use super::search_runs::{FILTERS, Filter, MadeUpRun, ORDER_METRIC};
use super::{on_sqlite, ready_answers};
use crate::bodies::{self, EPOCH_MS};
use crate::client::Connection;
use crate::load::Load;
use crate::report::{Goal, Measure, Row};
use crate::weir::{NewRun, Weir};
use crate::{Bench, Engine, Result};

const SEED_CLIENTS: usize = 64;
const PAGE: u32 = 100;
const WALK_PAGE: u32 = 1000;
/// "Costs what page 1 costs" with room for the noise of two percentiles.
const DEEP_PAGE_RATIO: f64 = 1.25;

pub async fn run(bench: &mut Bench, engine: Engine) -> Result<()> {
    let weir = Weir::start(&bench.settings, engine).await?;
    seed(bench, &weir).await.map_err(|error| weir.explain(error))?;
    for filter in &FILTERS {
        measure_filter(bench, engine, &weir, filter).await?;
    }
    measure_deep_page(bench, engine, &weir).await?;
    walk(bench, engine, &weir).await.map_err(|error| weir.explain(error))
}

/// Logs all made-up runs through the API, two requests for each.
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
            bodies::create_run(&mut body, "0", &run.name, EPOCH_MS + number as u64);
            let run_id = NewRun::of(connection.post("runs/create", &body).await?)?.id;
            bodies::log_metrics_and_params(&mut body, &run_id, &run.metrics, &run.params);
            connection.post("runs/log-batch", &body).await?;
        }
        Ok::<_, Box<dyn std::error::Error>>(())
    }))
    .await?;
    let rate = runs as f64 / started_at.elapsed().as_secs_f64();
    bench.report.add(&Row::new("runs created with 10 metrics, 10 params", Measure::per_second(rate, "runs")));
    Ok(())
}

async fn measure_filter(bench: &mut Bench, engine: Engine, weir: &Weir, filter: &Filter) -> Result<()> {
    let phase = bench.settings.phase * 3 / 5;
    let order = format!("metrics.{ORDER_METRIC} ASC");
    let mut connections = Connection::open_many(weir.address(), 1).await?;
    let mut body = Vec::new();
    bodies::search(&mut body, &filter.text(0), &[&order], PAGE, None)?;
    let answer = connections[0].post("runs/search", &body).await.map_err(|error| weir.explain(error))?;
    let size_bytes = answer.len();
    check_names(answer, &filter.expected(bench.settings.runs), filter.name)?;

    let asked = Cell::new(0);
    let load = weir
        .load(&mut connections, phase, async |connection: &mut Connection| {
            // No two filters are equal, so that no cache of answers can help.
            asked.set(asked.get() + 1);
            let mut body = Vec::new();
            bodies::search(&mut body, &filter.text(asked.get()), &[&order], PAGE, None)?;
            connection.post("runs/search", &body).await.map(drop)
        })
        .await?;
    let ready = ready_answers(bench, size_bytes, phase / 6).await?;
    let row = Row::new(format!("runs/search, {}, p95", filter.name), p95(&load));
    let goal = on_sqlite(engine, Goal::Under(20.0));
    bench.report.add(&row.limit(p95(&ready), "the same bytes, ready-made").goal(goal));
    Ok(())
}

/// The first page has to hold exactly the runs that match, in their order.
fn check_names(answer: &[u8], expected: &[String], what: &str) -> Result<()> {
    let answer: Value = serde_json::from_slice(answer)?;
    let none = Vec::new();
    let runs = answer["runs"].as_array().unwrap_or(&none);
    let names: Vec<&str> = runs.iter().filter_map(|run| run["info"]["run_name"].as_str()).collect();
    let expected = &expected[..expected.len().min(PAGE as usize)];
    if names == expected {
        return Ok(());
    }
    let differs_at = names.iter().zip(expected).take_while(|(name, expected)| name == expected).count();
    Err(format!(
        "runs/search, {what}: {} runs came back instead of {}; they differ from number {differs_at} on: {:?} instead of {:?}",
        names.len(),
        expected.len(),
        names.get(differs_at),
        expected.get(differs_at),
    )
    .into())
}

/// The same search, its first page and one far behind it, in turns.
async fn measure_deep_page(bench: &mut Bench, engine: Engine, weir: &Weir) -> Result<()> {
    // 54 % of the runs match: page 500 of 100 runs is there when 100,000 were made.
    let deep = bench.settings.runs / 200;
    let order = format!("metrics.{ORDER_METRIC} ASC");
    let mut connection = Connection::open(weir.address()).await?;
    let (mut first, mut body) = (Vec::new(), Vec::new());
    bodies::search(&mut first, &FILTERS[0].text(0), &[&order], PAGE, None)?;
    body.clone_from(&first);
    for page in 1..deep {
        let token = bodies::next_page_token(connection.post("runs/search", &body).await?)?;
        let token = token.ok_or_else(|| format!("the pages end at {page} instead of {deep} or later"))?;
        bodies::search(&mut body, &FILTERS[0].text(0), &[&order], PAGE, Some(&token))?;
    }
    let expected = FILTERS[0].expected(bench.settings.runs).split_off((deep - 1) * PAGE as usize);
    check_names(connection.post("runs/search", &body).await?, &expected, "deep page")?;

    let (mut of_first, mut of_deep) = (Vec::new(), Vec::new());
    let started_at = Instant::now();
    while started_at.elapsed() < bench.settings.phase {
        for (body, latencies) in [(&first, &mut of_first), (&body, &mut of_deep)] {
            let sent_at = Instant::now();
            connection.post("runs/search", body).await?;
            latencies.push(sent_at.elapsed());
        }
    }
    let elapsed = started_at.elapsed();
    let (of_first, of_deep) = (Load::new(elapsed, of_first)?, Load::new(elapsed, of_deep)?);
    bench.report.add(&Row::new("runs/search, page 1, p95", p95(&of_first)));
    let row =
        Row::new(format!("runs/search, page {deep}, p95"), p95(&of_deep)).limit(p95(&of_first), "page 1");
    bench.report.add(&row.goal(on_sqlite(engine, Goal::RatioAtMost(DEEP_PAGE_RATIO))));
    Ok(())
}

/// All runs in pages of 1,000, from the first to the last, until the phase is over.
async fn walk(bench: &mut Bench, engine: Engine, weir: &Weir) -> Result<()> {
    let runs = bench.settings.runs;
    let mut connection = Connection::open(weir.address()).await?;
    let mut body = Vec::new();
    let (mut walked, mut pages, mut bytes) = (0, 0, 0);
    let cpu_before = weir.process().cpu_seconds()?;
    let started_at = Instant::now();
    while started_at.elapsed() < bench.settings.phase {
        let mut seen = 0;
        bodies::search(&mut body, "", &[], WALK_PAGE, None)?;
        loop {
            let answer = connection.post("runs/search", &body).await?;
            seen += bodies::count(answer, "\"run_uuid\"");
            bytes += answer.len();
            pages += 1;
            let Some(token) = bodies::next_page_token(answer)? else { break };
            bodies::search(&mut body, "", &[], WALK_PAGE, Some(&token))?;
        }
        if seen != runs {
            return Err(format!("the walk met {seen} runs instead of {runs}").into());
        }
        walked += seen;
    }
    let elapsed = started_at.elapsed().as_secs_f64();
    let cores = (weir.process().cpu_seconds()? - cpu_before) / elapsed;
    eprintln!("    {pages} pages of {} KiB; the server used {cores:.2} cores", bytes / pages / 1024);

    let ready = ready_answers(bench, bytes / pages, bench.settings.phase / 5).await?;
    let figure = Measure::per_second(walked as f64 / elapsed, "runs");
    let limit = Measure::per_second(ready.per_second() * f64::from(WALK_PAGE), "runs");
    let row = Row::new("runs/search, walk of all, 1,000 a page", figure);
    let goal = on_sqlite(engine, Goal::AtLeast(50_000.0));
    bench.report.add(&row.limit(limit, "the same bytes, ready-made").goal(goal));
    Ok(())
}

fn p95(load: &Load) -> Measure {
    Measure::milliseconds(load.percentile(95.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_with_the_wrong_runs_is_an_error() {
        let answer = br#"{"runs":[{"info":{"run_name":"run-1"}},{"info":{"run_name":"run-2"}}]}"#;
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(check_names(answer, &names(&["run-1", "run-2"]), "x").is_ok());
        assert!(check_names(b"{}", &[], "x").is_ok());
        let error = check_names(answer, &names(&["run-1", "run-3"]), "x").unwrap_err().to_string();
        assert!(error.contains("from number 1 on: Some(\"run-2\") instead of Some(\"run-3\")"), "{error}");
        assert!(check_names(answer, &names(&["run-1"]), "x").is_err());
    }
}
