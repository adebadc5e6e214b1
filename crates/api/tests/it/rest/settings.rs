//! What the settings pages ask of the server with a browser's session, and scripts with a token.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::{Answer, TestServer};

use super::{at, each, id_of, read, refusal};
use crate::sign_in::{Browser, PASSWORD, person};

const OWN: &str = "user/personal_access_tokens";

/// Somebody whose browser is signed in.
async fn signed_in(server: &TestServer, name: &str) -> (i64, Browser) {
    let id = person(server, name).await;
    let mut browser = Browser::new(server);
    browser.sign_in(name, PASSWORD).await.ok();
    (id, browser)
}

async fn send(browser: &mut Browser, method: Method, path: &str, body: Value) -> Answer {
    browser.send(browser.request(method, &format!("/api/v4/{path}")).json(&body)).await
}

#[tokio::test]
async fn a_browser_makes_lists_and_revokes_ones_own_tokens() {
    let server = TestServer::start().await;
    let (alice, mut browser) = signed_in(&server, "alice").await;
    let body = json!({ "name": "laptop", "description": "of mine", "scopes": ["read_user", "api"], "expires_at": "2026-02-01" });
    let made = send(&mut browser, Method::POST, OWN, body).await.with(201);
    assert_eq!((&made["user_id"], &made["name"]), (&json!(alice), &json!("laptop")));
    assert_eq!(made["scopes"], json!(["api", "read_user"]));
    assert_eq!(made["expires_at"], "2026-02-01");
    let token = server.anonymous().with_token(made["token"].as_str().unwrap().to_owned());
    assert_eq!(id_of(&token).await, alice);

    let listed = browser.go(Method::GET, "/api/v4/personal_access_tokens?state=active").await.ok();
    assert_eq!((each(&listed, "name"), each(&listed, "token")), (vec![json!("laptop")], vec![Value::Null]));
    let without = json!({ "name": "x", "scopes": ["api"] });
    let made = send(&mut browser, Method::POST, OWN, without.clone()).await.with(201);
    assert_eq!(made["expires_at"], "2027-01-01", "a year");
    let mut forged = browser.clone();
    forged.csrf = None;
    assert_eq!(send(&mut forged, Method::POST, OWN, without).await.status, 403);
    let path = format!("/api/v4/personal_access_tokens/{}", listed[0]["id"]);
    browser.go(Method::DELETE, &path).await.with(204);
    assert_eq!(token.api_get("user").await.status, 401);

    for (body, sentence) in [
        (json!({ "name": "x" }), "400 scopes is missing"),
        (
            json!({ "name": "x", "scopes": [] }),
            "400 a token needs at least one scope: api, read_api, read_user or self_rotate",
        ),
        (json!({ "scopes": ["api"] }), "400 name is missing"),
        (
            json!({ "name": "x", "scopes": ["api"], "expires_at": "2026-01-01" }),
            "400 the expiry date '2026-01-01' does not lie in the future",
        ),
    ] {
        assert_eq!(refusal(&send(&mut browser, Method::POST, OWN, body).await), sentence);
    }
}

#[tokio::test]
async fn a_token_makes_no_more_than_it_holds() {
    let server = TestServer::start().await;
    let (_, mut browser) = signed_in(&server, "alice").await;
    for scope in ["read_api", "read_user", "self_rotate"] {
        let body = json!({ "name": scope, "scopes": [scope] });
        let made = send(&mut browser, Method::POST, OWN, body.clone()).await.with(201);
        let token = server.anonymous().with_token(made["token"].as_str().unwrap().to_owned());
        assert_eq!(token.api_post(OWN, body).await.status, 403, "{scope}");
    }
    let body = json!({ "name": "short", "scopes": ["api"], "expires_at": "2026-01-10" });
    let made = send(&mut browser, Method::POST, OWN, body).await.with(201);
    let short = server.anonymous().with_token(made["token"].as_str().unwrap().to_owned());
    let child = short.api_post(OWN, json!({ "name": "child", "scopes": ["api"] })).await.with(201);
    assert_eq!(child["expires_at"], "2026-01-10", "not beyond the one that made it");
    let body = |day: &str| json!({ "name": "child", "scopes": ["read_api"], "expires_at": day });
    assert_eq!(short.api_post(OWN, body("2026-01-05")).await.with(201)["expires_at"], "2026-01-05");
    assert_eq!(
        refusal(&short.api_post(OWN, body("2026-01-11")).await),
        "400 the expiry date '2026-01-11' is too far: the token that makes this one ends on '2026-01-10' itself"
    );
    let body = json!({ "name": "ci", "scopes": ["api"], "access_level": 40 });
    let bot = server.root().api_post("projects/1/access_tokens", body.clone()).await.with(201);
    let bot = server.anonymous().with_token(bot["token"].as_str().unwrap().to_owned());
    assert_eq!(
        refusal(&bot.api_post(OWN, body).await),
        "403 403 Forbidden - a project's or group's token may not make a token: use a personal one"
    );
}

