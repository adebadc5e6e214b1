//! Ranges of versions: what they match, and between which bounds the database has to look.
//!
//! The `semver` crate reads and evaluates them, so they mean what they mean in Cargo. From npm's they differ so:
//! - comparators are separated by a comma, all must match; there is no `||`, no `1.2 - 2.0`, no blank as separator;
//! - a bare `1.2` is refused: npm reads it as `1.2.x`, Cargo as `^1.2`; so is a bare `1.2.0`, which is a version;
//! - `x` alone is no range (it may be somebody's alias), `*` is; no `v` in front of a number;
//! - build metadata is refused, where npm and Cargo ignore it without a word;
//! - a comparator without a patch number keeps out every prerelease that begins with its numbers, even one that another
//!   comparator names (`1.x,>=1.3.0-rc.1` has no 1.3.0-rc.1); only `^1.2` lets them pass, those of 1.2.0 included.
//!   In npm both are the other way round. Releases match alike.

#[cfg(test)]
mod tests;

use std::fmt;

use semver::{Comparator, Op, Prerelease, VersionReq};

use super::{MAX_LENGTH, NUMBERS_LEN, Numbers, RELEASE, Version, before, precedence, reason, shown};
use crate::{Error, Result};

const FORMS: &str = "ranges are written such as ^1.2, ~1.2.3, >=1.2,<2, 1.2.x, =1.2.0 or *";

/// A set of versions, kept as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    text: String,
    requirement: VersionReq,
}

impl Range {
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |why: String| {
            Err(Error::Invalid(format!("Invalid version range '{}': {why}; {FORMS}", shown(text))))
        };
        if let Some(why) = fault(text) {
            return refuse(why);
        }
        match VersionReq::parse(text) {
            Ok(requirement) => Ok(Self { text: text.trim_matches(' ').to_owned(), requirement }),
            Err(why) => refuse(reason(&why)),
        }
    }

    /// A prerelease matches only when a comparator names a prerelease of the same three numbers.
    pub fn matches(&self, version: &Version) -> bool {
        self.requirement.matches(&version.0)
    }

    /// No prerelease can match.
    pub fn only_releases(&self) -> bool {
        self.requirement.comparators.iter().all(|comparator| comparator.pre.is_empty())
    }

    /// Where matches lie in the order of `Version::precedence`: from the first bound, which is included, to the
    /// second, which is not. Not everything between them matches, and there may be nothing between them.
    pub fn bounds(&self) -> (Vec<u8>, Option<Vec<u8>>) {
        let mut lower = before([0, 0, 0]);
        let mut upper: Option<Vec<u8>> = None;
        for comparator in &self.requirement.comparators {
            let (least, most) = bounds(comparator);
            lower = lower.max(least);
            upper = match (upper, most) {
                (Some(upper), Some(most)) => Some(upper.min(most)),
                (upper, most) => upper.or(most),
            };
        }
        if self.only_releases() {
            // Often a long row of prereleases stands just below the release that ends a range: `<2.0.0`.
            if lower.len() == NUMBERS_LEN {
                lower.push(RELEASE);
            }
            upper = upper.map(|mut upper| {
                if upper.len() == NUMBERS_LEN + 1 {
                    upper.truncate(NUMBERS_LEN);
                }
                upper
            });
        }
        (lower, upper)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Whether somebody who wrote this meant a version or a range. Never true of an alias by MLflow's rules.
pub fn looks_like_range(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with(OPERATORS) || text.starts_with(['*', '!', '|']) {
        return true;
    }
    let in_a_list = |c| OPERATORS.contains(&c) || matches!(c, '.' | ',' | '|' | '*' | '+');
    text.starts_with(|first: char| first.is_ascii_digit())
        && (text.contains(in_a_list) || text.contains(" - "))
}

const OPERATORS: [char; 5] = ['^', '~', '=', '<', '>'];

/// What `VersionReq` would accept and we do not, or would refuse in words that help less.
fn fault(text: &str) -> Option<String> {
    let length = text.chars().count();
    if length > MAX_LENGTH {
        return Some(format!("it has {length} characters, at most {MAX_LENGTH} are allowed"));
    }
    if text.contains('|') {
        return Some("alternatives (||) are not supported, give one range".to_owned());
    }
    if text.contains(" - ") {
        return Some("ranges with a hyphen are not supported, write >=1.2.0,<=2.0.0".to_owned());
    }
    if text.contains('+') {
        return Some(
            "build metadata has no part in a range; to get one build, ask for the version itself, such as 1.2.0+cuda12"
                .to_owned(),
        );
    }
    text.split(',').find_map(|comparator| comparator_fault(comparator.trim_matches(' ')))
}

fn comparator_fault(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("a comparator is missing".to_owned());
    }
    let number = text.trim_start_matches(OPERATORS).trim_start_matches(' ');
    if number.contains(' ') {
        return Some("comparators are separated by a comma".to_owned());
    }
    if number != text || number == "*" {
        return None;
    }
    let segments: Vec<&str> = text.split('.').collect();
    let numeric = |segment: &&str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    if segments.len() < 3 && segments.iter().all(numeric) {
        return Some(format!(
            "a bare {text} can be read in two ways, write {text}.x for all versions that begin so or ^{text} for all that are compatible with it"
        ));
    }
    if Version::parse(text).is_ok() {
        return Some(format!("a bare {text} is a version and not a range, write ={text} or ^{text}"));
    }
    if matches!(text, "x" | "X") {
        return Some("for any version write *".to_owned());
    }
    None
}

