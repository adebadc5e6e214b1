//! Datasets that a run used.

use crate::key::{check_text, missing};
use crate::{Error, Result};

/// A dataset by name and digest, and the tags (such as the context) of its use by one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetInput {
    pub dataset: Dataset,
    pub tags: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    pub name: String,
    pub digest: String,
    pub source_type: String,
    pub source: String,
    pub schema: Option<String>,
    pub profile: Option<String>,
}

/// Characters of a dataset's name and of its digest.
pub const MAX_NAME: usize = 500;
pub const MAX_DIGEST: usize = 36;

/// The tag of an input that says what the dataset was used for.
pub const CONTEXT_TAG: &str = "mlflow.data.context";

/// A dataset of an experiment and one context that it was used in.
#[derive(Clone, Debug)]
pub struct DatasetSummary {
    pub experiment_iid: i64,
    pub name: String,
    pub digest: String,
    pub context: Option<String>,
}

impl DatasetInput {
    /// Checks the lengths that MLflow allows.
    pub fn check(&self) -> Result<()> {
        let dataset = &self.dataset;
        limit("name", &dataset.name, MAX_NAME)?;
        limit("digest", &dataset.digest, MAX_DIGEST)?;
        limit("source_type", &dataset.source_type, 500)?;
        limit("source", &dataset.source, 65_535)?;
        limit("schema", dataset.schema.as_deref().unwrap_or_default(), 1_048_575)?;
        limit("profile", dataset.profile.as_deref().unwrap_or_default(), 16_777_215)?;
        for (key, value) in &self.tags {
            if key.is_empty() {
                return Err(Error::Invalid(missing("key")));
            }
            limit("key", key, 255)?;
            limit("value", value, 500)?;
        }
        Ok(())
    }
}

pub(crate) fn limit(what: &str, value: &str, most: usize) -> Result<()> {
    check_text(what, value)?;
    if value.len() > most && value.chars().count() > most {
        return Err(Error::Invalid(format!("'{what}' exceeds the maximum length of {most} characters")));
    }
    Ok(())
}
