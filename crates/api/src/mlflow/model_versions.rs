//! Versions of registered models: creation and promotion, stages, descriptions, tags, and where their files are.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use weir_domain::Result as DomainResult;
use weir_domain::key::check_text;
use weir_domain::model_version::{ModelVersion, check_run_link};
use weir_domain::registered_model::{PROMPT_TAG, VERSION_TAG, check_description};
use weir_domain::run::RunId;
use weir_domain::source::Source;
use weir_domain::stage::Stage;
use weir_domain::value::Entry;
use weir_domain::version::Version;
use weir_store::runs::NAME_TAG;
use weir_store::{Tx, model_versions, registered_models};

use super::logged_models::registrations;
use super::model_objects::{OneVersion, load_version, made_version, read_tag, read_tags, read_version};
use super::objects::KeyValue;
use crate::app::{App, random};
use crate::caller::{Access, Acting};
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::reply::{EMPTY, Empty, Reply};
use crate::wire::{Field, List, Text};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CreateModelVersion {
    name: Text,
    source: Text,
    #[serde(alias = "runId")]
    run_id: Text,
    #[serde(alias = "modelId")]
    model_id: Text,
    tags: List<KeyValue>,
    #[serde(alias = "runLink")]
    run_link: Text,
    description: Text,
}

/// What a request for a version says, read and checked.
#[derive(Clone)]
struct Wanted {
    name: String,
    version: Option<Version>,
    source: Source,
    source_text: String,
    run_id: Option<RunId>,
    model_id: Option<String>,
    tags: Vec<Entry>,
    is_prompt: bool,
    run_link: String,
    description: String,
}

/// `POST model-versions/create`
pub async fn create(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<CreateModelVersion>,
) -> Result<Reply<OneVersion>> {
    let wanted = read_wanted(body)?;
    let name_key = app.store.intern(&[NAME_TAG]).await?.pop().unwrap_or_default();
    let now = app.clock.now();
    let new_run_id = RunId::new(now, random()?);

    let tags = wanted.tags.clone();
    let by = access.signature();
    let version = app
        .store
        .write(move |tx| {
            let new = model_versions::NewVersion {
                model: &wanted.name,
                version: wanted.version.as_ref(),
                source: &wanted.source,
                source_text: &wanted.source_text,
                run_id: wanted.run_id.as_ref(),
                model_id: wanted.model_id.as_deref(),
                description: &wanted.description,
                run_link: &wanted.run_link,
                tags: &wanted.tags,
                is_prompt: wanted.is_prompt,
                new_run_id: &new_run_id,
                name_key,
                creator: &actor,
                now,
            };
            let version = model_versions::create(tx, access.project_id, &new)?;
            if let Some(model_id) = &version.source_model_id {
                registrations::add(tx, access.project_id, model_id, &version.model_name, version.number)?;
            }
            by.leave_on_new(tx, version.run_row, now)?;
            Ok(version)
        })
        .await?;
    Ok(Reply(OneVersion { model_version: made_version(version, tags) }))
}

