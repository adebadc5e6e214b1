//! Experiments.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use weir_domain::audit::{Actor, Noun, Verb};
use weir_domain::experiment::{Experiment, check_location, check_name, parse_iid};
use weir_domain::value::{Entry, check_experiment_tag};
use weir_domain::{Error, Result as StoreResult};
use weir_store::audit::acts as audit;
use weir_store::{Tx, experiments};

use super::objects::{ExperimentObject, KeyValue};
use crate::app::App;
use crate::caller::{Access, Acting};
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::reply::{EMPTY, Empty, Reply};
use crate::wire::{List, Text};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CreateExperiment {
    name: Text,
    #[serde(alias = "artifactLocation")]
    artifact_location: Text,
    tags: List<KeyValue>,
}

#[derive(Serialize)]
pub struct Created {
    experiment_id: String,
}

/// `POST experiments/create`
pub async fn create(
    State(app): State<App>,
    access: Access,
    Json(body): Json<CreateExperiment>,
) -> Result<Reply<Created>> {
    let name = body.name.filled("name")?;
    check_name("name", &name)?;
    let location =
        body.artifact_location.optional("artifact_location")?.filter(|location| !location.is_empty());
    if let Some(location) = &location {
        check_location(location)?;
    }
    let tags = read_tags(body.tags)?;
    let now = app.clock.now();

    let iid = app
        .store
        .write(move |tx| {
            let new = experiments::NewExperiment {
                name: &name,
                artifact_location: location.as_deref(),
                tags: &tags,
                creator_id: access.user_id,
                now,
            };
            experiments::create(tx, access.project_id, &new)
        })
        .await?;
    Ok(Reply(Created { experiment_id: iid.to_string() }))
}

fn read_tags(list: List<KeyValue>) -> StoreResult<Vec<Entry>> {
    let mut tags: Vec<Entry> = Vec::new();
    for (index, item) in list.or_default("tags")?.into_iter().enumerate() {
        let (key, value) = item.read("tags", index)?;
        check_experiment_tag(&key, &value)?;
        if tags.iter().any(|tag| tag.key == key) {
            return Err(Error::invalid(format!("Duplicate tag key '{key}' in 'tags': give each key once")));
        }
        tags.push(Entry { key, value });
    }
    Ok(tags)
}

#[derive(Serialize)]
pub struct OneExperiment {
    experiment: ExperimentObject,
}

