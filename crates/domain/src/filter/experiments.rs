//! Filters and orders of experiments.

use super::grammar::{Attribute, Entity, Field, Grammar};
use super::messages::{self, Search};
use super::order::{self, Repeats};
use super::parser::{self, Name};
use super::{Comparator, Expr, IdTest, TextTest};

/// One condition on an experiment.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    Name(TextTest),
    Id(IdTest),
    /// Milliseconds since the epoch.
    Time {
        attribute: TimeAttribute,
        op: Comparator,
        value: i64,
    },
    Tag {
        key: String,
        test: TextTest,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeAttribute {
    CreationTime,
    LastUpdateTime,
}

/// What experiments can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderKey {
    Name,
    Id,
    Time(TimeAttribute),
}

pub type Order = super::Order<OrderKey>;

static GRAMMAR: Grammar<Term> = Grammar {
    search: Search::Experiments,
    entities: &[
        (&["attribute", "attributes"], Entity::Attributes),
        (&["tag", "tags"], Entity::Tags(|key, test| Term::Tag { key, test })),
    ],
    attributes: &[
        Attribute { names: &["name"], field: Field::Text(Term::Name) },
        Attribute { names: &["experiment_id"], field: Field::Id(read_id, Term::Id) },
        Attribute {
            names: &["creation_time"],
            field: Field::Integer(|op, value| Term::Time {
                attribute: TimeAttribute::CreationTime,
                op,
                value,
            }),
        },
        Attribute {
            names: &["last_update_time"],
            field: Field::Integer(|op, value| Term::Time {
                attribute: TimeAttribute::LastUpdateTime,
                op,
                value,
            }),
        },
    ],
};

/// The filter of a search for experiments; none when it is blank.
pub fn parse(filter: &str) -> crate::Result<Option<Expr<Term>>> {
    parser::parse(filter, &GRAMMAR)
}

/// The order of a search for experiments. Of a key named twice, the first counts, as in MLflow.
pub fn parse_order(order_by: &[String]) -> crate::Result<Vec<Order>> {
    order::parse(order_by, Repeats::KeepFirst, order_key)
}

fn order_key(name: &Name<'_>) -> Result<OrderKey, String> {
    if let Entity::Tags(_) = GRAMMAR.entity(name)? {
        return Err("Invalid order_by entity: tag".to_owned());
    }
    match name.key {
        "name" => Ok(OrderKey::Name),
        "experiment_id" => Ok(OrderKey::Id),
        "creation_time" => Ok(OrderKey::Time(TimeAttribute::CreationTime)),
        "last_update_time" => Ok(OrderKey::Time(TimeAttribute::LastUpdateTime)),
        key => {
            let valid = ["name", "experiment_id", "creation_time", "last_update_time"];
            Err(messages::unknown_key("attribute", key, &valid))
        }
    }
}

/// Shared with the filters of logged models, which name experiments too.
pub(super) fn read_id(text: &str) -> Result<i64, String> {
    text.trim().parse().map_err(|_| {
        format!("Invalid experiment ID '{}'. Experiment ID must be a valid integer.", messages::shorten(text))
    })
}
