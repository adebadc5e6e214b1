//! Aliases of model versions: those that people set, and what the SemVer makes one for the clients.

use axum::extract::State;
use serde::Deserialize;
use weir_domain::alias;
use weir_domain::selector::Selector;
use weir_store::{aliases, model_versions, registered_models};

use super::model_objects::{OneVersion, load_version, read_version};
use super::registered_models::change;
use crate::app::App;
use crate::caller::{Access, Acting};
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::reply::{Empty, Reply};
use crate::wire::Text;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SetAlias {
    name: Text,
    alias: Text,
    version: Text,
}

/// `POST registered-models/alias`
pub async fn set(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<SetAlias>,
) -> Result<Reply<Empty>> {
    let name = body.name.filled("name")?;
    let alias = body.alias.filled("alias")?;
    alias::check(&alias)?;
    let version = read_version(body.version)?;
    let now = app.clock.now();
    change(&app, access, name, move |tx, model| {
        let version = model_versions::select(tx, model, &version)?;
        aliases::set(tx, &version, &alias, &actor, now)
    })
    .await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NamedAlias {
    name: Text,
    alias: Text,
}

/// `DELETE registered-models/alias`; one that is not there is fine, a SemVer stays.
pub async fn delete(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Json(body): Json<NamedAlias>,
) -> Result<Reply<Empty>> {
    let name = body.name.filled("name")?;
    let alias = body.alias.filled("alias")?;
    alias::check(&alias)?;
    let now = app.clock.now();
    change(&app, access, name, move |tx, model| aliases::delete(tx, model, &alias, &actor, now)).await
}

/// `GET registered-models/alias`: also a SemVer, a range and `latest`, which is what makes `models:/m@^1.2` work.
pub async fn get(
    State(app): State<App>,
    access: Access,
    Query(query): Query<NamedAlias>,
) -> Result<Reply<OneVersion>> {
    let name = query.name.filled("name")?;
    let selector = Selector::of_alias(&query.alias.filled("alias")?)?;
    let model_version = app
        .store
        .read(move |tx| {
            let model = registered_models::get(tx, access.project_id, &name)?;
            let version = model_versions::select(tx, &model, &selector)?;
            load_version(tx, version)
        })
        .await?;
    Ok(Reply(OneVersion { model_version }))
}
