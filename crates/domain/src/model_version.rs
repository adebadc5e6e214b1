//! A version of a registered model: MLflow's number, its SemVer, and the run that it is.

use crate::experiment::location;
use crate::run::RunId;
use crate::stage::Stage;
use crate::{Error, Result};

/// A model version without its tags and aliases.
#[derive(Clone, Debug)]
pub struct ModelVersion {
    /// The row; never shown.
    pub id: i64,
    pub project_id: i64,
    pub model_id: i64,
    pub model_name: String,
    /// MLflow's version: counted per model from 1, never used twice while the model lives.
    pub number: i64,
    /// SemVer, as it was given or chosen.
    pub version: String,
    pub is_prompt: bool,
    pub stage: Stage,
    pub description: String,
    /// As the client sent them.
    pub source: String,
    pub run_link: String,
    /// The row of the run that this version is.
    pub run_row: i64,
    pub run_id: RunId,
    pub experiment_iid: i64,
    /// Where its files are, when they are not here: known since it was made, whatever becomes of its source.
    pub location: Option<String>,
    /// What it was promoted from.
    pub source_run_id: Option<String>,
    pub source_model_id: Option<String>,
    /// User names.
    pub creator: Option<String>,
    pub publisher: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub published_at: Option<i64>,
    /// Over all its files, once it is published.
    pub digest: Option<Vec<u8>>,
}

impl ModelVersion {
    /// Where its files are: elsewhere, or at the root of its run's tree.
    pub fn artifact_uri(&self) -> String {
        if let Some(location) = &self.location {
            return location.clone();
        }
        format!("{}/{}/artifacts", location(None, self.experiment_iid), self.run_id.as_str())
    }
}

/// MLflow's sentence for a version that is not there; `rest` says what there is.
pub fn not_found(model: &str, version: &str, rest: &str) -> Error {
    Error::NotFound(format!("Model Version (name={model}, version={version}) not found{rest}"))
}

/// Characters of a link to a run in another system.
const MAX_RUN_LINK: usize = 500;

pub fn check_run_link(link: &str) -> Result<()> {
    crate::key::check_text("run_link", link)?;
    let length = link.chars().count();
    if length > MAX_RUN_LINK {
        return Err(Error::Invalid(format!(
            "'run_link' exceeds the maximum length of {MAX_RUN_LINK} characters (got {length})"
        )));
    }
    Ok(())
}
