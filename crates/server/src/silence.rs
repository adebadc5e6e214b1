//! How long the other end of a connection has been silent while it was waited for.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

/// Counts from the moment that somebody has to wait. Who is never waited for costs no timer.
pub struct Silence {
    limit: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    waiting: bool,
}

impl Silence {
    pub fn new(limit: Duration) -> Self {
        Self { limit, timer: None, waiting: false }
    }

    /// Something came, or went.
    pub fn end(&mut self) {
        self.waiting = false;
    }

    /// The error once the limit is over; `what` says what did not happen for so long.
    pub fn poll(&mut self, context: &mut Context<'_>, what: &str) -> Poll<io::Error> {
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(self.limit)));
        if !self.waiting {
            self.waiting = true;
            timer.as_mut().reset(Instant::now() + self.limit);
        }
        timer.as_mut().poll(context).map(|()| {
            io::Error::new(io::ErrorKind::TimedOut, format!("{what} for {} s", self.limit.as_secs()))
        })
    }
}
