//! Points of runs' metrics that were logged with a model: each distinct one a row.

use std::collections::HashMap;

use weir_domain::logged_model::ModelId;
use weir_domain::metric::Point;
use weir_domain::{Error, Result};

use crate::Tx;
use crate::changes::{Subject, What};
use crate::runs::RunRow;

/// A point of a run's metric, and the model that it was measured on.
#[derive(Clone, Debug)]
pub struct Link {
    pub model_id: ModelId,
    pub key_id: i64,
    pub point: Point,
    /// Empty: no dataset is named.
    pub dataset_name: String,
    pub dataset_digest: String,
}

/// A stored link.
#[derive(Clone, Debug)]
pub struct ModelPoint {
    pub key_id: i64,
    pub point: Point,
    /// As clients know the run.
    pub run_id: String,
    pub dataset_name: String,
    pub dataset_digest: String,
    /// The run's row.
    pub(crate) run: i64,
}

/// Stores `links` of metrics of `run`; an identical one is stored once. The models must be the project's, and active.
pub fn log(tx: &mut Tx<'_>, project_id: i64, run: &RunRow, links: &[Link]) -> Result<()> {
    let mut rows: HashMap<&ModelId, i64> = HashMap::new();
    for link in links {
        let id = match rows.get(&link.model_id) {
            Some(id) => *id,
            None => {
                let id = writable(tx, project_id, &link.model_id)?;
                rows.insert(&link.model_id, id);
                tx.note(Subject::LoggedModel(id), What::METRICS);
                id
            }
        };
        let is_nan = link.point.value.is_nan();
        tx.execute(
            "INSERT INTO logged_model_metrics (model_id, key_id, step, logged_at, run_id, value, is_nan,
                                               dataset_name, dataset_digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT DO NOTHING",
            &[
                &id,
                &link.key_id,
                &link.point.step,
                &link.point.timestamp,
                &run.id,
                &(if is_nan { 0.0 } else { link.point.value }),
                &is_nan,
                &link.dataset_name,
                &link.dataset_digest,
            ],
        )?;
    }
    Ok(())
}

/// An unknown model is a wrong parameter of the request here, as in MLflow, and not a missing resource.
fn writable(tx: &mut Tx<'_>, project_id: i64, model_id: &ModelId) -> Result<i64> {
    match super::get(tx, project_id, model_id) {
        Ok(model) => {
            model.check_writable()?;
            Ok(model.id)
        }
        Err(Error::NotFound(_)) => Err(unknown(model_id.as_str())),
        Err(error) => Err(error),
    }
}

/// What to say of the `model_id` of a metric that names no model of the project.
pub fn unknown(model_id: &str) -> Error {
    Error::Invalid(format!(
        "Invalid value \"{model_id}\" for parameter 'model_id' supplied: there is no logged model with this id"
    ))
}

const SELECT: &str = "SELECT m.model_id, m.key_id, m.logged_at, m.step, m.run_id, m.value, m.is_nan,
                             m.dataset_name, m.dataset_digest, r.run_id
                      FROM logged_model_metrics m JOIN runs r ON r.id = m.run_id";
const ORDER: &str = "m.model_id, m.key_id, m.logged_at, m.step, m.run_id, m.value, m.is_nan, m.dataset_name, m.dataset_digest";

fn read(row: &crate::tx::Row<'_>) -> Result<(i64, ModelPoint)> {
    let value = if row.bool(6)? { f64::NAN } else { row.real(5)? };
    let point = ModelPoint {
        key_id: row.int(1)?,
        point: Point { value, timestamp: row.int(2)?, step: row.int(3)? },
        run: row.int(4)?,
        dataset_name: row.text(7)?,
        dataset_digest: row.text(8)?,
        run_id: row.text(9)?,
    };
    Ok((row.int(0)?, point))
}

/// At most `most` points of a model (row) behind `after`, by key, time and step.
pub fn page(tx: &mut Tx<'_>, id: i64, after: Option<&ModelPoint>, most: i64) -> Result<Vec<ModelPoint>> {
    let Some(after) = after else {
        let sql = format!("{SELECT} WHERE m.model_id = ?1 ORDER BY {ORDER} LIMIT ?2");
        return tx.list(&sql, &[&id, &most], |row| Ok(read(row)?.1));
    };
    let sql = format!(
        "{SELECT} WHERE ({ORDER}) > (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) AND m.model_id = ?1 ORDER BY {ORDER} LIMIT ?10"
    );
    let is_nan = after.point.value.is_nan();
    let value = if is_nan { 0.0 } else { after.point.value };
    tx.list(
        &sql,
        &[
            &id,
            &after.key_id,
            &after.point.timestamp,
            &after.point.step,
            &after.run,
            &value,
            &is_nan,
            &after.dataset_name,
            &after.dataset_digest,
            &most,
        ],
        |row| Ok(read(row)?.1),
    )
}

/// The points of several models (rows) when they are `most` at most; `None` when there are more.
pub(super) fn few(
    tx: &mut Tx<'_>,
    ids: &[i64],
    most: usize,
) -> Result<Option<HashMap<i64, Vec<ModelPoint>>>> {
    let sql = format!("{SELECT} WHERE {} ORDER BY {ORDER} LIMIT ?2", tx.any_of("m.model_id", "?1"));
    let found = tx.list(&sql, &[&ids, &(most as i64 + 1)], read)?;
    if found.len() > most {
        return Ok(None);
    }
    let mut points: HashMap<i64, Vec<ModelPoint>> = HashMap::new();
    for (id, point) in found {
        points.entry(id).or_default().push(point);
    }
    Ok(Some(points))
}
