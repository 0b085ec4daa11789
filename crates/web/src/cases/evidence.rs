//! Files among the evidence: taken in with a limit and a hash, given out as something to save and never to run.

use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;

use axum::body::Body;
use axum::extract::multipart::Field as Part;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_service::case::{AddEvidence, EvidenceSource, FindEvidence, ShowCase};
use nevertwice_service::{Kind, ServiceError};
use tempfile::NamedTempFile;
use tokio_util::io::ReaderStream;

use crate::app::App;
use crate::form::{Errors, Reader};
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::text;
use crate::ui::{Crumb, Field, FieldKind, error_summary, head};
use crate::viewer::Viewer;

/// Largest file that the page takes: 100 MB. Larger ones come in by the command line.
pub(crate) const FILE_LIMIT: u64 = 100_000_000;

/// Most bytes of a text beside the file: a little more than a text of the register may have.
const TEXT_LIMIT: usize = 100 * 1024;

/// What came with the form.
#[derive(Default)]
struct Sent {
    file: Option<NamedTempFile>,
    file_name: String,
    link: String,
    name: String,
    custody: String,
    collected: String,
    legal_hold: String,
}

/// Shows the form.
pub(crate) async fn new(
    path: paths::EvidenceOf,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    app.call(&viewer.identity, ShowCase { case: path.case }).await?;
    Ok(sheet(&viewer, &path, &Sent::default(), &Errors::default()))
}

/// Adds a file or a link.
pub(crate) async fn create(
    path: paths::EvidenceOf,
    State(app): State<App>,
    viewer: Viewer,
    form: Multipart,
) -> Result<Response, Problem> {
    // Who may not know of the case, or may only read it, must not make this machine keep a file.
    let case = app.call(&viewer.identity, ShowCase { case: path.case }).await?;
    if !case.may.iter().any(|verb| verb == "edit_case") {
        let message = "your roles do not allow this; it is for whoever works on the case";
        return Err(ServiceError::new(Kind::Forbidden, "forbidden", message).into());
    }
    let sent = match receive(&app, form).await? {
        Ok(sent) => sent,
        Err(errors) => return Ok(refused(&viewer, &path, &Sent::default(), &errors)),
    };
    let use_case = match parse(&path, &sent) {
        Ok(use_case) => use_case,
        Err(errors) => return Ok(refused(&viewer, &path, &sent, &errors)),
    };
    match app.call(&viewer.identity, use_case).await {
        Ok(added) => {
            let page = paths::Case { case: path.case };
            Ok(Redirect::to(&format!("{page}#evidence-{}", added.id)).into_response())
        }
        Err(error) => {
            let errors = Errors::of_service(error)?;
            Ok(refused(&viewer, &path, &sent, &errors))
        }
    }
}

/// Writes what comes in to the disk piece by piece, and stops at the limit.
async fn receive(app: &App, mut form: Multipart) -> Result<Result<Sent, Errors>, Problem> {
    let mut sent = Sent::default();
    while let Some(mut field) = form.next_field().await.map_err(|error| cut(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            let text = short_text(&mut field).await?;
            match name.as_str() {
                "link" => sent.link = text,
                "name" => sent.name = text,
                "custody" => sent.custody = text,
                "collected" => sent.collected = text,
                "legal_hold" => sent.legal_hold = text,
                _ => {}
            }
            continue;
        }
        sent.file_name = field.file_name().unwrap_or_default().to_owned();
        let mut file = incoming(app).map_err(|error| no_room(&error))?;
        let mut size = 0u64;
        while let Some(chunk) = field.chunk().await.map_err(|error| cut(&error))? {
            size += chunk.len() as u64;
            if size > FILE_LIMIT {
                let limit = text::size(FILE_LIMIT);
                let mut errors = Errors::default();
                errors.add("file", format!("is larger than {limit}; add it with the command line, or keep it elsewhere and add a link"));
                return Ok(Err(errors));
            }
            file.write_all(&chunk).map_err(|error| no_room(&error))?;
        }
        if size > 0 {
            sent.file = Some(file);
        }
    }
    Ok(Ok(sent))
}

