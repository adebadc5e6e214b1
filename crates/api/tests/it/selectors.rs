//! Selectors of versions, by the routes that MLflow's client turns `models:/…` addresses into.

use serde_json::{Value, json};
use weir_testing::{Client, TestServer};

fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// `models:/m@<alias>`: the version it means, or the whole answer.
async fn at(client: &Client, alias: &str) -> String {
    let answer = client.get(&format!("registered-models/alias?name=m&alias={}", encode(alias))).await;
    match answer.status {
        200 => answer.ok()["model_version"]["aliases"][0].as_str().unwrap().to_owned(),
        _ => answer.to_string(),
    }
}

/// `models:/m/<text>` when the text is no number: the versions among which the client takes the last.
async fn behind_slash(client: &Client, text: &str) -> String {
    let body = json!({ "name": "m", "stages": [text] });
    let answer = client.post("registered-models/get-latest-versions", body).await;
    match answer.status {
        200 => versions(&answer.ok()).join(" "),
        _ => answer.to_string(),
    }
}

fn versions(answer: &Value) -> Vec<String> {
    let found = answer["model_versions"].as_array().cloned().unwrap_or_default();
    found.iter().map(|version| version["aliases"][0].as_str().unwrap().to_owned()).collect()
}

async fn model(client: &Client) {
    client.create_model("m").await;
    for version in ["1.0.0", "1.2.0", "1.2.3", "1.10.0", "2.0.0-rc.1", "2.0.0-rc.2", "0.9.0"] {
        client.create_semver("m", version).await;
    }
}

#[tokio::test]
async fn every_form_finds_its_version_behind_both_signs() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    model(&alice).await;
    let alias = json!({ "name": "m", "alias": "champion", "version": "1.2.0" });
    alice.post("registered-models/alias", alias).await.ok();
    for (selector, version) in [
        ("1.2.0", "1.2.0"),
        ("=1.2.0", "1.2.0"),
        ("^1.2", "1.10.0"),
        ("~1.2", "1.2.3"),
        ("~1.2.3", "1.2.3"),
        (">=1.2,<2", "1.10.0"),
        (">=1.0.0, <1.2.3", "1.2.0"),
        ("1.x", "1.10.0"),
        ("1.2.*", "1.2.3"),
        ("*", "1.10.0"),
        ("<1", "0.9.0"),
        (">=2.0.0-rc.1", "2.0.0-rc.2"),
        ("=2.0.0-rc.1", "2.0.0-rc.1"),
        ("2.0.0-rc.1", "2.0.0-rc.1"),
        ("latest", "1.10.0"),
        ("champion", "1.2.0"),
    ] {
        assert_eq!(at(&alice, selector).await, version, "m@{selector}");
        assert_eq!(behind_slash(&alice, selector).await, version, "m/{selector}");
    }
}

#[tokio::test]
async fn what_matches_nothing_is_an_error_that_lists_what_there_is() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    model(&alice).await;
    for selector in ["9.9.9", "^3", ">=2,<3", "~1.5", "=1.2.0-rc.1", "nobody"] {
        for answer in [at(&alice, selector).await, behind_slash(&alice, selector).await] {
            assert!(answer.starts_with("404 RESOURCE_DOES_NOT_EXIST"), "{selector}: {answer}");
            assert!(
                answer.contains("1.10.0 (4), 1.2.3 (3), 1.2.0 (2), 1.0.0 (1), 0.9.0 (7), 2.0.0-rc.2 (6)"),
                "{selector}: {answer}"
            );
        }
    }
    for malformed in ["^abc", "1.2", ">=1 <2", "^1 || ^2"] {
        assert!(at(&alice, malformed).await.starts_with("400"), "{malformed}");
    }
    let answer = alice.get("registered-models/alias?name=nope&alias=x").await;
    assert!(answer.to_string().contains("Registered Model with name=nope not found"), "{answer}");
}

