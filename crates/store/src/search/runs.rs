//! The search for runs.
//!
//! Two ways lead to a page. *By order*: the index of the first key to order by is read in its order, and each row
//! tested; good when many rows match. Runs that lack the key follow in a second and third pass, so that nothing
//! ever needs to be sorted whole. *By filter*: when one condition of the filter matches few rows, those are read
//! and sorted. A position means the same in both, so a walk may change between them.

use weir_domain::Result;
use weir_domain::filter::runs::{DatasetField, Order, OrderKey, Term, TextAttribute, TimeAttribute};
use weir_domain::filter::{Comparator, Expr, TextTest};
use weir_domain::run::{Run, RunStatus, ViewType};

use super::keyset::{self, Column, Kind, Position, SortValue};
use super::{
    Args, FALSE, TRUE, condition, holds, integer_test, number_test, text_test, wants_absence, within,
};
use crate::keys::KeyNames;
use crate::runs::{COLUMNS, WIDTH, read};
use crate::tx::Tx;

#[derive(Clone, Debug)]
pub struct Query {
    /// Rows of experiments.
    pub experiments: Vec<i64>,
    pub filter: Option<Expr<Term>>,
    pub order: Vec<Order>,
    pub view: ViewType,
    pub most: usize,
    pub after: Option<Position>,
}

impl Query {
    /// Whether summaries of metrics must be up to date before the search.
    pub fn looks_at_metrics(&self) -> bool {
        fn any_metric(expr: &Expr<Term>) -> bool {
            match expr {
                Expr::Term(term) => matches!(term, Term::Metric { .. }),
                Expr::And(parts) | Expr::Or(parts) => parts.iter().any(any_metric),
                Expr::Not(inner) => any_metric(inner),
            }
        }
        self.filter.as_ref().is_some_and(any_metric)
            || self.order.iter().any(|order| matches!(order.key, OrderKey::Metric(_)))
    }
}

/// Rows of a condition up to which the filter leads, whatever else is asked.
const FEW: i64 = 2000;
/// Rows of a condition that are counted at most; one with more never leads.
const COUNTED: i64 = 10_000;

/// The runs of a page with their positions.
pub struct Page {
    pub runs: Vec<(Run, Position)>,
    /// Whether more runs follow.
    pub more: bool,
}

/// The page behind `query.after`.
pub fn search(tx: &mut Tx<'_>, names: &KeyNames, query: &Query) -> Result<Page> {
    if query.experiments.is_empty() || query.most == 0 {
        return Ok(Page { runs: Vec::new(), more: false });
    }
    let keys = resolve(tx, names, &query.order)?;
    if let Some(position) = &query.after {
        keyset::check(position, &kinds(&keys))?;
    }
    let passes = match few(tx, names, query)? {
        Some(driver) => vec![Pass::Filter(driver)],
        None => passes(&keys),
    };
    let mut found: Vec<(Run, Position)> = Vec::new();
    for pass in passes {
        let wanted = query.most + 1 - found.len();
        if wanted == 0 {
            break;
        }
        if !pass.is_over(query.after.as_ref()) {
            found.extend(run_pass(tx, names, query, &keys, &pass, wanted)?);
        }
    }
    let more = found.len() > query.most;
    found.truncate(query.most);
    Ok(Page { runs: found, more })
}

/// The number of a name that nothing was ever logged under: every run lacks it. It has its column like any other, so
/// that a position stays good when the name is first used.
const NOWHERE: i64 = -1;

/// A key to order by, with the number of its name.
struct Key {
    by: By,
    descending: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum By {
    Metric(i64),
    Param(i64),
    Tag(i64),
    Text(TextAttribute),
    Time(TimeAttribute),
}

fn resolve(tx: &mut Tx<'_>, names: &KeyNames, order: &[Order]) -> Result<Vec<Key>> {
    let mut keys = Vec::new();
    for Order { key, descending } in order {
        let by = match key {
            OrderKey::Metric(name) => By::Metric(names.id(tx, name)?.unwrap_or(NOWHERE)),
            OrderKey::Param(name) => By::Param(names.id(tx, name)?.unwrap_or(NOWHERE)),
            OrderKey::Tag(name) => By::Tag(names.id(tx, name)?.unwrap_or(NOWHERE)),
            OrderKey::Text(attribute) => By::Text(*attribute),
            OrderKey::Time(attribute) => By::Time(*attribute),
        };
        keys.push(Key { by, descending: *descending });
    }
    // MLflow's ties, always.
    for (by, descending) in
        [(By::Time(TimeAttribute::StartTime), true), (By::Text(TextAttribute::RunId), false)]
    {
        if !keys.iter().any(|key| key.by == by) {
            keys.push(Key { by, descending });
        }
    }
    Ok(keys)
}

/// One statement of a search.
enum Pass {
    /// Runs that have the first key (class 0), in the order of its index; for a metric, class 1 is NaN.
    Present(u8),
    /// Runs that lack the first key.
    Absent(u8),
    /// All at once.
    Whole,
    /// What a condition with few rows matches.
    Filter(Driver),
}

impl Pass {
    /// A position behind all of this pass.
    fn is_over(&self, after: Option<&Position>) -> bool {
        let (Self::Present(class) | Self::Absent(class)) = self else { return false };
        matches!(after.and_then(|position| position.0.first()), Some(SortValue::Int(at)) if *at > i64::from(*class))
    }

