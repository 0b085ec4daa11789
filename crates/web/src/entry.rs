//! Coming in and going out: signing in, setting a password by an invitation, entering by a link that works once.

mod invitation;
mod sign_in;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use nevertwice_service::account::SignedIn;

use crate::app::App;
use crate::cookie;
use crate::server::Peer;

pub(crate) use invitation::{accept, enter, invitation, leave, setup, show_enter, show_setup};
pub(crate) use sign_in::{create, new};

/// Where a request comes from, for the list of sessions and for slowing down whoever guesses.
pub(crate) struct Source {
    pub(crate) address: Option<String>,
    pub(crate) agent: Option<String>,
}

/// Longest name of a browser that is kept.
const AGENT_LIMIT: usize = 200;

impl FromRequestParts<App> for Source {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let peer = parts.extensions.get::<ConnectInfo<Peer>>().map(|ConnectInfo(peer)| peer.0);
        Ok(Self {
            address: app.proxies().client(peer, &parts.headers).map(|address| address.to_string()),
            agent: agent.map(|agent| agent.chars().take(AGENT_LIMIT).collect()),
        })
    }
}

/// Lets somebody in: the secret goes into the cookie, whatever stood there before.
fn let_in(app: &App, signed_in: &SignedIn, next: &str) -> Response {
    let jar = cookie::set(cookie::SESSION, signed_in.secret.as_str(), app.origin());
    (jar, Redirect::to(inside(next))).into_response()
}

/// An address of this register; anything else leads to the start page.
pub(crate) fn inside(next: &str) -> &str {
    let is_odd = |letter: char| letter == '\\' || letter.is_control();
    let is_path = next.starts_with('/') && !next.starts_with("//") && !next.contains(is_odd);
    if is_path { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(inside("/cases?q=a"), "/cases?q=a");
        for next in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/\t/evil",
            "/\u{0}/evil",
        ] {
            assert_eq!(inside(next), "/", "{next}");
        }
    }
}
