//! Words and numbers as people read them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but letters, digits and `- _ . ~ /`.
const IN_QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// A text as the value of a query parameter.
pub(crate) fn in_query(text: &str) -> String {
    utf8_percent_encode(text, IN_QUERY).to_string()
}

/// Everything but letters, digits and `- _ .`.
const IN_HEADER: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// A text in a header, as RFC 8187 has it.
pub(crate) fn in_header(text: &str) -> String {
    utf8_percent_encode(text, IN_HEADER).to_string()
}

/// What [`in_header`] makes, back again; nothing if it is no text.
pub(crate) fn of_header(coded: &str) -> Option<String> {
    percent_decode_str(coded).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// `near_miss` as `near miss`.
pub(crate) fn plain(word: &str) -> String {
    word.replace('_', " ")
}

/// `near_miss` as `Near miss`.
pub(crate) fn title(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    plain(&format!("{first}{}", letters.as_str()))
}

/// `1 case`, `12 cases`, `1,204 cases`.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// A query as it is meant: a word that is being typed with a star behind it. What cannot be read stays as it was typed,
/// so that what is wrong is said of that.
pub(crate) fn as_typed(query: String, is_typing: bool) -> String {
    match nevertwice_domain::query::parse_typing(&query) {
        Ok(parsed) if is_typing => parsed.to_string(),
        _ => query,
    }
}

/// `1204` as `1,204`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Minor units with their currency, such as `1,204.50 EUR`.
pub(crate) fn money(minor: i64, currency: &str) -> String {
    let exact = currency
        .parse::<nevertwice_domain::money::Currency>()
        .map(|currency| nevertwice_domain::money::Money { minor, currency }.to_string());
    exact.unwrap_or_else(|_| format!("{minor} {currency}"))
}

/// Bytes as `12 bytes`, `3.4 KB`, `1.2 MB`.
pub(crate) fn size(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000 => return count(bytes, "byte", "bytes"),
        1_000..1_000_000 => (1_000, "KB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = (bytes * 10 + unit / 2) / unit;
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

/// Seconds as `3 d 4 h`, `2 h 5 min`, `40 min`, `12 s`; whole days alone if no more is known.
pub(crate) fn duration(seconds: i64, to_the_minute: bool) -> String {
    let sign = if seconds < 0 { "−" } else { "" };
    let seconds = seconds.unsigned_abs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let text = match (to_the_minute, days, hours, minutes) {
        (false, days, _, _) => count(days, "day", "days"),
        (true, 0, 0, 0) => format!("{seconds} s"),
        (true, 0, 0, minutes) => format!("{minutes} min"),
        (true, 0, hours, minutes) => format!("{hours} h {minutes} min"),
        (true, days, hours, _) => format!("{days} d {hours} h"),
    };
    format!("{sign}{text}")
}

/// What a browser calls itself, as people call it: `Firefox on Linux`.
pub(crate) fn browser(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, words)| *words)
    };
    // Most call themselves by the names of others too: the most telling name comes first.
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_counted() {
        assert_eq!(count(1, "case", "cases"), "1 case");
        assert_eq!(count(0, "case", "cases"), "0 cases");
        assert_eq!(count(1_204_000, "case", "cases"), "1,204,000 cases");
    }

    #[test]
    fn sizes_and_durations_are_short() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_250_000), "1.3 MB");
        assert_eq!(duration(90_000, true), "1 d 1 h");
        assert_eq!(duration(-7_500, true), "−2 h 5 min");
        assert_eq!(duration(86_400, false), "1 day");
    }

    #[test]
    fn a_browser_is_called_as_people_call_it() {
        for (agent, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
                "Safari on iPhone",
            ),
            ("something", "something"),
        ] {
            assert_eq!(browser(agent), words);
        }
    }

    #[test]
    fn what_could_end_a_parameter_is_encoded() {
        assert_eq!(in_query("/cases?q=a b&c#d"), "/cases%3Fq%3Da%20b%26c%23d");
    }
}
