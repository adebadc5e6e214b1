//! Keeps other sites from acting through a browser that is signed in here.
//!
//! Whatever a cookie authenticates and is not merely read needs a header that only our own pages know, and must not be
//! said to come from elsewhere. A token in a header is sent by nobody unasked, so requests with one need neither.

use axum::http::{HeaderMap, Method, header};
use weir_domain::{Error, Result};

use super::cookie::Secret;
use crate::app::App;
use crate::page::same;

const HEADER: &str = "x-csrf-token";
/// The end of the sentence about what comes from another site.
pub(crate) const FOREIGN: &str = "only this server's own pages may do this";

/// Checks a request that is authenticated by the session of `secret`.
pub(crate) fn check(app: &App, method: &Method, headers: &HeaderMap, secret: &Secret) -> Result<()> {
    if matches!(*method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    check_origin(app, headers)?;
    let given = headers.get(HEADER).map_or(&[][..], |value| value.as_bytes());
    if !same(secret.csrf_token()?.as_bytes(), given) {
        return Err(Error::Forbidden(
            "a change by a signed-in browser needs the header X-CSRF-Token with the csrf_token of GET /-/session"
                .to_owned(),
        ));
    }
    Ok(())
}

/// Refuses what a browser says comes from another site. Programs say nothing, and are let through.
pub(crate) fn check_origin(app: &App, headers: &HeaderMap) -> Result<()> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let refused = |name: &str, value: &str| {
        Err(Error::Forbidden(format!("the header {name} says '{value}': {FOREIGN}")))
    };
    match text("sec-fetch-site") {
        None | Some("same-origin") => {}
        Some(other) => return refused("Sec-Fetch-Site", other),
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else { return Ok(()) };
    let is_host = origin.split_once("://").is_some_and(|(_, host)| text(header::HOST.as_str()) == Some(host));
    if is_host || app.settings.external_url.as_deref().is_some_and(|url| origin_of(url) == origin) {
        return Ok(());
    }
    refused("Origin", origin)
}

/// `https://host:port` of an address without a query.
fn origin_of(url: &str) -> &str {
    let begin = url.find("://").map_or(0, |at| at + 3);
    let end = url[begin..].find('/').map_or(url.len(), |at| begin + at);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_where_the_path_begins() {
        assert_eq!(origin_of("https://weir.example/ml"), "https://weir.example");
        assert_eq!(origin_of("http://weir.example:5000"), "http://weir.example:5000");
    }
}
