//! The table of an experiment's runs.

use serde_json::{Value, json};
use weir_testing::{Client, TestServer};

use super::{log, message, post};

async fn table(client: &Client, body: Value) -> Value {
    post(client, "experiments/0/table", body).await.ok()
}

/// Three runs whose losses fall, are NaN, and are absent.
async fn three(client: &Client) -> [String; 3] {
    let losses = [json!(3.0), json!(1.0), json!(2.0)];
    let a = log(client, "0", "a", &[("lr", "0.1"), ("opt", "adam")], &[("loss", &losses)]).await;
    let b =
        log(client, "0", "b", &[("lr", "0.2")], &[("loss", &[json!("NaN")]), ("acc", &[json!("Infinity")])])
            .await;
    let c = log(client, "0", "c", &[("opt", "sgd")], &[]).await;
    client.set_tag(&c, "team", "blue").await.ok();
    [a.id, b.id, c.id]
}

#[tokio::test]
async fn the_columns_asked_for_come_and_no_others() {
    let server = TestServer::start().await;
    let root = server.root();
    let [a, b, c] = three(&root).await;
    let body = json!({
        "columns": {
            "attributes": ["name", "status", "started_at", "ended_at"],
            "metrics": [
                { "key": "loss", "values": ["last", "min", "max", "first", "count"] },
                { "key": "acc" }, { "key": "never" },
            ],
            "params": ["opt", "never"],
            "tags": ["team"],
        },
        "order_by": ["params.lr"],
    });
    let expected = json!({
        "rows": 3, "total": 3, "next_page_token": null,
        "run_ids": [a, b, c], "iids": [1, 2, 3],
        "attributes": {
            "name": ["a", "b", "c"],
            "status": ["RUNNING", "RUNNING", "RUNNING"],
            "started_at": ["1970-01-01T00:00:01.000Z", "1970-01-01T00:00:01.000Z", "1970-01-01T00:00:01.000Z"],
            "ended_at": [null, null, null],
        },
        "metrics": [
            {
                "key": "loss", "last": [2.0, "NaN", null], "min": [1.0, null, null], "max": [3.0, null, null],
                "first": [3.0, "NaN", null], "count": [3, 1, null],
            },
            { "key": "acc", "last": [null, "Infinity", null] },
            { "key": "never", "last": [null, null, null] },
        ],
        "params": [
            { "key": "opt", "values": ["adam", null, "sgd"] },
            { "key": "never", "values": [null, null, null] },
        ],
        "tags": [{ "key": "team", "values": [null, null, "blue"] }],
    });
    assert_eq!(table(&root, body.clone()).await, expected);
    let by_metric = json!({ "order_by": ["metrics.loss"] });
    table(&root, by_metric).await;
    assert_eq!(table(&root, body).await, expected, "the same when the metrics are folded");

    let plain = table(&root, json!({})).await;
    assert_eq!(plain["attributes"], json!({}));
    assert_eq!((&plain["metrics"], &plain["params"], &plain["tags"]), (&json!([]), &json!([]), &json!([])));
}

#[tokio::test]
async fn runs_are_ordered_by_the_extremes_of_a_metric() {
    let server = TestServer::start().await;
    let root = server.root();
    let [a, b, c] = three(&root).await;
    let low = [json!(0.5), json!(9.0), json!(5.0)];
    let d = log(&root, "0", "d", &[], &[("loss", &low)]).await.id;
    for (order, ids) in [
        ("metrics.loss", [&a, &d, &b, &c]),
        ("metrics_min.loss", [&d, &a, &b, &c]),
        ("metrics_min.loss DESC", [&a, &d, &b, &c]),
        ("metrics_max.loss", [&a, &d, &b, &c]),
        ("metrics_max.loss DESC", [&d, &a, &b, &c]),
    ] {
        let (mut paged, mut token) = (Vec::new(), Value::Null);
        loop {
            let body = json!({ "order_by": [order], "max_results": 1, "page_token": token });
            let page = table(&root, body).await;
            paged.extend(page["run_ids"].as_array().unwrap().iter().cloned());
            token = page["next_page_token"].clone();
            if token.is_null() {
                break;
            }
        }
        assert_eq!(json!(paged), json!(ids), "{order}");
    }
    // A better value moves the run, a worse one does not.
    for (value, first) in [(0.25, &a), (7.0, &a)] {
        let run = weir_testing::TestRun { id: a.clone(), artifact_uri: String::new() };
        root.log_metric(&run, "loss", json!(value), 9, 9000).await.ok();
        let page = table(&root, json!({ "order_by": ["metrics_min.loss"] })).await;
        assert_eq!(page["run_ids"][0], **first);
    }
}

