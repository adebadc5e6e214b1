//! Every route that changes something leaves an entry, or is in a list that says why not.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use weir_testing::server::Wishes;
use weir_testing::{Answer, Client, TestServer};

use super::{events, names};
use crate::sign_in::{self, PASSWORD, new_link};

/// What is not told: the work that experiments are made of, and what changes nothing.
const WORK: &[&str] = &[
    // Experiments and runs are made, changed and logged to all day long; only that they go is told.
    "POST /mlflow/experiments/create",
    "POST /mlflow/experiments/update",
    "POST /mlflow/experiments/set-experiment-tag",
    "POST /mlflow/experiments/delete-experiment-tag",
    "POST /mlflow/runs/create",
    "POST /mlflow/runs/update",
    "POST /mlflow/runs/set-tag",
    "POST /mlflow/runs/delete-tag",
    "POST /mlflow/runs/log-parameter",
    "POST /mlflow/runs/log-metric",
    "POST /mlflow/runs/log-batch",
    "POST /mlflow/runs/log-inputs",
    "POST /mlflow/runs/outputs",
    "POST /mlflow/runs/log-model",
    "POST /mlflow/logged-models",
    "PATCH /mlflow/logged-models/{model_id}",
    "POST /mlflow/logged-models/{model_id}/params",
    "PATCH /mlflow/logged-models/{model_id}/tags",
    "DELETE /mlflow/logged-models/{model_id}/tags/{*tag_key}",
    // Files that are put there. A published version's files do not change.
    "PUT /mlflow-artifacts/artifacts/{*path}",
    "POST /mlflow/upload-artifact",
    "POST /mlflow-artifacts/mpu/create/{*path}",
    "POST /mlflow-artifacts/mpu/complete/{*path}",
    "POST /mlflow-artifacts/mpu/abort/{*path}",
    "PUT /mlflow-artifacts/mpu/part/{upload_id}/{part}",
    "PUT /api/v4/projects/{project}/packages/generic/{package_name}/{package_version}/{*path}",
    "PUT /api/v4/projects/{project}/packages/ml_models/{model_version_id}/files/{*path}",
    // Searches, and what is not offered.
    "POST /mlflow/experiments/search",
    "POST /mlflow/experiments/search-datasets",
    "POST /mlflow/runs/search",
    "POST /mlflow/logged-models/search",
    "POST /mlflow/registered-models/get-latest-versions",
    "POST /api/v4/projects/{project}/ml/experiments/{experiment}/table",
    "POST /api/v4/projects/{project}/ml/experiments/{experiment}/groups",
    "POST /api/v4/projects/{project}/ml/series",
    "POST /mlflow/artifacts/presigned-upload-url",
    "POST /mlflow/artifacts/presigned-download-url",
];

/// A route without what its mounts put in front of it.
fn short(method: &Method, path: &str) -> String {
    let path = path.strip_prefix("/api/v4/projects/{project}/ml/mlflow").unwrap_or(path);
    let versions = ["/api/2.0", "/ajax-api/2.0", "/api/3.0", "/ajax-api/3.0"];
    let path = versions.iter().find_map(|version| path.strip_prefix(version)).unwrap_or(path);
    format!("{method} {path}")
}

/// Does things and looks at what they leave.
struct Scene {
    server: TestServer,
    root: Client,
    seen: i64,
    done: BTreeSet<String>,
}

impl Scene {
    async fn start() -> Self {
        let outbound_allow = vec!["issuer.example".to_owned()];
        let server = TestServer::with(Wishes { outbound_allow, ..Wishes::default() }).await;
        let root = server.root();
        Self { server, root, seen: 0, done: BTreeSet::new() }
    }

    /// The entries since the last look hold one with this name.
    async fn left(&mut self, route: &str, event: &str) {
        let listed = events(&self.root, "audit_events?per_page=100").await;
        let new: Vec<Value> =
            listed.into_iter().filter(|event| event["id"].as_i64().unwrap() > self.seen).collect();
        let found = names(&new);
        assert!(found.contains(&event), "{route} left {found:?}, not {event}");
        assert!(new.iter().all(|event| event["details"]["ip_address"] == "127.0.0.1"), "{new:?}");
        self.seen += new.len() as i64;
        self.done.insert(route.to_owned());
    }

