//! The zip format, as far as it is written here: sizes known before, checksums only behind the bytes.
//!
//! Entries are "deflated" into blocks that hold the bytes as they are. What models are made of hardly gets smaller, and
//! the processor has better to do; the length of the whole is known before the first byte; and readers that read an
//! archive from its beginning (Java's `ZipInputStream`, macOS) refuse plainly stored entries whose checksum follows
//! behind, where a deflated one says itself where it ends. The crates at hand (`zip`, `async_zip`) either want to seek in
//! what they write, write stored entries of the refused kind, or have open issues with zip64 where they do not seek.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Bytes of a block at most.
pub const BLOCK: usize = 65_535;
/// What stands before each block.
const BLOCK_HEAD: u64 = 5;

const LOCAL: u32 = 0x0403_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const END_64_LOCATOR: u32 = 0x0706_4b50;

/// Names are UTF-8; sizes and checksum stand behind the bytes.
const FLAGS: u16 = 1 << 11 | 1 << 3;
const DEFLATED: u16 = 8;
/// The version of the format that an entry needs.
const PLAIN: u16 = 20;
const WITH_64: u16 = 45;
/// Made on Unix: the mode of a file stands in its attributes.
const MADE_BY: u16 = 3 << 8 | WITH_64;
const MODE: u32 = 0o100_644 << 16;
/// The extra field for what is longer than 32 bits.
const ZIP_64: u16 = 1;
/// Stands for a number in the extra field.
const MAX_32: u64 = 0xffff_ffff;
const MAX_16: u64 = 0xffff;

/// A file in an archive.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: String,
    pub size: u64,
    /// Date and time as MS-DOS had them.
    modified: u32,
}

impl Entry {
    /// `modified_at` in milliseconds since 1970.
    pub fn new(name: String, size: u64, modified_at: i64) -> Self {
        Self { name, size, modified: dos_time(modified_at) }
    }

    fn packed(&self) -> u64 {
        let blocks = self.size.div_ceil(BLOCK as u64).max(1);
        self.size + blocks * BLOCK_HEAD
    }

    fn is_large(&self) -> bool {
        self.packed() >= MAX_32
    }

    fn needs(&self, large: bool) -> u16 {
        if large { WITH_64 } else { PLAIN }
    }

    fn local_length(&self) -> u64 {
        30 + self.name.len() as u64 + if self.is_large() { 20 } else { 0 }
    }

    fn descriptor_length(&self) -> u64 {
        if self.is_large() { 24 } else { 16 }
    }

    fn central_length(&self, offset: u64) -> u64 {
        46 + self.name.len() as u64 + self.extra(offset).len() as u64
    }

    /// What of the entry is too large for its place in the directory.
    fn extra(&self, offset: u64) -> Vec<u8> {
        let large = [self.size, self.packed(), offset].into_iter().filter(|number| *number >= MAX_32);
        let numbers: Vec<u8> = large.flat_map(u64::to_le_bytes).collect();
        if numbers.is_empty() {
            return numbers;
        }
        let mut extra = ZIP_64.to_le_bytes().to_vec();
        extra.extend((numbers.len() as u16).to_le_bytes());
        extra.extend(numbers);
        extra
    }
}

/// Seconds in pairs since 1980 by the clock of UTC; what is before or behind what can be said is the first or the last.
fn dos_time(modified_at: i64) -> u32 {
    let Ok(time) = Timestamp::from_millisecond(modified_at) else { return 1 << 21 | 1 << 16 };
    let time = time.to_zoned(TimeZone::UTC).datetime();
    let number = |number: i8| u32::from(number.unsigned_abs());
    match time.year() {
        ..1980 => 1 << 21 | 1 << 16,
        2108.. => 127 << 25 | 12 << 21 | 31 << 16 | 23 << 11 | 59 << 5 | 29,
        year => {
            let date =
                u32::from(year.unsigned_abs() - 1980) << 9 | number(time.month()) << 5 | number(time.day());
            let clock = number(time.hour()) << 11 | number(time.minute()) << 5 | (number(time.second()) / 2);
            date << 16 | clock
        }
    }
}

/// The head of a block of `length` bytes, which follow as they are.
pub fn block(length: usize, last: bool, out: &mut Vec<u8>) {
    // At most BLOCK, which is 16 bits.
    let length = length as u16;
    out.push(u8::from(last));
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
}

