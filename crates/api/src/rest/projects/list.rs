//! Projects, one and many: of everybody, of a group, of a user.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use weir_domain::access::{Role, Visibility};
use weir_domain::{Error, Result};
use weir_store::projects::{self, ProjectFilter, ProjectRef};
use weir_store::slice::Part;
use weir_store::users;

use super::ProjectInfo;
use crate::app::App;
use crate::caller::{Access, Caller, GroupAccess};
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Path};
use crate::openapi::{GroupPath, ProjectPath, Refusals};
use crate::reply::Reply;
use crate::rest::paging::{OrderQuery, PageQuery, Paging};
use crate::server_address::Origin;
use crate::wire::{Flag, Int, Text};

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ListProjects {
    /// Part of the name or path.
    #[param(value_type = Option<String>)]
    search: Text,
    /// Part of the full path, too.
    #[param(value_type = Option<bool>)]
    search_namespaces: Flag,
    /// `private`, `internal` or `public`.
    #[param(value_type = Option<String>)]
    visibility: Text,
    /// Only those that the caller is a member of.
    #[param(value_type = Option<bool>)]
    membership: Flag,
    /// Only those that the caller owns.
    #[param(value_type = Option<bool>)]
    owned: Flag,
    /// Only those in which the caller has this role, by GitLab's number, or a higher one.
    #[param(value_type = Option<i64>)]
    min_access_level: Int,
    /// Only archived ones, or only others.
    #[param(value_type = Option<bool>)]
    archived: Flag,
    /// Without `ProjectSettings`.
    #[param(value_type = Option<bool>)]
    simple: Flag,
    /// Those that wait to be removed, too.
    #[param(value_type = Option<bool>)]
    include_pending_delete: Flag,
    /// Of a group's projects: those of its subgroups, too.
    #[param(value_type = Option<bool>)]
    include_subgroups: Flag,
}

impl ListProjects {
    /// The filter, and whether the rows are simple.
    fn read(self) -> Result<(ProjectFilter, bool)> {
        let least = self.min_access_level.optional("min_access_level")?;
        if let Some(least) = least {
            Role::from_number(least)?;
        }
        let owned = self.owned.or_default("owned")?.then_some(Role::Owner.number());
        let member = self.membership.or_default("membership")?.then_some(1);
        let visibility = self.visibility.optional("visibility")?;
        let filter = ProjectFilter {
            search: self.search.optional("search")?,
            search_namespaces: self.search_namespaces.or_default("search_namespaces")?,
            visibility: visibility.map(|text| Visibility::parse(&text)).transpose()?,
            least_role: least.max(owned).max(member),
            archived: self.archived.optional("archived")?,
            deleted: self.include_pending_delete.or_default("include_pending_delete")?,
            namespace: None,
            subgroups: self.include_subgroups.or_default("include_subgroups")?,
            owner: None,
        };
        Ok((filter, self.simple.or_default("simple")?))
    }
}

/// `GET /projects`
#[utoipa::path(
    get,
    path = "/api/v4/projects",
    operation_id = "list_projects",
    summary = "The projects that the caller may see",
    tag = "projects",
    params(ListProjects, OrderQuery, PageQuery),
    responses((status = 200, description = "a page", body = [ProjectInfo]), Refusals)
)]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    paging: Paging,
    ApiQuery(query): ApiQuery<ListProjects>,
) -> ApiResult<Response> {
    let (filter, simple) = query.read()?;
    answer(&app, &caller, origin, paging, filter, simple).await
}

/// `GET /groups/:group/projects`
#[utoipa::path(
    get,
    path = "/api/v4/groups/{group}/projects",
    operation_id = "list_projects_of_group",
    summary = "The projects in a group",
    tag = "projects",
    params(GroupPath, ListProjects, OrderQuery, PageQuery),
    responses((status = 200, description = "a page", body = [ProjectInfo]), Refusals)
)]
pub async fn of_group(
    State(app): State<App>,
    access: GroupAccess,
    origin: Origin,
    paging: Paging,
    ApiQuery(query): ApiQuery<ListProjects>,
) -> ApiResult<Response> {
    let (mut filter, simple) = query.read()?;
    filter.namespace = Some(access.group_id);
    answer(&app, &access.caller, origin, paging, filter, simple).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct UserPath {
    /// The number or the name of the user.
    user: String,
}

/// `GET /users/:user/projects`: those in the user's own namespace
#[utoipa::path(
    get,
    path = "/api/v4/users/{user}/projects",
    operation_id = "list_projects_of_user",
    summary = "The projects in a user's own namespace",
    tag = "projects",
    params(UserPath, ListProjects, OrderQuery, PageQuery),
    responses((status = 200, description = "a page", body = [ProjectInfo]), Refusals)
)]
pub async fn of_user(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    paging: Paging,
    Path(path): Path<UserPath>,
    ApiQuery(query): ApiQuery<ListProjects>,
) -> ApiResult<Response> {
    let (mut filter, simple) = query.read()?;
    let owner = app
        .store
        .read(move |tx| match path.user.parse() {
            Ok(id) => users::get(tx, id).map(Some).or(Ok(None)),
            Err(_) => users::find(tx, &path.user),
        })
        .await?;
    filter.owner = Some(owner.ok_or_else(|| Error::not_found("404 User Not Found"))?.id);
    answer(&app, &caller, origin, paging, filter, simple).await
}

async fn answer(
    app: &App,
    caller: &Caller,
    origin: Origin,
    paging: Paging,
    filter: ProjectFilter,
    simple: bool,
) -> ApiResult<Response> {
    let now = app.clock.now();
    let (by, descending) = paging.order("created_at", true);
    let order = projects::order(by, descending)?;
    let (viewer, caller, slice) = (caller.viewer(now), caller.clone(), paging.slice);
    let part = app
        .store
        .read(move |tx| {
            let Part { rows, total, more } = projects::page(tx, &viewer, &filter, &order, slice)?;
            let rows = ProjectInfo::load_all(tx, rows, &origin, &caller, simple, now)?;
            Ok(Part { rows, total, more })
        })
        .await?;
    paging.answer(part, |project| project.id, |project| project)
}

/// `GET /projects/:project`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}",
    operation_id = "get_project",
    summary = "A project, and what the caller may do there",
    tag = "projects",
    params(ProjectPath),
    responses((status = 200, description = "the project", body = ProjectInfo), Refusals)
)]
pub async fn get(State(app): State<App>, access: Access, origin: Origin) -> ApiResult<Reply<ProjectInfo>> {
    let (caller, now) = (access.somebody()?, app.clock.now());
    let info = app
        .store
        .read(move |tx| {
            let project = projects::get(tx, &ProjectRef::Id(access.project_id))?;
            ProjectInfo::load(tx, project, &origin, &caller, false, now)
        })
        .await?;
    Ok(Reply(info))
}
