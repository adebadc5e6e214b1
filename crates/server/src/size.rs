//! Sizes as people write them: `1073741824`, `500MB`, `10GiB`.

/// The bytes of `text`. `K`, `M`, `G`, `T` and their `KiB` forms count in 1024, `KB` and its kin in 1000.
pub fn parse(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let unit_at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(unit_at);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "t" | "tib" => 1 << 40,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        _ => return Err("write a whole number of bytes, or one with KiB, MiB, GiB or TiB".to_owned()),
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "write a whole number of bytes, such as 1073741824 or 10GiB".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "that is more bytes than can be counted".to_owned())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_numbers_with_and_without_units() {
        assert_eq!(parse("0"), Ok(0));
        assert_eq!(parse("1024"), Ok(1024));
        assert_eq!(parse("10GiB"), Ok(10 << 30));
        assert_eq!(parse("10 gib"), Ok(10 << 30));
        assert_eq!(parse("2k"), Ok(2048));
        assert_eq!(parse("500MB"), Ok(500_000_000));
    }

    #[test]
    fn refuses_what_is_no_size() {
        for text in ["", "GiB", "-1", "1.5GiB", "10 potatoes", "99999999999999999999", "99999999TiB"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
