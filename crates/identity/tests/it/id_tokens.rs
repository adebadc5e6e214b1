//! ID tokens: the good ones, and every way of being refused.

use serde_json::{Value, json};
use weir_identity::claims::Claims;
use weir_identity::id_token::{Refusal, is_one, peek, verify};
use weir_identity::jwks::{self, Issuers};

use crate::web::{door, impatient_door};
use weir_fake_issuer::{Issuer, Manner, SigningKey, encode};

const NOW: i64 = 1_800_000_000_000;
const NOW_S: i64 = NOW / 1000;
const AUDIENCE: &str = "https://weir.example.com";

struct Bench {
    issuer: Issuer,
    issuers: Issuers,
}

impl Bench {
    async fn new(algorithm: &'static str) -> Self {
        let issuer = Issuer::start(SigningKey::generate("key-1", algorithm)).await;
        let issuers = Issuers::new(door(std::slice::from_ref(&issuer.url)));
        Self { issuer, issuers }
    }

    async fn verify(&self, token: &str) -> Result<Claims, Refusal> {
        verify(&self.issuers, token, &self.issuer.url, &[AUDIENCE], NOW).await
    }

    /// What becomes of a token that differs from a good one by `more`.
    async fn with(&self, more: Value) -> Result<Claims, Refusal> {
        self.verify(&self.issuer.token(AUDIENCE, NOW, more)).await
    }
}

#[tokio::test]
async fn a_good_token_is_believed_with_every_algorithm() {
    for algorithm in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"] {
        let bench = Bench::new(algorithm).await;
        let token = bench.issuer.token(AUDIENCE, NOW, json!({ "project_path": "a/b" }));
        assert!(is_one(&token));
        let seen = peek(&token).unwrap();
        assert_eq!(
            (seen.issuer.as_str(), &seen.audiences[..]),
            (bench.issuer.url.as_str(), &[AUDIENCE.to_owned()][..])
        );

        let claims = bench.verify(&token).await.unwrap();

        assert_eq!(claims.issuer(), bench.issuer.url);
        assert_eq!(claims.subject(), Some("somebody"));
        assert_eq!(claims.audiences(), [AUDIENCE]);
        assert_eq!(claims.text("project_path").as_deref(), Some("a/b"));
    }
}

#[tokio::test]
async fn times_have_a_minute_of_slack() {
    let bench = Bench::new("ES256").await;
    for (more, good) in [
        (json!({ "exp": NOW_S - 59 }), true),
        (json!({ "exp": NOW_S - 60 }), false),
        (json!({ "exp": NOW_S as f64 + 0.5 }), true),
        (json!({ "nbf": NOW_S + 60 }), true),
        (json!({ "nbf": NOW_S + 61 }), false),
        (json!({ "nbf": null }), true),
        (json!({ "iat": NOW_S + 60 }), true),
        (json!({ "iat": NOW_S + 61 }), false),
        (json!({ "iat": NOW_S - 100_000 }), true),
    ] {
        assert_eq!(bench.with(more.clone()).await.is_ok(), good, "{more}");
    }
    let expired = bench.with(json!({ "exp": NOW_S - 100 })).await.unwrap_err();
    assert_eq!(expired, Refusal::Expired { at: NOW_S - 100, now: NOW_S });
    let early = bench.with(json!({ "nbf": NOW_S + 100 })).await.unwrap_err();
    assert_eq!(early, Refusal::NotYetValid { at: NOW_S + 100, now: NOW_S });
    let future = bench.with(json!({ "iat": NOW_S + 100 })).await.unwrap_err();
    assert_eq!(future, Refusal::FromTheFuture { at: NOW_S + 100, now: NOW_S });
    for (name, wrong) in [
        ("exp", json!(null)),
        ("exp", json!("soon")),
        ("exp", json!(NOW_S.to_string())),
        ("exp", json!([NOW_S + 100])),
        ("iat", json!(null)),
        ("iat", json!(true)),
        ("nbf", json!("now")),
    ] {
        let refused = bench.with(json!({ name: wrong })).await.unwrap_err();
        assert_eq!(refused, Refusal::Claim(name));
    }
}

