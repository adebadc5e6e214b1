//! What happens to a registered model and its versions, as its history tells it.

/// The words stand in the database and in answers, so they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    ModelCreated,
    ModelRenamed,
    DescriptionChanged,
    VersionCreated,
    VersionDescriptionChanged,
    VersionPublished,
    VersionDeleted,
    StageChanged,
    AliasSet,
    AliasDeleted,
}

impl EventKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::ModelCreated => "model_created",
            Self::ModelRenamed => "model_renamed",
            Self::DescriptionChanged => "description_changed",
            Self::VersionCreated => "version_created",
            Self::VersionDescriptionChanged => "version_description_changed",
            Self::VersionPublished => "version_published",
            Self::VersionDeleted => "version_deleted",
            Self::StageChanged => "stage_changed",
            Self::AliasSet => "alias_set",
            Self::AliasDeleted => "alias_deleted",
        }
    }
}

/// One line of a model's history.
#[derive(Clone, Debug)]
pub struct ModelEvent {
    pub id: i64,
    pub kind: String,
    /// The version it is about, which may be deleted by now.
    pub number: Option<i64>,
    pub version: Option<String>,
    pub alias: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub actor_id: i64,
    /// The user's name, while there is such a user.
    pub actor: Option<String>,
    pub created_at: i64,
}
