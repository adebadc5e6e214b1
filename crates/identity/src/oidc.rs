//! Sign-in through OpenID Connect: authorization code with PKCE, state and nonce.
//!
//! Written out rather than taken from the openidconnect crate. That one could be led through our outbound door, but it
//! verifies tokens by itself, with the rsa crate (RUSTSEC-2023-0071, which `deny.toml` refuses), and with keys that it
//! neither shares with CI tokens nor rotates. What is left besides is two requests.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::claims::{self, Claims};
use crate::id_token::{self, Refusal};
use crate::jwks::{self, Issuers, Provider};
use crate::outbound::{self, Outbound, Request};

/// A subject is at most 255 characters long (OpenID Connect Core, section 2).
const MAX_SUBJECT_CHARS: usize = 255;
const MAX_TEXT_CHARS: usize = 1024;
const MAX_GROUPS: usize = 1000;
const MAX_CODE_BYTES: usize = 4096;

/// How this server is known to the provider.
#[derive(Clone)]
pub struct Settings {
    pub issuer: String,
    pub client_id: String,
    /// None for a public client, which PKCE alone protects.
    pub client_secret: Option<String>,
    pub secret_method: SecretMethod,
    /// Where the provider sends the browser back to.
    pub redirect_uri: String,
    /// Besides `openid`.
    pub scopes: Vec<String>,
    /// The claim that lists a person's groups, such as `groups` or `realm_access.roles`.
    pub groups_claim: Option<String>,
}

/// How the token endpoint learns the client's secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretMethod {
    /// As the discovery document says, Basic before Post. It speaks of the provider, not of this client, for which a
    /// provider may take one method only: then that is set here.
    #[default]
    Discovered,
    /// `client_secret_basic`
    Basic,
    /// `client_secret_post`
    Post,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .finish_non_exhaustive()
    }
}

/// What is kept on the server, bound to the browser, between the start of a sign-in and its end; used once.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

impl Pending {
    fn generate() -> weir_domain::Result<Self> {
        let mut random = [0; 96];
        getrandom::fill(&mut random).map_err(weir_domain::Error::internal)?;
        let part = |index: usize| BASE64_URL_SAFE_NO_PAD.encode(&random[index * 32..(index + 1) * 32]);
        Ok(Self { state: part(0), nonce: part(1), verifier: part(2) })
    }

    /// The S256 challenge of RFC 7636.
    fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }
}

/// What the browser brings back in the query of the redirect address.
#[derive(Clone, Default, Deserialize)]
pub struct Callback {
    pub code: Option<String>,
    pub state: Option<String>,
    pub iss: Option<String>,
    pub error: Option<String>,
    pub error_description: Option<String>,
}

/// Somebody as the provider knows them. Issuer and subject together are the identity; the rest may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub issuer: String,
    pub subject: String,
    pub username: Option<String>,
    pub email: Option<String>,
    pub email_verified: bool,
    pub name: Option<String>,
    /// `None` when the provider did not say, which is not the same as no groups.
    pub groups: Option<Vec<String>>,
}

