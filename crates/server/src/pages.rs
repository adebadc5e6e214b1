//! The web pages, as answers to browsers.

use std::sync::Arc;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use weir_api::Pages;

/// The pages below `base`, which has a slash at both ends.
pub fn at(base: String) -> Pages {
    Arc::new(move |request| page(request, &base))
}

/// What a browser sees at an address that no route has; `None` for programs, which get the API's own error.
fn page(request: &Parts, base: &str) -> Option<Response> {
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    let path = percent_encoding::percent_decode_str(request.uri.path()).decode_utf8().ok()?;
    // Scripts, styles and images are asked for with `*/*`; only pages need a browser.
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if !reads || !(is_file || wants_html(&request.headers)) {
        return None;
    }
    let page = weir_ui::page(&path, base, takes_gzip(&request.headers))?;
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_str(&page.etag).ok()?);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(page.cache_control));
    if is_current(&request.headers, &page.etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Some(response);
    }
    if page.gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(page.content_type));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(weir_ui::CONTENT_SECURITY_POLICY));
    *response.body_mut() = Body::from(page.bytes.into_owned());
    Some(response)
}

fn wants_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let taken =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    taken.split(',').any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        name.trim().eq_ignore_ascii_case("gzip")
            && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

fn is_current(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    known.split(',').any(|known| known.trim().trim_start_matches("W/") == etag)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn ask(path: &str, accept: &str) -> Option<Response> {
        let request = Request::builder().uri(path).header("accept", accept).body(()).unwrap();
        page(&request.into_parts().0, "/")
    }

    #[test]
    fn browsers_get_the_page_and_programs_do_not() {
        let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
        for path in ["/", "/root/default/-/ml/experiments", "/api/v4/projects/1/ml/mlflow"] {
            let response = ask(path, browser).unwrap();
            assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8", "{path}");
            assert!(response.headers().contains_key("content-security-policy"));
        }
        assert!(ask("/", "*/*").is_none());
        assert!(ask("/api/2.0/mlflow/bogus", browser).is_none());
    }

    #[test]
    fn files_are_compressed_for_who_takes_them_so() {
        for (text, takes) in
            [("gzip, deflate, br", true), ("br, GZIP;q=0.5", true), ("gzip;q=0", false), ("br", false)]
        {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(text))]);
            assert_eq!(takes_gzip(&headers), takes, "{text}");
        }
    }

    #[test]
    fn a_page_that_the_browser_has_is_not_sent_again() {
        let etag = ask("/", "text/html").unwrap().headers()["etag"].clone();
        let request = Request::builder().uri("/").header("accept", "text/html").header("if-none-match", etag);
        let response = page(&request.body(()).unwrap().into_parts().0, "/").unwrap();
        assert_eq!(response.status(), 304);
    }
}