    /// Sends a request of MLflow's API that has to leave an entry.
    async fn mlflow(&mut self, method: Method, path: &str, body: Value, event: &str) -> Answer {
        let request = self.root.request(method.clone(), &format!("/api/2.0{path}")).json(&body);
        let answer = self.root.send(request).await;
        answer.ok();
        self.left(&format!("{method} {path}"), event).await;
        answer
    }

    /// The same of `/api/v4`, where `route` has `{…}` where `path` varies.
    async fn api(&mut self, method: Method, route: &str, path: &str, body: Value, event: &str) -> Answer {
        let answer = self.root.api(method.clone(), path, body).await;
        assert!((200..300).contains(&answer.status), "{method} {path}: {answer}");
        self.left(&format!("{method} /api/v4/{route}"), event).await;
        answer
    }
}

const GROUP: &str = "team";

#[tokio::test]
async fn every_route_that_changes_something_leaves_an_entry_or_says_why_not() {
    let mut scene = Scene::start().await;
    experiments(&mut scene).await;
    registry(&mut scene).await;
    packages(&mut scene).await;
    trust_rules(&mut scene).await;
    ci_link(&mut scene).await;
    tokens_of_people(&mut scene).await;
    scene.server.group(GROUP, weir_domain::access::Visibility::Private).await;
    tokens_of_places(&mut scene, "projects/{project}", "projects/1").await;
    tokens_of_places(&mut scene, "groups/{group}", &format!("groups/{GROUP}")).await;
    people(&mut scene).await;
    own_profile(&mut scene).await;
    members(&mut scene, "projects/{project}", "projects/1").await;
    members(&mut scene, "groups/{group}", &format!("groups/{GROUP}")).await;
    projects(&mut scene).await;
    groups(&mut scene).await;
    sessions(&mut scene).await;

    let mut forgotten = BTreeSet::new();
    for route in scene.server.routes() {
        let short = short(&route.method, &route.path);
        if route.method != Method::GET && !scene.done.contains(&short) && !WORK.contains(&&*short) {
            forgotten.insert(short);
        }
    }
    assert!(forgotten.is_empty(), "these leave no entry, and nobody says why: {forgotten:#?}");
    no_secrets(&scene).await;
}

async fn experiments(scene: &mut Scene) {
    let root = scene.root.clone();
    let experiment = json!({ "experiment_id": root.create_experiment("e").await });
    let run = root.create_run().await;
    assert_eq!(root.put_file(&run, "a.txt", "a").await.status, 200);
    let tree = run.artifact_uri.trim_start_matches("mlflow-artifacts:/").to_owned();
    let address = format!("/api/2.0/mlflow-artifacts/artifacts/{tree}/a.txt");
    root.send(root.request(Method::DELETE, &address)).await.ok();
    scene.left("DELETE /mlflow-artifacts/artifacts/{*path}", "ml_artifacts_destroyed").await;
    let run = json!({ "run_id": run.id });
    let model = json!({ "experiment_id": "0", "name": "lm" });
    let model = root.post("logged-models", model).await.ok()["model"]["info"]["model_id"].clone();
    root.delete(&format!("logged-models/{}", model.as_str().unwrap()), json!({})).await.ok();
    scene.left("DELETE /mlflow/logged-models/{model_id}", "ml_logged_model_deleted").await;

    let post = Method::POST;
    scene.mlflow(post.clone(), "/mlflow/runs/delete", run.clone(), "ml_run_deleted").await;
    scene.mlflow(post.clone(), "/mlflow/runs/restore", run, "ml_run_restored").await;
    let deleted = "ml_experiment_deleted";
    scene.mlflow(post.clone(), "/mlflow/experiments/delete", experiment.clone(), deleted).await;
    scene.mlflow(post, "/mlflow/experiments/restore", experiment, "ml_experiment_restored").await;
}

