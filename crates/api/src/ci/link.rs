//! The CI that a project is linked to.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_domain::ci::{Link, check_token, token_purpose};
use weir_domain::{Error, Result};
use weir_store::ci_links::{self, CiLink, NewToken};

use crate::app::App;
use crate::caller::{Access, Acting};
use crate::error::ApiResult;
use crate::extract::Params;
use crate::openapi::{ProjectPath, Refusals};
use crate::reply::{NoContent, Reply};
use crate::time::Time;
use crate::wire::Text;

/// The CI that a project is linked to. Its token is never shown.
#[derive(Serialize, ToSchema)]
pub struct CiLinkInfo {
    /// `gitlab` or `github`.
    kind: &'static str,
    /// GitLab's address, or the one of GitHub's REST API.
    url: String,
    /// The project there: a path or number, `owner/repository`.
    project: String,
    has_token: bool,
    /// The tag of a run that names a job.
    tag: &'static str,
    #[schema(required = true)]
    updated_by: Option<String>,
    updated_at: Time,
}

impl From<CiLink> for CiLinkInfo {
    fn from(link: CiLink) -> Self {
        Self {
            kind: link.ci.name(),
            url: link.url,
            project: link.ci_project,
            has_token: link.token.is_some(),
            tag: link.ci.tag(),
            updated_by: link.updater,
            updated_at: Time(link.updated_at),
        }
    }
}

/// A link to be made.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PutCiLink {
    kind: Text,
    url: Text,
    project: Text,
    token: Text,
}

/// The same, for the description.
#[derive(ToSchema)]
#[schema(as = PutCiLink)]
#[expect(dead_code, reason = "it describes; nothing is made of it")]
pub struct CiLinkWish {
    /// `gitlab` or `github`.
    kind: String,
    /// GitLab's address, or the one of GitHub's REST API. Left out: `https://gitlab.com`, `https://api.github.com`.
    url: Option<String>,
    /// The project there: GitLab's path or number, GitHub's `owner/repository`.
    project: String,
    /// A token that may read jobs there: GitLab's scope `read_api`. Left out, the one that the link has stays if
    /// nothing else changes; an empty one is none.
    token: Option<String>,
}

impl PutCiLink {
    fn read(self, app: &App) -> Result<(Link, Option<String>)> {
        let (kind, url) = (self.kind.needed("kind")?, self.url.optional("url")?);
        let link = Link::parse(&kind, url.as_deref(), &self.project.needed("project")?)?;
        let token = self.token.optional("token")?;
        token.as_deref().map_or(Ok(()), check_token)?;
        let allowed = app.issuers.outbound().check(&link.url);
        allowed.map_err(|error| Error::invalid(format!("the CI cannot be asked: {error}")))?;
        Ok((link, token))
    }
}

fn seal(app: &App, project_id: i64, token: &str) -> Result<Vec<u8>> {
    let Some(key) = &app.settings.secret_key else {
        return Err(Error::Conflict(
            "this server has no secret key to keep a token with: its operator sets WEIR_SECRET_KEY, the same on every replica"
                .to_owned(),
        ));
    };
    key.seal(&token_purpose(project_id), token)
}

/// `GET /projects/:id/ml/ci_link`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/ci_link",
    operation_id = "get_ci_link",
    summary = "The CI that a project is linked to",
    tag = "CI",
    params(ProjectPath),
    responses((status = 200, description = "the link", body = CiLinkInfo), Refusals)
)]
pub async fn get(State(app): State<App>, access: Access) -> ApiResult<Reply<CiLinkInfo>> {
    let link = app.store.read(move |tx| ci_links::get(tx, access.project_id)).await?;
    Ok(Reply(link.into()))
}

/// `PUT /projects/:id/ml/ci_link`: makes the link, or another in its place.
#[utoipa::path(
    put,
    path = "/api/v4/projects/{project}/ml/ci_link",
    operation_id = "put_ci_link",
    summary = "Link a project to a CI, where the jobs that its runs' tags name are looked up",
    tag = "CI",
    params(ProjectPath),
    request_body = CiLinkWish,
    responses((status = 200, description = "the link", body = CiLinkInfo), Refusals)
)]
pub async fn put(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Params(body): Params<PutCiLink>,
) -> ApiResult<Reply<CiLinkInfo>> {
    let (wanted, token) = body.read(&app)?;
    let token = match token.as_deref() {
        None => NewToken::Kept,
        Some("") => NewToken::None,
        Some(token) => NewToken::Sealed(seal(&app, access.project_id, token)?),
    };
    let (id, now) = (access.project_id, app.clock.now());
    let link = app.store.write(move |tx| ci_links::set(tx, &actor, id, &wanted, &token, now)).await?;
    Ok(Reply(link.into()))
}

/// `DELETE /projects/:id/ml/ci_link`
#[utoipa::path(
    delete,
    path = "/api/v4/projects/{project}/ml/ci_link",
    operation_id = "delete_ci_link",
    summary = "End the link; what was found by it stays",
    tag = "CI",
    params(ProjectPath),
    responses((status = 204, description = "it is gone, with its token"), Refusals)
)]
pub async fn delete(State(app): State<App>, access: Access, Acting(actor): Acting) -> ApiResult<NoContent> {
    let now = app.clock.now();
    app.store.write(move |tx| ci_links::remove(tx, &actor, access.project_id, now)).await?;
    Ok(NoContent)
}
