//! The time of day behind a date.

use nevertwice_domain::when::Precision;

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) hour: i8,
    pub(super) minute: i8,
    pub(super) second: i8,
    pub(super) precision: Precision,
    pub(super) offset_minutes: Option<i16>,
}

/// Cuts a text into date and time, if a time such as `14:05`, `2:05:30 pm` or `14:05 UTC` stands at its end.
pub(super) fn split(text: &str) -> Option<(&str, Time)> {
    let colon = text.find(':')?;
    let start = text[..colon].rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + char_length(text, at));
    let time = read(&text[start..])?;
    let date = text[..start].trim_end_matches([' ', ',', 'T', '\u{a0}', '\n', '-', '–']);
    let date = ["at", "um", "à", "a las"].iter().find_map(|word| date.strip_suffix(word)).unwrap_or(date);
    Some((date.trim(), time))
}

fn char_length(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(0, char::len_utf8)
}

fn read(text: &str) -> Option<Time> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | ',')).unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let mut parts = clock.trim_end_matches(['.', ',']).split(':');
    let mut hour = two_digits(parts.next()?)?;
    let minute = two_digits(parts.next()?)?;
    let second = match parts.next() {
        Some(part) => Some(two_digits(part.split(['.', ',']).next()?)?),
        None => None,
    };
    if parts.next().is_some() {
        return None;
    }
    let rest = rest.trim().to_lowercase();
    let (half, zone) = half_of_day(&rest);
    match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(Half::Morning) => hour %= 12,
        Some(Half::Afternoon) => hour = hour % 12 + 12,
        None => {}
    }
    let precision = if second.is_some() { Precision::Second } else { Precision::Minute };
    Some(Time { hour, minute, second: second.unwrap_or(0), precision, offset_minutes: offset(zone)? })
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

fn half_of_day(rest: &str) -> (Option<Half>, &str) {
    let cases =
        [("am", Half::Morning), ("a.m.", Half::Morning), ("pm", Half::Afternoon), ("p.m.", Half::Afternoon)];
    for (word, half) in cases {
        if let Some(zone) = rest.strip_prefix(word) {
            return (Some(half), zone.trim());
        }
    }
    (None, ["uhr", "h", "hrs"].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest).trim())
}

/// `Some(None)` where no zone is named, `None` where the text is no zone that is the same everywhere.
fn offset(zone: &str) -> Option<Option<i16>> {
    let minutes = match zone.trim_matches(['(', ')']) {
        "" => return Some(None),
        "z" | "utc" | "gmt" => 0,
        "cet" | "mez" => 60,
        "cest" | "mesz" => 120,
        other => {
            let digits =
                other.strip_prefix("utc").or_else(|| other.strip_prefix("gmt")).unwrap_or(other).trim();
            let (sign, rest) = digits.split_at_checked(1)?;
            let (hours, minutes) =
                rest.split_once(':').or_else(|| rest.split_at_checked(2)).unwrap_or((rest, "0"));
            let minutes = if minutes.is_empty() { "0" } else { minutes };
            let total = i16::from(two_digits(hours)?) * 60 + i16::from(two_digits(minutes)?);
            match sign {
                "+" => total,
                "-" => -total,
                _ => return None,
            }
        }
    };
    Some(Some(minutes))
}

fn two_digits(text: &str) -> Option<i8> {
    if text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}
