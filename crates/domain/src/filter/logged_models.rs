//! Filters and orders of logged models, which MLflow reads with a smaller grammar of their own.

use crate::Error;

use super::experiments::read_id;
use super::grammar::{Attribute, Entity, Field, Grammar};
use super::messages::{Search, repr, shorten};
use super::parser;
use super::{Comparator, Expr, IdTest, TextTest};

/// One condition on a logged model. Texts may also be bare words and numbers, as in MLflow.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// Holds when it holds for any one logged value of the model, not only the latest.
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
    ExperimentId(IdTest),
    /// By the number of MLflow's `LoggedModelStatus`: 0 unspecified, 1 pending, 2 ready, 3 upload failed.
    Status(IdTest),
    /// Milliseconds since the epoch.
    Time {
        attribute: TimeAttribute,
        op: Comparator,
        value: f64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextAttribute {
    Name,
    ModelId,
    ModelType,
    SourceRunId,
    ArtifactLocation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeAttribute {
    CreationTimestamp,
    LastUpdatedTimestamp,
}

/// What logged models can be ordered by.
#[derive(Clone, Debug, PartialEq)]
pub enum OrderKey {
    /// The latest value; the request may restrict it to a dataset.
    Metric(String),
    Text(TextAttribute),
    ExperimentId,
    Status,
    Time(TimeAttribute),
}

static GRAMMAR: Grammar<Term> = Grammar {
    search: Search::LoggedModels,
    entities: &[
        (&["attributes"], Entity::Attributes),
        (&["metrics"], Entity::Metrics(|key, op, value| Term::Metric { key, op, value })),
        (&["params"], Entity::Params(|key, test| Term::Param { key, test })),
        (&["tags"], Entity::Tags(|key, test| Term::Tag { key, test })),
    ],
    attributes: &[
        Attribute {
            names: &["name"],
            field: Field::ListedText(|test| Term::Attribute { attribute: TextAttribute::Name, test }),
        },
        Attribute {
            names: &["model_id"],
            field: Field::ListedText(|test| Term::Attribute { attribute: TextAttribute::ModelId, test }),
        },
        Attribute {
            names: &["model_type"],
            field: Field::ListedText(|test| Term::Attribute { attribute: TextAttribute::ModelType, test }),
        },
        Attribute {
            names: &["source_run_id"],
            field: Field::ListedText(|test| Term::Attribute { attribute: TextAttribute::SourceRunId, test }),
        },
        Attribute {
            names: &["artifact_location"],
            field: Field::ListedText(|test| Term::Attribute {
                attribute: TextAttribute::ArtifactLocation,
                test,
            }),
        },
        Attribute { names: &["experiment_id"], field: Field::Id(read_id, Term::ExperimentId) },
        Attribute { names: &["status"], field: Field::Id(read_status, Term::Status) },
        Attribute {
            names: CREATION_NAMES,
            field: Field::Number(|op, value| Term::Time {
                attribute: TimeAttribute::CreationTimestamp,
                op,
                value,
            }),
        },
        Attribute {
            names: UPDATE_NAMES,
            field: Field::Number(|op, value| Term::Time {
                attribute: TimeAttribute::LastUpdatedTimestamp,
                op,
                value,
            }),
        },
    ],
};

/// The last is the name of MLflow's column, which its reader lets through.
const CREATION_NAMES: &[&str] = &["creation_timestamp", "creation_time", "creation_timestamp_ms"];
const UPDATE_NAMES: &[&str] = &["last_updated_timestamp", "last_updated_timestamp_ms"];

/// The filter of a search for logged models; none when it is blank.
pub fn parse(filter: &str) -> crate::Result<Option<Expr<Term>>> {
    parser::parse(filter, &GRAMMAR)
}

/// The key that the `field_name` of an `order_by` object is; behind `metrics.` everything is the key.
pub fn order_key(field_name: &str) -> crate::Result<OrderKey> {
    if let Some((entity, key)) = field_name.split_once('.') {
        if entity == "metrics" {
            return Ok(OrderKey::Metric(key.to_owned()));
        }
        let field_name = shorten(field_name);
        return Err(Error::Invalid(format!(
            "Invalid order by field name: {field_name}. Only metrics are supported."
        )));
    }
    match field_name {
        "name" => Ok(OrderKey::Text(TextAttribute::Name)),
        "model_id" => Ok(OrderKey::Text(TextAttribute::ModelId)),
        "model_type" => Ok(OrderKey::Text(TextAttribute::ModelType)),
        "source_run_id" => Ok(OrderKey::Text(TextAttribute::SourceRunId)),
        "artifact_location" => Ok(OrderKey::Text(TextAttribute::ArtifactLocation)),
        "experiment_id" => Ok(OrderKey::ExperimentId),
        "status" => Ok(OrderKey::Status),
        name if CREATION_NAMES.contains(&name) => Ok(OrderKey::Time(TimeAttribute::CreationTimestamp)),
        name if UPDATE_NAMES.contains(&name) => Ok(OrderKey::Time(TimeAttribute::LastUpdatedTimestamp)),
        _ => Err(Error::Invalid(format!("Invalid order by field name: {}", shorten(field_name)))),
    }
}

/// MLflow compares the number only, so that `status = 'READY'` finds nothing there; here the names work too.
fn read_status(text: &str) -> Result<i64, String> {
    let name = text.to_ascii_uppercase();
    match name.strip_prefix("LOGGED_MODEL_").unwrap_or(&name) {
        "0" | "UNSPECIFIED" | "STATUS_UNSPECIFIED" => Ok(0),
        "1" | "PENDING" => Ok(1),
        "2" | "READY" => Ok(2),
        "3" | "FAILED" | "UPLOAD_FAILED" => Ok(3),
        _ => Err(format!("Invalid status {}. Expected one of PENDING, READY, FAILED.", repr(text))),
    }
}
