//! Moves a run's points from the inbox to summaries and sorted chunks.

use std::collections::{BTreeMap, HashMap};

use weir_domain::Result;
use weir_domain::metric::{Point, Summary};

use super::{block, read_summary};
use crate::Tx;
use crate::tx::ToArg;

/// Points in a chunk at most.
pub(super) const CHUNK: usize = 4096;
/// A last chunk with at least this many points is left as it is and a new one begun, so that folding often does
/// not write the same points again and again.
const FULL_ENOUGH: i64 = 1024;

/// Rows folded in one transaction at most, and points and metrics past which no further row is: writers wait behind all of
/// them.
const ROWS: i64 = 4096;
const POINTS: i64 = 32_768;
/// A metric of a run costs as much as many points do: its row, its indexes, and its last chunk.
const METRICS: usize = 1024;

/// Folds the oldest rows of the inbox up to row `newest`, run after run; answers how many. 0: there are none left.
///
/// What is there of one run is folded together, since its rows mostly speak of the same metrics.
///
/// Doing it on two replicas at once changes nothing more: the rows that one deletes are gone for the other, and the
/// runs that they are of are locked in one order.
pub fn step(tx: &mut Tx<'_>, newest: i64) -> Result<usize> {
    let due = due(tx, newest)?;
    let mut runs: Vec<i64> = due.iter().map(|run| run.run_id).collect();
    if runs.is_empty() {
        return Ok(0);
    }
    runs.sort_unstable();
    let lock = format!("SELECT id FROM runs WHERE {} ORDER BY id{}", tx.any_of("id", "?1"), tx.for_update());
    let runs = tx.list(&lock, &[&runs], |row| row.int(0))?;
    let mut taken = Taken::default();
    for run in due {
        if taken.is_full() {
            break;
        }
        // Nobody can ask for the points of a run that was removed for good.
        match runs.binary_search(&run.run_id) {
            Ok(_) => taken.read(tx, &run)?,
            Err(_) => taken.rows.extend(run.rows),
        }
    }
    tx.execute(&format!("DELETE FROM metric_inbox WHERE {}", tx.any_of("id", "?1")), &[&taken.rows])?;
    set_aside(tx, &taken.damaged)?;
    for ((run_id, key_id), (experiment_id, mut points)) in taken.metrics {
        let first = summarize(tx, experiment_id, run_id, key_id, &points)?;
        sort(&mut points);
        match first {
            true => insert(tx, run_id, key_id, 0, &points)?,
            false => append(tx, run_id, key_id, points)?,
        }
    }
    Ok(taken.rows.len())
}

/// Rows of one run, oldest first.
struct Due {
    run_id: i64,
    rows: Vec<i64>,
}

/// The oldest rows, with the runs in the order of their oldest: as many as one transaction should take.
fn due(tx: &mut Tx<'_>, newest: i64) -> Result<Vec<Due>> {
    let rows = tx.list(
        "SELECT id, run_id, points FROM metric_inbox WHERE id <= ?1 ORDER BY id LIMIT ?2",
        &[&newest, &ROWS],
        |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)),
    )?;
    let mut by_run: Vec<(Due, i64)> = Vec::new();
    let mut places: HashMap<i64, usize> = HashMap::new();
    for (id, run_id, points) in rows {
        let place = *places.entry(run_id).or_insert_with(|| {
            by_run.push((Due { run_id, rows: Vec::new() }, 0));
            by_run.len() - 1
        });
        let (due, so_far) = &mut by_run[place];
        // The first row always goes: a batch may be of any size.
        if *so_far < POINTS {
            due.rows.push(id);
            *so_far += points;
        }
    }
    let mut points = 0;
    by_run.retain(|(_, of_run)| {
        let fits = points < POINTS;
        points += of_run;
        fits
    });
    Ok(by_run.into_iter().map(|(due, _)| due).collect())
}

/// What one transaction folds.
#[derive(Default)]
struct Taken {
    rows: Vec<i64>,
    /// By run and key: the experiment, and the points as they were logged.
    metrics: BTreeMap<(i64, i64), (i64, Vec<Point>)>,
    damaged: Vec<(i64, Vec<u8>)>,
}

impl Taken {
    fn is_full(&self) -> bool {
        self.metrics.len() >= METRICS
    }

    /// Takes rows of a run, until there are enough metrics.
    fn read(&mut self, tx: &mut Tx<'_>, run: &Due) -> Result<()> {
        let sql = format!(
            "SELECT id, experiment_id, body FROM metric_inbox WHERE {} ORDER BY id",
            tx.any_of("id", "?1")
        );
        tx.each(&sql, &[&run.rows], |row| {
            if self.is_full() {
                return Ok(());
            }
            let (id, experiment_id) = (row.int(0)?, row.int(1)?);
            self.rows.push(id);
            let mut batch = Vec::new();
            if block::decode_inbox(row.bytes(2)?, |keyed| batch.push(keyed)).is_err() {
                self.damaged.push((run.run_id, row.blob(2)?));
                return Ok(());
            }
            for keyed in batch {
                let metric = self.metrics.entry((run.run_id, keyed.key_id));
                let (_, points) = metric.or_insert_with(|| (experiment_id, Vec::new()));
                points.push(keyed.point);
            }
            Ok(())
        })
    }
}

fn set_aside(tx: &mut Tx<'_>, damaged: &[(i64, Vec<u8>)]) -> Result<()> {
    for (run_id, body) in damaged {
        tracing::error!(
            run = run_id,
            "a batch of metrics could not be read and is set aside in metric_damaged"
        );
        tx.execute("INSERT INTO metric_damaged (run_id, body) VALUES (?1, ?2)", &[run_id, body])?;
    }
    Ok(())
}

