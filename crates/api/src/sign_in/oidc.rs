//! Signing in through the operator's provider of OpenID Connect: off to it, and back.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use weir_domain::grant::Grant;
use weir_domain::{Error, Result};
use weir_identity::jwks::Issuers;
use weir_identity::oidc::{Callback, Oidc, Pending, Person};
use weir_store::identities::{self, Somebody};
use weir_store::sessions::Method;
use weir_store::users::User;
use weir_store::{Tx, grants};

use super::page::page;
use super::{Beginning, cookie};
use crate::app::App;
use crate::caller::refusals;
use crate::error::ApiResult;
use crate::extract::ApiQuery;
use crate::peer::Peer;

/// What the operator chose.
#[derive(Clone, Debug)]
pub struct Settings {
    pub provider: weir_identity::oidc::Settings,
    /// What people call the provider.
    pub name: String,
    /// What its groups are here.
    pub grants: Vec<Grant>,
    /// Only who is in one of these may sign in; everybody when there is none.
    pub required_groups: Vec<String>,
}

/// The provider that people may sign in through.
pub struct Provider {
    settings: Settings,
    party: Oidc,
}

impl Provider {
    pub(crate) fn new(settings: Settings, issuers: Arc<Issuers>) -> Self {
        let party = Oidc::new(settings.provider.clone(), issuers);
        Self { settings, party }
    }

    pub(crate) fn name(&self) -> &str {
        &self.settings.name
    }

    fn permits(&self, person: &Person) -> bool {
        let required = &self.settings.required_groups;
        let groups = person.groups.as_deref().unwrap_or_default();
        required.is_empty() || groups.iter().any(|group| required.contains(group))
    }
}

/// How long a browser may take between start and end.
const PATIENCE_MS: i64 = 10 * 60 * 1000;

/// What a browser keeps meanwhile, signed: nothing is written before somebody has signed in. A code of the provider
/// can be redeemed once, so neither can this be used twice.
#[derive(Serialize, Deserialize)]
struct Kept {
    state: String,
    nonce: String,
    verifier: String,
    return_to: String,
    expires_at: i64,
}

impl Kept {
    fn seal(&self, app: &App) -> Result<String> {
        let text = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).map_err(Error::internal)?);
        let seal = app.page_key.sign(&format!("oidc {text}"))?;
        Ok(format!("{text}.{seal}"))
    }

    /// `None` when it was not made here, or too long ago.
    fn open(app: &App, cookie: &str) -> Result<Option<Self>> {
        let Some((text, seal)) = cookie.split_once('.') else { return Ok(None) };
        if !app.page_key.signed(&format!("oidc {text}"), seal)? {
            return Ok(None);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(Error::internal)?;
        let kept: Self = serde_json::from_slice(&bytes).map_err(Error::internal)?;
        Ok((kept.expires_at > app.clock.now()).then_some(kept))
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Start {
    /// A path of this server to go to when it is done.
    return_to: String,
}

fn provider(app: &App) -> Result<&Provider> {
    let usable = app.oidc.as_ref().filter(|_| app.settings.everybody_is.is_none());
    usable.ok_or_else(|| Error::not_found("no provider of OpenID Connect is set up here (--oidc-issuer)"))
}

/// `GET /-/oidc/start`
#[utoipa::path(
    get,
    path = "/-/oidc/start",
    operation_id = "start_oidc",
    summary = "Sign in through the provider",
    tag = "sign-in",
    security(()),
    params(Start),
    responses(
        (status = 303, description = "to the provider"),
        (status = 404, description = "there is none", body = crate::openapi::ErrorMessage),
        (status = 503, description = "the provider cannot be reached", content_type = "text/html")
    )
)]
pub async fn start(
    State(app): State<App>,
    peer: Peer,
    ApiQuery(query): ApiQuery<Start>,
) -> ApiResult<Response> {
    let provider = provider(&app)?;
    let now = app.clock.now();
    // The reason is in the log.
    let Ok((url, pending)) = provider.party.start(now).await else {
        return failed(StatusCode::SERVICE_UNAVAILABLE, "The provider cannot be reached at the moment.");
    };
    let Pending { state, nonce, verifier } = pending;
    let return_to = own_path(&query.return_to).unwrap_or_default().to_owned();
    let kept = Kept { state, nonce, verifier, return_to, expires_at: now + PATIENCE_MS }.seal(&app)?;
    let mut response = to(&url)?;
    response.headers_mut().insert(header::SET_COOKIE, cookie::keep_pending(&app, &peer, &kept)?);
    Ok(response)
}

