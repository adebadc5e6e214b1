//! Who may read and write packages: GitLab's table, cell by cell.

use serde_json::json;
use weir_domain::access::{FeatureAccess, Role, Scopes, Visibility};
use weir_store::projects::{self, ProjectChange, ProjectRef};
use weir_testing::server::new_token;
use weir_testing::{Client, TestServer};

use super::{get, put};

#[tokio::test]
async fn the_table_of_the_package_routes_holds() {
    let server = TestServer::start().await;
    for (visibility, cells) in [
        (
            Visibility::Public,
            [
                ("developer", 201, 200),
                ("reporter", 403, 200),
                ("guest", 403, 200),
                ("stranger", 403, 200),
                ("nobody", 401, 200),
                ("bad", 401, 401),
                ("read_api", 403, 200),
            ],
        ),
        (
            Visibility::Internal,
            [
                ("developer", 201, 200),
                ("reporter", 403, 200),
                ("guest", 403, 200),
                ("stranger", 403, 200),
                ("nobody", 401, 404),
                ("bad", 401, 401),
                ("read_api", 403, 200),
            ],
        ),
        (
            Visibility::Private,
            [
                ("developer", 201, 200),
                ("reporter", 403, 200),
                ("guest", 403, 403),
                ("stranger", 404, 404),
                ("nobody", 401, 404),
                ("bad", 401, 401),
                ("read_api", 403, 200),
            ],
        ),
    ] {
        let name = visibility.name();
        let project = server.project(&format!("root/{name}"), visibility).await;
        let root = Client::new(&server.address, &project.to_string(), server.root().token);
        root.create_model("m").await;
        root.create_semver("m", "1.0.0").await;
        let own = super::package(&root, "m", "1.0.0").await;
        let model = format!("/ml_models/{}/files/f", own["model_version_id"]);
        let paths = [model, "/generic/p/1/f".to_owned()];
        for path in &paths {
            assert_eq!(put(&root, path, "f").await.status, 201);
        }
        for (who, may_put, may_get) in cells {
            let client = caller(&server, project, name, who).await;
            for path in &paths {
                assert_eq!(get(&client, path).await.status, may_get, "{who} GET {path}, {name}");
                assert_eq!(put(&client, path, "f").await.status, may_put, "{who} PUT {path}, {name}");
            }
            assert_eq!(get(&client, "").await.status, may_get, "{who} lists, {name}");
        }
    }
}

async fn caller(server: &TestServer, project: i64, visibility: &str, who: &str) -> Client {
    let role = |role| vec![(project, role)];
    let (roles, scopes) = match who {
        "developer" => (role(Role::Developer), Scopes::API),
        "reporter" => (role(Role::Reporter), Scopes::API),
        "guest" => (role(Role::Guest), Scopes::API),
        "read_api" => (role(Role::Developer), Scopes::READ_API),
        "stranger" => (Vec::new(), Scopes::API),
        "nobody" => return Client::new(&server.address, &project.to_string(), None),
        _ => return Client::new(&server.address, &project.to_string(), Some(new_token())),
    };
    server.user(&format!("{who}-{visibility}"), &roles, scopes, &project.to_string()).await
}

