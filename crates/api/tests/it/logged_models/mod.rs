//! Logged models of MLflow 3: creation, status, deletion, params and tags.

mod files;
mod metrics;
mod search;

use reqwest::Method;
use serde_json::{Value, json};
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::server::BEGIN;
use weir_testing::{Answer, Client, TestServer};

/// A model of an experiment with more fields of `logged-models`; the object that was answered.
pub async fn create(client: &Client, experiment: &str, mut fields: Value) -> Value {
    fields["experiment_id"] = json!(experiment);
    client.post("logged-models", fields).await.ok()["model"].clone()
}

pub fn id_of(model: &Value) -> String {
    model["info"]["model_id"].as_str().unwrap().to_owned()
}

pub async fn get(client: &Client, id: &str) -> Answer {
    client.get(&format!("logged-models/{id}")).await
}

async fn set_tags(client: &Client, id: &str, tags: Value) -> Answer {
    client.patch(&format!("logged-models/{id}/tags"), json!({ "model_id": id, "tags": tags })).await
}

async fn finalize(client: &Client, id: &str, status: Value) -> Answer {
    client.patch(&format!("logged-models/{id}"), json!({ "model_id": id, "status": status })).await
}

async fn delete(client: &Client, path: &str) -> Answer {
    client.send(client.request(Method::DELETE, &format!("/api/2.0/mlflow/logged-models/{path}"))).await
}

fn entry(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": value })
}

#[tokio::test]
async fn a_new_model_is_pending_and_has_what_it_was_given() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let fields = json!({
        "name": "model",
        "model_type": "classifier",
        "source_run_id": "no run of ours",
        "params": [entry("lr", "0.1"), entry("a#b/c", "")],
        "tags": [entry("team", "x"), entry("team", "y")],
    });
    for client in [alice.clone(), alice.at_root()] {
        let model = create(&client, "0", fields.clone()).await;
        let id = id_of(&model);
        let expected = json!({
            "info": {
                "model_id": id,
                "experiment_id": "0",
                "name": "model",
                "creation_timestamp_ms": BEGIN,
                "last_updated_timestamp_ms": BEGIN,
                "artifact_uri": format!("mlflow-artifacts:/0/models/{id}/artifacts"),
                "status": "LOGGED_MODEL_PENDING",
                "model_type": "classifier",
                "source_run_id": "no run of ours",
                "tags": [entry("team", "y")],
            },
            "data": { "params": [entry("a#b/c", ""), entry("lr", "0.1")] },
        });
        assert_eq!(model, expected);
        assert_eq!(get(&client, &id).await.ok(), json!({ "model": expected }));
        assert!(id.len() == 34 && id.starts_with("m-"), "{id}");
    }
    let bare = create(&alice, "0", json!({ "name": "" })).await;
    let name = bare["info"]["name"].as_str().unwrap();
    assert_eq!(name.split('-').count(), 3, "a name of our own: {name}");
    assert_eq!(bare["info"]["source_run_id"], "");
    assert_eq!(bare["data"], json!({}));
    let experiment = alice
        .post("experiments/create", json!({ "name": "elsewhere", "artifact_location": "s3://bucket/place/" }))
        .await
        .ok();
    let model = create(&alice, experiment["experiment_id"].as_str().unwrap(), json!({})).await;
    let uri = format!("s3://bucket/place/models/{}/artifacts", id_of(&model));
    assert_eq!(model["info"]["artifact_uri"], json!(uri));
}