/// A file for what comes in, where what is left behind by a crash is swept away after a day.
fn incoming(app: &App) -> std::io::Result<NamedTempFile> {
    let folder = app.service().folder().evidence();
    match std::fs::DirBuilder::new().mode(0o700).create(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    tempfile::Builder::new().prefix(".incoming-web-").tempfile_in(folder)
}

/// A text beside the file: no longer than any text of the register may be.
async fn short_text(field: &mut Part<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| cut(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > TEXT_LIMIT {
            let error =
                ServiceError::new(Kind::Invalid, "request.too_large", "a text beside the file is too long");
            return Err(Problem { status: StatusCode::PAYLOAD_TOO_LARGE, error });
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn parse(path: &paths::EvidenceOf, sent: &Sent) -> Result<AddEvidence, Errors> {
    let mut read = Reader::default();
    let link = read.optional::<Line>("link", &sent.link);
    let name =
        read.optional::<Line>("name", if sent.name.trim().is_empty() { &sent.file_name } else { &sent.name });
    let custody = read.optional::<Prose>("custody", &sent.custody);
    let collected = read.optional("collected", &sent.collected);
    if sent.file.is_none() && sent.link.trim().is_empty() {
        read.refuse("file", "choose a file, or give a link");
    }
    if sent.file.is_some() && !sent.link.trim().is_empty() {
        read.refuse("link", "is given beside a file; add them one after the other");
    }
    if let Some(file) = &sent.file
        && let Some(message) = contradiction(file.path(), &sent.file_name)
    {
        read.refuse("file", message);
    }
    read.done()?;
    let source = match (&sent.file, link?) {
        (Some(file), _) => EvidenceSource::File(file.path().to_owned()),
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
        legal_hold: sent.legal_hold == "yes",
    })
}

/// Endings whose files begin in a way of their own.
const KNOWN: [(&str, &[&str]); 12] = [
    ("png", &["png"]),
    ("jpg", &["jpg"]),
    ("jpeg", &["jpg"]),
    ("gif", &["gif"]),
    ("webp", &["webp"]),
    ("pdf", &["pdf"]),
    ("zip", &["zip", "docx", "xlsx", "pptx", "jar", "odt", "ods", "odp", "epub"]),
    ("docx", &["docx", "zip"]),
    ("xlsx", &["xlsx", "zip"]),
    ("pptx", &["pptx", "zip"]),
    ("gz", &["gz"]),
    ("mp4", &["mp4", "m4v", "mov"]),
];

/// A file that calls itself a picture and is none deceives whoever opens it: it has to say what it is.
fn contradiction(path: &std::path::Path, name: &str) -> Option<String> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())?;
    let (_, kinds) = KNOWN.iter().find(|(known, _)| *known == ending)?;
    let found = infer::get_from_path(path).ok().flatten().map(|kind| kind.extension());
    if found.is_some_and(|found| kinds.contains(&found)) {
        return None;
    }
    let found = found.map_or_else(|| "something else".to_owned(), |found| format!("a {found} file"));
    Some(format!(
        "is called .{ending} but is {found} by its first bytes; give it the ending of what it is, or pack it into an archive"
    ))
}

fn refused(viewer: &Viewer, path: &paths::EvidenceOf, sent: &Sent, errors: &Errors) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, sheet(viewer, path, sent, errors)).into_response()
}

fn sheet(viewer: &Viewer, path: &paths::EvidenceOf, sent: &Sent, errors: &Errors) -> Markup {
    let case = paths::Case { case: path.case };
    let crumb = Crumb { href: format!("{case}#evidence"), words: path.case.to_string() };
    let fields = [
        Field::new("file", "File", "")
            .hint("Up to 100 MB; its SHA-256 is kept beside it")
            .kind(FieldKind::File),
        Field::new("link", "Or a link", &sent.link),
        Field::new("name", "What it is called", &sent.name).hint("The name of the file, if empty"),
        Field::new("custody", "What it shows, and how it was handled", &sent.custody)
            .kind(FieldKind::Prose { rows: 3 }),
        Field::new("collected", "When it was collected", &sent.collected)
            .hint("Such as 2026-03-17T10:22; now if empty")
            .kind(FieldKind::When),
        Field::new("legal_hold", "Legal hold: it must not be erased", &sent.legal_hold)
            .kind(FieldKind::Check),
    ];
    page::show(
        viewer,
        "Add evidence",
        html! {
            (head(Some(crumb), "Add evidence", html! {}, html! {}))
            form .sheet method="post" action=(path) enctype="multipart/form-data" novalidate {
                p .lead { "What is added stays as it is: nobody can change it, only add to it." }
                (error_summary(errors, &fields))
                @for field in &fields { (field.show(errors)) }
                div .buttons {
                    button .button .primary type="submit" { "Add" }
                    a .button href={ (case) "#evidence" } { "Cancel" }
                }
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
    let found = match app.call(&viewer.identity, FindEvidence { case: path.case, evidence: path.id }).await {
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

fn cut(error: &axum::extract::multipart::MultipartError) -> Problem {
    let message = format!("the form cannot be read: {}", error.body_text());
    Problem { status: error.status(), error: ServiceError::new(Kind::Invalid, "request.unreadable", message) }
}

fn no_room(error: &std::io::Error) -> ServiceError {
    // Where the register lies is nobody's business but that of whoever reads the log.
    tracing::error!(%error, "the file cannot be written");
    let message = "the file cannot be written to the disk of the server; its log says why";
    ServiceError::new(Kind::Unavailable, "evidence.io", message)
}
