//! Metrics: one at a time, and their histories.

mod items;

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::StreamExt as _;
use serde::Deserialize;
use weir_domain::metric::Point;
use weir_domain::run::RunId;
use weir_domain::{Error, Result as DomainResult};
use weir_store::metrics::history;
use weir_store::runs;
use weir_store::search::{Position, SortValue};

use super::objects::{page_size, read_run_id};
use crate::app::App;
use crate::caller::Access;
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::reply::{EMPTY, Empty, Reply, json_response};
use crate::wire::{Double, Int, List, Text};

pub use self::items::{Encoded, MetricItem, read_all};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LogMetric {
    #[serde(alias = "runId")]
    run_id: Text,
    #[serde(alias = "runUuid")]
    run_uuid: Text,
    key: Text,
    value: Double,
    timestamp: Int,
    step: Int,
    #[serde(alias = "modelId")]
    model_id: Text,
    #[serde(alias = "datasetName")]
    dataset_name: Text,
    #[serde(alias = "datasetDigest")]
    dataset_digest: Text,
}

/// `POST runs/log-metric`
pub async fn log(
    State(app): State<App>,
    access: Access,
    Json(body): Json<LogMetric>,
) -> Result<Reply<Empty>> {
    let run_id = read_run_id(body.run_id, body.run_uuid)?;
    let LogMetric { key, value, timestamp, step, model_id, dataset_name, dataset_digest, .. } = body;
    let item = MetricItem { key, value, timestamp, step, model_id, dataset_name, dataset_digest };
    let metrics = Encoded::new(&app, vec![items::read(item, None)?]).await?;
    let (by, now) = (access.signature(), app.clock.now());

    app.store
        .write(move |tx| {
            let run = runs::open(tx, access.project_id, &run_id)?;
            metrics.log(tx, access.project_id, &run)?;
            by.leave(tx, run.id, now)
        })
        .await?;
    Ok(EMPTY)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct GetHistory {
    run_id: Text,
    run_uuid: Text,
    metric_key: Text,
    page_token: Text,
    max_results: Int,
}

/// Points that one read of the store brings; a longer history is read in several.
const READ_AT_ONCE: usize = 50_000;

/// `GET metrics/get-history`; unknown runs and keys answer `{}`.
pub async fn history(
    State(app): State<App>,
    access: Access,
    Query(query): Query<GetHistory>,
) -> Result<Response> {
    let run_id = read_run_id(query.run_id, query.run_uuid);
    let key = query.metric_key.filled("metric_key")?;
    let most = query.max_results.optional("max_results")?;
    if let Some(size) = most.filter(|size| *size <= 0) {
        return Err(Error::invalid(format!(
            "Invalid value {size} for parameter 'max_results' supplied. It must be a positive integer."
        ))
        .into());
    }
    let run_id = match run_id {
        Ok(run_id) => run_id,
        Err(Error::NotFound(_)) => return Ok(json_response(StatusCode::OK, b"{}".to_vec())),
        Err(error) => return Err(error.into()),
    };
    let search = format!("history\0{}\0{}\0{key}", access.project_id, run_id.as_str());
    let token = query.page_token.optional("page_token")?;
    let after =
        app.page_key.open(&search, token.as_deref())?.map(|position| read_position(&position)).transpose()?;
    let source = Source { app, project_id: access.project_id, run_id, key };
    match most {
        Some(most) => Ok(json_response(StatusCode::OK, page(&source, &search, after, most as usize).await?)),
        None => Ok(whole(source, after).await?),
    }
}

#[derive(Clone)]
struct Source {
    app: App,
    project_id: i64,
    run_id: RunId,
    key: String,
}

impl Source {
    async fn points(&self, after: Option<Point>, most: usize) -> DomainResult<Vec<Point>> {
        let names = self.app.store.key_names();
        let Self { project_id, run_id, key, .. } = self.clone();
        self.app
            .store
            .read(move |tx| {
                let Some(run) = runs::row(tx, project_id, &run_id)? else { return Ok(Vec::new()) };
                let Some(key_id) = names.id(tx, &key)? else { return Ok(Vec::new()) };
                history::page(tx, &run, key_id, after.as_ref(), most)
            })
            .await
    }
}

/// One page with the token of the next.
async fn page(source: &Source, search: &str, after: Option<Point>, most: usize) -> DomainResult<Vec<u8>> {
    let most = most.min(1_000_000);
    let mut points = source.points(after, most + 1).await?;
    let more = points.len() > most;
    points.truncate(most);
    let mut body = Vec::with_capacity(points.len() * 80 + 64);
    body.push(b'{');
    if let Some(last) = points.last().filter(|_| more) {
        let token = source.app.page_key.seal(search, &write_position(last))?;
        body.extend_from_slice(format!("\"next_page_token\":\"{token}\"").as_bytes());
        body.push(b',');
    }
    if points.is_empty() {
        return Ok(b"{}".to_vec());
    }
    body.extend_from_slice(b"\"metrics\":[");
    write_points(&mut body, &source.key, &points, None, true);
    body.extend_from_slice(b"]}");
    Ok(body)
}

/// The whole history, read and sent piece by piece, so that it may be of any length. The first piece is read before
/// anything is answered: what goes wrong then gets an error's answer.
async fn whole(source: Source, after: Option<Point>) -> DomainResult<Response> {
    let points = source.points(after, READ_AT_ONCE).await?;
    if points.is_empty() {
        return Ok(json_response(StatusCode::OK, b"{}".to_vec()));
    }
    let mut first = b"{\"metrics\":[".to_vec();
    let next = write_piece(&mut first, &source.key, &points, true);
    let Some(next) = next else { return Ok(json_response(StatusCode::OK, first)) };
    let rest = futures_util::stream::try_unfold((source, Some(next)), |(source, next)| async move {
        let Some(after) = next else { return Ok(None) };
        let points = source.points(Some(after), READ_AT_ONCE).await.map_err(|error| {
            tracing::error!(?error, "a history broke off");
            std::io::Error::other("the history could not be read to its end")
        })?;
        let mut body = Vec::with_capacity(points.len() * 80 + 16);
        let next = write_piece(&mut body, &source.key, &points, false);
        Ok::<_, std::io::Error>(Some((body, (source, next))))
    });
    let pieces = futures_util::stream::iter([Ok(first)]).chain(rest);
    let mut response = json_response(StatusCode::OK, Vec::new());
    *response.body_mut() = Body::from_stream(pieces);
    Ok(response)
}

/// Writes points, and the end of the answer when they are the last; else returns where to go on.
fn write_piece(body: &mut Vec<u8>, key: &str, points: &[Point], first: bool) -> Option<Point> {
    write_points(body, key, points, None, first);
    let next = points.last().copied().filter(|_| points.len() == READ_AT_ONCE);
    if next.is_none() {
        body.extend_from_slice(b"]}");
    }
    next
}

fn write_position(point: &Point) -> Position {
    // The bits, so that NaN comes back as it was.
    let bits = point.value.to_bits() as i64;
    Position(vec![SortValue::Int(point.timestamp), SortValue::Int(point.step), SortValue::Int(bits)])
}

fn read_position(position: &Position) -> DomainResult<Point> {
    match position.0.as_slice() {
        [SortValue::Int(timestamp), SortValue::Int(step), SortValue::Int(bits)] => {
            Ok(Point { timestamp: *timestamp, step: *step, value: f64::from_bits(*bits as u64) })
        }
        _ => Err(Error::invalid("Invalid page token: it does not belong to a metric history")),
    }
}

/// Points as JSON objects, by hand: histories are the longest answers there are.
fn write_points(body: &mut Vec<u8>, key: &str, points: &[Point], run_id: Option<&str>, first: bool) {
    let mut head = b"{\"key\":".to_vec();
    head.extend(serde_json::to_vec(key).unwrap_or_default());
    head.extend_from_slice(b",\"value\":");
    let mut tail = Vec::new();
    if let Some(run_id) = run_id {
        tail.extend_from_slice(format!(",\"run_id\":\"{run_id}\"").as_bytes());
    }
    tail.push(b'}');
    let (mut float, mut integer) = (ryu::Buffer::new(), itoa::Buffer::new());
    for (index, point) in points.iter().enumerate() {
        if !first || index > 0 {
            body.push(b',');
        }
        body.extend_from_slice(&head);
        match point.value {
            value if value.is_nan() => body.extend_from_slice(b"\"NaN\""),
            f64::INFINITY => body.extend_from_slice(b"\"Infinity\""),
            f64::NEG_INFINITY => body.extend_from_slice(b"\"-Infinity\""),
            value => body.extend_from_slice(float.format_finite(value).as_bytes()),
        }
        body.extend_from_slice(b",\"timestamp\":");
        body.extend_from_slice(integer.format(point.timestamp).as_bytes());
        body.extend_from_slice(b",\"step\":");
        body.extend_from_slice(integer.format(point.step).as_bytes());
        body.extend_from_slice(&tail);
    }
}

/// Runs of one bulk request, and points of its answer, as in MLflow.
const BULK_RUNS: usize = 100;
const BULK_POINTS: i64 = 25_000;
const INTERVAL_POINTS: i64 = 2500;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct GetHistoryBulk {
    run_id: List<Text>,
    metric_key: Text,
    max_results: Int,
}

/// `GET metrics/get-history-bulk`: whole histories of several runs, up to a number of points in all.
pub async fn history_bulk(
    State(app): State<App>,
    access: Access,
    Query(query): Query<GetHistoryBulk>,
) -> Result<Response> {
    let ids = read_texts(query.run_id, "run_id")?;
    if ids.is_empty() {
        return Err(Error::invalid("GetMetricHistoryBulk request must specify at least one run_id.").into());
    }
    if ids.len() > BULK_RUNS {
        return Err(Error::invalid(format!(
            "GetMetricHistoryBulk request cannot specify more than {BULK_RUNS} run_ids. Received {} run_ids.",
            ids.len()
        ))
        .into());
    }
    let key = query.metric_key.or_default("metric_key")?;
    if key.is_empty() {
        return Err(Error::invalid("GetMetricHistoryBulk request must specify a metric_key.").into());
    }
    let asked = query.max_results.optional("max_results")?;
    let mut left = page_size(asked, BULK_POINTS, i64::MAX)?.min(BULK_POINTS as usize);
    let mut answer = BulkAnswer::default();
    for run_id in ids.iter().filter_map(|id| RunId::parse(id).ok()) {
        if left == 0 {
            break;
        }
        let source = Source { app: app.clone(), project_id: access.project_id, run_id, key: key.clone() };
        let points = source.points(None, left).await?;
        left -= points.len();
        answer.add(&source, &points);
    }
    Ok(answer.finish())
}

#[derive(Default)]
struct BulkAnswer {
    body: Vec<u8>,
}

impl BulkAnswer {
    fn add(&mut self, source: &Source, points: &[Point]) {
        let first = self.body.is_empty();
        write_points(&mut self.body, &source.key, points, Some(source.run_id.as_str()), first);
    }

    fn finish(self) -> Response {
        if self.body.is_empty() {
            return json_response(StatusCode::OK, b"{}".to_vec());
        }
        let mut body = b"{\"metrics\":[".to_vec();
        body.extend(self.body);
        body.extend_from_slice(b"]}");
        json_response(StatusCode::OK, body)
    }
}

fn read_texts(list: List<Text>, name: &str) -> DomainResult<Vec<String>> {
    let items = list.or_default(name)?.into_iter().enumerate();
    items.map(|(index, text)| text.required(format!("{name}[{index}]"))).collect()
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct GetHistoryInterval {
    run_ids: List<Text>,
    metric_key: Text,
    start_step: Int,
    end_step: Int,
    max_results: Int,
}

/// `GET metrics/get-history-bulk-interval`: histories of several runs, thinned out evenly by step.
pub async fn history_bulk_interval(
    State(app): State<App>,
    access: Access,
    Query(query): Query<GetHistoryInterval>,
) -> Result<Response> {
    let ids = read_texts(query.run_ids, "run_ids")?;
    if ids.is_empty() {
        return Err(
            Error::invalid("GetMetricHistoryBulkInterval request must specify at least one run_id.").into()
        );
    }
    if ids.len() > BULK_RUNS {
        return Err(Error::invalid(format!(
            "GetMetricHistoryBulkInterval request must specify at most {BULK_RUNS} run_ids. Received {} run_ids.",
            ids.len()
        ))
        .into());
    }
    let key = query.metric_key.filled("metric_key")?;
    let range = read_range(query.start_step, query.end_step)?;
    let most = query.max_results.optional("max_results")?.unwrap_or(INTERVAL_POINTS);
    if !(1..=INTERVAL_POINTS).contains(&most) {
        return Err(Error::invalid(format!(
            "max_results must be between 1 and {INTERVAL_POINTS}. Found max_results={most}."
        ))
        .into());
    }
    let mut answer = BulkAnswer::default();
    for run_id in ids.iter().filter_map(|id| RunId::parse(id).ok()) {
        let source = Source { app: app.clone(), project_id: access.project_id, run_id, key: key.clone() };
        let points = sample(&source, range, most as usize).await?;
        answer.add(&source, &points);
    }
    Ok(answer.finish())
}

fn read_range(start: Int, end: Int) -> DomainResult<Option<(i64, i64)>> {
    match (start.optional("start_step")?, end.optional("end_step")?) {
        (None, None) => Ok(None),
        (Some(start), Some(end)) if start > end => Err(Error::invalid(format!(
            "end_step must be greater than start_step. Found start_step={start} and end_step={end}."
        ))),
        (Some(start), Some(end)) => Ok(Some((start, end))),
        _ => Err(Error::invalid("If either start step or end step are specified, both must be specified.")),
    }
}

/// Steps that are kept when a history has more than `most`: evenly chosen, the first and last always.
fn choose(steps: &[i64], most: usize) -> Vec<i64> {
    if steps.len() <= most {
        return steps.to_vec();
    }
    let mut chosen: Vec<i64> = (0..most).map(|index| steps[index * steps.len() / most]).collect();
    if let (Some(slot), Some(last)) = (chosen.last_mut(), steps.last()) {
        *slot = *last;
    }
    chosen
}

/// The points of the chosen steps, by step, time and value. Two passes over the history, so that no more than the
/// steps and the chosen points are held.
async fn sample(source: &Source, range: Option<(i64, i64)>, most: usize) -> DomainResult<Vec<Point>> {
    let within = |point: &Point| range.is_none_or(|(start, end)| (start..=end).contains(&point.step));
    let mut steps = Vec::new();
    scan(source, |points| steps.extend(points.iter().filter(|point| within(point)).map(|point| point.step)))
        .await?;
    steps.sort_unstable();
    steps.dedup();
    let chosen = choose(&steps, most);
    let mut points = Vec::new();
    scan(source, |batch| {
        let kept = batch.iter().filter(|point| chosen.binary_search(&point.step).is_ok());
        points.extend(kept.copied());
    })
    .await?;
    points.sort_by(|a, b| a.step.cmp(&b.step).then(a.history_order(b)));
    if points.len() > most {
        // Several points of one step must not make the answer longer than asked for: the last of each stays.
        points.reverse();
        points.dedup_by_key(|point| point.step);
        points.reverse();
    }
    Ok(points)
}

async fn scan(source: &Source, mut visit: impl FnMut(&[Point])) -> DomainResult<()> {
    let mut after = None;
    loop {
        let points = source.points(after, READ_AT_ONCE).await?;
        visit(&points);
        if points.len() < READ_AT_ONCE {
            return Ok(());
        }
        after = points.last().copied();
    }
}
