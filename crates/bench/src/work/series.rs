//! What the charts of 50 runs ask for: 10 metrics of 10,000 points each, in one answer.

use serde_json::{Value, json};

use super::{on_sqlite, ready_answers};
use crate::bodies::{self, Numbers};
use crate::client::Connection;
use crate::report::{Goal, Measure, Row};
use crate::weir::Weir;
use crate::{Bench, Engine, Result};

const RUNS: usize = 50;
const METRICS: usize = 10;
const POINTS: u64 = 10_000;
/// Steps of one `log-batch` of all metrics.
const BATCH: u64 = 100;

const SERIES: &str = "/api/v4/projects/1/ml/series";

pub async fn run(bench: &mut Bench, engine: Engine) -> Result<()> {
    let weir = Weir::start(&bench.settings, engine).await?;
    let keys = bodies::metric_keys(METRICS);
    let ids = seed(&weir, &keys).await.map_err(|error| weir.explain(error))?;
    let whole = json!({ "runs": ids, "metrics": keys });
    let size_bytes = measure(bench, engine, &weir, "series, 50 x 10 x 10,000 points, p95", &whole).await?;
    let row =
        Row::new("series, 50 x 10 x 10,000 points, answer", Measure::mib(size_bytes as f64 / 1_048_576.0));
    // 3 MB, in MiB.
    bench.report.add(&row.goal(on_sqlite(engine, Goal::Under(3_000_000.0 / 1_048_576.0))));
    let zoomed = json!({ "runs": ids, "metrics": keys, "from": 5000, "to": 5400 });
    measure(bench, engine, &weir, "series, zoomed to 401 steps, p95", &zoomed).await.map(drop)
}

async fn seed(weir: &Weir, keys: &[String]) -> Result<Vec<String>> {
    let runs = weir.create_runs(RUNS).await?;
    let mut connection = Connection::open(weir.address()).await?;
    let (mut body, mut numbers) = (Vec::new(), Numbers::new(11));
    for run in &runs {
        for batch in 0..POINTS / BATCH {
            bodies::log_points(&mut body, &run.id, keys, BATCH, batch * BATCH, &mut numbers);
            connection.post("runs/log-batch", &body).await?;
        }
    }
    // Folds what is still waiting.
    bodies::search(&mut body, "", &[&format!("metrics.`{}`", keys[0])], 1, None)?;
    connection.post("runs/search", &body).await?;
    Ok(runs.into_iter().map(|run| run.id).collect())
}

/// The size of the answer.
async fn measure(bench: &mut Bench, engine: Engine, weir: &Weir, name: &str, body: &Value) -> Result<usize> {
    let phase = bench.settings.phase * 3 / 5;
    let text = serde_json::to_vec(body)?;
    let mut connections = Connection::open_many(weir.address(), 1).await?;
    let answer = connections[0].ask(SERIES, &text).await.map_err(|error| weir.explain(error))?;
    let (size_bytes, found) = (answer.len(), bodies::count(answer, "\"points\":"));
    if found != RUNS * METRICS {
        return Err(format!("{found} histories came back instead of {}", RUNS * METRICS).into());
    }
    let load = weir
        .load(&mut connections, phase, async |connection: &mut Connection| {
            connection.ask(SERIES, &text).await.map(drop)
        })
        .await?;
    let ready = ready_answers(bench, size_bytes, phase / 6).await?;
    let p95 = Measure::milliseconds(load.percentile(95.0));
    let limit = Measure::milliseconds(ready.percentile(95.0));
    let row = Row::new(name, p95).limit(limit, "the same bytes, ready-made");
    // Of the 1.5 s in which they have to be drawn.
    bench.report.add(&row.goal(on_sqlite(engine, Goal::Under(500.0))));
    Ok(size_bytes)
}
