//! `packages/generic/…`: files under a name and a version. Those that GitLab gave runs are the runs' own files here too.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use weir_domain::Result;
use weir_domain::artifact::ArtifactPath;

use super::files::{self, Created, PackageFileWishes};
use super::target::Target;
use crate::app::App;
use crate::caller::Access;
use crate::error::ApiResult;
use crate::extract::Path;
use crate::openapi::{ErrorMessage, ProjectPath, Refusals};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct GenericPath {
    /// Letters, digits, `.`, `_`, `-` and `+`. `ml_experiment_<number>` with the number of a run as version is that run.
    package_name: String,
    /// The same characters.
    package_version: String,
    /// Folders and the file's name; slashes may be plain or `%2F`.
    path: String,
}

impl GenericPath {
    fn read(self) -> Result<(Target, ArtifactPath)> {
        let target = Target::of_generic(self.package_name, self.package_version)?;
        Ok((target, ArtifactPath::parse(&self.path)?))
    }
}

/// `PUT /packages/generic/{package_name}/{package_version}/{*path}`
#[utoipa::path(
    put,
    path = "/api/v4/projects/{project}/packages/generic/{package_name}/{package_version}/{path}",
    operation_id = "upload_generic_package_file",
    summary = "Put a file into a generic package, which is made when there is none",
    tag = "packages",
    params(ProjectPath, GenericPath, PackageFileWishes),
    request_body(
        content = Vec<u8>,
        content_type = "application/octet-stream",
        description = "the file; or a form (multipart/form-data) with the file in its field `file`"
    ),
    responses(
        (status = 201, description = "put", body = Created),
        (status = 200, description = "put, with `select=package_file`", body = super::package_files::PackageFile),
        Refusals,
        (status = 409, description = "the run is a published version, or a folder is in the way", body = ErrorMessage)
    )
)]
pub async fn upload(
    State(app): State<App>,
    access: Access,
    Path(mut path): Path<GenericPath>,
    request: Request,
) -> ApiResult<Response> {
    let authorizes = files::takes_authorize(&mut path.path, &request);
    let (target, path) = path.read()?;
    Ok(files::put(&app, &access, target, path, authorizes, request).await?)
}

/// `GET /packages/generic/{package_name}/{package_version}/{*path}`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/packages/generic/{package_name}/{package_version}/{path}",
    operation_id = "download_generic_package_file",
    summary = "A file of a generic package; of a public project without a token",
    tag = "packages",
    params(ProjectPath, GenericPath),
    responses(
        (status = 200, description = "the file", body = Vec<u8>, content_type = "application/octet-stream"),
        Refusals
    )
)]
pub async fn download(
    State(app): State<App>,
    access: Access,
    Path(path): Path<GenericPath>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let (target, path) = path.read()?;
    Ok(files::get(&app, &access, target, path, &method, &headers).await?)
}