async fn registry(scene: &mut Scene) {
    let (post, patch, delete) = (Method::POST, Method::PATCH, Method::DELETE);
    let (models, versions) = ("/mlflow/registered-models", "/mlflow/model-versions");
    let path = |base: &str, end: &str| format!("{base}/{end}");
    scene.mlflow(post.clone(), &path(models, "create"), json!({ "name": "m" }), "ml_model_created").await;
    let described = json!({ "name": "m", "description": "d" });
    scene.mlflow(patch.clone(), &path(models, "update"), described, "ml_model_updated").await;
    let renamed = json!({ "name": "m", "new_name": "n" });
    scene.mlflow(post.clone(), &path(models, "rename"), renamed, "ml_model_renamed").await;
    let version = json!({ "name": "n", "source": "" });
    scene.mlflow(post.clone(), &path(versions, "create"), version, "ml_model_version_created").await;
    let described = json!({ "name": "n", "version": "1", "description": "d" });
    scene.mlflow(patch, &path(versions, "update"), described, "ml_model_version_updated").await;
    let staged = json!({ "name": "n", "version": "1", "stage": "Production" });
    let event = "ml_model_version_stage_changed";
    scene.mlflow(post.clone(), &path(versions, "transition-stage"), staged, event).await;
    let alias = json!({ "name": "n", "alias": "champion", "version": "1" });
    scene.mlflow(post.clone(), &path(models, "alias"), alias.clone(), "ml_model_alias_set").await;
    scene.mlflow(delete.clone(), &path(models, "alias"), alias, "ml_model_alias_destroyed").await;
    registry_tags(scene).await;
    let publish = "projects/{project}/ml/models/{name}/versions/{version}/publish";
    let address = "projects/1/ml/models/n/versions/1/publish";
    scene.api(post, publish, address, Value::Null, "ml_model_version_published").await;
    let version = json!({ "name": "n", "version": "1" });
    scene.mlflow(delete.clone(), &path(versions, "delete"), version, "ml_model_version_destroyed").await;
    scene.mlflow(delete, &path(models, "delete"), json!({ "name": "n" }), "ml_model_destroyed").await;
}

async fn registry_tags(scene: &mut Scene) {
    for (base, owner, noun) in [
        ("/mlflow/registered-models", json!({ "name": "n" }), "ml_model_tag"),
        ("/mlflow/model-versions", json!({ "name": "n", "version": "1" }), "ml_model_version_tag"),
    ] {
        let body = |value: &str| {
            let mut body = owner.clone();
            body["key"] = json!("team");
            body["value"] = json!(value);
            body
        };
        let (set, delete) = (format!("{base}/set-tag"), format!("{base}/delete-tag"));
        let (event, gone) = (format!("{noun}_set"), format!("{noun}_destroyed"));
        scene.mlflow(Method::POST, &set, body("a"), &event).await;
        scene.mlflow(Method::POST, &set, body("b"), &event).await;
        let told = events(&scene.root, "audit_events").await[0]["details"].clone();
        assert_eq!(
            (&told["change"], &told["from"], &told["to"]),
            (&json!("value"), &json!("a"), &json!("b"))
        );
        let of = if owner.get("version").is_some() { "n 1.0.0: team" } else { "n: team" };
        assert_eq!((&told["target_details"], &told["target_id"]), (&json!(of), &json!("team")));
        // What changes nothing is not told, neither way.
        let quiet = async |method: Method, path: &str| {
            let request = scene.root.request(method, &format!("/api/2.0{path}"));
            scene.root.send(request.json(&body("b"))).await.ok();
            let newest = events(&scene.root, "audit_events").await[0]["id"].as_i64();
            assert_eq!(newest, Some(scene.seen), "{path}");
        };
        quiet(Method::POST, &set).await;
        scene.mlflow(Method::DELETE, &delete, body("b"), &gone).await;
        let told = events(&scene.root, "audit_events").await[0]["details"].clone();
        assert_eq!((&told["from"], told.get("to").and_then(Value::as_str)), (&json!("b"), None));
        let request = scene.root.request(Method::DELETE, &format!("/api/2.0{delete}"));
        scene.root.send(request.json(&body("b"))).await.ok();
        assert_eq!(events(&scene.root, "audit_events").await[0]["id"].as_i64(), Some(scene.seen));
    }
}

