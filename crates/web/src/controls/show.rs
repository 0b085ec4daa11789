//! One control.

use axum::extract::State;
use maud::{Markup, html};
use nevertwice_domain::case::Performance;
use nevertwice_domain::control::ControlRef;
use nevertwice_domain::word::Word;
use nevertwice_service::control::{ControlChangeView, ControlView, ShowControl};

use crate::app::App;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::{prose, prose_of, reference};
use crate::risks;
use crate::text;
use crate::ui::{self, Facts};
use crate::viewer::Viewer;

/// Shows a control.
pub(crate) async fn show(
    path: paths::Control,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let view = app.call(&viewer.identity, ShowControl { control: path.control }).await?;
    let title = format!("{} {}", view.control.reference, view.control.title);
    Ok(page::show(&viewer, &title, whole(&viewer, path.control, &view)))
}

/// A control as a link.
pub(crate) fn link(control: &str) -> Markup {
    html! {
        @match control.parse::<ControlRef>() {
            Ok(control) => { a .ref href=(paths::Control { control }) { (control) } }
            Err(_) => (control),
        }
    }
}

fn whole(viewer: &Viewer, at: ControlRef, view: &ControlView) -> Markup {
    let control = &view.control;
    let crumb = ui::Crumb { href: paths::Controls.to_string(), words: "Controls".to_owned() };
    let beside = html! {
        p .head-facts {
            span .ref { (control.reference) } (ui::state(&control.status))
            @if !control.applicable { span .badge data-tone="quiet" { "Not applicable" } }
            @if control.retired_at.is_some() { span .badge data-tone="quiet" { "Retired" } }
        }
    };
    html! {
        (ui::head(Some(crumb), &control.title, beside, doing(at, view)))
        div .case {
            div .case-story {
                (ui::section("about", "What it is here", None, html! {}, html! {
                    (prose_of(control.description.as_deref()))
                    @if control.description.is_none() { p .fine { "Nobody has described it yet." } }
                }))
                (on_cases(view))
                (ui::section("changes", "What changed in it", Some(view.changes.len()), html! {}, html! {
                    @if view.changes.is_empty() { p .fine { "No case in your view changed it." } }
                    @for one in &view.changes { (change(viewer, one)) }
                }))
                (ui::section("risks", "Risks that it keeps small", Some(view.risks.len()), html! {}, html! {
                    @if view.risks.is_empty() { p .fine { "No risk in your view is linked to it." } }
                    @else { (risks::table(&view.risks)) }
                }))
            }
            aside .case-beside aria-label="Facts" { (facts(viewer, view)) }
        }
    }
}

fn doing(control: ControlRef, view: &ControlView) -> Markup {
    let may = view.may.iter().any(|verb| verb == "edit_catalogue") && view.control.retired_at.is_none();
    html! {
        @if may {
            a .button .primary href=(paths::ControlFacts { control }) { "Change" }
            @if matches!(control, ControlRef::Own(_)) {
                a .button href=(paths::ControlRetirement { control }) { "Retire" }
            }
        }
    }
}

fn facts(viewer: &Viewer, view: &ControlView) -> Markup {
    let control = &view.control;
    let mut facts = Facts::default()
        .with("Applicable", html! { @if control.applicable { "Yes" } @else { "No" } })
        .with_text("Justification", control.justification.as_deref())
        .with("Status", html! { (text::title(&control.status)) })
        .with_text("Owner", control.owner.as_deref())
        .with("Theme", html! { (text::title(&control.theme)) });
    if let Some(at) = &control.retired_at {
        facts = facts.with("Retired", ui::instant(at, &viewer.me.time_zone));
    }
    facts = facts.with_text("Retired because", control.retired_reason.as_deref());
    ui::section("facts", "Facts", None, html! {}, ui::facts(facts))
}

fn on_cases(view: &ControlView) -> Markup {
    let count = |word: &Performance| view.performances.get(word.as_str()).copied().unwrap_or(0);
    let content = html! {
        p .fine {
            @for (place, word) in Performance::ALL.iter().enumerate() {
                @if place > 0 { " · " } (text::title(word.as_str())) " " (count(word))
            }
            ", on the cases in your view."
        }
        @if !view.cases.is_empty() {
            section .scroll tabindex="0" aria-label="On cases" { table .rows {
                thead { tr { th scope="col" { "Case" } th scope="col" { "Title" } th scope="col" { "It" } th scope="col" { "Note" } } }
                tbody { @for on in &view.cases { tr {
                    td data-label="Case" .ref { (reference(&on.case)) }
                    td data-label="Title" .what { (on.title) }
                    td data-label="It" { (performance(&on.performance)) }
                    td data-label="Note" { (on.note.as_deref().unwrap_or("–")) }
                } } }
            } }
        }
    };
    ui::section("cases", "How it did on cases", Some(view.cases.len()), html! {}, content)
}

/// How a control did, as a badge.
pub(crate) fn performance(word: &str) -> Markup {
    let tone = if word == "worked" { "good" } else { "bad" };
    html! { span .badge data-tone=(tone) { (text::title(word)) } }
}

/// What a case changed in a control: before and after.
pub(crate) fn change(viewer: &Viewer, change: &ControlChangeView) -> Markup {
    html! {
        article .review {
            p .review-head {
                (link(&change.control)) " " (change.title)
                span .fine { "since " (ui::day(&change.changed_on)) ", recorded by " (change.recorded_by) " " (ui::instant(&change.recorded_at, &viewer.me.time_zone)) }
            }
            p .fine {
                "Because of " (reference(&change.case))
                @if let Some(lesson) = &change.lesson { " → " (reference(lesson)) }
                @if let Some(action) = &change.action { " → " (reference(action)) }
            }
            dl .facts {
                div { dt { "Before" } dd { (prose(&change.before)) } }
                div { dt { "After" } dd { (prose(&change.after)) } }
            }
        }
    }
}
