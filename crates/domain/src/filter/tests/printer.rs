//! Writes expressions as filters, so that reading them again can be checked.

use super::super::{Comparator, Expr, IdTest, TextTest};
use super::super::{experiments, logged_models, model_versions, registered_models, runs};

/// A term that can be written.
pub trait Written {
    fn written(&self) -> String;
}

pub fn expr<T: Written>(expr: &Expr<T>) -> String {
    match expr {
        Expr::Term(term) => term.written(),
        Expr::And(parts) => parts.iter().map(|part| below(part, is_or)).collect::<Vec<_>>().join(" AND "),
        Expr::Or(parts) => parts.iter().map(self::expr).collect::<Vec<_>>().join(" OR "),
        Expr::Not(inner) => {
            format!("NOT {}", below(inner, |part| !matches!(part, Expr::Term(_) | Expr::Not(_))))
        }
    }
}

fn is_or<T>(expr: &Expr<T>) -> bool {
    matches!(expr, Expr::Or(_))
}

fn below<T: Written>(part: &Expr<T>, needs_brackets: fn(&Expr<T>) -> bool) -> String {
    let written = expr(part);
    if needs_brackets(part) { format!("({written})") } else { written }
}

/// `key` bare when it can be, else in quotes that it does not hold.
fn key(key: &str) -> String {
    let is_bare =
        key.split('.').all(|word| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_'));
    if is_bare {
        return key.to_owned();
    }
    let quote = if key.contains('`') { '"' } else { '`' };
    format!("{quote}{key}{quote}")
}

fn text(text: &str) -> String {
    let quote = if text.contains('\'') { '"' } else { '\'' };
    format!("{quote}{text}{quote}")
}

fn list<I: ToString>(items: &[I]) -> String {
    let items: Vec<String> = items.iter().map(|item| text(&item.to_string())).collect();
    format!("({})", items.join(", "))
}

fn text_test(test: &TextTest) -> String {
    match test {
        TextTest::Eq(value) => format!("= {}", text(value)),
        TextTest::Ne(value) => format!("!= {}", text(value)),
        TextTest::Like(value) => format!("LIKE {}", text(value)),
        TextTest::ILike(value) => format!("ILIKE {}", text(value)),
        TextTest::In(values) => format!("IN {}", list(values)),
        TextTest::NotIn(values) => format!("NOT IN {}", list(values)),
        TextTest::IsNull => "IS NULL".to_owned(),
        TextTest::IsNotNull => "IS NOT NULL".to_owned(),
    }
}

fn id_test(test: &IdTest) -> String {
    match test {
        IdTest::Eq(id) => format!("= '{id}'"),
        IdTest::Ne(id) => format!("!= '{id}'"),
        IdTest::In(ids) => format!("IN {}", list(ids)),
        IdTest::NotIn(ids) => format!("NOT IN {}", list(ids)),
    }
}

fn number(op: Comparator, value: impl std::fmt::Display) -> String {
    format!("{} {value}", op.symbol())
}

impl Written for runs::Term {
    fn written(&self) -> String {
        match self {
            Self::Metric { key: name, op, value } => format!("metrics.{} {}", key(name), number(*op, value)),
            Self::Param { key: name, test } => format!("params.{} {}", key(name), text_test(test)),
            Self::Tag { key: name, test } => format!("tags.{} {}", key(name), text_test(test)),
            Self::Attribute { attribute, test } => {
                let name = match attribute {
                    runs::TextAttribute::RunId => "run_id",
                    runs::TextAttribute::RunName => "run_name",
                    runs::TextAttribute::Status => "status",
                    runs::TextAttribute::ArtifactUri => "artifact_uri",
                    runs::TextAttribute::UserId => "user_id",
                };
                format!("{name} {}", text_test(test))
            }
            Self::Time { attribute, op, value } => {
                let name = match attribute {
                    runs::TimeAttribute::StartTime => "start_time",
                    runs::TimeAttribute::EndTime => "end_time",
                };
                format!("{name} {}", number(*op, value))
            }
            Self::Dataset { field, test } => {
                let name = match field {
                    runs::DatasetField::Name => "name",
                    runs::DatasetField::Digest => "digest",
                    runs::DatasetField::Context => "context",
                };
                format!("datasets.{name} {}", text_test(test))
            }
        }
    }
}

impl Written for experiments::Term {
    fn written(&self) -> String {
        match self {
            Self::Name(test) => format!("name {}", text_test(test)),
            Self::Id(test) => format!("experiment_id {}", id_test(test)),
            Self::Time { attribute, op, value } => {
                let name = match attribute {
                    experiments::TimeAttribute::CreationTime => "creation_time",
                    experiments::TimeAttribute::LastUpdateTime => "last_update_time",
                };
                format!("{name} {}", number(*op, value))
            }
            Self::Tag { key: name, test } => format!("tags.{} {}", key(name), text_test(test)),
        }
    }
}

impl Written for registered_models::Term {
    fn written(&self) -> String {
        match self {
            Self::Name(test) => format!("name {}", text_test(test)),
            Self::Tag { key: name, test } => format!("tags.{} {}", key(name), text_test(test)),
        }
    }
}

impl Written for model_versions::Term {
    fn written(&self) -> String {
        match self {
            Self::Name(test) => format!("name {}", text_test(test)),
            Self::RunId(test) => format!("run_id {}", text_test(test)),
            Self::SourcePath(test) => format!("source_path {}", text_test(test)),
            Self::VersionNumber { op, value } => format!("version_number {}", number(*op, value)),
            Self::Tag { key: name, test } => format!("tags.{} {}", key(name), text_test(test)),
        }
    }
}

impl Written for logged_models::Term {
    fn written(&self) -> String {
        match self {
            Self::Metric { key: name, op, value } => format!("metrics.{} {}", key(name), number(*op, value)),
            Self::Param { key: name, test } => format!("params.{} {}", key(name), text_test(test)),
            Self::Tag { key: name, test } => format!("tags.{} {}", key(name), text_test(test)),
            Self::Attribute { attribute, test } => {
                let name = match attribute {
                    logged_models::TextAttribute::Name => "name",
                    logged_models::TextAttribute::ModelId => "model_id",
                    logged_models::TextAttribute::ModelType => "model_type",
                    logged_models::TextAttribute::SourceRunId => "source_run_id",
                    logged_models::TextAttribute::ArtifactLocation => "artifact_location",
                };
                format!("{name} {}", text_test(test))
            }
            Self::ExperimentId(test) => format!("experiment_id {}", id_test(test)),
            Self::Status(test) => format!("status {}", id_test(test)),
            Self::Time { attribute, op, value } => {
                let name = match attribute {
                    logged_models::TimeAttribute::CreationTimestamp => "creation_timestamp",
                    logged_models::TimeAttribute::LastUpdatedTimestamp => "last_updated_timestamp",
                };
                format!("{name} {}", number(*op, value))
            }
        }
    }
}
