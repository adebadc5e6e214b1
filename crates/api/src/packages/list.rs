//! Packages as such: listing, looking at one, deleting one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::access::Feature;
use weir_domain::audit::{Noun, Verb};
use weir_domain::package::{PackageStatus, PackageType, bad_value};
use weir_domain::{Error, Result};
use weir_store::Tx;
use weir_store::audit::acts as audit;
use weir_store::packages::{self, Filter, Order, Package, Sight};
use weir_store::projects::{self, ProjectRef};
use weir_store::slice::Part;

use crate::app::App;
use crate::caller::{Access, Acting};
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Path};
use crate::openapi::{ErrorMessage, ProjectPath, Refusals};
use crate::reply::Reply;
use crate::rest::paging::{PageQuery, Paging};
use crate::server_address::Origin;
use crate::time::Time;
use crate::wire::Text;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PackagePath {
    pub package_id: String,
}

impl PackagePath {
    pub fn id(&self) -> Result<i64> {
        self.package_id.parse().map_err(|_| package_not_found(&self.package_id))
    }
}

/// GitLab's words, and which it is.
fn package_not_found(id: &str) -> Error {
    Error::NotFound(format!("404 Package Not Found - this project has no package '{id}'"))
}

/// A project may have its experiments or its models switched off for the caller.
pub fn sight(access: &Access) -> Sight {
    let on = |feature| access.standing.check_feature(feature, "").is_ok();
    Sight { runs: on(Feature::Experiments), versions: on(Feature::Registry) }
}

pub fn find(tx: &mut Tx<'_>, access: &Access, id: i64) -> Result<Package> {
    packages::find(tx, access.project_id, id, sight(access))?
        .ok_or_else(|| package_not_found(&id.to_string()))
}

/// GitLab lets developers upload and only maintainers delete here.
pub fn check_deletes(access: &Access) -> Result<()> {
    if access.standing.may_unseal() {
        return Ok(());
    }
    Err(Error::Forbidden(
        "you may not delete packages of this project: it needs maintainer or above".to_owned(),
    ))
}

pub fn descending(sort: Text) -> Result<bool> {
    match sort.or_default("sort")?.as_str() {
        "" | "asc" => Ok(false),
        "desc" => Ok(true),
        other => Err(bad_value("sort", other, "asc or desc")),
    }
}

#[derive(Serialize, ToSchema)]
pub struct PackageInfo {
    id: i64,
    name: String,
    version: String,
    #[schema(example = "ml_model")]
    package_type: &'static str,
    #[schema(example = "default")]
    status: &'static str,
    #[serde(rename = "_links")]
    links: PackageLinks,
    created_at: Time,
    /// Always null: downloads are not counted.
    #[schema(required = true)]
    last_downloaded_at: Option<Time>,
    /// Always empty.
    tags: Vec<String>,
    /// Of an `ml_model`: the run whose files these are.
    #[schema(required = true)]
    run_id: Option<String>,
    /// When that run is a model version: the id in `packages/ml_models/{model_version_id}`.
    #[schema(required = true)]
    model_version_id: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct PackageLinks {
    web_path: String,
    /// For callers who may delete it.
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_api_path: Option<String>,
}

/// What links are made of.
struct Links {
    project_path: String,
    /// Of the project's packages, for callers who may delete them.
    packages: Option<String>,
}

impl Links {
    fn read(access: &Access, origin: &Origin, project_path: String) -> Result<Self> {
        let packages = match check_deletes(access) {
            Ok(()) => {
                let server = &origin.0;
                Some(format!("{server}/api/v4/projects/{}/packages", access.project_id))
            }
            Err(_) => None,
        };
        Ok(Self { project_path, packages })
    }

