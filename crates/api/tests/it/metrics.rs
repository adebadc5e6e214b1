//! Metrics: the latest value, histories, sampling.

use serde_json::{Value, json};
use weir_testing::{Client, TestRun, TestServer};

async fn latest(client: &Client, run: &TestRun, key: &str) -> Value {
    let run = client.get_run(run).await;
    let metrics = run["data"]["metrics"].as_array().cloned().unwrap_or_default();
    metrics.into_iter().find(|metric| metric["key"] == key).unwrap_or_default()
}

async fn history(client: &Client, run: &TestRun, query: &str) -> Vec<(i64, i64, Value)> {
    let answer = client.get(&format!("metrics/get-history?run_id={}&{query}", run.id)).await.ok();
    let points = answer["metrics"].as_array().cloned().unwrap_or_default();
    points
        .iter()
        .map(|p| (p["timestamp"].as_i64().unwrap(), p["step"].as_i64().unwrap(), p["value"].clone()))
        .collect()
}

/// Moves everything from the inbox to the summaries, as the background does.
async fn fold(client: &Client) {
    let body = json!({ "experiment_ids": ["0"], "filter": "metrics.m > 0" });
    client.post("runs/search", body).await.ok();
}

#[tokio::test]
async fn the_latest_point_is_the_greatest_before_and_after_folding() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    for (value, step, timestamp) in [(1.0, 5, 10), (2.0, 3, 99), (3.0, 5, 9)] {
        alice.log_metric(&run, "m", json!(value), step, timestamp).await.ok();
    }
    assert_eq!(
        latest(&alice, &run, "m").await,
        json!({ "key": "m", "value": 1.0, "timestamp": 10, "step": 5 })
    );
    fold(&alice).await;
    assert_eq!(latest(&alice, &run, "m").await["value"], 1.0);
    alice.log_metric(&run, "m", json!(0.5), 5, 10).await.ok();
    assert_eq!(latest(&alice, &run, "m").await["value"], 1.0);
    alice.log_metric(&run, "m", json!(7.0), 5, 10).await.ok();
    assert_eq!(latest(&alice, &run, "m").await["value"], 7.0);
    fold(&alice).await;
    assert_eq!(latest(&alice, &run, "m").await["value"], 7.0);
}

#[tokio::test]
async fn nan_and_infinity_are_kept_and_told_as_texts() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    for (step, value) in ["NaN", "Infinity", "-Infinity", "2.5"].iter().enumerate() {
        alice.log_metric(&run, "m", json!(value), step as i64, 1).await.ok();
        let expected = if *value == "2.5" { json!(2.5) } else { json!(value) };
        assert_eq!(latest(&alice, &run, "m").await["value"], expected);
    }
    alice.log_metric(&run, "n", json!("NaN"), 0, 1).await.ok();
    fold(&alice).await;
    assert_eq!(latest(&alice, &run, "n").await["value"], "NaN");
    let values: Vec<Value> = history(&alice, &run, "metric_key=m").await.into_iter().map(|p| p.2).collect();
    assert_eq!(values, [json!("NaN"), json!("Infinity"), json!("-Infinity"), json!(2.5)]);
}

#[tokio::test]
async fn a_history_is_sorted_distinct_and_whole_whenever_it_is_read() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    for (value, step, timestamp) in [(1.0, 1, 30), (2.0, 2, 10), (1.0, 1, 30), (3.0, 0, 20)] {
        alice.log_metric(&run, "m", json!(value), step, timestamp).await.ok();
    }
    let sorted = vec![(10, 2, json!(2.0)), (20, 0, json!(3.0)), (30, 1, json!(1.0))];
    assert_eq!(history(&alice, &run, "metric_key=m").await, sorted);
    fold(&alice).await;
    assert_eq!(history(&alice, &run, "metric_key=m").await, sorted);
    // Late and repeated points meet the chunk.
    alice.log_metric(&run, "m", json!(9.0), 9, 15).await.ok();
    alice.log_metric(&run, "m", json!(1.0), 1, 30).await.ok();
    let mut sorted = sorted;
    sorted.insert(1, (15, 9, json!(9.0)));
    assert_eq!(history(&alice, &run, "metric_key=m").await, sorted);
    fold(&alice).await;
    assert_eq!(history(&alice, &run, "metric_key=m").await, sorted);
    assert!(history(&alice, &run, "metric_key=other").await.is_empty());
}

/// A batch of the metrics `m0` to `m599`.
async fn log_wide(client: &Client, run: &TestRun, step: i64) {
    let points: Vec<Value> = (0..600)
        .map(|key| json!({ "key": format!("m{key}"), "value": step + key, "timestamp": step, "step": step }))
        .collect();
    client.post("runs/log-batch", json!({ "run_id": run.id, "metrics": points })).await.ok();
}

#[tokio::test]
async fn a_step_of_folding_takes_what_waits_of_one_run_together() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let runs = [alice.create_run().await, alice.create_run().await];
    for step in 0..3 {
        for run in &runs {
            log_wide(&alice, run, step).await;
        }
    }
    let mut steps = Vec::new();
    while steps.last() != Some(&0) {
        steps.push(server.store.write(|tx| weir_store::metrics::fold::step(tx, i64::MAX)).await.unwrap());
        assert_eq!(history(&alice, &runs[1], "metric_key=m7").await.len(), 3, "{steps:?}");
    }
    // At most all of the first run, and one row of the second, whose 600 metrics are enough. The server's own background
    // may have been faster.
    assert!(steps.iter().all(|rows| *rows <= 4), "{steps:?}");
    assert!(server.store.read(weir_store::metrics::waiting).await.unwrap().is_none());
    for run in &runs {
        let points: Vec<_> = history(&alice, run, "metric_key=m599").await;
        assert_eq!(points, [(0, 0, json!(599.0)), (1, 1, json!(600.0)), (2, 2, json!(601.0))]);
        assert_eq!(latest(&alice, run, "m0").await["value"], 2.0);
    }
}

