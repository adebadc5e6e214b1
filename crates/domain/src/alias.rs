//! An alias: a name that a model's owners give to one of its versions.

use crate::key::missing;
use crate::version::{looks_like_range, shown};
use crate::{Error, Result};

/// Characters of an alias.
pub const MAX_LENGTH: usize = 255;
/// Aliases of a model: every answer about it carries them all.
pub const MAX_ALIASES: usize = 10_000;

/// MLflow's rules, and no alias that reads like a version or a range: those select by what they say.
pub fn check(alias: &str) -> Result<()> {
    if alias.is_empty() {
        return Err(Error::Invalid(missing("alias")));
    }
    check_length(alias)?;
    if alias.eq_ignore_ascii_case("latest") {
        return Err(Error::Invalid("'latest' alias name (case insensitive) is reserved.".to_owned()));
    }
    let behind_v = alias.strip_prefix(['v', 'V']);
    if behind_v.is_some_and(|rest| !rest.is_empty() && rest.chars().all(char::is_numeric)) {
        return Err(Error::Invalid(format!("Version alias name '{alias}' is reserved.")));
    }
    if looks_like_range(alias) || behind_v.is_some_and(looks_like_version) {
        return Err(Error::Invalid(format!(
            "Invalid alias name: '{alias}' looks like a version or a version range, which select versions by themselves; choose a word such as champion"
        )));
    }
    if !alias.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
        return Err(Error::Invalid(format!(
            "Invalid alias name: '{alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-)."
        )));
    }
    Ok(())
}

/// Of a name that an alias may have, or that is asked for.
pub(crate) fn check_length(alias: &str) -> Result<()> {
    let length = alias.chars().count();
    if length > MAX_LENGTH {
        return Err(Error::Invalid(format!(
            "'Registered model alias name' exceeds the maximum length of {MAX_LENGTH} characters (got {length}: '{}')",
            shown(alias)
        )));
    }
    Ok(())
}

/// How many aliases a model is to have.
pub fn check_count(count: usize) -> Result<()> {
    if count > MAX_ALIASES {
        return Err(Error::Invalid(format!(
            "the model has {MAX_ALIASES} aliases, which is the most that are allowed; delete one first"
        )));
    }
    Ok(())
}

/// What stands behind the `v` of `v1.2`.
fn looks_like_version(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit()) && text.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(alias: &str) -> String {
        check(alias).unwrap_err().to_string()
    }

    #[test]
    fn words_of_any_script_and_numbers_are_fine() {
        let longest = "a".repeat(255);
        for alias in
            ["champion", "1", "2024-best", "v1a", "v", "x", "X", "1x", "précis_é", "冠軍", "-", &longest]
        {
            check(alias).unwrap();
        }
    }

    #[test]
    fn mlflows_refusals_have_mlflows_sentences() {
        assert!(message("").starts_with("Missing value for required parameter 'alias'."));
        assert_eq!(message("Latest"), "'latest' alias name (case insensitive) is reserved.");
        assert_eq!(message("v1"), "Version alias name 'v1' is reserved.");
        assert_eq!(message("V12"), "Version alias name 'V12' is reserved.");
        for alias in ["a b", "a.b", "a/b", "a@b", "a\0", "v1\n"] {
            assert_eq!(
                message(alias),
                format!(
                    "Invalid alias name: '{alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-)."
                )
            );
        }
        assert!(
            message(&"a".repeat(256))
                .starts_with("'Registered model alias name' exceeds the maximum length of 255 characters")
        );
    }

    #[test]
    fn a_model_has_so_many_aliases_and_no_more() {
        check_count(10_000).unwrap();
        assert!(check_count(10_001).unwrap_err().to_string().starts_with("the model has 10000 aliases"));
    }

    #[test]
    fn what_reads_like_a_version_or_a_range_is_refused_as_such() {
        for alias in [
            "1.2.0",
            "1.2.0-rc.1",
            "v1.2.0",
            "V1.2",
            "1.2",
            "^1.2",
            "~1",
            "*",
            "1.x",
            "1.2.*",
            ">=1,<2",
            "=1.2.0",
            "<2",
            "1 - 2",
            "1||2",
        ] {
            assert!(message(alias).contains("looks like a version or a version range"), "{alias}");
        }
    }
}
