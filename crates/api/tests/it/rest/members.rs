//! Members of projects and groups: added, changed, removed, inherited, expired.

use std::time::Duration;

use serde_json::{Value, json};
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::TestServer;

use super::{each, id_of, read, refusal};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[tokio::test]
async fn members_come_change_and_go() {
    let server = TestServer::start().await;
    let (root, mia) = (server.root(), server.member("mia", Role::Maintainer).await);
    let alice = server.user("alice", &[], Scopes::API, "1").await;
    let user = id_of(&alice).await;
    let body = json!({ "user_id": user, "access_level": 20, "expires_at": "2026-03-01" });
    let added = mia.api_post("projects/1/members", body.clone()).await.with(201);
    assert_eq!(
        (&added["username"], &added["access_level"], &added["expires_at"]),
        (&json!("alice"), &json!(20), &json!("2026-03-01"))
    );
    assert_eq!(refusal(&mia.api_post("projects/1/members", body).await), "409 Member already exists");
    read(&alice, "1").await.ok();
    let path = format!("projects/1/members/{user}");
    assert_eq!(alice.api_get(&path).await.ok(), added);
    let changed = mia.api_put(&path, json!({ "access_level": 30 })).await.ok();
    assert_eq!((&changed["access_level"], &changed["expires_at"]), (&json!(30), &json!("2026-03-01")));
    let changed = mia.api_put(&path, json!({ "access_level": 30, "expires_at": "" })).await.ok();
    assert_eq!(changed["expires_at"], Value::Null);
    assert_eq!(each(&mia.api_get("projects/1/members").await.ok(), "username"), ["root", "mia", "alice"]);
    assert_eq!(each(&mia.api_get("projects/1/members?query=LIC").await.ok(), "username"), ["alice"]);
    tokio::time::sleep(Duration::from_millis(600)).await;
    alice.create_run().await;
    mia.api_delete(&path).await.with(204);
    assert_eq!(refusal(&mia.api_delete(&path).await), "404 404 Not found");
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(read(&alice, "1").await.status, 404);
    let by_name = root
        .api_post("projects/1/members", json!({ "username": "Alice", "access_level": 10 }))
        .await
        .with(201);
    assert_eq!(by_name["id"], user);
}

#[tokio::test]
async fn nobody_gives_or_takes_what_is_above_the_own_role() {
    let server = TestServer::start().await;
    let (mia, dev) = (server.member("mia", Role::Maintainer).await, server.developer("dev").await);
    let alice = id_of(&server.user("alice", &[], Scopes::API, "1").await).await;
    let add = |level: i64| json!({ "user_id": alice, "access_level": level });
    assert_eq!(
        refusal(&mia.api_post("projects/1/members", add(50)).await),
        "403 403 Forbidden - you may not give the role owner: it is above your own"
    );
    assert_eq!(dev.api_post("projects/1/members", add(10)).await.status, 403);
    let refused = mia.api_delete("projects/1/members/1").await;
    assert_eq!(
        refusal(&refused),
        "403 403 Forbidden - you may not change the membership of 'root', whose role is above your own"
    );
    assert_eq!(mia.api_put("projects/1/members/1", json!({ "access_level": 10 })).await.status, 403);
    for (body, sentence) in [
        (
            json!({ "access_level": 10 }),
            "400 user_id, username are missing, exactly one parameter must be provided",
        ),
        (
            json!({ "user_id": alice, "username": "alice", "access_level": 10 }),
            "400 user_id, username are mutually exclusive",
        ),
        (json!({ "user_id": alice }), "400 access_level is missing"),
        (json!({ "user_id": 4711, "access_level": 10 }), "404 404 User Not Found"),
        (json!({ "username": "nobody", "access_level": 10 }), "404 404 User Not Found"),
        (
            json!({ "user_id": alice, "access_level": 10, "expires_at": "2020-01-01" }),
            "400 the expiry date '2020-01-01' does not lie in the future",
        ),
    ] {
        assert_eq!(refusal(&mia.api_post("projects/1/members", body).await), sentence);
    }
}