#[tokio::test]
async fn the_audience_is_exact() {
    let bench = Bench::new("ES256").await;
    for good in [json!(AUDIENCE), json!([AUDIENCE]), json!(["other", AUDIENCE])] {
        assert!(bench.with(json!({ "aud": good })).await.is_ok());
    }
    for wrong in [
        json!("https://weir.example.com/"),
        json!("https://weir.example.co"),
        json!("HTTPS://weir.example.com"),
        json!("https://weir.example.com https://other"),
        json!(""),
        json!([]),
        json!(["other"]),
        json!([[AUDIENCE]]),
        json!({ "aud": AUDIENCE }),
        json!(1),
        json!(null),
    ] {
        let refused = bench.with(json!({ "aud": wrong })).await.unwrap_err();
        assert!(matches!(refused, Refusal::Audience { .. }), "{wrong}: {refused}");
    }
}

#[tokio::test]
async fn the_issuer_is_exact() {
    let bench = Bench::new("ES256").await;
    for wrong in [format!("{}/", bench.issuer.url), "https://gitlab.com".to_owned(), String::new()] {
        let refused = bench.with(json!({ "iss": wrong })).await.unwrap_err();
        assert_eq!(refused, Refusal::Issuer { expected: bench.issuer.url.clone(), found: wrong });
    }
    for wrong in [json!(null), json!(1), json!([bench.issuer.url])] {
        assert_eq!(bench.with(json!({ "iss": wrong })).await.unwrap_err(), Refusal::Claim("iss"));
    }
    // Nothing was asked of anybody for these.
    assert_eq!(bench.issuer.fetches(), (0, 0));
}

#[tokio::test]
async fn another_key_is_not_the_issuers() {
    let bench = Bench::new("ES256").await;
    let claims = bench.issuer.claims(AUDIENCE, NOW, json!({}));
    let forged = SigningKey::generate("key-1", "ES256").token(&claims);
    assert_eq!(bench.verify(&forged).await.unwrap_err(), Refusal::Signature);
    let unknown = SigningKey::generate("key-2", "ES256").token(&claims);
    let expected = jwks::Error::UnknownKey(Some("key-2".to_owned()));
    assert_eq!(bench.verify(&unknown).await.unwrap_err(), Refusal::Keys(expected));
}

#[tokio::test]
async fn a_changed_token_is_not_the_issuers() {
    let bench = Bench::new("ES256").await;
    let token = bench.issuer.token(AUDIENCE, NOW, json!({ "role": "guest" }));
    let parts = token.split('.').collect::<Vec<_>>();
    let claims = encode(bench.issuer.claims(AUDIENCE, NOW, json!({ "role": "owner" })).to_string());

    let changed = format!("{}.{claims}.{}", parts[0], parts[2]);
    assert_eq!(bench.verify(&changed).await.unwrap_err(), Refusal::Signature);
    let unsigned = format!("{}.{}.", parts[0], parts[1]);
    assert_eq!(bench.verify(&unsigned).await.unwrap_err(), Refusal::Signature);
    let shortened = format!("{}.{}.{}", parts[0], parts[1], &parts[2][..40]);
    assert_eq!(bench.verify(&shortened).await.unwrap_err(), Refusal::Signature);
}

