//! Runs: creation, status, deletion, and batches of what is logged to them.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use weir_domain::audit::{Actor, Noun, Verb};
use weir_domain::experiment::parse_iid;
use weir_domain::key::{KeyKind, check_text};
use weir_domain::nickname::nickname;
use weir_domain::run::{MAX_NAME, RunId, RunStatus};
use weir_domain::value::Entry;
use weir_domain::{Error, Result as DomainResult};
use weir_store::audit::acts as audit;
use weir_store::runs::{Change, NAME_TAG, NewRun, RunRow};
use weir_store::{experiments, params, records, runs, tags};

use super::metrics::{Encoded, MetricItem};
use super::objects::{KeyValue, RunInfo, RunObject, read_entries, read_run_id, with_keys};
use crate::app::{App, random};
use crate::caller::{Access, Acting};
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::reply::{EMPTY, Empty, Reply};
use crate::wire::{Field, Int, List, Text};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CreateRun {
    #[serde(alias = "experimentId")]
    experiment_id: Text,
    #[serde(alias = "userId")]
    user_id: Text,
    #[serde(alias = "runName")]
    run_name: Text,
    #[serde(alias = "startTime")]
    start_time: Int,
    tags: List<KeyValue>,
}

#[derive(Serialize)]
pub struct OneRun {
    run: RunObject,
}

/// `POST runs/create`
pub async fn create(
    State(app): State<App>,
    access: Access,
    Json(body): Json<CreateRun>,
) -> Result<Reply<OneRun>> {
    let experiment_iid = parse_iid(&read_experiment_id(body.experiment_id)?)?;
    let mut user_id = body.user_id.or_default("user_id")?;
    check_text("user_id", &user_id)?;
    let by = access.signature();
    if let Some(job) = by.job() {
        user_id = job.user_id();
    }
    let started_at = body.start_time.or_default("start_time")?;
    let mut tags = last_of_each(read_entries(KeyKind::Tag, body.tags)?);
    let name = choose_name(body.run_name.or_default("run_name")?, &tags)?;
    tags.retain(|tag| tag.key != NAME_TAG);
    tags.push(Entry { key: NAME_TAG.to_owned(), value: name.clone() });
    let tags = with_keys(&app, tags).await?;
    let now = app.clock.now();
    let run_id = RunId::new(now, random()?);
    let names = app.store.key_names();

    let record = app
        .store
        .write(move |tx| {
            let experiment = experiments::get_locked(tx, access.project_id, experiment_iid, false)?;
            let new = NewRun {
                run_id: &run_id,
                name: &name,
                user_id: &user_id,
                creator_id: access.user_id,
                started_at,
                now,
                version_id: None,
                location: None,
            };
            let run = runs::create(tx, &experiment, &new)?;
            tags::set(tx, &RunRow::from(&run), &tags)?;
            by.leave_on_new(tx, run.id, now)?;
            records::load(tx, &names, vec![run])
        })
        .await?
        .pop();
    let record = record.ok_or_else(|| Error::internal("a created run was not read back"))?;
    Ok(Reply(OneRun { run: record.into() }))
}

/// A number is fine too: older clients and scripts send one.
fn read_experiment_id(field: Text) -> DomainResult<String> {
    match field {
        Field::Wrong(serde_json::Value::Number(number)) => Ok(number.to_string()),
        other => other.filled("experiment_id"),
    }
}

/// The field, else the tag, else a nickname; the two must not contradict each other.
fn choose_name(field: String, tags: &[Entry]) -> DomainResult<String> {
    let tag = tags.iter().find(|tag| tag.key == NAME_TAG).map(|tag| tag.value.as_str()).unwrap_or_default();
    let name = match (field.as_str(), tag) {
        ("", "") => nickname(u64::from_le_bytes(random()?)),
        (field, "") => field.to_owned(),
        ("", tag) => tag.to_owned(),
        (field, tag) if field == tag => field.to_owned(),
        (field, tag) => {
            return Err(Error::invalid(format!(
                "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='{field}', mlflow.runName='{tag}')."
            )));
        }
    };
    check_run_name(&name)?;
    Ok(name)
}

fn check_run_name(name: &str) -> DomainResult<()> {
    check_text("run_name", name)?;
    let length = name.chars().count();
    if length > MAX_NAME {
        return Err(Error::invalid(format!(
            "'run_name' exceeds the maximum length of {MAX_NAME} characters (got {length})"
        )));
    }
    Ok(())
}

/// A tag that names the run has to be a name.
pub fn check_name_tag(tag: &Entry) -> DomainResult<()> {
    if tag.key == NAME_TAG { check_run_name(&tag.value) } else { Ok(()) }
}

