//! Personal access tokens: one's own; an administrator gets at everybody's.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use weir_domain::audit::{Actor, Verb};
use weir_domain::{Error, Result};
use weir_store::audit::acts as audit;
use weir_store::tokens::{self, Owner, Token, Whose};
use weir_store::{Tx, users};

use super::paging::{PageQuery, Paging};
use super::tokens::{
    CreateToken, ListTokens, RotateToken, Secret, TokenInfo, Wanted, page, revoke as revoke_token,
    rotate as rotate_token,
};
use crate::app::App;
use crate::caller::{Acting, Caller};
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Params, Path};
use crate::openapi::Refusals;
use crate::reply::{Created, NoContent, Reply};

/// `GET /personal_access_tokens`
#[utoipa::path(
    get,
    path = "/api/v4/personal_access_tokens",
    operation_id = "list_personal_access_tokens",
    summary = "Personal access tokens: one's own, to administrators everybody's",
    tag = "tokens",
    params(ListTokens, PageQuery),
    responses((status = 200, description = "a page", body = [TokenInfo]), Refusals)
)]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    paging: Paging,
    ApiQuery(mut query): ApiQuery<ListTokens>,
) -> ApiResult<Response> {
    let of = std::mem::take(&mut query.user_id).optional("user_id")?;
    let whose = match of {
        Some(id) if id == caller.user.id => Whose::User(id),
        Some(id) if caller.user.administrator => Whose::User(id),
        // GitLab's answer, too.
        Some(_) => return Err(Error::Unauthenticated("not one's own tokens".to_owned()).into()),
        None if caller.user.administrator => Whose::People,
        None => Whose::User(caller.user.id),
    };
    page(&app, whose, query, paging).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TokenPath {
    /// The number of the token.
    token: String,
}

/// A personal token by its number. To anybody but its owner and administrators it is as if it were not there.
fn find(tx: &mut Tx<'_>, caller: &Caller, id: &str) -> Result<Token> {
    let missing = || Error::not_found("404 Not Found");
    let id: i64 = id.parse().map_err(|_| missing())?;
    let token = tokens::get(tx, id).map_err(|_| missing())?;
    let own = token.user_id == caller.user.id;
    if (own || caller.user.administrator) && token.owner == Owner::Personal {
        Ok(token)
    } else {
        Err(missing())
    }
}

/// The token that the request came with.
fn own(caller: &Caller) -> Result<&Token> {
    caller.token.as_ref().ok_or_else(|| Error::not_found("404 Not Found"))
}

/// `GET /personal_access_tokens/:id`
#[utoipa::path(
    get,
    path = "/api/v4/personal_access_tokens/{token}",
    operation_id = "get_personal_access_token",
    summary = "A personal access token",
    tag = "tokens",
    params(TokenPath),
    responses((status = 200, description = "the token", body = TokenInfo), Refusals)
)]
pub async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(path): Path<TokenPath>,
) -> ApiResult<Reply<TokenInfo>> {
    let token = app.store.read(move |tx| find(tx, &caller, &path.token)).await?;
    Ok(Reply(TokenInfo::new(token, app.clock.now())))
}

/// `GET /personal_access_tokens/self`, of any kind of token
#[utoipa::path(
    get,
    path = "/api/v4/personal_access_tokens/self",
    operation_id = "get_own_access_token",
    summary = "The access token that asks, of any kind",
    tag = "tokens",
    responses((status = 200, description = "the token", body = TokenInfo), Refusals)
)]
pub async fn get_self(State(app): State<App>, caller: Caller) -> ApiResult<Reply<TokenInfo>> {
    Ok(Reply(TokenInfo::new(own(&caller)?.clone(), app.clock.now())))
}

/// `POST /personal_access_tokens/:id/rotate`
#[utoipa::path(
    post,
    path = "/api/v4/personal_access_tokens/{token}/rotate",
    operation_id = "rotate_personal_access_token",
    summary = "Put a new token in the place of an old one, which ends",
    tag = "tokens",
    params(TokenPath),
    request_body = RotateToken,
    responses((status = 200, description = "the new token with its secret", body = TokenInfo), Refusals)
)]
pub async fn rotate(
    State(app): State<App>,
    caller: Caller,
    Acting(actor): Acting,
    Path(path): Path<TokenPath>,
    Params(wish): Params<RotateToken>,
) -> ApiResult<Reply<TokenInfo>> {
    let token = app.store.read(move |tx| find(tx, &caller, &path.token)).await?;
    Ok(Reply(rotate_token(&app, actor, token.id, wish).await?))
}

