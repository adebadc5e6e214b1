//! Times as our own routes write them: ISO 8601 in UTC with milliseconds. MLflow's have milliseconds since 1970.

use serde::ser::{Error as _, Serialize, Serializer};
use utoipa::ToSchema;

/// Milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime, description = "ISO 8601 in UTC with milliseconds", example = "2026-01-01T00:00:00.000Z")]
pub struct Time(pub i64);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let time = jiff::Timestamp::from_millisecond(self.0).map_err(S::Error::custom)?;
        serializer.collect_str(&format_args!("{time:.3}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_always_there() {
        let text = |ms| serde_json::to_string(&Time(ms)).unwrap();
        assert_eq!(text(1_767_225_600_000), r#""2026-01-01T00:00:00.000Z""#);
        assert_eq!(text(1_767_225_600_120), r#""2026-01-01T00:00:00.120Z""#);
        assert_eq!(text(-1), r#""1969-12-31T23:59:59.999Z""#);
        assert!(serde_json::to_string(&Time(i64::MAX)).is_err());
    }
}
