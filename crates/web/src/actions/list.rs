//! Actions, the most urgent first.

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_service::search::{ActionRow, ListActions};

use crate::app::App;
use crate::listing::{self, Asked, ROWS};
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::reference;
use crate::ui;
use crate::viewer::Viewer;

const SAVED: [(&str, &str); 5] = [
    ("All", ""),
    ("Open", "state:open"),
    ("Overdue", "overdue:yes"),
    ("Mine", "owner:me state:open"),
    ("Effect to be judged", "state:done"),
];

/// Shows actions.
pub(crate) async fn list(
    _: paths::Actions,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    let use_case = ListActions { query: asked.q.clone(), limit: ROWS, after: asked.after() };
    let found = app.call(&viewer.identity, use_case).await?;
    let content = html! {
        (ui::head(None, "Actions", html! {}, html! { a .button href=(paths::DecideAgain) { "To decide on again" } }))
        (listing::bar(&asked, &paths::Actions.to_string(), "Filter actions", &SAVED))
        (listing::found(&asked, &paths::Actions.to_string(), found.total, ("action", "actions"), &found.notes, found.next.as_deref(),
            table(&found.items), "No action fits. Actions are planned on the page of a case."))
    };
    Ok(page::show(&viewer, "Actions", content))
}

/// Actions as a table.
pub(crate) fn table(rows: &[ActionRow]) -> Markup {
    html! {
        table .rows data-rows {
            thead { tr {
                th scope="col" { "Action" } th scope="col" { "What is done" } th scope="col" { "State" }
                th scope="col" { "Owner" } th scope="col" { "Due" } th scope="col" { "Case" }
            } }
            tbody { @for row in rows { (line(row)) } }
        }
    }
}

fn line(row: &ActionRow) -> Markup {
    html! {
        tr {
            td data-label="Action" .ref { (reference(&row.reference)) }
            td data-label="What is done" .what { (row.title) }
            td data-label="State" { (ui::state(&row.state)) @if row.overdue { " " (ui::state("overdue")) } }
            td data-label="Owner" { (row.owner) }
            td data-label="Due" .date { (ui::day(&row.due_on)) }
            td data-label="Case" .ref { (reference(&row.case)) }
        }
    }
}
