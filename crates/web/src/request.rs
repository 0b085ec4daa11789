//! What happens around every request: a name for the log, what is told of a failure, headers, one line in the log.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::app::App;
use crate::done;
use crate::error_page;
use crate::fragment;
use crate::problem::Problem;

/// The header that names a request.
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Nothing but what comes from here: no inline code, no frames, no forms to elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// On every answer, unless the answer says otherwise.
const HEADERS: [(&str, &str); 7] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cache-control", "no-store"),
];

/// Two years, as the preload list asks.
const TRANSPORT: (&str, &str) = ("strict-transport-security", "max-age=63072000; includeSubDomains");

/// Answers a request, whatever comes of it.
pub(crate) async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = app.service().steady();
    let id: Uuid = app.service().moment().id();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let wants = Wants::of(request.uri().path(), request.headers());
    let (tells, is_part) = (done::is_waiting(&request, &app), fragment::is_asked(request.headers()));
    let response = next.run(request).await;
    let mut response = told(response, wants, &id);
    if tells {
        response = done::told(&app, response);
    }
    if is_part {
        done::keep_quiet(&app, response.headers_mut());
    }
    headers(response.headers_mut(), app.origin().is_https());
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(&REQUEST_ID, id);
    }
    let took = app.service().steady().saturating_sub(began);
    let status = response.status().as_u16();
    let route = route.as_deref().unwrap_or("none");
    app.metrics().answered(method.as_str(), route, status, took);
    tracing::info!(request = %id, %method, route, status, micros = took.as_micros(), "answered");
    response
}

/// What whoever asks can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wants {
    Page,
    Json,
}

impl Wants {
    fn of(path: &str, headers: &HeaderMap) -> Self {
        let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        match path.starts_with("/api/") || (accepts.contains("json") && !accepts.contains("text/html")) {
            true => Self::Json,
            false => Self::Page,
        }
    }
}

/// Fills a failure with what is told of it.
fn told(mut response: Response, wants: Wants, id: &Uuid) -> Response {
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None => match bare_failure(&response) {
            Some(problem) => problem,
            None => return response,
        },
    };
    if problem.status.is_server_error() {
        tracing::error!(request = %id, code = problem.error.code, error = problem.error.message, "failed");
    }
    let (kind, body) = match wants {
        Wants::Json => {
            let body = serde_json::to_vec(&problem.view(&id.to_string())).unwrap_or_default();
            ("application/problem+json", body)
        }
        Wants::Page => {
            let page = error_page::show(&problem, &id.to_string());
            ("text/html; charset=utf-8", page.into_string().into_bytes())
        }
    };
    let mut shown = (problem.status, body).into_response();
    for (name, value) in response.headers() {
        if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
            shown.headers_mut().append(name.clone(), value.clone());
        }
    }
    shown.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    shown
}

/// What the router and its layers refuse themselves comes without words.
fn bare_failure(response: &Response) -> Option<Problem> {
    use nevertwice_service::{Kind, ServiceError};
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    // A form that is shown again with what is to be mended says everything itself.
    if kind.is_some_and(|kind| !kind.starts_with("text/plain")) {
        return None;
    }
    let (kind, code, message) = match status {
        StatusCode::NOT_FOUND => return Some(Problem::no_such_page()),
        StatusCode::METHOD_NOT_ALLOWED => {
            (Kind::Invalid, "request.method", "this address does not answer to this method")
        }
        StatusCode::FORBIDDEN => (
            Kind::Forbidden,
            "request.cross_site",
            "this request came from another site and was refused; nothing was changed. Go back to the register and \
             do it there",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => {
            (Kind::Invalid, "request.too_large", "this is more than may be sent at once")
        }
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
            (Kind::Unavailable, "request.timeout", "this took too long; try again")
        }
        status if status.is_client_error() => {
            (Kind::Invalid, "request.unreadable", "the request cannot be read")
        }
        _ => (Kind::Internal, "internal", "something broke down"),
    };
    let error = ServiceError::new(kind, code, message);
    Some(Problem { status, error })
}

fn headers(headers: &mut HeaderMap, is_https: bool) {
    for (name, value) in HEADERS.iter().chain(is_https.then_some(&TRANSPORT)) {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
