//! The search for runs: filters, orders, pages.

use serde_json::{Value, json};
use weir_testing::{Client, TestServer};

async fn run(
    client: &Client,
    name: &str,
    metrics: &[(&str, Value)],
    params: &[(&str, &str)],
    tags: &[(&str, &str)],
) {
    let run = client.create_run_in("0", json!({ "run_name": name })).await;
    let entries = |list: &[(&str, &str)]| -> Vec<Value> {
        list.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
    };
    let metrics: Vec<Value> =
        metrics.iter().map(|(key, value)| json!({ "key": key, "value": value, "timestamp": 1 })).collect();
    let body =
        json!({ "run_id": run.id, "metrics": metrics, "params": entries(params), "tags": entries(tags) });
    client.post("runs/log-batch", body).await.ok();
}

async fn found(client: &Client, filter: &str) -> String {
    let body = json!({ "experiment_ids": ["0"], "filter": filter, "order_by": ["run_name"] });
    client.search_names(body).await.join(" ")
}

async fn ordered(client: &Client, order: Value) -> String {
    client.search_names(json!({ "experiment_ids": ["0"], "order_by": order })).await.join(" ")
}

async fn fruit() -> (TestServer, Client) {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    run(&alice, "a", &[("m", json!(1.0))], &[("p", "10"), ("lr", "0.1")], &[("t", "it's")]).await;
    run(&alice, "b", &[("m", json!(2.0)), ("n", json!(5))], &[("p", "9")], &[("t", "Blue")]).await;
    run(&alice, "c", &[("m", json!("NaN"))], &[("p", "9")], &[("t", "blue")]).await;
    run(&alice, "d", &[("m", json!("Infinity"))], &[], &[("x.y/z", "100%")]).await;
    run(&alice, "e", &[], &[], &[]).await;
    (server, alice)
}

#[tokio::test]
async fn metric_filters_look_at_the_latest_value() {
    let (_server, alice) = fruit().await;
    for (filter, names) in [
        ("metrics.m > 1", "b d"),
        ("metrics.m >= 1 AND metrics.m < 2", "a"),
        ("metrics.m = 2", "b"),
        ("metrics.m != 2", "a c d"),
        ("NOT metrics.m = 2", "a c d e"),
        ("metrics.m > 1e300", "d"),
        ("metrics.unknown > 0", ""),
        ("NOT metrics.unknown > 0", "a b c d e"),
        ("metrics.m < 2 OR metrics.n = 5", "a b"),
        ("(metrics.m < 2 OR metrics.n = 5) AND params.p = '9'", "b"),
        ("metric.m = 1 and PARAMS.p = '1'", "!"),
    ] {
        if names == "!" {
            let body = json!({ "experiment_ids": ["0"], "filter": filter });
            assert_eq!(alice.post("runs/search", body).await.status, 400, "{filter}");
            continue;
        }
        assert_eq!(found(&alice, filter).await, names, "{filter}");
    }
}

#[tokio::test]
async fn text_filters_follow_mlflows_rules() {
    let (_server, alice) = fruit().await;
    for (filter, names) in [
        ("params.p = '9'", "b c"),
        ("params.p != '9'", "a"),
        ("params.p IS NULL", "d e"),
        ("params.p IS NOT NULL", "a b c"),
        ("tags.t = \"it's\"", "a"),
        ("tags.t = 'blue'", "c"),
        ("tags.t LIKE 'b%'", "c"),
        ("tags.t ILIKE 'b_UE'", "b c"),
        ("tags.`x.y/z` LIKE '100_'", "d"),
        ("tags.\"x.y/z\" LIKE '100\\%'", ""),
        ("attributes.run_name = 'a'", "a"),
        ("run_name LIKE '%' AND status = 'RUNNING'", "a b c d e"),
        ("status = 'running'", ""),
        ("status ILIKE 'RUNN%'", "a b c d e"),
        ("status != 'RUNNING'", ""),
        ("artifact_uri LIKE 'mlflow-artifacts:/0/%/artifacts'", "a b c d e"),
        ("start_time >= 0 AND end_time > 0", ""),
        ("NOT end_time > 0", "a b c d e"),
        ("run_id IN ('nope')", ""),
        ("run_id NOT IN ('nope')", "a b c d e"),
        ("tags.mlflow.runName = 'e'", "e"),
    ] {
        assert_eq!(found(&alice, filter).await, names, "{filter}");
    }
}

