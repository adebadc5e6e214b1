//! What administrators do with users: make, change, block and take them away.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use weir_domain::audit::{Actor, Noun, Verb};
use weir_domain::{Error, Result, password};
use weir_store::audit::acts as audit;
use weir_store::passwords;
use weir_store::users::{self, NewUser, User, UserChange};

use super::{FullUserInfo, UserPath, find};
use crate::app::App;
use crate::caller::{Acting, Caller};
use crate::error::ApiResult;
use crate::extract::{Params, Path};
use crate::openapi::{ErrorMessage, Refusals};
use crate::reply::{Created, NoContent, Reply};
use crate::server_address::Origin;
use crate::sign_in::password::SecretText;
use crate::wire::{Flag, Text};

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
            if before.bot {
                return Err(Error::invalid(format!(
                    "'{}' is the bot of a token or trust rule, and is not changed",
                    before.username
                )));
            }
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
            users::set_blocked(tx, &user, blocked)?;
            let after = users::get(tx, user.id)?;
            let verb = if blocked { Verb::Blocked } else { Verb::Unblocked };
            audit::user(tx, &actor, verb, Some(&user), Some(&after), now)
        })
        .await?;
    Ok(Created(true))
}
