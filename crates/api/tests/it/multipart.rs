//! Multipart uploads through the proxy.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::{Answer, Artifacts, Client, TestRun, TestServer, Wishes};

use crate::artifacts::{STORES, blobs, get, list, names, put, server_with, url_of};

const FILE: &str = "/srv/ann/models/weights + ü.bin";

/// A call of `create`, `complete` or `abort` for a file in the folder `models` of the run.
async fn call(client: &Client, run: &TestRun, what: &str, body: Value) -> Answer {
    let request = client.request(Method::POST, &url_of(&format!("mpu/{what}"), run, "models"));
    client.send(request.json(&body)).await
}

/// The id of a new upload and the addresses of its parts.
async fn create(client: &Client, run: &TestRun, num_parts: usize) -> (String, Vec<String>) {
    let body = call(client, run, "create", json!({ "path": FILE, "num_parts": num_parts })).await.ok();
    let credentials = body["credentials"].as_array().unwrap();
    for (number, credential) in (1..).zip(credentials) {
        assert_eq!((&credential["part_number"], &credential["headers"]), (&json!(number), &json!({})));
    }
    let urls = credentials.iter().map(|credential| credential["url"].as_str().unwrap().to_owned()).collect();
    (body["upload_id"].as_str().unwrap().to_owned(), urls)
}

/// As MLflow's client sends a part: no token, no content type.
async fn put_part(server: &TestServer, url: &str, bytes: Vec<u8>) -> Answer {
    let nobody = server.anonymous();
    nobody.send(nobody.request(Method::PUT, url).body(bytes)).await
}

/// The etag as it came, with its quotes.
async fn etag(server: &TestServer, url: &str, bytes: Vec<u8>) -> String {
    let answer = put_part(server, url, bytes).await;
    assert_eq!(answer.status, 200, "{answer}");
    answer.header("etag").unwrap().to_owned()
}

fn completion(upload_id: &str, etags: &[(usize, &str)]) -> Value {
    let part =
        |(number, etag): &(usize, &str)| json!({ "part_number": number, "etag": etag, "url": "ignored" });
    json!({ "path": FILE, "upload_id": upload_id, "parts": etags.iter().map(part).collect::<Vec<_>>() })
}

#[tokio::test]
async fn parts_in_any_order_become_one_file() {
    for store in STORES {
        let server = server_with(store).await;
        let alice = server.developer("alice").await;
        let run = alice.create_run().await;
        let (id, urls) = create(&alice, &run, 3).await;
        let bytes = [vec![1; 6_000_000], vec![2; 6_000_000], vec![3; 17]];
        let third = etag(&server, &urls[2], bytes[2].clone()).await;
        let first = etag(&server, &urls[0], bytes[0].clone()).await;
        etag(&server, &urls[1], b"sent by mistake".to_vec()).await;
        let second = etag(&server, &urls[1], bytes[1].clone()).await;
        assert_eq!(list(&alice, &run, "").await.ok(), json!({}), "nothing is seen before the completion");

        let body = completion(&id, &[(3, &third), (1, &first), (2, &second)]);
        assert_eq!(call(&alice, &run, "complete", body.clone()).await.ok(), json!({}), "{store:?}");
        assert_eq!(names(&list(&alice, &run, "models").await.ok()), ["weights + ü.bin"]);
        let answer = get(&alice, &run, "models/weights + ü.bin").await;
        assert!(answer.bytes == bytes.concat(), "{store:?}: the same bytes");
        assert_eq!(blobs(&server).await, 1);

        // A client that never saw the answer completes again, and aborts when it gives up.
        assert_eq!(call(&alice, &run, "complete", body).await.ok(), json!({}));
        call(&alice, &run, "abort", json!({ "path": FILE, "upload_id": id })).await.ok();
        assert_eq!(get(&alice, &run, "models/weights + ü.bin").await.status, 200);
        let late = put_part(&server, &urls[0], vec![1]).await;
        assert_eq!(late.status, 404, "{late}");
    }
}

#[tokio::test]
async fn an_aborted_upload_is_gone() {
    for store in STORES {
        let server = server_with(store).await;
        let alice = server.developer("alice").await;
        let run = alice.create_run().await;
        let (id, urls) = create(&alice, &run, 1).await;
        let etag = etag(&server, &urls[0], vec![1; 1000]).await;

        for _ in 0..2 {
            let body = json!({ "path": FILE, "upload_id": id });
            assert_eq!(call(&alice, &run, "abort", body).await.ok(), json!({}), "{store:?}");
        }
        let late = put_part(&server, &urls[0], vec![1]).await;
        assert_eq!(late.to_string(), "404 RESOURCE_DOES_NOT_EXIST: no multipart upload '[id]'");
        let complete = call(&alice, &run, "complete", completion(&id, &[(1, &etag)])).await;
        assert_eq!(complete.to_string(), "404 RESOURCE_DOES_NOT_EXIST: no multipart upload '[id]'");
        assert_eq!(list(&alice, &run, "").await.ok(), json!({}));
        if store == Artifacts::Folder {
            assert_eq!(std::fs::read_dir(server.artifact_folder.join("multipart")).unwrap().count(), 0);
        }
    }
}