#[tokio::test]
async fn a_role_in_a_group_is_one_in_all_that_lies_in_it() {
    let server = TestServer::start().await;
    let root = server.root();
    let team = server.group("team", Visibility::Private).await;
    let vision = server.group("team/vision", Visibility::Private).await;
    let project = server.project("team/vision/iris", Visibility::Private).await;
    let alice = server.user("alice", &[], Scopes::API, &project.to_string()).await;
    let user = id_of(&alice).await;
    server.join_group(team, "alice", Role::Reporter).await;
    let at_project = project.to_string();
    read(&alice, &at_project).await.ok();
    assert_eq!(alice.post("experiments/create", json!({ "name": "x" })).await.status, 403);

    let path = format!("projects/{project}/members");
    assert_eq!(each(&root.api_get(&path).await.ok(), "username"), Vec::<Value>::new());
    let all = root.api_get(&format!("{path}/all")).await.ok();
    assert_eq!(
        (each(&all, "username"), each(&all, "access_level")),
        (vec![json!("root"), json!("alice")], vec![json!(50), json!(20)])
    );
    assert_eq!(root.api_get(&format!("{path}/{user}")).await.status, 404);
    assert_eq!(root.api_get(&format!("{path}/all/{user}")).await.ok()["access_level"], 20);
    let all = format!("{path}/all/{user}");
    assert_eq!(root.api_get(&all).await.ok()["inherited_from"], "team");
    let refused = root.api_post(&path, json!({ "user_id": user, "access_level": 10 })).await;
    assert_eq!(
        refusal(&refused),
        "400 access_level should be greater than or equal to reporter, which 'alice' has from the group 'team'"
    );
    // The higher of the two counts.
    root.api_post(&path, json!({ "user_id": user, "access_level": 30 })).await.with(201);
    tokio::time::sleep(Duration::from_millis(600)).await;
    alice.create_experiment("y").await;
    assert_eq!(root.api_get(&all).await.ok()["inherited_from"], Value::Null, "the direct one is higher");
    assert_eq!(
        each(&root.api_get(&format!("groups/{vision}/members/all")).await.ok(), "inherited_from"),
        ["team", "team"]
    );
    assert_eq!(
        each(&root.api_get("groups/team/members/all").await.ok(), "inherited_from"),
        [Value::Null, Value::Null]
    );
    assert_eq!(each(&root.api_get(&format!("{path}/all")).await.ok(), "access_level"), [50, 30]);
    assert_eq!(
        each(&root.api_get(&format!("groups/{vision}/members/all")).await.ok(), "access_level"),
        [50, 20]
    );
    root.api_delete(&format!("groups/{team}/members/{user}")).await.with(204);
    root.api_delete(&format!("{path}/{user}")).await.with(204);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(read(&alice, &at_project).await.status, 404);
}

#[tokio::test]
async fn a_membership_ends_on_its_day() {
    let server = TestServer::start().await;
    let root = server.root();
    let team = server.group("team", Visibility::Private).await;
    let project = server.project("team/iris", Visibility::Private).await.to_string();
    for (name, place) in [("alice", format!("projects/{project}")), ("bob", format!("groups/{team}"))] {
        let user = server.user(name, &[], Scopes::API, &project).await;
        let body = json!({ "username": name, "access_level": 30, "expires_at": "2026-01-03" });
        root.api_post(&format!("{place}/members"), body).await.with(201);
        read(&user, &project).await.ok();
        let now = server.now();
        server.advance_ms(2 * DAY_MS - 1);
        tokio::time::sleep(Duration::from_millis(600)).await;
        read(&user, &project).await.ok();
        server.advance_ms(1);
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(read(&user, &project).await.status, 404, "{name}");
        assert!(
            !each(&root.api_get(&format!("{place}/members")).await.ok(), "username").contains(&json!(name))
        );
        server.advance_ms(now - server.now());
    }
}

