//! Conditions that lead a search for runs: those whose few rows an index finds.

use weir_domain::Result;
use weir_domain::filter::runs::Term;
use weir_domain::filter::{Comparator, Expr, TextTest};

use super::super::{Args, number_test, within};
use super::Query;
use crate::keys::KeyNames;
use crate::tx::Tx;

/// Rows of a condition up to which the filter leads, whatever else is asked.
const FEW: i64 = 2000;
/// Rows of a condition that are counted at most; one with more never leads.
pub(super) const COUNTED: i64 = 10_000;

/// Characters of a value that the indexes of params and tags hold.
const HEAD: usize = 100;

/// A condition of the filter that an index finds the rows of.
#[derive(Clone)]
pub(super) struct Driver {
    pub(super) term: Term,
    test: Indexed,
}

#[derive(Clone)]
enum Indexed {
    Metric { key: i64, op: Comparator, value: f64 },
    Param { key: i64, value: String },
    Tag { key: i64, value: String },
}

impl Driver {
    pub(super) fn table(&self) -> &'static str {
        match self.test {
            Indexed::Metric { .. } => "metrics",
            Indexed::Param { .. } => "params",
            Indexed::Tag { .. } => "tags",
        }
    }

    pub(super) fn condition(&self, args: &mut Args) -> String {
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

/// What the conditions of a filter tell about how many rows they have: found once for a page and for the count of its
/// matches.
pub struct Lead {
    /// The condition with the fewest rows, when those are fewer than [`COUNTED`], and how many they are.
    best: Option<(i64, Driver)>,
    /// The share of all runs that the filter matches, guessed.
    share: f64,
    /// The rows of all runs that match, once they have been looked for.
    pub(super) matches: Option<Vec<i64>>,
}

impl Lead {
    pub fn find(tx: &mut Tx<'_>, names: &KeyNames, query: &Query) -> Result<Self> {
        let (best, share) = best(tx, names, query)?;
        Ok(Self { best, share, matches: None })
    }

    /// The condition with the fewest rows.
    pub(super) fn driver(&self) -> Option<&Driver> {
        self.best.as_ref().map(|(_, driver)| driver)
    }

    /// The same, when reading its rows is less work than following the order.
    ///
    /// Following the order takes as many rows as it takes to fill the page, guessed from how many rows each condition
    /// has, as if they were independent.
    pub(super) fn few(&self, most: usize) -> Option<&Driver> {
        let walk = most as f64 / self.share;
        let best = self.best.as_ref().filter(|(rows, _)| *rows <= FEW || (*rows as f64) < walk);
        best.map(|(_, driver)| driver)
    }
}

fn best(tx: &mut Tx<'_>, names: &KeyNames, query: &Query) -> Result<(Option<(i64, Driver)>, f64)> {
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
    Ok((best, share))
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
pub(super) fn without(filter: &Expr<Term>, driver: &Driver) -> Option<Expr<Term>> {
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
