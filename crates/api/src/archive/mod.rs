//! A folder of artifacts as one zip file, made while it is sent.

mod content;
mod names;
mod zip;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};
use weir_domain::logged_model::ModelId;
use weir_domain::model_version::ModelVersion;
use weir_domain::run::RunId;
use weir_domain::{Error, Result};
use weir_store::files::{self, Leaf, Owner};
use weir_store::{Tx, model_versions, registered_models};

use self::zip::Entry;
use crate::app::App;
use crate::caller::Access;
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Path};
use crate::mlflow::artifacts::{Spot, TreeId, disposition, parse_folder};
use crate::openapi::{ErrorMessage, ProjectPath, Refusals};
use crate::peer::Peer;
use crate::registry::versions::{VersionPath, read_selector};
use crate::reply::too_many;
use crate::seats::{Seat, Sitter};

/// Files of one archive at most: each takes a little memory until the end.
const MOST_FILES: usize = 50_000;
/// Archives that are sent at once: to one user, and to all. Each has the list of its files in memory.
const MOST_OF_USER: usize = 8;
const MOST: usize = 32;

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ArchiveQuery {
    /// The folder, by its path; left out: everything.
    path: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RunPath {
    /// 32 hex digits, as MLflow's clients know it.
    run_id: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct LoggedModelPath {
    /// `m-` and 32 hexadecimal digits.
    model_id: String,
}

/// What is to be sent.
struct Archive {
    /// Without `.zip`.
    name: String,
    leaves: Vec<Leaf>,
    /// The path of the folder that the archive's own folder is in, with its slash.
    above: String,
}

/// How each of these routes may answer, beside [`Refusals`].
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes; nothing is made of it")]
enum Answers {
    /// the zip file; a file that cannot be read ends the connection before its end
    #[response(status = 200, content_type = "application/zip")]
    Zip,
    /// the artifacts are kept elsewhere
    #[response(status = 409)]
    Elsewhere(ErrorMessage),
    /// more files than one archive takes
    #[response(status = 413)]
    TooLarge(ErrorMessage),
    /// too many archives are being downloaded already
    #[response(status = 429)]
    TooMany(ErrorMessage),
}

/// `GET /ml/runs/{run_id}/artifacts.zip`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/runs/{run_id}/artifacts.zip",
    operation_id = "download_run_archive",
    summary = "The artifacts of a run, or a folder of them, as a zip file",
    tag = "artifacts",
    params(ProjectPath, RunPath, ArchiveQuery),
    responses(Answers, Refusals)
)]
pub async fn of_run(
    State(app): State<App>,
    access: Access,
    peer: Peer,
    method: Method,
    Path(path): Path<RunPath>,
    ApiQuery(query): ApiQuery<ArchiveQuery>,
) -> ApiResult<Response> {
    let tree = TreeId::Run(RunId::parse(&path.run_id)?);
    of_tree(&app, &access, &peer, &method, tree, query).await
}

/// `GET /ml/logged-models/{model_id}/artifacts.zip`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/logged-models/{model_id}/artifacts.zip",
    operation_id = "download_logged_model_archive",
    summary = "The files of a logged model, or a folder of them, as a zip file",
    tag = "artifacts",
    params(ProjectPath, LoggedModelPath, ArchiveQuery),
    responses(Answers, Refusals)
)]
pub async fn of_logged_model(
    State(app): State<App>,
    access: Access,
    peer: Peer,
    method: Method,
    Path(path): Path<LoggedModelPath>,
    ApiQuery(query): ApiQuery<ArchiveQuery>,
) -> ApiResult<Response> {
    let tree = TreeId::LoggedModel(ModelId::parse(&path.model_id)?);
    of_tree(&app, &access, &peer, &method, tree, query).await
}

async fn of_tree(
    app: &App,
    access: &Access,
    peer: &Peer,
    method: &Method,
    tree: TreeId,
    query: ArchiveQuery,
) -> ApiResult<Response> {
    let folder = read_folder(query)?;
    let Some(seat) = sit(app, access, peer) else { return Ok(full()) };
    let project_id = access.project_id;
    let archive = app
        .store
        .read(move |tx| {
            let spot = Spot::of(tx, project_id, &tree, None)?;
            collect(tx, spot.tree.owner(), &folder, spot.tree.name())
        })
        .await?;
    Ok(send(app, method, archive, seat)?)
}