#[tokio::test]
async fn dataset_filters_test_each_input_on_its_own() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run_in("0", json!({ "run_name": "a" })).await;
    alice.create_run_in("0", json!({ "run_name": "b" })).await;
    let input = |name: &str, context: &str| {
        json!({ "dataset": { "name": name, "digest": "1", "source_type": "s", "source": "s" },
                "tags": [{ "key": "mlflow.data.context", "value": context }] })
    };
    let datasets = json!([input("one", "train"), input("two", "eval")]);
    alice.post("runs/log-inputs", json!({ "run_id": run.id, "datasets": datasets })).await.ok();
    for (filter, names) in [
        ("datasets.name = 'one' AND datasets.context = 'eval'", "a"),
        ("dataset.name IN ('one', 'three')", "a"),
        ("datasets.name != 'one'", "a"),
        ("datasets.digest = '2'", ""),
        ("NOT datasets.digest = '2'", "a b"),
    ] {
        assert_eq!(found(&alice, filter).await, names, "{filter}");
    }
}

#[tokio::test]
async fn numbers_come_before_nan_and_nan_before_nothing_in_both_directions() {
    let (_server, alice) = fruit().await;
    assert_eq!(ordered(&alice, json!(["metrics.m ASC", "run_name"])).await, "a b d c e");
    assert_eq!(ordered(&alice, json!(["metrics.m DESC", "run_name"])).await, "d b a c e");
    assert_eq!(ordered(&alice, json!(["params.p", "run_name DESC"])).await, "a c b e d");
    assert_eq!(ordered(&alice, json!(["params.p DESC", "run_name"])).await, "b c a d e");
    assert_eq!(ordered(&alice, json!(["tags.t", "run_name"])).await, "b c a d e");
    assert_eq!(ordered(&alice, json!(["metrics.unknown", "run_name DESC"])).await, "e d c b a");
    assert_eq!(ordered(&alice, json!(["metrics.n DESC", "metrics.m DESC", "run_name"])).await, "b d a c e");
    assert_eq!(ordered(&alice, json!("run_name DESC")).await, "e d c b a");
    assert_eq!(ordered(&alice, json!(["end_time", "status", "user_id", "artifact_uri"])).await.len(), 9);
}

#[tokio::test]
async fn the_default_order_is_newest_start_first_then_run_id() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for (name, start) in [("old", 1), ("new", 3), ("mid", 2)] {
        alice.create_run_in("0", json!({ "run_name": name, "start_time": start })).await;
    }
    assert_eq!(ordered(&alice, json!([])).await, "new mid old");
}

/// Walks a search page by page and returns the names in order.
async fn walk(client: &Client, mut body: Value, size: usize) -> Vec<String> {
    let mut names = Vec::new();
    body["max_results"] = json!(size);
    loop {
        let page = client.post("runs/search", body.clone()).await.ok();
        let runs = page["runs"].as_array().cloned().unwrap_or_default();
        names.extend(runs.iter().map(|run| run["info"]["run_name"].as_str().unwrap().to_owned()));
        match page["next_page_token"].as_str() {
            Some(token) => body["page_token"] = json!(token),
            None => return names,
        }
    }
}

