//! GitLab's REST API: what its tests share.

mod about;
mod tokens;

use serde_json::Value;
use weir_testing::Answer;

/// `404 Not Found`: the status and the sentence of a refusal, which has nothing else.
fn refusal(answer: &Answer) -> String {
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
    format!("{} {}", answer.status, body["message"].as_str().unwrap())
}

/// The values of a field of a list.
fn each(list: &Value, field: &str) -> Vec<Value> {
    list.as_array().unwrap().iter().map(|row| row[field].clone()).collect()
}
