//! What an issuer says of itself: its discovery document and its key set, read with limits.

use std::sync::Arc;

use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::key::{Algorithm, Key};
use super::{Error, Result};
use crate::outbound::{Outbound, Request};

const MAX_DISCOVERY_BYTES: usize = 64 * 1024;
const MAX_KEY_SET_BYTES: usize = 256 * 1024;
/// GitLab and GitHub publish fewer than ten.
const MAX_KEYS: usize = 100;
/// Keys of one name that a token is tried with.
const MAX_NAMESAKES: usize = 4;

const MINUTE_MS: i64 = 60 * 1000;
const FRESH_AT_LEAST_MS: i64 = MINUTE_MS;
const FRESH_BY_DEFAULT_MS: i64 = 5 * MINUTE_MS;
const FRESH_AT_MOST_MS: i64 = 24 * 60 * MINUTE_MS;

/// A discovery document (OpenID Connect Discovery 1.0, section 3), as far as it is used.
#[derive(Clone, Debug, Deserialize)]
pub struct Provider {
    pub issuer: String,
    pub jwks_uri: String,
    pub authorization_endpoint: Option<String>,
    pub token_endpoint: Option<String>,
    pub userinfo_endpoint: Option<String>,
    pub end_session_endpoint: Option<String>,
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

/// The keys that an issuer signs with.
#[derive(Debug, Default)]
pub struct KeySet(Vec<Arc<Key>>);

/// Something fetched, and how long it may be used unasked.
#[derive(Clone, Debug)]
pub struct Fetched<T> {
    pub what: T,
    pub fresh_for_ms: i64,
}

impl KeySet {
    /// The keys that a token may be signed with which names key `kid` and `algorithm`. None is `UnknownKey`, after
    /// which a fresh set may help; the wrong type is `UnfitKey`, after which nothing does.
    pub fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<Vec<Arc<Key>>> {
        let named = |key: &&Arc<Key>| kid.is_none() || key.id() == kid;
        let keys = self.0.iter().filter(named).collect::<Vec<_>>();
        if keys.is_empty() {
            return Err(Error::UnknownKey(kid.map(str::to_owned)));
        }
        let mut fit = keys.into_iter().filter(|key| key.fits(algorithm)).cloned().collect::<Vec<_>>();
        match (kid, fit.len()) {
            (_, 0) => Err(Error::UnfitKey { kid: kid.map(str::to_owned), algorithm: algorithm.name() }),
            // Without a name it must be clear which key is meant.
            (None, 2..) => Err(Error::UnknownKey(None)),
            _ => {
                fit.truncate(MAX_NAMESAKES);
                Ok(fit)
            }
        }
    }
}

/// Fetches the discovery document of `issuer`, which must call itself exactly that.
pub async fn discover(outbound: &Outbound, issuer: &str) -> Result<Fetched<Provider>> {
    let address = discovery_address(issuer)?;
    let fetched = fetch::<Provider>(outbound, &address, MAX_DISCOVERY_BYTES, "discovery document").await?;
    // Without this, one tenant of a host could publish a document that speaks for another (section 4.3).
    if fetched.what.issuer != issuer {
        let found = fetched.what.issuer.chars().take(200).collect();
        return Err(Error::OtherIssuer { expected: issuer.to_owned(), found });
    }
    Ok(fetched)
}

pub async fn fetch_keys(outbound: &Outbound, jwks_uri: &str) -> Result<Fetched<KeySet>> {
    #[derive(Deserialize)]
    struct Jwks {
        keys: Vec<Value>,
    }

    let fetched = fetch::<Jwks>(outbound, jwks_uri, MAX_KEY_SET_BYTES, "key set").await?;
    let count = fetched.what.keys.len();
    if count > MAX_KEYS {
        return Err(Error::TooManyKeys { count, limit: MAX_KEYS });
    }
    let mut keys = Vec::new();
    for (index, jwk) in fetched.what.keys.into_iter().enumerate() {
        match Key::read(jwk) {
            Ok(key) => keys.push(Arc::new(key)),
            // Sets hold keys for encryption, and of kinds still to come.
            Err(reason) => tracing::debug!(jwks_uri, index, reason, "a key of an issuer is left out"),
        }
    }
    Ok(Fetched { what: KeySet(keys), fresh_for_ms: fetched.fresh_for_ms })
}

async fn fetch<T: serde::de::DeserializeOwned>(
    outbound: &Outbound,
    address: &str,
    max_bytes: usize,
    what: &'static str,
) -> Result<Fetched<T>> {
    let answer = outbound
        .send(Request::get(address).max_bytes(max_bytes))
        .await
        .map_err(|cause| Error::Fetch { what, cause })?;
    if answer.status != StatusCode::OK {
        return Err(Error::Status { what, origin: answer.origin, status: answer.status.as_u16() });
    }
    let fresh_for_ms = fresh_for_ms(&answer.headers);
    Ok(Fetched { what: answer.json().map_err(|cause| Error::Fetch { what, cause })?, fresh_for_ms })
}

fn discovery_address(issuer: &str) -> Result<String> {
    let plain = Url::parse(issuer).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none()
    });
    if !plain {
        return Err(Error::NotAnIssuer(issuer.chars().take(200).collect()));
    }
    Ok(format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/')))
}

/// How long an answer may be used: its `max-age`, within our bounds. `no-store` is not obeyed, because every token
/// would then cost a request.
fn fresh_for_ms(headers: &HeaderMap) -> i64 {
    let directives = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let max_age = directives
        .flat_map(|value| value.split(','))
        .filter_map(|directive| {
            directive.trim().to_ascii_lowercase().strip_prefix("max-age=").map(str::to_owned)
        })
        .find_map(|seconds| seconds.trim_matches('"').parse::<i64>().ok());
    max_age.map_or(FRESH_BY_DEFAULT_MS, |seconds| {
        seconds.saturating_mul(1000).clamp(FRESH_AT_LEAST_MS, FRESH_AT_MOST_MS)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freshness_is_bounded() {
        let fresh = |value: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(value) = value {
                headers.insert(header::CACHE_CONTROL, value.parse().unwrap());
            }
            fresh_for_ms(&headers) / 1000
        };
        assert_eq!(fresh(None), 300);
        assert_eq!(fresh(Some("no-store, must-revalidate")), 300);
        assert_eq!(fresh(Some("public, Max-Age=600, immutable")), 600);
        assert_eq!(fresh(Some("max-age=0")), 60);
        assert_eq!(fresh(Some("max-age=-5")), 60);
        assert_eq!(fresh(Some("max-age=99999999999")), 86400);
        assert_eq!(fresh(Some("max-age=9223372036854775807")), 86400);
        assert_eq!(fresh(Some("max-age=soon")), 300);
        assert_eq!(fresh(Some("s-maxage=7")), 300);
    }

    #[test]
    fn an_issuer_is_an_address_without_a_query() {
        let address = |issuer| discovery_address(issuer).ok();
        let expected = Some("https://a.example/.well-known/openid-configuration".to_owned());
        assert_eq!(address("https://a.example"), expected);
        assert_eq!(address("https://a.example/"), expected);
        let tenant = Some("https://a.example/t/1/.well-known/openid-configuration".to_owned());
        assert_eq!(address("https://a.example/t/1"), tenant);
        for issuer in ["", "a.example", "file:///etc", "https://a.example?x", "https://a.example#x"] {
            assert_eq!(address(issuer), None, "{issuer}");
        }
    }
}
