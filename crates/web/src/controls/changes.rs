//! What changed because of what: case, lesson, action, and what became of a control or a risk.

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_service::control::{ChangedView, ListChanges};

use super::show::change;
use crate::app::App;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::reference;
use crate::risks;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

/// Changes of a page.
const ROWS: usize = 30;

/// Which page.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    after: String,
}

/// Shows what changed.
pub(crate) async fn changes(
    _: paths::Changes,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    let after = Some(asked.after).filter(|after| !after.is_empty());
    let is_first = after.is_none();
    let list = app.call(&viewer.identity, ListChanges { limit: ROWS, after }).await?;
    let page_at = |after: &str| format!("{}?after={}", paths::Changes, text::in_query(after));
    let first = (!is_first).then(|| paths::Changes.to_string());
    let crumb = ui::Crumb { href: paths::Controls.to_string(), words: "Controls".to_owned() };
    let content = html! {
        (ui::head(Some(crumb), "What changed because of what", html! {}, html! {}))
        @if list.items.is_empty() {
            (ui::empty("No case in your view has changed a control or a risk yet. It is recorded on the page of a case, and on that of a risk.", html! {}))
        }
        @for item in &list.items { (one(&viewer, item)) }
        (ui::more(list.next.as_deref().map(page_at), first))
    };
    Ok(page::show(&viewer, "What changed because of what", content))
}

fn one(viewer: &Viewer, item: &ChangedView) -> Markup {
    html! {
        div .part {
            p { (reference(&item.case)) " " (item.case_title) }
            @if let Some(control) = &item.control { (change(viewer, control)) }
            @if let Some(risk) = &item.risk { (risks::look(viewer, risk, true)) }
        }
    }
}
