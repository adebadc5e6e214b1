//! One-time links that let somebody in, made by administrators.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::audit::{Noun, Verb};
use weir_domain::{Error, secret};
use weir_store::audit::acts;
use weir_store::{sign_in_links, tokens, users};

use crate::app::{App, random};
use crate::caller::Acting;
use crate::error::ApiResult;
use crate::extract::Path;
use crate::openapi::{ErrorMessage, Refusals};
use crate::reply::Created;
use crate::time::Time;

#[derive(Serialize, ToSchema)]
pub struct SignInLink {
    username: String,
    /// Below this server's address, as the pages are. It is a secret, and told only here.
    path: String,
    expires_at: Time,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct UserPath {
    /// The user's number.
    user: i64,
}

/// `POST /users/:user/sign_in_link`
#[utoipa::path(
    post,
    path = "/api/v4/users/{user}/sign_in_link",
    operation_id = "create_sign_in_link",
    summary = "Make a link that signs a user in, once, within 15 minutes; for administrators",
    tag = "users",
    params(UserPath),
    responses(
        (status = 201, description = "the link", body = SignInLink),
        Refusals,
        (status = 409, description = "the user is blocked", body = ErrorMessage)
    )
)]
pub async fn create(
    State(app): State<App>,
    Acting(actor): Acting,
    Path(path): Path<UserPath>,
) -> ApiResult<Created<SignInLink>> {
    let secret = secret::from_random(random()?);
    let (digest, now) = (tokens::digest(&secret), app.clock.now());
    let expires_at = now + sign_in_links::LIFETIME_MS;
    let username = app
        .store
        .write(move |tx| {
            let missing = || Error::not_found("404 User Not Found");
            let user = users::get(tx, path.user).ok().filter(|user| !user.deleted).ok_or_else(missing)?;
            sign_in_links::create(tx, &user, digest, expires_at, now)?;
            acts::of_user(tx, &actor, Noun::SignInLink, Verb::Created, &user, now)?;
            Ok(user.username)
        })
        .await?;
    let path = format!("/-/sign-in/link/{secret}");
    Ok(Created(SignInLink { username, path, expires_at: Time(expires_at) }))
}
