//! The address under which people reach the register, and what follows from it.

use std::fmt;
use std::str::FromStr;

use axum::http::Uri;
use thiserror::Error;

/// A public address such as `https://register.example.org`: no path, and plain HTTP on this machine only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    text: String,
    is_https: bool,
}

/// An address that people cannot be sent to safely.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{found:?} {why}; expected one such as https://register.example.org or http://127.0.0.1:8472")]
pub struct OriginError {
    /// What was found.
    pub found: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Origin {
    /// Whether people reach it over TLS. Then cookies never travel without.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// The whole address of a path.
    #[must_use]
    pub fn address(&self, path: impl fmt::Display) -> String {
        format!("{}{path}", self.text)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let refused = |why| OriginError { found: text.to_owned(), why };
        let text = text.trim().trim_end_matches('/');
        let uri: Uri = text.parse().map_err(|_| refused("is not an address"))?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(|| refused("names no host"))?;
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(refused("has a path"));
        }
        let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
        if authority.contains('@') {
            return Err(refused("names a user"));
        }
        match uri.scheme_str() {
            Some("https") => Ok(Self { text: format!("https://{authority}"), is_https: true }),
            Some("http") if is_loopback(host) => {
                Ok(Self { text: format!("http://{authority}"), is_https: false })
            }
            Some("http") => Err(refused("is plain HTTP to another machine, where passwords could be read")),
            _ => Err(refused("begins with neither https:// nor http://")),
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_without_its_last_slash() {
        for (typed, taken) in [
            ("https://register.example.org/", "https://register.example.org"),
            ("http://127.0.0.1:8472", "http://127.0.0.1:8472"),
            ("http://[::1]:80", "http://[::1]:80"),
            ("http://localhost:1", "http://localhost:1"),
        ] {
            assert_eq!(typed.parse::<Origin>().unwrap().to_string(), taken);
        }
    }

    #[test]
    fn addresses_that_are_not_safe_are_refused_with_the_reason() {
        for (typed, why) in [
            ("", "not an address"),
            ("register.example.org", "begins with neither"),
            ("http://register.example.org", "plain HTTP"),
            ("ftp://localhost", "begins with neither"),
            ("https://register.example.org/nevertwice", "has a path"),
            ("https://ada@register.example.org", "names a user"),
        ] {
            let error = typed.parse::<Origin>().unwrap_err().to_string();
            assert!(error.contains(why), "{typed}: {error}");
        }
    }
}
