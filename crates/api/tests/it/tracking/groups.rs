//! Runs by the value of a param or tag.

use serde_json::{Value, json};
use weir_testing::{Client, TestServer};

use super::{log, message, post};

async fn groups(client: &Client, body: Value) -> Value {
    post(client, "experiments/0/groups", body).await.ok()
}

#[tokio::test]
async fn groups_have_mean_range_and_spread() {
    let server = TestServer::start().await;
    let root = server.root();
    for (name, layers, loss) in [
        ("a", Some("2"), json!(1.0)),
        ("b", Some("2"), json!(3.0)),
        ("c", Some("2"), json!("NaN")),
        ("d", Some("10"), json!("Infinity")),
        ("e", None, json!(4.0)),
    ] {
        let params: Vec<(&str, &str)> = layers.map(|layers| ("layers", layers)).into_iter().collect();
        log(&root, "0", name, &params, &[("loss", &[json!(9.0), loss])]).await;
    }
    log(&root, "0", "f", &[("layers", "10")], &[]).await;
    let all = groups(&root, json!({ "param": "layers", "metrics": ["loss", "never"] })).await;
    assert_eq!(
        all,
        json!({
            "values": ["2", "10", null], "runs": [3, 2, 1], "total": 3,
            "metrics": [
                {
                    "key": "loss", "count": [2, 1, 1], "mean": [2.0, "Infinity", 4.0],
                    "min": [1.0, "Infinity", 4.0], "max": [3.0, "Infinity", 4.0],
                    "std_dev": [2.0_f64.sqrt(), null, null],
                },
                {
                    "key": "never", "count": [0, 0, 0], "mean": [null, null, null], "min": [null, null, null],
                    "max": [null, null, null], "std_dev": [null, null, null],
                },
            ],
        })
    );
    for (by, descending, values) in [
        ("runs", true, json!(["2", "10", null])),
        ("mean", true, json!(["10", null, "2"])),
        ("min", false, json!(["2", null, "10"])),
        ("value", true, json!(["10", "2", null])),
        ("std_dev", false, json!(["2", "10", null])),
    ] {
        let order = json!({ "by": by, "metric": "loss", "descending": descending });
        let body = json!({ "param": "layers", "metrics": ["loss"], "order_by": order });
        assert_eq!(groups(&root, body).await["values"], values, "{by}");
    }
    let body = json!({ "param": "layers", "filter": "metrics.loss < 5", "max_results": 1 });
    let few = groups(&root, body).await;
    assert_eq!((&few["values"], &few["runs"], &few["total"]), (&json!(["2"]), &json!([2]), &json!(2)));
}

#[tokio::test]
async fn tags_group_too_and_wrong_wishes_are_told() {
    let server = TestServer::start().await;
    let root = server.root();
    for team in ["red", "blue", "red"] {
        let run = log(&root, "0", team, &[], &[]).await;
        root.set_tag(&run, "team", team).await.ok();
    }
    let all = groups(&root, json!({ "tag": "team" })).await;
    assert_eq!((&all["values"], &all["runs"]), (&json!(["blue", "red"]), &json!([1, 2])));
    for (body, part) in [
        (json!({}), "write either param or tag"),
        (json!({ "param": "a", "tag": "b" }), "write either param or tag"),
        (json!({ "param": "a", "order_by": { "by": "mean" } }), "order_by.metric is missing"),
        (
            json!({ "param": "a", "order_by": { "by": "mean", "metric": "x" } }),
            "order_by.metric is 'x', which is not among metrics",
        ),
        (
            json!({ "param": "a", "metrics": (0..21).map(|i| i.to_string()).collect::<Vec<_>>() }),
            "at most 20",
        ),
    ] {
        let answer = post(&root, "experiments/0/groups", body).await;
        assert!(answer.status == 400 && message(&answer).contains(part), "{answer}");
    }
}
