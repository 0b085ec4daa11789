//! The loop of the case, link by link: what is there, what is missing, who owes it.

use maud::{Markup, html};
use nevertwice_service::case::ChecklistLineView;

use super::{Page, missing_line};
use crate::learning::link_words;
use crate::text;
use crate::ui;

/// The checklist; nothing of a void case.
pub(super) fn checklist(page: &Page<'_>) -> Markup {
    let list = &page.case.checklist;
    if list.lines.is_empty() {
        return html! {};
    }
    let title = if list.learned { "Learned" } else { "Loop" };
    let heading = format!("{title}: {} of {} in place", list.in_place, list.lines.len());
    let content = html! {
        @if list.before_the_loop { p .note { "Closed before the loop: it was brought in from elsewhere and is in no figure until somebody opens it again." } }
        section .scroll tabindex="0" aria-label="Links of the loop" { table .rows .checklist {
            thead { tr {
                th scope="col" { "Link" } th scope="col" { "State" } th scope="col" { "What is missing" }
                th scope="col" { "Owed by" } th scope="col" { "Due" }
            } }
            tbody { @for line in &list.lines { (row(line)) } }
        } }
        @if let Some(due) = &list.due_on { p .fine { "The last link is due " (ui::day(due)) "; from the day after, the case counts for the loop score." } }
    };
    ui::section("loop", &heading, None, html! {}, content)
}

fn row(line: &ChecklistLineView) -> Markup {
    html! { tr {
        th scope="row" data-label="Link" { a href={ "#" (anchor(&line.link)) } { (text::title(&link_words(&line.link))) } }
        td data-label="State" { (ui::state(&line.state)) }
        td data-label="What is missing" .wide data-empty[line.missing.is_empty()] {
            @if line.missing.is_empty() { "–" }
            @for one in &line.missing { p { (missing_line(one)) } }
        }
        td data-label="Owed by" data-empty[line.owed_by.is_empty()] { @if line.owed_by.is_empty() { "–" } @else { (line.owed_by.join(", ")) } }
        td data-label="Due" data-empty[line.due_on.is_none()] { @match &line.due_on { Some(day) => (ui::day(day)), None => "–" } }
    } }
}

/// The part of the page that a link is found in.
fn anchor(link: &str) -> &str {
    match link {
        "response" => "timeline",
        "review" | "causes" | "similar" => "causes",
        "lessons" => "lessons",
        "actions" | "effectiveness" => "actions",
        other => other,
    }
}
