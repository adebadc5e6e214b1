//! Sign-in through a provider, and what does not pass for one.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};
use url::Url;
use weir_fake_issuer::{ClientAccount, Issuer, SigningKey};
use weir_identity::id_token::Refusal;
use weir_identity::jwks::Issuers;
use weir_identity::oidc::{Callback, Failure, Oidc, Person, SecretMethod, Settings};

use crate::web::door;

const NOW: i64 = 1_800_000_000_000;
const SECRET: &str = "s3cret:/+&=ü %";

struct Bench {
    issuer: Issuer,
    oidc: Oidc,
}

fn settings(issuer: &Issuer) -> Settings {
    Settings {
        issuer: issuer.url.clone(),
        client_id: "weir client".to_owned(),
        client_secret: Some(SECRET.to_owned()),
        secret_method: SecretMethod::Discovered,
        redirect_uri: "https://weir.example.com/users/auth/openid_connect/callback?x=1".to_owned(),
        scopes: vec!["profile".to_owned(), "email".to_owned()],
        groups_claim: Some("groups".to_owned()),
    }
}

impl Bench {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl Fn(&mut Settings)) -> Self {
        let issuer = Issuer::start(SigningKey::generate("one", "ES256")).await;
        let mut settings = settings(&issuer);
        change(&mut settings);
        let client = ClientAccount { id: settings.client_id.clone(), secret: settings.client_secret.clone() };
        issuer.register(client, None);
        let oidc = Oidc::new(settings, Arc::new(Issuers::new(door(std::slice::from_ref(&issuer.url)))));
        Self { issuer, oidc }
    }

    /// A whole sign-in of somebody with these claims.
    async fn sign_in(&self, claims: Value, userinfo: Value) -> Result<Person, Failure> {
        let (url, pending) = self.oidc.start(NOW).await.unwrap();
        let back = callback(&self.issuer.agree(&url, NOW, claims, userinfo));
        self.oidc.finish(&pending, &back, NOW).await
    }
}

fn callback(back: &HashMap<String, String>) -> Callback {
    let text = |name: &str| back.get(name).cloned();
    Callback { code: text("code"), state: text("state"), iss: text("iss"), ..Callback::default() }
}

/// Claims with which nothing is missing.
fn alice() -> Value {
    json!({
        "sub": "248289761001", "preferred_username": "alice", "email": "alice@example.com", "email_verified": true,
        "name": "Alice Doe", "groups": ["ml", "ops"],
    })
}

#[tokio::test]
async fn somebody_signs_in() {
    let bench = Bench::new().await;
    let person = bench.sign_in(alice(), json!({})).await.unwrap();
    let expected = Person {
        issuer: bench.issuer.url.clone(),
        subject: "248289761001".to_owned(),
        username: Some("alice".to_owned()),
        email: Some("alice@example.com".to_owned()),
        email_verified: true,
        name: Some("Alice Doe".to_owned()),
        groups: Some(vec!["ml".to_owned(), "ops".to_owned()]),
    };
    assert_eq!(person, expected);
}

#[tokio::test]
async fn the_address_asks_for_what_is_needed() {
    let bench = Bench::new().await;
    let (url, pending) = bench.oidc.start(NOW).await.unwrap();
    let url = Url::parse(&url).unwrap();
    let query = url.query_pairs().into_owned().collect::<HashMap<_, _>>();
    assert_eq!(query["scope"], "openid profile email");
    assert_eq!(query["client_id"], "weir client");
    assert_eq!(query["redirect_uri"], settings(&bench.issuer).redirect_uri);
    assert_eq!((&query["state"], &query["nonce"]), (&pending.state, &pending.nonce));
    // The secrets stay here, and no two sign-ins share any.
    assert!(!url.as_str().contains(&pending.verifier));
    let (_, other) = bench.oidc.start(NOW).await.unwrap();
    let all = [&pending, &other].map(|pending| [&pending.state, &pending.nonce, &pending.verifier]).concat();
    for (index, text) in all.iter().enumerate() {
        assert_eq!(text.len(), 43);
        assert!(!all[..index].contains(text));
    }
}

