//! What is wrong is refused, with the value named, and changes nothing.

use reqwest::Method;
use serde_json::{Value, json};
use weir_testing::{TestServer, Wishes};

#[tokio::test]
async fn wrong_types_and_missing_fields_are_named() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let id = &run.id;
    for (path, body, message) in [
        ("experiments/create", json!({}), "Missing value for required parameter 'name'. See the API docs"),
        ("experiments/create", json!({ "name": "" }), "Missing value for required parameter 'name'"),
        (
            "experiments/create",
            json!({ "name": 123 }),
            "Invalid value 123 for parameter 'name' supplied:  Hint: Value was of type 'int'.",
        ),
        (
            "experiments/create",
            json!({ "name": ["a"] }),
            "Invalid value [\"a\"] for parameter 'name' supplied:  Hint: Value was of type 'list'.",
        ),
        (
            "experiments/create",
            json!({ "name": "x".repeat(501) }),
            "'name' exceeds the maximum length of 500 characters",
        ),
        ("experiments/create", json!({ "name": "a\u{0}b" }), "NUL character"),
        ("experiments/get", json!({}), ""),
        ("experiments/update", json!({ "experiment_id": "0" }), "'new_name'"),
        (
            "experiments/delete",
            json!({ "experiment_id": "abc" }),
            "Invalid experiment ID 'abc'. Experiment ID must be a valid integer.",
        ),
        ("experiments/set-experiment-tag", json!({ "experiment_id": "0", "value": "v" }), "'key'"),
        ("runs/create", json!({}), "'experiment_id'"),
        (
            "runs/create",
            json!({ "experiment_id": "0", "start_time": "soon" }),
            "Invalid value \"soon\" for parameter 'start_time'",
        ),
        (
            "runs/create",
            json!({ "experiment_id": "0", "start_time": 12.5 }),
            "Invalid value 12.5 for parameter 'start_time'",
        ),
        ("runs/create", json!({ "experiment_id": "0", "tags": "x" }), "Invalid"),
        (
            "runs/create",
            json!({ "experiment_id": "0", "tags": [{ "key": "a#b" }] }),
            "Invalid value \"a#b\" for parameter 'tags[0].key' supplied: Names may only contain",
        ),
        ("runs/log-metric", json!({ "run_id": id, "key": "m", "value": 1 }), "'timestamp'"),
        ("runs/log-metric", json!({ "run_id": id, "key": "m", "timestamp": 1 }), "'value'"),
        ("runs/log-metric", json!({ "run_id": id, "value": 1, "timestamp": 1 }), "'key'"),
        ("runs/log-metric", json!({ "run_id": id, "key": "", "value": 1, "timestamp": 1 }), "'key'"),
        (
            "runs/log-metric",
            json!({ "run_id": id, "key": "m", "value": "x", "timestamp": 1 }),
            "Invalid value \"x\" for parameter 'value'",
        ),
        (
            "runs/log-metric",
            json!({ "run_id": id, "key": "m", "value": 1, "timestamp": -1 }),
            "Invalid value -1 for parameter 'timestamp' supplied: metric 'm' (value=1.0). Timestamp must be a nonnegative long",
        ),
        (
            "runs/log-metric",
            json!({ "run_id": id, "key": "a//b", "value": 1, "timestamp": 1 }),
            "This name would resolve to 'a/b'",
        ),
        (
            "runs/log-metric",
            json!({ "run_id": id, "key": "m".repeat(251), "value": 1, "timestamp": 1 }),
            "'Metric name' exceeds the maximum length of 250 characters",
        ),
        ("runs/log-metric", json!({ "key": "m", "value": 1, "timestamp": 1 }), "'run_id'"),
        (
            "runs/log-batch",
            json!({ "run_id": id, "metrics": [{ "key": "m", "value": 1 }] }),
            "'metrics[0].timestamp'",
        ),
        (
            "runs/log-batch",
            json!({ "run_id": id, "metrics": [{ "key": "m", "timestamp": 1, "value": [] }] }),
            "Invalid value [] for parameter 'metrics[0].value'",
        ),
        (
            "runs/log-batch",
            json!({ "run_id": id, "metrics": [{ "value": 1, "timestamp": 1 }] }),
            "'metrics[0].key'",
        ),
        ("runs/log-batch", json!({ "run_id": id, "params": [{ "value": "v" }] }), "'params[0].key'"),
        (
            "runs/log-batch",
            json!({ "run_id": id, "params": [{ "key": "d" }, { "key": "d" }] }),
            "Duplicate parameter keys have been submitted: ['d'].",
        ),
        ("runs/log-batch", json!({ "run_id": id, "metrics": 5 }), "Invalid value 5 for parameter 'metrics'"),
        ("runs/log-batch", json!({ "run_uuid": id }), "'run_id'"),
        ("runs/search", json!({ "experiment_ids": ["x"] }), "Invalid experiment ID 'x'"),
        (
            "runs/search",
            json!({ "experiment_ids": ["0"], "max_results": 0 }),
            "Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer",
        ),
        ("runs/search", json!({ "experiment_ids": ["0"], "max_results": 50001 }), "50001"),
        (
            "runs/search",
            json!({ "experiment_ids": ["0"], "run_view_type": "SOME" }),
            "Invalid value \"SOME\" for parameter 'run_view_type'",
        ),
        (
            "runs/search",
            json!({ "experiment_ids": ["0"], "order_by": ["metrics.m", "metrics.m DESC"] }),
            "duplicate",
        ),
        (
            "runs/search",
            json!({ "experiment_ids": ["0"], "page_token": "%%%" }),
            "Invalid page token, could not base64-decode",
        ),
        ("experiments/search", json!({}), "max_results"),
    ] {
        if message.is_empty() {
            continue;
        }
        let answer = alice.post(path, body.clone()).await;
        assert_eq!(answer.status, 400, "{path} {body}: {answer}");
        assert_eq!(answer.json()["error_code"], "INVALID_PARAMETER_VALUE", "{path} {body}: {answer}");
        assert!(answer.json()["message"].as_str().unwrap().contains(message), "{path} {body}: {answer}");
    }
    let read = alice.get_run(&run).await;
    assert!(read["data"].get("metrics").is_none() && read["data"].get("params").is_none(), "{read}");
    let found = alice.post("experiments/search", json!({ "max_results": 10 })).await.ok();
    assert_eq!(found["experiments"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_points_at_the_character() {
    let server = TestServer::start().await;
    let root = server.root();
    let answer =
        root.post("runs/search", json!({ "experiment_ids": ["0"], "filter": "metrics.m > 'x'" })).await;
    assert_eq!(answer.status, 400);
    assert!(answer.to_string().contains("(at character 13:"), "{answer}");
}

#[tokio::test]
async fn batches_have_limits() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let metrics = |n: usize| -> Vec<Value> {
        (0..n).map(|i| json!({ "key": format!("m{i}"), "value": 1, "timestamp": 1 })).collect()
    };
    let entries = |n: usize| -> Vec<Value> { (0..n).map(|i| json!({ "key": format!("k{i}") })).collect() };
    for (body, message) in [
        (
            json!({ "metrics": metrics(1001) }),
            "can contain at most 1000 metrics. Got 1001 metrics. Please split up metrics across multiple requests and try again.",
        ),
        (json!({ "params": entries(101) }), "can contain at most 100 params. Got 101 params."),
        (json!({ "tags": entries(101) }), "can contain at most 100 tags. Got 101 tags."),
        (
            json!({ "metrics": metrics(950), "params": entries(51) }),
            "can contain at most 1000 metrics, params, and tags. Got 1001 metrics, params, and tags.",
        ),
    ] {
        let mut body = body;
        body["run_id"] = json!(run.id);
        let answer = alice.post("runs/log-batch", body).await;
        assert_eq!(answer.status, 400);
        assert!(answer.to_string().contains(message), "{answer}");
    }
    assert!(alice.get_run(&run).await["data"].get("metrics").is_none());
    let body = json!({ "run_id": run.id, "metrics": metrics(1000) });
    alice.post("runs/log-batch", body).await.ok();
    assert_eq!(alice.get_run(&run).await["data"]["metrics"].as_array().unwrap().len(), 1000);
}

#[tokio::test]
async fn broken_bodies_are_refused_and_lenient_ones_read() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    for (body, message) in [
        ("{\"name\": ", "Invalid JSON in the request body"),
        ("[1]", "expected a JSON object, got a list"),
        ("5", "expected a JSON object"),
        (
            "{\"name\": \"a\", \"artifact_location\": \"s3://a\", \"artifactLocation\": \"s3://b\"}",
            "'artifact_location' more than once",
        ),
        ("{\"name\": \"a\", \"tags\": [3]}", "Invalid"),
        ("", "Missing value for required parameter 'name'"),
        ("{\"name\": null}", "Missing value for required parameter 'name'"),
    ] {
        let answer = alice.post_text("experiments/create", body).await;
        assert_eq!(answer.status, 400, "{body}: {answer}");
        assert!(answer.to_string().contains(message), "{body}: {answer}");
    }
    let id = &run.id;
    for body in [
        format!(
            r#"{{"runId": "{id}", "key": "m1", "value": "0.5", "timestamp": "12", "step": 3.0, "unknown": {{}}}}"#
        ),
        format!(r#"{{"run_uuid": "{id}", "key": "m2", "value": true, "timestamp": 1000.0}}"#),
        format!(
            r#""{{\"run_id\": \"{id}\", \"key\": \"m3\", \"value\": -1e-3, \"timestamp\": 1, \"step\": null}}""#
        ),
    ] {
        alice.post_text("runs/log-metric", &body).await.ok();
    }
    let metrics = alice.get_run(&run).await["data"]["metrics"].clone();
    assert_eq!(metrics.as_array().unwrap().len(), 3, "{metrics}");
    let plain = alice.request(Method::POST, "/api/2.0/mlflow/experiments/create").body("{\"name\":\"a\"}");
    assert!(alice.send(plain).await.to_string().contains("Content-Type header is missing"));
    let form = alice.request(Method::POST, "/api/2.0/mlflow/experiments/create");
    let form = form.header("content-type", "application/x-www-form-urlencoded").body("name=a");
    assert!(alice.send(form).await.to_string().contains("Content-Type must be one of ['application/json']"));
    let charset = alice.request(Method::POST, "/api/2.0/mlflow/experiments/create");
    let charset = charset.header("content-type", "application/json; charset=utf-8").body("{\"name\":\"a\"}");
    alice.send(charset).await.ok();
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_with_the_limit() {
    let server = TestServer::with(Wishes { max_body_bytes: Some(1000), ..Wishes::default() }).await;
    let answer = server.root().post("experiments/create", json!({ "name": "x".repeat(2000) })).await;
    assert_eq!(answer.status, 413);
    assert!(answer.to_string().contains("larger than the limit of 1000 bytes"), "{answer}");
}

#[tokio::test]
async fn a_page_token_belongs_to_its_search() {
    let server = TestServer::start().await;
    let root = server.root();
    for _ in 0..3 {
        root.create_run().await;
    }
    let search = json!({ "experiment_ids": ["0"], "max_results": 1 });
    let token = root.post("runs/search", search).await.ok()["next_page_token"].clone();
    let body = json!({ "experiment_ids": ["0"], "max_results": 2, "page_token": token });
    assert_eq!(root.post("runs/search", body).await.ok()["runs"].as_array().unwrap().len(), 2);
    let id = server.project("root/other", weir_domain::access::Visibility::Private).await;
    let other = weir_testing::Client::new(&server.address, &id.to_string(), root.token.clone());
    for (client, body) in [
        (&other, json!({ "experiment_ids": ["0"], "page_token": token })),
        (&root, json!({ "experiment_ids": ["0"], "page_token": token, "order_by": ["run_id"] })),
        (&root, json!({ "experiment_ids": ["0"], "page_token": token, "filter": "run_id != 'x'" })),
    ] {
        let answer = client.post("runs/search", body).await;
        assert_eq!(answer.status, 400);
        assert!(answer.to_string().contains("it does not belong to this search"), "{answer}");
    }
}

#[tokio::test]
async fn a_nul_is_refused_wherever_a_text_is_read() {
    let server = TestServer::start().await;
    let root = server.root();
    let run = root.create_run().await;
    let id = &run.id;
    for (path, body) in [
        ("runs/delete-tag", json!({ "run_id": id, "key": "a\u{0}" })),
        ("runs/set-tag", json!({ "run_id": id, "key": "a", "value": "\u{0}" })),
        ("runs/search", json!({ "experiment_ids": ["0"], "filter": "params.a = '\u{0}'" })),
        ("runs/search", json!({ "experiment_ids": ["0"], "order_by": ["params.`\u{0}`"] })),
        ("experiments/search", json!({ "max_results": 1, "filter": "name = '\u{0}'" })),
        ("experiments/delete-experiment-tag", json!({ "experiment_id": "0", "key": "\u{0}" })),
    ] {
        let answer = root.post(path, body).await;
        assert_eq!(answer.status, 400, "{path}: {answer}");
        assert!(answer.to_string().contains("it contains a NUL character"), "{path}: {answer}");
    }
    for path in [
        "experiments/get-by-name?experiment_name=%00".to_owned(),
        format!("metrics/get-history?run_id={id}&metric_key=a%00"),
        format!("metrics/get-history-bulk?run_id={id}&metric_key=a%00"),
        format!("metrics/get-history-bulk-interval?run_ids={id}&metric_key=a%00"),
    ] {
        assert_eq!(root.get(&path).await.status, 400, "{path}");
    }
    let project = weir_testing::Client::new(&server.address, "a%00b", root.token.clone());
    assert_eq!(project.get("experiments/get?experiment_id=0").await.status, 404);
}
