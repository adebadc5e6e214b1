//! The list of experiments.

use serde_json::{Value, json};
use weir_testing::{Client, TestServer};

use super::{get, log, message};

async fn names(client: &Client, query: &str) -> Vec<String> {
    let list = get(client, &format!("experiments?{query}")).await.ok();
    let experiments = list["experiments"].as_array().unwrap();
    experiments.iter().map(|experiment| experiment["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_experiment_is_listed_with_its_runs_and_its_last_activity() {
    let server = TestServer::start().await;
    let root = server.root();
    let alice = server.developer("alice").await;
    server.advance_ms(1000);
    let id = alice.create_experiment("train").await;
    server.advance_ms(1000);
    let first = log(&root, &id, "first", &[], &[]).await;
    let gone = log(&root, &id, "gone", &[], &[]).await;
    root.post("runs/delete", json!({ "run_id": gone.id })).await.ok();

    let told = |list: Value| list["experiments"][0].clone();
    let train = told(get(&root, "experiments").await.ok());
    assert_eq!(
        train,
        json!({
            "id": id, "iid": id.parse::<i64>().unwrap(), "name": "train", "lifecycle_stage": "active",
            "run_count": 1, "creator": { "id": train["creator"]["id"], "username": "alice" },
            "created_at": "2026-01-01T00:00:01.000Z", "last_activity_at": "2026-01-01T00:00:02.000Z",
            "newest_run": {
                "iid": 1, "run_id": first.id, "name": "first", "created_at": "2026-01-01T00:00:02.000Z",
            },
            "model_name": null,
        })
    );
    let end = server.now() + 5000;
    root.post("runs/update", json!({ "run_id": first.id, "status": "FINISHED", "end_time": end })).await.ok();
    let train = told(get(&root, "experiments").await.ok());
    assert_eq!(train["last_activity_at"], "2026-01-01T00:00:07.000Z", "a run has ended");
    let empty = get(&root, "experiments?search=default").await.ok()["experiments"][0].clone();
    assert_eq!((&empty["run_count"], &empty["newest_run"]), (&json!(0), &Value::Null));

    root.create_model("m").await;
    let of_model = told(get(&root, "experiments?search=%5Bmodel%5D").await.ok());
    assert_eq!(of_model["model_name"], "m");
}

#[tokio::test]
async fn experiments_are_searched_sorted_and_paged() {
    let server = TestServer::start().await;
    let root = server.root();
    for (name, runs) in [("alpha", 1), ("Beta", 3), ("gamma", 2), ("alphabet", 0)] {
        server.advance_ms(10);
        let id = root.create_experiment(name).await;
        for run in 0..runs {
            log(&root, &id, &format!("run {run}"), &[], &[]).await;
        }
    }
    assert_eq!(names(&root, "").await, ["alphabet", "gamma", "Beta", "alpha", "Default"]);
    assert_eq!(names(&root, "order_by=name").await, ["Beta", "Default", "alpha", "alphabet", "gamma"]);
    assert_eq!(names(&root, "order_by=created_at&sort=asc").await[1], "alpha");
    assert_eq!(names(&root, "search=ALPHA&order_by=name").await, ["alpha", "alphabet"]);
    assert_eq!(names(&root, "search=%25").await, Vec::<String>::new(), "no pattern");
    let by_runs = ["Beta", "gamma", "alpha", "alphabet", "Default"];
    assert_eq!(names(&root, "order_by=run_count").await, by_runs);

    for order in ["run_count", "name", "last_activity_at"] {
        let whole = names(&root, &format!("order_by={order}")).await;
        let (mut paged, mut token) = (Vec::new(), String::new());
        loop {
            let path = format!("experiments?order_by={order}&max_results=2&page_token={token}");
            let page = get(&root, &path).await.ok();
            let list = page["experiments"].as_array().unwrap();
            paged.extend(list.iter().map(|experiment| experiment["name"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_page_token"].as_str() else { break };
            token = next.to_owned();
        }
        assert_eq!(paged, whole, "{order}");
        let foreign = get(&root, &format!("experiments?order_by=created_at&page_token={token}")).await;
        assert!(message(&foreign).contains("does not belong to this search"), "{foreign}");
    }

    root.post("experiments/delete", json!({ "experiment_id": "1" })).await.ok();
    assert_eq!(names(&root, "state=deleted").await, ["alpha"]);
    assert_eq!(names(&root, "").await.len(), 4);
    assert_eq!(names(&root, "state=all").await.len(), 5);
}

#[tokio::test]
async fn what_cannot_be_read_is_told() {
    let server = TestServer::start().await;
    let root = server.root();
    for (query, sentence) in [
        ("order_by=runs", "400 order_by is 'runs', write name, created_at, last_activity_at or run_count"),
        ("sort=up", "400 sort is 'up', write asc or desc"),
        ("state=gone", "400 state is 'gone', write active, deleted or all"),
        ("max_results=0", "400 max_results is 0, write a number from 1 to 1000"),
        ("page_token=!", "400 Invalid page token, could not base64-decode '!'"),
    ] {
        assert_eq!(message(&get(&root, &format!("experiments?{query}")).await), sentence);
    }
}
