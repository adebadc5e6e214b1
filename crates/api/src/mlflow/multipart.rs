//! Multipart uploads through the proxy: signed addresses for the parts, then one file; and the transfers by
//! presigned address that this server does not offer.

mod parts;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use weir_domain::artifact::ArtifactPath;
use weir_domain::logged_model::ModelId;
use weir_domain::run::RunId;
use weir_domain::{Error, Result as DomainResult};
use weir_store::Tx;
use weir_store::files::{self, MultipartUpload, Owner};

use self::parts::PartItem;
use super::artifacts::{Address, Incoming, Place, TreeId, Way, commit, query_and_body};
use crate::app::App;
use crate::caller::Access;
use crate::error::Result;
use crate::extract::Json;
use crate::peer::Peer;
use crate::reply::{EMPTY, Empty, Reply};
use crate::server_address::server_address;
use crate::wire::{Int, List, Text};

const CREATE: &str = "/mlflow-artifacts/mpu/create/";
const COMPLETE: &str = "/mlflow-artifacts/mpu/complete/";
const ABORT: &str = "/mlflow-artifacts/mpu/abort/";
const PART: &str = "/mlflow-artifacts/mpu/part/";

/// As S3 has it.
const MAX_PARTS: i64 = 10_000;
/// How long the address of a part is good.
const SIGNED_FOR_SECONDS: i64 = 24 * 60 * 60;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CreateMultipart {
    path: Text,
    #[serde(alias = "numParts")]
    num_parts: Int,
}

#[derive(Serialize)]
pub struct CreatedMultipart {
    upload_id: String,
    credentials: Vec<Credential>,
}

/// Where to put a part; MLflow's client sends it there with these headers and no others.
#[derive(Serialize)]
struct Credential {
    url: String,
    part_number: i64,
    headers: Empty,
}

/// `POST mlflow-artifacts/mpu/create/<folder>`
pub async fn create(
    State(app): State<App>,
    access: Access,
    uri: Uri,
    peer: Peer,
    headers: HeaderMap,
    Json(body): Json<CreateMultipart>,
) -> Result<Reply<CreatedMultipart>> {
    let address = Address::of_folder(uri.path(), CREATE)?;
    let name = object_name(&body.path.filled("path")?)?;
    let num_parts = body.num_parts.required("num_parts")?;
    if !(1..=MAX_PARTS).contains(&num_parts) {
        let message = format!(
            "Invalid value {num_parts} for parameter 'num_parts' supplied: it must be from 1 to {MAX_PARTS}."
        );
        return Err(Error::Invalid(message).into());
    }
    let base = base_address(&app, &peer, &headers, uri.path())?;
    let place = app.store.read(move |tx| Place::find(tx, access.project_id, &address, Some(&name))).await?;

    let now = app.clock.now();
    let upload_id = app.blobs.begin_multipart().await?;
    let id = upload_id.clone();
    let begun = app
        .store
        .write(move |tx| {
            let (owner, path) = (place.owner(tx)?, place.path.as_str());
            files::begin_multipart(tx, &id, owner, path, num_parts, access.user_id, now)
        })
        .await;
    if let Err(error) = begun {
        remove_parts(&app, &upload_id).await;
        return Err(error.into());
    }
    let expires = now / 1000 + SIGNED_FOR_SECONDS;
    let credentials = (1..=num_parts).map(|part_number| {
        let signature = app.page_key.sign(&statement(&upload_id, part_number, expires))?;
        let url = format!("{base}{PART}{upload_id}/{part_number}?expires={expires}&signature={signature}");
        Ok(Credential { url, part_number, headers: Empty {} })
    });
    let credentials = credentials.collect::<DomainResult<_>>()?;
    Ok(Reply(CreatedMultipart { upload_id, credentials }))
}

/// What a signature vouches for.
fn statement(upload_id: &str, part_number: i64, expires: i64) -> String {
    format!("part {part_number} of {upload_id} until {expires}")
}

