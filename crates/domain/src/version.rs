//! The version of a model: SemVer 2.0.0, its order, and how the next one is chosen.

mod range;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::{Error, Result};

pub use range::{Range, looks_like_range};

/// Characters of a version or of a range, as in GitLab.
pub const MAX_LENGTH: usize = 255;

/// One version, kept as it was given: `1.2.0`, `2.0.0-rc.1`, `1.2.0+cuda12`.
///
/// Equality is of the whole text, so `1.0.0+a` and `1.0.0+b` are two versions; their precedence is the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version(semver::Version);

/// The number of a version that the automatic version raises; a project's setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    #[default]
    Patch = 0,
    Minor = 1,
    Major = 2,
}

impl Version {
    /// Strict SemVer 2.0.0. Each of the three numbers must fit 64 bits, which the specification leaves open.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |why: &dyn fmt::Display| {
            // GitLab's words; gitlab-mlops passes them on to its user.
            Err(Error::Invalid(format!(
                "Version must be semantic version, got '{}': {why}; write MAJOR.MINOR.PATCH such as 1.2.0, 1.2.0-rc.1 or 1.2.0+cuda12",
                shown(text)
            )))
        };
        let length = text.chars().count();
        if length > MAX_LENGTH {
            return refuse(&format!("it has {length} characters, at most {MAX_LENGTH} are allowed"));
        }
        match semver::Version::parse(text) {
            Ok(version) => Ok(Self(version)),
            Err(why) if text.starts_with(['v', 'V']) => refuse(&format!("{why}, leave out the 'v'")),
            Err(why) => refuse(&reason(&why)),
        }
    }

    /// Not a prerelease.
    pub fn is_release(&self) -> bool {
        self.0.pre.is_empty()
    }

    /// Bytes whose order is SemVer's precedence: build metadata plays no part in it.
    ///
    /// It is a database column with an index, so this form must never change without a migration.
    pub fn precedence(&self) -> Vec<u8> {
        precedence(self.numbers(), &self.0.pre)
    }

    /// The release with `part` raised by one and the lower numbers 0.
    pub fn bump(&self, part: Part) -> Result<Self> {
        let [major, minor, patch] = self.numbers();
        let raised = match part {
            Part::Patch => patch.checked_add(1).map(|patch| [major, minor, patch]),
            Part::Minor => minor.checked_add(1).map(|minor| [major, minor, 0]),
            Part::Major => major.checked_add(1).map(|major| [major, 0, 0]),
        };
        let Some([major, minor, patch]) = raised else {
            return Err(Error::Invalid(format!(
                "the {} number of version '{self}' cannot be raised automatically, it is the greatest there is; give the version in the tag '{}'",
                part.name(),
                crate::registered_model::VERSION_TAG
            )));
        };
        Ok(Self(semver::Version::new(major, minor, patch)))
    }

    /// The version of a new model version that names none. `latest` is the model's highest release,
    /// or its highest prerelease when there is no release.
    pub fn next(latest: Option<&Self>, part: Part) -> Result<Self> {
        let Some(latest) = latest else {
            return Ok(Self(semver::Version::new(1, 0, 0)));
        };
        if latest.is_release() {
            return latest.bump(part);
        }
        // 2.0.0-rc.1 prepares 2.0.0, which cannot be taken: there is no release.
        Ok(latest.release())
    }

    /// The prerelease that follows this one: its last number raised (`rc.1` to `rc.2`), or one begun (`rc` to `rc.1`).
    /// Of higher precedence, and below the release that it prepares.
    pub fn next_prerelease(&self) -> Result<Self> {
        let [major, minor, patch] = self.numbers();
        let identifiers = self.0.pre.as_str();
        let (before, last) =
            identifiers.rsplit_once('.').map_or(("", identifiers), |(before, last)| (before, last));
        let raised = last.parse::<u64>().ok().and_then(|number| number.checked_add(1));
        let next = match raised {
            Some(number) if before.is_empty() => number.to_string(),
            Some(number) => format!("{before}.{number}"),
            None => format!("{identifiers}.1"),
        };
        Self::parse(&format!("{major}.{minor}.{patch}-{next}"))
    }

    /// The release that a prerelease prepares; of a release, itself without build metadata.
    pub fn release(&self) -> Self {
        let [major, minor, patch] = self.numbers();
        Self(semver::Version::new(major, minor, patch))
    }

    fn numbers(&self) -> Numbers {
        [self.0.major, self.0.minor, self.0.patch]
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Part {
    pub const ALL: [Self; 3] = [Self::Patch, Self::Minor, Self::Major];

    pub fn number(self) -> i64 {
        self as i64
    }

    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.number() == number)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|part| part.name() == text).ok_or_else(|| {
            Error::Invalid(format!(
                "'{}' is not a part of a version; it must be one of patch, minor, major",
                shown(text)
            ))
        })
    }
}

/// Major, minor, patch.
type Numbers = [u64; 3];

/// What stands behind the numbers of a release: above every prerelease.
const RELEASE: u8 = 0xFF;
/// Ends a prerelease's identifiers, below whatever a longer list continues with.
const END: u8 = 0;
const NUMERIC: u8 = 1;
const ALPHANUMERIC: u8 = 2;

/// No result is the beginning of another one, so appending to one makes a bound just above it.
fn precedence(numbers: Numbers, prerelease: &semver::Prerelease) -> Vec<u8> {
    let mut bytes = before(numbers);
    if prerelease.is_empty() {
        bytes.push(RELEASE);
        return bytes;
    }
    for identifier in prerelease.split('.') {
        if identifier.bytes().all(|byte| byte.is_ascii_digit()) {
            // Without leading zeros the longer number is the greater. A version has at most 255 characters.
            bytes.push(NUMERIC);
            bytes.push(u8::try_from(identifier.len()).unwrap_or(u8::MAX));
            bytes.extend_from_slice(identifier.as_bytes());
        } else {
            bytes.push(ALPHANUMERIC);
            bytes.extend_from_slice(identifier.as_bytes());
            // Below every letter, so that a longer identifier is above its own beginning.
            bytes.push(0);
        }
    }
    bytes.push(END);
    bytes
}

/// Bytes of the three numbers.
const NUMBERS_LEN: usize = 24;

/// Below every version with these numbers, prereleases included.
fn before(numbers: Numbers) -> Vec<u8> {
    numbers.into_iter().flat_map(u64::to_be_bytes).collect()
}

/// The `semver` crate's words, for people who do not write Rust.
fn reason(error: &semver::Error) -> String {
    error.to_string().replace("u64::MAX", &u64::MAX.to_string())
}

/// A value as an error repeats it: whole when a person can read it at a glance.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 80;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['…']).collect()
}
