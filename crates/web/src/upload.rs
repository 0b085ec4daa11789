//! Files that come with a form: written to the disk piece by piece, no more and no larger than the form takes. What is
//! refused is still read to its end, for a browser shows no answer before it has sent all.

use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;

use axum::extract::Multipart;
use axum::extract::multipart::{Field as Part, MultipartError};
use axum::http::StatusCode;
use nevertwice_service::{Kind, ServiceError};
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use tempfile::NamedTempFile;
use tower_http::timeout::TimeoutError;

use crate::app::App;
use crate::drafts::IS_KEPT;
use crate::form::Errors;
use crate::problem::Problem;
use crate::text;

/// Most bytes of all texts beside the files: what a form without files may have.
pub(crate) const TEXTS_LIMIT: usize = 512 * 1024;
/// What a part counts for beside its text, so that countless empty ones are too many as well.
const PART_COST: usize = 64;
/// Letters of a file's name that are shown when it is refused.
const NAME_SHOWN: usize = 80;

/// What a form takes.
pub(crate) struct Limits {
    /// The field of the files.
    pub(crate) field: &'static str,
    /// Most files.
    pub(crate) files: usize,
    /// Most bytes of one of them.
    pub(crate) bytes: u64,
    /// What to do with a larger one.
    pub(crate) beyond: &'static str,
}

/// A file that came; it is gone again with this.
pub(crate) struct Incoming {
    /// Where it lies.
    pub(crate) file: NamedTempFile,
    /// What the sender calls it.
    pub(crate) name: String,
}

/// What came with a form.
#[derive(Default)]
pub(crate) struct Sent {
    texts: Vec<(String, String)>,
    /// The files that are taken.
    pub(crate) files: Vec<Incoming>,
    /// Why others are not.
    pub(crate) errors: Errors,
    /// Whether a draft of it may have been kept.
    pub(crate) has_draft: bool,
}

impl Sent {
    /// The texts as a form.
    ///
    /// # Errors
    /// They are of another form.
    pub(crate) fn form<F: DeserializeOwned>(&self) -> Result<F, Problem> {
        let texts = self.texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        F::deserialize(MapDeserializer::<_, serde::de::value::Error>::new(texts))
            .map_err(|error| unreadable(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()))
    }
}

/// Takes in what comes.
///
/// # Errors
/// It cannot be read, is more than any form takes, or cannot be written down. What is wrong with a file is among
/// [`Sent::errors`], for the form can be shown again.
pub(crate) async fn receive(app: &App, limits: &Limits, mut form: Multipart) -> Result<Sent, Problem> {
    let mut sent = Sent::default();
    let mut room = TEXTS_LIMIT;
    while let Some(mut part) = form.next_field().await.map_err(|error| cut(&error))? {
        let field = part.name().unwrap_or_default().to_owned();
        take(&mut room, PART_COST + field.len())?;
        if field == limits.field {
            receive_file(app, limits, &mut part, &mut sent).await?;
        } else {
            let text = text_of(&mut part, &mut room).await?;
            match field.as_str() {
                IS_KEPT => sent.has_draft = true,
                _ => sent.texts.push((field, text)),
            }
        }
    }
    Ok(sent)
}

async fn receive_file(
    app: &App,
    limits: &Limits,
    part: &mut Part<'_>,
    sent: &mut Sent,
) -> Result<(), Problem> {
    let name = part.file_name().unwrap_or_default().to_owned();
    let shown = format!("{:?}", name.chars().take(NAME_SHOWN).collect::<String>());
    if !name.is_empty() && sent.files.len() == limits.files {
        sent.errors.add(limits.field, format!("{shown} is one too many; at most {} are taken", limits.files));
        return drain(part).await;
    }
    let mut file = incoming(app).map_err(|error| no_room(&error))?;
    let mut size = 0u64;
    while let Some(chunk) = part.chunk().await.map_err(|error| cut(&error))? {
        size += chunk.len() as u64;
        if size > limits.bytes {
            let most = text::size(limits.bytes);
            sent.errors.add(limits.field, format!("{shown} is larger than {most}; {}", limits.beyond));
            return drain(part).await;
        }
        file.write_all(&chunk).map_err(|error| no_room(&error))?;
    }
    // A field in which nothing was chosen comes as a file without a name.
    if size == 0 {
        if !name.is_empty() {
            sent.errors
                .add(limits.field, format!("{shown} has nothing in it; choose another or leave it out"));
        }
        return Ok(());
    }
    sent.files.push(Incoming { file, name });
    Ok(())
}

/// Reads a part to its end and keeps nothing of it; the limit of the whole request is its limit.
async fn drain(part: &mut Part<'_>) -> Result<(), Problem> {
    while part.chunk().await.map_err(|error| cut(&error))?.is_some() {}
    Ok(())
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

/// A text beside the files.
async fn text_of(part: &mut Part<'_>, room: &mut usize) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|error| cut(&error))? {
        take(room, chunk.len())?;
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Takes room for what is kept in memory.
fn take(room: &mut usize, size: usize) -> Result<(), Problem> {
    let Some(left) = room.checked_sub(size) else {
        let message = "what stands beside the files is too long";
        let error = ServiceError::new(Kind::Invalid, "request.too_large", message);
        return Err(Problem { status: StatusCode::PAYLOAD_TOO_LARGE, error });
    };
    *room = left;
    Ok(())
}

fn cut(error: &MultipartError) -> Problem {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(one) = cause {
        if one.is::<TimeoutError>() {
            let message =
                "nothing more of the file arrived for a minute; nothing was kept of it. Send it again";
            let error = ServiceError::new(Kind::Unavailable, "request.timeout", message);
            return Problem { status: StatusCode::REQUEST_TIMEOUT, error };
        }
        cause = one.source();
    }
    unreadable(error.status(), &error.body_text())
}

fn unreadable(status: StatusCode, why: &str) -> Problem {
    let message = format!("the form cannot be read: {why}");
    Problem { status, error: ServiceError::new(Kind::Invalid, "request.unreadable", message) }
}

fn no_room(error: &std::io::Error) -> ServiceError {
    // Where the register lies is nobody's business but that of whoever reads the log.
    tracing::error!(%error, "the file cannot be written");
    let message = "the file cannot be written to the disk of the server; its log says why";
    ServiceError::new(Kind::Unavailable, "evidence.io", message)
}
