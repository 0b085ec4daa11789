//! A lesson.

use axum::extract::State;
use maud::{Markup, html};
use nevertwice_domain::reference::LessonRef;
use nevertwice_service::lesson::{LessonView, ShowLesson};

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
    let title = format!("{} {}", lesson.reference, lesson.statement);
    Ok(page::show(&viewer, &title, whole(&viewer, path.lesson, &lesson)))
}

fn whole(viewer: &Viewer, at: LessonRef, lesson: &LessonView) -> Markup {
    let crumb = ui::Crumb { href: paths::Lessons.to_string(), words: "Lessons".to_owned() };
    let beside = html! { p .head-facts { span .ref { (lesson.reference) } (ui::state(&lesson.state)) } };
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
            }
            aside .case-beside aria-label="Facts" { (facts(viewer, lesson)) }
        }
    }
}

fn doing(lesson: LessonRef, view: &LessonView) -> Markup {
    let may = |verb: &str| view.state != "retired" && view.may.iter().any(|one| one == verb);
    let is_draft = view.state == "draft";
    html! {
        @if is_draft && may("approve") { a .button .primary href=(paths::LessonApproval { lesson }) { "Approve" } }
        @if is_draft && may("edit_case") { a .button href=(paths::LessonText { lesson }) { "Reword" } }
        @if may("edit_case") { a .button href=(paths::LessonCases { lesson }) { "Learned again" } }
        @if may("decide_case") { a .button href=(paths::Retirement { lesson }) { "Retire" } }
    }
}

fn facts(viewer: &Viewer, lesson: &LessonView) -> Markup {
    let mut facts = Facts::default()
        .with("Written by", html! { (lesson.author) })
        .with_text("Approved by", lesson.approved_by.as_deref());
    if let Some(at) = &lesson.approved_at {
        facts = facts.with("Approved", ui::instant(at, &viewer.me.time_zone));
    }
    if !lesson.cases.is_empty() {
        facts = facts.with("Learned from", html! { @for case in &lesson.cases { (reference(case)) " " } });
    }
    facts = facts.with_list("Tags", &lesson.tags);
    if let Some(on) = &lesson.review_on {
        facts = facts.with("Looked at again", ui::day(on));
    }
    facts = facts.with_text("Retired because", lesson.retired_reason.as_deref());
    let own = ui::own_fields(&lesson.fields);
    ui::section("facts", "Facts", None, html! {}, html! { (ui::facts(facts)) (own) })
}
