//! Histories of many runs and metrics, thinned while they are read.

use std::collections::HashMap;

use weir_domain::Result;
use weir_domain::metric::Point;
use weir_domain::series::{Axis, Sample, Sampler};

use super::block::{self, KeyedPoint};
use super::{fold, history};
use crate::Tx;

/// A run whose histories are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// The row.
    pub id: i64,
    pub started_at: i64,
}

#[derive(Clone, Debug)]
pub struct Wanted {
    /// Numbers of metrics.
    pub keys: Vec<i64>,
    pub axis: Axis,
    /// The part of the axis.
    pub from: Option<i64>,
    pub to: Option<i64>,
    /// Points or buckets of one history at most.
    pub most: usize,
}

/// One history.
#[derive(Clone, Debug)]
pub struct Series {
    /// Place in the list of runs.
    pub run: usize,
    /// Place in the list of keys.
    pub key: usize,
    /// Points in the part of the axis.
    pub points: u64,
    pub sample: Sample,
}

/// The histories that have a point in the part of the axis that is wanted. Holds one chunk, what the inbox has of
/// `runs`, and the answer.
///
/// Chunks know their times, so that on an axis of time only those are read that the wanted part reaches into; steps need
/// not rise with time, so on theirs all are.
pub fn list(tx: &mut Tx<'_>, runs: &[Subject], wanted: &Wanted) -> Result<Vec<Series>> {
    let fresh = inbox(tx, runs, wanted)?;
    let mut found = Vec::new();
    for (run_at, run) in runs.iter().enumerate() {
        let zero = if wanted.axis == Axis::Relative { run.started_at } else { 0 };
        let times = match wanted.axis {
            Axis::Step => (i64::MIN, i64::MAX),
            Axis::Time | Axis::Relative => (
                wanted.from.map_or(i64::MIN, |from| from.saturating_add(zero)),
                wanted.to.map_or(i64::MAX, |to| to.saturating_add(zero)),
            ),
        };
        for (key_at, key_id) in wanted.keys.iter().enumerate() {
            let mut sampler = Sampler::new(wanted.most, wanted.from, wanted.to);
            let fresh = fresh.get(&(run.id, *key_id)).map_or(&[][..], Vec::as_slice);
            history::walk(tx, run.id, *key_id, fresh, times, |point| {
                let x = match wanted.axis {
                    Axis::Step => point.step,
                    Axis::Time | Axis::Relative => point.timestamp.saturating_sub(zero),
                };
                sampler.add(x, point.value);
            })?;
            let (points, sample) = sampler.finish();
            if points > 0 {
                found.push(Series { run: run_at, key: key_at, points, sample });
            }
        }
    }
    Ok(found)
}

/// What was logged and not folded yet, sorted, by run and key.
fn inbox(tx: &mut Tx<'_>, runs: &[Subject], wanted: &Wanted) -> Result<HashMap<(i64, i64), Vec<Point>>> {
    let ids: Vec<i64> = runs.iter().map(|run| run.id).collect();
    let mut fresh: HashMap<(i64, i64), Vec<Point>> = HashMap::new();
    let sql = format!("SELECT run_id, body FROM metric_inbox WHERE {}", tx.any_of("run_id", "?1"));
    tx.each(&sql, &[&ids], |row| {
        let run_id = row.int(0)?;
        block::decode_inbox(row.bytes(1)?, |KeyedPoint { key_id, point }| {
            if wanted.keys.contains(&key_id) {
                fresh.entry((run_id, key_id)).or_default().push(point);
            }
        })
    })?;
    fresh.values_mut().for_each(fold::sort);
    Ok(fresh)
}
