//! The only file that knows statuses and bodies: one error, told to MLflow's clients and to everyone else.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use weir_domain::Error;

use crate::reply::json_response;
use crate::request_id;

/// An error on an MLflow route. Statuses that the client retries for minutes (429, 5xx) are for trouble of ours only.
#[derive(Debug)]
pub struct MlflowError(pub Error);

impl<E: Into<Error>> From<E> for MlflowError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

pub type Result<T> = std::result::Result<T, MlflowError>;

impl IntoResponse for MlflowError {
    fn into_response(self) -> Response {
        let (status, error_code) = match &self.0 {
            // MLflow says 400 to these, and its clients rely on it.
            Error::Invalid(_) | Error::Conflict(_) => (StatusCode::BAD_REQUEST, "INVALID_PARAMETER_VALUE"),
            Error::AlreadyExists(_) => (StatusCode::BAD_REQUEST, "RESOURCE_ALREADY_EXISTS"),
            Error::NotFound(_) => (StatusCode::NOT_FOUND, "RESOURCE_DOES_NOT_EXIST"),
            Error::Unauthenticated(_) | Error::BadToken(_) => return unauthorized(&self.0),
            Error::Forbidden(_) | Error::InsufficientScope { .. } => {
                (StatusCode::FORBIDDEN, "PERMISSION_DENIED")
            }
            Error::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "INVALID_PARAMETER_VALUE"),
            // 507 and not 500: trying again fills no disk with room.
            Error::NoSpace(_) => (StatusCode::INSUFFICIENT_STORAGE, "RESOURCE_EXHAUSTED"),
            Error::NotImplemented(_) => (StatusCode::NOT_IMPLEMENTED, "NOT_IMPLEMENTED"),
            Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, "TEMPORARILY_UNAVAILABLE"),
            Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR"),
        };
        let mut body = json!({ "error_code": error_code, "message": clipped(self.0.to_string()) });
        tell_of_token(&mut body, &self.0);
        if status.is_server_error() {
            log_internal(&self.0);
            if let Some(id) = request_id::current() {
                body["message"] = json!(format!("{} (request {id})", clipped(self.0.to_string())));
                body["request_id"] = json!(id);
            }
        }
        let mut response = json_response(status, body.to_string().into_bytes());
        if matches!(self.0, Error::Busy) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// The same error on the routes that are not MLflow's, in GitLab's form.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl<E: Into<Error>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

pub type ApiResult<T> = std::result::Result<T, ApiError>;

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = match &self.0 {
            Error::Invalid(_) => StatusCode::BAD_REQUEST,
            Error::Conflict(_) | Error::AlreadyExists(_) => StatusCode::CONFLICT,
            Error::NotFound(_) => StatusCode::NOT_FOUND,
            Error::Unauthenticated(_) | Error::BadToken(_) => return unauthorized(&self.0),
            Error::Forbidden(_) | Error::InsufficientScope { .. } => StatusCode::FORBIDDEN,
            Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Error::NoSpace(_) => StatusCode::INSUFFICIENT_STORAGE,
            Error::NotImplemented(_) => StatusCode::NOT_IMPLEMENTED,
            Error::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut message = match &self.0 {
            error @ (Error::Forbidden(_) | Error::InsufficientScope { .. }) => {
                format!("403 Forbidden - {error}")
            }
            Error::Internal(_) => "500 Internal Server Error".to_owned(),
            error => error.to_string(),
        };
        if status.is_server_error() {
            log_internal(&self.0);
            if let Some(id) = request_id::current() {
                message = format!("{message} (request {id})");
            }
        }
        let mut body = json!({ "message": clipped(message) });
        tell_of_token(&mut body, &self.0);
        let mut response = json_response(status, body.to_string().into_bytes());
        if matches!(self.0, Error::Busy) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// GitLab's words for a project that is not there, or that the caller may not see.
pub(crate) const PROJECT_NOT_FOUND: &str = "404 Project Not Found";

/// The same for a group.
pub(crate) const GROUP_NOT_FOUND: &str = "404 Group Not Found";

/// What RFC 6750 has a client told of its access token, where GitLab tells it: not of one that never was, since
/// python-gitlab would show `invalid_token` in place of the message then.
fn tell_of_token(body: &mut serde_json::Value, error: &Error) {
    match error {
        Error::BadToken(_) => {
            body["error"] = json!("invalid_token");
            body["error_description"] =
                json!("The access token has expired, was revoked or is of a blocked user.");
        }
        Error::InsufficientScope { scopes, .. } => {
            body["error"] = json!("insufficient_scope");
            body["error_description"] =
                json!("The request requires higher privileges than provided by the access token.");
            body["scope"] = json!(scopes);
        }
        _ => {}
    }
}

/// GitLab's own body: `gitlab-mlops` tells a bad token by this very message, and by the absence of an `error_code`.
fn unauthorized(error: &Error) -> Response {
    let mut body = json!({ "message": "401 Unauthorized" });
    tell_of_token(&mut body, error);
    let mut response = json_response(StatusCode::UNAUTHORIZED, body.to_string().into_bytes());
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"weir\""));
    response
}

/// Characters of a message that are told from its beginning and from its end.
const TOLD: (usize, usize) = (2000, 1000);

/// A message names the value that was wrong; of a huge one what stands in the middle is left out.
fn clipped(message: String) -> String {
    let (begin, end) = TOLD;
    // Characters are counted only where they may be too many.
    if message.len() <= begin + end || message.chars().count() <= begin + end {
        return message;
    }
    let at = |count: usize| message.char_indices().nth(count).map_or(message.len(), |(at, _)| at);
    let tail = message.char_indices().rev().nth(end - 1).map_or(0, |(at, _)| at);
    format!("{} … {}", &message[..at(begin)], &message[tail..])
}

fn log_internal(error: &Error) {
    let Error::Internal(cause) = error else { return };
    let mut text = cause.to_string();
    let mut source = cause.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    let request = request_id::current().unwrap_or_default();
    tracing::error!(request, cause = text, "internal error");
}

/// A path that no route has.
pub(crate) fn no_such_route(method: &str, path: &str) -> Response {
    let message = format!("no route {method} {path}");
    let body = json!({ "error_code": "ENDPOINT_NOT_FOUND", "message": message });
    json_response(StatusCode::NOT_FOUND, body.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_huge_message_keeps_its_beginning_and_its_end() {
        assert_eq!(clipped("ü".repeat(3000)), "ü".repeat(3000));
        let long = clipped(format!("'{}' is not a name", "ü".repeat(20_000)));
        assert_eq!(long.chars().count(), 3003);
        assert!(long.starts_with("'üü") && long.contains("ü … ü") && long.ends_with("ü' is not a name"));
    }
}
