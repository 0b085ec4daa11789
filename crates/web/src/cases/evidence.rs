//! Files among the evidence: taken in with a limit and a hash, given out as something to save and never to run.

use axum::body::Body;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_service::case::{AddEvidence, EvidenceSource, FindEvidence, ShowCase};
use nevertwice_service::{Identity, Kind, ServiceError};
use tokio_util::io::ReaderStream;

use crate::app::App;
use crate::done::Done;
use crate::drafts::{self, Standing};
use crate::form::{Errors, Reader, form};
use crate::merge;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::text;
use crate::ui::{Crumb, Field, FieldKind, error_summary, head};
use crate::upload::{Incoming, Limits, Sent, receive};
use crate::viewer::Viewer;

/// Largest file that the page takes: 100 MB. Larger ones come in by the command line.
const LIMITS: Limits = Limits {
    field: "file",
    files: 1,
    bytes: 100_000_000,
    beyond: "add it with the command line, or keep it elsewhere and add a link",
};

/// What is done.
const TITLE: &str = "Add evidence";

form! {
    /// What stands beside the file.
    EvidenceForm {
        /// A link, if there is no file.
        link,
        /// What it is called.
        name,
        /// What it shows, and how it was handled.
        custody,
        /// When it was collected.
        collected,
        /// `yes`: it must not be erased.
        legal_hold,
    }
}

/// Shows the form.
pub(crate) async fn new(
    path: paths::EvidenceOf,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<drafts::Asked>,
) -> Result<Markup, Problem> {
    app.call(&viewer.identity, ShowCase { case: path.case }).await?;
    let standing = drafts::standing(&app, &viewer, &path.to_string(), &asked).await?;
    let form = match &standing {
        Standing::Taken(draft) => merge::of_draft(draft)?,
        _ => EvidenceForm::default(),
    };
    // A file is not kept, only what is written beside it; and while a draft is offered nothing is kept over it.
    let keeps = !matches!(standing, Standing::Offered(_));
    Ok(sheet(&viewer, &path, &form, &Errors::default(), (&standing, keeps)))
}

/// Adds a file or a link.
pub(crate) async fn create(
    path: paths::EvidenceOf,
    State(app): State<App>,
    viewer: Viewer,
    body: Multipart,
) -> Result<Response, Problem> {
    let Given { form, sent, use_case } = take_in(&app, &viewer.identity, &path, body).await?;
    let use_case = match use_case {
        Ok(use_case) => use_case,
        Err(errors) => return Ok(refused(&viewer, &path, &form, &errors, sent.has_draft)),
    };
    match app.call(&viewer.identity, use_case).await {
        Ok(added) => {
            if sent.has_draft {
                drafts::sent(&app, &viewer, path.to_string()).await;
            }
            let page = paths::Case { case: path.case };
            Ok(Done::new(TITLE, None).leads_to(&app, &format!("{page}#evidence-{}", added.id)))
        }
        Err(error) => {
            let errors = Errors::of_service(error)?;
            Ok(refused(&viewer, &path, &form, &errors, sent.has_draft))
        }
    }
}

/// What came, and what is to be done with it. The file is gone again with this.
pub(crate) struct Given {
    form: EvidenceForm,
    sent: Sent,
    /// What it becomes, or what is to be mended.
    pub(crate) use_case: Result<AddEvidence, Errors>,
}

/// Takes in what a page or a program sends.
///
/// # Errors
/// The sender may not, or it cannot be read.
pub(crate) async fn take_in(
    app: &App,
    identity: &Identity,
    path: &paths::EvidenceOf,
    body: Multipart,
) -> Result<Given, Problem> {
    // Who may not know of the case, or may only read it, must not make this machine keep a file.
    let case = app.call(identity, ShowCase { case: path.case }).await?;
    if !case.may.iter().any(|verb| verb == "edit_case") {
        let message = "your roles do not allow this; it is for whoever works on the case";
        return Err(ServiceError::new(Kind::Forbidden, "forbidden", message).into());
    }
    let sent = receive(app, &LIMITS, body).await?;
    let form: EvidenceForm = sent.form()?;
    let use_case = match sent.errors.is_empty() {
        true => parse(path, &form, sent.files.first()),
        false => Err(sent.errors.clone()),
    };
    Ok(Given { form, sent, use_case })
}

