//! What is wrong with a filter, and where, until it becomes an error that points at the character.

use crate::Error;

use super::lexer::Token;

/// How much of the offending text an error shows.
const SHOWN_CHARS: usize = 20;

/// A complaint about one place of a text.
#[derive(Debug)]
pub(super) struct Fault {
    message: String,
    /// Byte offset of the offending text.
    start: usize,
    shown: String,
}

impl Fault {
    /// A complaint about `text`, which starts at byte `start`.
    pub fn new(message: String, start: usize, text: &str) -> Self {
        Self { message, start, shown: text.chars().take(SHOWN_CHARS).collect() }
    }

    pub fn at(message: String, token: &Token<'_>) -> Self {
        Self::new(message, token.start, token.text)
    }

    /// The error for the caller; `source` is the whole text the fault was found in.
    pub fn into_error(self, source: &str) -> Error {
        // A blank text has no place to point at.
        if self.shown.is_empty() {
            return Error::invalid(self.message);
        }
        let character = source.get(..self.start).map_or(0, |before| before.chars().count()) + 1;
        Error::Invalid(format!("{} (at character {character}: '{}')", self.message, self.shown))
    }
}
