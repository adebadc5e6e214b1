//! What people change about themselves.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use weir_domain::audit::Verb;
use weir_domain::{Error, Result};
use weir_store::audit::acts as audit;
use weir_store::sign_in_attempts::{self, Verdict};
use weir_store::users::{self, User, UserChange};

use super::FullUserInfo;
use crate::app::App;
use crate::caller::{Acting, Caller};
use crate::error::ApiResult;
use crate::extract::Params;
use crate::openapi::{ErrorMessage, Refusals};
use crate::reply::Reply;
use crate::server_address::Origin;
use crate::sign_in::session::too_many;
use crate::wire::{Field, Text};

#[derive(Deserialize, ToSchema)]
pub struct UpdateOwn {
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    name: Text,
    /// For administrators: this server sends no mails, so it cannot see whose an address is.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    email: Text,
    // What would be passed over without a word.
    #[schema(ignore)]
    #[serde(default)]
    username: Text,
    #[schema(ignore)]
    #[serde(default)]
    admin: Text,
    #[schema(ignore)]
    #[serde(default)]
    password: Text,
}

impl UpdateOwn {
    fn read(self) -> Result<UserChange> {
        for (field, sentence) in [
            (self.username, "'username' cannot be changed: leave it out"),
            (self.admin, "'admin' is not changed here: administrators do it with PUT /users/:id"),
            (self.password, "'password' is not changed here: use PUT /-/password with the current one"),
        ] {
            if !matches!(field, Field::Absent) {
                return Err(Error::invalid(sentence));
            }
        }
        Ok(UserChange {
            name: self.name.optional("name")?,
            email: self.email.optional("email")?,
            administrator: None,
        })
    }
}

/// `PUT /user`: GitLab has this on its profile page only.
#[utoipa::path(
    put,
    path = "/api/v4/user",
    operation_id = "update_current_user",
    summary = "Change one's own name; administrators their address, too",
    tag = "users",
    request_body = UpdateOwn,
    responses(
        (status = 200, description = "the user", body = FullUserInfo),
        Refusals,
        (status = 409, description = "the address is taken", body = ErrorMessage),
        (status = 429, description = "changed too often in ten minutes: `Retry-After` says when it may be tried again", body = ErrorMessage)
    )
)]
pub async fn update(
    State(app): State<App>,
    caller: Caller,
    Acting(actor): Acting,
    origin: Origin,
    Params(body): Params<UpdateOwn>,
) -> ApiResult<Response> {
    let change = body.read()?;
    let now = app.clock.now();
    let changed = app
        .store
        .write(move |tx| {
            let before = users::get(tx, caller.user.id)?;
            check(&before, &change)?;
            if !differs(&before, &change) {
                return Ok(Ok(before));
            }
            if let Verdict::RefusedUntil(at) = sign_in_attempts::count_profile(tx, before.id, now)? {
                return Ok(Err(at));
            }
            let user = users::update(tx, &before, &change)?;
            audit::user(tx, &actor, Verb::Updated, Some(&before), Some(&user), now)?;
            Ok(Ok(user))
        })
        .await?;
    match changed {
        Ok(user) => {
            app.doorkeeper.forget();
            Ok(Reply(FullUserInfo::new(&user, &origin)).into_response())
        }
        Err(at) => Ok(too_many("changes of your profile", at - now)),
    }
}

fn differs(user: &User, change: &UserChange) -> bool {
    change.name.as_ref().is_some_and(|name| *name != user.name) || new_email(user, change)
}

fn new_email(user: &User, change: &UserChange) -> bool {
    change.email.is_some() && change.email != user.email
}

/// An address that nobody has looked at could be somebody else's: taking it would keep its owner from having it here,
/// and a refusal would tell who has it.
fn check(user: &User, change: &UserChange) -> Result<()> {
    if user.bot {
        return Err(Error::Forbidden(format!(
            "'{}' is the bot of a token or trust rule, and is not changed",
            user.username
        )));
    }
    if new_email(user, change) && !user.administrator {
        return Err(Error::Forbidden(
            "you may not change your email address: this server sends no mails and cannot see whose it is, so an administrator changes it".to_owned(),
        ));
    }
    Ok(())
}
