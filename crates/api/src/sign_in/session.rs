//! A browser's session: signing in by password, who is signed in, the list of sessions, and their ends.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::audit::{Noun, Verb};
use weir_domain::{Error, Result};
use weir_store::audit::acts;
use weir_store::sessions::{self, Method, Session};
use weir_store::sign_in_attempts::{self, Attempt, Verdict};
use weir_store::users::{self, User};
use weir_store::{Tx, passwords};

use super::guard::SignedIn;
use super::password::SecretText;
use super::{Beginning, cookie, csrf, private};
use crate::app::App;
use crate::caller::{Acting, refusals};
use crate::error::{ApiError, ApiResult};
use crate::extract::{ApiJson, Path};
use crate::openapi::{ErrorMessage, Refusals};
use crate::peer::Peer;
use crate::time::Time;
use crate::wire::Text;

#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    #[schema(value_type = String, required = true)]
    #[serde(default)]
    username: Text,
    #[schema(value_type = String, format = Password, required = true)]
    #[serde(default)]
    password: SecretText,
}

/// Who is signed in, and what its pages send along with changes.
#[derive(Serialize, ToSchema)]
pub struct Current {
    user: CurrentUser,
    /// `null` under `--no-auth`, where nobody signs in.
    #[schema(required = true)]
    session: Option<SessionInfo>,
    /// For the header `X-CSRF-Token`; `null` under `--no-auth`.
    #[schema(required = true)]
    csrf_token: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct CurrentUser {
    id: i64,
    username: String,
    name: String,
    #[schema(required = true)]
    email: Option<String>,
    is_admin: bool,
}

#[derive(Serialize, ToSchema)]
struct SessionInfo {
    id: i64,
    /// `password`, `link` or `oidc`.
    method: &'static str,
    address: String,
    user_agent: String,
    created_at: Time,
    last_used_at: Time,
    /// Unless it is used before; 30 days after `created_at` at the latest, one day for `oidc`.
    expires_at: Time,
    /// It is the one that asks.
    current: bool,
}

#[derive(Serialize, ToSchema)]
pub struct Sessions {
    sessions: Vec<SessionInfo>,
}

impl SessionInfo {
    fn of(session: &Session, current: bool) -> Self {
        Self {
            id: session.id,
            method: session.method.name(),
            address: session.address.clone(),
            user_agent: session.user_agent.clone(),
            created_at: Time(session.created_at),
            last_used_at: Time(session.last_used_at),
            expires_at: Time(session.expires_at()),
            current,
        }
    }
}

fn current(signed_in: SignedIn) -> Result<Response> {
    let SignedIn { user, session } = signed_in;
    let csrf_token = session.as_ref().map(|(_, secret)| secret.csrf_token()).transpose()?;
    let session = session.map(|(session, _)| SessionInfo::of(&session, true));
    let User { id, username, name, email, administrator: is_admin, .. } = user;
    let user = CurrentUser { id, username, name, email, is_admin };
    let body = serde_json::to_vec(&Current { user, session, csrf_token }).map_err(Error::internal)?;
    Ok(private(StatusCode::OK, body))
}

/// Answers somebody whose session has just begun.
pub(super) fn begun(
    app: &App,
    peer: &Peer,
    beginning: &Beginning,
    user: User,
    session: Session,
) -> Result<Response> {
    let cookie = cookie::give(app, peer, beginning.secret())?;
    let mut response = current(SignedIn { user, session: Some((session, beginning.secret().clone())) })?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// `GET /-/session`
#[utoipa::path(
    get,
    path = "/-/session",
    operation_id = "get_session",
    summary = "Who is signed in",
    tag = "sign-in",
    security(("session" = [])),
    responses((status = 200, description = "the session", body = Current), Refusals)
)]
pub async fn get(signed_in: SignedIn) -> ApiResult<Response> {
    Ok(current(signed_in)?)
}

