//! MLflow's objects as answers carry them. Empty lists and absent scalars are left out; defaults are not.

use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use weir_domain::dataset::DatasetInput;
use weir_domain::experiment::Experiment;
use weir_domain::key::KeyKind;
use weir_domain::run::{Run, RunId};
use weir_domain::value::Entry;
use weir_domain::{Error, Result};
use weir_store::datasets::InOut;
use weir_store::keys::Key;
use weir_store::params::Keyed;
use weir_store::records::Record;

use crate::app::App;
use crate::wire::{At, Field, List, Text};

/// A tag or param in a request.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct KeyValue {
    pub key: Text,
    pub value: Text,
}

impl KeyValue {
    /// Key and value, the value empty when it is absent; `list[index]` is where the entry stood.
    pub fn read(self, list: &str, index: usize) -> Result<(String, String)> {
        let at = |field| At { list, index: Some(index), field };
        Ok((self.key.filled(at("key"))?, self.value.or_default(at("value"))?))
    }
}

/// The checked params or tags of a run in a batch.
pub fn read_entries(kind: KeyKind, list: List<KeyValue>) -> Result<Vec<Entry>> {
    let name = kind.list();
    let mut entries = Vec::new();
    for (index, item) in list.or_default(name)?.into_iter().enumerate() {
        let (key, value) = item.read(name, index)?;
        entries.push(Entry::new(kind, key, value, Some(index))?);
    }
    Ok(entries)
}

/// Entries with the numbers of their keys.
pub async fn with_keys(app: &App, entries: Vec<Entry>) -> Result<Vec<Keyed>> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    let ids = app.store.intern(&names).await?;
    let keyed = ids.into_iter().zip(entries).map(|(key_id, entry)| Keyed { key_id, entry });
    let mut keyed: Vec<Keyed> = keyed.collect();
    // In one order everywhere, so that two writers of the same keys do not lock each other out.
    keyed.sort_by_key(|keyed| keyed.key_id);
    Ok(keyed)
}

/// `run_id`, or its older name `run_uuid`.
pub fn read_run_id(run_id: Text, run_uuid: Text) -> Result<RunId> {
    let given = match run_id.optional("run_id")?.filter(|id| !id.is_empty()) {
        Some(id) => id,
        None => match run_uuid.optional("run_uuid")? {
            Some(id) => Field::Value(id).filled("run_id")?,
            None => Text::Absent.required("run_id")?,
        },
    };
    RunId::parse(&given)
}

#[derive(Serialize)]
pub struct ExperimentObject {
    experiment_id: String,
    name: String,
    artifact_location: String,
    lifecycle_stage: &'static str,
    last_update_time: i64,
    creation_time: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Pair>,
}

#[derive(Serialize)]
pub struct Pair {
    pub key: String,
    pub value: String,
}

impl From<Entry> for Pair {
    fn from(entry: Entry) -> Self {
        Self { key: entry.key, value: entry.value }
    }
}

impl ExperimentObject {
    pub fn new(experiment: Experiment, tags: Option<Vec<Entry>>) -> Self {
        Self {
            experiment_id: experiment.iid.to_string(),
            artifact_location: experiment.location(),
            lifecycle_stage: stage(experiment.deleted),
            last_update_time: experiment.updated_at,
            creation_time: experiment.created_at,
            tags: tags.unwrap_or_default().into_iter().map(Pair::from).collect(),
            name: experiment.name,
        }
    }
}

fn stage(deleted: bool) -> &'static str {
    if deleted { "deleted" } else { "active" }
}

#[derive(Serialize)]
pub struct RunObject {
    info: RunInfo,
    data: RunData,
    inputs: RunInputs,
    outputs: RunOutputs,
}

#[derive(Serialize)]
pub struct RunInfo {
    run_uuid: String,
    run_id: String,
    run_name: String,
    experiment_id: String,
    user_id: String,
    status: &'static str,
    start_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<i64>,
    artifact_uri: String,
    lifecycle_stage: &'static str,
}