#[tokio::test]
async fn what_cannot_be_a_model_is_refused_in_words() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let long = "x".repeat(501);
    for (fields, said) in [
        (json!({}), "Missing value for required parameter 'experiment_id'"),
        (json!({ "experiment_id": "x" }), "Invalid experiment ID 'x'"),
        (
            json!({ "experiment_id": "0", "name": "a/b" }),
            "Invalid model name ('a/b') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '\"', \"'\")",
        ),
        (json!({ "experiment_id": "0", "name": long }), "'name' exceeds the maximum length of 500"),
        (json!({ "experiment_id": "0", "name": 7 }), "Invalid value 7 for parameter 'name'"),
        (
            json!({ "experiment_id": "0", "model_type": long }),
            "'model_type' exceeds the maximum length of 500",
        ),
        (
            json!({ "experiment_id": "0", "source_run_id": long }),
            "'source_run_id' exceeds the maximum length of 256",
        ),
        (
            json!({ "experiment_id": "0", "params": [entry("p", "1"), entry("p", "1")] }),
            "Duplicate parameter keys have been submitted: ['p']",
        ),
        (
            json!({ "experiment_id": "0", "params": [{ "value": "1" }] }),
            "Missing value for required parameter 'params[0].key'",
        ),
        (
            json!({ "experiment_id": "0", "tags": [entry(&"k".repeat(251), "")] }),
            "'tags[0].key' exceeds the maximum length of 250",
        ),
        (
            json!({ "experiment_id": "0", "params": [entry("p", &"v".repeat(65_537))] }),
            "exceeds the maximum length of 65536 bytes (got 65537 for key 'p')",
        ),
        (
            json!({ "experiment_id": "0", "tags": vec![entry("k", "v"); 1001] }),
            "'tags' has 1001 elements, and at most 1000 are allowed",
        ),
    ] {
        let answer = alice.post("logged-models", fields).await;
        assert!(answer.status == 400 && answer.to_string().contains(said), "{said}: {answer}");
    }
    let nowhere = alice.post("logged-models", json!({ "experiment_id": "99" })).await;
    assert_eq!(nowhere.to_string(), "404 RESOURCE_DOES_NOT_EXIST: No Experiment with id=99 exists");
}

#[tokio::test]
async fn any_status_follows_any_other() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let id = id_of(&create(&alice, "0", json!({ "name": "m" })).await);
    for (sent, read) in [
        (json!("LOGGED_MODEL_READY"), "LOGGED_MODEL_READY"),
        (json!(1), "LOGGED_MODEL_PENDING"),
        (json!("3"), "LOGGED_MODEL_UPLOAD_FAILED"),
        (json!(2), "LOGGED_MODEL_READY"),
    ] {
        server.advance_ms(5);
        let info = finalize(&alice, &id, sent).await.ok()["model"]["info"].clone();
        assert_eq!(
            (&info["status"], &info["last_updated_timestamp_ms"]),
            (&json!(read), &json!(server.now()))
        );
        assert_eq!(info["creation_timestamp_ms"], json!(BEGIN));
    }
    for (status, said) in [
        (json!(null), "Missing value for required parameter 'status'"),
        (json!("READY"), "use one of LOGGED_MODEL_PENDING, LOGGED_MODEL_READY, LOGGED_MODEL_UPLOAD_FAILED"),
        (json!(0), "Invalid value 0 for parameter 'status'"),
        (json!(9), "Invalid value 9 for parameter 'status'"),
        (json!([2]), "Value was of type 'list'"),
    ] {
        let answer = finalize(&alice, &id, status).await;
        assert!(answer.status == 400 && answer.to_string().contains(said), "{answer}");
    }
    let other = json!({ "model_id": "m-other", "status": 2 });
    let answer = alice.patch(&format!("logged-models/{id}"), other).await;
    assert!(answer.status == 400 && answer.to_string().contains("the address names the model"), "{answer}");
    assert_eq!(get(&alice, &id).await.ok()["model"]["info"]["status"], "LOGGED_MODEL_READY");
}

