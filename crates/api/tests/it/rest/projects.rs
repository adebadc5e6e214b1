//! Projects: made, listed, changed, moved, archived.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::TestServer;
use weir_testing::server::Wishes;

use super::{at, each, id_of, read, refusal};

#[tokio::test]
async fn a_project_is_made_in_ones_own_namespace_and_works_at_once() {
    let server = TestServer::start().await;
    let alice = server.user("alice", &[], Scopes::API, "1").await;
    let body = json!({ "name": "Iris & Co", "description": "flowers", "visibility": "internal" });
    let made = alice.api_post("projects", body).await.with(201);
    assert_eq!(made["path_with_namespace"], "alice/iris-co");
    assert_eq!(made["name_with_namespace"], "alice / Iris & Co");
    assert_eq!((&made["visibility"], &made["description"]), (&json!("internal"), &json!("flowers")));
    assert_eq!(made["namespace"]["kind"], "user");
    assert_eq!(
        made["permissions"],
        json!({ "project_access": { "access_level": 50 }, "group_access": null })
    );
    assert_eq!(
        (&made["model_experiments_access_level"], &made["archived"]),
        (&json!("enabled"), &json!(false))
    );
    assert_eq!(made["web_url"], format!("{}/alice/iris-co", server.address));

    let id = made["id"].to_string();
    for project in [id.as_str(), "alice%2Firis-co", "ALICE%2FIris-Co"] {
        assert_eq!(alice.api_get(&format!("projects/{project}")).await.ok(), made, "{project}");
        at(&alice, project).create_experiment(project).await;
    }
}

#[tokio::test]
async fn what_cannot_be_a_project_is_named() {
    let server = TestServer::start().await;
    let alice = server.user("alice", &[], Scopes::API, "1").await;
    alice.api_post("projects", json!({ "name": "iris" })).await.with(201);
    let private = server.group("closed", Visibility::Private).await;
    let root = server.root();
    let roots = root.api_get("projects/1").await.ok()["namespace"]["id"].clone();
    let opened = server.group("opened", Visibility::Internal).await;
    for (body, sentence) in [
        (json!({}), "400 name, path are missing, at least one parameter must be provided"),
        (
            json!({ "path": "IRIS" }),
            "400 the project 'alice/IRIS' exists already: its path has already been taken",
        ),
        (
            json!({ "name": "x", "visibility": "secret" }),
            "400 'secret' is not a visibility: use private, internal or public",
        ),
        (
            json!({ "name": "x", "model_registry_access_level": "on" }),
            "400 'on' is not an access level: use disabled, private or enabled",
        ),
        (
            json!({ "name": "x", "version_part": "micro" }),
            "400 'micro' is not a part of a version; it must be one of patch, minor, major",
        ),
        (json!({ "name": "x", "namespace_id": 4711 }), "404 404 Namespace Not Found"),
        (json!({ "name": "x", "namespace_id": private }), "404 404 Namespace Not Found"),
        (json!({ "name": "x", "namespace_id": roots }), "404 404 Namespace Not Found"),
        (
            json!({ "name": "x", "namespace_id": opened }),
            "403 403 Forbidden - you may not make a project in the group 'opened': it needs developer or above",
        ),
    ] {
        assert_eq!(refusal(&alice.api_post("projects", body.clone()).await), sentence, "{body}");
    }
    for path in ["a b", "-a", "a.git", "ä", ""] {
        let refused = refusal(&alice.api_post("projects", json!({ "path": path })).await);
        assert!(
            refused.starts_with(&format!("400 '{path}' is not a project path: use up to 255 letters")),
            "{refused}"
        );
    }
    let refused = root
        .api_post("projects", json!({ "name": "x", "namespace_id": private, "visibility": "public" }))
        .await;
    assert_eq!(
        refusal(&refused),
        "400 visibility 'public' is not allowed: the project would be more visible than its group 'closed', which is private"
    );
}

