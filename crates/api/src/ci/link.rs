//! The CI that a project is linked to.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_domain::audit::{Noun, Verb};
use weir_domain::ci::Ci;
use weir_domain::{Error, Result};
use weir_store::audit::acts;
use weir_store::ci_links::{self, CiLink, NewLink};

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

/// The same, read and checked.
struct Wanted {
    ci: Ci,
    url: String,
    project: String,
    token: Option<String>,
}

const MAX_BYTES: usize = 512;

impl PutCiLink {
    fn read(self, app: &App) -> Result<Wanted> {
        let kind = self.kind.needed("kind")?;
        let Some(ci) = Ci::find(&kind) else {
            return Err(Error::invalid(format!("'{kind}' is not a kind of CI: use gitlab or github")));
        };
        let url = self.url.optional("url")?.unwrap_or_else(|| default_url(ci).to_owned());
        let url = url.trim_end_matches('/').to_owned();
        let token = self.token.optional("token")?;
        // Header values, as they will be sent.
        if token
            .as_ref()
            .is_some_and(|token| token.len() > MAX_BYTES || !token.bytes().all(|b| b.is_ascii_graphic()))
        {
            return Err(Error::invalid(
                "token is not an access token: it has blanks, or other characters than ASCII's",
            ));
        }
        check_url(app, &url)?;
        Ok(Wanted { ci, url, project: read_project(ci, self.project.needed("project")?)?, token })
    }
}

fn default_url(ci: Ci) -> &'static str {
    match ci {
        Ci::Gitlab => "https://gitlab.com",
        Ci::Github => "https://api.github.com",
    }
}

fn check_url(app: &App, url: &str) -> Result<()> {
    if url.len() > MAX_BYTES
        || url.contains(|c: char| matches!(c, '?' | '#') || c.is_whitespace() || c.is_control())
    {
        return Err(Error::invalid(format!(
            "'{url:.200}' is not the address of a CI: write one such as https://gitlab.com"
        )));
    }
    let outbound = app.issuers.outbound();
    outbound.check(url).map_err(|error| Error::invalid(format!("the CI cannot be asked: {error}")))
}

fn read_project(ci: Ci, project: String) -> Result<String> {
    let parts = project.split('/').collect::<Vec<_>>();
    let plain = project.len() <= MAX_BYTES
        && !project.contains(|c: char| c.is_whitespace() || c.is_control())
        && parts.iter().all(|part| !matches!(*part, "" | "." | ".."));
    let number = parts.len() == 1 && weir_domain::ci::is_job_id(&project);
    let right = match ci {
        Ci::Gitlab => number || parts.len() >= 2,
        Ci::Github => parts.len() == 2,
    };
    if plain && right {
        return Ok(project);
    }
    let form = match ci {
        Ci::Gitlab => "a full path such as group/project, or a number",
        Ci::Github => "owner/repository",
    };
    Err(Error::invalid(format!("'{project:.200}' is not a project of {}: write {form}", ci.name())))
}

/// What a token is sealed for.
pub(super) fn purpose(project_id: i64) -> String {
    format!("the token of the CI link of project {project_id}")
}

fn seal(app: &App, project_id: i64, token: &str) -> Result<Vec<u8>> {
    let Some(key) = &app.settings.secret_key else {
        return Err(Error::Conflict(
            "this server has no secret key to keep a token with: its operator sets WEIR_SECRET_KEY, the same on every replica"
                .to_owned(),
        ));
    };
    key.seal(&purpose(project_id), token)
}

fn not_linked() -> Error {
    Error::not_found("this project is linked to no CI")
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
    let link = app.store.read(move |tx| ci_links::find(tx, access.project_id)).await?;
    Ok(Reply(link.ok_or_else(not_linked)?.into()))
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
    let Wanted { ci, url, project, token } = body.read(&app)?;
    let sealed = match token.as_deref() {
        Some("") | None => None,
        Some(token) => Some(seal(&app, access.project_id, token)?),
    };
    let (keeps, now) = (token.is_none(), app.clock.now());
    let link = app
        .store
        .write(move |tx| {
            let old = ci_links::find(tx, access.project_id)?;
            // For another project, or to another address, the old token is not used: whoever changes that need not know it.
            let kept = old
                .filter(|old| keeps && (old.ci, &old.url, &old.ci_project) == (ci, &url, &project))
                .and_then(|old| old.token);
            let new = NewLink {
                ci,
                url: &url,
                ci_project: &project,
                token: sealed.as_deref().or(kept.as_deref()),
                updater_id: access.user_id,
                now,
            };
            ci_links::set(tx, access.project_id, &new)?;
            let (act, target) = ((Noun::CiLink, Verb::Set), (&*project, &*url));
            acts::of_project(tx, &actor, access.project_id, act, target, now)?;
            ci_links::find(tx, access.project_id)
        })
        .await?;
    Ok(Reply(link.ok_or_else(not_linked)?.into()))
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
    app.store
        .write(move |tx| {
            ci_links::remove(tx, access.project_id)?;
            let act = (Noun::CiLink, Verb::Removed);
            acts::of_project(tx, &actor, access.project_id, act, ("", ""), now)
        })
        .await?;
    Ok(NoContent)
}
