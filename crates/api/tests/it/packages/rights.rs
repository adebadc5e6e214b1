//! Who may read and write packages: GitLab's table, cell by cell.

use serde_json::json;
use weir_domain::access::{Role, Scopes, Visibility};
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
