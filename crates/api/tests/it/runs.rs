//! Runs, and what is logged to them at once.

use serde_json::{Value, json};
use weir_testing::TestServer;

fn list(run: &Value, part: &str) -> Vec<(String, Value)> {
    let items = run["data"][part].as_array().cloned().unwrap_or_default();
    let mut items: Vec<_> =
        items.iter().map(|item| (item["key"].as_str().unwrap().to_owned(), item["value"].clone())).collect();
    items.sort_by(|a, b| a.0.cmp(&b.0));
    items
}

#[tokio::test]
async fn a_run_begins_running_with_the_form_that_clients_expect() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let fields = json!({ "experiment_id": "0", "run_name": "first", "user_id": "al", "start_time": 1234 });
    let run = alice.post("runs/create", fields).await.ok()["run"].clone();
    let info = &run["info"];
    let id = info["run_id"].as_str().unwrap();
    assert_eq!(id.len(), 32);
    assert_eq!(info["run_uuid"], info["run_id"]);
    assert_eq!(info["artifact_uri"], format!("mlflow-artifacts:/0/{id}/artifacts"));
    assert_eq!(
        (
            &info["status"],
            &info["experiment_id"],
            &info["start_time"],
            &info["user_id"],
            &info["lifecycle_stage"]
        ),
        (&json!("RUNNING"), &json!("0"), &json!(1234), &json!("al"), &json!("active"))
    );
    assert!(info.get("end_time").is_none());
    assert_eq!(run["inputs"], json!({}));
    assert_eq!(list(&run, "tags"), [("mlflow.runName".to_owned(), json!("first"))]);
}

#[tokio::test]
async fn a_run_without_a_name_gets_a_nickname() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let name = alice.get_run(&run).await["info"]["run_name"].as_str().unwrap().to_owned();
    assert_eq!(name.split('-').count(), 3, "{name}");
    assert!(name.len() <= 20, "{name}");
}

#[tokio::test]
async fn field_and_tag_of_the_name_stay_together() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let tags = json!([{ "key": "mlflow.runName", "value": "b" }]);
    let clash =
        alice.post("runs/create", json!({ "experiment_id": "0", "run_name": "a", "tags": tags })).await;
    assert!(clash.to_string().contains("(run_name='a', mlflow.runName='b')"), "{clash}");

    let run = alice.create_run_in("0", json!({ "tags": tags })).await;
    assert_eq!(alice.get_run(&run).await["info"]["run_name"], "b");
    alice.set_tag(&run, "mlflow.runName", "c").await.ok();
    assert_eq!(alice.get_run(&run).await["info"]["run_name"], "c");
    alice.set_tag(&run, "mlflow.runName", "").await.ok();
    assert_eq!(alice.get_run(&run).await["info"]["run_name"], "c", "an empty tag renames nothing");
    let body = json!({ "run_id": run.id, "run_name": "d" });
    let info = alice.post("runs/update", body).await.ok()["run_info"].clone();
    assert_eq!(info["run_name"], "d");
    assert_eq!(list(&alice.get_run(&run).await, "tags"), [("mlflow.runName".to_owned(), json!("d"))]);
    alice.post("runs/delete-tag", json!({ "run_id": run.id, "key": "mlflow.runName" })).await.ok();
    assert_eq!(alice.get_run(&run).await["info"]["run_name"], "d");
}

#[tokio::test]
async fn status_and_end_change_only_when_given() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let update = |fields: Value| {
        let (alice, mut fields) = (alice.clone(), fields);
        fields["run_id"] = json!(run.id);
        async move { alice.post("runs/update", fields).await }
    };
    let info = update(json!({ "status": "FINISHED", "end_time": 99 })).await.ok()["run_info"].clone();
    assert_eq!((&info["status"], &info["end_time"]), (&json!("FINISHED"), &json!(99)));
    let info = update(json!({ "status": 1 })).await.ok()["run_info"].clone();
    assert_eq!((&info["status"], &info["end_time"]), (&json!("RUNNING"), &json!(99)));
    let info = update(json!({})).await.ok()["run_info"].clone();
    assert_eq!(info["status"], "RUNNING");
    let info = update(json!({ "end_time": 0 })).await.ok()["run_info"].clone();
    assert!(info.get("end_time").is_none());
    let refused = update(json!({ "status": "finished" })).await;
    assert!(
        refused.to_string().starts_with("400 INVALID_PARAMETER_VALUE: Invalid value \"finished\""),
        "{refused}"
    );
    assert_eq!(alice.get_run(&run).await["info"]["status"], "RUNNING");
}