#[tokio::test]
async fn an_endpoint_keeps_its_own_query() {
    let bench = Bench::new().await;
    bench.issuer.say("authorization_endpoint", json!("https://id.example.com/authorize?tenant=1"));
    let (url, _) = bench.oidc.start(NOW).await.unwrap();
    assert!(url.starts_with("https://id.example.com/authorize?tenant=1&response_type=code&"), "{url}");
    for endpoint in [json!(null), json!("javascript:alert(1)"), json!("authorize")] {
        let bench = Bench::new().await;
        bench.issuer.say("authorization_endpoint", endpoint);
        let error = bench.oidc.start(NOW).await.err().unwrap();
        assert_eq!(error.to_string(), "signing in through the provider did not succeed");
    }
}

#[tokio::test]
async fn the_secret_is_shown_as_the_provider_takes_it() {
    let account = |secret: Option<&str>| ClientAccount {
        id: "weir client".to_owned(),
        secret: secret.map(str::to_owned),
    };
    for methods in [
        None,
        Some(vec!["client_secret_basic"]),
        Some(vec!["client_secret_post"]),
        Some(vec!["private_key_jwt", "client_secret_post", "client_secret_basic"]),
    ] {
        let bench = Bench::new().await;
        bench.issuer.register(account(Some(SECRET)), methods);
        assert!(bench.sign_in(alice(), json!({})).await.is_ok());
    }
    let bench = Bench::new().await;
    bench.issuer.register(account(Some(SECRET)), Some(vec!["private_key_jwt"]));
    let refused = bench.sign_in(alice(), json!({})).await.unwrap_err();
    assert_eq!(refused, Failure::NoAuthentication(vec!["private_key_jwt".to_owned()]));

    // A method that is set is used, whatever the provider offers besides.
    for (method, offered) in
        [(SecretMethod::Post, "client_secret_basic"), (SecretMethod::Basic, "client_secret_post")]
    {
        let bench = Bench::with(|settings| settings.secret_method = method).await;
        bench.issuer.register(account(Some(SECRET)), Some(vec![offered]));
        assert!(bench.sign_in(alice(), json!({})).await.is_ok());
        let by_header = bench.issuer.saw_basic();
        assert_eq!(by_header, method == SecretMethod::Basic);
    }

    let bench = Bench::with(|settings| settings.client_secret = None).await;
    bench.issuer.register(account(None), Some(vec!["none"]));
    assert!(bench.sign_in(alice(), json!({})).await.is_ok());

    let bench = Bench::new().await;
    bench.issuer.register(account(Some("another")), None);
    let refused = bench.sign_in(alice(), json!({})).await.unwrap_err();
    let error = "invalid_client as the test wants it".to_owned();
    assert_eq!(refused, Failure::Answer { what: "token endpoint", status: 401, error });
}

#[tokio::test]
async fn what_the_id_token_lacks_comes_from_userinfo() {
    let bench = Bench::new().await;
    let id_token = json!({ "sub": "1", "name": "Name in the token" });
    let userinfo = json!({
        "sub": "1", "preferred_username": "bob", "email": "bob@example.com", "email_verified": "true",
        "name": "Other name", "groups": "ml",
    });
    let person = bench.sign_in(id_token.clone(), userinfo).await.unwrap();
    assert_eq!(person.username.as_deref(), Some("bob"));
    assert_eq!((person.email.as_deref(), person.email_verified), (Some("bob@example.com"), true));
    assert_eq!(person.name.as_deref(), Some("Name in the token"));
    assert_eq!(person.groups, Some(vec!["ml".to_owned()]));

    // Of somebody else, or of nobody.
    for other in [json!({ "sub": "2" }), json!({ "email": "x@example.com" })] {
        assert_eq!(bench.sign_in(id_token.clone(), other).await.unwrap_err(), Failure::OtherSubject);
    }
    let broken = bench.sign_in(id_token.clone(), json!("eyJ...")).await.unwrap_err();
    assert!(matches!(broken, Failure::Request { what: "userinfo endpoint", .. }), "{broken}");
    // A provider without the endpoint is believed as far as its token goes.
    let bench = Bench::new().await;
    bench.issuer.say("userinfo_endpoint", json!(null));
    let person = bench.sign_in(id_token, json!({})).await.unwrap();
    assert_eq!((person.username, person.email, person.groups), (None, None, None));
    assert!(!person.email_verified);
}

