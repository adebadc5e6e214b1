//! Params, one at a time; batches are with runs.

use axum::extract::State;
use serde::Deserialize;
use weir_domain::key::KeyKind;
use weir_domain::value::Entry;
use weir_store::{params, runs};

use super::objects::{read_run_id, with_keys};
use crate::app::App;
use crate::caller::Access;
use crate::error::Result;
use crate::extract::Json;
use crate::reply::{EMPTY, Empty, Reply};
use crate::wire::Text;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LogParam {
    #[serde(alias = "runId")]
    run_id: Text,
    #[serde(alias = "runUuid")]
    run_uuid: Text,
    key: Text,
    value: Text,
}

/// `POST runs/log-parameter`
pub async fn log(State(app): State<App>, access: Access, Json(body): Json<LogParam>) -> Result<Reply<Empty>> {
    let run_id = read_run_id(body.run_id, body.run_uuid)?;
    let key = body.key.filled("key")?;
    let param = Entry::new(KeyKind::Param, key, body.value.or_default("value")?, None)?;
    let params = with_keys(&app, vec![param]).await?;
    let (by, now) = (access.signature(), app.clock.now());

    app.store
        .write(move |tx| {
            let run = runs::open(tx, access.project_id, &run_id)?;
            params::log(tx, &run, &run_id, &params, false)?;
            by.leave(tx, run.id, now)
        })
        .await?;
    Ok(EMPTY)
}
