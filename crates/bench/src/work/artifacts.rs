//! One large file up and down, beside a durable copy of it, and what the server grows by meanwhile.

use std::time::{Duration, Instant};

use super::on_sqlite;
use crate::client::Connection;
use crate::copy::{durable_copy, random_piece};
use crate::report::{Goal, Measure, Row};
use crate::weir::Weir;
use crate::{Bench, Engine, Result};

pub async fn run(bench: &mut Bench, engine: Engine) -> Result<()> {
    let size_bytes = bench.settings.file_bytes;
    let scratch = &bench.settings.scratch;
    // A server of its own: what other works left in its memory would hide the growth.
    let weir = Weir::start(&bench.settings, engine).await?;
    let run = weir.create_runs(1).await?.remove(0);
    let artifact = format!("{}/model/weights.bin", run.artifact_folder);
    let mut connection = Connection::open(weir.address()).await?;
    let mut piece = random_piece();
    let before_mib = weir.process().peak_mib()?;

    // A copy before and one after, because a disk drifts.
    let mut copying = durable_copy(scratch, size_bytes)?;
    let started_at = Instant::now();
    connection.upload(&artifact, size_bytes, &mut piece).await.map_err(|error| weir.explain(error))?;
    let uploading = started_at.elapsed();
    let started_at = Instant::now();
    let received = connection.download(&artifact).await.map_err(|error| weir.explain(error))?;
    let downloading = started_at.elapsed();
    if received != size_bytes {
        return Err(format!("{received} bytes came back instead of {size_bytes}").into());
    }
    copying = (copying + durable_copy(scratch, size_bytes)?) / 2;
    let growth_mib = weir.process().peak_mib()? - before_mib;

    let mib = size_bytes >> 20;
    let speed = |time: Duration| Measure::mib_per_second(mib as f64 / time.as_secs_f64());
    let goal = on_sqlite(engine, Goal::RatioAtLeast(0.5));
    for (work, time) in [("upload", uploading), ("download", downloading)] {
        let row = Row::new(format!("{work} of {mib} MiB"), speed(time));
        bench.report.add(&row.limit(speed(copying), "durable file copy").goal(goal));
    }
    let row = Row::new("growth of the peak during both", Measure::mib(growth_mib));
    bench.report.add(&row.goal(on_sqlite(engine, Goal::Under(64.0))));
    Ok(())
}
