//! Who is calling: tokens and cookies, the project of a request, and the right a route declares.

mod acting;
mod ci;
mod guards;
mod person;
pub(crate) mod refusals;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, Uri};
use axum::middleware::Next;
use axum::response::Response;
use parking_lot::Mutex;
use percent_encoding::percent_decode_str;
use weir_domain::access::{Feature, Right, Role, Scopes, Standing, Visibility, project_not_found};
use weir_domain::{Error, Result};
use weir_store::members::{self, Place};
use weir_store::projects::{self, Project, ProjectRef};
use weir_store::{Tx, sessions, tokens};

pub use self::acting::Acting;
pub(crate) use self::ci::IdTokens;
pub use self::ci::Signature;
pub use self::guards::GroupAccess;
pub(crate) use self::guards::{group_guard, person_guard, standing};
pub use self::person::Caller;
use self::person::{Proof, Used, Verdict, authenticate, proof, refused, token};
use self::refusals::Refused;
use crate::app::App;
use crate::error::{ApiError, MlflowError, PROJECT_NOT_FOUND};
use crate::reply;
use crate::server_address::without_secrets;

/// What a route of a project asks of its caller, and the part of the project that it belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    pub(crate) right: Right,
    pub(crate) feature: Option<Feature>,
}

/// A caller who has the right that the route declared, in the project of the request.
#[derive(Clone, Debug)]
pub struct Access {
    /// [`NOBODY`] without a token, which only reading lets in.
    pub user_id: i64,
    pub project_id: i64,
    /// What the caller may do beyond the route's own right.
    pub standing: Standing,
    /// `None` without a token.
    pub caller: Option<Arc<Caller>>,
    /// The request named a path that the project had before.
    moved: bool,
}

impl Access {
    /// The caller, on a route that wants a token or a session.
    pub fn somebody(&self) -> Result<Arc<Caller>> {
        self.caller.clone().ok_or_else(|| Error::internal("a route without a caller"))
    }

    /// What the caller leaves on the runs that it makes and writes.
    pub fn signature(&self) -> Signature {
        self.caller.as_ref().map(|caller| caller.signature()).unwrap_or_default()
    }
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
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    answers: HashMap<Ask, (Instant, Arc<Access>)>,
    /// What was asked before this may be out of date.
    forgotten: Option<Instant>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Ask {
    proof: Proof,
    project: ProjectRef,
}

impl Doorkeeper {
    fn remembered(&self, ask: &Ask) -> Option<Arc<Access>> {
        let known = self.known.lock();
        let (at, access) = known.answers.get(ask)?;
        (at.elapsed() < REMEMBERED).then(|| access.clone())
    }

    /// Forgets everybody: somebody has signed out, or rights have changed.
    pub(crate) fn forget(&self) {
        let mut known = self.known.lock();
        known.answers.clear();
        known.forgotten = Some(Instant::now());
    }

