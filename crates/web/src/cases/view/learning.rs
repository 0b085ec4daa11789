//! What made it possible, what was learned, and what is done about it.

use maud::{Markup, html};
use nevertwice_service::case::{ActionOutline, CauseLineView, ReviewOutline};

use super::Page;
use crate::paths;
use crate::prose::reference;
use crate::reviews::how_it_went;
use crate::text;
use crate::ui;

/// The reviews with their ladders.
pub(super) fn causes(page: &Page<'_>) -> Markup {
    let reviews = &page.case.reviews;
    let can_open = page.may_edit() && page.case.state != "closed";
    let open = html! {
        @if can_open { a .button .small data-inline href=(paths::CaseReviews { case: page.reference }) { "Open a review" } }
    };
    let content = html! {
        @if reviews.is_empty() { p .fine { "Nobody has asked why yet." } }
        @for review in reviews { (ladder(review)) }
    };
    let count = reviews.iter().map(|review| review.causes.len()).sum();
    ui::section("causes", "Causes", Some(count), open, content)
}

fn ladder(review: &ReviewOutline) -> Markup {
    html! {
        article .review {
            p .review-head {
                (reference(&review.reference)) " " (ui::state(&review.state))
                span .fine {
                    (text::title(&review.kind)) ", led by " (review.facilitator)
                    @if let Some(by) = &review.approved_by {
                        @if review.state == "waived" { ", waived by " } @else { ", approved by " } (by)
                    }
                }
            }
            p .problem { (review.problem) }
            @if review.causes.is_empty() { p .fine { "No cause is written down." } }
            ol .ladder { @for cause in &review.causes { (rung(cause)) } }
            @if let Some(finding) = &review.similar { p .fine { "Looked for similar cases: " (finding) } }
            @if let Some(said) = &review.evaluation {
                details .how { summary { "How the response went" } (how_it_went(said)) }
            }
        }
    }
}

/// A cause as a rung of the ladder.
pub(crate) fn rung(cause: &CauseLineView) -> Markup {
    html! {
        li .rung data-depth=(cause.depth.min(9)) .primary-cause[cause.primary] {
            span .why { "Why " (cause.number) }
            div {
                p { (cause.statement) @if cause.primary { " " span .badge data-tone="bad" { "Primary cause" } } }
                p .fine {
                    (text::plain(&cause.kind)) " · " (cause.confidence)
                    @if let Some(link) = cause.links.iter().find(|link| link.on_ladder) { " · " (text::plain(&link.kind)) }
                    @if let Some(category) = &cause.category { " · " (category) }
                    @if let Some(evidence) = &cause.evidence { " · " (evidence) }
                }
                @if cause.ends_branch { @if let Some(changeable) = cause.changeable {
                    p .fine {
                        @if changeable { "Can be changed: " } @else { "Accepted: " }
                        (cause.changeable_note.as_deref().unwrap_or_default())
                    }
                } }
            }
        }
    }
}

/// What the next team has to know.
pub(super) fn lessons(page: &Page<'_>) -> Markup {
    let lessons = &page.case.lessons;
    let add = html! {
        @if page.may_edit() { a .button .small data-inline href=(paths::CaseLessons { case: page.reference }) { "Draft a lesson" } }
    };
    let content = html! {
        @if lessons.is_empty() { p .fine { "No lesson is drawn yet." } }
        ul .lessons {
            @for lesson in lessons {
                li {
                    p .lesson { (lesson.statement) }
                    p {
                        @if page.viewer.reads_lessons() { (reference(&lesson.reference)) " " }
                        (ui::state(&lesson.state))
                        @if let Some(by) = &lesson.approved_by { " " span .fine { "approved by " (by) } }
                        @if lesson.is_exception { " " (ui::state("exception")) }
                    }
                }
            }
        }
    };
    ui::section("lessons", "Lessons", Some(lessons.len()), add, content)
}

/// Who does what by when, and whether it worked.
pub(super) fn actions(page: &Page<'_>) -> Markup {
    let actions = &page.case.actions;
    let add = html! {
        @if page.may_edit() { a .button .small data-inline href=(paths::CaseActions { case: page.reference }) { "Plan an action" } }
    };
    let content = html! {
        @if actions.is_empty() {
            p .fine { "No action is planned. A lesson without an owner and a date changes nothing." }
        } @else {
            (table(actions))
        }
    };
    ui::section("actions", "Actions", Some(actions.len()), add, content)
}

/// Actions as a table.
pub(crate) fn table(actions: &[ActionOutline]) -> Markup {
    html! {
        section .scroll tabindex="0" aria-label="Actions" {
            table .rows {
                thead { tr {
                    th scope="col" { "Action" } th scope="col" { "State" } th scope="col" { "Owner" }
                    th scope="col" { "Due" } th scope="col" { "Strength" }
                } }
                tbody { @for action in actions { (line(action)) } }
            }
        }
    }
}

fn line(action: &ActionOutline) -> Markup {
    html! {
        tr {
            td data-label="Action" .what {
                (reference(&action.reference)) " " (action.title)
                @if let Some(done) = &action.completion { p .fine { "Done: " (done) } }
                @if let Some(judged) = &action.judged {
                    p .fine { "Judged" @if let Some(by) = &action.judged_by { " by " (by) } ": " (judged) }
                }
                @if let Some(reason) = &action.not_doing_reason {
                    p .fine {
                        "Not done because: " (reason)
                        @if let Some(by) = &action.not_doing_by { " (" (by) ")" }
                        @if let Some(until) = &action.not_doing_until { ", until " (ui::day(until)) }
                    }
                }
            }
            td data-label="State" { (ui::state(&action.state)) }
            td data-label="Owner" { (action.owner) }
            td data-label="Due" .date { (ui::day(&action.due_on)) }
            td data-label="Strength" { (text::title(&action.strength)) }
        }
    }
}