/// `POST /personal_access_tokens/self/rotate`, of any kind of token
#[utoipa::path(
    post,
    path = "/api/v4/personal_access_tokens/self/rotate",
    operation_id = "rotate_own_access_token",
    summary = "The same of the access token that asks, of any kind",
    tag = "tokens",
    request_body = RotateToken,
    responses((status = 200, description = "the new token with its secret", body = TokenInfo), Refusals)
)]
pub async fn rotate_self(
    State(app): State<App>,
    caller: Caller,
    Acting(actor): Acting,
    Params(wish): Params<RotateToken>,
) -> ApiResult<Reply<TokenInfo>> {
    Ok(Reply(rotate_token(&app, actor, own(&caller)?.id, wish).await?))
}

/// `DELETE /personal_access_tokens/:id`
#[utoipa::path(
    delete,
    path = "/api/v4/personal_access_tokens/{token}",
    operation_id = "revoke_personal_access_token",
    summary = "End a personal access token",
    tag = "tokens",
    params(TokenPath),
    responses((status = 204, description = "it has ended"), Refusals)
)]
pub async fn revoke(
    State(app): State<App>,
    caller: Caller,
    Acting(actor): Acting,
    Path(path): Path<TokenPath>,
) -> ApiResult<NoContent> {
    revoke_token(&app, actor, move |tx| find(tx, &caller, &path.token)).await
}

/// `DELETE /personal_access_tokens/self`, of any kind of token
#[utoipa::path(
    delete,
    path = "/api/v4/personal_access_tokens/self",
    operation_id = "revoke_own_access_token",
    summary = "End the access token that asks, of any kind",
    tag = "tokens",
    responses((status = 204, description = "it has ended"), Refusals)
)]
pub async fn revoke_self(
    State(app): State<App>,
    caller: Caller,
    Acting(actor): Acting,
) -> ApiResult<NoContent> {
    let id = own(&caller)?.id;
    revoke_token(&app, actor, move |tx| tokens::get(tx, id)).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct UserPath {
    /// The number of the user.
    user: i64,
}

/// `POST /users/:user/personal_access_tokens`, by an administrator
#[utoipa::path(
    post,
    path = "/api/v4/users/{user}/personal_access_tokens",
    operation_id = "create_personal_access_token_of_user",
    summary = "Make a personal access token for somebody; for administrators",
    tag = "tokens",
    params(UserPath),
    request_body = CreateToken,
    responses((status = 201, description = "the token with its secret", body = TokenInfo), Refusals)
)]
pub async fn create(
    State(app): State<App>,
    Acting(actor): Acting,
    Path(path): Path<UserPath>,
    Params(mut body): Params<CreateToken>,
) -> ApiResult<Created<TokenInfo>> {
    let now = app.clock.now();
    Ok(Created(make(&app, actor, path.user, body.read(None, now)?, now).await?))
}

/// `POST /user/personal_access_tokens`, for oneself. GitLab has it for two scopes that do little, and has everything
/// else behind its pages; here the route is the pages' own. Only `api` lets a token in, which holds every scope, and
/// what it makes ends when it does.
#[utoipa::path(
    post,
    path = "/api/v4/user/personal_access_tokens",
    operation_id = "create_personal_access_token",
    summary = "Make a personal access token for oneself",
    tag = "tokens",
    request_body = CreateToken,
    responses((status = 201, description = "the token with its secret", body = TokenInfo), Refusals)
)]
pub async fn create_own(
    State(app): State<App>,
    caller: Caller,
    Acting(actor): Acting,
    Params(mut body): Params<CreateToken>,
) -> ApiResult<Created<TokenInfo>> {
    caller.check_person("make a token")?;
    let (now, latest) = (app.clock.now(), caller.token.as_ref().and_then(|token| token.expires_at));
    Ok(Created(make(&app, actor, caller.user.id, body.read(latest, now)?, now).await?))
}

async fn make(app: &App, actor: Actor, user_id: i64, wanted: Wanted, now: i64) -> Result<TokenInfo> {
    let secret = Secret::new()?;
    let digest = secret.digest;
    let token = app
        .store
        .write(move |tx| {
            let user = users::get(tx, user_id).map_err(|_| Error::not_found("404 User Not Found"))?;
            if user.bot || user.deleted {
                return Err(Error::not_found("404 User Not Found"));
            }
            if user.blocked {
                return Err(Error::Conflict(format!("user '{}' is blocked", user.username)));
            }
            let token = tokens::create_personal(tx, user.id, &wanted.token(digest, now))?;
            audit::token(tx, &actor, Verb::Created, &token, now)?;
            Ok(token)
        })
        .await?;
    Ok(TokenInfo::with_secret(token, now, secret.text))
}
