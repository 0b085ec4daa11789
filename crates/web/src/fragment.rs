//! A part of a page, for a script that puts it in place: the same markup as in the whole page.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

/// Whether only a part of the page is asked for.
pub(crate) struct Fragment(pub(crate) bool);

/// The header that asks for a part.
const HEADER: &str = "x-fragment";

/// Whether a script asks, for a part or in place of a whole page.
pub(crate) fn is_asked(headers: &HeaderMap) -> bool {
    headers.contains_key(HEADER)
}

impl<S: Send + Sync> FromRequestParts<S> for Fragment {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(is_asked(&parts.headers)))
    }
}
