//! The address that a client reaches this server at, for answers that hold whole addresses.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};
use weir_domain::{Error, Result};

use crate::app::App;
use crate::error::ApiError;
use crate::peer::Peer;

/// [`server_address`] of the request: what links in answers begin with.
#[derive(Clone, Debug)]
pub struct Origin(pub String);

impl FromRequestParts<App> for Origin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, ApiError> {
        let peer = Peer::of_request(app, &parts.extensions, &parts.headers);
        Ok(Self(server_address(app, &peer, &parts.headers)?))
    }
}

/// Without a slash at its end: what the operator said, or else what the client and the proxies that are trusted say.
pub fn server_address(app: &App, peer: &Peer, headers: &HeaderMap) -> Result<String> {
    let settings = &app.settings;
    if let Some(external) = &settings.external_url {
        return Ok(external.clone());
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if host.parse::<Authority>().is_err() || host.contains('@') {
        return Err(Error::Invalid(format!("the header Host '{host}' is not the address of a server")));
    }
    Ok(format!("{}://{host}{}", if peer.by_tls { "https" } else { "http" }, settings.base_path))
}

/// A query without GitLab's places of a token in one: Weir reads none of them, and repeats none.
pub(crate) fn without_secrets(query: &str) -> String {
    let secrets = ["private_token", "access_token", "job_token"];
    let kept = query.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !name.is_empty() && !secrets.contains(&name)
    });
    kept.collect::<Vec<_>>().join("&")
}
