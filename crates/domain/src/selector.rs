//! What a client may write to select a version of a model, and how each route reads it.

use std::fmt;

use crate::key::missing;
use crate::stage::Stage;
use crate::version::{Range, Version, looks_like_range, shown};
use crate::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// MLflow's version: counted per model, from 1.
    Number(i64),
    Exact(Version),
    /// The highest version that matches.
    Range(Range),
    /// The highest release, or the highest prerelease when there is no release.
    Latest,
    /// The highest version in the stage.
    Stage(Stage),
    Alias(String),
}

impl Selector {
    /// A `version` parameter, and `models:/m/3`: a number or a SemVer.
    pub fn of_version(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Invalid(missing("version")));
        }
        if let Some(number) = number(text) {
            return Ok(Self::Number(number));
        }
        Version::parse(text).map(Self::Exact).map_err(|_| {
            Error::Invalid(format!(
                "Parameter 'version' must be an integer, got '{}'. A positive integer up to {} is fine, and so is a SemVer such as 1.2.0.",
                shown(text),
                i64::MAX
            ))
        })
    }

    /// The alias of `registered-models/alias`: what a client has behind the `@` of `models:/m@…`.
    pub fn of_alias(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Invalid(missing("alias")));
        }
        if text.eq_ignore_ascii_case("latest") {
            return Ok(Self::Latest);
        }
        if let Ok(version) = Version::parse(text) {
            return Ok(Self::Exact(version));
        }
        // No alias begins so: `alias::check` refuses them all.
        if looks_like_range(text) {
            return Range::parse(text).map(Self::Range);
        }
        Ok(Self::Alias(text.to_owned()))
    }

    /// A stage of `get-latest-versions`. The client sends whatever stands in `models:/m/…` and is no number:
    /// a stage, but a SemVer, a range or an alias too.
    pub fn of_stage(text: &str) -> Result<Self> {
        if let Some(stage) = Stage::find(text) {
            return Ok(Self::Stage(stage));
        }
        if let Some(number) = number(text) {
            return Ok(Self::Number(number));
        }
        if text.is_empty() {
            return Stage::parse(text).map(Self::Stage);
        }
        Self::of_alias(text)
    }
}

/// Digits only, and a number that a version can have.
fn number(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number > 0)
}

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(formatter),
            Self::Exact(version) => version.fmt(formatter),
            Self::Range(range) => range.fmt(formatter),
            Self::Latest => formatter.write_str("latest"),
            Self::Stage(stage) => formatter.write_str(stage.name()),
            Self::Alias(alias) => formatter.write_str(alias),
        }
    }
}
