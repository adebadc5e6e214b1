//! Datasets and models that runs used and made.

use serde_json::{Value, json};
use weir_testing::TestServer;

fn input(name: &str, digest: &str, context: &str) -> Value {
    json!({
        "tags": [{ "key": "mlflow.data.context", "value": context }],
        "dataset": { "name": name, "digest": digest, "source_type": "local", "source": "{}", "schema": "s" },
    })
}

#[tokio::test]
async fn a_dataset_is_linked_once_and_stays_as_it_was_first() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let log = |datasets: Value| {
        let (alice, id) = (alice.clone(), run.id.clone());
        async move { alice.post("runs/log-inputs", json!({ "run_id": id, "datasets": datasets })).await }
    };
    log(json!([input("d", "1", "train"), input("d", "1", "train")])).await.ok();
    log(json!([input("d", "1", "eval"), input("e", "2", "eval")])).await.ok();
    let inputs = alice.get_run(&run).await["inputs"]["dataset_inputs"].clone();
    assert_eq!(inputs.as_array().unwrap().len(), 2);
    assert_eq!(inputs[0]["tags"], json!([{ "key": "mlflow.data.context", "value": "train" }]));
    assert_eq!(
        inputs[0]["dataset"],
        json!({ "name": "d", "digest": "1", "source_type": "local", "source": "{}", "schema": "s" })
    );
    let found = alice.post("experiments/search-datasets", json!({ "experiment_ids": ["0"] })).await.ok();
    assert_eq!(found["dataset_summaries"].as_array().unwrap().len(), 2);
    assert_eq!(found["dataset_summaries"][0]["context"], "train");
    let long = log(json!([input("d", &"x".repeat(37), "train")])).await;
    assert!(long.to_string().contains("'digest' exceeds the maximum length of 36 characters"), "{long}");
}

#[tokio::test]
async fn search_for_datasets_wants_one_to_twenty_experiments() {
    let server = TestServer::start().await;
    let root = server.root();
    let none = root.post("experiments/search-datasets", json!({})).await;
    assert!(none.to_string().contains("must specify at least one experiment_id"), "{none}");
    let ids: Vec<String> = (0..21).map(|id| id.to_string()).collect();
    let many = root.post("experiments/search-datasets", json!({ "experiment_ids": ids })).await;
    assert!(many.to_string().contains("cannot specify more than 20 experiment_ids. Received 21"), "{many}");
}

#[tokio::test]
async fn models_are_inputs_again_and_outputs_once() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let models = json!([{ "model_id": "m-1", "step": 3 }]);
    for _ in 0..2 {
        alice.post("runs/log-inputs", json!({ "run_id": run.id, "models": models })).await.ok();
    }
    alice.post("runs/outputs", json!({ "run_id": run.id, "models": models })).await.ok();
    let again = alice.post("runs/outputs", json!({ "run_id": run.id, "models": models })).await;
    assert_eq!(again.status, 400, "{again}");
    let read = alice.get_run(&run).await;
    assert_eq!(read["inputs"]["model_inputs"], json!([{ "model_id": "m-1" }]));
    assert_eq!(read["outputs"]["model_outputs"], json!([{ "model_id": "m-1", "step": 3 }]));
    let missing = alice.post("runs/outputs", json!({ "run_id": run.id })).await;
    assert!(missing.to_string().contains("Missing value for required parameter 'models'"), "{missing}");
}
