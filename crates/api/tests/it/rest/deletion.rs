//! Deletion with a delay, the way back, and what is removed for good.

use std::time::Duration;

use serde_json::{Value, json};
use weir_api::Upkeep;
use weir_domain::access::{Role, Visibility};
use weir_testing::TestServer;

use super::{at, each, read, refusal};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

async fn rows(server: &TestServer, table: &'static str) -> i64 {
    server
        .store
        .read(move |tx| tx.get(&format!("SELECT COUNT(*) FROM {table}"), &[], |row| row.int(0)))
        .await
        .unwrap()
}

/// Tables that still have rows of a project, whoever adds such a table.
async fn left_of(server: &TestServer, project: i64) -> Vec<String> {
    let found = server.store.read(move |tx| {
        let tables = match tx {
            weir_store::Tx::Sqlite(_) => {
                "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
                 WHERE m.type = 'table' AND c.name = 'project_id'"
            }
            weir_store::Tx::Postgres(_) => {
                "SELECT table_name::text FROM information_schema.columns
                 WHERE column_name = 'project_id' AND table_schema = 'public'"
            }
        };
        let tables = tx.list(tables, &[], |row| row.text(0))?;
        assert!(tables.len() > 5, "{tables:?}");
        let mut left = Vec::new();
        for table in tables {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE project_id = ?1");
            if tx.get(&sql, &[&project], |row| row.int(0))? > 0 {
                left.push(table);
            }
        }
        Ok(left)
    });
    found.await.unwrap()
}

#[tokio::test]
async fn a_group_that_is_removed_at_once_is_gone_with_all_that_lies_in_it() {
    let server = TestServer::start().await;
    let root = server.root();
    let team = server.group("team", Visibility::Private).await;
    let vision = server.group("team/vision", Visibility::Private).await;
    let project = server.project("team/vision/iris", Visibility::Private).await;
    at(&root, &project.to_string()).create_experiment("gone").await;
    let path = format!("groups/{team}");
    root.api_delete(&path).await.with(202);
    root.api_delete(&format!("{path}?permanently_remove=true&full_path=team")).await.with(202);
    for gone in [path.clone(), format!("groups/{vision}"), format!("projects/{project}")] {
        assert_eq!(root.api_get(&gone).await.status, 404, "{gone}");
    }
    assert_eq!(root.api_get("groups").await.ok(), json!([]));
    assert_eq!(root.api_post(&format!("{path}/restore"), Value::Null).await.status, 404);
    // Their paths are free.
    let new = server.group("team", Visibility::Private).await;
    let again = server.project("team/iris", Visibility::Private).await;
    Upkeep::remove_deleted(&server.app).await.unwrap();
    assert!(left_of(&server, project).await.is_empty());
    assert_eq!(root.api_get(&format!("groups/{new}")).await.ok()["full_path"], "team");
    at(&root, &again.to_string()).create_experiment("kept").await;
    let names = server
        .store
        .read(|tx| tx.list("SELECT full_path FROM namespaces ORDER BY id", &[], |row| row.text(0)));
    assert_eq!(names.await.unwrap(), ["root", "team"]);
}

#[tokio::test]
async fn a_deleted_project_waits_a_week_and_can_be_restored() {
    let server = TestServer::start().await;
    let root = server.root();
    let id = server.project("root/iris", Visibility::Private).await;
    let path = format!("projects/{id}");
    at(&root, &id.to_string()).create_experiment("kept").await;
    assert_eq!(root.api_delete(&path).await.with(202), json!({ "message": "202 Accepted" }));
    let waiting = root.api_get(&path).await.ok();
    assert_eq!(waiting["marked_for_deletion_on"], "2026-01-08");
    assert_eq!(each(&root.api_get("projects").await.ok(), "path"), ["default"]);
    assert_eq!(
        each(&root.api_get("projects?include_pending_delete=true").await.ok(), "path"),
        ["iris", "default"]
    );
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(
        at(&root, &id.to_string()).post("experiments/create", json!({ "name": "x" })).await.status,
        403
    );
    assert_eq!(
        refusal(&root.api_delete(&path).await),
        "400 the project 'root/iris' waits to be deleted already"
    );

    server.advance_ms(6 * DAY_MS);
    Upkeep::remove_deleted(&server.app).await.unwrap();
    let restored = root.api_post(&format!("{path}/restore"), Value::Null).await.with(201);
    assert_eq!(restored["marked_for_deletion_on"], Value::Null);
    assert_eq!(
        refusal(&root.api_post(&format!("{path}/restore"), Value::Null).await),
        "400 the project 'root/iris' does not wait to be deleted"
    );
    server.advance_ms(6 * DAY_MS);
    Upkeep::remove_deleted(&server.app).await.unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    at(&root, &id.to_string()).create_experiment("again").await;
}

