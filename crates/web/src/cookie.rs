//! The one cookie: the secret of a session.

use axum::http::{HeaderMap, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::origin::Origin;

/// Over TLS: bound to the host, never sent without TLS (RFC 6265bis, `__Host-`).
const SECURE_NAME: &str = "__Host-nevertwice";
/// On this machine over plain HTTP, where some browsers take no cookie that is marked for TLS.
const LOCAL_NAME: &str = "nevertwice";

/// The secret that a request shows.
pub(crate) fn session(headers: &HeaderMap, origin: &Origin) -> Option<String> {
    headers.get(header::COOKIE)?;
    CookieJar::from_headers(headers).get(name(origin)).map(|cookie| cookie.value().to_owned())
}

/// Gives a browser the secret of a session. It ends with the browser or with the session, whichever comes first.
pub(crate) fn start(secret: &str, origin: &Origin) -> CookieJar {
    CookieJar::new().add(made(secret.to_owned(), origin))
}

/// Takes it away.
pub(crate) fn end(origin: &Origin) -> CookieJar {
    let mut cookie = made(String::new(), origin);
    cookie.make_removal();
    CookieJar::new().add(cookie)
}

fn made(value: String, origin: &Origin) -> Cookie<'static> {
    Cookie::build((name(origin), value))
        .path("/")
        .http_only(true)
        .secure(origin.is_https())
        .same_site(SameSite::Lax)
        .build()
}

fn name(origin: &Origin) -> &'static str {
    if origin.is_https() { SECURE_NAME } else { LOCAL_NAME }
}
