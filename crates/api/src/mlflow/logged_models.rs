//! Logged models of MLflow 3: not kept yet, so there are none to be found.
//!
//! A 3.x client searches them whenever it lists a folder of a run, and takes anything but an answer for a failure.

use serde::Deserialize;
use weir_domain::filter;

use super::datasets::read_experiment_ids;
use crate::caller::Access;
use crate::error::Result;
use crate::extract::Json;
use crate::reply::{EMPTY, Empty, Reply};
use crate::wire::{List, Text};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SearchLoggedModels {
    #[serde(alias = "experimentIds")]
    experiment_ids: List<Text>,
    filter: Text,
}

/// `POST logged-models/search`
pub async fn search(_: Access, Json(body): Json<SearchLoggedModels>) -> Result<Reply<Empty>> {
    read_experiment_ids(body.experiment_ids)?;
    filter::logged_models::parse(&body.filter.or_default("filter")?)?;
    Ok(EMPTY)
}
