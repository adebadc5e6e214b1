//! Access tokens of projects and groups, each of which acts as a bot of its own.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use weir_domain::access::Role;
use weir_domain::audit::{Actor, Verb};
use weir_domain::{Error, Result};
use weir_store::Tx;
use weir_store::audit::acts as audit;
use weir_store::groups::{self, GroupRef};
use weir_store::members::Place;
use weir_store::projects::{self, ProjectRef};
use weir_store::tokens::{self, Owner, Token};

use super::paging::{PageQuery, Paging};
use super::place::PlaceAccess;
use super::tokens::{
    CreateToken, ListTokens, RotateToken, Secret, TokenInfo, page, revoke as revoke_token,
    rotate as rotate_token,
};
use crate::app::App;
use crate::caller::{Acting, Caller};
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Params, Path};
use crate::openapi::Refusals;
use crate::reply::{Created, NoContent, Reply};

/// `GET /projects/:project/access_tokens`, `GET /groups/:group/access_tokens`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/access_tokens",
    operation_id = "list_project_access_tokens",
    summary = "The access tokens of a project",
    tag = "tokens",
    params(ProjectPath, ListTokens, PageQuery),
    responses((status = 200, description = "a page", body = [TokenInfo]), Refusals)
)]
pub async fn list(
    State(app): State<App>,
    access: PlaceAccess,
    paging: Paging,
    ApiQuery(query): ApiQuery<ListTokens>,
) -> ApiResult<Response> {
    page(&app, access.whose_tokens(), query, paging).await
}

/// GitLab's default.
const DEFAULT_ROLE: Role = Role::Maintainer;

/// `POST /projects/:project/access_tokens`, `POST /groups/:group/access_tokens`
#[utoipa::path(
    post,
    path = "/api/v4/projects/{project}/access_tokens",
    operation_id = "create_project_access_token",
    summary = "Make an access token of a project, which acts as a bot of its own",
    tag = "tokens",
    params(ProjectPath),
    request_body = CreateToken,
    responses((status = 201, description = "the token with its secret", body = TokenInfo), Refusals)
)]
pub async fn create(
    State(app): State<App>,
    access: PlaceAccess,
    Acting(actor): Acting,
    Params(mut body): Params<CreateToken>,
) -> ApiResult<Created<TokenInfo>> {
    access.caller.check_person("make a token")?;
    let now = app.clock.now();
    let wanted = body.read(None, now)?;
    let role = std::mem::take(&mut body.access_level).optional("access_level")?;
    let role = role.map_or(Ok(DEFAULT_ROLE), Role::from_number)?;
    check_role(&access, role)?;
    let secret = Secret::new()?;
    let (digest, bot, place) = (secret.digest, secret.bot.clone(), access.place);
    let token = app
        .store
        .write(move |tx| {
            let new = wanted.token(digest, now);
            let token = match place {
                Place::Project(id) => tokens::create_for_project(tx, id, role, &bot, &new)?,
                Place::Group(id) => tokens::create_for_group(tx, id, role, &bot, &new)?,
            };
            audit::token(tx, &actor, Verb::Created, &token, now)?;
            Ok(token)
        })
        .await?;
    Ok(Created(TokenInfo::with_secret(token, now, secret.text)))
}

/// Nobody gives what they have not.
fn check_role(access: &PlaceAccess, role: Role) -> Result<()> {
    if access.standing.has(role) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "you may not make a token with access level {} ({}): it is above your own",
        role.number(),
        role.name()
    )))
}

/// `{project}` or `{group}` stands there, too, and is the guard's.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TokenPath {
    /// The number of the token.
    token: String,
}

/// A token of the place of the request.
fn find(tx: &mut Tx<'_>, place: Place, id: &str) -> Result<Token> {
    let missing = || Error::not_found("404 Could not find the token");
    let id: i64 = id.parse().map_err(|_| missing())?;
    let token = tokens::get(tx, id).map_err(|_| missing())?;
    let owner = match place {
        Place::Project(id) => Owner::Project(id),
        Place::Group(id) => Owner::Group(id),
    };
    if token.owner == owner { Ok(token) } else { Err(missing()) }
}

/// `GET …/access_tokens/:id`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/access_tokens/{token}",
    operation_id = "get_project_access_token",
    summary = "An access token of a project",
    tag = "tokens",
    params(ProjectPath, TokenPath),
    responses((status = 200, description = "the token", body = TokenInfo), Refusals)
)]
pub async fn get(
    State(app): State<App>,
    access: PlaceAccess,
    Path(path): Path<TokenPath>,
) -> ApiResult<Reply<TokenInfo>> {
    let token = app.store.read(move |tx| find(tx, access.place, &path.token)).await?;
    Ok(Reply(TokenInfo::new(token, app.clock.now())))
}

