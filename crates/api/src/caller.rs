//! Who is calling: tokens, the project of a request, and the right a route declares.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use parking_lot::Mutex;
use percent_encoding::percent_decode_str;
use weir_domain::access::{Right, Scopes, Standing, Visibility, project_not_found};
use weir_domain::{Error, Result};
use weir_store::projects::ProjectRef;
use weir_store::{Tx, members, projects, tokens, users};

use crate::app::App;
use crate::error::{ApiError, MlflowError, PROJECT_NOT_FOUND};

/// A caller who has the right that the route declared, in the project of the request.
#[derive(Clone, Debug)]
pub struct Access {
    /// [`NOBODY`] without a token, which only reading lets in.
    pub user_id: i64,
    pub project_id: i64,
    /// What the caller may do beyond the route's own right.
    pub standing: Standing,
}

/// No user has this id.
const NOBODY: i64 = 0;

/// The guard of the route put it there; a handler cannot be reached without one.
impl FromRequestParts<App> for Access {
    type Rejection = MlflowError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> std::result::Result<Self, MlflowError> {
        match parts.extensions.get::<Arc<Access>>() {
            Some(access) => Ok(Access::clone(access)),
            None => Err(MlflowError(Error::internal("a route without a guard"))),
        }
    }
}

/// Answers are remembered this long; a revoked token is refused within it on every replica.
const REMEMBERED: Duration = Duration::from_millis(500);
/// Answers remembered at most.
const MOST: usize = 10_000;

/// Remembers for a moment who a token belongs to and what it may do in a project.
#[derive(Default)]
pub(crate) struct Doorkeeper {
    known: Mutex<HashMap<Ask, (Instant, Arc<Access>)>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Ask {
    /// `None` under `--no-auth`, and else without a token.
    digest: Option<[u8; 32]>,
    project: ProjectRef,
}

impl Doorkeeper {
    fn remembered(&self, ask: &Ask) -> Option<Arc<Access>> {
        let known = self.known.lock();
        let (at, access) = known.get(ask)?;
        (at.elapsed() < REMEMBERED).then(|| access.clone())
    }

