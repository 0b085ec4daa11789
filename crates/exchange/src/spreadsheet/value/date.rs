//! Dates as people type them into spreadsheets, kept at the precision that was typed.

mod clock;

use jiff::civil::DateTime;
use nevertwice_domain::when::{Precision, When};

use super::month;
use crate::spreadsheet::reader::Cell;

nevertwice_domain::words! {
    /// Which number of a date such as `03/04/2025` is the day.
    DateOrder("date order") {
        /// Day, month, year.
        Dmy = "dmy",
        /// Month, day, year.
        Mdy = "mdy",
        /// Year, month, day. Four-digit years in front need no order; this is for `25/04/03`.
        Ymd = "ymd",
    }
}

/// What a cell of a column of dates holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A date that reads one way only.
    Plain(When),
    /// A date that the order of its column decides. At least one of the three is possible.
    Ordered(Orders),
    /// No date.
    Unreadable,
}

/// The readings of a date by order; `None` where the order gives no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orders {
    /// Read as day, month, year.
    pub dmy: Option<When>,
    /// Read as month, day, year.
    pub mdy: Option<When>,
    /// Read as year, month, day; only for a two-digit year.
    pub ymd: Option<When>,
}

impl Orders {
    /// The reading by one order.
    #[must_use]
    pub fn by(&self, order: DateOrder) -> Option<When> {
        match order {
            DateOrder::Dmy => self.dmy,
            DateOrder::Mdy => self.mdy,
            DateOrder::Ymd => self.ymd,
        }
    }
}

/// Reads a cell as a date without knowing the order of its column.
#[must_use]
pub fn read(cell: &Cell) -> Reading {
    match cell {
        Cell::Moment(at) => Reading::Plain(moment(*at)),
        Cell::Number(number) => plain(number_as_date(*number)),
        Cell::Text(_) => read_text(&cell.text()),
        Cell::Empty | Cell::Bool(_) | Cell::Error(_) => Reading::Unreadable,
    }
}

/// Reads a cell as a date with the order of its column. A date that the order does not allow is none.
#[must_use]
pub fn read_ordered(cell: &Cell, order: Option<DateOrder>) -> Option<When> {
    match read(cell) {
        Reading::Plain(when) => Some(when),
        // Without an order only what reads the same both ways can be here, such as 05/05/2025.
        Reading::Ordered(orders) => match order {
            Some(order) => orders.by(order),
            None => orders.dmy.filter(|_| orders.dmy == orders.mdy),
        },
        Reading::Unreadable => None,
    }
}

fn plain(when: Option<When>) -> Reading {
    when.map_or(Reading::Unreadable, Reading::Plain)
}

fn moment(at: DateTime) -> When {
    let precision = match (at.hour(), at.minute(), at.second()) {
        (0, 0, 0) => Precision::Day,
        (_, _, 0) => Precision::Minute,
        _ => Precision::Second,
    };
    When::new(at, precision, None)
}

/// A year, a day written as eight digits, or a serial number of a spreadsheet program (days since 1899-12-30, between
/// 1954 and 2119, with the time of day as fraction).
fn number_as_date(number: f64) -> Option<When> {
    if number.fract() == 0.0 && (1900.0..2200.0).contains(&number) {
        return format!("{number}").parse().ok();
    }
    if number.fract() == 0.0 && (19_000_101.0..22_000_000.0).contains(&number) {
        return eight_digits(&format!("{number}"));
    }
    if !(20_000.0..80_000.0).contains(&number) {
        return None;
    }
    let seconds = format!("{:.0}", number * 86_400.0).parse::<i64>().ok()?;
    let epoch = DateTime::constant(1899, 12, 30, 0, 0, 0, 0);
    epoch.checked_add(jiff::SignedDuration::from_secs(seconds)).ok().map(moment)
}

fn read_text(text: &str) -> Reading {
    if text.len() > 60 || !text.bytes().any(|b| b.is_ascii_digit()) {
        return Reading::Unreadable;
    }
    if let Ok(when) = text.parse::<When>() {
        return plain(Some(when).filter(|when| (1900..2200).contains(&when.year())));
    }
    match clock::split(text) {
        Some((date, time)) => with_time(&read_day(date), time),
        None => read_day(text),
    }
}

fn with_time(day: &Reading, time: clock::Time) -> Reading {
    let at = |when: When| {
        let date = when.date()?;
        let start =
            DateTime::new(date.year(), date.month(), date.day(), time.hour, time.minute, time.second, 0)
                .ok()?;
        Some(When::new(start, time.precision, time.offset_minutes))
    };
    match day {
        Reading::Plain(when) => plain(at(*when)),
        Reading::Ordered(orders) => Reading::Ordered(Orders {
            dmy: orders.dmy.and_then(at),
            mdy: orders.mdy.and_then(at),
            ymd: orders.ymd.and_then(at),
        }),
        Reading::Unreadable => Reading::Unreadable,
    }
}

