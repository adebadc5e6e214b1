//! Who does what a request asks for, as the audit log tells it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use weir_domain::Error;
use weir_domain::audit::Actor;

use super::{Access, Caller, GroupAccess};
use crate::app::App;
use crate::error::MlflowError;
use crate::peer::Peer;
use crate::sign_in::SignedIn;

/// The caller of a guarded route with the address that the request came from.
pub struct Acting(pub Actor);

/// The guard of the route put there who calls; a handler cannot be reached without one.
impl FromRequestParts<App> for Acting {
    type Rejection = MlflowError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, MlflowError> {
        let extensions = &parts.extensions;
        // Nothing in a request from outside becomes one: it is a command of this program that asks its own routes.
        if let Some(actor) = extensions.get::<Actor>() {
            return Ok(Self(actor.clone()));
        }
        let caller = if let Some(access) = extensions.get::<Arc<Access>>() {
            access.caller.as_deref()
        } else if let Some(access) = extensions.get::<Arc<GroupAccess>>() {
            Some(&access.caller)
        } else {
            extensions.get::<Arc<Caller>>().map(AsRef::as_ref)
        };
        let (user_id, means) = match (caller, extensions.get::<Arc<SignedIn>>()) {
            (Some(caller), _) => (caller.user.id, caller.means()),
            (None, Some(signed_in)) => (signed_in.user.id, signed_in.means()),
            (None, None) => return Err(MlflowError(Error::internal("nobody changes something"))),
        };
        let address = Peer::of_request(app, extensions, &parts.headers).address();
        Ok(Self(Actor { user_id, means, address, done_at: None }))
    }
}
