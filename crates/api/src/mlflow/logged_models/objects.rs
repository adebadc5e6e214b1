//! Logged models as answers carry them.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, stream};
use serde::Serialize;
use weir_domain::{Error, Result};
use weir_store::keys::Key;
use weir_store::logged_models::metrics::ModelPoint;
use weir_store::logged_models::{self, Record};

use super::registrations::{self, Registration};
use crate::app::App;
use crate::mlflow::objects::{Pair, double};
use crate::reply::{Reply, json_response};

/// Points of metrics that one read of the store brings. A model with more is sent piece by piece.
pub const POINTS: usize = 20_000;

#[derive(Serialize)]
struct LoggedModelObject {
    info: Info,
    data: Data,
}

#[derive(Serialize)]
struct Info {
    model_id: String,
    experiment_id: String,
    name: String,
    creation_timestamp_ms: i64,
    last_updated_timestamp_ms: i64,
    artifact_uri: String,
    status: &'static str,
    model_type: String,
    source_run_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_message: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Pair>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    registrations: Vec<Registration>,
}

/// Metrics stand last: where there are very many, more follow.
#[derive(Serialize)]
struct Data {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    params: Vec<Pair>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    metrics: Vec<ModelMetric>,
}

#[derive(Serialize)]
struct ModelMetric {
    key: String,
    #[serde(serialize_with = "double")]
    value: f64,
    timestamp: i64,
    step: i64,
    #[serde(skip_serializing_if = "String::is_empty")]
    dataset_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    dataset_digest: String,
    model_id: String,
    run_id: String,
}

impl ModelMetric {
    fn new(model_id: &str, key: &Key, point: ModelPoint) -> Self {
        Self {
            key: key.to_string(),
            value: point.point.value,
            timestamp: point.point.timestamp,
            step: point.point.step,
            dataset_name: point.dataset_name,
            dataset_digest: point.dataset_digest,
            model_id: model_id.to_owned(),
            run_id: point.run_id,
        }
    }
}

impl From<Record> for LoggedModelObject {
    fn from(record: Record) -> Self {
        let model = record.model;
        let model_id = model.model_id.as_str();
        let metrics = record.metrics.into_iter();
        Self {
            info: Info {
                model_id: model_id.to_owned(),
                experiment_id: model.experiment_iid.to_string(),
                artifact_uri: model.artifact_uri(),
                creation_timestamp_ms: model.created_at,
                last_updated_timestamp_ms: model.updated_at,
                status: model.status.name(),
                status_message: model.status_message,
                registrations: registrations::read(&record.tags),
                tags: record.tags.into_iter().map(Pair::from).collect(),
                name: model.name,
                model_type: model.model_type,
                source_run_id: model.source_run_id,
            },
            data: Data {
                params: record.params.into_iter().map(Pair::from).collect(),
                metrics: metrics.map(|(key, point)| ModelMetric::new(model_id, &key, point)).collect(),
            },
        }
    }
}

#[derive(Serialize)]
struct One {
    model: LoggedModelObject,
}

#[derive(Serialize)]
struct Found {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    models: Vec<LoggedModelObject>,
}

/// The answer of a route about one model, which was loaded.
pub fn one(app: &App, mut records: Vec<Record>) -> Result<Response> {
    let record = records.pop().ok_or_else(|| Error::internal("a logged model was not read back"))?;
    let rest = Rest::of(app, &record);
    answer(&One { model: record.into() }, rest, "]}}}")
}

/// The page of a search.
pub fn found(app: &App, records: Vec<Record>, next_page_token: Option<String>) -> Result<Response> {
    let rest = records.last().and_then(|last| Rest::of(app, last));
    let models = records.into_iter().map(LoggedModelObject::from).collect();
    answer(&Found { next_page_token, models }, rest, "]}}]}")
}

/// `reply`, and before its end, which is `tail`, the metrics that are not in it.
fn answer<T: Serialize>(reply: &T, rest: Option<Rest>, tail: &'static str) -> Result<Response> {
    let Some(rest) = rest else { return Ok(Reply(reply).into_response()) };
    let mut body = serde_json::to_vec(reply).map_err(Error::internal)?;
    if !body.ends_with(tail.as_bytes()) {
        return Err(Error::internal("an answer that goes on does not end with metrics"));
    }
    body.truncate(body.len() - tail.len());
    let pieces = stream::try_unfold(Some(rest), move |rest| async move {
        let Some(rest) = rest else { return Ok::<_, std::io::Error>(None) };
        let (mut piece, next) = rest.next().await.map_err(|error| {
            tracing::error!(?error, "the metrics of a logged model broke off");
            std::io::Error::other("the metrics could not be read to their end")
        })?;
        if next.is_none() {
            piece.extend_from_slice(tail.as_bytes());
        }
        Ok(Some((piece, next)))
    });
    let mut response = json_response(StatusCode::OK, Vec::new());
    *response.body_mut() = Body::from_stream(stream::iter([Ok(body)]).chain(pieces));
    Ok(response)
}

/// Metrics of a model that are still to be sent.
struct Rest {
    app: App,
    id: i64,
    model_id: String,
    after: ModelPoint,
}

impl Rest {
    fn of(app: &App, record: &Record) -> Option<Self> {
        let (_, after) = record.metrics.last().filter(|_| record.has_more_metrics)?;
        Some(Self {
            app: app.clone(),
            id: record.model.id,
            model_id: record.model.model_id.as_str().to_owned(),
            after: after.clone(),
        })
    }

    /// The next of them, each behind a comma, and what is left then.
    async fn next(self) -> Result<(Vec<u8>, Option<Self>)> {
        let (names, id, after) = (self.app.store.key_names(), self.id, self.after.clone());
        let metrics = self
            .app
            .store
            .read(move |tx| logged_models::more_metrics(tx, &names, id, &after, POINTS))
            .await?;
        let last = metrics.last().map(|(_, point)| point.clone()).filter(|_| metrics.len() == POINTS);
        let mut piece = Vec::with_capacity(metrics.len() * 200);
        for (key, point) in metrics {
            piece.push(b',');
            serde_json::to_writer(&mut piece, &ModelMetric::new(&self.model_id, &key, point))
                .map_err(Error::internal)?;
        }
        Ok((piece, last.map(|after| Self { after, ..self })))
    }
}
