//! Datasets and logged models that runs used and made.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use weir_domain::dataset::{Dataset, DatasetInput, DatasetSummary};
use weir_domain::experiment::parse_iid;
use weir_domain::{Error, Result as DomainResult};
use weir_store::datasets::RunModel;
use weir_store::{datasets, experiments, runs};

use super::objects::{KeyValue, read_run_id};
use crate::app::App;
use crate::caller::Access;
use crate::error::Result;
use crate::extract::Json;
use crate::reply::{EMPTY, Empty, Reply};
use crate::wire::{Field, Int, List, Text};

/// Inputs of one call at most, as in MLflow.
const MOST_INPUTS: usize = 1000;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LogInputs {
    #[serde(alias = "runId")]
    run_id: Text,
    datasets: List<DatasetInputItem>,
    models: List<ModelItem>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DatasetInputItem {
    tags: List<KeyValue>,
    dataset: DatasetItem,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DatasetItem {
    name: Text,
    digest: Text,
    #[serde(alias = "sourceType")]
    source_type: Text,
    source: Text,
    schema: Text,
    profile: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ModelItem {
    #[serde(alias = "modelId")]
    model_id: Text,
    step: Int,
}

/// `POST runs/log-inputs`
pub async fn log_inputs(
    State(app): State<App>,
    access: Access,
    Json(body): Json<LogInputs>,
) -> Result<Reply<Empty>> {
    let run_id = read_run_id(body.run_id, Text::Absent)?;
    let items = body.datasets.or_default("datasets")?;
    if items.len() > MOST_INPUTS {
        return Err(Error::invalid(format!(
            "'datasets' has {} elements, and at most {MOST_INPUTS} are allowed",
            items.len()
        ))
        .into());
    }
    let inputs = items.into_iter().map(read_input).collect::<DomainResult<Vec<_>>>()?;
    let models = read_models(body.models)?.into_iter().map(|model| model.model_id).collect::<Vec<_>>();

    let (by, now) = (access.signature(), app.clock.now());
    app.store
        .write(move |tx| {
            let run = runs::open(tx, access.project_id, &run_id)?;
            datasets::log(tx, &run, &inputs)?;
            datasets::log_model_inputs(tx, &run, &models)?;
            by.leave(tx, run.id, now)
        })
        .await?;
    Ok(EMPTY)
}

fn read_input(item: DatasetInputItem) -> DomainResult<DatasetInput> {
    let dataset = item.dataset;
    let tags = item.tags.or_default("tags")?.into_iter().enumerate();
    let input = DatasetInput {
        dataset: Dataset {
            name: dataset.name.or_default("name")?,
            digest: dataset.digest.or_default("digest")?,
            source_type: dataset.source_type.or_default("source_type")?,
            source: dataset.source.or_default("source")?,
            schema: dataset.schema.optional("schema")?,
            profile: dataset.profile.optional("profile")?,
        },
        tags: tags.map(|(index, tag)| tag.read("tags", index)).collect::<DomainResult<_>>()?,
    };
    input.check()?;
    Ok(input)
}

fn read_models(list: List<ModelItem>) -> DomainResult<Vec<RunModel>> {
    let mut models = Vec::new();
    for (index, item) in list.or_default("models")?.into_iter().enumerate() {
        let model_id = item.model_id.filled(format!("models[{index}].model_id"))?;
        weir_domain::key::check_text("model_id", &model_id)?;
        if model_id.len() > 256 {
            return Err(Error::invalid(format!(
                "'models[{index}].model_id' exceeds the maximum length of 256 bytes"
            )));
        }
        let step = item.step.or_default(format!("models[{index}].step"))?;
        models.push(RunModel { model_id, step });
    }
    Ok(models)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LogOutputs {
    #[serde(alias = "runId")]
    run_id: Text,
    models: List<ModelItem>,
}

/// `POST runs/outputs`
pub async fn log_outputs(
    State(app): State<App>,
    access: Access,
    Json(body): Json<LogOutputs>,
) -> Result<Reply<Empty>> {
    let run_id = read_run_id(body.run_id, Text::Absent)?;
    if matches!(body.models, Field::Absent) {
        return Err(Error::Invalid(weir_domain::key::missing("models")).into());
    }
    let models = read_models(body.models)?;

    let (by, now) = (access.signature(), app.clock.now());
    app.store
        .write(move |tx| {
            let run = runs::open(tx, access.project_id, &run_id)?;
            datasets::log_model_outputs(tx, &run, &models)?;
            by.leave(tx, run.id, now)
        })
        .await?;
    Ok(EMPTY)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SearchDatasets {
    #[serde(alias = "experimentIds")]
    experiment_ids: List<Text>,
}

#[derive(Serialize)]
pub struct FoundDatasets {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dataset_summaries: Vec<Summary>,
}

#[derive(Serialize)]
struct Summary {
    experiment_id: String,
    name: String,
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<String>,
}

impl From<DatasetSummary> for Summary {
    fn from(summary: DatasetSummary) -> Self {
        Self {
            experiment_id: summary.experiment_iid.to_string(),
            name: summary.name,
            digest: summary.digest,
            context: summary.context,
        }
    }
}

/// Experiments of one search for datasets, and summaries in its answer, as in MLflow.
const MOST_EXPERIMENTS: usize = 20;
const MOST_SUMMARIES: i64 = 1000;

/// `POST experiments/search-datasets`
pub async fn search(
    State(app): State<App>,
    access: Access,
    Json(body): Json<SearchDatasets>,
) -> Result<Reply<FoundDatasets>> {
    let ids = read_experiment_ids(body.experiment_ids)?;
    if ids.is_empty() {
        return Err(Error::invalid("SearchDatasets request must specify at least one experiment_id.").into());
    }
    if ids.len() > MOST_EXPERIMENTS {
        return Err(Error::invalid(format!(
            "SearchDatasets request cannot specify more than {MOST_EXPERIMENTS} experiment_ids. Received {} experiment_ids.",
            ids.len()
        ))
        .into());
    }
    let found = app
        .store
        .read(move |tx| {
            let rows = experiments::rows(tx, access.project_id, &ids)?;
            datasets::summaries(tx, &rows, MOST_SUMMARIES)
        })
        .await?;
    Ok(Reply(FoundDatasets { dataset_summaries: found.into_iter().map(Summary::from).collect() }))
}

/// Experiment ids of a search, as numbers.
pub fn read_experiment_ids(list: List<Text>) -> DomainResult<Vec<i64>> {
    let mut ids = Vec::new();
    for (index, id) in list.or_default("experiment_ids")?.into_iter().enumerate() {
        ids.push(parse_iid(&id.required(format!("experiment_ids[{index}]"))?)?);
    }
    Ok(ids)
}
