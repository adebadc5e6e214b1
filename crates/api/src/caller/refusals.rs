//! Tokens that were used without success, counted by minute for the audit log: an attacker fills neither memory nor disk.

use std::collections::HashMap;

use axum::http::header::AUTHORIZATION;
use axum::http::{Extensions, HeaderMap};
use parking_lot::Mutex;
use weir_domain::Error;
use weir_domain::audit::{Actor, Entity, Facts, Means, Noun, Verb};
use weir_store::Tx;
use weir_store::audit::{self, Act};
use weir_store::tokens::Token;

use super::person::Caller;
use crate::app::App;
use crate::peer::Peer;
use crate::sign_in::csrf::FOREIGN;

const MINUTE_MS: i64 = 60 * 1000;
/// Different refusals that are told apart in a minute, of tokens and of passwords each; what comes on top is only
/// counted.
const MOST: usize = 60;
/// The same of one address, so that nobody uses up what others' refusals need.
const OF_ADDRESS: usize = 10;
/// The reason of what comes from an address on top of that.
const FURTHER: &str = "for other reasons than those of this address that are told one by one";
/// Characters of a reason that are kept.
const REASON: usize = 200;

/// Why a request is not let in, and whose the token is that it showed, where that is known.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) error: Error,
    of: Option<Box<Of>>,
}

/// What an entry is about. Whoever reads the log of the entity reads of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Of {
    noun: Noun,
    entity: Entity,
    /// Of the token, where it is one of ours.
    id: String,
    /// Its name; the issuer of an ID token, where a rule of the project names that one.
    name: String,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self { error, of: None }
    }
}

impl Refused {
    fn new(error: Error, noun: Noun, entity: Entity, id: String, name: String) -> Self {
        Self { error, of: Some(Box::new(Of { noun, entity, id, name })) }
    }

    pub(super) fn token(error: Error, token: &Token) -> Self {
        Self::new(error, Noun::AccessToken, token.entity(), token.id.to_string(), token.name.clone())
    }

    pub(super) fn id_token(error: Error, project_id: i64, issuer: Option<String>) -> Self {
        let entity = Entity::Project(project_id);
        Self::new(error, Noun::IdToken, entity, String::new(), issuer.unwrap_or_default())
    }

    /// Somebody with a token or session that counts, but not for this.
    pub(super) fn caller(error: Error, caller: &Caller) -> Self {
        match &caller.token {
            Some(token) => Self::token(error, token),
            None => Self::new(error, Noun::AccessToken, caller.entity(), String::new(), String::new()),
        }
    }
}

/// What makes two refusals one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kind {
    /// What was not accepted, an access token, an ID token or a new session, and whose it is.
    of: Of,
    /// For IPv6 a network: whoever has one address of it has 2^64.
    from: String,
    /// A sentence of ours: no text of the caller's is in it.
    reason: String,
}

impl Kind {
    /// Of the server as a whole.
    fn new(noun: Noun, from: String, reason: &str) -> Self {
        let of = Of { noun, entity: Entity::Instance, id: String::new(), name: String::new() };
        Self { of, from, reason: reason.chars().take(REASON).collect() }
    }
}

/// Refusals of one minute.
#[derive(Debug, Default)]
struct Minute {
    number: i64,
    kinds: HashMap<Kind, i64>,
    other_tokens: i64,
    other_passwords: i64,
}

impl Minute {
    fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    fn add(&mut self, mut kind: Kind) {
        if !self.kinds.contains_key(&kind) {
            let alike = |other: &&Kind| other.of.noun == kind.of.noun && other.from == kind.from;
            if self.kinds.keys().filter(alike).count() >= OF_ADDRESS {
                FURTHER.clone_into(&mut kind.reason);
            }
        }
        if let Some(count) = self.kinds.get_mut(&kind) {
            *count += 1;
        } else if self.kinds.keys().filter(|other| other.of.noun == kind.of.noun).count() < MOST {
            self.kinds.insert(kind, 1);
        } else if kind.of.noun == Noun::Session {
            self.other_passwords += 1;
        } else {
            self.other_tokens += 1;
        }
    }
}