#[tokio::test]
async fn the_latest_of_each_stage_is_the_highest_and_not_the_newest() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let latest = async |stages: Value| {
        let body = json!({ "name": "m", "stages": stages });
        versions(&alice.post("registered-models/get-latest-versions", body).await.ok())
    };
    assert!(latest(json!([])).await.is_empty());
    for version in ["2.0.0-rc.1", "1.1.0", "1.0.0"] {
        alice.create_semver("m", version).await;
    }
    assert_eq!(latest(json!([])).await, ["1.1.0"]);
    assert!(latest(json!(["Production"])).await.is_empty(), "a stage may be empty, as in MLflow");
    for version in ["1.0.0", "2.0.0-rc.1"] {
        let body = json!({ "name": "m", "version": version, "stage": "Staging" });
        alice.post("model-versions/transition-stage", body).await.ok();
    }
    assert_eq!(latest(json!(["staging"])).await, ["1.0.0"]);
    assert_eq!(latest(json!([])).await, ["1.1.0", "1.0.0"], "one of each stage, by number");
    assert_eq!(latest(json!(["None", "Staging", "Archived"])).await, ["1.1.0", "1.0.0"]);
    let by_query = alice.get("registered-models/get-latest-versions?name=m&stages=None&stages=Staging").await;
    assert_eq!(versions(&by_query.ok()), ["1.1.0", "1.0.0"]);
    let model = alice.get("registered-models/get?name=m").await.ok()["registered_model"].clone();
    let shown: Vec<_> =
        model["latest_versions"].as_array().unwrap().iter().map(|v| v["version"].clone()).collect();
    assert_eq!(shown, ["2", "3"]);
}

#[tokio::test]
async fn a_request_for_the_latest_versions_names_each_once_and_not_too_many() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    model(&alice).await;
    let ask = async |stages: Vec<&str>| {
        let body = json!({ "name": "m", "stages": stages });
        alice.post("registered-models/get-latest-versions", body).await
    };
    let all = ask(["1.2.0", "2", "^1.2.0, <1.2.3", "None", "1.2.0", "none"].repeat(16)).await.ok();
    assert_eq!(versions(&all), ["1.2.0", "1.10.0"]);
    let refused = ask(vec!["1.2.0"; 101]).await;
    assert_eq!(
        refused.to_string(),
        "400 INVALID_PARAMETER_VALUE: 'stages' has 101 elements, and at most 100 are allowed"
    );
    let query = format!("registered-models/get-latest-versions?name=m{}", "&stages=1".repeat(101));
    assert_eq!(alice.get(&query).await.status, 400);
}

#[tokio::test]
async fn an_answer_of_the_latest_versions_holds_no_more_than_a_page() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let tags: Vec<Value> =
        (0..10).map(|key| json!({ "key": key.to_string(), "value": "x".repeat(100_000) })).collect();
    for _ in 0..34 {
        alice.create_version("m", json!({ "tags": tags })).await;
    }
    let ask = async |most: usize| {
        let numbers: Vec<String> = (1..=most).map(|number| number.to_string()).collect();
        let body = json!({ "name": "m", "stages": numbers });
        alice.post("registered-models/get-latest-versions", body).await
    };
    let refused = ask(34).await;
    assert_eq!(refused.status, 400);
    assert!(refused.to_string().contains("'stages' selects 34 versions of 34"), "{refused}");
    assert_eq!(versions(&ask(33).await.ok()).len(), 33);
}

#[tokio::test]
async fn numbers_and_texts_beyond_their_limits_are_refused_in_words() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    model(&alice).await;
    let (huge, long) = ("9".repeat(30), "a".repeat(256));
    for version in ["9223372036854775808", huge.as_str(), "0", "-1", "1e3"] {
        let answer = alice.get(&format!("model-versions/get?name=m&version={version}")).await.to_string();
        let sentence = format!(
            "400 INVALID_PARAMETER_VALUE: Parameter 'version' must be an integer, got '{version}'. A positive integer up to 9223372036854775807 is fine, and so is a SemVer such as 1.2.0."
        );
        assert_eq!(answer, sentence);
    }
    let last = alice.get("model-versions/get?name=m&version=9223372036854775807").await.to_string();
    assert!(last.starts_with("404 RESOURCE_DOES_NOT_EXIST: Model Version (name=m, version=92"), "{last}");
    for (selector, sentence) in [
        (format!("^{huge}"), "400 INVALID_PARAMETER_VALUE: Invalid version range '^999"),
        (format!("1.0.{huge}"), "400 INVALID_PARAMETER_VALUE: Invalid version range '1.0.999"),
        (format!("^1{}", " ".repeat(255)), "400 INVALID_PARAMETER_VALUE: Invalid version range '^1"),
        (
            long.clone(),
            "400 INVALID_PARAMETER_VALUE: 'Registered model alias name' exceeds the maximum length",
        ),
        (huge.clone(), "404 RESOURCE_DOES_NOT_EXIST: Registered model alias 999"),
    ] {
        for answer in [at(&alice, &selector).await, behind_slash(&alice, &selector).await] {
            assert!(answer.starts_with(sentence), "{selector}: {answer}");
        }
    }
}