#[tokio::test]
async fn a_completion_must_name_the_parts_that_were_sent() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let (id, urls) = create(&alice, &run, 3).await;
    let first = etag(&server, &urls[0], vec![1; 10]).await;
    let third = etag(&server, &urls[2], vec![3; 10]).await;

    for (parts, message) in [
        (vec![], "Missing value for required parameter 'parts'"),
        (vec![(1, first.as_str()), (3, &third)], "part 2 of 3 is missing"),
        (vec![(1, &first)], "parts 2, 3 of 3 are missing"),
        (vec![(1, &first), (2, &third), (3, &third)], "part 2 was not uploaded with etag"),
        (vec![(1, "\"nonsense\""), (2, &third), (3, &third)], "part 1 was not uploaded with etag 'nonsense'"),
        (vec![(1, &first), (1, &first)], "part 1 is named twice"),
        (vec![(1, &first), (4, &first)], "part 4 is not one of this upload"),
    ] {
        let answer = call(&alice, &run, "complete", completion(&id, &parts)).await;
        assert_eq!(answer.status, 400, "{answer}");
        assert!(answer.to_string().contains(message), "{answer}");
    }
    assert_eq!(list(&alice, &run, "").await.ok(), json!({}));
    assert_eq!(blobs(&server).await, 0);
    // The parts are still there.
    let second = etag(&server, &urls[1], vec![2; 10]).await;
    let body = completion(&id, &[(1, &first), (2, &second), (3, &third)]);
    call(&alice, &run, "complete", body).await.ok();
    assert_eq!(get(&alice, &run, "models/weights + ü.bin").await.bytes.len(), 30);
    // Once it is there, asking again is fine, whatever is named.
    call(&alice, &run, "complete", completion(&id, &[(1, &first)])).await.ok();
    assert_eq!(get(&alice, &run, "models/weights + ü.bin").await.bytes.len(), 30);
}

#[tokio::test]
async fn a_completion_repeated_while_the_first_still_joins_is_fine() {
    for store in STORES {
        let server = server_with(store).await;
        let alice = server.developer("alice").await;
        let run = alice.create_run().await;
        for round in 0..4 {
            let (id, urls) = create(&alice, &run, 3).await;
            let mut etags = Vec::new();
            for url in &urls {
                etags.push(etag(&server, url, vec![round; 700_000]).await);
            }
            let body = completion(&id, &[(1, &etags[0]), (2, &etags[1]), (3, &etags[2])]);
            let late = async |ms: u64| {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                call(&alice, &run, "complete", body.clone()).await
            };
            let answers = tokio::join!(late(0), late(0), late(3), late(6), late(10));
            for answer in [answers.0, answers.1, answers.2, answers.3, answers.4] {
                assert_eq!(answer.ok(), json!({}), "{store:?}");
            }
            let file = get(&alice, &run, "models/weights + ü.bin").await.bytes;
            assert!(file == vec![round; 2_100_000], "{store:?}: the file of this round");
        }
    }
}

#[tokio::test]
async fn a_repeated_completion_does_not_bring_back_an_old_file() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let (id, urls) = create(&alice, &run, 1).await;
    let first = etag(&server, &urls[0], vec![1; 10]).await;
    let body = completion(&id, &[(1, &first)]);
    call(&alice, &run, "complete", body.clone()).await.ok();
    put(&alice, &run, "models/weights + ü.bin", "newer").await;

    assert_eq!(call(&alice, &run, "complete", body).await.ok(), json!({}));
    assert_eq!(get(&alice, &run, "models/weights + ü.bin").await.bytes, b"newer");
}

#[tokio::test]
async fn the_address_of_a_part_is_good_for_that_part_and_a_day() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let (_, urls) = create(&alice, &run, 2).await;
    let (bare, query) = urls[0].split_once('?').unwrap();
    let (expires, signature) = query.split_once('&').unwrap();
    let other_query = urls[1].split_once('?').unwrap().1;
    let late: i64 = expires.strip_prefix("expires=").unwrap().parse::<i64>().unwrap() + 1;
    let forged = [
        bare.to_owned(),
        format!("{bare}?{expires}"),
        format!("{bare}?{expires}&signature={}", "0".repeat(32)),
        format!("{bare}?{other_query}"),
        format!("{bare}?expires={late}&{signature}"),
        format!("{}x?{query}", bare),
        format!("{}99?{query}", bare),
    ];
    for url in forged {
        let answer = put_part(&server, &url, vec![1]).await;
        assert_eq!(answer.status, 403, "{url}: {answer}");
        assert_eq!(answer.json()["error_code"], "PERMISSION_DENIED");
    }
    server.advance_ms(24 * 60 * 60 * 1000);
    assert_eq!(put_part(&server, &urls[0], vec![1]).await.status, 200);
    server.advance_ms(1000);
    let answer = put_part(&server, &urls[0], vec![1]).await;
    assert!(answer.status == 403 && answer.to_string().contains("24 hours"), "{answer}");
}

