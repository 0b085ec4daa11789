//! What it was decided not to do until a day that has passed.

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_service::action::ListDecideAgain;
use nevertwice_service::search::ActionRow;

use crate::app::App;
use crate::listing::{Asked, ROWS};
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::reference;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

/// Shows the actions to decide on again.
pub(crate) async fn decide_again(
    _: paths::DecideAgain,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    let list = app.call(&viewer.identity, ListDecideAgain { limit: ROWS, after: asked.after() }).await?;
    let at = paths::DecideAgain.to_string();
    let next = list.next.as_ref().map(|next| format!("{at}?after={}", text::in_query(next)));
    let first = asked.after().map(|_| at.clone());
    let crumb = ui::Crumb { href: paths::Actions.to_string(), words: "Actions".to_owned() };
    let content = html! {
        (ui::head(Some(crumb), "Actions to decide on again", html! {}, html! {}))
        p .lead { "It was decided not to do them until a day that has passed. Decide again, or take them up." }
        @if list.items.is_empty() {
            (ui::empty("There is none in your view.", html! {}))
        } @else {
            section .scroll tabindex="0" aria-label="Actions" { (to_decide(&list.items)) }
        }
        (ui::more(next, first))
    };
    Ok(page::show(&viewer, "Actions to decide on again", content))
}

/// Actions to decide on again as a table.
fn to_decide(rows: &[ActionRow]) -> Markup {
    html! {
        table .rows data-rows {
            thead { tr {
                th scope="col" { "Action" } th scope="col" { "What is not done" } th scope="col" { "Until" }
                th scope="col" { "Owner" } th scope="col" { "Case" }
            } }
            tbody { @for row in rows { tr {
                td data-label="Action" .ref { (reference(&row.reference)) }
                td data-label="What is not done" .what { (row.title) }
                td data-label="Until" .date { @if let Some(until) = &row.not_doing_until { (ui::day(until)) } }
                td data-label="Owner" { (row.owner) }
                td data-label="Case" .ref { (reference(&row.case)) }
            } } }
        }
    }
}
