//! From what the database has committed to those who watch: at once in this process, or by way of all replicas.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use weir_domain::{Error, Result};
use weir_store::changes::{Batch, announce, name};
use weir_store::{Listener, Tx};

use super::Pace;
use super::message::{Message, Told, split};
use crate::app::App;

/// Where this process is in what it tells.
pub struct Teller {
    /// Of the last message.
    number: u64,
    /// Taken, and not told for certain: telling may fail or be given up wherever it waits.
    waiting: Batch,
    spoke: Instant,
    /// What was found when it was looked for other processes' writes, and when.
    outside: Option<i64>,
    looked: Instant,
}

impl Teller {
    pub fn new() -> Self {
        let now = Instant::now();
        Self { number: 0, waiting: Batch::default(), spoke: now, outside: None, looked: now }
    }
}

/// How a process hears the replicas on its database; on SQLite there are none.
struct Ear(Option<Listener>);

impl Ear {
    fn open(app: &App) -> Result<Self> {
        let hub = app.events.clone();
        let listener = app.store.listen(move |heard| hub.hear(heard))?;
        match &listener {
            Some(_) => app.events.shared.store(true, Ordering::Relaxed),
            None => app.events.listening.store(true, Ordering::Relaxed),
        }
        Ok(Self(listener))
    }
}

/// How long what happens is kept for who has just left, where nobody else needs it.
const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// After a failure.
const AGAIN: Duration = Duration::from_secs(1);

pub async fn tell_forever(app: &App) {
    let ear = loop {
        match Ear::open(app) {
            Ok(ear) => break ear,
            Err(error) => tracing::error!(?error, "changes of other replicas cannot be heard; trying again"),
        }
        tokio::time::sleep(AGAIN).await;
    };
    let pace = app.settings.pace;
    loop {
        let idle = beat(&pace);
        tokio::select! {
            () = app.store.changes().wait() => {}
            () = tokio::time::sleep(idle) => {}
        }
        if let Err(error) = tell(app, false).await {
            tracing::warn!(?error, "what has changed could not be told; pages will be told to look again");
            tokio::time::sleep(AGAIN).await;
        }
        // Three signs of life that did not come.
        if let Some(listener) = &ear.0
            && app.events.bury(beat(&pace) * 3)
        {
            listener.renew();
        }
        tokio::time::sleep(Duration::from_millis(pace.tell_ms)).await;
    }
}

/// Between the signs of life of a replica.
fn beat(pace: &Pace) -> Duration {
    Duration::from_millis(pace.beat_ms / 2)
}

/// Tells what is left and takes leave of the replicas, before the server stops.
pub async fn finish(app: &App) -> Result<()> {
    tell(app, true).await
}

/// Tells the servers of this database that more has changed than is worth naming. On SQLite the server sees by itself that
/// somebody else has written.
pub async fn tell_others(app: &App) -> Result<()> {
    if !app.store.is_shared() {
        return Ok(());
    }
    let message =
        Message { origin: app.events.name.clone(), number: 1, missed: true, bye: true, told: Vec::new() };
    let text = serde_json::to_string(&message).map_err(Error::internal)?;
    app.store.write(move |tx| announce(tx, &text)).await
}

/// Whether some other process has written to the SQLite database, such as a command: what it was nobody says.
async fn somebody_else_wrote(app: &App, teller: &mut Teller) -> Result<bool> {
    if teller.outside.is_some() && teller.looked.elapsed() < beat(&app.settings.pace) {
        return Ok(false);
    }
    teller.looked = Instant::now();
    let now = app.store.write(|tx| tx.outside_writes()).await?;
    let before = std::mem::replace(&mut teller.outside, now);
    Ok(before.is_some_and(|before| Some(before) != now))
}

/// Tells what has changed since the last time.
async fn tell(app: &App, bye: bool) -> Result<()> {
    let hub = &app.events;
    let shared = hub.shared.load(Ordering::Relaxed);
    let mut teller = hub.teller.lock().await;
    if !shared && somebody_else_wrote(app, &mut teller).await? {
        teller.waiting.overflowed = true;
    }
    let batch = app.store.changes().take();
    teller.waiting.merge(batch);
    if !shared && hub.is_unwatched(PATIENCE) {
        if !teller.waiting.is_empty() {
            teller.waiting = Batch::default();
            hub.forget();
        }
        return Ok(());
    }
    let mut told: Vec<Told> = Vec::new();
    if !teller.waiting.subjects.is_empty() {
        let waiting = teller.waiting.clone();
        let named = app.store.read(move |tx| name(tx, &waiting)).await?;
        told.extend(named.into_iter().map(Told::from));
    }
    let mut messages: Vec<Message> =
        split(told)?.into_iter().map(|told| Message { told, ..Message::default() }).collect();
    let beat_is_due = shared && teller.spoke.elapsed() >= beat(&app.settings.pace);
    let missed = teller.waiting.overflowed;
    if messages.is_empty() && (missed || bye || beat_is_due) {
        messages.push(Message::default());
    }
    if let Some(last) = messages.last_mut() {
        (last.missed, last.bye) = (missed, bye);
        teller.send(app, messages).await?;
    }
    teller.waiting = Batch::default();
    Ok(())
}

impl Teller {
    async fn send(&mut self, app: &App, mut messages: Vec<Message>) -> Result<()> {
        let hub = &app.events;
        // Counted before they are sent: those that may have been lost are missed, and none comes twice by one number.
        for message in &mut messages {
            self.number += 1;
            message.origin.clone_from(&hub.name);
            message.number = self.number;
        }
        if hub.shared.load(Ordering::Relaxed) {
            let texts =
                messages.iter().map(serde_json::to_string).collect::<std::result::Result<Vec<_>, _>>();
            let texts = texts.map_err(Error::internal)?;
            let announce = move |tx: &mut Tx<'_>| texts.iter().try_for_each(|text| announce(tx, text));
            app.store.write(announce).await?;
        } else {
            messages.into_iter().for_each(|message| hub.take(message));
        }
        self.spoke = Instant::now();
        Ok(())
    }
}
