//! Lessons, the latest first.

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_service::search::{LessonRow, ListLessons};

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
    ("Drafts", "state:draft"),
    ("Applied", "state:applied"),
    ("Proved", "state:proved"),
    ("To look at again", "overdue:yes"),
];

/// Shows lessons.
pub(crate) async fn list(
    _: paths::Lessons,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    let use_case = ListLessons { query: asked.q.clone(), limit: ROWS, after: asked.after() };
    let found = app.call(&viewer.identity, use_case).await?;
    let doing = html! {
        a .button href=(paths::OrphanLessons) { "Without effect" }
        a .button href=(paths::StaleLessons) { "To look at again" }
    };
    let content = html! {
        (ui::head(None, "Lessons", html! {}, doing))
        (listing::bar(&asked, &paths::Lessons.to_string(), "Filter lessons", &SAVED))
        (listing::found(&asked, &paths::Lessons.to_string(), found.total, ("lesson", "lessons"), &found.notes, found.next.as_deref(), rows(&found.items),
            "No lesson fits. Lessons are drawn on the page of a case."))
    };
    Ok(page::show(&viewer, "Lessons", content))
}

/// Lessons as a table.
pub(super) fn rows(rows: &[LessonRow]) -> Markup {
    html! {
        table .rows data-rows {
            thead { tr {
                th scope="col" { "Lesson" } th scope="col" { "What was learned" } th scope="col" { "State" }
                th scope="col" { "By" } th scope="col" { "From" }
            } }
            tbody { @for row in rows { (line(row)) } }
        }
    }
}

fn line(row: &LessonRow) -> Markup {
    html! {
        tr {
            td data-label="Lesson" .ref { (reference(&row.reference)) }
            td data-label="What was learned" .what { (row.statement) }
            td data-label="State" { (ui::state(&row.state)) @if row.is_exception { " " (ui::state("exception")) } }
            td data-label="By" { (row.author) }
            td data-label="From" .ref { @for case in &row.cases { (reference(case)) " " } }
        }
    }
}
