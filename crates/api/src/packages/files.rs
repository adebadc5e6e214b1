//! What both kinds of file addresses of packages have in common: putting, asking whether one may, and getting.

use axum::body::HttpBody as _;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use weir_domain::Result;
use weir_domain::artifact::ArtifactPath;

use super::target::Target;
use super::upload::{Place, admit, upload};
use crate::app::App;
use crate::caller::Access;
use crate::mlflow::artifacts::{Announced, serve};
use crate::reply::json_response;

/// What a `PUT` may say beside the file, in the query or in the form.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes; nothing is made of it")]
pub struct PackageFileWishes {
    /// `default` or `hidden`: whether lists show the package.
    status: Option<String>,
    /// `package_file`: answer with the file's description.
    select: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Created {
    /// `201 Created`
    message: String,
}

/// What GitLab's front proxy appends when it asks, without a body, whether an upload may come.
const AUTHORIZE: &str = "/authorize";

/// Takes the question off the path. With a body it is none, but a file of that name, which must not be lost.
pub fn takes_authorize(path: &mut String, request: &Request) -> bool {
    let asked = request.body().size_hint().exact() == Some(0) && path.len() > AUTHORIZE.len();
    match path.strip_suffix(AUTHORIZE) {
        Some(file) if asked => {
            path.truncate(file.len());
            true
        }
        _ => false,
    }
}

/// Puts a file, or answers whether it could be put.
pub async fn put(
    app: &App,
    access: &Access,
    target: Target,
    path: ArtifactPath,
    authorizes: bool,
    request: Request,
) -> Result<Response> {
    target.check_seen(access)?;
    let place = Place { project_id: access.project_id, target, path, by: access.signature() };
    if !authorizes {
        return upload(app, place, request).await;
    }
    let announced = Announced::read(request.headers())?;
    Ok(match admit(app, &place, announced.condition).await? {
        // A proxy's instructions stand here in GitLab. There is no proxy: the file itself may come.
        Ok(()) => json_response(StatusCode::OK, b"{}".to_vec()),
        Err(unmet) => unmet.into_response(),
    })
}

/// A file, whole or in part.
pub async fn get(
    app: &App,
    access: &Access,
    target: Target,
    path: ArtifactPath,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response> {
    target.check_seen(access)?;
    let project_id = access.project_id;
    let file = app.store.read(move |tx| target.file(tx, project_id, &path)).await?;
    serve(app, method, headers, &file).await
}