#[tokio::test]
async fn a_project_whose_time_has_come_is_gone_with_all_that_it_held() {
    let server = TestServer::start().await;
    let root = server.root();
    let before: Vec<i64> = {
        let mut counts = Vec::new();
        for table in [
            "experiments",
            "runs",
            "files",
            "registered_models",
            "model_versions",
            "projects",
            "project_members",
        ] {
            counts.push(rows(&server, table).await);
        }
        counts
    };
    let id = server.project("root/iris", Visibility::Private).await;
    let iris = at(&root, &id.to_string());
    for _ in 0..3 {
        let run = iris.create_run().await;
        iris.log_metric(&run, "loss", json!(1.0), 0, 1).await.ok();
        crate::artifacts::put(&iris, &run, "model/weights", vec![7u8; 64]).await;
    }
    iris.post("registered-models/create", json!({ "name": "m" })).await.ok();
    iris.post("model-versions/create", json!({ "name": "m", "source": "" })).await.ok();
    let body = json!({ "name": "ci", "scopes": ["api"] });
    let token = root.api_post(&format!("projects/{id}/access_tokens"), body).await.with(201);
    let bot = root.with_token(token["token"].as_str().unwrap().to_owned());
    bot.api_get("user").await.ok();

    assert!(left_of(&server, id).await.len() > 3);
    root.api_delete(&format!("projects/{id}")).await.with(202);
    server.advance_ms(7 * DAY_MS);
    Upkeep::remove_deleted(&server.app).await.unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(refusal(&root.api_get(&format!("projects/{id}")).await), "404 404 Project Not Found");
    assert_eq!(read(&root, &id.to_string()).await.status, 404);
    assert_eq!(bot.api_get("user").await.status, 401);
    let mut after = Vec::new();
    for table in
        ["experiments", "runs", "files", "registered_models", "model_versions", "projects", "project_members"]
    {
        after.push(rows(&server, table).await);
    }
    assert_eq!(after, before);
    assert_eq!(left_of(&server, id).await, Vec::<String>::new());
    // The path is free.
    server.project("root/iris", Visibility::Private).await;
}

#[tokio::test]
async fn what_waits_can_be_removed_at_once_when_it_is_named_in_full() {
    let server = TestServer::start().await;
    let root = server.root();
    let id = server.project("root/iris", Visibility::Private).await;
    let at_once = |path: &str| format!("projects/{id}?permanently_remove=true&full_path={path}");
    assert!(refusal(&root.api_delete(&at_once("root/iris")).await).contains("does not wait to be deleted"));
    root.api_delete(&format!("projects/{id}")).await.with(202);
    assert_eq!(
        refusal(&root.api_delete(&at_once("root/other")).await),
        "400 full_path is 'root/other': write 'root/iris' to have it removed at once"
    );
    root.api_delete(&at_once("root%2Firis")).await.with(202);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(root.api_get("projects/root%2Firis").await.status, 404);
    assert_eq!(root.api_get(&format!("projects/{id}")).await.status, 404);
    root.api_post("projects", json!({ "path": "iris" })).await.with(201);
    Upkeep::remove_deleted(&server.app).await.unwrap();
    assert_eq!(rows(&server, "projects").await, 2);
}

#[tokio::test]
async fn a_group_goes_with_all_that_lies_in_it_and_comes_back_with_it() {
    let server = TestServer::start().await;
    let root = server.root();
    let team = server.group("team", Visibility::Private).await;
    server.group("team/vision", Visibility::Private).await;
    server.project("team/vision/iris", Visibility::Private).await;
    let before = server.project("team/before", Visibility::Private).await;
    root.api_delete(&format!("projects/{before}")).await.with(202);
    server.advance_ms(DAY_MS);

    root.api_delete("groups/team").await.with(202);
    assert_eq!(root.api_get("groups/team%2Fvision").await.ok()["marked_for_deletion_on"], "2026-01-09");
    assert_eq!(
        root.api_get("projects/team%2Fvision%2Firis").await.ok()["marked_for_deletion_on"],
        "2026-01-09"
    );
    let refused = root.api_post("projects/team%2Fvision%2Firis/restore", Value::Null).await;
    assert_eq!(
        refusal(&refused),
        "409 the project 'team/vision/iris' lies in the group 'team/vision', which waits to be deleted: restore that"
    );
    assert_eq!(root.api_post("groups/team%2Fvision/restore", Value::Null).await.status, 409);
    let refused = root.api_post("projects", json!({ "name": "new", "namespace_id": team })).await;
    assert_eq!(refusal(&refused), "409 the group 'team' waits to be deleted");
    root.api_post("groups/team/restore", Value::Null).await.with(201);
    assert_eq!(
        root.api_get("projects/team%2Fvision%2Firis").await.ok()["marked_for_deletion_on"],
        Value::Null
    );
    // What had been deleted by itself stays so.
    assert_eq!(
        root.api_get(&format!("projects/{before}")).await.ok()["marked_for_deletion_on"],
        "2026-01-08"
    );

    root.api_delete("groups/team").await.with(202);
    server.advance_ms(7 * DAY_MS);
    Upkeep::remove_deleted(&server.app).await.unwrap();
    assert_eq!(refusal(&root.api_get("groups/team").await), "404 404 Group Not Found");
    assert_eq!((rows(&server, "namespaces").await, rows(&server, "group_members").await), (1, 0));
    server.group("team", Visibility::Private).await;
}

#[tokio::test]
async fn only_owners_delete() {
    let server = TestServer::start().await;
    let maintainer = server.member("mia", Role::Maintainer).await;
    for path in ["projects/1", "projects/1/restore", "projects/1/archive"] {
        let answer = match path.matches('/').count() {
            1 => maintainer.api_delete(path).await,
            _ => maintainer.api_post(path, Value::Null).await,
        };
        assert_eq!(
            refusal(&answer),
            "403 403 Forbidden - you may not do this in this project: you are maintainer, and it needs owner or above"
        );
    }
}
