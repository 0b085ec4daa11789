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
        (ui::head(Some(crumb), &lesson.statement, beside, doing(viewer, at, &lesson.state)))
        div .case {
            div .case-story {
                (ui::section("detail", "More about it", None, html! {}, html! {
                    (prose_of(lesson.detail.as_deref()))
                    @if lesson.detail.is_none() { p .fine { "Nothing is written down beyond the sentence." } }
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

fn doing(viewer: &Viewer, lesson: LessonRef, state: &str) -> Markup {
    if !viewer.is_any_of(&["manager", "responder"]) || state == "retired" {
        return html! {};
    }
    html! {
        @if state == "draft" {
            a .button .primary href=(paths::LessonApproval { lesson }) { "Approve" }
            a .button href=(paths::LessonText { lesson }) { "Reword" }
        }
        a .button href=(paths::LessonCases { lesson }) { "Learned again" }
        a .button href=(paths::Retirement { lesson }) { "Retire" }
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
    let own = html! {
        @if !lesson.fields.is_empty() {
            dl .facts { @for (name, value) in &lesson.fields { div { dt { (name) } dd { (value) } } } }
        }
    };
    ui::section("facts", "Facts", None, html! {}, html! { (ui::facts(facts)) (own) })
}
