//! A model version, whole: what it is, where it comes from, what its files hold; and publishing it.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::model_version::ModelVersion;
use weir_domain::registered_model::RegisteredModel;
use weir_domain::selector::Selector;
use weir_domain::source::Source;
use weir_domain::value::Entry;
use weir_domain::{Error, Result};
use weir_store::files::{self, Owner};
use weir_store::keys::KeyNames;
use weir_store::{Tx, aliases, model_versions, registered_models};

use super::describe::MlModelInfo;
use super::model_file::{self, Located};
use crate::app::App;
use crate::caller::{Access, Acting};
use crate::ci::provenance::{self, ProvenanceInfo};
use crate::error::ApiResult;
use crate::extract::Path;
use crate::openapi::{ErrorMessage, ProjectPath, Refusals};
use crate::reply::Reply;
use crate::time::Time;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct VersionPath {
    /// Of the registered model.
    pub name: String,
    /// MLflow's number, a SemVer, a range, `latest`, a stage or an alias.
    pub version: String,
}

#[derive(Serialize, ToSchema)]
pub struct VersionInfo {
    model: String,
    /// MLflow's version.
    number: i64,
    /// SemVer.
    version: String,
    description: String,
    stage: &'static str,
    aliases: Vec<String>,
    tags: Vec<TagInfo>,
    run_id: String,
    artifact_uri: String,
    source: SourceInfo,
    created_at: Time,
    #[schema(required = true)]
    created_by: Option<String>,
    updated_at: Time,
    #[schema(required = true)]
    published_at: Option<Time>,
    #[schema(required = true)]
    published_by: Option<String>,
    /// `sha256:<hex>` over all files, once it is published.
    #[schema(required = true)]
    digest: Option<String>,
    files: FilesInfo,
    /// Where the run that the version is comes from.
    provenance: ProvenanceInfo,
    /// `null` when there is no such file, or it cannot be read.
    #[schema(required = true)]
    mlmodel: Option<MlModelInfo>,
    /// Why it cannot be read.
    #[schema(required = true)]
    mlmodel_warning: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct TagInfo {
    key: String,
    value: String,
}

/// What the version was made from.
#[derive(Serialize, ToSchema)]
struct SourceInfo {
    /// As the client sent it.
    uri: String,
    run_link: String,
    #[schema(required = true)]
    run_id: Option<String>,
    #[schema(required = true)]
    logged_model_id: Option<String>,
    #[schema(required = true)]
    model_version: Option<SourceVersion>,
}

/// The version in the source: `version` is what stands there, so a number, a SemVer, an alias and so on.
#[derive(Serialize, ToSchema)]
struct SourceVersion {
    model: String,
    version: String,
}

#[derive(Serialize, ToSchema)]
struct FilesInfo {
    count: i64,
    size_bytes: i64,
}

/// A version and what the database knows beside it.
struct Loaded {
    version: ModelVersion,
    aliases: Vec<String>,
    tags: Vec<Entry>,
    files: FilesInfo,
    provenance: ProvenanceInfo,
    described: Result<Option<Located>>,
}

/// A number, a SemVer or any other selector; `@` before an alias is fine.
pub fn read_selector(text: &str) -> Result<Selector> {
    match text.strip_prefix('@') {
        Some(alias) => Selector::of_alias(alias),
        None => Selector::of_stage(text),
    }
}

/// The model and the version of it that `selector` means.
pub fn find(
    tx: &mut Tx<'_>,
    project_id: i64,
    name: &str,
    selector: &Selector,
) -> Result<(RegisteredModel, ModelVersion)> {
    let model = registered_models::get(tx, project_id, name)?;
    let version = model_versions::select(tx, &model, selector)?;
    Ok((model, version))
}

/// Why nothing is known of the files of a version that are elsewhere.
fn elsewhere(version: &ModelVersion) -> Option<String> {
    let location = version.location.as_ref()?;
    Some(format!(
        "the files of version {} of the model '{}' are in '{location}', where this server does not look",
        version.version, version.model_name
    ))
}

/// A description that cannot be located (there are several, or it is elsewhere) keeps nobody from the rest.
pub fn locate(tx: &mut Tx<'_>, version: &ModelVersion) -> Result<Result<Option<Located>>> {
    if let Some(sentence) = elsewhere(version) {
        return Ok(Err(Error::Conflict(sentence)));
    }
    match model_file::locate(tx, Owner::Run(version.run_row)) {
        Err(error @ Error::Conflict(_)) => Ok(Err(error)),
        found => found.map(Ok),
    }
}

fn load(tx: &mut Tx<'_>, names: &KeyNames, version: ModelVersion) -> Result<Loaded> {
    let id = version.id;
    let aliases = aliases::of_versions(tx, &[id])?.remove(&id).unwrap_or_default();
    let tags = model_versions::tags(tx, &[id])?.remove(&id).unwrap_or_default();
    let (count, size_bytes) = files::totals(tx, Owner::Run(version.run_row))?;
    let described = locate(tx, &version)?;
    let files = FilesInfo { count, size_bytes };
    let provenance = provenance::load(tx, names, version.run_row)?;
    Ok(Loaded { version, aliases, tags, files, provenance, described })
}

/// `GET /ml/models/{name}/versions/{version}`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/models/{name}/versions/{version}",
    operation_id = "get_model_version",
    summary = "A model version, whole",
    tag = "model registry",
    params(ProjectPath, VersionPath),
    responses(
        (status = 200, description = "the version", body = VersionInfo),
        Refusals
    )
)]
pub async fn get(
    State(app): State<App>,
    access: Access,
    Path(path): Path<VersionPath>,
) -> ApiResult<Reply<VersionInfo>> {
    let selector = read_selector(&path.version)?;
    let names = app.store.key_names();
    let loaded = app
        .store
        .read(move |tx| {
            let (_, version) = find(tx, access.project_id, &path.name, &selector)?;
            load(tx, &names, version)
        })
        .await?;
    Ok(Reply(info(&app, loaded).await))
}

