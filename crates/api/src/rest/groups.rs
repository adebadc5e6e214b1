//! Groups over GitLab's REST API: one and many, and a new one.

pub mod change;

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::access::{Right, Role, Visibility};
use weir_domain::audit::Verb;
use weir_domain::{Error, Result, expiry};
use weir_store::Tx;
use weir_store::audit::acts as audit;
use weir_store::groups::{self, GroupFilter, GroupRef, NewGroup};
use weir_store::namespaces::{self, Namespace};
use weir_store::slice::Part;

use super::paging::{OrderQuery, PageQuery, Paging};
use super::taken;
use crate::app::App;
use crate::caller::{Acting, Caller, GroupAccess, standing};
use crate::error::{ApiResult, GROUP_NOT_FOUND};
use crate::extract::{ApiQuery, Params};
use crate::openapi::{GroupPath, Refusals};
use crate::reply::{Created, Reply};
use crate::server_address::Origin;
use crate::time::Time;
use crate::wire::{Flag, Int, Text};

/// A group as GitLab's clients read it.
#[derive(Serialize, ToSchema)]
#[schema(as = Group)]
pub struct GroupInfo {
    id: i64,
    name: String,
    path: String,
    description: String,
    /// `private`, `internal` or `public`.
    visibility: &'static str,
    full_name: String,
    full_path: String,
    #[schema(required = true)]
    parent_id: Option<i64>,
    #[schema(required = true)]
    avatar_url: Option<String>,
    web_url: String,
    created_at: Time,
    /// The day on which it is removed; `null`: it is not deleted.
    #[schema(required = true, format = Date)]
    marked_for_deletion_on: Option<String>,
}

impl GroupInfo {
    fn load(tx: &mut Tx<'_>, group: Namespace, origin: &Origin) -> Result<Self> {
        let mut one = Self::load_all(tx, vec![group], origin)?;
        one.pop().ok_or_else(|| Error::internal("a group was lost on its way out"))
    }

    /// The same of a whole page, with as many questions to the database as of one.
    fn load_all(tx: &mut Tx<'_>, groups: Vec<Namespace>, origin: &Origin) -> Result<Vec<Self>> {
        let ids: Vec<i64> = groups.iter().map(|group| group.id).collect();
        let mut names = namespaces::full_names(tx, &ids)?;
        let info = |group: Namespace| {
            let full_name = names.remove(&group.id).unwrap_or_else(|| group.name.clone());
            Self::new(group, full_name, origin)
        };
        Ok(groups.into_iter().map(info).collect())
    }

    fn new(group: Namespace, full_name: String, origin: &Origin) -> Self {
        Self {
            id: group.id,
            full_name,
            path: group.path().to_owned(),
            web_url: format!("{}/groups/{}", origin.0, group.full_path),
            name: group.name,
            description: group.description,
            visibility: group.visibility.name(),
            full_path: group.full_path,
            parent_id: group.parent_id,
            avatar_url: None,
            created_at: Time(group.created_at),
            marked_for_deletion_on: group.deletes_at.map(expiry::date),
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ListGroups {
    /// Part of the name or path.
    #[param(value_type = Option<String>)]
    search: Text,
    /// Only those that the caller owns.
    #[param(value_type = Option<bool>)]
    owned: Flag,
    /// Only those in which the caller has this role, by GitLab's number, or a higher one.
    #[param(value_type = Option<i64>)]
    min_access_level: Int,
    /// `private`, `internal` or `public`.
    #[param(value_type = Option<String>)]
    visibility: Text,
    /// Only those that lie in no other.
    #[param(value_type = Option<bool>)]
    top_level_only: Flag,
}

impl ListGroups {
    fn read(self) -> Result<GroupFilter> {
        let least = self.min_access_level.optional("min_access_level")?;
        if let Some(least) = least {
            Role::from_number(least)?;
        }
        let owned = self.owned.or_default("owned")?.then_some(Role::Owner.number());
        let visibility = self.visibility.optional("visibility")?;
        Ok(GroupFilter {
            search: self.search.optional("search")?,
            least_role: least.max(owned),
            visibility: visibility.map(|text| Visibility::parse(&text)).transpose()?,
            top_level: self.top_level_only.or_default("top_level_only")?,
            parent: None,
            descendants: false,
        })
    }
}

/// `GET /groups`
#[utoipa::path(
    get,
    path = "/api/v4/groups",
    operation_id = "list_groups",
    summary = "The groups that the caller may see",
    tag = "groups",
    params(ListGroups, OrderQuery, PageQuery),
    responses((status = 200, description = "a page", body = [GroupInfo]), Refusals)
)]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    paging: Paging,
    ApiQuery(query): ApiQuery<ListGroups>,
) -> ApiResult<Response> {
    answer(&app, &caller, origin, paging, query.read()?).await
}

/// `GET /groups/:group/subgroups`
#[utoipa::path(
    get,
    path = "/api/v4/groups/{group}/subgroups",
    operation_id = "list_subgroups",
    summary = "The groups that lie in a group",
    tag = "groups",
    params(GroupPath, ListGroups, OrderQuery, PageQuery),
    responses((status = 200, description = "a page", body = [GroupInfo]), Refusals)
)]
pub async fn subgroups(
    State(app): State<App>,
    access: GroupAccess,
    origin: Origin,
    paging: Paging,
    ApiQuery(query): ApiQuery<ListGroups>,
) -> ApiResult<Response> {
    let filter = GroupFilter { parent: Some(access.group_id), ..query.read()? };
    answer(&app, &access.caller, origin, paging, filter).await
}

