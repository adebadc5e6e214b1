//! Params and tags of logged models.

use axum::extract::State;
use serde::Deserialize;
use weir_domain::logged_model::{MAX_ENTRIES, ModelId, check_entry};
use weir_domain::value::Entry;
use weir_domain::{Error, Result as DomainResult};
use weir_store::logged_models;

use super::OneModel;
use crate::app::App;
use crate::caller::Access;
use crate::error::Result;
use crate::extract::{Json, MlflowPath};
use crate::mlflow::objects::KeyValue;
use crate::reply::{EMPTY, Empty, Reply};
use crate::wire::{List, Text};

/// The checked entries of the list `name`.
pub fn read(name: &str, list: List<KeyValue>) -> DomainResult<Vec<Entry>> {
    let items = list.or_default(name)?;
    if items.len() > MAX_ENTRIES {
        return Err(Error::Invalid(format!(
            "'{name}' has {} elements, and at most {MAX_ENTRIES} are allowed",
            items.len()
        )));
    }
    let mut entries = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let (key, value) = item.read(name, index)?;
        let entry = Entry { key, value };
        check_entry(name, index, &entry)?;
        entries.push(entry);
    }
    Ok(entries)
}

/// A param is logged once, so a request must not name one twice.
pub fn check_distinct(params: &[Entry]) -> DomainResult<()> {
    let mut seen = std::collections::HashSet::new();
    match params.iter().find(|param| !seen.insert(param.key.as_str())) {
        None => Ok(()),
        Some(twice) => Err(Error::Invalid(format!(
            "Duplicate parameter keys have been submitted: ['{}']. Please ensure the request contains only one param value per param key.",
            twice.key
        ))),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LogParams {
    #[serde(alias = "modelId")]
    model_id: Text,
    params: List<KeyValue>,
}

/// `POST logged-models/<id>/params`
pub async fn log_params(
    State(app): State<App>,
    access: Access,
    MlflowPath(model): MlflowPath<OneModel>,
    Json(body): Json<LogParams>,
) -> Result<Reply<Empty>> {
    let model_id = model.read(body.model_id)?;
    let params = read("params", body.params)?;
    check_distinct(&params)?;
    app.store
        .write(move |tx| {
            let model = logged_models::get_locked(tx, access.project_id, &model_id)?;
            logged_models::log_params(tx, &model, &params)
        })
        .await?;
    Ok(EMPTY)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SetTags {
    #[serde(alias = "modelId")]
    model_id: Text,
    tags: List<KeyValue>,
}

/// `PATCH logged-models/<id>/tags`: overwrites; the last of several with one key stays.
pub async fn set_tags(
    State(app): State<App>,
    access: Access,
    MlflowPath(model): MlflowPath<OneModel>,
    Json(body): Json<SetTags>,
) -> Result<Reply<Empty>> {
    let model_id = model.read(body.model_id)?;
    let tags = read("tags", body.tags)?;
    app.store
        .write(move |tx| {
            let model = logged_models::get_locked(tx, access.project_id, &model_id)?;
            logged_models::set_tags(tx, model.id, &tags)
        })
        .await?;
    Ok(EMPTY)
}

/// The tag of an address.
#[derive(Deserialize)]
pub struct OneTag {
    model_id: String,
    tag_key: String,
}

/// `DELETE logged-models/<id>/tags/<key>`
pub async fn delete_tag(
    State(app): State<App>,
    access: Access,
    MlflowPath(tag): MlflowPath<OneTag>,
) -> Result<Reply<Empty>> {
    let model_id = ModelId::parse(&tag.model_id)?;
    weir_domain::key::check_text("tag_key", &tag.tag_key)?;
    app.store
        .write(move |tx| {
            let model = logged_models::get_locked(tx, access.project_id, &model_id)?;
            logged_models::delete_tag(tx, &model, &tag.tag_key)
        })
        .await?;
    Ok(EMPTY)
}
