//! The `MLmodel` file of a model: found among its files, read within bounds, and told.

use axum::extract::State;
use futures_util::TryStreamExt as _;
use serde::Deserialize;
use utoipa::IntoParams;
use weir_domain::logged_model::ModelId;
use weir_domain::mlmodel::requirements::{self, Requirements};
use weir_domain::mlmodel::{self, MlModel};
use weir_domain::{Error, Result};
use weir_store::files::{self, File, Owner};
use weir_store::{Tx, logged_models};

use super::describe::MlModelInfo;
use crate::app::App;
use crate::caller::Access;
use crate::error::ApiResult;
use crate::extract::Path;
use crate::openapi::{ErrorMessage, ProjectPath, Refusals};
use crate::reply::Reply;

/// Folders below the top that are looked into.
const MAX_FOLDERS: usize = 100;
/// Names at the top among which folders are looked for.
const MAX_NAMES: usize = 1000;

/// The rows of the files that describe a model.
pub struct Located {
    file: File,
    requirements: Option<File>,
}

/// A model's description, read.
pub struct ModelFile {
    pub path: String,
    pub model: MlModel,
    pub requirements: Option<Requirements>,
}

/// The `MLmodel` at the top of a tree, else the only one in a folder directly below. Several are an error: nothing
/// says which of them is meant.
pub fn locate(tx: &mut Tx<'_>, owner: Owner) -> Result<Option<Located>> {
    if let Some(file) = files::find(tx, owner, mlmodel::FILE_NAME)? {
        let requirements = files::find(tx, owner, mlmodel::REQUIREMENTS_NAME)?;
        return Ok(Some(Located { file, requirements }));
    }
    let names = files::list(tx, owner, "", None, MAX_NAMES)?;
    let mut found: Option<(String, File)> = None;
    let folders = names.into_iter().filter(|entry| entry.size_bytes.is_none());
    for folder in folders.take(MAX_FOLDERS).map(|entry| entry.name) {
        let Some(file) = files::find(tx, owner, &format!("{folder}/{}", mlmodel::FILE_NAME))? else {
            continue;
        };
        if let Some((other, _)) = &found {
            return Err(Error::Conflict(format!(
                "there are several {} files, in '{other}' and in '{folder}': which one describes the model is not known",
                mlmodel::FILE_NAME
            )));
        }
        found = Some((folder, file));
    }
    let Some((folder, file)) = found else { return Ok(None) };
    let requirements = files::find(tx, owner, &format!("{folder}/{}", mlmodel::REQUIREMENTS_NAME))?;
    Ok(Some(Located { file, requirements }))
}

/// Reads what was located. What is wrong with the file is `Invalid` or `TooLarge`.
pub async fn read(app: &App, located: Located) -> Result<ModelFile> {
    let text = text_of(app, &located.file, mlmodel::MAX_BYTES).await?;
    let requirements = match &located.requirements {
        Some(file) => Some(text_of(app, file, requirements::MAX_BYTES).await),
        None => None,
    };
    let path = located.file.path;
    // A megabyte of YAML takes longer than other requests should wait for.
    tokio::task::spawn_blocking(move || parse(path, &text, requirements)).await.map_err(Error::internal)?
}

/// The description if there is one, or why it cannot be read: what else is known of the version is told anyway.
pub async fn read_or_warn(
    app: &App,
    located: Result<Option<Located>>,
) -> (Option<ModelFile>, Option<String>) {
    let read = match located {
        Ok(None) => return (None, None),
        Ok(Some(located)) => read(app, located).await,
        Err(error) => Err(error),
    };
    match read {
        Ok(file) => (Some(file), None),
        Err(error @ (Error::Invalid(_) | Error::TooLarge(_) | Error::Conflict(_))) => {
            (None, Some(error.to_string()))
        }
        Err(error) => {
            tracing::error!(?error, "an MLmodel file could not be read");
            (None, Some(format!("the {} file cannot be read at the moment", mlmodel::FILE_NAME)))
        }
    }
}

fn parse(path: String, text: &str, requirements: Option<Result<String>>) -> Result<ModelFile> {
    let mut model = MlModel::parse(text)?;
    let requirements = match requirements {
        None => None,
        Some(Err(error @ Error::Internal(_))) => return Err(error),
        Some(read) => {
            let parsed = read.map_err(|error| error.to_string()).and_then(|text| Requirements::parse(&text));
            if let Err(reason) = &parsed {
                model.warnings.push(format!("{} cannot be read: {reason}", mlmodel::REQUIREMENTS_NAME));
            }
            parsed.ok()
        }
    };
    Ok(ModelFile { path, model, requirements })
}

async fn text_of(app: &App, file: &File, max_bytes: usize) -> Result<String> {
    let size = usize::try_from(file.size_bytes).map_err(Error::internal)?;
    if size > max_bytes {
        return Err(Error::TooLarge(format!(
            "the file '{}' has {size} bytes, at most {max_bytes} are read",
            file.path
        )));
    }
    let mut bytes = Vec::with_capacity(size);
    if size > 0 {
        let mut stream = app.blobs.read(&file.location, None).await?;
        while let Some(piece) = stream.try_next().await? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > size {
                return Err(Error::internal(format!("'{}' is longer than its row says", file.location)));
            }
        }
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Error::Invalid(format!("the file '{}' is not UTF-8 (byte {at})", file.path))
    })
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct LoggedModelPath {
    /// `m-` and 32 hexadecimal digits.
    model_id: String,
}

/// `GET /ml/logged-models/{model_id}/mlmodel`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/logged-models/{model_id}/mlmodel",
    operation_id = "get_logged_model_mlmodel",
    summary = "What the MLmodel file of a logged model says",
    tag = "model registry",
    params(ProjectPath, LoggedModelPath),
    responses(
        (status = 200, description = "the description", body = MlModelInfo),
        Refusals,
        (status = 409, description = "several MLmodel files", body = ErrorMessage),
        (status = 413, description = "more than is read", body = ErrorMessage)
    )
)]
pub async fn of_logged_model(
    State(app): State<App>,
    access: Access,
    Path(path): Path<LoggedModelPath>,
) -> ApiResult<Reply<MlModelInfo>> {
    let model_id = ModelId::parse(&path.model_id)?;
    let located = app
        .store
        .read(move |tx| {
            let model = logged_models::get_active(tx, access.project_id, &model_id)?;
            locate(tx, Owner::LoggedModel(model.id))
        })
        .await?;
    let located = located.ok_or_else(|| none(&format!("the logged model '{}'", path.model_id)))?;
    Ok(Reply(read(&app, located).await?.into()))
}

/// The error for a model (`what`) without a description.
pub fn none(what: &str) -> Error {
    Error::NotFound(format!(
        "{what} has no {} file at the top of its files or in one folder",
        mlmodel::FILE_NAME
    ))
}
