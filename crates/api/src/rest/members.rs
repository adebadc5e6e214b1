//! Members of projects and groups over GitLab's REST API.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::access::Role;
use weir_domain::audit::Actor;
use weir_domain::{Error, Result, expiry};
use weir_store::Tx;
use weir_store::audit::acts as audit;
use weir_store::members::{self, Member, MemberFilter, Place};
use weir_store::projects::{self, ProjectRef};
use weir_store::users::{self, User};

use super::paging::{PageQuery, Paging};
use super::place::PlaceAccess;
use super::users::UserInfo;
use crate::app::App;
use crate::caller::Acting;
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Params, Path};
use crate::openapi::{ErrorMessage, ProjectPath, Refusals};
use crate::reply::{Created, NoContent, Reply};
use crate::server_address::Origin;
use crate::time::Time;
use crate::wire::{Clearable, Int, Text};

#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberInfo {
    #[serde(flatten)]
    user: UserInfo,
    /// The role by GitLab's number.
    access_level: i64,
    created_at: Time,
    /// The day (UTC) at whose beginning the membership ends; `null`: it does not.
    #[schema(required = true, format = Date)]
    expires_at: Option<String>,
    /// Always `active`.
    membership_state: &'static str,
    /// The group, or the user whose namespace it is, that the role comes from; `null` for a direct member. GitLab tells
    /// it on its pages only.
    #[schema(required = true)]
    inherited_from: Option<String>,
}

impl MemberInfo {
    fn new(member: &Member, origin: &Origin) -> Self {
        Self {
            user: UserInfo::new(&member.user, origin),
            access_level: member.role.number(),
            created_at: Time(member.created_at),
            expires_at: member.expires_at.map(expiry::date),
            membership_state: "active",
            inherited_from: member.inherited_from.clone(),
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ListMembers {
    /// Part of the name or user name.
    #[param(value_type = Option<String>)]
    query: Text,
}

/// `GET …/members`: those of the project or group itself
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/members",
    operation_id = "list_project_members",
    summary = "The direct members of a project",
    tag = "members",
    params(ProjectPath, ListMembers, PageQuery),
    responses((status = 200, description = "a page", body = [MemberInfo]), Refusals)
)]
pub async fn list(
    State(app): State<App>,
    access: PlaceAccess,
    origin: Origin,
    paging: Paging,
    ApiQuery(query): ApiQuery<ListMembers>,
) -> ApiResult<Response> {
    page(&app, &access, &origin, &paging, query, false).await
}

/// `GET …/members/all`: those of the groups that it lies in, too, each with the highest role
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/members/all",
    operation_id = "list_all_project_members",
    summary = "The members of a project and of the groups that it lies in, each with the highest role",
    tag = "members",
    params(ProjectPath, ListMembers, PageQuery),
    responses((status = 200, description = "a page", body = [MemberInfo]), Refusals)
)]
pub async fn list_all(
    State(app): State<App>,
    access: PlaceAccess,
    origin: Origin,
    paging: Paging,
    ApiQuery(query): ApiQuery<ListMembers>,
) -> ApiResult<Response> {
    page(&app, &access, &origin, &paging, query, true).await
}

async fn page(
    app: &App,
    access: &PlaceAccess,
    origin: &Origin,
    paging: &Paging,
    query: ListMembers,
    inherited: bool,
) -> ApiResult<Response> {
    let filter = MemberFilter { inherited, search: query.query.optional("query")?, user_ids: None };
    let (place, slice, now) = (access.place, paging.slice, app.clock.now());
    let part = app.store.read(move |tx| members::page(tx, place, &filter, slice, now)).await?;
    paging.answer(part, |member| member.user.id, |member| MemberInfo::new(&member, origin))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MemberPath {
    /// The number of the user.
    user: String,
}

/// What is not there, and who is no member, look the same.
fn missing() -> Error {
    Error::not_found("404 Not found")
}

fn find(tx: &mut Tx<'_>, place: Place, user: &str, inherited: bool, now: i64) -> Result<Member> {
    let id: i64 = user.parse().map_err(|_| missing())?;
    members::find(tx, place, id, inherited, now)?.ok_or_else(missing)
}

/// `GET …/members/:user`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/members/{user}",
    operation_id = "get_project_member",
    summary = "A direct member of a project",
    tag = "members",
    params(ProjectPath, MemberPath),
    responses((status = 200, description = "the member", body = MemberInfo), Refusals)
)]
pub async fn get(
    State(app): State<App>,
    access: PlaceAccess,
    origin: Origin,
    Path(path): Path<MemberPath>,
) -> ApiResult<Reply<MemberInfo>> {
    let now = app.clock.now();
    let member = app.store.read(move |tx| find(tx, access.place, &path.user, false, now)).await?;
    Ok(Reply(MemberInfo::new(&member, &origin)))
}

