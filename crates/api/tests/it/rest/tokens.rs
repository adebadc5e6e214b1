//! Access tokens of people, projects and groups: made, listed, rotated, revoked.

use std::time::Duration;

use serde_json::{Value, json};
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::{Client, TestServer};

use super::{each, id_of, refusal};

/// Makes a personal token of a user and answers its object.
async fn make(root: &Client, user: i64, name: &str) -> Value {
    let body = json!({ "name": name, "scopes": ["api"], "expires_at": "2026-06-01" });
    root.api_post(&format!("users/{user}/personal_access_tokens"), body).await.with(201)
}

fn secret(token: &Value) -> String {
    token["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_groups_token_is_no_way_up() {
    let server = TestServer::start().await;
    let root = server.root();
    let team = server.group("team", Visibility::Private).await;
    let body = json!({ "name": "ci", "scopes": ["api"], "access_level": 30 });
    let made = root.api_post(&format!("groups/{team}/access_tokens"), body).await.with(201);
    let bot = root.with_token(secret(&made));
    let body = json!({ "name": "new", "namespace_id": team });
    let project = bot.api_post("projects", body).await.with(201)["id"].clone();
    let body = json!({ "username": "root", "access_level": 50 });
    assert_eq!(bot.api_post(&format!("projects/{project}/members"), body).await.status, 403);
    let members = format!("projects/{project}/members");
    assert_eq!(root.api_get(&members).await.ok(), json!([]));

    // A bot that somebody made a member elsewhere leaves there, too.
    let bot_id = made["user_id"].as_i64().unwrap();
    let place = weir_store::members::Place::Project(1);
    let add =
        move |tx: &mut weir_store::Tx<'_>| weir_store::members::set(tx, place, bot_id, Role::Guest, None, 0);
    server.store.write(add).await.unwrap();
    root.api_delete(&format!("groups/{team}/access_tokens/{}", made["id"])).await.with(204);
    let left = server.store.read(move |tx| weir_store::members::direct(tx, place, bot_id)).await.unwrap();
    assert!(left.is_none());
}

#[tokio::test]
async fn an_administrator_makes_personal_tokens_for_people() {
    let server = TestServer::start().await;
    let (root, alice) = (server.root(), server.developer("alice").await);
    let user = id_of(&alice).await;
    let body =
        json!({ "name": "ci", "description": "of the pipeline", "scopes": ["read_api", "self_rotate"] });
    let made = root.api_post(&format!("users/{user}/personal_access_tokens"), body).await.with(201);
    assert!(secret(&made).starts_with("glpat-"));
    assert_eq!(made["scopes"], json!(["read_api", "self_rotate"]));
    assert_eq!(made["expires_at"], "2027-01-01");
    assert_eq!(made["created_at"], "2026-01-01T00:00:00.000Z");
    assert_eq!(
        (&made["active"], &made["revoked"], &made["user_id"]),
        (&json!(true), &json!(false), &json!(user))
    );
    let ci = alice.with_token(secret(&made));
    let own = ci.api_get("personal_access_tokens/self").await.ok();
    assert_eq!(
        (&own["id"], &own["description"], &own["token"]),
        (&made["id"], &json!("of the pipeline"), &Value::Null)
    );

    for (path, body, sentence) in [
        (user, json!({ "scopes": ["api"] }), "400 name is missing"),
        (user, json!({ "name": "x" }), "400 scopes is missing"),
        (
            user,
            json!({ "name": "x", "scopes": ["sudo"] }),
            "400 'sudo' is not a scope: use api, read_api, read_user or self_rotate",
        ),
        (
            user,
            json!({ "name": "x", "scopes": ["api"], "expires_at": "2025-01-01" }),
            "400 the expiry date '2025-01-01' does not lie in the future",
        ),
        (77, json!({ "name": "x", "scopes": ["api"] }), "404 404 User Not Found"),
    ] {
        let answer = root.api_post(&format!("users/{path}/personal_access_tokens"), body).await;
        assert_eq!(refusal(&answer), sentence);
    }
    let refused = alice.api_post(&format!("users/{user}/personal_access_tokens"), json!({})).await;
    assert_eq!(refusal(&refused), "403 403 Forbidden - you may not do this: it needs an administrator");
}

#[tokio::test]
async fn parameters_may_stand_in_a_form_or_in_the_query() {
    let server = TestServer::start().await;
    let root = server.root();
    let address = format!("{}/api/v4/users/1/personal_access_tokens", server.address);
    let form = root
        .request(reqwest::Method::POST, &format!("{address}?name=from+the%20query"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("scopes[]=api&scopes%5B%5D=read_user&expires_at=2026-02-01");
    let made = root.send(form).await.with(201);
    assert_eq!((&made["name"], &made["scopes"]), (&json!("from the query"), &json!(["api", "read_user"])));
    let query = root.request(reqwest::Method::POST, &format!("{address}?name=x&scopes[]=api"));
    root.send(query).await.with(201);
    let text =
        root.request(reqwest::Method::POST, &address).header("content-type", "text/plain").body("name=x");
    assert_eq!(
        refusal(&root.send(text).await),
        "400 the body is 'text/plain': send application/json or application/x-www-form-urlencoded"
    );
}

#[tokio::test]
async fn people_see_their_own_tokens_only() {
    let server = TestServer::start().await;
    let (root, alice, bob) = (server.root(), server.developer("alice").await, server.developer("bob").await);
    let (alices, bobs) = (id_of(&alice).await, id_of(&bob).await);
    let made = make(&root, alices, "one").await;
    make(&root, alices, "two").await;
    let token = format!("personal_access_tokens/{}", made["id"]);

    assert_eq!(
        each(&alice.api_get("personal_access_tokens?sort=name_asc").await.ok(), "name"),
        ["one", "test", "two"]
    );
    assert_eq!(each(&bob.api_get("personal_access_tokens").await.ok(), "user_id"), [bobs]);
    assert_eq!(root.api_get("personal_access_tokens").await.ok().as_array().unwrap().len(), 5);
    assert_eq!(
        each(&root.api_get(&format!("personal_access_tokens?user_id={bobs}")).await.ok(), "name"),
        ["test"]
    );
    assert_eq!(bob.api_get(&format!("personal_access_tokens?user_id={alices}")).await.status, 401);
    alice.api_get(&token).await.ok();
    root.api_get(&token).await.ok();

    // Another's token and none look the same, whatever is done with it.
    for path in [token.as_str(), "personal_access_tokens/4711", "personal_access_tokens/x"] {
        assert_eq!(refusal(&bob.api_get(path).await), "404 404 Not Found");
        assert_eq!(refusal(&bob.api_delete(path).await), "404 404 Not Found");
        assert_eq!(refusal(&bob.api_post(&format!("{path}/rotate"), json!({})).await), "404 404 Not Found");
    }
}

#[tokio::test]
async fn lists_of_tokens_are_filtered() {
    let server = TestServer::start().await;
    let root = server.root();
    make(&root, 1, "old one").await;
    server.advance_ms(24 * 60 * 60 * 1000);
    let revoked = make(&root, 1, "new one").await;
    root.api_delete(&format!("personal_access_tokens/{}", revoked["id"])).await.with(204);
    for (query, names) in [
        ("search=ONE", &["new one", "old one"][..]),
        ("state=active", &["old one", "test"]),
        ("state=inactive", &["new one"]),
        ("revoked=true", &["new one"]),
        ("revoked=false&search=one", &["old one"]),
        ("created_after=2026-01-02", &["new one"]),
        ("created_before=2026-01-01T12:00:00Z", &["old one", "test"]),
        ("expires_before=2026-06-02", &["new one", "old one"]),
        ("last_used_after=2027-01-01", &[]),
    ] {
        let list = root.api_get(&format!("personal_access_tokens?{query}")).await.ok();
        assert_eq!(each(&list, "name"), names, "{query}");
    }
    for (query, part) in [
        ("state=odd", "'odd' is not a state"),
        ("sort=size", "'size' is not an order"),
        ("created_after=soon", "created_after is 'soon'"),
    ] {
        let answer = refusal(&root.api_get(&format!("personal_access_tokens?{query}")).await);
        assert!(answer.starts_with("400 ") && answer.contains(part), "{answer}");
    }
}

#[tokio::test]
async fn a_rotated_token_that_is_rotated_again_ends_its_family() {
    let server = TestServer::start().await;
    let root = server.root();
    let first = make(&root, 1, "first").await;
    let bystander = root.with_token(secret(&make(&root, 1, "bystander").await));
    let path = format!("personal_access_tokens/{}/rotate", first["id"]);
    let second = root.api_post(&path, json!({})).await.ok();
    assert_eq!((&second["name"], &second["scopes"]), (&first["name"], &first["scopes"]));
    assert_eq!(second["expires_at"], "2026-01-08", "a week");
    let third = root
        .with_token(secret(&second))
        .api_post("personal_access_tokens/self/rotate", json!({ "expires_at": "2026-03-01" }))
        .await
        .ok();
    assert_eq!(third["expires_at"], "2026-03-01");
    let third = root.with_token(secret(&third));
    third.api_get("user").await.ok();
    for spent in [&first, &second] {
        assert_eq!(root.with_token(secret(spent)).api_get("user").await.status, 401);
    }
    third.api_get("user").await.ok();

    let again = root.api_post(&path, json!({})).await;
    assert!(refusal(&again).contains("has been revoked already"), "{again}");
    assert_eq!(third.api_get("user").await.status, 401);
    bystander.api_get("user").await.ok();
    let states = root.api_get("personal_access_tokens?search=first").await.ok();
    assert_eq!(each(&states, "revoked"), [true, true, true]);
}

#[tokio::test]
async fn whoever_rotates_a_stolen_token_ends_it_for_the_thief_too() {
    let server = TestServer::start().await;
    let root = server.root();
    let first = make(&root, 1, "stolen").await;
    let owner = root.with_token(secret(&first));
    let thief = owner.clone();
    let new = owner.api_post("personal_access_tokens/self/rotate", json!({})).await.ok();
    let owner = root.with_token(secret(&new));
    // Other uses of the old one are refused and end nothing.
    assert_eq!(thief.api_get("user").await.status, 401);
    owner.api_get("user").await.ok();
    let refused = thief.api_post("personal_access_tokens/self/rotate", json!({})).await;
    assert_eq!(refusal(&refused), "401 401 Unauthorized");
    assert_eq!(owner.api_get("user").await.status, 401);
}

#[tokio::test]
async fn two_rotations_at_once_make_one_token_at_most() {
    let server = TestServer::start().await;
    let root = server.root();
    let token = make(&root, 1, "race").await;
    let path = format!("personal_access_tokens/{}/rotate", token["id"]);
    let (a, b) = tokio::join!(root.api_post(&path, json!({})), root.api_post(&path, json!({})));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
    let active = root.api_get("personal_access_tokens?search=race&state=active").await.ok();
    assert_eq!(active, json!([]), "two who rotate one token have shared it");
}

#[tokio::test]
async fn a_token_revokes_itself() {
    let server = TestServer::start().await;
    let root = server.root();
    let token = root.with_token(secret(&make(&root, 1, "leaving").await));
    token.api_delete("personal_access_tokens/self").await.with(204);
    assert_eq!(token.api_get("user").await.status, 401);
    assert_eq!(token.api_delete("personal_access_tokens/self").await.status, 401);
}

#[tokio::test]
async fn a_projects_token_is_a_bot_with_a_role_of_its_own() {
    let server = TestServer::start().await;
    let root = server.root();
    let maintainer = server.member("mia", Role::Maintainer).await;
    let body = json!({ "name": "ci", "scopes": ["api"], "expires_at": "2026-02-01", "access_level": 30 });
    let made = maintainer.api_post("projects/root%2Fdefault/access_tokens", body).await.with(201);
    assert_eq!(made["access_level"], 30);
    let ci = server.anonymous().with_token(secret(&made));
    let bot = ci.api_get("user").await.ok();
    assert_eq!((&bot["bot"], &bot["name"]), (&json!(true), &json!("ci")));
    assert!(bot["username"].as_str().unwrap().starts_with("project_1_bot_"), "{bot}");
    ci.create_experiment("by the bot").await;
    assert_eq!(ci.api_get("projects/1/access_tokens").await.status, 403, "a developer");

    let list = maintainer.api_get("projects/1/access_tokens").await.ok();
    assert_eq!(each(&list, "name"), ["ci"]);
    let path = format!("projects/1/access_tokens/{}", made["id"]);
    assert_eq!(maintainer.api_get(&path).await.ok()["user_id"], bot["id"]);
    // It is no personal token.
    assert_eq!(root.api_get(&format!("personal_access_tokens/{}", made["id"])).await.status, 404);
    assert_eq!(
        refusal(&maintainer.api_get("projects/1/access_tokens/1").await),
        "404 404 Could not find the token"
    );

    let rotated = maintainer.api_post(&format!("{path}/rotate"), json!({})).await.ok();
    assert_eq!((&rotated["access_level"], &rotated["user_id"]), (&json!(30), &bot["id"]));
    let ci = server.anonymous().with_token(secret(&rotated));
    let rotated = ci.api_post("projects/1/access_tokens/self/rotate", json!({})).await;
    let rotated = rotated.ok();
    let ci = server.anonymous().with_token(secret(&rotated));
    ci.create_experiment("by the same bot").await;
    maintainer.api_delete(&format!("projects/1/access_tokens/{}", rotated["id"])).await.with(204);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(ci.get("experiments/get?experiment_id=0").await.status, 401);
}

#[tokio::test]
async fn a_bot_leaves_with_its_expired_token_which_does_not_come_back() {
    let server = TestServer::start().await;
    let root = server.root();
    let group = server.group("team", Visibility::Private).await;
    for place in ["projects/1".to_owned(), format!("groups/{group}")] {
        let begun = server.now();
        let day = |days: i64| weir_domain::expiry::date(begun + days * 24 * 60 * 60 * 1000);
        let body = json!({ "name": "ci", "scopes": ["api"], "expires_at": day(10) });
        let made = root.api_post(&format!("{place}/access_tokens"), body).await.with(201);
        let ends = async || {
            let members = root.api_get(&format!("{place}/members")).await.ok();
            let mut bots = members.as_array().unwrap().clone();
            bots.retain(|member| member["id"] == made["user_id"]);
            bots.first().map(|bot| bot["expires_at"].clone())
        };
        assert_eq!(ends().await, Some(json!(day(10))));
        let rotate = format!("{place}/access_tokens/{}/rotate", made["id"]);
        let rotated = root.api_post(&rotate, json!({ "expires_at": day(20) })).await.ok();
        assert_eq!(ends().await, Some(json!(day(20))));
        server.advance_ms(21 * 24 * 60 * 60 * 1000);
        assert_eq!(ends().await, None);
        let rotate = format!("{place}/access_tokens/{}/rotate", rotated["id"]);
        let refused = root.api_post(&rotate, json!({})).await;
        assert_eq!(
            refusal(&refused),
            "400 the token 'ci' has expired: make a new one; only a token that still counts is rotated"
        );
        assert_eq!(ends().await, None);
    }
}

#[tokio::test]
async fn nobody_makes_a_token_above_the_own_role_and_no_bot_makes_one() {
    let server = TestServer::start().await;
    let maintainer = server.member("mia", Role::Maintainer).await;
    let body = |level: i64| json!({ "name": "x", "scopes": ["api"], "access_level": level });
    let refused = maintainer.api_post("projects/1/access_tokens", body(50)).await;
    assert_eq!(
        refusal(&refused),
        "400 you may not make a token with access level 50 (owner): it is above your own"
    );
    let owners = server.root().api_post("projects/1/access_tokens", body(50)).await.with(201);
    let path = format!("projects/1/access_tokens/{}/rotate", owners["id"]);
    assert_eq!(maintainer.api_post(&path, json!({})).await.status, 400);
    let bot = server.anonymous().with_token(secret(&owners));
    let refused = bot.api_post("projects/1/access_tokens", body(10)).await;
    assert_eq!(
        refusal(&refused),
        "403 403 Forbidden - a project's or group's token may not make a token: use a personal one"
    );
    assert_eq!(
        refusal(&maintainer.api_post("projects/1/access_tokens", body(15)).await).split(':').next(),
        Some("400 '15' is not a role")
    );
}

#[tokio::test]
async fn a_groups_token_reaches_what_lies_in_the_group_and_nothing_else() {
    let server = TestServer::start().await;
    let root = server.root();
    let team = server.group("team", Visibility::Private).await;
    server.group("team/vision", Visibility::Private).await;
    let inside = server.project("team/vision/iris", Visibility::Private).await;
    let outside = server.project("root/public", Visibility::Public).await;
    let body = json!({ "name": "ci", "scopes": ["api"], "access_level": 30 });
    let made = root.api_post("groups/team/access_tokens", body).await.with(201);
    let at = |project: i64| Client::new(&server.address, &project.to_string(), Some(secret(&made)));
    at(inside).create_experiment("by the group's bot").await;
    assert_eq!(at(outside).get("experiments/get?experiment_id=0").await.status, 404);
    assert_eq!(at(1).get("experiments/get?experiment_id=0").await.status, 404);
    let listed = root.api_get(&format!("groups/{team}/access_tokens")).await.ok();
    assert_eq!(each(&listed, "access_level"), [30]);
    let rotated = at(inside).api_post("groups/team/access_tokens/self/rotate", json!({})).await.ok();
    let wrong = at(inside).with_token(secret(&rotated));
    assert_eq!(wrong.api_post("projects/1/access_tokens/self/rotate", json!({})).await.status, 404);
    root.api_delete(&format!("groups/team/access_tokens/{}", rotated["id"])).await.with(204);
    assert_eq!(wrong.api_get("user").await.status, 401);
    let maintainer = server.user("mia", &[], Scopes::API, "1").await;
    server.join_group(team, "mia", Role::Maintainer).await;
    assert_eq!(maintainer.api_get("groups/team/access_tokens").await.status, 403, "owners only");
}
