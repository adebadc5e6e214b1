//! Experiments.

use serde_json::json;
use weir_testing::TestServer;

#[tokio::test]
async fn an_experiment_is_made_found_and_renamed() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let id = alice.create_experiment("iris").await;
    assert_eq!(id, "1");

    server.advance_ms(5);
    alice.post("experiments/update", json!({ "experiment_id": id, "new_name": "flowers" })).await.ok();

    let found = alice.get("experiments/get?experiment_id=1").await.ok()["experiment"].clone();
    assert_eq!(found["name"], "flowers");
    assert_eq!(found["artifact_location"], "mlflow-artifacts:/1");
    assert_eq!(found["lifecycle_stage"], "active");
    assert_eq!(found["last_update_time"].as_i64().unwrap() - found["creation_time"].as_i64().unwrap(), 5);
    assert!(found.get("tags").is_none(), "empty lists are left out");
    let missing = alice.get("experiments/get-by-name?experiment_name=iris").await;
    assert_eq!(
        missing.to_string(),
        "404 RESOURCE_DOES_NOT_EXIST: Could not find experiment with name 'iris'"
    );
}

#[tokio::test]
async fn every_project_has_the_experiment_default() {
    let server = TestServer::start().await;
    let found = server.root().get("experiments/get?experiment_id=0").await.ok();
    assert_eq!(found["experiment"]["name"], "Default");
    let at_root = server.root().at_root().get("experiments/get?experiment_id=0").await.ok();
    assert_eq!(at_root, found);
}

#[tokio::test]
async fn a_name_is_taken_even_by_a_deleted_experiment() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let id = alice.create_experiment("iris").await;
    let again = alice.post("experiments/create", json!({ "name": "iris" })).await;
    assert_eq!(again.to_string(), "400 RESOURCE_ALREADY_EXISTS: Experiment(name=iris) already exists.");

    alice.post("experiments/delete", json!({ "experiment_id": id })).await.ok();
    assert_eq!(
        alice.post("experiments/create", json!({ "name": "iris" })).await.to_string(),
        again.to_string()
    );

    let other = alice.create_experiment("Iris").await;
    let renamed =
        alice.post("experiments/update", json!({ "experiment_id": other, "new_name": "iris" })).await;
    assert_eq!(renamed.status, 400, "{renamed}");
}

#[tokio::test]
async fn deleting_and_restoring_takes_the_runs_along() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let id = alice.create_experiment("iris").await;
    let run = alice.create_run_in(&id, json!({})).await;

    alice.post("experiments/delete", json!({ "experiment_id": id })).await.ok();
    assert_eq!(alice.get_run(&run).await["info"]["lifecycle_stage"], "deleted");
    let refused = alice.post("runs/create", json!({ "experiment_id": id })).await;
    assert_eq!(
        refused.to_string(),
        "400 INVALID_PARAMETER_VALUE: The experiment 1 must be in the 'active' state. Current state is deleted."
    );
    let twice = alice.post("experiments/delete", json!({ "experiment_id": id })).await;
    assert_eq!(twice.to_string(), "404 RESOURCE_DOES_NOT_EXIST: No Experiment with id=1 exists");
    let renamed = alice.post("experiments/update", json!({ "experiment_id": id, "new_name": "x" })).await;
    assert!(renamed.to_string().contains("Cannot rename a non-active experiment."), "{renamed}");
    let tagged = alice
        .post("experiments/set-experiment-tag", json!({ "experiment_id": id, "key": "a", "value": "b" }))
        .await;
    assert_eq!(tagged.status, 400, "{tagged}");

    alice.post("experiments/restore", json!({ "experiment_id": id })).await.ok();
    assert_eq!(alice.get_run(&run).await["info"]["lifecycle_stage"], "active");
    assert_eq!(alice.post("experiments/restore", json!({ "experiment_id": id })).await.status, 404);
}

