//! What is told when something cannot be done: a page for people, `application/problem+json` (RFC 9457) for programs.

use axum::extract::rejection::PathRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::Markup;
use nevertwice_service::error::FieldError;
use nevertwice_service::{Kind, ServiceError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::form::Errors;

/// A failure on its way out. Whoever answers makes a page or JSON of it, once, in [`crate::request`].
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) error: ServiceError,
}

/// A failure as `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemView {
    /// `about:blank`: the title is that of the status, and `code` says what sort of failure it is.
    #[serde(rename = "type")]
    kind: String,
    /// The words of the status.
    title: String,
    /// The status of the response.
    status: u16,
    /// What happened and what to do.
    detail: String,
    /// A stable code such as `action.owner_missing`.
    code: String,
    /// The request, as the log names it.
    request: String,
    /// The fields to mend.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<ProblemField>,
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemField {
    /// The field.
    field: String,
    /// What was found, what is expected, how to mend it.
    message: String,
}

impl Problem {
    /// A page that is not there.
    pub(crate) fn no_such_page() -> Self {
        ServiceError::new(Kind::NotFound, "not_found", "there is no such page, or none that you may know of")
            .into()
    }

    /// What was sent cannot be read.
    pub(crate) fn refused(status: StatusCode, code: &str, message: &str) -> Self {
        Self { status, error: ServiceError::new(Kind::Invalid, code, message) }
    }

    /// As JSON; `request` names it in the log.
    pub(crate) fn view(&self, request: &str) -> ProblemView {
        ProblemView {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.told().to_owned(),
            code: self.error.code.clone(),
            request: request.to_owned(),
            fields: self
                .error
                .fields
                .iter()
                .map(|FieldError { field, message }| ProblemField {
                    field: field.clone(),
                    message: message.clone(),
                })
                .collect(),
        }
    }

    /// What may be told: of a mistake in this program only that it was one; the log has the rest.
    pub(crate) fn told(&self) -> &str {
        match self.error.kind {
            Kind::Internal => {
                "this is a mistake in the program, nothing was changed; the log has it under the request"
            }
            _ => &self.error.message,
        }
    }
}

/// The status of a failure.
pub(crate) fn status(error: &ServiceError) -> StatusCode {
    match error.kind {
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Forbidden if error.code.starts_with("caller.") => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Conflict | Kind::Stale => StatusCode::CONFLICT,
        Kind::Unavailable if error.code == "sign_in.slow_down" => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable | Kind::Unknown => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Integrity | Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl Default for Problem {
    /// An address that leads nowhere.
    fn default() -> Self {
        Self::no_such_page()
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        let status = status(&error);
        Self { status, error }
    }
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::no_such_page()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        tell_when(&mut response, &self.error);
        response.extensions_mut().insert(self);
        response
    }
}

/// A form that is shown again with what is to be mended, or with how long to wait: nothing that was typed is lost.
///
/// # Errors
/// The failure, if it is neither.
pub(crate) fn again(error: ServiceError, page: impl FnOnce(&Errors) -> Markup) -> Result<Response, Problem> {
    let errors = match error.retry_after_seconds {
        Some(_) => Errors::about_all(&error.message),
        None => Errors::of_service(error.clone())?,
    };
    Ok(shown_again(&error, page(&errors)))
}

/// A form that is shown again, with the status of the failure.
pub(crate) fn shown_again(error: &ServiceError, page: Markup) -> Response {
    let mut response = (status(error), page).into_response();
    tell_when(&mut response, error);
    response
}

/// When to try again.
fn tell_when(response: &mut Response, error: &ServiceError) {
    let briefly = (response.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(1);
    if let Some(seconds) = error.retry_after_seconds.or(briefly) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}
