//! The search for logged models.

use weir_domain::Result;
use weir_domain::filter::logged_models::{OrderKey, Term, TextAttribute, TimeAttribute};
use weir_domain::filter::{Comparator, Expr, TextTest};
use weir_domain::logged_model::LoggedModel;

use super::keyset::{self, Column, Kind, Position};
use super::{
    Args, FALSE, TRUE, condition, id_test, integer_test, number_test, text_test, wants_absence, within,
};
use crate::keys::KeyNames;
use crate::logged_models::{COLUMNS, read};
use crate::tx::Tx;

#[derive(Clone, Debug)]
pub struct Query {
    /// Rows of experiments.
    pub experiments: Vec<i64>,
    pub filter: Option<Expr<Term>>,
    /// When there are any, only metrics that were measured on one of them count, and a model needs one such metric.
    pub datasets: Vec<Dataset>,
    pub order: Vec<Order>,
    pub most: usize,
    pub after: Option<Position>,
}

/// A dataset by its name, and by its digest unless any will do.
#[derive(Clone, Debug)]
pub struct Dataset {
    pub name: String,
    pub digest: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Order {
    pub key: OrderKey,
    pub descending: bool,
    /// For a metric: its latest value on this dataset.
    pub dataset: Option<Dataset>,
}

/// The models of a page with their positions, and whether more follow.
pub struct Page {
    pub models: Vec<(LoggedModel, Position)>,
    pub more: bool,
}

/// The page of active models behind `query.after`.
pub fn search(tx: &mut Tx<'_>, names: &KeyNames, query: &Query) -> Result<Page> {
    if query.experiments.is_empty() || query.most == 0 {
        return Ok(Page { models: Vec::new(), more: false });
    }
    let mut args = Args::default();
    let columns = columns(tx, names, &mut args, &query.order)?;
    let mut conditions =
        vec![within(tx, &mut args, "l.experiment_id", &query.experiments), "l.deleted_at IS NULL".to_owned()];
    let on_datasets = any_dataset(&mut args, &query.datasets);
    if let Some(filter) = &query.filter {
        let mut term = |term: &Term| term_condition(tx, names, &mut args, on_datasets.as_deref(), term);
        conditions.push(condition(filter, &mut term)?);
    }
    if let Some(test) = on_datasets.filter(|_| !query.filter.as_ref().is_some_and(looks_at_metrics)) {
        conditions.push(format!(
            "EXISTS (SELECT 1 FROM logged_model_metrics m WHERE m.model_id = l.id AND {test})"
        ));
    }
    if let Some(position) = &query.after {
        let kinds: Vec<Kind> = columns.iter().map(|column| column.kind).collect();
        keyset::check(position, &kinds)?;
        conditions.push(keyset::behind(&columns, position, &mut args));
    }
    let limit = args.int(query.most as i64 + 1);
    let sql = format!(
        "SELECT {COLUMNS}, {} FROM logged_models l JOIN experiments e ON e.id = l.experiment_id
         WHERE {} ORDER BY {} LIMIT {limit}",
        keyset::select(&columns),
        conditions.join(" AND "),
        keyset::order_by(&columns)
    );
    let behind = COLUMNS.split(',').count();
    let mut models =
        tx.list(&sql, &args.references(), |row| Ok((read(row)?, keyset::read(row, behind, &columns)?)))?;
    let more = models.len() > query.most;
    models.truncate(query.most);
    Ok(Page { models, more })
}

fn looks_at_metrics(expr: &Expr<Term>) -> bool {
    match expr {
        Expr::Term(term) => matches!(term, Term::Metric { .. }),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(looks_at_metrics),
        Expr::Not(inner) => looks_at_metrics(inner),
    }
}

/// The order, ended by MLflow's ties: the newest first, then by id.
fn columns(tx: &mut Tx<'_>, names: &KeyNames, args: &mut Args, order: &[Order]) -> Result<Vec<Column>> {
    let mut columns = Vec::new();
    for Order { key, descending, dataset } in order {
        let plain = |sql: &str, kind| Column::new(sql, kind, *descending);
        match key {
            OrderKey::Metric(name) => {
                let key = match names.id(tx, name)? {
                    Some(id) => args.int(id),
                    // Never logged, so every model lacks it.
                    None => args.int(-1),
                };
                let dataset = dataset.as_ref().map(|dataset| one_dataset(args, dataset));
                columns.push(Column::new(
                    latest("CASE WHEN m.is_nan THEN 1 ELSE 0 END", "2", &key, dataset.as_deref(), "BIGINT"),
                    Kind::Int,
                    false,
                ));
                columns.push(Column::new(
                    latest("m.value", "0", &key, dataset.as_deref(), "DOUBLE PRECISION"),
                    Kind::Real,
                    *descending,
                ));
            }
            OrderKey::Text(attribute) => columns.push(plain(text_column(*attribute), Kind::Text)),
            OrderKey::ExperimentId => columns.push(plain("e.iid", Kind::Int)),
            OrderKey::Status => columns.push(plain("l.status", Kind::Int)),
            OrderKey::Time(attribute) => columns.push(plain(time_column(*attribute), Kind::Int)),
        }
    }
    let has = |wanted: &OrderKey| order.iter().any(|order| order.key == *wanted);
    if !has(&OrderKey::Time(TimeAttribute::CreationTimestamp)) {
        columns.push(Column::new(time_column(TimeAttribute::CreationTimestamp), Kind::Int, true));
    }
    if !has(&OrderKey::Text(TextAttribute::ModelId)) {
        columns.push(Column::new(text_column(TextAttribute::ModelId), Kind::Text, false));
    }
    Ok(columns)
}

/// `column` of a model's latest point of a metric: the one with the greatest time, then step, then value. NaN stands behind all
/// numbers, and a model without the metric behind NaN, in both directions.
fn latest(column: &str, absent: &str, key: &str, dataset: Option<&str>, kind: &str) -> String {
    let on_dataset = dataset.map_or_else(String::new, |test| format!(" AND {test}"));
    format!(
        "CAST(COALESCE((SELECT {column} FROM logged_model_metrics m WHERE m.model_id = l.id AND m.key_id = {key}{on_dataset} ORDER BY m.logged_at DESC, m.step DESC, m.run_id DESC, m.value DESC, m.is_nan DESC LIMIT 1), {absent}) AS {kind})"
    )
}

fn text_column(attribute: TextAttribute) -> &'static str {
    match attribute {
        TextAttribute::Name => "l.name",
        TextAttribute::ModelId => "l.model_id",
        TextAttribute::ModelType => "l.model_type",
        TextAttribute::SourceRunId => "l.source_run_id",
        TextAttribute::ArtifactLocation => {
            "(RTRIM(COALESCE(e.artifact_location, 'mlflow-artifacts:/' || e.iid), '/') || '/models/' || l.model_id || '/artifacts')"
        }
    }
}