    fn show(&self, package: Package) -> PackageInfo {
        let package_type = package.package_type().name();
        let page = match &package.run {
            Some(packages::PackageRun { version: Some((version, model)), .. }) => {
                format!("ml/models/{model}/versions/{version}")
            }
            Some(run) => format!("ml/candidates/{}", run.iid),
            None => format!("packages/{}", package.id),
        };
        let delete = self.packages.as_ref().map(|packages| format!("{packages}/{}", package.id));
        let run = package.run;
        PackageInfo {
            id: package.id,
            name: package.name,
            version: package.version,
            package_type,
            status: package.status.name(),
            links: PackageLinks {
                web_path: format!("/{}/-/{page}", self.project_path),
                delete_api_path: delete,
            },
            created_at: Time(package.created_at),
            last_downloaded_at: None,
            tags: Vec::new(),
            model_version_id: run.as_ref().and_then(|run| run.version).map(|(version, _)| version),
            run_id: run.map(|run| run.run_id),
        }
    }
}

fn project_path(tx: &mut Tx<'_>, id: i64) -> Result<String> {
    Ok(projects::get(tx, &ProjectRef::Id(id))?.full_path)
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ListPackages {
    /// `ml_model` or `generic`; of GitLab's other types there are none.
    #[param(value_type = Option<String>)]
    package_type: Text,
    /// A part of the name, in any case of its letters.
    #[param(value_type = Option<String>)]
    package_name: Text,
    #[param(value_type = Option<String>)]
    package_version: Text,
    /// `default` (when it is not said) or `hidden`.
    #[param(value_type = Option<String>)]
    status: Text,
    /// `created_at` (when it is not said), `id`, `name`, `version` or `type`.
    #[param(value_type = Option<String>)]
    order_by: Text,
    /// `asc` (when it is not said) or `desc`.
    #[param(value_type = Option<String>)]
    sort: Text,
}

impl ListPackages {
    /// `None`: nothing is of the type or in the state that is asked for.
    fn read(self, sight: Sight) -> Result<(Option<Filter>, (Order, bool))> {
        let order = match self.order_by.or_default("order_by")?.as_str() {
            "" | "created_at" => Order::CreatedAt,
            "id" => Order::Id,
            "name" => Order::Name,
            "version" => Order::Version,
            "type" => Order::Type,
            other => return Err(bad_value("order_by", other, "id, created_at, name, version or type")),
        };
        let descending = descending(self.sort)?;
        let filled = |text: String| Some(text).filter(|text| !text.is_empty());
        let name = filled(self.package_name.or_default("package_name")?);
        let version = filled(self.package_version.or_default("package_version")?);
        let package_type = filled(self.package_type.or_default("package_type")?);
        let package_type = package_type.map(|text| PackageType::parse(&text)).transpose()?;
        let status = filled(self.status.or_default("status")?);
        let status = status.map(|text| PackageStatus::parse_filter(&text)).transpose()?;
        let filter = match (package_type, status) {
            (Some(None), _) | (_, Some(None)) => None,
            (package_type, status) => Some(Filter {
                sight,
                package_type: package_type.flatten(),
                name,
                version,
                status: status.flatten().unwrap_or_default(),
            }),
        };
        Ok((filter, (order, descending)))
    }
}

/// `GET /packages`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/packages",
    operation_id = "list_packages",
    summary = "The packages of a project; of a public one without a token",
    tag = "packages",
    params(ProjectPath, ListPackages, PageQuery),
    responses(
        (status = 200, description = "a page", body = Vec<PackageInfo>),
        Refusals
    )
)]
pub async fn list(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    ApiQuery(query): ApiQuery<ListPackages>,
    paging: Paging,
) -> ApiResult<Response> {
    let (filter, order) = query.read(sight(&access))?;
    let (slice, project_id) = (paging.slice, access.project_id);
    let (part, project_path) = app
        .store
        .read(move |tx| {
            let part = match &filter {
                Some(filter) => packages::list(tx, project_id, filter, order, slice)?,
                None => Part { rows: Vec::new(), total: Some(0), more: false },
            };
            Ok((part, project_path(tx, project_id)?))
        })
        .await?;
    let links = Links::read(&access, &origin, project_path)?;
    paging.answer(part, |package| package.id, |package| links.show(package))
}

/// `GET /packages/{package_id}`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/packages/{package_id}",
    operation_id = "get_package",
    summary = "A package; of a public project without a token",
    tag = "packages",
    params(ProjectPath, PackagePath),
    responses(
        (status = 200, description = "the package", body = PackageInfo),
        Refusals
    )
)]
pub async fn get(
    State(app): State<App>,
    access: Access,
    Path(path): Path<PackagePath>,
    origin: Origin,
) -> ApiResult<Reply<PackageInfo>> {
    let id = path.id()?;
    let caller = access.clone();
    let (package, project_path) =
        app.store.read(move |tx| Ok((find(tx, &caller, id)?, project_path(tx, caller.project_id)?))).await?;
    Ok(Reply(Links::read(&access, &origin, project_path)?.show(package)))
}

/// `DELETE /packages/{package_id}`
#[utoipa::path(
    delete,
    path = "/api/v4/projects/{project}/packages/{package_id}",
    operation_id = "delete_package",
    summary = "Delete a package with its files, also from its run; needs maintainer or above",
    tag = "packages",
    params(ProjectPath, PackagePath),
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
    Path(path): Path<PackagePath>,
) -> ApiResult<StatusCode> {
    check_deletes(&access)?;
    let id = path.id()?;
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            let package = find(tx, &access, id)?;
            packages::delete(tx, &package, now)?;
            let (number, name) = (id.to_string(), format!("{} {}", package.name, package.version));
            let act = (Noun::Package, Verb::Destroyed);
            audit::of_project(tx, &actor, access.project_id, act, (&number, &name), now)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
