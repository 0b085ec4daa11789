//! Reviews, page by page.

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_service::search::{ListReviews, ReviewRow};

use crate::app::App;
use crate::listing::{self, Asked, ROWS};
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::reference;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

const SAVED: [(&str, &str); 4] = [
    ("All", ""),
    ("To be held", "state:due,scheduled"),
    ("Awaiting approval", "state:drafted"),
    ("Mine", "owner:me"),
];

/// Shows reviews.
pub(crate) async fn list(
    _: paths::Reviews,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    let use_case = ListReviews { query: asked.q.clone(), limit: ROWS, after: asked.after() };
    let found = app.call(&viewer.identity, use_case).await?;
    let rows = html! {
        table .rows data-rows {
            thead { tr {
                th scope="col" { "Review" } th scope="col" { "What went wrong" } th scope="col" { "State" }
                th scope="col" { "Led by" } th scope="col" { "Due" } th scope="col" { "Case" }
            } }
            tbody { @for row in &found.items { (line(row)) } }
        }
    };
    let content = html! {
        (ui::head(None, "Reviews", html! {}, html! {}))
        (listing::bar(&asked, &paths::Reviews.to_string(), "Filter reviews", &SAVED))
        (listing::found(&asked, &paths::Reviews.to_string(), found.total, ("review", "reviews"), &found.notes, found.next.as_deref(), rows,
            "No review fits. A review is opened on the page of a case."))
    };
    Ok(page::show(&viewer, "Reviews", content))
}

fn line(row: &ReviewRow) -> Markup {
    html! {
        tr {
            td data-label="Review" .ref { (reference(&row.reference)) }
            td data-label="What went wrong" .what { (row.problem) " " span .fine { (text::title(&row.kind)) } }
            td data-label="State" { (ui::state(&row.state)) }
            td data-label="Led by" { (row.facilitator) }
            td data-label="Due" .date { (ui::day(&row.due_on)) }
            td data-label="Case" .ref { (reference(&row.case)) }
        }
    }
}
