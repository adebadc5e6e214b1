//! How soon a fresh process answers, and what it holds before anybody asked for anything.

use std::time::Duration;

use super::on_sqlite;
use crate::process::Process;
use crate::report::{Goal, Measure, Row};
use crate::weir::Home;
use crate::{Bench, Engine, Result, echo};

/// After this long a process is taken to be idle.
const SETTLE: Duration = Duration::from_secs(1);

pub async fn run(bench: &mut Bench, engine: Engine) -> Result<()> {
    let settings = &bench.settings;
    let (mut first, mut again, mut echoes) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..settings.starts {
        let echo = echo::start(&settings.scratch)?;
        echoes.push(echo.wait_healthy().await?);
        drop(echo);

        let home = Home::new(settings, engine)?;
        for starts in [&mut first, &mut again] {
            let weir = home.spawn(settings)?;
            starts.push(weir.wait_healthy().await?);
            weir.stop()?;
        }
    }

    let home = Home::new(settings, engine)?;
    let idle = idle_mib(home.spawn(settings)?).await?;
    let idle_echo = idle_mib(echo::start(&settings.scratch)?).await?;

    let limit = median_ms(&mut echoes);
    let goal = on_sqlite(engine, Goal::Under(100.0));
    let rows = [("start to first 200, empty data", &mut first), ("start to first 200, again", &mut again)];
    for (work, starts) in rows {
        bench.report.add(&Row::new(work, median_ms(starts)).limit(limit, "echo").goal(goal));
    }
    let goal = on_sqlite(engine, Goal::Under(40.0));
    let row = Row::new("idle memory", Measure::mib(idle)).limit(Measure::mib(idle_echo), "echo");
    bench.report.add(&row.goal(goal));
    Ok(())
}

async fn idle_mib(process: Process) -> Result<f64> {
    process.wait_healthy().await?;
    tokio::time::sleep(SETTLE).await;
    process.resident_mib()
}

fn median_ms(times: &mut [Duration]) -> Measure {
    times.sort_unstable();
    Measure::milliseconds(times[times.len() / 2].as_secs_f64() * 1e3)
}