#[tokio::test]
async fn a_deleted_model_is_shown_only_on_demand_and_takes_nothing() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let id = id_of(&create(&alice, "0", json!({ "name": "m", "tags": [entry("t", "1")] })).await);
    for _ in 0..2 {
        assert_eq!(delete(&alice, &id).await.ok(), json!({}));
    }
    let gone = "404 RESOURCE_DOES_NOT_EXIST: Logged model with ID 'm-[id]' not found.";
    assert_eq!(get(&alice, &id).await.to_string(), gone);
    assert_eq!(get(&alice, &format!("{id}?allow_deleted=false")).await.to_string(), gone);
    for truth in ["true", "True"] {
        let model = get(&alice, &format!("{id}?allow_deleted={truth}")).await.ok();
        assert_eq!(model["model"]["info"]["tags"], json!([entry("t", "1")]));
    }
    assert_eq!(alice.post("logged-models/search", json!({ "experiment_ids": ["0"] })).await.ok(), json!({}));
    // MLflow lets the status of a deleted model change.
    finalize(&alice, &id, json!("LOGGED_MODEL_READY")).await.ok();

    let linked = json!({ "run_id": run.id, "key": "m", "value": 1.0, "timestamp": 1, "model_id": id });
    let params = json!({ "model_id": id, "params": [entry("p", "1")] });
    for answer in [
        set_tags(&alice, &id, json!([entry("t", "2")])).await,
        delete(&alice, &format!("{id}/tags/t")).await,
        alice.post(&format!("logged-models/{id}/params"), params).await,
        alice.post("runs/log-metric", linked).await,
    ] {
        assert_eq!(
            answer.to_string(),
            "400 INVALID_PARAMETER_VALUE: The logged model m-[id] must be in the 'active' state. Current state is deleted."
        );
    }
    assert_eq!(alice.get_run(&run).await["data"].get("metrics"), None, "all of a request or nothing");
    let unknown = format!("m-{}", "0".repeat(32));
    assert_eq!(delete(&alice, &unknown).await.to_string(), gone);
    assert_eq!(get(&alice, "m-x").await.to_string(), gone.replace("[id]", "x"));
}

#[tokio::test]
async fn a_deleted_experiment_takes_no_models_and_seals_those_it_has() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let experiment = alice.create_experiment("e").await;
    let id = id_of(&create(&alice, &experiment, json!({ "name": "m" })).await);
    alice.post("experiments/delete", json!({ "experiment_id": experiment })).await.ok();
    let said = format!(
        "400 INVALID_PARAMETER_VALUE: The experiment {experiment} must be in the 'active' state. Current state is deleted."
    );
    let refused = alice.post("logged-models", json!({ "experiment_id": experiment })).await;
    assert_eq!(refused.to_string(), said);
    assert_eq!(set_tags(&alice, &id, json!([entry("t", "2")])).await.to_string(), said);
    get(&alice, &id).await.ok();
    alice.post("experiments/restore", json!({ "experiment_id": experiment })).await.ok();
    set_tags(&alice, &id, json!([entry("t", "2")])).await.ok();
}

#[tokio::test]
async fn a_param_is_logged_once_and_a_tag_overwritten() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let id = id_of(&create(&alice, "0", json!({ "params": [entry("a", "1")] })).await);
    let log = async |params: Value| {
        alice.post(&format!("logged-models/{id}/params"), json!({ "model_id": id, "params": params })).await
    };
    assert_eq!(log(json!([entry("b", "2")])).await.ok(), json!({}));
    for again in [json!([entry("a", "1")]), json!([entry("c", "3"), entry("a", "2")])] {
        let answer = log(again).await;
        assert_eq!(
            answer.to_string(),
            "400 INVALID_PARAMETER_VALUE: Changing param values is not allowed. Param with key='a' was already logged for model ID='m-[id]'."
        );
    }
    log(json!([])).await.ok();

    let long = "v".repeat(65_536);
    set_tags(&alice, &id, json!([entry("x", "1"), entry("y/z é", &long), entry("x", "2")])).await.ok();
    set_tags(&alice, &id, json!([entry("x", "3"), { "key": "empty" }])).await.ok();
    let model = get(&alice, &id).await.ok()["model"].clone();
    assert_eq!(model["data"]["params"], json!([entry("a", "1"), entry("b", "2")]));
    assert_eq!(model["info"]["tags"], json!([entry("empty", ""), entry("x", "3"), entry("y/z é", &long)]));

    for path in ["tags/y%2Fz%20%C3%A9", "tags/x"] {
        assert_eq!(delete(&alice, &format!("{id}/{path}")).await.ok(), json!({}), "{path}");
    }
    assert_eq!(
        delete(&alice, &format!("{id}/tags/x")).await.to_string(),
        "404 RESOURCE_DOES_NOT_EXIST: No tag with key 'x' found for model with ID 'm-[id]'."
    );
    set_tags(&alice, &id, json!([entry("a/b", "1")])).await.ok();
    delete(&alice, &format!("{id}/tags/a/b")).await.ok();
    let tags = get(&alice, &id).await.ok()["model"]["info"]["tags"].clone();
    assert_eq!(tags, json!([entry("empty", "")]));
}

