//! A project or a group of a request, where its routes do the same: members, tokens.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use weir_domain::Error;
use weir_domain::access::{Right, Standing};
use weir_store::members;
use weir_store::tokens::Whose;

use crate::app::App;
use crate::caller::{Access, Caller, GroupAccess};
use crate::error::ApiError;

/// A caller with the right that the route declared in the project or group of the request.
#[derive(Clone, Debug)]
pub struct PlaceAccess {
    pub place: members::Place,
    pub caller: Caller,
    pub standing: Standing,
}

impl PlaceAccess {
    pub fn whose_tokens(&self) -> Whose {
        match self.place {
            members::Place::Project(id) => Whose::Project(id),
            members::Place::Group(id) => Whose::Group(id),
        }
    }

    /// For who changes members: a project's maintainers, a group's owners.
    pub fn check_manages_members(&self) -> weir_domain::Result<()> {
        match self.place {
            members::Place::Project(_) => self.standing.check(Right::Maintain, ""),
            members::Place::Group(_) => self.standing.check_in_group(Right::Own, ""),
        }
    }
}

impl FromRequestParts<App> for PlaceAccess {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        if let Some(access) = parts.extensions.get::<Arc<Access>>()
            && let Some(caller) = &access.caller
        {
            return Ok(Self {
                place: members::Place::Project(access.project_id),
                caller: Caller::clone(caller),
                standing: access.standing,
            });
        }
        match parts.extensions.get::<Arc<GroupAccess>>() {
            Some(access) => Ok(Self {
                place: members::Place::Group(access.group_id),
                caller: access.caller.clone(),
                standing: access.standing,
            }),
            None => Err(ApiError(Error::internal("a route without a guard"))),
        }
    }
}
