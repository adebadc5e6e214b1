//! Numbers and ids of runs.

use serde_json::json;
use weir_domain::access::Visibility;
use weir_testing::{Client, TestServer};

use super::{get, log, message};

#[tokio::test]
async fn a_run_is_found_by_number_and_by_id() {
    let server = TestServer::start().await;
    let root = server.root();
    let first = log(&root, "0", "first", &[], &[]).await;
    let other = root.create_experiment("other").await;
    let second = log(&root, &other, "second", &[], &[]).await;
    root.post("runs/update", json!({ "run_id": second.id, "status": "FINISHED", "end_time": 3000 }))
        .await
        .ok();
    root.post("runs/delete", json!({ "run_id": second.id })).await.ok();

    let found = get(&root, "candidates/2").await.ok();
    assert_eq!(found, get(&root, &format!("candidates/{}", second.id)).await.ok());
    assert_eq!(
        found,
        json!({
            "iid": 2, "run_id": second.id, "experiment_iid": other.parse::<i64>().unwrap(), "name": "second",
            "status": "FINISHED", "lifecycle_stage": "deleted", "of_model_version": false,
            "started_at": "1970-01-01T00:00:01.000Z", "ended_at": "1970-01-01T00:00:03.000Z",
        })
    );
    assert_eq!(get(&root, "candidates/1").await.ok()["run_id"], first.id);
    for unknown in ["3", "99999999999999999999999", "-1", "x", "0123456789abcdef0123456789abcdef"] {
        let answer = get(&root, &format!("candidates/{unknown}")).await;
        assert!(answer.status == 404 && message(&answer).contains(unknown), "{answer}");
    }
}

#[tokio::test]
async fn numbers_are_of_one_project() {
    let server = TestServer::start().await;
    let root = server.root();
    let run = log(&root, "0", "first", &[], &[]).await;
    let id = server.project("root/other", Visibility::Private).await;
    let other = Client::new(&server.address, &id.to_string(), root.token.clone());
    for name in ["1", &run.id] {
        assert_eq!(get(&other, &format!("candidates/{name}")).await.status, 404);
    }
}
