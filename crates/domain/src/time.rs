//! Instants and dates. There is no clock here: the present moment is always an argument.

use std::fmt;
use std::str::FromStr;

pub use jiff::civil::Date;
use thiserror::Error;

/// An instant in UTC, to the millisecond: what both database engines can keep exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A text that is not an RFC 3339 instant.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{found:?} is not a time; expected RFC 3339 such as 2026-03-17T10:22:00Z")]
pub struct TimestampError {
    /// What was found.
    pub found: String,
}

impl Timestamp {
    /// 9999-12-30T00:00:00Z, an instant that every time zone can still show.
    pub const MAX: Self = Self(253_402_128_000_000);
    /// 0001-01-02T00:00:00Z, an instant that every time zone and both databases can show.
    pub const MIN: Self = Self(-62_135_510_400_000);

    /// From milliseconds since 1970-01-01T00:00:00Z, clamped to [`Self::MIN`]..=[`Self::MAX`].
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The same instant for calendar arithmetic.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// The civil date that a clock in `zone` shows at this instant.
    #[must_use]
    pub fn date_in(self, zone: &jiff::tz::TimeZone) -> Date {
        zone.to_datetime(self.to_jiff()).date()
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        Self::from_millis(instant.as_millisecond())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.to_jiff())
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>().map(Self::from).map_err(|_| TimestampError { found: text.to_owned() })
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_shown_to_the_millisecond_and_read_back() {
        let instant = Timestamp::from_millis(1_772_360_000_007);
        assert_eq!(instant.to_string(), "2026-03-01T10:13:20.007Z");
        assert_eq!(instant.to_string().parse::<Timestamp>().unwrap(), instant);
        assert_eq!(Timestamp::from_millis(0).to_string(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn the_extremes_are_shown_and_read_back() {
        for instant in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(instant.to_string().parse::<Timestamp>().unwrap(), instant, "{instant}");
        }
        assert_eq!(Timestamp::from_millis(i64::MAX), Timestamp::MAX);
    }

    #[test]
    fn what_is_not_a_time_is_named() {
        let error = "yesterday".parse::<Timestamp>().unwrap_err();
        assert!(error.to_string().contains("\"yesterday\""), "{error}");
    }
}
