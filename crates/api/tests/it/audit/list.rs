//! Reading the log: who may, pages, and what entries tell.

use reqwest::Method;
use serde_json::json;
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::TestServer;

use super::{events, names};

#[tokio::test]
async fn an_entry_tells_who_did_what_from_where_and_what_differs() {
    let server = TestServer::start().await;
    let (root, alice) = (server.root(), server.developer("alice").await);
    alice.create_model("iris").await;
    let version = alice.create_semver("iris", "1.0.0").await;
    let stage = json!({ "name": "iris", "version": version["version"], "stage": "Staging" });
    alice.post("model-versions/transition-stage", stage).await.ok();

    let listed = events(&root, "audit_events").await;
    assert_eq!(
        names(&listed),
        ["ml_model_version_stage_changed", "ml_model_version_created", "ml_model_created"]
    );
    let id = listed[0]["author_id"].as_i64().unwrap();
    let means = listed[0]["details"]["author_means"].as_str().unwrap();
    assert!(means.starts_with("access token "), "{means}");
    let expected = json!({
        "id": 3,
        "author_id": id,
        "entity_id": 1,
        "entity_type": "Project",
        "event_name": "ml_model_version_stage_changed",
        "details": {
            "author_name": "alice",
            "author_means": means,
            "target_id": "1",
            "target_type": "Ml::ModelVersion",
            "target_details": "iris 1.0.0",
            "ip_address": "127.0.0.1",
            "entity_path": "root/default",
            "change": "stage",
            "from": "None",
            "to": "Staging",
            "before": { "stage": "None" },
            "after": { "stage": "Staging" },
            "count": 1,
        },
        "created_at": "2026-01-01T00:00:00.000Z",
    });
    assert_eq!(listed[0], expected);
    assert_eq!(root.api_get("audit_events/3").await.ok(), expected);
    let missing = root.api_get("audit_events/4").await;
    assert_eq!((missing.status, missing.json()), (404, json!({ "message": "404 Audit Event Not Found" })));
    assert_eq!(root.api_get("audit_events/x").await.status, 404);
}