/// Why a sign-in failed, for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Provider(#[from] jwks::Error),
    #[error("the provider's discovery document has no usable '{0}'")]
    NoEndpoint(&'static str),
    #[error(
        "the provider takes a client's secret neither by client_secret_basic nor by client_secret_post, but by {0:?}"
    )]
    NoAuthentication(Vec<String>),
    #[error("the answer does not belong to this sign-in: its state is another")]
    State,
    #[error("the answer is from the issuer {0:?}")]
    OtherIssuer(Option<String>),
    #[error("the provider refused: {error:?}, {description:?}")]
    Denied { error: String, description: String },
    #[error("the answer brings no code")]
    NoCode,
    #[error("the request to the provider's {what}: {cause}")]
    Request { what: &'static str, cause: outbound::Error },
    #[error("the provider's {what} answered {status}, {error:?}")]
    Answer { what: &'static str, status: u16, error: String },
    #[error("the provider's token endpoint gave no ID token")]
    NoIdToken,
    #[error("the ID token: {0}")]
    Refused(#[from] Refusal),
    #[error("the provider's userinfo is of somebody else")]
    OtherSubject,
    #[error("the provider's claim '{0}' is missing or too long")]
    Claim(&'static str),
    #[error("the provider names {count} groups, more than {MAX_GROUPS}")]
    TooManyGroups { count: usize },
}

impl From<Failure> for weir_domain::Error {
    fn from(_: Failure) -> Self {
        Self::Unauthenticated("signing in through the provider did not succeed".to_owned())
    }
}

/// A provider that people may sign in through.
pub struct Oidc {
    settings: Settings,
    issuers: Arc<Issuers>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: Option<String>,
    access_token: Option<String>,
}

/// An error answer of the token endpoint (RFC 6749, 5.2).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Complaint {
    error: String,
    error_description: String,
}

impl Oidc {
    pub fn new(settings: Settings, issuers: Arc<Issuers>) -> Self {
        Self { settings, issuers }
    }

    /// The address to send the browser to, and what to keep until it is back. `now` is in milliseconds.
    pub async fn start(&self, now: i64) -> weir_domain::Result<(String, Pending)> {
        let pending = Pending::generate()?;
        let url = self.authorization_url(&pending, now).await.inspect_err(|failure| {
            tracing::warn!(issuer = self.settings.issuer, %failure, "a sign-in cannot be started");
        })?;
        Ok((url, pending))
    }

    async fn authorization_url(&self, pending: &Pending, now: i64) -> Result<String, Failure> {
        let known = self.issuers.get(&self.settings.issuer, now).await?;
        let endpoint = known.provider.authorization_endpoint.as_deref();
        // The browser goes there, not the server: all that matters is that it is an address of the web.
        let mut url = endpoint
            .and_then(|endpoint| Url::parse(endpoint).ok())
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or(Failure::NoEndpoint("authorization_endpoint"))?;
        let scope = ["openid"].into_iter().chain(self.settings.scopes.iter().map(String::as_str));
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.settings.redirect_uri)
            .append_pair("scope", &scope.collect::<Vec<_>>().join(" "))
            .append_pair("state", &pending.state)
            .append_pair("nonce", &pending.nonce)
            .append_pair("code_challenge", &pending.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Who came back. The caller has looked up `pending` by the browser's cookie and has removed it.
    pub async fn finish(&self, pending: &Pending, callback: &Callback, now: i64) -> Result<Person, Failure> {
        if callback.state.as_deref() != Some(pending.state.as_str()) {
            return Err(Failure::State);
        }
        let known = self.issuers.get(&self.settings.issuer, now).await?;
        self.check_sender(callback, &known.provider)?;
        if let Some(error) = &callback.error {
            let description = callback.error_description.as_deref().unwrap_or_default();
            return Err(Failure::Denied { error: clipped(error), description: clipped(description) });
        }
        let code = callback.code.as_deref().filter(|code| !code.is_empty() && code.len() <= MAX_CODE_BYTES);
        let tokens = self.redeem(&known.provider, code.ok_or(Failure::NoCode)?, pending).await?;

        let id_token = tokens.id_token.as_deref().ok_or(Failure::NoIdToken)?;
        let audience = [self.settings.client_id.as_str()];
        let claims = id_token::verify(&self.issuers, id_token, &self.settings.issuer, &audience, now).await?;
        self.check_binding(&claims, pending)?;
        let claims = self.completed(&claims, &known.provider, tokens.access_token.as_deref()).await?;
        self.person(&claims)
    }

    /// RFC 9207: an answer of one provider is not taken to another.
    fn check_sender(&self, callback: &Callback, provider: &Provider) -> Result<(), Failure> {
        let right = match callback.iss.as_deref() {
            Some(iss) => iss == self.settings.issuer,
            None => !provider.authorization_response_iss_parameter_supported,
        };
        if !right {
            return Err(Failure::OtherIssuer(callback.iss.as_deref().map(clipped)));
        }
        Ok(())
    }

    fn check_binding(&self, claims: &Claims, pending: &Pending) -> Result<(), Refusal> {
        if claims.all().get("nonce").and_then(Value::as_str) != Some(pending.nonce.as_str()) {
            return Err(Refusal::Nonce);
        }
        // A token for several audiences must say that it was given to this one (Core, 3.1.3.7).
        let party = claims.all().get("azp").and_then(Value::as_str);
        let ours = match party {
            Some(party) => party == self.settings.client_id,
            None => claims.audiences().len() == 1,
        };
        if !ours {
            return Err(Refusal::AuthorizedParty(party.map(clipped)));
        }
        Ok(())
    }

    /// Exchanges the code at the token endpoint.
    async fn redeem(&self, provider: &Provider, code: &str, pending: &Pending) -> Result<Tokens, Failure> {
        let what = "token endpoint";
        let endpoint = provider.token_endpoint.as_deref().ok_or(Failure::NoEndpoint("token_endpoint"))?;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.settings.redirect_uri.as_str()),
            ("code_verifier", pending.verifier.as_str()),
        ];
        let id = self.settings.client_id.as_str();
        let mut authorization = None;
        if let Some(secret) = self.settings.client_secret.as_deref() {
            match self.settings.secret_method.settled(provider).map_err(Failure::NoAuthentication)? {
                SecretMethod::Post => fields.extend([("client_id", id), ("client_secret", secret)]),
                SecretMethod::Basic | SecretMethod::Discovered => authorization = Some(basic(id, secret)),
            }
        } else {
            fields.push(("client_id", id));
        }
        let mut request = Request::form(endpoint, &fields);
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let answer = send(self.outbound(), request, what).await?;
        if answer.status != StatusCode::OK {
            let complaint = answer.json::<Complaint>().unwrap_or_default();
            let error = clipped(&format!("{} {}", complaint.error, complaint.error_description));
            return Err(Failure::Answer { what, status: answer.status.as_u16(), error });
        }
        answer.json().map_err(|cause| Failure::Request { what, cause })
    }

    /// The claims of the ID token and, where it lacks one that is wanted, those of the userinfo endpoint: many
    /// providers put there what the scopes `profile` and `email` ask for (Core, 5.4).
    async fn completed(
        &self,
        claims: &Claims,
        provider: &Provider,
        access_token: Option<&str>,
    ) -> Result<Map<String, Value>, Failure> {
        let what = "userinfo endpoint";
        let mut all = claims.all().clone();
        let wanted =
            ["preferred_username", "email", "name"].into_iter().chain(self.settings.groups_claim.as_deref());
        let complete = wanted.into_iter().all(|name| claims::find(&all, name).is_some());
        let (Some(endpoint), Some(access_token), false) =
            (provider.userinfo_endpoint.as_deref(), access_token, complete)
        else {
            return Ok(all);
        };
        let mut bearer = HeaderValue::from_str(&format!("Bearer {access_token}"))
            .map_err(|_| Failure::Claim("access_token"))?;
        bearer.set_sensitive(true);
        let request = Request::get(endpoint).header(header::AUTHORIZATION, bearer);
        let answer = send(self.outbound(), request, what).await?;
        if answer.status != StatusCode::OK {
            return Err(Failure::Answer { what, status: answer.status.as_u16(), error: String::new() });
        }
        let info = answer.json::<Map<String, Value>>().map_err(|cause| Failure::Request { what, cause })?;
        // Without this, an access token slipped in would make one person out of two (Core, 5.3.2).
        if info.get("sub").and_then(Value::as_str) != claims.subject() {
            return Err(Failure::OtherSubject);
        }
        for (name, value) in info {
            all.entry(name).or_insert(value);
        }
        Ok(all)
    }

    fn person(&self, claims: &Map<String, Value>) -> Result<Person, Failure> {
        let text = |name: &'static str, limit: usize| match claims.get(name).and_then(claims::text) {
            Some(text) if text.chars().count() > limit => Err(Failure::Claim(name)),
            text => Ok(text.filter(|text| !text.is_empty())),
        };
        let groups = self.settings.groups_claim.as_deref().and_then(|name| claims::find(claims, name));
        let groups = groups.and_then(claims::texts);
        if let Some(count) = groups.as_ref().map(Vec::len).filter(|count| *count > MAX_GROUPS) {
            return Err(Failure::TooManyGroups { count });
        }
        Ok(Person {
            issuer: self.settings.issuer.clone(),
            subject: text("sub", MAX_SUBJECT_CHARS)?.ok_or(Failure::Claim("sub"))?,
            username: text("preferred_username", MAX_TEXT_CHARS)?,
            email: text("email", MAX_TEXT_CHARS)?,
            // Some providers write booleans as text.
            email_verified: text("email_verified", MAX_TEXT_CHARS)?.as_deref() == Some("true"),
            name: text("name", MAX_TEXT_CHARS)?,
            groups,
        })
    }

    fn outbound(&self) -> &Outbound {
        self.issuers.outbound()
    }
}

