//! Names of every kind, and every way out of a run's tree that somebody might try.

use reqwest::Method;
use serde_json::json;
use weir_testing::TestServer;

use super::{blobs, get, list, list_address, list_run, mount, names, put, raw, tree, url_of};

#[tokio::test]
async fn names_of_every_kind_are_kept() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let kinds = [
        "with blank.txt",
        "images/dogs~a+step+3+x.png",
        "größe 字 🎉.txt",
        "a,b;c=d&e@f!g$h'(i).txt",
        "colon:name.txt",
        "..double.dots..",
        ".hidden",
        "100%.txt",
        "%41.txt",
        "q?m.txt",
        "back\\slash.txt",
        "\"quoted\".txt",
        "deep/1/2/3/4/5/6/7/8/9.txt",
    ];
    for name in kinds {
        let stored = put(&alice, &run, name, name.to_owned()).await;
        assert_eq!(stored.status, 200, "{name}: {stored}");
    }
    for name in kinds {
        let answer = get(&alice, &run, name).await;
        assert_eq!((answer.status, answer.bytes.as_slice()), (200, name.as_bytes()), "{name}");
    }
    let mut expected: Vec<String> = kinds
        .iter()
        .map(|name| {
            name.split_once('/').map_or_else(|| (*name).to_owned(), |(folder, _)| format!("{folder}/"))
        })
        .collect();
    expected.sort_by_key(|name| name.trim_end_matches('/').to_owned());
    assert_eq!(names(&list(&alice, &run, "").await.ok()), expected);
}

#[tokio::test]
async fn the_longest_path_is_stored_and_the_limit_is_named() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    // Digits without a pattern, which no database can squeeze.
    let mut state = 1_u64;
    let mut digits = (0..).map(|at| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        if at % 100 == 99 { '/' } else { char::from(b'A' + ((state >> 33) % 26) as u8) }
    });
    let longest: String = digits.by_ref().take(2599).chain(['x']).collect();

    assert_eq!(put(&alice, &run, &longest, "far down").await.status, 200);
    assert_eq!(get(&alice, &run, &longest).await.bytes, b"far down");
    let answer = put(&alice, &run, &format!("{longest}x"), "further down").await;
    assert!(answer.status == 400 && answer.to_string().contains("2601 bytes"), "{answer}");
}

#[tokio::test]
async fn a_plus_in_an_address_stays_a_plus() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let line = format!("PUT {}/api/2.0/mlflow-artifacts/artifacts/{}/a+b~c:d.txt", mount(&alice), tree(&run));

    let answer = raw(&alice, &line, "content-length: 2\r\n", b"ok").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(names(&list(&alice, &run, "").await.ok()), ["a+b~c:d.txt"]);
    // In a query it is a blank, as in every form.
    put(&alice, &run, "a b/c.txt", "c").await;
    assert_eq!(names(&list_run(&alice, &run, "&path=a+b").await.ok()), ["a b/c.txt"]);
}

/// What stands behind the tree of a run in a raw request line.
fn ways_out() -> Vec<String> {
    let mut ways: Vec<String> = [
        "..",
        "../x",
        "a/../x",
        "a/../../../../etc/passwd",
        "a/..",
        "./a",
        "a/.",
        "%2e%2e/x",
        "%2E%2e/x",
        ".%2e/x",
        "%252e%252e/x",
        "a%2fb",
        "a%2Fb",
        "a%252fb",
        "..%2fx",
        "%2fetc/passwd",
        "/etc/passwd",
        "a//b",
        "a%00b",
        "a%0ab",
        "a%7fb",
        "a%23b",
        "..%5cx",
        "a%5c..%5cb",
        "..%255cx",
        "%ff",
        "%c0%ae%c0%ae/x",
    ]
    .map(str::to_owned)
    .into();
    ways.push("x".repeat(1025));
    ways.push(["x"; 2500].join("/"));
    ways
}

#[tokio::test]
async fn no_address_leads_out_of_the_tree() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let base = format!("{}/api/2.0/mlflow-artifacts/artifacts/{}", mount(&alice), tree(&run));
    for way in ways_out() {
        for method in ["PUT", "GET", "DELETE"] {
            let answer = raw(&alice, &format!("{method} {base}/{way}"), "content-length: 1\r\n", b"x").await;
            assert!(answer.starts_with("HTTP/1.1 400"), "{method} {way}: {answer}");
            assert!(
                answer.contains("INVALID_PARAMETER_VALUE") && answer.contains("Invalid path"),
                "{way}: {answer}"
            );
        }
        let body = br#"{"path": "a.bin", "num_parts": 1}"#;
        let headers = format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
        let mpu = base.replace("/mlflow-artifacts/artifacts/", "/mlflow-artifacts/mpu/create/");
        let answer = raw(&alice, &format!("POST {mpu}/{way}"), &headers, body).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{way}: {answer}");
    }
    let slash = raw(&alice, &format!("PUT {base}/a/"), "content-length: 1\r\n", b"x").await;
    assert!(slash.starts_with("HTTP/1.1 400"), "{slash}");
    assert_eq!(list(&alice, &run, "").await.ok(), json!({}));
    assert_eq!(blobs(&server).await, 0);
}

