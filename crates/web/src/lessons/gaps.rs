//! Lessons that need somebody: nothing puts them to work, or nobody has looked at them for too long.

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_service::lesson::{LessonGap, LessonGapList, ListLessonGaps};

use super::list::rows;
use crate::app::App;
use crate::listing::{Asked, ROWS};
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

/// Shows lessons that nothing puts to work.
pub(crate) async fn orphans(
    _: paths::OrphanLessons,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    let list = ListLessonGaps { gap: LessonGap::Orphan, limit: ROWS, after: asked.after() };
    let list = app.call(&viewer.identity, list).await?;
    let lead = "No action that is to be done and no approved coverage puts them to work, or no case stands behind them.";
    let at = paths::OrphanLessons.to_string();
    Ok(shown(&viewer, "Lessons without effect", lead, &at, &asked, &list))
}

/// Shows lessons that nobody has looked at for too long.
pub(crate) async fn stale(
    _: paths::StaleLessons,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    let list = ListLessonGaps { gap: LessonGap::Stale, limit: ROWS, after: asked.after() };
    let list = app.call(&viewer.identity, list).await?;
    let lead = "The day on which they were to be looked at again has passed. Say on the page of each that it is still true, or retire it.";
    Ok(shown(&viewer, "Lessons to look at again", lead, &paths::StaleLessons.to_string(), &asked, &list))
}

fn shown(viewer: &Viewer, title: &str, lead: &str, at: &str, asked: &Asked, list: &LessonGapList) -> Markup {
    let crumb = ui::Crumb { href: paths::Lessons.to_string(), words: "Lessons".to_owned() };
    let next = list.next.as_ref().map(|next| format!("{at}?after={}", text::in_query(next)));
    let first = asked.after().map(|_| at.to_owned());
    let content = html! {
        (ui::head(Some(crumb), title, html! {}, html! {}))
        p .lead { (lead) }
        @if list.items.is_empty() {
            (ui::empty("There is none in your view.", html! {}))
        } @else {
            section .scroll tabindex="0" aria-label="Lessons" { (rows(&list.items)) }
        }
        (ui::more(next, first))
    };
    page::show(viewer, title, content)
}
