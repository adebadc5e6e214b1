//! Jobs that tags of runs name are asked for here, in the background: never in a request.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use weir_domain::Result;
use weir_domain::ci::token_purpose;
use weir_store::ci_jobs::{self, DueJob};
use weir_store::ci_links::{self, CiLink};

use super::ask::{Miss, Source, ask};
use crate::app::App;

/// Between two looks for jobs that are due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Jobs of one project that are asked for, one after the other, before the others are looked at again.
const AT_ONCE: i64 = 20;
/// Projects whose CIs are asked at the same time.
const MOST_PROJECTS: usize = 8;

/// The projects whose CI is being asked: a slow one holds up nobody but itself.
type Busy = Arc<Mutex<HashSet<i64>>>;

/// Asks forever.
pub async fn ask_forever(app: &App) {
    let busy = Busy::default();
    // Ended with this task, as it is when the server stops.
    let mut asking = tokio::task::JoinSet::new();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        while asking.try_join_next().is_some() {}
        let now = app.clock.now();
        let links = match app.store.read(move |tx| ci_links::due(tx, now)).await {
            Ok(links) => links,
            Err(error) => {
                tracing::warn!(?error, "CI jobs that are due could not be looked for");
                continue;
            }
        };
        for link in links {
            let mut known = busy.lock();
            if known.len() < MOST_PROJECTS && known.insert(link.project_id) {
                let turn = Turn { busy: busy.clone(), project_id: link.project_id };
                asking.spawn(ask_project(app.clone(), link, turn));
            }
        }
    }
}

/// A project's turn, however it ends.
struct Turn {
    busy: Busy,
    project_id: i64,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.busy.lock().remove(&self.project_id);
    }
}

async fn ask_project(app: App, link: CiLink, _turn: Turn) {
    if let Err(error) = ask_all(&app, &link).await {
        tracing::warn!(?error, project = link.project_id, "CI jobs could not be asked for");
    }
}

async fn ask_all(app: &App, link: &CiLink) -> Result<()> {
    let (id, ci, now) = (link.project_id, link.ci, app.clock.now());
    let due = app.store.read(move |tx| ci_jobs::due(tx, id, ci, now, AT_ONCE)).await?;
    for job in due {
        let taken = job.clone();
        if app.store.write(move |tx| ci_jobs::take(tx, &taken, now)).await? {
            ask_one(app, link, job).await?;
        }
    }
    Ok(())
}

async fn ask_one(app: &App, link: &CiLink, job: DueJob) -> Result<()> {
    let outcome = match token_of(app, link) {
        Ok(token) => {
            let source =
                Source { ci: link.ci, url: &link.url, project: &link.ci_project, token: token.as_deref() };
            ask(app.issuers.outbound(), &source, &job.job).await
        }
        Err(miss) => Err(miss),
    };
    let now = app.clock.now();
    app.store
        .write(move |tx| match &outcome {
            Ok(details) => ci_jobs::found(tx, &job, details, now),
            Err(Miss::Unknown(reason)) => ci_jobs::unknown(tx, &job, reason, now),
            Err(Miss::Trouble(reason)) => ci_jobs::failed(tx, &job, reason, now),
        })
        .await
}

/// The link's token in plain text, if it has one.
fn token_of(app: &App, link: &CiLink) -> std::result::Result<Option<String>, Miss> {
    let Some(sealed) = &link.token else { return Ok(None) };
    let key = app.settings.secret_key.as_ref();
    match key.and_then(|key| key.open(&token_purpose(link.project_id), sealed)) {
        Some(token) => Ok(Some(token)),
        None => {
            tracing::warn!(
                project = link.project_id,
                "the token of a CI link was sealed with another secret key than this server has: link the project anew"
            );
            Err(Miss::Trouble("the link's token cannot be read: link the project anew".to_owned()))
        }
    }
}
