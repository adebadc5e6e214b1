//! The latest changes, kept once for all streams: each remembers only how far it has read.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::watch;
use weir_domain::Result;
use weir_store::Heard;

use super::Pace;
use super::message::{Message, Told};
use super::tell::Teller;
use crate::app::random;
use crate::seats::{Seat, Seats, Sitter};

/// Changes kept for those who come back, and their bytes, at most.
const MOST: usize = 8192;
const MOST_BYTES: usize = 4 << 20;
/// What is written to a stream at once.
const PIECE_BYTES: usize = 64 << 10;

pub struct Hub {
    ring: Mutex<Ring>,
    /// One behind the position of the newest entry.
    end: watch::Sender<u64>,
    closing: watch::Sender<bool>,
    seats: Seats,
    /// The replicas that were heard lately, this one included.
    origins: Mutex<HashMap<String, Origin>>,
    /// The name of this process among them.
    pub(super) name: String,
    pub(super) teller: tokio::sync::Mutex<Teller>,
    /// Several processes may share the database, and this one hears what they announce.
    pub(super) shared: AtomicBool,
    /// Whether whatever is told from now on is heard here.
    pub(super) listening: AtomicBool,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    changes: AtomicU64,
    refetches: AtomicU64,
    gaps: AtomicU64,
    refused: AtomicU64,
}

struct Origin {
    heard: Instant,
    number: u64,
}

/// Entries by position; those before `first` are forgotten.
#[derive(Default)]
struct Ring {
    entries: VecDeque<Entry>,
    first: u64,
    bytes: usize,
    gaps: u64,
}

struct Entry {
    id: String,
    /// `None`: something was missed, and everybody has to look again.
    change: Option<Change>,
}

struct Change {
    project_id: i64,
    experiments: bool,
    registry: bool,
    json: String,
}

/// What somebody who watches may see.
#[derive(Clone, Copy)]
pub struct View {
    pub project_id: i64,
    pub experiments: bool,
    pub registry: bool,
}

impl Entry {
    fn size(&self) -> usize {
        self.id.len() + self.change.as_ref().map_or(0, |change| change.json.len()) + 100
    }

    fn of(id: String, told: &Told) -> Result<Self> {
        let change = Change {
            project_id: told.project_id,
            experiments: told.change.is_for(true, false),
            registry: told.change.is_for(false, true),
            json: serde_json::to_string(&told.change).map_err(weir_domain::Error::internal)?,
        };
        Ok(Self { id, change: Some(change) })
    }
}

impl Ring {
    fn end(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    fn push(&mut self, entry: Entry) {
        self.bytes += entry.size();
        self.entries.push_back(entry);
        while self.entries.len() > MOST || self.bytes > MOST_BYTES && self.entries.len() > 1 {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes -= oldest.size();
            self.first += 1;
        }
    }

    /// Forgets all that is known: who comes back from before, and who watches now, has to look again.
    fn gap(&mut self, name: &str) {
        self.first = self.end();
        self.entries.clear();
        self.bytes = 0;
        self.gaps += 1;
        self.push(Entry { id: format!("{name}-gap{}", self.gaps), change: None });
    }
}

impl Hub {
    pub fn new() -> Result<Self> {
        let name = hex::encode(random::<8>()?);
        let mut ring = Ring::default();
        ring.gap(&name);
        Ok(Self {
            end: watch::Sender::new(ring.end()),
            ring: Mutex::new(ring),
            closing: watch::Sender::new(false),
            seats: Seats::default(),
            origins: Mutex::default(),
            teller: tokio::sync::Mutex::new(Teller::new()),
            name,
            shared: AtomicBool::new(false),
            listening: AtomicBool::new(false),
            counts: Counts::default(),
        })
    }

    /// A place for a stream; `None` when there are too many.
    pub fn sit(&self, sitter: Sitter, pace: &Pace) -> Option<Seat> {
        let seat = self.seats.take(sitter, pace.streams_of_user, pace.streams);
        if seat.is_none() {
            self.counts.refused.fetch_add(1, Ordering::Relaxed);
        }
        seat
    }

    /// Ends every stream, now and from now on: the server stops.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    pub fn news(&self) -> watch::Receiver<u64> {
        self.end.subscribe()
    }

    /// The position behind the event with this id, if that is still known.
    pub fn behind(&self, id: &str) -> Option<u64> {
        let ring = self.ring.lock();
        let at = ring.entries.iter().rposition(|entry| entry.id == id)?;
        Some(ring.first + at as u64 + 1)
    }

    /// The position behind all that is known, and the id of the newest.
    pub fn end(&self) -> (u64, String) {
        let ring = self.ring.lock();
        (ring.end(), ring.entries.back().map_or_else(String::new, |entry| entry.id.clone()))
    }

    /// Writes what comes behind `cursor` and may be seen, as events, and moves the cursor on.
    pub fn read(&self, cursor: &mut u64, view: &View, out: &mut String) {
        let ring = self.ring.lock();
        let Some(skip) = cursor.checked_sub(ring.first) else {
            *cursor = ring.end();
            let id = ring.entries.back().map_or("", |entry| entry.id.as_str());
            self.write_refetch(id, out);
            return;
        };
        let skip = usize::try_from(skip).unwrap_or(usize::MAX).min(ring.entries.len());
        for entry in ring.entries.range(skip..) {
            *cursor += 1;
            match &entry.change {
                None => self.write_refetch(&entry.id, out),
                Some(change) if change.is_in(view) => {
                    self.counts.changes.fetch_add(1, Ordering::Relaxed);
                    let _ = write!(out, "event: change\nid: {}\ndata: {}\n\n", entry.id, change.json);
                }
                Some(_) => {}
            }
            if out.len() > PIECE_BYTES {
                return;
            }
        }
    }

