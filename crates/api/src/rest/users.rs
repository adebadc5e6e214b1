//! Users: who they are, and what administrators do with them.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::audit::{Actor, Noun, Verb};
use weir_domain::{Error, Result, password};
use weir_store::audit::acts as audit;
use weir_store::users::{self, NewUser, User, UserChange, UserFilter};
use weir_store::{Tx, passwords};

use super::paging::{OrderQuery, PageQuery, Paging};
use crate::app::App;
use crate::caller::{Acting, Caller};
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Params, Path};
use crate::openapi::{ErrorMessage, Refusals};
use crate::reply::{Created, NoContent, Reply};
use crate::server_address::Origin;
use crate::sign_in::password::SecretText;
use crate::time::Time;
use crate::wire::{Flag, Text};

/// What everybody sees of a user.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserInfo {
    pub id: i64,
    username: String,
    name: String,
    /// `active` or `blocked`.
    state: &'static str,
    locked: bool,
    #[schema(required = true)]
    avatar_url: Option<String>,
    web_url: String,
}

impl UserInfo {
    pub fn new(user: &User, origin: &Origin) -> Self {
        Self {
            id: user.id,
            username: user.username.clone(),
            name: user.name.clone(),
            state: if user.blocked { "blocked" } else { "active" },
            locked: false,
            avatar_url: None,
            web_url: format!("{}/{}", origin.0, user.username),
        }
    }
}

/// What administrators see of everybody, and everybody of themselves.
#[derive(Serialize, ToSchema)]
#[schema(as = FullUser)]
pub struct FullUserInfo {
    #[serde(flatten)]
    user: UserInfo,
    created_at: Time,
    bio: &'static str,
    #[schema(required = true)]
    public_email: Option<String>,
    /// Acts for a token or a trust rule.
    bot: bool,
    #[schema(required = true)]
    email: Option<String>,
    is_admin: bool,
    external: bool,
    private_profile: bool,
    two_factor_enabled: bool,
}

impl FullUserInfo {
    pub fn new(user: &User, origin: &Origin) -> Self {
        Self {
            user: UserInfo::new(user, origin),
            created_at: Time(user.created_at),
            bio: "",
            public_email: None,
            bot: user.bot,
            email: user.email.clone(),
            is_admin: user.administrator,
            external: false,
            private_profile: false,
            two_factor_enabled: false,
        }
    }
}

/// `GET /user`
#[utoipa::path(
    get,
    path = "/api/v4/user",
    operation_id = "get_current_user",
    summary = "Who asks",
    tag = "users",
    responses((status = 200, description = "the user", body = FullUserInfo), Refusals)
)]
pub async fn current(_: State<App>, caller: Caller, origin: Origin) -> ApiResult<Reply<FullUserInfo>> {
    Ok(Reply(FullUserInfo::new(&caller.user, &origin)))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ListUsers {
    /// The whole user name.
    #[param(value_type = Option<String>)]
    username: Text,
    /// Part of the name, user name or address.
    #[param(value_type = Option<String>)]
    search: Text,
    /// Only who is not blocked.
    #[param(value_type = Option<bool>)]
    active: Flag,
    #[param(value_type = Option<bool>)]
    blocked: Flag,
    /// Only administrators; for administrators.
    #[param(value_type = Option<bool>)]
    admins: Flag,
    /// The same as `humans`.
    #[param(value_type = Option<bool>)]
    without_project_bots: Flag,
    /// Without bots, which are listed to administrators only anyway.
    #[param(value_type = Option<bool>)]
    humans: Flag,
}

impl ListUsers {
    /// Bots are listed to administrators, unless they want people.
    fn read(self, administrator: bool) -> Result<UserFilter> {
        let active = self.active.or_default("active")?.then_some(false);
        let blocked = self.blocked.or_default("blocked")?.then_some(true);
        let people = self.humans.or_default("humans")?
            || self.without_project_bots.or_default("without_project_bots")?;
        let administrators = self.admins.or_default("admins")?;
        if administrators && !administrator {
            return Err(Error::Forbidden("you may not list administrators: it needs one".to_owned()));
        }
        Ok(UserFilter {
            username: self.username.optional("username")?,
            search: self.search.optional("search")?,
            blocked: blocked.or(active),
            administrators,
            bots: administrator && !people,
        })
    }
}

/// `GET /users`
#[utoipa::path(
    get,
    path = "/api/v4/users",
    operation_id = "list_users",
    summary = "Users; to administrators with addresses, as `FullUser`",
    tag = "users",
    params(ListUsers, OrderQuery, PageQuery),
    responses((status = 200, description = "a page", body = [UserInfo]), Refusals)
)]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    paging: Paging,
    ApiQuery(query): ApiQuery<ListUsers>,
) -> ApiResult<Response> {
    let administrator = caller.user.administrator;
    let filter = query.read(administrator)?;
    let (by, descending) = paging.order("id", true);
    let (order, slice) = (users::order(by, descending)?, paging.slice);
    let part = app.store.read(move |tx| users::page(tx, &filter, &order, slice)).await?;
    match administrator {
        true => paging.answer(part, |user| user.id, |user| FullUserInfo::new(&user, &origin)),
        false => paging.answer(part, |user| user.id, |user| UserInfo::new(&user, &origin)),
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct UserPath {
    /// The number of the user.
    user: String,
}

fn find(tx: &mut Tx<'_>, user: &str) -> Result<User> {
    let missing = || Error::not_found("404 User Not Found");
    let id = user.parse().map_err(|_| missing())?;
    users::get(tx, id).ok().filter(|user| !user.deleted).ok_or_else(missing)
}

/// `GET /users/:user`
#[utoipa::path(
    get,
    path = "/api/v4/users/{user}",
    operation_id = "get_user",
    summary = "A user; to administrators and oneself as `FullUser`",
    tag = "users",
    params(UserPath),
    responses((status = 200, description = "the user", body = UserInfo), Refusals)
)]
pub async fn get(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    Path(path): Path<UserPath>,
) -> ApiResult<Response> {
    let user = app.store.read(move |tx| find(tx, &path.user)).await?;
    let full = caller.user.administrator || caller.user.id == user.id;
    Ok(match full {
        true => Reply(FullUserInfo::new(&user, &origin)).into_response(),
        false => Reply(UserInfo::new(&user, &origin)).into_response(),
    })
}