#[tokio::test]
async fn pages_of_every_order_add_up_to_the_whole() {
    let (_server, alice) = fruit().await;
    for index in 0..9 {
        let name = format!("f{index}");
        let metrics =
            [("m", json!(index % 3)), ("n", json!(if index == 4 { json!("NaN") } else { json!(index) }))];
        run(&alice, &name, &metrics, &[("p", if index % 2 == 0 { "even" } else { "odd" })], &[]).await;
    }
    for order in [
        json!([]),
        json!(["metrics.m"]),
        json!(["metrics.m DESC", "metrics.n ASC"]),
        json!(["metrics.n DESC"]),
        json!(["params.p DESC"]),
        json!(["params.p", "tags.t DESC"]),
        json!(["tags.t"]),
        json!(["status", "run_name DESC"]),
        json!(["end_time DESC"]),
        json!(["run_id"]),
    ] {
        for filter in ["", "metrics.m >= 0", "params.p = 'even'", "metrics.n > 5 OR params.p IS NULL"] {
            let body = json!({ "experiment_ids": ["0"], "order_by": order, "filter": filter });
            let whole = alice.search_names(body.clone()).await;
            assert!(!whole.is_empty());
            for size in [1, 2, 5] {
                assert_eq!(walk(&alice, body.clone(), size).await, whole, "{order} {filter} {size}");
            }
            let mut sorted = whole.clone();
            sorted.sort();
            sorted.dedup();
            assert_eq!(sorted.len(), whole.len(), "{order} {filter}: a run came twice");
        }
    }
}

#[tokio::test]
async fn a_page_that_is_just_full_has_no_token() {
    let (_server, alice) = fruit().await;
    let page = alice.post("runs/search", json!({ "experiment_ids": ["0"], "max_results": 5 })).await.ok();
    assert_eq!(page["runs"].as_array().unwrap().len(), 5);
    assert!(page.get("next_page_token").is_none());
    assert_eq!(alice.post("runs/search", json!({})).await.ok(), json!({}));
    assert_eq!(alice.post("runs/search", json!({ "experiment_ids": ["99"] })).await.ok(), json!({}));
}

#[tokio::test]
async fn pages_survive_runs_that_are_made_meanwhile() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for index in 0..6 {
        alice.create_run_in("0", json!({ "run_name": format!("r{index}"), "start_time": index })).await;
    }
    let mut body = json!({ "experiment_ids": ["0"], "max_results": 2 });
    let mut names = Vec::new();
    for round in 0..3 {
        let page = alice.post("runs/search", body.clone()).await.ok();
        names.extend(
            page["runs"]
                .as_array()
                .unwrap()
                .iter()
                .map(|run| run["info"]["run_name"].as_str().unwrap().to_owned()),
        );
        body["page_token"] = page["next_page_token"].clone();
        alice.create_run_in("0", json!({ "run_name": "late", "start_time": 100 + round })).await;
    }
    assert_eq!(names, ["r5", "r4", "r3", "r2", "r1", "r0"]);
}

#[tokio::test]
async fn several_experiments_and_views_are_searched_at_once() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let other = alice.create_experiment("other").await;
    for (experiment, name, value) in [("0", "a", 3), (&*other, "b", 1), ("0", "c", 2)] {
        let run = alice.create_run_in(experiment, json!({ "run_name": name })).await;
        alice.log_metric(&run, "m", json!(value), 0, 1).await.ok();
        if name == "c" {
            alice.post("runs/delete", json!({ "run_id": run.id })).await.ok();
        }
    }
    for (view, names) in [("ACTIVE_ONLY", "b a"), ("DELETED_ONLY", "c"), ("ALL", "b c a")] {
        let body = json!({
            "experiment_ids": ["0", other, "99"],
            "run_view_type": view,
            "filter": "metrics.m > 0",
            "order_by": ["metrics.m"],
        });
        assert_eq!(alice.search_names(body).await.join(" "), names, "{view}");
    }
}

