//! Who asks, and how they got in.

use anyhow::Context as _;

use super::asked::{Ask, Request};
use super::connection::Connection;

/// The one cookie on this machine, over plain HTTP.
const COOKIE: &str = "nevertwice";
/// What people who are invited choose. They are invented and live as long as their scratch register.
const PASSWORD: &str = "seven lamps beside an old bridge";

/// How whoever asks says who they are.
#[derive(Debug, Clone)]
pub(crate) enum Credential {
    /// Not at all.
    Nobody,
    /// By the cookie of a session.
    Session(String),
    /// By a token.
    Token(String),
}

impl Credential {
    /// The header that says it.
    pub(super) fn header(&self) -> Option<(&'static str, String)> {
        match self {
            Credential::Nobody => None,
            Credential::Session(secret) => Some(("cookie", format!("{COOKIE}={secret}"))),
            Credential::Token(token) => Some(("authorization", format!("Bearer {token}"))),
        }
    }
}

/// Enters by a link that works once, as `person sign-in-link` makes it.
///
/// # Errors
/// When the server does not let them in.
pub(crate) fn by_link(connection: &mut Connection, code: &str) -> anyhow::Result<Credential> {
    entered(connection, &Request::form(format!("/enter/{code}"), &[]))
}

/// Accepts an invitation, as `person invite` makes it, with a password.
///
/// # Errors
/// When the server does not let them in.
pub(crate) fn by_invitation(
    connection: &mut Connection,
    code: &str,
    email: &str,
) -> anyhow::Result<Credential> {
    let fields = [("email", email), ("password", PASSWORD), ("again", PASSWORD), ("code", "")];
    entered(connection, &Request::form(format!("/invitation/{code}"), &fields))
}

fn entered(connection: &mut Connection, request: &Request) -> anyhow::Result<Credential> {
    let ask = Ask::sent_to(request.clone(), "/");
    let response = connection.ask(&ask, &Credential::Nobody)?;
    let cookie = response.header("set-cookie").context("whoever came in got no cookie")?;
    let pair = cookie.split(';').next().unwrap_or_default();
    let secret = pair.strip_prefix(COOKIE).and_then(|rest| rest.strip_prefix('='));
    Ok(Credential::Session(secret.with_context(|| format!("another cookie: {cookie}"))?.to_owned()))
}