#[derive(Deserialize, ToSchema)]
pub struct CreateUser {
    #[schema(value_type = String, required = true)]
    #[serde(default)]
    username: Text,
    #[schema(value_type = String, required = true)]
    #[serde(default)]
    name: Text,
    #[schema(value_type = String, required = true)]
    #[serde(default)]
    email: Text,
    #[schema(value_type = Option<bool>)]
    #[serde(default)]
    admin: Flag,
    /// 8 to 128 characters. Without one, the person signs in by a one-time link.
    #[schema(value_type = Option<String>, format = Password)]
    #[serde(default)]
    password: SecretText,
    /// Refused when true: this server sends no mails.
    #[schema(value_type = Option<bool>)]
    #[serde(default)]
    reset_password: Flag,
}

/// The hash of a password that an administrator gives a user.
async fn hash(app: &App, given: SecretText, username: &str) -> Result<Option<String>> {
    let Some(text) = given.optional("password")? else { return Ok(None) };
    password::check(&text, username)?;
    app.hashing.hash(text).await.map(Some)
}

/// `POST /users`
#[utoipa::path(
    post,
    path = "/api/v4/users",
    operation_id = "create_user",
    summary = "Make a user; for administrators",
    tag = "users",
    request_body = CreateUser,
    responses((status = 201, description = "the user", body = FullUserInfo), Refusals, (status = 409, description = "the name or the address is taken", body = ErrorMessage))
)]
pub async fn create(
    State(app): State<App>,
    Acting(actor): Acting,
    origin: Origin,
    Params(body): Params<CreateUser>,
) -> ApiResult<Created<FullUserInfo>> {
    let username = body.username.needed("username")?;
    let (name, email) = (body.name.needed("name")?, body.email.needed("email")?);
    let administrator = body.admin.or_default("admin")?;
    if body.reset_password.or_default("reset_password")? {
        return Err(Error::invalid(
            "reset_password sends a mail, and this server sends none: give a password, or write force_random_password=true and let the person sign in by a one-time link (weir user sign-in-link)",
        )
        .into());
    }
    let hash = hash(&app, body.password, &username).await?;
    let now = app.clock.now();
    let user = app
        .store
        .write(move |tx| {
            let new = NewUser {
                username: &username,
                name: &name,
                email: Some(&email),
                administrator,
                bot: false,
                now,
            };
            let user = users::create(tx, &new)?;
            audit::user(tx, &actor, Verb::Created, None, Some(&user), now)?;
            if let Some(hash) = &hash {
                passwords::set(tx, user.id, hash, now)?;
                audit::of_user(tx, &actor, Noun::Password, Verb::Updated, &user, now)?;
            }
            Ok(user)
        })
        .await?;
    Ok(Created(FullUserInfo::new(&user, &origin)))
}