#[tokio::test]
async fn filters_are_mlflows_and_their_errors_point_at_the_character() {
    let server = TestServer::start().await;
    let root = server.root();
    let [a, b, c] = three(&root).await;
    for (filter, ids, total) in [
        ("metrics.loss < 5 OR params.opt = 'sgd'", vec![&a, &c], 2),
        ("NOT params.lr = '0.1'", vec![&b, &c], 2),
        ("attributes.run_name LIKE '%b%'", vec![&b], 1),
        ("params.lr = 'none'", vec![], 0),
    ] {
        let page = table(&root, json!({ "filter": filter, "order_by": ["run_name"] })).await;
        assert_eq!(page["run_ids"], json!(ids), "{filter}");
        assert_eq!(page["total"], total, "{filter}");
    }
    let wrong = post(&root, "experiments/0/table", json!({ "filter": "metrics.loss < 'x'" })).await;
    assert!(wrong.status == 400 && message(&wrong).contains("character 16"), "{wrong}");
    let wrong = post(&root, "experiments/0/table", json!({ "order_by": ["metric_mean.loss"] })).await;
    assert!(wrong.status == 400 && message(&wrong).contains("metric_mean"), "{wrong}");
}

#[tokio::test]
async fn nested_runs_are_shown_below_their_parent() {
    let server = TestServer::start().await;
    let root = server.root();
    let parent = log(&root, "0", "parent", &[], &[]).await.id;
    let mut children = Vec::new();
    for name in ["one", "two", "gone"] {
        let child = log(&root, "0", name, &[("lr", "1")], &[]).await;
        root.set_tag(&child, "mlflow.parentRunId", &parent).await.ok();
        children.push(child.id);
    }
    root.post("runs/delete", json!({ "run_id": children[2] })).await.ok();
    let columns = json!({ "attributes": ["parent", "children"] });
    let top = table(&root, json!({ "parent": "top", "columns": columns })).await;
    assert_eq!((&top["run_ids"], &top["total"]), (&json!([parent]), &json!(1)));
    assert_eq!(top["attributes"], json!({ "parent": [null], "children": [2] }));
    let below = json!({ "parent": parent, "columns": columns, "order_by": ["run_name"], "filter": "params.lr = '1'" });
    let below = table(&root, below).await;
    assert_eq!(below["run_ids"], json!([children[0], children[1]]));
    assert_eq!(below["attributes"], json!({ "parent": [parent, parent], "children": [0, 0] }));
    let gone = table(&root, json!({ "parent": parent, "lifecycle": "deleted" })).await;
    assert_eq!(gone["run_ids"], json!([children[2]]));
    let all = table(&root, json!({ "lifecycle": "all", "max_results": 0 })).await;
    assert_eq!((&all["total"], &all["rows"], &all["next_page_token"]), (&json!(4), &json!(0), &Value::Null));
    let empty = table(&root, json!({ "parent": children[0], "columns": columns })).await;
    assert_eq!(empty["attributes"], json!({ "parent": [], "children": [] }));
}

#[tokio::test]
async fn long_texts_are_cut_and_it_is_told() {
    let server = TestServer::start().await;
    let root = server.root();
    let long = "é".repeat(300);
    log(&root, "0", "a", &[("p", &long), ("q", "short")], &[]).await;
    let body = json!({ "columns": { "params": ["p", "q"] } });
    let page = table(&root, body).await;
    assert_eq!(page["params"][0], json!({ "key": "p", "values": ["é".repeat(250)], "cut": [0] }));
    assert_eq!(page["params"][1], json!({ "key": "q", "values": ["short"] }));
    let whole = table(&root, json!({ "columns": { "params": ["p"], "text_limit": 300 } })).await;
    assert_eq!(whole["params"][0], json!({ "key": "p", "values": [long] }));
}