#[tokio::test]
async fn lists_show_what_the_caller_may_see_and_asks_for() {
    let server = TestServer::start().await;
    let (root, alice) = (server.root(), server.user("alice", &[(1, Role::Reporter)], Scopes::API, "1").await);
    let hidden = server.project("root/hidden", Visibility::Private).await;
    server.project("root/inner", Visibility::Internal).await;
    server.project("root/public", Visibility::Public).await;
    alice.api_post("projects", json!({ "name": "Own Models" })).await.with(201);
    let team = server.group("team", Visibility::Private).await;
    server.group("team/vision", Visibility::Private).await;
    server.project("team/vision/net", Visibility::Private).await;
    server.join_group(team, "alice", Role::Developer).await;
    root.api_post("projects/root%2Finner/archive", Value::Null).await.with(201);

    for (query, paths) in [
        (
            "sort=asc",
            &["root/default", "root/inner", "root/public", "alice/own-models", "team/vision/net"][..],
        ),
        ("membership=true&sort=asc", &["root/default", "alice/own-models", "team/vision/net"]),
        ("owned=true", &["alice/own-models"]),
        ("min_access_level=30&sort=asc", &["alice/own-models", "team/vision/net"]),
        ("visibility=public", &["root/public"]),
        ("archived=true", &["root/inner"]),
        ("archived=false&visibility=internal", &[]),
        ("search=OWN", &["alice/own-models"]),
        ("search=vision", &[]),
        ("search=vision&search_namespaces=true", &["team/vision/net"]),
        ("order_by=path&sort=asc&per_page=2", &["root/default", "root/inner"]),
        ("order_by=name&sort=desc&per_page=1", &["root/public"]),
    ] {
        let list = alice.api_get(&format!("projects?{query}")).await.ok();
        assert_eq!(each(&list, "path_with_namespace"), paths, "{query}");
    }
    assert_eq!(root.api_get("projects").await.header("x-total"), Some("6"));
    let simple = alice.api_get("projects?simple=true&owned=true").await.ok();
    assert_eq!((simple[0].get("visibility"), &simple[0]["path"]), (None, &json!("own-models")));
    let user = id_of(&alice).await;
    for path in [format!("users/{user}/projects"), "users/alice/projects".to_owned()] {
        assert_eq!(each(&root.api_get(&path).await.ok(), "name"), ["Own Models"]);
    }
    for (query, part) in [
        ("starred=true", "400 the filter 'starred' is not known here: leave it out"),
        ("order_by=stars", "400 'stars' is not an order of projects"),
        ("min_access_level=7", "400 '7' is not a role"),
    ] {
        let refused = refusal(&alice.api_get(&format!("projects?{query}")).await);
        assert!(refused.starts_with(part), "{refused}");
    }
    assert_eq!(refusal(&alice.api_get(&format!("projects/{hidden}")).await), "404 404 Project Not Found");
    assert_eq!(refusal(&alice.api_get("projects/4711").await), "404 404 Project Not Found");
}

#[tokio::test]
async fn projects_by_keyset_come_each_once() {
    let server = TestServer::start().await;
    let root = server.root();
    for number in 0..5 {
        server.project(&format!("root/p{number}"), Visibility::Private).await;
    }
    let mut seen = Vec::new();
    let mut next =
        Some(format!("{}/api/v4/projects?pagination=keyset&order_by=id&per_page=2", server.address));
    while let Some(address) = next {
        let page = root.send(root.request(Method::GET, &address)).await;
        seen.extend(each(&page.ok(), "path"));
        next = page
            .header("link")
            .map(|link| link.trim_start_matches('<').split('>').next().unwrap().to_owned());
    }
    assert_eq!(seen, ["p4", "p3", "p2", "p1", "p0", "default"]);
}

