//! The search grammar: MLflow's filter and `order_by` texts as trees, and a superset with `OR`, `NOT` and parentheses.
//!
//! One lexer and one parser serve every search. What a search lets a filter talk about is its `grammar::Grammar`,
//! a table at the top of its module. `NOT` binds tighter than `AND`, `AND` tighter than `OR`.
//!
//! What MLflow tolerates stays tolerated: an `AND` too many at either end or in the middle, an `AND` left out
//! between two clauses, a comma after the last item of a list. Keywords may be written in any letter case.
//! Everything else that cannot be understood is an [`Error::Invalid`](crate::Error::Invalid) that keeps MLflow's
//! sentence (clients and tests match parts of it) and then points at the character.

mod fault;
mod grammar;
mod lexer;
mod messages;
mod order;
mod parser;
mod values;

pub mod experiments;
pub mod logged_models;
pub mod model_versions;
pub mod registered_models;
pub mod runs;

#[cfg(test)]
mod tests;

pub use order::{MAX_ORDER_KEYS, Order};

/// The longest filter that is read, in bytes.
pub const MAX_FILTER_BYTES: usize = 64 * 1024;
/// The most terms one filter may have.
pub const MAX_TERMS: usize = 500;
/// How deep parentheses and `NOT` may nest.
pub const MAX_DEPTH: usize = 64;

/// A boolean expression over the terms of one search.
///
/// `And` and `Or` hold at least two expressions, and never directly one of their own kind.
/// Its depth is bounded by [`MAX_DEPTH`], so it may be walked recursively.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr<T> {
    Term(T),
    And(Vec<Expr<T>>),
    Or(Vec<Expr<T>>),
    Not(Box<Expr<T>>),
}

/// A test of a text. The six that compare never hold for a text that is absent, `Ne` and `NotIn` included.
#[derive(Clone, Debug, PartialEq)]
pub enum TextTest {
    Eq(String),
    Ne(String),
    /// A pattern in which `%` is any run of characters and `_` is one; there is no escape, and letter case counts.
    Like(String),
    /// `Like` without regard to letter case.
    ILike(String),
    /// One of the texts. The list is empty only in a filter of logged models, where nothing matches it.
    In(Vec<String>),
    NotIn(Vec<String>),
    IsNull,
    IsNotNull,
}

/// A test of a number that only names something, such as an experiment id.
#[derive(Clone, Debug, PartialEq)]
pub enum IdTest {
    Eq(i64),
    Ne(i64),
    In(Vec<i64>),
    NotIn(Vec<i64>),
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

impl Comparator {
    /// As it is written in a filter, which is also how SQL writes it.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Lt => "<",
            Self::Le => "<=",
        }
    }

    fn parse(symbol: &str) -> Option<Self> {
        [Self::Eq, Self::Ne, Self::Gt, Self::Ge, Self::Lt, Self::Le]
            .into_iter()
            .find(|c| c.symbol() == symbol)
    }
}