#[tokio::test]
async fn none_and_secrets_are_no_algorithms() {
    let bench = Bench::new("RS256").await;
    let claims = bench.issuer.claims(AUDIENCE, NOW, json!({}));
    let body = encode(claims.to_string());
    for name in [
        "none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "rs256", "ES512", "ES256K", "RSA-OAEP",
    ] {
        let header = encode(json!({ "alg": name, "kid": "key-1" }).to_string());
        for signature in ["", "AAAA"] {
            let refused = bench.verify(&format!("{header}.{body}.{signature}")).await.unwrap_err();
            assert_eq!(refused, Refusal::Algorithm(name.to_owned()));
        }
    }
    // The classic: the public key, in whatever form, as the secret of an HMAC.
    let published = SigningKey::generate("key-1", "RS256");
    let modulus = published.jwk()["n"].as_str().unwrap().to_owned();
    bench.issuer.publish(vec![published.jwk()]);
    for secret in [modulus.as_bytes(), published.jwk().to_string().as_bytes(), b""] {
        let token = SigningKey::secret("key-1", secret).token(&claims);
        assert_eq!(bench.verify(&token).await.unwrap_err(), Refusal::Algorithm("HS256".to_owned()));
        // And named as something that is accepted.
        let header = json!({ "alg": "RS256", "kid": "key-1" });
        let token = SigningKey::secret("key-1", secret).token_with(&header, &claims);
        assert_eq!(bench.verify(&token).await.unwrap_err(), Refusal::Signature);
    }
}

#[tokio::test]
async fn the_algorithm_belongs_to_the_key() {
    let bench = Bench::new("RS256").await;
    let claims = bench.issuer.claims(AUDIENCE, NOW, json!({}));
    // Signed rightly by the issuer's key, but not with the algorithm that the key is for.
    for algorithm in ["PS256", "RS512", "ES256", "EdDSA"] {
        let key = SigningKey::generate("key-1", "RS256");
        bench.issuer.replace_key(key);
        let issuers = Issuers::new(door(std::slice::from_ref(&bench.issuer.url)));
        let token = SigningKey::generate("key-1", algorithm).token(&claims);
        let refused = verify(&issuers, &token, &bench.issuer.url, &[AUDIENCE], NOW).await.unwrap_err();
        let expected = jwks::Error::UnfitKey { kid: Some("key-1".to_owned()), algorithm };
        assert_eq!(refused, Refusal::Keys(expected));
    }
}

#[tokio::test]
async fn a_token_without_a_key_name_needs_an_issuer_with_one_key() {
    let bench = Bench::new("ES256").await;
    let key = SigningKey::generate("only", "ES256");
    let token = key.token_with(&json!({ "alg": "ES256" }), &bench.issuer.claims(AUDIENCE, NOW, json!({})));
    let verify = async |jwks: Vec<Value>| {
        bench.issuer.publish(jwks);
        let issuers = Issuers::new(door(std::slice::from_ref(&bench.issuer.url)));
        verify(&issuers, &token, &bench.issuer.url, &[AUDIENCE], NOW).await
    };
    assert!(verify(vec![key.jwk()]).await.is_ok());
    assert!(verify(vec![key.jwk(), SigningKey::generate("rsa", "RS256").jwk()]).await.is_ok());
    let two = verify(vec![key.jwk(), SigningKey::generate("other", "ES256").jwk()]).await.unwrap_err();
    assert_eq!(two, Refusal::Keys(jwks::Error::UnknownKey(None)));
    let none = verify(vec![]).await.unwrap_err();
    assert_eq!(none, Refusal::Keys(jwks::Error::UnknownKey(None)));
}

#[tokio::test]
async fn a_replaced_key_is_learned_and_the_old_one_refused() {
    let bench = Bench::new("RS256").await;
    let old = bench.issuer.token(AUDIENCE, NOW, json!({}));
    assert!(bench.verify(&old).await.is_ok());
    bench.issuer.replace_key(SigningKey::generate("key-2", "RS256"));
    let later = NOW + 20_000;
    let new = bench.issuer.token(AUDIENCE, later, json!({}));

    let learned = verify(&bench.issuers, &new, &bench.issuer.url, &[AUDIENCE], later).await;
    assert!(learned.is_ok(), "{learned:?}");
    let refused = verify(&bench.issuers, &old, &bench.issuer.url, &[AUDIENCE], later).await.unwrap_err();
    assert_eq!(refused, Refusal::Keys(jwks::Error::UnknownKey(Some("key-1".to_owned()))));
}