#[tokio::test]
async fn null_takes_away_what_a_change_can_leave() {
    let server = TestServer::start().await;
    let root = server.root();
    server.user("alice", &[], Scopes::API, "1").await;
    let body = json!({ "username": "alice", "access_level": 30, "expires_at": "2026-02-01" });
    let made = root.api_post("projects/1/members", body).await.with(201);
    let path = format!("projects/1/members/{}", made["id"]);
    let kept = root.api_put(&path, json!({ "access_level": 20 })).await.ok();
    assert_eq!(kept["expires_at"], "2026-02-01");
    let ended = root.api_put(&path, json!({ "access_level": 20, "expires_at": null })).await.ok();
    assert_eq!(ended["expires_at"], Value::Null);

    server.group("team", Visibility::Private).await;
    for path in ["projects/1", "groups/team"] {
        root.api_put(path, json!({ "description": "text" })).await.ok();
        assert_eq!(root.api_put(path, json!({ "name": "New" })).await.ok()["description"], "text");
        let cleared = root.api_put(path, json!({ "description": null })).await.ok();
        assert_ne!(cleared["description"], "text", "{path}");
    }
}

#[tokio::test]
async fn who_cannot_act_is_no_owner_that_a_group_is_left_to() {
    let server = TestServer::start().await;
    let root = server.root();
    let team = server.group("team", Visibility::Private).await;
    for name in ["alice", "bob"] {
        server.user(name, &[], Scopes::API, "1").await;
        server.join_group(team, name, Role::Owner).await;
    }
    root.api_delete(&format!("groups/{team}/members/1")).await.with(204);
    let id = async |name: &str| root.api_get(&format!("users?username={name}")).await.ok()[0]["id"].clone();
    let (alice, bob) = (id("alice").await, id("bob").await);
    // A bot is nobody to leave a group to, nor is somebody who is blocked.
    let body = json!({ "name": "ci", "scopes": ["api"], "access_level": 50 });
    root.api_post(&format!("groups/{team}/access_tokens"), body).await.with(201);
    root.api_post(&format!("users/{bob}/block"), Value::Null).await.with(201);
    let sentence = "403 403 Forbidden - 'alice' is the last owner of the group, which needs one";
    assert_eq!(refusal(&root.api_delete(&format!("groups/{team}/members/{alice}")).await), sentence);
    let refused = root.api_delete(&format!("users/{alice}")).await;
    assert!(refused.status == 409 && refused.to_string().contains("the group 'team' would have no owner"));
    // An owner of the group above is one.
    let body = json!({ "name": "Inner", "path": "inner", "parent_id": team });
    let inner = root.api_post("groups", body).await.with(201)["id"].clone();
    root.api_delete(&format!("groups/{inner}/members/1")).await.with(204);
    root.api_post(&format!("users/{bob}/unblock"), Value::Null).await.with(201);
    root.api_delete(&format!("groups/{team}/members/{alice}")).await.with(204);
}

#[tokio::test]
async fn a_group_keeps_an_owner_and_a_bot_its_place() {
    let server = TestServer::start().await;
    let root = server.root();
    let team = server.group("team", Visibility::Private).await;
    let path = format!("groups/{team}/members/1");
    let sentence = "403 403 Forbidden - 'root' is the last owner of the group, which needs one";
    assert_eq!(refusal(&root.api_delete(&path).await), sentence);
    assert_eq!(refusal(&root.api_put(&path, json!({ "access_level": 40 })).await), sentence);
    server.user("alice", &[], Scopes::API, "1").await;
    root.api_post("groups/team/members", json!({ "username": "alice", "access_level": 50 })).await.with(201);
    root.api_delete(&path).await.with(204);

    let token =
        root.api_post("projects/1/access_tokens", json!({ "name": "ci", "scopes": ["api"] })).await.with(201);
    let bot = &token["user_id"];
    let refused = root.api_delete(&format!("projects/1/members/{bot}")).await;
    assert!(
        refusal(&refused).ends_with("is the bot of a token, and cannot be changed: revoke the token"),
        "{refused}"
    );
    let refused = root.api_post("groups/team/members", json!({ "user_id": bot, "access_level": 10 })).await;
    assert!(
        refusal(&refused).ends_with("it is a member where its token was made, and nowhere else"),
        "{refused}"
    );
    assert!(each(&root.api_get("projects/1/members").await.ok(), "id").contains(bot));
    root.api_delete(&format!("projects/1/access_tokens/{}", token["id"])).await.with(204);
    assert!(!each(&root.api_get("projects/1/members").await.ok(), "id").contains(bot));
}