async fn packages(scene: &mut Scene) {
    let root = scene.root.clone();
    for file in ["a", "b"] {
        let address = format!("{}/api/v4/projects/1/packages/generic/p/1/{file}", root.server);
        assert_eq!(root.send(root.request(Method::PUT, &address).body("x")).await.status, 201);
    }
    let package = root.api_get("projects/1/packages?package_type=generic").await.ok()[0]["id"].clone();
    let package = format!("projects/1/packages/{package}");
    let file = root.api_get(&format!("{package}/package_files")).await.ok()[0]["id"].clone();
    let route = "projects/{project}/packages/{package_id}";
    let files = format!("{route}/package_files/{{package_file_id}}");
    let address = format!("{package}/package_files/{file}");
    scene.api(Method::DELETE, &files, &address, Value::Null, "package_file_destroyed").await;
    scene.api(Method::DELETE, route, &package, Value::Null, "package_destroyed").await;
}

async fn trust_rules(scene: &mut Scene) {
    let (route, address) = ("projects/{project}/ml/trust_rules", "projects/1/ml/trust_rules");
    let body = json!({
        "name": "r",
        "issuer": "https://issuer.example",
        "audience": "a",
        "claims": { "project_path": "acme/ml" },
    });
    let made = scene.api(Method::POST, route, address, body, "trust_rule_created").await.json();
    let (route, path) = (format!("{route}/{{rule}}"), format!("{address}/{}", made["id"]));
    scene.api(Method::DELETE, &route, &path, Value::Null, "trust_rule_removed").await;
}

async fn ci_link(scene: &mut Scene) {
    let (route, path) = ("projects/{project}/ml/ci_link", "projects/1/ml/ci_link");
    let body = json!({
        "kind": "gitlab",
        "url": "https://issuer.example",
        "project": "acme/vision",
        "token": "glpat-a-secret-of-another-server",
    });
    scene.api(Method::PUT, route, path, body, "ci_link_set").await;
    scene.api(Method::DELETE, route, path, Value::Null, "ci_link_removed").await;
}

fn new_token() -> Value {
    json!({ "name": "t", "scopes": ["api"], "access_level": 30 })
}

async fn tokens_of_people(scene: &mut Scene) {
    let (post, delete) = (Method::POST, Method::DELETE);
    let (route, created) = ("users/{user}/personal_access_tokens", "access_token_created");
    let tokens = "personal_access_tokens";
    let address = "users/1/personal_access_tokens";
    let made = scene.api(post.clone(), route, address, new_token(), created).await.json();
    let route = format!("{tokens}/{{token}}/rotate");
    let address = format!("{tokens}/{}/rotate", made["id"]);
    let made = scene.api(post.clone(), &route, &address, json!({}), "access_token_rotated").await.json();
    let address = format!("{tokens}/{}", made["id"]);
    let route = format!("{tokens}/{{token}}");
    scene.api(delete, &route, &address, Value::Null, "access_token_revoked").await;

    let route = "user/personal_access_tokens";
    scene.api(post, route, route, new_token(), created).await;

    let root = scene.root.clone();
    let made = root.api_post("users/1/personal_access_tokens", new_token()).await.with(201);
    let own = root.with_token(made["token"].as_str().unwrap().to_owned());
    let new = own.api_post("personal_access_tokens/self/rotate", json!({})).await.ok();
    scene.left("POST /api/v4/personal_access_tokens/self/rotate", "access_token_rotated").await;
    let new = root.with_token(new["token"].as_str().unwrap().to_owned());
    assert_eq!(own.api_post("personal_access_tokens/self/rotate", json!({})).await.status, 401);
    scene.left("a rotated token that is rotated again", "access_token_reused").await;
    assert_eq!(new.api_get("user").await.status, 401);
    let made = root.api_post("users/1/personal_access_tokens", new_token()).await.with(201);
    let own = root.with_token(made["token"].as_str().unwrap().to_owned());
    own.api_delete("personal_access_tokens/self").await.with(204);
    scene.left("DELETE /api/v4/personal_access_tokens/self", "access_token_revoked").await;
}

