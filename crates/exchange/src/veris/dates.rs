//! When an incident happened, as exactly as the record says and no more.

use jiff::civil::{Date, DateTime, Time};
use nevertwice_domain::when::{Precision, When};
use serde_json::Value;

/// The field of the date.
pub(super) const PLACE: &str = "timeline.incident";

/// A date with what it was read of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Occurred {
    /// The date.
    pub(super) when: Option<When>,
    /// Fields of [`PLACE`] that are in it.
    pub(super) used: Vec<&'static str>,
}

/// Reads year, month, day and time; `fits` says of which of these the standard has nothing to complain about.
pub(super) fn occurred(record: &Value, fits: impl Fn(&str) -> bool) -> Occurred {
    let Some(said) = record.get("timeline").and_then(|timeline| timeline.get("incident")) else {
        return Occurred::default();
    };
    let number = |name: &str| said.get(name).filter(|_| fits(name)).and_then(Value::as_i64);
    let Some(year) = number("year").and_then(|year| i16::try_from(year).ok()) else {
        return Occurred::default();
    };
    let mut found = Occurred { when: day(year, 1, 1, Precision::Year), used: vec!["year"] };
    let small = |name: &str| number(name).and_then(|number| i8::try_from(number).ok());
    let Some(month) = small("month") else { return found };
    found.extend("month", day(year, month, 1, Precision::Month));
    let Some(day_of_month) = small("day") else { return found };
    let whole = day(year, month, day_of_month, Precision::Day);
    found.extend("day", whole);
    // A time may be written in another way than the standard asks for and mean the same.
    let time = said.get("time").and_then(Value::as_str).and_then(clock);
    if let (Some(date), Some((time, precision))) = (whole.and_then(|whole| whole.date()), time) {
        found.extend("time", Some(When::new(DateTime::from_parts(date, time), precision, None)));
    }
    found
}

impl Occurred {
    fn extend(&mut self, name: &'static str, when: Option<When>) {
        if when.is_some() {
            self.when = when;
            self.used.push(name);
        }
    }
}

fn day(year: i16, month: i8, day: i8, precision: Precision) -> Option<When> {
    let date = Date::new(year, month, day).ok()?;
    Some(When::new(date.to_datetime(Time::midnight()), precision, None))
}

/// `10:30`, `22:30:00` or `10:30:00 PM`.
fn clock(text: &str) -> Option<(Time, Precision)> {
    let upper = text.trim().to_ascii_uppercase();
    let (digits, half) = match (upper.strip_suffix("AM"), upper.strip_suffix("PM")) {
        (Some(digits), _) => (digits.trim_end(), Some(0)),
        (None, Some(digits)) => (digits.trim_end(), Some(12)),
        (None, None) => (upper.as_str(), None),
    };
    let parts: Vec<i8> = digits.split(':').map(two_digits).collect::<Option<_>>()?;
    let (hour, minute, second, precision) = match parts.as_slice() {
        [hour, minute] => (*hour, *minute, 0, Precision::Minute),
        [hour, minute, second] => (*hour, *minute, *second, Precision::Second),
        _ => return None,
    };
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) => hour % 12 + half,
        None => hour,
    };
    Some((Time::new(hour, minute, second, 0).ok()?, precision))
}

fn two_digits(text: &str) -> Option<i8> {
    let is_short = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_short.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(incident: &Value) -> (String, usize) {
        let found = occurred(&json!({ "timeline": { "incident": incident } }), |_| true);
        (found.when.map_or_else(String::new, |when| when.to_string()), found.used.len())
    }

    #[test]
    fn a_date_is_as_exact_as_it_was_written() {
        assert_eq!(read(&json!({ "year": 2014 })), ("2014".to_owned(), 1));
        assert_eq!(read(&json!({ "year": 2014, "month": 3 })), ("2014-03".to_owned(), 2));
        assert_eq!(read(&json!({ "year": 2014, "month": 3, "day": 17 })), ("2014-03-17".to_owned(), 3));
        let noon = json!({ "year": 2014, "month": 3, "day": 17, "time": "12:05:09 PM" });
        assert_eq!(read(&noon), ("2014-03-17T12:05:09".to_owned(), 4));
        let evening = json!({ "year": 2014, "month": 3, "day": 17, "time": "16:20" });
        assert_eq!(read(&evening), ("2014-03-17T16:20".to_owned(), 4));
    }

    #[test]
    fn what_is_no_date_is_left() {
        assert_eq!(read(&json!({ "year": 2014, "day": 17 })), ("2014".to_owned(), 1));
        assert_eq!(read(&json!({ "year": 2014, "month": 2, "day": 30 })), ("2014-02".to_owned(), 2));
        assert_eq!(read(&json!({ "year": 2014, "time": "10:00" })), ("2014".to_owned(), 1));
        assert_eq!(read(&json!({ "month": 3 })), (String::new(), 0));
        for time in ["25:00", "13:00 PM", "0:00 AM", "noon", "", "1:2:3:4", "10", "٣:00"] {
            let text = read(&json!({ "year": 2014, "month": 3, "day": 17, "time": time })).0;
            assert_eq!(text, "2014-03-17", "{time}");
        }
    }
}
