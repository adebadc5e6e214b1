//! Who may do what: roles, scopes, visibility, and the rights they add up to.

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

/// What an access token may be used for, whatever its user may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes {
    pub api: bool,
    pub read_api: bool,
}

impl Scopes {
    pub const API: Self = Self { api: true, read_api: false };
    pub const READ_API: Self = Self { api: false, read_api: true };

    /// Names separated by commas or blanks.
    pub fn parse(text: &str) -> Result<Self> {
        let mut scopes = Self::default();
        for name in text.split([',', ' ']).filter(|name| !name.is_empty()) {
            match name {
                "api" => scopes.api = true,
                "read_api" => scopes.read_api = true,
                other => {
                    return Err(Error::Invalid(format!("'{other}' is not a scope: use api or read_api")));
                }
            }
        }
        if scopes == Self::default() {
            return Err(Error::Invalid("a token needs at least one scope: api or read_api".to_owned()));
        }
        Ok(scopes)
    }

    pub fn text(self) -> String {
        let names = [("api", self.api), ("read_api", self.read_api)];
        names.iter().filter(|(_, has)| *has).map(|(name, _)| *name).collect::<Vec<_>>().join(",")
    }
}

/// What a route needs of its caller. Every route declares one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Answers anybody: health, version, the built pages.
    Anyone,
    /// Read experiments, runs and artifacts of a project.
    Read,
    /// Change them.
    Write,
    /// Read packages: in a public project also without a token, in a private one from reporter on.
    ReadPackages,
}

impl Right {
    /// The least role that has the right in a project.
    pub fn least_role(self) -> Option<Role> {
        match self {
            Self::Anyone => None,
            Self::Read => Some(Role::Guest),
            Self::ReadPackages => Some(Role::Reporter),
            Self::Write => Some(Role::Developer),
        }
    }
}

/// What a caller is in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub role: Option<Role>,
    pub visibility: Visibility,
    pub administrator: bool,
    pub scopes: Scopes,
}

impl Standing {
    /// Whether the project exists for the caller.
    pub fn sees(&self) -> bool {
        self.administrator || self.role.is_some() || self.visibility >= Visibility::Internal
    }

    /// Whether the caller may delete what is published.
    pub fn may_unseal(&self) -> bool {
        self.administrator || self.role >= Some(Role::Maintainer)
    }

    /// Checks `right` for a caller with a token. Seeing is checked first, so that what is invisible stays so.
    pub fn check(&self, right: Right, project: &str) -> Result<()> {
        if !self.sees() {
            return Err(project_not_found(project));
        }
        let scoped = match right {
            Right::Anyone => true,
            Right::Read | Right::ReadPackages => self.scopes.api || self.scopes.read_api,
            Right::Write => self.scopes.api,
        };
        if !scoped {
            return Err(Error::Forbidden(
                "this access token has not the scope 'api', which changing anything needs".to_owned(),
            ));
        }
        let permitted = self.administrator
            || match right {
                Right::Anyone | Right::Read => true,
                Right::Write => self.role >= Some(Role::Developer),
                Right::ReadPackages => {
                    self.visibility > Visibility::Private || self.role >= Some(Role::Reporter)
                }
            };
        if !permitted {
            let role = self.role.map_or("no member", Role::name);
            let (what, least) = match right {
                Right::ReadPackages => ("read packages of", "reporter"),
                _ => ("change anything in", "developer"),
            };
            return Err(Error::Forbidden(format!(
                "you may not {what} this project: you are {role}, and it needs {least} or above"
            )));
        }
        Ok(())
    }
}

/// The same sentence for a project that is not there and one that the caller may not see.
pub fn project_not_found(project: &str) -> Error {
    Error::NotFound(format!("Project '{project}' not found"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(role: Option<Role>, visibility: Visibility, scopes: Scopes) -> Standing {
        Standing { role, visibility, administrator: false, scopes }
    }

    #[test]
    fn a_private_project_is_not_there_for_a_stranger() {
        let stranger = standing(None, Visibility::Private, Scopes::API);
        assert!(matches!(stranger.check(Right::Read, "p"), Err(Error::NotFound(_))));
        assert!(matches!(stranger.check(Right::Write, "p"), Err(Error::NotFound(_))));
    }

    #[test]
    fn roles_and_scopes_add_up() {
        for role in Role::ALL {
            let full = standing(Some(role), Visibility::Private, Scopes::API);
            assert!(full.check(Right::Read, "p").is_ok());
            assert_eq!(full.check(Right::Write, "p").is_ok(), role >= Role::Developer);
            let read = standing(Some(role), Visibility::Private, Scopes::READ_API);
            assert!(read.check(Right::Read, "p").is_ok());
            assert!(matches!(read.check(Right::Write, "p"), Err(Error::Forbidden(_))));
        }
        let visitor = standing(None, Visibility::Internal, Scopes::API);
        assert!(visitor.check(Right::Read, "p").is_ok());
        assert!(matches!(visitor.check(Right::Write, "p"), Err(Error::Forbidden(_))));
    }
}
