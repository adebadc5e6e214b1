//! `PUT /-/password`: a new password for who is signed in.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use weir_domain::audit::{Noun, Verb};
use weir_domain::{Error, Result, password};
use weir_store::audit::acts;
use weir_store::passwords;
use weir_store::sessions::{Method, Session};
use weir_store::sign_in_attempts::{self, Attempt, Verdict};

use super::guard::SignedIn;
use super::{Beginning, session};
use crate::app::App;
use crate::caller::Acting;
use crate::error::ApiResult;
use crate::extract::ApiJson;
use crate::openapi::Refusals;
use crate::peer::Peer;

/// A text that no message repeats.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub struct SecretText(serde_json::Value);

impl SecretText {
    /// The text, which must be there.
    pub fn read(self, name: &str) -> Result<String> {
        self.optional(name)?.ok_or_else(|| Error::Invalid(format!("'{name}' is missing")))
    }

    /// The text, if there is one.
    pub fn optional(self, name: &str) -> Result<Option<String>> {
        match self.0 {
            serde_json::Value::Null => Ok(None),
            serde_json::Value::String(text) => Ok(Some(text)),
            _ => Err(Error::Invalid(format!("'{name}' is not a text"))),
        }
    }
}

#[derive(Deserialize, ToSchema)]
pub struct ChangePassword {
    /// Needs not be given for 15 minutes after signing in by a one-time link.
    #[schema(value_type = Option<String>, format = Password)]
    #[serde(default)]
    current_password: SecretText,
    /// 8 to 128 characters.
    #[schema(value_type = String, format = Password, required = true)]
    #[serde(default)]
    new_password: SecretText,
}

/// A link serves who forgot the password, too, but not for as long as its session lives.
const LINK_SERVES_MS: i64 = 15 * 60 * 1000;

/// `PUT /-/password`
#[utoipa::path(
    put,
    path = "/-/password",
    operation_id = "change_password",
    summary = "Change the password; the user's other sessions end, and this one goes on under another cookie",
    tag = "sign-in",
    security(("session" = [])),
    request_body = ChangePassword,
    responses((status = 200, description = "changed", body = session::Current), Refusals)
)]
pub async fn change(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    signed_in: SignedIn,
    Acting(actor): Acting,
    ApiJson(body): ApiJson<ChangePassword>,
) -> ApiResult<Response> {
    let before = &session::own(&signed_in)?.0;
    let user = signed_in.user.clone();
    let given = body.current_password.optional("current_password")?;
    let new = body.new_password.read("new_password")?;
    password::check(&new, &user.username)?;
    let now = app.clock.now();
    if !by_fresh_link(before, now) {
        let given = given.ok_or_else(|| Error::Invalid("'current_password' is missing".to_owned()))?;
        check_current(&app, &peer, user.id, &user.username, given).await?;
    }
    let hash = app.hashing.hash(new).await?;
    // A link's session goes on as one that knows the password: the time without one does not begin again.
    let method = if before.method == Method::Link { Method::Password } else { before.method };
    let beginning = Beginning::prepare(&app, method, &peer, &headers)?;
    let (begin, changed) = (beginning.clone(), user.clone());
    let session = app
        .store
        .write(move |tx| {
            passwords::set(tx, changed.id, &hash, now)?;
            acts::of_user(tx, &actor, Noun::Password, Verb::Updated, &changed, now)?;
            begin.begin(tx, changed.id)
        })
        .await?;
    app.doorkeeper.forget();
    tracing::info!(user = user.username, address = %peer, "changed the password");
    Ok(session::begun(&app, &peer, &beginning, user, session)?)
}

fn by_fresh_link(session: &Session, now: i64) -> bool {
    session.method == Method::Link && now - session.created_at < LINK_SERVES_MS
}

/// Counted like attempts to sign in: somebody may sit at a screen that was left unlocked.
async fn check_current(app: &App, peer: &Peer, user_id: i64, username: &str, given: String) -> Result<()> {
    let attempt = Attempt::new(username, &peer.counted());
    let (counted, now) = (attempt.clone(), app.clock.now());
    let verdict = app.store.write(move |tx| sign_in_attempts::begin(tx, &counted, now)).await?;
    if matches!(verdict, Verdict::RefusedUntil(_)) {
        return Err(Error::Forbidden("too many wrong passwords: try again in ten minutes".to_owned()));
    }
    let kept = app.store.read(move |tx| passwords::find(tx, user_id)).await?;
    if kept.is_none() {
        return Err(Error::Forbidden(
            "you have no password: sign in by a one-time link (weir user sign-in-link) to choose one"
                .to_owned(),
        ));
    }
    if !app.hashing.verify(given, kept).await? {
        tracing::warn!(user = username, address = %peer, "the current password was wrong");
        return Err(Error::Forbidden("the current password is wrong".to_owned()));
    }
    app.store.write(move |tx| sign_in_attempts::succeed(tx, &attempt, now)).await
}
