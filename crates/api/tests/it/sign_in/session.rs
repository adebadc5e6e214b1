//! Sessions: rotated, listed, ended, and over in time.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use weir_store::{sessions, users};
use weir_testing::TestServer;
use weir_testing::server::Wishes;

use super::{Browser, PASSWORD, person};

const READ: &str = "/api/2.0/mlflow/experiments/get?experiment_id=0";

async fn alice(server: &TestServer) -> Browser {
    let mut browser = Browser::new(server);
    browser.sign_in("alice", PASSWORD).await.ok();
    browser
}

#[tokio::test]
async fn signing_in_ends_the_session_that_was_there() {
    let server = TestServer::start().await;
    person(&server, "alice").await;
    let mut browser = alice(&server).await;
    let mut before = browser.clone();
    browser.sign_in("alice", PASSWORD).await.ok();
    assert_ne!((&browser.cookie, &browser.csrf), (&before.cookie, &before.csrf));
    assert_eq!(before.current().await, None);

    // A cookie that somebody planted is not the one that is signed in.
    let mut planted = Browser { cookie: Some("0".repeat(64)), ..Browser::new(&server) };
    planted.sign_in("alice", PASSWORD).await.ok();
    assert_ne!(planted.cookie, Some("0".repeat(64)));
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_when_it_is_old() {
    let server = TestServer::start().await;
    person(&server, "alice").await;
    let mut browser = alice(&server).await;
    for _ in 0..4 {
        server.advance_ms(sessions::IDLE_MS - 1);
        assert!(browser.current().await.is_some());
    }
    let rest = sessions::LIFETIME_MS - 4 * (sessions::IDLE_MS - 1);
    server.advance_ms(rest - 1);
    assert!(browser.current().await.is_some());
    server.advance_ms(1);
    assert_eq!(browser.current().await, None, "old");

    let mut browser = alice(&server).await;
    server.advance_ms(sessions::IDLE_MS);
    assert_eq!(browser.current().await, None, "idle");
}

#[tokio::test]
async fn the_use_of_a_session_is_noted_once_a_minute_at_most() {
    let server = TestServer::start().await;
    super::person(&server, "alice").await;
    let mut browser = alice(&server).await;
    let begun = server.now();
    let used = async |browser: &mut Browser| -> Value {
        let sessions = browser.go(Method::GET, "/-/sessions").await.ok();
        sessions["sessions"][0]["last_used_at"].clone()
    };
    let first = used(&mut browser).await;
    server.advance_ms(59_999);
    assert_eq!(used(&mut browser).await, first);
    server.advance_ms(1);
    assert_ne!(used(&mut browser).await, first);

    // On a project's route it is noted beside the answer.
    let mut root = super::root(&server).await;
    server.advance_ms(60_000);
    root.go(Method::GET, READ).await.ok();
    for _ in 0..100 {
        let sessions = server.store.read(move |tx| sessions::list(tx, 1, begun)).await.unwrap();
        if sessions[0].last_used_at == server.now() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the use was not noted");
}

#[tokio::test]
async fn ones_own_sessions_are_listed_and_ended() {
    let server = TestServer::start().await;
    for name in ["alice", "bob"] {
        person(&server, name).await;
    }
    let (mut one, mut other) = (alice(&server).await, alice(&server).await);
    let mut bob = Browser::new(&server);
    bob.sign_in("bob", PASSWORD).await.ok();
    let list = one.go(Method::GET, "/-/sessions").await.ok()["sessions"].as_array().unwrap().clone();
    let current: Vec<&Value> = list.iter().map(|session| &session["current"]).collect();
    assert_eq!(current, [&Value::Bool(false), &Value::Bool(true)]);

    let id = list[0]["id"].as_i64().unwrap();
    let foreign = bob.go(Method::DELETE, &format!("/-/sessions/{id}")).await;
    assert_eq!(foreign.to_string(), format!(r#"404 {{"message":"you have no session with id '{id}'"}}"#));
    assert!(other.current().await.is_some());
    assert_eq!(one.go(Method::DELETE, &format!("/-/sessions/{id}")).await.status, 204);
    assert_eq!(other.current().await, None);
    assert!(one.current().await.is_some());
}

#[tokio::test]
async fn signing_out_works_at_once_here_and_everywhere() {
    let server = TestServer::start().await;
    let mut here = super::root(&server).await;
    let mut elsewhere = Browser::new(&server);
    elsewhere.sign_in("root", PASSWORD).await.ok();
    // The server has just looked at both, and remembers them.
    for browser in [&mut here, &mut elsewhere] {
        browser.go(Method::GET, READ).await.ok();
    }
    let mut copy = here.clone();
    let out = here.go(Method::DELETE, "/-/session").await;
    assert_eq!(out.status, 204);
    assert_eq!(out.header("set-cookie"), Some("weir_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    assert_eq!(copy.go(Method::GET, READ).await.status, 401);
    elsewhere.go(Method::GET, READ).await.ok();

    here.sign_in("root", PASSWORD).await.ok();
    here.go(Method::GET, READ).await.ok();
    assert_eq!(here.clone().go(Method::DELETE, "/-/sessions").await.status, 204);
    for browser in [&mut here, &mut elsewhere] {
        assert_eq!(browser.go(Method::GET, READ).await.status, 401);
    }
}

#[tokio::test]
async fn a_block_ends_sessions_for_good() {
    let server = TestServer::start().await;
    let id = person(&server, "alice").await;
    let mut browser = alice(&server).await;
    for blocked in [true, false] {
        server
            .store
            .write(move |tx| {
                let user = users::get(tx, id)?;
                users::set_blocked(tx, &user, blocked)
            })
            .await
            .unwrap();
        assert_eq!(browser.current().await, None);
    }
    browser.sign_in("alice", PASSWORD).await.ok();
}

#[tokio::test]
async fn the_oldest_of_too_many_sessions_ends() {
    let server = TestServer::start().await;
    let id = person(&server, "alice").await;
    let mut first = alice(&server).await;
    let now = server.now();
    server
        .store
        .write(move |tx| {
            for number in 0..50 {
                let (digest, method) = ([number; 32], sessions::Method::Link);
                let (address, user_agent, now) = ("203.0.113.9", "x", now + 1 + i64::from(number));
                sessions::create(
                    tx,
                    &sessions::NewSession { user_id: id, digest, method, address, user_agent, now },
                )?;
            }
            Ok(())
        })
        .await
        .unwrap();
    server.advance_ms(100);
    assert_eq!(first.current().await, None);
    let kept = server.store.read(move |tx| sessions::list(tx, id, now)).await.unwrap();
    assert_eq!(kept.len(), 50);
}

#[tokio::test]
async fn behind_tls_the_cookie_is_for_tls_only() {
    for (external_url, proxy, header, expected) in [
        (
            Some("https://weir.example/ml"),
            None,
            None,
            "Path=/ml/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure",
        ),
        (None, Some("127.0.0.1"), Some("https"), "Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"),
        (None, Some("127.0.0.1"), Some("http"), "Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"),
        (None, None, Some("https"), "Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"),
    ] {
        let trusted_proxies = proxy.iter().map(|text| text.parse().unwrap()).collect();
        let server = TestServer::with(Wishes { external_url, trusted_proxies, ..Wishes::default() }).await;
        person(&server, "alice").await;
        let mut browser = Browser::new(&server);
        let body = serde_json::json!({ "username": "alice", "password": PASSWORD });
        let mut request = browser.request(Method::POST, "/-/session").json(&body);
        if let Some(header) = header {
            request = request.header("x-forwarded-proto", header);
        }
        let answer = browser.send(request).await;
        let (_, attributes) = answer.header("set-cookie").unwrap().split_once("; ").unwrap();
        assert_eq!(attributes, expected);
    }
}

#[tokio::test]
async fn browsers_are_not_made_to_ask_for_a_password_themselves() {
    let server = TestServer::start().await;
    let mut browser = Browser::new(&server);
    let refused = browser.send(browser.request(Method::GET, READ).header("sec-fetch-mode", "cors")).await;
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, None));
    let program = browser.go(Method::GET, READ).await;
    assert_eq!((program.status, program.header("www-authenticate")), (401, Some("Basic realm=\"weir\"")));
}

#[tokio::test]
async fn without_auth_everybody_is_root_and_nobody_signs_in() {
    let server = TestServer::with(Wishes { no_auth: true, ..Wishes::default() }).await;
    let mut browser = Browser::new(&server);
    let current = browser.current().await.unwrap();
    assert_eq!((&current["user"]["username"], &current["session"]), (&"root".into(), &Value::Null));
    let methods = browser.go(Method::GET, "/-/sign-in/methods").await.ok();
    assert_eq!(methods, serde_json::json!({ "password": false, "oidc": null, "no_auth": true }));
    assert_eq!(browser.go(Method::DELETE, "/-/session").await.status, 409);
}
