//! The cookie of a session, and the secret in it.

use std::fmt;

use axum::http::{HeaderMap, HeaderValue, header};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use weir_domain::{Error, Result, secret};
use weir_store::sessions;

use crate::app::App;
use crate::peer::Peer;

const NAME: &str = "weir_session";
/// What is to be remembered between the start of a sign-in at a provider and its end.
const PENDING: &str = "weir_sign_in";
const PENDING_LASTS_S: i64 = 10 * 60;

/// The secret of a session. It is shown by no message.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn digest(&self) -> [u8; 32] {
        super::digest(&self.0)
    }

    /// What a script of our own pages sends along with changes. It is bound to the session, and tells nothing of the
    /// secret.
    pub(crate) fn csrf_token(&self) -> Result<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).map_err(Error::internal)?;
        mac.update(b"weir csrf token");
        Ok(hex::encode(mac.finalize().into_bytes()))
    }
}

/// The secret that a browser sends, if it could be one.
pub(crate) fn read(headers: &HeaderMap) -> Option<Secret> {
    values(headers, NAME).find(|value| secret::looks_like_one(value)).map(|value| Secret(value.to_owned()))
}

fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(own, _)| *own == name).map(|(_, value)| value)
}

/// The header that gives a browser its session.
pub(crate) fn give(app: &App, peer: &Peer, secret: &Secret) -> Result<HeaderValue> {
    header(app, peer, (NAME, &secret.0), "", sessions::LIFETIME_MS / 1000)
}

/// The header that takes it away.
pub(crate) fn take(app: &App, peer: &Peer) -> Result<HeaderValue> {
    header(app, peer, (NAME, ""), "", 0)
}

/// The header that has a browser keep `value` while somebody signs in at a provider; `""` takes it away.
pub(crate) fn keep_pending(app: &App, peer: &Peer, value: &str) -> Result<HeaderValue> {
    let max_age_s = if value.is_empty() { 0 } else { PENDING_LASTS_S };
    header(app, peer, (PENDING, value), "-/oidc/", max_age_s)
}

/// What [`keep_pending`] kept.
pub(crate) fn read_pending(headers: &HeaderMap) -> Option<&str> {
    values(headers, PENDING).find(|value| !value.is_empty())
}

fn header(
    app: &App,
    peer: &Peer,
    (name, value): (&str, &str),
    below: &str,
    max_age_s: i64,
) -> Result<HeaderValue> {
    let path = base(app);
    let secure = if peer.by_tls { "; Secure" } else { "" };
    // Lax: a link from elsewhere opens a page signed in, and no request of another site changes anything.
    let text =
        format!("{name}={value}; Path={path}{below}; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}");
    let mut header = HeaderValue::from_str(&text).map_err(Error::internal)?;
    header.set_sensitive(true);
    Ok(header)
}

/// The path that users reach this server below, with a slash at its end.
pub(crate) fn base(app: &App) -> String {
    let url = app.settings.external_url.as_deref().unwrap_or_default();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split_once('/').map_or("", |(_, path)| path).trim_end_matches('/');
    if path.is_empty() { "/".to_owned() } else { format!("/{path}/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(cookies: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, cookie.parse().unwrap());
        }
        read(&headers).map(|secret| secret.0)
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let secret = "0123456789abcdef".repeat(4);
        let own = format!("weir_session={secret}");
        assert_eq!(found(&[&own]).as_ref(), Some(&secret));
        assert_eq!(found(&[&format!("a=b; {own}; c=d")]).as_ref(), Some(&secret));
        // Another path of the host, or another program there, may have one of this name.
        assert_eq!(found(&[&format!("weir_session=x; {own}")]).as_ref(), Some(&secret));
        assert_eq!(found(&["a=b", &own]).as_ref(), Some(&secret));
        for other in
            ["", "weir_session", "weir_session=", "weir_session=ABC", &format!("x{own}"), &format!("{own}0")]
        {
            assert_eq!(found(&[other]), None, "{other}");
        }
    }

    #[test]
    fn a_csrf_token_belongs_to_one_session() {
        let token = |text: &str| Secret(text.to_owned()).csrf_token().unwrap();
        assert_eq!(token("a"), token("a"));
        assert_ne!(token("a"), token("b"));
        assert_eq!(token("a").len(), 64);
    }
}
