//! An error as one sentence for the person at the terminal, causes included.

use std::error::Error as StdError;

use weir_domain::Error;

/// Everything that is known about `error`, outermost first. What a client must not be told, the operator must.
pub fn sentence(error: &Error) -> String {
    match error {
        Error::Internal(cause) => chain(cause.as_ref()),
        told => told.to_string(),
    }
}

/// `error` and its causes on one line.
pub fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let part = error.to_string();
        // Many libraries repeat the cause in their own sentence.
        if !text.contains(&part) {
            text = if text.is_empty() { part } else { format!("{text}: {part}") };
        }
        next = error.source();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_once_and_on_one_line() {
        let inner = std::io::Error::other("disk\n  on fire");
        let outer = std::io::Error::other(inner);
        assert_eq!(sentence(&Error::internal(outer)), "disk on fire");
        assert_eq!(sentence(&Error::invalid("no such thing")), "no such thing");
    }
}