#[tokio::test]
async fn a_search_sees_what_was_acknowledged_just_before() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    for value in 1..30 {
        alice.log_metric(&run, "m", json!(value), value, 1).await.ok();
        let body = json!({ "experiment_ids": ["0"], "filter": format!("metrics.m = {value}") });
        assert_eq!(alice.search_names(body).await.len(), 1, "{value}");
    }
}

#[tokio::test]
async fn values_longer_than_an_index_holds_are_told_apart() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let long = "é".repeat(100);
    for (name, value) in [("a", long.clone()), ("b", format!("{long}x")), ("c", "é".repeat(99))] {
        run(&alice, name, &[], &[("p", &value)], &[("t", &value)]).await;
    }
    for (value, name) in
        [(long.clone(), "a"), (format!("{long}x"), "b"), ("é".repeat(99), "c"), ("é".repeat(98), "")]
    {
        assert_eq!(found(&alice, &format!("params.p = '{value}'")).await, name);
        assert_eq!(found(&alice, &format!("tags.t = '{value}' AND params.p = '{value}'")).await, name);
    }
}

#[tokio::test]
async fn datasets_and_params_are_filtered_together() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run_in("0", json!({ "run_name": "a" })).await;
    alice.log_param(&run, "p", "x").await.ok();
    alice.log_metric(&run, "m", json!(1), 0, 1).await.ok();
    let dataset = json!({ "dataset": { "name": "d", "digest": "1", "source_type": "s", "source": "s" } });
    alice.post("runs/log-inputs", json!({ "run_id": run.id, "datasets": [dataset] })).await.ok();
    for filter in [
        "params.p = 'x' AND dataset.name = 'd'",
        "metrics.m = 1 AND dataset.digest = '1' AND params.p = 'x'",
        "dataset.name = 'd' AND NOT dataset.context = 'train'",
    ] {
        assert_eq!(found(&alice, filter).await, "a", "{filter}");
    }
}

#[tokio::test]
async fn a_page_token_stays_good_when_a_name_is_first_used() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for name in ["a", "b"] {
        alice.create_run_in("0", json!({ "run_name": name })).await;
    }
    let mut body =
        json!({ "experiment_ids": ["0"], "order_by": ["metrics.fresh", "run_name"], "max_results": 1 });
    let page = alice.post("runs/search", body.clone()).await.ok();
    body["page_token"] = page["next_page_token"].clone();
    let run = alice.create_run_in("0", json!({ "run_name": "c" })).await;
    alice.log_param(&run, "fresh", "1").await.ok();
    assert_eq!(alice.search_names(body).await, ["b"]);
}

#[tokio::test]
async fn a_pattern_has_a_limit() {
    let server = TestServer::start().await;
    let filter = format!("params.p LIKE '{}'", "%a".repeat(501));
    let known = server.root().create_run().await;
    server.root().log_param(&known, "p", &"a".repeat(60_000)).await.ok();
    let refused =
        server.root().post("runs/search", json!({ "experiment_ids": ["0"], "filter": filter })).await;
    assert!(refused.to_string().contains("has 1002 characters, at most 1000 are allowed"), "{refused}");
    let ilike = format!("params.p ILIKE '{}b'", "%A".repeat(400));
    assert_eq!(found(&server.root(), &ilike).await, "");
}

#[tokio::test]
async fn a_page_ends_early_before_it_grows_without_bound() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let long = "x".repeat(64 * 1024);
    let tags: Vec<Value> = (0..4).map(|index| json!({ "key": format!("t{index}"), "value": long })).collect();
    for _ in 0..220 {
        alice.create_run_in("0", json!({ "tags": tags })).await;
    }
    let body = json!({ "experiment_ids": ["0"] });
    let page = alice.post("runs/search", body.clone()).await.ok();
    let first = page["runs"].as_array().unwrap().len();
    assert!(first < 220 && page.get("next_page_token").is_some(), "{first}");
    assert_eq!(walk(&alice, body, 1000).await.len(), 220);
}
