//! Signing in with a browser: by password, one-time link or OpenID Connect, into a session that a cookie carries.

pub(crate) mod cookie;
pub(crate) mod csrf;
mod guard;
pub mod hashing;
pub mod link;
pub mod oidc;
mod page;
pub mod password;
pub mod session;

pub(crate) use guard::{SignedIn, session_guard};

use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use weir_domain::audit::{Actor, Means, Verb};
use weir_domain::{Result, secret};
use weir_store::audit::acts;
use weir_store::sessions::{self, Method, NewSession, Session};
use weir_store::{Tx, tokens};

use crate::app::{App, random};
use crate::peer::Peer;
use crate::reply::json_response;
use cookie::Secret;

/// A session that is about to begin, decided outside of the transaction that begins it.
#[derive(Clone)]
pub(crate) struct Beginning {
    secret: Secret,
    /// What the browser had until now; it ends, so that a session that somebody planted there is not signed in.
    before: Option<[u8; 32]>,
    method: Method,
    address: String,
    peer: Peer,
    user_agent: String,
    now: i64,
}

impl Beginning {
    pub(crate) fn prepare(app: &App, method: Method, peer: &Peer, headers: &HeaderMap) -> Result<Self> {
        let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self {
            secret: Secret::new(secret::from_random(random()?)),
            before: cookie::read(headers).map(|secret| secret.digest()),
            method,
            address: peer.to_string(),
            peer: *peer,
            user_agent: user_agent.unwrap_or_default().to_owned(),
            now: app.clock.now(),
        })
    }

    pub(crate) fn begin(&self, tx: &mut Tx<'_>, user_id: i64) -> Result<Session> {
        if let Some(before) = &self.before {
            sessions::end_by_digest(tx, before)?;
        }
        let (digest, method, now) = (self.secret.digest(), self.method, self.now);
        let (address, user_agent) = (&self.address, &self.user_agent);
        let session =
            sessions::create(tx, &NewSession { user_id, digest, method, address, user_agent, now })?;
        let actor =
            Actor { user_id, means: Means::Session(session.id), address: self.peer.address(), done_at: None };
        acts::session(tx, &actor, Verb::Created, &session, now)?;
        Ok(session)
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }
}

/// An answer that no cache keeps.
fn private(status: StatusCode, body: Vec<u8>) -> Response<axum::body::Body> {
    let mut response = json_response(status, body);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What is kept of the secret of a cookie or of a link.
fn digest(secret: &str) -> [u8; 32] {
    tokens::digest(secret)
}
