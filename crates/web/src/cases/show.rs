//! A case as one story.

use axum::extract::State;
use maud::Markup;
use nevertwice_service::case::ShowCase;
use nevertwice_service::search::FindSimilar;

use super::view;
use crate::app::App;
use crate::fragment::Fragment;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::ui;
use crate::viewer::Viewer;

/// Similar cases shown.
const SIMILAR: usize = 5;

/// Shows a case.
pub(crate) async fn show(
    path: paths::Case,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let case = app.call(&viewer.identity, ShowCase { case: path.case }).await?;
    Ok(page::show(
        &viewer,
        &format!("{} {}", case.reference, case.title),
        view::story(&viewer, path.case, &case),
    ))
}

/// Shows cases like another, beside its page.
pub(crate) async fn similar(
    path: paths::SimilarCases,
    State(app): State<App>,
    viewer: Viewer,
    Fragment(is_part): Fragment,
) -> Result<Markup, Problem> {
    let found = app.call(&viewer.identity, FindSimilar { case: path.case, limit: SIMILAR }).await?;
    let list = view::similar(&found);
    if is_part {
        return Ok(list);
    }
    let crumb = ui::Crumb { href: paths::Case { case: path.case }.to_string(), words: path.case.to_string() };
    let head = ui::head(Some(crumb), "Similar cases", maud::html! {}, maud::html! {});
    Ok(page::show(&viewer, "Similar cases", maud::html! { (head) (list) }))
}
