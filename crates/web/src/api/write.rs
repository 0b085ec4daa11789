//! A change that a program makes: the form of the page, as JSON.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use nevertwice_service::account::ShowSelf;
use nevertwice_service::use_case::UseCase;
use nevertwice_service::{RequestKey, ServiceError};

use super::body::Body;
use crate::app::App;
use crate::problem::Problem;
use crate::verb::Act;
use crate::viewer::Who;

/// Makes the change.
pub(crate) async fn write<V: Act>(
    path: V::Path,
    State(app): State<App>,
    Who(identity): Who,
    Key(key): Key,
    Body(form): Body<V::Form>,
) -> Result<Json<<V::UseCase as UseCase>::Output>, Problem> {
    // Who is nobody must not make the writer look.
    app.call(&identity, ShowSelf {}).await?;
    let use_case = V::parse(&path, &form).map_err(ServiceError::from)?;
    Ok(Json(app.call_once(&identity, key, use_case).await?))
}

/// The header by which a request that is sent again is known
/// (<https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>).
const KEY: &str = "idempotency-key";

/// What a request is known by if it is sent twice.
pub(crate) struct Key(pub(super) Option<RequestKey>);

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        key_of(&parts.headers).map(Self)
    }
}

fn key_of(headers: &HeaderMap) -> Result<Option<RequestKey>, Problem> {
    let mut all = headers.get_all(KEY).iter();
    let Some(first) = all.next() else { return Ok(None) };
    // What is no visible ASCII is no key, nor are two of them.
    let text = first.to_str().ok().filter(|_| all.next().is_none()).unwrap_or_default();
    let key = RequestKey::parse(text);
    key.map(Some).map_err(|error| Problem::refused(StatusCode::BAD_REQUEST, &error.code, &error.message))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_request_has_one_key_or_none_and_what_is_no_key_is_a_bad_request() {
        let asked = |keys: &[&[u8]]| {
            let mut headers = HeaderMap::new();
            for key in keys {
                headers.append(KEY, HeaderValue::from_bytes(key).unwrap());
            }
            key_of(&headers).map_err(|problem| (problem.status, problem.error.code))
        };
        assert_eq!(asked(&[]), Ok(None));
        assert_eq!(asked(&[b"7f0c-1"]), Ok(Some(RequestKey::parse("7f0c-1").unwrap())));
        let refused: [&[&[u8]]; 5] = [&[b""], &[b"a b"], &[b"\xff"], &[&[b'x'; 101]], &[b"a", b"b"]];
        for keys in refused {
            assert_eq!(asked(keys), Err((StatusCode::BAD_REQUEST, "request.key".to_owned())), "{keys:?}");
        }
    }
}
