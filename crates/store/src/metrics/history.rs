//! Reads histories: sorted by time, step and value, each point once.

use weir_domain::Result;
use weir_domain::metric::Point;

use super::block;
use super::fold;
use crate::Tx;
use crate::runs::RunRow;

/// Points of a metric of `run` behind `after` in history order, at most `most`.
///
/// Holds the points of the inbox that are of this key, one chunk, and the answer.
pub fn page(
    tx: &mut Tx<'_>,
    run: &RunRow,
    key_id: i64,
    after: Option<&Point>,
    most: usize,
) -> Result<Vec<Point>> {
    let fresh = inbox(tx, run, key_id)?;
    let mut fresh = fresh.into_iter().filter(|point| is_behind(point, after)).peekable();
    let mut page: Vec<Point> = Vec::new();
    let mut chunk = -1;
    let from = after.map_or(i64::MIN, |point| point.timestamp);
    while page.len() < most {
        let next = tx.find(
            "SELECT chunk, body FROM metric_chunks
             WHERE run_id = ?1 AND key_id = ?2 AND chunk > ?3 AND last_at >= ?4
             ORDER BY chunk
             LIMIT 1",
            &[&run.id, &key_id, &chunk, &from],
            |row| Ok((row.int(0)?, block::decode_chunk(row.bytes(1)?)?)),
        )?;
        let Some((number, points)) = next else { break };
        chunk = number;
        for point in points.into_iter().filter(|point| is_behind(point, after)) {
            while let Some(earlier) = fresh.next_if(|fresh| fresh.history_order(&point).is_lt()) {
                page.push(earlier);
            }
            // The same point logged again.
            fresh.next_if(|fresh| fresh.history_order(&point).is_eq());
            page.push(point);
        }
    }
    if page.len() < most {
        page.extend(fresh);
    }
    page.truncate(most);
    Ok(page)
}

/// Chunks that one statement of a walk brings: PostgreSQL's client holds all of them.
const CHUNKS_AT_ONCE: i64 = 32;

/// Visits every point of a metric in history order, each once. `fresh` is what the inbox has of it, sorted; of the rest
/// only chunks that reach into the times `from` to `to` are read.
pub(super) fn walk(
    tx: &mut Tx<'_>,
    run_id: i64,
    key_id: i64,
    fresh: &[Point],
    (from, to): (i64, i64),
    mut visit: impl FnMut(&Point),
) -> Result<()> {
    let mut fresh = fresh.iter().peekable();
    let mut behind = -1;
    loop {
        let (mut chunks, after) = (0, behind);
        tx.each(
            "SELECT chunk, body FROM metric_chunks
             WHERE run_id = ?1 AND key_id = ?2 AND chunk > ?3 AND last_at >= ?4 AND first_at <= ?5
             ORDER BY chunk
             LIMIT ?6",
            &[&run_id, &key_id, &after, &from, &to, &CHUNKS_AT_ONCE],
            |row| {
                chunks += 1;
                behind = row.int(0)?;
                for point in &block::decode_chunk(row.bytes(1)?)? {
                    while let Some(earlier) = fresh.next_if(|fresh| fresh.history_order(point).is_lt()) {
                        visit(earlier);
                    }
                    // The same point logged again.
                    fresh.next_if(|fresh| fresh.history_order(point).is_eq());
                    visit(point);
                }
                Ok(())
            },
        )?;
        if chunks < CHUNKS_AT_ONCE {
            fresh.for_each(visit);
            return Ok(());
        }
    }
}

fn is_behind(point: &Point, after: Option<&Point>) -> bool {
    after.is_none_or(|after| point.history_order(after).is_gt())
}

fn inbox(tx: &mut Tx<'_>, run: &RunRow, key_id: i64) -> Result<Vec<Point>> {
    let mut points = Vec::new();
    tx.each("SELECT body FROM metric_inbox WHERE run_id = ?1", &[&run.id], |row| {
        block::decode_inbox(row.bytes(0)?, |keyed| {
            if keyed.key_id == key_id {
                points.push(keyed.point);
            }
        })
    })?;
    fold::sort(&mut points);
    Ok(points)
}