/// History order, each point once.
pub(super) fn sort(points: &mut Vec<Point>) {
    if !points.is_sorted_by(|a, b| a.history_order(b).is_lt()) {
        points.sort_by(Point::history_order);
        points.dedup_by(|a, b| a.history_order(b).is_eq());
    }
}

const INSERT: &str = "INSERT INTO metrics (run_id, key_id, value, step, logged_at, points, min_value, max_value, experiment_id)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const UPDATE: &str = "UPDATE metrics
     SET value = ?3, step = ?4, logged_at = ?5, points = ?6, min_value = ?7, max_value = ?8
     WHERE run_id = ?1 AND key_id = ?2";
const UPDATE_LATEST: &str = "UPDATE metrics
     SET value = ?3, step = ?4, logged_at = ?5, points = ?6
     WHERE run_id = ?1 AND key_id = ?2";

fn same(a: Option<f64>, b: Option<f64>) -> bool {
    a.map(f64::to_bits) == b.map(f64::to_bits)
}

/// Answers whether these are the first points of the metric.
fn summarize(
    tx: &mut Tx<'_>,
    experiment_id: i64,
    run_id: i64,
    key_id: i64,
    points: &[Point],
) -> Result<bool> {
    let Some((first, rest)) = points.split_first() else { return Ok(false) };
    let mut fresh = Summary::of(*first);
    rest.iter().for_each(|point| fresh.add(*point));
    let stored = tx.find(
        "SELECT value, step, logged_at, min_value, max_value, points FROM metrics WHERE run_id = ?1 AND key_id = ?2",
        &[&run_id, &key_id],
        |row| read_summary(row, 0),
    )?;
    let is_first = stored.is_none();
    let summary = match stored {
        Some(mut summary) => {
            summary.merge(&fresh);
            summary
        }
        None => fresh,
    };
    let latest = summary.latest;
    let value = (!latest.value.is_nan()).then_some(latest.value);
    let row: [&dyn ToArg; 9] = [
        &run_id,
        &key_id,
        &value,
        &latest.step,
        &latest.timestamp,
        &summary.points,
        &summary.min,
        &summary.max,
        &experiment_id,
    ];
    match stored {
        None => tx.execute(INSERT, &row)?,
        // Minimum and maximum have an index each, which is left alone while they stay.
        Some(stored) if same(stored.min, summary.min) && same(stored.max, summary.max) => {
            tx.execute(UPDATE_LATEST, &row[..6])?
        }
        Some(_) => tx.execute(UPDATE, &row[..8])?,
    };
    Ok(is_first)
}

struct Chunk {
    number: i64,
    last_at: i64,
    points: i64,
    body: Vec<u8>,
}

const CHUNKS: &str = "SELECT chunk, last_at, points, body FROM metric_chunks";

fn read_chunk(row: &crate::tx::Row<'_>) -> Result<Chunk> {
    Ok(Chunk { number: row.int(0)?, last_at: row.int(1)?, points: row.int(2)?, body: row.blob(3)? })
}

/// Adds sorted points to the chunks of a key, which stay sorted and without overlap.
fn append(tx: &mut Tx<'_>, run_id: i64, key_id: i64, points: Vec<Point>) -> Result<()> {
    let Some(first) = points.first().copied() else { return Ok(()) };
    let sql = format!("{CHUNKS} WHERE run_id = ?1 AND key_id = ?2 ORDER BY chunk DESC LIMIT 1");
    let Some(last) = tx.find(&sql, &[&run_id, &key_id], read_chunk)? else {
        return insert(tx, run_id, key_id, 0, &points);
    };
    if first.timestamp > last.last_at && last.points >= FULL_ENOUGH {
        return insert(tx, run_id, key_id, last.number + 1, &points);
    }
    if first.timestamp > last.last_at {
        let mut all = block::decode_chunk(&last.body)?;
        all.extend(points);
        return replace(tx, run_id, key_id, last.number, all);
    }
    // Late points: everything from the chunk that they reach into is written anew.
    let sql = format!("{CHUNKS} WHERE run_id = ?1 AND key_id = ?2 AND last_at >= ?3 ORDER BY chunk");
    let reached = tx.list(&sql, &[&run_id, &key_id, &first.timestamp], read_chunk)?;
    let number = reached.first().map_or(last.number, |chunk| chunk.number);
    let mut all = points;
    for chunk in reached {
        all.extend(block::decode_chunk(&chunk.body)?);
    }
    sort(&mut all);
    replace(tx, run_id, key_id, number, all)
}

/// Puts `points` in the place of chunk `from` and all behind it.
fn replace(tx: &mut Tx<'_>, run_id: i64, key_id: i64, from: i64, points: Vec<Point>) -> Result<()> {
    tx.execute(
        "DELETE FROM metric_chunks WHERE run_id = ?1 AND key_id = ?2 AND chunk >= ?3",
        &[&run_id, &key_id, &from],
    )?;
    insert(tx, run_id, key_id, from, &points)
}

fn insert(tx: &mut Tx<'_>, run_id: i64, key_id: i64, from: i64, points: &[Point]) -> Result<()> {
    for (index, chunk) in points.chunks(CHUNK).enumerate() {
        let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { continue };
        tx.execute(
            "INSERT INTO metric_chunks (run_id, key_id, chunk, first_at, last_at, points, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &[
                &run_id,
                &key_id,
                &(from + index as i64),
                &first.timestamp,
                &last.timestamp,
                &(chunk.len() as i64),
                &block::encode_chunk(chunk),
            ],
        )?;
    }
    Ok(())
}
