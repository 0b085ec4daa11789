//! The say–do page: each promise, and whether it was kept.

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_domain::procedure::VersionName;
use nevertwice_service::procedure::{PromiseView, SayDo};

use crate::app::App;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::reference;
use crate::text;
use crate::ui::{self, Crumb};
use crate::viewer::Viewer;

/// Which version is asked about.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// Its reference; the one in force if there is none.
    version: Option<VersionName>,
}

/// Shows what became of every promise.
pub(crate) async fn show(
    _: paths::SayDo,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    let page = app.call(&viewer.identity, SayDo { procedure: asked.version }).await?;
    let crumb =
        Crumb { href: paths::Procedure.to_string(), words: "Incident management procedure".to_owned() };
    let beside = html! { p .head-facts {
        span .ref { (page.procedure.as_deref().unwrap_or("shipped")) }
        span { "as of " (ui::day(&page.as_of)) }
    } };
    let content = html! {
        (ui::head(Some(crumb), "What we say, what we do", beside, html! {}))
        p .lead { "Each promise of the procedure, and what became of it. Reviews count with the version that they were opened under, actions with the one that they were planned under: a later version says nothing about them. What hangs on void cases is left out." }
        @if page.procedure.is_some() {
            p .fine { a href=(format!("{}?version=shipped", paths::SayDo)) { "What ran under the procedure that comes with the program" } }
        }
        section .scroll tabindex="0" aria-label="Promises" { table .rows data-rows {
            thead { tr {
                th scope="col" { "Promise" } th scope="col" { "Verdict" } th scope="col" .num { "Kept" }
                th scope="col" .num { "Broken" } th scope="col" .num { "Ahead" } th scope="col" .num { "Waived" }
            } }
            tbody { @for promise in &page.promises { (row(promise)) } }
        } }
        @if !page.late_reviews.is_empty() {
            (ui::section("late", "Reviews that were not held in time", None, html! {}, html! {
                ul .lines { @for review in &page.late_reviews { li { (reference(review)) } } }
            }))
        }
    };
    Ok(page::show(&viewer, "What we say, what we do", content))
}

/// What the figures are made of.
fn records(promise: &PromiseView) -> Markup {
    let of = |outcome: &str| -> Vec<&str> {
        let these = promise.records.iter().filter(|one| one.outcome == outcome);
        these.map(|one| one.reference.as_str()).collect()
    };
    html! { details {
        summary { "Which ones" }
        @for outcome in ["broken", "ahead", "kept", "waived"] {
            @let these = of(outcome);
            @if !these.is_empty() {
                p .fine { (text::title(outcome)) ": " @for one in these { (reference(one)) " " } }
            }
        }
    } }
}

fn row(promise: &PromiseView) -> Markup {
    let figure = |number: u64| if number == 0 { "–".to_owned() } else { number.to_string() };
    html! { tr {
        td data-label="Promise" .what { (promise.text)
            @if let Some(because) = &promise.because { " " span .fine { (because) } }
            @if !promise.records.is_empty() { (records(promise)) }
        }
        td data-label="Verdict" { (ui::state(&promise.verdict)) }
        td data-label="Kept" .num data-empty[promise.kept == 0] { (figure(promise.kept)) }
        td data-label="Broken" .num data-empty[promise.broken == 0] { (figure(promise.broken)) }
        td data-label="Ahead" .num data-empty[promise.ahead == 0] { (figure(promise.ahead)) }
        td data-label="Waived" .num data-empty[promise.waived == 0] { (figure(promise.waived)) }
    } }
}
