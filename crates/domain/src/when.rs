//! Dates as people know them: a year, a month, a day, a minute. A date keeps its precision and is never moved
//! between time zones.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use thiserror::Error;

words! {
    /// How exactly a moment is known.
    Precision("precision") {
        /// Only the year.
        Year = "year",
        /// Year and month.
        Month = "month",
        /// The day.
        Day = "day",
        /// The hour.
        Hour = "hour",
        /// The minute.
        Minute = "minute",
        /// The second.
        Second = "second",
    }
}

/// A moment at its known precision, with the offset from UTC where one was given.
///
/// Text form: reduced ISO 8601, `2026`, `2026-03`, `2026-03-17`, `2026-03-17T10`, `2026-03-17T10:22`,
/// `2026-03-17T10:22:05`, the three last ones optionally followed by `Z` or `+02:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct When {
    start: DateTime,
    precision: Precision,
    offset_minutes: Option<i16>,
}

/// A text that is not a date at any precision.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{found:?} is not a date; expected a year, a month, a day or a time such as 2026, 2026-03, 2026-03-17 or 2026-03-17T10:22+02:00"
)]
pub struct WhenError {
    /// What was found.
    pub found: String,
}

impl When {
    /// A day.
    #[must_use]
    pub fn day(date: Date) -> Self {
        Self {
            start: date.to_datetime(jiff::civil::Time::midnight()),
            precision: Precision::Day,
            offset_minutes: None,
        }
    }

    /// A moment cut to its precision; an offset needs at least the hour and lies within ±18 h, otherwise it is dropped.
    #[must_use]
    pub fn new(start: DateTime, precision: Precision, offset_minutes: Option<i16>) -> Self {
        let offset_minutes = offset_minutes
            .filter(|minutes| precision >= Precision::Hour && minutes.unsigned_abs() <= 18 * 60);
        Self { start: cut(start, precision), precision, offset_minutes }
    }

    /// An instant in UTC, to the second.
    #[must_use]
    pub fn instant(at: crate::time::Timestamp) -> Self {
        let civil = jiff::tz::TimeZone::UTC.to_datetime(at.to_jiff());
        Self::new(civil, Precision::Second, Some(0))
    }

    /// The earliest moment that this date can mean, as the clock on the wall showed it.
    #[must_use]
    pub fn start(&self) -> DateTime {
        self.start
    }

    /// How exactly the moment is known.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Minutes east of UTC, where known.
    #[must_use]
    pub fn offset_minutes(&self) -> Option<i16> {
        self.offset_minutes
    }

    /// The calendar year.
    #[must_use]
    pub fn year(&self) -> i16 {
        self.start.year()
    }

    /// The day, if the date is at least that precise.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        (self.precision >= Precision::Day).then(|| self.start.date())
    }

    /// Milliseconds since 1970 of [`Self::start`], reading a missing offset as UTC: a key for sorting, not an instant.
    #[must_use]
    pub fn sort_millis(&self) -> i64 {
        let utc = self.start.to_zoned(jiff::tz::TimeZone::UTC).map_or(0, |z| z.timestamp().as_millisecond());
        utc - i64::from(self.offset_minutes.unwrap_or(0)) * 60_000
    }

    /// Seconds from `self` to `later`, if both are at least as precise as `unit`. Negative when they are out of order.
    ///
    /// Offsets count only when both are known; a date with a missing offset is compared by wall clock.
    #[must_use]
    pub fn seconds_until(&self, later: &Self, unit: Precision) -> Option<i64> {
        if self.precision < unit || later.precision < unit {
            return None;
        }
        let wall = (later.wall_millis() - self.wall_millis()) / 1_000;
        match (self.offset_minutes, later.offset_minutes) {
            (Some(a), Some(b)) => Some(wall - i64::from(b - a) * 60),
            _ => Some(wall),
        }
    }

    fn wall_millis(&self) -> i64 {
        Self { offset_minutes: None, ..*self }.sort_millis()
    }
}

