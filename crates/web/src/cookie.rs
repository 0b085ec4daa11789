//! The cookies: the secret of a session, and for a moment what was just done.

use axum::http::{HeaderMap, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use time::Duration;

use crate::origin::Origin;

/// A cookie by its two names: over TLS bound to the host and never sent without TLS (RFC 6265bis, `__Host-`); on this
/// machine over plain HTTP, where some browsers take no cookie that is marked for TLS, without that.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name {
    secure: &'static str,
    local: &'static str,
}

/// The secret of a session.
pub(crate) const SESSION: Name = Name { secure: "__Host-nevertwice", local: "nevertwice" };
/// What was just done.
pub(crate) const DONE: Name = Name { secure: "__Host-nevertwice-done", local: "nevertwice-done" };

impl Name {
    /// Under which a browser has it.
    pub(crate) fn at(self, origin: &Origin) -> &'static str {
        if origin.is_https() { self.secure } else { self.local }
    }
}

/// What a request shows under a name.
pub(crate) fn shown(headers: &HeaderMap, name: Name, origin: &Origin) -> Option<String> {
    headers.get(header::COOKIE)?;
    CookieJar::from_headers(headers).get(name.at(origin)).map(|cookie| cookie.value().to_owned())
}

/// Gives a browser a value. It ends with the browser, if nothing else ends it.
pub(crate) fn set(name: Name, value: &str, origin: &Origin) -> CookieJar {
    CookieJar::new().add(made(name, value.to_owned(), origin))
}

/// The same for so many seconds.
pub(crate) fn set_briefly(name: Name, value: &str, seconds: i64, origin: &Origin) -> CookieJar {
    let mut cookie = made(name, value.to_owned(), origin);
    cookie.set_max_age(Duration::seconds(seconds));
    CookieJar::new().add(cookie)
}

/// Takes it away.
pub(crate) fn unset(name: Name, origin: &Origin) -> CookieJar {
    let mut cookie = made(name, String::new(), origin);
    cookie.make_removal();
    CookieJar::new().add(cookie)
}

fn made(name: Name, value: String, origin: &Origin) -> Cookie<'static> {
    Cookie::build((name.at(origin), value))
        .path("/")
        .http_only(true)
        .secure(origin.is_https())
        .same_site(SameSite::Lax)
        .build()
}
