//! Keys of issuers: fetched once, rotated, bounded, kept while the issuer is down.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use weir_identity::jwks::{Algorithm, Error, Issuers};
use weir_identity::outbound::{self, Outbound, Settings};

use crate::web::{door, impatient_door, settings};
use weir_fake_issuer::{Issuer, Manner, SigningKey};

const NOW: i64 = 1_800_000_000_000;
const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 24 * 60 * MINUTE;

async fn issuer() -> (Issuer, Issuers) {
    let issuer = Issuer::start(SigningKey::generate("one", "ES256")).await;
    let issuers = Issuers::new(door(std::slice::from_ref(&issuer.url)));
    (issuer, issuers)
}

async fn find(issuers: &Issuers, issuer: &Issuer, kid: &str, now: i64) -> Result<usize, Error> {
    issuers.keys(&issuer.url, Some(kid), Algorithm::Es256, now).await.map(|keys| keys.len())
}

#[tokio::test]
async fn keys_are_fetched_once_and_again_when_they_are_old() {
    let (issuer, issuers) = issuer().await;
    issuer.cache_control("max-age=600");
    for now in [NOW, NOW + MINUTE, NOW + 599 * SECOND, NOW - 10 * SECOND] {
        assert_eq!(find(&issuers, &issuer, "one", now).await, Ok(1));
    }
    assert_eq!(issuer.fetches(), (1, 1));
    assert_eq!(find(&issuers, &issuer, "one", NOW + 600 * SECOND).await, Ok(1));
    assert_eq!(issuer.fetches(), (2, 2));
    // A clock set back does not make a set last for ever.
    assert_eq!(find(&issuers, &issuer, "one", NOW - DAY).await, Ok(1));
    assert_eq!(issuer.fetches(), (2, 3));
}