/// `POST /-/session`
#[utoipa::path(
    post,
    path = "/-/session",
    operation_id = "sign_in",
    summary = "Sign in by password",
    tag = "sign-in",
    security(()),
    request_body = SignIn,
    responses(
        (status = 200, description = "signed in: the cookie weir_session is set", body = Current),
        (status = 400, description = "the request is wrong", body = ErrorMessage),
        (status = 401, description = "the user name or the password is wrong", body = ErrorMessage),
        (status = 403, description = "the request comes from another site", body = ErrorMessage),
        (status = 429, description = "too many attempts; `Retry-After` says when to try again", body = ErrorMessage)
    )
)]
pub async fn create(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    ApiJson(body): ApiJson<SignIn>,
) -> ApiResult<Response> {
    csrf::check_origin(&app, &headers)?;
    let username = body.username.filled("username")?;
    let password = body.password.read("password")?;
    let beginning = Beginning::prepare(&app, Method::Password, &peer, &headers)?;
    let (attempt, now) = (Attempt::new(&username, &peer.counted()), app.clock.now());
    let counted = attempt.clone();
    let verdict = app.store.write(move |tx| sign_in_attempts::begin(tx, &counted, now)).await?;
    if let Verdict::RefusedUntil(at) = verdict {
        tracing::warn!(address = %peer, "too many attempts to sign in");
        return Ok(too_many("attempts to sign in", at - now));
    }
    let (user, kept) = app.store.read(move |tx| find(tx, &username)).await?;
    let known = user.as_ref().map(|user| user.username.clone());
    let right = app.hashing.verify(password, kept.clone()).await?;
    // Who may not sign in took as long as who may, and is told the same.
    let Some(user) = user.filter(|_| right) else { return Ok(wrong(&app, &peer, known)) };
    let user_id = user.id;
    let begin = beginning.clone();
    let session = app
        .store
        .write(move |tx| {
            // While the password was compared it may have been changed, or the user blocked.
            if users::get(tx, user_id)?.blocked || passwords::find(tx, user_id)? != kept {
                return Ok(None);
            }
            sign_in_attempts::succeed(tx, &attempt, now)?;
            begin.begin(tx, user_id).map(Some)
        })
        .await?;
    let Some(session) = session else { return Ok(wrong(&app, &peer, known)) };
    app.doorkeeper.forget();
    tracing::info!(user = user.username, address = %peer, "signed in by password");
    Ok(begun(&app, &peer, &beginning, user, session)?)
}

/// Somebody who may sign in, and what is kept of the password.
fn find(tx: &mut Tx<'_>, username: &str) -> Result<(Option<User>, Option<String>)> {
    let user = users::find(tx, username)?.filter(|user| !user.blocked && !user.bot);
    let kept = match &user {
        Some(user) => passwords::find(tx, user.id)?,
        None => None,
    };
    Ok((user, kept))
}

/// One answer to every wrong pair. No `WWW-Authenticate`: it would make browsers ask for a password themselves.
fn wrong(app: &App, peer: &Peer, known: Option<String>) -> Response {
    refusals::note_sign_in(app, peer, known.as_deref());
    tracing::warn!(address = %peer, "a user name or password was wrong");
    let body = r#"{"message":"the user name or the password is wrong"}"#;
    private(StatusCode::UNAUTHORIZED, body.into())
}

/// 429 with the time after which it may be tried again.
pub(crate) fn too_many(what: &str, wait_ms: i64) -> Response {
    let wait_s = (wait_ms / 1000).max(1);
    let minutes = (wait_s + 59) / 60;
    let message = format!("too many {what}: try again in {minutes} min");
    let body = serde_json::json!({ "message": message }).to_string();
    let mut response = private(StatusCode::TOO_MANY_REQUESTS, body.into());
    response.headers_mut().insert(header::RETRY_AFTER, wait_s.into());
    response
}

/// `DELETE /-/session`
#[utoipa::path(
    delete,
    path = "/-/session",
    operation_id = "sign_out",
    summary = "Sign out",
    tag = "sign-in",
    security(("session" = [])),
    responses((status = 204, description = "signed out: the cookie is taken away"), Refusals)
)]
pub async fn delete(
    State(app): State<App>,
    peer: Peer,
    signed_in: SignedIn,
    Acting(actor): Acting,
) -> ApiResult<Response> {
    let (session, secret) = own(&signed_in)?.clone();
    let (digest, now) = (secret.digest(), app.clock.now());
    let end = move |tx: &mut Tx<'_>| {
        sessions::end_by_digest(tx, &digest)?;
        acts::session(tx, &actor, Verb::Destroyed, &session, now)
    };
    app.store.write(end).await?;
    ended(&app, &peer)
}

/// `GET /-/sessions`
#[utoipa::path(
    get,
    path = "/-/sessions",
    operation_id = "list_sessions",
    summary = "The sessions of who is signed in, the one used last first",
    tag = "sign-in",
    security(("session" = [])),
    responses((status = 200, description = "at most 50", body = Sessions), Refusals)
)]
pub async fn list(State(app): State<App>, signed_in: SignedIn) -> ApiResult<Response> {
    let (user_id, now) = (signed_in.user.id, app.clock.now());
    let current = signed_in.session.map(|(session, _)| session.id);
    let sessions = app.store.read(move |tx| sessions::list(tx, user_id, now)).await?;
    let info = |session: &Session| SessionInfo::of(session, Some(session.id) == current);
    let body = Sessions { sessions: sessions.iter().map(info).collect() };
    Ok(private(StatusCode::OK, serde_json::to_vec(&body).map_err(Error::internal)?))
}

