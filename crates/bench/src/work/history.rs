//! Reading one metric of 100,000 points: in the client's pages, and in one answer.

use super::{on_sqlite, ready_answers};
use crate::bodies::{self, Numbers};
use crate::client::Connection;
use crate::report::{Goal, Measure, Row};
use crate::weir::Weir;
use crate::{Bench, Engine, Result, sqlite};

const POINTS: usize = 100_000;
/// What one `log-batch` may carry.
const BATCH: u64 = 1000;
/// What MLflow's client asks for.
const PAGE: &str = "25000";
const KEY: &str = "loss";

pub async fn run(bench: &mut Bench, engine: Engine) -> Result<()> {
    let phase = bench.settings.phase;
    let rows = sqlite::read_history(&bench.settings.scratch, POINTS as i64, phase / 5)?;
    let weir = Weir::start(&bench.settings, engine).await?;
    let run_id = seed(&weir).await?;

    for (work, page) in [("get-history, pages of 25,000", Some(PAGE)), ("get-history, one answer", None)] {
        let mut connections = Connection::open_many(weir.address(), 1).await?;
        let (points, bytes) = read_all(&mut connections[0], &run_id, page, count_points).await?;
        if points != POINTS {
            return Err(format!("{work}: {points} points came back instead of {POINTS}").into());
        }
        let load = weir
            .load(&mut connections, phase, async |connection: &mut Connection| {
                read_all(connection, &run_id, page, |_| 0).await.map(drop)
            })
            .await?;
        let figure = Measure::per_second(load.per_second() * POINTS as f64, "points");
        let goal = on_sqlite(engine, Goal::AtLeast(2_000_000.0));
        let limit = Measure::per_second(rows, "rows");
        bench.report.add(&Row::new(work, figure).limit(limit, "rusqlite, clustered").goal(goal));
        let ready = ready_answers(bench, bytes, phase / 5).await?;
        let limit = Measure::per_second(ready.per_second() * POINTS as f64, "points");
        bench.report.add(&Row::new(work, figure).limit(limit, "the same bytes, ready-made"));
    }
    Ok(())
}

/// A run with one metric of `POINTS` points.
async fn seed(weir: &Weir) -> Result<String> {
    let run_id = weir.create_runs(1).await?.remove(0).id;
    let mut connection = Connection::open(weir.address()).await?;
    let (mut body, mut numbers) = (Vec::new(), Numbers::new(5));
    for batch in 0..POINTS as u64 / BATCH {
        bodies::log_points(&mut body, &run_id, &[KEY.into()], BATCH, batch * BATCH, &mut numbers);
        connection.post("runs/log-batch", &body).await?;
    }
    Ok(run_id)
}

fn count_points(answer: &[u8]) -> usize {
    bodies::count(answer, "\"timestamp\"")
}

/// Follows the page tokens to the end; the answer is what `count` saw and how many bytes came.
async fn read_all(
    connection: &mut Connection,
    run_id: &str,
    page: Option<&str>,
    count: fn(&[u8]) -> usize,
) -> Result<(usize, usize)> {
    let (mut points, mut bytes) = (0, 0);
    let mut token = None;
    loop {
        let mut query = vec![("run_uuid", run_id), ("run_id", run_id), ("metric_key", KEY)];
        query.extend(page.map(|page| ("max_results", page)));
        query.extend(token.as_deref().map(|token| ("page_token", token)));
        let answer = connection.get(&bodies::route("metrics/get-history", &query)).await?;
        points += count(answer);
        bytes += answer.len();
        token = bodies::next_page_token(answer)?;
        if token.is_none() {
            return Ok((points, bytes));
        }
    }
}
