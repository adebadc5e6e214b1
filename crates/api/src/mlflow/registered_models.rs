//! Registered models: creation, names, descriptions, tags, and their latest versions.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use weir_domain::audit::{Noun, Verb};
use weir_domain::model_version::ModelVersion;
use weir_domain::registered_model::{RegisteredModel, check_description, check_name};
use weir_domain::selector::Selector;
use weir_domain::{Error, Result as DomainResult};
use weir_store::audit::acts as audit;
use weir_store::{Tx, model_versions, registered_models};

use super::model_objects::{
    ModelVersionObject, RegisteredModelObject, load_models, load_versions, read_tag, read_tags,
    sizes_of_versions, with_latest,
};
use super::objects::KeyValue;
use super::search::PAGE_BYTES;
use crate::app::App;
use crate::caller::{Access, Acting};
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::reply::{EMPTY, Empty, Reply};
use crate::wire::{List, Text};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CreateRegisteredModel {
    name: Text,
    description: Text,
    tags: List<KeyValue>,
}

#[derive(Serialize)]
pub struct OneModel {
    registered_model: RegisteredModelObject,
}

fn answer(tx: &mut Tx<'_>, model: RegisteredModel) -> DomainResult<OneModel> {
    let models = with_latest(tx, vec![model])?;
    let object = load_models(tx, models)?.pop();
    let registered_model = object.ok_or_else(|| Error::internal("a registered model was not read"))?;
    Ok(OneModel { registered_model })
}

