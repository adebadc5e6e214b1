//! Spans of time as people write them: `7d`, `12h`, `30m`, `0s`.

/// Ten years: what is longer is a slip.
const MOST_MS: i64 = 3650 * 24 * 60 * 60 * 1000;

/// The milliseconds of `text`.
pub fn parse(text: &str) -> Result<i64, String> {
    let text = text.trim();
    let unit_at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(unit_at);
    let unit_ms: i64 = match unit.trim().to_ascii_lowercase().as_str() {
        "s" => 1000,
        "m" | "min" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        "d" => 24 * 60 * 60 * 1000,
        "w" => 7 * 24 * 60 * 60 * 1000,
        _ => return Err("write a whole number with its unit: s, m, h, d or w, such as 7d".to_owned()),
    };
    let number: Option<i64> = digits.parse().ok();
    let number = number.ok_or_else(|| "write a whole number with its unit, such as 7d".to_owned())?;
    let span = number.checked_mul(unit_ms).filter(|span| *span <= MOST_MS);
    span.ok_or_else(|| "that is more than ten years".to_owned())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_numbers_with_their_units() {
        assert_eq!(parse("0s"), Ok(0));
        assert_eq!(parse("90 s"), Ok(90_000));
        assert_eq!(parse("30m"), Ok(1_800_000));
        assert_eq!(parse("12H"), Ok(43_200_000));
        assert_eq!(parse("7d"), Ok(604_800_000));
        assert_eq!(parse("2w"), Ok(1_209_600_000));
    }

    #[test]
    fn refuses_what_is_no_span() {
        for text in ["", "7", "d", "-1d", "1.5d", "10 fortnights", "3651d", "99999999999999999999d"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
