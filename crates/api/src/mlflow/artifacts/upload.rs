//! Uploads of one request: streamed to the artifact store, checked against what the client announced, committed.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, HttpBody as _};
use axum::extract::{FromRequest, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use weir_artifacts::{Stored, Upload};
use weir_domain::artifact::ArtifactPath;
use weir_domain::{Error, Result as DomainResult};

use super::address::{Address, Spot};
use super::condition::{Condition, Unmet};
use super::keep::{Place, Way, commit, remove};
use super::tree::TreeId;
use super::{PROXY, download};
use crate::app::App;
use crate::caller::Access;
use crate::error::{MlflowError, Result};
use crate::extract::Query;
use crate::mlflow::objects::read_run_id;
use crate::wire::Text;

/// `PUT mlflow-artifacts/artifacts/<address>`: the bytes of a file, of any length. With `If-None-Match: *` only when
/// there is none, with `If-Match` only in the place of the one that the client saw.
pub async fn upload(
    State(app): State<App>,
    access: Access,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    let body = Incoming::new(body);
    let address = Address::of_file(uri.path(), PROXY)?;
    let Announced { sha256: announced, condition } = Announced::read(&headers)?;
    let (asked, by) = (condition.clone(), access.signature());
    let (place, met) = app
        .store
        .read(move |tx| {
            let place = Place { by: by.clone(), ..Place::find(tx, access.project_id, &address, None)? };
            let met = place.meets(tx, &asked)?;
            Ok((place, met))
        })
        .await?;
    if let Err(unmet) = met {
        return Ok(unmet.into_response());
    }

    let mut upload = app.blobs.begin(body.size).await?;
    upload.write_all(body).await?;
    Ok(answer(finish(&app, place, upload, announced, condition).await?))
}

/// What the headers of an upload say of its file.
pub struct Announced {
    pub sha256: Option<[u8; 32]>,
    pub condition: Condition,
}

impl Announced {
    pub fn read(headers: &HeaderMap) -> DomainResult<Self> {
        if headers.contains_key(header::CONTENT_RANGE) {
            // Taken for the whole, a part would replace the file.
            return Err(Error::invalid(
                "a file is put whole, not by Content-Range; large ones go up by multipart upload",
            ));
        }
        Ok(Self { sha256: announced_digest(headers)?, condition: Condition::read(headers)? })
    }
}

fn answer(put: std::result::Result<[u8; 32], Unmet>) -> Response {
    match put {
        Ok(sha256) => (StatusCode::OK, [(header::ETAG, download::etag(&sha256))]).into_response(),
        Err(unmet) => unmet.into_response(),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct UploadArtifact {
    run_id: Text,
    run_uuid: Text,
    path: Text,
}

/// MLflow's limit of this route, which its web page uses.
const PAGE_UPLOAD_BYTES: u64 = 10 * 1024 * 1024;

/// `POST upload-artifact?run_uuid=…&path=…`: the raw bytes of a small file.
pub async fn upload_of_run(State(app): State<App>, access: Access, request: Request) -> Result<Response> {
    let (query, _, body) = query_and_body::<UploadArtifact>(request, &app).await?;
    let mut body = Incoming::new(body);
    if matches!((&query.run_id, &query.run_uuid), (Text::Absent, Text::Absent)) {
        return Err(Error::invalid("Request must specify run_uuid.").into());
    }
    let tree = TreeId::Run(read_run_id(query.run_id, query.run_uuid)?);
    let Some(path) = query.path.optional("path")?.filter(|path| !path.is_empty()) else {
        return Err(Error::invalid("Request must specify path.").into());
    };
    let path = ArtifactPath::parse(&path)?;
    check_page_upload(body.size.unwrap_or(0))?;
    let by = access.signature();
    let place = app
        .store
        .read(move |tx| {
            let spot = Spot::of(tx, access.project_id, &tree, Some(path.clone()))?;
            Ok(Place { by: by.clone(), ..Place::check(tx, spot)? })
        })
        .await?;

    let mut upload = app.blobs.begin(body.size).await?;
    let mut size = 0;
    while let Some(bytes) = body.next().await {
        let bytes = bytes?;
        size += bytes.len() as u64;
        check_page_upload(size)?;
        upload.write(bytes).await?;
    }
    if size == 0 {
        return Err(Error::invalid("Request must specify data.").into());
    }
    Ok(answer(finish(&app, place, upload, None, Condition::default()).await?))
}

fn check_page_upload(size: u64) -> DomainResult<()> {
    if size > PAGE_UPLOAD_BYTES {
        return Err(Error::invalid("Artifact size is too large. Max size is 10MB."));
    }
    Ok(())
}

/// Stores and commits what was written. From here on a client that hangs up changes nothing any more.
async fn finish(
    app: &App,
    place: Place,
    upload: Upload,
    announced: Option<[u8; 32]>,
    condition: Condition,
) -> DomainResult<std::result::Result<[u8; 32], Unmet>> {
    let app = app.clone();
    let finishing = tokio::spawn(async move {
        let stored = store(&app, upload, announced).await?;
        let sha256 = stored.sha256;
        let met = commit(&app, &place, stored, Way::Request(condition)).await?;
        Ok(met.map(|()| sha256))
    });
    finishing.await.map_err(Error::internal)?
}

/// Ends the writing of bytes, which must be the announced ones.
pub async fn store(app: &App, upload: Upload, announced: Option<[u8; 32]>) -> DomainResult<Stored> {
    let stored = upload.finish().await?;
    if let Some(announced) = announced
        && announced != stored.sha256
    {
        remove(app, &stored.location).await;
        return Err(Error::Invalid(format!(
            "the file arrived with SHA-256 {}, {} was announced",
            hex::encode(stored.sha256),
            hex::encode(announced)
        )));
    }
    Ok(stored)
}

/// The SHA-256 that the client says the file has, in `X-Checksum-Sha256` or in RFC 9530's `Content-Digest`.
fn announced_digest(headers: &HeaderMap) -> DomainResult<Option<[u8; 32]>> {
    if let Some(value) = headers.get(download::CHECKSUM) {
        let text = value.to_str().unwrap_or_default();
        let digest = hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        return digest.map(Some).ok_or_else(|| {
            Error::Invalid(format!("X-Checksum-Sha256 '{text}' is not a SHA-256: 64 hex digits"))
        });
    }
    for value in headers.get_all("content-digest") {
        let text = value.to_str().unwrap_or_default();
        let mut members = text.split(',').filter_map(|member| member.trim().split_once('='));
        let Some((_, value)) = members.find(|(name, _)| name.eq_ignore_ascii_case("sha-256")) else {
            continue;
        };
        let coded = value.strip_prefix(':').and_then(|rest| rest.strip_suffix(':'));
        let bytes = coded.and_then(|coded| base64::engine::general_purpose::STANDARD.decode(coded).ok());
        let digest = bytes.and_then(|bytes| bytes.try_into().ok());
        return digest.map(Some).ok_or_else(|| {
            Error::Invalid(format!(
                "Content-Digest '{text}' is not of the form sha-256=:<base64 of 32 bytes>:"
            ))
        });
    }
    Ok(None)
}

/// The query of a request whose body is a file.
pub async fn query_and_body<T: DeserializeOwned>(
    request: Request,
    app: &App,
) -> std::result::Result<(T, Parts, Body), MlflowError> {
    let (parts, body) = request.into_parts();
    let bare = Request::from_parts(parts.clone(), Body::empty());
    let Query(query) = Query::<T>::from_request(bare, app).await?;
    Ok((query, parts, body))
}

/// The bytes of an upload as they come in.
///
/// A client that still sends when it is refused may lose the answer together with the connection. So what is left
/// of the body when this is dropped is read and thrown away, within limits.
pub struct Incoming {
    body: Option<BodyDataStream>,
    /// As the client announced it; `None` for a chunked body, which is how both MLflow clients send empty files.
    pub size: Option<u64>,
}

/// What a refused client may still send.
const LEFT_OVER_BYTES: usize = 64 << 20;
const LEFT_OVER_TIME: Duration = Duration::from_secs(10);

impl Incoming {
    pub fn new(body: Body) -> Self {
        let size = body.size_hint().exact();
        Self { body: Some(body.into_data_stream()), size }
    }
}

impl Stream for Incoming {
    type Item = DomainResult<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let next = ready!(Pin::new(body).poll_next(context));
        if !matches!(next, Some(Ok(_))) {
            self.body = None;
        }
        let broken = |error| Error::Invalid(format!("the file broke off before its end: {error}"));
        Poll::Ready(next.map(|bytes| bytes.map_err(broken)))
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        let Some(body) = self.body.take() else { return };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(tokio::time::timeout(LEFT_OVER_TIME, discard(body)));
        }
    }
}

async fn discard(mut body: BodyDataStream) {
    let mut left = LEFT_OVER_BYTES;
    while let Some(Ok(bytes)) = body.next().await {
        left = left.saturating_sub(bytes.len());
        if left == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &'static str, value: &str) -> DomainResult<Option<[u8; 32]>> {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        announced_digest(&headers)
    }

    #[test]
    fn a_digest_is_read_from_either_header() {
        let digest = [0xab; 32];
        let coded = base64::engine::general_purpose::STANDARD.encode(digest);
        assert_eq!(read("x-checksum-sha256", &hex::encode(digest)).unwrap(), Some(digest));
        assert_eq!(read("content-digest", &format!("sha-256=:{coded}:")).unwrap(), Some(digest));
        assert_eq!(
            read("content-digest", &format!("sha-512=:YQ==:, sha-256=:{coded}:")).unwrap(),
            Some(digest)
        );
        assert_eq!(read("content-digest", "sha-512=:YQ==:").unwrap(), None);
        assert_eq!(announced_digest(&HeaderMap::new()).unwrap(), None);
        for (name, bad) in [
            ("x-checksum-sha256", "ab"),
            ("content-digest", "sha-256=:YQ==:"),
            ("content-digest", "sha-256=x"),
        ] {
            assert!(read(name, bad).unwrap_err().to_string().contains(bad));
        }
    }
}
