//! Under `--no-auth`: keeps pages of other sites, open in a browser on this machine, away from the server.
//!
//! A loopback address stops other machines, but not their pages in a local browser: those can send requests here
//! (with their own `Origin`), or point their own name at 127.0.0.1 (with that name as `Host`).

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// `external` is the host of `--external-url`, which the operator vouches for.
pub async fn check(State(external): State<Option<String>>, request: Request, next: Next) -> Response {
    for name in [header::HOST, header::ORIGIN] {
        if !is_ours(request.headers(), &name, external.as_deref()) {
            let message = format!(
                "this server runs with --no-auth and answers only its own machine; the header '{name}' names another"
            );
            let body =
                serde_json::json!({ "error_code": "PERMISSION_DENIED", "message": message }).to_string();
            let json = [(header::CONTENT_TYPE, "application/json")];
            return (StatusCode::FORBIDDEN, json, body).into_response();
        }
    }
    next.run(request).await
}

fn is_ours(headers: &HeaderMap, name: &HeaderName, external: Option<&str>) -> bool {
    let Some(value) = headers.get(name) else { return true };
    value.to_str().ok().map(host).is_some_and(|host| is_loopback(host) || external == Some(host))
}

/// The host of an address, or of what stands in a `Host` header; without its port.
pub fn host(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((ipv6, _)) => ipv6,
        None => authority.split(':').next().unwrap_or_default(),
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_ours() {
        for text in
            ["localhost:5000", "LOCALHOST", "127.0.0.1:5000", "127.9.9.9", "[::1]:5000", "http://localhost:1"]
        {
            assert!(is_loopback(host(text)), "{text}");
        }
        for text in
            ["evil.example:5000", "localhost.evil.example", "127.0.0.1.evil.example", "null", "", "10.0.0.1"]
        {
            assert!(!is_loopback(host(text)), "{text}");
        }
    }
}
