//! One client's stream: what it missed, what happens, signs of life, and its end when the client may not read any more.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::sync::watch;
use tokio::time::Instant;
use weir_domain::access::{Feature, Standing};
use weir_domain::{Error, Result};

use super::hub::View;
use crate::app::App;
use crate::caller::{Access, Ticket};
use crate::seats::Seat;

/// Milliseconds after which a browser connects again.
const RETRY_MS: u64 = 2000;

struct Watcher {
    app: App,
    ticket: Ticket,
    view: View,
    cursor: u64,
    news: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    /// Written and not sent yet.
    text: String,
    check_at: Instant,
    /// Since when nobody can say whether the client still may read.
    doubt_since: Option<Instant>,
    beat_at: Instant,
    ended: bool,
    _seat: Seat,
}

/// The stream of somebody who was let in, behind the event `last` if that is still known.
pub fn open(
    app: App,
    access: Access,
    ticket: Ticket,
    seat: Seat,
    last: Option<&str>,
) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
    let hub = &app.events;
    // Before the position is read: what comes in between wakes it.
    let (news, closing) = (hub.news(), hub.closing());
    let resumed = last.and_then(|id| hub.behind(id).map(|cursor| (cursor, id.to_owned())));
    let is_resumed = resumed.is_some();
    let (cursor, id) = resumed.unwrap_or_else(|| hub.end());
    let mut text =
        format!("retry: {RETRY_MS}\nevent: ready\nid: {id}\ndata: {{\"resumed\":{is_resumed}}}\n\n");
    if last.is_some() && !is_resumed {
        text.push_str(&format!("event: refetch\nid: {id}\ndata: {{}}\n\n"));
    }
    let now = Instant::now();
    let pace = app.settings.pace;
    let watcher = Watcher {
        view: view(access.project_id, &access.standing),
        ticket,
        cursor,
        news,
        closing,
        text,
        check_at: now + Duration::from_millis(pace.check_ms),
        doubt_since: None,
        beat_at: now + Duration::from_millis(pace.beat_ms),
        ended: false,
        _seat: seat,
        app,
    };
    stream::unfold(watcher, next)
}

fn view(project_id: i64, standing: &Standing) -> View {
    let sees = |feature| standing.check_feature(feature, "").is_ok();
    View { project_id, experiments: sees(Feature::Experiments), registry: sees(Feature::Registry) }
}

async fn next(mut watcher: Watcher) -> Option<(Result<Bytes>, Watcher)> {
    while watcher.text.is_empty() {
        if watcher.ended {
            return None;
        }
        watcher.step().await;
    }
    let pace = watcher.app.settings.pace;
    watcher.beat_at = Instant::now() + Duration::from_millis(pace.beat_ms);
    let piece = Bytes::from(std::mem::take(&mut watcher.text));
    Some((Ok(piece), watcher))
}

impl Watcher {
    /// Waits for something and writes what is to be said of it.
    async fn step(&mut self) {
        if *self.closing.borrow_and_update() {
            return self.end("stop");
        }
        let now = Instant::now();
        if now >= self.check_at {
            self.check().await;
        }
        let sure = self.doubt_since.is_none();
        if sure && !self.ended {
            self.news.mark_unchanged();
            self.app.events.read(&mut self.cursor, &self.view, &mut self.text);
        }
        if !self.text.is_empty() {
            return;
        }
        if now >= self.beat_at {
            self.text.push_str("event: beat\ndata: {}\n\n");
            return;
        }
        // Either channel closes only with the server.
        tokio::select! {
            _ = self.closing.changed() => {}
            _ = self.news.changed(), if sure => {}
            () = tokio::time::sleep_until(self.check_at.min(self.beat_at)) => {}
        }
    }

    /// Asks again whether the client may read; ends the stream when not. While the database cannot say, nothing is told,
    /// and nothing is wrong with the client: when that goes on, it is to connect again.
    async fn check(&mut self) {
        let pace = self.app.settings.pace;
        let checked = self.ticket.check(&self.app).await;
        let now = Instant::now();
        self.check_at = now + Duration::from_millis(pace.check_ms);
        match checked {
            Ok(access) => {
                self.view = view(access.project_id, &access.standing);
                self.doubt_since = None;
            }
            // Invalid: the database took too long to say.
            Err(error @ (Error::Busy | Error::Internal(_) | Error::Invalid(_))) => {
                let since = *self.doubt_since.get_or_insert(now);
                tracing::warn!(?error, "nobody can say whether an event stream's client may still read");
                if now - since >= Duration::from_millis(pace.doubt_ms) {
                    self.end("stop");
                }
            }
            Err(error) => {
                tracing::debug!(%error, "an event stream is ended");
                self.end("access");
            }
        }
    }

    fn end(&mut self, reason: &str) {
        self.ended = true;
        self.text.push_str(&format!("event: end\ndata: {{\"reason\":\"{reason}\"}}\n\n"));
    }
}
