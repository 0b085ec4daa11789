//! What happened, and what shows it.

use maud::{Markup, html};
use nevertwice_service::case::{EvidenceView, TimelineView};

use super::Page;
use crate::cases::verbs::{Comment, TO_COLLEAGUES, to_reporter};
use crate::drafts::{self, Standing, Subject};
use crate::form::Errors;
use crate::paths;
use crate::prose::{prose, prose_of, reference};
use crate::text;
use crate::ui;
use crate::verb::Act as _;

/// What happened, in the words of whoever reported it.
pub(super) fn summary(page: &Page<'_>) -> Markup {
    let case = page.case;
    let edit = html! {
        @if page.may_edit() { a .button .small data-inline href=(paths::CaseFacts { case: page.reference }) { "Change" } }
    };
    let content = html! {
        (prose_of(case.summary.as_deref()))
        @if case.summary.is_none() { p .fine { "Nothing is written down beyond the title." } }
        @if let Some(parent) = &case.part_of { p { "Part of " (reference(parent)) } }
        @if !case.parts.is_empty() {
            p { "Parts: " @for part in &case.parts { (reference(part)) " " } }
        }
        @if case.decision != "undecided" {
            div .decision {
                p {
                    strong { (text::title(&case.decision)) }
                    @if let Some(by) = &case.decided_by { ", decided by " (by) }
                    @if let Some(at) = &case.decided_at { ", " (page.instant(at)) }
                }
                (prose_of(case.decision_criteria.as_deref()))
            }
        }
        @if case.reopened_count > 0 {
            p .note {
                "Opened again " (text::count(u64::from(case.reopened_count), "time", "times"))
                @if let Some(reason) = &case.reopen_reason { ": " (reason) }
            }
        }
    };
    ui::section("summary", "What happened", None, edit, content)
}

/// The dated facts in order.
pub(super) fn timeline(page: &Page<'_>) -> Markup {
    let entries = &page.case.timeline;
    let add = html! {
        @if page.may_edit() { a .button .small data-inline href=(paths::Timeline { case: page.reference }) { "Add" } }
    };
    let content = html! {
        @if entries.is_empty() {
            p .fine { "No moments yet. A timeline without gaps is half of a good review." }
        } @else {
            ol .timeline { @for entry in entries { (moment(page, entry)) } }
        }
    };
    ui::section("timeline", "Timeline", Some(entries.len()), add, content)
}

fn moment(page: &Page<'_>, entry: &TimelineView) -> Markup {
    html! {
        li data-kind=(entry.kind) {
            p .moment-head {
                (ui::when(&entry.occurred)) " " span .moment-kind { (text::title(&entry.kind)) }
            }
            (prose(&entry.text))
            @if page.may_edit() { (ui::hints(&entry.hints)) }
            p .fine {
                @if let Some(source) = &entry.source { "From " (source) " · " }
                "written down by " (entry.recorded_by) ", " (page.instant(&entry.recorded_at))
            }
        }
    }
}

/// Files and links, each with its hash and who collected it.
pub(super) fn evidence(page: &Page<'_>) -> Markup {
    let items = &page.case.evidence;
    let add = html! {
        @if page.may_edit() { a .button .small data-inline href=(paths::EvidenceOf { case: page.reference }) { "Add" } }
    };
    let content = html! {
        @if items.is_empty() { p .fine { "No evidence yet." } }
        ul .evidence { @for item in items { (piece(page, item)) } }
    };
    ui::section("evidence", "Evidence", Some(items.len()), add, content)
}

fn piece(page: &Page<'_>, item: &EvidenceView) -> Markup {
    let file = paths::EvidenceFile { case: page.reference, id: item.id.clone() };
    html! {
        li #{ "evidence-" (item.id) } {
            p {
                @match &item.link {
                    Some(link) if nevertwice_render::markdown::is_allowed_address(link) => {
                        a href=(link) rel="nofollow noopener noreferrer" { (item.name) }
                    }
                    Some(link) => { (item.name) " " code { (link) } }
                    None => { a href=(file) download { (item.name) } }
                }
                @if let Some(size) = item.size_bytes { " " span .fine { (text::size(size)) } }
                @if item.legal_hold { " " span .badge data-tone="secret" { "Legal hold" } }
            }
            (prose_of(item.custody.as_deref()))
            p .fine {
                "Collected by " (item.collected_by) ", " (ui::when(&item.collected))
                @if let Some(hash) = &item.sha256 { " · SHA-256 " code .hash { (hash) } }
            }
        }
    }
}

/// What an imported source did not say.
pub(super) fn gaps(page: &Page<'_>) -> Markup {
    let gaps = &page.case.gaps;
    if gaps.is_empty() {
        return html! {};
    }
    let open = gaps.iter().filter(|gap| gap.state == "open").count();
    let content = html! {
        ul .gaps {
            @for gap in gaps {
                li {
                    p {
                        (ui::state(&gap.state)) " " strong { (text::title(&gap.kind)) }
                        @if let Some(place) = &gap.place { " " span .fine { (place) } }
                    }
                    @if let Some(detail) = &gap.detail { p .fine { "The source says: " q { (detail) } } }
                    @if let Some(settlement) = &gap.settlement { p { (settlement) } }
                    @if gap.state == "open" && page.may_edit() {
                        a .button .small href=(paths::GapSettlement { case: page.reference, gap: gap.id.clone() }) { "Settle" }
                    }
                }
            }
        }
    };
    ui::section("gaps", "Gaps of the import", Some(open), html! {}, content)
}

/// What people said about it.
pub(super) fn comments(page: &Page<'_>) -> Markup {
    let comments = &page.case.comments;
    let content = html! {
        ol .comments {
            @for comment in comments {
                li {
                    p .fine {
                        strong { (comment.author) } " " (page.instant(&comment.written_at))
                        (correspondence(comment.correspondence.as_deref()))
                    }
                    (prose(&comment.text))
                }
            }
        }
        @if page.may("comment") { (say(page)) }
    };
    ui::section("comments", "Comments", Some(comments.len()), html! {}, content)
}

/// Where something is said. While a comment that was begun is offered nothing is kept over it.
fn say(page: &Page<'_>) -> Markup {
    let address = paths::Comments { case: page.reference }.to_string();
    let keeps = matches!(page.draft, Standing::None);
    let subject = keeps.then(|| Subject::new(Comment::TITLE, &page.reference.to_string(), address.clone()));
    html! {
        (drafts::offer(page.draft, &address, &page.viewer.me.time_zone))
        form .say method="post" action=(address)
            data-draft=[subject.as_ref().map(|subject| &subject.address)]
            data-draft-title=[subject.as_ref().map(|subject| &subject.title)]
            data-draft-record=[subject.as_ref().and_then(|subject| subject.record.as_ref())] {
            label .hidden for="comment" { "Comment" }
            textarea #comment name="text" rows="2" required placeholder="Say something. Markdown; @name tells somebody" {}
            @if page.may("ask_reporter") && page.case.state != "void" {
                (to_reporter(TO_COLLEAGUES).show(&Errors::default()))
            }
            @if keeps { input type="hidden" name=(drafts::IS_KEPT) value="yes"; (drafts::line()) }
            button .button type="submit" { "Comment" }
        }
    }
}

/// What whoever reported the case without an account reads, and what they wrote.
fn correspondence(word: Option<&str>) -> Markup {
    html! {
        @match word {
            Some("to_reporter") => { " " span .badge data-tone="running" { "Question to whoever reported it" } }
            Some("from_reporter") => { " " span .badge data-tone="new" { "From whoever reported it" } }
            _ => {}
        }
    }
}
