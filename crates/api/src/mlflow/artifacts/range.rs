//! Conditional and partial downloads: what `Range`, `If-Range`, `If-None-Match` and `If-Modified-Since` ask for.

use std::ops::Range;
use std::time::SystemTime;

use axum::http::{HeaderMap, HeaderName, header};

/// Which bytes of a file to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slice {
    Whole,
    Part(Range<u64>),
    /// No byte of the file is in the range.
    Nothing,
}

/// Whether the client has the file as it is.
pub fn not_modified(headers: &HeaderMap, etag: &str, modified_at: SystemTime) -> bool {
    if headers.contains_key(header::IF_NONE_MATCH) {
        let tags = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        return tags
            .flat_map(|value| value.split(','))
            .map(|tag| tag.trim())
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag);
    }
    let since =
        text(headers, header::IF_MODIFIED_SINCE).and_then(|date| httpdate::parse_http_date(date).ok());
    since.is_some_and(|since| seconds(modified_at) <= seconds(since))
}

/// The part of a file of `size` bytes that is asked for. What is malformed, in other units or of several parts is
/// passed over, as HTTP allows: the whole file is never wrong.
pub fn slice(headers: &HeaderMap, size: u64, etag: &str, modified_at: SystemTime) -> Slice {
    let Some(range) = text(headers, header::RANGE) else { return Slice::Whole };
    if let Some(condition) = headers.get(header::IF_RANGE) {
        let condition = condition.to_str().unwrap_or_default();
        let same_date =
            || httpdate::parse_http_date(condition).is_ok_and(|date| seconds(date) == seconds(modified_at));
        if condition != etag && !same_date() {
            return Slice::Whole;
        }
    }
    parse(range, size).unwrap_or(Slice::Whole)
}

fn parse(range: &str, size: u64) -> Option<Slice> {
    let (unit, range) = range.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") || range.contains(',') {
        return None;
    }
    let (first, last) = range.trim().split_once('-')?;
    let range = match (number(first)?, number(last)?) {
        (Some(first), Some(last)) if first > last => return None,
        (Some(first), last) => first..last.map_or(size, |last| last.saturating_add(1)).min(size),
        (None, Some(suffix)) => size.saturating_sub(suffix)..size,
        (None, None) => return None,
    };
    Some(if range.start < range.end { Slice::Part(range) } else { Slice::Nothing })
}

/// Digits, or nothing; a number past all files counts as the largest.
fn number(text: &str) -> Option<Option<u64>> {
    if text.is_empty() {
        return Some(None);
    }
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| Some(text.parse().unwrap_or(u64::MAX)))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// HTTP dates have no fractions.
fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(range: &str, size: u64) -> Slice {
        parse(range, size).unwrap_or(Slice::Whole)
    }

    #[test]
    fn single_ranges_are_cut_out() {
        assert_eq!(of("bytes=0-0", 10), Slice::Part(0..1));
        assert_eq!(of("bytes=2-4", 10), Slice::Part(2..5));
        assert_eq!(of("Bytes=7-", 10), Slice::Part(7..10));
        assert_eq!(of("bytes=7-99999999999999999999999", 10), Slice::Part(7..10));
        assert_eq!(of("bytes=-3", 10), Slice::Part(7..10));
        assert_eq!(of("bytes=-30", 10), Slice::Part(0..10));
    }

    #[test]
    fn ranges_without_a_byte_are_nothing() {
        for (range, size) in
            [("bytes=10-", 10), ("bytes=10-11", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-5", 0)]
        {
            assert_eq!(of(range, size), Slice::Nothing, "{range} of {size}");
        }
    }

    #[test]
    fn what_is_not_understood_is_the_whole_file() {
        for range in [
            "bytes=0-1,3-4",
            "bytes=5-2",
            "lines=1-2",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=+1-2",
        ] {
            assert_eq!(of(range, 10), Slice::Whole, "{range}");
        }
    }

    proptest! {
        #[test]
        fn a_part_is_never_empty_nor_past_the_end(range in "(bytes=)?[0-9]{0,20}-?[0-9]{0,20}", size in 0..1000_u64) {
            if let Slice::Part(part) = of(&range, size) {
                prop_assert!(part.start < part.end && part.end <= size);
            }
        }
    }
}