/// `DELETE /-/sessions`
#[utoipa::path(
    delete,
    path = "/-/sessions",
    operation_id = "sign_out_everywhere",
    summary = "Sign out everywhere, here too",
    tag = "sign-in",
    security(("session" = [])),
    responses((status = 204, description = "every session of the user has ended"), Refusals)
)]
pub async fn delete_all(
    State(app): State<App>,
    peer: Peer,
    signed_in: SignedIn,
    Acting(actor): Acting,
) -> ApiResult<Response> {
    own(&signed_in)?;
    let (user, now) = (signed_in.user.clone(), app.clock.now());
    let end = move |tx: &mut Tx<'_>| {
        acts::of_user(tx, &actor, Noun::Session, Verb::Destroyed, &user, now)?;
        sessions::end_all(tx, user.id)
    };
    let count = app.store.write(end).await?;
    tracing::info!(user = signed_in.user.username, address = %peer, count, "signed out everywhere");
    ended(&app, &peer)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct SessionPath {
    /// As `GET /-/sessions` lists it.
    id: i64,
}

/// `DELETE /-/sessions/{id}`
#[utoipa::path(
    delete,
    path = "/-/sessions/{id}",
    operation_id = "end_session",
    summary = "End one of the sessions",
    tag = "sign-in",
    security(("session" = [])),
    params(SessionPath),
    responses((status = 204, description = "it has ended"), Refusals)
)]
pub async fn delete_one(
    State(app): State<App>,
    peer: Peer,
    signed_in: SignedIn,
    Acting(actor): Acting,
    Path(path): Path<SessionPath>,
) -> ApiResult<Response> {
    let (user, id, now) = (signed_in.user.clone(), path.id, app.clock.now());
    let end = move |tx: &mut Tx<'_>| {
        sessions::end(tx, user.id, id)?;
        acts::of_user(tx, &actor, Noun::Session, Verb::Destroyed, &user, now)
    };
    app.store.write(end).await?;
    if signed_in.session.is_some_and(|(session, _)| session.id == id) {
        return ended(&app, &peer);
    }
    app.doorkeeper.forget();
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The session that a request has; under `--no-auth` it has none.
pub(super) fn own(signed_in: &SignedIn) -> Result<&(Session, cookie::Secret)> {
    let none = || Error::Conflict("nobody is signed in: this server runs with --no-auth".to_owned());
    signed_in.session.as_ref().ok_or_else(none)
}

/// Answers somebody whose own session has ended.
fn ended(app: &App, peer: &Peer) -> ApiResult<Response> {
    app.doorkeeper.forget();
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie::take(app, peer).map_err(ApiError)?);
    Ok(response)
}

#[derive(Serialize, ToSchema)]
pub struct Methods {
    /// By user name and password.
    password: bool,
    /// Through the operator's provider of OpenID Connect; `null` when there is none.
    #[schema(required = true)]
    oidc: Option<OidcMethod>,
    /// Nobody needs to: the server runs with `--no-auth`.
    no_auth: bool,
}

#[derive(Serialize, ToSchema)]
struct OidcMethod {
    /// What people call the provider.
    name: String,
    /// Where the sign-in starts, below this server's address; `?return_to=/path` says where it ends.
    path: &'static str,
}

/// `GET /-/sign-in/methods`
#[utoipa::path(
    get,
    path = "/-/sign-in/methods",
    operation_id = "get_sign_in_methods",
    summary = "How one can sign in here",
    tag = "sign-in",
    security(()),
    responses((status = 200, description = "the ways", body = Methods))
)]
pub async fn methods(State(app): State<App>) -> ApiResult<Response> {
    let no_auth = app.settings.everybody_is.is_some();
    let provider = app.oidc.as_ref().filter(|_| !no_auth);
    let oidc = provider.map(|oidc| OidcMethod { name: oidc.name().to_owned(), path: "/-/oidc/start" });
    let body = serde_json::to_vec(&Methods { password: !no_auth, oidc, no_auth }).map_err(Error::internal)?;
    Ok(private(StatusCode::OK, body))
}
