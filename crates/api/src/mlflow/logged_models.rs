//! Logged models of MLflow 3: creation, status, deletion, and their files.

mod entries;
mod objects;
pub mod registrations;
mod search;

use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde::Deserialize;
use weir_domain::artifact::ArtifactPath;
use weir_domain::audit::{Noun, Verb};
use weir_domain::experiment::parse_iid;
use weir_domain::key::missing;
use weir_domain::logged_model::{LoggedModelStatus, ModelId, check_name, check_source_run, check_type};
use weir_domain::nickname::nickname;
use weir_domain::{Error, Result as DomainResult};
use weir_store::audit::acts as audit;
use weir_store::logged_models::NewLoggedModel;
use weir_store::{experiments, logged_models};

use self::objects::{POINTS, one};
use super::artifacts::{TreeArtifacts, TreeId, download_of, list_of};
use super::objects::KeyValue;
use crate::app::{App, random};
use crate::caller::{Access, Acting};
use crate::error::Result;
use crate::extract::{Json, MlflowPath, Query};
use crate::reply::{EMPTY, Empty, Reply};
use crate::wire::{Flag, List, Text, wrong_type};

pub use self::entries::{delete_tag, log_params, set_tags};
pub use self::search::search;

/// The model of an address.
#[derive(Deserialize)]
pub struct OneModel {
    model_id: String,
}

