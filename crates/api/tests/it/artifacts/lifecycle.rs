//! What becomes of files: stored once, overwritten, deleted, kept apart by run and project, refused in a deleted run.

use reqwest::Method;
use serde_json::json;
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::TestServer;

use super::{STORES, blobs, delete, get, list, list_address, list_run, names, put, server_with, tree, url};

#[tokio::test]
async fn identical_bytes_are_stored_once() {
    for store in STORES {
        let server = server_with(store).await;
        let alice = server.developer("alice").await;
        let (first, second) = (alice.create_run().await, alice.create_run().await);
        for (run, path) in [(&first, "a.txt"), (&first, "b.txt"), (&second, "c/d.txt"), (&second, "c/d.txt")]
        {
            assert_eq!(put(&alice, run, path, "same").await.status, 200);
        }
        assert_eq!(blobs(&server).await, 1, "{store:?}");

        delete(&alice, &first, "a.txt").await.ok();
        delete(&alice, &second, "c").await.ok();
        assert_eq!(get(&alice, &first, "b.txt").await.bytes, b"same");
    }
}

#[tokio::test]
async fn a_file_is_overwritten() {
    for store in STORES {
        let server = server_with(store).await;
        let alice = server.developer("alice").await;
        let run = alice.create_run().await;
        put(&alice, &run, "a.txt", "first, and longer").await;
        server.advance_ms(5000);
        put(&alice, &run, "a.txt", "second").await;

        let answer = get(&alice, &run, "a.txt").await;
        assert_eq!(answer.bytes, b"second");
        assert_eq!(answer.header("last-modified"), Some("Thu, 01 Jan 2026 00:00:05 GMT"));
        let listing = list(&alice, &run, "").await.ok();
        assert_eq!(listing["files"], json!([{ "path": "a.txt", "is_dir": false, "file_size": 6 }]));
    }
}

#[tokio::test]
async fn files_folders_and_whole_trees_are_deleted() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let (run, other) = (alice.create_run().await, alice.create_run().await);
    put(&alice, &other, "kept.txt", "kept").await;
    for path in ["a/b/1.txt", "a/b/2.txt", "a/c.txt", "a.txt", "ab/d.txt"] {
        put(&alice, &run, path, path.to_owned()).await;
    }

    assert_eq!(delete(&alice, &run, "a/b/1.txt").await.ok(), json!({}));
    assert_eq!(names(&list(&alice, &run, "a/b").await.ok()), ["2.txt"]);
    delete(&alice, &run, "a").await.ok();
    assert_eq!(names(&list(&alice, &run, "").await.ok()), ["a.txt", "ab/"]);
    assert_eq!(delete(&alice, &run, "never/was").await.ok(), json!({}));
    delete(&alice, &run, "ab/").await.ok();
    assert_eq!(names(&list(&alice, &run, "").await.ok()), ["a.txt"]);
    // As MLflow's client asks for a whole tree to be deleted: with a slash at the end.
    put(&alice, &run, "x/y.txt", "y").await;
    delete(&alice, &run, "").await.ok();
    assert_eq!(list(&alice, &run, "").await.ok(), json!({}));
    assert_eq!(names(&list(&alice, &other, "").await.ok()), ["kept.txt"]);

    for above in ["0", &format!("0/{}", run.id)] {
        let address = format!("/api/2.0/mlflow-artifacts/artifacts/{above}");
        let answer = alice.send(alice.request(Method::DELETE, &address)).await;
        assert_eq!(answer.status, 400, "{above} {answer}");
    }
}

#[tokio::test]
async fn a_file_is_no_folder() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice, &run, "a/b", "b").await;

    for (path, reason) in
        [("a", "there is a folder of this name"), ("a/b/c", "'a/b' is a file, not a folder")]
    {
        let answer = put(&alice, &run, path, "x").await;
        assert_eq!(answer.status, 400, "{answer}");
        assert!(answer.to_string().contains(reason), "{answer}");
    }
    assert_eq!(get(&alice, &run, "a").await.status, 400);
    assert_eq!(
        get(&alice, &run, "a/b/c").await.to_string(),
        "404 RESOURCE_DOES_NOT_EXIST: No such artifact: 'a/b/c'"
    );
    assert_eq!(blobs(&server).await, 1);
}

