//! Weir's own routes of the model registry: what tests of them share.

mod compare;
mod describe;
mod events;
mod versions;

use reqwest::Method;
use serde_json::json;
use weir_testing::{Answer, Client, TestRun};

use crate::artifacts::put;

const FRAME_2: &str = include_str!("../../../../domain/tests/data/mlmodel/sklearn_frame_mlflow2.yaml");
const FRAME_3: &str = include_str!("../../../../domain/tests/data/mlmodel/sklearn_frame_mlflow3.yaml");
const TENSOR_3: &str = include_str!("../../../../domain/tests/data/mlmodel/sklearn_tensor_mlflow3.yaml");

/// `/api/v4/projects/1/ml/<path>`
async fn own(client: &Client, method: Method, path: &str) -> Answer {
    let address = client.tracking.strip_suffix("/mlflow").unwrap();
    client.send(client.request(method, &format!("{address}/{path}"))).await
}

async fn get(client: &Client, path: &str) -> Answer {
    own(client, Method::GET, path).await
}

/// The body of an error, which has nothing but its sentence.
fn message(answer: &Answer) -> String {
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
    format!("{} {}", answer.status, body["message"].as_str().unwrap())
}

async fn keep(client: &Client, run: &TestRun, path: &str, bytes: impl Into<reqwest::Body>) {
    let answer = put(client, run, path, bytes).await;
    assert_eq!(answer.status, 200, "{answer}");
}

/// A version of a model and the run that it is.
async fn make_version(client: &Client, model: &str, version: &str) -> TestRun {
    let made = client
        .create_version(
            model,
            json!({
                "description": "as told",
                "run_link": "https://ci.example/1",
                "tags": [{ "key": "gitlab.version", "value": version }, { "key": "k", "value": "v" }],
            }),
        )
        .await;
    client.run_of(&made).await
}