impl From<&Run> for RunInfo {
    fn from(run: &Run) -> Self {
        let id = run.run_id.as_str().to_owned();
        Self {
            run_uuid: id.clone(),
            run_id: id,
            run_name: run.name.clone(),
            experiment_id: run.experiment_iid.to_string(),
            user_id: run.user_id.clone(),
            status: run.status.name(),
            start_time: run.started_at,
            end_time: run.ended_at,
            artifact_uri: run.artifact_uri(),
            lifecycle_stage: stage(run.deleted),
        }
    }
}

#[derive(Serialize)]
struct RunData {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    metrics: Vec<MetricObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    params: Vec<NamedText>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<NamedText>,
}

#[derive(Serialize)]
struct MetricObject {
    #[serde(serialize_with = "key")]
    key: Key,
    #[serde(serialize_with = "double")]
    value: f64,
    timestamp: i64,
    step: i64,
}

#[derive(Serialize)]
struct NamedText {
    #[serde(serialize_with = "key")]
    key: Key,
    value: String,
}

fn key<S: Serializer>(key: &Key, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(key)
}

/// A number where JSON has one; otherwise the text that MLflow's clients read as NaN or infinity.
pub fn double<S: Serializer>(value: &f64, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    match *value {
        nan if nan.is_nan() => serializer.serialize_str("NaN"),
        f64::INFINITY => serializer.serialize_str("Infinity"),
        f64::NEG_INFINITY => serializer.serialize_str("-Infinity"),
        number => serializer.serialize_f64(number),
    }
}

#[derive(Serialize)]
struct RunInputs {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dataset_inputs: Vec<DatasetInputObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    model_inputs: Vec<ModelInput>,
}

#[derive(Serialize)]
struct DatasetInputObject {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Pair>,
    dataset: DatasetObject,
}

#[derive(Serialize)]
struct DatasetObject {
    name: String,
    digest: String,
    source_type: String,
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
}

#[derive(Serialize)]
struct ModelInput {
    model_id: String,
}

#[derive(Serialize)]
struct RunOutputs {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    model_outputs: Vec<ModelOutput>,
}

#[derive(Serialize)]
struct ModelOutput {
    model_id: String,
    step: i64,
}

impl From<DatasetInput> for DatasetInputObject {
    fn from(input: DatasetInput) -> Self {
        let dataset = input.dataset;
        Self {
            tags: input.tags.into_iter().map(|(key, value)| Pair { key, value }).collect(),
            dataset: DatasetObject {
                name: dataset.name,
                digest: dataset.digest,
                source_type: dataset.source_type,
                source: dataset.source,
                schema: dataset.schema,
                profile: dataset.profile,
            },
        }
    }
}

impl From<Record> for RunObject {
    fn from(record: Record) -> Self {
        let InOut { datasets, model_inputs, model_outputs } = record.inout;
        let texts = |list: Vec<(Key, String)>| -> Vec<NamedText> {
            list.into_iter().map(|(key, value)| NamedText { key, value }).collect()
        };
        Self {
            info: RunInfo::from(&record.run),
            data: RunData {
                metrics: record
                    .metrics
                    .into_iter()
                    .map(|(key, summary)| MetricObject {
                        key,
                        value: summary.latest.value,
                        timestamp: summary.latest.timestamp,
                        step: summary.latest.step,
                    })
                    .collect(),
                params: texts(record.params),
                tags: texts(record.tags),
            },
            inputs: RunInputs {
                dataset_inputs: datasets.into_iter().map(DatasetInputObject::from).collect(),
                model_inputs: model_inputs
                    .into_iter()
                    .map(|model| ModelInput { model_id: model.model_id })
                    .collect(),
            },
            outputs: RunOutputs {
                model_outputs: model_outputs
                    .into_iter()
                    .map(|model| ModelOutput { model_id: model.model_id, step: model.step })
                    .collect(),
            },
        }
    }
}

/// How many results a page may have: MLflow's own words for one that is out of range.
pub fn page_size(asked: Option<i64>, default: i64, most: i64) -> Result<usize> {
    let size = asked.unwrap_or(default);
    if size <= 0 {
        return Err(Error::invalid(format!(
            "Invalid value {size} for parameter 'max_results' supplied. It must be a positive integer"
        )));
    }
    if size > most {
        return Err(Error::invalid(format!(
            "Invalid value {size} for parameter 'max_results' supplied. It must be at most {most}"
        )));
    }
    Ok(size as usize)
}
