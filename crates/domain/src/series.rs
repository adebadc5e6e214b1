//! A metric's history thinned for drawing: every point while they are few, else buckets that hide no peak.

use crate::{Error, Result};

/// What a point is drawn over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    Step,
    /// Milliseconds since 1970.
    Time,
    /// Milliseconds since the run started.
    Relative,
}

impl Axis {
    pub const ALL: [Self; 3] = [Self::Step, Self::Time, Self::Relative];

    pub fn name(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Time => "time",
            Self::Relative => "relative",
        }
    }

    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|axis| axis.name() == text)
            .ok_or_else(|| Error::Invalid(format!("x is '{text}', write step, time or relative")))
    }
}

/// What became of the points.
#[derive(Clone, Debug, PartialEq)]
pub enum Sample {
    /// All of them, by x and then as they came.
    Points(Vec<(i64, f64)>),
    /// Bucket `index` covers x from `index * width` on; those without a point are left out.
    Buckets { width: i64, buckets: Vec<Bucket> },
}

/// The points of a stretch of the axis. `min`, `max` and `mean` are those of its numbers, and NaN when it has none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    pub index: i64,
    pub min: f64,
    pub max: f64,
    sum: f64,
    numbers: u64,
    /// The value of the point with the greatest x; the later one of two.
    pub last: f64,
    last_x: i64,
    /// One of the points is NaN.
    pub has_nan: bool,
}

impl Bucket {
    fn of(index: i64, x: i64, value: f64) -> Self {
        Self {
            index,
            min: value,
            max: value,
            sum: if value.is_nan() { 0.0 } else { value },
            numbers: u64::from(!value.is_nan()),
            last: value,
            last_x: x,
            has_nan: value.is_nan(),
        }
    }

    /// The sum of finite numbers may leave the range of a double, which their mean does not.
    pub fn mean(&self) -> f64 {
        if self.numbers == 0 {
            return f64::NAN;
        }
        (self.sum / self.numbers as f64).clamp(self.min, self.max)
    }

    /// `other` has come later.
    fn absorb(&mut self, other: &Self) {
        // Of a number and NaN both take the number.
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum += other.sum;
        self.numbers += other.numbers;
        if other.last_x >= self.last_x {
            (self.last, self.last_x) = (other.last, other.last_x);
        }
        self.has_nan |= other.has_nan;
    }
}

/// Takes points in any order, the later logged ones later, and never holds more than about twice what is asked for.
///
/// Widths are powers of two and buckets begin at their multiples, so that histories of one pace have their buckets at
/// the same places, whatever their length.
pub struct Sampler {
    most: usize,
    from: i64,
    to: i64,
    seen: u64,
    points: Vec<(i64, f64)>,
    /// Log2 of the width.
    scale: u32,
    buckets: Vec<Bucket>,
}

impl Sampler {
    /// At most `most` points or buckets (at least two) of those from x `from` to x `to`, both included.
    pub fn new(most: usize, from: Option<i64>, to: Option<i64>) -> Self {
        Self {
            most: most.max(2),
            from: from.unwrap_or(i64::MIN),
            to: to.unwrap_or(i64::MAX),
            seen: 0,
            points: Vec::new(),
            scale: 0,
            buckets: Vec::new(),
        }
    }

    pub fn add(&mut self, x: i64, value: f64) {
        if x < self.from || x > self.to {
            return;
        }
        self.seen += 1;
        if self.buckets.is_empty() {
            self.points.push((x, value));
            if self.points.len() > self.most {
                for (x, value) in std::mem::take(&mut self.points) {
                    self.put(x, value);
                }
            }
        } else {
            self.put(x, value);
        }
    }

    fn put(&mut self, x: i64, value: f64) {
        let bucket = Bucket::of(x >> self.scale, x, value);
        match self.buckets.last_mut() {
            Some(last) if last.index == bucket.index => last.absorb(&bucket),
            Some(last) if last.index < bucket.index => self.buckets.push(bucket),
            None => self.buckets.push(bucket),
            Some(_) => match self.buckets.binary_search_by_key(&bucket.index, |bucket| bucket.index) {
                Ok(at) => self.buckets[at].absorb(&bucket),
                Err(at) => self.buckets.insert(at, bucket),
            },
        }
        while self.buckets.len() > self.most {
            self.widen();
        }
    }

    /// Two neighbours become one.
    fn widen(&mut self) {
        self.scale += 1;
        for bucket in &mut self.buckets {
            bucket.index >>= 1;
        }
        self.buckets.dedup_by(|right, left| {
            let same = right.index == left.index;
            if same {
                left.absorb(right);
            }
            same
        });
    }

    /// How many points were in the range, and what became of them.
    pub fn finish(mut self) -> (u64, Sample) {
        if self.buckets.is_empty() {
            self.points.sort_by_key(|(x, _)| *x);
            return (self.seen, Sample::Points(self.points));
        }
        // There are two buckets for the whole axis at scale 63, so a width is never more than that.
        let width = 1_i64.checked_shl(self.scale).filter(|width| *width > 0).unwrap_or(i64::MAX);
        (self.seen, Sample::Buckets { width, buckets: self.buckets })
    }
}

#[cfg(test)]
mod tests;
