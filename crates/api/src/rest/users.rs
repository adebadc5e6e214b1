//! Users: who they are, one and many.

pub mod change;
pub mod own;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::{Error, Result};
use weir_store::Tx;
use weir_store::users::{self, User, UserFilter};

use super::paging::{OrderQuery, PageQuery, Paging};
use crate::app::App;
use crate::caller::Caller;
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Path};
use crate::openapi::Refusals;
use crate::reply::Reply;
use crate::server_address::Origin;
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
    /// Bots are listed to administrators, unless they want people; and an email address finds its user for them alone,
    /// or for that user.
    fn read(self, caller: &User) -> Result<UserFilter> {
        let administrator = caller.administrator;
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
            email_of: (!administrator).then_some(caller.id),
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
    let filter = query.read(&caller.user)?;
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

fn missing() -> Error {
    Error::not_found("404 User Not Found")
}

fn find(tx: &mut Tx<'_>, user: &str) -> Result<User> {
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
    let (named, viewer) = (path.user.clone(), caller.viewer(app.clock.now()));
    let user = app
        .store
        .read(move |tx| {
            let user = find(tx, &named)?;
            // Its name tells of a project or group that may be hidden.
            if user.bot && !viewer.sees_bot(tx, user.id)? {
                return Err(missing());
            }
            Ok(user)
        })
        .await?;
    let full = caller.user.administrator || caller.user.id == user.id;
    Ok(match full {
        true => Reply(FullUserInfo::new(&user, &origin)).into_response(),
        false => Reply(UserInfo::new(&user, &origin)).into_response(),
    })
}