    /// The column of the table that leads which holds the run's row.
    fn run_id(&self, keys: &[Key]) -> &'static str {
        let by_key =
            matches!(keys.first().map(|key| key.by), Some(By::Metric(_) | By::Param(_) | By::Tag(_)));
        match self {
            Self::Present(_) if by_key => "k0.run_id",
            Self::Filter(_) => "d.run_id",
            _ => "r.id",
        }
    }

    fn has_begun(&self, after: &Position) -> bool {
        let (Self::Present(class) | Self::Absent(class)) = self else { return true };
        matches!(after.0.first(), Some(SortValue::Int(at)) if *at == i64::from(*class))
    }
}

fn passes(keys: &[Key]) -> Vec<Pass> {
    match keys.first().map(|key| key.by) {
        Some(By::Metric(_)) => vec![Pass::Present(0), Pass::Present(1), Pass::Absent(2)],
        Some(By::Param(_) | By::Tag(_)) => vec![Pass::Present(0), Pass::Absent(1)],
        _ => vec![Pass::Whole],
    }
}

/// The columns of an order as a pass writes them, and the joins they need.
fn columns(keys: &[Key], pass: &Pass, args: &mut Args) -> (Vec<Column>, String) {
    let mut columns = Vec::new();
    let mut joins = String::new();
    for (index, key) in keys.iter().enumerate() {
        let alias = format!("k{index}");
        let leads = index == 0;
        match (key.by, pass) {
            (By::Metric(_), Pass::Present(class) | Pass::Absent(class)) if leads => {
                columns.push(Column::constant(format!("CAST({class} AS BIGINT)"), Kind::Int));
                columns.push(match pass {
                    Pass::Present(0) => Column::new("k0.value", Kind::Real, key.descending),
                    _ => Column::constant("CAST(0 AS DOUBLE PRECISION)", Kind::Real),
                });
            }
            (By::Param(_) | By::Tag(_), Pass::Present(class) | Pass::Absent(class)) if leads => {
                columns.push(Column::constant(format!("CAST({class} AS BIGINT)"), Kind::Int));
                columns.push(match pass {
                    Pass::Present(_) => Column::new("k0.value", Kind::Text, key.descending),
                    _ => Column::constant("''", Kind::Text),
                });
            }
            (By::Metric(id), _) => {
                joins += &left_join("metrics", &alias, &args.int(id));
                columns.push(Column::new(
                    format!("CAST(CASE WHEN {alias}.run_id IS NULL THEN 2 WHEN {alias}.value IS NULL THEN 1 ELSE 0 END AS BIGINT)"),
                    Kind::Int,
                    false,
                ));
                let value = format!("COALESCE({alias}.value, CAST(0 AS DOUBLE PRECISION))");
                columns.push(Column::new(value, Kind::Real, key.descending));
            }
            (By::Param(id) | By::Tag(id), _) => {
                let table = if matches!(key.by, By::Param(_)) { "params" } else { "tags" };
                joins += &left_join(table, &alias, &args.int(id));
                columns.push(absent_last(&format!("{alias}.value")));
                columns.push(Column::new(format!("COALESCE({alias}.value, '')"), Kind::Text, key.descending));
            }
            (By::Time(TimeAttribute::StartTime), _) => {
                columns.push(Column::new("r.started_at", Kind::Int, key.descending));
            }
            (By::Time(TimeAttribute::EndTime), _) => {
                columns.push(absent_last("r.ended_at"));
                columns.push(Column::new("COALESCE(r.ended_at, 0)", Kind::Int, key.descending));
            }
            (By::Text(attribute), _) => {
                columns.push(Column::new(text_column(attribute), Kind::Text, key.descending));
            }
        }
    }
    (columns, joins)
}

