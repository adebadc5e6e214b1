//! The files of a package by number: listing and deleting.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::Result;
use weir_domain::audit::{Noun, Verb};
use weir_domain::package::{bad_value, file_id};
use weir_store::audit::acts as audit;
use weir_store::files::{File, Order};
use weir_store::{Tx, packages};

use super::list::{PackagePath, check_deletes, descending, find};
use super::target::not_found;
use crate::app::App;
use crate::caller::{Access, Acting};
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Path};
use crate::openapi::{ErrorMessage, ProjectPath, Refusals};
use crate::rest::paging::{PageQuery, Paging};
use crate::time::Time;
use crate::wire::Text;

#[derive(Serialize, ToSchema)]
pub struct PackageFile {
    /// Of these bytes at this place: a file that is put again has another.
    id: i64,
    package_id: i64,
    created_at: Time,
    /// With the folders that it is in.
    file_name: String,
    size: i64,
    /// Always null: only SHA-256 is kept.
    #[schema(required = true)]
    file_md5: Option<String>,
    /// Always null: only SHA-256 is kept.
    #[schema(required = true)]
    file_sha1: Option<String>,
    file_sha256: String,
}

impl PackageFile {
    pub fn new(package_id: i64, file: File) -> Self {
        Self {
            id: file_id(package_id, &file.path, &file.sha256),
            package_id,
            created_at: Time(file.modified_at),
            file_name: file.path,
            size: file.size_bytes,
            file_md5: None,
            file_sha1: None,
            file_sha256: hex::encode(file.sha256),
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ListPackageFiles {
    /// `created_at` (when it is not said; `id` is the same) or `file_name`.
    #[param(value_type = Option<String>)]
    order_by: Text,
    /// `asc` (when it is not said) or `desc`.
    #[param(value_type = Option<String>)]
    sort: Text,
}

impl ListPackageFiles {
    fn order(self) -> Result<(Order, bool)> {
        let order = match self.order_by.or_default("order_by")?.as_str() {
            "" | "id" | "created_at" => Order::ModifiedAt,
            "file_name" => Order::Path,
            other => return Err(bad_value("order_by", other, "id, created_at or file_name")),
        };
        Ok((order, descending(self.sort)?))
    }
}

/// `GET /packages/{package_id}/package_files`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/packages/{package_id}/package_files",
    operation_id = "list_package_files",
    summary = "The files of a package",
    tag = "packages",
    params(ProjectPath, PackagePath, ListPackageFiles, PageQuery),
    responses(
        (status = 200, description = "a page", body = Vec<PackageFile>),
        Refusals
    )
)]
pub async fn list(
    State(app): State<App>,
    access: Access,
    Path(path): Path<PackagePath>,
    ApiQuery(query): ApiQuery<ListPackageFiles>,
    paging: Paging,
) -> ApiResult<Response> {
    let id = path.id()?;
    let order = query.order()?;
    let slice = paging.by_number()?;
    let part = app
        .store
        .read(move |tx| {
            let package = find(tx, &access, id)?;
            packages::files(tx, &package, order, slice)
        })
        .await?;
    app.listed_files.remember(id, &part.rows);
    paging.answer(part, |_| 0, |file| PackageFile::new(id, file))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PackageFilePath {
    package_id: String,
    /// As the list tells it.
    package_file_id: String,
}

/// `DELETE /packages/{package_id}/package_files/{package_file_id}`
#[utoipa::path(
    delete,
    path = "/api/v4/projects/{project}/packages/{package_id}/package_files/{package_file_id}",
    operation_id = "delete_package_file",
    summary = "Delete a file of a package; needs maintainer or above",
    tag = "packages",
    params(ProjectPath, PackageFilePath),
    responses(
        (status = 204, description = "deleted"),
        Refusals,
        (status = 409, description = "the version is published", body = ErrorMessage)
    )
)]
pub async fn delete(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Path(path): Path<PackageFilePath>,
) -> ApiResult<StatusCode> {
    check_deletes(&access)?;
    let file = path.package_file_id;
    let missing = |file: &str| not_found(&format!("no file '{file}' in this package"));
    let Ok(number) = file.parse() else { return Err(missing(&file).into()) };
    let id = PackagePath { package_id: path.package_id }.id()?;
    let now = app.clock.now();
    let path = match app.listed_files.take(id, number) {
        Some(path) => Some(path),
        None => {
            let caller = access.clone();
            let look = move |tx: &mut Tx<'_>| {
                let package = find(tx, &caller, id)?;
                packages::file_path(tx, &package, number)
            };
            app.store.read(look).await?
        }
    };
    let path = path.ok_or_else(|| missing(&file))?;
    app.store
        .write(move |tx| {
            let package = find(tx, &access, id)?;
            let deleted = packages::delete_file(tx, &package, &path, number, now)?;
            if !deleted {
                return Err(missing(&file));
            }
            let name = format!("{} {}: {path}", package.name, package.version);
            let act = (Noun::PackageFile, Verb::Destroyed);
            audit::of_project(tx, &actor, access.project_id, act, (&file, &name), now)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
