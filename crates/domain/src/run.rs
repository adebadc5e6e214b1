//! A run: its identity, status and what may be done to it.

use crate::{Error, Result};

/// A run's identity: 32 lower-case hex digits, as MLflow's clients generate and expect.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RunId(String);

impl RunId {
    /// Anything that is not a run id cannot name a run, so the answer is the one for an unknown run.
    pub fn parse(text: &str) -> Result<Self> {
        let hex = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if !hex {
            return Err(not_found(text));
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// A new identity: the time in milliseconds, then chance. Ids that are made one after the other stand side by side
    /// in an index, so that making a run writes to one place of it.
    pub fn new(now: i64, chance: [u8; 10]) -> Self {
        let time = now.to_be_bytes();
        let bytes = time[2..].iter().chain(&chance);
        let mut text = String::with_capacity(32);
        for byte in bytes {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// MLflow's sentence for a run that is not there.
pub fn not_found(id: &str) -> Error {
    Error::NotFound(format!("Run with id={id} not found"))
}

/// MLflow's run status; the numbers are those of its protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    Running = 1,
    Scheduled = 2,
    Finished = 3,
    Failed = 4,
    Killed = 5,
}

impl RunStatus {
    pub const ALL: [Self; 5] = [Self::Running, Self::Scheduled, Self::Finished, Self::Failed, Self::Killed];

    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Scheduled => "SCHEDULED",
            Self::Finished => "FINISHED",
            Self::Failed => "FAILED",
            Self::Killed => "KILLED",
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

/// Which of the active and the deleted a search answers with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ViewType {
    #[default]
    ActiveOnly,
    DeletedOnly,
    All,
}

impl ViewType {
    /// `None`: active and deleted alike.
    pub fn deleted(self) -> Option<bool> {
        match self {
            Self::ActiveOnly => Some(false),
            Self::DeletedOnly => Some(true),
            Self::All => None,
        }
    }
}

/// A run without what was logged to it.
#[derive(Clone, Debug)]
pub struct Run {
    /// The row; never shown.
    pub id: i64,
    pub run_id: RunId,
    pub project_id: i64,
    pub experiment_id: i64,
    pub experiment_iid: i64,
    /// Where the experiment's runs keep their artifacts.
    pub experiment_location: String,
    pub iid: i64,
    pub name: String,
    pub user_id: String,
    pub status: RunStatus,
    pub started_at: i64,
    pub ended_at: Option<i64>,
    pub deleted: bool,
    /// The row of the model version that this run is.
    pub version_id: Option<i64>,
    /// Its version is published: files, params and metrics stay as they are.
    pub sealed: bool,
    /// Where the files of the model version that this run is are, when they are not here.
    pub location: Option<String>,
}

impl Run {
    /// A deleted run is read-only until it is restored.
    pub fn check_writable(&self) -> Result<()> {
        if self.deleted {
            return Err(Error::Invalid(format!(
                "The run {} must be in the 'active' state. Current state is deleted.",
                self.run_id.as_str()
            )));
        }
        Ok(())
    }

    pub fn artifact_uri(&self) -> String {
        if let Some(location) = &self.location {
            return location.clone();
        }
        format!("{}/{}/artifacts", self.experiment_location.trim_end_matches('/'), self.run_id.as_str())
    }
}

/// Characters of a run's name; MLflow has no limit, its databases do.
pub const MAX_NAME: usize = 1000;
