//! Moves a run's points from the inbox to summaries and sorted chunks.

use std::collections::BTreeMap;

use weir_domain::Result;
use weir_domain::metric::{Point, Summary};

use super::{block, read_summary};
use crate::Tx;

/// Points in a chunk at most.
pub(super) const CHUNK: usize = 4096;
/// A last chunk with at least this many points is left as it is and a new one begun, so that folding often does
/// not write the same points again and again.
const FULL_ENOUGH: i64 = 1024;

/// A run with points in the inbox, up to a row.
#[derive(Clone, Debug)]
pub struct Pending {
    pub experiment_id: i64,
    pub run_id: i64,
    pub newest: i64,
}

pub(super) fn read_pending(row: &crate::tx::Row<'_>) -> Result<Pending> {
    Ok(Pending { experiment_id: row.int(0)?, run_id: row.int(1)?, newest: row.int(2)? })
}

/// Folds what `pending` names; doing it twice, or on two replicas at once, changes nothing more.
pub fn run(tx: &mut Tx<'_>, pending: &Pending) -> Result<()> {
    // Two folds of one run take turns; the rows that the first deleted are then gone for the second.
    let lock = format!("SELECT id FROM runs WHERE id = ?1{}", tx.for_update());
    if tx.find(&lock, &[&pending.run_id], |row| row.int(0))?.is_none() {
        return discard(tx, pending);
    }
    let mut by_key: BTreeMap<i64, Vec<Point>> = BTreeMap::new();
    tx.each(
        "DELETE FROM metric_inbox WHERE experiment_id = ?1 AND run_id = ?2 AND id <= ?3 RETURNING body",
        &[&pending.experiment_id, &pending.run_id, &pending.newest],
        |row| {
            block::decode_inbox(row.bytes(0)?, |keyed| {
                by_key.entry(keyed.key_id).or_default().push(keyed.point)
            })
        },
    )?;
    for (key_id, mut points) in by_key {
        summarize(tx, pending, key_id, &points)?;
        sort(&mut points);
        append(tx, pending.run_id, key_id, points)?;
    }
    Ok(())
}

/// The run was removed for good: nobody can ask for its points any more.
fn discard(tx: &mut Tx<'_>, pending: &Pending) -> Result<()> {
    tx.execute(
        "DELETE FROM metric_inbox WHERE experiment_id = ?1 AND run_id = ?2",
        &[&pending.experiment_id, &pending.run_id],
    )?;
    Ok(())
}

/// History order, each point once.
pub(super) fn sort(points: &mut Vec<Point>) {
    if !points.is_sorted_by(|a, b| a.history_order(b).is_lt()) {
        points.sort_by(Point::history_order);
        points.dedup_by(|a, b| a.history_order(b).is_eq());
    }
}

fn summarize(tx: &mut Tx<'_>, pending: &Pending, key_id: i64, points: &[Point]) -> Result<()> {
    let Some((first, rest)) = points.split_first() else { return Ok(()) };
    let mut fresh = Summary::of(*first);
    rest.iter().for_each(|point| fresh.add(*point));
    let stored = tx.find(
        "SELECT value, step, logged_at, min_value, max_value, points FROM metrics WHERE run_id = ?1 AND key_id = ?2",
        &[&pending.run_id, &key_id],
        |row| read_summary(row, 0),
    )?;
    let summary = match stored {
        Some(mut stored) => {
            stored.merge(&fresh);
            stored
        }
        None => fresh,
    };
    let latest = summary.latest;
    let value = (!latest.value.is_nan()).then_some(latest.value);
    tx.execute(
        "INSERT INTO metrics (run_id, key_id, experiment_id, value, step, logged_at, min_value, max_value, points)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (run_id, key_id) DO UPDATE
         SET value = excluded.value, step = excluded.step, logged_at = excluded.logged_at,
             min_value = excluded.min_value, max_value = excluded.max_value, points = excluded.points",
        &[
            &pending.run_id,
            &key_id,
            &pending.experiment_id,
            &value,
            &latest.step,
            &latest.timestamp,
            &summary.min,
            &summary.max,
            &summary.points,
        ],
    )?;
    Ok(())
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
