//! The audit log: who did what, who may read it, and what becomes of it when somebody changes it.

mod chain;
mod list;
mod refusals;
mod routes;

use serde_json::Value;
use weir_testing::Client;

/// The entries of a list, the newest first.
async fn events(client: &Client, path: &str) -> Vec<Value> {
    client.api_get(path).await.ok().as_array().unwrap().clone()
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event_name"].as_str().unwrap()).collect()
}
