//! Promotion: what a version takes from a run or another version.

use serde_json::{Value, json};
use weir_testing::{Client, TestRun, TestServer};

fn texts(run: &Value, part: &str) -> Vec<(String, Value)> {
    let items = run["data"][part].as_array().cloned().unwrap_or_default();
    let mut texts: Vec<_> =
        items.iter().map(|item| (item["key"].as_str().unwrap().to_owned(), item["value"].clone())).collect();
    texts.sort_by(|a, b| a.0.cmp(&b.0));
    texts
}

async fn trained(client: &Client) -> TestRun {
    let run = client.create_run().await;
    client.log_param(&run, "depth", "3").await.ok();
    for step in 0..3 {
        client.log_metric(&run, "loss", json!(3 - step), step, 100 + step).await.ok();
    }
    client.set_tag(&run, "who", "alice").await.ok();
    for (path, bytes) in
        [("model/MLmodel", "flavors: {}"), ("model/data/w.bin", "weights"), ("notes.txt", "n")]
    {
        assert_eq!(client.put_file(&run, path, bytes).await.status, 200);
    }
    run
}

#[tokio::test]
async fn a_version_of_a_run_is_a_run_of_its_own_with_all_of_it() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let run = trained(&alice).await;
    let source = format!("runs:/{}/model", run.id);
    let made = alice.create_version("m", json!({ "source": source, "run_id": run.id })).await;
    assert_eq!(made["source"], source);
    let own = alice.run_of(&made).await;
    assert_ne!(own.id, run.id);

    let record = alice.get_run(&own).await;
    assert_eq!(texts(&record, "params"), [("depth".to_owned(), json!("3"))]);
    assert_eq!(texts(&record, "metrics"), [("loss".to_owned(), json!(1.0))]);
    let tags = texts(&record, "tags");
    assert_eq!(tags, [("mlflow.runName".to_owned(), json!("1.0.0")), ("who".to_owned(), json!("alice"))]);
    let history = alice.get(&format!("metrics/get-history?run_id={}&metric_key=loss", own.id)).await.ok();
    assert_eq!(history["metrics"].as_array().unwrap().len(), 3);

    for (from, to) in [("model/MLmodel", "MLmodel"), ("model/data/w.bin", "data/w.bin")] {
        let (original, linked) = (alice.get_file(&run, from).await, alice.get_file(&own, to).await);
        assert_eq!(original.bytes, linked.bytes);
        assert_eq!(original.header("x-checksum-sha256"), linked.header("x-checksum-sha256"));
    }
    assert_eq!(alice.get_file(&own, "notes.txt").await.status, 404, "it stands beside the source");

    // The two part ways.
    alice.log_metric(&own, "loss", json!(0.5), 9, 900).await.ok();
    assert_eq!(alice.put_file(&own, "MLmodel", "changed").await.status, 200);
    assert_eq!(texts(&alice.get_run(&run).await, "metrics"), [("loss".to_owned(), json!(1.0))]);
    assert_eq!(alice.get_file(&run, "model/MLmodel").await.bytes, b"flavors: {}");
    alice.post("runs/delete", json!({ "run_id": run.id })).await.ok();
    assert_eq!(alice.get_file(&own, "data/w.bin").await.bytes, b"weights");
}

#[tokio::test]
async fn a_whole_run_one_file_an_artifact_uri_and_a_version_can_be_sources() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let run = trained(&alice).await;
    for (source, run_id, path) in [
        (format!("runs:/{}", run.id), "", "model/MLmodel"),
        (String::new(), run.id.as_str(), "notes.txt"),
        ("1.5.0".to_owned(), run.id.as_str(), "notes.txt"),
        (format!("runs:/{}/notes.txt", run.id), "", "notes.txt"),
        (format!("{}/model", run.artifact_uri), run.id.as_str(), "data/w.bin"),
        (format!("{}/model/data", run.artifact_uri), "", "w.bin"),
        ("models:/m/1".to_owned(), "", "model/MLmodel"),
        ("models:/m@^1.0".to_owned(), "", "model/MLmodel"),
    ] {
        let made = alice.create_version("m", json!({ "source": source, "run_id": run_id })).await;
        let own = alice.run_of(&made).await;
        assert_eq!(alice.get_file(&own, path).await.status, 200, "{source} {path}");
        assert_eq!(texts(&alice.get_run(&own).await, "params").len(), 1, "{source}");
    }
}

