//! A question that a program asks.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::{StatusCode, request::Parts};
use axum_extra::routing::TypedPath;
use nevertwice_service::use_case::UseCase;
use serde::de::DeserializeOwned;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::form::Errors;
use crate::problem::Problem;
use crate::viewer::Who;

/// A question: its address, what may stand behind the question mark, and the use case that answers it.
pub(crate) trait Read: Send + Sync + 'static {
    /// Its address below that of the API.
    type Path: TypedPath + FromRequestParts<App> + Send + Sync + 'static;
    /// What may stand behind the question mark.
    type Query: DeserializeOwned + IntoParams + Send + Sync + 'static;
    /// What answers it.
    type UseCase: UseCase<Output: ToSchema>;
    /// What is asked, in one line.
    const SUMMARY: &'static str;
    /// What the description of the API calls it: the name of the use case, unless another question has that one too.
    const OPERATION: &'static str = <Self::UseCase as UseCase>::NAME;

    /// What is asked.
    ///
    /// # Errors
    /// What is to be mended.
    fn ask(path: Self::Path, query: Self::Query) -> Result<Self::UseCase, Errors>;
}

/// Nothing stands behind the question mark.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// What stands behind the question mark, read strictly.
pub(crate) struct Strict<Q>(Q);

impl<Q: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Strict<Q> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        serde_html_form::from_str(query).map(Self).map_err(|error| {
            let message = format!("what stands behind the question mark cannot be read: {error}");
            Problem::refused(StatusCode::BAD_REQUEST, "request.query", &message)
        })
    }
}

/// Answers a question.
pub(crate) async fn read<R: Read>(
    path: R::Path,
    State(app): State<App>,
    Who(identity): Who,
    Strict(query): Strict<R::Query>,
) -> Result<Json<<R::UseCase as UseCase>::Output>, Problem> {
    let use_case = R::ask(path, query).map_err(nevertwice_service::ServiceError::from)?;
    Ok(Json(app.call(&identity, use_case).await?))
}