#[tokio::test]
async fn groups_are_where_the_settings_say() {
    let bench = Bench::with(|settings| settings.groups_claim = Some("realm_access.roles".to_owned())).await;
    let mut claims = alice();
    claims["realm_access"] = json!({ "roles": ["dev", 7] });
    let person = bench.sign_in(claims, json!({ "sub": "248289761001" })).await.unwrap();
    assert_eq!(person.groups, Some(vec!["dev".to_owned(), "7".to_owned()]));

    let bench = Bench::with(|settings| settings.groups_claim = None).await;
    assert_eq!(bench.sign_in(alice(), json!({})).await.unwrap().groups, None);

    let bench = Bench::new().await;
    let mut claims = alice();
    claims["groups"] = json!([]);
    assert_eq!(bench.sign_in(claims.clone(), json!({})).await.unwrap().groups, Some(Vec::new()));
    claims["groups"] = json!((0..1001).map(|n| n.to_string()).collect::<Vec<_>>());
    let refused = bench.sign_in(claims, json!({})).await.unwrap_err();
    assert_eq!(refused, Failure::TooManyGroups { count: 1001 });
}

#[tokio::test]
async fn the_answer_belongs_to_the_sign_in() {
    let bench = Bench::new().await;
    let (url, pending) = bench.oidc.start(NOW).await.unwrap();
    let back = callback(&bench.issuer.agree(&url, NOW, alice(), json!({})));
    let (other_url, other) = bench.oidc.start(NOW).await.unwrap();
    let finish = async |pending, back: &Callback| bench.oidc.finish(pending, back, NOW).await;

    for state in [None, Some(String::new()), Some(other.state.clone())] {
        assert_eq!(finish(&pending, &Callback { state, ..back.clone() }).await.unwrap_err(), Failure::State);
    }
    let denied = Callback {
        error: Some("access_denied".to_owned()),
        error_description: Some("no\nthanks".to_owned()),
        ..back.clone()
    };
    let expected =
        Failure::Denied { error: "access_denied".to_owned(), description: "no\nthanks".to_owned() };
    let refused = finish(&pending, &denied).await.unwrap_err();
    // Nothing of it can break out of a line of the log.
    assert!(!refused.to_string().contains('\n'));
    assert_eq!(refused, expected);
    for code in [None, Some(String::new()), Some("x".repeat(4097))] {
        assert_eq!(finish(&pending, &Callback { code, ..back.clone() }).await.unwrap_err(), Failure::NoCode);
    }

    // A code of another sign-in: its challenge is not this verifier's.
    let stolen = callback(&bench.issuer.agree(&other_url, NOW, alice(), json!({})));
    let injected = Callback { code: stolen.code, ..back.clone() };
    let refused = finish(&pending, &injected).await.unwrap_err();
    assert!(matches!(refused, Failure::Answer { status: 400, .. }), "{refused}");

    assert!(finish(&pending, &back).await.is_ok());
    // And once only.
    let again = finish(&pending, &back).await.unwrap_err();
    assert!(matches!(again, Failure::Answer { status: 400, .. }), "{again}");
}

#[tokio::test]
async fn an_answer_names_its_issuer_if_it_does_so() {
    for (promised, iss, good) in [
        (false, None, true),
        (false, Some("right"), true),
        (false, Some("wrong"), false),
        (true, None, false),
        (true, Some("right"), true),
        (true, Some("wrong"), false),
    ] {
        let bench = Bench::new().await;
        bench.issuer.say("authorization_response_iss_parameter_supported", json!(promised));
        let (url, pending) = bench.oidc.start(NOW).await.unwrap();
        let mut back = callback(&bench.issuer.agree(&url, NOW, alice(), json!({})));
        back.iss =
            iss.map(|iss| if iss == "right" { bench.issuer.url.clone() } else { "https://x".to_owned() });
        let finished = bench.oidc.finish(&pending, &back, NOW).await;
        assert_eq!(finished.is_ok(), good, "{promised} {iss:?}");
        assert!(good || matches!(finished, Err(Failure::OtherIssuer(_))));
    }
}

