//! A part of a page, for a script that puts it in place: the same markup as in the whole page.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// Whether only a part of the page is asked for.
pub(crate) struct Fragment(pub(crate) bool);

/// The header that asks for a part.
pub(crate) const HEADER: &str = "x-fragment";

impl<S: Send + Sync> FromRequestParts<S> for Fragment {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.headers.contains_key(HEADER)))
    }
}