/// Refusals that the audit log does not have yet: those of this minute and of one before.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    open: Mutex<Vec<Minute>>,
    /// Held while minutes are on their way into the log: who wants to read it finds them there then.
    writing: tokio::sync::Mutex<()>,
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

/// Counts a token that did not let its request through, and gives the error on.
pub(crate) fn note(app: &App, extensions: &Extensions, headers: &HeaderMap, refused: Refused) -> Error {
    let Refused { error, of } = refused;
    let shown = headers.contains_key("private-token") || headers.contains_key(AUTHORIZATION);
    let reason = match &error {
        Error::Unauthenticated(reason) if shown => reason.as_str(),
        Error::BadToken(reason) => reason.as_str(),
        // Before that stands what the browser says of itself.
        Error::Forbidden(reason) if reason.ends_with(FOREIGN) => FOREIGN,
        Error::Forbidden(reason) => reason.as_str(),
        Error::InsufficientScope { sentence, .. } => sentence,
        _ => return error,
    };
    let mut kind = Kind::new(Noun::AccessToken, Peer::of_request(app, extensions, headers).counted(), reason);
    if let Some(of) = of {
        kind.of = *of;
    }
    app.refusals.note(kind, app.clock.now());
    error
}

/// Counts a password that was wrong; `known` is the user whose it is not, when there is one of the name.
pub(crate) fn note_sign_in(app: &App, peer: &Peer, known: Option<&str>) {
    let reason = match known {
        Some(username) => format!("wrong password of '{username}'"),
        None => "no such user, or none who may sign in by password".to_owned(),
    };
    app.refusals.note(Kind::new(Noun::Session, peer.counted(), &reason), app.clock.now());
}

/// Counts somebody whom a provider sent here and who was not let in; `reason` is a sentence of ours.
pub(crate) fn note_provider(app: &App, peer: &Peer, issuer: &str, reason: &str) {
    let reason = format!("{reason}, from the provider {issuer}");
    app.refusals.note(Kind::new(Noun::Session, peer.counted(), &reason), app.clock.now());
}

/// Writes the refusals of past minutes into the audit log; with `all`, those of this minute, too.
pub(crate) async fn write(app: &App, all: bool) -> weir_domain::Result<()> {
    let _alone = app.refusals.writing.lock().await;
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
    for (noun, count) in [(Noun::AccessToken, minute.other_tokens), (Noun::Session, minute.other_passwords)] {
        if count > 0 {
            let reason = format!("others than the {MOST} of this minute that are told one by one");
            rows.push((Kind::new(noun, "various".to_owned(), &reason), count, at));
        }
    }
    rows
}

fn record(tx: &mut Tx<'_>, kind: &Kind, count: i64, at: i64) -> weir_domain::Result<()> {
    let actor = Actor {
        user_id: Actor::NOBODY,
        means: Means::Nothing,
        address: kind.from.parse().ok(),
        done_at: None,
    };
    let Of { noun, entity, id, name } = &kind.of;
    let act = Act::new(*noun, Verb::Refused, *entity, id, name, at);
    let issuer = (*noun == Noun::IdToken && !name.is_empty()).then_some(name);
    let facts =
        Facts::new().with("reason", &kind.reason).with_some("issuer", issuer).with("address", &kind.from);
    audit::record(tx, &actor, &Act { count, after: facts, ..act })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(from: usize) -> Kind {
        Kind::new(Noun::AccessToken, from.to_string(), "no valid access token")
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
    fn one_address_leaves_room_for_the_others() {
        let mut minute = Minute::default();
        for number in 0..1000 {
            let reason = format!("reason {number}");
            minute.add(Kind::new(Noun::AccessToken, "1.2.3.4".to_owned(), &reason));
        }
        assert_eq!(minute.kinds.len(), OF_ADDRESS + 1);
        for from in 0..1000 {
            minute.add(kind(from));
        }
        // Tokens, however many, leave room for passwords.
        minute.add(Kind::new(Noun::Session, "7".to_owned(), "no valid access token"));
        let rows = rows(&minute);
        assert_eq!(rows.len(), MOST + 2);
        assert!(rows.iter().any(|(kind, count, _)| kind.of.noun == Noun::Session && *count == 1));
        assert_eq!(rows.iter().map(|(_, count, _)| count).sum::<i64>(), 2001);
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
