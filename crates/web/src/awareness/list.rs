//! Awareness items, the latest first.

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_service::awareness::{AwarenessRow, ListAwareness};

use crate::app::App;
use crate::listing::{Asked, ROWS};
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::reference;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

/// Shows awareness items.
pub(crate) async fn list(
    _: paths::AwarenessItems,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    let use_case = ListAwareness { open: false, limit: ROWS, after: asked.after() };
    let list = app.call(&viewer.identity, use_case).await?;
    let at = paths::AwarenessItems.to_string();
    let next = list.next.as_ref().map(|next| format!("{at}?after={}", text::in_query(next)));
    let first = asked.after().map(|_| at.clone());
    let content = html! {
        (ui::head(None, "Awareness", html! {}, html! {}))
        p .lead { "What was learned, told to those who need it." }
        @if list.items.is_empty() {
            (ui::empty("Nothing was published for you. An approved lesson becomes an awareness item on its page.", html! {}))
        } @else {
            section .scroll tabindex="0" aria-label="Awareness items" { (table(&list.items)) }
        }
        (ui::more(next, first))
    };
    Ok(page::show(&viewer, "Awareness", content))
}

/// Awareness items as a table.
fn table(rows: &[AwarenessRow]) -> Markup {
    html! {
        table .rows data-rows {
            thead { tr {
                th scope="col" { "Item" } th scope="col" { "What it says" } th scope="col" { "State" }
                th scope="col" { "Until" } th scope="col" { "You" } th scope="col" { "Acknowledged" }
            } }
            tbody { @for row in rows { (line(row)) } }
        }
    }
}

fn line(row: &AwarenessRow) -> Markup {
    html! {
        tr {
            td data-label="Item" .ref { (reference(&row.reference)) }
            td data-label="What it says" .what { (row.title) }
            td data-label="State" { (ui::state(&row.state)) @if row.overdue && row.is_for_me && !row.is_acknowledged { " " (ui::state("overdue")) } }
            td data-label="Until" .date { (ui::day(&row.due_on)) }
            td data-label="You" {
                @match (row.is_for_me, row.is_acknowledged) {
                    (_, true) => "Acknowledged",
                    (true, false) if row.state == "published" => "To read",
                    _ => "–",
                }
            }
            td data-label="Acknowledged" { (counts(row.acknowledged_count, row.audience_count)) }
        }
    }
}

/// How many of how many, for those who may know.
pub(super) fn counts(read: Option<u64>, of: Option<u64>) -> String {
    match read.zip(of) {
        Some((read, of)) => format!("{read} of {of}"),
        None => "–".to_owned(),
    }
}
