//! Tokens that were used without success.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::server::{Wishes, new_token};
use weir_testing::{Client, TestServer};

use super::events;

/// What was refused, with how often, in the order of the reasons.
fn told(events: &[Value]) -> Vec<(String, i64)> {
    let mut told: Vec<(String, i64)> = events
        .iter()
        .filter(|event| event["event_name"].as_str().unwrap().ends_with("_refused"))
        .map(|event| {
            let details = &event["details"];
            assert_eq!((&details["ip_address"], &event["author_id"]), (&json!("127.0.0.1"), &json!(0)));
            let reason = details["after"]["reason"].as_str().unwrap();
            (reason.to_owned(), details["count"].as_i64().unwrap())
        })
        .collect();
    told.sort();
    told
}

#[tokio::test]
async fn refused_tokens_are_counted_by_minute_and_reason() {
    let server = TestServer::start().await;
    let root = server.root();
    let unknown = server.anonymous().with_token(new_token());
    for _ in 0..3 {
        assert_eq!(unknown.get("experiments/get?experiment_id=0").await.status, 401);
        assert_eq!(unknown.api_get("user").await.status, 401);
    }
    assert_eq!(unknown.api_get("groups/1/access_tokens").await.status, 401);
    // Nothing was shown, so nothing was refused.
    assert_eq!(server.anonymous().api_get("user").await.status, 401);

    let body = json!({ "name": "x", "scopes": ["api"], "expires_at": "2026-01-02" });
    let made = root.api_post("users/1/personal_access_tokens", body.clone()).await.with(201);
    let revoked = root.with_token(made["token"].as_str().unwrap().to_owned());
    root.api_delete(&format!("personal_access_tokens/{}", made["id"])).await.with(204);
    assert_eq!(revoked.api_get("user").await.status, 401);
    let reader = server.user("reader", &[(1, Role::Developer)], Scopes::READ_API, "1").await;
    assert_eq!(reader.post("experiments/create", json!({ "name": "x" })).await.status, 403);

    let before = events(&root, "audit_events").await;
    assert!(told(&before).is_empty(), "the minute is not over");
    server.advance_ms(60_000);
    let after = events(&root, "audit_events").await;
    let expected = [
        (format!("access token {} of 'root' is revoked", made["id"]), 1),
        ("no valid access token".to_owned(), 7),
        ("this access token has not the scope 'api', which changing anything needs".to_owned(), 1),
    ];
    assert_eq!(told(&after), expected);
}

#[tokio::test]
async fn wrong_passwords_are_told_with_the_user_that_there_is() {
    let server = TestServer::start().await;
    for username in ["root", "nobody"] {
        let body = json!({ "username": username, "password": "wrong password" });
        let request =
            server.anonymous().request(reqwest::Method::POST, &format!("{}/-/session", server.address));
        assert_eq!(server.anonymous().send(request.json(&body)).await.status, 401);
    }
    server.advance_ms(60_000);
    let listed = events(&server.root(), "audit_events").await;
    let expected = [
        ("no such user, or none who may sign in by password".to_owned(), 1),
        ("wrong password of 'root'".to_owned(), 1),
    ];
    assert_eq!(told(&listed), expected);
    assert_eq!(listed[0]["event_name"], "session_refused");
}

#[tokio::test]
async fn a_flood_of_made_up_tokens_hides_nothing_and_leaves_no_text_behind() {
    let wishes = Wishes { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..Wishes::default() };
    let server = TestServer::with(wishes).await;
    let anonymous = server.anonymous();
    let header = "eyJhbGciOiJub25lIn0";
    for number in 0..70 {
        // Another issuer each time, and another address of the project: a token that somebody put there by mistake.
        let claims = BASE64_URL_SAFE_NO_PAD.encode(format!(r#"{{"iss":"http://issuer-{number}"}}"#));
        let flood = anonymous.with_token(format!("{header}.{claims}.x"));
        assert_eq!(flood.api_get(&format!("projects/glpat-oops{number}/packages")).await.status, 401);
    }
    assert_eq!(anonymous.with_token(new_token()).api_get("user").await.status, 401);
    let body = json!({ "username": "root", "password": "wrong password" });
    let request = anonymous.request(reqwest::Method::POST, &format!("{}/-/session", server.address));
    assert_eq!(anonymous.send(request.json(&body)).await.status, 401);
    server.advance_ms(60_000);
    let listed = events(&server.root(), "audit_events").await;
    let expected = [
        ("an ID token is refused: its issuer is not trusted there".to_owned(), 70),
        ("no valid access token".to_owned(), 1),
        ("wrong password of 'root'".to_owned(), 1),
    ];
    assert_eq!(told(&listed), expected);
    assert!(!json!(listed).to_string().contains("oops"));
}

/// The refusals that somebody reads of a project or group: reasons with the token's name.
async fn read(client: &Client, path: &str) -> Vec<(String, String)> {
    let listed = events(client, path).await;
    let refused = listed.iter().filter(|event| event["event_name"] == "access_token_refused");
    let told = refused.map(|event| {
        let details = &event["details"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&details["after"]["reason"]), text(&details["target_details"]))
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

#[tokio::test]
async fn maintainers_and_owners_read_what_their_tokens_were_refused() {
    let server = TestServer::start().await;
    let (root, max) = (server.root(), server.member("max", Role::Maintainer).await);
    let group = server.group("team", Visibility::Private).await;
    let other = server.project("root/other", Visibility::Private).await;
    let mut bots = Vec::new();
    for place in ["projects/1".to_owned(), format!("groups/{group}"), format!("projects/{other}")] {
        let body = json!({ "name": format!("bot of {place}"), "scopes": ["api"], "access_level": 20 });
        let made = root.api_post(&format!("{place}/access_tokens"), body).await.with(201);
        let bot = root.with_token(made["token"].as_str().unwrap().to_owned());
        // Too low a role, then a token that has ended.
        let wish = json!({ "name": "x", "scopes": ["api"] });
        assert_eq!(bot.api_post(&format!("{place}/access_tokens"), wish).await.status, 403, "{place}");
        root.api_delete(&format!("{place}/access_tokens/{}", made["id"])).await.with(204);
        assert_eq!(bot.api_get(&format!("{place}/members")).await.status, 401, "{place}");
        assert_eq!(bot.api_get("user").await.status, 401, "{place}");
        bots.push(made);
    }
    server.advance_ms(60_000);
    let of_project = read(&max, "projects/1/audit_events").await;
    let name = "bot of projects/1".to_owned();
    assert_eq!(of_project.len(), 2, "{of_project:?}");
    assert!(of_project[0].0.starts_with(&format!("access token {} of 'project_1_bot_", bots[0]["id"])));
    assert!(of_project[0].0.ends_with("' is revoked") && of_project[1].0.contains("you are reporter"));
    assert!(of_project.iter().all(|told| told.1 == name), "{of_project:?}");
    let of_group = read(&root, &format!("groups/{group}/audit_events")).await;
    assert_eq!(of_group.len(), 2, "{of_group:?}");
    assert_eq!(read(&root, &format!("projects/{other}/audit_events")).await.len(), 2);
    assert_eq!(read(&root, "audit_events").await.len(), 6);
    let text = Value::from(events(&root, "audit_events").await).to_string();
    assert!(!text.contains("glpat-"), "{text}");
}
