//! GitLab's REST API: what its tests share.

mod about;
mod deletion;
mod groups;
mod limits;
mod members;
mod projects;
mod rights;
mod settings;
mod tokens;
mod users;

use serde_json::Value;
use weir_testing::{Answer, Client};

/// `404 Not Found`: the status and the sentence of a refusal, which has nothing else unless it is the token's fault.
fn refusal(answer: &Answer) -> String {
    let body = answer.json();
    let fields: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    match body["error"].as_str() {
        Some("invalid_token") => assert_eq!(fields, ["error", "error_description", "message"]),
        Some("insufficient_scope") => assert_eq!(fields, ["error", "error_description", "message", "scope"]),
        _ => assert_eq!(fields, ["message"]),
    }
    format!("{} {}", answer.status, body["message"].as_str().unwrap())
}

/// The values of a field of a list.
fn each(list: &Value, field: &str) -> Vec<Value> {
    list.as_array().unwrap().iter().map(|row| row[field].clone()).collect()
}

async fn id_of(client: &Client) -> i64 {
    client.api_get("user").await.ok()["id"].as_i64().unwrap()
}

/// The caller at another project.
fn at(client: &Client, project: &str) -> Client {
    Client::new(&client.server, project, client.token.clone())
}

/// The answer to a small read of a project's experiments.
async fn read(client: &Client, project: &str) -> Answer {
    at(client, project).get("experiments/get?experiment_id=0").await
}
