//! Which metrics, params and tags the runs of an experiment have, how many have each, and what the values look like.
//!
//! Every key is found: the indexes by value are skipped through, a step a key. How many runs have a key and what its
//! values are is read from a sample of about a thousand runs, spread over all of them; in an experiment with no more than
//! that it is exact. A key that few runs of the sample have is counted in its index instead, up to a limit, so rare
//! keys are exact too. What this costs does not grow with the runs, but for counting them in an index.

use std::collections::{BTreeMap, HashMap, HashSet};

use weir_domain::Result;
use weir_domain::run::ViewType;

use crate::Tx;
use crate::keys::{Key, KeyNames};
use crate::tx::ToArg;

/// Runs of a sample, about; an experiment with up to twice as many is read whole.
pub const SAMPLE: i64 = 1000;
/// A key that fewer runs of a sample have is counted in its index.
const RARE: i64 = 30;
/// Rows of a rare key that are counted at most.
const RARE_ROWS: i64 = 20_000;
/// Different values of a key that are told; of one with more, none.
pub const MAX_VALUES: usize = 20;
/// Characters of a value that are told.
const HEAD: usize = 100;
/// Keys of one kind that are told.
pub const MAX_KEYS: usize = 5000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Metric,
    Param,
    Tag,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Metric, Self::Param, Self::Tag];

    fn table(self) -> &'static str {
        match self {
            Self::Metric => "metrics",
            Self::Param => "params",
            Self::Tag => "tags",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Column {
    pub kind: Kind,
    pub key: Key,
    /// How many runs have it.
    pub runs: i64,
    /// `runs` is a number and not a guess from the sample.
    pub exact: bool,
    /// Every value seen is a number.
    pub numeric: bool,
    /// The different values seen of a param or tag, when they are no more than [`MAX_VALUES`], sorted.
    pub values: Option<Vec<String>>,
}

#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Runs in the state asked for.
    pub runs: i64,
    /// By kind and name.
    pub columns: Vec<Column>,
    /// There are more keys of a kind than [`MAX_KEYS`].
    pub more: bool,
}

/// What the sample has under one key.
struct Seen {
    runs: i64,
    numeric: bool,
    /// `None`: too many.
    values: Option<HashSet<String>>,
}

/// The columns of an experiment (row). Metrics have to be folded before.
pub fn catalogue(tx: &mut Tx<'_>, names: &KeyNames, experiment_id: i64, view: ViewType) -> Result<Catalogue> {
    let total = count(tx, experiment_id, view)?;
    let every = if total <= 2 * SAMPLE { 1 } else { total / SAMPLE };
    let sample = sample(tx, experiment_id, view, every)?;
    let hides_some = hides_some(tx, experiment_id, view)?;
    let among = Among { experiment_id, view, hides_some, total, sampled: sample.len() };
    let (mut columns, mut more) = (Vec::new(), false);
    for kind in Kind::ALL {
        let mut seen = read(tx, kind, &sample)?;
        let mut keys = keys(tx, kind, experiment_id)?;
        more |= keys.len() > MAX_KEYS;
        keys.truncate(MAX_KEYS);
        let mut named = BTreeMap::new();
        for key_id in keys {
            let seen = seen.remove(&key_id).unwrap_or(Seen { runs: 0, numeric: true, values: None });
            let (runs, exact) = match every {
                1 => (seen.runs, true),
                _ => size(tx, kind, key_id, &seen, &among)?,
            };
            // Only deleted runs have it, or only active ones.
            if runs > 0 {
                let key = names.name(tx, key_id)?;
                let values = seen.values.map(sorted).filter(|values| !values.is_empty());
                let numeric = kind == Kind::Metric || (seen.numeric && seen.runs > 0);
                named.insert(key.clone(), Column { kind, key, runs, exact, numeric, values });
            }
        }
        columns.extend(named.into_values());
    }
    Ok(Catalogue { runs: total, columns, more })
}

fn sorted(values: HashSet<String>) -> Vec<String> {
    let mut values: Vec<String> = values.into_iter().collect();
    values.sort_unstable();
    values
}

/// The index by state answers it alone.
fn state(view: ViewType) -> &'static str {
    match view {
        ViewType::ActiveOnly => "AND deleted = FALSE",
        ViewType::DeletedOnly => "AND deleted = TRUE",
        ViewType::All => "",
    }
}

fn count(tx: &mut Tx<'_>, experiment_id: i64, view: ViewType) -> Result<i64> {
    let sql = format!("SELECT COUNT(*) FROM runs WHERE experiment_id = ?1 {}", state(view));
    tx.get(&sql, &[&experiment_id], |row| row.int(0))
}