fn cut(at: DateTime, precision: Precision) -> DateTime {
    let (hour, minute, second) = match precision {
        Precision::Year | Precision::Month | Precision::Day => (0, 0, 0),
        Precision::Hour => (at.hour(), 0, 0),
        Precision::Minute => (at.hour(), at.minute(), 0),
        Precision::Second => (at.hour(), at.minute(), at.second()),
    };
    let month = if precision == Precision::Year { 1 } else { at.month() };
    let day = if precision <= Precision::Month { 1 } else { at.day() };
    DateTime::new(at.year(), month, day, hour, minute, second, 0).unwrap_or(at)
}

impl PartialOrd for When {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Sorted by start (offsets applied where known), the less precise first.
impl Ord for When {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.sort_millis(), self.precision, self.offset_minutes).cmp(&(
            other.sort_millis(),
            other.precision,
            other.offset_minutes,
        ))
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.start;
        write!(f, "{:04}", at.year())?;
        if self.precision >= Precision::Month {
            write!(f, "-{:02}", at.month())?;
        }
        if self.precision >= Precision::Day {
            write!(f, "-{:02}", at.day())?;
        }
        if self.precision >= Precision::Hour {
            write!(f, "T{:02}", at.hour())?;
        }
        if self.precision >= Precision::Minute {
            write!(f, ":{:02}", at.minute())?;
        }
        if self.precision >= Precision::Second {
            write!(f, ":{:02}", at.second())?;
        }
        match self.offset_minutes {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60)
            }
        }
    }
}

impl FromStr for When {
    type Err = WhenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text.trim()).ok_or_else(|| WhenError { found: text.to_owned() })
    }
}

fn parse(text: &str) -> Option<When> {
    let (day_part, time_part) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let mut parts = day_part.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map(|p| number(p, 2)).transpose_option()?;
    let day = parts.next().map(|p| number(p, 2)).transpose_option()?;
    if parts.next().is_some() {
        return None;
    }
    let Some(time) = time_part else {
        let precision = match (month, day) {
            (None, _) => Precision::Year,
            (Some(_), None) => Precision::Month,
            (Some(_), Some(_)) => Precision::Day,
        };
        return build(year, month, day, None, precision, None);
    };
    day?;
    let (clock, offset) = split_offset(time)?;
    let mut parts = clock.split(':');
    let hour = number(parts.next()?, 2)?;
    let minute = parts.next().map(|p| number(p, 2)).transpose_option()?;
    let second = parts.next().map(|p| number(p.split('.').next().unwrap_or(p), 2)).transpose_option()?;
    if parts.next().is_some() {
        return None;
    }
    let precision = match (minute, second) {
        (None, _) => Precision::Hour,
        (Some(_), None) => Precision::Minute,
        (Some(_), Some(_)) => Precision::Second,
    };
    build(year, month, day, Some((hour, minute.unwrap_or(0), second.unwrap_or(0))), precision, offset)
}

/// `Option<Option<T>>` → a missing part is fine, an unreadable part is not.
trait TransposeOption<T> {
    fn transpose_option(self) -> Option<Option<T>>;
}

impl<T> TransposeOption<T> for Option<Option<T>> {
    fn transpose_option(self) -> Option<Option<T>> {
        match self {
            None => Some(None),
            Some(None) => None,
            Some(Some(value)) => Some(Some(value)),
        }
    }
}

fn number(text: &str, digits: usize) -> Option<i16> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn split_offset(time: &str) -> Option<(&str, Option<i16>)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, Some(0)));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, None)) };
    let (clock, offset) = time.split_at(at);
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let minutes = number(hours, 2)? * 60 + number(minutes, 2)?;
    if minutes > 18 * 60 {
        return None;
    }
    Some((clock, Some(if offset.starts_with('-') { -minutes } else { minutes })))
}

fn build(
    year: i16,
    month: Option<i16>,
    day: Option<i16>,
    clock: Option<(i16, i16, i16)>,
    precision: Precision,
    offset: Option<i16>,
) -> Option<When> {
    let small = |n: i16| i8::try_from(n).ok();
    let (hour, minute, second) = clock.unwrap_or((0, 0, 0));
    let start = DateTime::new(
        year,
        small(month.unwrap_or(1))?,
        small(day.unwrap_or(1))?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        0,
    )
    .ok()?;
    Some(When::new(start, precision, offset))
}

impl serde::Serialize for When {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for When {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
