//! Files of logged models, at `<experiment location>/models/<model id>/artifacts`.

use reqwest::Method;
use serde_json::{Value, json};
use weir_testing::{Answer, Client, TestRun, TestServer};

use super::{create, id_of};
use crate::artifacts::{STORES, blobs, delete, get, list, names, put, server_with, url, url_of};

/// The tree of a model as the helpers for artifacts take it.
async fn tree(client: &Client, experiment: &str) -> TestRun {
    let model = create(client, experiment, json!({ "name": "model" })).await;
    let artifact_uri = model["info"]["artifact_uri"].as_str().unwrap().to_owned();
    TestRun { id: id_of(&model), artifact_uri }
}

async fn directories(client: &Client, model: &TestRun, rest: &str) -> Answer {
    client.get(&format!("logged-models/{}/artifacts/directories{rest}", model.id)).await
}

#[tokio::test]
async fn files_go_up_and_come_down() {
    for store in STORES {
        let server = server_with(store).await;
        let alice = server.developer("alice").await;
        for client in [alice.clone(), alice.at_root()] {
            let model = tree(&client, "0").await;
            let run = client.create_run().await;
            put(&client, &run, "MLmodel", "run's").await;
            for (path, bytes) in [("MLmodel", "flavors: {}"), ("data/a b+é.bin", "a"), ("data/empty", "")] {
                assert_eq!(put(&client, &model, path, bytes).await.status, 200, "{path}");
                assert_eq!(get(&client, &model, path).await.bytes, bytes.as_bytes(), "{path}");
            }
            assert_eq!(names(&list(&client, &model, "").await.ok()), ["MLmodel", "data/"]);
            assert_eq!(names(&list(&client, &model, "data").await.ok()), ["a b+é.bin", "empty"]);
            assert_eq!(list(&client, &model, "missing").await.ok(), json!({}));
            assert_eq!(get(&client, &run, "MLmodel").await.bytes, b"run's", "trees of their own");

            let listing = directories(&client, &model, "").await.ok();
            assert_eq!(listing["root_uri"], json!(model.artifact_uri));
            assert_eq!(names(&listing), ["MLmodel", "data/"]);
            let listing = directories(&client, &model, "?artifact_directory_path=data").await.ok();
            assert_eq!(
                listing["files"],
                json!([{ "path": "data/a b+é.bin", "is_dir": false, "file_size": 1 }, { "path": "data/empty", "is_dir": false }])
            );
            let file =
                |path: &str| format!("logged-models/{}/artifacts/files?artifact_file_path={path}", model.id);
            let answer = client.get(&file("data%2Fa%20b%2B%C3%A9.bin")).await;
            assert_eq!(answer.bytes, b"a");
            assert!(answer.header("content-disposition").unwrap().starts_with("attachment"));
            let missing = client.get(&file("nothing")).await;
            assert_eq!(missing.to_string(), "404 RESOURCE_DOES_NOT_EXIST: No such artifact: 'nothing'");
            let unnamed = client.get(&file("")).await;
            assert!(unnamed.status == 400 && unnamed.to_string().contains("artifact_file_path"), "{unnamed}");
            assert_eq!(client.get(&file("..%2Fx")).await.status, 400);

            assert_eq!(delete(&client, &model, "data").await.ok(), json!({}));
            assert_eq!(names(&list(&client, &model, "").await.ok()), ["MLmodel"]);
        }
    }
}

#[tokio::test]
async fn the_same_bytes_of_run_and_model_are_stored_once() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let (run, model) = (alice.create_run().await, tree(&alice, "0").await);
    put(&alice, &run, "a", "same").await;
    put(&alice, &model, "a", "same").await;
    assert_eq!(blobs(&server).await, 1);
    delete(&alice, &run, "a").await.ok();
    assert_eq!(get(&alice, &model, "a").await.bytes, b"same");
}

#[tokio::test]
async fn an_address_of_another_experiment_or_no_model_is_none() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let model = tree(&alice, "0").await;
    put(&alice, &model, "a", "x").await;
    let at = async |method: Method, address: &str| {
        alice
            .send(alice.request(method, &format!("/api/2.0/mlflow-artifacts/artifacts/{address}")).body("x"))
            .await
    };
    let elsewhere = alice.create_experiment("elsewhere").await;
    let unknown = format!("0/models/m-{}/artifacts/a", "0".repeat(32));
    for address in [
        format!("{elsewhere}/models/{}/artifacts/a", model.id),
        format!("models/{}/artifacts/a", model.id),
        format!("0/models/models/{}/artifacts/a", model.id),
        unknown,
        "0/models/m-1/artifacts/a".to_owned(),
    ] {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let answer = at(method.clone(), &address).await;
            assert_eq!(answer.status, 404, "{method} {address}: {answer}");
            assert!(answer.to_string().contains("Logged model with ID"), "{answer}");
        }
    }
    for address in [format!("0/{}/artifacts/a", model.id), format!("0/models/{}/a", model.id)] {
        let answer = at(Method::PUT, &address).await;
        assert!(
            answer.status == 400 && answer.to_string().contains("is not inside a run or logged model"),
            "{answer}"
        );
    }
    let root = at(Method::PUT, &format!("0/models/{}/artifacts", model.id)).await;
    assert!(root.to_string().contains("is a logged model's folder, name a file in it"), "{root}");
    for above in ["0/models", &format!("0/models/{}", model.id)] {
        assert_eq!(at(Method::GET, above).await.status, 404, "{above}");
    }

    // A location of an experiment may itself look like that of models.
    let location = json!({ "name": "deep", "artifact_location": "mlflow-artifacts:/deep/models" });
    let deep = alice.post("experiments/create", location).await.ok();
    let model = tree(&alice, deep["experiment_id"].as_str().unwrap()).await;
    assert_eq!(model.artifact_uri, format!("mlflow-artifacts:/deep/models/models/{}/artifacts", model.id));
    assert_eq!(put(&alice, &model, "a", "deep").await.status, 200);
    assert_eq!(get(&alice, &model, "a").await.bytes, b"deep");
}