#[tokio::test]
async fn other_kinds_of_tokens_are_refused() {
    let bench = Bench::new("ES256").await;
    let key = SigningKey::generate("key-1", "ES256");
    bench.issuer.publish(vec![key.jwk()]);
    let claims = bench.issuer.claims(AUDIENCE, NOW, json!({}));
    let with = async |more: Value| {
        let mut header = json!({ "alg": "ES256", "kid": "key-1" });
        header.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        bench.verify(&key.token_with(&header, &claims)).await
    };
    assert!(with(json!({})).await.is_ok());
    assert!(with(json!({ "typ": "jwt" })).await.is_ok());
    // A key inside the token, or an address of one, is nobody's word.
    let attacker = SigningKey::generate("key-1", "ES256");
    let header =
        json!({ "alg": "ES256", "kid": "key-1", "jwk": attacker.jwk(), "jku": "http://127.0.0.1:1/" });
    assert_eq!(bench.verify(&attacker.token_with(&header, &claims)).await.unwrap_err(), Refusal::Signature);

    assert_eq!(with(json!({ "typ": "at+jwt" })).await.unwrap_err(), Refusal::Type("at+jwt".to_owned()));
    assert_eq!(with(json!({ "crit": ["b64"], "b64": false })).await.unwrap_err(), Refusal::Critical);
    let long = "k".repeat(256);
    assert!(matches!(with(json!({ "kid": long })).await.unwrap_err(), Refusal::Malformed(_)));
}

#[tokio::test]
async fn what_is_no_token_is_refused_without_a_fetch() {
    let bench = Bench::new("ES256").await;
    let header = encode(json!({ "alg": "ES256" }).to_string());
    for text in [
        String::new(),
        "a".to_owned(),
        "..".to_owned(),
        "a.b.c.d".to_owned(),
        "glpat-12345678901234567890".to_owned(),
        "!.!.!".to_owned(),
        format!("{header}.{}.x", encode("[]")),
        format!("{header}.{}.x", encode("null")),
        format!("{header}.{}.x", encode("{")),
        format!("{}.{}.x", encode("{}"), encode("{}")),
        format!("{}.{}.x", encode("[1]"), encode("{}")),
        format!("{header}=.{}.x", encode("{}")),
        format!("{}.{}.x", encode("{\"alg\":\"none\",\"alg\":\"ES256\"}"), encode("{}")),
        format!("{header}.{}.x", encode("[".repeat(1000))),
    ] {
        let refused = bench.verify(&text).await.unwrap_err();
        assert!(matches!(refused, Refusal::Malformed(_) | Refusal::Claim("iss")), "{text}: {refused}");
    }
    let large = bench.issuer.token(AUDIENCE, NOW, json!({ "pad": "x".repeat(16 * 1024) }));
    assert_eq!(bench.verify(&large).await.unwrap_err(), Refusal::TooLarge(large.len()));
    assert_eq!(peek(&large).unwrap_err(), Refusal::TooLarge(large.len()));
    assert_eq!(bench.issuer.fetches(), (0, 0));
}

#[tokio::test]
async fn an_issuer_in_trouble_refuses_and_says_why_only_in_the_log() {
    for manner in [
        Manner::Down,
        Manner::HugeKeys,
        Manner::ManyKeys(1000),
        Manner::SlowKeys,
        Manner::Redirect("http://127.0.0.1:1/".to_owned()),
        Manner::OtherIssuer("https://gitlab.com".to_owned()),
    ] {
        let mut bench = Bench::new("ES256").await;
        if manner == Manner::SlowKeys {
            bench.issuers = Issuers::new(impatient_door(std::slice::from_ref(&bench.issuer.url)));
        }
        bench.issuer.behave(manner.clone());
        let refused = bench.with(json!({})).await.unwrap_err();
        assert!(matches!(refused, Refusal::Keys(_)), "{manner:?}: {refused}");
        let outside = weir_domain::Error::from(refused);
        assert!(matches!(outside, weir_domain::Error::Unauthenticated(_)));
        assert_eq!(outside.to_string(), "this ID token is not accepted");
    }
}