/// The name of the file: the client sends the whole path that it has at home.
fn object_name(local: &str) -> DomainResult<ArtifactPath> {
    let drive = matches!(local.as_bytes(), [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic());
    let separator = if !local.contains('/') && (drive || local.starts_with("\\\\")) { '\\' } else { '/' };
    ArtifactPath::parse(local.rsplit(separator).next().unwrap_or(local))
}

/// The address that the client reaches this server at, up to the mount that it used.
fn base_address(app: &App, peer: &Peer, headers: &HeaderMap, raw: &str) -> DomainResult<String> {
    let mount = raw.split_once(CREATE).map_or("", |(mount, _)| mount);
    Ok(format!("{}{mount}", server_address(app, peer, headers)?))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PartQuery {
    expires: Text,
    signature: Text,
}

/// `PUT mlflow-artifacts/mpu/part/<upload id>/<number>?expires=…&signature=…`
pub async fn put_part(State(app): State<App>, request: Request) -> Result<Response> {
    let (query, parts, body) = query_and_body::<PartQuery>(request, &app).await?;
    let body = Incoming::new(body);
    let (upload_id, number) = signed_part(&app, parts.uri.path(), query)?;
    let id = upload_id.clone();
    let upload = app.store.read(move |tx| files::get_multipart(tx, &id)).await?;
    if upload.completed {
        return Err(unknown(&upload_id).into());
    }
    let size = body.size;
    let part = app.blobs.put_part(&upload_id, number, body, size).await?;
    Ok((StatusCode::OK, [(header::ETAG, format!("\"{}\"", part.etag))]).into_response())
}

/// The upload and the number of the part, when this server signed the address and it is still good.
fn signed_part(app: &App, raw: &str, query: PartQuery) -> DomainResult<(String, u32)> {
    let rest = raw.split_once(PART).map_or("", |(_, rest)| rest);
    let (upload_id, number) = rest.split_once('/').unwrap_or((rest, ""));
    let refused =
        || Error::Forbidden(format!("the address of part '{number}' is not one that this server signed"));
    let number: u32 = number.parse().map_err(|_| refused())?;
    let expires: i64 = query.expires.or_default("expires")?.parse().map_err(|_| refused())?;
    let signature = query.signature.or_default("signature")?;
    if !app.page_key.signed(&statement(upload_id, i64::from(number), expires), &signature)? {
        return Err(refused());
    }
    if app.clock.now() / 1000 > expires {
        return Err(Error::Forbidden(format!(
            "the address of part {number} was good for {} hours and has expired; create the upload again",
            SIGNED_FOR_SECONDS / 3600
        )));
    }
    Ok((upload_id.to_owned(), number))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CompleteMultipart {
    path: Text,
    #[serde(alias = "uploadId")]
    upload_id: Text,
    parts: List<PartItem>,
}

/// `POST mlflow-artifacts/mpu/complete/<folder>`
pub async fn complete(
    State(app): State<App>,
    access: Access,
    uri: Uri,
    Json(body): Json<CompleteMultipart>,
) -> Result<Reply<Empty>> {
    let address = Address::of_folder(uri.path(), COMPLETE)?;
    let name = object_name(&body.path.filled("path")?)?;
    let upload_id = body.upload_id.filled("upload_id")?;
    let parts = parts::read(body.parts)?;
    let (id, by) = (upload_id.clone(), access.signature());
    let (place, upload) = app
        .store
        .read(move |tx| {
            let place = Place::find(tx, access.project_id, &address, Some(&name))?;
            let owner = place.owner(tx)?;
            let upload = get_own(tx, &id, owner, &place.path)?;
            Ok((Place { by: by.clone(), ..place }, upload))
        })
        .await?;
    // The client never saw the answer, and asks again.
    if upload.completed {
        return Ok(EMPTY);
    }
    parts::check_whole(&parts, upload.num_parts)?;
    // Runs to its end even when the client is gone: see `commit`.
    let joining = tokio::spawn(async move {
        let Err(error) = join(&app, &place, &upload_id, &parts).await else { return Ok(()) };
        // A client that did not wait for the answer asked again; the other request was faster, and took the parts.
        let completed = app.store.read(move |tx| files::get_multipart(tx, &upload_id)).await;
        if completed.is_ok_and(|upload| upload.completed) { Ok(()) } else { Err(error) }
    });
    joining.await.map_err(Error::internal)??;
    Ok(EMPTY)
}

async fn join(app: &App, place: &Place, upload_id: &str, parts: &[(u32, String)]) -> DomainResult<()> {
    let stored = app.blobs.complete_multipart(upload_id, parts).await?;
    // Without a condition none goes unmet.
    let _ = commit(app, place, stored, Way::Multipart(upload_id.to_owned())).await?;
    remove_parts(app, upload_id).await;
    Ok(())
}

/// The upload, when it is of this very file.
fn get_own(
    tx: &mut Tx<'_>,
    upload_id: &str,
    owner: Owner,
    path: &ArtifactPath,
) -> DomainResult<MultipartUpload> {
    let upload = files::get_multipart(tx, upload_id)?;
    if upload.owner != owner || upload.path != path.as_str() {
        return Err(unknown(upload_id));
    }
    Ok(upload)
}

fn unknown(upload_id: &str) -> Error {
    Error::NotFound(format!("no multipart upload '{upload_id}'"))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct AbortMultipart {
    path: Text,
    #[serde(alias = "uploadId")]
    upload_id: Text,
}

/// `POST mlflow-artifacts/mpu/abort/<folder>`: gives an upload up; one that is gone already is fine.
pub async fn abort(
    State(app): State<App>,
    access: Access,
    uri: Uri,
    Json(body): Json<AbortMultipart>,
) -> Result<Reply<Empty>> {
    let address = Address::of_folder(uri.path(), ABORT)?;
    address.check_form()?;
    let name = object_name(&body.path.filled("path")?)?;
    let upload_id = body.upload_id.filled("upload_id")?;
    let id = upload_id.clone();
    let open = app
        .store
        .write(move |tx| {
            // Cleaning up is allowed in a deleted tree too.
            let spot = address.find(tx, access.project_id)?;
            let path = spot.path.map_or_else(|| Ok(name.clone()), |folder| folder.join(name.as_str()))?;
            match get_own(tx, &id, spot.tree.owner(), &path) {
                Ok(upload) if upload.completed => Ok(false),
                Ok(_) => files::abort_multipart(tx, &id).map(|()| true),
                Err(Error::NotFound(_)) => Ok(false),
                Err(error) => Err(error),
            }
        })
        .await?;
    if open {
        remove_parts(&app, &upload_id).await;
    }
    Ok(EMPTY)
}

/// Parts of an ended upload. What stays because of an error, the store's own sweep removes.
async fn remove_parts(app: &App, upload_id: &str) {
    if let Err(error) = app.blobs.abort_multipart(upload_id).await {
        tracing::warn!(?error, upload_id, "the parts of an ended upload could not be removed yet");
    }
}

/// `GET mlflow-artifacts/presigned/<address>`: the clients know this sentence, and use one GET instead.
pub async fn no_presigned_download(_: Access) -> Result<Reply<Empty>> {
    Err(Error::NotImplemented(
        "Multipart download is not supported for the current artifact repository".to_owned(),
    )
    .into())
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Presign {
    #[serde(alias = "runId")]
    run_id: Text,
    #[serde(alias = "modelId")]
    model_id: Text,
    path: Text,
    expiration: Int,
}

/// `POST artifacts/presigned-upload-url`
pub async fn no_presigned_upload(
    State(app): State<App>,
    access: Access,
    Json(body): Json<Presign>,
) -> Result<Reply<Empty>> {
    let run_id = body.run_id.or_default("run_id")?;
    let model_id = body.model_id.or_default("model_id")?;
    if run_id.is_empty() == model_id.is_empty() {
        return Err(Error::invalid("Exactly one of run_id and model_id must be provided.").into());
    }
    let tree = if model_id.is_empty() {
        TreeId::Run(RunId::parse(&run_id)?)
    } else {
        TreeId::LoggedModel(ModelId::parse(&model_id)?)
    };
    refuse_presigned(&app, &access, "upload", tree, body.path, body.expiration).await
}

/// `POST artifacts/presigned-download-url`
pub async fn no_presigned_download_url(
    State(app): State<App>,
    access: Access,
    Json(body): Json<Presign>,
) -> Result<Reply<Empty>> {
    let tree = TreeId::Run(RunId::parse(&body.run_id.filled("run_id")?)?);
    refuse_presigned(&app, &access, "download", tree, body.path, body.expiration).await
}

async fn refuse_presigned(
    app: &App,
    access: &Access,
    what: &str,
    tree: TreeId,
    path: Text,
    expiration: Int,
) -> Result<Reply<Empty>> {
    ArtifactPath::parse(&path.filled("path")?)?;
    if let Some(seconds) = expiration.optional("expiration")?
        && !(1..=604_800).contains(&seconds)
    {
        let message = format!("expiration must be between 1 and 604800 seconds (got {seconds}).");
        return Err(Error::Invalid(message).into());
    }
    let project_id = access.project_id;
    let uri =
        app.store.read(move |tx| tree.get_shown(tx, project_id).map(|tree| tree.artifact_uri())).await?;
    let scheme = uri.split(':').next().unwrap_or_default();
    Err(Error::Invalid(format!(
        "Presigned {what} is not supported for proxied artifact storage (artifact URI scheme: {scheme}). Use the artifact routes of this server instead."
    ))
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_last_one_of_the_clients_path() {
        for (local, name) in [
            ("/srv/ann/model.bin", "model.bin"),
            ("model.bin", "model.bin"),
            ("./a/b c.bin", "b c.bin"),
            ("C:\\data\\model.bin", "model.bin"),
            ("\\\\host\\share\\model.bin", "model.bin"),
            ("/srv/ann/back\\slash.bin", "back\\slash.bin"),
            ("back\\slash.bin", "back\\slash.bin"),
        ] {
            assert_eq!(object_name(local).unwrap().as_str(), name, "{local}");
        }
        for bad in ["", "/", "a/", "/a/..", "C:\\a\\.."] {
            assert!(object_name(bad).is_err(), "{bad}");
        }
    }
}
