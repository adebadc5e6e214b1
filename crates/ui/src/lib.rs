//! The web pages, embedded in the binary: the files of `web/dist`, or one page that says that they are not built.

use std::borrow::Cow;

use rust_embed::Embed;

#[derive(Embed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

const INDEX: &str = "index.html";
/// As it stands in `web/index.html`.
const BASE: &str = "<base href=\"/\" />";
const NOT_BUILT: &str = include_str!("not_built.html");

/// Vite puts the digest of its content into the name of every file below this folder.
const HASHED: &str = "assets/";

/// What the browser may load: nothing from elsewhere. Inline styles are what chart and menu libraries need.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

/// One file as a browser gets it.
#[derive(Debug)]
pub struct Page {
    pub content_type: &'static str,
    pub cache_control: &'static str,
    /// With its quotes; changes when the bytes change.
    pub etag: String,
    pub bytes: Cow<'static, [u8]>,
    /// The bytes are compressed by gzip.
    pub gzip: bool,
}

/// Whether the pages were built when this crate was.
pub fn built() -> bool {
    Dist::get(INDEX).is_some()
}

/// What a `GET` of `path` (decoded, with its leading slash) shows: a file, else the application's own page, which
/// finds its way by the address. `None` below the API, and for a file that is not there. `base` is where the pages
/// begin for browsers, with a slash at both ends; `gzip` says whether the browser takes compressed files.
pub fn page(path: &str, base: &str, gzip: bool) -> Option<Page> {
    let path = path.trim_start_matches('/');
    if is_api(path) {
        return None;
    }
    if path == INDEX {
        return index(base);
    }
    if let Some(file) = embedded(path, gzip) {
        return Some(file);
    }
    if path.starts_with(HASHED) {
        return None;
    }
    Some(index(base).unwrap_or_else(not_built))
}

/// Programs ask there; a page in place of an error would only confuse them. A project's tracking address itself is
/// for people: MLflow's client prints links to runs as `<tracking address>/#/experiments/<id>/runs/<run id>`.
fn is_api(path: &str) -> bool {
    let segments: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    match segments[..] {
        ["api", "v4", "projects", _, "ml", "mlflow"] => false,
        [first, ..] => matches!(first, "api" | "ajax-api"),
        [] => false,
    }
}

fn index(base: &str) -> Option<Page> {
    embedded(INDEX, false).map(|index| based(index, base))
}

/// The page with its `<base>` set: every address in it is relative to that.
fn based(mut page: Page, base: &str) -> Page {
    if base != "/" {
        let text = String::from_utf8_lossy(&page.bytes).replace(BASE, &format!("<base href=\"{base}\" />"));
        page.bytes = Cow::Owned(text.into_bytes());
        page.etag = format!("\"{}{}\"", page.etag.trim_matches('"'), base.replace('/', "-"));
    }
    page
}

/// The build leaves a compressed twin beside every file that becomes much smaller by it.
fn embedded(path: &str, gzip: bool) -> Option<Page> {
    let twin = if gzip { Dist::get(&format!("{path}.gz")) } else { None };
    let gzip = twin.is_some();
    let file = twin.or_else(|| Dist::get(path))?;
    let cache_control =
        if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    Some(Page {
        content_type: content_type(path),
        cache_control,
        etag: etag(&file.metadata.sha256_hash()),
        bytes: file.data,
        gzip,
    })
}

fn not_built() -> Page {
    Page {
        content_type: "text/html; charset=utf-8",
        cache_control: "no-cache",
        etag: format!("\"not-built-{}\"", env!("CARGO_PKG_VERSION")),
        bytes: Cow::Borrowed(NOT_BUILT.as_bytes()),
        gzip: false,
    }
}

fn etag(sha256: &[u8; 32]) -> String {
    let hex: String = sha256[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// By the ending of the name: what Vite writes, and no more.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_address_shows_a_page() {
        let tracking = "/api/v4/projects/1/ml/mlflow";
        let slash = format!("{tracking}/");
        for path in ["/", "/root/default/-/ml/experiments", "/a b", "", tracking, &slash] {
            let page = page(path, "/", true).unwrap();
            assert_eq!(page.content_type, "text/html; charset=utf-8", "{path}");
            assert!(page.bytes.starts_with(b"<!doctype html>"), "{path}");
            assert_eq!(page.cache_control, "no-cache");
        }
    }

    #[test]
    fn the_api_and_missing_files_have_none() {
        for path in [
            "/api",
            "/api/2.0/mlflow/runs/serch",
            "/api/v4/projects/1/ml/mlflow/api/2.0/x",
            "/ajax-api/2.0/x",
            "/assets/gone.js",
        ] {
            assert!(page(path, "/", true).is_none(), "{path}");
        }
    }

    #[test]
    fn the_base_path_stands_in_the_page() {
        let bytes = Cow::Borrowed(BASE.as_bytes());
        let index = Page {
            content_type: "text/html",
            cache_control: "no-cache",
            etag: "\"a\"".to_owned(),
            bytes,
            gzip: false,
        };
        let page = based(index, "/ml/");
        assert_eq!(page.bytes, b"<base href=\"/ml/\" />".as_slice());
        assert_eq!(page.etag, "\"a-ml-\"");
    }

    #[test]
    fn the_page_without_a_build_asks_nothing_of_the_network() {
        assert!(NOT_BUILT.contains("<style>") && NOT_BUILT.contains("make serve"));
        for outside in ["http-equiv", "src=", "<link", "@import", "url(", "<script"] {
            assert!(!NOT_BUILT.contains(outside), "{outside}");
        }
    }
}
