//! `If-Match` and `If-None-Match` of an upload: so that of two writers of one file none undoes the other's unseen.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use weir_domain::{Error, Result};

use crate::reply::json_response;

/// What a client wants to be true of the file that it replaces; nothing by default.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
}

/// `*`, or entity tags as they were sent.
#[derive(Clone, Debug)]
enum Tags {
    Any,
    Of(Vec<String>),
}

/// The condition does not hold: the answer is 412, and nothing was changed.
#[derive(Debug)]
pub struct Unmet {
    /// The file that there is.
    pub etag: Option<String>,
}

impl Condition {
    /// What cannot be read is refused and not passed over: the file would be replaced against the client's will.
    pub fn read(headers: &HeaderMap) -> Result<Self> {
        Ok(Self {
            if_match: Tags::read(headers, &header::IF_MATCH)?,
            if_none_match: Tags::read(headers, &header::IF_NONE_MATCH)?,
        })
    }

    /// The part of it that a download minds here; the rest tells whether the client has the file already.
    pub fn read_if_match(headers: &HeaderMap) -> Result<Self> {
        Ok(Self { if_match: Tags::read(headers, &header::IF_MATCH)?, if_none_match: None })
    }

    pub fn is_none(&self) -> bool {
        self.if_match.is_none() && self.if_none_match.is_none()
    }

    /// Holds it against the file that there is, by its ETag.
    pub fn check(&self, etag: Option<String>) -> std::result::Result<(), Unmet> {
        let stands = |tags: &Tags| etag.as_deref().is_some_and(|etag| tags.name(etag));
        let missed = self.if_match.as_ref().is_some_and(|tags| !stands(tags));
        if missed || self.if_none_match.as_ref().is_some_and(stands) {
            return Err(Unmet { etag });
        }
        Ok(())
    }
}

impl Tags {
    fn read(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Self>> {
        let mut tags = Vec::new();
        for value in headers.get_all(name) {
            let text = value.to_str().unwrap_or_default();
            for tag in text.split(',').map(str::trim) {
                let opaque = tag.strip_prefix("W/").unwrap_or(tag);
                if tag != "*" && !(opaque.len() >= 2 && opaque.starts_with('"') && opaque.ends_with('"')) {
                    return Err(Error::Invalid(format!(
                        "{name} '{text}' is neither * nor a list of ETags in double quotes"
                    )));
                }
                // A proxy that compresses weakens our ETags: that is the same file, but not the same bytes.
                let weakly = name == header::IF_NONE_MATCH;
                tags.push(if weakly { opaque } else { tag }.to_owned());
            }
        }
        let any = tags.iter().any(|tag| tag == "*");
        Ok(if any { Some(Self::Any) } else { (!tags.is_empty()).then_some(Self::Of(tags)) })
    }

    fn name(&self, etag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Of(tags) => tags.iter().any(|tag| tag == etag),
        }
    }
}

impl IntoResponse for Unmet {
    fn into_response(self) -> Response {
        let message = match &self.etag {
            Some(etag) => {
                format!("the condition of the request does not hold: the file is there, with ETag {etag}")
            }
            None => "the condition of the request does not hold: there is no such file".to_owned(),
        };
        let body = json!({ "error_code": "RESOURCE_CONFLICT", "message": message });
        let mut response = json_response(StatusCode::PRECONDITION_FAILED, body.to_string().into_bytes());
        if let Some(etag) = self.etag.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
            response.headers_mut().insert(header::ETAG, etag);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(headers: &[(&'static str, &str)], etag: Option<&str>) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        Condition::read(&map).unwrap().check(etag.map(str::to_owned)).is_ok()
    }

    #[test]
    fn conditions_are_of_the_file_that_there_is() {
        let (a, b) = (Some("\"a\""), Some("\"b\""));
        for (headers, etag, expected) in [
            (&[][..], None, true),
            (&[("if-none-match", "*")], None, true),
            (&[("if-none-match", "*")], a, false),
            (&[("if-none-match", "\"a\"")], a, false),
            (&[("if-none-match", "W/\"a\"")], a, false),
            (&[("if-none-match", "\"a\"")], b, true),
            (&[("if-match", "*")], None, false),
            (&[("if-match", "*")], a, true),
            (&[("if-match", "\"a\"")], None, false),
            (&[("if-match", "\"a\"")], a, true),
            (&[("if-match", "\"a\"")], b, false),
            (&[("if-match", "W/\"a\"")], a, false),
            (&[("if-match", "\"x\", \"a\"")], a, true),
            (&[("if-match", "\"x\""), ("if-match", "\"a\"")], a, true),
            (&[("if-match", "\"a\""), ("if-none-match", "*")], a, false),
        ] {
            assert_eq!(holds(headers, etag), expected, "{headers:?} of {etag:?}");
        }
        for bad in ["a", "", "\"a", "\"", "\"a\" \"b", "\"a\",", "W/a"] {
            let headers = HeaderMap::from_iter([(header::IF_MATCH, bad.parse().unwrap())]);
            assert!(Condition::read(&headers).is_err(), "{bad}");
        }
    }
}
