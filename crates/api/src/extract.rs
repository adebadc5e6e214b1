//! Requests read the way MLflow's server reads them, with our error bodies when they cannot be.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use weir_domain::{Error, Result};

use crate::app::App;
use crate::error::{ApiError, MlflowError};

/// Bytes of a body on a route that is not MLflow's: what these take is small, and what they keep comes back in lists.
const MAX_API_BODY: usize = 1024 * 1024;

/// A JSON body.
pub struct Json<T>(pub T);

/// The same on a route that is not MLflow's.
pub struct ApiJson<T>(pub T);

/// The query string; a parameter that stands several times is a list. When there is none at all, the body is read
/// instead, as MLflow's server does for GET.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = MlflowError;

    async fn from_request(request: Request<Body>, app: &App) -> std::result::Result<Self, MlflowError> {
        if matches!(*request.method(), Method::POST | Method::PUT) {
            check_content_type(request.headers())?;
        }
        let body = read_body(request, app.settings.max_body_bytes).await?;
        Ok(Self(parse(&body)?))
    }
}

impl<T: DeserializeOwned> FromRequest<App> for ApiJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request<Body>, app: &App) -> std::result::Result<Self, ApiError> {
        check_content_type(request.headers())?;
        let body = read_body(request, api_limit(app)).await?;
        Ok(Self(parse(&body)?))
    }
}

fn api_limit(app: &App) -> usize {
    app.settings.max_body_bytes.min(MAX_API_BODY)
}

impl<T: DeserializeOwned> FromRequest<App> for Query<T> {
    type Rejection = MlflowError;

    async fn from_request(request: Request<Body>, app: &App) -> std::result::Result<Self, MlflowError> {
        match request.uri().query() {
            Some(query) => Ok(Self(parse_query(query)?)),
            None => {
                let body = read_body(request, app.settings.max_body_bytes).await?;
                Ok(Self(parse(&body)?))
            }
        }
    }
}

/// What stands in the path of one of our own routes, decoded once.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, ApiError> {
        let unreadable = |reason: String| Error::invalid(format!("the address cannot be read: {reason}"));
        let params = RawPathParams::from_request_parts(parts, app).await;
        let params = params.map_err(|error| unreadable(error.to_string()))?;
        // No database of ours keeps a NUL in a text.
        if let Some((name, _)) = params.iter().find(|(_, value)| value.contains('\0')) {
            return Err(unreadable(format!("its {name} contains a NUL character")).into());
        }
        let path = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        let axum::extract::Path(value) = path.map_err(|error| unreadable(error.to_string()))?;
        Ok(Self(value))
    }
}

/// The same on a route of MLflow's.
pub struct MlflowPath<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for MlflowPath<T> {
    type Rejection = MlflowError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, MlflowError> {
        match Path::from_request_parts(parts, app).await {
            Ok(Path(path)) => Ok(Self(path)),
            Err(ApiError(error)) => Err(MlflowError(error)),
        }
    }
}

/// The query of one of our own routes.
pub struct ApiQuery<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for ApiQuery<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> std::result::Result<Self, ApiError> {
        Ok(Self(parse_query(parts.uri.query().unwrap_or_default())?))
    }
}

/// The parameters of one of GitLab's routes, as its clients send them: in the query, in a form or in a JSON object, or
/// some here and some there. What the body says counts.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Params<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request<Body>, app: &App) -> std::result::Result<Self, ApiError> {
        let mut fields = pairs(request.uri().query().unwrap_or_default())?;
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let body = read_body(request, api_limit(app)).await?;
        let more = match kind.as_str() {
            _ if body.iter().all(u8::is_ascii_whitespace) => serde_json::Map::new(),
            "application/x-www-form-urlencoded" => {
                let text = std::str::from_utf8(&body).map_err(|_| Error::invalid("the form is not UTF-8"))?;
                pairs(text)?
            }
            "application/json" => parse(&body)?,
            other => {
                return Err(Error::invalid(format!(
                    "the body is '{other}': send application/json or application/x-www-form-urlencoded"
                ))
                .into());
            }
        };
        fields.extend(more);
        let value = serde_json::Value::Object(fields);
        Ok(Self(serde_json::from_value(value).map_err(|error| malformed(&error))?))
    }
}

fn check_content_type(headers: &HeaderMap) -> Result<()> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Err(Error::invalid("Bad Request. Content-Type header is missing."));
    };
    let kind = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if kind == "application/json" {
        Ok(())
    } else {
        Err(Error::invalid("Bad Request. Content-Type must be one of ['application/json']."))
    }
}

async fn read_body(request: Request<Body>, limit: usize) -> Result<bytes::Bytes> {
    match Limited::new(request.into_body(), limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Error::TooLarge(format!("the request body is larger than the limit of {limit} bytes")))
        }
        Err(error) => Err(Error::invalid(format!("the request body could not be read: {error}"))),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let body = if body.iter().all(u8::is_ascii_whitespace) { b"{}" } else { body };
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        // A JSON string that holds JSON: some clients encode twice, and MLflow's server reads it.
        Some(b'"') => {
            let inner: String = serde_json::from_slice(body).map_err(|error| malformed(&error))?;
            serde_json::from_str(&inner).map_err(|error| malformed(&error))
        }
        Some(b'{') => serde_json::from_slice(body).map_err(|error| malformed(&error)),
        _ => {
            // Whatever it is, it is not an object; say first if it is not even JSON.
            let value: serde_json::Value = serde_json::from_slice(body).map_err(|error| malformed(&error))?;
            let kind = if value.is_array() { "a list" } else { "a single value" };
            Err(Error::invalid(format!("Invalid request body: expected a JSON object, got {kind}")))
        }
    }
}

fn malformed(error: &serde_json::Error) -> Error {
    let text = error.to_string();
    if let Some(field) = text.strip_prefix("duplicate field `").and_then(|rest| rest.split('`').next()) {
        return Error::invalid(format!(
            "Request specifies '{field}' more than once (camelCase and snake_case name the same field); provide only one of them."
        ));
    }
    Error::invalid(format!("Invalid JSON in the request body: {text}"))
}

pub(crate) fn parse_query<T: DeserializeOwned>(query: &str) -> Result<T> {
    let fields = pairs(query)?;
    serde_json::from_value(serde_json::Value::Object(fields)).map_err(|error| malformed(&error))
}

/// The parameters of a query or a form. One that stands several times, or has `[]` behind its name, is a list.
fn pairs(text: &str) -> Result<serde_json::Map<String, serde_json::Value>> {
    use serde_json::Value;
    let mut fields = serde_json::Map::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name)?, Value::String(decode(value)?));
        let (name, value) = match name.strip_suffix("[]") {
            Some(list) if !list.is_empty() => (list.to_owned(), Value::Array(vec![value])),
            _ => (name, value),
        };
        match (fields.get_mut(&name), value) {
            (None, value) => {
                fields.insert(name, value);
            }
            (Some(Value::Array(list)), Value::Array(more)) => list.extend(more),
            (Some(Value::Array(list)), value) => list.push(value),
            (Some(single), value) => {
                let first = single.take();
                let mut list = vec![first];
                match value {
                    Value::Array(more) => list.extend(more),
                    value => list.push(value),
                }
                *single = Value::Array(list);
            }
        }
    }
    Ok(fields)
}

/// `+` is a blank in a query.
fn decode(text: &str) -> Result<String> {
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8();
    decoded.map(Into::into).map_err(|_| Error::invalid(format!("'{text}' in the query is not UTF-8")))
}
