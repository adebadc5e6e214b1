//! What runs have under chosen keys: the cells of a table, a column each, in the order of the runs.

use std::collections::HashMap;

use weir_domain::Result;
use weir_domain::metric::{Point, Summary};
use weir_domain::run::ViewType;

use crate::Tx;
use crate::keys::KeyNames;
use crate::metrics;

/// The tag that makes a run the child of another.
pub const PARENT_TAG: &str = "mlflow.parentRunId";

/// A column: one place for each run.
pub type Column<T> = Vec<Option<T>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    Params,
    Tags,
}

/// The beginning of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    pub text: String,
    /// There is more of it.
    pub cut: bool,
}

/// Where the cells of runs and keys go.
struct Places {
    runs: HashMap<i64, usize>,
    /// Of a name that nothing was ever logged under there is no number, and its column stays empty.
    keys: HashMap<i64, usize>,
    numbers: Vec<i64>,
}

impl Places {
    fn new(tx: &mut Tx<'_>, names: &KeyNames, runs: &[i64], keys: &[String]) -> Result<Self> {
        let mut by_number = HashMap::with_capacity(keys.len());
        for (place, name) in keys.iter().enumerate() {
            if let Some(number) = names.id(tx, name)? {
                by_number.insert(number, place);
            }
        }
        let numbers = by_number.keys().copied().collect();
        let runs = runs.iter().enumerate().map(|(place, run)| (*run, place)).collect();
        Ok(Self { runs, keys: by_number, numbers })
    }

    fn of(&self, run: i64, key: i64) -> Option<(usize, usize)> {
        Some((*self.keys.get(&key)?, *self.runs.get(&run)?))
    }
}

fn empty<T: Clone>(runs: &[i64], keys: &[String]) -> Vec<Column<T>> {
    vec![vec![None; runs.len()]; keys.len()]
}

/// The summaries of the metrics `keys`, which are distinct, of `runs` (rows).
pub fn summaries(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    runs: &[i64],
    keys: &[String],
) -> Result<Vec<Column<Summary>>> {
    let places = Places::new(tx, names, runs, keys)?;
    let mut columns = empty(runs, keys);
    if places.numbers.is_empty() || runs.is_empty() {
        return Ok(columns);
    }
    for (run, found) in metrics::summaries_of(tx, runs, &places.numbers)? {
        for (key, summary) in found {
            if let Some((column, row)) = places.of(run, key) {
                columns[column][row] = Some(summary);
            }
        }
    }
    Ok(columns)
}

/// The earliest points of the metrics `keys` of `runs`.
pub fn firsts(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    runs: &[i64],
    keys: &[String],
) -> Result<Vec<Column<Point>>> {
    let places = Places::new(tx, names, runs, keys)?;
    let mut columns = empty(runs, keys);
    if places.numbers.is_empty() || runs.is_empty() {
        return Ok(columns);
    }
    for ((run, key), point) in metrics::firsts(tx, runs, &places.numbers)? {
        if let Some((column, row)) = places.of(run, key) {
            columns[column][row] = Some(point);
        }
    }
    Ok(columns)
}

/// At most `most` characters of each param or tag of `keys`.
pub fn texts(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    kind: Texts,
    runs: &[i64],
    keys: &[String],
    most: usize,
) -> Result<Vec<Column<Excerpt>>> {
    let places = Places::new(tx, names, runs, keys)?;
    let mut columns = empty(runs, keys);
    if places.numbers.is_empty() || runs.is_empty() {
        return Ok(columns);
    }
    let table = match kind {
        Texts::Params => "params",
        Texts::Tags => "tags",
    };
    let sql = format!(
        "SELECT run_id, key_id, substr(value, 1, {}) FROM {table} WHERE {} AND {}",
        most + 1,
        tx.any_of("run_id", "?1"),
        tx.any_of("key_id", "?2")
    );
    tx.each(&sql, &[&runs, &places.numbers], |row| {
        if let Some((column, place)) = places.of(row.int(0)?, row.int(1)?) {
            let mut text = row.text(2)?;
            let end = text.char_indices().nth(most).map(|(end, _)| end);
            if let Some(end) = end {
                text.truncate(end);
            }
            columns[column][place] = Some(Excerpt { text, cut: end.is_some() });
        }
        Ok(())
    })?;
    Ok(columns)
}

/// How many children each of `parents` (run ids) has among the runs of an experiment; those without are left out.
pub fn children(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    experiment_id: i64,
    parents: &[String],
    view: ViewType,
) -> Result<HashMap<String, i64>> {
    let Some(key) = names.id(tx, PARENT_TAG)? else { return Ok(HashMap::new()) };
    let state = match view {
        ViewType::ActiveOnly => " AND NOT r.deleted",
        ViewType::DeletedOnly => " AND r.deleted",
        ViewType::All => "",
    };
    // As the index of tags by value has it.
    let value = "substr(t.value, 1, 100)";
    let sql = format!(
        "SELECT {value}, COUNT(*) FROM tags t CROSS JOIN runs r
         WHERE t.experiment_id = ?1 AND t.key_id = ?2 AND {} AND r.id = t.run_id{state}
         GROUP BY {value}",
        tx.any_of(value, "?3")
    );
    let mut counted = HashMap::new();
    tx.each(&sql, &[&experiment_id, &key, &parents], |row| {
        counted.insert(row.text(0)?, row.int(1)?);
        Ok(())
    })?;
    Ok(counted)
}
