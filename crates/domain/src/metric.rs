//! Metrics: one logged value, the order of a history, and which point is the latest.

use std::cmp::Ordering;

use crate::key::{KeyKind, check_key};
use crate::{Error, Result};

/// A value logged at a step and a time (milliseconds since 1970).
#[derive(Clone, Copy, Debug)]
pub struct Point {
    pub value: f64,
    pub timestamp: i64,
    pub step: i64,
}

/// A point of a named metric, as a client logs it.
#[derive(Clone, Debug)]
pub struct Metric {
    pub key: String,
    pub point: Point,
}

impl Metric {
    /// Checks name and time; `index` is where it stood in a batch.
    pub fn new(key: String, point: Point, index: Option<usize>) -> Result<Self> {
        check_key(KeyKind::Metric, &key, index)?;
        if point.timestamp < 0 {
            let parameter =
                index.map_or("timestamp".to_owned(), |index| format!("metrics[{index}].timestamp"));
            return Err(Error::Invalid(format!(
                "Invalid value {} for parameter '{parameter}' supplied: metric '{key}' (value={:?}). Timestamp must be a nonnegative long (64-bit integer) ",
                point.timestamp, point.value
            )));
        }
        Ok(Self { key, point })
    }
}

impl Point {
    /// NaN counts as 0 wherever points are put in order, as in MLflow's store.
    fn rank(&self) -> f64 {
        if self.value.is_nan() { 0.0 } else { self.value }
    }

    /// The order of a history: time, step, value. Total, so that equal means identical.
    pub fn history_order(&self, other: &Self) -> Ordering {
        self.timestamp
            .cmp(&other.timestamp)
            .then(self.step.cmp(&other.step))
            .then(self.rank().partial_cmp(&other.rank()).unwrap_or(Ordering::Equal))
            .then(self.value.is_nan().cmp(&other.value.is_nan()))
    }

    /// Whether this point takes the place of `latest`: the greatest (step, time, value) wins, whenever it was
    /// written; on a tie the one already there stays.
    pub fn supersedes(&self, latest: &Self) -> bool {
        let order = self
            .step
            .cmp(&latest.step)
            .then(self.timestamp.cmp(&latest.timestamp))
            .then(self.rank().partial_cmp(&latest.rank()).unwrap_or(Ordering::Equal));
        order == Ordering::Greater
    }
}

/// The latest point of a metric, and what its values (NaN apart) have ranged over.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    pub latest: Point,
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// Points received, repetitions included.
    pub points: i64,
}

impl Summary {
    pub fn of(point: Point) -> Self {
        let number = (!point.value.is_nan()).then_some(point.value);
        Self { latest: point, min: number, max: number, points: 1 }
    }

    pub fn add(&mut self, point: Point) {
        if point.supersedes(&self.latest) {
            self.latest = point;
        }
        if !point.value.is_nan() {
            self.min = Some(self.min.map_or(point.value, |min| min.min(point.value)));
            self.max = Some(self.max.map_or(point.value, |max| max.max(point.value)));
        }
        self.points += 1;
    }

    /// Joins two summaries of the same metric; `self` was there first.
    pub fn merge(&mut self, other: &Self) {
        if other.latest.supersedes(&self.latest) {
            self.latest = other.latest;
        }
        self.min = [self.min, other.min].into_iter().flatten().reduce(f64::min);
        self.max = [self.max, other.max].into_iter().flatten().reduce(f64::max);
        self.points += other.points;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(step: i64, timestamp: i64, value: f64) -> Point {
        Point { value, timestamp, step }
    }

    #[test]
    fn the_latest_is_the_greatest_and_not_the_last_written() {
        assert!(at(2, 1, 0.0).supersedes(&at(1, 9, 5.0)));
        assert!(!at(1, 99, 9.0).supersedes(&at(2, 1, 0.0)));
        assert!(at(1, 1, 2.0).supersedes(&at(1, 1, 1.0)));
        assert!(!at(1, 1, 1.0).supersedes(&at(1, 1, 1.0)));
    }

    #[test]
    fn nan_ties_as_zero() {
        let nan = f64::NAN;
        assert!(!at(0, 0, nan).supersedes(&at(0, 0, 5.0)));
        assert!(at(0, 0, nan).supersedes(&at(0, 0, -5.0)));
        assert!(!at(0, 0, -1.0).supersedes(&at(0, 0, nan)));
        assert!(!at(0, 0, 0.0).supersedes(&at(0, 0, nan)));
        assert!(at(0, 0, 1.0).supersedes(&at(0, 0, nan)));
        assert!(at(1, 0, nan).supersedes(&at(0, 0, 5.0)));
    }

    #[test]
    fn a_summary_ignores_nan_in_its_range() {
        let mut summary = Summary::of(at(0, 0, f64::NAN));
        summary.add(at(1, 0, 3.0));
        summary.add(at(2, 0, -1.0));
        assert_eq!((summary.min, summary.max, summary.points), (Some(-1.0), Some(3.0), 3));
        assert_eq!(summary.latest.value, -1.0);
    }
}
