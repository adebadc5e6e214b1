//! What other sites could make a signed-in browser send changes nothing.

use reqwest::Method;
use serde_json::json;
use weir_domain::access::Right;
use weir_testing::TestServer;
use weir_testing::server::Wishes;

use super::{Browser, person, root};
use crate::access::addresses;

const CREATE: &str = "/api/v4/projects/1/ml/mlflow/api/2.0/mlflow/experiments/create";

#[tokio::test]
async fn every_change_by_a_cookie_needs_the_csrf_token() {
    let server = TestServer::start().await;
    let signed_in = root(&server).await;
    let mut forgetful = Browser { csrf: None, ..signed_in.clone() };
    let mut wrong = Browser { csrf: Some("0".repeat(64)), ..signed_in.clone() };
    let mut asked = 0;
    for route in server.routes() {
        // Who has no session cannot be made to use it: signing in, and addresses that are signed.
        if route.method == Method::GET || route.right == Right::Anyone {
            continue;
        }
        asked += 1;
        let path = addresses(&route.path);
        for browser in [&mut forgetful, &mut wrong] {
            let request = browser.request(route.method.clone(), &path).json(&json!({}));
            let answer = browser.send(request).await;
            assert_eq!(answer.status, 403, "{} {path}: {answer}", route.method);
            assert!(answer.to_string().contains("X-CSRF-Token"), "{} {path}: {answer}", route.method);
        }
        // Signing out would end the walk.
        if route.right == Right::Session {
            continue;
        }
        let answer =
            signed_in.clone().send(signed_in.request(route.method.clone(), &path).json(&json!({}))).await;
        assert!(!matches!(answer.status, 401 | 403), "{} {path}: {answer}", route.method);
    }
    assert!(asked > 100, "{asked}");
}

#[tokio::test]
async fn a_change_from_another_site_is_refused_whatever_it_carries() {
    let server = TestServer::start().await;
    let mut browser = root(&server).await;
    let own = server.address.clone();
    for (header, value, allowed) in [
        ("sec-fetch-site", "same-origin", true),
        ("sec-fetch-site", "same-site", false),
        ("sec-fetch-site", "cross-site", false),
        ("sec-fetch-site", "none", false),
        ("origin", own.as_str(), true),
        ("origin", "https://evil.example", false),
        ("origin", "null", false),
        ("origin", "http://127.0.0.1:1", false),
    ] {
        let body = json!({ "name": format!("{header} {value}") });
        let answer =
            browser.send(browser.request(Method::POST, CREATE).header(header, value).json(&body)).await;
        assert_eq!(answer.status, if allowed { 200 } else { 403 }, "{header}: {value}: {answer}");
    }
}

#[tokio::test]
async fn the_outer_address_is_an_origin_of_ours() {
    let wishes = Wishes { external_url: Some("https://weir.example/ml"), ..Wishes::default() };
    let server = TestServer::with(wishes).await;
    let mut browser = root(&server).await;
    for (origin, status) in
        [("https://weir.example", 200), ("http://weir.example", 403), ("https://weir.example.evil", 403)]
    {
        let request = browser.request(Method::POST, CREATE).header("origin", origin);
        let answer = browser.send(request.json(&json!({ "name": origin }))).await;
        assert_eq!(answer.status, status, "{origin}: {answer}");
    }
}

#[tokio::test]
async fn nobody_is_signed_in_by_another_site() {
    let server = TestServer::start().await;
    person(&server, "alice").await;
    let mut browser = Browser::new(&server);
    let body = json!({ "username": "alice", "password": super::PASSWORD });
    let request = browser.request(Method::POST, "/-/session").header("sec-fetch-site", "cross-site");
    assert_eq!(browser.send(request.json(&body)).await.status, 403);
    // What a form of another site could send.
    let request = browser.request(Method::POST, "/-/session").header("content-type", "text/plain");
    assert_eq!(browser.send(request.body(body.to_string())).await.status, 400);
    assert_eq!(browser.cookie, None);
}

#[tokio::test]
async fn reading_needs_no_csrf_token_and_neither_does_an_access_token() {
    let server = TestServer::start().await;
    let mut browser = root(&server).await;
    browser.csrf = None;
    let read = "/api/v4/projects/1/ml/mlflow/api/2.0/mlflow/experiments/get?experiment_id=0";
    browser.go(Method::GET, read).await.ok();
    // As a script would that shares the cookies of a browser: the token is what counts.
    let token = server.root().token.unwrap();
    let request = browser.request(Method::POST, CREATE).header("PRIVATE-TOKEN", &token);
    browser.send(request.json(&json!({ "name": "by token" }))).await.ok();
    // A bad token is not replaced by a good cookie.
    let request = browser.request(Method::GET, read).header("PRIVATE-TOKEN", "glpat-bad");
    assert_eq!(browser.send(request).await.status, 401);
}
