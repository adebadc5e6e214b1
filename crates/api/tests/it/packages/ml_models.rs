//! `packages/ml_models`: the files of versions and runs are those of MLflow's routes.

use reqwest::Method;
use serde_json::json;
use weir_testing::{Artifacts, TestServer};

use super::{get, iid, keep, message, package, put, request, text};
use crate::artifacts::{blobs, list, names, server_with};

/// SHA-256 of `hello`.
const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

#[tokio::test]
async fn a_version_has_the_same_files_by_both_addresses() {
    for store in [Artifacts::Folder, Artifacts::Bucket] {
        let server = server_with(store).await;
        let alice = server.developer("alice").await;
        alice.create_model("my model").await;
        let version = alice.create_semver("my model", "1.2.3").await;
        let run = alice.run_of(&version).await;
        let own = package(&alice, "MY", "1.2.3").await;
        assert_eq!((&own["name"], &own["package_type"]), (&json!("my model"), &json!("ml_model")));
        let at = format!("/ml_models/{}/files", own["model_version_id"]);

        keep(&alice, &format!("{at}/model/MLmodel"), "hello").await;
        assert_eq!(alice.get_file(&run, "model/MLmodel").await.bytes, b"hello");
        assert_eq!(alice.put_file(&run, "sp ace é.txt", "hello").await.status, 200);
        assert_eq!(text(&alice, &format!("{at}/sp%20ace%20%C3%A9.txt")).await, "hello");
        assert_eq!(text(&alice, &format!("{at}/model%2FMLmodel")).await, "hello");
        assert_eq!(names(&list(&alice, &run, "").await.ok()), ["model/", "sp ace é.txt"]);
        assert_eq!(blobs(&server).await, 1, "equal bytes are kept once");
    }
}

#[tokio::test]
async fn a_run_has_the_same_files_by_three_addresses() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let experiment = alice.create_experiment("e").await;
    let run = alice.create_run_in(&experiment, json!({})).await;
    let iid = iid(&alice, &run).await;
    let own = package(&alice, "ml_experiment", &format!("candidate_{iid}")).await;
    assert_eq!(
        (&own["name"], &own["run_id"]),
        (&json!(format!("ml_experiment_{experiment}")), &json!(run.id))
    );
    assert_eq!(own["model_version_id"], json!(null));

    let candidate = format!("/ml_models/candidate:{iid}/files");
    let legacy = format!("/generic/ml_experiment_{experiment}/{iid}");
    let named = format!("/generic/ml_experiment_{experiment}/candidate_{iid}");
    keep(&alice, &format!("{candidate}/a/1.txt"), "one").await;
    keep(&alice, &format!("{legacy}/a/2.txt"), "two").await;
    keep(&alice, &format!("{named}/3.txt"), "three").await;
    for (path, content) in [("a/1.txt", "one"), ("a/2.txt", "two"), ("3.txt", "three"), ("first.txt", "1")] {
        assert_eq!(alice.get_file(&run, path).await.bytes, content.as_bytes(), "{path}");
        for at in [&candidate, &legacy, &named] {
            assert_eq!(text(&alice, &format!("{at}/{path}")).await, content, "{at}/{path}");
        }
    }
    assert_eq!(names(&list(&alice, &run, "").await.ok()), ["3.txt", "a/", "first.txt"]);
    assert_eq!(text(&alice, &format!("/ml_models/candidate%3A{iid}/files/3.txt")).await, "three");

    let model_run = alice.create_model("m").await;
    assert_eq!(model_run["name"], "m");
}

#[tokio::test]
async fn a_run_of_a_models_experiment_bears_the_models_name() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let found = alice.get("experiments/get-by-name?experiment_name=%5Bmodel%5Dm").await.ok();
    let experiment = found["experiment"]["experiment_id"].as_str().unwrap().to_owned();
    let run = alice.create_run_in(&experiment, json!({})).await;
    alice.put_file(&run, "a", "a").await;
    let own = package(&alice, "m", "candidate_1").await;
    assert_eq!(own["run_id"], json!(run.id));

    alice.post("registered-models/rename", json!({ "name": "m", "new_name": "n" })).await.ok();
    assert_eq!(package(&alice, "n", "candidate_1").await["id"], own["id"]);
}

