//! The answer of sampled series: a JSON header, and arrays of numbers as their bytes are.
//!
//! ```text
//! body := "WSR1" length:u32 header data        all little-endian; 8 + length is a multiple of 8
//! ```
//! `header` is a [`SeriesHeader`] in JSON, filled up with blanks. Offsets count from the beginning of `data` and are
//! multiples of 8, so that a browser lays typed arrays over the bytes. Values are doubles, or floats where their error
//! cannot be seen: where the magnitudes fit a float and the values of the history spread widely enough.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_domain::series::{Bucket, Sample};
use weir_domain::{Error, Result};

#[derive(Serialize, ToSchema)]
pub struct SeriesHeader {
    /// `step`, `time` (milliseconds since 1970) or `relative` (milliseconds since the run started).
    axis: &'static str,
    /// Ids, as they were asked for.
    runs: Vec<String>,
    metrics: Vec<String>,
    /// What is told of each bucket, in the order of the arrays: some of `min`, `max`, `mean`, `last`.
    fields: Vec<&'static str>,
    /// Arrays that series share.
    xs: Vec<XArray>,
    /// By run, then by metric. A run without a point of a metric in the range has none of it.
    series: Vec<SeriesInfo>,
}

#[derive(Serialize, ToSchema)]
struct XArray {
    /// `f64` or `u32`.
    r#type: &'static str,
    offset: usize,
    length: usize,
}

/// One history. With `width` 0 it is exact: `length` doubles of x in `xs[x]`, and as many doubles at `offset`. Else it is
/// buckets: for each of `fields` there are `length` values of `bytes` bytes, one array behind the other from `offset` on.
/// Bucket `i` begins at `start + xs[x][i] * width` and ends before the next multiple of `width`.
#[derive(Serialize, ToSchema)]
struct SeriesInfo {
    /// Place in `runs`.
    run: usize,
    /// Place in `metrics`.
    metric: usize,
    /// In the range, before they were thinned.
    points: u64,
    length: usize,
    x: usize,
    start: f64,
    width: f64,
    /// 4 or 8.
    bytes: usize,
    offset: usize,
    /// Buckets in which a value is NaN; where all are, `min`, `max` and `mean` are NaN.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nan: Vec<usize>,
}

/// What is told of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Min,
    Max,
    Mean,
    Last,
}

impl Field {
    pub const ALL: [Self; 4] = [Self::Min, Self::Max, Self::Mean, Self::Last];

    pub fn name(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
            Self::Mean => "mean",
            Self::Last => "last",
        }
    }

    fn of(self, bucket: &Bucket) -> f64 {
        match self {
            Self::Min => bucket.min,
            Self::Max => bucket.max,
            Self::Mean => bucket.mean(),
            Self::Last => bucket.last,
        }
    }
}

pub struct SeriesBody {
    header: SeriesHeader,
    fields: Vec<Field>,
    data: Vec<u8>,
    /// Arrays of x that are there already.
    known: HashMap<(&'static str, Vec<u8>), usize>,
}

impl SeriesBody {
    pub fn new(axis: &'static str, runs: Vec<String>, metrics: Vec<String>, fields: Vec<Field>) -> Self {
        let names = fields.iter().map(|field| field.name()).collect();
        let header = SeriesHeader { axis, runs, metrics, fields: names, xs: Vec::new(), series: Vec::new() };
        Self { header, fields, data: Vec::new(), known: HashMap::new() }
    }

    /// The history of run `run` and metric `metric`, by their places in the lists.
    pub fn add(&mut self, run: usize, metric: usize, points: u64, sample: &Sample) {
        let info = match sample {
            Sample::Points(list) => {
                let x = self.x("f64", list.len(), list.iter().flat_map(|(x, _)| (*x as f64).to_le_bytes()));
                let values: Vec<f64> = list.iter().map(|(_, value)| *value).collect();
                let offset = self.put(&values, 8);
                SeriesInfo {
                    run,
                    metric,
                    points,
                    length: list.len(),
                    x,
                    start: 0.0,
                    width: 0.0,
                    bytes: 8,
                    offset,
                    nan: Vec::new(),
                }
            }
            Sample::Buckets { width, buckets } => self.buckets(run, metric, points, *width, buckets),
        };
        self.header.series.push(info);
    }