#[tokio::test]
async fn a_logged_model_is_promoted_with_its_files_and_what_was_measured_on_it() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let run = trained(&alice).await;
    let fields = json!({
        "experiment_id": "0", "name": "net", "source_run_id": run.id,
        "params": [{ "key": "layers", "value": "2" }, { "key": "depth", "value": "of the model" }],
        "tags": [{ "key": "kind", "value": "cnn" }],
    });
    let model = alice.post("logged-models", fields).await.ok()["model"].clone();
    let model_id = model["info"]["model_id"].as_str().unwrap().to_owned();
    let uri = model["info"]["artifact_uri"].as_str().unwrap().to_owned();
    let tree = TestRun { id: model_id.clone(), artifact_uri: uri };
    assert_eq!(alice.put_file(&tree, "MLmodel", "flavors: {}").await.status, 200);
    let later = alice.create_run().await;
    let point = json!({ "run_id": later.id, "key": "acc", "value": 0.9, "timestamp": 7, "step": 1, "model_id": model_id });
    alice.post("runs/log-metric", point).await.ok();

    for (source, run_id) in [
        (format!("models:/{model_id}"), ""),
        (format!("models:/{model_id}"), run.id.as_str()),
        (format!("runs:/{}/net", run.id), ""),
    ] {
        let made = alice.create_version("m", json!({ "source": source, "run_id": run_id })).await;
        assert_eq!(made["model_id"], model_id, "{source}");
        let own = alice.run_of(&made).await;
        assert_eq!(alice.get_file(&own, "MLmodel").await.bytes, b"flavors: {}", "{source}");
        let record = alice.get_run(&own).await;
        let pair = |key: &str, value: Value| (key.to_owned(), value);
        let params = [pair("depth", json!("3")), pair("layers", json!("2"))];
        assert_eq!(texts(&record, "params"), params, "the run's own stays: {source}");
        assert_eq!(texts(&record, "metrics"), [pair("acc", json!(0.9)), pair("loss", json!(1.0))]);
        assert!(texts(&record, "tags").contains(&pair("kind", json!("cnn"))));
    }
    let shown = alice.get(&format!("logged-models/{model_id}")).await.ok()["model"].clone();
    let registered: Vec<_> =
        shown["info"]["registrations"].as_array().unwrap().iter().map(|r| r["version"].clone()).collect();
    assert_eq!(registered, ["1", "2", "3"]);
    let other = format!("m-{}", "0".repeat(32));
    let body = json!({ "name": "m", "source": format!("models:/{model_id}"), "model_id": other });
    assert_eq!(alice.post("model-versions/create", body).await.status, 404);
}

#[tokio::test]
async fn a_source_that_is_not_there_or_not_allowed_is_refused() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let run = trained(&alice).await;
    let nobody = "0".repeat(32);
    for (source, run_id, status, part) in [
        (format!("runs:/{nobody}/model"), "", 404, "Run with id=[id] not found"),
        (String::new(), nobody.as_str(), 404, "Run with id=[id] not found"),
        (format!("models:/m-{nobody}"), "", 404, "m-[id]"),
        ("models:/m/7".to_owned(), "", 404, "Model Version (name=m, version=7) not found"),
        ("models:/other/1".to_owned(), "", 404, "Registered Model with name=other not found"),
        ("/etc/passwd".to_owned(), "", 400, "Invalid model version source"),
        ("file:///etc/passwd".to_owned(), "", 400, "To use a local path as a model version source"),
        ("http://example.com/x".to_owned(), "", 400, "Invalid model version source"),
        ("s3://bucket/../x".to_owned(), "", 400, "an absolute path must be provided"),
        ("dummy-source".to_owned(), "", 400, "Invalid model version source"),
        (format!("mlflow-artifacts:/9/{}/artifacts", run.id), "", 400, "Invalid model version source"),
    ] {
        let body = json!({ "name": "m", "source": source, "run_id": run_id });
        let answer = alice.post("model-versions/create", body).await;
        assert_eq!(answer.status, status, "{source}: {answer}");
        assert!(answer.to_string().contains(part), "{source}: {answer}");
    }
    alice.post("runs/delete", json!({ "run_id": run.id })).await.ok();
    let body = json!({ "name": "m", "source": format!("runs:/{}", run.id) });
    let answer = alice.post("model-versions/create", body).await;
    assert!(answer.to_string().contains("must be in the 'active' state"), "{answer}");
    assert_eq!(alice.create_version("m", json!({})).await["version"], "1");
}

#[tokio::test]
async fn files_in_a_bucket_of_the_clients_stay_there() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    alice.create_version("m", json!({ "source": "s3://bucket/model" })).await;
    alice.create_version("m", json!({ "source": "models:/m/1" })).await;
    for version in ["1", "2"] {
        let uri = alice.get(&format!("model-versions/get-download-uri?name=m&version={version}")).await.ok();
        assert_eq!(uri["artifact_uri"], "s3://bucket/model");
    }
}
