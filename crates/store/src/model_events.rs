//! The history of registered models: written with each change, in its transaction.

use weir_domain::Result;
use weir_domain::audit::{Actor, Entity, Facts, Noun, Verb};
use weir_domain::model_event::{EventKind, ModelEvent};
use weir_domain::model_version::ModelVersion;
use weir_domain::registered_model::RegisteredModel;

use crate::Tx;
use crate::audit::{self, Act};

/// The model that it happened to.
#[derive(Clone, Copy)]
pub(crate) struct Model<'a> {
    pub(crate) id: i64,
    pub(crate) project_id: i64,
    pub(crate) name: &'a str,
}

impl<'a> From<&'a RegisteredModel> for Model<'a> {
    fn from(model: &'a RegisteredModel) -> Self {
        Self { id: model.id, project_id: model.project_id, name: &model.name }
    }
}

impl<'a> From<&'a ModelVersion> for Model<'a> {
    fn from(version: &'a ModelVersion) -> Self {
        Self { id: version.model_id, project_id: version.project_id, name: &version.model_name }
    }
}

/// What happened, to be told later.
pub(crate) struct NewEvent<'a> {
    pub(crate) kind: EventKind,
    pub(crate) actor: &'a Actor,
    pub(crate) now: i64,
    pub(crate) version: Option<(i64, &'a str)>,
    pub(crate) alias: Option<&'a str>,
    pub(crate) before: Option<&'a str>,
    pub(crate) after: Option<&'a str>,
    /// A description as it was and is, which only the audit log keeps.
    pub(crate) described: Option<(&'a str, &'a str)>,
}

impl<'a> NewEvent<'a> {
    pub(crate) fn new(kind: EventKind, actor: &'a Actor, now: i64) -> Self {
        Self { kind, actor, now, version: None, alias: None, before: None, after: None, described: None }
    }

    /// About one version.
    pub(crate) fn of(self, version: &'a ModelVersion) -> Self {
        self.about(version.number, &version.version)
    }

    pub(crate) fn about(self, number: i64, version: &'a str) -> Self {
        Self { version: Some((number, version)), ..self }
    }
}

/// Writes it down twice: for whoever looks at the model, as long as there is one, and for the audit log.
pub(crate) fn add<'a>(tx: &mut Tx<'_>, model: impl Into<Model<'a>>, event: &NewEvent<'_>) -> Result<()> {
    let model = model.into();
    let number = event.version.map(|(number, _)| number);
    let version = event.version.map(|(_, version)| version);
    tx.execute(
        "INSERT INTO model_events (model_id, kind, number, version, alias, before, after, actor_id, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            &model.id,
            &event.kind.name(),
            &number,
            &version,
            &event.alias,
            &event.before,
            &event.after,
            &event.actor.user_id,
            &event.now,
        ],
    )?;
    record(tx, &model, event)
}

fn record(tx: &mut Tx<'_>, model: &Model<'_>, event: &NewEvent<'_>) -> Result<()> {
    let (noun, verb, field) = match event.kind {
        EventKind::ModelCreated => (Noun::Model, Verb::Created, "name"),
        EventKind::ModelRenamed => (Noun::Model, Verb::Renamed, "name"),
        EventKind::DescriptionChanged => (Noun::Model, Verb::Updated, "description"),
        EventKind::VersionCreated => (Noun::ModelVersion, Verb::Created, "source"),
        EventKind::VersionDescriptionChanged => (Noun::ModelVersion, Verb::Updated, "description"),
        EventKind::VersionPublished => (Noun::ModelVersion, Verb::Published, "digest"),
        EventKind::VersionDeleted => (Noun::ModelVersion, Verb::Destroyed, "version"),
        EventKind::StageChanged => (Noun::ModelVersion, Verb::StageChanged, "stage"),
        EventKind::AliasSet => (Noun::ModelAlias, Verb::Set, "version"),
        EventKind::AliasDeleted => (Noun::ModelAlias, Verb::Destroyed, "version"),
    };
    let number = event.version.map(|(number, _)| number.to_string());
    let (id, name) = match (event.alias, event.version) {
        (Some(alias), _) => (alias, format!("{}@{alias}", model.name)),
        (None, Some((_, version))) => {
            (number.as_deref().unwrap_or_default(), format!("{} {version}", model.name))
        }
        (None, None) => (model.name, model.name.to_owned()),
    };
    let (before, after) = match event.described {
        Some((before, after)) => (Some(before), Some(after)),
        None => (event.before, event.after),
    };
    let act = Act::new(noun, verb, Entity::Project(model.project_id), id, &name, event.now);
    let (before, after) = (Facts::new().with_some(field, before), Facts::new().with_some(field, after));
    audit::record(tx, event.actor, &Act { before, after, ..act })
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
