//! Downloads: whole or in part, with the headers that make a file of unknown content safe in a browser.

use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::TryStreamExt as _;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use weir_domain::artifact::{ArtifactPath, safe_content_type};
use weir_domain::{Error, Result as DomainResult};
use weir_store::Tx;
use weir_store::files::{self, File};

use super::PROXY;
use super::address::{Address, Spot};
use super::condition::Condition;
use super::range::{Slice, not_modified, slice};
use super::tree::TreeId;
use crate::app::App;
use crate::caller::Access;
use crate::error::Result;
use crate::extract::Query;
use crate::mlflow::objects::read_run_id;
use crate::wire::Text;

/// The SHA-256 of a file in hex, for tools that check it with `sha256sum`.
pub const CHECKSUM: HeaderName = HeaderName::from_static("x-checksum-sha256");

/// `GET mlflow-artifacts/artifacts/<address>`
pub async fn download(
    State(app): State<App>,
    access: Access,
    method: Method,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response> {
    let address = Address::of_file(uri.path(), PROXY)?;
    let file = app
        .store
        .read(move |tx| {
            let spot = address.find(tx, access.project_id)?;
            open(tx, &spot)
        })
        .await?;
    Ok(serve(&app, &method, &headers, &file).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct GetArtifact {
    run_id: Text,
    run_uuid: Text,
    path: Text,
}

/// `GET get-artifact?run_id=…&path=…`
pub async fn download_of_run(
    State(app): State<App>,
    access: Access,
    method: Method,
    headers: HeaderMap,
    Query(query): Query<GetArtifact>,
) -> Result<Response> {
    let tree = TreeId::Run(read_run_id(query.run_id, query.run_uuid)?);
    let path = ArtifactPath::parse(&query.path.filled("path")?)?;
    Ok(download_of(&app, &access, tree, path, &method, &headers).await?)
}

/// A file named by its tree and its path there.
pub async fn download_of(
    app: &App,
    access: &Access,
    tree: TreeId,
    path: ArtifactPath,
    method: &Method,
    headers: &HeaderMap,
) -> DomainResult<Response> {
    let project_id = access.project_id;
    let file = app
        .store
        .read(move |tx| {
            let spot = Spot::of(tx, project_id, &tree, Some(path.clone()))?;
            open(tx, &spot)
        })
        .await?;
    serve(app, method, headers, &file).await
}

fn open(tx: &mut Tx<'_>, spot: &Spot) -> DomainResult<File> {
    let owner = spot.tree.owner();
    let path = spot.path.as_ref().map_or("", ArtifactPath::as_str);
    if let Some(file) = files::find(tx, owner, path)? {
        return Ok(file);
    }
    if path.is_empty() || files::is_folder(tx, owner, path)? {
        return Err(Error::Invalid(format!("Invalid path: '{path}' is a folder, name a file in it")));
    }
    Err(Error::NotFound(format!("No such artifact: '{path}'")))
}

/// The bytes of a file, or of the part that is asked for.
pub async fn serve(app: &App, method: &Method, request: &HeaderMap, file: &File) -> DomainResult<Response> {
    let size = u64::try_from(file.size_bytes).map_err(Error::internal)?;
    let modified_ms = u64::try_from(file.modified_at).unwrap_or(0);
    let modified_at = SystemTime::UNIX_EPOCH + Duration::from_millis(modified_ms);
    let etag = etag(&file.sha256);
    if let Err(unmet) = Condition::read_if_match(request)?.check(Some(etag.clone())) {
        return Ok(unmet.into_response());
    }

    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::ETAG, value(&etag)?);
    headers.insert(header::LAST_MODIFIED, value(&httpdate::fmt_http_date(modified_at))?);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // Every use asks again whether the caller still may, and whether the file is still the same.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if not_modified(request, &etag, modified_at) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    describe(headers, file)?;
    // A range is for GET alone.
    let slice = if method == Method::GET { slice(request, size, &etag, modified_at) } else { Slice::Whole };
    let range = match slice {
        Slice::Whole => 0..size,
        Slice::Part(range) => {
            let text = format!("bytes {}-{}/{size}", range.start, range.end - 1);
            headers.insert(header::CONTENT_RANGE, value(&text)?);
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            range
        }
        Slice::Nothing => {
            headers.insert(header::CONTENT_RANGE, value(&format!("bytes */{size}"))?);
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            return Ok(response);
        }
    };
    response.headers_mut().insert(header::CONTENT_LENGTH, (range.end - range.start).into());
    if method == Method::GET && !range.is_empty() {
        let bytes = app.blobs.read(&file.location, Some(range)).await?;
        let path = file.path.clone();
        let bytes = bytes.inspect_err(move |error| tracing::error!(?error, path, "a download broke off"));
        *response.body_mut() = Body::from_stream(bytes);
    }
    Ok(response)
}

/// What the file is, and that a browser is to save it and run nothing of it.
fn describe(headers: &mut HeaderMap, file: &File) -> DomainResult<()> {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(safe_content_type(name)));
    headers.insert(header::CONTENT_DISPOSITION, value(&disposition(name))?);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    headers.insert(CHECKSUM, value(&hex::encode(&file.sha256))?);
    Ok(())
}

pub fn etag(sha256: &[u8]) -> String {
    format!("\"{}\"", hex::encode(sha256))
}

fn value(text: &str) -> DomainResult<HeaderValue> {
    HeaderValue::from_str(text).map_err(Error::internal)
}

/// RFC 8187's `attr-char`: what stands for itself in `filename*`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// The name for every client, and beside it the exact one where plain ASCII cannot say it.
pub fn disposition(name: &str) -> String {
    // Browsers disagree on escapes in the plain form.
    let sayable = |character: char| matches!(character, ' '..='~') && !matches!(character, '"' | '\\' | '%');
    let plain: String =
        name.chars().map(|character| if sayable(character) { character } else { '_' }).collect();
    if plain == name {
        return format!("attachment; filename=\"{plain}\"");
    }
    let exact = utf8_percent_encode(name, ENCODED);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_saved_under() {
        assert_eq!(disposition("a b.txt"), "attachment; filename=\"a b.txt\"");
        assert_eq!(
            disposition("sp ace é.txt"),
            "attachment; filename=\"sp ace _.txt\"; filename*=UTF-8''sp%20ace%20%C3%A9.txt"
        );
        assert_eq!(
            disposition("a\"b\\%.x"),
            "attachment; filename=\"a_b__.x\"; filename*=UTF-8''a%22b%5C%25.x"
        );
    }
}
