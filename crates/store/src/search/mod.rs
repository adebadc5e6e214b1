//! Filter trees and orders as SQL.

pub mod experiments;
pub(crate) mod keyset;
mod like;
pub mod logged_models;
pub mod model_versions;
#[cfg(test)]
mod plans;
pub mod registered_models;
mod registry_tags;
pub mod runs;

use weir_domain::filter::{Comparator, Expr, IdTest, TextTest};
use weir_domain::{Error, Result};

use crate::Tx;
use crate::tx::{OwnedArg, ToArg};

pub(crate) use keyset::{Column, Kind};
pub use keyset::{Position, SortValue};
pub(crate) use like::{ilike, like};

/// Rows of a search with their places in its order.
pub struct Page<T> {
    pub rows: Vec<(T, Position)>,
    /// Whether more follow.
    pub more: bool,
}

impl<T> Page<T> {
    /// Of the first `most` of `rows`.
    pub(crate) fn of_first(mut rows: Vec<(T, Position)>, most: usize) -> Self {
        let more = rows.len() > most;
        rows.truncate(most);
        Self { rows, more }
    }
}

/// A statement under construction: values become placeholders, never text.
#[derive(Default)]
pub(crate) struct Args {
    list: Vec<OwnedArg>,
}

impl Args {
    fn add(&mut self, arg: OwnedArg) -> String {
        self.list.push(arg);
        format!("?{}", self.list.len())
    }

    pub(crate) fn int(&mut self, value: i64) -> String {
        self.add(OwnedArg::Int(value))
    }

    pub(crate) fn text(&mut self, value: &str) -> String {
        self.add(OwnedArg::Text(value.to_owned()))
    }

    pub(crate) fn references(&self) -> Vec<&dyn ToArg> {
        self.list.iter().map(|arg| arg as &dyn ToArg).collect()
    }
}

/// Never true, whatever the row.
const FALSE: &str = "1 = 0";
const TRUE: &str = "1 = 1";

/// The condition that `expr` stands for, `term` writing the leaves.
fn condition<T>(expr: &Expr<T>, term: &mut impl FnMut(&T) -> Result<String>) -> Result<String> {
    let mut join = |parts: &[Expr<T>], word: &str| -> Result<String> {
        let parts = parts.iter().map(|part| condition(part, term)).collect::<Result<Vec<_>>>()?;
        Ok(format!("({})", parts.join(word)))
    };
    match expr {
        Expr::Term(leaf) => term(leaf),
        Expr::And(parts) => join(parts, " AND "),
        Expr::Or(parts) => join(parts, " OR "),
        Expr::Not(inner) => Ok(format!("NOT ({})", condition(inner, term)?)),
    }
}

/// Characters of a pattern: matching takes time that grows with pattern times text.
const MAX_PATTERN: usize = 1000;

/// `test` of a column that is there; absence is the caller's.
fn text_test(tx: &Tx<'_>, args: &mut Args, column: &str, test: &TextTest) -> Result<String> {
    Ok(match test {
        TextTest::Eq(value) => format!("{column} = {}", args.text(value)),
        TextTest::Ne(value) => format!("{column} <> {}", args.text(value)),
        TextTest::Like(pattern) => tx.like(column, &args.text(check_pattern(pattern)?)),
        TextTest::ILike(pattern) => tx.ilike(column, &args.text(check_pattern(pattern)?)),
        TextTest::In(values) => {
            let list = args.add(OwnedArg::Texts(values.clone()));
            tx.any_of(column, &list)
        }
        TextTest::NotIn(values) => {
            let list = args.add(OwnedArg::Texts(values.clone()));
            format!("NOT ({})", tx.any_of(column, &list))
        }
        TextTest::IsNull => format!("{column} IS NULL"),
        TextTest::IsNotNull => format!("{column} IS NOT NULL"),
    })
}

fn check_pattern(pattern: &str) -> Result<&str> {
    let length = pattern.chars().count();
    if length > MAX_PATTERN {
        return Err(Error::Invalid(format!(
            "the pattern '{}…' has {length} characters, at most {MAX_PATTERN} are allowed",
            pattern.chars().take(40).collect::<String>()
        )));
    }
    Ok(pattern)
}

/// The same test, for values that the database keeps in another form.
fn holds(test: &TextTest, text: &str) -> bool {
    match test {
        TextTest::Eq(value) => text == value,
        TextTest::Ne(value) => text != value,
        TextTest::Like(pattern) => like(pattern, text),
        TextTest::ILike(pattern) => ilike(pattern, text),
        TextTest::In(values) => values.iter().any(|value| value == text),
        TextTest::NotIn(values) => values.iter().all(|value| value != text),
        TextTest::IsNull => false,
        TextTest::IsNotNull => true,
    }
}

/// Whether the test is satisfied by a row that is absent.
fn wants_absence(test: &TextTest) -> bool {
    matches!(test, TextTest::IsNull)
}

fn number_test(args: &mut Args, column: &str, op: Comparator, value: f64) -> String {
    // `<>` is what both engines read for MLflow's `!=`.
    let symbol = if op == Comparator::Ne { "<>" } else { op.symbol() };
    format!("{column} {symbol} {}", args.add(OwnedArg::Real(value)))
}

/// A whole-number column against any number: the database compares them exactly, or as doubles.
fn integer_test(args: &mut Args, column: &str, op: Comparator, value: f64) -> String {
    number_test(args, &format!("CAST({column} AS DOUBLE PRECISION)"), op, value)
}

/// One experiment is compared by `=`, which lets an index keep its order.
fn within(tx: &Tx<'_>, args: &mut Args, column: &str, experiments: &[i64]) -> String {
    match experiments {
        [one] => format!("{column} = {}", args.int(*one)),
        several => {
            let list = args.add(OwnedArg::Ints(several.to_vec()));
            tx.any_of(column, &list)
        }
    }
}

/// A test of a column that holds numbers of things.
fn id_test(tx: &Tx<'_>, args: &mut Args, column: &str, test: &IdTest) -> String {
    match test {
        IdTest::Eq(id) => format!("{column} = {}", args.int(*id)),
        IdTest::Ne(id) => format!("{column} <> {}", args.int(*id)),
        IdTest::In(ids) => {
            let list = args.add(OwnedArg::Ints(ids.clone()));
            tx.any_of(column, &list)
        }
        IdTest::NotIn(ids) => {
            let list = args.add(OwnedArg::Ints(ids.clone()));
            format!("NOT ({})", tx.any_of(column, &list))
        }
    }
}
