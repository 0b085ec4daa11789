//! A body of JSON, read strictly: what cannot be read says where.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// What a program sent.
pub(crate) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let message = "the body has to be JSON; send content-type: application/json";
            return Err(Problem::refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "request.media_type", message));
        }
        let bytes = axum::body::Bytes::from_request(request, state).await.map_err(|rejection| {
            Problem::refused(rejection.status(), "request.unreadable", &rejection.body_text())
        })?;
        // A list would be taken for the fields in their order.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            let message = "the body cannot be read: expected an object of JSON such as {\"text\": \"…\"}";
            return Err(Problem::refused(StatusCode::BAD_REQUEST, "request.unreadable", message));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let message = format!("the body cannot be read: {error}");
            Problem::refused(StatusCode::BAD_REQUEST, "request.unreadable", &message)
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