#[tokio::test]
async fn settings_change_and_hold_at_once() {
    let server = TestServer::start().await;
    let (maintainer, guest) =
        (server.member("mia", Role::Maintainer).await, server.member("gus", Role::Guest).await);
    let body = json!({ "name": "Renamed", "description": "d", "model_registry_access_level": "disabled", "lfs_enabled": true });
    let changed = maintainer.api_put("projects/1", body).await.ok();
    assert_eq!((&changed["name"], &changed["path"]), (&json!("Renamed"), &json!("default")));
    assert_eq!(changed["model_registry_access_level"], "disabled");
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(
        guest.get("registered-models/search").await.to_string(),
        "404 RESOURCE_DOES_NOT_EXIST: Project '1' has not a model registry"
    );
    read(&guest, "1").await.ok();
    assert_eq!(refusal(&guest.api_get("projects/1/ml/models/m/events").await), "404 404 Not Found");

    maintainer.api_put("projects/1", json!({ "model_experiments_access_level": "disabled" })).await.ok();
    tokio::time::sleep(Duration::from_millis(600)).await;
    // Not even an administrator, as in GitLab; the project itself is there.
    assert_eq!(
        read(&server.root(), "1").await.to_string(),
        "404 RESOURCE_DOES_NOT_EXIST: Project '1' has not model experiments"
    );
    guest.api_get("projects/1").await.ok();

    for body in [json!({ "visibility": "public" }), json!({ "path": "moved" })] {
        let refused = refusal(&maintainer.api_put("projects/1", body).await);
        assert!(
            refused.starts_with("403 403 Forbidden - you may not change the ")
                && refused.ends_with("it needs owner"),
            "{refused}"
        );
    }
    // What stays as it is, is no change.
    maintainer.api_put("projects/1", json!({ "visibility": "private", "path": "default" })).await.ok();
    assert_eq!(guest.api_put("projects/1", json!({ "name": "x" })).await.status, 403);
}

#[tokio::test]
async fn maintainers_set_the_version_part_and_the_log_tells() {
    let server = TestServer::start().await;
    let (maintainer, developer) =
        (server.member("mia", Role::Maintainer).await, server.developer("dora").await);
    assert_eq!(developer.api_get("projects/1").await.ok()["version_part"], "patch");
    let wish = |part: Value| json!({ "version_part": part });
    assert_eq!(developer.api_put("projects/1", wish(json!("minor"))).await.status, 403);
    for bad in [json!("Minor"), json!(""), json!("micro")] {
        let refused = refusal(&maintainer.api_put("projects/1", wish(bad.clone())).await);
        let value = bad.as_str().unwrap();
        assert_eq!(
            refused,
            format!("400 '{value}' is not a part of a version; it must be one of patch, minor, major")
        );
    }
    let refused = refusal(&maintainer.api_put("projects/1", wish(json!(["minor"]))).await);
    assert!(refused.starts_with("400 ") && refused.contains("version_part"), "{refused}");
    let changed = maintainer.api_put("projects/1", wish(json!("minor"))).await.ok();
    assert_eq!(changed["version_part"], "minor");
    // Another change leaves it.
    let changed = maintainer.api_put("projects/1", json!({ "name": "x" })).await.ok();
    assert_eq!(changed["version_part"], "minor");
    let simple = developer.api_get("projects?simple=true").await.ok();
    assert_eq!(simple[0].get("version_part"), None);

    let events = maintainer.api_get("projects/1/audit_events").await.ok();
    let told = &events[1]["details"];
    assert_eq!(
        (&told["change"], &told["from"], &told["to"]),
        (&json!("version_part"), &json!("patch"), &json!("minor"))
    );
    let body = json!({ "name": "begun", "version_part": "major" });
    assert_eq!(server.root().api_post("projects", body).await.with(201)["version_part"], "major");
}

#[tokio::test]
async fn private_features_are_for_members_of_a_public_project() {
    let server = TestServer::start().await;
    let id = server.project("root/public", Visibility::Public).await.to_string();
    let member = server.user("member", &[(2, Role::Guest)], Scopes::API, &id).await;
    let visitor = server.user("visitor", &[], Scopes::API, &id).await;
    assert_eq!(id, "2");
    server.root().api_put("projects/2", json!({ "model_experiments_access_level": "private" })).await.ok();
    read(&member, &id).await.ok();
    assert_eq!(read(&visitor, &id).await.status, 404);
    visitor.api_get("projects/2").await.ok();
}