#[tokio::test]
async fn callers_at_the_same_time_cause_one_fetch() {
    let (issuer, issuers) = issuer().await;
    let issuers = Arc::new(issuers);
    let callers = (0..32).map(|_| {
        let (issuers, url) = (issuers.clone(), issuer.url.clone());
        tokio::spawn(async move {
            issuers.keys(&url, Some("one"), Algorithm::Es256, NOW).await.map(|keys| keys.len())
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        assert_eq!(caller.await.unwrap(), Ok(1));
    }
    assert_eq!(issuer.fetches(), (1, 1));
}

#[tokio::test]
async fn a_rotated_key_is_found_and_the_old_one_forgotten() {
    let (issuer, issuers) = issuer().await;
    assert_eq!(find(&issuers, &issuer, "one", NOW).await, Ok(1));
    issuer.replace_key(SigningKey::generate("two", "ES256"));

    // Not so soon after the last fetch.
    let unknown = Err(Error::UnknownKey(Some("two".to_owned())));
    assert_eq!(find(&issuers, &issuer, "two", NOW + SECOND).await, unknown);
    assert_eq!(find(&issuers, &issuer, "two", NOW + 15 * SECOND).await, Ok(1));
    let forgotten = Err(Error::UnknownKey(Some("one".to_owned())));
    assert_eq!(find(&issuers, &issuer, "one", NOW + 40 * SECOND).await, forgotten);
}

#[tokio::test]
async fn made_up_key_names_cause_few_fetches() {
    let (issuer, issuers) = issuer().await;
    let issuers = Arc::new(issuers);
    for second in 0..60 {
        let callers = (0..4).map(|i| {
            let (issuers, url) = (issuers.clone(), issuer.url.clone());
            let kid = format!("made-up-{second}-{i}");
            let now = NOW + second * SECOND;
            tokio::spawn(async move { issuers.keys(&url, Some(&kid), Algorithm::Es256, now).await.is_err() })
        });
        for caller in callers.collect::<Vec<_>>() {
            assert!(caller.await.unwrap());
        }
    }
    assert_eq!(issuer.fetches(), (1, 4));
}

#[tokio::test]
async fn keys_last_a_day_while_the_issuer_is_down() {
    let (issuer, issuers) = issuer().await;
    assert_eq!(find(&issuers, &issuer, "one", NOW).await, Ok(1));
    issuer.behave(Manner::Down);
    let until = NOW + 5 * MINUTE;

    assert_eq!(find(&issuers, &issuer, "one", until).await, Ok(1));
    assert_eq!(find(&issuers, &issuer, "one", until + SECOND).await, Ok(1));
    // One failed attempt for both.
    assert_eq!(issuer.fetches(), (2, 1));
    assert_eq!(find(&issuers, &issuer, "one", until + DAY - SECOND).await, Ok(1));
    let down = find(&issuers, &issuer, "one", until + DAY + MINUTE).await;
    assert!(matches!(down, Err(Error::Status { status: 503, .. })), "{down:?}");

    issuer.behave(Manner::Good);
    assert_eq!(find(&issuers, &issuer, "one", until + DAY + 2 * MINUTE).await, Ok(1));
}

#[tokio::test]
async fn an_issuer_that_was_never_up_is_asked_now_and_then() {
    let (issuer, issuers) = issuer().await;
    issuer.behave(Manner::Down);
    for second in 0..30 {
        let down = find(&issuers, &issuer, "one", NOW + second * SECOND).await;
        assert!(matches!(down, Err(Error::Status { status: 503, .. })), "{down:?}");
    }
    assert_eq!(issuer.fetches(), (2, 0));
}

#[tokio::test]
async fn a_slow_issuer_holds_up_one_caller_only_when_there_is_an_old_set() {
    let issuer = Issuer::start(SigningKey::generate("one", "ES256")).await;
    let quick =
        Settings { total_timeout: Duration::from_secs(3), ..settings(std::slice::from_ref(&issuer.url)) };
    let issuers = Arc::new(Issuers::new(Arc::new(Outbound::new(quick).unwrap())));
    assert_eq!(find(&issuers, &issuer, "one", NOW).await, Ok(1));
    issuer.behave(Manner::SlowKeys);
    let later = NOW + 10 * MINUTE;

    let (waits, does_not) = tokio::join!(
        find(&issuers, &issuer, "one", later),
        tokio::time::timeout(Duration::from_secs(2), find(&issuers, &issuer, "one", later))
    );

    assert_eq!(waits, Ok(1));
    assert_eq!(does_not.unwrap(), Ok(1));
    assert_eq!(issuer.fetches(), (2, 2));
}

#[tokio::test]
async fn a_caller_who_hangs_up_leaves_the_keys_behind() {
    let (issuer, issuers) = issuer().await;
    let mut asking = Box::pin(find(&issuers, &issuer, "one", NOW));
    // Polled once, so that the fetch begins; then the caller is gone.
    let answered = tokio::select! {
        biased;
        _ = &mut asking => true,
        () = std::future::ready(()) => false,
    };
    drop(asking);
    assert_eq!(find(&issuers, &issuer, "one", NOW).await, Ok(1));
    assert!(!answered);
    assert_eq!(issuer.fetches(), (1, 1));
}

#[tokio::test]
async fn an_issuer_that_misbehaves_is_no_issuer() {
    for (manner, expected) in [
        (Manner::HugeKeys, "more than 262144 bytes"),
        (Manner::SlowKeys, "took longer than 500 ms"),
        (Manner::ManyKeys(101), "101 keys, more than 100"),
        (Manner::Keys("nonsense".to_owned()), "JSON expected: syntax error at line 1"),
        (Manner::Keys("{}".to_owned()), "JSON expected: data error at line 1"),
        (Manner::Redirect("http://169.254.169.254/".to_owned()), "302, a redirect"),
        (Manner::OtherIssuer("https://else.example".to_owned()), "is of the issuer \"https://else.example\""),
        (Manner::Down, "503"),
    ] {
        let (issuer, mut issuers) = issuer().await;
        if manner == Manner::SlowKeys {
            issuers = Issuers::new(impatient_door(std::slice::from_ref(&issuer.url)));
        }
        issuer.behave(manner.clone());
        let error = find(&issuers, &issuer, "one", NOW).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{manner:?}: {error}");
    }
    let (issuer, issuers) = issuer().await;
    issuer.behave(Manner::ManyKeys(100));
    assert_eq!(find(&issuers, &issuer, "one", NOW).await, Ok(4));
}

#[tokio::test]
async fn a_slash_makes_another_issuer() {
    let (issuer, issuers) = issuer().await;
    let slashed = format!("{}/", issuer.url);
    let error = issuers.keys(&slashed, Some("one"), Algorithm::Es256, NOW).await.unwrap_err();
    assert_eq!(error, Error::OtherIssuer { expected: slashed, found: issuer.url.clone() });
}

#[tokio::test]
async fn an_issuer_that_is_not_allowed_is_not_asked() {
    let issuer = Issuer::start(SigningKey::generate("one", "ES256")).await;
    let issuers = Issuers::new(door(&[]));
    let error = find(&issuers, &issuer, "one", NOW).await.unwrap_err();
    assert!(matches!(error, Error::Fetch { cause: outbound::Error::NotAllowed(_), .. }), "{error}");
    assert_eq!(issuer.fetches(), (0, 0));
}

#[tokio::test]
async fn keys_that_cannot_sign_are_left_out() {
    let rsa = SigningKey::generate("rsa", "RS256").jwk();
    let ec = SigningKey::generate("ec", "ES256").jwk();
    let with = |jwk: &serde_json::Value, name: &str, value: serde_json::Value| {
        let mut jwk = jwk.clone();
        jwk[name] = value;
        jwk
    };
    let short = "AQAB".repeat(42);
    for (jwk, usable) in [
        (ec.clone(), true),
        (with(&ec, "use", json!("enc")), false),
        (with(&ec, "key_ops", json!(["verify"])), true),
        (with(&ec, "key_ops", json!(["encrypt"])), false),
        (with(&ec, "crv", json!("P-521")), false),
        (with(&ec, "x", json!("AAAA")), false),
        (with(&ec, "y", json!(1)), false),
        (with(&ec, "y", json!("!")), false),
        (with(&ec, "kty", json!("oct")), false),
        (with(&ec, "alg", json!("ES384")), false),
        (rsa.clone(), true),
        (with(&rsa, "n", json!(short)), false),
        (with(&rsa, "e", json!("AQAAAAAB")), false),
        (with(&rsa, "alg", json!("RS512")), false),
        (with(&rsa, "alg", json!("RSA-OAEP")), false),
        (json!("key"), false),
        (json!({}), false),
    ] {
        let (issuer, issuers) = issuer().await;
        issuer.publish(vec![jwk.clone()]);
        let algorithm = if jwk["kid"] == "rsa" { Algorithm::Rs256 } else { Algorithm::Es256 };
        let found = issuers.keys(&issuer.url, jwk["kid"].as_str(), algorithm, NOW).await;
        assert_eq!(found.is_ok(), usable, "{jwk}: {found:?}");
    }
}

#[tokio::test]
async fn no_more_issuers_are_kept_than_the_limit() {
    let (issuer, issuers) = issuer().await;
    assert_eq!(find(&issuers, &issuer, "one", NOW).await, Ok(1));
    // 63 others fit beside it, one more takes the place of the one that was not used for longest.
    for i in 0..63 {
        let other = format!("http://127.0.0.1:1/{i}");
        assert!(issuers.keys(&other, Some("one"), Algorithm::Es256, NOW + SECOND).await.is_err());
    }
    assert_eq!(find(&issuers, &issuer, "one", NOW).await, Ok(1));
    assert_eq!(issuer.fetches(), (1, 1));
    assert!(
        issuers.keys("http://127.0.0.1:1/64", Some("one"), Algorithm::Es256, NOW + SECOND).await.is_err()
    );
    assert_eq!(find(&issuers, &issuer, "one", NOW).await, Ok(1));
    assert_eq!(issuer.fetches(), (2, 2));
}
