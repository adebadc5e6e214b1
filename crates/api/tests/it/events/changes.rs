//! What is told: every kind of change that a page shows.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use weir_testing::client::TestRun;

use super::{Stream, server};

#[tokio::test]
async fn experiments_are_told() {
    let server = server().await;
    let alice = server.developer("alice").await;
    let mut stream = Stream::new(&alice).await;
    let id = alice.create_experiment("one").await;
    assert_eq!(stream.change().await, format!("experiment created experiment_id={id}"));
    for (route, more, told) in [
        ("update", json!({ "new_name": "two" }), "renamed"),
        ("set-experiment-tag", json!({ "key": "a", "value": "b" }), "tags"),
        ("delete-experiment-tag", json!({ "key": "a" }), "tags"),
        ("delete", json!({}), "deleted"),
        ("restore", json!({}), "restored"),
    ] {
        let mut body = more;
        body["experiment_id"] = json!(id);
        alice.post(&format!("experiments/{route}"), body).await.ok();
        assert_eq!(stream.change().await, format!("experiment {told} experiment_id={id}"), "{route}");
    }
    // What is refused changed nothing.
    assert_eq!(alice.post("experiments/create", json!({ "name": "two" })).await.status, 400);
    alice.create_experiment("three").await;
    assert!(stream.change().await.starts_with("experiment created"));
}

#[tokio::test]
async fn runs_are_told() {
    let server = server().await;
    let alice = server.developer("alice").await;
    let mut stream = Stream::new(&alice).await;
    let run = alice.create_run().await;
    assert_eq!(stream.change().await, "run created+renamed+tags experiment_id=0");
    let told = async |stream: &mut Stream, what: &str| {
        assert_eq!(stream.change().await, format!("run {what} experiment_id=0"));
    };
    alice.log_metric(&run, "loss", json!(0.5), 0, 1).await.ok();
    told(&mut stream, "metrics").await;
    alice.log_param(&run, "lr", "1").await.ok();
    told(&mut stream, "params").await;
    alice.set_tag(&run, "a", "b").await.ok();
    told(&mut stream, "tags").await;
    alice.set_tag(&run, "mlflow.runName", "other").await.ok();
    told(&mut stream, "renamed+tags").await;
    alice.post("runs/delete-tag", json!({ "run_id": run.id, "key": "a" })).await.ok();
    told(&mut stream, "tags").await;
    alice.post("runs/update", json!({ "run_id": run.id, "status": "FINISHED", "end_time": 5 })).await.ok();
    told(&mut stream, "updated").await;
    assert_eq!(alice.put_file(&run, "a.txt", "a").await.status, 200);
    told(&mut stream, "artifacts").await;
    let dataset = json!({ "name": "d", "digest": "1", "source_type": "local", "source": "s" });
    let inputs = json!({ "run_id": run.id, "datasets": [{ "dataset": dataset }] });
    alice.post("runs/log-inputs", inputs).await.ok();
    told(&mut stream, "inputs").await;
    alice.post("runs/delete", json!({ "run_id": run.id })).await.ok();
    told(&mut stream, "deleted").await;
    alice.post("runs/restore", json!({ "run_id": run.id })).await.ok();
    told(&mut stream, "restored").await;
}

#[tokio::test]
async fn the_registry_is_told() {
    let server = server().await;
    let alice = server.developer("alice").await;
    let mut stream = Stream::new(&alice).await;
    alice.create_model("m").await;
    stream.until("model created model=m").await;
    let version = alice.create_semver("m", "1.0.0").await;
    let run = alice.run_of(&version).await;
    let of_version = |what: &str| format!("version {what} model=m version=1 semver=1.0.0");
    stream.until(&of_version("created")).await;
    // Its run comes with it; pick up what is left of both.
    alice.put_file(&run, "MLmodel", "flavors: {}").await;
    while !stream.change().await.starts_with("run artifacts") {}
    alice.post("registered-models/alias", json!({ "name": "m", "alias": "best", "version": "1" })).await.ok();
    let mut both = [stream.change().await, stream.change().await];
    both.sort();
    assert_eq!(both, ["model aliases model=m".to_owned(), of_version("aliases")]);
    let stage =
        json!({ "name": "m", "version": "1", "stage": "Staging", "archive_existing_versions": false });
    alice.post("model-versions/transition-stage", stage).await.ok();
    assert_eq!(stream.change().await, of_version("stage"));
    let tag = json!({ "name": "m", "version": "1", "key": "a", "value": "b" });
    alice.post("model-versions/set-tag", tag).await.ok();
    assert_eq!(stream.change().await, of_version("tags"));
    alice.api_post("projects/1/ml/models/m/versions/1.0.0/publish", json!({})).await.ok();
    assert_eq!(stream.change().await, of_version("published"));
    let root = server.root();
    let rename = json!({ "name": "m", "new_name": "n" });
    root.post("registered-models/rename", rename).await.ok();
    let mut renamed = vec![stream.change().await, stream.change().await, stream.change().await];
    renamed.sort();
    assert!(renamed[0].starts_with("experiment renamed"), "{renamed:?}");
    assert_eq!(renamed[1..], ["model renamed model=m", "model renamed model=n"]);
    let delete = root.request(Method::DELETE, "/api/2.0/mlflow/model-versions/delete");
    root.send(delete.json(&json!({ "name": "n", "version": "1" }))).await.ok();
    stream.until("version deleted model=n version=1 semver=1.0.0").await;
    let delete = root.request(Method::DELETE, "/api/2.0/mlflow/registered-models/delete");
    root.send(delete.json(&json!({ "name": "n" }))).await.ok();
    stream.until("model deleted model=n").await;
}