/// Whether there are runs in another state than the one asked for.
fn hides_some(tx: &mut Tx<'_>, experiment_id: i64, view: ViewType) -> Result<bool> {
    let others = match view {
        ViewType::ActiveOnly => ViewType::DeletedOnly,
        ViewType::DeletedOnly => ViewType::ActiveOnly,
        ViewType::All => return Ok(false),
    };
    let sql = format!("SELECT 1 FROM runs WHERE experiment_id = ?1 {} LIMIT 1", state(others));
    Ok(tx.find(&sql, &[&experiment_id], |_| Ok(()))?.is_some())
}

/// One of `every` runs. Rows are mixed before they are told apart, so that what alternates from run to run, as a sweep
/// does, is met as often as it is.
fn sample(tx: &mut Tx<'_>, experiment_id: i64, view: ViewType, every: i64) -> Result<Vec<i64>> {
    let sql = format!(
        "SELECT id FROM runs WHERE experiment_id = ?1 {} AND (id % 1000003 * 7919) % 1000003 % ?2 = 0",
        state(view)
    );
    tx.list(&sql, &[&experiment_id, &every], |row| row.int(0))
}

/// The numbers of all keys, a step through the index each.
fn keys(tx: &mut Tx<'_>, kind: Kind, experiment_id: i64) -> Result<Vec<i64>> {
    let table = kind.table();
    let sql = format!(
        "WITH RECURSIVE found (key_id) AS (
           SELECT MIN(key_id) FROM {table} WHERE experiment_id = ?1
           UNION ALL
           SELECT (SELECT MIN(t.key_id) FROM {table} t WHERE t.experiment_id = ?1 AND t.key_id > found.key_id)
           FROM found WHERE found.key_id IS NOT NULL
         )
         SELECT key_id FROM found WHERE key_id IS NOT NULL LIMIT ?2"
    );
    tx.list(&sql, &[&experiment_id, &(MAX_KEYS as i64 + 1)], |row| row.int(0))
}

fn read(tx: &mut Tx<'_>, kind: Kind, runs: &[i64]) -> Result<HashMap<i64, Seen>> {
    let mut seen: HashMap<i64, Seen> = HashMap::new();
    let (table, run_id) = (kind.table(), tx.any_of("run_id", "?1"));
    if kind == Kind::Metric {
        let sql = format!("SELECT key_id, COUNT(*) FROM {table} WHERE {run_id} GROUP BY key_id");
        tx.each(&sql, &[&runs], |row| {
            seen.insert(row.int(0)?, Seen { runs: row.int(1)?, numeric: true, values: None });
            Ok(())
        })?;
        return Ok(seen);
    }
    let sql = format!("SELECT key_id, substr(value, 1, {HEAD}) FROM {table} WHERE {run_id}");
    tx.each(&sql, &[&runs], |row| {
        let value = row.str(1)?;
        let seen = seen.entry(row.int(0)?).or_insert_with(|| Seen {
            runs: 0,
            numeric: true,
            values: Some(HashSet::new()),
        });
        seen.runs += 1;
        seen.numeric = seen.numeric && value.trim().parse::<f64>().is_ok();
        if let Some(values) = seen.values.as_mut().filter(|values| !values.contains(value)) {
            values.insert(value.to_owned());
            if values.len() > MAX_VALUES {
                seen.values = None;
            }
        }
        Ok(())
    })?;
    Ok(seen)
}

/// The runs whose keys are told.
struct Among {
    experiment_id: i64,
    view: ViewType,
    /// The experiment has runs in another state, too.
    hides_some: bool,
    total: i64,
    sampled: usize,
}

/// How many of the runs have a key, and whether that is exact.
fn size(tx: &mut Tx<'_>, kind: Kind, key_id: i64, seen: &Seen, among: &Among) -> Result<(i64, bool)> {
    let guessed = (seen.runs as f64 / among.sampled.max(1) as f64 * among.total as f64).round() as i64;
    if seen.runs >= RARE {
        return Ok((guessed, false));
    }
    let probe =
        format!("SELECT run_id FROM {} WHERE experiment_id = ?1 AND key_id = ?2 LIMIT ?3", kind.table());
    // The index alone tells how many rows there are, but not of which runs.
    let sql = match among.hides_some {
        false => format!("SELECT COUNT(*), COUNT(*) FROM ({probe}) probe"),
        true => format!(
            "SELECT COUNT(*), COUNT(CASE WHEN r.deleted = {} THEN 1 END)
             FROM ({probe}) probe CROSS JOIN runs r WHERE r.id = probe.run_id",
            if among.view == ViewType::DeletedOnly { "TRUE" } else { "FALSE" }
        ),
    };
    let args: [&dyn ToArg; 3] = [&among.experiment_id, &key_id, &RARE_ROWS];
    let (rows, runs) = tx.get(&sql, &args, |row| Ok((row.int(0)?, row.int(1)?)))?;
    if rows < RARE_ROWS { Ok((runs, true)) } else { Ok((guessed.max(1), false)) }
}
