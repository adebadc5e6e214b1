//! Trust rules over REST.

use serde_json::json;
use weir_domain::access::{Role, Visibility};

use super::{AUDIENCE, Bench};

const RULES: &str = "projects/1/ml/trust_rules";

#[tokio::test]
async fn rules_are_made_listed_and_removed() {
    let bench = Bench::new().await;
    let rule = bench.trust(json!({})).await;
    assert_eq!(rule["name"], "training");
    assert_eq!(rule["issuer"], bench.issuer.url);
    assert_eq!(rule["audience"], AUDIENCE);
    assert_eq!(rule["claims"], json!({ "project_path": "acme/vision", "ref": "main" }));
    assert_eq!((&rule["access_level"], &rule["role"]), (&json!(30), &json!("developer")));
    assert_eq!(
        (&rule["created_by"], &rule["created_at"]),
        (&json!("mary"), &json!("2026-01-01T00:00:00.000Z"))
    );
    let other = bench.trust(json!({ "name": "second" })).await;
    assert_ne!(rule["user_id"], other["user_id"]);

    let list = bench.maintainer.api_get(RULES).await.ok();
    assert_eq!(list, json!([rule, other]));
    let one = format!("{RULES}/{}", rule["id"]);
    assert_eq!(bench.maintainer.api_get(&one).await.ok(), rule);
    bench.maintainer.api_delete(&one).await.with(204);
    assert_eq!(bench.maintainer.api_get(&one).await.status, 404);
    assert_eq!(bench.maintainer.api_delete(&one).await.status, 404);
    assert_eq!(bench.maintainer.api_get(RULES).await.ok(), json!([other]));
}

#[tokio::test]
async fn rules_are_for_maintainers_of_the_project() {
    let bench = Bench::new().await;
    let rule = bench.trust(json!({})).await;
    let one = format!("{RULES}/{}", rule["id"]);
    let developer = bench.server.developer("dave").await;
    for answer in [
        developer.api_get(RULES).await,
        developer.api_get(&one).await,
        developer.api_post(RULES, bench.rule(json!({}))).await,
        developer.api_delete(&one).await,
    ] {
        assert_eq!(answer.status, 403, "{answer}");
    }
    // Another project's rule is not there.
    let other = bench.server.project("root/other", Visibility::Private).await;
    let root = bench.server.root();
    assert_eq!(root.api_get(&format!("projects/{other}/ml/trust_rules/{}", rule["id"])).await.status, 404);
    assert_eq!(root.api_delete(&format!("projects/{other}/ml/trust_rules/{}", rule["id"])).await.status, 404);
    // Nobody gives what they have not.
    let above = bench.maintainer.api_post(RULES, bench.rule(json!({ "access_level": 50 }))).await;
    assert!(above.to_string().starts_with("400 {\"message\":\"you may not make a trust rule"), "{above}");
    bench
        .server
        .member("olga", Role::Owner)
        .await
        .api_post(RULES, bench.rule(json!({ "access_level": 50 })))
        .await
        .with(201);
}

#[tokio::test]
async fn bad_rules_are_refused_with_a_reason() {
    let bench = Bench::new().await;
    for (more, reason) in [
        (json!({ "name": null }), "name is missing"),
        (json!({ "name": "" }), "name"),
        (json!({ "issuer": null }), "issuer is missing"),
        (json!({ "issuer": "gitlab.com" }), "is not an issuer"),
        (json!({ "issuer": "https://gitlab.com" }), "outbound addresses (--outbound-allow)"),
        (json!({ "audience": null }), "audience is missing"),
        (json!({ "audience": "" }), "is not an audience"),
        (json!({ "claims": null }), "claims is missing"),
        (json!({ "claims": {} }), "needs a condition"),
        (json!({ "claims": { "ref": "main" } }), "needs a condition that says whose jobs it trusts"),
        (json!({ "claims": { "project_path": "*/*" } }), "everybody's jobs at 'http://"),
        (json!({ "claims": { "ref": 1 } }), "claims[ref] is 1"),
        (json!({ "claims": { "ref": "a\u{0}b" } }), "control characters"),
        (json!({ "claims": { "a\u{0}b": "x" } }), "is not a condition"),
        (json!({ "access_level": 35 }), "'35' is not a role"),
    ] {
        let answer = bench.maintainer.api_post(RULES, bench.rule(more.clone())).await;
        assert_eq!(answer.status, 400, "{more} {answer}");
        let message = answer.json()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(reason), "{more}: {message}");
    }
    let many = (0..21).map(|n| (format!("c{n}"), json!("x"))).collect::<serde_json::Map<_, _>>();
    let answer = bench.maintainer.api_post(RULES, bench.rule(json!({ "claims": many }))).await;
    assert!(answer.to_string().contains("21 conditions are more than 20"), "{answer}");
    assert_eq!(bench.maintainer.api_get(RULES).await.ok(), json!([]));
}

#[tokio::test]
async fn a_project_has_fifty_rules_at_most() {
    let bench = Bench::new().await;
    for number in 0..50 {
        bench.trust(json!({ "name": format!("rule {number}") })).await;
    }
    let answer = bench.maintainer.api_post(RULES, bench.rule(json!({}))).await;
    assert_eq!(answer.status, 409, "{answer}");
}