#[tokio::test]
async fn tags_are_overwritten_and_deleted() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let tags = json!([{ "key": "a", "value": "1" }, { "key": "team" }]);
    let created = alice.post("experiments/create", json!({ "name": "iris", "tags": tags })).await.ok();
    let id = created["experiment_id"].clone();
    for value in ["2", "3"] {
        let body = json!({ "experiment_id": id, "key": "a", "value": value });
        alice.post("experiments/set-experiment-tag", body).await.ok();
    }
    let found = alice.get("experiments/get?experiment_id=1").await.ok();
    assert_eq!(
        found["experiment"]["tags"],
        json!([{ "key": "a", "value": "3" }, { "key": "team", "value": "" }])
    );

    let body = json!({ "experiment_id": id, "key": "a" });
    alice.post("experiments/delete-experiment-tag", body.clone()).await.ok();
    let gone = alice.post("experiments/delete-experiment-tag", body).await;
    assert_eq!(gone.to_string(), "404 RESOURCE_DOES_NOT_EXIST: No tag with name: a in experiment with id 1");
}

#[tokio::test]
async fn a_chosen_location_is_kept_for_its_runs() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let body = json!({ "name": "far", "artifact_location": "s3://bucket/far/" });
    alice.post("experiments/create", body).await.ok();
    let run = alice.create_run_in("1", json!({})).await;
    assert_eq!(run.artifact_uri, format!("s3://bucket/far/{}/artifacts", run.id));
    let refused =
        alice.post("experiments/create", json!({ "name": "x", "artifact_location": "runs:/abc" })).await;
    assert!(refused.to_string().contains("Artifact location cannot be a runs:/ URI"), "{refused}");
}

#[tokio::test]
async fn experiments_are_searched_by_name_tag_and_time() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for name in ["apple", "Banana", "cherry", "date"] {
        server.advance_ms(1000);
        let tags = json!([{ "key": "fruit", "value": name }]);
        alice.post("experiments/create", json!({ "name": name, "tags": tags })).await.ok();
    }
    let names = |filter: &'static str, order: serde_json::Value| {
        let alice = alice.clone();
        async move {
            let body = json!({ "max_results": 10, "filter": filter, "order_by": order });
            let found = alice.post("experiments/search", body).await.ok();
            let list = found["experiments"].as_array().cloned().unwrap_or_default();
            list.iter().map(|e| e["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        }
    };
    assert_eq!(names("", json!([])).await, "date cherry Banana apple Default");
    assert_eq!(names("", json!(["name ASC"])).await, "Banana Default apple cherry date");
    assert_eq!(names("name LIKE '%a%'", json!(["name"])).await, "Banana Default apple date");
    assert_eq!(names("name ILIKE 'b%'", json!([])).await, "Banana");
    assert_eq!(names("tags.fruit = 'apple' OR tags.fruit = 'date'", json!([])).await, "date apple");
    assert_eq!(names("tags.`fruit` IS NULL", json!([])).await, "Default");
    assert_eq!(names("NOT tags.fruit = 'apple'", json!(["name"])).await, "Banana Default cherry date");
    assert_eq!(names("experiment_id IN ('1', '3')", json!(["experiment_id DESC"])).await, "cherry apple");
    let later = format!("creation_time > {}", server.now() - 1500);
    let found = alice.post("experiments/search", json!({ "max_results": 10, "filter": later })).await.ok();
    assert_eq!(found["experiments"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn experiment_pages_follow_each_other() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for index in 0..7 {
        alice.create_experiment(&format!("e{index}")).await;
    }
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let url = format!("experiments/search?max_results=3&order_by=name%20DESC&page_token={token}");
        let page = alice.get(&url).await.ok();
        seen.extend(
            page["experiments"].as_array().unwrap().iter().map(|e| e["name"].as_str().unwrap().to_owned()),
        );
        match page["next_page_token"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.join(" "), "e6 e5 e4 e3 e2 e1 e0 Default");
}

#[tokio::test]
async fn deleted_experiments_have_a_view_of_their_own() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let id = alice.create_experiment("gone").await;
    alice.post("experiments/delete", json!({ "experiment_id": id })).await.ok();
    for (view, count) in [("ACTIVE_ONLY", 1), ("DELETED_ONLY", 1), ("ALL", 2)] {
        let found =
            alice.post("experiments/search", json!({ "max_results": 10, "view_type": view })).await.ok();
        assert_eq!(found["experiments"].as_array().unwrap().len(), count, "{view}");
    }
    let found = alice.get("experiments/get-by-name?experiment_name=gone").await.ok();
    assert_eq!(found["experiment"]["lifecycle_stage"], "deleted");
}
