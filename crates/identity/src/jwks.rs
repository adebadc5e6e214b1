//! The keys of issuers, fetched by discovery and kept: bounded, rotated, and still there while an issuer is down.

mod key;
mod provider;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::Mutex;

pub use key::{Algorithm, Key};
pub use provider::{KeySet, Provider};

use crate::outbound::{self, Outbound};

/// How long a key set that could not be renewed is still used.
const STALE_FOR_MS: i64 = 24 * 60 * 60 * 1000;
/// The least time between two attempts to fetch from one issuer, so that tokens with made-up key names, or an issuer
/// that is down, cost one request at a time.
const PAUSE_MS: i64 = 15 * 1000;
/// Requests ask the clock before they wait for each other; what was fetched by the next is not from the future.
const CLOCK_SLACK_MS: i64 = 60 * 1000;
/// Issuers are named by administrators and project maintainers, never by a token.
const MAX_ISSUERS: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("'{0}' is not an issuer: it must be an http or https address without query and fragment")]
    NotAnIssuer(String),
    #[error("the issuer's {what}: {cause}")]
    Fetch { what: &'static str, cause: outbound::Error },
    #[error("the issuer's {what}: '{origin}' answered {status} instead of 200")]
    Status { what: &'static str, origin: String, status: u16 },
    #[error("the discovery document of '{expected}' is of the issuer {found:?}")]
    OtherIssuer { expected: String, found: String },
    #[error("the issuer's key set has {count} keys, more than {limit}")]
    TooManyKeys { count: usize, limit: usize },
    #[error("the issuer has no key {0:?}")]
    UnknownKey(Option<String>),
    #[error("the issuer's key {kid:?} does not sign with {algorithm}")]
    UnfitKey { kid: Option<String>, algorithm: &'static str },
    #[error("the fetch of the issuer's keys broke off")]
    Interrupted,
}

pub type Result<T> = std::result::Result<T, Error>;

/// What is known of an issuer.
#[derive(Debug)]
pub struct Known {
    pub provider: Provider,
    keys: KeySet,
    fetched_at: i64,
    provider_until: i64,
    keys_until: i64,
}

impl Known {
    fn is_fresh(&self, now: i64) -> bool {
        // A clock set back must not make a set immortal.
        now >= self.fetched_at - CLOCK_SLACK_MS && now < self.keys_until.min(self.provider_until)
    }

    fn is_usable(&self, now: i64) -> bool {
        now < self.keys_until + STALE_FOR_MS
    }
}

#[derive(Default)]
struct State {
    known: Option<Arc<Known>>,
    /// The last attempt: when, and how it failed.
    attempted_at: Option<i64>,
    failure: Option<Error>,
}

impl State {
    fn may_attempt(&self, now: i64) -> bool {
        self.attempted_at.is_none_or(|at| now >= at + PAUSE_MS || now < at - CLOCK_SLACK_MS)
    }

    fn usable(&self, now: i64) -> Option<Arc<Known>> {
        self.known.clone().filter(|known| known.is_usable(now))
    }

    /// What there is when nothing may be fetched now.
    fn last_resort(&self, now: i64) -> Result<Arc<Known>> {
        self.usable(now).ok_or_else(|| self.failure.clone().unwrap_or(Error::Interrupted))
    }
}

struct Slot {
    issuer: String,
    state: Mutex<State>,
    /// Held while fetching: one at a time.
    turn: Arc<tokio::sync::Mutex<()>>,
    used_at: AtomicI64,
}

/// All issuers that were asked for lately. Times are the App's, in milliseconds.
pub struct Issuers {
    outbound: Arc<Outbound>,
    slots: Mutex<HashMap<String, Arc<Slot>>>,
}

impl Issuers {
    pub fn new(outbound: Arc<Outbound>) -> Self {
        Self { outbound, slots: Mutex::default() }
    }

    pub fn outbound(&self) -> &Arc<Outbound> {
        &self.outbound
    }

    /// What `issuer` says of itself. Only for issuers that somebody with the right to has named.
    pub async fn get(&self, issuer: &str, now: i64) -> Result<Arc<Known>> {
        self.current(&self.slot(issuer, now), now).await
    }

    /// The keys of `issuer` that a token may be signed with which names `kid` and `algorithm`. A name that is not
    /// known yet makes the set be fetched again, once in a while: issuers rotate their keys.
    pub async fn keys(
        &self,
        issuer: &str,
        kid: Option<&str>,
        algorithm: Algorithm,
        now: i64,
    ) -> Result<Vec<Arc<Key>>> {
        let slot = self.slot(issuer, now);
        let known = self.current(&slot, now).await?;
        match known.keys.find(kid, algorithm) {
            Err(Error::UnknownKey(_)) if kid.is_some() => {
                self.newer(&slot, &known, now).await?.keys.find(kid, algorithm)
            }
            found => found,
        }
    }

    fn slot(&self, issuer: &str, now: i64) -> Arc<Slot> {
        let mut slots = self.slots.lock();
        if let Some(slot) = slots.get(issuer) {
            slot.used_at.store(now, Ordering::Relaxed);
            return slot.clone();
        }
        if slots.len() >= MAX_ISSUERS {
            let longest_unused = slots.values().min_by_key(|slot| slot.used_at.load(Ordering::Relaxed));
            if let Some(issuer) = longest_unused.map(|slot| slot.issuer.clone()) {
                slots.remove(&issuer);
            }
        }
        let slot = Arc::new(Slot {
            issuer: issuer.to_owned(),
            state: Mutex::default(),
            turn: Arc::default(),
            used_at: AtomicI64::new(now),
        });
        slots.insert(issuer.to_owned(), slot.clone());
        slot
    }

    /// Fresh knowledge, fetched if need be; older one while the issuer cannot be reached.
    async fn current(&self, slot: &Arc<Slot>, now: i64) -> Result<Arc<Known>> {
        let settled = |state: &State| match &state.known {
            Some(known) if known.is_fresh(now) => Some(Ok(known.clone())),
            _ if !state.may_attempt(now) => Some(state.last_resort(now)),
            _ => None,
        };
        let stale = {
            let state = slot.state.lock();
            if let Some(settled) = settled(&state) {
                return settled;
            }
            state.usable(now)
        };
        // While one caller renews, the others need not wait if they have something to go by.
        let turn = match (slot.turn.clone().try_lock_owned(), stale) {
            (Ok(turn), _) => turn,
            (Err(_), Some(stale)) => return Ok(stale),
            (Err(_), None) => slot.turn.clone().lock_owned().await,
        };
        if let Some(settled) = settled(&slot.state.lock()) {
            return settled;
        }
        self.renew(slot, turn, now).await
    }

    /// Knowledge fetched after `known`, if the pause allows it; else `known` again.
    async fn newer(&self, slot: &Arc<Slot>, known: &Arc<Known>, now: i64) -> Result<Arc<Known>> {
        let settled = |state: &State| {
            let replaced = state.known.clone().filter(|newest| !Arc::ptr_eq(newest, known));
            replaced.or_else(|| (!state.may_attempt(now)).then(|| known.clone()))
        };
        if let Some(settled) = settled(&slot.state.lock()) {
            return Ok(settled);
        }
        let turn = slot.turn.clone().lock_owned().await;
        if let Some(settled) = settled(&slot.state.lock()) {
            return Ok(settled);
        }
        self.renew(slot, turn, now).await
    }

    /// Fetches in a task of its own, so that a caller who hangs up leaves a result behind and not just an attempt.
    async fn renew(
        &self,
        slot: &Arc<Slot>,
        turn: tokio::sync::OwnedMutexGuard<()>,
        now: i64,
    ) -> Result<Arc<Known>> {
        let (outbound, slot) = (self.outbound.clone(), slot.clone());
        let task = tokio::spawn(async move {
            let old = slot.state.lock().known.clone();
            let fetched = fetch(&outbound, &slot.issuer, old.as_deref(), now).await;
            let mut state = slot.state.lock();
            state.attempted_at = Some(now);
            match fetched {
                Ok(known) => {
                    state.known = Some(Arc::new(known));
                    state.failure = None;
                }
                Err(error) => {
                    tracing::warn!(issuer = slot.issuer, %error, "an issuer's keys cannot be renewed");
                    state.failure = Some(error);
                }
            }
            let outcome = state.last_resort(now);
            drop(state);
            drop(turn);
            outcome
        });
        task.await.unwrap_or(Err(Error::Interrupted))
    }
}

async fn fetch(outbound: &Outbound, issuer: &str, old: Option<&Known>, now: i64) -> Result<Known> {
    let (provider, provider_until) = match old {
        Some(old) if now < old.provider_until => (old.provider.clone(), old.provider_until),
        _ => {
            let fetched = provider::discover(outbound, issuer).await?;
            (fetched.what, now + fetched.fresh_for_ms)
        }
    };
    let fetched = provider::fetch_keys(outbound, &provider.jwks_uri).await?;
    let keys_until = now + fetched.fresh_for_ms;
    Ok(Known { provider, keys: fetched.what, fetched_at: now, provider_until, keys_until })
}
