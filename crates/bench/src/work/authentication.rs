//! What a token costs: the cheapest request of all, beside a server under `--no-auth` that gets it without one.

use super::on_sqlite;
use crate::client::Connection;
use crate::report::{Goal, Measure, Row};
use crate::weir::Weir;
use crate::{Bench, Engine, Result};

/// One row read by its key: the less a request does, the more its token weighs.
const REQUEST: &str = "experiments/get?experiment_id=0";
/// Each server's phase comes in so many parts, in turn with the other's, because a machine drifts.
const TURNS: u32 = 10;

pub async fn run(bench: &mut Bench, engine: Engine) -> Result<()> {
    let checked = Weir::start(&bench.settings, engine).await?;
    let open = Weir::start_with(&bench.settings, engine, &["--no-auth"]).await?;
    for (count, work) in
        [(1, "authenticated request, 1 client, mean"), (64, "authenticated request, 64 clients, mean")]
    {
        let mut with_token = Connection::open_many(checked.address(), count).await?;
        let without = Connection::open_many(open.address(), count).await?;
        let mut without: Vec<_> = without.into_iter().map(Connection::without_token).collect();
        let (mut figure_ms, mut limit_ms) = (0.0, 0.0);
        for _ in 0..TURNS {
            figure_ms += mean_ms(bench, &checked, &mut with_token).await?;
            limit_ms += mean_ms(bench, &open, &mut without).await?;
        }
        let [figure, limit] = [figure_ms, limit_ms].map(|sum| Measure::milliseconds(sum / f64::from(TURNS)));
        let row = Row::new(work, figure).limit(limit, "under --no-auth");
        bench.report.add(&row.goal(on_sqlite(engine, Goal::RatioAtMost(1.1))));
    }
    Ok(())
}

/// The mean of one turn.
async fn mean_ms(bench: &Bench, weir: &Weir, clients: &mut [Connection]) -> Result<f64> {
    let turn = bench.settings.phase / TURNS;
    let load = weir.load(clients, turn, async |client| client.get(REQUEST).await.map(drop)).await?;
    Ok(load.mean_ms())
}