#[tokio::test]
async fn nobody_reads_nothing_but_packages_of_a_public_project() {
    let server = TestServer::start().await;
    let project = server.project("root/open", Visibility::Public).await;
    let nobody = Client::new(&server.address, &project.to_string(), None);
    assert_eq!(get(&nobody, "").await.ok(), json!([]));
    assert_eq!(nobody.get("experiments/get?experiment_id=0").await.status, 401);
    let gone = Client::new(&server.address, "77", None);
    let private = Client::new(&server.address, "1", None);
    for client in [&gone, &private] {
        assert_eq!(get(client, "").await.to_string(), r#"404 {"message":"404 Project Not Found"}"#);
    }
}

#[tokio::test]
async fn what_is_switched_off_is_no_package_either() {
    let server = TestServer::start().await;
    let project = server.project("root/open", Visibility::Public).await;
    let root = Client::new(&server.address, &project.to_string(), server.root().token);
    root.create_model("m").await;
    root.create_semver("m", "1.0.0").await;
    let model = super::package(&root, "m", "1.0.0").await;
    let run = root.create_run().await;
    root.put_file(&run, "f", "f").await;
    super::keep(&root, "/generic/p/1/f", "f").await;
    let candidate = "/generic/ml_experiment_0/candidate_2/f";
    let in_registry = format!("/ml_models/{}/files/f", model["model_version_id"]);
    super::keep(&root, &in_registry, "f").await;
    let own = format!("/{}/package_files", model["id"]);
    let nobody = Client::new(&server.address, &project.to_string(), None);

    let (on, members, off) = (FeatureAccess::Enabled, FeatureAccess::Private, FeatureAccess::Disabled);
    for (experiments, registry, all_see, members_see) in [
        (on, on, "version run generic", "version run generic"),
        (on, members, "run generic", "version run generic"),
        (members, on, "generic", "version run generic"),
        (on, off, "run generic", "run generic"),
        (off, on, "generic", "generic"),
    ] {
        switch(&server, project, experiments, registry).await;
        for (client, seen) in [(&nobody, all_see), (&root, members_see)] {
            let list = super::listed(client, "").await;
            let names = list.iter().map(|line| match line.as_str() {
                "ml_model m 1.0.0" => "version",
                "ml_model ml_experiment_0 candidate_2" => "run",
                "generic p 1" => "generic",
                other => other,
            });
            assert_eq!(names.collect::<Vec<_>>().join(" "), seen, "{experiments:?} {registry:?}");
            let status = |sees: bool| if sees { 200 } else { 404 };
            let version = status(seen.contains("version"));
            assert_eq!(get(client, &in_registry).await.status, version, "{experiments:?} {registry:?}");
            assert_eq!(get(client, &own).await.status, version, "{experiments:?} {registry:?}");
            assert_eq!(get(client, candidate).await.status, status(seen.contains("run")));
        }
    }
    assert_eq!(put(&root, candidate, "x").await.status, 404);
}

async fn switch(server: &TestServer, project: i64, experiments: FeatureAccess, registry: FeatureAccess) {
    let change = ProjectChange {
        experiments_access: Some(experiments),
        registry_access: Some(registry),
        ..ProjectChange::default()
    };
    server
        .store
        .write(move |tx| {
            let project = projects::get(tx, &ProjectRef::Id(project))?;
            projects::update(tx, &project, &change, 1)
        })
        .await
        .unwrap();
    // Longer than an answer about a caller is remembered.
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
}

#[tokio::test]
async fn a_removed_project_takes_its_generic_packages_along() {
    let server = TestServer::start().await;
    let project = server.project("root/gone", Visibility::Private).await;
    let root = Client::new(&server.address, &project.to_string(), server.root().token);
    let run = root.create_run().await;
    root.put_file(&run, "f", "run").await;
    for number in 0..3 {
        super::keep(&root, &format!("/generic/p/{number}/f"), "generic").await;
    }
    super::keep(&server.root(), "/generic/stays/1/f", "generic").await;
    let now = server.now();
    let removed = server.store.write(move |tx| {
        let found = projects::get(tx, &ProjectRef::Id(project))?;
        projects::delete(tx, &found, now, now)?;
        for _ in 0..20 {
            if projects::remove_step(tx, project, now)? {
                return Ok(true);
            }
        }
        Ok(false)
    });
    assert!(removed.await.unwrap());
    assert_eq!(super::listed(&server.root(), "").await, ["generic stays 1"]);
    let rows =
        async |sql: &'static str| server.store.read(move |tx| tx.get(sql, &[], |row| row.int(0))).await;
    assert_eq!(rows("SELECT COUNT(*) FROM packages").await.unwrap(), 1);
    assert_eq!(rows("SELECT COUNT(*) FROM files").await.unwrap(), 1);
    assert_eq!(rows("SELECT COUNT(*) FROM blobs").await.unwrap(), 1, "shared bytes stay");
    assert_eq!(super::text(&server.root(), "/generic/stays/1/f").await, "generic");
}
