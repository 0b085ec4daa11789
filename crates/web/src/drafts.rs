//! What somebody began to write on a page: kept while they write, offered when they come back, dropped once it is sent.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Form;
use maud::{Markup, html};
use nevertwice_domain::text::Line;
use nevertwice_service::draft::{DraftRow, DraftView, DropDraft, KeepDraft, ShowDraft};
use nevertwice_service::{Identity, ServiceError};

use crate::app::App;
use crate::entry;
use crate::paths;
use crate::problem::Problem;
use crate::prose::path_of;
use crate::ui;
use crate::viewer::Viewer;

/// The field that says, in a form that is sent, that a draft of it may have been kept.
pub(crate) const IS_KEPT: &str = "_draft";
/// Fields that say what a draft is of.
const ADDRESS: &str = "_address";
const TITLE: &str = "_title";
const RECORD: &str = "_record";

/// What the address of a form says of what stands in it.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// Not empty if the form begins with the draft.
    pub(crate) draft: String,
    /// The case that a link to the form came from.
    pub(crate) case: String,
    /// The lesson that it came from.
    pub(crate) lesson: String,
}

/// What a draft is of.
pub(crate) struct Subject {
    /// The page.
    pub(crate) address: String,
    /// What it is about.
    pub(crate) title: String,
    /// The record, if it is about one.
    pub(crate) record: Option<String>,
}

impl Subject {
    /// A form with this title, about what is called so, at this address.
    pub(crate) fn new(title: &str, about: &str, address: String) -> Self {
        let record = path_of(about).is_some().then(|| about.to_owned());
        Self { address, title: format!("{title}: {about}"), record }
    }
}

/// How a form stands to its draft.
pub(crate) enum Standing {
    /// There is none, or nothing is to be said of it.
    None,
    /// There is one, and the form begins without it.
    Offered(DraftView),
    /// The form begins with it.
    Taken(DraftView),
}

/// Keeps what was written so far.
pub(crate) async fn keep(
    _: paths::Drafts,
    State(app): State<App>,
    viewer: Viewer,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Markup, Problem> {
    let (mut subject, mut fields) =
        (Subject { address: String::new(), title: String::new(), record: None }, vec![]);
    for (name, value) in sent {
        match name.as_str() {
            ADDRESS => subject.address = value,
            TITLE => subject.title = value,
            RECORD => subject.record = Some(value).filter(|record| !record.is_empty()),
            IS_KEPT => {}
            _ => fields.push((name, value)),
        }
    }
    let title =
        Line::parse(&subject.title).map_err(|why| ServiceError::invalid(TITLE, "draft.title", why))?;
    let use_case = KeepDraft { address: subject.address, title, record: subject.record, fields };
    let kept = app.call(&viewer.identity, use_case).await?;
    Ok(html! { "Draft kept " (ui::instant(&kept.saved_at, &viewer.me.time_zone)) })
}

/// Which draft is thrown away.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Thrown {
    address: String,
}

/// Throws a draft away, and leads back to its page.
pub(crate) async fn throw_away(
    _: paths::DraftDrop,
    State(app): State<App>,
    viewer: Viewer,
    Form(Thrown { address }): Form<Thrown>,
) -> Result<Response, Problem> {
    app.call(&viewer.identity, DropDraft { address: address.clone() }).await?;
    Ok(Redirect::to(entry::inside(&address)).into_response())
}

/// How the form of a page stands to its draft.
pub(crate) async fn standing(
    app: &App,
    viewer: &Viewer,
    address: &str,
    asked: &Asked,
) -> Result<Standing, ServiceError> {
    let (identity, address, is_taken) =
        (viewer.identity.clone(), address.to_owned(), !asked.draft.is_empty());
    let standing = app.blocking(move |app| offered(app, &identity, address)).await?;
    Ok(match standing {
        Standing::Offered(draft) if is_taken => Standing::Taken(draft),
        other => other,
    })
}

/// How a form that stands on a page among other things is to its draft. Blocks.
///
/// # Errors
/// What reading it reports.
pub(crate) fn offered(app: &App, identity: &Identity, address: String) -> Result<Standing, ServiceError> {
    // Programs fill in no forms; a token that may do what the form does need not be one that may read drafts.
    if matches!(identity, Identity::Token(_)) {
        return Ok(Standing::None);
    }
    let found = app.run(identity, ShowDraft { address })?;
    Ok(found.draft.map_or(Standing::None, Standing::Offered))
}

/// Drops the draft of what was sent, if there is one. If that fails it is offered once more, and nothing else is lost.
pub(crate) async fn sent(app: &App, viewer: &Viewer, address: String) {
    if matches!(viewer.identity, Identity::Token(_)) {
        return;
    }
    let dropped = async {
        let found = app.call(&viewer.identity, ShowDraft { address: address.clone() }).await?;
        if found.draft.is_some() {
            app.call(&viewer.identity, DropDraft { address }).await?;
        }
        Ok::<_, ServiceError>(())
    };
    if let Err(error) = dropped.await {
        tracing::warn!(%error, "a draft that was sent could not be dropped");
    }
}

/// Says that there is a draft, and lets it be taken up or thrown away.
pub(crate) fn offer(standing: &Standing, address: &str, zone: &str) -> Markup {
    html! {
        @if let Standing::Offered(draft) = standing {
            div .note .draft {
                p { "You began this " (ui::instant(&draft.saved_at, zone)) " and did not send it." }
                div .buttons {
                    a .button .small href={ (address) "?draft=yes" } { "Go on with it" }
                    form method="post" action=(paths::DraftDrop) {
                        input type="hidden" name="address" value=(address);
                        button .button .small type="submit" { "Throw it away" }
                    }
                }
            }
        }
    }
}

/// Where it is told that what is written is kept.
pub(crate) fn line() -> Markup {
    html! { p .fine data-draft-line aria-live="polite" {} }
}

/// Everything that somebody began and did not send.
pub(crate) fn list(rows: &[DraftRow], zone: &str) -> Markup {
    html! {
        ul .lines {
            @for row in rows {
                li { a href={ (row.address) "?draft=yes" } { (row.title) } " " span .fine { "kept " (ui::instant(&row.saved_at, zone)) } }
            }
        }
    }
}
