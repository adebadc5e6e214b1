//! What the server does on its own: folding metrics, removing bytes that nothing speaks of any more.

use std::time::Duration;

use weir_domain::Result;
use weir_store::{files, metrics};

use crate::app::App;

/// Milliseconds between two looks at the metric inbox.
const FOLD_EVERY: Duration = Duration::from_millis(1000);
/// Runs folded in one look; the rest waits for the next, so that writers are never held up for long.
const RUNS_A_LOOK: i64 = 512;
/// Bytes stay this long after the last row that spoke of them, for downloads that have begun.
const GARBAGE_AGE_MS: i64 = 60 * 60 * 1000;
const CLEAN_EVERY: Duration = Duration::from_secs(60);

/// The background work of one server; stops when dropped.
pub struct Upkeep {
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Upkeep {
    /// Starts it, after the leftovers of interrupted uploads are gone.
    pub async fn start(app: &App) -> Result<Self> {
        let swept = app.blobs.sweep().await?;
        if swept > 0 {
            tracing::info!(uploads = swept, "removed what interrupted uploads left");
        }
        let (fold, clean) = (app.clone(), app.clone());
        Ok(Self {
            tasks: vec![
                tokio::spawn(async move { fold_forever(&fold).await }),
                tokio::spawn(async move { clean_forever(&clean).await }),
            ],
        })
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn fold_forever(app: &App) {
    loop {
        tokio::time::sleep(FOLD_EVERY).await;
        if let Err(error) = fold_all(app).await {
            tracing::warn!(?error, "metrics could not be folded; they stay readable");
        }
    }
}

async fn fold_all(app: &App) -> Result<()> {
    let pending = app.store.read(|tx| metrics::all_pending(tx, RUNS_A_LOOK)).await?;
    for pending in pending {
        app.store.write(move |tx| metrics::fold::run(tx, &pending)).await?;
    }
    Ok(())
}

/// Brings the metric values of `experiments` (rows) up to date, for a search that looks at them.
pub(crate) async fn fold_experiments(app: &App, experiments: &[i64]) -> Result<()> {
    let experiments = experiments.to_vec();
    let pending = app.store.read(move |tx| metrics::pending(tx, &experiments)).await?;
    let folds =
        pending.into_iter().map(|pending| app.store.write(move |tx| metrics::fold::run(tx, &pending)));
    futures_util::future::try_join_all(folds).await?;
    Ok(())
}

async fn clean_forever(app: &App) {
    loop {
        if let Err(error) = clean(app).await {
            tracing::warn!(?error, "unused artifact bytes could not be removed");
        }
        tokio::time::sleep(CLEAN_EVERY).await;
    }
}

async fn clean(app: &App) -> Result<()> {
    let before = app.clock.now() - GARBAGE_AGE_MS;
    loop {
        let locations = app.store.read(move |tx| files::garbage(tx, before, 100)).await?;
        if locations.is_empty() {
            return Ok(());
        }
        for location in &locations {
            app.blobs.delete(location).await?;
        }
        app.store.write(move |tx| files::forget_garbage(tx, &locations)).await?;
    }
}