#[tokio::test]
async fn no_query_leads_out_of_the_tree() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    for way in [
        "..",
        "../x",
        "a/../b",
        "/",
        "/etc",
        "//",
        "a//b",
        "%252e%252e/x",
        "a%00",
        "a%23b",
        "..%5Cx",
        "%252fa",
        ".",
    ] {
        let get = format!("/get-artifact?run_id={}&path={way}", run.id);
        let page = format!("/api/2.0/mlflow/upload-artifact?run_uuid={}&path={way}", run.id);
        for answer in [
            list_run(&alice, &run, &format!("&path={way}")).await,
            alice.send(alice.request(Method::GET, &get)).await,
            alice.send(alice.request(Method::POST, &page).body("x")).await,
        ] {
            assert_eq!(answer.status, 400, "{way}: {answer}");
            let reason = if way == "a%00" { "it contains a NUL character" } else { "Invalid path" };
            assert!(answer.to_string().contains(reason), "{way}: {answer}");
        }
    }
    for way in ["..", "/", "/etc", "0/../0", "0//x"] {
        assert_eq!(list_address(&alice, way).await.status, 400, "{way}");
    }
}

#[tokio::test]
async fn an_address_above_the_runs_holds_no_files() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let proxy = "/api/2.0/mlflow-artifacts/artifacts";
    let at = async |method: Method, address: &str| {
        alice.send(alice.request(method, &format!("{proxy}/{address}")).body("x")).await
    };

    assert_eq!(alice.send(alice.request(Method::GET, proxy)).await.ok(), json!({}));
    for above in ["", "0", "0/", "17"] {
        assert_eq!(list_address(&alice, above).await.ok(), json!({}), "{above}");
    }
    for address in ["0", "0/a.txt", &format!("0/{}", run.id), &format!("0/{}/a.txt", run.id)] {
        let answer = at(Method::PUT, address).await;
        assert_eq!(answer.status, 400, "{address}");
        assert!(answer.to_string().contains("<experiment id>/<run id>/artifacts/<path>"), "{answer}");
        assert_eq!(at(Method::GET, address).await.status, 404, "{address}");
    }
    let root = at(Method::PUT, &tree(&run)).await;
    assert!(root.status == 400 && root.to_string().contains("name a file in it"), "{root}");
    assert_eq!(at(Method::GET, &tree(&run)).await.status, 400);
    for reserved in ["0/models/m-1/artifacts/MLmodel", "0/traces/tr-1/artifacts/traces.json"] {
        for method in [Method::PUT, Method::GET, Method::DELETE] {
            assert_eq!(at(method, reserved).await.status, 404, "{reserved}");
        }
    }
    assert_eq!(blobs(&server).await, 0);
}

#[tokio::test]
async fn transfers_by_presigned_address_are_refused_as_clients_understand() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let answer = alice.send(alice.request(Method::GET, &url_of("presigned", &run, "a.txt"))).await;
    assert_eq!(answer.status, 501, "{answer}");
    let message = answer.json()["message"].as_str().unwrap().to_owned();
    assert!(
        message.starts_with("Multipart download is not supported for the current artifact repository"),
        "{message}"
    );

    for (what, body, expected) in [
        (
            "upload",
            json!({ "run_id": run.id, "path": "a" }),
            "Presigned upload is not supported for proxied artifact storage (artifact URI scheme: mlflow-artifacts).",
        ),
        (
            "download",
            json!({ "run_id": run.id, "path": "a" }),
            "Presigned download is not supported for proxied artifact storage (artifact URI scheme: mlflow-artifacts).",
        ),
        ("upload", json!({ "path": "a" }), "Exactly one of run_id and model_id must be provided."),
        (
            "upload",
            json!({ "path": "a", "run_id": run.id, "model_id": "m" }),
            "Exactly one of run_id and model_id must be provided.",
        ),
        (
            "upload",
            json!({ "run_id": run.id, "path": "a", "expiration": 0 }),
            "expiration must be between 1 and 604800 seconds (got 0).",
        ),
        ("upload", json!({ "run_id": run.id, "path": "../a" }), "Invalid path"),
        ("download", json!({ "run_id": run.id }), "Missing value for required parameter 'path'."),
    ] {
        let answer = alice.post(&format!("artifacts/presigned-{what}-url"), body).await;
        assert_eq!(answer.status, 400, "{answer}");
        assert!(answer.to_string().contains(expected), "{answer}");
    }
    let unknown = json!({ "run_id": "f".repeat(32), "path": "a" });
    assert_eq!(alice.post("artifacts/presigned-upload-url", unknown).await.status, 404);
}