fn parse(
    path: &paths::EvidenceOf,
    form: &EvidenceForm,
    file: Option<&Incoming>,
) -> Result<AddEvidence, Errors> {
    let mut read = Reader::default();
    let link = read.optional::<Line>("link", &form.link);
    let called = file.filter(|_| form.name.trim().is_empty()).map_or(&form.name, |file| &file.name);
    let name = read.optional::<Line>("name", called);
    let custody = read.optional::<Prose>("custody", &form.custody);
    let collected = read.optional("collected", &form.collected);
    let legal_hold = read.is_yes("legal_hold", &form.legal_hold);
    if file.is_none() && form.link.trim().is_empty() {
        read.refuse("file", "choose a file, or give a link");
    }
    if file.is_some() && !form.link.trim().is_empty() {
        read.refuse("link", "is given beside a file; add them one after the other");
    }
    read.done()?;
    let source = match (file, link?) {
        (Some(file), _) => EvidenceSource::File(file.file.path().to_owned()),
        (None, Some(link)) => EvidenceSource::Link(link),
        (None, None) => return Err(Errors::default()),
    };
    Ok(AddEvidence {
        case: path.case,
        action: None,
        source,
        name: name?,
        custody: custody?,
        collected: collected?,
        legal_hold: legal_hold?,
    })
}

fn refused(
    viewer: &Viewer,
    path: &paths::EvidenceOf,
    form: &EvidenceForm,
    errors: &Errors,
    keeps: bool,
) -> Response {
    let sheet = sheet(viewer, path, form, errors, (&Standing::None, keeps));
    (StatusCode::UNPROCESSABLE_ENTITY, sheet).into_response()
}

fn sheet(
    viewer: &Viewer,
    path: &paths::EvidenceOf,
    form: &EvidenceForm,
    errors: &Errors,
    (draft, keeps): (&Standing, bool),
) -> Markup {
    let case = paths::Case { case: path.case };
    let crumb = Crumb { href: format!("{case}#evidence"), words: path.case.to_string() };
    let fields = [
        Field::new("file", "File", "")
            .hint("Up to 100 MB; its SHA-256 is kept beside it")
            .kind(FieldKind::File),
        Field::new("link", "Or a link", &form.link),
        Field::new("name", "What it is called", &form.name).hint("The name of the file, if empty"),
        Field::new("custody", "What it shows, and how it was handled", &form.custody)
            .kind(FieldKind::Prose { rows: 3 }),
        Field::new("collected", "When it was collected", &form.collected)
            .hint("Such as 2026-03-17T10:22; now if empty")
            .kind(FieldKind::When),
        Field::new("legal_hold", "Legal hold: it must not be erased", &form.legal_hold)
            .kind(FieldKind::Check),
    ];
    let address = path.to_string();
    let subject = keeps.then(|| drafts::Subject::new(TITLE, &path.case.to_string(), address.clone()));
    page::show(
        viewer,
        TITLE,
        html! {
            (head(Some(crumb), TITLE, html! {}, html! {}))
            (drafts::offer(draft, &address, &viewer.me.time_zone))
            form .sheet method="post" action=(address) enctype="multipart/form-data" novalidate
                data-draft=[subject.as_ref().map(|subject| &subject.address)]
                data-draft-title=[subject.as_ref().map(|subject| &subject.title)]
                data-draft-record=[subject.as_ref().and_then(|subject| subject.record.as_ref())] {
                p .lead { "What is added stays as it is: nobody can change it, only add to it." }
                (error_summary(errors, &fields))
                @for field in &fields { (field.show(errors)) }
                div .buttons {
                    button .button .primary type="submit" { "Add" }
                    a .button href={ (case) "#evidence" } { "Cancel" }
                }
                @if keeps { input type="hidden" name=(drafts::IS_KEPT) value="yes"; (drafts::line()) }
            }
        },
    )
}

/// Gives a file of the evidence.
pub(crate) async fn show(
    path: paths::EvidenceFile,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Response, Problem> {
    give_out(&app, &viewer.identity, path).await
}

/// The file itself, as something to save.
///
/// # Errors
/// There is none, as far as whoever asks may know, or it cannot be read.
pub(crate) async fn give_out(
    app: &App,
    identity: &Identity,
    path: paths::EvidenceFile,
) -> Result<Response, Problem> {
    let found = match app.call(identity, FindEvidence { case: path.case, evidence: path.id }).await {
        Err(error) if error.code == "evidence.unknown" => return Err(Problem::no_such_page()),
        other => other?,
    };
    let file = tokio::fs::File::open(&found.path).await.map_err(|error| {
        let message = format!("the file of this evidence cannot be read: {error}; trail verify tells more");
        ServiceError::new(Kind::Integrity, "evidence.unreadable", message)
    })?;
    let name = format!("attachment; filename*=UTF-8''{}", text::in_header(&found.name));
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, name),
        (header::CONTENT_LENGTH, HeaderValue::from(found.size_bytes)),
        // Whatever a browser makes of it all the same, it runs in no name.
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}
