//! The guard of routes that are a signed-in browser's own, and what it hands to their handlers.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use weir_domain::audit::Means;
use weir_domain::{Error, Result};
use weir_store::sessions::{self, Session};
use weir_store::users::{self, User};

use super::cookie::{self, Secret};
use super::csrf;
use crate::app::App;
use crate::caller::refusals;
use crate::error::ApiError;

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub user: User,
    /// `None` under `--no-auth`, where everybody is one user without signing in.
    pub(crate) session: Option<(Session, Secret)>,
}

impl SignedIn {
    /// What the audit log says of how they may.
    pub(crate) fn means(&self) -> Means {
        self.session.as_ref().map_or(Means::NoAuthentication, |(session, _)| Means::Session(session.id))
    }
}

/// The guard of the route put it there; a handler cannot be reached without one.
impl FromRequestParts<App> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> std::result::Result<Self, ApiError> {
        match parts.extensions.get::<Arc<SignedIn>>() {
            Some(signed_in) => Ok(SignedIn::clone(signed_in)),
            None => Err(ApiError(Error::internal("a route without a guard"))),
        }
    }
}

/// Lets a request through to a route for signed-in browsers, or answers in its place.
pub(crate) async fn session_guard(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> std::result::Result<Response, ApiError> {
    let entered = enter(&app, request.method(), request.headers()).await;
    let signed_in = entered
        .map_err(|error| refusals::note(&app, request.extensions(), request.headers(), error.into()))?;
    request.extensions_mut().insert(Arc::new(signed_in));
    Ok(next.run(request).await)
}

async fn enter(app: &App, method: &Method, headers: &HeaderMap) -> Result<SignedIn> {
    if let Some(user_id) = app.settings.everybody_is {
        let user = app.store.read(move |tx| users::get(tx, user_id)).await?;
        return Ok(SignedIn { user, session: None });
    }
    let refused = || Error::Unauthenticated("not signed in".to_owned());
    let secret = cookie::read(headers).ok_or_else(refused)?;
    let (digest, now) = (secret.digest(), app.clock.now());
    let found = app.store.read(move |tx| sessions::find(tx, &digest, now)).await?;
    let (session, user) = found.ok_or_else(refused)?;
    csrf::check(app, method, headers, &secret)?;
    if session.use_is_worth_noting(now) {
        let id = session.id;
        app.store.write(move |tx| sessions::note_use(tx, id, now)).await?;
    }
    Ok(SignedIn { user, session: Some((session, secret)) })
}
