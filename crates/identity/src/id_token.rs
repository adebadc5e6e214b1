//! ID tokens: whether one may be believed, and why not.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::claims::{Claims, audiences};
use crate::jwks::{self, Algorithm, Issuers};
use crate::trust::Mismatch;

/// GitLab's and GitHub's tokens have 1 to 3 KiB.
const MAX_BYTES: usize = 16 * 1024;
const MAX_KID_BYTES: usize = 255;
/// How far the issuer's clock may be from ours.
const SKEW_S: f64 = 60.0;

/// Why a token is refused, for the log. Outside it is one sentence for all: see the conversion below.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the token has {0} bytes, more than {MAX_BYTES}")]
    TooLarge(usize),
    #[error("the token is malformed: {0}")]
    Malformed(&'static str),
    #[error("its algorithm {0:?} is not accepted")]
    Algorithm(String),
    #[error("it is of the type {0:?}, not an ID token")]
    Type(String),
    #[error("its header has critical extensions, and none is known here")]
    Critical,
    #[error("no trust in the issuer {0:?}")]
    UnknownIssuer(String),
    #[error("it is from the issuer {found:?}, not {expected:?}")]
    Issuer { expected: String, found: String },
    #[error("it is for the audience {found:?}, not for {expected:?}")]
    Audience { expected: Vec<String>, found: Vec<String> },
    #[error("it is for several audiences, and issued to {0:?}")]
    AuthorizedParty(Option<String>),
    #[error("its claim '{0}' is missing or not of the right type")]
    Claim(&'static str),
    #[error("it expired at {at}, and it is {now}")]
    Expired { at: i64, now: i64 },
    #[error("it is valid from {at}, and it is {now}")]
    NotYetValid { at: i64, now: i64 },
    #[error("it was issued at {at}, and it is {now}")]
    FromTheFuture { at: i64, now: i64 },
    #[error("{0}")]
    Keys(#[from] jwks::Error),
    #[error("its signature is not the issuer's")]
    Signature,
    #[error("its nonce is not the one of this sign-in")]
    Nonce,
    #[error("no trust rule matches its claims: {0}")]
    NoRule(String),
}

impl Refusal {
    /// The same without anything that the token says: an audit log counts by it, and whoever makes up tokens must not
    /// choose its words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::TooLarge(_) | Self::Malformed(_) | Self::Critical | Self::Claim(_) => "it is malformed",
            Self::Algorithm(_) => "its algorithm is not accepted",
            Self::Type(_) => "it is of another type",
            Self::UnknownIssuer(_) => "its issuer is not trusted there",
            Self::Issuer { .. } => "it is from another issuer",
            Self::Audience { .. } | Self::AuthorizedParty(_) => "it is for another audience",
            Self::Expired { .. } => "it has expired",
            Self::NotYetValid { .. } | Self::FromTheFuture { .. } => "it is not valid yet",
            Self::Keys(_) => "its issuer's keys could not be had",
            Self::Signature => "its signature is not the issuer's",
            Self::Nonce => "its nonce is another one",
            Self::NoRule(_) => "no trust rule matches its claims",
        }
    }
}

impl From<Refusal> for weir_domain::Error {
    fn from(_: Refusal) -> Self {
        Self::Unauthenticated("this ID token is not accepted".to_owned())
    }
}

impl From<Vec<Mismatch>> for Refusal {
    fn from(mismatches: Vec<Mismatch>) -> Self {
        let reasons = mismatches.iter().map(Mismatch::to_string).collect::<Vec<_>>();
        Self::NoRule(if reasons.is_empty() { "there is none".to_owned() } else { reasons.join("; ") })
    }
}

/// Whether `text` has the form of a token like these, to tell them from access tokens.
pub fn is_one(text: &str) -> bool {
    text.starts_with("eyJ") && text.bytes().filter(|byte| *byte == b'.').count() == 2
}

/// What a token says of itself before anything was checked: only good for finding out whom to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    pub issuer: String,
    pub audiences: Vec<String>,
}

pub fn peek(token: &str) -> Result<Unverified, Refusal> {
    let claims = Parts::split(token)?.claims()?;
    let issuer = claims.get("iss").and_then(Value::as_str).ok_or(Refusal::Claim("iss"))?;
    Ok(Unverified { issuer: issuer.to_owned(), audiences: owned(&audiences(&claims)) })
}

/// Checks everything there is to check in `token`: that `issuer` signed it for one of `audience`, and that it is valid
/// now. `now` is in milliseconds. What costs nothing is checked first, so that junk causes no fetch.
pub async fn verify(
    issuers: &Issuers,
    token: &str,
    issuer: &str,
    audience: &[&str],
    now: i64,
) -> Result<Claims, Refusal> {
    let parts = Parts::split(token)?;
    let header = parts.header()?;
    let algorithm = header.algorithm()?;
    let claims = parts.claims()?;
    check_parties(&claims, issuer, audience)?;
    check_times(&claims, now.div_euclid(1000))?;

    let keys = issuers.keys(issuer, header.kid.as_deref(), algorithm, now).await?;
    if !keys.iter().any(|key| key.verifies(parts.message, parts.signature, algorithm)) {
        return Err(Refusal::Signature);
    }
    Ok(Claims::new(claims))
}

