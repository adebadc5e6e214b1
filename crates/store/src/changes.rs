//! What committed transactions changed that pages show: noted by row as it is written, named when somebody tells it.
//!
//! Noting is for the busiest paths: a number and a bit in memory, no SQL. A change is handed over only once its
//! transaction is committed, and many changes of one run until the next look are one. [`name`] reads afterwards, in one
//! go for all of them, what clients call these rows.

mod name;

use std::collections::HashMap;
use std::ops::BitOr;

use parking_lot::Mutex;
use tokio::sync::Notify;
use weir_domain::Result;
use weir_domain::model_version::ModelVersion;
use weir_domain::registered_model::RegisteredModel;

use crate::Tx;
pub use name::{Named, NamedChange, name};

/// What was changed. Rows of runs, experiments and logged models are looked up when the change is told; models and
/// versions are removed for good when they are deleted, so they bring their names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    Experiment(i64),
    Run(i64),
    LoggedModel(i64),
    Model { project_id: i64, name: String },
    Version { project_id: i64, model: String, number: i64, version: String },
}

impl From<&RegisteredModel> for Subject {
    fn from(model: &RegisteredModel) -> Self {
        Self::Model { project_id: model.project_id, name: model.name.clone() }
    }
}

impl From<&ModelVersion> for Subject {
    fn from(version: &ModelVersion) -> Self {
        Self::Version {
            project_id: version.project_id,
            model: version.model_name.clone(),
            number: version.number,
            version: version.version.clone(),
        }
    }
}

/// What about it was changed: one or several of the constants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct What(u32);

impl What {
    pub const CREATED: Self = Self(1);
    /// Status, times, description.
    pub const UPDATED: Self = Self(1 << 1);
    pub const RENAMED: Self = Self(1 << 2);
    pub const DELETED: Self = Self(1 << 3);
    pub const RESTORED: Self = Self(1 << 4);
    pub const TAGS: Self = Self(1 << 5);
    pub const PARAMS: Self = Self(1 << 6);
    pub const METRICS: Self = Self(1 << 7);
    pub const ARTIFACTS: Self = Self(1 << 8);
    /// Datasets and models that a run used or made.
    pub const INPUTS: Self = Self(1 << 9);
    pub const ALIASES: Self = Self(1 << 10);
    pub const STAGE: Self = Self(1 << 11);
    pub const PUBLISHED: Self = Self(1 << 12);
    /// Where a run comes from.
    pub const PROVENANCE: Self = Self(1 << 13);
    /// So many runs of an experiment that they are not named.
    pub const RUNS: Self = Self(1 << 14);

    const NAMES: [(Self, &'static str); 15] = [
        (Self::CREATED, "created"),
        (Self::UPDATED, "updated"),
        (Self::RENAMED, "renamed"),
        (Self::DELETED, "deleted"),
        (Self::RESTORED, "restored"),
        (Self::TAGS, "tags"),
        (Self::PARAMS, "params"),
        (Self::METRICS, "metrics"),
        (Self::ARTIFACTS, "artifacts"),
        (Self::INPUTS, "inputs"),
        (Self::ALIASES, "aliases"),
        (Self::STAGE, "stage"),
        (Self::PUBLISHED, "published"),
        (Self::PROVENANCE, "provenance"),
        (Self::RUNS, "runs"),
    ];

    /// The words for it, in a fixed order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(what, _)| self.0 & what.0 != 0).map(|(_, name)| name)
    }
}

impl BitOr for What {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What one transaction noted.
pub(crate) type Noted = Vec<(Subject, What)>;

/// Subjects that wait to be told at most: past it nobody is told what changed, but that too much did.
const MOST: usize = 8192;

/// Changes of this process that are committed and not told yet.
#[derive(Default)]
pub struct Changes {
    waiting: Mutex<Batch>,
    news: Notify,
}

/// Changes by subject.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub subjects: HashMap<Subject, What>,
    /// There were more than are kept.
    pub overflowed: bool,
}

impl Batch {
    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty() && !self.overflowed
    }

    /// Adds changes that came later.
    pub fn merge(&mut self, later: Self) {
        if later.overflowed {
            *self = later;
        } else {
            self.extend(later.subjects);
        }
    }

    fn extend(&mut self, noted: impl IntoIterator<Item = (Subject, What)>) {
        for (subject, what) in noted {
            if self.overflowed {
                return;
            }
            if self.subjects.len() >= MOST && !self.subjects.contains_key(&subject) {
                *self = Self { subjects: HashMap::new(), overflowed: true };
                return;
            }
            let all = self.subjects.entry(subject).or_default();
            *all = *all | what;
        }
    }
}

impl Changes {
    /// Takes what a committed transaction noted.
    pub(crate) fn add(&self, noted: Noted) {
        if noted.is_empty() {
            return;
        }
        self.waiting.lock().extend(noted);
        self.news.notify_one();
    }

    /// Waits until something has changed since the last [`Self::take`].
    pub async fn wait(&self) {
        while self.waiting.lock().is_empty() {
            self.news.notified().await;
        }
    }

    pub fn take(&self) -> Batch {
        std::mem::take(&mut self.waiting.lock())
    }
}

/// What PostgreSQL's `NOTIFY` calls the news of changes.
pub(crate) const CHANNEL: &str = "weir_changes";
/// Bytes of one announcement at most; PostgreSQL takes 7999.
pub const MAX_ANNOUNCEMENT_BYTES: usize = 7800;

/// Announces something to every process of a PostgreSQL database, once this transaction is committed.
///
/// Call it in a transaction of its own: PostgreSQL lets transactions that notify commit one after the other only, and
/// those that log metrics are not to wait there (`docs/adr/0003-live-events.md`).
pub fn announce(tx: &mut Tx<'_>, text: &str) -> Result<()> {
    // Nothing is written that could be lost; without it the lock is held while the disk turns.
    tx.execute("SET LOCAL synchronous_commit = off", &[])?;
    tx.execute("SELECT pg_notify(?1, ?2)", &[&CHANNEL, &text])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_one_run_are_one() {
        let changes = Changes::default();
        changes.add(vec![(Subject::Run(1), What::CREATED), (Subject::Run(1), What::TAGS)]);
        changes.add(vec![(Subject::Run(1), What::METRICS), (Subject::Run(2), What::METRICS)]);
        let batch = changes.take();
        let words = |id| batch.subjects[&Subject::Run(id)].names().collect::<Vec<_>>();
        assert_eq!(words(1), ["created", "tags", "metrics"]);
        assert_eq!(words(2), ["metrics"]);
        assert!(changes.take().is_empty());
    }

    #[test]
    fn too_many_changes_are_not_kept_but_told() {
        let changes = Changes::default();
        changes.add((0..MOST as i64).map(|id| (Subject::Run(id), What::METRICS)).collect());
        // The same ones take no more room.
        changes.add((0..MOST as i64).map(|id| (Subject::Run(id), What::TAGS)).collect());
        assert!(!changes.waiting.lock().overflowed);
        changes.add(vec![(Subject::Run(-1), What::METRICS)]);
        changes.add(vec![(Subject::Run(-2), What::METRICS)]);
        let batch = changes.take();
        assert!(batch.overflowed && batch.subjects.is_empty());
    }
}
