//! Groups: made, nested, listed, moved.

use std::time::Duration;

use serde_json::{Value, json};
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::TestServer;

use super::{at, each, read, refusal};

#[tokio::test]
async fn groups_nest_and_hold_projects() {
    let server = TestServer::start().await;
    let alice = server.user("alice", &[], Scopes::API, "1").await;
    let team = alice.api_post("groups", json!({ "name": "The Team", "path": "team" })).await.with(201);
    assert_eq!(
        (&team["full_path"], &team["visibility"], &team["parent_id"]),
        (&json!("team"), &json!("private"), &Value::Null)
    );
    let body = json!({ "name": "Vision", "path": "vision", "parent_id": team["id"], "description": "eyes" });
    let vision = alice.api_post("groups", body).await.with(201);
    assert_eq!(
        (&vision["full_path"], &vision["full_name"]),
        (&json!("team/vision"), &json!("The Team / Vision"))
    );
    assert_eq!(vision["web_url"], format!("{}/groups/team/vision", server.address));
    for group in [vision["id"].to_string(), "team%2Fvision".to_owned(), "Team%2FVision".to_owned()] {
        assert_eq!(alice.api_get(&format!("groups/{group}")).await.ok(), vision);
    }
    let body = json!({ "name": "iris", "namespace_id": vision["id"] });
    let project = alice.api_post("projects", body).await.with(201);
    assert_eq!(
        (&project["path_with_namespace"], &project["namespace"]["kind"]),
        (&json!("team/vision/iris"), &json!("group"))
    );
    assert_eq!(project["name_with_namespace"], "The Team / Vision / iris");
    // The role comes from the group.
    assert_eq!(
        project["permissions"],
        json!({ "project_access": null, "group_access": { "access_level": 50 } })
    );
    at(&alice, "team%2Fvision%2Firis").create_experiment("x").await;

    assert_eq!(each(&alice.api_get("groups/team/projects").await.ok(), "path"), Vec::<Value>::new());
    assert_eq!(
        each(&alice.api_get("groups/team/projects?include_subgroups=true").await.ok(), "path"),
        ["iris"]
    );
    assert_eq!(each(&alice.api_get("groups/team/subgroups").await.ok(), "path"), ["vision"]);
}

#[tokio::test]
async fn what_cannot_be_a_group_is_named() {
    let server = TestServer::start().await;
    let root = server.root();
    let alice = server.user("alice", &[], Scopes::API, "1").await;
    let team = server.group("team", Visibility::Internal).await;
    let hidden = server.group("hidden", Visibility::Private).await;
    server.project("team/iris", Visibility::Private).await;
    for (client, body, sentence) in [
        (&root, json!({ "name": "x" }), "400 path is missing"),
        (&root, json!({ "path": "x" }), "400 name is missing"),
        (&root, json!({ "name": "x", "path": "TEAM" }), "400 the path 'TEAM' has already been taken"),
        (&root, json!({ "name": "x", "path": "alice" }), "400 the path 'alice' has already been taken"),
        (
            &root,
            json!({ "name": "x", "path": "iris", "parent_id": team }),
            "400 the path 'team/iris' has already been taken",
        ),
        (
            &root,
            json!({ "name": "x", "path": "api" }),
            "400 'api' is not a group path: it is reserved for the server's own pages",
        ),
        (&root, json!({ "name": "x", "path": "x", "parent_id": 4711 }), "404 404 Group Not Found"),
        (
            &root,
            json!({ "name": "x", "path": "x", "parent_id": team, "visibility": "public" }),
            "400 visibility 'public' is not allowed: the group would be more visible than its group 'team', which is internal",
        ),
        (&alice, json!({ "name": "x", "path": "x", "parent_id": hidden }), "404 404 Group Not Found"),
        (
            &alice,
            json!({ "name": "x", "path": "x", "parent_id": team }),
            "403 403 Forbidden - you may not make a group in 'team': it needs maintainer or above",
        ),
    ] {
        assert_eq!(refusal(&client.api_post("groups", body.clone()).await), sentence, "{body}");
    }
    // A project has no path that a group has, either.
    root.api_post("groups", json!({ "name": "x", "path": "sub", "parent_id": team })).await.with(201);
    let refused = root.api_post("projects", json!({ "path": "Sub", "namespace_id": team })).await;
    assert!(refusal(&refused).ends_with("its path has already been taken"), "{refused}");
    let refused = root.api_put("projects/team%2Firis", json!({ "path": "sub" })).await;
    assert_eq!(refusal(&refused), "400 the path 'team/sub' has already been taken");
    assert_eq!(refusal(&alice.api_get("groups/hidden").await), "404 404 Group Not Found");
    assert_eq!(refusal(&alice.api_get("groups/nowhere").await), "404 404 Group Not Found");
    // A user's namespace is no group.
    assert_eq!(root.api_get("groups/alice").await.status, 404);
}