/// A token in its compact form (RFC 7515, 7.1).
struct Parts<'a> {
    header: &'a str,
    claims: &'a str,
    signature: &'a str,
    /// Header and claims with the dot between them: what is signed.
    message: &'a str,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

impl<'a> Parts<'a> {
    fn split(token: &'a str) -> Result<Self, Refusal> {
        if token.len() > MAX_BYTES {
            return Err(Refusal::TooLarge(token.len()));
        }
        let parts = token.split('.').collect::<Vec<_>>();
        let [header, claims, signature] = parts[..] else {
            return Err(Refusal::Malformed("it has not three parts"));
        };
        let message = &token[..header.len() + 1 + claims.len()];
        Ok(Self { header, claims, signature, message })
    }

    fn header(&self) -> Result<Header, Refusal> {
        let bytes = decode(self.header)?;
        let header = serde_json::from_slice::<Header>(&bytes)
            .map_err(|_| Refusal::Malformed("its header is not a JSON object with an algorithm"))?;
        if header.kid.as_ref().is_some_and(|kid| kid.len() > MAX_KID_BYTES) {
            return Err(Refusal::Malformed("the name of its key is too long"));
        }
        if header.crit.is_some() {
            return Err(Refusal::Critical);
        }
        // Access tokens (at+jwt) and logout tokens of the same issuer are signed with the same keys (RFC 8725, 3.11).
        match &header.typ {
            Some(typ) if !typ.eq_ignore_ascii_case("JWT") => Err(Refusal::Type(clipped(typ))),
            _ => Ok(header),
        }
    }

    fn claims(&self) -> Result<Map<String, Value>, Refusal> {
        serde_json::from_slice(&decode(self.claims)?)
            .map_err(|_| Refusal::Malformed("its claims are not a JSON object"))
    }
}

impl Header {
    fn algorithm(&self) -> Result<Algorithm, Refusal> {
        Algorithm::find(&self.alg).ok_or_else(|| Refusal::Algorithm(clipped(&self.alg)))
    }
}

fn decode(part: &str) -> Result<Vec<u8>, Refusal> {
    BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::Malformed("a part is not base64url"))
}

fn check_parties(claims: &Map<String, Value>, issuer: &str, audience: &[&str]) -> Result<(), Refusal> {
    let found = claims.get("iss").and_then(Value::as_str).ok_or(Refusal::Claim("iss"))?;
    if found != issuer {
        return Err(Refusal::Issuer { expected: issuer.to_owned(), found: clipped(found) });
    }
    let found = audiences(claims);
    if !found.iter().any(|found| audience.contains(found)) {
        let found = found.iter().take(8).map(|found| clipped(found)).collect();
        return Err(Refusal::Audience { expected: owned(audience), found });
    }
    Ok(())
}

fn check_times(claims: &Map<String, Value>, now: i64) -> Result<(), Refusal> {
    let seconds = |name: &'static str| match claims.get(name) {
        None => Ok(None),
        // Fractions are allowed (RFC 7519, 2: NumericDate).
        Some(value) => value.as_f64().map(Some).ok_or(Refusal::Claim(name)),
    };
    let whole = |seconds: f64| seconds as i64;
    let current = now as f64;
    let expires_at = seconds("exp")?.ok_or(Refusal::Claim("exp"))?;
    if current >= expires_at + SKEW_S {
        return Err(Refusal::Expired { at: whole(expires_at), now });
    }
    if let Some(valid_from) = seconds("nbf")?.filter(|from| current < from - SKEW_S) {
        return Err(Refusal::NotYetValid { at: whole(valid_from), now });
    }
    let issued_at = seconds("iat")?.ok_or(Refusal::Claim("iat"))?;
    if current < issued_at - SKEW_S {
        return Err(Refusal::FromTheFuture { at: whole(issued_at), now });
    }
    Ok(())
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// What a stranger wrote, short enough for a log.
fn clipped(text: &str) -> String {
    text.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_fall_over(text in "\\PC{0,64}", parts in "[A-Za-z0-9_-]{0,40}(\\.[A-Za-z0-9_-]{0,40}){0,4}") {
            assert!(peek(&text).is_err());
            assert!(peek(&parts).is_err());
        }

        #[test]
        fn no_claims_make_the_times_fall_over(exp: f64, nbf: f64, iat: f64, now: i64) {
            let number = |value: f64| serde_json::Number::from_f64(value).map_or(Value::Null, Value::Number);
            let claims = [("exp", exp), ("nbf", nbf), ("iat", iat)].map(|(name, value)| (name.to_owned(), number(value)));
            let checked = check_times(&Map::from_iter(claims), now);
            assert!(checked.is_err() || (exp + SKEW_S > now as f64 && iat - SKEW_S <= now as f64));
        }
    }
}