/// `count` points in batches of 1,000, folded now and then.
async fn log_many(client: &Client, run: &TestRun, count: i64) {
    for (batch, start) in (0..count).step_by(1000).enumerate() {
        let points: Vec<Value> = (start..(start + 1000).min(count))
            .map(|step| json!({ "key": "m", "value": step as f64 / 8.0, "timestamp": 1000 + step / 3, "step": step }))
            .collect();
        client.post("runs/log-batch", json!({ "run_id": run.id, "metrics": points })).await.ok();
        if batch % 3 == 1 {
            fold(client).await;
        }
    }
}

#[tokio::test]
async fn pages_of_a_long_history_follow_each_other() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    log_many(&alice, &run, 11_000).await;
    let mut steps = Vec::new();
    let mut token = String::new();
    loop {
        let url =
            format!("metrics/get-history?run_id={}&metric_key=m&max_results=4000&page_token={token}", run.id);
        let page = alice.get(&url).await.ok();
        let points = page["metrics"].as_array().unwrap();
        steps.extend(points.iter().map(|point| point["step"].as_i64().unwrap()));
        match page["next_page_token"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(steps, (0..11_000).collect::<Vec<_>>());
    assert_eq!(history(&alice, &run, "metric_key=m").await.len(), 11_000);
    let whole = history(&alice, &run, "metric_key=m&max_results=11000").await;
    assert_eq!(whole.len(), 11_000);
}

#[tokio::test]
async fn a_page_that_is_just_full_has_no_token() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    log_many(&alice, &run, 10).await;
    let url = format!("metrics/get-history?run_id={}&metric_key=m&max_results=", run.id);
    assert!(alice.get(&format!("{url}10")).await.ok().get("next_page_token").is_none());
    assert!(alice.get(&format!("{url}9")).await.ok().get("next_page_token").is_some());
    assert_eq!(
        alice.get(&format!("{url}0")).await.to_string(),
        "400 INVALID_PARAMETER_VALUE: Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer."
    );
    let unknown = alice.get("metrics/get-history?run_id=0123456789abcdef0123456789abcdef&metric_key=m").await;
    assert_eq!(unknown.ok(), json!({}));
    assert_eq!(alice.get("metrics/get-history?run_id=nope&metric_key=m").await.ok(), json!({}));
}

#[tokio::test]
async fn bulk_intervals_are_sampled_and_keep_both_ends() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let (one, two) = (alice.create_run().await, alice.create_run().await);
    log_many(&alice, &one, 1000).await;
    log_many(&alice, &two, 5).await;
    let base = "metrics/get-history-bulk-interval?metric_key=m";
    let ids = format!("run_ids={}&run_ids={}&run_ids=unknown", one.id, two.id);
    let answer = alice.get(&format!("{base}&{ids}&max_results=10")).await.ok();
    let points = answer["metrics"].as_array().unwrap();
    let of = |run: &TestRun| {
        let own = points.iter().filter(|point| point["run_id"] == json!(run.id));
        own.map(|point| point["step"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(of(&one).len(), 10);
    assert_eq!((of(&one)[0], of(&one)[9]), (0, 999));
    assert_eq!(of(&two), [0, 1, 2, 3, 4]);
    let answer = alice.get(&format!("{base}&{ids}&start_step=3&end_step=6")).await.ok();
    assert_eq!(answer["metrics"].as_array().unwrap().len(), 4 + 2);
    for (query, message) in [
        ("", "GetMetricHistoryBulkInterval request must specify at least one run_id."),
        (
            "&run_ids=a&start_step=3",
            "If either start step or end step are specified, both must be specified.",
        ),
        (
            "&run_ids=a&start_step=5&end_step=1",
            "end_step must be greater than start_step. Found start_step=5 and end_step=1.",
        ),
        ("&run_ids=a&max_results=2501", "max_results must be between 1 and 2500."),
    ] {
        let refused = alice.get(&format!("{base}{query}")).await;
        assert!(refused.to_string().contains(message), "{refused}");
    }
    let bulk = alice
        .get(&format!(
            "metrics/get-history-bulk?metric_key=m&run_id={}&run_id={}&max_results=1003",
            one.id, two.id
        ))
        .await;
    assert_eq!(bulk.ok()["metrics"].as_array().unwrap().len(), 1003);
}

#[tokio::test]
async fn a_metric_of_a_model_that_is_not_there_is_refused() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let body = json!({ "run_id": run.id, "key": "m", "value": 1.0, "timestamp": 1, "model_id": "m-1" });
    let refused = alice.post("runs/log-metric", body).await;
    assert!(refused.to_string().contains("Invalid value \"m-1\" for parameter 'model_id'"), "{refused}");
}

#[tokio::test]
async fn a_damaged_batch_holds_nothing_else_up() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run_in("0", json!({ "run_name": "a" })).await;
    server
        .store
        .write(|tx| {
            tx.execute(
                "INSERT INTO metric_inbox (experiment_id, run_id, points, body) SELECT experiment_id, id, 1, ?1 FROM runs",
                &[&b"junk".to_vec()],
            )
        })
        .await
        .unwrap();
    alice.log_metric(&run, "m", json!(1.0), 0, 1).await.ok();
    let body = json!({ "experiment_ids": ["0"], "filter": "metrics.m = 1" });
    assert_eq!(alice.search_names(body).await, ["a"]);
    let aside =
        server.store.read(|tx| tx.get("SELECT COUNT(*) FROM metric_damaged", &[], |row| row.int(0))).await;
    assert_eq!(aside.unwrap(), 1);
}
