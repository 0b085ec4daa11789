//! A word with a colour and a shape: the colour never says it alone.

use maud::{Markup, html};

use crate::text;

/// Where a record stands.
pub(crate) fn state(word: &str) -> Markup {
    html! { span .badge data-tone=(tone(word)) { (text::title(word)) } }
}

/// What a case is.
pub(crate) fn class(word: &str) -> Markup {
    html! { span .class { (text::title(word)) } }
}

/// 1 to 5 as filled bars beside the company's word.
pub(crate) fn severity(level: Option<u8>, words: &[String]) -> Markup {
    let Some(level) = level else { return html! { span .fine { "–" } } };
    let word = words.get(usize::from(level).saturating_sub(1)).map_or("", String::as_str);
    html! {
        span .severity data-level=(level) {
            span .bars aria-hidden="true" { @for place in 1..=5u8 { i .on[place <= level] {} } }
            span { (level) @if !word.is_empty() { " " (word) } }
        }
    }
}

/// The same where there is little room: the word on hover.
pub(crate) fn severity_short(level: Option<u8>, words: &[String]) -> Markup {
    let Some(level) = level else { return html! { span .fine { "–" } } };
    let word = words.get(usize::from(level).saturating_sub(1)).map_or("", String::as_str);
    html! {
        span .severity data-level=(level) title=(word) {
            span .bars aria-hidden="true" { @for place in 1..=5u8 { i .on[place <= level] {} } }
            span { (level) span .hidden { " " (word) } }
        }
    }
}

/// Only a need-to-know list may know of it.
pub(crate) fn restricted() -> Markup {
    html! { span .badge data-tone="secret" { "Restricted" } }
}

/// What a state asks of whoever looks.
fn tone(word: &str) -> &'static str {
    match word {
        "reported" | "open" | "due" | "draft" | "published" => "new",
        "triaged" | "responding" | "in_review" | "acting" | "in_progress" | "scheduled" | "held"
        | "drafted" | "too_early" => "running",
        "resolved" | "done" | "approved" | "applied" | "enforced" => "settled",
        "closed" | "effective" | "proved" | "learned" | "kept" => "good",
        "not_effective" | "did_not_hold" | "regressed" | "overdue" | "overtaken" | "exception"
        | "to_look_at_again" | "decide_again" | "missing" | "broken" => "bad",
        _ => "quiet",
    }
}
