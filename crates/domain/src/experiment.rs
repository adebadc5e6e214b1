//! An experiment: what groups the runs of a project.

use crate::key::{check_text, missing};
use crate::{Error, Result};

pub const MAX_NAME: usize = 500;
pub const MAX_LOCATION: usize = 2048;

#[derive(Clone, Debug)]
pub struct Experiment {
    /// The row; never shown.
    pub id: i64,
    pub project_id: i64,
    /// What MLflow's clients know as the experiment id.
    pub iid: i64,
    pub name: String,
    /// As the client gave it; `None` for the proxied location.
    pub artifact_location: Option<String>,
    pub deleted: bool,
    pub created_at: i64,
    pub updated_at: i64,
}

impl Experiment {
    pub fn location(&self) -> String {
        location(self.artifact_location.as_deref(), self.iid)
    }

    pub fn check_active(&self) -> Result<()> {
        if self.deleted {
            return Err(Error::Invalid(format!(
                "The experiment {} must be in the 'active' state. Current state is deleted.",
                self.iid
            )));
        }
        Ok(())
    }
}

/// Where the artifacts of an experiment are kept, as a client reads it.
pub fn location(given: Option<&str>, iid: i64) -> String {
    given.map_or_else(|| format!("mlflow-artifacts:/{iid}"), ToOwned::to_owned)
}

/// Where an artifact URI leads back to this server.
pub const ARTIFACT_SCHEME: &str = "mlflow-artifacts:";

/// The part of a location, or of an address below one, that stands behind the scheme when its artifacts are kept here.
pub fn proxied(location: &str) -> Option<&str> {
    location.strip_prefix(ARTIFACT_SCHEME).map(|path| path.trim_matches('/'))
}

/// The id as clients write it: a decimal number.
pub fn parse_iid(text: &str) -> Result<i64> {
    text.parse().map_err(|_| {
        Error::Invalid(format!("Invalid experiment ID '{text}'. Experiment ID must be a valid integer."))
    })
}

pub fn not_found(id: impl std::fmt::Display) -> Error {
    Error::NotFound(format!("No Experiment with id={id} exists"))
}

pub fn check_name(parameter: &str, name: &str) -> Result<()> {
    if name.is_empty() {
        return Err(Error::Invalid(missing(parameter)));
    }
    check_text(parameter, name)?;
    let length = name.chars().count();
    if length > MAX_NAME {
        return Err(Error::Invalid(format!(
            "'{parameter}' exceeds the maximum length of {MAX_NAME} characters (got {length})"
        )));
    }
    Ok(())
}

/// The rules that MLflow has for a location chosen by the client.
pub fn check_location(location: &str) -> Result<()> {
    check_text("artifact_location", location)?;
    if location.chars().count() > MAX_LOCATION {
        return Err(Error::Invalid(format!(
            "Invalid artifact path length. The length of the artifact path cannot be greater than {MAX_LOCATION} characters. To configure this limit, please set the MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH environment variable."
        )));
    }
    let lower = location.to_ascii_lowercase();
    if lower.starts_with("runs:") {
        return Err(Error::Invalid(format!("Artifact location cannot be a runs:/ URI. Given: '{location}'")));
    }
    let (before_query, query) = lower.split_once('?').unwrap_or((&lower, ""));
    if lower.contains('#') || before_query.contains(';') {
        return Err(Error::Invalid(format!(
            "'artifact_location' URL can't include fragments or params. Given: '{location}'"
        )));
    }
    if before_query.split(['/', '\\']).any(|segment| segment == "..") {
        return Err(Error::Invalid(format!(
            "Invalid artifact_location '{location}': it must not contain '..'"
        )));
    }
    if query.contains("..") {
        return Err(Error::Invalid(format!("Invalid query string in artifact_location '{location}'")));
    }
    let scheme = before_query.split_once(':').map_or("", |(scheme, _)| scheme);
    let named_host = scheme == "mlflow-artifacts" && before_query.starts_with("mlflow-artifacts://");
    if named_host
        || matches!(scheme, "ftp" | "sftp" | "hdfs" | "viewfs" | "http" | "https" | "r2" | "b2" | "abfss")
    {
        return Err(Error::Invalid(format!(
            "Invalid artifact_location '{location}': its scheme '{scheme}' is not allowed; leave artifact_location out, or name a bucket such as s3://bucket/path"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_keeps_mlflows_rules() {
        for good in ["s3://bucket/a", "mlflow-artifacts:/custom/place", "gs://b/x?y=1", ""] {
            check_location(good).unwrap();
        }
        for bad in [
            "runs:/abc",
            "s3://b/a#f",
            "s3://b/a;p",
            "s3://b/a?x=..",
            "http://h/x",
            "mlflow-artifacts://h/x",
            "mlflow-artifacts:/../x",
        ] {
            check_location(bad).unwrap_err();
        }
    }
}
