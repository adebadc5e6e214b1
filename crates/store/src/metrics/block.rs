//! The two stored forms of metric points, both versioned and ending in a checksum.
//!
//! An *inbox body* holds the points of one request, of any keys, in arrival order; it is quick to write.
//! A *chunk body* holds sorted points of one key; it is small: times and steps as differences, values as XOR
//! with the one before, whole bytes only.
//!
//! ```text
//! inbox := 1 n { key time-delta step-delta value:8 }             crc32:4
//! chunk := 2 n { time-delta-of-delta step-delta } { xor-value }  crc32:4
//! ```
//! `n`, `key` are LEB128; deltas are zigzag LEB128; `value` is the IEEE double, little end first; `xor-value` is a
//! byte `trailing zero bytes << 4 | bytes that follow` and those bytes.

use weir_domain::metric::Point;
use weir_domain::{Error, Result};

const INBOX: u8 = 1;
const CHUNK: u8 = 2;

/// A point of the metric with this key number.
#[derive(Clone, Copy, Debug)]
pub struct KeyedPoint {
    pub key_id: i64,
    pub point: Point,
}

pub fn encode_inbox(points: &[KeyedPoint]) -> Vec<u8> {
    let mut out = Vec::with_capacity(16 + points.len() * 14);
    out.push(INBOX);
    put_unsigned(&mut out, points.len() as u64);
    let (mut time, mut step) = (0i64, 0i64);
    for keyed in points {
        let point = keyed.point;
        put_unsigned(&mut out, keyed.key_id as u64);
        put_signed(&mut out, point.timestamp.wrapping_sub(time));
        put_signed(&mut out, point.step.wrapping_sub(step));
        out.extend_from_slice(&point.value.to_bits().to_le_bytes());
        (time, step) = (point.timestamp, point.step);
    }
    seal(out)
}

pub fn decode_inbox(body: &[u8], mut visit: impl FnMut(KeyedPoint)) -> Result<()> {
    let mut reader = Reader::open(body, INBOX)?;
    let count = reader.unsigned()?;
    let (mut timestamp, mut step) = (0i64, 0i64);
    for _ in 0..count {
        let key_id = reader.unsigned()? as i64;
        timestamp = timestamp.wrapping_add(reader.signed()?);
        step = step.wrapping_add(reader.signed()?);
        let value = f64::from_bits(u64::from_le_bytes(reader.array()?));
        visit(KeyedPoint { key_id, point: Point { value, timestamp, step } });
    }
    reader.end()
}

pub fn encode_chunk(points: &[Point]) -> Vec<u8> {
    let mut out = Vec::with_capacity(16 + points.len() * 10);
    out.push(CHUNK);
    put_unsigned(&mut out, points.len() as u64);
    let (mut time, mut pace, mut step) = (0i64, 0i64, 0i64);
    for point in points {
        let delta = point.timestamp.wrapping_sub(time);
        put_signed(&mut out, delta.wrapping_sub(pace));
        put_signed(&mut out, point.step.wrapping_sub(step));
        (time, pace, step) = (point.timestamp, delta, point.step);
    }
    let mut previous = 0u64;
    for point in points {
        let bits = point.value.to_bits();
        let xor = bits ^ previous;
        let trailing = (xor.trailing_zeros() / 8).min(7);
        let bytes = if xor == 0 { 0 } else { 8 - xor.leading_zeros() / 8 - trailing };
        out.push((trailing << 4 | bytes) as u8);
        out.extend_from_slice(&(xor >> (trailing * 8)).to_le_bytes()[..bytes as usize]);
        previous = bits;
    }
    seal(out)
}

pub fn decode_chunk(body: &[u8]) -> Result<Vec<Point>> {
    let mut reader = Reader::open(body, CHUNK)?;
    let count = reader.unsigned()? as usize;
    // Every point takes at least three bytes, so a wrong count cannot ask for more memory than that.
    if count > body.len() {
        return Err(damaged("count"));
    }
    let mut points = Vec::with_capacity(count);
    let (mut timestamp, mut pace, mut step) = (0i64, 0i64, 0i64);
    for _ in 0..count {
        pace = pace.wrapping_add(reader.signed()?);
        timestamp = timestamp.wrapping_add(pace);
        step = step.wrapping_add(reader.signed()?);
        points.push(Point { value: 0.0, timestamp, step });
    }
    let mut previous = 0u64;
    for point in &mut points {
        previous ^= reader.xor()?;
        point.value = f64::from_bits(previous);
    }
    reader.end()?;
    Ok(points)
}

/// The first point of a chunk: times and steps of the others are passed over.
pub fn first_of_chunk(body: &[u8]) -> Result<Option<Point>> {
    let mut reader = Reader::open(body, CHUNK)?;
    let count = reader.unsigned()?;
    if count == 0 {
        return Ok(None);
    }
    let (timestamp, step) = (reader.signed()?, reader.signed()?);
    for _ in 1..count {
        reader.signed()?;
        reader.signed()?;
    }
    let value = f64::from_bits(reader.xor()?);
    Ok(Some(Point { value, timestamp, step }))
}

