//! The search for model versions.
//!
//! A filter with a condition on runs, tags or models that few versions pass is answered from those; one that names a
//! model, from that model's index; any other walks the versions of the project in the order asked for.

use std::collections::HashMap;

use weir_domain::Result;
use weir_domain::filter::model_versions::{Order, OrderKey, Term};
use weir_domain::filter::{Comparator, Expr, TextTest};
use weir_domain::model_version::ModelVersion;
use weir_domain::registered_model::VERSION_TAG;
use weir_domain::version::Version;

use super::keyset::{self, Column, Kind, Position};
use super::registry_tags::{FEW, Tagged, required};
use super::{Args, FALSE, Page, TRUE, check_pattern, condition, holds, text_test};
use crate::model_versions::list;
use crate::tx::{OwnedArg, Tx};

const TAGS: Tagged =
    Tagged { table: "model_version_tags", owner: "version_id", id: "v.id", is_prompt: "v.is_prompt" };

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
pub fn search(tx: &mut Tx<'_>, query: &Query) -> Result<Page<ModelVersion>> {
    let Some(lead) = lead(tx, query)? else { return Ok(Page { rows: Vec::new(), more: false }) };
    let columns = columns(&query.order, &lead);
    let (sql, args) = statement(tx, query, &lead, &columns)?;
    let rows = tx.list(&sql, &args.references(), |row| Ok((row.int(0)?, keyset::read(row, 1, &columns)?)))?;
    let Page { rows, more } = Page::of_first(rows, query.most);
    Ok(Page { rows: load(tx, rows)?, more })
}

/// The versions of these ids, in their order.
fn load(tx: &mut Tx<'_>, rows: Vec<(i64, Position)>) -> Result<Vec<(ModelVersion, Position)>> {
    let ids: Vec<i64> = rows.iter().map(|(id, _)| *id).collect();
    let any = tx.any_of("v.id", "?1");
    let versions = list(tx, &any, &[&ids])?;
    let mut by_id: HashMap<i64, ModelVersion> =
        versions.into_iter().map(|version| (version.id, version)).collect();
    Ok(rows.into_iter().filter_map(|(id, position)| Some((by_id.remove(&id)?, position))).collect())
}

/// What the rows are read from; nothing of both: all versions of the project.
struct Lead {
    /// The one model that the filter names, by row and name.
    model: Option<(i64, String)>,
    /// All that a condition of the filter finds, and perhaps more.
    few: Option<Vec<i64>>,
}

/// `None`: the filter names a model that is not there.
fn lead(tx: &mut Tx<'_>, query: &Query) -> Result<Option<Lead>> {
    let terms = required(query.filter.as_ref());
    let named = terms.iter().find_map(|term| match term {
        Term::Name(TextTest::Eq(name)) => Some(name),
        _ => None,
    });
    let mut model = None;
    if let Some(name) = named {
        let id = tx.find(
            "SELECT id FROM registered_models WHERE project_id = ?1 AND name = ?2",
            &[&query.project_id, name],
            |row| row.int(0),
        )?;
        let Some(id) = id else { return Ok(None) };
        model = Some((id, name.clone()));
    }
    for term in terms {
        if let Some(ids) = few(tx, query.project_id, model.as_ref(), term)? {
            return Ok(Some(Lead { model, few: Some(ids) }));
        }
    }
    Ok(Some(Lead { model, few: None }))
}

/// All versions that may pass `term`, when they are few.
fn few(
    tx: &mut Tx<'_>,
    project_id: i64,
    model: Option<&(i64, String)>,
    term: &Term,
) -> Result<Option<Vec<i64>>> {
    let (sql, texts) = match (term, model) {
        (Term::RunId(test), _) => (of_runs(tx), texts(test)),
        (Term::Name(test), None) => (of_models(tx), texts(test)),
        (Term::Tag { key, test: TextTest::Eq(version) }, Some((model, _))) if key == VERSION_TAG => {
            let Ok(version) = Version::parse(version) else { return Ok(Some(Vec::new())) };
            let ids = tx.list(
                "SELECT id FROM model_versions
                 WHERE model_id = ?1 AND is_release = ?2 AND precedence = ?3 AND version = ?4",
                &[model, &version.is_release(), &version.precedence(), &version.to_string()],
                |row| row.int(0),
            )?;
            return Ok(Some(ids));
        }
        (Term::Tag { key, test: TextTest::Eq(value) }, _) if key != VERSION_TAG => {
            return TAGS.few(tx, key, value);
        }
        _ => return Ok(None),
    };
    let Some(texts) = texts else { return Ok(None) };
    let ids = tx.list(&sql, &[&project_id, &texts, &(FEW as i64 + 1)], |row| row.int(0))?;
    Ok((ids.len() <= FEW).then_some(ids))
}

