//! Filters and orders of model versions.

use super::grammar::{Attribute, Entity, Field, Grammar};
use super::messages::{self, Search, set, shorten};
use super::order::{self, Repeats};
use super::parser::{self, Name};
use super::{Comparator, Expr, TextTest};

/// One condition on a model version.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// Of the registered model.
    Name(TextTest),
    RunId(TextTest),
    SourcePath(TextTest),
    VersionNumber {
        op: Comparator,
        value: i64,
    },
    Tag {
        key: String,
        test: TextTest,
    },
}

/// What model versions can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderKey {
    Name,
    VersionNumber,
    CreationTimestamp,
    LastUpdatedTimestamp,
}

pub type Order = super::Order<OrderKey>;

static GRAMMAR: Grammar<Term> = Grammar {
    search: Search::ModelVersions,
    entities: &[
        (&["attribute"], Entity::Attributes),
        (&["tag", "tags"], Entity::Tags(|key, test| Term::Tag { key, test })),
    ],
    attributes: &[
        Attribute { names: &["name"], field: Field::ListedText(Term::Name) },
        Attribute {
            names: &["version_number"],
            field: Field::Integer(|op, value| Term::VersionNumber { op, value }),
        },
        Attribute { names: &["run_id"], field: Field::ListedText(Term::RunId) },
        Attribute { names: &["source_path"], field: Field::Text(Term::SourcePath) },
    ],
};

/// The filter of a search for model versions; none when it is blank.
pub fn parse(filter: &str) -> crate::Result<Option<Expr<Term>>> {
    parser::parse(filter, &GRAMMAR)
}

/// The order of a search for model versions. A key named twice is an error.
pub fn parse_order(order_by: &[String]) -> crate::Result<Vec<Order>> {
    order::parse(order_by, Repeats::Refuse, order_key)
}

fn order_key(name: &Name<'_>) -> Result<OrderKey, String> {
    let valid = ["name", "version_number", "creation_timestamp", "last_updated_timestamp"];
    if let Entity::Tags(_) = GRAMMAR.entity(name)? {
        let key = shorten(name.key);
        return Err(format!("Invalid order by key '{key}' specified. Valid keys are {}", set(&valid)));
    }
    match name.key {
        "name" => Ok(OrderKey::Name),
        "version_number" => Ok(OrderKey::VersionNumber),
        "creation_timestamp" => Ok(OrderKey::CreationTimestamp),
        "last_updated_timestamp" => Ok(OrderKey::LastUpdatedTimestamp),
        key => Err(messages::unknown_key("attribute", key, &valid)),
    }
}
