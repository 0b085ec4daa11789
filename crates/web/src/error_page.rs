//! The page of a failure: what happened, what to do, and the name of the request for whoever reads the log.

use axum::http::StatusCode;
use maud::{Markup, html};

use crate::page;
use crate::paths;
use crate::problem::Problem;

/// A page that needs nobody to be signed in.
pub(crate) fn show(problem: &Problem, request: &str) -> Markup {
    let title = title(problem.status);
    page::bare(
        title,
        html! {
            h1 { (title) }
            p .lead { (sentence(problem.told())) }
            p {
                @if problem.status == StatusCode::UNAUTHORIZED {
                    a .button .primary href=(paths::SignIn) { "Sign in" }
                } @else {
                    a .button href=(paths::Home) { "Go to the start page" }
                }
            }
            p .fine { "Request " code { (request) } }
        },
    )
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::UNAUTHORIZED => "Sign in first",
        StatusCode::FORBIDDEN => "Not allowed",
        StatusCode::CONFLICT => "Not as it stands",
        StatusCode::TOO_MANY_REQUESTS => "One moment",
        status if status.is_client_error() => "That did not work",
        StatusCode::SERVICE_UNAVAILABLE => "Not right now",
        _ => "Something broke down",
    }
}

/// With a capital letter and a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let mut sentence: String =
        letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    sentence.extend(letters);
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}