/// The texts one of which must be there.
fn texts(test: &TextTest) -> Option<Vec<String>> {
    match test {
        TextTest::Eq(text) => Some(vec![text.clone()]),
        TextTest::In(texts) => Some(texts.clone()),
        _ => None,
    }
}

/// The versions that runs are, and those that were promoted from them. The sign keeps the versions of the project from
/// being looked through for them.
fn of_runs(tx: &Tx<'_>) -> String {
    format!(
        "SELECT v.id FROM runs r JOIN model_versions v ON v.id = r.version_id WHERE +v.project_id = ?1 AND {}
         UNION SELECT v.id FROM model_versions v WHERE +v.project_id = ?1 AND {} LIMIT ?3",
        tx.any_of("r.run_id", "?2"),
        tx.any_of("v.source_run_id", "?2")
    )
}

fn of_models(tx: &Tx<'_>) -> String {
    format!(
        "SELECT v.id FROM registered_models m JOIN model_versions v ON v.model_id = m.id
         WHERE m.project_id = ?1 AND {} LIMIT ?3",
        tx.any_of("m.name", "?2")
    )
}

/// MLflow's ties behind what is asked for. A name and a number are one version: nothing is tied behind both.
fn columns(order: &[Order], lead: &Lead) -> Vec<Column> {
    let ties = [
        Order { key: OrderKey::LastUpdatedTimestamp, descending: true },
        Order { key: OrderKey::Name, descending: false },
        Order { key: OrderKey::VersionNumber, descending: true },
    ];
    let more = ties.iter().filter(|tie| !order.iter().any(|order| order.key == tie.key));
    let (mut named, mut numbered) = (lead.model.is_some(), false);
    let mut columns = Vec::new();
    for Order { key, descending } in order.iter().chain(more) {
        match key {
            // The same for all of them.
            OrderKey::Name if lead.model.is_some() => continue,
            OrderKey::Name => {
                columns.push(Column::new("m.name", Kind::Text, *descending));
                named = true;
            }
            OrderKey::VersionNumber => {
                columns.push(Column::new("v.number", Kind::Int, *descending));
                numbered = true;
            }
            OrderKey::CreationTimestamp => {
                columns.push(Column::new("v.created_at", Kind::Int, *descending));
            }
            OrderKey::LastUpdatedTimestamp => {
                columns.push(Column::new("v.updated_at", Kind::Int, *descending));
            }
        }
        if named && numbered {
            break;
        }
    }
    columns
}

fn statement(tx: &Tx<'_>, query: &Query, lead: &Lead, columns: &[Column]) -> Result<(String, Args)> {
    let mut args = Args::default();
    let (from, start) = source(tx, query, lead, &mut args);
    let mut conditions = vec![start];
    conditions.extend(TAGS.unless_asked(query.filter.as_ref(), |term| match term {
        Term::Tag { key, .. } => Some(key),
        _ => None,
    }));
    if let Some(filter) = &query.filter {
        conditions.push(condition(filter, &mut |term| term_condition(tx, &mut args, lead, term))?);
    }
    if let Some(position) = &query.after {
        let kinds: Vec<Kind> = columns.iter().map(|column| column.kind).collect();
        keyset::check(position, &kinds)?;
        conditions.push(keyset::behind(columns, position, &mut args));
    }
    let limit = args.int(query.most as i64 + 1);
    let sql = format!(
        "SELECT v.id, {} FROM {from} WHERE {} ORDER BY {} LIMIT {limit}",
        keyset::select(columns),
        conditions.join(" AND "),
        keyset::order_by(columns)
    );
    Ok((sql, args))
}

/// The tables, and which of their rows; SQLite takes the tables of a `CROSS JOIN` in the order written.
fn source(tx: &Tx<'_>, query: &Query, lead: &Lead, args: &mut Args) -> (&'static str, String) {
    let (column, whole) = match &lead.model {
        Some((id, _)) => ("v.model_id", args.int(*id)),
        None => ("v.project_id", args.int(query.project_id)),
    };
    let versions = match &lead.few {
        Some(ids) => {
            let list = args.add(OwnedArg::Ints(ids.clone()));
            // The sign keeps an index that has the order from being walked for it.
            format!("+{column} = {whole} AND {}", tx.any_of("v.id", &list))
        }
        None => format!("{column} = {whole}"),
    };
    let by_name = query.order.first().is_some_and(|order| order.key == OrderKey::Name);
    match lead {
        Lead { model: Some(_), .. } => ("model_versions v", versions),
        Lead { few: None, .. } if by_name => {
            let models = format!("m.project_id = {whole} AND v.model_id = m.id");
            ("registered_models m CROSS JOIN model_versions v", models)
        }
        _ => {
            let joined = format!("{versions} AND m.id = v.model_id");
            ("model_versions v CROSS JOIN registered_models m", joined)
        }
    }
}