/// `GET …/members/all/:user`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/members/all/{user}",
    operation_id = "get_any_project_member",
    summary = "A member of a project, direct or inherited",
    tag = "members",
    params(ProjectPath, MemberPath),
    responses((status = 200, description = "the member", body = MemberInfo), Refusals)
)]
pub async fn get_all(
    State(app): State<App>,
    access: PlaceAccess,
    origin: Origin,
    Path(path): Path<MemberPath>,
) -> ApiResult<Reply<MemberInfo>> {
    let now = app.clock.now();
    let member = app.store.read(move |tx| find(tx, access.place, &path.user, true, now)).await?;
    Ok(Reply(MemberInfo::new(&member, &origin)))
}

#[derive(Deserialize, ToSchema)]
pub struct AddMember {
    /// This or `username`.
    #[schema(value_type = Option<i64>)]
    #[serde(default)]
    user_id: Int,
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    username: Text,
    /// The role by GitLab's number: 10, 20, 30, 40 or 50, none above one's own.
    #[schema(value_type = i64, required = true)]
    #[serde(default)]
    access_level: Int,
    /// The day (UTC) at whose beginning the membership ends.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(default)]
    expires_at: Text,
}

/// `POST …/members`
#[utoipa::path(
    post,
    path = "/api/v4/projects/{project}/members",
    operation_id = "add_project_member",
    summary = "Make somebody a member of a project",
    tag = "members",
    params(ProjectPath),
    request_body = AddMember,
    responses((status = 201, description = "the member", body = MemberInfo), Refusals, (status = 409, description = "is a member already", body = ErrorMessage))
)]
pub async fn add(
    State(app): State<App>,
    access: PlaceAccess,
    Acting(actor): Acting,
    origin: Origin,
    Params(body): Params<AddMember>,
) -> ApiResult<Created<MemberInfo>> {
    let now = app.clock.now();
    let (user_id, username) = (body.user_id.optional("user_id")?, body.username.optional("username")?);
    let role = Role::from_number(body.access_level.needed("access_level")?)?;
    let expires_at = expires(body.expires_at, now)?.flatten();
    check_role(&access, role)?;
    let member = app
        .store
        .write(move |tx| {
            let user = named(tx, user_id, username.as_deref())?;
            if members::find(tx, access.place, user.id, false, now)?.is_some() {
                return Err(Error::AlreadyExists("Member already exists".to_owned()));
            }
            set(tx, &access, &actor, &user, (role, expires_at), now)
        })
        .await?;
    Ok(Created(MemberInfo::new(&member, &origin)))
}

/// The user that the request names, by number or by name.
fn named(tx: &mut Tx<'_>, id: Option<i64>, username: Option<&str>) -> Result<User> {
    let user = match (id, username) {
        (Some(id), None) => users::get(tx, id).ok(),
        (None, Some(username)) => users::find(tx, username)?,
        (None, None) => {
            return Err(Error::invalid(
                "user_id, username are missing, exactly one parameter must be provided",
            ));
        }
        (Some(_), Some(_)) => return Err(Error::invalid("user_id, username are mutually exclusive")),
    };
    let user = user.filter(|user| !user.deleted).ok_or_else(|| Error::not_found("404 User Not Found"))?;
    if user.bot {
        return Err(Error::invalid(format!(
            "'{}' is the bot of a token: it is a member where its token was made, and nowhere else",
            user.username
        )));
    }
    Ok(user)
}

/// `None`: nothing is said of it. `Some(None)`: it does not end.
fn expires(text: Text, now: i64) -> Result<Option<Option<i64>>> {
    match text.optional("expires_at")?.as_deref() {
        None => Ok(None),
        Some("") => Ok(Some(None)),
        Some(text) => Ok(Some(Some(expiry::parse(text, now)?))),
    }
}

fn check_role(access: &PlaceAccess, role: Role) -> Result<()> {
    if access.standing.has(role) {
        return Ok(());
    }
    Err(Error::Forbidden(format!("you may not give the role {}: it is above your own", role.name())))
}

