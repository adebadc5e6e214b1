//! Projects, one and many: of everybody, of a group, of a user.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
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
use crate::reply::Reply;
use crate::rest::paging::Paging;
use crate::server_address::Origin;
use crate::wire::{Field, Flag, Int, Text};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ListProjects {
    search: Text,
    search_namespaces: Flag,
    visibility: Text,
    membership: Flag,
    owned: Flag,
    min_access_level: Int,
    archived: Flag,
    simple: Flag,
    include_pending_delete: Flag,
    include_subgroups: Flag,
    // GitLab's filters by what projects of Weir have not.
    starred: Text,
    topic: Text,
    topic_id: Text,
    with_programming_language: Text,
    imported: Text,
    last_activity_after: Text,
    last_activity_before: Text,
}

impl ListProjects {
    /// The filter, and whether the rows are simple.
    fn read(self) -> Result<(ProjectFilter, bool)> {
        for (name, field) in [
            ("starred", self.starred),
            ("topic", self.topic),
            ("topic_id", self.topic_id),
            ("with_programming_language", self.with_programming_language),
            ("imported", self.imported),
            ("last_activity_after", self.last_activity_after),
            ("last_activity_before", self.last_activity_before),
        ] {
            // A filter that says "no matter" is none.
            if !matches!(&field, Field::Absent)
                && !matches!(&field, Field::Value(text) if text.eq_ignore_ascii_case("false"))
            {
                return Err(Error::invalid(format!(
                    "projects cannot be filtered by '{name}' here: leave it out"
                )));
            }
        }
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

#[derive(Deserialize)]
pub struct UserPath {
    user: String,
}

/// `GET /users/:user/projects`: those in the user's own namespace
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
            let rows = rows.into_iter();
            let rows = rows.map(|row| ProjectInfo::load(tx, row, &origin, &caller, simple, now));
            Ok(Part { rows: rows.collect::<Result<Vec<_>>>()?, total, more })
        })
        .await?;
    paging.answer(part, |project| project.id, |project| project)
}

/// `GET /projects/:project`
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
