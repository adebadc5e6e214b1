//! Counts and times of requests, as Prometheus text.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use parking_lot::Mutex;

/// Upper bounds of the latency buckets, in seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

#[derive(Default)]
pub struct Telemetry {
    series: Mutex<BTreeMap<Labels, Series>>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Labels {
    /// The route's pattern, never an address: a client must not be able to make new series.
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Default)]
struct Series {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

impl Telemetry {
    pub(crate) fn count(&self, method: &Method, route: &str, status: StatusCode, elapsed: Duration) {
        let labels = Labels { route: route.to_owned(), method: name(method), status: status.as_u16() };
        let seconds = elapsed.as_secs_f64();
        let mut all = self.series.lock();
        let series = all.entry(labels).or_default();
        series.count += 1;
        series.seconds += seconds;
        for (bucket, bound) in series.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(seconds <= bound);
        }
    }

    /// The exposition format 0.0.4.
    pub fn text(&self) -> String {
        let mut text = String::from(
            "# HELP weir_http_request_seconds Time from a request's head to its answer's head.\n# TYPE weir_http_request_seconds histogram\n",
        );
        for (labels, series) in &*self.series.lock() {
            let Labels { route, method, status } = labels;
            let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
            for (count, bound) in series.buckets.iter().zip(BUCKETS) {
                let _ = writeln!(text, "weir_http_request_seconds_bucket{{{labels},le=\"{bound}\"}} {count}");
            }
            let _ =
                writeln!(text, "weir_http_request_seconds_bucket{{{labels},le=\"+Inf\"}} {}", series.count);
            let _ = writeln!(text, "weir_http_request_seconds_sum{{{labels}}} {}", series.seconds);
            let _ = writeln!(text, "weir_http_request_seconds_count{{{labels}}} {}", series.count);
        }
        let _ = writeln!(
            text,
            "# HELP weir_build_info The running version.\n# TYPE weir_build_info gauge\nweir_build_info{{version=\"{}\"}} 1",
            env!("CARGO_PKG_VERSION")
        );
        text
    }
}

/// Methods as labels; whatever else a client invents is one series.
fn name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