    fn buckets(
        &mut self,
        run: usize,
        metric: usize,
        points: u64,
        width: i64,
        buckets: &[Bucket],
    ) -> SeriesInfo {
        let first = buckets.first().map_or(0, |bucket| bucket.index);
        let places: Option<Vec<u32>> = buckets
            .iter()
            .map(|bucket| bucket.index.checked_sub(first).and_then(|place| u32::try_from(place).ok()))
            .collect();
        let x = match &places {
            Some(places) => self.x("u32", places.len(), places.iter().flat_map(|place| place.to_le_bytes())),
            // Too far apart.
            None => {
                let places = buckets.iter().map(|bucket| bucket.index as f64 - first as f64);
                self.x("f64", buckets.len(), places.flat_map(f64::to_le_bytes))
            }
        };
        let mut values = Vec::with_capacity(buckets.len() * self.fields.len());
        for field in &self.fields {
            values.extend(buckets.iter().map(|bucket| field.of(bucket)));
        }
        let bytes = if fits_floats(&values) { 4 } else { 8 };
        let offset = self.put(&values, bytes);
        let nan = buckets.iter().enumerate().filter(|(_, bucket)| bucket.has_nan).map(|(at, _)| at).collect();
        SeriesInfo {
            run,
            metric,
            points,
            length: buckets.len(),
            x,
            start: first as f64 * width as f64,
            width: width as f64,
            bytes,
            offset,
            nan,
        }
    }

    /// The place of an array of x, which is written when it is new.
    fn x(&mut self, r#type: &'static str, length: usize, bytes: impl Iterator<Item = u8>) -> usize {
        let key = (r#type, bytes.collect::<Vec<u8>>());
        if let Some(place) = self.known.get(&key) {
            return *place;
        }
        let offset = self.begin();
        self.data.extend_from_slice(&key.1);
        self.header.xs.push(XArray { r#type, offset, length });
        let place = self.header.xs.len() - 1;
        self.known.insert(key, place);
        place
    }

    fn put(&mut self, values: &[f64], bytes: usize) -> usize {
        let offset = self.begin();
        match bytes {
            4 => self.data.extend(values.iter().flat_map(|value| (*value as f32).to_le_bytes())),
            _ => self.data.extend(values.iter().flat_map(|value| value.to_le_bytes())),
        }
        offset
    }

    fn begin(&mut self) -> usize {
        self.data.resize(self.data.len().next_multiple_of(8), 0);
        self.data.len()
    }

    pub fn finish(self) -> Result<Vec<u8>> {
        let mut header = serde_json::to_vec(&self.header).map_err(Error::internal)?;
        header.resize(header.len().next_multiple_of(8), b' ');
        let mut body = Vec::with_capacity(8 + header.len() + self.data.len());
        body.extend_from_slice(b"WSR1");
        body.extend_from_slice(&u32::try_from(header.len()).map_err(Error::internal)?.to_le_bytes());
        body.extend(header);
        body.extend(self.data);
        Ok(body)
    }
}

/// Whether nobody sees the difference between these values and floats: none leaves the range of a float, on either side,
/// and rounding moves none by more than 1/1000 of what they spread over.
fn fits_floats(values: &[f64]) -> bool {
    let (mut low, mut high, mut error) = (f64::INFINITY, f64::NEG_INFINITY, 0.0_f64);
    for value in values.iter().filter(|value| value.is_finite()) {
        let float = *value as f32;
        if float.is_infinite() || (*value != 0.0 && !float.is_normal()) {
            return false;
        }
        low = low.min(*value);
        high = high.max(*value);
        error = error.max((f64::from(float) - value).abs());
    }
    error == 0.0 || error * 1000.0 <= high - low
}

#[cfg(test)]
mod tests {
    use super::fits_floats;

    #[test]
    fn floats_are_taken_where_they_do_no_harm() {
        assert!(fits_floats(&[]));
        assert!(fits_floats(&[0.1, 0.7, f64::NAN, f64::INFINITY]));
        assert!(fits_floats(&[0.5, 0.5]), "they are the same as floats");
        assert!(!fits_floats(&[0.1, 0.1]), "nothing to see but the error");
        assert!(!fits_floats(&[1e9, 1e9 + 1.0]));
        assert!(!fits_floats(&[1e300, 0.0]));
        assert!(!fits_floats(&[1e-300, 1.0]), "a logarithmic axis shows it");
    }
}
