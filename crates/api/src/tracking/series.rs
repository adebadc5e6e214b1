//! Sampled histories of many runs and metrics in one answer, for charts.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde::Deserialize;
use utoipa::ToSchema;
use weir_domain::run::{RunId, not_found};
use weir_domain::series::Axis;
use weir_domain::{Error, Result};
use weir_store::metrics::series::{self, Series, Subject, Wanted};
use weir_store::{Tx, runs};

use super::request::{check_keys, text, texts};
pub use super::series_body::SeriesHeader;
use super::series_body::{Field, SeriesBody};
use crate::app::App;
use crate::caller::Access;
use crate::error::ApiResult;
use crate::extract::ApiJson;
use crate::openapi::{ProjectPath, Refusals};

const MAX_RUNS: usize = 500;
const MAX_METRICS: usize = 100;
/// Points or buckets of a history when the request does not say, and at most.
const POINTS: usize = 400;
const MAX_POINTS: usize = 10_000;
/// Runs x metrics x points of one answer.
const MAX_ALL: usize = 1_000_000;
/// Runs that one read of the store takes, and reads that go on at the same time.
const RUNS_AT_ONCE: usize = 8;
const READS: usize = 2;

/// The media type of the answer.
pub const MEDIA_TYPE: &str = "application/vnd.weir.series";

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesRequest {
    /// Ids, at most 500.
    #[serde(deserialize_with = "texts")]
    runs: Vec<String>,
    /// Keys, at most 100.
    #[serde(deserialize_with = "texts")]
    metrics: Vec<String>,
    /// `step` when it is not said, `time` (milliseconds since 1970) or `relative` (milliseconds since the run started).
    #[serde(default = "step", deserialize_with = "text")]
    x: String,
    /// The part of the axis, both ends included.
    from: Option<i64>,
    to: Option<i64>,
    /// What a history is thinned to: one with no more points comes whole, any other as buckets, at least half as many.
    /// From 2 to 10,000, 400 when it is not said; runs x metrics x points may be at most 1,000,000.
    points: Option<i64>,
    /// What is told of a bucket: some of `min`, `max`, `mean`, `last`; all when it is not said.
    #[serde(default, deserialize_with = "texts")]
    fields: Vec<String>,
}

fn step() -> String {
    Axis::Step.name().to_owned()
}

impl SeriesRequest {
    fn fields(&self) -> Result<Vec<Field>> {
        if let Some(other) =
            self.fields.iter().find(|name| !Field::ALL.iter().any(|field| field.name() == name.as_str()))
        {
            return Err(Error::Invalid(format!("fields has '{other}', write min, max, mean or last")));
        }
        let asked =
            |field: &Field| self.fields.is_empty() || self.fields.iter().any(|name| name == field.name());
        Ok(Field::ALL.into_iter().filter(asked).collect())
    }

    fn most(&self) -> Result<usize> {
        let asked = self.points.unwrap_or(POINTS as i64);
        let most =
            usize::try_from(asked).ok().filter(|most| (2..=MAX_POINTS).contains(most)).ok_or_else(|| {
                Error::Invalid(format!("points is {asked}, write a number from 2 to {MAX_POINTS}"))
            })?;
        let all = self.runs.len() * self.metrics.len() * most;
        if all > MAX_ALL {
            return Err(Error::Invalid(format!(
                "{} runs x {} metrics x {most} points are {all}, at most {MAX_ALL} are answered: ask for fewer points",
                self.runs.len(),
                self.metrics.len()
            )));
        }
        Ok(most)
    }
}

/// `POST /ml/series`
///
/// 50 runs x 10 metrics of 10,000 points come as 2.5 MB: see docs/benchmarks.md.
#[utoipa::path(
    post,
    path = "/api/v4/projects/{project}/ml/series",
    operation_id = "sample_series",
    summary = "Histories of many runs and metrics, thinned for drawing: exact while they have few points, else buckets with minimum, maximum, mean and last value",
    description = "The answer begins with the four bytes `WSR1` and the length of a header as a 32-bit number, little-endian like all that follows. The header is a `SeriesHeader` in JSON, filled up with blanks so that the data behind it begins at a multiple of 8 bytes. Offsets in the header count from the beginning of the data and are multiples of 8. NaN and the infinities are kept.",
    tag = "experiments",
    params(ProjectPath),
    request_body = SeriesRequest,
    responses(
        (status = 200, description = "the histories", body = Vec<u8>, content_type = "application/vnd.weir.series"),
        Refusals
    )
)]
pub async fn list(
    State(app): State<App>,
    access: Access,
    ApiJson(body): ApiJson<SeriesRequest>,
) -> ApiResult<Response> {
    check_keys("runs", &body.runs, MAX_RUNS)?;
    check_keys("metrics", &body.metrics, MAX_METRICS)?;
    let (axis, fields, most) = (Axis::parse(&body.x)?, body.fields()?, body.most()?);
    let (names, asked, keys) = (app.store.key_names(), body.runs.clone(), body.metrics.clone());
    let (subjects, places, numbers) = app
        .store
        .read(move |tx| {
            let subjects = subjects(tx, access.project_id, &asked)?;
            let (mut places, mut numbers) = (Vec::new(), Vec::new());
            for (place, name) in keys.iter().enumerate() {
                if let Some(number) = names.id(tx, name)? {
                    places.push(place);
                    numbers.push(number);
                }
            }
            Ok((subjects, places, numbers))
        })
        .await?;
    let wanted = Wanted { keys: numbers, axis, from: body.from, to: body.to, most };
    let mut answer = SeriesBody::new(axis.name(), body.runs, body.metrics, fields);
    let mut parts = futures_util::stream::iter(subjects.chunks(RUNS_AT_ONCE).map(<[Subject]>::to_vec))
        .map(|part| read(&app, part, wanted.clone()))
        .buffered(READS);
    let mut first = 0;
    while let Some(part) = parts.try_next().await? {
        for Series { run, key, points, sample } in part {
            answer.add(first + run, places[key], points, &sample);
        }
        first += RUNS_AT_ONCE;
    }
    let mut response = Response::new(Body::from(answer.finish()?));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

async fn read(app: &App, part: Vec<Subject>, wanted: Wanted) -> Result<Vec<Series>> {
    app.store.read_long(move |tx| series::list(tx, &part, &wanted)).await
}

/// The runs in the order they were asked for; all of them must be there.
fn subjects(tx: &mut Tx<'_>, project_id: i64, ids: &[String]) -> Result<Vec<Subject>> {
    let mut wanted = Vec::with_capacity(ids.len());
    for id in ids {
        wanted.push(RunId::parse(id)?.as_str().to_owned());
    }
    let found = runs::starts(tx, project_id, &wanted)?;
    let subject = |id: &String| {
        let (row, started_at) = found.get(id).copied().ok_or_else(|| not_found(id))?;
        Ok(Subject { id: row, started_at })
    };
    wanted.iter().map(subject).collect()
}
