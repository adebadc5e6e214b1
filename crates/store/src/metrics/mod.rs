//! Metrics: points are acknowledged in an inbox, one row a request, and moved from there in the background.
//!
//! Writing is an append, whatever the number of keys; [`fold::step`] keeps the latest value, minimum and maximum of
//! every (run, key) and the sorted history. Readers see both places at once, so a point is visible as soon as it
//! is acknowledged; a search that filters or orders by a metric folds first ([`waiting`], `docs/adr/0002`).

pub mod block;
pub mod fold;
pub mod history;
pub mod series;

use std::collections::HashMap;

use weir_domain::Result;
use weir_domain::metric::{Point, Summary};

use crate::Tx;
use crate::changes::{Subject, What};
use crate::params::Groups;
use crate::runs::RunRow;
use block::KeyedPoint;

/// The points of one request, encoded before the transaction begins.
#[derive(Clone, Debug)]
pub struct Batch {
    body: Vec<u8>,
    points: i64,
}

impl Batch {
    pub fn new(points: &[KeyedPoint]) -> Self {
        Self { body: block::encode_inbox(points), points: points.len() as i64 }
    }

    pub fn is_empty(&self) -> bool {
        self.points == 0
    }
}

/// Appends `batch` to what was logged to `run`.
pub fn log(tx: &mut Tx<'_>, run: &RunRow, batch: &Batch) -> Result<()> {
    if batch.points == 0 {
        return Ok(());
    }
    tx.execute(
        "INSERT INTO metric_inbox (experiment_id, run_id, points, body) VALUES (?1, ?2, ?3, ?4)",
        &[&run.experiment_id, &run.id, &batch.points, &batch.body],
    )?;
    tx.note(Subject::Run(run.id), What::METRICS);
    Ok(())
}

/// The summary of every metric of each of `runs` (row ids), by key number.
pub fn summaries(tx: &mut Tx<'_>, runs: &[i64]) -> Result<HashMap<i64, Vec<(i64, Summary)>>> {
    let sql = format!(
        "SELECT run_id, key_id, value, step, logged_at, min_value, max_value, points
         FROM metrics
         WHERE {}",
        tx.any_of("run_id", "?1")
    );
    let mut groups = Groups::with_capacity(runs.len());
    tx.each(&sql, &[&runs], |row| {
        groups.push(row.int(0)?, (row.int(1)?, read_summary(row, 2)?));
        Ok(())
    })?;
    let mut found = groups.finish();
    add_inbox(tx, runs, &mut found)?;
    Ok(found)
}

/// The summaries of the metrics `keys` (numbers) of each of `runs`.
pub fn summaries_of(
    tx: &mut Tx<'_>,
    runs: &[i64],
    keys: &[i64],
) -> Result<HashMap<i64, Vec<(i64, Summary)>>> {
    let sql = format!(
        "SELECT run_id, key_id, value, step, logged_at, min_value, max_value, points
         FROM metrics
         WHERE {} AND {}",
        tx.any_of("run_id", "?1"),
        tx.any_of("key_id", "?2")
    );
    let mut groups = Groups::with_capacity(runs.len());
    tx.each(&sql, &[&runs, &keys], |row| {
        groups.push(row.int(0)?, (row.int(1)?, read_summary(row, 2)?));
        Ok(())
    })?;
    let mut found = groups.finish();
    add_inbox(tx, runs, &mut found)?;
    Ok(found)
}

/// The earliest points of the metrics `keys` (numbers) of each of `runs`, by run and key. Reads the first chunk of each.
pub fn firsts(tx: &mut Tx<'_>, runs: &[i64], keys: &[i64]) -> Result<HashMap<(i64, i64), Point>> {
    let mut found: HashMap<(i64, i64), Point> = HashMap::new();
    let mut note = |run_id: i64, key_id: i64, point: Point| {
        let first = found.entry((run_id, key_id)).or_insert(point);
        if point.history_order(first).is_lt() {
            *first = point;
        }
    };
    let sql = format!(
        "SELECT run_id, key_id, body FROM metric_chunks WHERE {} AND {} AND chunk = 0",
        tx.any_of("run_id", "?1"),
        tx.any_of("key_id", "?2")
    );
    tx.each(&sql, &[&runs, &keys], |row| {
        if let Some(first) = block::first_of_chunk(row.bytes(2)?)? {
            note(row.int(0)?, row.int(1)?, first);
        }
        Ok(())
    })?;
    let sql = format!("SELECT run_id, body FROM metric_inbox WHERE {}", tx.any_of("run_id", "?1"));
    tx.each(&sql, &[&runs], |row| {
        let run_id = row.int(0)?;
        block::decode_inbox(row.bytes(1)?, |keyed| {
            if keys.contains(&keyed.key_id) {
                note(run_id, keyed.key_id, keyed.point);
            }
        })
    })?;
    Ok(found)
}

/// Adds what is still in the inbox.
fn add_inbox(tx: &mut Tx<'_>, runs: &[i64], found: &mut HashMap<i64, Vec<(i64, Summary)>>) -> Result<()> {
    let sql = format!("SELECT run_id, body FROM metric_inbox WHERE {}", tx.any_of("run_id", "?1"));
    tx.each(&sql, &[&runs], |row| {
        let summaries = found.entry(row.int(0)?).or_default();
        block::decode_inbox(row.bytes(1)?, |KeyedPoint { key_id, point }| {
            match summaries.iter_mut().find(|(key, _)| *key == key_id) {
                Some((_, summary)) => summary.add(point),
                None => summaries.push((key_id, Summary::of(point))),
            }
        })
    })
}

fn read_summary(row: &crate::tx::Row<'_>, from: usize) -> Result<Summary> {
    let value = row.opt_real(from)?.unwrap_or(f64::NAN);
    Ok(Summary {
        latest: Point { value, step: row.int(from + 1)?, timestamp: row.int(from + 2)? },
        min: row.opt_real(from + 3)?,
        max: row.opt_real(from + 4)?,
        points: row.int(from + 5)?,
    })
}

/// The newest row of the inbox and how many there are: what to fold before a search may look at metric values.
/// Folding that many is enough: numbers start again in an empty inbox, and writers go on.
pub fn waiting(tx: &mut Tx<'_>) -> Result<Option<(i64, usize)>> {
    let (newest, rows) =
        tx.get("SELECT MAX(id), COUNT(*) FROM metric_inbox", &[], |row| Ok((row.opt_int(0)?, row.int(1)?)))?;
    Ok(newest.map(|newest| (newest, rows as usize)))
}