    fn write_refetch(&self, id: &str, out: &mut String) {
        self.counts.refetches.fetch_add(1, Ordering::Relaxed);
        let _ = write!(out, "event: refetch\nid: {id}\ndata: {{}}\n\n");
    }

    /// Nobody can say what was missed.
    pub fn gap(&self) {
        self.counts.gaps.fetch_add(1, Ordering::Relaxed);
        self.forget();
    }

    /// The same where nobody watches.
    pub fn forget(&self) {
        let mut ring = self.ring.lock();
        ring.gap(&self.name);
        self.end.send_replace(ring.end());
    }

    /// Whether nobody watches and nobody left lately who could come back for what happens now.
    pub fn is_unwatched(&self, patience: Duration) -> bool {
        self.seats.count() == 0 && self.seats.empty_since().is_none_or(|since| since.elapsed() > patience)
    }

    /// Takes what a replica tells, this one included.
    pub fn take(&self, message: Message) {
        if self.note(&message) {
            self.gap();
        }
        let mut ring = self.ring.lock();
        for (index, told) in message.told.iter().enumerate() {
            let id = format!("{}-{}-{index}", message.origin, message.number);
            match Entry::of(id, told) {
                Ok(entry) => ring.push(entry),
                Err(error) => {
                    tracing::error!(?error, "a change could not be written");
                    ring.gap(&self.name);
                }
            }
        }
        if message.missed {
            ring.push(Entry { id: format!("{}-{}-missed", message.origin, message.number), change: None });
        }
        self.end.send_replace(ring.end());
    }

    /// Whether something of its origin was missed before this message.
    fn note(&self, message: &Message) -> bool {
        let mut origins = self.origins.lock();
        let before = if message.bye {
            origins.remove(&message.origin)
        } else {
            let origin = Origin { heard: Instant::now(), number: message.number };
            origins.insert(message.origin.clone(), origin)
        };
        // Of one that is heard for the first time, everything that counts came in this listener's time.
        before.is_some_and(|before| before.number > 0 && message.number != before.number + 1)
    }

    /// What the listener says.
    pub fn hear(&self, heard: Heard) {
        match heard {
            Heard::Connected => {
                let mut origins = self.origins.lock();
                origins.clear();
                // It has to hear itself before long.
                origins.insert(self.name.clone(), Origin { heard: Instant::now(), number: 0 });
                drop(origins);
                self.gap();
                self.listening.store(true, Ordering::Relaxed);
            }
            Heard::Lost => self.listening.store(false, Ordering::Relaxed),
            Heard::Text(text) => match serde_json::from_str::<Message>(&text) {
                Ok(message) => self.take(message),
                Err(error) => {
                    tracing::warn!(%error, "an announcement of changes cannot be read; another version of weir?");
                    self.gap();
                }
            },
        }
    }

    /// Forgets replicas that were not heard for so long: what they had not told when they died, nobody tells. Answers
    /// whether this one does not even hear itself.
    pub fn bury(&self, silence: Duration) -> bool {
        if !self.listening.load(Ordering::Relaxed) {
            return false;
        }
        let mut origins = self.origins.lock();
        let all = origins.len();
        let mut deaf = false;
        origins.retain(|name, origin| {
            let silent = origin.heard.elapsed() > silence;
            if silent && *name == self.name {
                deaf = true;
                origin.heard = Instant::now();
                return true;
            }
            !silent
        });
        let buried = all - origins.len();
        drop(origins);
        if buried > 0 {
            tracing::warn!(replicas = buried, "silent for too long: pages are told to look again");
            self.gap();
        }
        deaf
    }

    /// For Prometheus.
    pub fn text(&self) -> String {
        let Counts { changes, refetches, gaps, refused } = &self.counts;
        let mut text = String::new();
        for (name, kind, help, value) in [
            ("streams", "gauge", "Event streams that are open.", self.seats.count() as u64),
            (
                "listening",
                "gauge",
                "1 when changes of all replicas are heard.",
                u64::from(self.listening.load(Ordering::Relaxed)),
            ),
            ("sent_total", "counter", "Changes written to streams.", changes.load(Ordering::Relaxed)),
            (
                "refetches_total",
                "counter",
                "Times that a stream told its client to look again.",
                refetches.load(Ordering::Relaxed),
            ),
            (
                "gaps_total",
                "counter",
                "Times that changes may have been missed.",
                gaps.load(Ordering::Relaxed),
            ),
            (
                "refused_total",
                "counter",
                "Streams refused because too many were open.",
                refused.load(Ordering::Relaxed),
            ),
        ] {
            let _ = writeln!(
                text,
                "# HELP weir_events_{name} {help}\n# TYPE weir_events_{name} {kind}\nweir_events_{name} {value}"
            );
        }
        text
    }
}

impl Change {
    fn is_in(&self, view: &View) -> bool {
        self.project_id == view.project_id
            && (self.experiments && view.experiments || self.registry && view.registry)
    }
}

#[cfg(test)]
#[path = "hub_tests.rs"]
mod tests;