#[tokio::test]
async fn a_deleted_run_is_read_only_until_it_is_restored() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    for _ in 0..2 {
        alice.post("runs/delete", json!({ "run_id": run.id })).await.ok();
    }
    let refusal =
        "400 INVALID_PARAMETER_VALUE: The run [id] must be in the 'active' state. Current state is deleted.";
    let id = &run.id;
    for (path, body) in [
        ("runs/log-metric", json!({ "run_id": id, "key": "m", "value": 1.0, "timestamp": 1 })),
        ("runs/log-parameter", json!({ "run_id": id, "key": "p", "value": "1" })),
        ("runs/set-tag", json!({ "run_id": id, "key": "t", "value": "1" })),
        ("runs/log-batch", json!({ "run_id": id })),
        ("runs/update", json!({ "run_id": id, "status": "FINISHED" })),
        ("runs/log-inputs", json!({ "run_id": id })),
        ("runs/outputs", json!({ "run_id": id, "models": [] })),
    ] {
        assert_eq!(alice.post(path, body).await.to_string(), refusal, "{path}");
    }
    assert_eq!(alice.get_run(&run).await["info"]["lifecycle_stage"], "deleted");

    for _ in 0..2 {
        alice.post("runs/restore", json!({ "run_id": id })).await.ok();
    }
    alice.log_param(&run, "p", "1").await.ok();
}

#[tokio::test]
async fn a_param_is_written_once() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    alice.log_param(&run, "p", "1").await.ok();
    alice.log_param(&run, "p", "1").await.ok();
    assert_eq!(
        alice.log_param(&run, "p", "2").await.to_string(),
        "400 INVALID_PARAMETER_VALUE: Changing param values is not allowed. Param with key='p' was already logged with value='1' for run ID='[id]'. Attempted logging new value '2'."
    );
    let body = json!({
        "run_id": run.id,
        "params": [{ "key": "p", "value": "2" }, { "key": "q", "value": "3" }],
        "metrics": [{ "key": "m", "value": 1.0, "timestamp": 1 }],
        "tags": [{ "key": "t", "value": "x" }],
    });
    assert_eq!(
        alice.post("runs/log-batch", body).await.to_string(),
        "400 INVALID_PARAMETER_VALUE: Changing param values is not allowed. Params were already logged='[{'key': 'p', 'old_value': '1', 'new_value': '2'}]' for run ID='[id]'."
    );
    let run = alice.get_run(&run).await;
    assert_eq!(list(&run, "params"), [("p".to_owned(), json!("1"))]);
    assert!(list(&run, "metrics").is_empty(), "a refused batch leaves nothing");
    assert_eq!(list(&run, "tags").len(), 1);
}

#[tokio::test]
async fn a_batch_writes_all_of_its_parts() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let body = json!({
        "run_id": run.id,
        "params": [{ "key": "p", "value": "1" }, { "key": "empty" }],
        "metrics": [{ "key": "m", "value": 1.5, "timestamp": 7, "step": 2 }, { "key": "n", "value": "NaN", "timestamp": 7 }],
        "tags": [{ "key": "t", "value": "x" }, { "key": "t", "value": "y" }],
    });
    alice.post("runs/log-batch", body).await.ok();
    let read = alice.get_run(&run).await;
    assert_eq!(list(&read, "params"), [("empty".to_owned(), json!("")), ("p".to_owned(), json!("1"))]);
    assert_eq!(list(&read, "metrics"), [("m".to_owned(), json!(1.5)), ("n".to_owned(), json!("NaN"))]);
    assert_eq!(list(&read, "tags")[1], ("t".to_owned(), json!("y")));
    alice.post("runs/log-batch", json!({ "run_id": run.id })).await.ok();
}

#[tokio::test]
async fn values_are_kept_whole_up_to_64_kib_and_refused_beyond() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let long = "é".repeat(32 * 1024);
    alice.log_param(&run, "p", &long).await.ok();
    alice.set_tag(&run, "t", &long).await.ok();
    let read = alice.get_run(&run).await;
    assert_eq!(list(&read, "params")[0].1, json!(long));
    let refused = alice.log_param(&run, "q", &format!("{long}x")).await;
    assert!(
        refused.to_string().contains("exceeds the maximum length of 65536 bytes (got 65537 for key 'q')"),
        "{refused}"
    );
    assert_eq!(alice.set_tag(&run, "u", &format!("{long}x")).await.status, 400);
    assert_eq!(list(&alice.get_run(&run).await, "params").len(), 1);
}

