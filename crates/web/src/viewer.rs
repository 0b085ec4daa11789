//! Who is looking: the bearer of a session cookie or of a token, and what every page shows of them.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use nevertwice_service::account::{SelfView, ShowSelf};
use nevertwice_service::{Identity, Kind, ServiceError};

use crate::app::App;
use crate::cookie;
use crate::done::Done;
use crate::paths;
use crate::problem::Problem;

/// How whoever asks identifies; nobody is an identity too.
pub(crate) struct Who(pub(crate) Identity);

/// Somebody who is signed in, ready for a page.
#[derive(Clone)]
pub(crate) struct Viewer {
    /// How they identify.
    pub(crate) identity: Identity,
    /// What a page shows of them.
    pub(crate) me: SelfView,
    /// The address asked for, to mark it in the navigation.
    pub(crate) path: String,
    /// What they just did.
    pub(crate) done: Option<Done>,
}

/// Why there is no viewer.
pub(crate) enum NoViewer {
    /// Sign in, then come back to this address.
    SignIn {
        /// Where to go on.
        next: Option<String>,
    },
    /// Anything else.
    Problem(Problem),
}

impl FromRequestParts<App> for Who {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(identity(&parts.headers, app)))
    }
}

impl FromRequestParts<App> for Viewer {
    type Rejection = NoViewer;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, NoViewer> {
        let identity = identity(&parts.headers, app);
        match app.call(&identity, ShowSelf {}).await {
            Ok(me) => {
                app.seen(&identity);
                let done = parts.method.is_safe().then(|| Done::of(&parts.headers, app)).flatten();
                Ok(Self { identity, me, path: parts.uri.path().to_owned(), done })
            }
            Err(error) if needs_sign_in(&error) => {
                let is_read = parts.method.is_safe();
                let asked = parts.uri.path_and_query().map(ToString::to_string);
                Err(NoViewer::SignIn { next: asked.filter(|_| is_read) })
            }
            Err(error) => Err(NoViewer::Problem(error.into())),
        }
    }
}

impl OptionalFromRequestParts<App> for Viewer {
    type Rejection = NoViewer;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, NoViewer> {
        match <Self as FromRequestParts<App>>::from_request_parts(parts, app).await {
            Ok(viewer) => Ok(Some(viewer)),
            Err(NoViewer::SignIn { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

impl Viewer {
    /// Whether they hold one of some roles.
    pub(crate) fn is_any_of(&self, roles: &[&str]) -> bool {
        self.me.roles.iter().any(|role| roles.contains(&role.as_str()))
    }

    /// Whether they may do something that is about no single record.
    pub(crate) fn may(&self, verb: &str) -> bool {
        self.me.may.iter().any(|one| one == verb)
    }

    /// Whether a lesson is a page for them: for sales it is not.
    pub(crate) fn reads_lessons(&self) -> bool {
        self.may("read_lesson")
    }

    /// Whether most cases are a line of the register for them and no page.
    pub(crate) fn sees_outlines(&self) -> bool {
        self.is_any_of(&["board"]) && !self.is_any_of(&["responder", "manager", "auditor"])
    }
}

impl IntoResponse for NoViewer {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn { next } => {
                let next = next.filter(|next| next != "/");
                let query = next.map(|next| format!("?next={}", crate::text::in_query(&next)));
                Redirect::to(&format!("{}{}", paths::SignIn, query.unwrap_or_default())).into_response()
            }
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

fn needs_sign_in(error: &ServiceError) -> bool {
    error.kind == Kind::Forbidden && matches!(error.code.as_str(), "caller.nobody" | "caller.session")
}

fn identity(headers: &HeaderMap, app: &App) -> Identity {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    match (bearer, cookie::shown(headers, cookie::SESSION, app.origin())) {
        (Some(token), _) => Identity::Token(token.trim().to_owned()),
        (None, Some(secret)) => Identity::Session(secret),
        (None, None) => Identity::Nobody,
    }
}