fn kinds(keys: &[Key]) -> Vec<Kind> {
    let (columns, _) = columns(keys, &Pass::Whole, &mut Args::default());
    columns.iter().map(|column| column.kind).collect()
}

fn left_join(table: &str, alias: &str, key: &str) -> String {
    format!(" LEFT JOIN {table} {alias} ON {alias}.run_id = r.id AND {alias}.key_id = {key}")
}

fn absent_last(column: &str) -> Column {
    Column::new(format!("CAST(CASE WHEN {column} IS NULL THEN 1 ELSE 0 END AS BIGINT)"), Kind::Int, false)
}

/// The text of an attribute as a client reads it.
fn text_column(attribute: TextAttribute) -> &'static str {
    match attribute {
        TextAttribute::RunId => "r.run_id",
        TextAttribute::RunName => "r.name",
        TextAttribute::UserId => "r.user_id",
        TextAttribute::Status => {
            "CASE r.status WHEN 1 THEN 'RUNNING' WHEN 2 THEN 'SCHEDULED' WHEN 3 THEN 'FINISHED' WHEN 4 THEN 'FAILED' ELSE 'KILLED' END"
        }
        TextAttribute::ArtifactUri => {
            "(RTRIM(COALESCE(e.artifact_location, 'mlflow-artifacts:/' || e.iid), '/') || '/' || r.run_id || '/artifacts')"
        }
    }
}

fn run_pass(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    query: &Query,
    keys: &[Key],
    pass: &Pass,
    most: usize,
) -> Result<Vec<(Run, Position)>> {
    let mut args = Args::default();
    let mut conditions = Vec::new();
    let from = source(tx, query, keys, pass, &mut args, &mut conditions);
    let (columns, joins) = columns(keys, pass, &mut args);
    if let Some(deleted) = query.view.deleted() {
        conditions.push(if deleted { "r.deleted" } else { "NOT r.deleted" }.to_owned());
    }
    if let Some(filter) = &query.filter {
        let rest = without_driver(filter, pass);
        if let Some(rest) = rest {
            // Tested on the row that leads, before any other table is looked at for it.
            let id = pass.run_id(keys);
            conditions.push(condition(&rest, &mut |term| term_condition(tx, names, &mut args, id, term))?);
        }
    }
    if let Some(position) = query.after.as_ref().filter(|position| pass.has_begun(position)) {
        conditions.push(keyset::behind(&columns, position, &mut args));
    }
    let limit = args.int(most as i64);
    let sql = format!(
        "SELECT {COLUMNS}, {} FROM {from} CROSS JOIN experiments e{joins} WHERE e.id = r.experiment_id AND {} ORDER BY {} LIMIT {limit}",
        keyset::select(&columns),
        conditions.join(" AND "),
        keyset::order_by(&columns)
    );
    tx.list(&sql, &args.references(), |row| Ok((read(row)?, keyset::read(row, WIDTH, &columns)?)))
}

/// Where a pass reads its runs from; SQLite takes the tables of a `CROSS JOIN` in the order written.
fn source(
    tx: &Tx<'_>,
    query: &Query,
    keys: &[Key],
    pass: &Pass,
    args: &mut Args,
    conditions: &mut Vec<String>,
) -> String {
    let lead = match keys.first().map(|key| key.by) {
        Some(By::Metric(id)) => Some(("metrics", id)),
        Some(By::Param(id)) => Some(("params", id)),
        Some(By::Tag(id)) => Some(("tags", id)),
        _ => None,
    };
    match (pass, lead) {
        (Pass::Present(class), Some((table, id))) => {
            conditions.push(within(tx, args, "k0.experiment_id", &query.experiments));
            conditions.push(format!("k0.key_id = {}", args.int(id)));
            if table == "metrics" {
                conditions.push(format!("k0.value IS {}NULL", if *class == 0 { "NOT " } else { "" }));
            }
            conditions.push("r.id = k0.run_id".to_owned());
            format!("{table} k0 CROSS JOIN runs r")
        }
        (Pass::Absent(_), Some((table, id))) => {
            conditions.push(within(tx, args, "r.experiment_id", &query.experiments));
            conditions.push(format!(
                "NOT EXISTS (SELECT 1 FROM {table} k WHERE k.run_id = r.id AND k.key_id = {})",
                args.int(id)
            ));
            "runs r".to_owned()
        }
        (Pass::Filter(driver), _) => {
            conditions.push(within(tx, args, "d.experiment_id", &query.experiments));
            conditions.push(driver.condition(args));
            conditions.push("r.id = d.run_id".to_owned());
            format!("{} d CROSS JOIN runs r", driver.table())
        }
        _ => {
            conditions.push(within(tx, args, "r.experiment_id", &query.experiments));
            "runs r".to_owned()
        }
    }
}

