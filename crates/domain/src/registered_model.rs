//! A registered model, and the rules of its name, description and tags.

use crate::key::{MAX_KEY, check_text, missing};
use crate::version::shown;
use crate::{Error, Result};

/// Characters of a name, as in GitLab.
pub const MAX_NAME: usize = 255;
/// Bytes of a description of a model or of a version.
pub const MAX_DESCRIPTION: usize = 64 * 1024;
/// Characters of a tag's value of a model or of a version, as in MLflow.
pub const MAX_TAG_VALUE: usize = 100_000;
/// Tags of a model or of a version.
pub const MAX_TAGS: usize = 1000;
/// Bytes of all of them, keys and values: every answer about a model carries them whole.
pub const MAX_TAGS_BYTES: usize = 1024 * 1024;

/// The tag by which MLflow's clients know a prompt from a model.
pub const PROMPT_TAG: &str = "mlflow.prompt.is_prompt";
/// The tag in which a client gives, and reads, the SemVer of a version.
pub const VERSION_TAG: &str = "gitlab.version";

/// A registered model without its tags, aliases and versions.
#[derive(Clone, Debug)]
pub struct RegisteredModel {
    /// The row; never shown.
    pub id: i64,
    pub project_id: i64,
    pub name: String,
    pub description: String,
    pub is_prompt: bool,
    /// The row of the experiment that its versions' runs are in.
    pub experiment_id: i64,
    /// User name, while there is such a user.
    pub creator: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
}

/// The experiment of a model's versions.
pub fn experiment_name(model: &str) -> String {
    format!("[model]{model}")
}

pub fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() {
        return Err(Error::Invalid(missing("name")));
    }
    let length = name.chars().count();
    if length > MAX_NAME {
        return Err(Error::Invalid(format!(
            "'name' exceeds the maximum length of {MAX_NAME} characters (got {length}: '{}')",
            shown(name)
        )));
    }
    let refuse = |why: &str| Err(Error::Invalid(format!("Invalid model name '{name}'. {why}")));
    if name.contains(['/', ':']) {
        return refuse("Names cannot contain '/' or ':'.");
    }
    if name.contains(char::is_control) {
        return Err(Error::Invalid(format!(
            "Invalid model name {name:?}. Names cannot contain control characters such as line breaks."
        )));
    }
    // MLflow's client refuses these in some of its calls, so a model of that name would be half usable.
    if name == "." || name.starts_with("..") {
        return refuse(
            "Names may be treated as files in certain cases, so they cannot be '.' or begin with '..'.",
        );
    }
    if name.trim() != name {
        return refuse("Names cannot begin or end with a blank.");
    }
    Ok(())
}

/// The description of a model or of a version.
pub fn check_description(description: &str) -> Result<()> {
    check_text("description", description)?;
    if description.len() > MAX_DESCRIPTION {
        return Err(Error::Invalid(format!(
            "'description' exceeds the maximum length of {MAX_DESCRIPTION} bytes (got {}); log long texts as an artifact",
            description.len()
        )));
    }
    Ok(())
}

/// A tag of a model or of a version.
pub fn check_tag(key: &str, value: &str) -> Result<()> {
    if key.is_empty() {
        return Err(Error::Invalid(missing("key")));
    }
    check_text("key", key)?;
    let length = key.chars().count();
    if length > MAX_KEY {
        return Err(Error::Invalid(format!(
            "'key' exceeds the maximum length of {MAX_KEY} characters (got {length}: '{}')",
            shown(key)
        )));
    }
    check_text("value", value)?;
    // Bytes first, since they are known and there are never fewer than characters.
    let length = if value.len() > MAX_TAG_VALUE { value.chars().count() } else { 0 };
    if length > MAX_TAG_VALUE {
        return Err(Error::Invalid(format!(
            "'value' exceeds the maximum length of {MAX_TAG_VALUE} characters (got {length} for key '{key}'); log long texts as an artifact"
        )));
    }
    Ok(())
}

/// All tags that a model or a version is to have.
pub fn check_tags(count: usize, size_bytes: usize) -> Result<()> {
    if count > MAX_TAGS {
        return Err(Error::Invalid(format!(
            "'tags' has {count} elements, and at most {MAX_TAGS} are allowed for a model or a version"
        )));
    }
    if size_bytes > MAX_TAGS_BYTES {
        return Err(Error::Invalid(format!(
            "'tags' has {size_bytes} bytes of keys and values, and at most {MAX_TAGS_BYTES} are allowed for a model or a version; log long texts as an artifact"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_script_pass() {
        let longest = "é".repeat(255);
        for name in ["m", "my model", "a.b", ".m..", "a#b%c?d", "模型", "m@x", "1.0.0", "[x]", &longest] {
            check_name(name).unwrap();
        }
        assert_eq!(experiment_name("m"), "[model]m");
    }

    #[test]
    fn each_refusal_of_a_name_has_its_own_sentence() {
        let too_long = "m".repeat(256);
        for (name, sentence) in [
            ("", "Missing value for required parameter 'name'."),
            (" \t", "Missing value for required parameter 'name'."),
            (too_long.as_str(), "'name' exceeds the maximum length of 255 characters (got 256: 'mmm"),
            ("a/b", "Invalid model name 'a/b'. Names cannot contain '/' or ':'."),
            ("a:b", "Invalid model name 'a:b'. Names cannot contain '/' or ':'."),
            ("a\nb", "Invalid model name \"a\\nb\". Names cannot contain control characters"),
            ("a\0", "Invalid model name \"a\\0\". Names cannot contain control characters"),
            (".", "Invalid model name '.'. Names may be treated as files"),
            ("..", "Invalid model name '..'. Names may be treated as files"),
            ("..m", "Invalid model name '..m'. Names may be treated as files"),
            (" a", "Invalid model name ' a'. Names cannot begin or end with a blank."),
            ("a\u{a0}", "Invalid model name 'a\u{a0}'. Names cannot begin or end with a blank."),
        ] {
            let message = check_name(name).unwrap_err().to_string();
            assert!(message.starts_with(sentence), "{name:?}: {message}");
        }
    }

    #[test]
    fn descriptions_and_tags_have_limits() {
        check_description(&"d".repeat(MAX_DESCRIPTION)).unwrap();
        check_description("").unwrap();
        check_tag("any key / of: mine#", "").unwrap();
        check_tag(&"ä".repeat(250), &"ä".repeat(100_000)).unwrap();
        for (answer, sentence) in [
            (
                check_description(&"d".repeat(MAX_DESCRIPTION + 1)),
                "maximum length of 65536 bytes (got 65537)",
            ),
            (check_description("\0"), "'description' supplied: it contains a NUL"),
            (check_tag("", "v"), "required parameter 'key'"),
            (check_tag(&"k".repeat(251), "v"), "maximum length of 250 characters (got 251"),
            (check_tag("k\0", "v"), "'key' supplied: it contains a NUL"),
            (check_tag("k", "\0"), "'value' supplied: it contains a NUL"),
            (
                check_tag("k", &"v".repeat(100_001)),
                "maximum length of 100000 characters (got 100001 for key 'k')",
            ),
        ] {
            let message = answer.unwrap_err().to_string();
            assert!(message.contains(sentence), "{message}");
        }
        check_tags(1000, 1024 * 1024).unwrap();
        for (answer, sentence) in [
            (check_tags(1001, 1001), "'tags' has 1001 elements, and at most 1000 are allowed"),
            (check_tags(11, 1_048_577), "'tags' has 1048577 bytes of keys and values, and at most 1048576"),
        ] {
            assert!(answer.unwrap_err().to_string().starts_with(sentence));
        }
    }
}
