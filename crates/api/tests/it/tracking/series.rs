//! Sampled histories.

use serde_json::{Value, json};
use weir_domain::access::Visibility;
use weir_testing::{Client, TestServer};

use super::{log, message, post};

/// The answer as a page reads it.
struct Body {
    header: Value,
    data: Vec<u8>,
}

impl Body {
    async fn ask(client: &Client, body: Value) -> Self {
        let answer = post(client, "series", body).await;
        assert_eq!(answer.status, 200, "{answer}");
        assert_eq!(answer.header("content-type"), Some("application/vnd.weir.series"));
        let bytes = answer.bytes;
        assert_eq!(&bytes[..4], b"WSR1");
        let length = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
        assert_eq!(length % 8, 0);
        let header = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
        Self { header, data: bytes[8 + length..].to_vec() }
    }

    fn numbers(&self, kind: &str, offset: usize, length: usize) -> Vec<f64> {
        assert_eq!(offset % 8 % if kind == "f64" { 8 } else { 4 }, 0);
        let rest = &self.data[offset..];
        match kind {
            "f64" => rest.as_chunks().0[..length].iter().map(|raw| f64::from_le_bytes(*raw)).collect(),
            "f32" => rest.as_chunks().0[..length].iter().map(|raw| f32::from_le_bytes(*raw).into()).collect(),
            _ => rest.as_chunks().0[..length].iter().map(|raw| u32::from_le_bytes(*raw).into()).collect(),
        }
    }

    fn number(info: &Value, name: &str) -> usize {
        info[name].as_f64().unwrap() as usize
    }

    fn x(&self, series: usize) -> Vec<f64> {
        let info = &self.header["series"][series];
        let x = &self.header["xs"][Self::number(info, "x")];
        let places =
            self.numbers(x["type"].as_str().unwrap(), Self::number(x, "offset"), Self::number(x, "length"));
        let (start, width) = (info["start"].as_f64().unwrap(), info["width"].as_f64().unwrap());
        if width == 0.0 { places } else { places.iter().map(|place| start + place * width).collect() }
    }

    /// One array behind the other: the values, or the fields of the buckets.
    fn values(&self, series: usize) -> Vec<Vec<f64>> {
        let info = &self.header["series"][series];
        let (bytes, length) = (Self::number(info, "bytes"), Self::number(info, "length"));
        let arrays = if info["width"] == 0.0 { 1 } else { self.header["fields"].as_array().unwrap().len() };
        let kind = if bytes == 4 { "f32" } else { "f64" };
        let offset = Self::number(info, "offset");
        (0..arrays).map(|array| self.numbers(kind, offset + array * length * bytes, length)).collect()
    }
}

#[tokio::test]
async fn few_points_come_exactly() {
    let server = TestServer::start().await;
    let root = server.root();
    let values = [json!(0.1), json!("NaN"), json!("-Infinity"), json!(1e300)];
    let a = log(&root, "0", "a", &[], &[("loss", &values), ("acc", &[json!(1)])]).await;
    let b = log(&root, "0", "b", &[], &[("loss", &[json!(5)])]).await;
    root.log_metric(&b, "loss", json!(5.5), 7, 2000).await.ok();

    let body = Body::ask(&root, json!({ "runs": [b.id, a.id], "metrics": ["never", "loss", "acc"] })).await;
    assert_eq!(body.header["runs"], json!([b.id, a.id]));
    let told: Vec<Value> = body.header["series"]
        .as_array()
        .unwrap()
        .iter()
        .map(|series| json!([series["run"], series["metric"], series["points"], series["width"]]))
        .collect();
    assert_eq!(told, [json!([0, 1, 2, 0.0]), json!([1, 1, 4, 0.0]), json!([1, 2, 1, 0.0])]);
    assert_eq!((body.x(0), body.values(0)), (vec![0.0, 7.0], vec![vec![5.0, 5.5]]));
    let loss = &body.values(1)[0];
    assert!(loss[0] == 0.1 && loss[1].is_nan() && loss[2] == f64::NEG_INFINITY && loss[3] == 1e300);

    let ask = |x: &str, from: Option<i64>, to: Option<i64>| json!({ "runs": [b.id], "metrics": ["loss"], "x": x, "from": from, "to": to });
    assert_eq!(Body::ask(&root, ask("time", None, None)).await.x(0), [1000.0, 2000.0]);
    assert_eq!(Body::ask(&root, ask("relative", None, None)).await.x(0), [0.0, 1000.0]);
    assert_eq!(Body::ask(&root, ask("relative", Some(1), None)).await.x(0), [1000.0]);
    assert_eq!(Body::ask(&root, ask("step", None, Some(6))).await.x(0), [0.0]);
    assert_eq!(Body::ask(&root, ask("step", Some(1), Some(6))).await.header["series"], json!([]));
}

