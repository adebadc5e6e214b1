//! Names of metrics, params and tags, by MLflow's rules.

use crate::{Error, Result};

/// Characters of a metric's, param's or tag's name.
pub const MAX_KEY: usize = 250;

const ALLOWED: &str = "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).";

/// What is being named, and how MLflow's messages speak of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    Metric,
    Param,
    Tag,
}

impl KeyKind {
    fn parameter(self) -> &'static str {
        match self {
            Self::Metric => "name",
            Self::Param | Self::Tag => "key",
        }
    }

    /// The name of the list in a batch.
    pub fn list(self) -> &'static str {
        match self {
            Self::Metric => "metrics",
            Self::Param => "params",
            Self::Tag => "tags",
        }
    }

    fn length_subject(self) -> &'static str {
        match self {
            Self::Metric => "Metric name",
            Self::Param => "Param key",
            Self::Tag => "key",
        }
    }
}

/// Checks `key` for a metric, param or tag. `index` is where it stood in a batch.
pub fn check_key(kind: KeyKind, key: &str, index: Option<usize>) -> Result<()> {
    // Nearly every key of nearly every client, told at a glance.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !key.is_empty() && key.len() <= MAX_KEY && key.bytes().all(plain) {
        return Ok(());
    }
    let parameter = match index {
        Some(index) => format!("{}[{index}].{}", kind.list(), kind.parameter()),
        None => kind.parameter().to_owned(),
    };
    if key.is_empty() {
        return Err(Error::Invalid(missing(&parameter)));
    }
    let length = key.chars().count();
    if length > MAX_KEY {
        let subject = if kind == KeyKind::Tag { &parameter } else { kind.length_subject() };
        return Err(Error::Invalid(format!(
            "'{subject}' exceeds the maximum length of {MAX_KEY} characters (got {length}: '{}…')",
            key.chars().take(40).collect::<String>()
        )));
    }
    if !key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | ':' | '/')) {
        return Err(Error::Invalid(format!(
            "Invalid value \"{key}\" for parameter '{parameter}' supplied: {ALLOWED}"
        )));
    }
    let clean = clean_path(key);
    if clean != key || clean == "." || clean == ".." || clean.starts_with("../") || key.starts_with('/') {
        return Err(Error::Invalid(format!(
            "Invalid value \"{key}\" for parameter '{parameter}' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '{clean}'"
        )));
    }
    Ok(())
}

/// `a//b/./c/../d` as a file system would read it: `a/b/d`.
fn clean_path(text: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in text.split('/') {
        match segment {
            "" | "." => {}
            ".." if segments.last().is_some_and(|last| *last != "..") => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    let joined = segments.join("/");
    match (text.starts_with('/'), joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// MLflow's sentence for a required field that is absent or empty.
pub fn missing(parameter: &str) -> String {
    format!(
        "Missing value for required parameter '{parameter}'. See the API docs for more information about request parameters."
    )
}

/// Refuses what no database column of ours can hold.
pub fn check_text(parameter: &str, value: &str) -> Result<()> {
    if value.contains('\0') {
        return Err(Error::Invalid(format!(
            "Invalid value for parameter '{parameter}' supplied: it contains a NUL character, which text must not"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: KeyKind, key: &str) -> String {
        check_key(kind, key, None).unwrap_err().to_string()
    }

    #[test]
    fn names_of_any_script_pass() {
        for key in ["loss", "val/acc", "a.b-c_d e:f", "précision", "精度", "0"] {
            check_key(KeyKind::Metric, key, None).unwrap();
        }
    }

    #[test]
    fn what_would_resolve_elsewhere_is_refused() {
        for key in ["a//b", "/a", "a/", ".", "..", "a/../b", "./a", "../a"] {
            assert!(message(KeyKind::Param, key).contains("would resolve to"), "{key}");
        }
    }

    #[test]
    fn messages_name_the_parameter_and_the_value() {
        assert!(
            message(KeyKind::Metric, "a#b")
                .starts_with("Invalid value \"a#b\" for parameter 'name' supplied:")
        );
        assert!(
            message(KeyKind::Param, &"k".repeat(251))
                .starts_with("'Param key' exceeds the maximum length of 250")
        );
        let batch = check_key(KeyKind::Tag, "", Some(3)).unwrap_err().to_string();
        assert!(batch.contains("'tags[3].key'"), "{batch}");
    }
}