#[tokio::test]
async fn the_total_is_told_where_it_is_asked_for() {
    let server = TestServer::start().await;
    let root = server.root();
    three(&root).await;
    let first = table(&root, json!({ "max_results": 2 })).await;
    assert_eq!((&first["total"], &first["rows"]), (&json!(3), &json!(2)));
    let token = &first["next_page_token"];
    let second = table(&root, json!({ "max_results": 2, "page_token": token })).await;
    assert_eq!((&second["total"], &second["rows"]), (&Value::Null, &json!(1)));
    let body = json!({ "max_results": 2, "page_token": token, "count": "exact" });
    assert_eq!(table(&root, body).await["total"], 3);
    assert_eq!(table(&root, json!({ "count": "none" })).await["total"], Value::Null);
    let foreign = json!({ "max_results": 2, "page_token": token, "parent": "top" });
    let foreign = post(&root, "experiments/0/table", foreign).await;
    assert!(message(&foreign).contains("does not belong to this search"), "{foreign}");
}

#[tokio::test]
async fn what_cannot_be_read_is_told() {
    let server = TestServer::start().await;
    let root = server.root();
    for (body, part) in [
        (json!({ "colums": {} }), "unknown field `colums`"),
        (json!({ "filter": "a\u{0}" }), "NUL"),
        (json!({ "parent": "x" }), "parent is 'x', write top or the id of a run"),
        (json!({ "count": "all" }), "count is 'all', write cheap, exact or none"),
        (json!({ "lifecycle": "x" }), "lifecycle is 'x', write active, deleted or all"),
        (json!({ "max_results": 1001 }), "max_results is 1001, write a number from 0 to 1000"),
        (json!({ "columns": { "params": ["a", "b", "a"] } }), "columns.params names 'a' twice"),
        (json!({ "columns": { "attributes": ["nme"] } }), "unknown variant `nme`"),
        (json!({ "columns": { "text_limit": 0 } }), "columns.text_limit is 0, write a number from 1 to 4000"),
        (
            json!({ "max_results": 1000, "columns": { "text_limit": 4000, "params": (0..20).map(|i| i.to_string()).collect::<Vec<_>>() } }),
            "more than one answer holds",
        ),
    ] {
        let answer = post(&root, "experiments/0/table", body).await;
        assert!(answer.status == 400 && message(&answer).contains(part), "{answer}");
    }
    assert_eq!(post(&root, "experiments/7/table", json!({})).await.status, 404);
    assert_eq!(post(&root, "experiments/x/table", json!({})).await.status, 400);
}

/// The ids of all pages, and the totals that they told.
async fn walk(client: &Client, body: &Value, count: &str) -> (Vec<String>, Vec<Value>) {
    let (mut ids, mut totals, mut token) = (Vec::new(), Vec::new(), Value::Null);
    loop {
        let mut body = body.clone();
        body["count"] = json!(count);
        body["page_token"] = token;
        let page = table(client, body).await;
        ids.extend(page["run_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()));
        totals.push(page["total"].clone());
        token = page["next_page_token"].clone();
        if token.is_null() {
            return (ids, totals);
        }
    }
}

#[tokio::test]
async fn a_page_is_the_same_whether_its_matches_are_counted_or_not() {
    let server = TestServer::start().await;
    let root = server.root();
    let mut expected = Vec::new();
    for number in 0..12 {
        let loss = [json!(number * 7 % 12)];
        let metrics: &[(&str, &[Value])] = if number == 6 { &[] } else { &[("loss", &loss)] };
        let opt = if number % 2 == 0 { "adam" } else { "sgd" };
        let run = log(&root, "0", "r", &[("opt", opt), ("lr", "1")], metrics).await;
        if number == 2 {
            root.post("runs/delete", json!({ "run_id": run.id })).await.ok();
        } else if number % 2 == 0 {
            expected.push((number == 6, number * 7 % 12, run.id));
        }
    }
    // The run without a loss comes last.
    expected.sort();
    let expected: Vec<String> = expected.into_iter().map(|(_, _, id)| id).collect();
    let filter = "params.opt = 'adam' AND params.lr = '1'";
    let body = json!({ "filter": filter, "order_by": ["metrics.loss ASC"], "max_results": 2 });
    for (count, totals) in
        [("exact", json!([5, 5, 5])), ("cheap", json!([5, null, null])), ("none", json!([null, null, null]))]
    {
        assert_eq!(walk(&root, &body, count).await, (expected.clone(), totals.as_array().unwrap().clone()));
    }
    let none = json!({ "filter": "params.opt = 'adam' AND params.lr = '2'", "max_results": 2 });
    assert_eq!(walk(&root, &none, "exact").await, (Vec::new(), vec![json!(0)]));
}
