//! The register, page by page.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use nevertwice_service::Kind;
use nevertwice_service::search::{CaseList, ListCases};

use super::filter::Asked;
use super::list_view;
use crate::app::App;
use crate::fragment::Fragment;
use crate::paths;
use crate::problem::Problem;
use crate::viewer::Viewer;

/// Rows of a page.
const ROWS: usize = 50;

/// Shows the register.
pub(crate) async fn list(
    _: paths::Cases,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
    Fragment(is_part): Fragment,
) -> Result<Response, Problem> {
    if !asked.typing.is_empty() && !is_part {
        // Whoever comes back to an address of while they typed sees what they saw, and what it means.
        let settled = asked.settled();
        return Ok(Redirect::to(&settled.with_query(&settled.q)).into_response());
    }
    let asked = asked.settled();
    let use_case = ListCases {
        query: asked.q.clone(),
        limit: ROWS,
        after: Some(asked.after.clone()).filter(|after| !after.is_empty()),
        sort: Some(asked.sort.clone()).filter(|sort| !sort.is_empty()),
    };
    let (status, found) = match app.call(&viewer.identity, use_case).await {
        Ok(list) => (StatusCode::OK, Ok(list)),
        // A query that cannot be read is shown above the field that it stands in.
        Err(error) if error.kind == Kind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, Err(error.message)),
        Err(error) => return Err(error.into()),
    };
    let found: Result<&CaseList, &str> = found.as_ref().map_err(String::as_str);
    let page = match is_part {
        true => list_view::results(&viewer, &asked, found),
        false => list_view::page(&viewer, &asked, found),
    };
    Ok((status, page).into_response())
}
