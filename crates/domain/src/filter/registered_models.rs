//! Filters and orders of registered models.

use super::grammar::{Attribute, Entity, Field, Grammar};
use super::messages::{Search, set, shorten};
use super::order::{self, Repeats};
use super::parser::{self, Name};
use super::{Expr, TextTest};

/// One condition on a registered model.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    Name(TextTest),
    Tag { key: String, test: TextTest },
}

/// What registered models can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderKey {
    Name,
    /// Also written `timestamp`.
    LastUpdatedTimestamp,
}

pub type Order = super::Order<OrderKey>;

static GRAMMAR: Grammar<Term> = Grammar {
    search: Search::RegisteredModels,
    entities: &[
        (&["attribute"], Entity::Attributes),
        (&["tag", "tags"], Entity::Tags(|key, test| Term::Tag { key, test })),
    ],
    attributes: &[Attribute { names: &["name"], field: Field::ListedText(Term::Name) }],
};

/// The filter of a search for registered models; none when it is blank.
pub fn parse(filter: &str) -> crate::Result<Option<Expr<Term>>> {
    parser::parse(filter, &GRAMMAR)
}

/// The order of a search for registered models. A key named twice is an error.
pub fn parse_order(order_by: &[String]) -> crate::Result<Vec<Order>> {
    order::parse(order_by, Repeats::Refuse, order_key)
}

/// These take no word before a dot, and MLflow words that as one unknown key.
fn order_key(name: &Name<'_>) -> Result<OrderKey, String> {
    match (name.entity, name.key) {
        (None, "name") => Ok(OrderKey::Name),
        (None, "timestamp" | "last_updated_timestamp") => Ok(OrderKey::LastUpdatedTimestamp),
        _ => Err(format!(
            "Invalid order by key '{}' specified. Valid keys are '{}'",
            shorten(name.token.text),
            set(&["name", "timestamp"])
        )),
    }
}
