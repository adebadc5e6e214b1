//! Pages by key: an order as columns, and the condition for what lies behind a position in it.

use weir_domain::{Error, Result};

use super::Args;
use crate::tx::{OwnedArg, Row};

/// A place in an order: one value for each of its columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Position(pub Vec<SortValue>);

#[derive(Clone, Debug, PartialEq)]
pub enum SortValue {
    Int(i64),
    Real(f64),
    Text(String),
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Int,
    Real,
    Text,
}

/// A column of an order; never NULL.
#[derive(Clone)]
pub(crate) struct Column {
    pub(crate) sql: String,
    pub(crate) kind: Kind,
    pub(crate) descending: bool,
    /// The same for every row of the statement: neither sorted by nor compared.
    pub(crate) constant: bool,
}

impl Column {
    pub(crate) fn new(sql: impl Into<String>, kind: Kind, descending: bool) -> Self {
        Self { sql: sql.into(), kind, descending, constant: false }
    }

    pub(crate) fn constant(sql: impl Into<String>, kind: Kind) -> Self {
        Self { sql: sql.into(), kind, descending: false, constant: true }
    }
}

/// The columns as part of a `SELECT` list, for [`read`].
pub(crate) fn select(columns: &[Column]) -> String {
    columns.iter().map(|column| column.sql.as_str()).collect::<Vec<_>>().join(", ")
}

pub(crate) fn order_by(columns: &[Column]) -> String {
    let sorted = columns.iter().filter(|column| !column.constant);
    let words =
        sorted.map(|column| format!("{} {}", column.sql, if column.descending { "DESC" } else { "ASC" }));
    words.collect::<Vec<_>>().join(", ")
}

/// The condition for rows behind `position`. Each column is bounded on its own first, so that an index on it
/// starts reading there.
pub(crate) fn behind(columns: &[Column], position: &Position, args: &mut Args) -> String {
    let compared: Vec<(&Column, &SortValue)> =
        columns.iter().zip(&position.0).filter(|(column, _)| !column.constant).collect();
    let mut condition = String::new();
    for (column, value) in compared.iter().rev() {
        let sign = if column.descending { "<" } else { ">" };
        let bound = |args: &mut Args| {
            args.add(match value {
                SortValue::Int(value) => OwnedArg::Int(*value),
                SortValue::Real(value) => OwnedArg::Real(*value),
                SortValue::Text(value) => OwnedArg::Text(value.clone()),
            })
        };
        let strict = format!("{} {sign} {}", column.sql, bound(args));
        condition = if condition.is_empty() {
            strict
        } else {
            format!("({} {sign}= {} AND ({strict} OR {condition}))", column.sql, bound(args))
        };
    }
    condition
}

/// Reads the columns from a row, the first of them at `from`.
pub(crate) fn read(row: &Row<'_>, from: usize, columns: &[Column]) -> Result<Position> {
    let values = columns.iter().enumerate().map(|(index, column)| match column.kind {
        Kind::Int => row.int(from + index).map(SortValue::Int),
        Kind::Real => row.real(from + index).map(SortValue::Real),
        Kind::Text => row.text(from + index).map(SortValue::Text),
    });
    Ok(Position(values.collect::<Result<_>>()?))
}

/// A position is only good for the order it was made in.
pub(crate) fn check(position: &Position, kinds: &[Kind]) -> Result<()> {
    let fits = position.0.len() == kinds.len()
        && position.0.iter().zip(kinds).all(|(value, kind)| {
            matches!(
                (value, kind),
                (SortValue::Int(_), Kind::Int)
                    | (SortValue::Real(_), Kind::Real)
                    | (SortValue::Text(_), Kind::Text)
            )
        });
    if fits {
        Ok(())
    } else {
        Err(Error::Invalid(
            "Invalid page token: it was made for another order; repeat the order_by of the first page".into(),
        ))
    }
}
