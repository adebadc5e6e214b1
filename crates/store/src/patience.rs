//! How long a read may go on: until its time is over, or until nobody waits for its answer any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use weir_domain::{Error, Result};

/// Whether somebody waits for the answer of a job, which both of its ends know.
#[derive(Clone, Default)]
pub(crate) struct Waiting {
    gone: Arc<AtomicBool>,
}

impl Waiting {
    pub(crate) fn end(&self) {
        self.gone.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }
}

/// What one read has.
pub(crate) struct Patience {
    limit: Duration,
    began: Instant,
    waiting: Waiting,
}

impl Patience {
    pub(crate) fn new(limit: Duration, waiting: &Waiting) -> Self {
        Self { limit, began: Instant::now(), waiting: waiting.clone() }
    }

    /// Whether its time is over.
    pub(crate) fn has_ended(&self) -> bool {
        self.began.elapsed() >= self.limit
    }

    fn is_worn_out(&self) -> bool {
        self.waiting.is_over() || self.has_ended()
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.is_worn_out() { Err(too_long(self.limit)) } else { Ok(()) }
    }
}

/// What the caller of a read is told that was given up.
pub(crate) fn too_long(limit: Duration) -> Error {
    Error::Invalid(format!(
        "the search took longer than {} s: narrow its filter, or search fewer experiments at once",
        limit.as_secs_f64()
    ))
}

/// The patience of the read that a SQLite connection is at, which its statements ask every so many steps.
#[derive(Clone, Default)]
pub(crate) struct Watch {
    now: Arc<Mutex<Option<Watched>>>,
}

struct Watched {
    patience: Patience,
    interrupted: bool,
}

impl Watch {
    pub(crate) fn begin(&self, patience: Patience) {
        *self.now.lock() = Some(Watched { patience, interrupted: false });
    }

    /// Whether a statement is to be given up.
    pub(crate) fn interrupts(&self) -> bool {
        let mut now = self.now.lock();
        let Some(watched) = now.as_mut() else { return false };
        watched.interrupted = watched.patience.is_worn_out();
        watched.interrupted
    }

    /// Ends the watch; whether a statement was given up.
    pub(crate) fn end(&self) -> bool {
        self.now.lock().take().is_some_and(|watched| watched.interrupted)
    }
}
