//! An awareness item, and for those who publish who has read it.

use axum::extract::State;
use maud::{Markup, html};
use nevertwice_domain::reference::AwarenessRef;
use nevertwice_service::awareness::{AwarenessView, ShowAwareness};

use super::list::counts;
use crate::app::App;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::{prose, reference};
use crate::text;
use crate::ui::{self, Facts};
use crate::viewer::Viewer;

/// Shows an awareness item.
pub(crate) async fn show(
    path: paths::Awareness,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let item = app.call(&viewer.identity, ShowAwareness { item: path.item }).await?;
    let title = format!("{} {}", item.reference, item.title);
    Ok(page::show(&viewer, &title, whole(&viewer, path.item, &item)))
}

fn whole(viewer: &Viewer, at: AwarenessRef, item: &AwarenessView) -> Markup {
    let crumb = ui::Crumb { href: paths::AwarenessItems.to_string(), words: "Awareness".to_owned() };
    let beside = html! { p .head-facts { span .ref { (item.reference) } (ui::state(&item.state)) } };
    html! {
        (ui::head(Some(crumb), &item.title, beside, doing(at, item)))
        div .case {
            div .case-story {
                (ui::section("text", "What was learned", None, html! {}, prose(&item.text)))
                @if !item.acknowledged.is_empty() || !item.missing.is_empty() { (readers(viewer, item)) }
            }
            aside .case-beside aria-label="Facts" { (facts(viewer, item)) }
        }
    }
}

fn doing(item: AwarenessRef, view: &AwarenessView) -> Markup {
    let may = |verb: &str| view.may.iter().any(|one| one == verb);
    html! {
        @if may("acknowledge") { a .button .primary href=(paths::Acknowledgement { item }) { "I have read it" } }
        @if may("withdraw") { a .button href=(paths::AwarenessWithdrawal { item }) { "Withdraw" } }
    }
}

fn readers(viewer: &Viewer, item: &AwarenessView) -> Markup {
    let has = html! {
        ul .lines { @for reader in &item.acknowledged {
            li { (reader.name) " " span .fine { (ui::instant(&reader.acknowledged_at, &viewer.me.time_zone)) } }
        } }
        @if item.acknowledged.is_empty() { p .fine { "Nobody yet." } }
    };
    let has_not = html! {
        ul .lines { @for name in &item.missing { li { (name) } } }
        @if item.missing.is_empty() { p .fine { "Everybody has." } }
    };
    html! {
        (ui::section("acknowledged", "Who has acknowledged it", Some(item.acknowledged.len()), html! {}, has))
        (ui::section("missing", "Who has not", Some(item.missing.len()), html! {}, has_not))
    }
}

fn facts(viewer: &Viewer, item: &AwarenessView) -> Markup {
    let audience = match item.audience.as_str() {
        "roles" => item.roles.iter().map(|role| text::title(role)).collect::<Vec<_>>().join(", "),
        "people" => "Some people by name".to_owned(),
        _ => "Everybody".to_owned(),
    };
    let mut facts = Facts::default()
        .with("For", html! { (audience) })
        .with("To be acknowledged until", ui::day(&item.due_on))
        .with("Published by", html! { (item.published_by) })
        .with("Published", ui::instant(&item.published_at, &viewer.me.time_zone));
    if let Some(at) = &item.acknowledged_at {
        facts = facts.with("You acknowledged it", ui::instant(at, &viewer.me.time_zone));
    }
    if item.audience_count.is_some() {
        facts = facts.with("Acknowledged", html! { (counts(item.acknowledged_count, item.audience_count)) });
    }
    if let Some(lesson) = item.lesson.as_ref().filter(|_| viewer.reads_lessons()) {
        facts = facts.with("Lesson", reference(lesson));
    }
    facts = facts.with_text("Withdrawn because", item.withdrawn_reason.as_deref());
    ui::section("facts", "Facts", None, html! {}, ui::facts(facts))
}
