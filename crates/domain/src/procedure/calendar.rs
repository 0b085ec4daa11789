//! The company's business calendar: which days count when a rule says "within ten days".

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use serde::{Deserialize, Serialize};

use super::notation::{NotationError, one_a_line, text_form};
use crate::text::Line;
use crate::time::Date;

words! {
    /// A day of the week.
    Weekday("day of the week") {
        /// Monday.
        Monday = "monday",
        /// Tuesday.
        Tuesday = "tuesday",
        /// Wednesday.
        Wednesday = "wednesday",
        /// Thursday.
        Thursday = "thursday",
        /// Friday.
        Friday = "friday",
        /// Saturday.
        Saturday = "saturday",
        /// Sunday.
        Sunday = "sunday",
    }
}

impl Weekday {
    /// The day of the week of a date.
    #[must_use]
    pub fn of(date: Date) -> Self {
        match date.weekday() {
            jiff::civil::Weekday::Monday => Self::Monday,
            jiff::civil::Weekday::Tuesday => Self::Tuesday,
            jiff::civil::Weekday::Wednesday => Self::Wednesday,
            jiff::civil::Weekday::Thursday => Self::Thursday,
            jiff::civil::Weekday::Friday => Self::Friday,
            jiff::civil::Weekday::Saturday => Self::Saturday,
            jiff::civil::Weekday::Sunday => Self::Sunday,
        }
    }
}

/// A day on which nobody is expected to work: `2026-12-25 Christmas Day`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// The day.
    pub on: Date,
    /// What it is called.
    pub name: Line,
}

/// Which days are working days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// The days of the week on which people work; one at least.
    pub workdays: BTreeSet<Weekday>,
    /// The days of the year on which they do not, all the same.
    pub holidays: Vec<Holiday>,
}

impl Calendar {
    /// Whether people work on a day.
    #[must_use]
    pub fn is_workday(&self, day: Date) -> bool {
        self.workdays.contains(&Weekday::of(day)) && !self.holidays.iter().any(|holiday| holiday.on == day)
    }

    /// The `days`-th working day after a day; the day itself for none. The last day of the calendar if there are no more.
    #[must_use]
    pub fn after(&self, day: Date, days: u16) -> Date {
        let holidays = self.holidays_by_day();
        let (mut at, mut left) = (day, days);
        while left > 0 {
            let Ok(next) = at.checked_add(1.day()) else { return at };
            at = next;
            if self.workdays.contains(&Weekday::of(at)) && !holidays.contains_key(&at) {
                left -= 1;
            }
            if self.workdays.is_empty() {
                return at;
            }
        }
        at
    }

    /// How many working days lie behind `from`, up to and with `to`; none if `to` is not later.
    #[must_use]
    pub fn between(&self, from: Date, to: Date) -> u32 {
        let Ok(days) = u32::try_from((to - from).get_days()) else { return 0 };
        let (weeks, rest) = (days / 7, days % 7);
        let whole = weeks * u32::try_from(self.workdays.len()).unwrap_or(7);
        let tail = (0..rest).filter_map(|back| to.checked_sub(i64::from(back).days()).ok());
        let tail = tail.filter(|day| self.workdays.contains(&Weekday::of(*day))).count();
        let off = self.holidays_by_day();
        let off = off.keys().filter(|day| **day > from && **day <= to);
        let off = off.filter(|day| self.workdays.contains(&Weekday::of(**day))).count();
        let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
        (whole + count(tail)).saturating_sub(count(off))
    }

    fn holidays_by_day(&self) -> BTreeMap<Date, &Line> {
        self.holidays.iter().map(|holiday| (holiday.on, &holiday.name)).collect()
    }
}

impl fmt::Display for Holiday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.on, self.name)
    }
}

impl FromStr for Holiday {
    type Err = NotationError;

    fn from_str(text: &str) -> Result<Self, NotationError> {
        let expected = "a day and its name, such as 2026-12-25 Christmas Day";
        let error = || NotationError::new(text, expected);
        let (on, name) = text.trim().split_once(char::is_whitespace).ok_or_else(error)?;
        Ok(Self { on: on.parse().map_err(|_| error())?, name: Line::parse(name).map_err(|_| error())? })
    }
}

text_form!(Holiday);

/// Holidays, one a line.
///
/// # Errors
/// The first line that is none.
pub fn holidays(text: &str) -> Result<Vec<Holiday>, NotationError> {
    one_a_line(text)
}
