//! The search for runs.
//!
//! Two ways lead to a page. *By order*: the index of the first key to order by is read in its order, and each row
//! tested; good when many rows match. Runs that lack the key follow in a second and third pass, so that nothing
//! ever needs to be sorted whole. *By filter*: when one condition of the filter matches few rows, those are read
//! and sorted. A position means the same in both, so a walk may change between them.

mod driver;
mod groups;
mod matching;
mod terms;

use weir_domain::Result;
use weir_domain::filter::Expr;
use weir_domain::filter::runs::{Order, OrderKey, Term, TextAttribute, TimeAttribute};
use weir_domain::run::{Run, ViewType};

use self::driver::Driver;
use self::terms::{term_condition, text_column};
use super::keyset::{self, Column, Kind, Position, SortValue};
use super::{Args, condition, within};
use crate::keys::KeyNames;
use crate::runs::{COLUMNS, WIDTH, read};
use crate::tx::{OwnedArg, Tx};

pub use self::driver::Lead;
pub use self::groups::{Group, GroupBy, MAX_GROUPS, groups};
pub use self::matching::count;

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
            || self.order.iter().any(|order| {
                matches!(order.key, OrderKey::Metric(_) | OrderKey::MetricMin(_) | OrderKey::MetricMax(_))
            })
    }
}

/// The runs of a page with their positions.
pub struct Page {
    pub runs: Vec<(Run, Position)>,
    /// Whether more runs follow.
    pub more: bool,
}

/// The page behind `query.after`.
pub fn search(tx: &mut Tx<'_>, names: &KeyNames, query: &Query) -> Result<Page> {
    let lead = Lead::find(tx, names, query)?;
    search_led(tx, names, query, &lead)
}

/// The same when it is known already what leads.
pub fn search_led(tx: &mut Tx<'_>, names: &KeyNames, query: &Query, lead: &Lead) -> Result<Page> {
    if query.experiments.is_empty() || query.most == 0 {
        return Ok(Page { runs: Vec::new(), more: false });
    }
    let keys = resolve(tx, names, &query.order)?;
    if let Some(position) = &query.after {
        keyset::check(position, &kinds(&keys))?;
    }
    let passes = match (&lead.matches, lead.few(query.most)) {
        (Some(matches), _) => vec![Pass::Among(matches.clone())],
        (None, Some(driver)) => vec![Pass::Filter(driver.clone())],
        (None, None) => passes(&keys),
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
    Metric(i64, MetricColumn),
    Param(i64),
    Tag(i64),
    Text(TextAttribute),
    Time(TimeAttribute),
}

/// What of a metric orders; NULL where it has been nothing but NaN. Each has its index.
#[derive(Clone, Copy, PartialEq)]
enum MetricColumn {
    Latest,
    Min,
    Max,
}

impl MetricColumn {
    fn name(self) -> &'static str {
        match self {
            Self::Latest => "value",
            Self::Min => "min_value",
            Self::Max => "max_value",
        }
    }
}

fn resolve(tx: &mut Tx<'_>, names: &KeyNames, order: &[Order]) -> Result<Vec<Key>> {
    let mut keys = Vec::new();
    for Order { key, descending } in order {
        let by = match key {
            OrderKey::Metric(name) => By::Metric(number(tx, names, name)?, MetricColumn::Latest),
            OrderKey::MetricMin(name) => By::Metric(number(tx, names, name)?, MetricColumn::Min),
            OrderKey::MetricMax(name) => By::Metric(number(tx, names, name)?, MetricColumn::Max),
            OrderKey::Param(name) => By::Param(number(tx, names, name)?),
            OrderKey::Tag(name) => By::Tag(number(tx, names, name)?),
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

fn number(tx: &mut Tx<'_>, names: &KeyNames, name: &str) -> Result<i64> {
    Ok(names.id(tx, name)?.unwrap_or(NOWHERE))
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
    /// Rows of runs that are known to match.
    Among(Vec<i64>),
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
            matches!(keys.first().map(|key| key.by), Some(By::Metric(..) | By::Param(_) | By::Tag(_)));
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
        Some(By::Metric(..)) => vec![Pass::Present(0), Pass::Present(1), Pass::Absent(2)],
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
            (By::Metric(_, column), Pass::Present(class) | Pass::Absent(class)) if leads => {
                columns.push(Column::constant(format!("CAST({class} AS BIGINT)"), Kind::Int));
                columns.push(match pass {
                    Pass::Present(0) => {
                        Column::new(format!("k0.{}", column.name()), Kind::Real, key.descending)
                    }
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
            (By::Metric(id, column), _) => {
                let column = column.name();
                joins += &left_join("metrics", &alias, &args.int(id));
                columns.push(Column::new(
                    format!("CAST(CASE WHEN {alias}.run_id IS NULL THEN 2 WHEN {alias}.{column} IS NULL THEN 1 ELSE 0 END AS BIGINT)"),
                    Kind::Int,
                    false,
                ));
                let value = format!("COALESCE({alias}.{column}, CAST(0 AS DOUBLE PRECISION))");
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
        let rest = match pass {
            Pass::Filter(driver) => driver::without(filter, driver),
            Pass::Among(_) => None,
            _ => Some(filter.clone()),
        };
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
        Some(By::Metric(id, column)) => Some(("metrics", id, column)),
        Some(By::Param(id)) => Some(("params", id, MetricColumn::Latest)),
        Some(By::Tag(id)) => Some(("tags", id, MetricColumn::Latest)),
        _ => None,
    };
    match (pass, lead) {
        (Pass::Present(class), Some((table, id, column))) => {
            conditions.push(within(tx, args, "k0.experiment_id", &query.experiments));
            conditions.push(format!("k0.key_id = {}", args.int(id)));
            if table == "metrics" {
                let not = if *class == 0 { "NOT " } else { "" };
                conditions.push(format!("k0.{} IS {not}NULL", column.name()));
            }
            conditions.push("r.id = k0.run_id".to_owned());
            format!("{table} k0 CROSS JOIN runs r")
        }
        (Pass::Absent(_), Some((table, id, _))) => {
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
        (Pass::Among(runs), _) => {
            let list = args.add(OwnedArg::Ints(runs.clone()));
            conditions.push(tx.any_of("r.id", &list));
            "runs r".to_owned()
        }
        _ => {
            conditions.push(within(tx, args, "r.experiment_id", &query.experiments));
            "runs r".to_owned()
        }
    }
}