/// `POST registered-models/create`
pub async fn create(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<CreateRegisteredModel>,
) -> Result<Reply<OneModel>> {
    let name = body.name.filled("name")?;
    check_name(&name)?;
    let description = body.description.or_default("description")?;
    check_description(&description)?;
    let tags = read_tags(body.tags)?;
    let now = app.clock.now();

    let made = app
        .store
        .write(move |tx| {
            let new = registered_models::NewModel {
                name: &name,
                description: &description,
                tags: &tags,
                creator: &actor,
                now,
            };
            let model = registered_models::create(tx, access.project_id, &new)?;
            answer(tx, model)
        })
        .await?;
    Ok(Reply(made))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ModelName {
    name: Text,
}

/// `GET registered-models/get`; most calls of MLflow's client begin with it.
pub async fn get(
    State(app): State<App>,
    access: Access,
    Query(query): Query<ModelName>,
) -> Result<Reply<OneModel>> {
    let name = query.name.filled("name")?;
    let found = app
        .store
        .read(move |tx| {
            let model = registered_models::get(tx, access.project_id, &name)?;
            answer(tx, model)
        })
        .await?;
    Ok(Reply(found))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct UpdateModel {
    name: Text,
    description: Text,
}

/// `PATCH registered-models/update`: an absent description clears it, as in MLflow.
pub async fn update(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<UpdateModel>,
) -> Result<Reply<OneModel>> {
    let name = body.name.filled("name")?;
    let description = body.description.or_default("description")?;
    check_description(&description)?;
    let now = app.clock.now();
    let updated = app
        .store
        .write(move |tx| {
            let model = registered_models::get_locked(tx, access.project_id, &name)?;
            registered_models::set_description(tx, &model, &description, &actor, now)?;
            let model = registered_models::get(tx, access.project_id, &name)?;
            answer(tx, model)
        })
        .await?;
    Ok(Reply(updated))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct RenameModel {
    name: Text,
    #[serde(alias = "newName")]
    new_name: Text,
}

/// `POST registered-models/rename`
pub async fn rename(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<RenameModel>,
) -> Result<Reply<OneModel>> {
    let name = body.name.filled("name")?;
    let new_name = body.new_name.filled("new_name")?;
    check_name(&new_name)?;
    let may_unseal = access.standing.may_unseal();
    let now = app.clock.now();
    let renamed = app
        .store
        .write(move |tx| {
            let model = registered_models::get_locked(tx, access.project_id, &name)?;
            registered_models::rename(tx, &model, &new_name, may_unseal, &actor, now)?;
            let model = registered_models::get(tx, access.project_id, &new_name)?;
            answer(tx, model)
        })
        .await?;
    Ok(Reply(renamed))
}

/// `DELETE registered-models/delete`: for good, with all its versions.
pub async fn delete(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<ModelName>,
) -> Result<Reply<Empty>> {
    let name = body.name.filled("name")?;
    let may_unseal = access.standing.may_unseal();
    let now = app.clock.now();
    change(&app, access, name, move |tx, model| {
        registered_models::delete(tx, model, may_unseal, now)?;
        let act = (Noun::Model, Verb::Destroyed);
        audit::of_project(tx, &actor, model.project_id, act, (&model.name, &model.name), now)
    })
    .await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LatestVersions {
    name: Text,
    stages: List<Text>,
}

#[derive(Serialize)]
pub struct Versions {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    model_versions: Vec<ModelVersionObject>,
}

/// `POST registered-models/get-latest-versions`
pub async fn latest_versions(
    State(app): State<App>,
    access: Access,
    Json(body): Json<LatestVersions>,
) -> Result<Reply<Versions>> {
    find_latest(&app, access, body).await
}

/// `GET registered-models/get-latest-versions`
pub async fn latest_versions_by_query(
    State(app): State<App>,
    access: Access,
    Query(query): Query<LatestVersions>,
) -> Result<Reply<Versions>> {
    find_latest(&app, access, query).await
}

/// Each of `stages` is a stage (its highest version, or none), or any other selector, which has to match: MLflow's
/// client sends whatever stands in `models:/<name>/…` as a stage.
async fn find_latest(app: &App, access: Access, asked: LatestVersions) -> Result<Reply<Versions>> {
    let name = asked.name.filled("name")?;
    let selectors = read_stages(asked.stages)?;
    let model_versions = app
        .store
        .read(move |tx| {
            let model = registered_models::get(tx, access.project_id, &name)?;
            let mut each = model_versions::latest(tx, &[model.id])?.remove(&model.id).unwrap_or_default();
            if !selectors.is_empty() {
                let mut chosen = Vec::new();
                for selector in &selectors {
                    match selector {
                        Selector::Stage(stage) => {
                            chosen.extend(each.iter().filter(|version| version.stage == *stage).cloned());
                        }
                        other => chosen.push(model_versions::select(tx, &model, other)?),
                    }
                }
                each = chosen;
            }
            each.sort_by_key(|version| version.number);
            each.dedup_by_key(|version| version.id);
            check_answer(tx, &each)?;
            load_versions(tx, each)
        })
        .await?;
    Ok(Reply(Versions { model_versions }))
}

/// This answer has no pages: what does not fit into one of a search is refused.
fn check_answer(tx: &mut Tx<'_>, versions: &[ModelVersion]) -> DomainResult<()> {
    let size_bytes: usize = sizes_of_versions(tx, &versions.iter().collect::<Vec<_>>())?.into_iter().sum();
    if size_bytes > PAGE_BYTES {
        return Err(Error::Invalid(format!(
            "'stages' selects {} versions of {size_bytes} bytes together, and an answer has at most {PAGE_BYTES}: ask for fewer at a time",
            versions.len()
        )));
    }
    Ok(())
}

/// Selectors of one request at most: each is looked up by itself.
const MOST_STAGES: usize = 100;

/// The selectors, each once.
fn read_stages(stages: List<Text>) -> DomainResult<Vec<Selector>> {
    let stages = stages.or_default("stages")?;
    if stages.len() > MOST_STAGES {
        return Err(Error::Invalid(format!(
            "'stages' has {} elements, and at most {MOST_STAGES} are allowed",
            stages.len()
        )));
    }
    let mut selectors = Vec::with_capacity(stages.len());
    for (index, stage) in stages.into_iter().enumerate() {
        let selector = Selector::of_stage(&stage.required(format!("stages[{index}]"))?)?;
        if !selectors.contains(&selector) {
            selectors.push(selector);
        }
    }
    Ok(selectors)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SetModelTag {
    name: Text,
    key: Text,
    value: Text,
}

/// `POST registered-models/set-tag`
pub async fn set_tag(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<SetModelTag>,
) -> Result<Reply<Empty>> {
    let name = body.name.filled("name")?;
    let tag = read_tag(body.key, body.value)?;
    let now = app.clock.now();
    change(&app, access, name, move |tx, model| registered_models::set_tag(tx, model, &tag, &actor, now))
        .await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct DeleteModelTag {
    name: Text,
    key: Text,
}

/// `DELETE registered-models/delete-tag`; one that is not there is fine.
pub async fn delete_tag(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<DeleteModelTag>,
) -> Result<Reply<Empty>> {
    let name = body.name.filled("name")?;
    let key = body.key.filled("key")?;
    let now = app.clock.now();
    change(&app, access, name, move |tx, model| registered_models::delete_tag(tx, model, &key, &actor, now))
        .await
}

/// Does `change` to a model that nobody else changes meanwhile.
pub(super) async fn change(
    app: &App,
    access: Access,
    name: String,
    change: impl Fn(&mut Tx<'_>, &RegisteredModel) -> DomainResult<()> + Send + 'static,
) -> Result<Reply<Empty>> {
    app.store
        .write(move |tx| {
            let model = registered_models::get_locked(tx, access.project_id, &name)?;
            change(tx, &model)
        })
        .await?;
    Ok(EMPTY)
}