/// A piece of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Number(&'a str),
    Month(i8),
}

fn read_day(text: &str) -> Reading {
    use Piece::{Month, Number};
    let Some(pieces) = pieces(text) else { return Reading::Unreadable };
    match pieces.as_slice() {
        [Number(digits)] => plain(single(digits)),
        // "Mar-25" is how spreadsheet programs shorten a month and year; "25 Mar" and "Mar 25" are days.
        [Month(month), Number(year)] if year.len() == 4 || !text.trim().contains(' ') => {
            plain(month_of(*month, year))
        }
        [Number(year), Month(month)] if year.len() == 4 => plain(month_of(*month, year)),
        [Number(a), Number(b)] if a.len() == 4 => plain(small(b).and_then(|month| month_of(month, a))),
        [Number(a), Number(b)] if b.len() == 4 => plain(small(a).and_then(|month| month_of(month, b))),
        [Number(a), Month(month), Number(b)] if a.len() == 4 => plain(day_of(a, *month, b)),
        [Number(day), Month(month), Number(year)] | [Month(month), Number(day), Number(year)] => {
            plain(day_of(year, *month, day))
        }
        [Number(a), Number(b), Number(c)] => triple(a, b, c),
        _ => Reading::Unreadable,
    }
}

/// Cuts a text into numbers and names of months; `None` if it holds any other word.
fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    const FILLERS: [&str; 10] = ["of", "de", "del", "den", "der", "the", "le", "el", "am", "on"];
    const ORDINALS: [&str; 6] = ["st", "nd", "rd", "th", "er", "º"];
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same_kind = |c: char| {
            if first.is_ascii_digit() {
                c.is_ascii_digit()
            } else {
                c.is_alphabetic() == first.is_alphabetic() && !c.is_ascii_digit()
            }
        };
        let end = rest.find(|c: char| !same_kind(c)).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        rest = after;
        if first.is_ascii_digit() {
            found.push(Piece::Number(token));
        } else if first.is_alphabetic() {
            let lower = token.to_lowercase();
            let ordinal =
                ORDINALS.contains(&lower.as_str()) && matches!(found.last(), Some(Piece::Number(_)));
            match month::number(token) {
                Some(month) => found.push(Piece::Month(month)),
                None if ordinal || FILLERS.contains(&lower.as_str()) || is_weekday(&lower) => {}
                None => return None,
            }
        } else if !token
            .chars()
            .all(|c| matches!(c, ' ' | '.' | '/' | '-' | ',' | '\'' | '’' | '\u{a0}' | '–'))
        {
            return None;
        }
    }
    Some(found)
}

fn is_weekday(lower: &str) -> bool {
    const WEEKDAYS: [&str; 28] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "sábado",
        "domingo",
    ];
    lower.chars().count() >= 2 && WEEKDAYS.iter().any(|day| day.starts_with(lower))
}

fn single(digits: &str) -> Option<When> {
    match digits.len() {
        8 => eight_digits(digits),
        4 | 5 => digits.parse().ok().and_then(number_as_date),
        _ => None,
    }
}

fn eight_digits(digits: &str) -> Option<When> {
    let (year, rest) = digits.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    day_of(year, small(month)?, day)
}

/// Three numbers: a year of four digits is recognised by itself, one of two digits by its place.
fn triple(a: &str, b: &str, c: &str) -> Reading {
    let (Some(first), Some(second)) = (small(a), small(b)) else {
        let year_first = a.len() == 4;
        let when = if year_first { small(b).and_then(|month| day_of(a, month, c)) } else { None };
        return plain(when);
    };
    let orders = Orders {
        dmy: day_of(c, second, a),
        mdy: day_of(c, first, b),
        ymd: if a.len() == 2 && c.len() <= 2 { day_of(a, second, c) } else { None },
    };
    match orders {
        Orders { dmy: None, mdy: None, ymd: None } => Reading::Unreadable,
        _ => Reading::Ordered(orders),
    }
}

fn day_of(year: &str, month: i8, day: &str) -> Option<When> {
    let date = jiff::civil::Date::new(full_year(year)?, month, small(day)?).ok()?;
    Some(When::day(date))
}

fn month_of(month: i8, year: &str) -> Option<When> {
    let start = DateTime::new(full_year(year)?, month, 1, 0, 0, 0, 0).ok()?;
    Some(When::new(start, Precision::Month, None))
}

/// Two digits are 1969 to 2068, as POSIX has it.
fn full_year(digits: &str) -> Option<i16> {
    let year: i16 = digits.parse().ok()?;
    match digits.len() {
        2 if year < 69 => Some(year + 2000),
        2 => Some(year + 1900),
        4 if (1900..2200).contains(&year) => Some(year),
        _ => None,
    }
}

fn small(digits: &str) -> Option<i8> {
    if digits.len() <= 2 { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