#[tokio::test]
async fn groups_nest_twenty_deep_and_no_deeper() {
    let server = TestServer::start().await;
    let root = server.root();
    let mut parent = Value::Null;
    for depth in 1..=20 {
        let body = json!({ "name": "g", "path": format!("g{depth}"), "parent_id": parent });
        parent = root.api_post("groups", body).await.with(201)["id"].clone();
    }
    let refused = root.api_post("groups", json!({ "name": "g", "path": "g21", "parent_id": parent })).await;
    assert!(refusal(&refused).ends_with("lies too deep: groups nest to 20 levels"), "{refused}");
}

#[tokio::test]
async fn lists_of_groups_are_cut_to_the_caller() {
    let server = TestServer::start().await;
    let alice = server.user("alice", &[], Scopes::API, "1").await;
    let team = server.group("team", Visibility::Private).await;
    server.group("team/vision", Visibility::Private).await;
    server.group("open", Visibility::Public).await;
    server.group("closed", Visibility::Private).await;
    server.join_group(team, "alice", Role::Maintainer).await;
    for (query, paths) in [
        ("order_by=path", &["open", "team", "team/vision"][..]),
        ("top_level_only=true&order_by=path", &["open", "team"]),
        ("min_access_level=40&order_by=path", &["team", "team/vision"]),
        ("owned=true", &[]),
        ("visibility=public", &["open"]),
        ("search=VIS", &["team/vision"]),
        ("order_by=path&sort=desc&per_page=1", &["team/vision"]),
    ] {
        let list = alice.api_get(&format!("groups?{query}")).await.ok();
        assert_eq!(each(&list, "full_path"), paths, "{query}");
    }
    assert_eq!(server.root().api_get("groups").await.header("x-total"), Some("4"));
    assert_eq!(each(&alice.api_get("groups/team/descendant_groups").await.ok(), "path"), ["vision"]);
}

#[tokio::test]
async fn a_group_that_moves_takes_its_projects_along() {
    let server = TestServer::start().await;
    let root = server.root();
    server.group("team", Visibility::Internal).await;
    server.group("team/vision", Visibility::Internal).await;
    server.project("team/vision/iris", Visibility::Internal).await;
    server.group("teammates", Visibility::Internal).await;
    let changed = root.api_put("groups/team", json!({ "path": "crew", "name": "Crew" })).await.ok();
    assert_eq!((&changed["full_path"], &changed["name"]), (&json!("crew"), &json!("Crew")));
    tokio::time::sleep(Duration::from_millis(600)).await;
    let project = root.api_get("projects/crew%2Fvision%2Firis").await.ok();
    let sent = root.api_get("projects/team%2Fvision%2Firis").await;
    assert_eq!(
        sent.header("location"),
        Some(format!("/api/v4/projects/{}", project["id"]).as_str()),
        "{sent}"
    );
    read(&root, "team%2Fvision%2Firis").await.ok();
    root.api_get("groups/teammates").await.ok();
    assert_eq!(root.api_get("groups/team").await.status, 404);
    assert_eq!(
        refusal(&root.api_put("groups/crew", json!({ "path": "teammates" })).await),
        "400 the path 'teammates' has already been taken"
    );
    assert_eq!(
        refusal(&root.api_put("groups/crew", json!({ "visibility": "private" })).await),
        "400 visibility 'private' is not allowed: 'crew/vision/iris' in it is more visible; change that first"
    );
    // Back again: the old path is its own, not a way to it.
    root.api_put("groups/crew", json!({ "path": "team" })).await.ok();
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(
        root.api_get("projects/team%2Fvision%2Firis").await.ok()["path_with_namespace"],
        "team/vision/iris"
    );
}