#[tokio::test]
async fn log_model_keeps_a_history_in_a_tag() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let model =
        json!({ "artifact_path": "model", "flavors": {}, "run_id": run.id, "utc_time_created": "now" });
    for _ in 0..2 {
        let body = json!({ "run_id": run.id, "model_json": model.to_string() });
        alice.post("runs/log-model", body).await.ok();
    }
    let tags = list(&alice.get_run(&run).await, "tags");
    let history: Value = serde_json::from_str(tags[0].1.as_str().unwrap()).unwrap();
    assert_eq!(history, json!([model, model]));
    let broken = alice.post("runs/log-model", json!({ "run_id": run.id, "model_json": "{" })).await;
    assert!(broken.to_string().starts_with("400 INVALID_PARAMETER_VALUE: Malformed model info."), "{broken}");
    let partial =
        alice.post("runs/log-model", json!({ "run_id": run.id, "model_json": "{\"flavors\":{}}" })).await;
    assert!(partial.to_string().contains("Model json is missing mandatory fields:"), "{partial}");
}

#[tokio::test]
async fn a_run_of_another_project_does_not_exist() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let id = server.project("root/other", weir_domain::access::Visibility::Private).await;
    let root = weir_testing::Client::new(&server.address, &id.to_string(), server.root().token);
    let foreign = root.get(&format!("runs/get?run_id={}", run.id)).await;
    assert_eq!(foreign.to_string(), "404 RESOURCE_DOES_NOT_EXIST: Run with id=[id] not found");
    assert_eq!(root.log_param(&run, "p", "1").await.to_string(), foreign.to_string());
    let by_path = weir_testing::Client::new(&server.address, "root%2Fother", server.root().token);
    assert_eq!(by_path.get("experiments/get?experiment_id=0").await.ok()["experiment"]["name"], "Default");
}

#[tokio::test]
async fn models_logged_at_once_are_all_kept() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let log = |index: usize| {
        let (alice, id) = (alice.clone(), run.id.clone());
        let model = json!({ "artifact_path": index.to_string(), "flavors": {}, "run_id": id, "utc_time_created": "now" });
        tokio::spawn(async move {
            let body = json!({ "run_id": id, "model_json": model.to_string() });
            alice.post("runs/log-model", body).await.ok();
        })
    };
    let logs: Vec<_> = (0..16).map(log).collect();
    for log in logs {
        log.await.unwrap();
    }
    let tags = list(&alice.get_run(&run).await, "tags");
    let history: Value = serde_json::from_str(tags[0].1.as_str().unwrap()).unwrap();
    assert_eq!(history.as_array().unwrap().len(), 16);
}

#[tokio::test]
async fn no_run_is_alive_in_a_deleted_experiment() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for round in 0..8 {
        let id = alice.create_experiment(&format!("e{round}")).await;
        let create = |_| {
            let (alice, id) = (alice.clone(), id.clone());
            tokio::spawn(
                async move { alice.post("runs/create", json!({ "experiment_id": id })).await.status },
            )
        };
        let creations: Vec<_> = (0..3).map(create).collect();
        alice.post("experiments/delete", json!({ "experiment_id": id })).await.ok();
        for creation in creations {
            assert!(matches!(creation.await.unwrap(), 200 | 400));
        }
        assert!(alice.search_names(json!({ "experiment_ids": [id] })).await.is_empty());
    }
    let id = alice.create_experiment("last").await;
    let run = alice.create_run_in(&id, json!({})).await;
    alice.post("experiments/delete", json!({ "experiment_id": id })).await.ok();
    let restored = alice.post("runs/restore", json!({ "run_id": run.id })).await;
    assert!(restored.to_string().contains("must be in the 'active' state"), "{restored}");
}

#[tokio::test]
async fn name_and_status_changed_at_once_are_both_kept() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for _ in 0..10 {
        let run = alice.create_run().await;
        let update = json!({ "run_id": run.id, "status": "FINISHED", "end_time": 9 });
        let (one, two) =
            tokio::join!(alice.post("runs/update", update), alice.set_tag(&run, "mlflow.runName", "new"));
        one.ok();
        two.ok();
        let info = alice.get_run(&run).await["info"].clone();
        assert_eq!((&info["run_name"], &info["status"]), (&json!("new"), &json!("FINISHED")));
    }
}