/// The bounds of what one comparator lets pass, as `semver` evaluates it, prereleases included.
fn bounds(comparator: &Comparator) -> (Vec<u8>, Option<Vec<u8>>) {
    let numbers = [comparator.major, comparator.minor.unwrap_or(0), comparator.patch.unwrap_or(0)];
    // How many numbers are given.
    let given = 1 + usize::from(comparator.minor.is_some()) + usize::from(comparator.patch.is_some());
    let start = before([0, 0, 0]);
    let itself = precedence(numbers, &comparator.pre);
    // The end of all versions that share the first `shared` numbers.
    let end = |shared: usize| following(numbers, shared).map(before);
    let whole = given == 3;
    match comparator.op {
        Op::Exact | Op::Wildcard if whole => (itself.clone(), Some(above(itself))),
        Op::Greater if whole => (above(itself), None),
        Op::Less if whole => (start, Some(itself)),
        Op::LessEq if whole => (start, Some(above(itself))),
        // What is above all that begin so; above everything when nothing is.
        Op::Greater => (end(given).unwrap_or_else(last), None),
        Op::GreaterEq => (itself, None),
        Op::Less => (start, Some(before(numbers))),
        Op::LessEq => (start, end(given)),
        Op::Tilde => (itself, end(given.min(2))),
        Op::Caret => {
            // The first number that is given and not 0 must stay.
            let kept = numbers.iter().take(given).position(|number| *number > 0).map_or(given, |at| at + 1);
            (if whole { itself } else { before(numbers) }, end(kept))
        }
        // `1.x`, `=1.2`
        Op::Exact | Op::Wildcard => (itself, end(given)),
        // Operators that a later semver may add: anywhere.
        _ => (start, None),
    }
}

/// The first three numbers above all that share the first `shared` ones.
fn following(mut numbers: Numbers, shared: usize) -> Option<Numbers> {
    for at in (0..shared).rev() {
        numbers[at + 1..].fill(0);
        if let Some(raised) = numbers[at].checked_add(1) {
            numbers[at] = raised;
            return Some(numbers);
        }
    }
    None
}

/// Just above `precedence`.
fn above(mut precedence: Vec<u8>) -> Vec<u8> {
    precedence.push(0);
    precedence
}

/// Above every version.
fn last() -> Vec<u8> {
    above(precedence([u64::MAX; 3], &Prerelease::EMPTY))
}