#[tokio::test]
async fn a_model_is_seen_and_changed_by_those_who_may() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let guest = server.member("guest", Role::Guest).await;
    let id = id_of(&create(&alice, "0", json!({ "name": "m" })).await);
    get(&guest, &id).await.ok();
    assert_eq!(set_tags(&guest, &id, json!([])).await.status, 403);
    assert_eq!(guest.post("logged-models", json!({ "experiment_id": "0" })).await.status, 403);
    let found = guest.post("logged-models/search", json!({ "experiment_ids": ["0"] })).await.ok();
    assert_eq!(found["models"][0]["info"]["model_id"], json!(id));

    // Of another project nothing is told, not even that there is such a model.
    let project = server.project("root/other", Visibility::Private).await;
    let roles = [(project, Role::Maintainer)];
    let bob = server.user("bob", &roles, Scopes::API, &project.to_string()).await;
    let run = bob.create_run().await;
    let linked = json!({ "run_id": run.id, "key": "m", "value": 1.0, "timestamp": 1, "model_id": id });
    let presign = json!({ "model_id": id, "path": "a" });
    let gone = "404 RESOURCE_DOES_NOT_EXIST: Logged model with ID 'm-[id]' not found.";
    for answer in [
        get(&bob, &id).await,
        get(&bob, &format!("{id}?allow_deleted=true")).await,
        set_tags(&bob, &id, json!([entry("a", "b")])).await,
        finalize(&bob, &id, json!(2)).await,
        delete(&bob, &id).await,
        delete(&bob, &format!("{id}/tags/a")).await,
        bob.get(&format!("logged-models/{id}/artifacts/directories")).await,
        bob.get(&format!("logged-models/{id}/artifacts/files?artifact_file_path=a")).await,
        bob.post("artifacts/presigned-upload-url", presign).await,
    ] {
        assert_eq!(answer.to_string(), gone);
    }
    assert_eq!(
        bob.post("runs/log-metric", linked).await.to_string(),
        "400 INVALID_PARAMETER_VALUE: Invalid value \"m-[id]\" for parameter 'model_id' supplied: there is no logged model with this id"
    );
    assert_eq!(bob.post("logged-models/search", json!({ "experiment_ids": ["0"] })).await.ok(), json!({}));
}

#[tokio::test]
async fn a_registered_model_is_noted_with_its_logged_model() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let id = id_of(&create(&alice, "0", json!({ "name": "m" })).await);
    alice.create_model("forest").await;
    for number in ["1", "2"] {
        let source = json!({ "source": format!("models:/{id}"), "model_id": id });
        let version = alice.create_version("forest", source).await;
        assert_eq!(version["version"], number);
    }
    let info = get(&alice, &id).await.ok()["model"]["info"].clone();
    let noted = r#"[{"name":"forest","version":1},{"name":"forest","version":2}]"#;
    assert_eq!(info["tags"], json!([entry("mlflow.modelVersions", noted)]));
    let registered = json!([{ "name": "forest", "version": "1" }, { "name": "forest", "version": "2" }]);
    assert_eq!(info["registrations"], registered);
    // The client then writes the same again, with the version as a text.
    let client = r#"[{"name": "forest", "version": 1}, {"name": "forest", "version": "1"}]"#;
    set_tags(&alice, &id, json!([entry("mlflow.modelVersions", client)])).await.ok();
    let info = get(&alice, &id).await.ok()["model"]["info"].clone();
    assert_eq!(info["registrations"], json!([{ "name": "forest", "version": "1" }]));
}