/// Of several tags with one key the last counts.
fn last_of_each(entries: Vec<Entry>) -> Vec<Entry> {
    let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
    let mut places = std::collections::HashMap::new();
    for entry in entries {
        match places.get(&entry.key) {
            Some(place) => kept[*place] = entry,
            None => {
                places.insert(entry.key.clone(), kept.len());
                kept.push(entry);
            }
        }
    }
    kept
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct GetRun {
    run_id: Text,
    run_uuid: Text,
}

/// `GET runs/get`; deleted ones too.
pub async fn get(
    State(app): State<App>,
    access: Access,
    Query(query): Query<GetRun>,
) -> Result<Reply<OneRun>> {
    let run_id = read_run_id(query.run_id, query.run_uuid)?;
    let names = app.store.key_names();
    let record = app
        .store
        .read(move |tx| {
            let run = runs::get(tx, access.project_id, &run_id)?;
            records::load(tx, &names, vec![run])
        })
        .await?
        .pop();
    let record = record.ok_or_else(|| Error::internal("a run was not read"))?;
    Ok(Reply(OneRun { run: record.into() }))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct UpdateRun {
    #[serde(alias = "runId")]
    run_id: Text,
    #[serde(alias = "runUuid")]
    run_uuid: Text,
    status: serde_json::Value,
    #[serde(alias = "endTime")]
    end_time: Int,
    #[serde(alias = "runName")]
    run_name: Text,
}

#[derive(Serialize)]
pub struct UpdatedRun {
    run_info: RunInfo,
}

/// `POST runs/update`
pub async fn update(
    State(app): State<App>,
    access: Access,
    Json(body): Json<UpdateRun>,
) -> Result<Reply<UpdatedRun>> {
    let run_id = read_run_id(body.run_id, body.run_uuid)?;
    let change = Change {
        status: read_status(&body.status)?,
        ended_at: body.end_time.optional("end_time")?,
        name: body.run_name.optional("run_name")?.filter(|name| !name.is_empty()),
    };
    let mut name_tag = Vec::new();
    if let Some(name) = &change.name {
        check_run_name(name)?;
        name_tag = with_keys(&app, vec![Entry { key: NAME_TAG.to_owned(), value: name.clone() }]).await?;
    }
    let (by, now) = (access.signature(), app.clock.now());
    let run = app
        .store
        .write(move |tx| {
            let run = runs::update(tx, access.project_id, &run_id, &change)?;
            tags::set(tx, &RunRow::from(&run), &name_tag)?;
            by.leave(tx, run.id, now)?;
            Ok(run)
        })
        .await?;
    Ok(Reply(UpdatedRun { run_info: RunInfo::from(&run) }))
}

/// A name or a number of MLflow's enum. A name that is none is refused: the reference drops it without a word.
fn read_status(value: &serde_json::Value) -> DomainResult<Option<RunStatus>> {
    let read = match value {
        serde_json::Value::Null => return Ok(None),
        serde_json::Value::String(name) => RunStatus::from_name(name),
        serde_json::Value::Number(number) => number.as_i64().and_then(RunStatus::from_number),
        _ => None,
    };
    match read {
        Some(status) => Ok(Some(status)),
        None => Err(Error::invalid(format!(
            "Invalid value {value} for parameter 'status' supplied: use RUNNING, SCHEDULED, FINISHED, FAILED or KILLED"
        ))),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct OneRunId {
    #[serde(alias = "runId")]
    run_id: Text,
    #[serde(alias = "runUuid")]
    run_uuid: Text,
}

/// `POST runs/delete`
pub async fn delete(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<OneRunId>,
) -> Result<Reply<Empty>> {
    set_deleted(&app, access, actor, body, true).await
}

/// `POST runs/restore`
pub async fn restore(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<OneRunId>,
) -> Result<Reply<Empty>> {
    set_deleted(&app, access, actor, body, false).await
}

async fn set_deleted(
    app: &App,
    access: Access,
    actor: Actor,
    body: OneRunId,
    deleted: bool,
) -> Result<Reply<Empty>> {
    let run_id = read_run_id(body.run_id, body.run_uuid)?;
    let (by, now) = (access.signature(), app.clock.now());
    app.store
        .write(move |tx| {
            let run = runs::get(tx, access.project_id, &run_id)?;
            if !deleted {
                // A run is only as alive as its experiment.
                experiments::get_locked(tx, access.project_id, run.experiment_iid, false)?.check_active()?;
            }
            runs::set_deleted(tx, &run, deleted, now)?;
            if run.deleted != deleted {
                let verb = if deleted { Verb::Deleted } else { Verb::Restored };
                let target = (run_id.as_str(), &*run.name);
                audit::of_project(tx, &actor, access.project_id, (Noun::Run, verb), target, now)?;
            }
            by.leave(tx, run.id, now)
        })
        .await?;
    Ok(EMPTY)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LogBatch {
    #[serde(alias = "runId")]
    run_id: Text,
    metrics: List<MetricItem>,
    params: List<KeyValue>,
    tags: List<KeyValue>,
}

/// `POST runs/log-batch`: all of it or nothing.
pub async fn log_batch(
    State(app): State<App>,
    access: Access,
    Json(body): Json<LogBatch>,
) -> Result<Reply<Empty>> {
    let run_id = read_run_id(body.run_id, Text::Absent)?;
    let metrics = body.metrics.or_default("metrics")?;
    let params = body.params.or_default("params")?;
    let tags = body.tags.or_default("tags")?;
    check_sizes(metrics.len(), params.len(), tags.len())?;
    let metrics = super::metrics::read_all(metrics)?;
    let params = read_entries(KeyKind::Param, Field::Value(params))?;
    check_distinct(&params)?;
    let tags = last_of_each(read_entries(KeyKind::Tag, Field::Value(tags))?);
    tags.iter().try_for_each(check_name_tag)?;
    let metrics = Encoded::new(&app, metrics).await?;
    let params = with_keys(&app, params).await?;
    let tags = with_keys(&app, tags).await?;
    let (by, now) = (access.signature(), app.clock.now());

    app.store
        .write(move |tx| {
            let run = runs::writable(tx, access.project_id, &run_id)?;
            if !(params.is_empty() && metrics.is_empty()) {
                run.check_open(tx)?;
            }
            metrics.log(tx, access.project_id, &run)?;
            params::log(tx, &run, &run_id, &params, true)?;
            tags::set(tx, &run, &tags)?;
            by.leave(tx, run.id, now)
        })
        .await?;
    Ok(EMPTY)
}

fn check_sizes(metrics: usize, params: usize, tags: usize) -> DomainResult<()> {
    for (count, most, what) in [
        (metrics, 1000, "metrics"),
        (params, 100, "params"),
        (tags, 100, "tags"),
        (metrics + params + tags, 1000, "metrics, params, and tags"),
    ] {
        if count > most {
            let got =
                what.split(',').next().filter(|first| *first == what).unwrap_or("metrics, params, and tags");
            return Err(Error::invalid(format!(
                "A batch logging request can contain at most {most} {what}. Got {count} {got}. Please split up {got} across multiple requests and try again."
            )));
        }
    }
    Ok(())
}

fn check_distinct(params: &[Entry]) -> DomainResult<()> {
    let mut seen = std::collections::HashSet::new();
    let twice: Vec<String> = params
        .iter()
        .filter(|param| !seen.insert(param.key.as_str()))
        .map(|param| format!("'{}'", param.key))
        .collect();
    if twice.is_empty() {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "Duplicate parameter keys have been submitted: [{}]. Please ensure the request contains only one param value per param key.",
        twice.join(", ")
    )))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LogModel {
    #[serde(alias = "runId")]
    run_id: Text,
    #[serde(alias = "modelJson")]
    model_json: Text,
}

/// The tag in which MLflow 2.x keeps the models of a run.
const MODEL_HISTORY_TAG: &str = "mlflow.log-model.history";

/// `POST runs/log-model`, of 2.x clients: appends to a tag.
pub async fn log_model(
    State(app): State<App>,
    access: Access,
    Json(body): Json<LogModel>,
) -> Result<Reply<Empty>> {
    let run_id = read_run_id(body.run_id, Text::Absent)?;
    let text = body.model_json.filled("model_json")?;
    let model: serde_json::Value = serde_json::from_str(&text).map_err(|error| {
        Error::invalid(format!("Malformed model info. \n {text:.200} \n failed to parse: {error}"))
    })?;
    let missing: Vec<String> = ["artifact_path", "flavors", "utc_time_created", "run_id"]
        .iter()
        .filter(|field| model.get(field).is_none())
        .map(|field| format!("'{field}'"))
        .collect();
    if !missing.is_empty() {
        return Err(Error::invalid(format!(
            "Model json is missing mandatory fields: {{{}}}",
            missing.join(", ")
        ))
        .into());
    }
    let key_id = app.store.intern(&[MODEL_HISTORY_TAG]).await?.pop().unwrap_or_default();
    let (by, now) = (access.signature(), app.clock.now());

    app.store
        .write(move |tx| {
            // Locked: two models of one run logged at once are both kept.
            let run = runs::get_locked(tx, access.project_id, &run_id)?;
            run.check_writable()?;
            let run = RunRow::from(&run);
            run.check_open(tx)?;
            let mut history = match tags::find(tx, &run, key_id)? {
                Some(text) => serde_json::from_str::<Vec<serde_json::Value>>(&text).map_err(|error| {
                    Error::invalid(format!(
                        "the tag '{MODEL_HISTORY_TAG}' of this run is no JSON list: {error}"
                    ))
                })?,
                None => Vec::new(),
            };
            history.push(model.clone());
            let value = serde_json::to_string(&history).map_err(Error::internal)?;
            weir_domain::value::check_value(MODEL_HISTORY_TAG, &value, 1024 * 1024, None)?;
            let entry = Entry { key: MODEL_HISTORY_TAG.to_owned(), value };
            tags::set(tx, &run, &[weir_store::params::Keyed { key_id, entry }])?;
            by.leave(tx, run.id, now)
        })
        .await?;
    Ok(EMPTY)
}