/// `POST …/access_tokens/:id/rotate`
#[utoipa::path(
    post,
    path = "/api/v4/projects/{project}/access_tokens/{token}/rotate",
    operation_id = "rotate_project_access_token",
    summary = "Put a new token of a project in the place of an old one, which ends",
    tag = "tokens",
    params(ProjectPath, TokenPath),
    request_body = RotateToken,
    responses((status = 200, description = "the new token with its secret", body = TokenInfo), Refusals)
)]
pub async fn rotate(
    State(app): State<App>,
    access: PlaceAccess,
    Acting(actor): Acting,
    Path(path): Path<TokenPath>,
    Params(wish): Params<RotateToken>,
) -> ApiResult<Reply<TokenInfo>> {
    let place = access.place;
    let token = app.store.read(move |tx| find(tx, place, &path.token)).await?;
    // The secret of another token would outlive the one that asks: a job's ends with the job.
    if access.caller.token.as_ref().is_none_or(|own| own.id != token.id) {
        access.caller.check_person("rotate another token")?;
    }
    // A new token with a higher role than one's own would be a way up.
    if let Some(role) = token.role {
        check_role(&access, role)?;
    }
    Ok(Reply(rotate_token(&app, actor, token.id, wish).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ProjectPath {
    /// The numeric id, or the full path with its slashes as `%2F`.
    project: String,
}

/// `POST /projects/:project/access_tokens/self/rotate`
#[utoipa::path(
    post,
    path = "/api/v4/projects/{project}/access_tokens/self/rotate",
    operation_id = "rotate_own_project_access_token",
    summary = "The same of the access token of a project that asks",
    tag = "tokens",
    params(ProjectPath),
    request_body = RotateToken,
    responses((status = 200, description = "the new token with its secret", body = TokenInfo), Refusals)
)]
pub async fn rotate_self_of_project(
    State(app): State<App>,
    caller: Caller,
    Acting(actor): Acting,
    Path(path): Path<ProjectPath>,
    Params(wish): Params<RotateToken>,
) -> ApiResult<Reply<TokenInfo>> {
    let project = ProjectRef::parse(&path.project);
    let project = app.store.read(move |tx| projects::find(tx, &project)).await?;
    rotate_own(&app, &caller, actor, project.map(|project| Owner::Project(project.id)), wish).await
}

#[derive(Deserialize)]
pub struct GroupPath {
    group: String,
}

/// `POST /groups/:group/access_tokens/self/rotate`
pub async fn rotate_self_of_group(
    State(app): State<App>,
    caller: Caller,
    Acting(actor): Acting,
    Path(path): Path<GroupPath>,
    Params(wish): Params<RotateToken>,
) -> ApiResult<Reply<TokenInfo>> {
    let group = GroupRef::parse(&path.group);
    let group = app.store.read(move |tx| groups::find(tx, &group)).await?;
    rotate_own(&app, &caller, actor, group.map(|group| Owner::Group(group.id)), wish).await
}

/// Rotates the token that the request came with, when it is one of the place that the address names.
async fn rotate_own(
    app: &App,
    caller: &Caller,
    actor: Actor,
    owner: Option<Owner>,
    wish: RotateToken,
) -> ApiResult<Reply<TokenInfo>> {
    let own = caller.token.as_ref().filter(|token| Some(token.owner) == owner);
    let own = own.ok_or_else(|| Error::not_found("404 Could not find the token"))?;
    Ok(Reply(rotate_token(app, actor, own.id, wish).await?))
}

/// `DELETE …/access_tokens/:id`
#[utoipa::path(
    delete,
    path = "/api/v4/projects/{project}/access_tokens/{token}",
    operation_id = "revoke_project_access_token",
    summary = "End an access token of a project; its bot leaves",
    tag = "tokens",
    params(ProjectPath, TokenPath),
    responses((status = 204, description = "it has ended"), Refusals)
)]
pub async fn revoke(
    State(app): State<App>,
    access: PlaceAccess,
    Acting(actor): Acting,
    Path(path): Path<TokenPath>,
) -> ApiResult<NoContent> {
    revoke_token(&app, actor, move |tx| find(tx, access.place, &path.token)).await
}