#[tokio::test]
async fn a_deleted_model_keeps_its_files_and_takes_no_more() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let model = tree(&alice, "0").await;
    put(&alice, &model, "a", "x").await;
    let begun = begin(&alice, &model).await.ok();
    super::delete(&alice, &model.id).await.ok();
    let said = "400 INVALID_PARAMETER_VALUE: The logged model m-[id] must be in the 'active' state. Current state is deleted.";
    assert_eq!(put(&alice, &model, "b", "x").await.to_string(), said);
    assert_eq!(delete(&alice, &model, "a").await.to_string(), said);
    assert_eq!(begin(&alice, &model).await.to_string(), said);
    let parts = json!([{ "part_number": 1, "etag": "\"x\"" }]);
    let body = json!({ "path": "big.bin", "upload_id": begun["upload_id"], "parts": parts });
    let complete = alice.request(Method::POST, &url_of("mpu/complete", &model, "data"));
    assert_eq!(alice.send(complete.json(&body)).await.to_string(), said);
    let abort = alice.request(Method::POST, &url_of("mpu/abort", &model, "data"));
    alice.send(abort.json(&body)).await.ok();
    assert_eq!(get(&alice, &model, "a").await.bytes, b"x", "whoever knows the address may still read");
    for answer in [
        directories(&alice, &model, "").await,
        alice.get(&format!("logged-models/{}/artifacts/files?artifact_file_path=a", model.id)).await,
    ] {
        assert_eq!(
            answer.to_string(),
            "404 RESOURCE_DOES_NOT_EXIST: Logged model with ID 'm-[id]' not found."
        );
    }
}

async fn begin(client: &Client, model: &TestRun) -> Answer {
    let request = client.request(Method::POST, &url_of("mpu/create", model, "data"));
    client.send(request.json(&json!({ "path": "/home/x/big.bin", "num_parts": 2 }))).await
}

#[tokio::test]
async fn a_large_file_goes_up_in_parts() {
    for store in STORES {
        let server = server_with(store).await;
        let alice = server.developer("alice").await;
        let (model, run) = (tree(&alice, "0").await, alice.create_run().await);
        let begun = begin(&alice, &model).await.ok();
        let bytes = [vec![7; 5_300_000], vec![8; 11]];
        let mut parts = Vec::new();
        for (index, part) in bytes.iter().enumerate() {
            let address = begun["credentials"][index]["url"].as_str().unwrap();
            let nobody = server.anonymous();
            let answer = nobody.send(nobody.request(Method::PUT, address).body(part.clone())).await;
            parts.push(json!({ "part_number": index + 1, "etag": answer.header("etag").unwrap() }));
        }
        let body = json!({ "path": "/home/x/big.bin", "upload_id": begun["upload_id"], "parts": parts });
        let complete = async |tree: &TestRun| {
            let request = alice.request(Method::POST, &url_of("mpu/complete", tree, "data"));
            alice.send(request.json(&body)).await
        };
        assert_eq!(complete(&run).await.status, 404, "it is the model's upload");
        assert_eq!(complete(&model).await.ok(), json!({}));
        assert!(get(&alice, &model, "data/big.bin").await.bytes == bytes.concat(), "{store:?}");
    }
}

#[tokio::test]
async fn presigned_uploads_are_refused_as_for_runs() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let model = tree(&alice, "0").await;
    let ask = async |body: Value| alice.post("artifacts/presigned-upload-url", body).await;
    let answer = ask(json!({ "model_id": model.id, "path": "a" })).await;
    assert!(
        answer.status == 400
            && answer.to_string().contains(
                "not supported for proxied artifact storage (artifact URI scheme: mlflow-artifacts)"
            ),
        "{answer}"
    );
    let unknown = ask(json!({ "model_id": "m-nope", "path": "a" })).await;
    assert_eq!(unknown.to_string(), "404 RESOURCE_DOES_NOT_EXIST: Logged model with ID 'm-nope' not found.");
}

#[tokio::test]
async fn files_of_a_model_kept_elsewhere_are_not_looked_for_here() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let body = json!({ "name": "bucket", "artifact_location": "s3://bucket/place" });
    let experiment = alice.post("experiments/create", body).await.ok();
    let model = tree(&alice, experiment["experiment_id"].as_str().unwrap()).await;
    let answer = directories(&alice, &model, "").await;
    assert!(
        answer.status == 400 && answer.to_string().contains("where this server does not look"),
        "{answer}"
    );
    assert_eq!(
        alice
            .send(alice.request(
                Method::GET,
                &url(
                    &TestRun {
                        artifact_uri: format!("mlflow-artifacts:/place/models/{}/artifacts", model.id),
                        ..model.clone()
                    },
                    "a"
                )
            ))
            .await
            .status,
        404
    );
}