fn read_wanted(body: CreateModelVersion) -> DomainResult<Wanted> {
    let name = body.name.filled("name")?;
    let mut tags = read_tags(body.tags)?;
    let is_prompt = tags.iter().any(|tag| tag.key == PROMPT_TAG && tag.value == "true");
    let mut version = None;
    if let Some(at) = tags.iter().position(|tag| tag.key == VERSION_TAG) {
        // Kept as the version itself, and shown as a tag again.
        version = Some(Version::parse(&tags.swap_remove(at).value)?);
    }
    // As they are read back.
    tags.sort_by(|a, b| a.key.cmp(&b.key));
    // GitLab's clients may leave it out.
    let source_text = body.source.or_default("source")?;
    let run_id = body.run_id.optional("run_id")?.filter(|id| !id.is_empty());
    let run_link = body.run_link.or_default("run_link")?;
    check_run_link(&run_link)?;
    let description = body.description.or_default("description")?;
    check_description(&description)?;
    Ok(Wanted {
        name,
        version,
        source: Source::parse(&source_text, is_prompt)?,
        source_text,
        run_id: run_id.map(|id| RunId::parse(&id)).transpose()?,
        model_id: body.model_id.optional("model_id")?.filter(|id| !id.is_empty()),
        tags,
        is_prompt,
        run_link,
        description,
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct OneNamedVersion {
    name: Text,
    version: Text,
}

/// `GET model-versions/get`
pub async fn get(
    State(app): State<App>,
    access: Access,
    Query(query): Query<OneNamedVersion>,
) -> Result<Reply<OneVersion>> {
    let name = query.name.filled("name")?;
    let selector = read_version(query.version)?;
    let model_version = app
        .store
        .read(move |tx| {
            let model = registered_models::get(tx, access.project_id, &name)?;
            let version = model_versions::select(tx, &model, &selector)?;
            load_version(tx, version)
        })
        .await?;
    Ok(Reply(OneVersion { model_version }))
}

#[derive(Serialize)]
pub struct DownloadUri {
    artifact_uri: String,
}

/// `GET model-versions/get-download-uri`
pub async fn get_download_uri(
    State(app): State<App>,
    access: Access,
    Query(query): Query<OneNamedVersion>,
) -> Result<Reply<DownloadUri>> {
    let name = query.name.filled("name")?;
    let selector = read_version(query.version)?;
    let artifact_uri = app
        .store
        .read(move |tx| {
            let model = registered_models::get(tx, access.project_id, &name)?;
            Ok(model_versions::select(tx, &model, &selector)?.artifact_uri())
        })
        .await?;
    Ok(Reply(DownloadUri { artifact_uri }))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct UpdateVersion {
    name: Text,
    version: Text,
    description: Text,
}

/// `PATCH model-versions/update`: an absent description clears it, as in MLflow.
pub async fn update(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<UpdateVersion>,
) -> Result<Reply<OneVersion>> {
    let description = body.description.or_default("description")?;
    check_description(&description)?;
    let now = app.clock.now();
    let model_version = change(&app, access, body.name, body.version, move |tx, version| {
        model_versions::set_description(tx, version, &description, &actor, now)?;
        let updated = ModelVersion { description: description.clone(), updated_at: now, ..version.clone() };
        load_version(tx, updated)
    })
    .await?;
    Ok(Reply(OneVersion { model_version }))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct TransitionStage {
    name: Text,
    version: Text,
    stage: Text,
    #[serde(alias = "archiveExistingVersions")]
    archive_existing_versions: Field<bool>,
}

/// `POST model-versions/transition-stage`
pub async fn transition_stage(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<TransitionStage>,
) -> Result<Reply<OneVersion>> {
    let stage = Stage::parse(&body.stage.filled("stage")?)?;
    let archive = body.archive_existing_versions.or_default("archive_existing_versions")?;
    let now = app.clock.now();
    let model_version = change(&app, access, body.name, body.version, move |tx, version| {
        let moved = model_versions::move_to(tx, version, stage, archive, &actor, now)?;
        load_version(tx, moved)
    })
    .await?;
    Ok(Reply(OneVersion { model_version }))
}

/// `DELETE model-versions/delete`: for good, with its run and files.
pub async fn delete(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<OneNamedVersion>,
) -> Result<Reply<Empty>> {
    let may_unseal = access.standing.may_unseal();
    let now = app.clock.now();
    change(&app, access, body.name, body.version, move |tx, version| {
        model_versions::delete(tx, version, may_unseal, &actor, now)
    })
    .await?;
    Ok(EMPTY)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SetVersionTag {
    name: Text,
    version: Text,
    key: Text,
    value: Text,
}

/// `POST model-versions/set-tag`
pub async fn set_tag(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<SetVersionTag>,
) -> Result<Reply<Empty>> {
    let tag = read_tag(body.key, body.value)?;
    let now = app.clock.now();
    change(&app, access, body.name, body.version, move |tx, version| {
        model_versions::set_tag(tx, version, &tag, &actor, now)
    })
    .await?;
    Ok(EMPTY)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct DeleteVersionTag {
    name: Text,
    version: Text,
    key: Text,
}

/// `DELETE model-versions/delete-tag`; one that is not there is fine.
pub async fn delete_tag(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<DeleteVersionTag>,
) -> Result<Reply<Empty>> {
    let key = body.key.filled("key")?;
    check_text("key", &key)?;
    let now = app.clock.now();
    change(&app, access, body.name, body.version, move |tx, version| {
        model_versions::delete_tag(tx, version, &key, &actor, now)
    })
    .await?;
    Ok(EMPTY)
}

/// Does `change` to a version of a model; nobody else changes either meanwhile.
async fn change<T: Send + 'static>(
    app: &App,
    access: Access,
    name: Text,
    version: Text,
    change: impl Fn(&mut Tx<'_>, &ModelVersion) -> DomainResult<T> + Send + 'static,
) -> DomainResult<T> {
    let name = name.filled("name")?;
    let selector = read_version(version)?;
    let (by, now) = (access.signature(), app.clock.now());
    app.store
        .write(move |tx| {
            let model = registered_models::get_locked(tx, access.project_id, &name)?;
            let version = model_versions::select(tx, &model, &selector)?;
            // Before the change: one that was deleted takes no signature.
            by.leave(tx, version.run_row, now)?;
            change(tx, &version)
        })
        .await
}
