//! Who is calling, wherever: the token or the cookie of a request, and the user behind it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use base64::Engine as _;
use weir_domain::access::{Right, Scopes};
use weir_domain::audit::{Entity, Means};
use weir_domain::{Error, Result};
use weir_identity::id_token;
use weir_store::sessions::{self, Session};
use weir_store::tokens::{self, Owner, Token};
use weir_store::users::{self, User};
use weir_store::viewer::{Confined, Viewer};
use weir_store::{Tx, groups};

use super::ci::{Job, Signature};
use super::refusals::Refused;
use crate::app::App;
use crate::error::ApiError;
use crate::sign_in::{cookie, csrf};

/// A user with a valid token or a session, or everybody under `--no-auth`.
#[derive(Clone, Debug)]
pub struct Caller {
    pub user: User,
    pub scopes: Scopes,
    /// `None` in a browser and under `--no-auth`.
    pub token: Option<Token>,
    session: Option<Session>,
    /// The CI job that calls with its own ID token.
    job: Option<Arc<Job>>,
}

/// What a request shows of who sends it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Proof {
    /// Under `--no-auth`, and where a public project is read.
    Nothing,
    /// The digest of an access token.
    Token([u8; 32]),
    /// The digest of what has the form of an ID token.
    IdToken([u8; 32]),
    /// The digest of the secret in a browser's cookie.
    Session([u8; 32]),
}

/// What a use is noted of.
pub(super) enum Used {
    Token(i64),
    Session(i64),
}

impl Caller {
    /// A job that a trust rule lets in, as the bot of the rule.
    pub(super) fn job(bot: User, job: Arc<Job>) -> Self {
        Self { user: bot, scopes: Scopes::API, token: None, session: None, job: Some(job) }
    }

    pub(super) fn signature(&self) -> Signature {
        Signature(self.job.clone())
    }

    pub fn confined(&self) -> Option<Confined> {
        if let Some(job) = &self.job {
            return Some(Confined::Project(job.project_id));
        }
        match self.token.as_ref()?.owner {
            Owner::Personal => None,
            Owner::Project(id) => Some(Confined::Project(id)),
            Owner::Group(id) => Some(Confined::Group(id)),
        }
    }

    pub fn viewer(&self, now: i64) -> Viewer {
        Viewer {
            user_id: self.user.id,
            administrator: self.user.administrator,
            confined: self.confined(),
            now,
        }
    }

    /// Checks a right that is no project's and no group's.
    pub fn check(&self, right: Right) -> Result<()> {
        right.check_scope(self.scopes)?;
        if matches!(right, Right::Administrate | Right::Oversee) && !self.user.administrator {
            return Err(Error::Forbidden("you may not do this: it needs an administrator".to_owned()));
        }
        Ok(())
    }

    /// A token that acts as a bot makes no tokens, users or groups, as in GitLab.
    pub fn check_person(&self, what: &str) -> Result<()> {
        if self.user.bot {
            return Err(Error::Forbidden(format!(
                "a project's or group's token may not {what}: use a personal one"
            )));
        }
        Ok(())
    }

    /// Whether the caller's token reaches what lies in a namespace: `project` is the one in it that is asked for.
    pub fn reaches(&self, tx: &mut Tx<'_>, project: Option<i64>, namespace: i64) -> Result<bool> {
        match self.confined() {
            None => Ok(true),
            Some(Confined::Project(own)) => Ok(project == Some(own)),
            Some(Confined::Group(own)) => groups::contains(tx, own, namespace),
        }
    }

    /// What the audit log says of how they may.
    pub(super) fn means(&self) -> Means {
        match (&self.token, &self.session) {
            (Some(token), _) => Means::Token(token.id),
            (None, Some(session)) => Means::Session(session.id),
            (None, None) if self.job.is_some() => Means::IdToken,
            (None, None) => Means::NoAuthentication,
        }
    }

    /// Where it stands in the audit log that they may not do something.
    pub(super) fn entity(&self) -> Entity {
        match (&self.token, &self.job) {
            (Some(token), _) => token.entity(),
            (None, Some(job)) => Entity::Project(job.project_id),
            (None, None) => Entity::User(self.user.id),
        }
    }

