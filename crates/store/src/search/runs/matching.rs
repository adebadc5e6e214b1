//! All runs that a search matches, however many: how many there are, and what part of them to read next.

use weir_domain::Result;
use weir_domain::filter::Expr;
use weir_domain::filter::runs::Term;
use weir_domain::run::ViewType;

use super::super::{Args, condition, within};
use super::Query;
use super::driver::{self, COUNTED, Driver, Lead};
use super::terms::term_condition;
use crate::keys::KeyNames;
use crate::tx::Tx;

/// How many runs match. Without `exact` only when telling it is cheap: there is no filter (an index is counted), a
/// condition of the filter has fewer than 10,000 rows, or the experiments have no more runs than that. Where the page is to
/// be found among the rows of that condition, too, `lead` keeps which of them match.
pub fn count(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    query: &Query,
    lead: &mut Lead,
    exact: bool,
) -> Result<Option<i64>> {
    if query.experiments.is_empty() {
        return Ok(Some(0));
    }
    let driver = lead.driver();
    let cheap = query.filter.is_none() || driver.is_some() || runs_up_to(tx, query, COUNTED + 1)? <= COUNTED;
    if !cheap && !exact {
        return Ok(None);
    }
    let mut args = Args::default();
    let Source { tables, conditions } = source(tx, names, query, driver, &mut args)?;
    if query.most > 0 && lead.few(query.most).is_some() {
        let sql = format!("SELECT r.id FROM {tables} WHERE {conditions}");
        let matches = tx.list(&sql, &args.references(), |row| row.int(0))?;
        let total = matches.len() as i64;
        lead.matches = Some(matches);
        return Ok(Some(total));
    }
    let sql = format!("SELECT COUNT(*) FROM {tables} WHERE {conditions}");
    tx.get(&sql, &args.references(), |row| row.int(0)).map(Some)
}

/// Runs of the experiments, active or deleted, counted up to `most`.
fn runs_up_to(tx: &mut Tx<'_>, query: &Query, most: i64) -> Result<i64> {
    let mut args = Args::default();
    let experiments = within(tx, &mut args, "r.experiment_id", &query.experiments);
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM runs r WHERE {experiments} LIMIT {}) probe",
        args.int(most)
    );
    tx.get(&sql, &args.references(), |row| row.int(0))
}

/// The parts of a statement over all matching runs, which are `r` in it.
pub(super) struct Source {
    pub(super) tables: String,
    pub(super) conditions: String,
}

/// `lead` is a condition of the filter.
pub(super) fn source(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    query: &Query,
    lead: Option<&Driver>,
    args: &mut Args,
) -> Result<Source> {
    let (tables, mut conditions) = match lead {
        Some(driver) => (
            format!("{} d CROSS JOIN runs r", driver.table()),
            vec![
                within(tx, args, "d.experiment_id", &query.experiments),
                driver.condition(args),
                "r.id = d.run_id".to_owned(),
            ],
        ),
        None => ("runs r".to_owned(), vec![within(tx, args, "r.experiment_id", &query.experiments)]),
    };
    // Compared, so that the index by state is good for it.
    match query.view {
        ViewType::ActiveOnly => conditions.push("r.deleted = FALSE".to_owned()),
        ViewType::DeletedOnly => conditions.push("r.deleted = TRUE".to_owned()),
        ViewType::All => {}
    }
    let rest: Option<Expr<Term>> = match (&query.filter, lead) {
        (Some(filter), Some(driver)) => driver::without(filter, driver),
        (filter, _) => filter.clone(),
    };
    // Only artifact addresses need the experiment's row; without a filter an index alone answers.
    let tables = if rest.is_some() { format!("{tables} CROSS JOIN experiments e") } else { tables };
    if let Some(rest) = rest {
        conditions.push("e.id = r.experiment_id".to_owned());
        let id = if lead.is_some() { "d.run_id" } else { "r.id" };
        conditions.push(condition(&rest, &mut |term| term_condition(tx, names, args, id, term))?);
    }
    Ok(Source { tables, conditions: conditions.join(" AND ") })
}
