//! Unit tests of the search grammar, by search, and properties of all of them.

mod experiments;
mod logged_models;
mod order;
mod printer;
mod properties;
mod registry;
mod runs;
mod structure;

use crate::{Error, Result};

use super::{Comparator, Expr, IdTest, TextTest};

/// The one term that `parsed` is.
#[track_caller]
fn term<T: std::fmt::Debug>(parsed: Result<Option<Expr<T>>>) -> T {
    match parsed {
        Ok(Some(Expr::Term(term))) => term,
        other => panic!("not one term: {other:?}"),
    }
}

/// The sentence of a refusal, which is always the caller's mistake.
#[track_caller]
fn refusal<T: std::fmt::Debug>(parsed: Result<T>) -> String {
    match parsed {
        Err(Error::Invalid(message)) => message,
        other => panic!("not refused: {other:?}"),
    }
}

/// Each filter is refused with a sentence that has this part.
#[track_caller]
fn all_refused<T: std::fmt::Debug>(parse: fn(&str) -> Result<Option<Expr<T>>>, cases: &[(&str, &str)]) {
    for (filter, part) in cases {
        let message = refusal(parse(filter));
        assert!(message.contains(part), "{filter}\n  says  {message}\n  not   {part}");
    }
}

fn eq(text: &str) -> TextTest {
    TextTest::Eq(text.to_owned())
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