#[tokio::test]
async fn a_download_has_the_headers_of_all_downloads() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let iid = iid(&alice, &run).await;
    let path = format!("/ml_models/candidate:{iid}/files/d/a.html");
    keep(&alice, &path, "hello").await;

    let answer = get(&alice, &path).await;
    for (name, value) in [
        ("x-checksum-sha256", HELLO),
        ("etag", &format!("\"{HELLO}\"")),
        ("content-disposition", "attachment; filename=\"a.html\""),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let part = alice.send(request(&alice, Method::GET, &path).header("range", "bytes=1-2")).await;
    assert_eq!((part.status, part.bytes.as_slice()), (206, &b"el"[..]));
    let etag = format!("\"{HELLO}\"");
    let known = alice.send(request(&alice, Method::GET, &path).header("if-none-match", etag)).await;
    assert_eq!((known.status, known.bytes.len()), (304, 0));
    let head = alice.send(request(&alice, Method::HEAD, &path)).await;
    assert_eq!((head.status, head.header("content-length")), (200, Some("5")));
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let iid = iid(&alice, &run).await;
    keep(&alice, &format!("/ml_models/candidate:{iid}/files/a/b"), "b").await;
    for (path, sentence) in [
        ("77/files/a".to_owned(), "this project has no model version 77"),
        ("candidate:77/files/a".to_owned(), "this project has no run 77"),
        (
            "1.0.0/files/a".to_owned(),
            "'1.0.0' is neither the id of a model version nor candidate:<number of a run in its project>",
        ),
        (format!("candidate:{iid}/files/x"), &format!("no file 'x' in run {iid}")),
        (format!("candidate:{iid}/files/a"), &format!("no file 'a' in run {iid}")),
    ] {
        let answer = get(&alice, &format!("/ml_models/{path}")).await;
        assert_eq!(message(&answer), format!("404 404 Not Found - {sentence}"), "{path}");
    }
    for path in ["77/files/a", "candidate:77/files/a"] {
        assert_eq!(put(&alice, &format!("/ml_models/{path}"), "a").await.status, 404, "{path}");
    }
    // A run of another project is none of this one's.
    let other = server.project("root/other", weir_domain::access::Visibility::Private).await;
    let root = weir_testing::Client::new(&server.address, &other.to_string(), server.root().token);
    assert_eq!(get(&root, &format!("/ml_models/candidate:{iid}/files/a/b")).await.status, 404);
    assert_eq!(get(&server.root(), &format!("/ml_models/candidate:{iid}/files/a/b")).await.status, 200);

    alice.post("runs/delete", json!({ "run_id": run.id })).await.ok();
    let path = format!("/ml_models/candidate:{iid}/files/a/b");
    assert_eq!(get(&alice, &path).await.status, 404, "a deleted run is no package");
    assert_eq!(put(&alice, &path, "x").await.status, 404);
    assert_eq!(get(&alice, "").await.ok(), json!([]));
    alice.post("runs/restore", json!({ "run_id": run.id })).await.ok();
    assert_eq!(text(&alice, &path).await, "b");
}

#[tokio::test]
async fn names_that_gitlab_refuses_are_refused() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let at = format!("/ml_models/candidate:{}/files", iid(&alice, &run).await);
    for path in [
        "%C3%A9",
        "a@b",
        "a~",
        "..%2Fa",
        "a%2F..%2Fb",
        "%252e%252e%2Fb",
        "a%252Fb",
        "a%23b",
        "a%00",
        "a//b",
        "a/",
    ] {
        let answer = put(&alice, &format!("{at}/{path}"), "x").await;
        assert_eq!(answer.status, 400, "{path}: {answer}");
    }
    assert_eq!(
        message(&put(&alice, &format!("{at}/a@b"), "x").await),
        "400 file_name is invalid: 'a@b' may have letters, digits, '.', '_', '-', '+' and blanks only; the mlflow-artifacts routes take others"
    );
    for path in ["a+b", "a%20b", "a_b-c.d", "dir%20%C3%A9/a"] {
        keep(&alice, &format!("{at}/{path}"), "x").await;
    }
    let conflict = put(&alice, &format!("{at}/a_b-c.d/below"), "x").await;
    assert_eq!(conflict.status, 409, "{conflict}");
}

#[tokio::test]
async fn a_published_version_takes_no_file_and_loses_none() {
    let server = TestServer::start().await;
    let root = server.root();
    root.create_model("m").await;
    root.create_semver("m", "1.0.0").await;
    let own = package(&root, "m", "1.0.0").await;
    let at = format!("/ml_models/{}/files", own["model_version_id"]);
    keep(&root, &format!("{at}/a"), "a").await;
    server.publish("m", "1.0.0").await;

    let sealed = "409 version 1.0.0 of the model 'm' is published: its files, params and metrics are read-only; make a new version instead";
    assert_eq!(message(&put(&root, &format!("{at}/b"), "b").await), sealed);
    assert_eq!(message(&put(&root, &format!("{at}/b/authorize"), "").await), sealed);
    assert_eq!(message(&super::delete(&root, &format!("/{}", own["id"])).await), sealed);
    let file = super::files(&root, &own, "").await[0]["id"].clone();
    let file = format!("/{}/package_files/{file}", own["id"]);
    assert_eq!(message(&super::delete(&root, &file).await), sealed);
    assert_eq!(text(&root, &format!("{at}/a")).await, "a");
}
