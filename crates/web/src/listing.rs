//! What lists of lessons, actions and reviews have in common.

use maud::{Markup, html};

use crate::text;
use crate::ui;

/// Rows of a page.
pub(crate) const ROWS: usize = 50;

/// What a list is asked for with.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// The query.
    pub(crate) q: String,
    /// Where the list goes on.
    pub(crate) after: String,
}

impl Asked {
    /// Where the list goes on, if it does not begin.
    pub(crate) fn after(&self) -> Option<String> {
        Some(self.after.clone()).filter(|after| !after.is_empty())
    }
}

/// The filter above a list, with filters that everybody needs.
pub(crate) fn bar(asked: &Asked, path: &str, label: &str, saved: &[(&str, &str)]) -> Markup {
    html! {
        form .filter role="search" aria-label="Filter" method="get" action=(path) {
            label .hidden for="q" { (label) }
            input #q name="q" type="search" value=(asked.q) autocomplete="off" spellcheck="false" placeholder=(label);
            button .button type="submit" { "Filter" }
        }
        nav .views aria-label="Saved filters" {
            @for (words, query) in saved {
                a href=(address(path, query, "")) aria-current=[(asked.q.trim() == *query).then_some("true")] { (words) }
            }
        }
    }
}

/// What was found.
#[expect(clippy::too_many_arguments, reason = "the parts of a page of rows, each named where it is called")]
pub(crate) fn found(
    asked: &Asked,
    path: &str,
    total: u64,
    (one, many): (&str, &str),
    notes: &[String],
    next: Option<&str>,
    rows: Markup,
    nothing: &str,
) -> Markup {
    let first = asked.after().map(|_| address(path, &asked.q, ""));
    html! {
        p .total { strong { (text::count(total, one, many)) } " in your view" }
        (ui::notes(notes))
        @if total == 0 {
            (ui::empty(nothing, html! {}))
        } @else {
            section .scroll tabindex="0" aria-label=(text::title(many)) { (rows) }
        }
        (ui::more(next.map(|next| address(path, &asked.q, next)), first))
    }
}

fn address(path: &str, query: &str, after: &str) -> String {
    let parts: Vec<String> = [("q", query), ("after", after)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", text::in_query(value)))
        .collect();
    if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
}