#[tokio::test]
async fn an_upload_belongs_to_one_file_of_one_run() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let (run, other) = (alice.create_run().await, alice.create_run().await);
    let (id, urls) = create(&alice, &run, 1).await;
    let first = etag(&server, &urls[0], vec![1; 10]).await;
    let body = completion(&id, &[(1, &first)]);

    let mut renamed = body.clone();
    renamed["path"] = json!("other.bin");
    for answer in
        [call(&alice, &other, "complete", body.clone()).await, call(&alice, &run, "complete", renamed).await]
    {
        assert_eq!(answer.to_string(), "404 RESOURCE_DOES_NOT_EXIST: no multipart upload '[id]'");
    }
    let project = server.project("root/other", Visibility::Private).await;
    let bob = server.user("bob", &[(project, Role::Owner)], Scopes::API, &project.to_string()).await;
    for what in ["create", "complete", "abort"] {
        let mut body = body.clone();
        body["num_parts"] = json!(1);
        let answer = call(&bob, &run, what, body).await;
        assert_eq!(answer.to_string(), "404 RESOURCE_DOES_NOT_EXIST: Run with id=[id] not found", "{what}");
    }
    // An abort from the wrong place changed nothing.
    call(&alice, &other, "abort", json!({ "path": FILE, "upload_id": id })).await.ok();
    assert_eq!(call(&alice, &run, "complete", body).await.ok(), json!({}));
}

#[tokio::test]
async fn an_upload_that_cannot_end_well_is_not_begun() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice, &run, "models/folder/a.txt", "a").await;

    for (body, message) in [
        (json!({ "num_parts": 1 }), "parameter 'path'"),
        (json!({ "path": FILE }), "parameter 'num_parts'"),
        (json!({ "path": FILE, "num_parts": 0 }), "from 1 to 10000"),
        (json!({ "path": FILE, "num_parts": 10_001 }), "from 1 to 10000"),
        (json!({ "path": FILE, "num_parts": "x" }), "num_parts"),
        (json!({ "path": "/srv/ann/..", "num_parts": 1 }), "Invalid path"),
        (json!({ "path": "/srv/ann/", "num_parts": 1 }), "Invalid path"),
        (json!({ "path": "folder", "num_parts": 1 }), "there is a folder of this name"),
    ] {
        let answer = call(&alice, &run, "create", body).await;
        assert_eq!(answer.status, 400, "{answer}");
        assert!(answer.to_string().contains(message), "{answer}");
    }
    let (id, urls) = create(&alice, &run, 1).await;
    let first = etag(&server, &urls[0], vec![1; 10]).await;
    alice.post("runs/delete", json!({ "run_id": run.id })).await.ok();
    for (what, body) in
        [("create", json!({ "path": FILE, "num_parts": 1 })), ("complete", completion(&id, &[(1, &first)]))]
    {
        let answer = call(&alice, &run, what, body).await;
        assert!(
            answer.status == 400 && answer.to_string().contains("must be in the 'active' state"),
            "{answer}"
        );
    }
    call(&alice, &run, "abort", json!({ "path": FILE, "upload_id": id })).await.ok();
    assert_eq!(std::fs::read_dir(server.artifact_folder.join("multipart")).unwrap().count(), 0);
}

#[tokio::test]
async fn parts_together_over_the_limit_are_refused() {
    let server = TestServer::with(Wishes { max_file_bytes: Some(1000), ..Wishes::default() }).await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let (id, urls) = create(&alice, &run, 2).await;
    let large = put_part(&server, &urls[0], vec![1; 1001]).await;
    assert!(large.status == 413 && large.to_string().contains("limit of 1000 bytes"), "{large}");
    let (first, second) =
        (etag(&server, &urls[0], vec![1; 600]).await, etag(&server, &urls[1], vec![2; 600]).await);
    let answer = call(&alice, &run, "complete", completion(&id, &[(1, &first), (2, &second)])).await;
    assert!(answer.status == 413 && answer.to_string().contains("limit of 1000 bytes"), "{answer}");
    assert_eq!(blobs(&server).await, 0);
}

#[tokio::test]
async fn the_addresses_of_parts_lead_back_the_way_the_client_came() {
    let trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    let server = TestServer::with(Wishes { trusted_proxies, ..Wishes::default() }).await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let created = async |client: &Client, headers: &[(&str, &str)]| {
        let mut request = client.request(Method::POST, &url_of("mpu/create", &run, "models"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = client.send(request.json(&json!({ "path": FILE, "num_parts": 1 }))).await.ok();
        answer["credentials"][0]["url"].as_str().unwrap().to_owned()
    };
    let part = "/api/2.0/mlflow-artifacts/mpu/part/";
    let url = created(&alice, &[]).await;
    assert!(url.starts_with(&format!("{}{part}", alice.tracking)), "{url}");
    let url = created(&alice.at_root(), &[]).await;
    assert!(url.starts_with(&format!("{}{part}", alice.server)), "{url}");
    let url = created(&alice, &[("host", "ml.example.org"), ("x-forwarded-proto", "https")]).await;
    assert!(url.starts_with("https://ml.example.org/api/v4/projects/1/ml/mlflow/api/2.0/"), "{url}");
}
