//! Serving until somebody asks to stop, and the end within ten seconds of that.

use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use weir_domain::{Error, Result};
use weir_store::Store;

use crate::connections::{Connections, Limits};

/// How long running requests may take to finish. With the two below it stays under ten seconds.
const DRAIN: Duration = Duration::from_secs(8);
/// How long what runs on other threads, such as a file being synced, may take after that.
const THREADS: Duration = Duration::from_millis(500);
/// How long the database may take to finish what is queued.
const DATABASE: Duration = Duration::from_secs(1);

/// The requests to stop that an operator sends.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).map_err(Error::internal);
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    pub async fn asked(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

/// Answers requests until a signal comes; then refuses new connections and lets running requests finish. `end_streams`
/// ends those that never would by themselves.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    signals: &mut Signals,
    end_streams: impl FnOnce(),
) -> Result<()> {
    let connections = Connections::new(router, Limits::default());
    let signal = tokio::select! {
        never = connections.accept(&listener) => match never {},
        signal = signals.asked() => signal,
    };
    drop(listener);
    tracing::info!(signal, "stopping: running requests may finish");
    end_streams();
    tokio::select! {
        () = connections.finish() => Ok(()),
        () = tokio::time::sleep(DRAIN) => {
            tracing::warn!(seconds = DRAIN.as_secs(), "requests that still run are cut off");
            Ok(())
        }
        signal = signals.asked() => {
            tracing::warn!(signal, "asked again: ending at once");
            // What was acknowledged is on disk already.
            std::process::exit(1);
        }
    }
}

/// Ends what is left of the server after [`serve`], connections and background work included.
pub fn finish(runtime: tokio::runtime::Runtime, store: Store) {
    runtime.shutdown_timeout(THREADS);
    let (closed, wait) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        store.close();
        let _ = closed.send(());
    });
    match wait.recv_timeout(DATABASE) {
        Ok(()) => tracing::info!("stopped"),
        Err(_) => tracing::warn!("stopped; the database did not finish in time"),
    }
}