fn seal(mut out: Vec<u8>) -> Vec<u8> {
    let checksum = crc32fast::hash(&out);
    out.extend_from_slice(&checksum.to_le_bytes());
    out
}

fn put_unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_signed(out: &mut Vec<u8>, value: i64) {
    put_unsigned(out, ((value << 1) ^ (value >> 63)) as u64);
}

fn damaged(what: &str) -> Error {
    Error::internal(format!("a stored block of metric points is damaged: {what}"))
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn open(body: &'a [u8], version: u8) -> Result<Self> {
        let Some((content, checksum)) = body.split_last_chunk::<4>() else { return Err(damaged("length")) };
        if crc32fast::hash(content) != u32::from_le_bytes(*checksum) {
            return Err(damaged("checksum"));
        }
        match content.split_first() {
            Some((found, rest)) if *found == version => Ok(Self { rest }),
            _ => Err(damaged("version")),
        }
    }

    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.rest.split_first().ok_or_else(|| damaged("end"))?;
        self.rest = rest;
        Ok(*first)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(|| damaged("end"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or_else(|| damaged("end"))?;
        self.rest = rest;
        Ok(*taken)
    }

    fn unsigned(&mut self) -> Result<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(damaged("number"))
    }

    fn signed(&mut self) -> Result<i64> {
        let value = self.unsigned()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// What a value differs in from the one before.
    fn xor(&mut self) -> Result<u64> {
        let control = self.byte()?;
        let (trailing, bytes) = (u32::from(control >> 4), usize::from(control & 15));
        if trailing > 7 || bytes > 8 {
            return Err(damaged("value"));
        }
        let mut raw = [0u8; 8];
        raw[..bytes].copy_from_slice(self.take(bytes)?);
        Ok(u64::from_le_bytes(raw) << (trailing * 8))
    }

    fn end(self) -> Result<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(damaged("length")) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn points() -> impl Strategy<Value = Vec<Point>> {
        let point = (any::<f64>(), any::<i64>(), any::<i64>()).prop_map(|(value, timestamp, step)| Point {
            value,
            timestamp,
            step,
        });
        proptest::collection::vec(point, 0..200)
    }

    fn same(a: &Point, b: &Point) -> bool {
        (a.value.to_bits(), a.timestamp, a.step) == (b.value.to_bits(), b.timestamp, b.step)
    }

    proptest! {
        #[test]
        fn a_chunk_comes_back_as_it_was(points in points()) {
            let back = decode_chunk(&encode_chunk(&points)).unwrap();
            prop_assert_eq!(back.len(), points.len());
            prop_assert!(back.iter().zip(&points).all(|(a, b)| same(a, b)));
            let first = first_of_chunk(&encode_chunk(&points)).unwrap();
            prop_assert_eq!(first.is_some(), !points.is_empty());
            prop_assert!(first.iter().zip(&points).all(|(a, b)| same(a, b)));
        }

        #[test]
        fn an_inbox_body_comes_back_as_it_was(points in points(), key in 0..i64::MAX) {
            let keyed: Vec<_> = points.iter().map(|point| KeyedPoint { key_id: key, point: *point }).collect();
            let mut back = Vec::new();
            decode_inbox(&encode_inbox(&keyed), |point| back.push(point)).unwrap();
            prop_assert_eq!(back.len(), keyed.len());
            prop_assert!(back.iter().zip(&keyed).all(|(a, b)| a.key_id == b.key_id && same(&a.point, &b.point)));
        }

        #[test]
        fn damage_is_found_and_never_panics(points in points(), at in any::<prop::sample::Index>(), flip in 1u8..) {
            let mut body = encode_chunk(&points);
            let at = at.index(body.len());
            body[at] ^= flip;
            prop_assert!(decode_chunk(&body).is_err());
            let inbox = decode_inbox(&body, |_| {});
            prop_assert!(inbox.is_err());
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(mut bytes in proptest::collection::vec(any::<u8>(), 1..300), chunk in any::<bool>()) {
            bytes[0] = if chunk { CHUNK } else { INBOX };
            let sealed = seal(bytes);
            let _ = decode_chunk(&sealed);
            let _ = first_of_chunk(&sealed);
            let _ = decode_inbox(&sealed, |_| {});
        }
    }

    #[test]
    fn regular_training_takes_few_bytes_a_point() {
        let points: Vec<_> = (0..4096)
            .map(|step| Point {
                value: f64::from(step as i32) * 0.25,
                timestamp: 1_700_000_000_000 + step * 10,
                step,
            })
            .collect();
        assert!(encode_chunk(&points).len() < 4096 * 6);
    }
}