impl SecretMethod {
    /// Basic or Post; else what the provider offers instead. Basic when it does not say (Discovery, section 3).
    fn settled(self, provider: &Provider) -> Result<Self, Vec<String>> {
        let Some(methods) =
            provider.token_endpoint_auth_methods_supported.as_ref().filter(|_| self == Self::Discovered)
        else {
            return Ok(if self == Self::Discovered { Self::Basic } else { self });
        };
        let has = |name: &str| methods.iter().any(|method| method == name);
        match (has("client_secret_basic"), has("client_secret_post")) {
            (true, _) => Ok(Self::Basic),
            (false, true) => Ok(Self::Post),
            (false, false) => Err(methods.iter().take(10).map(|method| clipped(method)).collect()),
        }
    }
}

/// Both parts are form-encoded first (RFC 6749, 2.3.1), for which a colon in them is no end.
fn basic(id: &str, secret: &str) -> HeaderValue {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = BASE64_STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret)));
    // Base64 is printable ASCII, so there is always a value; an empty one would be refused by the provider.
    let mut value = HeaderValue::from_str(&format!("Basic {pair}")).unwrap_or(HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

async fn send(
    outbound: &Outbound,
    request: Request,
    what: &'static str,
) -> Result<outbound::Answer, Failure> {
    outbound.send(request).await.map_err(|cause| Failure::Request { what, cause })
}

/// What a stranger wrote, short enough for a log.
fn clipped(text: &str) -> String {
    text.trim().chars().take(200).collect()
}
