//! A version whole, and its publication.

use reqwest::Method;
use serde_json::{Value, json};
use weir_domain::access::{Role, Visibility};
use weir_testing::{Client, TestServer};

use super::{FRAME_3, get, keep, make_version, message, own};
use crate::artifacts::{delete, put};

const REQUIREMENTS: &str = "mlflow==3.17.2\n# by hand\n--index-url https://pip.example\n";

#[tokio::test]
async fn a_version_is_told_whole() {
    let server = TestServer::start().await;
    let root = server.root();
    root.create_model("iris model").await;
    let run = make_version(&root, "iris model", "1.2.0-rc.1+b5").await;
    keep(&root, &run, "MLmodel", FRAME_3).await;
    keep(&root, &run, "requirements.txt", REQUIREMENTS).await;
    keep(&root, &run, "model.skops", "bytes").await;

    let told = get(&root, "models/iris%20model/versions/1").await.ok();
    assert_eq!(told["model"], "iris model");
    assert_eq!((&told["number"], &told["version"]), (&json!(1), &json!("1.2.0-rc.1+b5")));
    assert_eq!((&told["stage"], &told["description"]), (&json!("None"), &json!("as told")));
    assert_eq!(told["run_id"], run.id.as_str());
    assert_eq!(told["artifact_uri"], run.artifact_uri.as_str());
    assert_eq!(told["source"]["run_link"], "https://ci.example/1");
    assert_eq!(told["created_at"], "2026-01-01T00:00:00.000Z");
    assert_eq!(told["created_by"], "root");
    assert_eq!((&told["published_at"], &told["digest"]), (&Value::Null, &Value::Null));
    let size_bytes = FRAME_3.len() + REQUIREMENTS.len() + 5;
    assert_eq!(told["files"], json!({ "count": 3, "size_bytes": size_bytes }));
    assert!(told["tags"].as_array().unwrap().contains(&json!({ "key": "k", "value": "v" })));
    assert_eq!(told["mlmodel"]["flavors"]["sklearn"]["sklearn_version"], "1.8.0");
    assert_eq!(told["mlmodel"]["path"], "MLmodel");
    assert_eq!(
        told["mlmodel"]["signature"]["inputs"][0],
        json!({ "name": "sepal length (cm)", "type": "double", "required": true })
    );
    assert_eq!(
        told["mlmodel"]["signature"]["outputs"][0],
        json!({ "name": null, "type": "tensor", "dtype": "int64", "required": true, "shape": [-1] })
    );
    assert_eq!(
        told["mlmodel"]["requirements"],
        json!({
            "packages": [{ "name": "mlflow", "specifier": "==3.17.2" }],
            "options": ["--index-url https://pip.example"],
            "comments": ["by hand"],
        })
    );
    assert_eq!(told["mlmodel_warning"], Value::Null);

    // The same version by every name of it; `+` in a path is itself.
    for version in ["1.2.0-rc.1+b5", "1.2.0-rc.1%2Bb5", "latest", "^1.2.0-rc.1"] {
        let same = get(&root, &format!("models/iris%20model/versions/{version}")).await.ok();
        assert_eq!(same, told, "{version}");
    }
    let described = get(&root, "models/iris%20model/versions/1/mlmodel").await.ok();
    assert_eq!(described, told["mlmodel"]);
}

#[tokio::test]
async fn what_is_not_there_is_said_in_gitlabs_form() {
    let server = TestServer::start().await;
    let root = server.root();
    root.create_model("m").await;
    make_version(&root, "m", "1.0.0").await;
    let told = get(&root, "models/m/versions/1.0.0").await.ok();
    assert_eq!(told["files"], json!({ "count": 0, "size_bytes": 0 }));
    assert_eq!((&told["mlmodel"], &told["mlmodel_warning"]), (&Value::Null, &Value::Null));

    for (path, expected) in [
        ("models/none/versions/1", "404 Registered Model with name=none not found"),
        ("models/m/versions/2.0.0", "404 Model Version (name=m, version=2.0.0) not found"),
        ("models/m/versions/%40champion", "404 Registered model alias champion not found"),
        ("models/m/versions/1/mlmodel", "404 version 1.0.0 of the model 'm' has no MLmodel file"),
        ("models/m/versions/1%00", "400 the address cannot be read: its version contains a NUL character"),
        ("models/m%ff/versions/1", "400 the address cannot be read"),
        ("models/m/versions/%5Enope", "400 "),
        ("models/m/compare?from=1", "400 Missing value for required parameter 'to'."),
        ("models/m/compare?from=1&to=9", "404 Model Version (name=m, version=9) not found"),
        ("models/none/compare?from=1&to=1", "404 Registered Model with name=none not found"),
        ("models/none/events", "404 Registered Model with name=none not found"),
        ("models/m/events?max_results=0", "400 max_results is 0, write a number from 1 to 1000"),
        ("models/m/events?max_results=1001", "400 max_results is 1001, write a number from 1 to 1000"),
        ("models/m/events?max_results=x", "400 Invalid value \"x\" for parameter 'max_results' supplied:"),
        (
            "models/m/events?max_results=99999999999999999999",
            "400 Invalid value \"99999999999999999999\" for parameter 'max_results' supplied:",
        ),
        ("models/m/events?page_token=x", "400 Invalid page token"),
        ("logged-models/x/mlmodel", "404 Logged model with ID 'x' not found."),
    ] {
        let answer = get(&root, path).await;
        assert!(message(&answer).starts_with(expected), "{path}: {}", message(&answer));
    }
}

