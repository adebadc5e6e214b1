//! How much text people may leave behind, and how much of it comes back.

use reqwest::Method;
use serde_json::json;
use weir_domain::access::Scopes;
use weir_testing::TestServer;

use super::refusal;

#[tokio::test]
async fn descriptions_are_as_long_as_gitlabs() {
    let server = TestServer::start().await;
    let root = server.root();
    let expires_at = "2026-06-01";
    for (what, most, make, change) in [
        ("project", 2000, "projects", "projects/root%2Fx"),
        ("group", 500, "groups", "groups/x"),
        ("token", 255, "projects/1/access_tokens", ""),
        ("token", 255, "users/1/personal_access_tokens", ""),
    ] {
        let body = |count: usize| {
            json!({ "name": "x", "path": "x", "scopes": ["api"], "expires_at": expires_at,
                    "description": "ü".repeat(count) })
        };
        let sentence = |count: usize| {
            format!(
                "400 the description of a {what} is too long (maximum is {most} characters): it has {count}"
            )
        };
        let answer = root.api_post(make, body(most + 1)).await;
        assert_eq!(refusal(&answer), sentence(most + 1), "{make}");
        root.api_post(make, body(most)).await.with(201);
        if change.is_empty() {
            continue;
        }
        let longer = json!({ "description": "x".repeat(most + 1) });
        assert_eq!(refusal(&root.api_put(change, longer).await), sentence(most + 1), "{change}");
        root.api_put(change, json!({ "description": "x".repeat(most) })).await.ok();
    }
}

#[tokio::test]
async fn a_huge_body_is_refused_and_a_huge_value_comes_not_back() {
    let server = TestServer::start().await;
    let alice = server.user("alice", &[], Scopes::API, "1").await;
    let huge = "x".repeat(1_100_000);
    for (method, path) in [
        (Method::POST, "projects"),
        (Method::POST, "groups"),
        (Method::PUT, "projects/1"),
        (Method::POST, "projects/1/members"),
    ] {
        let client = if path.contains('1') { server.root() } else { alice.clone() };
        let answer = client.api(method, path, json!({ "name": huge })).await;
        assert_eq!(
            refusal(&answer),
            "413 the request body is larger than the limit of 1048576 bytes",
            "{path}"
        );
    }
    let large = "x".repeat(900_000);
    for body in [
        json!({ "name": large }),
        json!({ "name": "x", "path": large }),
        json!({ "name": "x", "visibility": large }),
    ] {
        let answer = alice.api_post("projects", body).await;
        assert_eq!(answer.status, 400);
        assert!(answer.bytes.len() < 4000, "{} bytes", answer.bytes.len());
        assert!(answer.json()["message"].as_str().unwrap().contains("x … x"));
    }
    let answer = alice.api_get(&format!("projects/{}", "y".repeat(10_000))).await;
    assert!(answer.bytes.len() < 4000, "{}", answer.bytes.len());
    // MLflow's routes take larger bodies, and answer no more.
    let answer = server.root().post("runs/update", json!({ "run_id": huge })).await;
    assert_eq!(answer.status, 404);
    assert!(answer.bytes.len() < 4000, "{} bytes", answer.bytes.len());
}
