//! The audit log: who did what to what, and the chain of hashes that its entries stand in.

mod chain;
mod facts;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

pub use self::chain::{Head, Link, hash_text};
pub use self::facts::Facts;

/// Who does something, by which proof and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// [`Actor::NOBODY`] when it is no user of this server.
    pub user_id: i64,
    pub means: Means,
    pub address: Option<IpAddr>,
    /// When it is done, in milliseconds since 1970, where what is done bears another time: `weir demo` makes up a past.
    pub done_at: Option<i64>,
}

impl Actor {
    /// No user has this id.
    pub const NOBODY: i64 = 0;
    /// Somebody who may run `weir` on the server's database.
    pub const COMMAND_LINE: Self =
        Self { user_id: Self::NOBODY, means: Means::CommandLine, address: None, done_at: None };
    /// The server on its own: its first start, and what it was told to do later.
    pub const SERVER: Self =
        Self { user_id: Self::NOBODY, means: Means::Server, address: None, done_at: None };
}

/// What shows that somebody may. Its words stand in the database, so they never change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Means {
    /// An access token, by its number.
    Token(i64),
    /// A browser's session, by its number.
    Session(i64),
    /// A CI job's own ID token, which a trust rule lets in.
    IdToken,
    /// The word of a provider of OpenID Connect, by its issuer.
    Provider(Arc<str>),
    /// `--no-auth`.
    NoAuthentication,
    CommandLine,
    Server,
    /// None: what was shown was refused.
    Nothing,
}

impl fmt::Display for Means {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(id) => write!(f, "access token {id}"),
            Self::Session(id) => write!(f, "session {id}"),
            Self::IdToken => f.write_str("ID token"),
            Self::Provider(issuer) => write!(f, "provider {issuer}"),
            Self::NoAuthentication => f.write_str("no authentication"),
            Self::CommandLine => f.write_str("command line"),
            Self::Server => f.write_str("server"),
            Self::Nothing => f.write_str("nothing"),
        }
    }
}

/// What an entry belongs to: who may read it follows from that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    /// The server as a whole.
    Instance,
    User(i64),
    Group(i64),
    Project(i64),
}

impl Entity {
    /// GitLab's word for the kind.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Instance => "Gitlab::Audit::InstanceScope",
            Self::User(_) => "User",
            Self::Group(_) => "Group",
            Self::Project(_) => "Project",
        }
    }

    pub fn id(self) -> i64 {
        match self {
            Self::Instance => 0,
            Self::User(id) | Self::Group(id) | Self::Project(id) => id,
        }
    }

    /// Every kind, with an id.
    pub fn kinds(id: i64) -> [Self; 4] {
        [Self::Instance, Self::User(id), Self::Group(id), Self::Project(id)]
    }
}

/// What something was done to. The words stand in the database, so they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Noun {
    User,
    Group,
    Project,
    Member,
    AccessToken,
    IdToken,
    TrustRule,
    CiLink,
    Password,
    SignInLink,
    Session,
    Experiment,
    Run,
    LoggedModel,
    Artifacts,
    Package,
    PackageFile,
    Model,
    ModelVersion,
    ModelAlias,
    ModelTag,
    ModelVersionTag,
}

impl Noun {
    /// The first part of an event's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Project => "project",
            Self::Member => "member",
            Self::AccessToken => "access_token",
            Self::IdToken => "id_token",
            Self::TrustRule => "trust_rule",
            Self::CiLink => "ci_link",
            Self::Password => "password",
            Self::SignInLink => "sign_in_link",
            Self::Session => "session",
            Self::Experiment => "ml_experiment",
            Self::Run => "ml_run",
            Self::LoggedModel => "ml_logged_model",
            Self::Artifacts => "ml_artifacts",
            Self::Package => "package",
            Self::PackageFile => "package_file",
            Self::Model => "ml_model",
            Self::ModelVersion => "ml_model_version",
            Self::ModelAlias => "ml_model_alias",
            Self::ModelTag => "ml_model_tag",
            Self::ModelVersionTag => "ml_model_version_tag",
        }
    }

    /// GitLab's `target_type`, in its manner.
    pub fn kind(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
            Self::Project => "Project",
            Self::Member => "Member",
            Self::AccessToken => "AccessToken",
            Self::IdToken => "IdToken",
            Self::TrustRule => "TrustRule",
            Self::CiLink => "CiLink",
            Self::Password => "Password",
            Self::SignInLink => "SignInLink",
            Self::Session => "Session",
            Self::Experiment => "Ml::Experiment",
            Self::Run => "Ml::Candidate",
            Self::LoggedModel => "Ml::LoggedModel",
            Self::Artifacts => "Ml::Artifacts",
            Self::Package => "Packages::Package",
            Self::PackageFile => "Packages::PackageFile",
            Self::Model => "Ml::Model",
            Self::ModelVersion => "Ml::ModelVersion",
            Self::ModelAlias => "Ml::ModelAlias",
            Self::ModelTag => "Ml::ModelTag",
            Self::ModelVersionTag => "Ml::ModelVersionTag",
        }
    }
}

/// What was done. The words stand in the database, so they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Created,
    Updated,
    Renamed,
    /// Out of sight, or marked for removal; it can come back.
    Deleted,
    /// For good. GitLab's word.
    Destroyed,
    Restored,
    Archived,
    Unarchived,
    Blocked,
    Unblocked,
    Added,
    Removed,
    Rotated,
    Revoked,
    /// A revoked token was rotated: all that came of it ended.
    Reused,
    /// A token that does not count, or not for this.
    Refused,
    Published,
    StageChanged,
    Set,
}

impl Verb {
    /// The second part of an event's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Renamed => "renamed",
            Self::Deleted => "deleted",
            Self::Destroyed => "destroyed",
            Self::Restored => "restored",
            Self::Archived => "archived",
            Self::Unarchived => "unarchived",
            Self::Blocked => "blocked",
            Self::Unblocked => "unblocked",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Rotated => "rotated",
            Self::Revoked => "revoked",
            Self::Reused => "reused",
            Self::Refused => "refused",
            Self::Published => "published",
            Self::StageChanged => "stage_changed",
            Self::Set => "set",
        }
    }
}

/// One entry, with the words as they were when it was made: names stay when what they named is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// `<noun>_<verb>`
    pub event: String,
    pub actor_id: i64,
    pub actor: String,
    pub means: String,
    pub address: Option<String>,
    pub entity_kind: String,
    pub entity_id: i64,
    pub entity_path: String,
    pub target_kind: String,
    pub target_id: String,
    pub target: String,
    /// JSON objects of what differed.
    pub before: Option<String>,
    pub after: Option<String>,
    /// How often it happened, where entries are put together.
    pub count: i64,
    pub created_at: i64,
}