async fn tokens_of_places(scene: &mut Scene, place: &str, address: &str) {
    let (post, delete) = (Method::POST, Method::DELETE);
    let (route, address) = (format!("{place}/access_tokens"), format!("{address}/access_tokens"));
    let made = scene.api(post.clone(), &route, &address, new_token(), "access_token_created").await.json();
    let (one, rotated) = (format!("{route}/{{token}}"), "access_token_rotated");
    let path = format!("{address}/{}/rotate", made["id"]);
    let made = scene.api(post, &format!("{one}/rotate"), &path, json!({}), rotated).await.json();
    let own = scene.root.with_token(made["token"].as_str().unwrap().to_owned());
    let made = own.api_post(&format!("{address}/self/rotate"), json!({})).await.ok();
    scene.left(&format!("POST /api/v4/{route}/self/rotate"), rotated).await;
    let path = format!("{address}/{}", made["id"]);
    scene.api(delete, &one, &path, Value::Null, "access_token_revoked").await;
}

async fn people(scene: &mut Scene) {
    let (post, put, nothing) = (Method::POST, Method::PUT, json!({}));
    let body = json!({ "username": "bea", "name": "Bea", "email": "bea@example.org", "force_random_password": true });
    let made = scene.api(post.clone(), "users", "users", body, "user_created").await.json();
    let user = format!("users/{}", made["id"]);
    scene.api(put, "users/{user}", &user, json!({ "name": "Beatrice" }), "user_updated").await;
    let path = format!("{user}/block");
    scene.api(post.clone(), "users/{user}/block", &path, nothing.clone(), "user_blocked").await;
    let path = format!("{user}/unblock");
    scene.api(post.clone(), "users/{user}/unblock", &path, nothing.clone(), "user_unblocked").await;
    let path = format!("{user}/sign_in_link");
    scene.api(post, "users/{user}/sign_in_link", &path, nothing, "sign_in_link_created").await;
    scene.api(Method::DELETE, "users/{user}", &user, Value::Null, "user_destroyed").await;
    let listed = events(&scene.root, "audit_events").await;
    let details: Vec<_> = listed.iter().take(5).map(|event| event["details"].clone()).collect();
    assert_eq!((&details[2]["from"], &details[2]["to"]), (&json!("blocked"), &json!("active")));
    assert_eq!((&details[4]["from"], &details[4]["to"]), (&json!("Bea"), &json!("Beatrice")));
    assert_eq!(details[0]["target_details"], "bea");
}

async fn own_profile(scene: &mut Scene) {
    scene.api(Method::PUT, "user", "user", json!({ "name": "Rosa" }), "user_updated").await;
    let told = events(&scene.root, "audit_events").await[0]["details"].clone();
    assert_eq!((&told["change"], &told["to"]), (&json!("name"), &json!("Rosa")));
}

async fn members(scene: &mut Scene, place: &str, address: &str) {
    let name = format!("m{}", address.len());
    scene.server.user(&name, &[], weir_domain::access::Scopes::API, "1").await;
    let (route, address) = (format!("{place}/members"), format!("{address}/members"));
    let body = json!({ "username": name, "access_level": 30 });
    let made = scene.api(Method::POST, &route, &address, body, "member_added").await.json();
    let (route, path) = (format!("{route}/{{user}}"), format!("{address}/{}", made["id"]));
    let body = json!({ "access_level": 40 });
    scene.api(Method::PUT, &route, &path, body, "member_updated").await;
    let details = events(&scene.root, "audit_events").await[0]["details"].clone();
    let told = (&details["change"], &details["from"], &details["to"]);
    assert_eq!(told, (&json!("access_level"), &json!("developer"), &json!("maintainer")));
    scene.api(Method::DELETE, &route, &path, Value::Null, "member_removed").await;
}