fn time_column(attribute: TimeAttribute) -> &'static str {
    match attribute {
        TimeAttribute::CreationTimestamp => "l.created_at",
        TimeAttribute::LastUpdatedTimestamp => "l.updated_at",
    }
}

fn one_dataset(args: &mut Args, dataset: &Dataset) -> String {
    let name = format!("m.dataset_name = {}", args.text(&dataset.name));
    match &dataset.digest {
        Some(digest) => format!("({name} AND m.dataset_digest = {})", args.text(digest)),
        None => name,
    }
}

fn any_dataset(args: &mut Args, datasets: &[Dataset]) -> Option<String> {
    let tests: Vec<String> = datasets.iter().map(|dataset| one_dataset(args, dataset)).collect();
    (!tests.is_empty()).then(|| format!("({})", tests.join(" OR ")))
}

fn term_condition(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    args: &mut Args,
    on_datasets: Option<&str>,
    term: &Term,
) -> Result<String> {
    Ok(match term {
        Term::Metric { key, op, value } => {
            let Some(key) = names.id(tx, key)? else { return Ok(FALSE.to_owned()) };
            let key = args.int(key);
            let test = number_test(args, "m.value", *op, *value);
            // NaN is different from every number.
            let test = match op {
                Comparator::Ne => format!("({test} OR m.is_nan)"),
                _ => format!("{test} AND NOT m.is_nan"),
            };
            let on_datasets = on_datasets.map_or_else(String::new, |test| format!(" AND {test}"));
            format!(
                "EXISTS (SELECT 1 FROM logged_model_metrics m WHERE m.model_id = l.id AND m.key_id = {key} AND {test}{on_datasets})"
            )
        }
        Term::Param { key, test } => entry_condition(tx, args, "logged_model_params", key, test)?,
        Term::Tag { key, test } => entry_condition(tx, args, "logged_model_tags", key, test)?,
        Term::Attribute { attribute, test } => text_test(tx, args, text_column(*attribute), test)?,
        Term::ExperimentId(test) => id_test(tx, args, "e.iid", test),
        Term::Status(test) => id_test(tx, args, "l.status", test),
        Term::Time { attribute, op, value } => integer_test(args, time_column(*attribute), *op, *value),
    })
}

fn entry_condition(tx: &Tx<'_>, args: &mut Args, table: &str, key: &str, test: &TextTest) -> Result<String> {
    let absent = wants_absence(test);
    let key = args.text(key);
    let test = if absent { TRUE.to_owned() } else { text_test(tx, args, "v.value", test)? };
    let not = if absent { "NOT " } else { "" };
    Ok(format!("{not}EXISTS (SELECT 1 FROM {table} v WHERE v.model_id = l.id AND v.key = {key} AND {test})"))
}
