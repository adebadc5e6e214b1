//! The stage of a model version, MLflow's older way to say which version is in use.

use crate::version::shown;
use crate::{Error, Result};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    #[default]
    None = 0,
    Staging = 1,
    Production = 2,
    Archived = 3,
}

impl Stage {
    pub const ALL: [Self; 4] = [Self::None, Self::Staging, Self::Production, Self::Archived];

    /// Any letter case, as MLflow reads them; MLflow's sentence otherwise.
    pub fn parse(text: &str) -> Result<Self> {
        Self::find(text).ok_or_else(|| {
            Error::Invalid(format!(
                "Invalid Model Version stage: {}. Value must be one of None, Staging, Production, Archived.",
                shown(text)
            ))
        })
    }

    pub fn find(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name().eq_ignore_ascii_case(text))
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Staging => "Staging",
            Self::Production => "Production",
            Self::Archived => "Archived",
        }
    }

    pub fn number(self) -> i64 {
        self as i64
    }

    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.number() == number)
    }

    /// The stages whose other versions can be archived when a version enters.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Staging | Self::Production)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_read_in_any_case_and_written_in_one() {
        for (number, stage) in (0..).zip(Stage::ALL) {
            assert_eq!(Stage::parse(&stage.name().to_uppercase()).unwrap(), stage);
            assert_eq!(Stage::find(&stage.name().to_lowercase()), Some(stage));
            assert_eq!(stage.number(), number);
            assert_eq!(Stage::from_number(number), Some(stage));
        }
        assert_eq!(Stage::from_number(4), None);
        assert_eq!(Stage::ALL.map(Stage::is_active), [false, true, true, false]);
    }

    #[test]
    fn other_words_get_mlflows_sentence() {
        for text in ["Bogus", "", " staging", "1.0.0"] {
            assert_eq!(
                Stage::parse(text).unwrap_err().to_string(),
                format!(
                    "Invalid Model Version stage: {text}. Value must be one of None, Staging, Production, Archived."
                )
            );
        }
    }
}
