//! The search for registered models.

use weir_domain::Result;
use weir_domain::filter::registered_models::{Order, OrderKey, Term};
use weir_domain::filter::{Expr, TextTest};
use weir_domain::registered_model::RegisteredModel;

use super::keyset::{self, Column, Kind, Position};
use super::registry_tags::{Tagged, required};
use super::{Args, Page, condition, text_test};
use crate::registered_models::{COLUMNS, TABLES, WIDTH, read};
use crate::tx::{OwnedArg, Tx};

const TAGS: Tagged =
    Tagged { table: "registered_model_tags", owner: "model_id", id: "m.id", is_prompt: "m.is_prompt" };

#[derive(Clone, Debug)]
pub struct Query {
    pub project_id: i64,
    /// Prompts are left out, unless the filter has a clause on the tag that marks them.
    pub filter: Option<Expr<Term>>,
    pub order: Vec<Order>,
    pub most: usize,
    pub after: Option<Position>,
}

/// The page behind `query.after`.
pub fn search(tx: &mut Tx<'_>, query: &Query) -> Result<Page<RegisteredModel>> {
    let columns = columns(&query.order);
    let few = few(tx, query)?;
    let (sql, args) = statement(tx, query, few.as_deref(), &columns)?;
    let rows =
        tx.list(&sql, &args.references(), |row| Ok((read(row)?, keyset::read(row, WIDTH, &columns)?)))?;
    Ok(Page::of_first(rows, query.most))
}

/// The models (rows) with a tag that the filter requires, when they are few.
fn few(tx: &mut Tx<'_>, query: &Query) -> Result<Option<Vec<i64>>> {
    for term in required(query.filter.as_ref()) {
        if let Term::Tag { key, test: TextTest::Eq(value) } = term
            && let Some(ids) = TAGS.few(tx, key, value)?
        {
            return Ok(Some(ids));
        }
    }
    Ok(None)
}

/// Reads those `few`, or walks the models of the project in the order asked for.
fn statement(tx: &Tx<'_>, query: &Query, few: Option<&[i64]>, columns: &[Column]) -> Result<(String, Args)> {
    let mut args = Args::default();
    let project = args.int(query.project_id);
    let mut conditions = match few {
        None => vec![format!("m.project_id = {project}")],
        Some(ids) => {
            let list = args.add(OwnedArg::Ints(ids.to_vec()));
            // The sign keeps the index of the project, which has the order, from being walked for it.
            vec![format!("+m.project_id = {project}"), tx.any_of("m.id", &list)]
        }
    };
    conditions.extend(TAGS.unless_asked(query.filter.as_ref(), |term| match term {
        Term::Tag { key, .. } => Some(key),
        Term::Name(_) => None,
    }));
    if let Some(filter) = &query.filter {
        conditions.push(condition(filter, &mut |term| match term {
            Term::Name(test) => text_test(tx, &mut args, "m.name", test),
            Term::Tag { key, test } => TAGS.condition(tx, &mut args, key, test),
        })?);
    }
    if let Some(position) = &query.after {
        let kinds: Vec<Kind> = columns.iter().map(|column| column.kind).collect();
        keyset::check(position, &kinds)?;
        conditions.push(keyset::behind(columns, position, &mut args));
    }
    let limit = args.int(query.most as i64 + 1);
    let sql = format!(
        "SELECT {COLUMNS}, {} FROM {TABLES} WHERE {} ORDER BY {} LIMIT {limit}",
        keyset::select(columns),
        conditions.join(" AND "),
        keyset::order_by(columns)
    );
    Ok((sql, args))
}

/// Names are unique in a project, so that nothing is tied behind them.
fn columns(order: &[Order]) -> Vec<Column> {
    let mut columns = Vec::new();
    for Order { key, descending } in order {
        match key {
            OrderKey::Name => {
                columns.push(Column::new("m.name", Kind::Text, *descending));
                return columns;
            }
            OrderKey::LastUpdatedTimestamp => {
                columns.push(Column::new("m.updated_at", Kind::Int, *descending));
            }
        }
    }
    columns.push(Column::new("m.name", Kind::Text, false));
    columns
}

#[cfg(test)]
mod tests {
    use weir_domain::filter::registered_models::parse_order;

    use super::super::plans::plan;
    use super::*;

    #[test]
    fn models_are_walked_in_their_order() {
        for (order, index) in [
            ("name", "registered_models_by_name"),
            ("name DESC", "registered_models_by_name"),
            ("timestamp", "registered_models_by_update"),
            ("timestamp DESC", "registered_models_by_update"),
        ] {
            let order = parse_order(&[order.to_owned()]).unwrap();
            let query = Query { project_id: 1, filter: None, order, most: 100, after: None };
            let plan = plan(|tx| statement(tx, &query, None, &columns(&query.order)).unwrap());
            assert!(plan.contains(&format!("SEARCH m USING INDEX {index} (project_id=?)")), "{plan}");
            // `LAST TERM` is fine: what is changed in one millisecond.
            assert!(!plan.contains("USE TEMP B-TREE FOR ORDER BY"), "{plan}");
        }
    }
}
