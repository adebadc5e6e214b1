//! Tokens that were used without success, counted by minute for the audit log: an attacker fills neither memory nor disk.

use std::collections::HashMap;

use axum::http::{Extensions, HeaderMap};
use parking_lot::Mutex;
use weir_domain::Error;
use weir_domain::audit::{Actor, Entity, Facts, Means, Noun, Verb};
use weir_store::Tx;
use weir_store::audit::{self, Act};

use crate::app::App;
use crate::peer::Peer;

const MINUTE_MS: i64 = 60 * 1000;
/// Different refusals that are told apart in a minute; what comes on top is only counted.
const MOST: usize = 60;
/// Characters of a reason that are kept.
const REASON: usize = 200;

/// What makes two refusals one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kind {
    /// What was not accepted: an access token, or a new session.
    noun: Noun,
    /// For IPv6 a network: whoever has one address of it has 2^64.
    from: String,
    /// The error's own sentence, which never holds a token.
    reason: String,
}

/// Refusals of one minute.
#[derive(Debug, Default)]
struct Minute {
    number: i64,
    kinds: HashMap<Kind, i64>,
    others: i64,
}

impl Minute {
    fn is_empty(&self) -> bool {
        self.kinds.is_empty() && self.others == 0
    }

    fn add(&mut self, kind: Kind) {
        if self.kinds.len() >= MOST && !self.kinds.contains_key(&kind) {
            self.others += 1;
        } else {
            *self.kinds.entry(kind).or_default() += 1;
        }
    }
}

/// Refusals that the audit log does not have yet: those of this minute and of one before.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    open: Mutex<Vec<Minute>>,
}

/// Minutes that wait while the database is out of reach; further ones are lost.
const WAITING: usize = 10;

impl Refusals {
    fn note(&self, kind: Kind, now: i64) {
        let number = now / MINUTE_MS;
        let mut open = self.open.lock();
        if open.last().is_none_or(|minute| minute.number != number) {
            if open.len() >= WAITING {
                return;
            }
            open.push(Minute { number, ..Minute::default() });
        }
        if let Some(minute) = open.last_mut() {
            minute.add(kind);
        }
    }

    /// Takes the minutes that are over at `now`.
    fn take(&self, now: i64) -> Vec<Minute> {
        let number = now / MINUTE_MS;
        let mut open = self.open.lock();
        let (over, rest) = open.drain(..).partition(|minute| minute.number != number);
        *open = rest;
        over
    }

    /// Puts back what could not be written.
    fn put_back(&self, minutes: Vec<Minute>) {
        let mut open = self.open.lock();
        open.splice(0..0, minutes);
        open.truncate(WAITING);
    }
}

/// Counts a token that did not let its request through.
pub(crate) fn note(app: &App, extensions: &Extensions, headers: &HeaderMap, error: &Error) {
    let reason = match error {
        Error::BadToken(reason) | Error::Forbidden(reason) => reason,
        Error::InsufficientScope { sentence, .. } => *sentence,
        _ => return,
    };
    let from = Peer::of_request(app, extensions, headers).counted();
    let kind = Kind { noun: Noun::AccessToken, from, reason: reason.chars().take(REASON).collect() };
    app.refusals.note(kind, app.clock.now());
}

/// Counts a password that was wrong; `known` is the user whose it is not, when there is one of the name.
pub(crate) fn note_sign_in(app: &App, peer: &Peer, known: Option<&str>) {
    let reason = match known {
        Some(username) => format!("wrong password of '{username}'"),
        None => "no such user, or none who may sign in by password".to_owned(),
    };
    app.refusals.note(Kind { noun: Noun::Session, from: peer.counted(), reason }, app.clock.now());
}

/// Writes the refusals of past minutes into the audit log; with `all`, those of this minute, too.
pub(crate) async fn write(app: &App, all: bool) -> weir_domain::Result<()> {
    let now = app.clock.now();
    let over = app.refusals.take(if all { i64::MAX } else { now });
    if over.iter().all(Minute::is_empty) {
        return Ok(());
    }
    let rows: Vec<(Kind, i64, i64)> = over.iter().flat_map(rows).collect();
    let written = app
        .store
        .write(move |tx| rows.iter().try_for_each(|(kind, count, at)| record(tx, kind, *count, *at)))
        .await;
    if written.is_err() {
        app.refusals.put_back(over);
    }
    written
}

fn rows(minute: &Minute) -> Vec<(Kind, i64, i64)> {
    let at = minute.number * MINUTE_MS;
    let mut rows: Vec<_> = minute.kinds.iter().map(|(kind, count)| (kind.clone(), *count, at)).collect();
    if minute.others > 0 {
        let reason = format!("others than the {MOST} of this minute that are told one by one");
        rows.push((Kind { noun: Noun::AccessToken, from: "various".to_owned(), reason }, minute.others, at));
    }
    rows
}

fn record(tx: &mut Tx<'_>, kind: &Kind, count: i64, at: i64) -> weir_domain::Result<()> {
    let actor = Actor { user_id: Actor::NOBODY, means: Means::Nothing, address: kind.from.parse().ok() };
    let act = Act::new(kind.noun, Verb::Refused, Entity::Instance, "", "", at);
    let facts = Facts::new().with("reason", &kind.reason).with("address", &kind.from);
    audit::record(tx, &actor, &Act { count, after: facts, ..act })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(from: usize) -> Kind {
        Kind { noun: Noun::AccessToken, from: from.to_string(), reason: "no valid access token".to_owned() }
    }

    #[test]
    fn a_flood_of_refusals_is_counted_in_few_rows() {
        let refusals = Refusals::default();
        for from in 0..1000 {
            refusals.note(kind(from % 100), 5 * MINUTE_MS + 1);
        }
        assert!(refusals.take(5 * MINUTE_MS + 2).is_empty());
        let over = refusals.take(6 * MINUTE_MS);
        let rows: Vec<_> = over.iter().flat_map(rows).collect();
        assert_eq!(rows.len(), MOST + 1);
        assert!(rows.iter().all(|(_, _, at)| *at == 5 * MINUTE_MS));
        assert_eq!(rows.iter().map(|(_, count, _)| count).sum::<i64>(), 1000);
        assert!(refusals.take(i64::MAX).is_empty());
    }

    #[test]
    fn a_database_out_of_reach_costs_no_more_memory_than_some_minutes() {
        let refusals = Refusals::default();
        for minute in 0..100 {
            refusals.note(kind(1), minute * MINUTE_MS);
            let over = refusals.take(minute * MINUTE_MS);
            refusals.put_back(over);
        }
        assert_eq!(refusals.take(i64::MAX).len(), WAITING);
    }
}