#[tokio::test]
async fn logged_models_are_told() {
    let server = server().await;
    let alice = server.developer("alice").await;
    let mut stream = Stream::new(&alice).await;
    let model = alice.post("logged-models", json!({ "experiment_id": "0", "name": "net" })).await.ok();
    let info = &model["model"]["info"];
    let id = info["model_id"].as_str().unwrap().to_owned();
    let told = async |stream: &mut Stream, what: &str| {
        assert_eq!(stream.change().await, format!("logged_model {what} experiment_id=0"));
    };
    told(&mut stream, "created").await;
    let params = json!({ "params": [{ "key": "a", "value": "b" }] });
    alice.post(&format!("logged-models/{id}/params"), params).await.ok();
    told(&mut stream, "params").await;
    let tree = TestRun { id: id.clone(), artifact_uri: info["artifact_uri"].as_str().unwrap().to_owned() };
    alice.put_file(&tree, "a.txt", "a").await;
    told(&mut stream, "artifacts").await;
    let run = alice.create_run().await;
    stream.change().await;
    let metric =
        json!({ "run_id": run.id, "key": "a", "value": 1, "timestamp": 1, "step": 1, "model_id": id });
    alice.post("runs/log-metric", metric).await.ok();
    let mut both = [stream.change().await, stream.change().await];
    both.sort();
    assert_eq!(both, ["logged_model metrics experiment_id=0", "run metrics experiment_id=0"]);
    let address = format!("/api/2.0/mlflow/logged-models/{id}");
    let status = json!({ "status": "LOGGED_MODEL_READY", "model_id": id });
    alice.send(alice.request(Method::PATCH, &address).json(&status)).await.ok();
    told(&mut stream, "updated").await;
    alice.send(alice.request(Method::DELETE, &address)).await.ok();
    told(&mut stream, "deleted").await;
}

#[tokio::test]
async fn many_metrics_of_a_run_are_few_events() {
    let server = server().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let mut stream = Stream::new(&alice).await;
    for step in 0..300 {
        alice.log_metric(&run, "loss", json!(0.5), step, step).await.ok();
    }
    alice.create_experiment("end").await;
    let mut metrics = 0;
    while !stream.change().await.starts_with("experiment created") {
        metrics += 1;
    }
    assert!((1..150).contains(&metrics), "{metrics} events of 300 points");
}

#[tokio::test]
async fn so_many_runs_that_nobody_could_show_them_are_one_event() {
    let server = server().await;
    let alice = server.developer("alice").await;
    let experiment = alice.create_experiment("wide").await;
    let mut runs = Vec::new();
    for _ in 0..130 {
        runs.push(alice.create_run_in(&experiment, json!({})).await);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut stream = Stream::new(&alice).await;
    // In one commit, so that they are told at once.
    let ids: Vec<String> = runs.iter().map(|run| run.id.clone()).collect();
    let change = move |tx: &mut weir_store::Tx<'_>| {
        for id in &ids {
            let id = weir_domain::run::RunId::parse(id)?;
            let run = weir_store::runs::get(tx, 1, &id)?;
            weir_store::runs::set_deleted(tx, &run, true, 5)?;
        }
        Ok(())
    };
    server.store.write(change).await.unwrap();
    assert_eq!(stream.change().await, format!("experiment runs experiment_id={experiment}"));
}
