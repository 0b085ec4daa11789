//! When an entry was written.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
/// 0000-01-01T00:00:00.000Z: RFC 3339 has years of four digits only.
const EARLIEST: i64 = -62_167_219_200_000;

/// An instant in whole milliseconds since 1970-01-01 UTC.
///
/// Its one text form is RFC 3339 in UTC with exactly three decimals, such as `2026-03-01T10:00:00.000Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At(Timestamp);

/// Not an instant that an entry can carry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AtError {
    /// Outside the years that RFC 3339 can write.
    #[error("expected a time between the years 0 and 9999, found {0} ms since 1970")]
    OutOfRange(i64),
    /// Not the one text form.
    #[error("expected a UTC time such as 2026-03-01T10:00:00.000Z, found {0:?}")]
    Text(String),
}

impl At {
    /// The instant that many milliseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// The year is not between 0 and 9999.
    pub fn from_millis(millis: i64) -> Result<Self, AtError> {
        let timestamp = Timestamp::from_millisecond(millis).map_err(|_| AtError::OutOfRange(millis))?;
        if millis < EARLIEST {
            return Err(AtError::OutOfRange(millis));
        }
        Ok(Self(timestamp))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn millis(self) -> i64 {
        self.0.as_millisecond()
    }
}

impl FromStr for At {
    type Err = AtError;

    fn from_str(text: &str) -> Result<Self, AtError> {
        let refused = || AtError::Text(text.chars().take(40).collect());
        let timestamp: Timestamp = text.parse().map_err(|_| refused())?;
        let at = Self::from_millis(timestamp.as_millisecond()).map_err(|_| refused())?;
        if at.to_string() == text { Ok(at) } else { Err(refused()) }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&PRINTER.timestamp_to_string(&self.0))
    }
}

impl fmt::Debug for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "At({self})")
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&PRINTER.timestamp_to_string(&self.0))
    }
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_exactly_three_decimals() {
        assert_eq!(At::from_millis(0).unwrap().to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(At::from_millis(1_772_359_200_007).unwrap().to_string(), "2026-03-01T10:00:00.007Z");
        assert_eq!(At::from_millis(EARLIEST).unwrap().to_string(), "0000-01-01T00:00:00.000Z");
        assert_eq!(At::from_millis(EARLIEST - 1), Err(AtError::OutOfRange(EARLIEST - 1)));
        assert_eq!(At::from_millis(i64::MAX), Err(AtError::OutOfRange(i64::MAX)));
    }

    #[test]
    fn only_the_one_text_form_is_read() {
        for good in ["2026-03-01T10:00:00.000Z", "0000-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z"] {
            assert_eq!(good.parse::<At>().unwrap().to_string(), good);
        }
        for bad in [
            "2026-03-01T10:00:00Z",
            "2026-03-01T10:00:00.00Z",
            "2026-03-01T10:00:00.0000Z",
            "2026-03-01T10:00:00.000+00:00",
            "2026-03-01t10:00:00.000z",
            "2026-03-01 10:00:00.000Z",
            "2026-02-30T10:00:00.000Z",
            "2026-03-01T23:59:60.000Z",
            "-002026-03-01T10:00:00.000Z",
            " 2026-03-01T10:00:00.000Z",
            "",
        ] {
            assert_eq!(bad.parse::<At>(), Err(AtError::Text(bad.to_owned())));
        }
    }
}
