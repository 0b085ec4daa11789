//! A lesson.

use axum::extract::State;
use maud::{Markup, html};
use nevertwice_domain::reference::{CaseRef, LessonRef};
use nevertwice_domain::text::Line;
use nevertwice_service::lesson::{FindSimilarLessons, LessonView, ShowLesson};

use crate::app::App;
use crate::cases::actions_table;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::{prose_of, reference};
use crate::ui::{self, Facts};
use crate::viewer::Viewer;

/// Shows a lesson.
pub(crate) async fn show(
    path: paths::Lesson,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let lesson = app.call(&viewer.identity, ShowLesson { lesson: path.lesson }).await?;
    let similar = similar(&app, &viewer, &lesson).await?;
    let title = format!("{} {}", lesson.reference, lesson.statement);
    let content = html! { (whole(&viewer, path.lesson, &lesson)) (similar) };
    Ok(page::show(&viewer, &title, content))
}

/// Whether a draft says what an approved lesson says already: then that one is linked to its case instead.
async fn similar(app: &App, viewer: &Viewer, lesson: &LessonView) -> Result<Markup, Problem> {
    let may_edit = lesson.may.iter().any(|verb| verb == "edit_case");
    let case = lesson.cases.first().and_then(|case| case.parse::<CaseRef>().ok());
    let (Some(case), true) = (case, may_edit && lesson.state == "draft") else { return Ok(html! {}) };
    let find = FindSimilarLessons { case, text: Line::parse(&lesson.statement).ok(), limit: 5 };
    Ok(super::similar::offer(case, &app.call(&viewer.identity, find).await?))
}

fn whole(viewer: &Viewer, at: LessonRef, lesson: &LessonView) -> Markup {
    let crumb = ui::Crumb { href: paths::Lessons.to_string(), words: "Lessons".to_owned() };
    let beside = html! {
        p .head-facts {
            span .ref { (lesson.reference) }
            (ui::state(&lesson.state))
            @if lesson.is_exception { (ui::state("exception")) }
            @if lesson.is_stale { (ui::state("to_look_at_again")) }
        }
    };
    html! {
        (ui::head(Some(crumb), &lesson.statement, beside, doing(at, lesson)))
        div .case {
            div .case-story {
                (ui::section("detail", "More about it", None, html! {}, html! {
                    (prose_of(lesson.detail.as_deref()))
                    @if lesson.detail.is_none() { p .fine { "Nothing is written down beyond the sentence." } }
                    @if lesson.state == "draft" { (ui::hints(&lesson.hints)) }
                }))
                (ui::section("actions", "What puts it to work", Some(lesson.actions.len()), html! {}, html! {
                    @if lesson.actions.is_empty() {
                        p .fine { "No action in your view puts it to work." }
                    } @else { (actions_table(&lesson.actions)) }
                }))
                @if !lesson.coverages.is_empty() { (coverages(viewer, lesson)) }
                @if !lesson.confirmations.is_empty() { (confirmations(viewer, lesson)) }
            }
            aside .case-beside aria-label="Facts" { (facts(viewer, lesson)) }
        }
    }
}

fn doing(lesson: LessonRef, view: &LessonView) -> Markup {
    let may = |verb: &str| view.state != "retired" && view.may.iter().any(|one| one == verb);
    let is_draft = view.state == "draft";
    let is_in_force = matches!(view.state.as_str(), "approved" | "applied" | "proved");
    let awaits_approval =
        is_draft || matches!(view.state.as_str(), "overtaken" | "did_not_hold" | "regressed");
    let waits = view.coverages.iter().any(|one| one.approved_by.is_none());
    html! {
        @if waits && may("approve") {
            a .button href=(paths::CoverageApproval { lesson }) { "Approve what covers it" }
        }
        @if awaits_approval && may("approve") { a .button .primary href=(paths::LessonApproval { lesson }) { "Approve" } }
        @if is_draft && may("edit_case") { a .button href=(paths::LessonText { lesson }) { "Reword" } }
        @if may("edit_case") { a .button href=(paths::LessonCases { lesson }) { "Learned again" } }
        @if is_in_force && may("edit_case") { a .button href=(paths::LessonConfirmation { lesson }) { "Still true" } }
        @if is_in_force && may("decide_case") { a .button href=(paths::LessonAwareness { lesson }) { "Tell people" } }
        @if may("edit_case") || may("decide_case") {
            details .more {
                summary .button { "More" }
                ul {
                    @if may("edit_case") {
                        li { a href=(paths::LessonCoverage { lesson }) { "No action, because it is covered" } }
                    }
                    @if may("edit_case") && view.cases.len() > 1 {
                        li { a href=(paths::LessonUnlinking { lesson }) { "Not learned from a case" } }
                    }
                    @if may("decide_case") { li { a href=(paths::Retirement { lesson }) { "Retire" } } }
                }
            }
        }
    }
}

fn coverages(viewer: &Viewer, lesson: &LessonView) -> Markup {
    let content = html! {
        ul .timeline {
            @for one in &lesson.coverages {
                li {
                    p .moment-head { (crate::text::title(&one.kind)) " " (reference(&one.covered_by)) }
                    (crate::prose::prose(&one.reason))
                    p .fine {
                        "Said by " (one.declared_by) ", " (ui::instant(&one.declared_at, &viewer.me.time_zone)) ". "
                        @match (&one.approved_by, &one.approved_at) {
                            (Some(by), Some(at)) => { "Approved by " (by) ", " (ui::instant(at, &viewer.me.time_zone)) "." }
                            _ => "Waits for approval by somebody else.",
                        }
                    }
                    @if let Some(why) = &one.no_longer { p .fine { "Covers nothing now: " (why) "." } }
                }
            }
        }
    };
    ui::section("coverage", "What covers it", Some(lesson.coverages.len()), html! {}, content)
}

fn confirmations(viewer: &Viewer, lesson: &LessonView) -> Markup {
    let content = html! {
        ul .lines {
            @for one in &lesson.confirmations {
                li {
                    (one.confirmed_by) ", " (ui::instant(&one.confirmed_at, &viewer.me.time_zone))
                    ": looked at again on " (ui::day(&one.next_review_on))
                }
            }
        }
    };
    ui::section("confirmations", "Still true", Some(lesson.confirmations.len()), html! {}, content)
}

fn facts(viewer: &Viewer, lesson: &LessonView) -> Markup {
    let mut facts = Facts::default()
        .with("Written by", html! { (lesson.author) })
        .with_text("Approved by", lesson.approved_by.as_deref());
    if let Some(at) = &lesson.approved_at {
        facts = facts.with("Approved", ui::instant(at, &viewer.me.time_zone));
    }
    if !lesson.cases.is_empty() {
        let count = crate::text::count(lesson.cases.len() as u64, "case", "cases");
        facts = facts.with(
            "Learned from",
            html! { (count) " in your view: "  @for case in &lesson.cases { (reference(case)) " " } },
        );
    }
    facts = facts.with_list("Tags", &lesson.tags);
    if let Some(on) = &lesson.review_on {
        facts = facts.with("Looked at again", ui::day(on));
    }
    facts = facts.with_text("Retired because", lesson.retired_reason.as_deref());
    let own = ui::own_fields(&lesson.fields);
    ui::section("facts", "Facts", None, html! {}, html! { (ui::facts(facts)) (own) })
}