#[tokio::test]
async fn many_points_come_as_buckets_that_hide_no_peak() {
    let server = TestServer::start().await;
    let root = server.root();
    let mut ids = Vec::new();
    for run in 0..2 {
        let made = log(&root, "0", "r", &[], &[]).await;
        for batch in 0..6 {
            let point = |at: i64| {
                let value = match at {
                    777 => json!(1000.0),
                    778 => json!("NaN"),
                    at => json!(at as f64 / 100.0 + f64::from(run)),
                };
                json!({ "key": "loss", "value": value, "step": at, "timestamp": 1000 + at * 5 })
            };
            let points: Vec<Value> = (batch * 1000..(batch + 1) * 1000).map(point).collect();
            root.post("runs/log-batch", json!({ "run_id": made.id, "metrics": points })).await.ok();
        }
        ids.push(made.id);
    }
    for folded in [false, true] {
        if folded {
            let search = json!({ "experiment_ids": ["0"], "order_by": ["metrics.loss"] });
            root.post("runs/search", search).await.ok();
        }
        let body = Body::ask(&root, json!({ "runs": ids, "metrics": ["loss"], "points": 100 })).await;
        let info = &body.header["series"][0];
        assert_eq!(
            (&info["points"], &info["width"], &info["length"]),
            (&json!(6000), &json!(64.0), &json!(94))
        );
        assert_eq!((&info["bytes"], &info["nan"]), (&json!(4), &json!([12])));
        assert_eq!(body.header["xs"].as_array().unwrap().len(), 1, "the two share their steps");
        let (x, values) = (body.x(1), body.values(1));
        assert_eq!((x[0], x[1], x[93]), (0.0, 64.0, 5952.0));
        assert_eq!(body.header["fields"], json!(["min", "max", "mean", "last"]));
        assert_eq!(values[1][12], 1000.0, "the peak is there");
        let near = |a: f64, b: f64| (a - b).abs() < 1e-4;
        assert!(
            near(values[0][0], 1.0) && near(values[3][0], 1.63) && near(values[2][0], 1.315),
            "{values:?}"
        );

        let narrow = json!({ "runs": ids, "metrics": ["loss"], "points": 100, "from": 700, "to": 799 });
        let narrow = Body::ask(&root, narrow).await;
        assert_eq!((narrow.x(0)[77], narrow.values(0)[0][77]), (777.0, 1000.0), "exact when it fits");
        let times = json!({
            "runs": ids, "metrics": ["loss"], "points": 1000, "x": "time", "from": 26_000, "to": 26_020, "fields": ["max"],
        });
        assert_eq!(Body::ask(&root, times).await.x(1), [26_000.0, 26_005.0, 26_010.0, 26_015.0, 26_020.0]);
        let one = json!({ "runs": ids, "metrics": ["loss"], "points": 100, "fields": ["max"] });
        let one = Body::ask(&root, one).await;
        assert_eq!((&one.header["fields"], one.values(0).len()), (&json!(["max"]), 1));
    }
}

#[tokio::test]
async fn wrong_wishes_and_foreign_runs_are_told() {
    let server = TestServer::start().await;
    let root = server.root();
    let run = log(&root, "0", "a", &[], &[("loss", &[json!(1)])]).await;
    let id = server.project("root/other", Visibility::Private).await;
    let other = Client::new(&server.address, &id.to_string(), root.token.clone());
    let ask = json!({ "runs": [run.id], "metrics": ["loss"] });
    assert_eq!(post(&other, "series", ask).await.status, 404);
    for (body, part) in [
        (json!({ "runs": [], "metrics": [], "x": "wall" }), "x is 'wall', write step, time or relative"),
        (json!({ "runs": [run.id, run.id], "metrics": [] }), "twice"),
        (
            json!({ "runs": [], "metrics": [], "fields": ["mode"] }),
            "fields has 'mode', write min, max, mean or last",
        ),
        (json!({ "runs": [], "metrics": [], "points": 1 }), "points is 1, write a number from 2 to 10000"),
        (json!({ "runs": [] }), "missing field `metrics`"),
        (
            json!({ "runs": (0..101).map(|i| i.to_string()).collect::<Vec<_>>(), "metrics": ["a"], "points": 10_000 }),
            "101 runs x 1 metrics x 10000 points are 1010000, at most 1000000 are answered",
        ),
    ] {
        let answer = post(&root, "series", body).await;
        assert!(answer.status == 400 && message(&answer).contains(part), "{answer}");
    }
    let empty = Body::ask(&root, json!({ "runs": [], "metrics": ["loss"] })).await;
    assert_eq!(empty.header["series"], json!([]));
}