/// Characters of a value that the indexes of params and tags hold.
const HEAD: usize = 100;

/// A condition of the filter that an index finds the rows of.
struct Driver {
    term: Term,
    test: Indexed,
}

enum Indexed {
    Metric { key: i64, op: Comparator, value: f64 },
    Param { key: i64, value: String },
    Tag { key: i64, value: String },
}

impl Driver {
    fn table(&self) -> &'static str {
        match self.test {
            Indexed::Metric { .. } => "metrics",
            Indexed::Param { .. } => "params",
            Indexed::Tag { .. } => "tags",
        }
    }

    fn condition(&self, args: &mut Args) -> String {
        match &self.test {
            Indexed::Metric { key, op, value } => {
                let key = args.int(*key);
                format!("d.key_id = {key} AND {}", number_test(args, "d.value", *op, *value))
            }
            Indexed::Param { key, value } | Indexed::Tag { key, value } => {
                let key = args.int(*key);
                // As the index has it, and the same characters on both engines.
                let head: String = value.chars().take(HEAD).collect();
                let indexed =
                    format!("d.key_id = {key} AND substr(d.value, 1, {HEAD}) = {}", args.text(&head));
                if value.chars().count() < HEAD {
                    return indexed;
                }
                // Joined to nothing: a plain comparison would make SQLite put the value into the index's expression,
                // which it then no longer knows for one.
                format!("{indexed} AND (d.value || '') = {}", args.text(value))
            }
        }
    }
}

/// The condition of the filter with the fewest rows, when reading those is less work than following the order.
///
/// Following the order takes as many rows as it takes to fill the page, guessed from how many rows each condition
/// has, as if they were independent.
fn few(tx: &mut Tx<'_>, names: &KeyNames, query: &Query) -> Result<Option<Driver>> {
    let terms: Vec<&Term> = match &query.filter {
        Some(Expr::Term(term)) => vec![term],
        Some(Expr::And(parts)) => parts
            .iter()
            .filter_map(|part| if let Expr::Term(term) = part { Some(term) } else { None })
            .collect(),
        _ => Vec::new(),
    };
    let all = runs_at_most(tx, query.experiments.first())?.max(1) as f64;
    let mut best: Option<(i64, Driver)> = None;
    let mut share = 1.0;
    for term in terms {
        let Some(driver) = driver(tx, names, term)? else { continue };
        let rows = count(tx, query, &driver)?;
        share *= (rows as f64 / all).min(1.0);
        if rows < best.as_ref().map_or(COUNTED, |(rows, _)| *rows) {
            best = Some((rows, driver));
        }
        if rows == 0 {
            break;
        }
    }
    let walk = query.most as f64 / share;
    Ok(best.filter(|(rows, _)| *rows <= FEW || (*rows as f64) < walk).map(|(_, driver)| driver))
}

/// Rows of a condition, counted up to [`COUNTED`].
fn count(tx: &mut Tx<'_>, query: &Query, driver: &Driver) -> Result<i64> {
    let mut args = Args::default();
    let experiments = within(tx, &mut args, "d.experiment_id", &query.experiments);
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM {} d WHERE {experiments} AND {} LIMIT {}) probe",
        driver.table(),
        driver.condition(&mut args),
        args.int(COUNTED)
    );
    tx.get(&sql, &args.references(), |row| row.int(0))
}

/// How many runs the project of an experiment has ever had: nothing needs to be counted for it.
fn runs_at_most(tx: &mut Tx<'_>, experiment: Option<&i64>) -> Result<i64> {
    let found = tx.find(
        "SELECT p.next_run_iid FROM projects p JOIN experiments e ON e.project_id = p.id WHERE e.id = ?1",
        &[&experiment.copied()],
        |row| row.int(0),
    )?;
    Ok(found.unwrap_or(1))
}