fn term_condition(tx: &Tx<'_>, args: &mut Args, lead: &Lead, term: &Term) -> Result<String> {
    Ok(match (term, lead) {
        (Term::Name(test), Lead { model: Some((_, name)), .. }) => {
            if let TextTest::Like(pattern) | TextTest::ILike(pattern) = test {
                check_pattern(pattern)?;
            }
            if holds(test, name) { TRUE } else { FALSE }.to_owned()
        }
        (Term::Name(test), _) => text_test(tx, args, "m.name", test)?,
        (Term::SourcePath(test), _) => text_test(tx, args, "v.source", test)?,
        (Term::RunId(test), _) => run_condition(tx, args, test)?,
        (Term::VersionNumber { op, value }, _) => {
            // `<>` is what both engines read for MLflow's `!=`.
            let symbol = if *op == Comparator::Ne { "<>" } else { op.symbol() };
            format!("v.number {symbol} {}", args.int(*value))
        }
        (Term::Tag { key, test }, _) if key == VERSION_TAG => {
            // No version has a row for it, and a prompt does not show it.
            match test {
                TextTest::IsNull => "v.is_prompt".to_owned(),
                TextTest::IsNotNull => "NOT v.is_prompt".to_owned(),
                _ => format!("(NOT v.is_prompt AND {})", text_test(tx, args, "v.version", test)?),
            }
        }
        (Term::Tag { key, test }, _) => TAGS.condition(tx, args, key, test)?,
    })
}

/// A version has up to two runs, the one that it is and the one it was promoted from: one must pass, or none may be
/// what is excluded.
fn run_condition(tx: &Tx<'_>, args: &mut Args, test: &TextTest) -> Result<String> {
    let (not, test) = match test {
        TextTest::Ne(id) => ("NOT ", &TextTest::Eq(id.clone())),
        TextTest::NotIn(ids) => ("NOT ", &TextTest::In(ids.clone())),
        _ => ("", test),
    };
    let own = text_test(tx, args, "r.run_id", test)?;
    let source = text_test(tx, args, "v.source_run_id", test)?;
    Ok(format!(
        "{not}(EXISTS (SELECT 1 FROM runs r WHERE r.version_id = v.id AND {own})
           OR (v.source_run_id IS NOT NULL AND {source}))"
    ))
}

#[cfg(test)]
mod tests {
    use weir_domain::filter::model_versions::parse_order;

    use super::super::plans::plan;
    use super::*;

    fn plan_of(order: &[&str], lead: Lead) -> String {
        let order: Vec<String> = order.iter().map(|&order| order.to_owned()).collect();
        let order = parse_order(&order).unwrap();
        let query = Query { project_id: 1, filter: None, order, most: 100, after: None };
        plan(|tx| statement(tx, &query, &lead, &columns(&query.order, &lead)).unwrap())
    }

    #[test]
    fn the_versions_of_a_project_are_walked_in_their_order() {
        for (order, first, second) in [
            (
                &[][..],
                "v USING INDEX model_versions_by_project (project_id=?)",
                "m USING INTEGER PRIMARY KEY",
            ),
            (&["name"], "m USING COVERING INDEX registered_models_by_name (project_id=?)", "v USING"),
        ] {
            let plan = plan_of(order, Lead { model: None, few: None });
            let steps: Vec<&str> = plan.lines().collect();
            assert!(steps[0].contains(first) && steps[1].contains(second), "{plan}");
            assert!(!plan.contains("USE TEMP B-TREE FOR ORDER BY"), "{plan}");
        }
    }

    #[test]
    fn the_versions_of_a_model_are_sorted_without_their_rows() {
        let model = || Lead { model: Some((1, "m".to_owned())), few: None };
        let index = "SEARCH v USING COVERING INDEX model_versions_by_number (model_id=?)";
        for order in [&[][..], &["version_number DESC"]] {
            let plan = plan_of(order, model());
            assert!(plan.contains(index), "{plan}");
        }
        assert!(!plan_of(&["version_number DESC"], model()).contains("TEMP B-TREE"));
    }

    #[test]
    fn few_versions_are_looked_at_one_by_one() {
        for model in [None, Some((1, "m".to_owned()))] {
            let plan = plan_of(&[], Lead { model, few: Some(vec![1, 2]) });
            assert!(plan.starts_with("SEARCH v USING INTEGER PRIMARY KEY (rowid=?)"), "{plan}");
        }
    }
}