/// `GET /-/oidc/callback`
#[utoipa::path(
    get,
    path = "/-/oidc/callback",
    operation_id = "finish_oidc",
    summary = "Where the provider sends browsers back to",
    tag = "sign-in",
    security(()),
    responses(
        (status = 303, description = "signed in: the cookie weir_session is set, and Location is where to go on"),
        (status = 403, description = "not signed in", content_type = "text/html"),
        (status = 404, description = "there is no provider", body = crate::openapi::ErrorMessage)
    )
)]
pub async fn callback(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    ApiQuery(callback): ApiQuery<Callback>,
) -> ApiResult<Response> {
    let provider = provider(&app)?;
    let kept = match cookie::read_pending(&headers) {
        Some(cookie) => Kept::open(&app, cookie)?,
        None => None,
    };
    let Some(Kept { state, nonce, verifier, return_to, .. }) = kept else {
        return failed(StatusCode::FORBIDDEN, "It took too long, or began in another browser.");
    };
    let pending = Pending { state, nonce, verifier };
    let mut response = match provider.party.finish(&pending, &callback, app.clock.now()).await {
        Ok(person) => begin(&app, provider, person, &return_to, &peer, &headers).await?,
        Err(failure) => {
            tracing::warn!(address = %peer, %failure, "signing in through the provider did not succeed");
            failed(StatusCode::FORBIDDEN, "The provider did not vouch for you.")?
        }
    };
    response.headers_mut().append(header::SET_COOKIE, cookie::keep_pending(&app, &peer, "")?);
    Ok(response)
}

/// Signs in somebody whom the provider vouched for, if that may be.
async fn begin(
    app: &App,
    provider: &Provider,
    person: Person,
    return_to: &str,
    peer: &Peer,
    headers: &HeaderMap,
) -> ApiResult<Response> {
    if !provider.permits(&person) {
        let reason = format!("'{}' is in none of the required groups", person.subject);
        refusals::note_provider(app, peer, &person.issuer, &reason);
        tracing::warn!(subject = person.subject, address = %peer, "somebody without a required group was not let in");
        return failed(StatusCode::FORBIDDEN, "You are in none of the groups that may use this server.");
    }
    let beginning = Beginning::prepare(app, Method::Oidc, peer, headers)?;
    let (begin, granted, now) = (beginning.clone(), provider.settings.grants.clone(), app.clock.now());
    let (issuer, groups, somebody) = (person.issuer.clone(), person.groups.clone(), somebody(person, peer));
    let signed_in = app.store.write(move |tx| {
        let user = enter(tx, &somebody, groups.as_deref(), &granted, now)?;
        begin.begin(tx, user.id)?;
        Ok(user)
    });
    let user = match signed_in.await {
        Ok(user) => user,
        Err(Error::Forbidden(reason)) => {
            refusals::note_provider(app, peer, &issuer, &reason);
            tracing::warn!(reason, address = %peer, "somebody was not let in");
            return failed(StatusCode::FORBIDDEN, "Your account here is blocked.");
        }
        Err(error) => return Err(error.into()),
    };
    app.doorkeeper.forget();
    tracing::info!(user = user.username, address = %peer, "signed in through the provider");
    let base = cookie::base(app);
    let mut response = to(&format!("{base}{}", return_to.trim_start_matches('/')))?;
    response.headers_mut().insert(header::SET_COOKIE, cookie::give(app, peer, beginning.secret())?);
    Ok(response)
}

fn somebody(person: Person, peer: &Peer) -> Somebody {
    let verified = person.email_verified;
    Somebody {
        issuer: person.issuer,
        subject: person.subject,
        username: person.username,
        email: person.email.filter(|_| verified),
        name: person.name,
        address: peer.address(),
    }
}

/// The user that somebody is here, with the roles of the groups that the provider names.
fn enter(
    tx: &mut Tx<'_>,
    somebody: &Somebody,
    groups: Option<&[String]>,
    granted: &[Grant],
    now: i64,
) -> Result<User> {
    let user = identities::sign_in(tx, somebody, now)?;
    match groups {
        Some(groups) => grants::apply(tx, &user, &somebody.actor(&user), granted, groups, now)?,
        None if granted.is_empty() => {}
        // Silence is not "in no group": a provider that forgets the claim must not lock a team out.
        None => {
            tracing::warn!(user = user.username, "the provider names no groups: the roles stay as they are")
        }
    }
    Ok(user)
}

/// A path below this server; anything else could lead the browser elsewhere.
fn own_path(text: &str) -> Option<&str> {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (text.starts_with('/') && !text.starts_with("//") && plain && text.len() <= 1000).then_some(text)
}

fn to(address: &str) -> Result<Response> {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, HeaderValue::from_str(address).map_err(Error::internal)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The page that says so; what exactly went wrong is in the log.
fn failed(status: StatusCode, reason: &str) -> ApiResult<Response> {
    page(
        status,
        &format!("<h1>You are not signed in</h1>\n<p>{reason}</p>\n<p><a href=\"start\">Try again</a></p>"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_ends_on_this_server_only() {
        for path in ["/", "/root/default/-/ml/experiments?x=1#y"] {
            assert_eq!(own_path(path), Some(path));
        }
        let long = format!("/{}", "x".repeat(1000));
        for text in
            ["", "x", "//evil.example", "/\\evil.example", "https://evil.example", "/a b", "/a\r\nb", &long]
        {
            assert_eq!(own_path(text), None, "{text}");
        }
    }
}
