//! One-time links.

use reqwest::Method;
use serde_json::json;
use weir_domain::Error;
use weir_domain::access::Role;
use weir_store::{sign_in_links, users};
use weir_testing::TestServer;

use super::{Browser, new_link, person};

#[tokio::test]
async fn looking_at_a_link_does_not_use_it_up_and_using_it_does() {
    let server = TestServer::start().await;
    person(&server, "alice").await;
    let link = new_link(&server, "alice").await;
    let mut browser = Browser::new(&server);
    for _ in 0..2 {
        let page = browser.go(Method::GET, &link).await;
        let text = String::from_utf8(page.bytes.clone()).unwrap();
        assert!(
            page.status == 200 && text.contains("<b>alice</b>") && text.contains("method=\"post\""),
            "{text}"
        );
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert!(page.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
        assert_eq!(browser.cookie, None);
    }
    let used = browser.go(Method::POST, &link).await;
    assert_eq!((used.status, used.header("location")), (303, Some("/")));
    assert_eq!(browser.current().await.unwrap()["user"]["username"], "alice");
    assert_eq!(signed_in(&server, &link).await, None, "used up");
}

/// Uses a link in a fresh browser, and tells who is signed in then.
async fn signed_in(server: &TestServer, link: &str) -> Option<String> {
    let mut browser = Browser::new(server);
    browser.go(Method::POST, link).await;
    let current = browser.current().await?;
    assert_eq!(current["session"]["method"], "link");
    current["user"]["username"].as_str().map(ToOwned::to_owned)
}

#[tokio::test]
async fn a_link_expires_and_goes_with_a_block() {
    let server = TestServer::start().await;
    let alice = person(&server, "alice").await;
    let link = new_link(&server, "alice").await;
    server.advance_ms(sign_in_links::LIFETIME_MS - 1);
    assert_eq!(Browser::new(&server).go(Method::GET, &link).await.status, 200);
    server.advance_ms(1);
    for method in [Method::GET, Method::POST] {
        let answer = Browser::new(&server).go(method, &link).await;
        assert_eq!(answer.status, 404);
        assert!(String::from_utf8(answer.bytes).unwrap().contains("does not work"));
    }

    let link = new_link(&server, "alice").await;
    server
        .store
        .write(move |tx| {
            let user = users::get(tx, alice)?;
            users::set_blocked(tx, &user, true)
        })
        .await
        .unwrap();
    assert_eq!(Browser::new(&server).go(Method::GET, &link).await.status, 404);
    assert_eq!(signed_in(&server, &link).await, None);
    let refused = server
        .store
        .write(move |tx| {
            let user = users::get(tx, alice)?;
            sign_in_links::create(tx, &user, [9; 32], i64::MAX, 0)
        })
        .await;
    assert!(matches!(refused, Err(Error::Conflict(text)) if text.contains("'alice' is blocked")));
}

#[tokio::test]
async fn a_link_does_not_outlive_a_block_or_another_password() {
    let server = TestServer::start().await;
    let alice = person(&server, "alice").await;
    let link = new_link(&server, "alice").await;
    for blocked in [true, false] {
        let change = move |tx: &mut weir_store::Tx<'_>| {
            let user = users::get(tx, alice)?;
            users::set_blocked(tx, &user, blocked)
        };
        server.store.write(change).await.unwrap();
    }
    assert_eq!(signed_in(&server, &link).await, None);

    let link = new_link(&server, "alice").await;
    server.store.write(move |tx| weir_store::passwords::set(tx, alice, "a hash", 0)).await.unwrap();
    assert_eq!(signed_in(&server, &link).await, None);
}

#[tokio::test]
async fn of_two_that_use_a_link_at_once_one_is_signed_in() {
    let server = TestServer::start().await;
    person(&server, "alice").await;
    let link = new_link(&server, "alice").await;
    let (one, other) = tokio::join!(signed_in(&server, &link), signed_in(&server, &link));
    assert_eq!(one.is_some() as u8 + other.is_some() as u8, 1);
}

#[tokio::test]
async fn another_site_cannot_use_a_link() {
    let server = TestServer::start().await;
    person(&server, "alice").await;
    let link = new_link(&server, "alice").await;
    let mut browser = Browser::new(&server);
    let request = browser.request(Method::POST, &link).header("origin", "https://evil.example");
    assert_eq!(browser.send(request).await.status, 403);
    assert_eq!(signed_in(&server, &link).await.as_deref(), Some("alice"));
    for nonsense in ["/-/sign-in/link/x", "/-/sign-in/link/%00", "/-/sign-in/link/'%20OR%201=1"] {
        let status = browser.go(Method::POST, nonsense).await.status;
        assert!(matches!(status, 400 | 404), "{nonsense}: {status}");
    }
}

#[tokio::test]
async fn an_administrator_makes_a_link_for_somebody() {
    let server = TestServer::start().await;
    let (alice, root) = (person(&server, "alice").await, server.root());
    let path = format!("users/{alice}/sign_in_link");
    let made = root.api_post(&path, json!({})).await.with(201);
    assert_eq!(
        (&made["username"], &made["expires_at"]),
        (&json!("alice"), &json!("2026-01-01T00:15:00.000Z"))
    );
    let link = made["path"].as_str().unwrap().to_owned();
    assert_eq!(signed_in(&server, &link).await.as_deref(), Some("alice"));
    assert_eq!(signed_in(&server, &link).await, None, "once");

    let owner = server.member("olga", Role::Owner).await;
    assert_eq!(owner.api_post(&path, json!({})).await.status, 403);
    assert_eq!(root.api_post("users/4711/sign_in_link", json!({})).await.status, 404);
    let block = move |tx: &mut weir_store::Tx<'_>| {
        let user = users::get(tx, alice)?;
        users::set_blocked(tx, &user, true)
    };
    server.store.write(block).await.unwrap();
    let refused = root.api_post(&path, json!({})).await;
    assert_eq!(refused.status, 409);
    assert!(refused.json()["message"].as_str().unwrap().contains("'alice' is blocked"));
}
