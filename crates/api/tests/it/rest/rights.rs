//! GitLab's matrix of rights, cell by cell: visibility, role, scope and feature against what is read and written.

use reqwest::Method;
use serde_json::json;
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::server::new_token;
use weir_testing::{Client, TestServer};

/// Reads of experiments, writes of experiments, reads of the registry, writes of the registry; GitLab's own: the
/// project, its tokens, its members' change, its archive.
const ACTS: [&str; 8] = [
    "get-experiment",
    "create-experiment",
    "get-models",
    "create-model",
    "see",
    "tokens",
    "add-member",
    "archive",
];

async fn act(client: &Client, project: i64, act: &str, unique: &str) -> u16 {
    let api = format!("projects/{project}");
    let answer = match act {
        "get-experiment" => client.get("experiments/get?experiment_id=0").await,
        "create-experiment" => client.post("experiments/create", json!({ "name": unique })).await,
        "get-models" => client.get("registered-models/search").await,
        "create-model" => client.post("registered-models/create", json!({ "name": unique })).await,
        "see" => client.api_get(&api).await,
        "tokens" => client.api_get(&format!("{api}/access_tokens")).await,
        "add-member" => client.api_put(&format!("{api}/members/1"), json!({})).await,
        _ => client.api(Method::POST, &format!("{api}/unarchive"), json!({})).await,
    };
    // A request without what it needs has got past the guard.
    if act == "add-member" && answer.status == 400 { 200 } else { answer.status }
}

type Statuses = [u16; ACTS.len()];

/// Who asks, and the statuses of [`ACTS`] in a private, an internal and a public project. GitLab's 401 for a role that
/// is too low is 403 here, as the design has it; an internal project is read by every user.
const MATRIX: &[(&str, Statuses, Statuses, Statuses)] = &[
    ("nobody", [401; 8], [401; 8], [401; 8]),
    ("bad token", [401; 8], [401; 8], [401; 8]),
    ("stranger", [404; 8], READER, READER),
    ("guest", READER, READER, READER),
    ("reporter", READER, READER, READER),
    ("developer", DEVELOPER, DEVELOPER, DEVELOPER),
    ("maintainer", MAINTAINER, MAINTAINER, MAINTAINER),
    ("owner", ALL, ALL, ALL),
    ("administrator", ALL, ALL, ALL),
    ("guest read_api", READER, READER, READER),
    ("developer read_api", READER, READER, READER),
    ("owner read_api", READ_OWNER, READ_OWNER, READ_OWNER),
    ("owner read_user", [403; 8], [403; 8], [403; 8]),
    ("owner self_rotate", [403; 8], [403; 8], [403; 8]),
    ("stranger read_user", [404; 8], [403; 8], [403; 8]),
];
const READER: Statuses = [200, 403, 200, 403, 200, 403, 403, 403];
const DEVELOPER: Statuses = [200, 200, 200, 200, 200, 403, 403, 403];
const MAINTAINER: Statuses = [200, 200, 200, 200, 200, 200, 200, 403];
const ALL: Statuses = [200, 200, 200, 200, 200, 200, 200, 201];
const READ_OWNER: Statuses = [200, 403, 200, 403, 200, 200, 403, 403];

/// A caller of the matrix at a project.
async fn caller(server: &TestServer, who: &str, project: i64, name: &str) -> Client {
    let at = project.to_string();
    let (role, scopes) = who.split_once(' ').unwrap_or((who, "api"));
    let roles: Vec<(i64, Role)> = Role::parse(role).ok().map(|role| (project, role)).into_iter().collect();
    match who {
        "nobody" => Client::new(&server.address, &at, None),
        "bad token" => Client::new(&server.address, &at, Some(new_token())),
        "administrator" => Client::new(&server.address, &at, server.root().token),
        _ => server.user(name, &roles, Scopes::parse(scopes).unwrap(), &at).await,
    }
}

#[tokio::test]
async fn every_cell_of_the_matrix_holds() {
    let server = TestServer::start().await;
    for (column, visibility) in Visibility::ALL.into_iter().enumerate() {
        let project = server.project(&format!("root/{}", visibility.name()), visibility).await;
        for (who, private, internal, public) in MATRIX {
            let name = format!("{}-{}", who.replace([' ', '_'], "-"), visibility.name());
            let client = caller(&server, who, project, &name).await;
            let expected = [private, internal, public][column];
            for (act_name, expected) in ACTS.into_iter().zip(expected) {
                let status = act(&client, project, act_name, &format!("{name}-{act_name}")).await;
                assert_eq!(status, *expected, "{who} {act_name} in a {} project", visibility.name());
            }
        }
    }
}

#[tokio::test]
async fn the_same_roles_from_a_group_have_the_same_rights() {
    let server = TestServer::start().await;
    let group = server.group("team", Visibility::Private).await;
    server.group("team/vision", Visibility::Private).await;
    let project = server.project("team/vision/iris", Visibility::Private).await;
    for (role, expected) in [
        (Role::Guest, READER),
        (Role::Reporter, READER),
        (Role::Developer, DEVELOPER),
        (Role::Maintainer, MAINTAINER),
        (Role::Owner, ALL),
    ] {
        let client = server.user(role.name(), &[], Scopes::API, &project.to_string()).await;
        server.join_group(group, role.name(), role).await;
        for (act_name, expected) in ACTS.into_iter().zip(expected) {
            let status = act(&client, project, act_name, &format!("{}-{act_name}", role.name())).await;
            assert_eq!(status, expected, "{} {act_name}", role.name());
        }
    }
}

#[tokio::test]
async fn features_that_are_off_are_off_for_whom_they_are() {
    let server = TestServer::start().await;
    let root = server.root();
    let mut number = 0;
    for (experiments, registry, member, visitor) in [
        ("enabled", "enabled", [200, 200], [200, 200]),
        ("enabled", "private", [200, 200], [200, 404]),
        ("enabled", "disabled", [200, 404], [200, 404]),
        ("private", "enabled", [200, 200], [404, 404]),
        ("private", "private", [200, 200], [404, 404]),
        ("disabled", "enabled", [404, 404], [404, 404]),
        ("disabled", "disabled", [404, 404], [404, 404]),
    ] {
        number += 1;
        let body = json!({
            "name": format!("p{number}"), "visibility": "public",
            "model_experiments_access_level": experiments, "model_registry_access_level": registry,
        });
        let project = root.api_post("projects", body).await.with(201)["id"].as_i64().unwrap();
        for (who, expected) in [("owner", member), ("guest", member), ("stranger", visitor)] {
            let client = caller(&server, who, project, &format!("{who}{number}")).await;
            for (act_name, expected) in ["get-experiment", "get-models"].into_iter().zip(expected) {
                let status = act(&client, project, act_name, "x").await;
                assert_eq!(status, expected, "{who} {act_name} with {experiments}, {registry}");
            }
            assert_eq!(act(&client, project, "see", "x").await, 200);
        }
    }
}