#[tokio::test]
async fn administrators_read_all_and_maintainers_their_own_project() {
    let server = TestServer::start().await;
    let other = server.project("root/other", Visibility::Public).await;
    let root = server.root();
    let (max, dev) = (server.member("max", Role::Maintainer).await, server.developer("dev").await);
    let reader = server.user("reader", &[(1, Role::Maintainer)], Scopes::READ_API, "1").await;
    for name in ["a", "b"] {
        root.create_model(name).await;
    }
    root.api_post(&format!("projects/{other}/access_tokens"), json!({ "name": "x", "scopes": ["api"] }))
        .await
        .with(201);
    root.create_model("c").await;

    assert_eq!(events(&root, "audit_events").await.len(), 4);
    for client in [&max, &dev, &reader] {
        assert_eq!(client.api_get("audit_events").await.status, 403);
        assert_eq!(client.api_get("audit_events/1").await.status, 403);
        assert_eq!(client.api_get(&format!("projects/{other}/audit_events")).await.status, 403);
        assert_eq!(client.api_get(&format!("projects/{other}/audit_events/1")).await.status, 403);
    }
    assert_eq!(dev.api_get("projects/1/audit_events").await.status, 403);
    assert_eq!(server.anonymous().api_get("projects/1/audit_events").await.status, 401);
    for client in [&max, &reader, &root] {
        let own = events(client, "projects/root%2Fdefault/audit_events").await;
        // Numbers of the project's own: what others do shows in none of them.
        let ids: Vec<i64> = own.iter().map(|event| event["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, [3, 2, 1]);
        assert_eq!(client.api_get("projects/1/audit_events/3").await.ok(), own[0]);
        assert_eq!(client.api_get("projects/1/audit_events/4").await.status, 404);
    }
    let theirs = events(&root, &format!("projects/{other}/audit_events")).await;
    assert_eq!(names(&theirs), ["access_token_created"]);
    assert_eq!(theirs[0]["id"], 1);
}

#[tokio::test]
async fn owners_read_the_log_of_their_group() {
    let server = TestServer::start().await;
    let (team, other) =
        (server.group("team", Visibility::Private).await, server.group("other", Visibility::Private).await);
    let vision = server.group("team/vision", Visibility::Private).await;
    let root = server.root();
    let olga = server.user("olga", &[], Scopes::API, "1").await;
    let reader = server.user("reader", &[], Scopes::READ_API, "1").await;
    let max = server.user("max", &[], Scopes::API, "1").await;
    for (name, role) in [("olga", Role::Owner), ("reader", Role::Owner), ("max", Role::Maintainer)] {
        server.join_group(team, name, role).await;
    }
    for group in [team, vision, other] {
        let body = json!({ "name": "x", "scopes": ["api"] });
        root.api_post(&format!("groups/{group}/access_tokens"), body).await.with(201);
    }
    root.api_put("groups/team", json!({ "name": "The Team" })).await.ok();

    for client in [&olga, &reader, &root] {
        let own = events(client, "groups/team/audit_events").await;
        // Not what is done in the groups that lie in it, as in GitLab.
        assert_eq!(names(&own), ["group_updated", "access_token_created"]);
        let told = (&own[0]["id"], &own[0]["entity_type"], &own[0]["entity_id"]);
        assert_eq!(told, (&json!(2), &json!("Group"), &json!(team)));
        assert_eq!(client.api_get(&format!("groups/{team}/audit_events/2")).await.ok(), own[0]);
        assert_eq!(client.api_get("groups/team/audit_events/3").await.status, 404);
        let inside = events(client, "groups/team%2Fvision/audit_events").await;
        assert_eq!(names(&inside), ["access_token_created"]);
    }
    assert_eq!(olga.api_get("groups/team/audit_events?entity_type=User").await.status, 400);
    assert_eq!(max.api_get("groups/team/audit_events").await.status, 403);
    assert_eq!(max.api_get("groups/team/audit_events/1").await.status, 403);
    assert_eq!(olga.api_get("groups/other/audit_events").await.status, 404);
    assert_eq!(server.anonymous().api_get("groups/team/audit_events").await.status, 401);
}

#[tokio::test]
async fn lists_are_cut_by_time_and_entity_and_come_in_pages() {
    let server = TestServer::start().await;
    let root = server.root();
    for name in ["a", "b", "c"] {
        root.create_model(name).await;
        server.advance_ms(60 * 60 * 1000);
    }
    let body = json!({ "name": "x", "scopes": ["api"] });
    root.api_post("users/1/personal_access_tokens", body).await.with(201);
    for (query, count) in [
        ("", 4),
        ("?created_after=2026-01-01T01:00:00Z", 3),
        ("?created_before=2026-01-01T01:00:00Z", 2),
        ("?created_after=2026-01-01T00:30:00Z&created_before=2026-01-01T01:30:00Z", 1),
        ("?entity_type=Project", 3),
        ("?entity_type=Project&entity_id=1", 3),
        ("?entity_type=Project&entity_id=2", 0),
        ("?entity_type=User&entity_id=1", 1),
        ("?entity_type=Group", 0),
    ] {
        assert_eq!(events(&root, &format!("audit_events{query}")).await.len(), count, "{query}");
    }
    for query in ["?entity_type=Cat", "?entity_id=1", "?created_after=yesterday"] {
        assert_eq!(root.api_get(&format!("audit_events{query}")).await.status, 400, "{query}");
    }
    assert_eq!(root.api_get("projects/1/audit_events?entity_type=User").await.status, 400);

    let page = root.api_get("audit_events?per_page=3&page=2").await;
    assert_eq!((page.header("x-total"), page.header("x-next-page")), (Some("4"), Some("")));
    assert_eq!(page.json()[0]["id"], 1);
    let first = root.api_get("projects/1/audit_events?pagination=keyset&per_page=2").await;
    let link = first.header("link").unwrap();
    let next = link.split(['<', '>']).nth(1).unwrap();
    let rest = root.send(root.request(Method::GET, next)).await.ok();
    assert_eq!((first.json()[1]["id"].clone(), rest[0]["id"].clone()), (json!(2), json!(1)));
}

#[tokio::test]
async fn names_stay_when_what_they_named_is_gone() {
    let server = TestServer::start().await;
    let root = server.root();
    root.create_model("iris").await;
    root.create_semver("iris", "1.0.0").await;
    root.delete("registered-models/delete", json!({ "name": "iris" })).await.ok();
    let listed = events(&root, "projects/1/audit_events").await;
    assert_eq!(names(&listed), ["ml_model_destroyed", "ml_model_version_created", "ml_model_created"]);
    assert_eq!(listed[0]["details"]["target_details"], "iris");
    assert_eq!(listed[1]["details"]["target_details"], "iris 1.0.0");
}

#[tokio::test]
async fn a_long_text_is_cut_and_says_so() {
    let server = TestServer::start().await;
    let root = server.root();
    root.create_model("m").await;
    let body = json!({ "name": "m", "description": "long ".repeat(1000) });
    root.patch("registered-models/update", body).await.ok();
    let listed = events(&root, "audit_events").await;
    let to = listed[0]["details"]["to"].as_str().unwrap();
    assert!(to.starts_with("long long") && to.ends_with("(cut: the first 200 of 5000 characters)"), "{to}");
    assert_eq!(listed[0]["details"]["change"], "description");
}