fn with_tags(tx: &mut Tx<'_>, experiment: Experiment) -> StoreResult<OneExperiment> {
    let tags = experiments::tags(tx, &[experiment.id])?.remove(&experiment.id);
    Ok(OneExperiment { experiment: ExperimentObject::new(experiment, tags) })
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct GetExperiment {
    experiment_id: Text,
}

/// `GET experiments/get`; deleted ones too.
pub async fn get(
    State(app): State<App>,
    access: Access,
    Query(query): Query<GetExperiment>,
) -> Result<Reply<OneExperiment>> {
    let iid = parse_iid(&query.experiment_id.filled("experiment_id")?)?;
    let found = app
        .store
        .read(move |tx| {
            let experiment = experiments::get(tx, access.project_id, iid)?;
            with_tags(tx, experiment)
        })
        .await?;
    Ok(Reply(found))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct GetByName {
    experiment_name: Text,
}

/// `GET experiments/get-by-name`; deleted ones too.
pub async fn get_by_name(
    State(app): State<App>,
    access: Access,
    Query(query): Query<GetByName>,
) -> Result<Reply<OneExperiment>> {
    let name = query.experiment_name.filled("experiment_name")?;
    let found = app
        .store
        .read(move |tx| {
            let experiment = experiments::by_name(tx, access.project_id, &name)?;
            with_tags(tx, experiment)
        })
        .await?;
    Ok(Reply(found))
}

#[derive(Serialize)]
pub struct AllExperiments {
    experiments: Vec<ExperimentObject>,
}

/// `GET experiments/list`: GitLab has it, newer MLflow has not. Active ones, at most 50,000.
pub async fn list(State(app): State<App>, access: Access) -> Result<Reply<AllExperiments>> {
    let (experiments, _) =
        super::search::find_experiments(&app, super::search::all(access.project_id)).await?;
    Ok(Reply(AllExperiments { experiments }))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct UpdateExperiment {
    #[serde(alias = "experimentId")]
    experiment_id: Text,
    #[serde(alias = "newName")]
    new_name: Text,
}

/// `POST experiments/update`: a new name.
pub async fn update(
    State(app): State<App>,
    access: Access,
    Json(body): Json<UpdateExperiment>,
) -> Result<Reply<Empty>> {
    let iid = parse_iid(&body.experiment_id.filled("experiment_id")?)?;
    let name = body.new_name.filled("new_name")?;
    check_name("new_name", &name)?;
    let now = app.clock.now();
    change(&app, access, iid, move |tx, experiment| experiments::rename(tx, experiment, &name, now)).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ExperimentId {
    #[serde(alias = "experimentId")]
    experiment_id: Text,
}

/// `POST experiments/delete`
pub async fn delete(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<ExperimentId>,
) -> Result<Reply<Empty>> {
    let iid = parse_iid(&body.experiment_id.filled("experiment_id")?)?;
    let now = app.clock.now();
    change(&app, access, iid, move |tx, experiment| {
        experiments::delete(tx, experiment, now)?;
        record(tx, &actor, experiment, Verb::Deleted, now)
    })
    .await
}

/// `POST experiments/restore`
pub async fn restore(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<ExperimentId>,
) -> Result<Reply<Empty>> {
    let iid = parse_iid(&body.experiment_id.filled("experiment_id")?)?;
    let now = app.clock.now();
    change(&app, access, iid, move |tx, experiment| {
        experiments::restore(tx, experiment, now)?;
        record(tx, &actor, experiment, Verb::Restored, now)
    })
    .await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SetExperimentTag {
    #[serde(alias = "experimentId")]
    experiment_id: Text,
    key: Text,
    value: Text,
}

/// `POST experiments/set-experiment-tag`
pub async fn set_tag(
    State(app): State<App>,
    access: Access,
    Json(body): Json<SetExperimentTag>,
) -> Result<Reply<Empty>> {
    let iid = parse_iid(&body.experiment_id.filled("experiment_id")?)?;
    let key = body.key.filled("key")?;
    let value = body.value.or_default("value")?;
    check_experiment_tag(&key, &value)?;
    change(&app, access, iid, move |tx, experiment| {
        experiment.check_active()?;
        experiments::set_tag(tx, experiment.id, &key, &value)
    })
    .await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct DeleteExperimentTag {
    #[serde(alias = "experimentId")]
    experiment_id: Text,
    key: Text,
}

/// `POST experiments/delete-experiment-tag`
pub async fn delete_tag(
    State(app): State<App>,
    access: Access,
    Json(body): Json<DeleteExperimentTag>,
) -> Result<Reply<Empty>> {
    let iid = parse_iid(&body.experiment_id.filled("experiment_id")?)?;
    let key = body.key.filled("key")?;
    change(&app, access, iid, move |tx, experiment| {
        experiment.check_active()?;
        experiments::delete_tag(tx, experiment, &key)
    })
    .await
}

fn record(tx: &mut Tx<'_>, actor: &Actor, experiment: &Experiment, verb: Verb, now: i64) -> StoreResult<()> {
    let target = (&*experiment.iid.to_string(), &*experiment.name);
    audit::of_project(tx, actor, experiment.project_id, (Noun::Experiment, verb), target, now)
}

async fn change(
    app: &App,
    access: Access,
    iid: i64,
    change: impl Fn(&mut Tx<'_>, &Experiment) -> StoreResult<()> + Send + 'static,
) -> Result<Reply<Empty>> {
    app.store
        .write(move |tx| {
            let experiment = experiments::get_locked(tx, access.project_id, iid, true)?;
            change(tx, &experiment)
        })
        .await?;
    Ok(EMPTY)
}
