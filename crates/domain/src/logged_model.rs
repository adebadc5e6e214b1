//! A logged model of MLflow 3: its identity, status, limits, and what may be done to it.

use crate::dataset;
use crate::key::{MAX_KEY, check_text, missing};
use crate::run::RunId;
use crate::value::{Entry, MAX_VALUE, check_value};
use crate::{Error, Result};

/// Characters of a logged model's name and type, as in the columns of MLflow's server.
pub const MAX_NAME: usize = 500;
/// Params or tags of one request.
pub const MAX_ENTRIES: usize = 1000;
/// Characters of the id of the run that a model says it is from.
const MAX_RUN_ID: usize = 256;
/// What separates names from versions, folders and quotes in the addresses and filters of MLflow's clients.
const BAD_CHARACTERS: [char; 6] = ['/', ':', '.', '%', '"', '\''];

/// A logged model's identity: `m-` and 32 lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelId(String);

impl ModelId {
    /// Anything that is not a model id cannot name a model, so the answer is the one for an unknown model.
    pub fn parse(text: &str) -> Result<Self> {
        let hex = text.strip_prefix("m-").and_then(|hex| RunId::parse(hex).ok());
        hex.map(|hex| Self(format!("m-{}", hex.as_str()))).ok_or_else(|| not_found(text))
    }

    /// As a run's: the time in milliseconds, then chance.
    pub fn new(now: i64, chance: [u8; 10]) -> Self {
        Self(format!("m-{}", RunId::new(now, chance).as_str()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// MLflow's sentence for a logged model that is not there.
pub fn not_found(id: &str) -> Error {
    Error::NotFound(format!("Logged model with ID '{id}' not found."))
}

/// MLflow's `LoggedModelStatus`; the numbers are those of its protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoggedModelStatus {
    Pending = 1,
    Ready = 2,
    UploadFailed = 3,
}

impl LoggedModelStatus {
    pub const ALL: [Self; 3] = [Self::Pending, Self::Ready, Self::UploadFailed];

    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "LOGGED_MODEL_PENDING",
            Self::Ready => "LOGGED_MODEL_READY",
            Self::UploadFailed => "LOGGED_MODEL_UPLOAD_FAILED",
        }
    }

    pub fn number(self) -> i64 {
        self as i64
    }

    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.number() == number)
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// A logged model without what was logged to it.
#[derive(Clone, Debug)]
pub struct LoggedModel {
    /// The row; never shown.
    pub id: i64,
    pub model_id: ModelId,
    pub project_id: i64,
    pub experiment_id: i64,
    pub experiment_iid: i64,
    /// Where the experiment keeps its artifacts.
    pub experiment_location: String,
    pub experiment_deleted: bool,
    pub name: String,
    pub model_type: String,
    /// As the client gave it: not necessarily a run's; empty when it is from none.
    pub source_run_id: String,
    pub status: LoggedModelStatus,
    pub status_message: Option<String>,
    pub creator_id: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub deleted_at: Option<i64>,
}

impl LoggedModel {
    /// A deleted model is read-only, and so is one of a deleted experiment until that is restored.
    pub fn check_writable(&self) -> Result<()> {
        let (what, id) = match (self.deleted_at, self.experiment_deleted) {
            (Some(_), _) => ("logged model", self.model_id.as_str().to_owned()),
            (None, true) => ("experiment", self.experiment_iid.to_string()),
            (None, false) => return Ok(()),
        };
        Err(Error::Invalid(format!(
            "The {what} {id} must be in the 'active' state. Current state is deleted."
        )))
    }

