//! The issuer as a provider of sign-in: consent, token endpoint with PKCE, userinfo.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::digest;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use url::Url;
use url::form_urlencoded::parse;

use crate::{Inner, Issuer, encode};

/// Somebody's consent, waiting for the client to redeem it.
pub(crate) struct Grant {
    request: HashMap<String, String>,
    claims: Value,
    userinfo: Value,
}

/// The client that may redeem codes.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientAccount {
    pub id: String,
    pub secret: Option<String>,
}

impl Issuer {
    /// What a browser does with the address that a sign-in starts with: somebody agrees, and the query of the redirect
    /// comes back. The ID token will hold `claims` over those of [`Issuer::claims`]; the userinfo endpoint answers
    /// `userinfo`.
    pub fn agree(&self, url: &str, now_ms: i64, claims: Value, userinfo: Value) -> HashMap<String, String> {
        let url = Url::parse(url).expect("the address of a sign-in");
        assert!(url.as_str().starts_with(&format!("{}/authorize?", self.url)), "{url}");
        let request = url.query_pairs().into_owned().collect::<HashMap<_, _>>();
        assert_eq!(request["response_type"], "code");
        assert_eq!(request["code_challenge_method"], "S256");
        let mut claims = self.claims(&request["client_id"], now_ms, claims);
        if claims.get("nonce").is_none() {
            claims["nonce"] = json!(request["nonce"]);
        }
        let mut grants = self.inner.grants.lock();
        let code = format!("code-{}", grants.len() + 1);
        let back = HashMap::from([
            ("code".to_owned(), code.clone()),
            ("state".to_owned(), request["state"].clone()),
        ]);
        grants.insert(code, Some(Grant { request, claims, userinfo }));
        back
    }

    /// Which client may redeem codes, and how it may show its secret (`token_endpoint_auth_methods_supported`).
    pub fn register(&self, client: ClientAccount, methods: Option<Vec<&str>>) {
        *self.inner.client.lock() = Some(client);
        let methods = methods.map(|methods| methods.into_iter().map(str::to_owned).collect::<Vec<_>>());
        self.say(
            "token_endpoint_auth_methods_supported",
            methods.map_or(Value::Null, |methods| json!(methods)),
        );
    }

    /// Whether the last request to the token endpoint brought its secret by Basic.
    pub fn saw_basic(&self) -> bool {
        *self.inner.saw_basic.lock()
    }
}

pub(crate) async fn token(State(issuer): State<Arc<Inner>>, headers: HeaderMap, body: String) -> Response {
    let refused = |status: StatusCode, error: &str| {
        (status, json!({ "error": error, "error_description": "as the test wants it" }).to_string())
            .into_response()
    };
    let form = parse(body.as_bytes()).into_owned().collect::<HashMap<String, String>>();
    let field = |name: &str| form.get(name).cloned().unwrap_or_default();
    *issuer.saw_basic.lock() = headers.contains_key("authorization");
    let shown = shown_client(&headers, &form);
    if shown.is_none() || shown != *issuer.client.lock() {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    // A code is good once.
    let grant = issuer.grants.lock().get_mut(&field("code")).and_then(Option::take);
    let Some(grant) = grant.filter(|_| field("grant_type") == "authorization_code") else {
        return refused(StatusCode::BAD_REQUEST, "invalid_grant");
    };
    let challenge = encode(digest::digest(&digest::SHA256, field("code_verifier").as_bytes()));
    if challenge != grant.request["code_challenge"] || field("redirect_uri") != grant.request["redirect_uri"]
    {
        return refused(StatusCode::BAD_REQUEST, "invalid_grant");
    }
    let id_token = issuer.key.lock().clone().token(&grant.claims);
    let access_token = format!("access-{}", field("code"));
    issuer.userinfos.lock().insert(access_token.clone(), grant.userinfo);
    let mut answer = json!({ "access_token": access_token, "token_type": "Bearer", "expires_in": 300 });
    if !*issuer.withholds_id_tokens.lock() {
        answer["id_token"] = json!(id_token);
    }
    issuer.answer(answer.to_string())
}

pub(crate) async fn userinfo(State(issuer): State<Arc<Inner>>, headers: HeaderMap) -> Response {
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = issuer.userinfos.lock().get(bearer.trim_start_matches("Bearer ")).cloned();
    known.map_or(StatusCode::UNAUTHORIZED.into_response(), |info| issuer.answer(info.to_string()))
}

/// The client as it shows itself: by Basic, by its form, or by its name alone.
fn shown_client(headers: &HeaderMap, form: &HashMap<String, String>) -> Option<ClientAccount> {
    let Some(authorization) = headers.get("authorization") else {
        return Some(ClientAccount {
            id: form.get("client_id")?.clone(),
            secret: form.get("client_secret").cloned(),
        });
    };
    let pair = BASE64_STANDARD.decode(authorization.to_str().ok()?.strip_prefix("Basic ")?).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    let (id, secret) = pair.split_once(':')?;
    // A form of one name without a value is that name, decoded.
    let decoded = |text: &str| parse(text.as_bytes()).next().map(|(name, _)| name.into_owned());
    Some(ClientAccount { id: decoded(id)?, secret: Some(decoded(secret)?) })
}
