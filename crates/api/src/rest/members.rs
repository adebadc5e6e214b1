//! Members of projects and groups over GitLab's REST API.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use weir_domain::access::Role;
use weir_domain::audit::Actor;
use weir_domain::{Error, Result, expiry};
use weir_store::audit::acts as audit;
use weir_store::members::{self, Member, MemberFilter, Place};
use weir_store::projects::{self, ProjectRef};
use weir_store::users::{self, User};
use weir_store::{Tx, groups};

use super::paging::Paging;
use super::place::PlaceAccess;
use super::users::UserInfo;
use crate::app::App;
use crate::caller::Acting;
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Params, Path};
use crate::reply::{Created, NoContent, Reply};
use crate::server_address::Origin;
use crate::time::Time;
use crate::wire::{Int, Text};

#[derive(Serialize)]
pub struct MemberInfo {
    #[serde(flatten)]
    user: UserInfo,
    access_level: i64,
    created_at: Time,
    expires_at: Option<String>,
    membership_state: &'static str,
}

impl MemberInfo {
    fn new(member: &Member, origin: &Origin) -> Self {
        Self {
            user: UserInfo::new(&member.user, origin),
            access_level: member.role.number(),
            created_at: Time(member.created_at),
            expires_at: member.expires_at.map(expiry::date),
            membership_state: "active",
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ListMembers {
    query: Text,
}

/// `GET …/members`: those of the project or group itself
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

#[derive(Deserialize)]
pub struct MemberPath {
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

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct AddMember {
    user_id: Int,
    username: Text,
    access_level: Int,
    expires_at: Text,
}

/// `POST …/members`
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

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct UpdateMember {
    access_level: Int,
    expires_at: Text,
}

/// `PUT …/members/:user`
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
    let expires_at = expires(body.expires_at, now)?;
    check_role(&access, role)?;
    let member = app
        .store
        .write(move |tx| {
            let member = find(tx, access.place, &path.user, false, now)?;
            check_touchable(tx, &access, &member, role < Role::Owner || expires_at.flatten().is_some(), now)?;
            let expires_at = expires_at.unwrap_or(member.expires_at);
            set(tx, &access, &actor, &member.user, (role, expires_at), now)
        })
        .await?;
    Ok(Reply(MemberInfo::new(&member, &origin)))
}

/// `DELETE …/members/:user`: everybody may leave, who manages members sends others away.
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
            check_touchable(tx, &access, &member, true, now)?;
            members::remove(tx, access.place, member.user.id)?;
            audit::member(tx, &actor, access.place, &member.user, Some(&member), now)
        })
        .await?;
    Ok(NoContent)
}

/// Bots go with their token, owners are touched by owners only, and `ends` leaves nothing without an owner.
fn check_touchable(
    tx: &mut Tx<'_>,
    access: &PlaceAccess,
    member: &Member,
    ends: bool,
    now: i64,
) -> Result<()> {
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
    if ends && member.role == Role::Owner {
        check_other_owner(tx, access.place, &member.user, now)?;
    }
    Ok(())
}

/// A group needs an owner of its own. A project in a group has the group's, and one in a user's namespace that user.
fn check_other_owner(tx: &mut Tx<'_>, place: Place, user: &User, now: i64) -> Result<()> {
    let username = &user.username;
    match place {
        Place::Group(id) => {
            groups::lock(tx, id)?;
            if !members::has_other_owner(tx, id, user.id, now)? {
                return Err(Error::Forbidden(format!(
                    "'{username}' is the last owner of the group, which needs one"
                )));
            }
        }
        Place::Project(id) => {
            let project = projects::get(tx, &ProjectRef::Id(id))?;
            if project.namespace.owner_id == Some(user.id) {
                return Err(Error::Forbidden(format!(
                    "'{username}' owns the project, which lies in the namespace of that user"
                )));
            }
        }
    }
    Ok(())
}