#[tokio::test]
async fn a_moved_project_leads_below_the_servers_own_address_and_without_secrets() {
    let external_url = Some("https://weir.example.com/ml");
    let server = TestServer::with(Wishes { external_url, ..Wishes::default() }).await;
    let root = server.root();
    let id = root.api_post("projects", json!({ "name": "old" })).await.with(201)["id"].clone();
    root.api_put(&format!("projects/{id}"), json!({ "path": "new" })).await.ok();
    let sent = root.api_get("projects/root%2Fold?private_token=glpat-secret&simple=true").await;
    let address = format!("https://weir.example.com/ml/api/v4/projects/{id}?simple=true");
    assert_eq!((sent.status, sent.header("location")), (301, Some(address.as_str())));
    assert!(!sent.to_string().contains("glpat-secret"), "{sent}");
}

#[tokio::test]
async fn a_moved_project_is_found_at_its_old_path() {
    let server = TestServer::start().await;
    let root = server.root();
    root.api_post("projects", json!({ "name": "old" })).await.with(201);
    at(&root, "root%2Fold").create_experiment("kept").await;
    let moved = root.api_put("projects/root%2Fold", json!({ "path": "new" })).await.ok();
    assert_eq!(moved["path_with_namespace"], "root/new");
    tokio::time::sleep(Duration::from_millis(600)).await;

    // GitLab's clients are sent on; the one of these tests does not follow.
    let id = &moved["id"];
    let sent = root.api_get("projects/Root%2FOld/members?per_page=1").await;
    let address = format!("/api/v4/projects/{id}/members?per_page=1");
    assert_eq!((sent.status, sent.header("location")), (301, Some(address.as_str())));
    let sent = root.api_put("projects/root%2Fold", json!({ "description": "d" })).await;
    let address = format!("/api/v4/projects/{id}");
    assert_eq!((sent.status, sent.header("location")), (308, Some(address.as_str())));
    // MLflow's client follows no POST, so its address stays good.
    let found = at(&root, "root%2Fold").post("experiments/search", json!({ "max_results": 10 })).await.ok();
    assert_eq!(found["experiments"].as_array().unwrap().len(), 2);

    // To a stranger the old path tells nothing.
    let stranger = server.user("stranger", &[], Scopes::API, "1").await;
    assert_eq!(refusal(&stranger.api_get("projects/root%2Fold").await), "404 404 Project Not Found");
    assert_eq!(read(&stranger, "root%2Fold").await.status, 404);

    // Whoever takes the old path has it.
    let taken = root.api_post("projects", json!({ "path": "old" })).await.with(201);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(root.api_get("projects/root%2Fold").await.ok()["id"], taken["id"]);
    let refused = root.api_put("projects/root%2Fold", json!({ "path": "NEW" })).await;
    assert_eq!(refusal(&refused), "400 the path 'root/NEW' has already been taken");
    // Only the letter case changes: no other project is in the way.
    assert_eq!(root.api_put("projects/root%2Fnew", json!({ "path": "New" })).await.ok()["path"], "New");
}

#[tokio::test]
async fn an_archived_project_is_read_only() {
    let server = TestServer::start().await;
    let (root, alice) = (server.root(), server.developer("alice").await);
    let run = alice.create_run().await;
    assert_eq!(alice.api_post("projects/1/archive", Value::Null).await.status, 403);
    let archived = root.api_post("projects/1/archive", Value::Null).await.with(201);
    assert_eq!(archived["archived"], true);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(
        alice.log_metric(&run, "loss", json!(0.5), 0, 1).await.to_string(),
        "403 PERMISSION_DENIED: you may not change anything in this project: it is archived or waits to be deleted"
    );
    assert_eq!(root.post("experiments/create", json!({ "name": "x" })).await.status, 403);
    alice.get_run(&run).await;
    alice.post("runs/search", json!({ "experiment_ids": ["0"] })).await.ok();
    root.api_post("projects/1/unarchive", Value::Null).await.with(201);
    tokio::time::sleep(Duration::from_millis(600)).await;
    alice.log_metric(&run, "loss", json!(0.5), 0, 1).await.ok();
}