async fn projects(scene: &mut Scene) {
    let (post, nothing) = (Method::POST, json!({}));
    let body = json!({ "name": "p", "path": "p" });
    let made = scene.api(post.clone(), "projects", "projects", body, "project_created").await.json();
    let (route, path) = ("projects/{project}", format!("projects/{}", made["id"]));
    let body = json!({ "description": "d" });
    scene.api(Method::PUT, route, &path, body, "project_updated").await;
    for (end, event) in [("archive", "project_archived"), ("unarchive", "project_unarchived")] {
        let (route, path) = (format!("{route}/{end}"), format!("{path}/{end}"));
        scene.api(post.clone(), &route, &path, nothing.clone(), event).await;
    }
    scene.api(Method::DELETE, route, &path, Value::Null, "project_deleted").await;
    let restore = format!("{path}/restore");
    scene.api(post, &format!("{route}/restore"), &restore, nothing, "project_restored").await;

    // What the server removes later stands in the log, too, and the log stays.
    scene.api(Method::DELETE, route, &path, Value::Null, "project_deleted").await;
    scene.server.advance_ms(30 * 24 * 60 * 60 * 1000);
    weir_api::Upkeep::remove_deleted(&scene.server.app).await.unwrap();
    let listed =
        events(&scene.root, &format!("audit_events?entity_type=Project&entity_id={}", made["id"])).await;
    assert_eq!(names(&listed)[..2], ["project_destroyed", "project_deleted"]);
    assert_eq!(listed[0]["details"]["author_name"], "server");
    assert_eq!(listed[0]["details"]["target_details"], "root/p");
    scene.seen += 1;
}

async fn groups(scene: &mut Scene) {
    let (post, nothing) = (Method::POST, json!({}));
    let body = json!({ "name": "g", "path": "g" });
    let made = scene.api(post.clone(), "groups", "groups", body, "group_created").await.json();
    let (route, path) = ("groups/{group}", format!("groups/{}", made["id"]));
    scene.api(Method::PUT, route, &path, json!({ "name": "gg" }), "group_updated").await;
    scene.api(Method::DELETE, route, &path, Value::Null, "group_deleted").await;
    let restore = format!("{path}/restore");
    scene.api(post, &format!("{route}/restore"), &restore, nothing, "group_restored").await;
}

async fn sessions(scene: &mut Scene) {
    let mut browser = sign_in::root(&scene.server).await;
    scene.left("POST /-/session", "session_created").await;
    let answer = browser.change_password(Some(PASSWORD), "another long password").await.ok();
    scene.left("PUT /-/password", "password_updated").await;
    let id = answer["session"]["id"].clone();
    assert_eq!(browser.go(Method::DELETE, &format!("/-/sessions/{id}")).await.status, 204);
    scene.left("DELETE /-/sessions/{id}", "session_destroyed").await;
    for path in ["/-/session", "/-/sessions"] {
        browser.sign_in("root", "another long password").await.ok();
        scene.left("POST /-/session", "session_created").await;
        assert_eq!(browser.go(Method::DELETE, path).await.status, 204);
        scene.left(&format!("DELETE {path}"), "session_destroyed").await;
    }
    let link = new_link(&scene.server, "root").await;
    assert_eq!(browser.go(Method::POST, &link).await.status, 303);
    scene.left("POST /-/sign-in/link/{secret}", "session_created").await;
}

/// No entry holds a token, a password or a secret of any kind.
async fn no_secrets(scene: &Scene) {
    let listed = events(&scene.root, "audit_events?per_page=100").await;
    assert!(listed.len() > 40, "{} entries", listed.len());
    let text = Value::from(listed).to_string();
    let root = scene.root.token.clone().unwrap();
    for secret in ["glpat-", "password\":\"", PASSWORD, "another long password", &*root, "digest\":\"$"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
