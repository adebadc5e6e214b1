//! Metrics of a request: checked, and made ready for the store.

use serde::Deserialize;
use weir_domain::Result;
use weir_domain::logged_model::{ModelId, check_dataset};
use weir_domain::metric::{Metric, Point};
use weir_store::logged_models::metrics::Link;
use weir_store::metrics::Batch;
use weir_store::metrics::block::KeyedPoint;
use weir_store::runs::RunRow;
use weir_store::{Tx, logged_models, metrics};

use crate::app::App;
use crate::wire::{At, Double, Int, Text};

/// A metric in a batch, and what 3.x clients send beside it of the logged model that it was measured on.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct MetricItem {
    pub key: Text,
    pub value: Double,
    pub timestamp: Int,
    pub step: Int,
    #[serde(alias = "modelId")]
    pub model_id: Text,
    #[serde(alias = "datasetName")]
    pub dataset_name: Text,
    #[serde(alias = "datasetDigest")]
    pub dataset_digest: Text,
}

/// A checked metric of a run, and of a logged model too if it names one.
pub struct Measured {
    metric: Metric,
    model: Option<Measure>,
}

struct Measure {
    model_id: ModelId,
    dataset_name: String,
    dataset_digest: String,
}

/// Metrics as the store takes them, made outside the transaction.
pub struct Encoded {
    batch: Batch,
    links: Vec<Link>,
}

impl Encoded {
    pub async fn new(app: &App, metrics: Vec<Measured>) -> Result<Self> {
        let names: Vec<&str> = metrics.iter().map(|measured| measured.metric.key.as_str()).collect();
        let ids = app.store.intern(&names).await?;
        let points: Vec<_> = ids
            .iter()
            .zip(&metrics)
            .map(|(key_id, measured)| KeyedPoint { key_id: *key_id, point: measured.metric.point })
            .collect();
        let mut links = Vec::new();
        for (key_id, Measured { metric, model }) in ids.into_iter().zip(metrics) {
            let Some(Measure { model_id, dataset_name, dataset_digest }) = model else { continue };
            links.push(Link { model_id, key_id, point: metric.point, dataset_name, dataset_digest });
        }
        // In one order everywhere, so that two writers of the same points do not lock each other out.
        links.sort_by(|a, b| {
            let place = |link: &Link| (link.key_id, link.point.timestamp, link.point.step);
            a.model_id.as_str().cmp(b.model_id.as_str()).then_with(|| place(a).cmp(&place(b)))
        });
        Ok(Self { batch: Batch::new(&points), links })
    }

    pub fn is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    /// Logs the metrics to a run, and to the models that they were measured on.
    pub fn log(&self, tx: &mut Tx<'_>, project_id: i64, run: &RunRow) -> Result<()> {
        metrics::log(tx, run, &self.batch)?;
        logged_models::metrics::log(tx, project_id, run, &self.links)
    }
}

/// Checks every metric of a batch.
pub fn read_all(items: Vec<MetricItem>) -> Result<Vec<Measured>> {
    items.into_iter().enumerate().map(|(index, item)| read(item, Some(index))).collect()
}

pub fn read(item: MetricItem, index: Option<usize>) -> Result<Measured> {
    let at = |field: &'static str| At { list: "metrics", index, field };
    let key = item.key.filled(at("key"))?;
    let value = item.value.required(at("value"))?;
    let timestamp = item.timestamp.required(at("timestamp"))?;
    let step = item.step.or_default(at("step"))?;
    let metric = Metric::new(key, Point { value, timestamp, step }, index)?;
    let model_id = item.model_id.or_default(at("model_id"))?;
    if model_id.is_empty() {
        // A dataset says where a model was measured; without a model it is nobody's, as in MLflow.
        return Ok(Measured { metric, model: None });
    }
    let dataset_name = item.dataset_name.or_default(at("dataset_name"))?;
    let dataset_digest = item.dataset_digest.or_default(at("dataset_digest"))?;
    check_dataset(&dataset_name, &dataset_digest)?;
    let model_id = ModelId::parse(&model_id).map_err(|_| logged_models::metrics::unknown(&model_id))?;
    Ok(Measured { metric, model: Some(Measure { model_id, dataset_name, dataset_digest }) })
}