#[tokio::test]
async fn the_id_token_is_checked_in_full() {
    let bench = Bench::new().await;
    let with = async |more: Value| {
        let mut claims = alice();
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        bench.sign_in(claims, json!({})).await
    };
    let refusal = async |more: Value| match with(more.clone()).await {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("{more}: {other:?}"),
    };
    assert!(with(json!({})).await.is_ok());
    assert_eq!(refusal(json!({ "nonce": "another" })).await, Refusal::Nonce);
    assert_eq!(refusal(json!({ "nonce": ["x"] })).await, Refusal::Nonce);
    assert!(matches!(refusal(json!({ "exp": 1 })).await, Refusal::Expired { .. }));
    assert!(matches!(refusal(json!({ "aud": "another" })).await, Refusal::Audience { .. }));
    assert!(matches!(refusal(json!({ "iss": "https://x" })).await, Refusal::Issuer { .. }));

    let several = json!(["weir client", "another"]);
    assert_eq!(refusal(json!({ "aud": several })).await, Refusal::AuthorizedParty(None));
    let another = Refusal::AuthorizedParty(Some("another".to_owned()));
    assert_eq!(refusal(json!({ "aud": several, "azp": "another" })).await, another);
    assert_eq!(refusal(json!({ "azp": "another" })).await, another);
    assert!(with(json!({ "aud": several, "azp": "weir client" })).await.is_ok());

    for (name, value) in [("sub", json!(null)), ("sub", json!("")), ("sub", json!("s".repeat(256)))] {
        assert_eq!(with(json!({ name: value })).await.unwrap_err(), Failure::Claim("sub"));
    }
    assert_eq!(with(json!({ "name": "n".repeat(1025) })).await.unwrap_err(), Failure::Claim("name"));

    bench.issuer.withhold_id_tokens();
    assert_eq!(with(json!({})).await.unwrap_err(), Failure::NoIdToken);
}

#[tokio::test]
async fn a_token_of_another_key_is_no_sign_in() {
    let bench = Bench::new().await;
    bench.issuer.publish(vec![SigningKey::generate("one", "ES256").jwk()]);
    let refused = bench.sign_in(alice(), json!({})).await.unwrap_err();
    assert_eq!(refused, Failure::Refused(Refusal::Signature));
    let outside = weir_domain::Error::from(refused);
    assert_eq!(outside.to_string(), "signing in through the provider did not succeed");
}

#[tokio::test]
async fn the_providers_addresses_pass_the_same_door() {
    for (name, what) in [("token_endpoint", "token endpoint"), ("userinfo_endpoint", "userinfo endpoint")] {
        let bench = Bench::new().await;
        bench.issuer.say(name, json!("http://169.254.169.254/latest/meta-data/"));
        let refused = bench.sign_in(json!({}), json!({})).await.unwrap_err();
        assert!(matches!(&refused, Failure::Request { what: told, .. } if *told == what), "{refused}");
    }
    let bench = Bench::new().await;
    bench.issuer.say("token_endpoint", json!(null));
    let refused = bench.sign_in(alice(), json!({})).await.unwrap_err();
    assert_eq!(refused, Failure::NoEndpoint("token_endpoint"));
}

#[test]
fn settings_do_not_tell_their_secret() {
    let settings = Settings {
        issuer: "https://id.example.com".to_owned(),
        client_id: "weir".to_owned(),
        client_secret: Some("hunter2".to_owned()),
        secret_method: SecretMethod::Post,
        redirect_uri: "https://weir.example.com/".to_owned(),
        scopes: Vec::new(),
        groups_claim: None,
    };
    assert!(!format!("{settings:?}").contains("hunter2"));
}
