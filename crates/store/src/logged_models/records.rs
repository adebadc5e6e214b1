//! A logged model with everything that was logged to it, as `logged-models` routes answer.

use std::collections::HashMap;

use weir_domain::Result;
use weir_domain::logged_model::LoggedModel;
use weir_domain::value::Entry;

use super::entries;
use super::metrics::{self, ModelPoint};
use crate::Tx;
use crate::keys::{Key, KeyNames};

#[derive(Clone, Debug)]
pub struct Record {
    pub model: LoggedModel,
    pub params: Vec<Entry>,
    pub tags: Vec<Entry>,
    pub metrics: Vec<(Key, ModelPoint)>,
    /// Whether the model has points behind the last of `metrics`: what is read at once is bounded.
    pub has_more_metrics: bool,
}

impl Record {
    /// About what the texts take.
    pub fn size_bytes(&self) -> usize {
        let texts: usize =
            self.params.iter().chain(&self.tags).map(|entry| entry.key.len() + entry.value.len()).sum();
        texts + self.metrics.len() * 100
    }
}

/// Reads all of `models` with a statement a table, and at most `most_points` of their metrics. When there are more,
/// fewer models are answered; the first is always, if need be with metrics that go on.
pub fn load(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    models: Vec<LoggedModel>,
    most_points: usize,
) -> Result<Vec<Record>> {
    let ids: Vec<i64> = models.iter().map(|model| model.id).collect();
    let mut params = entries(tx, "logged_model_params", &ids)?;
    let mut tags = entries(tx, "logged_model_tags", &ids)?;
    let mut few = metrics::few(tx, &ids, most_points)?;
    let (mut records, mut left) = (Vec::with_capacity(models.len()), most_points);
    for model in models {
        let mut has_more_metrics = false;
        let points = match &mut few {
            Some(few) => few.remove(&model.id).unwrap_or_default(),
            None => {
                let most = left + 1;
                let mut points = metrics::page(tx, model.id, None, most as i64)?;
                if points.len() == most {
                    if !records.is_empty() {
                        break;
                    }
                    points.pop();
                    has_more_metrics = true;
                }
                left -= points.len();
                points
            }
        };
        records.push(Record {
            params: params.remove(&model.id).unwrap_or_default(),
            tags: tags.remove(&model.id).unwrap_or_default(),
            metrics: named(tx, names, points)?,
            has_more_metrics,
            model,
        });
        if has_more_metrics {
            break;
        }
    }
    Ok(records)
}

/// Points with the names of their keys.
pub(super) fn named(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    points: Vec<ModelPoint>,
) -> Result<Vec<(Key, ModelPoint)>> {
    let mut known: HashMap<i64, Key> = HashMap::new();
    let mut named = Vec::with_capacity(points.len());
    for point in points {
        let key = match known.get(&point.key_id) {
            Some(key) => key.clone(),
            None => known.entry(point.key_id).or_insert(names.name(tx, point.key_id)?).clone(),
        };
        named.push((key, point));
    }
    Ok(named)
}

/// At most `most` further metrics of a model (row), behind `after`.
pub fn more_metrics(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    id: i64,
    after: &ModelPoint,
    most: usize,
) -> Result<Vec<(Key, ModelPoint)>> {
    let points = metrics::page(tx, id, Some(after), most as i64)?;
    named(tx, names, points)
}
