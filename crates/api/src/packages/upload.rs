//! Putting a file into a package: the body is the file, or a form that has it.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde_json::json;
use weir_artifacts::{Stored, Upload};
use weir_domain::artifact::ArtifactPath;
use weir_domain::package::{PackageStatus, bad_value};
use weir_domain::{Error, Result};
use weir_store::files::{self, File, Owner};
use weir_store::{Tx, packages};

use super::form::Form;
use super::package_files::PackageFile;
use super::target::Target;
use crate::app::App;
use crate::caller::Signature;
use crate::extract::parse_query;
use crate::mlflow::artifacts::{
    Announced, Condition, Incoming, Put, Unmet, check, commit_by, etag, put_on_condition, store,
};
use crate::reply::{Reply, json_response};

/// Where a file is to stand.
#[derive(Clone, Debug)]
pub struct Place {
    pub project_id: i64,
    pub target: Target,
    pub path: ArtifactPath,
    /// What whoever puts the file leaves on its run.
    pub by: Signature,
}

/// What a client may say in the query or in the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Wishes {
    status: Option<String>,
    select: Option<String>,
}

impl Wishes {
    fn status(&self) -> Result<Option<PackageStatus>> {
        self.status.as_deref().filter(|status| !status.is_empty()).map(PackageStatus::parse).transpose()
    }

    /// Whether the answer is to be the file's description.
    fn selects_file(&self) -> Result<bool> {
        match self.select.as_deref() {
            None | Some("") => Ok(false),
            Some("package_file") => Ok(true),
            Some(other) => Err(bad_value("select", other, "package_file")),
        }
    }

    fn check(&self) -> Result<()> {
        self.status()?;
        self.selects_file()?;
        Ok(())
    }
}

/// Whether a file could be put there now: before the first byte is read.
pub async fn admit(app: &App, place: &Place, condition: Condition) -> Result<std::result::Result<(), Unmet>> {
    let place = place.clone();
    app.store.read(move |tx| place.admits(tx, &condition)).await
}

impl Place {
    fn admits(&self, tx: &mut Tx<'_>, condition: &Condition) -> Result<std::result::Result<(), Unmet>> {
        let Some(owner) = self.target.find(tx, self.project_id)? else {
            return Ok(condition.check(None));
        };
        files::check_open(tx, owner)?;
        files::check_place(tx, owner, self.path.as_str())?;
        check(tx, owner, self.path.as_str(), condition)
    }

    /// Makes the bytes the file; answers with the number of its package, and when that was.
    fn put(
        &self,
        tx: &mut Tx<'_>,
        stored: &files::Stored<'_>,
        (condition, status): (&Condition, Option<PackageStatus>),
        now: i64,
    ) -> Result<Put<(i64, i64)>> {
        // Asked once more before a package is made for nothing.
        if !condition.is_none()
            && let Err(unmet) = self.admits(tx, condition)?
        {
            files::discard(tx, stored, now)?;
            return Ok(Put::Unmet(unmet));
        }
        let owner = self.target.open(tx, self.project_id, now)?;
        let put = put_on_condition(tx, owner, self.path.as_str(), stored, condition, now)?;
        put.map(|()| {
            let id = match owner {
                Owner::Run(run) => packages::of_run(tx, run)?,
                Owner::Package(id) => Some(id),
                Owner::LoggedModel(_) => None,
            };
            let id = id.ok_or_else(|| Error::internal("a file was put and is in no package"))?;
            if let Some(status) = status {
                packages::set_status(tx, id, status)?;
            }
            if let Owner::Run(run) = owner {
                self.by.leave(tx, run, now)?;
            }
            Ok((id, now))
        })
    }
}

/// `PUT` of a file. GitLab's answers are 201, and 200 when the file's description was asked for.
pub async fn upload(app: &App, place: Place, request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let body = Incoming::new(body);
    let mut wishes: Wishes = parse_query(parts.uri.query().unwrap_or_default())?;
    wishes.check()?;
    let announced = Announced::read(&parts.headers)?;
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let form = Form::new(content_type.unwrap_or_default(), body)?;
    if let Err(unmet) = admit(app, &place, announced.condition.clone()).await? {
        return Ok(unmet.into_response());
    }

    let upload = match form {
        Ok(form) => receive_form(app, form, &mut wishes).await?,
        Err(body) => receive(app, body).await?,
    };
    let (status, selects_file) = (wishes.status()?, wishes.selects_file()?);
    match finish(app, place.clone(), upload, announced, status).await? {
        Err(unmet) => Ok(unmet.into_response()),
        Ok(put) => Ok(answer(place.path, put, selects_file)),
    }
}

/// What was committed.
struct Done {
    package_id: i64,
    stored: Stored,
    at: i64,
}

async fn receive(app: &App, body: Incoming) -> Result<Upload> {
    let mut upload = app.blobs.begin(body.size).await.map_err(too_large)?;
    let mut body = body;
    while let Some(bytes) = body.next().await {
        upload.write(bytes?).await.map_err(too_large)?;
    }
    Ok(upload)
}

/// The part `file`, and the others into `wishes`; fields of other names mean nothing here, as in GitLab.
async fn receive_form(app: &App, mut form: Form, wishes: &mut Wishes) -> Result<Upload> {
    let mut file = None;
    while let Some(name) = form.next().await? {
        match name.as_str() {
            "file" if file.is_some() => {
                return Err(Error::invalid("file is invalid: the form has two; put one file in a request"));
            }
            "file" => {
                let mut upload = app.blobs.begin(None).await?;
                while let Some(bytes) = form.chunk().await? {
                    upload.write(bytes).await.map_err(too_large)?;
                }
                file = Some(upload);
            }
            "status" => wishes.status = Some(form.text("status").await?),
            "select" => wishes.select = Some(form.text("select").await?),
            _ => {}
        }
    }
    wishes.check()?;
    file.ok_or_else(|| Error::invalid("file is missing: put the file into the form's field 'file'"))
}

/// GitLab says 400 to it on these routes.
fn too_large(error: Error) -> Error {
    match error {
        Error::TooLarge(reason) => Error::Invalid(format!("400 Bad request - File is too large: {reason}")),
        other => other,
    }
}

/// Stores and commits what was written. From here on a client that hangs up changes nothing any more.
async fn finish(
    app: &App,
    place: Place,
    upload: Upload,
    announced: Announced,
    status: Option<PackageStatus>,
) -> Result<std::result::Result<Done, Unmet>> {
    let app = app.clone();
    let finishing = tokio::spawn(async move {
        let stored = store(&app, upload, announced.sha256).await?;
        let put = commit_by(&app, stored.clone(), move |tx, bytes, now| {
            place.put(tx, bytes, (&announced.condition, status), now)
        })
        .await?;
        Ok(put.map(|(package_id, at)| Done { package_id, stored, at }))
    });
    finishing.await.map_err(Error::internal)?
}

fn answer(path: ArtifactPath, done: Done, selects_file: bool) -> Response {
    let tag = etag(&done.stored.sha256);
    let mut response = if selects_file {
        let size_bytes = i64::try_from(done.stored.size).unwrap_or(i64::MAX);
        let file = File {
            path: path.as_str().to_owned(),
            sha256: done.stored.sha256.to_vec(),
            size_bytes,
            location: done.stored.location,
            modified_at: done.at,
        };
        Reply(PackageFile::new(done.package_id, file)).into_response()
    } else {
        json_response(StatusCode::CREATED, json!({ "message": "201 Created" }).to_string().into_bytes())
    };
    if let Ok(tag) = tag.parse() {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