#[derive(Deserialize, ToSchema)]
pub struct UpdateUser {
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    name: Text,
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    email: Text,
    #[schema(value_type = Option<bool>)]
    #[serde(default)]
    admin: Flag,
    /// Ends the sessions of the user.
    #[schema(value_type = Option<String>, format = Password)]
    #[serde(default)]
    password: SecretText,
}

/// `PUT /users/:user`
#[utoipa::path(
    put,
    path = "/api/v4/users/{user}",
    operation_id = "update_user",
    summary = "Change a user; for administrators",
    tag = "users",
    params(UserPath),
    request_body = UpdateUser,
    responses((status = 200, description = "the user", body = FullUserInfo), Refusals, (status = 409, description = "the name or the address is taken", body = ErrorMessage))
)]
pub async fn update(
    State(app): State<App>,
    Acting(actor): Acting,
    origin: Origin,
    Path(path): Path<UserPath>,
    Params(body): Params<UpdateUser>,
) -> ApiResult<Reply<FullUserInfo>> {
    let change = UserChange {
        name: body.name.optional("name")?,
        email: body.email.optional("email")?,
        administrator: body.admin.optional("admin")?,
    };
    let (now, named) = (app.clock.now(), path.user.clone());
    let username = app.store.read(move |tx| find(tx, &named)).await?.username;
    let hash = hash(&app, body.password, &username).await?;
    let user = app
        .store
        .write(move |tx| {
            let before = find(tx, &path.user)?;
            if let Some(hash) = &hash {
                passwords::set(tx, before.id, hash, now)?;
                audit::of_user(tx, &actor, Noun::Password, Verb::Updated, &before, now)?;
            }
            let user = users::update(tx, &before, &change)?;
            audit::user(tx, &actor, Verb::Updated, Some(&before), Some(&user), now)?;
            Ok(user)
        })
        .await?;
    Ok(Reply(FullUserInfo::new(&user, &origin)))
}

/// `DELETE /users/:user`
#[utoipa::path(
    delete,
    path = "/api/v4/users/{user}",
    operation_id = "delete_user",
    summary = "Take a user away, whose runs stay; for administrators",
    tag = "users",
    params(UserPath),
    responses((status = 204, description = "is gone"), Refusals, (status = 409, description = "a group or project would have no owner", body = ErrorMessage))
)]
pub async fn delete(
    State(app): State<App>,
    caller: Caller,
    Acting(actor): Acting,
    Path(path): Path<UserPath>,
) -> ApiResult<NoContent> {
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            let user = find(tx, &path.user)?;
            check_another(&caller, &user, "delete")?;
            audit::user(tx, &actor, Verb::Destroyed, Some(&user), None, now)?;
            users::delete(tx, &user, now)
        })
        .await?;
    Ok(NoContent)
}

fn check_another(caller: &Caller, user: &User, what: &str) -> Result<()> {
    if caller.user.id == user.id {
        return Err(Error::Forbidden(format!("you may not {what} yourself")));
    }
    Ok(())
}

/// `POST /users/:user/block`
#[utoipa::path(
    post,
    path = "/api/v4/users/{user}/block",
    operation_id = "block_user",
    summary = "Shut a user out; for administrators",
    tag = "users",
    params(UserPath),
    responses((status = 201, description = "blocked: `true`", body = bool), Refusals)
)]
pub async fn block(
    State(app): State<App>,
    caller: Caller,
    Acting(actor): Acting,
    Path(path): Path<UserPath>,
) -> ApiResult<Created<bool>> {
    set_blocked(&app, caller, actor, path.user, true).await
}

/// `POST /users/:user/unblock`
#[utoipa::path(
    post,
    path = "/api/v4/users/{user}/unblock",
    operation_id = "unblock_user",
    summary = "Let a blocked user in again; for administrators",
    tag = "users",
    params(UserPath),
    responses((status = 201, description = "not blocked: `true`", body = bool), Refusals)
)]
pub async fn unblock(
    State(app): State<App>,
    caller: Caller,
    Acting(actor): Acting,
    Path(path): Path<UserPath>,
) -> ApiResult<Created<bool>> {
    set_blocked(&app, caller, actor, path.user, false).await
}

async fn set_blocked(
    app: &App,
    caller: Caller,
    actor: Actor,
    user: String,
    blocked: bool,
) -> ApiResult<Created<bool>> {
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            let user = find(tx, &user)?;
            if blocked {
                check_another(&caller, &user, "block")?;
            }
            users::set_blocked(tx, user.id, blocked)?;
            let after = users::get(tx, user.id)?;
            let verb = if blocked { Verb::Blocked } else { Verb::Unblocked };
            audit::user(tx, &actor, verb, Some(&user), Some(&after), now)
        })
        .await?;
    Ok(Created(true))
}
