//! Searching every kind of record.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_service::Kind;
use nevertwice_service::search::{Search, SearchHit, SearchList};

use crate::app::App;
use crate::fragment::Fragment;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::path_of;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

/// Hits of a page.
const HITS: usize = 30;
/// Ranked pages go no further.
const FURTHEST: usize = 1_000;

/// What is searched for.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// The query.
    q: String,
    /// How many hits to pass over.
    offset: usize,
    /// Not empty while somebody types: the last word counts as the beginning of one.
    typing: String,
}

/// Shows what was found.
pub(crate) async fn show(
    _: paths::SearchAll,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
    Fragment(is_part): Fragment,
) -> Result<Response, Problem> {
    let asked = Asked { q: text::as_typed(asked.q, !asked.typing.is_empty()), ..asked };
    let use_case = Search { query: asked.q.clone(), limit: HITS, offset: asked.offset.min(FURTHEST) };
    let (status, found) = match app.call(&viewer.identity, use_case).await {
        Ok(found) => (StatusCode::OK, hits(&asked, &found)),
        Err(error) if error.kind == Kind::Invalid => (
            StatusCode::UNPROCESSABLE_ENTITY,
            html! { p .error role="alert" { (crate::error_page::sentence(&error.message)) } },
        ),
        Err(error) => return Err(error.into()),
    };
    if is_part {
        return Ok((status, found).into_response());
    }
    let content = html! {
        (ui::head(None, "Search", html! {}, html! {}))
        form .filter role="search" aria-label="Everything" method="get" action=(paths::SearchAll) {
            label .hidden for="q" { "Search" }
            input #q name="q" type="search" value=(asked.q) autocomplete="off";
            button .button type="submit" { "Search" }
        }
        (found)
    };
    Ok((status, page::show(&viewer, "Search", content)).into_response())
}

fn hits(asked: &Asked, found: &SearchList) -> Markup {
    let next = (asked.offset + HITS < usize::try_from(found.total).unwrap_or(usize::MAX))
        && asked.offset + HITS <= FURTHEST;
    html! {
        @if let Some(corrected) = &found.corrected {
            p .note { "Nothing has these words. Shown instead: " strong { (corrected) } }
        }
        p .total { strong { (text::count(found.total, "record", "records")) } " in your view" }
        (ui::notes(&found.notes))
        @if found.items.is_empty() { (ui::empty("Nothing in your view has these words.", html! {})) }
        ol .hits { @for hit in &found.items { (line(hit)) } }
        (ui::more(
            next.then(|| format!("{}?q={}&offset={}", paths::SearchAll, text::in_query(&asked.q), asked.offset + HITS)),
            (asked.offset > 0).then(|| format!("{}?q={}", paths::SearchAll, text::in_query(&asked.q))),
        ))
    }
}

fn line(hit: &SearchHit) -> Markup {
    html! {
        li {
            p {
                span .class { (text::title(&hit.kind)) } " "
                @match path_of(&hit.reference) {
                    Some(path) => { a href=(path) { span .ref { (hit.reference) } " " (hit.title) } }
                    None => { (hit.reference) " " (hit.title) }
                }
            }
            @if !hit.snippet.is_empty() {
                p .fine { @for piece in &hit.snippet { @if piece.hit { mark { (piece.text) } } @else { (piece.text) } } }
            }
        }
    }
}
