//! The forms of changes: as clients read them, and as replicas tell each other.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_domain::Result;
use weir_store::changes::{MAX_ANNOUNCEMENT_BYTES, Named, NamedChange};

/// The data of a `change` event: what was changed of which thing. Only the ids are told: fetch the thing itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ChangeEvent {
    /// `experiment`, `run`, `logged_model`, `model` or `version`.
    pub kind: String,
    /// One or several of `created`, `updated` (status, times, description), `renamed`, `deleted`, `restored`, `tags`,
    /// `params`, `metrics`, `artifacts`, `inputs`, `aliases`, `stage`, `published`, `provenance`, and, of an experiment,
    /// `runs`: so many of its runs that they are not named.
    pub changes: Vec<String>,
    /// Of an experiment, a run or a logged model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiment_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// Of a logged model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_id: Option<String>,
    /// The name of a registered model; also of a version, and of the run that a version is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// MLflow's number of a version; also of the run that a version is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The SemVer of a version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub semver: Option<String>,
}

/// A change on its way to those who watch its project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    #[serde(rename = "p")]
    pub project_id: i64,
    #[serde(rename = "d")]
    pub change: ChangeEvent,
}

/// What one replica tells all, itself included.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Who tells it: another name at each start.
    #[serde(rename = "o")]
    pub origin: String,
    /// Counts up by one, from 1.
    #[serde(rename = "s")]
    pub number: u64,
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Told>,
    /// There was more than is told.
    #[serde(rename = "m", default, skip_serializing_if = "is_false")]
    pub missed: bool,
    /// The last one of its origin.
    #[serde(rename = "b", default, skip_serializing_if = "is_false")]
    pub bye: bool,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

impl From<NamedChange> for Told {
    fn from(named: NamedChange) -> Self {
        let mut change =
            ChangeEvent { changes: named.what.names().map(Into::into).collect(), ..ChangeEvent::default() };
        match named.subject {
            Named::Experiment { iid } => {
                change.kind = "experiment".to_owned();
                change.experiment_id = Some(iid.to_string());
            }
            Named::Run { run_id, experiment_iid, version } => {
                change.kind = "run".to_owned();
                change.experiment_id = Some(experiment_iid.to_string());
                change.run_id = Some(run_id);
                (change.model, change.version) =
                    version.map(|(model, number)| (model, number.to_string())).unzip();
            }
            Named::LoggedModel { model_id, experiment_iid } => {
                change.kind = "logged_model".to_owned();
                change.experiment_id = Some(experiment_iid.to_string());
                change.model_id = Some(model_id);
            }
            Named::Model { name } => {
                change.kind = "model".to_owned();
                change.model = Some(name);
            }
            Named::Version { model, number, version } => {
                change.kind = "version".to_owned();
                change.model = Some(model);
                change.version = Some(number.to_string());
                change.semver = Some(version);
            }
        }
        Self { project_id: named.project_id, change }
    }
}

impl ChangeEvent {
    /// Whether somebody may know of it who sees these parts of the project. The run of a version names its model.
    pub fn is_for(&self, experiments: bool, registry: bool) -> bool {
        match (self.kind.as_str(), &self.model) {
            ("model" | "version", _) => registry,
            ("run", Some(_)) => registry,
            _ => experiments,
        }
    }
}

/// As few announcements as hold all of `told`.
pub fn split(told: Vec<Told>) -> Result<Vec<Vec<Told>>> {
    // What stands around the changes of a message.
    const ROUND: usize = 200;
    let mut parts = Vec::new();
    let (mut part, mut bytes) = (Vec::new(), ROUND);
    for one in told {
        let size = serde_json::to_vec(&one).map_err(weir_domain::Error::internal)?.len() + 1;
        if bytes + size > MAX_ANNOUNCEMENT_BYTES && !part.is_empty() {
            parts.push(std::mem::take(&mut part));
            bytes = ROUND;
        }
        bytes += size;
        part.push(one);
    }
    if !part.is_empty() {
        parts.push(part);
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(id: usize) -> Told {
        let change = ChangeEvent {
            kind: "run".to_owned(),
            changes: vec!["metrics".to_owned()],
            experiment_id: Some("1".to_owned()),
            run_id: Some(format!("{id:032x}")),
            ..ChangeEvent::default()
        };
        Told { project_id: 1, change }
    }

    #[test]
    fn an_announcement_is_never_longer_than_postgresql_takes() {
        let parts = split((0..500).map(run).collect()).unwrap();
        assert!(parts.len() > 5, "{}", parts.len());
        for (number, told) in parts.iter().enumerate() {
            let message = Message {
                origin: "0123456789abcdef".to_owned(),
                number: u64::MAX - number as u64,
                told: told.clone(),
                missed: true,
                bye: true,
            };
            let text = serde_json::to_string(&message).unwrap();
            assert!(text.len() <= MAX_ANNOUNCEMENT_BYTES, "{}", text.len());
            assert_eq!(serde_json::from_str::<Message>(&text).unwrap(), message);
        }
        assert_eq!(parts.concat().len(), 500);
    }

    #[test]
    fn a_change_is_shown_with_the_part_of_the_project_it_belongs_to() {
        let mut change = run(1).change;
        assert!(change.is_for(true, false) && !change.is_for(false, true));
        change.model = Some("m".to_owned());
        assert!(!change.is_for(true, false) && change.is_for(false, true));
        change.kind = "version".to_owned();
        assert!(!change.is_for(true, false) && change.is_for(false, true));
    }
}
