//! What the server does on its own: folding metrics, asking for CI jobs, removing bytes that nothing speaks of any more.

use std::time::Duration;

use futures_util::TryStreamExt;
use weir_domain::{Error, Result};
use weir_store::{audit, files, groups, metrics, projects, settings};

use crate::app::{App, random};
use crate::caller::refusals;
use crate::ci::jobs;
use crate::events;

/// Between two looks at the metric inbox.
const FOLD_EVERY: Duration = Duration::from_millis(1000);
/// The same after a look that found many rows: readers of the inbox read all of it.
const FOLD_SOON: Duration = Duration::from_millis(500);
const MANY_ROWS: usize = 4096;
/// Bytes stay this long after the last row that spoke of them, for downloads that have begun.
const GARBAGE_AGE_MS: i64 = 60 * 60 * 1000;
const CLEAN_EVERY: Duration = Duration::from_secs(60);

/// The background work of one server; stops when dropped.
pub struct Upkeep {
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Upkeep {
    /// Starts it. What interrupted uploads left is removed first of all.
    pub fn start(app: &App) -> Self {
        let (fold, clean, lost) = (app.clone(), app.clone(), app.clone());
        let (ask, audit, tell) = (app.clone(), app.clone(), app.clone());
        Self {
            tasks: vec![
                tokio::spawn(async move { fold_forever(&fold).await }),
                tokio::spawn(async move { clean_forever(&clean).await }),
                tokio::spawn(async move { find_lost_forever(&lost).await }),
                tokio::spawn(async move { jobs::ask_forever(&ask).await }),
                tokio::spawn(async move { settle_audit_forever(&audit).await }),
                tokio::spawn(async move { events::tell_forever(&tell).await }),
            ],
        }
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
    let mut wait = FOLD_EVERY;
    loop {
        tokio::time::sleep(wait).await;
        wait = match fold_all(app).await {
            Ok(rows) if rows >= MANY_ROWS => FOLD_SOON,
            Ok(_) => FOLD_EVERY,
            Err(error) => {
                tracing::warn!(?error, "metrics could not be folded; they stay readable");
                FOLD_EVERY
            }
        };
    }
}

/// Brings every metric value up to date with what is in the inbox now; answers how many rows that were.
pub(crate) async fn fold_all(app: &App) -> Result<usize> {
    let Some((newest, due)) = app.store.read(metrics::waiting).await? else { return Ok(0) };
    let mut rows = 0;
    loop {
        let folded = app.store.write(move |tx| metrics::fold::step(tx, newest)).await?;
        rows += folded;
        if folded == 0 || rows >= due {
            return Ok(rows);
        }
    }
}

/// Between two looks at what the audit log has not in its chain yet.
const SETTLE_EVERY: Duration = Duration::from_millis(500);
/// Entries that get their place in one transaction.
const SEALED: i64 = 500;

async fn settle_audit_forever(app: &App) {
    loop {
        if let Err(error) = settle_audit(app, false).await {
            tracing::warn!(?error, "the audit log could not be brought up to date; its entries wait");
        }
        tokio::time::sleep(SETTLE_EVERY).await;
    }
}

/// Brings all that was done so far into the chain of the audit log. Refused tokens are written when their minute is
/// over; with `all`, at once.
pub(crate) async fn settle_audit(app: &App, all: bool) -> Result<()> {
    refusals::write(app, all).await?;
    while app.store.read(audit::waits).await? {
        app.store.write(|tx| audit::seal(tx, SEALED)).await?;
    }
    Ok(())
}

async fn clean_forever(app: &App) {
    loop {
        if let Err(error) = sweep(app).await {
            tracing::warn!(?error, "what interrupted uploads left could not be removed");
        }
        if let Err(error) = Upkeep::remove_deleted(app).await {
            tracing::warn!(?error, "deleted projects could not be removed");
        }
        if let Err(error) = clean(app).await {
            tracing::warn!(?error, "unused artifact bytes could not be removed");
        }
        tokio::time::sleep(CLEAN_EVERY).await;
    }
}

impl Upkeep {
    /// Removes projects and groups that were deleted and whose time has come, a part in each transaction.
    pub async fn remove_deleted(app: &App) -> Result<()> {
        let now = app.clock.now();
        for id in app.store.read(move |tx| projects::due(tx, now)).await? {
            while !app.store.write(move |tx| projects::remove_step(tx, id, now)).await? {}
            tracing::info!(project = id, "removed a deleted project");
        }
        while app.store.write(move |tx| groups::remove_due(tx, now)).await? > 0 {}
        Ok(())
    }
}

async fn sweep(app: &App) -> Result<()> {
    let swept = app.blobs.sweep().await?;
    if swept > 0 {
        tracing::info!(uploads = swept, "removed what interrupted uploads left");
    }
    Ok(())
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

/// Bytes without a row are looked for at the start and then this often.
const FIND_LOST_EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// The same after a failure.
const FIND_LOST_AGAIN: Duration = Duration::from_secs(10 * 60);
/// Younger bytes may still be waiting for the commit of their row, on this server or on another.
const LOST_AGE: Duration = Duration::from_secs(60 * 60);

async fn find_lost_forever(app: &App) {
    loop {
        let wait = match Upkeep::find_lost(app).await {
            Ok(Some(_)) => FIND_LOST_EVERY,
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(?error, "bytes without a row could not be looked for");
                FIND_LOST_AGAIN
            }
        };
        tokio::time::sleep(wait).await;
    }
}

impl Upkeep {
    /// Writes what is counted and tells what has changed and is not told yet, before the server stops.
    pub async fn finish(app: &App) -> Result<()> {
        settle_audit(app, true).await?;
        events::finish(app).await
    }

    /// Makes sure that the artifact store is this database's, as [`Self::find_lost`] does, for a program that puts files
    /// there before any server did.
    pub async fn claim(app: &App) -> Result<bool> {
        let id = installation_id(app).await?;
        app.blobs.claim(&id).await
    }

    /// Tells the pages of servers on this database that much has changed, for a program that ends after it has changed it.
    pub async fn tell_others(app: &App) -> Result<()> {
        events::tell_others(app).await
    }

    /// Marks bytes that were stored whole but whose row was never committed: the server died in between. Answers
    /// how many, or `None` when the artifact store belongs to another installation: with a new or a wrong database
    /// every file in it looks lost.
    pub async fn find_lost(app: &App) -> Result<Option<usize>> {
        let id = installation_id(app).await?;
        if !app.blobs.claim(&id).await? {
            tracing::warn!(
                installation = id,
                "the artifacts in {} belong to another installation than this database: nothing there is cleaned up; \
                 if they are this database's, write its installation id into '{0}/installation' and restart",
                app.blobs.location()
            );
            return Ok(None);
        }
        mark_lost(app).await.map(Some)
    }
}

/// What this database and its artifact store know each other by.
async fn installation_id(app: &App) -> Result<String> {
    let fresh = hex::encode(random::<16>()?);
    let id =
        app.store.write(move |tx| settings::get_or_create(tx, "installation_id", fresh.as_bytes())).await?;
    String::from_utf8(id).map_err(Error::internal)
}

async fn mark_lost(app: &App) -> Result<usize> {
    let mut locations = app.blobs.list(LOST_AGE).await?;
    let mut batch = Vec::new();
    let mut found = 0;
    loop {
        let next = locations.try_next().await?;
        let end = next.is_none();
        batch.extend(next);
        if batch.len() >= 500 || (end && !batch.is_empty()) {
            let (asked, now) = (std::mem::take(&mut batch), app.clock.now());
            let lost = app.store.write(move |tx| files::mark_lost(tx, &asked, now)).await?;
            if lost > 0 {
                tracing::info!(files = lost, "found bytes that no row speaks of");
            }
            found += lost;
        }
        if end {
            return Ok(found);
        }
    }
}
