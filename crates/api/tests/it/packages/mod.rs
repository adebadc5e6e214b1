//! GitLab's packages: what tests of them share.

mod generic;
mod list;
mod ml_models;
mod package_files;
mod paging;
mod rights;
mod uploads;

use reqwest::Method;
use serde_json::{Value, json};
use weir_testing::{Answer, Client, TestRun};

/// A request to `/api/v4/projects/1/packages<path>`.
fn request(client: &Client, method: Method, path: &str) -> reqwest::RequestBuilder {
    let address = client.tracking.strip_suffix("/ml/mlflow").unwrap();
    client.request(method, &format!("{address}/packages{path}"))
}

async fn get(client: &Client, path: &str) -> Answer {
    client.send(request(client, Method::GET, path)).await
}

async fn put(client: &Client, path: &str, bytes: impl Into<reqwest::Body>) -> Answer {
    client.send(request(client, Method::PUT, path).body(bytes)).await
}

async fn delete(client: &Client, path: &str) -> Answer {
    client.send(request(client, Method::DELETE, path)).await
}

/// Puts a file, which must work.
async fn keep(client: &Client, path: &str, bytes: &'static str) {
    let answer = put(client, path, bytes).await;
    assert_eq!(answer.to_string(), r#"201 {"message":"201 Created"}"#, "{path}");
}

/// The bytes of a file.
async fn text(client: &Client, path: &str) -> String {
    let answer = get(client, path).await;
    assert_eq!(answer.status, 200, "{path}: {answer}");
    String::from_utf8(answer.bytes).unwrap()
}

/// The sentence of a refusal.
fn message(answer: &Answer) -> String {
    format!("{} {}", answer.status, answer.json()["message"].as_str().unwrap())
}

/// `<type> <name> <version>` of each package in a list.
async fn listed(client: &Client, query: &str) -> Vec<String> {
    let list = get(client, query).await.ok();
    let field = |package: &Value, name: &str| package[name].as_str().unwrap().to_owned();
    let line = |package: &Value| {
        [field(package, "package_type"), field(package, "name"), field(package, "version")].join(" ")
    };
    list.as_array().unwrap().iter().map(line).collect()
}

/// The package of this name and version.
async fn package(client: &Client, name: &str, version: &str) -> Value {
    let list = get(client, &format!("?package_version={version}&package_name={name}")).await.ok();
    assert_eq!(list.as_array().unwrap().len(), 1, "{list}");
    list[0].clone()
}

async fn files(client: &Client, package: &Value, query: &str) -> Vec<Value> {
    let list = get(client, &format!("/{}/package_files{query}", package["id"])).await.ok();
    list.as_array().unwrap().clone()
}

async fn file_names(client: &Client, package: &Value, query: &str) -> Vec<String> {
    let files = files(client, package, query).await;
    files.iter().map(|file| file["file_name"].as_str().unwrap().to_owned()).collect()
}

/// The number of a run in its project.
async fn iid(client: &Client, run: &TestRun) -> i64 {
    client.put_file(run, "first.txt", "1").await;
    let list = get(client, "?per_page=100").await.ok();
    let own = list.as_array().unwrap().iter().find(|package| package["run_id"] == json!(run.id)).unwrap();
    let version = own["version"].as_str().unwrap();
    version.strip_prefix("candidate_").unwrap().parse().unwrap()
}