/// Gives a role, which is not below one that is inherited.
fn set(
    tx: &mut Tx<'_>,
    access: &PlaceAccess,
    actor: &Actor,
    user: &User,
    (role, expires_at): (Role, Option<i64>),
    now: i64,
) -> Result<Member> {
    if let Some((inherited, group)) = members::inherited_from(tx, access.place, user.id, now)?
        && inherited > role
    {
        return Err(Error::invalid(format!(
            "access_level should be greater than or equal to {}, which '{}' has from the group '{group}'",
            inherited.name(),
            user.username
        )));
    }
    let before = members::direct(tx, access.place, user.id)?;
    members::set(tx, access.place, user.id, role, expires_at, now)?;
    audit::member(tx, actor, access.place, user, before.as_ref(), now)?;
    members::find(tx, access.place, user.id, false, now)?.ok_or_else(missing)
}

#[derive(Deserialize, ToSchema)]
pub struct UpdateMember {
    /// The role by GitLab's number.
    #[schema(value_type = i64, required = true)]
    #[serde(default)]
    access_level: Int,
    /// Stays when it is left out; empty or `null`: the membership does not end.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    expires_at: Clearable,
}

/// `PUT …/members/:user`
#[utoipa::path(
    put,
    path = "/api/v4/projects/{project}/members/{user}",
    operation_id = "update_project_member",
    summary = "Change the role of a member of a project, or its end",
    tag = "members",
    params(ProjectPath, MemberPath),
    request_body = UpdateMember,
    responses((status = 200, description = "the member", body = MemberInfo), Refusals)
)]
pub async fn update(
    State(app): State<App>,
    access: PlaceAccess,
    Acting(actor): Acting,
    origin: Origin,
    Path(path): Path<MemberPath>,
    Params(body): Params<UpdateMember>,
) -> ApiResult<Reply<MemberInfo>> {
    let now = app.clock.now();
    let role = Role::from_number(body.access_level.needed("access_level")?)?;
    let expires_at = expires(body.expires_at.0, now)?;
    check_role(&access, role)?;
    let member = app
        .store
        .write(move |tx| {
            let member = find(tx, access.place, &path.user, false, now)?;
            check_touchable(&access, &member)?;
            if role < Role::Owner || expires_at.flatten().is_some() {
                check_elsewhere(tx, access.place, &member)?;
            }
            let expires_at = expires_at.unwrap_or(member.expires_at);
            set(tx, &access, &actor, &member.user, (role, expires_at), now)
        })
        .await?;
    Ok(Reply(MemberInfo::new(&member, &origin)))
}

/// `DELETE …/members/:user`: everybody may leave, who manages members sends others away.
#[utoipa::path(
    delete,
    path = "/api/v4/projects/{project}/members/{user}",
    operation_id = "remove_project_member",
    summary = "Send a member of a project away, or leave it oneself",
    tag = "members",
    params(ProjectPath, MemberPath),
    responses((status = 204, description = "is no direct member any more"), Refusals)
)]
pub async fn remove(
    State(app): State<App>,
    access: PlaceAccess,
    Acting(actor): Acting,
    Path(path): Path<MemberPath>,
) -> ApiResult<NoContent> {
    if path.user != access.caller.user.id.to_string() {
        access.check_manages_members()?;
    }
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            let member = find(tx, access.place, &path.user, false, now)?;
            check_touchable(&access, &member)?;
            check_elsewhere(tx, access.place, &member)?;
            members::remove(tx, access.place, member.user.id, now)?;
            audit::member(tx, &actor, access.place, &member.user, Some(&member), now)
        })
        .await?;
    Ok(NoContent)
}

/// Bots go with their token, and owners are touched by owners only.
fn check_touchable(access: &PlaceAccess, member: &Member) -> Result<()> {
    if member.user.bot {
        return Err(Error::invalid(format!(
            "'{}' is the bot of a token, and cannot be changed: revoke the token",
            member.user.username
        )));
    }
    if !access.standing.has(member.role) {
        return Err(Error::Forbidden(format!(
            "you may not change the membership of '{}', whose role is above your own",
            member.user.username
        )));
    }
    Ok(())
}

/// Nobody stops to own what lies in the own namespace.
fn check_elsewhere(tx: &mut Tx<'_>, place: Place, member: &Member) -> Result<()> {
    let Place::Project(id) = place else { return Ok(()) };
    if projects::get(tx, &ProjectRef::Id(id))?.namespace.owner_id == Some(member.user.id) {
        return Err(Error::Forbidden(format!(
            "'{}' owns the project, which lies in the namespace of that user",
            member.user.username
        )));
    }
    Ok(())
}
