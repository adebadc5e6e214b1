//! Metrics of runs that were logged with a model.

use serde_json::{Value, json};
use weir_testing::TestServer;

use super::{create, get, id_of};

/// `key@step=value` of every metric of a model, with its dataset.
fn told(model: &Value) -> Vec<String> {
    let metrics = model["data"]["metrics"].as_array().cloned().unwrap_or_default();
    let one = |metric: &Value| {
        let dataset = match (&metric["dataset_name"], &metric["dataset_digest"]) {
            (Value::Null, Value::Null) => String::new(),
            (name, digest) => format!(" on {name}:{digest}").replace('"', ""),
        };
        format!("{}@{}={}{dataset}", metric["key"], metric["step"], metric["value"]).replace('"', "")
    };
    metrics.iter().map(one).collect()
}

#[tokio::test]
async fn a_point_is_the_runs_and_the_models() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let id = id_of(&create(&alice, "0", json!({ "name": "m" })).await);
    let log = async |value: Value, step: i64, dataset: Value| {
        let mut body = json!({
            "run_id": run.id, "key": "acc", "value": value, "timestamp": 10 + step, "step": step, "model_id": id,
        });
        for (field, text) in dataset.as_object().unwrap() {
            body[field] = text.clone();
        }
        alice.post("runs/log-metric", body).await
    };
    let dataset = json!({ "dataset_name": "test", "dataset_digest": "d1" });
    for _ in 0..2 {
        log(json!(0.5), 1, json!({})).await.ok();
        log(json!("NaN"), 2, json!({})).await.ok();
        log(json!("Infinity"), 3, dataset.clone()).await.ok();
    }
    log(json!(0.5), 1, dataset.clone()).await.ok();
    log(json!(0.25), 1, json!({ "dataset_name": "", "dataset_digest": "" })).await.ok();

    let model = get(&alice, &id).await.ok()["model"].clone();
    assert_eq!(
        told(&model),
        ["acc@1=0.25", "acc@1=0.5", "acc@1=0.5 on test:d1", "acc@2=NaN", "acc@3=Infinity on test:d1"],
        "an identical point is one"
    );
    assert_eq!(
        model["data"]["metrics"][2],
        json!({
            "key": "acc", "value": 0.5, "timestamp": 11, "step": 1,
            "dataset_name": "test", "dataset_digest": "d1", "model_id": id, "run_id": run.id,
        })
    );
    let metrics = alice.get_run(&run).await["data"]["metrics"].clone();
    assert_eq!(metrics, json!([{ "key": "acc", "value": "Infinity", "timestamp": 13, "step": 3 }]));

    for (dataset, said) in [
        (json!({ "dataset_digest": "d" }), "a digest needs the 'dataset_name' that it is of"),
        (json!({ "dataset_name": "n".repeat(501) }), "'dataset_name' exceeds the maximum length of 500"),
        (
            json!({ "dataset_name": "n", "dataset_digest": "d".repeat(37) }),
            "exceeds the maximum length of 36",
        ),
    ] {
        let answer = log(json!(1.0), 9, dataset).await;
        assert!(answer.status == 400 && answer.to_string().contains(said), "{answer}");
    }
}

#[tokio::test]
async fn a_batch_may_speak_of_several_models_or_none() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let a = id_of(&create(&alice, "0", json!({ "name": "a" })).await);
    let elsewhere = alice.create_experiment("elsewhere").await;
    let b = id_of(&create(&alice, &elsewhere, json!({ "name": "b" })).await);
    let metric = |key: &str, step: i64, model: &str| json!({ "key": key, "value": 1.0, "timestamp": 1, "step": step, "model_id": model, "run_id": run.id });
    let metrics = json!([metric("x", 1, &a), metric("y", 1, ""), metric("x", 2, &b), metric("x", 1, &a)]);
    alice.post("runs/log-batch", json!({ "run_id": run.id, "metrics": metrics })).await.ok();
    assert_eq!(told(&get(&alice, &a).await.ok()["model"]), ["x@1=1.0"]);
    assert_eq!(told(&get(&alice, &b).await.ok()["model"]), ["x@2=1.0"]);
    assert_eq!(alice.get_run(&run).await["data"]["metrics"].as_array().unwrap().len(), 2);

    let unknown = format!("m-{}", "0".repeat(32));
    for bad in [unknown.as_str(), "m-1", &run.id] {
        let metrics = json!([metric("z", 1, &a), metric("z", 1, bad)]);
        let answer = alice.post("runs/log-batch", json!({ "run_id": run.id, "metrics": metrics })).await;
        assert_eq!(answer.status, 400, "{answer}");
        assert!(answer.to_string().contains("there is no logged model with this id"), "{answer}");
    }
    assert_eq!(told(&get(&alice, &a).await.ok()["model"]), ["x@1=1.0"], "all of a batch or nothing");
}

#[tokio::test]
async fn models_of_many_points_are_sent_whole() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let mut ids = Vec::new();
    for points in [3, 41_000, 21_000, 2] {
        server.advance_ms(1);
        let id = id_of(&create(&alice, "0", json!({ "name": points.to_string() })).await);
        for begin in (0..points).step_by(1000) {
            let metric =
                |step| json!({ "key": "m", "value": 1.5, "timestamp": step, "step": step, "model_id": id });
            let metrics: Vec<Value> = (begin..points.min(begin + 1000)).map(metric).collect();
            alice.post("runs/log-batch", json!({ "run_id": run.id, "metrics": metrics })).await.ok();
        }
        let model = get(&alice, &id).await.ok()["model"].clone();
        let steps: Vec<i64> = model["data"]["metrics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["step"].as_i64().unwrap())
            .collect();
        assert!(steps.iter().copied().eq(0..points), "all {points} points, each once and in order");
        ids.insert(0, (id, points as usize));
    }
    let (mut token, mut found) = (Value::Null, Vec::new());
    loop {
        let body = json!({ "experiment_ids": ["0"], "page_token": token });
        let page = alice.post("logged-models/search", body).await.ok();
        for model in page["models"].as_array().unwrap() {
            found.push((id_of(model), model["data"]["metrics"].as_array().unwrap().len()));
        }
        token = page["next_page_token"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(found, ids);
}

#[tokio::test]
async fn a_point_may_be_of_a_run_of_another_experiment() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let (of_model, of_run) = (alice.create_experiment("a").await, alice.create_experiment("b").await);
    let id = id_of(&create(&alice, &of_model, json!({ "name": "m" })).await);
    let run = alice.create_run_in(&of_run, json!({})).await;
    let point =
        json!({ "run_id": run.id, "key": "acc", "value": 0.5, "timestamp": 1, "step": 0, "model_id": id });
    alice.post("runs/log-metric", point).await.ok();

    let model = get(&alice, &id).await.ok()["model"].clone();
    assert_eq!(model["data"]["metrics"][0]["run_id"], run.id);
    let found = async |experiment: &str| {
        let body = json!({ "experiment_ids": [experiment], "filter": "metrics.acc = 0.5" });
        let page = alice.post("logged-models/search", body).await.ok();
        page["models"].as_array().map_or(0, Vec::len)
    };
    assert_eq!((found(&of_model).await, found(&of_run).await), (1, 0));
    assert_eq!(alice.get_run(&run).await["data"]["metrics"][0]["value"], 0.5);
}