/// Bytes of the whole archive.
pub fn length(entries: &[Entry]) -> u64 {
    let (mut offset, mut directory) = (0, 0);
    for entry in entries {
        directory += entry.central_length(offset);
        offset += entry.local_length() + entry.packed() + entry.descriptor_length();
    }
    let end = if is_large(entries.len() as u64, directory, offset) { 56 + 20 + 22 } else { 22 };
    offset + directory + end
}

fn is_large(count: u64, directory: u64, offset: u64) -> bool {
    count >= MAX_16 || directory >= MAX_32 || offset >= MAX_32
}

/// What stands at the end of an archive, gathered on the way.
#[derive(Default)]
pub struct Directory {
    bytes: Vec<u8>,
    count: u64,
    /// Where the next entry begins.
    offset: u64,
}

fn put_16(out: &mut Vec<u8>, numbers: impl IntoIterator<Item = u16>) {
    out.extend(numbers.into_iter().flat_map(u16::to_le_bytes));
}

fn put_32(out: &mut Vec<u8>, numbers: impl IntoIterator<Item = u32>) {
    out.extend(numbers.into_iter().flat_map(u32::to_le_bytes));
}

fn put_64(out: &mut Vec<u8>, numbers: impl IntoIterator<Item = u64>) {
    out.extend(numbers.into_iter().flat_map(u64::to_le_bytes));
}

/// As much of it as there is room for; the rest is in the extra field.
fn short(number: u64) -> u32 {
    number.min(MAX_32) as u32
}

impl Directory {
    /// Writes what stands before the bytes of an entry.
    pub fn begin(&self, entry: &Entry, out: &mut Vec<u8>) {
        let large = entry.is_large();
        put_32(out, [LOCAL]);
        put_16(out, [entry.needs(large), FLAGS, DEFLATED]);
        put_32(out, [entry.modified, 0]);
        let size = if large { u32::MAX } else { 0 };
        put_32(out, [size, size]);
        put_16(out, [entry.name.len() as u16, if large { 20 } else { 0 }]);
        out.extend(entry.name.as_bytes());
        if large {
            put_16(out, [ZIP_64, 16]);
            put_64(out, [0, 0]);
        }
    }

    /// Writes what stands behind them.
    pub fn end(&mut self, entry: Entry, crc: u32, out: &mut Vec<u8>) {
        let packed = entry.packed();
        put_32(out, [DESCRIPTOR, crc]);
        if entry.is_large() {
            put_64(out, [packed, entry.size]);
        } else {
            put_32(out, [short(packed), short(entry.size)]);
        }
        let extra = entry.extra(self.offset);
        let bytes = &mut self.bytes;
        put_32(bytes, [CENTRAL]);
        put_16(bytes, [MADE_BY, entry.needs(!extra.is_empty() || entry.is_large()), FLAGS, DEFLATED]);
        put_32(bytes, [entry.modified, crc, short(packed), short(entry.size)]);
        put_16(bytes, [entry.name.len() as u16, extra.len() as u16, 0, 0, 0]);
        put_32(bytes, [MODE, short(self.offset)]);
        bytes.extend(entry.name.as_bytes());
        bytes.extend(extra);
        self.count += 1;
        self.offset += entry.local_length() + packed + entry.descriptor_length();
    }

    /// Writes the directory and the end of the archive.
    pub fn finish(self, out: &mut Vec<u8>) {
        let Self { bytes, count, offset } = self;
        let size = bytes.len() as u64;
        out.extend(bytes);
        if is_large(count, size, offset) {
            put_32(out, [END_64]);
            put_64(out, [44]);
            put_16(out, [MADE_BY, WITH_64]);
            put_32(out, [0, 0]);
            put_64(out, [count, count, size, offset]);
            put_32(out, [END_64_LOCATOR, 0]);
            put_64(out, [offset + size]);
            put_32(out, [1]);
        }
        let count = count.min(MAX_16) as u16;
        put_32(out, [END]);
        put_16(out, [0, 0, count, count]);
        put_32(out, [short(size), short(offset)]);
        put_16(out, [0]);
    }
}

#[cfg(test)]
#[path = "zip_tests.rs"]
mod tests;
