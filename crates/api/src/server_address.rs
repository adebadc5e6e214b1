//! The address that a client reaches this server at, for answers that hold whole addresses.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};
use weir_domain::{Error, Result};

use crate::app::App;
use crate::error::ApiError;

/// [`server_address`] of the request: what links in answers begin with.
#[derive(Clone, Debug)]
pub struct Origin(pub String);

impl FromRequestParts<App> for Origin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, ApiError> {
        Ok(Self(server_address(app, &parts.headers)?))
    }
}

/// Without a slash at its end: what the operator said, or else what the client says.
pub fn server_address(app: &App, headers: &HeaderMap) -> Result<String> {
    if let Some(external) = &app.settings.external_url {
        return Ok(external.clone());
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if host.parse::<Authority>().is_err() || host.contains('@') {
        return Err(Error::Invalid(format!("the header Host '{host}' is not the address of a server")));
    }
    let https = headers
        .get("x-forwarded-proto")
        .is_some_and(|scheme| scheme.as_bytes().eq_ignore_ascii_case(b"https"));
    Ok(format!("{}://{host}", if https { "https" } else { "http" }))
}
