//! Who may do what: roles, scopes, visibility, and the rights they add up to.

mod feature;
mod scopes;
mod standing;

pub use feature::{Feature, FeatureAccess};
pub use scopes::Scopes;
pub use standing::{Standing, group_not_found, project_not_found};

use crate::{Error, Result};

/// GitLab's role numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Guest = 10,
    Reporter = 20,
    Developer = 30,
    Maintainer = 40,
    Owner = 50,
}

impl Role {
    pub const ALL: [Self; 5] = [Self::Guest, Self::Reporter, Self::Developer, Self::Maintainer, Self::Owner];

    pub fn number(self) -> i64 {
        self as i64
    }

    pub fn from_number(number: i64) -> Result<Self> {
        Self::ALL.into_iter().find(|role| role.number() == number).ok_or_else(|| {
            Error::Invalid(format!("'{number}' is not a role: use 10 (guest), 20 (reporter), 30 (developer), 40 (maintainer) or 50 (owner)"))
        })
    }

    /// A number or a name, as the command line takes it.
    pub fn parse(text: &str) -> Result<Self> {
        if let Ok(number) = text.parse() {
            return Self::from_number(number);
        }
        Self::ALL.into_iter().find(|role| role.name() == text.to_ascii_lowercase()).ok_or_else(|| {
            Error::Invalid(format!(
                "'{text}' is not a role: use guest, reporter, developer, maintainer or owner"
            ))
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Reporter => "reporter",
            Self::Developer => "developer",
            Self::Maintainer => "maintainer",
            Self::Owner => "owner",
        }
    }
}

/// Who sees a project without being its member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// Members only.
    Private = 0,
    /// Everybody with an account.
    Internal = 10,
    /// Everybody.
    Public = 20,
}

impl Visibility {
    pub const ALL: [Self; 3] = [Self::Private, Self::Internal, Self::Public];

    pub fn number(self) -> i64 {
        self as i64
    }

    /// An unknown number is private: deny by default.
    pub fn from_number(number: i64) -> Self {
        Self::ALL.into_iter().find(|visibility| visibility.number() == number).unwrap_or(Self::Private)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Internal => "internal",
            Self::Public => "public",
        }
    }

    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|visibility| visibility.name() == text).ok_or_else(|| {
            Error::Invalid(format!("'{text}' is not a visibility: use private, internal or public"))
        })
    }
}

/// What a route needs of its caller. Every route declares one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Answers anybody: health, version, the built pages.
    Anyone,

    /// Read experiments, runs, models and files of a project.
    Read,
    /// Change them.
    Write,
    /// Read packages: in a public project also without a token, in a private one from reporter on.
    ReadPackages,
    /// See the project or group itself, and who is in it.
    See,
    /// Look at what only its maintainers look at, such as its tokens.
    Inspect,
    /// Be in it, and give that up; the handler checks who is meant.
    Leave,
    /// Change its members, tokens and settings.
    Maintain,
    /// Archive, move or delete it.
    Own,
    /// Look at what only its owners look at.
    Audit,

    /// Read what is nobody's in particular; the handler shows only what the caller may see.
    SignedIn,
    /// Read who is who.
    Profile,
    /// Change what is nobody's in particular; the handler checks what the request names.
    Act,
    /// Put a new token in the place of the caller's own.
    Rotate,
    /// Administrators only.
    Administrate,
    /// The same, to look at what is nobody else's business.
    Oversee,
    /// See or change one's own session in a browser; no access token has it.
    Session,
}

impl Right {
    /// The least role that has the right in a project or group.
    pub fn least_role(self) -> Option<Role> {
        match self {
            Self::Anyone
            | Self::SignedIn
            | Self::Profile
            | Self::Act
            | Self::Rotate
            | Self::Administrate
            | Self::Oversee
            | Self::Session => None,
            Self::Read | Self::See | Self::Leave => Some(Role::Guest),
            Self::ReadPackages => Some(Role::Reporter),
            Self::Write => Some(Role::Developer),
            Self::Inspect | Self::Maintain => Some(Role::Maintainer),
            Self::Own | Self::Audit => Some(Role::Owner),
        }
    }

    /// Whether it changes nothing.
    pub fn reads(self) -> bool {
        matches!(
            self,
            Self::Anyone
                | Self::Read
                | Self::ReadPackages
                | Self::See
                | Self::Inspect
                | Self::Audit
                | Self::SignedIn
                | Self::Profile
                | Self::Oversee
        )
    }

    /// Whether a token with these scopes may be used for it.
    pub fn check_scope(self, scopes: Scopes) -> Result<()> {
        let (enough, needed, sentence) = match self {
            Self::Anyone => return Ok(()),
            Self::Session => {
                let sentence = "this is for a browser that is signed in, and not for an access token";
                return Err(Error::Forbidden(sentence.to_owned()));
            }
            Self::Profile => (
                scopes.may_read_users(),
                "api read_api read_user",
                "this access token has not the scope 'read_user', 'read_api' or 'api', which this needs",
            ),
            Self::Rotate => (
                scopes.may_rotate_itself(),
                "api self_rotate",
                "this access token has not the scope 'self_rotate' or 'api', which rotating itself needs",
            ),
            Self::Read
            | Self::ReadPackages
            | Self::See
            | Self::Inspect
            | Self::Audit
            | Self::SignedIn
            | Self::Oversee => (
                scopes.may_read(),
                "api read_api",
                "this access token has not the scope 'read_api' or 'api', which reading needs",
            ),
            Self::Write | Self::Leave | Self::Maintain | Self::Own | Self::Act | Self::Administrate => (
                scopes.api,
                "api",
                "this access token has not the scope 'api', which changing anything needs",
            ),
        };
        if enough { Ok(()) } else { Err(Error::InsufficientScope { sentence, scopes: needed }) }
    }
}
