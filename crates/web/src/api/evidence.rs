//! Files among the evidence, for programs: sent in parts as a form sends them, given out as they are.

use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::Response;
use nevertwice_service::ServiceError;
use nevertwice_service::case::EvidenceAdded;

use super::write::Key;
use crate::app::App;
use crate::cases::evidence::{give_out, take_in};
use crate::paths;
use crate::problem::Problem;
use crate::viewer::Who;

/// Adds a file or a link.
pub(crate) async fn add_evidence(
    path: paths::EvidenceOf,
    State(app): State<App>,
    Who(identity): Who,
    Key(key): Key,
    body: Result<Multipart, MultipartRejection>,
) -> Result<Json<EvidenceAdded>, Problem> {
    let body = body.map_err(|why| {
        let message = format!("{}; send the file in parts (multipart/form-data)", why.body_text());
        Problem::refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "request.media_type", &message)
    })?;
    let given = take_in(&app, &identity, &path, body).await?;
    let use_case = match &given.use_case {
        Ok(use_case) => use_case.clone(),
        Err(errors) => return Err(ServiceError::from(errors.clone()).into()),
    };
    Ok(Json(app.call_once(&identity, key, use_case).await?))
}

/// Gives a file of the evidence.
pub(crate) async fn evidence_file(
    path: paths::EvidenceFile,
    State(app): State<App>,
    Who(identity): Who,
) -> Result<Response, Problem> {
    give_out(&app, &identity, path).await
}
