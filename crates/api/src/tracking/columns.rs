//! Which metrics, params and tags the runs of an experiment have.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_store::columns::{self, Column, Kind};

use super::request::{ExperimentPath, experiment, read_state};
use crate::app::App;
use crate::caller::Access;
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Path};
use crate::openapi::{ProjectPath, Refusals};
use crate::reply::Reply;
use crate::upkeep::fold_all;
use crate::wire::Text;

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ListColumns {
    /// Of the runs: `active` when it is not said, `deleted` or `all`.
    #[param(value_type = Option<String>)]
    state: Text,
}

/// Each list is sorted by key.
#[derive(Serialize, ToSchema)]
pub struct Columns {
    /// How many runs there are.
    runs: i64,
    metrics: Vec<MetricColumnInfo>,
    params: Vec<TextColumnInfo>,
    tags: Vec<TextColumnInfo>,
    /// A kind has more keys than are told (5,000).
    more: bool,
}

#[derive(Serialize, ToSchema)]
struct MetricColumnInfo {
    key: String,
    /// How many runs have it.
    runs: i64,
    /// `runs` is counted; otherwise it is reckoned up from a sample of about 1,000 runs.
    exact: bool,
}

#[derive(Serialize, ToSchema)]
struct TextColumnInfo {
    key: String,
    /// How many runs have it.
    runs: i64,
    /// `runs` is counted; otherwise it is reckoned up from a sample of about 1,000 runs.
    exact: bool,
    /// `number` when every value that was looked at is one, else `text`.
    kind: &'static str,
    /// The different values that were met (their first 100 characters), sorted, when they are at most 20.
    #[schema(required = true)]
    values: Option<Vec<String>>,
}

impl From<Column> for TextColumnInfo {
    fn from(column: Column) -> Self {
        Self {
            key: column.key.to_string(),
            runs: column.runs,
            exact: column.exact,
            kind: if column.numeric { "number" } else { "text" },
            values: column.values,
        }
    }
}

/// `GET /ml/experiments/{experiment}/columns`
///
/// Not precomputed: counters per experiment and key would be rows that every write to a run waits for. Instead the keys
/// are found by skipping through an index, and their sizes and values are read from a sample of about 1,000 runs, so the
/// work does not grow with the runs; in an experiment with up to 2,000 runs everything is exact. Measured with 100,000
/// runs x 20 metrics x 20 params in docs/benchmarks.md.
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/experiments/{experiment}/columns",
    operation_id = "list_experiment_columns",
    summary = "Every metric, param and tag that the runs of an experiment have, how many have it, and what its values are",
    description = "All keys are told. In an experiment with more than 2,000 runs, how many runs have a key, and what its values are, is read from a sample of about 1,000 runs; `exact` says which numbers are counted.",
    tag = "experiments",
    params(ProjectPath, ExperimentPath, ListColumns),
    responses((status = 200, description = "the columns", body = Columns), Refusals)
)]
pub async fn list(
    State(app): State<App>,
    access: Access,
    Path(path): Path<ExperimentPath>,
    ApiQuery(query): ApiQuery<ListColumns>,
) -> ApiResult<Reply<Columns>> {
    let iid = path.iid()?;
    let view = read_state(query.state.optional("state")?.as_deref(), "state")?;
    fold_all(&app).await?;
    let names = app.store.key_names();
    let catalogue = app
        .store
        .read_long(move |tx| {
            let experiment = experiment(tx, access.project_id, iid)?;
            columns::catalogue(tx, &names, experiment.id, view)
        })
        .await?;
    let mut answer = Columns {
        runs: catalogue.runs,
        metrics: Vec::new(),
        params: Vec::new(),
        tags: Vec::new(),
        more: catalogue.more,
    };
    for column in catalogue.columns {
        match column.kind {
            Kind::Metric => answer.metrics.push(MetricColumnInfo {
                key: column.key.to_string(),
                runs: column.runs,
                exact: column.exact,
            }),
            Kind::Param => answer.params.push(column.into()),
            Kind::Tag => answer.tags.push(column.into()),
        }
    }
    Ok(Reply(answer))
}