#[tokio::test]
async fn writers_of_one_model_at_once_lose_nothing() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let (run, id) = (alice.create_run().await, id_of(&create(&alice, "0", json!({ "name": "m" })).await));
    let other = id_of(&create(&alice, "0", json!({ "name": "n" })).await);
    let writers = (0..16_i64).map(|writer| {
        let (alice, run, id, other) = (alice.clone(), run.clone(), id.clone(), other.clone());
        tokio::spawn(async move {
            let name = format!("forest-{writer}");
            alice.create_model(&name).await;
            // Each in another order, and most of it the same for all.
            let mut tags: Vec<Value> = (0..20).map(|tag| entry(&format!("t{tag}"), &writer.to_string())).collect();
            let mut metrics: Vec<Value> = (0..20)
                .map(|step| {
                    let model = if step % 2 == 0 { &id } else { &other };
                    json!({ "key": format!("k{}", step % 5), "value": 1.0, "timestamp": 1, "step": step, "model_id": model })
                })
                .collect();
            tags.rotate_left(writer as usize);
            metrics.rotate_left(writer as usize);
            let batch = json!({ "run_id": run.id, "metrics": metrics });
            let address = format!("logged-models/{id}/params");
            let params = json!({ "model_id": id, "params": [entry(&format!("p{writer}"), "1")] });
            let (tagged, logged, added, version) = tokio::join!(
                set_tags(&alice, &id, json!(tags)),
                alice.post("runs/log-batch", batch),
                alice.post(&address, params),
                alice.create_version(&name, json!({ "source": format!("models:/{id}"), "model_id": id })),
            );
            for answer in [tagged, logged, added] {
                answer.ok();
            }
            assert_eq!(version["version"], "1");
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let model = get(&alice, &id).await.ok()["model"].clone();
    assert_eq!(model["info"]["tags"].as_array().unwrap().len(), 21);
    assert_eq!(model["info"]["registrations"].as_array().unwrap().len(), 16);
    assert_eq!(model["data"]["params"].as_array().unwrap().len(), 16);
    assert_eq!(model["data"]["metrics"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn a_model_that_is_gone_for_good_is_no_input_of_any_run() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("registered").await;
    let made = alice.create_version("registered", json!({})).await;
    let of_version = alice.get(&format!("runs/get?run_id={}", made["run_id"].as_str().unwrap())).await.ok();
    let mut ids = Vec::new();
    for experiment in [&of_version["run"]["info"]["experiment_id"], &json!("0")] {
        let fields = json!({ "experiment_id": experiment, "name": "net" });
        let model = alice.post("logged-models", fields).await.ok()["model"].clone();
        ids.push(model["info"]["model_id"].as_str().unwrap().to_owned());
    }
    let run = alice.create_run().await;
    let models: Vec<Value> = ids.iter().map(|id| json!({ "model_id": id })).collect();
    alice.post("runs/log-inputs", json!({ "run_id": run.id, "models": models })).await.ok();
    let inputs = async || alice.get_run(&run).await["inputs"]["model_inputs"].clone();
    assert_eq!(inputs().await.as_array().unwrap().len(), 2);

    alice.delete("registered-models/delete", json!({ "name": "registered" })).await.ok();
    assert_eq!(inputs().await, json!([{ "model_id": ids[1] }]));
}
