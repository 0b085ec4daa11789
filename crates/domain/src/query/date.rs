//! Dates in queries: periods of the calendar, days counted from today, ages.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, ToSpan};

/// A date as a query writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateValue {
    /// A stretch of the calendar: `2025`, `2025-Q1`, `2025-03`, `2025-03-17`.
    Period(Period),
    /// A day counted from today: `today`, `today-30d`, `today+2w`.
    FromToday {
        /// How many units; negative lies in the past.
        count: i16,
        /// The unit.
        unit: Unit,
    },
    /// An age (or, for dates to come, the time left): `30d`.
    Age {
        /// How many units, not negative.
        count: i16,
        /// The unit.
        unit: Unit,
    },
}

/// A stretch of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A year.
    Year(i16),
    /// A quarter, 1 to 4.
    Quarter(i16, i8),
    /// A month, 1 to 12.
    Month(i16, i8),
    /// A day.
    Day(Date),
}

/// A unit of counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `d`
    Days,
    /// `w`
    Weeks,
    /// `m`
    Months,
    /// `y`
    Years,
}

impl Period {
    /// Its first day.
    #[must_use]
    pub fn first(self) -> Date {
        let (year, month) = match self {
            Self::Year(year) => (year, 1),
            Self::Quarter(year, quarter) => (year, quarter * 3 - 2),
            Self::Month(year, month) => (year, month),
            Self::Day(date) => return date,
        };
        Date::new(year, month, 1).unwrap_or(Date::MIN)
    }

    /// The first day after it; `None` at the end of the calendar.
    #[must_use]
    pub fn next(self) -> Option<Date> {
        let length = match self {
            Self::Year(_) => 1.year(),
            Self::Quarter(..) => 3.months(),
            Self::Month(..) => 1.month(),
            Self::Day(_) => 1.day(),
        };
        self.first().checked_add(length).ok()
    }
}

impl DateValue {
    /// Reads a date; `None` when it is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let folded = text.to_lowercase();
        if let Some(rest) = folded.strip_prefix("today") {
            return from_today(rest);
        }
        if let Some((count, unit)) = counted(&folded) {
            return Some(Self::Age { count, unit });
        }
        period(&folded).map(Self::Period)
    }

    /// The days it covers when today is `as_of`: the first, and the first one after (`None`: without end).
    /// An age counts back, or forward if `ahead`.
    pub(super) fn days(self, as_of: Date, ahead: bool) -> (Date, Option<Date>) {
        let day = match self {
            Self::Period(period) => return (period.first(), period.next()),
            Self::FromToday { count, unit } => shift(as_of, count, unit),
            Self::Age { count, unit } => shift(as_of, if ahead { count } else { -count }, unit),
        };
        (day, day.tomorrow().ok())
    }
}

/// Midnight at the start of a day.
pub(super) fn midnight(day: Date) -> DateTime {
    day.to_datetime(Time::midnight())
}

fn shift(day: Date, count: i16, unit: Unit) -> Date {
    let span: Span = match unit {
        Unit::Days => count.days(),
        Unit::Weeks => count.weeks(),
        Unit::Months => count.months(),
        Unit::Years => count.years(),
    };
    day.saturating_add(span)
}

fn from_today(rest: &str) -> Option<DateValue> {
    if rest.is_empty() {
        return Some(DateValue::FromToday { count: 0, unit: Unit::Days });
    }
    let negative = rest.starts_with('-');
    let (count, unit) = counted(rest.strip_prefix(['-', '+'])?)?;
    Some(DateValue::FromToday { count: if negative { -count } else { count }, unit })
}

fn counted(text: &str) -> Option<(i16, Unit)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit = match unit {
        "d" => Unit::Days,
        "w" => Unit::Weeks,
        "m" => Unit::Months,
        "y" => Unit::Years,
        _ => return None,
    };
    let count = number.parse::<i16>().ok().filter(|count| *count <= 9_999)?;
    Some((count, unit))
}

fn period(text: &str) -> Option<Period> {
    let mut parts = text.split('-');
    let year: i16 = digits(parts.next()?, 4)?;
    let Some(second) = parts.next() else { return Some(Period::Year(year)) };
    let third = parts.next();
    if parts.next().is_some() {
        return None;
    }
    if let Some(quarter) = second.strip_prefix('q') {
        let quarter = i8::try_from(digits(quarter, 1)?).ok().filter(|q| (1..=4).contains(q))?;
        return third.is_none().then_some(Period::Quarter(year, quarter));
    }
    let month = i8::try_from(digits(second, 2)?).ok().filter(|m| (1..=12).contains(m))?;
    match third {
        None => Some(Period::Month(year, month)),
        Some(day) => Date::new(year, month, i8::try_from(digits(day, 2)?).ok()?).ok().map(Period::Day),
    }
}

fn digits(text: &str, count: usize) -> Option<i16> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Days => "d",
            Self::Weeks => "w",
            Self::Months => "m",
            Self::Years => "y",
        })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(date) => write!(f, "{date}"),
        }
    }
}

impl fmt::Display for DateValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Period(period) => period.fmt(f),
            Self::FromToday { count: 0, unit: Unit::Days } => f.write_str("today"),
            Self::FromToday { count, unit } => write!(f, "today{count:+}{unit}"),
            Self::Age { count, unit } => write!(f, "{count}{unit}"),
        }
    }
}
