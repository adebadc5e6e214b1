//! The search for experiments.

use weir_domain::Result;
use weir_domain::experiment::Experiment;
use weir_domain::filter::Expr;
use weir_domain::filter::experiments::{Order, OrderKey, Term, TimeAttribute};
use weir_domain::run::ViewType;

use super::keyset::{self, Column, Kind, Position};
use super::{Args, condition, id_test, integer_test, text_test, wants_absence};
use crate::experiments::{COLUMNS, read};
use crate::tx::Tx;

#[derive(Clone, Debug)]
pub struct Query {
    pub project_id: i64,
    pub filter: Option<Expr<Term>>,
    pub order: Vec<Order>,
    pub view: ViewType,
    pub most: usize,
    pub after: Option<Position>,
}

/// A page, and where the next one starts when there is one.
pub fn search(tx: &mut Tx<'_>, query: &Query) -> Result<(Vec<Experiment>, Option<Position>)> {
    let columns = columns(&query.order);
    let mut args = Args::default();
    let mut conditions = vec![format!("e.project_id = {}", args.int(query.project_id))];
    if let Some(deleted) = query.view.deleted() {
        conditions.push(if deleted { "e.deleted" } else { "NOT e.deleted" }.to_owned());
    }
    if let Some(filter) = &query.filter {
        conditions.push(condition(filter, &mut |term| term_condition(tx, &mut args, term))?);
    }
    if let Some(position) = &query.after {
        let kinds: Vec<Kind> = columns.iter().map(|column| column.kind).collect();
        keyset::check(position, &kinds)?;
        conditions.push(keyset::behind(&columns, position, &mut args));
    }
    let limit = args.int(query.most as i64 + 1);
    let sql = format!(
        "SELECT {COLUMNS}, {} FROM experiments e WHERE {} ORDER BY {} LIMIT {limit}",
        keyset::select(&columns),
        conditions.join(" AND "),
        keyset::order_by(&columns)
    );
    let mut rows =
        tx.list(&sql, &args.references(), |row| Ok((read(row)?, keyset::read(row, 8, &columns)?)))?;
    let more = rows.len() > query.most;
    rows.truncate(query.most);
    let next = if more { rows.last().map(|(_, position)| position.clone()) } else { None };
    Ok((rows.into_iter().map(|(experiment, _)| experiment).collect(), next))
}

/// MLflow's ties: by id ascending in its default order, descending in a chosen one.
fn columns(order: &[Order]) -> Vec<Column> {
    if order.is_empty() {
        return vec![Column::new("e.created_at", Kind::Int, true), Column::new("e.iid", Kind::Int, false)];
    }
    let mut columns: Vec<Column> = order
        .iter()
        .map(|order| match order.key {
            OrderKey::Name => Column::new("e.name", Kind::Text, order.descending),
            OrderKey::Id => Column::new("e.iid", Kind::Int, order.descending),
            OrderKey::Time(TimeAttribute::CreationTime) => {
                Column::new("e.created_at", Kind::Int, order.descending)
            }
            OrderKey::Time(TimeAttribute::LastUpdateTime) => {
                Column::new("e.updated_at", Kind::Int, order.descending)
            }
        })
        .collect();
    if !order.iter().any(|order| order.key == OrderKey::Id) {
        columns.push(Column::new("e.iid", Kind::Int, true));
    }
    columns
}

fn term_condition(tx: &Tx<'_>, args: &mut Args, term: &Term) -> Result<String> {
    Ok(match term {
        Term::Name(test) => text_test(tx, args, "e.name", test)?,
        Term::Id(test) => id_test(tx, args, "e.iid", test),
        Term::Time { attribute, op, value } => {
            let column = match attribute {
                TimeAttribute::CreationTime => "e.created_at",
                TimeAttribute::LastUpdateTime => "e.updated_at",
            };
            integer_test(args, column, *op, *value as f64)
        }
        Term::Tag { key, test } => {
            let absent = wants_absence(test);
            let key = args.text(key);
            let test = if absent { super::TRUE.to_owned() } else { text_test(tx, args, "t.value", test)? };
            let not = if absent { "NOT " } else { "" };
            format!(
                "{not}EXISTS (SELECT 1 FROM experiment_tags t WHERE t.experiment_id = e.id AND t.key = {key} AND {test})"
            )
        }
    })
}
