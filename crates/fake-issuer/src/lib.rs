//! An issuer of ID tokens on the loopback: discovery, keys, tokens good and bad; never shipped.
//!
//! It signs with aws-lc itself, not with the library that the server verifies with. A room of its own beside
//! `testing`, so that the tests of `identity` need not build the whole server.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod provider;
mod signing_key;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub use provider::ClientAccount;
use provider::Grant;
pub use signing_key::{SigningKey, encode};

/// How the issuer behaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Manner {
    #[default]
    Good,
    /// 503 to everything.
    Down,
    /// Never answers for its keys.
    SlowKeys,
    /// A key set without end.
    HugeKeys,
    /// A key set of so many keys.
    ManyKeys(usize),
    /// The key set is this text.
    Keys(String),
    /// Discovery is a redirect to this address.
    Redirect(String),
    /// Discovery names this issuer.
    OtherIssuer(String),
}

/// A running issuer; its address is its name.
pub struct Issuer {
    pub url: String,
    inner: Arc<Inner>,
}

struct Inner {
    url: String,
    key: Mutex<Arc<SigningKey>>,
    published: Mutex<Vec<Value>>,
    manner: Mutex<Manner>,
    cache_control: Mutex<Option<String>>,
    discoveries: AtomicUsize,
    key_fetches: AtomicUsize,
    /// What discovery says besides, or instead.
    said: Mutex<HashMap<String, Value>>,
    client: Mutex<Option<ClientAccount>>,
    /// By code; `None` when it was redeemed.
    grants: Mutex<HashMap<String, Option<Grant>>>,
    /// By access token.
    userinfos: Mutex<HashMap<String, Value>>,
    withholds_id_tokens: Mutex<bool>,
    saw_basic: Mutex<bool>,
}

impl Issuer {
    /// Starts an issuer that signs with `key` and publishes it.
    pub async fn start(key: SigningKey) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address: SocketAddr = listener.local_addr().expect("an address");
        let url = format!("http://{address}");
        let inner = Arc::new(Inner {
            url: url.clone(),
            published: Mutex::new(vec![key.jwk()]),
            key: Mutex::new(Arc::new(key)),
            manner: Mutex::default(),
            cache_control: Mutex::default(),
            discoveries: AtomicUsize::new(0),
            key_fetches: AtomicUsize::new(0),
            said: Mutex::default(),
            client: Mutex::default(),
            grants: Mutex::default(),
            userinfos: Mutex::default(),
            withholds_id_tokens: Mutex::default(),
            saw_basic: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(provider::token))
            .route("/userinfo", get(provider::userinfo))
            .with_state(inner.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inner }
    }

    pub fn behave(&self, manner: Manner) {
        *self.inner.manner.lock() = manner;
    }

    /// What its answers say in `Cache-Control`.
    pub fn cache_control(&self, value: &str) {
        *self.inner.cache_control.lock() = Some(value.to_owned());
    }

    /// Says `value` for `name` in its discovery document; null takes the name out.
    pub fn say(&self, name: &str, value: Value) {
        self.inner.said.lock().insert(name.to_owned(), value);
    }

    /// Leaves the ID token out of what its token endpoint answers.
    pub fn withhold_id_tokens(&self) {
        *self.inner.withholds_id_tokens.lock() = true;
    }

    /// Signs with `key` from now on and publishes only it.
    pub fn replace_key(&self, key: SigningKey) {
        *self.inner.published.lock() = vec![key.jwk()];
        *self.inner.key.lock() = Arc::new(key);
    }

    /// Publishes exactly these keys, whatever it signs with.
    pub fn publish(&self, jwks: Vec<Value>) {
        *self.inner.published.lock() = jwks;
    }

    /// How often its discovery document and its keys were asked for.
    pub fn fetches(&self) -> (usize, usize) {
        (self.inner.discoveries.load(Ordering::SeqCst), self.inner.key_fetches.load(Ordering::SeqCst))
    }

    /// Claims of a token for `audience`, valid for five minutes from `now_ms`, with `more` added or put over them.
    pub fn claims(&self, audience: &str, now_ms: i64, more: Value) -> Value {
        let now = now_ms / 1000;
        let mut claims = json!({
            "iss": self.url, "sub": "somebody", "aud": audience, "iat": now, "nbf": now, "exp": now + 300
        });
        if let (Some(claims), Value::Object(more)) = (claims.as_object_mut(), more) {
            // A null takes a claim away.
            claims.extend(more);
            claims.retain(|_, value| !value.is_null());
        }
        claims
    }

    /// A token with [`Issuer::claims`], signed with the present key.
    pub fn token(&self, audience: &str, now_ms: i64, more: Value) -> String {
        let key = self.inner.key.lock().clone();
        key.token(&self.claims(audience, now_ms, more))
    }
}

impl Inner {
    fn answer(&self, body: String) -> Response {
        let mut response = ([("content-type", "application/json")], body).into_response();
        if let Some(value) = self.cache_control.lock().as_deref() {
            response.headers_mut().insert("cache-control", value.parse().expect("a header's value"));
        }
        response
    }
}

async fn discovery(State(issuer): State<Arc<Inner>>) -> Response {
    issuer.discoveries.fetch_add(1, Ordering::SeqCst);
    let name = match issuer.manner.lock().clone() {
        Manner::Down => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Manner::Redirect(to) => return (StatusCode::FOUND, [("location", to)]).into_response(),
        Manner::OtherIssuer(name) => name,
        _ => issuer.url.clone(),
    };
    let base = &issuer.url;
    let mut document = json!({
            "issuer": name,
            "jwks_uri": format!("{base}/keys"),
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"),
            "userinfo_endpoint": format!("{base}/userinfo"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
    });
    if let Some(document) = document.as_object_mut() {
        document.extend(issuer.said.lock().clone());
        document.retain(|_, value| !value.is_null());
    }
    issuer.answer(document.to_string())
}

async fn keys(State(issuer): State<Arc<Inner>>) -> Response {
    issuer.key_fetches.fetch_add(1, Ordering::SeqCst);
    let manner = issuer.manner.lock().clone();
    let published = issuer.published.lock().clone();
    match manner {
        Manner::Down => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Manner::SlowKeys => std::future::pending().await,
        Manner::HugeKeys => {
            let blanks =
                futures_util::stream::repeat(Ok::<_, std::convert::Infallible>(vec![b' '; 64 * 1024]));
            Body::from_stream(blanks).into_response()
        }
        Manner::ManyKeys(count) => {
            let keys = published.iter().cycle().take(count).collect::<Vec<_>>();
            issuer.answer(json!({ "keys": keys }).to_string())
        }
        Manner::Keys(text) => issuer.answer(text),
        _ => issuer.answer(json!({ "keys": published }).to_string()),
    }
}
