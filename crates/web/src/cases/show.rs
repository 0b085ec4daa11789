//! A case as one story.

use axum::extract::State;
use maud::Markup;
use nevertwice_service::case::ShowCase;
use nevertwice_service::search::FindSimilar;

use super::view;
use crate::app::App;
use crate::drafts;
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
    let (viewer, case, draft) = app
        .blocking(move |app| {
            let case = app.run(&viewer.identity, ShowCase { case: path.case })?;
            // A comment that was begun.
            let address = paths::Comments { case: path.case }.to_string();
            let draft = drafts::offered(app, &viewer.identity, address)?;
            Ok((viewer, case, draft))
        })
        .await?;
    let title = format!("{} {}", case.reference, case.title);
    Ok(page::show(&viewer, &title, view::story(&viewer, path.case, &case, &draft)))
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