/// `GET /ml/models/{name}/versions/{version}/artifacts.zip`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/models/{name}/versions/{version}/artifacts.zip",
    operation_id = "download_model_version_archive",
    summary = "The files of a model version, or a folder of them, as a zip file",
    tag = "artifacts",
    params(ProjectPath, VersionPath, ArchiveQuery),
    responses(Answers, Refusals)
)]
pub async fn of_version(
    State(app): State<App>,
    access: Access,
    peer: Peer,
    method: Method,
    Path(path): Path<VersionPath>,
    ApiQuery(query): ApiQuery<ArchiveQuery>,
) -> ApiResult<Response> {
    let selector = read_selector(&path.version)?;
    let folder = read_folder(query)?;
    let Some(seat) = sit(&app, &access, &peer) else { return Ok(full()) };
    let archive = app
        .store
        .read(move |tx| {
            let model = registered_models::get(tx, access.project_id, &path.name)?;
            let version = model_versions::select(tx, &model, &selector)?;
            check_here(&version)?;
            let name = format!("{}-{}", version.model_name, version.version);
            collect(tx, Owner::Run(version.run_row), &folder, &name)
        })
        .await?;
    Ok(send(&app, &method, archive, seat)?)
}

fn sit(app: &App, access: &Access, peer: &Peer) -> Option<Seat> {
    app.archives.take(Sitter::of(access, peer), MOST_OF_USER, MOST)
}

fn full() -> Response {
    too_many("too many zip files are being downloaded: wait for one to end, or ask again in a while")
}

fn check_here(version: &ModelVersion) -> Result<()> {
    let Some(location) = &version.location else { return Ok(()) };
    Err(Error::Conflict(format!(
        "the files of version {} of the model '{}' are in '{location}', where this server does not look",
        version.version, version.model_name
    )))
}

/// Empty: everything.
fn read_folder(query: ArchiveQuery) -> Result<String> {
    match query.path.filter(|path| !path.is_empty()) {
        Some(path) => Ok(parse_folder(&path)?.as_str().to_owned()),
        None => Ok(String::new()),
    }
}

fn collect(tx: &mut Tx<'_>, owner: Owner, folder: &str, name: &str) -> Result<Archive> {
    // One more, to see that there are too many.
    let leaves = files::below(tx, owner, folder, MOST_FILES as i64 + 1)?;
    if leaves.len() > MOST_FILES {
        return Err(Error::TooLarge(format!(
            "there are more than {MOST_FILES} files below '{folder}': download one of its folders, or file by file"
        )));
    }
    if leaves.is_empty() && !folder.is_empty() {
        return Err(match files::find(tx, owner, folder)? {
            Some(_) => Error::Invalid(format!("'{folder}' is a file: download it as it is")),
            None => Error::NotFound(format!("No such folder: '{folder}'")),
        });
    }
    let (above, own) = folder.rsplit_once('/').map_or(("", folder), |(above, own)| (above, own));
    let name = if own.is_empty() { name.to_owned() } else { format!("{name}-{own}") };
    let above = if above.is_empty() { String::new() } else { format!("{above}/") };
    Ok(Archive { name, leaves, above })
}

fn send(app: &App, method: &Method, archive: Archive, seat: Seat) -> Result<Response> {
    let Archive { name, leaves, above } = archive;
    let names = names::safe_names(leaves.iter().map(|leaf| &leaf.path[above.len()..]))?;
    let mut entries = Vec::with_capacity(leaves.len());
    for (leaf, name) in leaves.iter().zip(names) {
        let size = u64::try_from(leaf.size_bytes).map_err(Error::internal)?;
        entries.push(Entry::new(name, size, leaf.modified_at));
    }
    let length = zip::length(&entries);
    let file_name: String =
        name.chars().map(|character| if matches!(character, '/' | '\\') { '_' } else { character }).collect();
    let disposition = disposition(&format!("{file_name}.zip"));
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_LENGTH, length.into());
    let disposition = HeaderValue::from_str(&disposition).map_err(Error::internal)?;
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if method == Method::GET {
        let locations = leaves.into_iter().map(|leaf| leaf.location);
        let files = entries.into_iter().zip(locations).collect();
        *response.body_mut() = Body::from_stream(content::stream(app.blobs.clone(), files, seat));
    }
    Ok(response)
}
