//! The format by itself: lengths foretold, numbers beyond 32 bits, names.

use super::*;

const GIB: u64 = 1 << 30;

fn entry(name: &str, size: u64) -> Entry {
    Entry::new(name.to_owned(), size, 1_767_225_600_000)
}

/// What is written around the bytes of `entries`, and the bytes of the whole.
fn written(entries: &[Entry]) -> (Vec<u8>, u64) {
    let (mut directory, mut out) = (Directory::default(), Vec::new());
    for entry in entries {
        directory.begin(entry, &mut out);
        directory.end(entry.clone(), 7, &mut out);
    }
    directory.finish(&mut out);
    let whole = out.len() as u64 + entries.iter().map(Entry::packed).sum::<u64>();
    (out, whole)
}

fn finds(bytes: &[u8], signature: u32) -> usize {
    bytes.windows(4).filter(|window| *window == signature.to_le_bytes()).count()
}

#[test]
fn the_length_is_foretold() {
    let many: Vec<Entry> = (0..66_000).map(|index| entry(&format!("{index:05}"), 1)).collect();
    let lists = [
        Vec::new(),
        vec![entry("empty", 0)],
        vec![entry("a", 1), entry("b/c", 65_535), entry("b/d", 65_536), entry("b/é", 10_000_000)],
        vec![entry("large", 5 * GIB), entry("behind", 3)],
        vec![entry("one", 3 * GIB), entry("two", 3 * GIB), entry("three", 1)],
        vec![entry("exactly", MAX_32)],
        many,
    ];
    for entries in lists {
        let (_, whole) = written(&entries);
        assert_eq!(length(&entries), whole, "{} entries", entries.len());
    }
}

#[test]
fn only_what_is_large_is_in_the_larger_form() {
    let (small, _) = written(&[entry("a", 10)]);
    assert_eq!((finds(&small, END_64), finds(&small, END)), (0, 1));
    let (large, _) = written(&[entry("a", 5 * GIB)]);
    assert_eq!((finds(&large, END_64), finds(&large, END_64_LOCATOR)), (1, 1));
    assert_eq!(u16::from_le_bytes([large[4], large[5]]), WITH_64);
    assert_eq!(large[18..26], [0xff; 8]);
    // The second begins beyond 4 GiB, which only the directory has to say.
    let two = [entry("a", 5 * GIB), entry("b", 10)];
    let first = two[0].local_length() + two[0].packed() + two[0].descriptor_length();
    assert_eq!(two[1].extra(first).len(), 12);
    assert_eq!(two[1].local_length(), 31);
    let many: Vec<Entry> = (0..65_535).map(|index| entry(&index.to_string(), 0)).collect();
    assert_eq!(finds(&written(&many).0, END_64), 1);
    assert_eq!(finds(&written(&many[1..]).0, END_64), 0);
}

#[test]
fn times_are_those_of_ms_dos() {
    // 2026-01-01 00:00:00 and 2026-11-23 15:30:59
    assert_eq!(dos_time(1_767_225_600_000), (46 << 9 | 1 << 5 | 1) << 16);
    assert_eq!(dos_time(1_795_447_859_999), (46 << 9 | 11 << 5 | 23) << 16 | 15 << 11 | 30 << 5 | 29);
    assert_eq!(dos_time(0), (1 << 5 | 1) << 16);
    assert_eq!(dos_time(i64::MAX), (1 << 5 | 1) << 16);
    assert_eq!(dos_time(4_417_000_000_000), (127 << 9 | 12 << 5 | 31) << 16 | 23 << 11 | 59 << 5 | 29);
}