impl OneModel {
    /// Its id. Clients repeat it in the body; another one there is a mistake of theirs.
    fn read(self, in_body: Text) -> DomainResult<ModelId> {
        let in_body = in_body.or_default("model_id")?;
        if !in_body.is_empty() && in_body != self.model_id {
            return Err(Error::Invalid(format!(
                "Invalid value \"{in_body}\" for parameter 'model_id' supplied: the address names the model '{}'",
                self.model_id
            )));
        }
        ModelId::parse(&self.model_id)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CreateLoggedModel {
    #[serde(alias = "experimentId")]
    experiment_id: Text,
    name: Text,
    #[serde(alias = "modelType")]
    model_type: Text,
    #[serde(alias = "sourceRunId")]
    source_run_id: Text,
    params: List<KeyValue>,
    tags: List<KeyValue>,
}

/// `POST logged-models`
pub async fn create(
    State(app): State<App>,
    access: Access,
    Json(body): Json<CreateLoggedModel>,
) -> Result<Response> {
    let experiment_iid = parse_iid(&body.experiment_id.filled("experiment_id")?)?;
    let name = match body.name.or_default("name")? {
        none if none.is_empty() => nickname(u64::from_le_bytes(random()?)),
        name => name,
    };
    check_name(&name)?;
    let model_type = body.model_type.or_default("model_type")?;
    check_type(&model_type)?;
    let source_run_id = body.source_run_id.or_default("source_run_id")?;
    check_source_run(&source_run_id)?;
    let params = entries::read("params", body.params)?;
    entries::check_distinct(&params)?;
    let tags = entries::read("tags", body.tags)?;
    let (now, names) = (app.clock.now(), app.store.key_names());
    let model_id = ModelId::new(now, random()?);

    let records = app
        .store
        .write(move |tx| {
            let experiment = experiments::get_locked(tx, access.project_id, experiment_iid, false)?;
            let new = NewLoggedModel {
                model_id: &model_id,
                name: &name,
                model_type: &model_type,
                source_run_id: &source_run_id,
                params: &params,
                tags: &tags,
                creator_id: access.user_id,
                now,
            };
            let model = logged_models::create(tx, &experiment, &new)?;
            logged_models::load(tx, &names, vec![model], POINTS)
        })
        .await?;
    Ok(one(&app, records)?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct GetLoggedModel {
    allow_deleted: Flag,
}

/// `GET logged-models/<id>`
pub async fn get(
    State(app): State<App>,
    access: Access,
    MlflowPath(model): MlflowPath<OneModel>,
    Query(query): Query<GetLoggedModel>,
) -> Result<Response> {
    let model_id = model.read(Text::Absent)?;
    let allow_deleted = query.allow_deleted.or_default("allow_deleted")?;
    let names = app.store.key_names();
    let records = app
        .store
        .read(move |tx| {
            let model = if allow_deleted {
                logged_models::get(tx, access.project_id, &model_id)?
            } else {
                logged_models::get_active(tx, access.project_id, &model_id)?
            };
            logged_models::load(tx, &names, vec![model], POINTS)
        })
        .await?;
    Ok(one(&app, records)?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct FinalizeLoggedModel {
    #[serde(alias = "modelId")]
    model_id: Text,
    status: serde_json::Value,
}

/// `PATCH logged-models/<id>`: its status.
pub async fn finalize(
    State(app): State<App>,
    access: Access,
    MlflowPath(model): MlflowPath<OneModel>,
    Json(body): Json<FinalizeLoggedModel>,
) -> Result<Response> {
    let model_id = model.read(body.model_id)?;
    let status = read_status(&body.status)?;
    let (now, names) = (app.clock.now(), app.store.key_names());
    let records = app
        .store
        .write(move |tx| {
            let model = logged_models::set_status(tx, access.project_id, &model_id, status, now)?;
            logged_models::load(tx, &names, vec![model], POINTS)
        })
        .await?;
    Ok(one(&app, records)?)
}

/// A name or number of MLflow's enum. MLflow takes a name that it does not know for no status at all; here it is refused.
fn read_status(value: &serde_json::Value) -> DomainResult<LoggedModelStatus> {
    let status = match value {
        serde_json::Value::Null => return Err(Error::Invalid(missing("status"))),
        serde_json::Value::String(text) if text.is_empty() => {
            return Err(Error::Invalid(missing("status")));
        }
        serde_json::Value::String(text) => {
            LoggedModelStatus::from_name(text).or_else(|| LoggedModelStatus::from_number(text.parse().ok()?))
        }
        serde_json::Value::Number(number) => number.as_i64().and_then(LoggedModelStatus::from_number),
        other => return Err(wrong_type("status", other)),
    };
    status.ok_or_else(|| {
        let names: Vec<&str> = LoggedModelStatus::ALL.iter().map(|status| status.name()).collect();
        Error::Invalid(format!(
            "Invalid value {value} for parameter 'status' supplied: use one of {}",
            names.join(", ")
        ))
    })
}

/// `DELETE logged-models/<id>`; doing it again is fine.
pub async fn delete(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    MlflowPath(model): MlflowPath<OneModel>,
) -> Result<Reply<Empty>> {
    let model_id = model.read(Text::Absent)?;
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            let model = logged_models::get(tx, access.project_id, &model_id)?;
            logged_models::delete(tx, access.project_id, &model_id, now)?;
            if model.deleted_at.is_some() {
                return Ok(());
            }
            let (act, target) = ((Noun::LoggedModel, Verb::Deleted), (model_id.as_str(), &*model.name));
            audit::of_project(tx, &actor, access.project_id, act, target, now)
        })
        .await?;
    Ok(EMPTY)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ListModelArtifacts {
    artifact_directory_path: Text,
    page_token: Text,
}

/// `GET logged-models/<id>/artifacts/directories`
pub async fn list_artifacts(
    State(app): State<App>,
    access: Access,
    MlflowPath(model): MlflowPath<OneModel>,
    Query(query): Query<ListModelArtifacts>,
) -> Result<Reply<TreeArtifacts>> {
    let tree = TreeId::LoggedModel(model.read(Text::Absent)?);
    let path = query.artifact_directory_path.or_default("artifact_directory_path")?;
    list_of(&app, &access, tree, path, query.page_token).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct GetModelArtifact {
    artifact_file_path: Text,
}

/// `GET logged-models/<id>/artifacts/files?artifact_file_path=…`
pub async fn download(
    State(app): State<App>,
    access: Access,
    MlflowPath(model): MlflowPath<OneModel>,
    method: Method,
    headers: HeaderMap,
    Query(query): Query<GetModelArtifact>,
) -> Result<Response> {
    let tree = TreeId::LoggedModel(model.read(Text::Absent)?);
    let Some(path) = query.artifact_file_path.optional("artifact_file_path")?.filter(|path| !path.is_empty())
    else {
        let message = "Request must include the \"artifact_file_path\" query parameter.";
        return Err(Error::invalid(message).into());
    };
    let path = ArtifactPath::parse(&path)?;
    Ok(download_of(&app, &access, tree, path, &method, &headers).await?)
}
