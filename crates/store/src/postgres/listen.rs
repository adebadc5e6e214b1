//! Hearing what other processes on the same PostgreSQL database announce: a connection of its own, renewed when it breaks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use postgres::fallible_iterator::FallibleIterator as _;
use weir_domain::{Error, Result};

use super::{Address, connect};

/// What a listener hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// From here on everything is heard; what was announced before may not have been.
    Connected,
    Text(String),
    /// Until it is connected again nothing is heard.
    Lost,
}

/// A thread that listens until this is dropped.
pub struct Listener {
    orders: Arc<Orders>,
}

#[derive(Default)]
struct Orders {
    stop: AtomicBool,
    renew: AtomicBool,
}

impl Listener {
    /// Gives the connection up for a new one: nothing has come over it for too long.
    pub fn renew(&self) {
        self.orders.renew.store(true, Ordering::Relaxed);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.orders.stop.store(true, Ordering::Relaxed);
    }
}

/// Between two looks at whether to stop.
const LOOK: Duration = Duration::from_millis(250);
/// Before another try to connect: at first, and at most.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

pub(crate) fn start(
    address: Address,
    channel: &'static str,
    tell: impl FnMut(Heard) + Send + 'static,
) -> Result<Listener> {
    let orders = Arc::new(Orders::default());
    let own = orders.clone();
    std::thread::Builder::new()
        .name("weir-listen".to_owned())
        .spawn(move || listen(&address, channel, &own, tell))
        .map_err(Error::internal)?;
    Ok(Listener { orders })
}

fn listen(address: &Address, channel: &str, orders: &Orders, mut tell: impl FnMut(Heard)) {
    let mut wait = FIRST_WAIT;
    while !orders.stop.load(Ordering::Relaxed) {
        let connected = connect(address).and_then(|mut connection| {
            let listen = format!("SET client_min_messages = warning; LISTEN {channel}");
            connection.client.batch_execute(&listen).map_err(Error::internal)?;
            Ok(connection)
        });
        match connected {
            Ok(mut connection) => {
                wait = FIRST_WAIT;
                orders.renew.store(false, Ordering::Relaxed);
                tell(Heard::Connected);
                let cause = hear(&mut connection.client, orders, &mut tell);
                tell(Heard::Lost);
                if orders.stop.load(Ordering::Relaxed) {
                    return;
                }
                tracing::warn!(
                    cause,
                    "lost the connection that hears of changes; pages are told to look again"
                );
            }
            Err(error) => tracing::warn!(?error, "cannot connect to hear of changes; trying again"),
        }
        pause(wait, orders);
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

/// Tells what comes until the connection is lost; answers why.
fn hear(client: &mut postgres::Client, orders: &Orders, tell: &mut impl FnMut(Heard)) -> String {
    loop {
        if orders.stop.load(Ordering::Relaxed) || orders.renew.load(Ordering::Relaxed) {
            return "it was silent for too long".to_owned();
        }
        let next = client.notifications().timeout_iter(LOOK).next();
        match next {
            Ok(Some(notification)) => tell(Heard::Text(notification.payload().to_owned())),
            // Nothing came, or nothing ever will.
            Ok(None) if client.is_closed() => return "PostgreSQL closed it".to_owned(),
            Ok(None) => {}
            Err(error) => return super::cause(&error),
        }
    }
}

fn pause(wait: Duration, orders: &Orders) {
    let begun = Instant::now();
    while begun.elapsed() < wait && !orders.stop.load(Ordering::Relaxed) {
        std::thread::sleep(LOOK.min(wait));
    }
}
