//! The days on which tokens and memberships end, as GitLab counts them: from the day's first moment, UTC.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::{Error, Result};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// GitLab's default for tokens, and the most that it lets a client ask for.
const DEFAULT_DAYS: i64 = 365;
/// What a rotated token lasts unless told otherwise.
const ROTATED_DAYS: i64 = 7;

/// The moment at which `YYYY-MM-DD` begins, which must lie ahead of `now`.
pub fn parse(text: &str, now: i64) -> Result<i64> {
    let date: Date =
        text.parse().map_err(|_| Error::invalid(format!("'{text}' is not a date: write YYYY-MM-DD")))?;
    // The last days that a date can name lie beyond what a time can.
    let zoned = date.to_zoned(TimeZone::UTC);
    let zoned = zoned.map_err(|_| Error::invalid(format!("the date '{text}' lies too far in the future")))?;
    let begins = zoned.timestamp().as_millisecond();
    if begins <= now {
        return Err(Error::invalid(format!("the expiry date '{text}' does not lie in the future")));
    }
    Ok(begins)
}

/// The same for a token, which ends after a year unless told otherwise.
pub fn of_token(text: Option<&str>, now: i64) -> Result<Option<i64>> {
    match text {
        None => Ok(Some((now / DAY_MS + DEFAULT_DAYS) * DAY_MS)),
        Some("never") => Ok(None),
        Some(text) => parse(text, now).map(Some),
    }
}

/// The same over HTTP, where a token always ends: within a year, and a week after a rotation unless told otherwise.
pub fn of_token_over_http(text: Option<&str>, rotated: bool, now: i64) -> Result<i64> {
    let today = now / DAY_MS;
    let Some(text) = text else {
        return Ok((today + if rotated { ROTATED_DAYS } else { DEFAULT_DAYS }) * DAY_MS);
    };
    let ends = parse(text, now)?;
    let latest = (today + DEFAULT_DAYS) * DAY_MS;
    if ends > latest {
        return Err(Error::invalid(format!(
            "the expiry date '{text}' is too far: a token ends on '{}' at the latest, {DEFAULT_DAYS} days from now",
            date(latest)
        )));
    }
    Ok(ends)
}

/// A day or a moment, as GitLab's filters take it, of parameter `name`.
pub fn moment(text: &str, name: &str) -> Result<i64> {
    let moment = text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond);
    let day = || {
        text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp().as_millisecond())
    };
    moment.or_else(day).ok_or_else(|| {
        Error::invalid(format!(
            "{name} is '{text}', which is no time: write 2026-01-31 or 2026-01-31T12:00:00Z (with %2B for '+')"
        ))
    })
}

/// `2026-01-31`.
pub fn date(ms: i64) -> String {
    time(ms).chars().take("YYYY-MM-DD".len()).collect()
}

/// `2026-01-31T12:00:00.000Z`, as GitLab writes times.
pub fn time(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(|time| format!("{time:.3}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_767_225_600_123; // 2026-01-01T00:00:00.123Z

    #[test]
    fn days_begin_at_midnight_utc() {
        assert_eq!(parse("2026-01-02", NOW).unwrap(), 1_767_312_000_000);
        assert_eq!(time(NOW), "2026-01-01T00:00:00.123Z");
        assert_eq!(date(of_token(None, NOW).unwrap().unwrap()), "2027-01-01");
        assert_eq!(of_token(Some("never"), NOW).unwrap(), None);
    }

    #[test]
    fn over_http_a_token_always_ends() {
        assert_eq!(date(of_token_over_http(None, false, NOW).unwrap()), "2027-01-01");
        assert_eq!(date(of_token_over_http(None, true, NOW).unwrap()), "2026-01-08");
        assert_eq!(date(of_token_over_http(Some("2027-01-01"), true, NOW).unwrap()), "2027-01-01");
        for text in ["2027-01-02", "9999-12-31", "never", "2026-01-01"] {
            let refused = of_token_over_http(Some(text), false, NOW);
            assert!(matches!(refused, Err(Error::Invalid(message)) if message.contains(text)), "{text}");
        }
    }

    #[test]
    fn a_moment_is_a_day_or_a_time() {
        let day = 1_767_225_600_000;
        for (text, ms) in [
            ("2026-01-01", day),
            ("2026-01-01T00:00:00Z", day),
            ("2026-01-01T01:00:00+01:00", day),
            ("2026-01-01T00:00:00.123Z", NOW),
        ] {
            assert_eq!(moment(text, "created_after").unwrap(), ms, "{text}");
        }
        assert!(moment("yesterday", "created_after").is_err());
    }

    #[test]
    fn refuses_the_past_and_what_is_no_date() {
        for text in ["2026-01-01", "1999-12-31", "2026-02-30", "tomorrow", "", "01/02/2030"] {
            assert!(
                matches!(parse(text, NOW), Err(Error::Invalid(message)) if message.contains(text)),
                "{text}"
            );
        }
    }
}
