//! Answers: always 200 with a JSON object, as MLflow's clients insist.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use weir_domain::Error;

use crate::error::MlflowError;

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

pub(crate) fn json_response(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