fn driver(tx: &mut Tx<'_>, names: &KeyNames, term: &Term) -> Result<Option<Driver>> {
    let test = match term {
        Term::Metric { key, op, value } if *op != Comparator::Ne => {
            names.id(tx, key)?.map(|key| Indexed::Metric { key, op: *op, value: *value })
        }
        Term::Param { key, test: TextTest::Eq(value) } => {
            names.id(tx, key)?.map(|key| Indexed::Param { key, value: value.clone() })
        }
        Term::Tag { key, test: TextTest::Eq(value) } => {
            names.id(tx, key)?.map(|key| Indexed::Tag { key, value: value.clone() })
        }
        _ => None,
    };
    Ok(test.map(|test| Driver { term: term.clone(), test }))
}

/// The filter without the condition that leads, which holds for every row it leads to.
fn without_driver(filter: &Expr<Term>, pass: &Pass) -> Option<Expr<Term>> {
    let Pass::Filter(driver) = pass else { return Some(filter.clone()) };
    match filter {
        Expr::Term(term) if *term == driver.term => None,
        Expr::And(parts) => {
            let leads = |part: &&Expr<Term>| !matches!(part, Expr::Term(term) if *term == driver.term);
            Some(Expr::And(parts.iter().filter(leads).cloned().collect())).filter(|rest| match rest {
                Expr::And(parts) => !parts.is_empty(),
                _ => true,
            })
        }
        other => Some(other.clone()),
    }
}

/// `id` is a column that holds the run's row.
fn term_condition(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    args: &mut Args,
    id: &str,
    term: &Term,
) -> Result<String> {
    Ok(match term {
        Term::Metric { key, op, value } => {
            let Some(key) = names.id(tx, key)? else { return Ok(FALSE.to_owned()) };
            let key = args.int(key);
            let mut test = number_test(args, "m.value", *op, *value);
            if *op == Comparator::Ne {
                // NaN is different from every number.
                test = format!("({test} OR m.value IS NULL)");
            }
            format!("EXISTS (SELECT 1 FROM metrics m WHERE m.run_id = {id} AND m.key_id = {key} AND {test})")
        }
        Term::Param { key, test } => entry_condition(tx, names, args, "params", id, key, test)?,
        Term::Tag { key, test } => entry_condition(tx, names, args, "tags", id, key, test)?,
        Term::Attribute { attribute: TextAttribute::Status, test } => {
            let numbers: Vec<String> = RunStatus::ALL
                .into_iter()
                .filter(|status| holds(test, status.name()))
                .map(|status| status.number().to_string())
                .collect();
            if numbers.is_empty() {
                FALSE.to_owned()
            } else {
                format!("r.status IN ({})", numbers.join(", "))
            }
        }
        Term::Attribute { attribute, test } => text_test(tx, args, text_column(*attribute), test)?,
        Term::Time { attribute, op, value } => {
            let column = match attribute {
                TimeAttribute::StartTime => "r.started_at",
                TimeAttribute::EndTime => "r.ended_at",
            };
            // Absent is false and not NULL, which NOT would leave as it is.
            format!("({column} IS NOT NULL AND {})", integer_test(args, column, *op, *value))
        }
        Term::Dataset { field: DatasetField::Context, test } => {
            let test = text_test(tx, args, "t.value", test)?;
            format!(
                "EXISTS (SELECT 1 FROM run_dataset_tags t WHERE t.run_id = {id} AND t.key = '{}' AND {test})",
                weir_domain::dataset::CONTEXT_TAG
            )
        }
        Term::Dataset { field, test } => {
            let column = if *field == DatasetField::Name { "used.name" } else { "used.digest" };
            let test = text_test(tx, args, column, test)?;
            format!(
                "EXISTS (SELECT 1 FROM run_datasets i JOIN datasets used ON used.id = i.dataset_id WHERE i.run_id = {id} AND {test})"
            )
        }
    })
}

fn entry_condition(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    args: &mut Args,
    table: &str,
    id: &str,
    key: &str,
    test: &TextTest,
) -> Result<String> {
    let absent = wants_absence(test);
    let Some(key) = names.id(tx, key)? else { return Ok(if absent { TRUE } else { FALSE }.to_owned()) };
    let key = args.int(key);
    let test = if absent { TRUE.to_owned() } else { text_test(tx, args, "v.value", test)? };
    let not = if absent { "NOT " } else { "" };
    Ok(format!("{not}EXISTS (SELECT 1 FROM {table} v WHERE v.run_id = {id} AND v.key_id = {key} AND {test})"))
}