#[tokio::test]
async fn a_file_and_a_folder_of_one_name_sent_at_once_do_not_both_stand() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    for round in 0..10 {
        let (file, folder) = (format!("{round}"), format!("{round}/x"));
        let (one, two) = tokio::join!(put(&alice, &run, &file, "1"), put(&alice, &run, &folder, "2"));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400], "{one} {two}");
    }
}

#[tokio::test]
async fn a_deleted_run_keeps_its_files_and_takes_no_more() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice, &run, "a.txt", "kept").await;
    alice.post("runs/delete", json!({ "run_id": run.id })).await.ok();

    let page = format!("/api/2.0/mlflow/upload-artifact?run_uuid={}&path=b.txt", run.id);
    for answer in [
        put(&alice, &run, "b.txt", "b").await,
        delete(&alice, &run, "a.txt").await,
        alice.send(alice.request(Method::POST, &page).body("b")).await,
    ] {
        assert_eq!(
            answer.to_string(),
            "400 INVALID_PARAMETER_VALUE: The run [id] must be in the 'active' state. Current state is deleted."
        );
    }
    assert_eq!(get(&alice, &run, "a.txt").await.bytes, b"kept");
    assert_eq!(names(&list(&alice, &run, "").await.ok()), ["a.txt"]);
    assert_eq!(blobs(&server).await, 1);
}

#[tokio::test]
async fn files_of_another_project_do_not_exist() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice, &run, "secret.txt", "secret").await;
    let other = server.project("root/other", Visibility::Private).await.to_string();
    let roles = [(other.parse().unwrap(), Role::Owner)];
    let bob = server.user("bob", &roles, Scopes::API, &other).await;
    let mut unknown = run.clone();
    unknown.id = "f".repeat(32);
    unknown.artifact_uri = run.artifact_uri.replace(&run.id, &unknown.id);

    for nobodys in [&run, &unknown] {
        for answer in [
            get(&bob, nobodys, "secret.txt").await,
            put(&bob, nobodys, "secret.txt", "x").await,
            delete(&bob, nobodys, "secret.txt").await,
            list(&bob, nobodys, "").await,
            list_run(&bob, nobodys, "").await,
            bob.send(
                bob.request(Method::GET, &format!("/get-artifact?run_id={}&path=secret.txt", nobodys.id)),
            )
            .await,
        ] {
            assert_eq!(answer.to_string(), "404 RESOURCE_DOES_NOT_EXIST: Run with id=[id] not found");
        }
    }
    assert_eq!(get(&alice, &run, "secret.txt").await.bytes, b"secret");
}

#[tokio::test]
async fn a_run_is_found_only_in_its_own_experiment() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice, &run, "a.txt", "a").await;
    let other = alice.create_experiment("other").await;

    let mut moved = run.clone();
    moved.artifact_uri = run.artifact_uri.replace(":/0/", &format!(":/{other}/"));
    assert_eq!(get(&alice, &moved, "a.txt").await.status, 404);
    assert_eq!(put(&alice, &moved, "a.txt", "x").await.status, 404);
    assert_eq!(list(&alice, &moved, "").await.status, 404);
}

