//! What was done to a case and what hangs on it, from the trail; and a bundle that proves it to somebody who has nothing
//! but the key.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_domain::reference::CaseRef;
use nevertwice_service::ServiceError;
use nevertwice_service::bundle::ExportBundle;
use nevertwice_service::case::{ActivityEntryView, ActivityView, ShowActivity};
use nevertwice_service::checkpoint::{ShowTrailHead, TrailHeadView};
use tokio_util::io::ReaderStream;

use crate::app::App;
use crate::fragment::Fragment;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::reference;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

/// Entries beside a case.
const FEW: usize = 8;
/// Entries of a page.
const MANY: usize = 100;

/// Where the list goes on.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Before {
    before: Option<u64>,
}

/// Shows what was done.
pub(crate) async fn show(
    path: paths::Activity,
    State(app): State<App>,
    viewer: Viewer,
    Query(Before { before }): Query<Before>,
    Fragment(is_part): Fragment,
) -> Result<Markup, Problem> {
    let use_case = ShowActivity { case: path.case, limit: if is_part { FEW } else { MANY }, before };
    let activity = app.call(&viewer.identity, use_case).await?;
    let trail = match viewer.may("read_trail") {
        true => Some(app.call(&viewer.identity, ShowTrailHead {}).await?),
        false => None,
    };
    if is_part {
        return Ok(html! {
            (entries(&viewer, &activity))
            (trail_head(trail.as_ref()))
            p { a href=(path) { "Everything that was done" } }
        });
    }
    let case = paths::Case { case: path.case };
    let crumb = ui::Crumb { href: case.to_string(), words: path.case.to_string() };
    let older = activity.next.map(|next| format!("{path}?before={next}"));
    let content = html! {
        (ui::head(Some(crumb), "What was done", html! {}, proof(&viewer, path.case)))
        p .lead { "Each line is an entry of the signed trail. Nobody can take one out or change it without its being found." }
        (entries(&viewer, &activity))
        (trail_head(trail.as_ref()))
        (ui::more(older, before.map(|_| path.to_string())))
    };
    Ok(page::show(&viewer, "What was done", content))
}

fn proof(viewer: &Viewer, case: CaseRef) -> Markup {
    html! {
        @if viewer.is_any_of(&["manager", "auditor", "administrator"]) {
            form method="post" action=(paths::Proof { case }) {
                button .button type="submit" { "Download a proof" }
            }
        }
    }
}

fn entries(viewer: &Viewer, activity: &ActivityView) -> Markup {
    html! {
        @if activity.entries.is_empty() { p .fine { "Nothing in your view." } }
        ol .timeline { @for entry in &activity.entries { (line(viewer, entry)) } }
    }
}

/// What a printed page is held against later.
fn trail_head(trail: Option<&TrailHeadView>) -> Markup {
    html! {
        @if let Some(trail) = trail {
            p .fine .trail-head {
                "The trail had " (text::count(trail.size, "entry", "entries")) " when this was read; their root is "
                code { (trail.root) }
            }
        }
    }
}

fn line(viewer: &Viewer, entry: &ActivityEntryView) -> Markup {
    html! {
        li {
            p {
                strong { (text::title(&entry.action)) } " "
                @if entry.object_kind == "lesson" && !viewer.reads_lessons() { (entry.object) } @else { (reference(&entry.object)) }
            }
            p .fine {
                (entry.actor) ", " (ui::instant(&entry.at, &viewer.me.time_zone)) " · entry " (text::grouped(entry.sequence))
                @if !entry.changed.is_empty() { " · " (text::plain(&entry.changed.join(", "))) }
            }
        }
    }
}

/// Makes a bundle of the case and gives it. What the viewer may not read is in it as hashes only.
pub(crate) async fn prove(
    path: paths::Proof,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Response, Problem> {
    let file = app
        .blocking(move |app| {
            let folder = tempfile::tempdir_in(app.service().root()).map_err(|error| no_room(&error))?;
            let out = folder.path().join("bundle");
            app.run(&viewer.identity, ExportBundle { cases: vec![path.case], out: out.clone() })?;
            // The folder goes when this ends; whoever has the file open reads it to its end.
            std::fs::File::open(&out).map_err(|error| no_room(&error))
        })
        .await?;
    let name = format!("attachment; filename=\"{}.bundle\"", path.case);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment")),
        ),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file)))).into_response())
}

fn no_room(error: &std::io::Error) -> ServiceError {
    // Where the register lies is nobody's business but that of whoever reads the log.
    tracing::error!(%error, "the proof cannot be written");
    let message = "the proof cannot be written to the disk of the server; its log says why";
    ServiceError::new(nevertwice_service::Kind::Unavailable, "bundle.io", message)
}