    /// The token or session whose use is to be noted.
    pub(super) fn worth_noting(&self, now: i64) -> Option<Used> {
        if let Some(session) = &self.session {
            return session.use_is_worth_noting(now).then_some(Used::Session(session.id));
        }
        let token = self.token.as_ref().filter(|token| tokens::use_is_worth_noting(token, now))?;
        Some(Used::Token(token.id))
    }
}

/// The guard of the route put it there; a handler cannot be reached without one.
impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> std::result::Result<Self, ApiError> {
        match parts.extensions.get::<Arc<Caller>>() {
            Some(caller) => Ok(Caller::clone(caller)),
            None => Err(ApiError(Error::internal("a route without a guard"))),
        }
    }
}

pub(super) fn refused() -> Error {
    Error::Unauthenticated("no valid access token".to_owned())
}

/// What stands in the headers of a request; `None` when nothing does. A token counts before a cookie: a program that
/// sends one means it.
pub(super) fn proof(app: &App, method: &Method, headers: &HeaderMap) -> Result<Option<Proof>> {
    if app.settings.everybody_is.is_some() {
        return Ok(Some(Proof::Nothing));
    }
    if headers.contains_key("private-token") || headers.contains_key(AUTHORIZATION) {
        let token = token(headers)?;
        let digest = tokens::digest(&token);
        return Ok(Some(if id_token::is_one(&token) {
            Proof::IdToken(digest)
        } else {
            Proof::Token(digest)
        }));
    }
    let Some(secret) = cookie::read(headers) else { return Ok(None) };
    csrf::check(app, method, headers, &secret)?;
    Ok(Some(Proof::Session(secret.digest())))
}

/// What a transaction finds: both are answers of the database, and an [`Error`] is none.
pub(super) type Verdict<T> = std::result::Result<T, Refused>;

/// The user behind a token or a session that is valid now.
pub(super) fn authenticate(
    tx: &mut Tx<'_>,
    proof: &Proof,
    everybody_is: Option<i64>,
    now: i64,
) -> Result<Verdict<Caller>> {
    let (user, scopes, token, session) = match (proof, everybody_is) {
        (Proof::Token(digest), _) => {
            let (token, user) = tokens::find(tx, digest)?.ok_or_else(refused)?;
            if let Err(error) = check(&token, &user, now) {
                return Ok(Err(Refused::token(error, &token)));
            }
            (user, token.scopes, Some(token), None)
        }
        // A browser may do what its user may do.
        (Proof::Session(digest), _) => {
            let (session, user) = sessions::find(tx, digest, now)?.ok_or_else(refused)?;
            (user, Scopes::API, None, Some(session))
        }
        (Proof::Nothing, Some(user_id)) => (users::get(tx, user_id)?, Scopes::API, None, None),
        (Proof::IdToken(_), _) => {
            let reason = "an ID token, which is good for one project only".to_owned();
            return Err(Error::Unauthenticated(reason));
        }
        (Proof::Nothing, None) => return Err(refused()),
    };
    Ok(Ok(Caller { user, scopes, token, session, job: None }))
}

/// Whether a token counts now. The sentence is for the audit log; outside all that is refused looks alike.
fn check(token: &Token, user: &User, now: i64) -> Result<()> {
    let reason = match (token.revoked_at, token.active(now), user.blocked) {
        (Some(_), ..) => "is revoked",
        (None, false, _) => "has expired",
        (None, true, true) => "is of a blocked user",
        (None, true, false) => return Ok(()),
    };
    Err(Error::BadToken(format!("access token {} of '{}' {reason}", token.id, user.username)))
}

/// The token of a request: `Authorization: Bearer`, `PRIVATE-TOKEN`, or the password of HTTP Basic.
pub(super) fn token(headers: &HeaderMap) -> Result<String> {
    if let Some(value) = headers.get("private-token") {
        return value.to_str().map(ToOwned::to_owned).map_err(|_| refused());
    }
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or_else(refused)?;
    let (scheme, rest) = value.split_once(' ').ok_or_else(refused)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Ok(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(refused());
    }
    let decoded = base64::engine::general_purpose::STANDARD.decode(rest.trim()).map_err(|_| refused())?;
    let text = String::from_utf8(decoded).map_err(|_| refused())?;
    text.split_once(':').map(|(_, password)| password.to_owned()).ok_or_else(refused)
}
