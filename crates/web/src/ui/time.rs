//! Dates and times: at the precision at which they are known, and never moved between zones unless they are instants.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use nevertwice_domain::time::{Date, Timestamp};
use nevertwice_domain::when::{Precision, When};

/// A moment as somebody stated it.
pub(crate) fn when(text: &str) -> Markup {
    let Ok(when) = text.parse::<When>() else { return html! { (text) } };
    let start = when.start();
    let shown = match when.precision() {
        Precision::Year => start.strftime("%Y").to_string(),
        Precision::Month => start.strftime("%b %Y").to_string(),
        Precision::Day => start.strftime("%-d %b %Y").to_string(),
        Precision::Hour => start.strftime("%-d %b %Y, %H h").to_string(),
        Precision::Minute | Precision::Second => start.strftime("%-d %b %Y, %H:%M").to_string(),
    };
    let zone = when.offset_minutes().map(|minutes| match minutes {
        0 => " UTC".to_owned(),
        minutes => {
            let sign = if minutes < 0 { '−' } else { '+' };
            format!(" UTC{sign}{:02}:{:02}", minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60)
        }
    });
    html! { time datetime=(text) title=(text) { (shown) @if let Some(zone) = zone { span .zone { (zone) } } } }
}

/// The day of a moment, or whatever less is known: for a column.
pub(crate) fn when_day(text: &str) -> Markup {
    let Ok(when) = text.parse::<When>() else { return html! { (text) } };
    match when.date() {
        Some(date) => {
            html! { time datetime=(text) title=(text) { (date.strftime("%-d %b %Y").to_string()) } }
        }
        None => self::when(text),
    }
}

/// A day.
pub(crate) fn day(text: &str) -> Markup {
    match text.parse::<Date>() {
        Ok(date) => html! { time datetime=(text) { (date.strftime("%-d %b %Y").to_string()) } },
        Err(_) => html! { (text) },
    }
}

/// An instant, in the company's time zone; UTC on hover.
pub(crate) fn instant(text: &str, zone: &str) -> Markup {
    let Ok(at) = text.parse::<Timestamp>() else { return html! { (text) } };
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let local = zone.to_datetime(at.to_jiff());
    html! { time datetime=(text) title=(text) { (local.strftime("%-d %b %Y, %H:%M").to_string()) } }
}