#[tokio::test]
async fn callers_without_the_right_hear_gitlabs_words() {
    let server = TestServer::start().await;
    let root = server.root();
    root.create_model("m").await;
    make_version(&root, "m", "1.0.0").await;
    let guest = server.member("guest", Role::Guest).await;
    get(&guest, "models/m/versions/1").await.ok();
    get(&guest, "models/m/events").await.ok();
    let refused = own(&guest, Method::POST, "models/m/versions/1/publish").await;
    assert_eq!(
        message(&refused),
        "403 403 Forbidden - you may not change anything in this project: you are guest, and it needs developer or above"
    );
    assert_eq!(message(&get(&server.anonymous(), "models/m/versions/1").await), "401 401 Unauthorized");
    let other = server.project("root/other", Visibility::Private).await;
    let nowhere = Client::new(&server.address, &other.to_string(), guest.token.clone());
    assert_eq!(message(&get(&nowhere, "models/m/versions/1").await), "404 404 Project Not Found");
    // A model of another project does not exist in this one.
    let elsewhere = Client::new(&server.address, &other.to_string(), server.root().token.clone());
    let missing = get(&elsewhere, "models/m/versions/1").await;
    assert_eq!(message(&missing), "404 Registered Model with name=m not found");
}

#[tokio::test]
async fn a_published_version_has_the_digest_that_the_documentation_computes() {
    let server = TestServer::start().await;
    let root = server.root();
    root.create_model("m").await;
    let run = make_version(&root, "m", "1.0.0").await;
    // The files of the unit test of the seal, whose digest Python computed; put in another order.
    for (path, content) in [("a/b.txt", "hello"), ("MLmodel", ""), ("a b/é.txt", "hello"), ("a.txt", "hello")]
    {
        keep(&root, &run, path, content).await;
    }
    server.advance_ms(1500);
    let alice = server.developer("alice").await;
    let published = own(&alice, Method::POST, "models/m/versions/1.0.0/publish").await.ok();
    assert_eq!(
        published["digest"],
        "sha256:84e66682b730d399d80cc160bc28af05d793da071fcc4baf9f1113af00c193b2"
    );
    assert_eq!(published["published_at"], "2026-01-01T00:00:01.500Z");
    assert_eq!(published["published_by"], "alice");
    assert_eq!(get(&alice, "models/m/versions/1").await.ok(), published);
    assert_eq!(published["mlmodel_warning"], "the MLmodel file cannot be read: it is empty");

    let again = own(&alice, Method::POST, "models/m/versions/1/publish").await;
    assert_eq!(message(&again), "409 version 1.0.0 of the model 'm' is published already");
    for refused in [
        put(&root, &run, "late.txt", "x").await,
        put(&root, &run, "a.txt", "x").await,
        delete(&root, &run, "a.txt").await,
        root.log_param(&run, "p", "1").await,
        root.log_metric(&run, "m", json!(1.0), 0, 0).await,
    ] {
        assert!(matches!(refused.status, 400 | 409), "{refused}");
        assert!(refused.to_string().contains("published"), "{refused}");
    }
    assert_eq!(get(&alice, "models/m/versions/1").await.ok(), published);

    make_version(&root, "m", "1.1.0").await;
    let empty = own(&alice, Method::POST, "models/m/versions/2/publish").await.ok();
    assert_eq!(
        empty["digest"], "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "of no files"
    );
}

#[tokio::test]
async fn where_a_version_comes_from_is_told() {
    let server = TestServer::start().await;
    let root = server.root();
    root.create_model("m").await;
    root.create_model("copy").await;
    let run = root.create_run().await;
    keep(&root, &run, "model/MLmodel", FRAME_3).await;
    let source = format!("runs:/{}/model", run.id);
    root.create_version("m", json!({ "source": source, "run_id": run.id })).await;
    root.create_version("copy", json!({ "source": "models:/m/1" })).await;

    let promoted = get(&root, "models/m/versions/1").await.ok();
    assert_eq!(
        promoted["source"],
        json!({ "uri": source, "run_link": "", "run_id": run.id, "logged_model_id": null, "model_version": null })
    );
    assert_eq!(promoted["mlmodel"]["path"], "MLmodel", "what stood in the folder is at the top now");
    let copied = get(&root, "models/copy/versions/latest").await.ok();
    assert_eq!(copied["source"]["uri"], "models:/m/1");
    assert_eq!(copied["source"]["model_version"], json!({ "model": "m", "version": "1" }));
    assert_eq!(copied["files"], promoted["files"]);
}