#[tokio::test]
async fn everybody_leaves_a_project_or_a_group() {
    let server = TestServer::start().await;
    let team = server.group("team", Visibility::Private).await;
    let project = server.project("team/iris", Visibility::Private).await;
    let (alice, mut browser) = signed_in(&server, "alice").await;
    let root = server.root();
    let body = json!({ "user_id": alice, "access_level": 10 });
    let places = [format!("projects/{project}/members"), format!("groups/{team}/members")];
    for place in &places {
        root.api_post(place, body.clone()).await.with(201);
    }
    let bob = server.user("bob", &[], Scopes::API, &project.to_string()).await;
    server.join_group(team, "bob", Role::Developer).await;
    // Who only leaves sends nobody else away.
    for place in &places {
        let refused = bob.api_delete(&format!("{place}/{alice}")).await;
        assert!(refusal(&refused).starts_with("403 "), "{refused}");
    }
    // What is inherited is left where it comes from.
    let bobs = id_of(&bob).await;
    assert_eq!(
        refusal(&bob.api_delete(&format!("projects/{project}/members/{bobs}")).await),
        "404 404 Not found"
    );
    let read_only = server.user("eve", &[(project, Role::Guest)], Scopes::READ_API, "1").await;
    let path = format!("projects/{project}/members/{}", id_of(&read_only).await);
    assert_eq!(read_only.api_delete(&path).await.status, 403);

    for place in &places {
        browser.go(Method::DELETE, &format!("/api/v4/{place}/{alice}")).await.with(204);
    }
    for place in ["projects/team%2Firis", "groups/team"] {
        assert_eq!(browser.go(Method::GET, &format!("/api/v4/{place}")).await.status, 404, "{place}");
    }
    bob.api_delete(&format!("groups/{team}/members/{bobs}")).await.with(204);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(read(&bob, &project.to_string()).await.status, 404);
}

#[tokio::test]
async fn nothing_is_left_without_an_owner() {
    let server = TestServer::start().await;
    let alice = server.user("alice", &[], Scopes::API, "1").await;
    let id = id_of(&alice).await;
    let team = alice.api_post("groups", json!({ "name": "team", "path": "team" })).await.with(201);
    let own = alice.api_post("projects", json!({ "name": "iris" })).await.with(201);
    let path = format!("groups/{}/members/{id}", team["id"]);
    assert_eq!(
        refusal(&alice.api_delete(&path).await),
        "403 403 Forbidden - 'alice' is the last owner of the group, which needs one"
    );
    let of_project = format!("projects/{}/members/{id}", own["id"]);
    let sentence = "403 403 Forbidden - 'alice' owns the project, which lies in the namespace of that user";
    assert_eq!(refusal(&alice.api_delete(&of_project).await), sentence);
    assert_eq!(refusal(&alice.api_put(&of_project, json!({ "access_level": 30 })).await), sentence);
    server.user("bob", &[], Scopes::API, "1").await;
    let body = json!({ "username": "bob", "access_level": 50 });
    alice.api_post(&format!("groups/{}/members", team["id"]), body).await.with(201);
    alice.api_delete(&path).await.with(204);
}

#[tokio::test]
async fn a_project_tells_what_its_caller_may() {
    let server = TestServer::start().await;
    let project = server.project("root/open", Visibility::Internal).await;
    let path = format!("projects/{project}");
    let reads = json!({
        "read_experiments": true, "write_experiments": false, "read_models": true, "write_models": false,
        "delete_published": false, "read_packages": true, "maintain": false, "own": false,
    });
    let with = |names: &[&str]| {
        let mut may = reads.clone();
        for name in names {
            may[name] = json!(true);
        }
        may
    };
    let caller = |role: Option<Role>, may: Value| json!({ "access_level": role.map(Role::number), "role": role.map(Role::name), "is_admin": false, "may": may });
    let writes: &[&str] = &["write_experiments", "write_models"];
    let maintains = [writes, &["delete_published", "maintain"]].concat();
    let owns = [&maintains[..], &["own"]].concat();
    for (role, scopes, may) in [
        (None, Scopes::API, with(&[])),
        (Some(Role::Guest), Scopes::API, with(&[])),
        (Some(Role::Developer), Scopes::API, with(writes)),
        (Some(Role::Developer), Scopes::READ_API, with(&[])),
        (Some(Role::Maintainer), Scopes::API, with(&maintains)),
        (Some(Role::Owner), Scopes::API, with(&owns)),
    ] {
        let name = format!("{}-{}", role.map_or("stranger", Role::name), scopes.text().replace('_', "-"));
        let roles: Vec<_> = role.map(|role| (project, role)).into_iter().collect();
        let client = server.user(&name, &roles, scopes, "1").await;
        assert_eq!(client.api_get(&path).await.ok()["caller"], caller(role, may), "{name}");
    }
    let root = server.root();
    let told = root.api_get(&path).await.ok()["caller"].clone();
    assert_eq!((&told["is_admin"], &told["may"]), (&json!(true), &with(&owns)));
    // The owner of a user's namespace is a member of what is in it.
    assert_eq!(
        root.api_get(&path).await.ok()["permissions"]["project_access"],
        json!({ "access_level": 50 })
    );

    root.api_put(&path, json!({ "model_registry_access_level": "disabled" })).await.ok();
    let told = root.api_get(&path).await.ok()["caller"]["may"].clone();
    assert_eq!((&told["write_experiments"], &told["read_models"]), (&json!(true), &json!(false)));
    let archived = root.api_post(&format!("{path}/archive"), json!({})).await.with(201);
    let may = &archived["caller"]["may"];
    assert_eq!((&may["write_experiments"], &may["own"]), (&json!(false), &json!(true)));
    assert_eq!(
        at(&root, &project.to_string()).post("experiments/create", json!({ "name": "x" })).await.status,
        403
    );
}
