//! Request bodies, written by hand: serializing them must not take processor time from the server under test.

use std::io::Write;

/// When the made-up runs of a benchmark begin: 2025-10-09, in milliseconds.
pub const EPOCH_MS: u64 = 1_760_000_000_000;

/// Numbers that look random and are the same in every run (splitmix64).
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number from 0 up to 1, with all its digits, as a loss has them.
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The body of `runs/log-metric` as MLflow's Python client sends it, with both names of the run.
pub fn log_metric(body: &mut Vec<u8>, run_id: &str, value: f64, step: u64) {
    body.clear();
    push(body, &[r#"{"run_uuid":""#, run_id, r#"","run_id":""#, run_id, r#"","#]);
    push_point(body, "loss", value, step);
    body.push(b'}');
}

/// The body of `runs/log-batch` with `keys` x `steps` points, the first one at `first_step`.
pub fn log_points(
    body: &mut Vec<u8>,
    run_id: &str,
    keys: &[String],
    steps: u64,
    first_step: u64,
    numbers: &mut Numbers,
) {
    body.clear();
    push(body, &[r#"{"run_id":""#, run_id, r#"","metrics":["#]);
    for step in first_step..first_step + steps {
        for key in keys {
            body.push(b'{');
            push_point(body, key, numbers.unit(), step);
            body.extend_from_slice(b"},");
        }
    }
    close_list(body);
    body.extend_from_slice(br#","params":[],"tags":[]}"#);
}

/// The body of `runs/log-batch` with metrics at step 0 and params.
pub fn log_metrics_and_params(
    body: &mut Vec<u8>,
    run_id: &str,
    metrics: &[(&str, f64)],
    params: &[(&str, String)],
) {
    body.clear();
    push(body, &[r#"{"run_id":""#, run_id, r#"","metrics":["#]);
    for (key, value) in metrics {
        body.push(b'{');
        push_point(body, key, *value, 0);
        body.extend_from_slice(b"},");
    }
    close_list(body);
    body.extend_from_slice(br#","params":["#);
    for (key, value) in params {
        push(body, &[r#"{"key":""#, key, r#"","value":""#, value, r#""},"#]);
    }
    close_list(body);
    body.extend_from_slice(br#","tags":[]}"#);
}

/// The body of `runs/create`, with the tags that MLflow's client sets.
pub fn create_run(body: &mut Vec<u8>, experiment_id: &str, name: &str, start_time_ms: u64) {
    body.clear();
    push(body, &[r#"{"experiment_id":""#, experiment_id, r#"","user_id":"bench","run_name":""#, name]);
    push(body, &[r#"","start_time":"#, itoa::Buffer::new().format(start_time_ms)]);
    push(body, &[r#","tags":[{"key":"mlflow.user","value":"bench"},"#]);
    push(body, &[r#"{"key":"mlflow.source.name","value":"train.py"},"#]);
    push(body, &[r#"{"key":"mlflow.source.type","value":"LOCAL"},"#]);
    push(body, &[r#"{"key":"mlflow.runName","value":""#, name, r#""}]}"#]);
}

/// The body of `runs/update` that ends a run.
pub fn finish_run(body: &mut Vec<u8>, run_id: &str, end_time_ms: u64) {
    body.clear();
    push(
        body,
        &[r#"{"run_uuid":""#, run_id, r#"","run_id":""#, run_id, r#"","status":"FINISHED","end_time":"#],
    );
    push(body, &[itoa::Buffer::new().format(end_time_ms), "}"]);
}

/// `count` metric keys such as `train/metric_007`.
pub fn metric_keys(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("train/metric_{i:03}")).collect()
}

/// The fields of one point, without its braces.
fn push_point(body: &mut Vec<u8>, key: &str, value: f64, step: u64) {
    push(body, &[r#""key":""#, key, r#"","value":"#, ryu::Buffer::new().format(value)]);
    push(body, &[r#","timestamp":"#, itoa::Buffer::new().format(EPOCH_MS + step)]);
    push(body, &[r#","step":"#, itoa::Buffer::new().format(step)]);
}

/// Takes back the comma after the last element and ends the list.
fn close_list(body: &mut Vec<u8>) {
    if body.last() == Some(&b',') {
        body.pop();
    }
    body.push(b']');
}

fn push(body: &mut Vec<u8>, parts: &[&str]) {
    for part in parts {
        body.extend_from_slice(part.as_bytes());
    }
}

/// A route with its query, the values escaped.
pub fn route(path: &str, query: &[(&str, &str)]) -> String {
    let mut route = path.to_owned();
    for (i, (name, value)) in query.iter().enumerate() {
        route.push(if i == 0 { '?' } else { '&' });
        route.push_str(name);
        route.push('=');
        route.extend(percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC));
    }
    route
}

/// The `next_page_token` of an answer, found without parsing the megabytes before it.
pub fn next_page_token(answer: &[u8]) -> crate::Result<Option<String>> {
    const NAME: &[u8] = br#""next_page_token""#;
    let Some(at) = memchr::memmem::rfind(answer, NAME) else {
        return Ok(None);
    };
    let rest = answer[at + NAME.len()..].trim_ascii_start();
    let rest = rest.strip_prefix(b":").ok_or("a page token without a colon")?;
    let token = serde_json::Deserializer::from_slice(rest).into_iter::<String>().next();
    let token = token.ok_or("a page token without a value")??;
    Ok((!token.is_empty()).then_some(token))
}

/// How often `needle` stands in an answer.
pub fn count(answer: &[u8], needle: &str) -> usize {
    memchr::memmem::find_iter(answer, needle.as_bytes()).count()
}

/// The body of `runs/search` in one experiment.
pub fn search(
    body: &mut Vec<u8>,
    filter: &str,
    order_by: &[&str],
    max_results: u32,
    page_token: Option<&str>,
) -> crate::Result<()> {
    let mut request = serde_json::json!({
        "experiment_ids": ["0"],
        "filter": filter,
        "run_view_type": "ACTIVE_ONLY",
        "max_results": max_results,
        "order_by": order_by,
    });
    if let Some(token) = page_token {
        request["page_token"] = token.into();
    }
    body.clear();
    write!(body, "{request}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parsed(body: &[u8]) -> Value {
        serde_json::from_slice(body).unwrap()
    }

    #[test]
    fn bodies_are_json_with_the_wire_names() {
        let mut body = Vec::new();
        log_metric(&mut body, "abc", 0.5, 3);
        let expected = json!({"run_uuid": "abc", "run_id": "abc", "key": "loss", "value": 0.5,
            "timestamp": EPOCH_MS + 3, "step": 3});
        assert_eq!(parsed(&body), expected);

        create_run(&mut body, "0", "run-1", 5);
        assert_eq!(parsed(&body)["start_time"], 5);
        assert_eq!(parsed(&body)["tags"][3], json!({"key": "mlflow.runName", "value": "run-1"}));

        finish_run(&mut body, "abc", 9);
        assert_eq!(parsed(&body)["status"], "FINISHED");
    }

    #[test]
    fn a_batch_has_every_point_once() {
        let mut body = Vec::new();
        log_points(&mut body, "abc", &metric_keys(10), 100, 200, &mut Numbers::new(1));
        let batch = parsed(&body);
        let metrics = batch["metrics"].as_array().unwrap();
        assert_eq!(metrics.len(), 1000);
        let points: std::collections::HashSet<String> =
            metrics.iter().map(|metric| format!("{} {}", metric["key"], metric["step"])).collect();
        assert_eq!(points.len(), 1000);
        assert_eq!(metrics[999]["step"], 299);
    }

    #[test]
    fn empty_lists_close() {
        let mut body = Vec::new();
        log_metrics_and_params(&mut body, "abc", &[], &[("p", "1".into())]);
        assert_eq!(parsed(&body)["metrics"], json!([]));
        assert_eq!(parsed(&body)["params"], json!([{"key": "p", "value": "1"}]));
    }

    #[test]
    fn numbers_repeat_with_their_seed_and_stay_in_range() {
        let (mut one, mut two) = (Numbers::new(7), Numbers::new(7));
        for _ in 0..1000 {
            let number = one.unit();
            assert!((0.0..1.0).contains(&number));
            assert_eq!(number, two.unit());
        }
    }

    #[test]
    fn a_page_token_is_found_wherever_it_stands() {
        let token = |answer: &str| next_page_token(answer.as_bytes()).unwrap();
        assert_eq!(token(r#"{"runs":[],"next_page_token":"eyJ4IjoxfQ=="}"#).as_deref(), Some("eyJ4IjoxfQ=="));
        assert_eq!(token("{\n  \"next_page_token\" : \"a\\/b\",\n  \"runs\": []\n}").as_deref(), Some("a/b"));
        assert_eq!(token(r#"{"next_page_token":""}"#), None);
        assert_eq!(token("{}"), None);
        assert!(next_page_token(br#"{"next_page_token":1}"#).is_err());
    }

    #[test]
    fn a_query_is_escaped() {
        assert_eq!(route("a/b", &[("key", "train/loss"), ("t", "a=+")]), "a/b?key=train%2Floss&t=a%3D%2B");
    }
}