    fn remember(&self, ask: Ask, at: Instant, access: Arc<Access>) {
        let mut known = self.known.lock();
        if known.len() >= MOST {
            known.retain(|_, (at, _)| at.elapsed() < REMEMBERED);
        }
        if known.len() < MOST {
            known.insert(ask, (at, access));
        }
    }
}

/// Lets a request through to a route of a project, or answers in its place.
pub(crate) async fn guard(
    State((app, right)): State<(App, Right)>,
    mut request: Request,
    next: Next,
) -> std::result::Result<Response, MlflowError> {
    let access = enter(&app, request.uri().path(), request.headers(), right).await?;
    request.extensions_mut().insert(access);
    Ok(next.run(request).await)
}

/// The same on a route that is not MLflow's, whose clients read GitLab's errors.
pub(crate) async fn api_guard(
    State((app, right)): State<(App, Right)>,
    mut request: Request,
    next: Next,
) -> std::result::Result<Response, ApiError> {
    let access =
        enter(&app, request.uri().path(), request.headers(), right).await.map_err(|error| match error {
            Error::NotFound(_) => Error::not_found(PROJECT_NOT_FOUND),
            other => other,
        })?;
    request.extensions_mut().insert(access);
    Ok(next.run(request).await)
}

async fn enter(app: &App, path: &str, headers: &HeaderMap, right: Right) -> Result<Arc<Access>> {
    let project = project_of(path, app.settings.default_project)?;
    admit(app, headers, project, right).await
}

const PROJECT_MOUNT: &str = "/api/v4/projects/";

fn project_of(path: &str, default: i64) -> Result<ProjectRef> {
    let Some(rest) = path.strip_prefix(PROJECT_MOUNT) else { return Ok(ProjectRef::Id(default)) };
    let segment = rest.split('/').next().unwrap_or_default();
    let decoded = percent_decode_str(segment).decode_utf8().ok().filter(|text| !text.contains('\0'));
    decoded.map(|text| ProjectRef::parse(&text)).ok_or_else(|| project_not_found(segment))
}

async fn admit(app: &App, headers: &HeaderMap, project: ProjectRef, right: Right) -> Result<Arc<Access>> {
    let digest = match app.settings.everybody_is {
        Some(_) => None,
        None if right == Right::ReadPackages && !has_token(headers) => None,
        None => Some(tokens::digest(&token(headers)?)),
    };
    let ask = Ask { digest, project };
    let access = match app.doorkeeper.remembered(&ask) {
        Some(access) => access,
        None => look_up(app, ask.clone()).await?,
    };
    access.standing.check(right, &ask.project.to_string())?;
    Ok(access)
}

async fn look_up(app: &App, ask: Ask) -> Result<Arc<Access>> {
    // Taken before the database is asked: what is revoked after this is forgotten in time.
    let at = Instant::now();
    let now = app.clock.now();
    let everybody_is = app.settings.everybody_is;
    let question = ask.clone();
    let (access, used) = app.store.read(move |tx| identify(tx, &question, everybody_is, now)).await?;
    let access = Arc::new(access);
    app.doorkeeper.remember(ask, at, access.clone());
    if let Some(token_id) = used {
        let store = app.store.clone();
        tokio::spawn(async move {
            if let Err(error) = store.write(move |tx| tokens::note_use(tx, token_id, now)).await {
                tracing::warn!(%error, "the use of a token could not be noted");
            }
        });
    }
    Ok(access)
}

/// The access, and the token whose use is to be noted.
fn identify(
    tx: &mut Tx<'_>,
    ask: &Ask,
    everybody_is: Option<i64>,
    now: i64,
) -> Result<(Access, Option<i64>)> {
    if ask.digest.is_none() && everybody_is.is_none() {
        return Ok((nobody(tx, &ask.project)?, None));
    }
    let (user, scopes, confined_to, used) = match (&ask.digest, everybody_is) {
        (Some(digest), _) => {
            let found = tokens::find(tx, digest)?;
            let (token, user) =
                found.filter(|(token, user)| token.active(now) && !user.blocked).ok_or_else(refused)?;
            let used = tokens::use_is_worth_noting(&token, now).then_some(token.id);
            (user, token.scopes, token.project_id, used)
        }
        (None, Some(user_id)) => (users::get(tx, user_id)?, Scopes::API, None, None),
        (None, None) => return Err(refused()),
    };
    let project =
        projects::find(tx, &ask.project)?.ok_or_else(|| project_not_found(&ask.project.to_string()))?;
    if confined_to.is_some_and(|own| own != project.id) {
        return Err(project_not_found(&ask.project.to_string()));
    }
    let standing = Standing {
        role: members::role(tx, project.id, user.id, now)?,
        visibility: project.visibility,
        administrator: user.administrator,
        scopes,
    };
    Ok((Access { user_id: user.id, project_id: project.id, standing }, used))
}

/// What who has no token is: in a public project somebody who reads, elsewhere nothing.
fn nobody(tx: &mut Tx<'_>, project: &ProjectRef) -> Result<Access> {
    let public = projects::find(tx, project)?.filter(|project| project.visibility == Visibility::Public);
    let project = public.ok_or_else(|| project_not_found(&project.to_string()))?;
    let standing = Standing {
        role: None,
        visibility: project.visibility,
        administrator: false,
        scopes: Scopes::READ_API,
    };
    Ok(Access { user_id: NOBODY, project_id: project.id, standing })
}

fn refused() -> Error {
    Error::Unauthenticated("no valid access token".to_owned())
}

fn has_token(headers: &HeaderMap) -> bool {
    headers.contains_key("private-token") || headers.contains_key(AUTHORIZATION)
}

/// The token of a request: `Authorization: Bearer`, `PRIVATE-TOKEN`, or the password of HTTP Basic.
fn token(headers: &HeaderMap) -> Result<String> {
    if let Some(value) = headers.get("private-token") {
        return value.to_str().map(ToOwned::to_owned).map_err(|_| refused());
    }
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or_else(refused)?;
    let (scheme, rest) = value.split_once(' ').ok_or_else(refused)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Ok(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(refused());
    }
    let decoded = base64::engine::general_purpose::STANDARD.decode(rest.trim()).map_err(|_| refused())?;
    let text = String::from_utf8(decoded).map_err(|_| refused())?;
    text.split_once(':').map(|(_, password)| password.to_owned()).ok_or_else(refused)
}
