//! What a client may write to select a version of a model, and how each route reads it.

use std::fmt;

use crate::alias;
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
        alias::check_length(text)?;
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(text: &str) -> Selector {
        Selector::Exact(Version::parse(text).unwrap())
    }

    fn range(text: &str) -> Selector {
        Selector::Range(Range::parse(text).unwrap())
    }

    fn alias(text: &str) -> Selector {
        Selector::Alias(text.to_owned())
    }

    #[test]
    fn a_version_is_a_number_or_a_semver() {
        for (text, expected) in [
            ("1", Selector::Number(1)),
            ("007", Selector::Number(7)),
            ("9223372036854775807", Selector::Number(i64::MAX)),
            ("1.2.0", exact("1.2.0")),
            ("1.2.0-rc.1+b", exact("1.2.0-rc.1+b")),
        ] {
            assert_eq!(Selector::of_version(text).unwrap(), expected);
        }
        for text in ["abc", "0", "-1", "+1", "1.2", "^1.2", "latest", "9223372036854775808", "1 ", "v1", "١"]
        {
            let message = Selector::of_version(text).unwrap_err().to_string();
            assert!(
                message.starts_with(&format!("Parameter 'version' must be an integer, got '{text}'.")),
                "{message}"
            );
            assert!(message.ends_with("so is a SemVer such as 1.2.0."), "{message}");
        }
        let message = Selector::of_version("").unwrap_err().to_string();
        assert!(message.starts_with("Missing value for required parameter 'version'."), "{message}");
    }

    /// What both `models:/m@…` and `models:/m/…` can say.
    fn common() -> Vec<(&'static str, Selector)> {
        vec![
            ("latest", Selector::Latest),
            ("LATEST", Selector::Latest),
            ("1.2.0", exact("1.2.0")),
            ("2.0.0-rc.1", exact("2.0.0-rc.1")),
            ("1.2.0+cuda12", exact("1.2.0+cuda12")),
            ("^1.2", range("^1.2")),
            ("~1.2.3", range("~1.2.3")),
            (">=1.2,<2", range(">=1.2,<2")),
            (">=1.2, <2", range(">=1.2, <2")),
            ("1.x", range("1.x")),
            ("1.2.*", range("1.2.*")),
            ("=1.2.0", range("=1.2.0")),
            ("*", range("*")),
            ("champion", alias("champion")),
            ("v1", alias("v1")),
            ("x", alias("x")),
            ("2024-best", alias("2024-best")),
            ("冠軍", alias("冠軍")),
        ]
    }

    #[test]
    fn an_alias_is_a_word_a_semver_or_a_range() {
        let own = [("1", alias("1")), ("Production", alias("Production")), ("none", alias("none"))];
        for (text, expected) in common().into_iter().chain(own) {
            assert_eq!(Selector::of_alias(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn a_stage_is_any_selector() {
        let own = [
            ("3", Selector::Number(3)),
            ("Production", Selector::Stage(Stage::Production)),
            ("staging", Selector::Stage(Stage::Staging)),
            ("NONE", Selector::Stage(Stage::None)),
            ("archived", Selector::Stage(Stage::Archived)),
        ];
        for (text, expected) in common().into_iter().chain(own) {
            assert_eq!(Selector::of_stage(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn a_range_that_does_not_parse_is_an_error_and_no_alias() {
        for text in ["1.2", "^", "^1||^2", ">=1 <2", "1.2.0 - 2.0.0", "1.2.03", "=1.2.0+b", "!=1"] {
            for read in [Selector::of_alias, Selector::of_stage] {
                let message = read(text).unwrap_err().to_string();
                assert!(message.starts_with(&format!("Invalid version range '{text}': ")), "{message}");
            }
        }
        assert!(Selector::of_alias("").unwrap_err().to_string().contains("required parameter 'alias'"));
        assert!(
            Selector::of_stage("").unwrap_err().to_string().starts_with("Invalid Model Version stage: .")
        );
    }

    #[test]
    fn a_selector_is_written_as_it_was_read() {
        for (text, selector) in common().into_iter().skip(2) {
            assert_eq!(selector.to_string(), text);
        }
        assert_eq!(Selector::Latest.to_string(), "latest");
        assert_eq!(Selector::Number(3).to_string(), "3");
        assert_eq!(Selector::Stage(Stage::Production).to_string(), "Production");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn an_alias_that_may_be_set_is_found_as_one(text in "\\PC{1,8}|[0-9A-Za-z_.^~<=>*, -]{1,8}") {
            if crate::alias::check(&text).is_ok() {
                prop_assert_eq!(Selector::of_alias(&text).unwrap(), Selector::Alias(text));
            }
        }
    }
}
