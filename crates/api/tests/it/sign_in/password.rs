//! Signing in by password, the limits on trying, and changing it.

use reqwest::Method;
use serde_json::json;
use weir_domain::access::Role;
use weir_store::users;
use weir_testing::server::Wishes;
use weir_testing::{Answer, TestServer};

use super::{Browser, PASSWORD, new_link, person};

const WRONG: &str = r#"401 {"message":"the user name or the password is wrong"}"#;
const MINUTE_MS: i64 = 60_000;

#[tokio::test]
async fn the_right_password_begins_a_session_with_the_rights_of_its_user() {
    let server = TestServer::start().await;
    let alice = person(&server, "alice").await;
    server
        .store
        .write(move |tx| {
            weir_store::members::set(
                tx,
                weir_store::members::Place::Project(1),
                alice,
                Role::Reporter,
                None,
                0,
            )
        })
        .await
        .unwrap();
    let mut browser = Browser::new(&server);
    // GitLab's user names have no letter case either.
    let answer = browser.sign_in("Alice", PASSWORD).await;
    let cookie = answer.header("set-cookie").unwrap();
    let (value, attributes) = cookie.split_once(';').unwrap();
    assert_eq!(value.len(), "weir_session=".len() + 64);
    assert_eq!(attributes, " Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.ok();
    assert_eq!((&body["user"]["username"], &body["user"]["is_admin"]), (&json!("alice"), &json!(false)));
    assert_eq!(
        (&body["session"]["method"], &body["session"]["address"]),
        (&json!("password"), &json!("127.0.0.1"))
    );
    assert!(!body.to_string().contains(browser.cookie.as_ref().unwrap()), "the secret is in the cookie only");
    assert_eq!(browser.current().await.unwrap(), body);

    let mlflow = "/api/v4/projects/1/ml/mlflow/api/2.0/mlflow";
    browser.go(Method::GET, &format!("{mlflow}/experiments/get?experiment_id=0")).await.ok();
    let refused =
        browser.request(Method::POST, &format!("{mlflow}/experiments/create")).json(&json!({ "name": "x" }));
    let refused = browser.send(refused).await;
    assert!(refused.to_string().starts_with("403 PERMISSION_DENIED: you may not change"), "{refused}");
}

#[tokio::test]
async fn every_wrong_pair_is_answered_alike() {
    let server = TestServer::start().await;
    person(&server, "alice").await;
    let blocked = person(&server, "bob").await;
    server
        .store
        .write(move |tx| {
            let user = users::get(tx, blocked)?;
            users::set_blocked(tx, &user, true)
        })
        .await
        .unwrap();
    server.member("carol", Role::Developer).await;
    let mut browser = Browser::new(&server);
    for (username, password) in [
        ("alice", "wrong"),
        ("alice", ""),
        ("nobody", PASSWORD),
        ("bob", PASSWORD),
        ("carol", ""),
        ("carol", PASSWORD),
        ("a'b", "x"),
    ] {
        let answer = browser.sign_in(username, password).await;
        assert_eq!(answer.to_string(), WRONG, "{username}");
        assert_eq!((answer.header("www-authenticate"), answer.header("set-cookie")), (None, None));
    }
    for (body, reason) in [
        (json!({ "password": "x" }), "username"),
        (json!({ "username": "alice" }), "'password' is missing"),
        (json!({ "username": "alice", "password": 987_654 }), "'password' is not a text"),
    ] {
        let answer = browser.send(browser.request(Method::POST, "/-/session").json(&body)).await;
        let text = answer.to_string();
        assert!(answer.status == 400 && text.contains(reason) && !text.contains("987654"), "{text}");
    }
}

fn refused_for(answer: &Answer) -> Option<i64> {
    assert!(matches!(answer.status, 401 | 429), "{answer}");
    (answer.status == 429).then(|| answer.header("retry-after").unwrap().parse().unwrap())
}

#[tokio::test]
async fn ten_wrong_passwords_close_a_user_name_for_a_while() {
    let server = TestServer::start().await;
    for name in ["alice", "bob"] {
        person(&server, name).await;
    }
    let mut browser = Browser::new(&server);
    // A name that nobody has is closed just so.
    for name in ["alice", "nobody"] {
        for _ in 0..10 {
            assert_eq!(refused_for(&browser.sign_in(name, "wrong").await), None);
        }
        server.advance_ms(MINUTE_MS);
        let answer = browser.sign_in(&name.to_uppercase(), PASSWORD).await;
        assert_eq!(refused_for(&answer), Some(540));
        assert_eq!(
            answer.to_string(),
            r#"429 {"message":"too many attempts to sign in: try again in 9 min"}"#
        );
    }
    browser.sign_in("bob", PASSWORD).await.ok();
    // One-time links are not closed.
    let link = new_link(&server, "alice").await;
    assert_eq!(browser.go(Method::POST, &link).await.status, 303);
    server.advance_ms(9 * MINUTE_MS);
    browser.sign_in("alice", PASSWORD).await.ok();
}

#[tokio::test]
async fn a_success_forgets_the_failures_before_it() {
    let server = TestServer::start().await;
    person(&server, "alice").await;
    let mut browser = Browser::new(&server);
    for _ in 0..3 {
        for _ in 0..9 {
            assert_eq!(refused_for(&browser.sign_in("alice", "wrong").await), None);
        }
        browser.sign_in("alice", PASSWORD).await.ok();
    }
}

#[tokio::test]
async fn an_address_that_tries_many_names_is_closed_without_closing_them() {
    let wishes = Wishes { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..Wishes::default() };
    let server = TestServer::with(wishes).await;
    person(&server, "alice").await;
    let mut browser = Browser::new(&server);
    let mut from = async |address: &str, username: &str, password: &str| {
        let body = json!({ "username": username, "password": password });
        let request = browser.request(Method::POST, "/-/session").header("x-forwarded-for", address);
        browser.send(request.json(&body)).await
    };
    for number in 0..50 {
        // Addresses of one IPv6 network are one client's.
        let address = format!("2001:db8::{number:x}");
        assert_eq!(refused_for(&from(&address, &format!("name-{number}"), "wrong").await), None);
    }
    for _ in 0..11 {
        assert!(refused_for(&from("2001:db8::ffff", "alice", PASSWORD).await).is_some());
    }
    let answer = from("203.0.113.9", "alice", PASSWORD).await.ok();
    assert_eq!(answer["session"]["address"], "203.0.113.9");
}

#[tokio::test]
async fn whoever_tries_a_name_elsewhere_shuts_nobody_out_from_a_known_address() {
    let wishes = Wishes { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..Wishes::default() };
    let server = TestServer::with(wishes).await;
    person(&server, "alice").await;
    let mut browser = Browser::new(&server);
    let mut from = async |address: &str, password: &str| {
        let body = json!({ "username": "alice", "password": password });
        let request = browser.request(Method::POST, "/-/session").header("x-forwarded-for", address);
        browser.send(request.json(&body)).await
    };
    let (home, stranger, travelling) = ("203.0.113.9", "198.51.100.1", "192.0.2.7");
    from(home, PASSWORD).await.ok();
    for _ in 0..12 {
        from(stranger, "wrong").await;
    }
    assert!(refused_for(&from(stranger, PASSWORD).await).is_some());
    assert!(refused_for(&from(travelling, PASSWORD).await).is_some());
    from(home, PASSWORD).await.ok();
    // At home there are ten tries, too, and no more.
    for _ in 0..10 {
        assert_eq!(refused_for(&from(home, "wrong").await), None);
    }
    assert!(refused_for(&from(home, PASSWORD).await).is_some());
    // It is home no longer after a long time.
    server.advance_ms(91 * 24 * 60 * MINUTE_MS);
    for _ in 0..10 {
        from(stranger, "wrong").await;
    }
    assert!(refused_for(&from(home, PASSWORD).await).is_some());
}

#[tokio::test]
async fn attempts_at_once_are_all_counted() {
    let server = TestServer::start().await;
    person(&server, "alice").await;
    let attempts: Vec<_> = (0..16)
        .map(|_| {
            let mut browser = Browser::new(&server);
            tokio::spawn(async move { browser.sign_in("alice", "wrong").await.status })
        })
        .collect();
    let mut refused = 0;
    for attempt in attempts {
        refused += u32::from(attempt.await.unwrap() == 429);
    }
    assert_eq!(refused, 6);
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_the_old_cookie() {
    let server = TestServer::start().await;
    person(&server, "alice").await;
    let (mut here, mut elsewhere) = (Browser::new(&server), Browser::new(&server));
    for browser in [&mut here, &mut elsewhere] {
        browser.sign_in("alice", PASSWORD).await.ok();
    }
    let mut old = here.clone();
    let new = "another good one";
    for (current, password, reason) in [
        (Some("wrong one"), new, "the current password is wrong"),
        (None, new, "'current_password' is missing"),
        (Some(PASSWORD), "short", "8 to 128 characters, and this one has 5"),
        (Some(PASSWORD), "ALICE", "8 to 128"),
    ] {
        let answer = here.change_password(current, password).await;
        assert!(matches!(answer.status, 400 | 403) && answer.to_string().contains(reason), "{answer}");
    }
    here.change_password(Some(PASSWORD), new).await.ok();
    assert!(here.current().await.is_some());
    assert_eq!((old.current().await, elsewhere.current().await), (None, None));
    assert_eq!(elsewhere.sign_in("alice", PASSWORD).await.to_string(), WRONG);
    elsewhere.sign_in("alice", new).await.ok();
}

#[tokio::test]
async fn a_fresh_link_chooses_a_password_without_the_old_one() {
    let server = TestServer::start().await;
    server.member("carol", Role::Developer).await;
    let mut browser = Browser::new(&server);
    let link = new_link(&server, "carol").await;
    browser.go(Method::POST, &link).await;
    let current = browser.current().await.unwrap();
    browser.csrf = current["csrf_token"].as_str().map(ToOwned::to_owned);
    browser.change_password(None, "chosen by carol").await.ok();

    // The new session knows the password: the time without it does not begin again.
    let again = browser.change_password(None, "chosen by a guest").await;
    assert!(again.status == 400 && again.to_string().contains("'current_password' is missing"), "{again}");
    server.advance_ms(15 * MINUTE_MS);
    let late = browser.change_password(None, "chosen by a guest").await;
    assert_eq!(late.status, 400, "{late}");
    browser.sign_in("carol", "chosen by carol").await.ok();
}
