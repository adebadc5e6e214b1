//! The parts that the completion of a multipart upload names: all of them, or the file would be cut short.

use serde::Deserialize;
use weir_domain::key::missing;
use weir_domain::{Error, Result};

use super::MAX_PARTS;
use crate::wire::{Int, List, Text};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PartItem {
    #[serde(alias = "partNumber")]
    part_number: Int,
    etag: Text,
}

/// The numbers and etags, in the order of the file.
pub fn read(parts: List<PartItem>) -> Result<Vec<(u32, String)>> {
    let mut read = Vec::new();
    for (at, part) in parts.required("parts")?.into_iter().enumerate() {
        let number = part.part_number.required(format!("parts[{at}].part_number"))?;
        let number = u32::try_from(number)
            .map_err(|_| Error::Invalid(format!("part number {number} is not from 1 to {MAX_PARTS}")))?;
        read.push((number, part.etag.filled(format!("parts[{at}].etag"))?));
    }
    if read.is_empty() {
        return Err(Error::Invalid(missing("parts")));
    }
    read.sort_by_key(|(number, _)| *number);
    Ok(read)
}

/// How many missing parts a message names.
const NAMED: usize = 10;

/// Each of the parts from 1 to `num_parts` once, and no other: those are the addresses that were given out.
/// `parts` are in order.
pub fn check_whole(parts: &[(u32, String)], num_parts: i64) -> Result<()> {
    let mut missing: Vec<i64> = Vec::new();
    let mut expected = 1;
    for (number, _) in parts {
        let number = i64::from(*number);
        if !(1..=num_parts).contains(&number) {
            return Err(Error::Invalid(format!(
                "part {number} is not one of this upload: it was created with num_parts {num_parts}"
            )));
        }
        if number < expected {
            return Err(Error::Invalid(format!("part {number} is named twice")));
        }
        missing.extend(expected..number);
        expected = number + 1;
    }
    missing.extend(expected..=num_parts);
    if missing.is_empty() {
        return Ok(());
    }
    let mut names: Vec<String> = missing.iter().take(NAMED).map(ToString::to_string).collect();
    if missing.len() > NAMED {
        names.push(format!("{} more", missing.len() - NAMED));
    }
    let (noun, verb) = if missing.len() == 1 { ("part", "is") } else { ("parts", "are") };
    Err(Error::Invalid(format!(
        "{noun} {} of {num_parts} {verb} missing, name all of them with their etags",
        names.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(numbers: &[i64], num_parts: i64) -> Result<Vec<u32>> {
        let item =
            |number: &i64| PartItem { part_number: Int::Value(*number), etag: Text::Value("e".to_owned()) };
        let parts = read(List::Value(numbers.iter().map(item).collect()))?;
        check_whole(&parts, num_parts)?;
        Ok(parts.into_iter().map(|(number, _)| number).collect())
    }

    #[test]
    fn parts_come_in_any_order_but_whole() {
        assert_eq!(whole(&[3, 1, 2], 3).unwrap(), [1, 2, 3]);
        for (numbers, num_parts, message) in [
            (&[][..], 1, "Missing value for required parameter 'parts'"),
            (&[2], 2, "part 1 of 2 is missing"),
            (&[1, 3], 3, "part 2 of 3 is missing"),
            (&[1, 2], 3, "part 3 of 3 is missing"),
            (&[2], 4, "parts 1, 3, 4 of 4 are missing"),
            (&[1], 10_000, "parts 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 9989 more of 10000 are missing"),
            (&[1, 1], 1, "part 1 is named twice"),
            (&[1, 1], 2, "part 1 is named twice"),
            (&[0, 1], 1, "part 0 is not one of this upload"),
            (&[1, 2], 1, "part 2 is not one of this upload"),
            (&[-1], 1, "part number -1 is not from 1"),
        ] {
            let error = whole(numbers, num_parts).unwrap_err().to_string();
            assert!(error.contains(message), "{numbers:?}: {error}");
        }
    }
}
