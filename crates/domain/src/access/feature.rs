//! The parts of a project that can be switched off, and for whom each is on.

use crate::{Error, Result};

/// A part of a project that has a switch of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feature {
    /// Experiments, runs and their files.
    Experiments,
    /// Registered models. They stand on experiments, so both switches must be on, as in GitLab.
    Registry,
}

/// For whom a part of a project is on, with GitLab's numbers and names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeatureAccess {
    Disabled = 0,
    /// Members only.
    Private = 10,
    /// Everybody who sees the project.
    Enabled = 20,
}

impl FeatureAccess {
    const ALL: [Self; 3] = [Self::Disabled, Self::Private, Self::Enabled];

    pub fn number(self) -> i64 {
        self as i64
    }

    /// An unknown number is off: deny by default.
    pub fn from_number(number: i64) -> Self {
        Self::ALL.into_iter().find(|access| access.number() == number).unwrap_or(Self::Disabled)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Private => "private",
            Self::Enabled => "enabled",
        }
    }

    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|access| access.name() == text).ok_or_else(|| {
            Error::Invalid(format!("'{text}' is not an access level: use disabled, private or enabled"))
        })
    }
}
