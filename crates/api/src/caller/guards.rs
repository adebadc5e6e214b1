//! The guards of GitLab's own routes: those of a group, and those that are nobody's.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use weir_domain::access::{FeatureAccess, Right, Standing, group_not_found};
use weir_domain::audit::{Actor, Means};
use weir_domain::{Error, Result};
use weir_store::groups::{self, GroupRef};
use weir_store::members::{self, Place};
use weir_store::namespaces::Namespace;
use weir_store::{Tx, tokens};

use super::person::{Caller, Proof, Verdict, authenticate, proof, refused};
use super::refusals::Refused;
use super::{note_use, refusals, run, segment_of};
use crate::app::App;
use crate::error::{ApiError, GROUP_NOT_FOUND};
use crate::peer::Peer;

/// A caller who has the right that the route declared, in the group of the request.
#[derive(Clone, Debug)]
pub struct GroupAccess {
    pub caller: Caller,
    pub group_id: i64,
    pub standing: Standing,
}

impl FromRequestParts<App> for GroupAccess {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> std::result::Result<Self, ApiError> {
        match parts.extensions.get::<Arc<GroupAccess>>() {
            Some(access) => Ok(GroupAccess::clone(access)),
            None => Err(ApiError(Error::internal("a route without a guard"))),
        }
    }
}

const GROUP_MOUNT: &str = "/api/v4/groups/";

/// Lets a request through to a route of a group.
pub(crate) async fn group_guard(
    State((app, right)): State<(App, Right)>,
    mut request: Request,
    next: Next,
) -> std::result::Result<Response, ApiError> {
    let segment = segment_of(request.uri().path(), GROUP_MOUNT).unwrap_or_default();
    let group = segment.map(|text| GroupRef::parse(&text)).ok_or_else(|| group_not_found("?"))?;
    let admitted = admit(&app, request.method(), request.headers(), group, right).await;
    let access = admitted.map_err(|refused| {
        match refusals::note(&app, request.extensions(), request.headers(), refused) {
            Error::NotFound(_) => Error::not_found(GROUP_NOT_FOUND),
            other => other,
        }
    })?;
    note_use(&app, &access.caller, app.clock.now());
    request.extensions_mut().insert(Arc::new(access));
    Ok(run(&app, right, request, next).await)
}

async fn admit(
    app: &App,
    method: &Method,
    headers: &HeaderMap,
    group: GroupRef,
    right: Right,
) -> Verdict<GroupAccess> {
    let proof = shown(app, method, headers)?;
    let (now, everybody_is) = (app.clock.now(), app.settings.everybody_is);
    let asked = group.to_string();
    let enter = move |tx: &mut Tx<'_>| match authenticate(tx, &proof, everybody_is, now)? {
        Ok(caller) => enter(tx, caller, &group, now).map(Ok),
        Err(refused) => Ok(Err(refused)),
    };
    let access = app.store.read(enter).await??;
    match access.standing.check_in_group(right, &asked) {
        Ok(()) => Ok(access),
        Err(error) => Err(Refused::caller(error, &access.caller)),
    }
}

fn enter(tx: &mut Tx<'_>, caller: Caller, group: &GroupRef, now: i64) -> Result<GroupAccess> {
    let found = groups::get(tx, group)?;
    if !caller.reaches(tx, None, found.id)? {
        return Err(group_not_found(&group.to_string()));
    }
    let standing = standing(tx, &caller, &found, now)?;
    Ok(GroupAccess { caller, group_id: found.id, standing })
}

/// What a caller is in a group.
pub(crate) fn standing(tx: &mut Tx<'_>, caller: &Caller, group: &Namespace, now: i64) -> Result<Standing> {
    Ok(Standing {
        role: members::role(tx, Place::Group(group.id), caller.user.id, now)?,
        visibility: group.visibility,
        administrator: caller.user.administrator,
        scopes: caller.scopes,
        experiments: FeatureAccess::Enabled,
        registry: FeatureAccess::Enabled,
        read_only: group.deletes_at.is_some(),
    })
}

/// Lets a request through to a route that is no project's and no group's.
pub(crate) async fn person_guard(
    State((app, right)): State<(App, Right)>,
    mut request: Request,
    next: Next,
) -> std::result::Result<Response, ApiError> {
    let caller = match identify(&app, request.method(), request.headers()).await {
        Ok(caller) => caller,
        Err(refused) => {
            let error = refusals::note(&app, request.extensions(), request.headers(), refused);
            if right == Right::Rotate {
                end_reused(&app, request.method(), request.headers(), request.extensions()).await?;
            }
            return Err(error.into());
        }
    };
    caller.check(right).map_err(|error| {
        let refused = Refused::caller(error, &caller);
        refusals::note(&app, request.extensions(), request.headers(), refused)
    })?;
    note_use(&app, &caller, app.clock.now());
    request.extensions_mut().insert(Arc::new(caller));
    Ok(run(&app, right, request, next).await)
}

/// What a request must show.
fn shown(app: &App, method: &Method, headers: &HeaderMap) -> Result<Proof> {
    proof(app, method, headers)?.ok_or_else(refused)
}

async fn identify(app: &App, method: &Method, headers: &HeaderMap) -> Verdict<Caller> {
    let proof = shown(app, method, headers)?;
    let (now, everybody_is) = (app.clock.now(), app.settings.everybody_is);
    app.store.read(move |tx| authenticate(tx, &proof, everybody_is, now)).await?
}

/// Two have a token that one of them has rotated: whoever now tries to rotate the old one ends the new one, too.
async fn end_reused(app: &App, method: &Method, headers: &HeaderMap, extensions: &Extensions) -> Result<()> {
    let Ok(Some(Proof::Token(digest))) = proof(app, method, headers) else { return Ok(()) };
    let now = app.clock.now();
    let address = Peer::of_request(app, extensions, headers).address();
    let actor = Actor { user_id: Actor::NOBODY, means: Means::Nothing, address, done_at: None };
    if app.store.write(move |tx| tokens::note_reuse(tx, &actor, &digest, now)).await? {
        tracing::warn!("a revoked token was used to rotate itself: all tokens of its family are revoked");
    }
    Ok(())
}
