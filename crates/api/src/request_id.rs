//! A short id for every request: in the answer's headers, in every log line of it and in every 5xx body.

use std::sync::atomic::{AtomicU64, Ordering};

tokio::task_local! {
    static CURRENT: String;
}

static NEXT: AtomicU64 = AtomicU64::new(0);

/// Ids of one process count up from a random start.
pub(crate) fn seed(random: u64) {
    NEXT.store(random, Ordering::Relaxed);
}

pub(crate) fn next() -> String {
    format!("{:016x}", NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) async fn scope<F: Future>(id: String, body: F) -> F::Output {
    CURRENT.scope(id, body).await
}

pub(crate) fn current() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok()
}
