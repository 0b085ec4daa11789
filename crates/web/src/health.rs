//! Whether the server is there, whether it can answer, and what a monitor reads.

use axum::Extension;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::paths;
use crate::problem::Problem;
use crate::server::Peer;

/// The process is there.
pub(crate) async fn livez(_: paths::Livez) -> &'static str {
    "ok\n"
}

/// The database answers.
pub(crate) async fn readyz(_: paths::Readyz, State(app): State<App>) -> Result<Response, Problem> {
    app.blocking(|app| app.service().settings().map(drop)).await?;
    Ok((StatusCode::OK, "ok\n").into_response())
}

/// Counts and times, for a monitor on this machine: it tells nothing of any record, but how much is going on.
pub(crate) async fn metrics(
    _: paths::MetricsText,
    State(app): State<App>,
    peer: Option<Extension<ConnectInfo<Peer>>>,
    headers: HeaderMap,
) -> Result<String, Problem> {
    let is_local = peer.is_some_and(|Extension(ConnectInfo(peer))| peer.0.is_loopback());
    let is_forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    if !is_local || is_forwarded {
        return Err(Problem::no_such_page());
    }
    Ok(app.metrics().text())
}
