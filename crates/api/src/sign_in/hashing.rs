//! Password hashes beside the async threads, and few at once: each takes 19 MiB and a core for a while.

use std::sync::Arc;

use tokio::sync::Semaphore;
use weir_domain::{Error, Result, password};

use crate::app::random;

/// Hashes that are worked on at once.
const AT_ONCE: usize = 2;
/// Requests that have one worked on or wait for it; more are told to come back.
const WAITING: usize = 64;

pub struct Hashing {
    at_once: Arc<Semaphore>,
    waiting: Semaphore,
}

impl Default for Hashing {
    fn default() -> Self {
        Self { at_once: Arc::new(Semaphore::new(AT_ONCE)), waiting: Semaphore::new(WAITING) }
    }
}

impl Hashing {
    /// See [`password::verify`].
    pub async fn verify(&self, given: String, kept: Option<String>) -> Result<bool> {
        self.work(move || password::verify(&given, kept.as_deref())).await
    }

    /// See [`password::hash`].
    pub async fn hash(&self, given: String) -> Result<String> {
        let salt = random()?;
        self.work(move || password::hash(&given, salt)).await
    }

    async fn work<T, F>(&self, body: F) -> Result<T>
    where
        F: FnOnce() -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let _place = self.waiting.try_acquire().map_err(|_| Error::Busy)?;
        let slot = self.at_once.clone().acquire_owned().await.map_err(Error::internal)?;
        // The slot goes along: a client that hangs up does not make room while its hash is still worked on.
        let working = tokio::task::spawn_blocking(move || {
            let _slot = slot;
            body()
        });
        working.await.map_err(Error::internal)?
    }
}