#[tokio::test]
async fn an_experiment_may_have_a_place_of_its_own() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let create = async |name: &str, location: &str| {
        let body = json!({ "name": name, "artifact_location": location });
        let id =
            alice.post("experiments/create", body).await.ok()["experiment_id"].as_str().unwrap().to_owned();
        (alice.create_run_in(&id, json!({})).await, id)
    };
    let (run, id) = create("placed", "mlflow-artifacts:/my/place").await;
    assert_eq!(tree(&run), format!("my/place/{}/artifacts", run.id));
    assert_eq!(put(&alice, &run, "a.txt", "a").await.status, 200);
    assert_eq!(get(&alice, &run, "a.txt").await.bytes, b"a");
    assert_eq!(names(&list_run(&alice, &run, "").await.ok()), ["a.txt"]);
    assert_eq!(list_address(&alice, &format!("{id}/{}/artifacts", run.id)).await.status, 404);

    let (elsewhere, id) = create("elsewhere", "s3://bucket/place").await;
    for answer in [
        list_run(&alice, &elsewhere, "").await,
        alice
            .send(alice.request(Method::GET, &format!("/get-artifact?run_id={}&path=a", elsewhere.id)))
            .await,
    ] {
        assert_eq!(answer.status, 400);
        assert!(answer.to_string().contains("s3://bucket/place"), "{answer}");
    }
    let mut wrong = elsewhere.clone();
    wrong.artifact_uri = format!("mlflow-artifacts:/{id}/{}/artifacts", elsewhere.id);
    assert_eq!(put(&alice, &wrong, "a.txt", "a").await.status, 404);
}

#[tokio::test]
async fn both_mounts_and_their_twins_have_the_same_files() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice.at_root(), &run, "a.txt", "a").await;

    let by_path = server.address.clone() + "/api/v4/projects/root%2Fdefault/ml/mlflow";
    for mount in [&alice.tracking, &alice.server, &by_path] {
        let twin = url(&run, "a.txt").replace("/api/", "/ajax-api/");
        for path in [url(&run, "a.txt"), twin] {
            let answer = alice.send(alice.request(Method::GET, &format!("{mount}{path}"))).await;
            assert_eq!(answer.bytes, b"a", "{mount}{path}");
        }
    }
}

#[tokio::test]
async fn the_web_page_uploads_and_downloads_by_run() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let upload = async |query: &str, bytes: Vec<u8>| {
        let address = format!("{}/ajax-api/2.0/mlflow/upload-artifact{query}", alice.tracking);
        alice.send(alice.request(Method::POST, &address).body(bytes)).await
    };
    let query = format!("?run_uuid={}&path=d/a+b.json", run.id);
    let stored = upload(&query, b"{}".to_vec()).await;
    assert_eq!((stored.status, stored.bytes.len()), (200, 0), "{stored}");
    let full = 10 * 1024 * 1024;
    assert_eq!(upload(&format!("?run_uuid={}&path=full", run.id), vec![1; full]).await.status, 200);
    for (query, bytes, message) in [
        (format!("?path=a&run={}", run.id), vec![1], "Request must specify run_uuid."),
        (format!("?run_uuid={}", run.id), vec![1], "Request must specify path."),
        (format!("?run_uuid={}&path=a", run.id), vec![], "Request must specify data."),
        (
            format!("?run_uuid={}&path=a", run.id),
            vec![1; full + 1],
            "Artifact size is too large. Max size is 10MB.",
        ),
        (format!("?run_uuid={}&path=../a", run.id), vec![1], "Invalid path"),
    ] {
        let answer = upload(&query, bytes).await;
        assert_eq!(answer.status, 400);
        assert!(answer.to_string().contains(message), "{query}: {answer}");
    }

    let download =
        async |query: &str| alice.send(alice.request(Method::GET, &format!("/get-artifact{query}"))).await;
    for name in ["run_id", "run_uuid"] {
        let answer = download(&format!("?{name}={}&path=d/a%20b.json", run.id)).await;
        assert_eq!(answer.bytes, b"{}");
        assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"a b.json\""));
    }
    assert_eq!(
        download(&format!("?run_id={}&path=no", run.id)).await.to_string(),
        "404 RESOURCE_DOES_NOT_EXIST: No such artifact: 'no'"
    );
    for bad in [format!("?run_id={}", run.id), format!("?run_id={}&path=d", run.id), "?path=a".to_owned()] {
        assert_eq!(download(&bad).await.status, 400, "{bad}");
    }
    assert_eq!(names(&list(&alice, &run, "").await.ok()), ["d/", "full"]);
}