    pub fn artifact_uri(&self) -> String {
        let location = self.experiment_location.trim_end_matches('/');
        format!("{location}/models/{}/artifacts", self.model_id.as_str())
    }
}

/// Checks a name that the client chose; whether an empty one is a wish for a random one is the caller's to say.
pub fn check_name(name: &str) -> Result<()> {
    check_text("name", name)?;
    if name.is_empty() || name.contains(BAD_CHARACTERS) {
        let shown: String = name.chars().take(MAX_NAME).collect();
        let quote = if shown.contains('\'') && !shown.contains('"') { '"' } else { '\'' };
        return Err(Error::Invalid(format!(
            "Invalid model name ({quote}{shown}{quote}) provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '\"', \"'\")"
        )));
    }
    check_length("name", name, MAX_NAME)
}

pub fn check_type(model_type: &str) -> Result<()> {
    check_text("model_type", model_type)?;
    check_length("model_type", model_type, MAX_NAME)
}

pub fn check_source_run(id: &str) -> Result<()> {
    check_text("source_run_id", id)?;
    check_length("source_run_id", id, MAX_RUN_ID)
}

/// Checks a param or tag. MLflow has no rules for these keys, and its databases cut the line at 255 characters;
/// `list[index]` is where it stood.
pub fn check_entry(list: &str, index: usize, entry: &Entry) -> Result<()> {
    let at = format!("{list}[{index}].key");
    if entry.key.is_empty() {
        return Err(Error::Invalid(missing(&at)));
    }
    check_text(&at, &entry.key)?;
    check_length(&at, &entry.key, MAX_KEY)?;
    check_value(&entry.key, &entry.value, MAX_VALUE, None)
}

/// Checks name and digest of the dataset that a metric was measured on, by the limits that datasets have.
pub fn check_dataset(name: &str, digest: &str) -> Result<()> {
    dataset::limit("dataset_name", name, dataset::MAX_NAME)?;
    dataset::limit("dataset_digest", digest, dataset::MAX_DIGEST)?;
    if name.is_empty() && !digest.is_empty() {
        return Err(Error::Invalid(format!(
            "Invalid value \"{digest}\" for parameter 'dataset_digest' supplied: a digest needs the 'dataset_name' that it is of"
        )));
    }
    Ok(())
}

fn check_length(what: &str, text: &str, most: usize) -> Result<()> {
    let length = text.chars().count();
    if length > most {
        return Err(Error::Invalid(format!(
            "'{what}' exceeds the maximum length of {most} characters (got {length}: '{}…')",
            text.chars().take(40).collect::<String>()
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_id_is_m_and_hex() {
        let id = "m-0123456789abcdef0123456789abcdef";
        assert_eq!(ModelId::parse(id).unwrap().as_str(), id);
        assert_eq!(ModelId::parse(&id.replace('a', "A")).unwrap().as_str(), id);
        for bad in ["", "m-", "m-1", &id[2..], &format!("M{}", &id[1..]), &format!("{id}0"), &id[..33]] {
            let message = ModelId::parse(bad).unwrap_err().to_string();
            assert_eq!(message, format!("Logged model with ID '{bad}' not found."));
        }
        assert!(ModelId::parse(ModelId::new(i64::MAX, [255; 10]).as_str()).is_ok());
    }

    #[test]
    fn names_keep_mlflows_rules() {
        for good in ["model", "my model-1_ä", "#", "…", &"x".repeat(500)] {
            check_name(good).unwrap();
        }
        let allowed = "('/', ':', '.', '%', '\"', \"'\")";
        for (bad, shown) in
            [("", "''"), ("a/b", "'a/b'"), ("a:b", "'a:b'"), ("a.b", "'a.b'"), ("a'b", "\"a'b\"")]
        {
            let message = check_name(bad).unwrap_err().to_string();
            assert_eq!(
                message,
                format!(
                    "Invalid model name ({shown}) provided. Model name must be a non-empty string and cannot contain the following characters: {allowed}"
                )
            );
        }
        let message = check_name(&"x".repeat(501)).unwrap_err().to_string();
        assert!(
            message.starts_with("'name' exceeds the maximum length of 500 characters (got 501"),
            "{message}"
        );
        assert!(check_name("a\0").is_err());
    }

    #[test]
    fn entries_have_limits_that_are_said() {
        let entry = |key: &str, value: &str| Entry { key: key.to_owned(), value: value.to_owned() };
        check_entry("tags", 0, &entry("a#/b", "")).unwrap();
        check_entry("tags", 0, &entry(&"k".repeat(250), &"v".repeat(MAX_VALUE))).unwrap();
        for (entry, said) in [
            (entry("", "x"), "Missing value for required parameter 'tags[3].key'"),
            (entry(&"k".repeat(251), ""), "'tags[3].key' exceeds the maximum length of 250 characters"),
            (entry("k", &"v".repeat(MAX_VALUE + 1)), "exceeds the maximum length of 65536 bytes"),
        ] {
            let message = check_entry("tags", 3, &entry).unwrap_err().to_string();
            assert!(message.contains(said), "{message}");
        }
    }

    #[test]
    fn a_digest_needs_its_dataset() {
        check_dataset("", "").unwrap();
        check_dataset("train", "").unwrap();
        check_dataset("train", "d1").unwrap();
        assert!(check_dataset("", "d1").unwrap_err().to_string().contains("needs the 'dataset_name'"));
        assert!(check_dataset("n", &"d".repeat(37)).unwrap_err().to_string().contains("36 characters"));
    }
}