    fn remember(&self, ask: Ask, at: Instant, access: Arc<Access>) {
        let mut known = self.known.lock();
        if known.forgotten.is_some_and(|forgotten| at <= forgotten) {
            return;
        }
        if known.answers.len() >= MOST {
            known.answers.retain(|_, (at, _)| at.elapsed() < REMEMBERED);
        }
        if known.answers.len() < MOST {
            known.answers.insert(ask, (at, access));
        }
    }
}

/// Runs a request that its guard has let through. What changes people, places or tokens may change who may do what,
/// here and at once; other replicas remember for a moment longer.
async fn run(app: &App, right: Right, request: Request, next: Next) -> Response {
    let reads = reads(request.method());
    let response = next.run(request).await;
    let administers = !matches!(right, Right::Read | Right::ReadPackages | Right::Write);
    if administers && !reads {
        app.doorkeeper.forget();
    }
    response
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Lets a request through to a route of a project, or answers in its place. MLflow's clients follow no redirect with
/// a body, so a path that the project had before still is its address.
pub(crate) async fn guard(
    State((app, gate)): State<(App, Gate)>,
    mut request: Request,
    next: Next,
) -> std::result::Result<Response, MlflowError> {
    let access = enter(&app, &mut request, gate).await?;
    request.extensions_mut().insert(access);
    Ok(next.run(request).await)
}

/// The same on a route that is not MLflow's, whose clients read GitLab's errors and follow a project that has moved.
pub(crate) async fn api_guard(
    State((app, gate)): State<(App, Gate)>,
    mut request: Request,
    next: Next,
) -> std::result::Result<Response, ApiError> {
    let access = enter(&app, &mut request, gate).await.map_err(|error| match error {
        Error::NotFound(sentence) if sentence.ends_with("not found") => Error::not_found(PROJECT_NOT_FOUND),
        Error::NotFound(_) => Error::not_found("404 Not Found"),
        other => other,
    })?;
    if access.moved {
        let address = address_by_id(&app, request.uri(), access.project_id);
        return Ok(reply::moved(&address, reads(request.method())));
    }
    request.extensions_mut().insert(access);
    Ok(run(&app, gate.right, request, next).await)
}

/// The address of the same thing with the project's id, which no move changes.
fn address_by_id(app: &App, uri: &Uri, project_id: i64) -> String {
    let rest = uri.path().strip_prefix(PROJECT_MOUNT).unwrap_or_default();
    let rest = rest.split_once('/').map_or(String::new(), |(_, rest)| format!("/{rest}"));
    let query = without_secrets(uri.query().unwrap_or_default());
    let query = if query.is_empty() { query } else { format!("?{query}") };
    // What stands before our own paths belongs to us only with what the operator says.
    let settings = &app.settings;
    let before = settings.external_url.as_deref().unwrap_or(&settings.base_path);
    format!("{before}{PROJECT_MOUNT}{project_id}{rest}{query}")
}

/// Lets somebody in or notes that it does not.
async fn enter(app: &App, request: &mut Request, gate: Gate) -> Result<Arc<Access>> {
    let (method, path, headers) = (request.method(), request.uri().path(), request.headers());
    let extensions = request.extensions();
    let entered = admit(app, method, path, headers, gate).await;
    entered.map_err(|refused| refusals::note(app, extensions, headers, refused))
}

async fn admit(
    app: &App,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    gate: Gate,
) -> Verdict<Arc<Access>> {
    let project = project_of(path, app.settings.default_project)?;
    let proof = match (proof(app, method, headers)?, gate.right) {
        (Some(proof), _) => proof,
        // The project may be public.
        (None, Right::ReadPackages) => Proof::Nothing,
        (None, _) => return Err(refused().into()),
    };
    let ask = Ask { proof, project };
    // Nobody is turned away for what they were a moment ago.
    if let Some(access) = app.doorkeeper.remembered(&ask)
        && check(&access, gate, &ask.project).is_ok()
    {
        return Ok(access);
    }
    let access = look_up(app, ask.clone(), headers).await?;
    match (check(&access, gate, &ask.project), &access.caller) {
        (Ok(()), _) => Ok(access),
        (Err(error), Some(caller)) => Err(Refused::caller(error, caller)),
        (Err(error), None) => Err(error.into()),
    }
}

fn check(access: &Access, gate: Gate, project: &ProjectRef) -> Result<()> {
    let project = project.to_string();
    access.standing.check(gate.right, &project)?;
    gate.feature.map_or(Ok(()), |feature| access.standing.check_feature(feature, &project))
}

const PROJECT_MOUNT: &str = "/api/v4/projects/";

/// The decoded segment behind `mount`; `None` inside when it is no text that a database of ours keeps.
fn segment_of(path: &str, mount: &str) -> Option<Option<String>> {
    let segment = path.strip_prefix(mount)?.split('/').next().unwrap_or_default();
    let decoded = percent_decode_str(segment).decode_utf8().ok().filter(|text| !text.contains('\0'));
    Some(decoded.map(Into::into))
}

fn project_of(path: &str, default: i64) -> Result<ProjectRef> {
    match segment_of(path, PROJECT_MOUNT) {
        None => Ok(ProjectRef::Id(default)),
        Some(Some(text)) => Ok(ProjectRef::parse(&text)),
        Some(None) => Err(project_not_found("?")),
    }
}

async fn look_up(app: &App, ask: Ask, headers: &HeaderMap) -> Verdict<Arc<Access>> {
    let access = ask_anew(app, ask, headers).await?;
    if let Some(caller) = &access.caller {
        note_use(app, caller, app.clock.now());
    }
    Ok(access)
}

async fn ask_anew(app: &App, ask: Ask, headers: &HeaderMap) -> Verdict<Arc<Access>> {
    // Taken before the database is asked: what is revoked after this is forgotten in time.
    let at = Instant::now();
    let now = app.clock.now();
    let access = match ask.proof {
        Proof::IdToken(digest) => ci::identify(app, &ask.project, &token(headers)?, digest, now).await?,
        _ => {
            let (everybody_is, question) = (app.settings.everybody_is, ask.clone());
            app.store.read(move |tx| identify(tx, &question, everybody_is, now)).await??
        }
    };
    let access = Arc::new(access);
    app.doorkeeper.remember(ask, at, access.clone());
    Ok(access)
}

/// What somebody who reads for long was let in by, to ask again meanwhile.
pub(crate) struct Ticket {
    ask: Ask,
    /// Those that may hold a token.
    headers: HeaderMap,
    gate: Gate,
}

impl Ticket {
    /// For a caller of a route that reads experiments.
    pub(crate) fn of(app: &App, access: &Access, method: &Method, headers: &HeaderMap) -> Result<Self> {
        let proof = proof(app, method, headers)?.ok_or_else(refused)?;
        // By its id: the project may be renamed meanwhile.
        let ask = Ask { proof, project: ProjectRef::Id(access.project_id) };
        let gate = Gate { right: Right::Read, feature: Some(Feature::Experiments) };
        let kept = ["private-token", "authorization"].into_iter().filter_map(|name| {
            let name = HeaderName::from_static(name);
            headers.get(&name).map(|value| (name, value.clone()))
        });
        Ok(Self { ask, headers: kept.collect(), gate })
    }

    /// Refuses whoever has lost the right. It is no use of the token or session: an open page keeps no session alive.
    pub(crate) async fn check(&self, app: &App) -> Result<Arc<Access>> {
        let access = match app.doorkeeper.remembered(&self.ask) {
            Some(access) => access,
            None => ask_anew(app, self.ask.clone(), &self.headers).await.map_err(|refused| refused.error)?,
        };
        check(&access, self.gate, &self.ask.project)?;
        Ok(access)
    }
}

/// Notes in the background that a token or session was used, not at every use.
fn note_use(app: &App, caller: &Caller, now: i64) {
    let Some(used) = caller.worth_noting(now) else { return };
    let store = app.store.clone();
    tokio::spawn(async move {
        let note = move |tx: &mut Tx<'_>| match used {
            Used::Token(id) => tokens::note_use(tx, id, now),
            Used::Session(id) => sessions::note_use(tx, id, now),
        };
        if let Err(error) = store.write(note).await {
            tracing::warn!(%error, "the use of a token or session could not be noted");
        }
    });
}

fn identify(tx: &mut Tx<'_>, ask: &Ask, everybody_is: Option<i64>, now: i64) -> Result<Verdict<Access>> {
    if ask.proof == Proof::Nothing && everybody_is.is_none() {
        return nobody(tx, &ask.project).map(Ok);
    }
    match authenticate(tx, &ask.proof, everybody_is, now)? {
        Ok(caller) => place(tx, caller, &ask.project, now).map(Ok),
        Err(refused) => Ok(Err(refused)),
    }
}

/// What a caller is in a project.
fn place(tx: &mut Tx<'_>, caller: Caller, asked: &ProjectRef, now: i64) -> Result<Access> {
    let not_found = || project_not_found(&asked.to_string());
    let (project, moved) = projects::find_or_moved(tx, asked)?.ok_or_else(not_found)?;
    if !caller.reaches(tx, Some(project.id), project.namespace.id)? {
        return Err(not_found());
    }
    let role = members::role(tx, Place::Project(project.id), caller.user.id, now)?;
    let standing = standing_in(&project, role, caller.user.administrator, caller.scopes);
    Ok(Access {
        user_id: caller.user.id,
        project_id: project.id,
        standing,
        caller: Some(Arc::new(caller)),
        moved,
    })
}

/// What somebody with this role is in a project.
pub(crate) fn standing_in(
    project: &Project,
    role: Option<Role>,
    administrator: bool,
    scopes: Scopes,
) -> Standing {
    Standing {
        role,
        visibility: project.visibility,
        administrator,
        scopes,
        experiments: project.experiments_access,
        registry: project.registry_access,
        read_only: project.archived || project.deletes_at.is_some(),
    }
}

/// What who has no token is: in a public project somebody who reads, elsewhere nothing.
fn nobody(tx: &mut Tx<'_>, project: &ProjectRef) -> Result<Access> {
    let found = projects::find_or_moved(tx, project)?;
    let public = found.filter(|(project, _)| project.visibility == Visibility::Public);
    let (project, moved) = public.ok_or_else(|| project_not_found(&project.to_string()))?;
    let standing = standing_in(&project, None, false, Scopes::READ_API);
    Ok(Access { user_id: NOBODY, project_id: project.id, standing, caller: None, moved })
}
