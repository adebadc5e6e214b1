//! Answers: on MLflow's routes always 200 with a JSON object, as its clients insist; on GitLab's what GitLab says.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use weir_domain::Error;

use crate::error::{ApiError, MlflowError};

/// A serialized answer.
pub struct Reply<T>(pub T);

/// `{}`.
#[derive(Serialize)]
pub struct Empty {}

pub const EMPTY: Reply<Empty> = Reply(Empty {});

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => json_response(StatusCode::OK, body),
            Err(error) => MlflowError(Error::internal(error)).into_response(),
        }
    }
}

/// 201 with what was made.
pub struct Created<T>(pub T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => json_response(StatusCode::CREATED, body),
            Err(error) => ApiError(Error::internal(error)).into_response(),
        }
    }
}

/// 202: it will be done.
pub struct Accepted;

impl IntoResponse for Accepted {
    fn into_response(self) -> Response {
        json_response(StatusCode::ACCEPTED, br#"{"message":"202 Accepted"}"#.to_vec())
    }
}

/// 204: it is done, and there is nothing to say.
pub struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

/// Sends a client on. GET has GitLab's status; the others one that keeps the method and the body.
pub(crate) fn moved(address: &str, reads: bool) -> Response {
    let status = if reads { StatusCode::MOVED_PERMANENTLY } else { StatusCode::PERMANENT_REDIRECT };
    let Ok(location) = HeaderValue::from_str(address) else {
        return ApiError(Error::internal("an address that is no header")).into_response();
    };
    let body = serde_json::json!({ "message": format!("the project has moved to {address}") });
    let mut response = json_response(status, body.to_string().into_bytes());
    response.headers_mut().insert(header::LOCATION, location);
    response
}

/// 429: what is asked for is had often enough at the moment.
pub(crate) fn too_many(message: &str) -> Response {
    let body = serde_json::json!({ "message": message }).to_string();
    let mut response = json_response(StatusCode::TOO_MANY_REQUESTS, body.into_bytes());
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    response
}

pub(crate) fn json_response(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
