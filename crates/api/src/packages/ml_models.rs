//! `packages/ml_models/…`: the files of a model version or of a run, as GitLab's page and older clients address them.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use weir_domain::Result;
use weir_domain::artifact::ArtifactPath;
use weir_domain::package::check_model_file_name;

use super::files::{self, Created, PackageFileWishes};
use super::target::Target;
use crate::app::App;
use crate::caller::Access;
use crate::error::ApiResult;
use crate::extract::Path;
use crate::openapi::{ErrorMessage, ProjectPath, Refusals};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MlModelPath {
    /// The id of a model version, as packages tell it, or `candidate:<number of a run in its project>`.
    model_version_id: String,
    /// Folders and the file's name; slashes may be plain or `%2F`.
    path: String,
}

impl MlModelPath {
    fn read(self) -> Result<(Target, ArtifactPath)> {
        Ok((Target::of_ml_model(&self.model_version_id)?, ArtifactPath::parse(&self.path)?))
    }
}

/// `PUT /packages/ml_models/{model_version_id}/files/{*path}`
#[utoipa::path(
    put,
    path = "/api/v4/projects/{project}/packages/ml_models/{model_version_id}/files/{path}",
    operation_id = "upload_ml_model_file",
    summary = "Put a file into a model version or a run",
    tag = "packages",
    params(ProjectPath, MlModelPath, PackageFileWishes),
    request_body(
        content = Vec<u8>,
        content_type = "application/octet-stream",
        description = "the file; or a form (multipart/form-data) with the file in its field `file`"
    ),
    responses(
        (status = 201, description = "put", body = Created),
        (status = 200, description = "put, with `select=package_file`", body = super::package_files::PackageFile),
        Refusals,
        (status = 409, description = "the version is published, or a folder is in the way", body = ErrorMessage)
    )
)]
pub async fn upload(
    State(app): State<App>,
    access: Access,
    Path(mut path): Path<MlModelPath>,
    request: Request,
) -> ApiResult<Response> {
    let authorizes = files::takes_authorize(&mut path.path, &request);
    let (target, path) = path.read()?;
    check_model_file_name(path.file_name())?;
    Ok(files::put(&app, &access, target, path, authorizes, request).await?)
}

/// `GET /packages/ml_models/{model_version_id}/files/{*path}`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/packages/ml_models/{model_version_id}/files/{path}",
    operation_id = "download_ml_model_file",
    summary = "A file of a model version or a run; of a public project without a token",
    tag = "packages",
    params(ProjectPath, MlModelPath),
    responses(
        (status = 200, description = "the file", body = Vec<u8>, content_type = "application/octet-stream"),
        Refusals
    )
)]
pub async fn download(
    State(app): State<App>,
    access: Access,
    Path(path): Path<MlModelPath>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let (target, path) = path.read()?;
    Ok(files::get(&app, &access, target, path, &method, &headers).await?)
}
