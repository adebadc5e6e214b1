//! Filters and orders of runs.

use super::grammar::{Attribute, Entity, Field, Grammar};
use super::messages::{self, Search};
use super::order::{self, Repeats};
use super::parser::{self, Name};
use super::{Comparator, Expr, TextTest};

/// One condition on a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// On the latest value. NaN satisfies `Ne` only; a run without the metric satisfies nothing.
    Metric {
        key: String,
        op: Comparator,
        value: f64,
    },
    Param {
        key: String,
        test: TextTest,
    },
    Tag {
        key: String,
        test: TextTest,
    },
    Attribute {
        attribute: TextAttribute,
        test: TextTest,
    },
    /// Milliseconds since the epoch.
    Time {
        attribute: TimeAttribute,
        op: Comparator,
        value: f64,
    },
    /// Holds when it holds for any one of the run's input datasets.
    Dataset {
        field: DatasetField,
        test: TextTest,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextAttribute {
    RunId,
    RunName,
    /// By the name on the wire: `RUNNING`, `FINISHED`.
    Status,
    ArtifactUri,
    UserId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeAttribute {
    StartTime,
    EndTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatasetField {
    Name,
    Digest,
    /// The value of the input's tag `mlflow.data.context`.
    Context,
}

/// What runs can be ordered by.
#[derive(Clone, Debug, PartialEq)]
pub enum OrderKey {
    /// NaN comes after all numbers and before absent metrics, in both directions.
    Metric(String),
    /// The smallest value that was logged; what has only NaN comes after all numbers.
    MetricMin(String),
    /// The greatest.
    MetricMax(String),
    Param(String),
    Tag(String),
    Text(TextAttribute),
    Time(TimeAttribute),
}

pub type Order = super::Order<OrderKey>;

static GRAMMAR: Grammar<Term> = Grammar {
    search: Search::Runs,
    entities: &[
        (&["metric", "metrics"], Entity::Metrics(|key, op, value| Term::Metric { key, op, value })),
        (
            &["param", "params", "parameter", "parameters"],
            Entity::Params(|key, test| Term::Param { key, test }),
        ),
        (&["tag", "tags"], Entity::Tags(|key, test| Term::Tag { key, test })),
        (&["attr", "attribute", "attributes", "run"], Entity::Attributes),
        (&["dataset", "datasets"], Entity::Datasets(DATASET_FIELDS)),
    ],
    attributes: &[
        Attribute {
            names: &["run_id"],
            field: Field::ListedText(|test| Term::Attribute { attribute: TextAttribute::RunId, test }),
        },
        Attribute {
            names: &["run_name", "run name", "Run name", "Run Name"],
            field: Field::Text(|test| Term::Attribute { attribute: TextAttribute::RunName, test }),
        },
        Attribute {
            names: &["status"],
            field: Field::Text(|test| Term::Attribute { attribute: TextAttribute::Status, test }),
        },
        Attribute {
            names: &["artifact_uri"],
            field: Field::Text(|test| Term::Attribute { attribute: TextAttribute::ArtifactUri, test }),
        },
        Attribute {
            names: &["user_id"],
            field: Field::Text(|test| Term::Attribute { attribute: TextAttribute::UserId, test }),
        },
        Attribute {
            names: &["start_time", "created", "Created"],
            field: Field::Number(|op, value| Term::Time { attribute: TimeAttribute::StartTime, op, value }),
        },
        Attribute {
            names: &["end_time"],
            field: Field::Number(|op, value| Term::Time { attribute: TimeAttribute::EndTime, op, value }),
        },
    ],
};

static DATASET_FIELDS: &[Attribute<Term>] = &[
    Attribute {
        names: &["name"],
        field: Field::ListedText(|test| Term::Dataset { field: DatasetField::Name, test }),
    },
    Attribute {
        names: &["digest"],
        field: Field::ListedText(|test| Term::Dataset { field: DatasetField::Digest, test }),
    },
    Attribute {
        names: &["context"],
        field: Field::ListedText(|test| Term::Dataset { field: DatasetField::Context, test }),
    },
];

/// The filter of a search for runs; none when it is blank.
pub fn parse(filter: &str) -> crate::Result<Option<Expr<Term>>> {
    parser::parse(filter, &GRAMMAR)
}

/// The order of a search for runs. A key named twice is an error (MLflow answers 500, which its client repeats).
pub fn parse_order(order_by: &[String]) -> crate::Result<Vec<Order>> {
    order::parse(order_by, Repeats::Refuse, order_key)
}

/// Not every name of a filter: `run name` and its spellings, and datasets, order nothing.
fn order_key(name: &Name<'_>) -> Result<OrderKey, String> {
    let key = name.key;
    // Not MLflow's: it orders by latest values only.
    match name.entity.map(|word| word.trim_matches('`')) {
        Some("metrics_min" | "metric_min") => return Ok(OrderKey::MetricMin(key.to_owned())),
        Some("metrics_max" | "metric_max") => return Ok(OrderKey::MetricMax(key.to_owned())),
        _ => {}
    }
    match GRAMMAR.entity(name)? {
        Entity::Metrics(_) => Ok(OrderKey::Metric(key.to_owned())),
        Entity::Params(_) => Ok(OrderKey::Param(key.to_owned())),
        Entity::Tags(_) => Ok(OrderKey::Tag(key.to_owned())),
        Entity::Datasets(_) => Err("Invalid identifier type 'dataset'".to_owned()),
        Entity::Attributes => match key {
            "start_time" | "created" | "Created" => Ok(OrderKey::Time(TimeAttribute::StartTime)),
            "end_time" => Ok(OrderKey::Time(TimeAttribute::EndTime)),
            "run_id" => Ok(OrderKey::Text(TextAttribute::RunId)),
            "run_name" => Ok(OrderKey::Text(TextAttribute::RunName)),
            "status" => Ok(OrderKey::Text(TextAttribute::Status)),
            "user_id" => Ok(OrderKey::Text(TextAttribute::UserId)),
            "artifact_uri" => Ok(OrderKey::Text(TextAttribute::ArtifactUri)),
            _ => Err(messages::unknown_key("attribute", key, ORDER_ATTRIBUTES)),
        },
    }
}

const ORDER_ATTRIBUTES: &[&str] = &[
    "start_time",
    "created",
    "Created",
    "end_time",
    "status",
    "run_id",
    "run_name",
    "user_id",
    "artifact_uri",
];
