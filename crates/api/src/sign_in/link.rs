//! One-time links: a page that asks first, so that whoever only looks at an address does not use it up.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use weir_domain::{Error, secret};
use weir_store::sessions::Method;
use weir_store::sign_in_links;

use super::page::{escaped, page};
use super::{Beginning, cookie, csrf, digest};
use crate::app::App;
use crate::error::ApiResult;
use crate::extract::Path;
use crate::peer::Peer;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct LinkPath {
    /// What `weir user sign-in-link` printed.
    secret: String,
}

/// `GET /-/sign-in/link/{secret}`
#[utoipa::path(
    get,
    path = "/-/sign-in/link/{secret}",
    operation_id = "show_sign_in_link",
    summary = "A page that asks whether to sign in",
    tag = "sign-in",
    security(()),
    params(LinkPath),
    responses(
        (status = 200, description = "the page", content_type = "text/html"),
        (status = 404, description = "the link was used or has expired", content_type = "text/html")
    )
)]
pub async fn show(State(app): State<App>, Path(path): Path<LinkPath>) -> ApiResult<Response> {
    let now = app.clock.now();
    let user = match secret::looks_like_one(&path.secret) {
        true => app.store.read(move |tx| sign_in_links::find(tx, &digest(&path.secret), now)).await?,
        false => None,
    };
    let Some(user) = user else { return used_up() };
    // The address stays as it is: the form is sent to where the page came from.
    let text = format!(
        "<h1>Sign in to Weir</h1>\n<p>This link signs you in as <b>{}</b>, once.</p>\n\
         <form method=\"post\"><button autofocus>Sign in</button></form>",
        escaped(&user.username)
    );
    page(StatusCode::OK, &text)
}

/// `POST /-/sign-in/link/{secret}`
#[utoipa::path(
    post,
    path = "/-/sign-in/link/{secret}",
    operation_id = "use_sign_in_link",
    summary = "Sign in by a one-time link, which is used up by it",
    tag = "sign-in",
    security(()),
    params(LinkPath),
    responses(
        (status = 303, description = "signed in: the cookie weir_session is set, and the pages begin at Location"),
        (status = 403, description = "the request comes from another site"),
        (status = 404, description = "the link was used or has expired", content_type = "text/html")
    )
)]
pub async fn consume(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    Path(path): Path<LinkPath>,
) -> ApiResult<Response> {
    csrf::check_origin(&app, &headers)?;
    if !secret::looks_like_one(&path.secret) {
        return used_up();
    }
    let beginning = Beginning::prepare(&app, Method::Link, &peer, &headers)?;
    let (begin, now) = (beginning.clone(), app.clock.now());
    let user = app
        .store
        .write(move |tx| {
            let user = sign_in_links::consume(tx, &digest(&path.secret), now)?;
            if let Some(user) = &user {
                begin.begin(tx, user.id)?;
            }
            Ok(user)
        })
        .await?;
    let Some(user) = user else {
        tracing::warn!(address = %peer, "a sign-in link was used that there is not");
        return used_up();
    };
    app.doorkeeper.forget();
    tracing::info!(user = user.username, address = %peer, "signed in by a link");
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    let location = HeaderValue::from_str(&cookie::base(&app)).map_err(Error::internal)?;
    headers.insert(header::LOCATION, location);
    headers.insert(header::SET_COOKIE, cookie::give(&app, &peer, beginning.secret())?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn used_up() -> ApiResult<Response> {
    page(
        StatusCode::NOT_FOUND,
        "<h1>This link does not work</h1>\n<p>It was used already, or its time is over. \
         An administrator makes another on the server: <code>weir user sign-in-link NAME</code></p>",
    )
}
