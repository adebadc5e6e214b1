//! Tags of runs, one at a time; batches are with runs.

use axum::extract::State;
use serde::Deserialize;
use weir_domain::key::KeyKind;
use weir_domain::value::Entry;
use weir_store::{runs, tags};

use super::objects::{read_run_id, with_keys};
use crate::app::App;
use crate::caller::Access;
use crate::error::Result;
use crate::extract::Json;
use crate::reply::{EMPTY, Empty, Reply};
use crate::wire::Text;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SetTag {
    #[serde(alias = "runId")]
    run_id: Text,
    #[serde(alias = "runUuid")]
    run_uuid: Text,
    key: Text,
    value: Text,
}

/// `POST runs/set-tag`
pub async fn set(State(app): State<App>, access: Access, Json(body): Json<SetTag>) -> Result<Reply<Empty>> {
    let run_id = read_run_id(body.run_id, body.run_uuid)?;
    let key = body.key.filled("key")?;
    let tag = Entry::new(KeyKind::Tag, key, body.value.or_default("value")?, None)?;
    super::runs::check_name_tag(&tag)?;
    let tags = with_keys(&app, vec![tag]).await?;
    let (by, now) = (access.signature(), app.clock.now());

    app.store
        .write(move |tx| {
            let run = runs::writable(tx, access.project_id, &run_id)?;
            tags::set(tx, &run, &tags)?;
            by.leave(tx, run.id, now)
        })
        .await?;
    Ok(EMPTY)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct DeleteTag {
    #[serde(alias = "runId")]
    run_id: Text,
    key: Text,
}

/// `POST runs/delete-tag`
pub async fn delete(
    State(app): State<App>,
    access: Access,
    Json(body): Json<DeleteTag>,
) -> Result<Reply<Empty>> {
    let run_id = read_run_id(body.run_id, Text::Absent)?;
    let key = body.key.filled("key")?;
    let (names, name) = (app.store.key_names(), key.clone());
    let key_id = app.store.read(move |tx| names.id(tx, &name)).await?;
    let (by, now) = (access.signature(), app.clock.now());

    app.store
        .write(move |tx| {
            let run = runs::writable(tx, access.project_id, &run_id)?;
            tags::delete(tx, &run, key_id, &key, run_id.as_str())?;
            by.leave(tx, run.id, now)
        })
        .await?;
    Ok(EMPTY)
}
