//! Weir's own routes of experiments and runs: what tests of them share.

mod candidates;
mod columns;
mod experiments;
mod groups;
mod series;
mod table;

use reqwest::Method;
use serde_json::{Value, json};
use weir_testing::{Answer, Client, TestRun};

/// `GET /api/v4/projects/1/ml/<path>`
async fn get(client: &Client, path: &str) -> Answer {
    let address = client.tracking.strip_suffix("/mlflow").unwrap();
    client.send(client.request(Method::GET, &format!("{address}/{path}"))).await
}

/// `POST /api/v4/projects/1/ml/<path>`
async fn post(client: &Client, path: &str, body: Value) -> Answer {
    let address = client.tracking.strip_suffix("/mlflow").unwrap();
    client.send(client.request(Method::POST, &format!("{address}/{path}")).json(&body)).await
}

fn message(answer: &Answer) -> String {
    format!("{} {}", answer.status, answer.json()["message"].as_str().unwrap())
}

/// A run of an experiment with a name, params and metrics (their points, at steps from 0 on).
async fn log(
    client: &Client,
    experiment: &str,
    name: &str,
    params: &[(&str, &str)],
    metrics: &[(&str, &[Value])],
) -> TestRun {
    let run = client.create_run_in(experiment, json!({ "run_name": name, "start_time": 1000 })).await;
    let params: Vec<Value> =
        params.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    let mut points = Vec::new();
    for (key, values) in metrics {
        for (step, value) in values.iter().enumerate() {
            points.push(json!({ "key": key, "value": value, "step": step, "timestamp": 1000 + 10 * step }));
        }
    }
    let body = json!({ "run_id": run.id, "params": params, "metrics": points });
    client.post("runs/log-batch", body).await.ok();
    run
}
