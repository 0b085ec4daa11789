//! What was just done, told once on the page that follows. It travels in a cookie, as that page is asked for anew.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use maud::{Markup, html};

use crate::app::App;
use crate::cookie::{self, DONE};
use crate::{entry, fragment, text};

/// Longest words that are told.
const WORDS_LIMIT: usize = 200;
/// Seconds within which the page that tells it is asked for.
const TOLD_WITHIN: i64 = 60;
/// Between the words and the way back.
const BETWEEN: char = '/';

/// What was just done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Done {
    words: String,
    /// The address at which it can be taken back.
    undo: Option<String>,
}

impl Done {
    /// Something with a title was done; `undo` is the address at which it can be taken back.
    pub(crate) fn new(title: &str, undo: Option<String>) -> Self {
        Self { words: title.to_owned(), undo }
    }

    /// Leads to a page that tells it.
    pub(crate) fn leads_to(&self, app: &App, address: &str) -> Response {
        let jar = cookie::set_briefly(DONE, &self.coded(), TOLD_WITHIN, app.origin());
        (jar, Redirect::to(address)).into_response()
    }

    /// What a page is to tell.
    pub(crate) fn of(headers: &HeaderMap, app: &App) -> Option<Self> {
        Self::decoded(&cookie::shown(headers, DONE, app.origin())?)
    }

    fn coded(&self) -> String {
        let undo = self.undo.as_deref().unwrap_or_default();
        format!("{}{BETWEEN}{}", text::in_header(&self.words), text::in_header(undo))
    }

    /// A browser may show anything here: no more than a line of plain text, and no way but one of this site, comes of it.
    fn decoded(value: &str) -> Option<Self> {
        let (words, undo) = value.split_once(BETWEEN)?;
        let (words, undo) = (text::of_header(words)?, text::of_header(undo)?);
        let is_told = !words.is_empty() && words.len() <= WORDS_LIMIT && !words.chars().any(char::is_control);
        let undo = Some(undo).filter(|undo| !undo.is_empty() && entry::inside(undo) == undo);
        is_told.then_some(Self { words, undo })
    }

    /// Tells it.
    pub(crate) fn show(&self) -> Markup {
        html! {
            div .toast role="status" {
                p { strong { "Saved" } " · " (self.words) }
                @if let Some(undo) = &self.undo { a .button .small href=(undo) { "Undo" } }
            }
        }
    }
}

/// Whether an answer to this request, if it is a whole page, tells what was done.
pub(crate) fn is_waiting(request: &Request, app: &App) -> bool {
    let headers = request.headers();
    request.method() == Method::GET
        && !fragment::is_asked(headers)
        && cookie::shown(headers, DONE, app.origin()).is_some()
}

/// What a script does on a page is seen there, and not told on the next one.
pub(crate) fn keep_quiet(app: &App, headers: &mut HeaderMap) {
    let name = format!("{}=", DONE.at(app.origin()));
    let is_other = |cookie: &HeaderValue| !cookie.as_bytes().starts_with(name.as_bytes());
    let others: Vec<_> =
        headers.get_all(header::SET_COOKIE).iter().filter(|one| is_other(one)).cloned().collect();
    headers.remove(header::SET_COOKIE);
    for cookie in others {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// Once told, it is not told again.
pub(crate) fn told(app: &App, response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if response.status() != StatusCode::OK || !kind.is_some_and(|kind| kind.starts_with("text/html")) {
        return response;
    }
    let jar: CookieJar = cookie::unset(DONE, app.origin());
    (jar, response).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_comes_back_as_it_was() {
        for (words, undo) in
            [("Did it work?", None), ("Complete · ä/;\"", Some("/actions/ACT-2026-0001/undo"))]
        {
            let done = Done::new(words, undo.map(str::to_owned));
            assert_eq!(Done::decoded(&done.coded()), Some(done));
        }
    }

    #[test]
    fn what_a_browser_makes_up_is_a_line_of_text_or_nothing() {
        for value in ["", "words", "/", "%ff/", "a%0ab/", &format!("{}/", "x".repeat(WORDS_LIMIT + 1))] {
            assert_eq!(Done::decoded(value), None, "{value:?}");
        }
        for undo in ["https%3A%2F%2Fexample.org", "%2F%2Fexample.org", "javascript%3A1"] {
            assert_eq!(Done::decoded(&format!("a/{undo}")), Some(Done::new("a", None)), "{undo}");
        }
    }
}