/// `POST /ml/models/{name}/versions/{version}/publish`: the version's files, params and metrics stay as they are from
/// here on.
#[utoipa::path(
    post,
    path = "/api/v4/projects/{project}/ml/models/{name}/versions/{version}/publish",
    operation_id = "publish_model_version",
    summary = "Publish a version: its files, params and metrics stay as they are from then on",
    tag = "model registry",
    params(ProjectPath, VersionPath),
    responses(
        (status = 200, description = "the version", body = VersionInfo),
        Refusals,
        (status = 409, description = "published already", body = ErrorMessage)
    )
)]
pub async fn publish(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Path(path): Path<VersionPath>,
) -> ApiResult<Reply<VersionInfo>> {
    let selector = read_selector(&path.version)?;
    let (by, now) = (access.signature(), app.clock.now());
    let names = app.store.key_names();
    let loaded = app
        .store
        .write(move |tx| {
            let model = registered_models::get_locked(tx, access.project_id, &path.name)?;
            let version = model_versions::select(tx, &model, &selector)?;
            let version = model_versions::publish(tx, &version, &actor, now)?;
            by.leave(tx, version.run_row, now)?;
            load(tx, &names, version)
        })
        .await?;
    Ok(Reply(info(&app, loaded).await))
}

/// `GET /ml/models/{name}/versions/{version}/mlmodel`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/models/{name}/versions/{version}/mlmodel",
    operation_id = "get_model_version_mlmodel",
    summary = "What the MLmodel file of a version says",
    tag = "model registry",
    params(ProjectPath, VersionPath),
    responses(
        (status = 200, description = "the description", body = MlModelInfo),
        Refusals,
        (status = 409, description = "several MLmodel files", body = ErrorMessage),
        (status = 413, description = "more than is read", body = ErrorMessage)
    )
)]
pub async fn mlmodel(
    State(app): State<App>,
    access: Access,
    Path(path): Path<VersionPath>,
) -> ApiResult<Reply<MlModelInfo>> {
    let selector = read_selector(&path.version)?;
    let (version, located) = app
        .store
        .read(move |tx| {
            let (_, version) = find(tx, access.project_id, &path.name, &selector)?;
            if let Some(sentence) = elsewhere(&version) {
                return Err(Error::NotFound(sentence));
            }
            let located = model_file::locate(tx, Owner::Run(version.run_row))?;
            Ok((version, located))
        })
        .await?;
    let what =
        || model_file::none(&format!("version {} of the model '{}'", version.version, version.model_name));
    Ok(Reply(model_file::read(&app, located.ok_or_else(what)?).await?.into()))
}

async fn info(app: &App, loaded: Loaded) -> VersionInfo {
    let Loaded { version, aliases, tags, files, provenance, described } = loaded;
    let (file, mlmodel_warning) = model_file::read_or_warn(app, described).await;
    let artifact_uri = version.artifact_uri();
    let tag = |Entry { key, value }| TagInfo { key, value };
    VersionInfo {
        source: source(&version),
        model: version.model_name,
        number: version.number,
        version: version.version,
        description: version.description,
        stage: version.stage.name(),
        aliases,
        tags: tags.into_iter().map(tag).collect(),
        run_id: version.run_id.as_str().to_owned(),
        artifact_uri,
        created_at: Time(version.created_at),
        created_by: version.creator,
        updated_at: Time(version.updated_at),
        published_at: version.published_at.map(Time),
        published_by: version.publisher,
        digest: version.digest.map(|digest| format!("sha256:{}", hex::encode(digest))),
        files,
        provenance,
        mlmodel: file.map(Into::into),
        mlmodel_warning,
    }
}

fn source(version: &ModelVersion) -> SourceInfo {
    let model_version = match Source::parse(&version.source, version.is_prompt) {
        Ok(Source::Version { model, selector }) => {
            Some(SourceVersion { model, version: selector.to_string() })
        }
        _ => None,
    };
    SourceInfo {
        uri: version.source.clone(),
        run_link: version.run_link.clone(),
        run_id: version.source_run_id.clone(),
        logged_model_id: version.source_model_id.clone(),
        model_version,
    }
}