/// `GET /groups/:group/descendant_groups`
#[utoipa::path(
    get,
    path = "/api/v4/groups/{group}/descendant_groups",
    operation_id = "list_descendant_groups",
    summary = "The same with those that lie in them",
    tag = "groups",
    params(GroupPath, ListGroups, OrderQuery, PageQuery),
    responses((status = 200, description = "a page", body = [GroupInfo]), Refusals)
)]
pub async fn descendants(
    State(app): State<App>,
    access: GroupAccess,
    origin: Origin,
    paging: Paging,
    ApiQuery(query): ApiQuery<ListGroups>,
) -> ApiResult<Response> {
    let filter = GroupFilter { parent: Some(access.group_id), descendants: true, ..query.read()? };
    answer(&app, &access.caller, origin, paging, filter).await
}

async fn answer(
    app: &App,
    caller: &Caller,
    origin: Origin,
    paging: Paging,
    filter: GroupFilter,
) -> ApiResult<Response> {
    let (by, descending) = paging.order("name", false);
    let order = groups::order(by, descending)?;
    let (viewer, slice) = (caller.viewer(app.clock.now()), paging.slice);
    let part = app
        .store
        .read(move |tx| {
            let Part { rows, total, more } = groups::page(tx, &viewer, &filter, &order, slice)?;
            Ok(Part { rows: GroupInfo::load_all(tx, rows, &origin)?, total, more })
        })
        .await?;
    paging.answer(part, |group| group.id, |group| group)
}

/// `GET /groups/:group`
#[utoipa::path(
    get,
    path = "/api/v4/groups/{group}",
    operation_id = "get_group",
    summary = "A group",
    tag = "groups",
    params(GroupPath),
    responses((status = 200, description = "the group", body = GroupInfo), Refusals)
)]
pub async fn get(State(app): State<App>, access: GroupAccess, origin: Origin) -> ApiResult<Reply<GroupInfo>> {
    let info = app
        .store
        .read(move |tx| {
            let group = groups::get(tx, &GroupRef::Id(access.group_id))?;
            GroupInfo::load(tx, group, &origin)
        })
        .await?;
    Ok(Reply(info))
}

#[derive(Deserialize, ToSchema)]
pub struct CreateGroup {
    #[schema(value_type = String, required = true)]
    #[serde(default)]
    name: Text,
    #[schema(value_type = String, required = true)]
    #[serde(default)]
    path: Text,
    /// The group that it is to lie in.
    #[schema(value_type = Option<i64>)]
    #[serde(default)]
    parent_id: Int,
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    description: Text,
    /// `private` (when it is not said), `internal` or `public`.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    visibility: Text,
}

/// `POST /groups`
#[utoipa::path(
    post,
    path = "/api/v4/groups",
    operation_id = "create_group",
    summary = "Make a group",
    tag = "groups",
    request_body = CreateGroup,
    responses((status = 201, description = "the group", body = GroupInfo), Refusals)
)]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Acting(actor): Acting,
    origin: Origin,
    Params(body): Params<CreateGroup>,
) -> ApiResult<Created<GroupInfo>> {
    let (name, path) = (body.name.needed("name")?, body.path.needed("path")?);
    let parent_id = body.parent_id.optional("parent_id")?;
    let description = body.description.or_default("description")?;
    let visibility = body.visibility.optional("visibility")?;
    let visibility = visibility.map_or(Ok(Visibility::Private), |text| Visibility::parse(&text))?;
    if parent_id.is_none() {
        caller.check_person("make a group")?;
    }
    let now = app.clock.now();
    let info = app
        .store
        .write(move |tx| {
            let parent = parent_id.map(|id| parent(tx, &caller, id, now)).transpose()?;
            let new = NewGroup {
                name: &name,
                path: &path,
                parent: parent.as_ref(),
                description: &description,
                visibility,
                creator_id: caller.user.id,
                now,
            };
            let group = groups::create(tx, &new).map_err(taken)?;
            audit::group(tx, &actor, Verb::Created, None, Some(&group), now)?;
            GroupInfo::load(tx, group, &origin)
        })
        .await?;
    Ok(Created(info))
}

/// The group that another is to lie in: maintainers make subgroups, as in GitLab.
fn parent(tx: &mut Tx<'_>, caller: &Caller, id: i64, now: i64) -> Result<Namespace> {
    let missing = || Error::not_found(GROUP_NOT_FOUND);
    let group = groups::find(tx, &GroupRef::Id(id))?.ok_or_else(missing)?;
    let standing = standing(tx, caller, &group, now)?;
    if !caller.reaches(tx, None, group.id)? || standing.check_in_group(Right::See, "").is_err() {
        return Err(missing());
    }
    if !standing.has(Role::Maintainer) {
        return Err(Error::Forbidden(format!(
            "you may not make a group in '{}': it needs maintainer or above",
            group.full_path
        )));
    }
    Ok(group)
}
