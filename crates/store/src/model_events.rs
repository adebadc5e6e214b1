//! The history of registered models: written with each change, in its transaction.

use weir_domain::Result;
use weir_domain::model_event::{EventKind, ModelEvent};
use weir_domain::model_version::ModelVersion;

use crate::Tx;

/// What happened, to be told later.
pub(crate) struct NewEvent<'a> {
    pub(crate) kind: EventKind,
    pub(crate) actor_id: i64,
    pub(crate) now: i64,
    pub(crate) version: Option<(i64, &'a str)>,
    pub(crate) alias: Option<&'a str>,
    pub(crate) before: Option<&'a str>,
    pub(crate) after: Option<&'a str>,
}

impl<'a> NewEvent<'a> {
    pub(crate) fn new(kind: EventKind, actor_id: i64, now: i64) -> Self {
        Self { kind, actor_id, now, version: None, alias: None, before: None, after: None }
    }

    /// About one version.
    pub(crate) fn of(self, version: &'a ModelVersion) -> Self {
        self.about(version.number, &version.version)
    }

    pub(crate) fn about(self, number: i64, version: &'a str) -> Self {
        Self { version: Some((number, version)), ..self }
    }
}

pub(crate) fn add(tx: &mut Tx<'_>, model_id: i64, event: &NewEvent<'_>) -> Result<()> {
    let number = event.version.map(|(number, _)| number);
    let version = event.version.map(|(_, version)| version);
    tx.execute(
        "INSERT INTO model_events (model_id, kind, number, version, alias, before, after, actor_id, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            &model_id,
            &event.kind.name(),
            &number,
            &version,
            &event.alias,
            &event.before,
            &event.after,
            &event.actor_id,
            &event.now,
        ],
    )?;
    Ok(())
}

/// The newest events of a model that are older than event `before`, at most `most`.
pub fn list(tx: &mut Tx<'_>, model_id: i64, before: Option<i64>, most: usize) -> Result<Vec<ModelEvent>> {
    tx.list(
        "SELECT e.id, e.kind, e.number, e.version, e.alias, e.before, e.after, e.actor_id, u.username, e.created_at
         FROM model_events e LEFT JOIN users u ON u.id = e.actor_id
         WHERE e.model_id = ?1 AND e.id < ?2
         ORDER BY e.id DESC
         LIMIT ?3",
        &[&model_id, &before.unwrap_or(i64::MAX), &(most as i64)],
        |row| {
            Ok(ModelEvent {
                id: row.int(0)?,
                kind: row.text(1)?,
                number: row.opt_int(2)?,
                version: row.opt_text(3)?,
                alias: row.opt_text(4)?,
                before: row.opt_text(5)?,
                after: row.opt_text(6)?,
                actor_id: row.int(7)?,
                actor: row.opt_text(8)?,
                created_at: row.int(9)?,
            })
        },
    )
}
