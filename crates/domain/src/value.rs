//! Values of params and tags: kept whole up to a limit, refused beyond it.

use crate::key::{KeyKind, check_key, check_text};
use crate::{Error, Result};

/// Bytes of a param's or tag's value.
pub const MAX_VALUE: usize = 64 * 1024;

/// A named text: a param, or a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub value: String,
}

impl Entry {
    /// A checked param or tag of a run; `index` is where it stood in a batch.
    pub fn new(kind: KeyKind, key: String, value: String, index: Option<usize>) -> Result<Self> {
        check_key(kind, &key, index)?;
        check_value(&key, &value, MAX_VALUE, index.map(|index| (kind, index)))?;
        Ok(Self { key, value })
    }
}

/// MLflow cuts long values without a word; we refuse them with one.
///
/// `place` is where it stood in a batch.
pub fn check_value(key: &str, value: &str, most: usize, place: Option<(KeyKind, usize)>) -> Result<()> {
    let parameter =
        || place.map_or("value".to_owned(), |(kind, index)| format!("{}[{index}].value", kind.list()));
    if value.contains('\0') {
        check_text(&parameter(), value)?;
    }
    if value.len() > most {
        let parameter = parameter();
        return Err(Error::Invalid(format!(
            "'{parameter}' exceeds the maximum length of {most} bytes (got {} for key '{key}'); log long texts as an artifact",
            value.len()
        )));
    }
    Ok(())
}

/// Checks a tag of an experiment: any key, a value up to `MAX_VALUE`.
pub fn check_experiment_tag(key: &str, value: &str) -> Result<()> {
    if key.is_empty() {
        return Err(Error::Invalid(crate::key::missing("key")));
    }
    check_text("key", key)?;
    if key.chars().count() > crate::key::MAX_KEY {
        return Err(Error::Invalid(format!(
            "'key' exceeds the maximum length of {} characters",
            crate::key::MAX_KEY
        )));
    }
    check_value(key, value, MAX_VALUE, None)
}
