//! `packages/generic`: packages of their own.

use serde_json::json;
use weir_testing::TestServer;

use super::{file_names, get, keep, listed, message, package, put, text};

#[tokio::test]
async fn a_generic_package_is_made_by_its_first_file() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    keep(&alice, "/generic/my-data/1.0+x/train.csv", "a,b").await;
    keep(&alice, "/generic/my-data/1.0+x/deep/er/test.csv", "c").await;
    keep(&alice, "/generic/my-data/2/train.csv", "a,b").await;
    assert_eq!(listed(&alice, "").await, ["generic my-data 1.0+x", "generic my-data 2"]);
    let first = package(&alice, "my-data", "1.0%2Bx").await;
    assert_eq!(file_names(&alice, &first, "?order_by=file_name").await, ["deep/er/test.csv", "train.csv"]);
    assert_eq!((&first["run_id"], &first["status"]), (&json!(null), &json!("default")));
    assert_eq!(first["_links"]["web_path"], json!(format!("/root/default/-/packages/{}", first["id"])));

    assert_eq!(text(&alice, "/generic/my-data/1.0+x/train.csv").await, "a,b");
    assert_eq!(text(&alice, "/generic/my-data/1.0%2Bx/deep%2Fer%2Ftest.csv").await, "c");
    keep(&alice, "/generic/my-data/1.0+x/train.csv", "newer").await;
    assert_eq!(text(&alice, "/generic/my-data/1.0+x/train.csv").await, "newer", "the newest is served");
}

#[tokio::test]
async fn a_generic_package_is_no_model_of_the_same_name() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let version = alice.create_semver("m", "1.0.0").await;
    keep(&alice, "/generic/m/1.0.0/a", "generic").await;
    let run = alice.run_of(&version).await;
    assert_eq!(alice.get_file(&run, "a").await.status, 404);
    assert_eq!(listed(&alice, "?order_by=type").await, ["generic m 1.0.0", "ml_model m 1.0.0"]);
    // No experiment, so no run: an ordinary version.
    keep(&alice, "/generic/ml_experiment_1/1.0.0/a", "a").await;
}

#[tokio::test]
async fn what_cannot_be_a_package_is_refused() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for (path, sentence) in [
        ("a%20b/1/f", "package_name is invalid: 'a b' may have letters, digits, '.', '_', '-' and '+' only"),
        (
            "p/1%2F2/f",
            "package_version is invalid: '1/2' may have letters, digits, '.', '_', '-' and '+' only",
        ),
        ("p/1..2/f", "package_version is invalid: '1..2' may not be '.' or contain '..'"),
        ("p/1/..%2Ff", "Invalid path: '../f' has a '.' or '..' between slashes, write the path without it"),
    ] {
        for answer in [
            put(&alice, &format!("/generic/{path}"), "x").await,
            get(&alice, &format!("/generic/{path}")).await,
        ] {
            assert_eq!(message(&answer), format!("400 {sentence}"), "{path}");
        }
    }
    for (path, sentence) in [
        ("p/1/f", "no file 'f' in the package 'p', version '1'"),
        ("ml_experiment_0/9/f", "this project has no run 9 of experiment 0"),
    ] {
        let answer = get(&alice, &format!("/generic/{path}")).await;
        assert_eq!(message(&answer), format!("404 404 Not Found - {sentence}"));
    }
    assert_eq!(put(&alice, "/generic/ml_experiment_0/9/f", "x").await.status, 404, "a run must be there");
    assert_eq!(get(&alice, "").await.ok(), json!([]), "nothing was made");
}

#[tokio::test]
async fn many_uploads_at_once_make_one_package() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let paths: Vec<String> = (0..12).map(|number| format!("/generic/p/1/{}", number % 6)).collect();
    let answers = futures_util::future::join_all(paths.iter().map(|path| put(&alice, path, "x"))).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    assert_eq!(file_names(&alice, &package(&alice, "p", "1").await, "").await.len(), 6);
}
