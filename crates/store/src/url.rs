//! Where the database is: `sqlite:PATH` or `postgres://user:password@host/name`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use thiserror::Error;

#[cfg(test)]
mod tests;

/// The address of a database. `Debug` and `Display` never show the password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub(crate) Target);

/// What the address names.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A file.
    Sqlite(PathBuf),
    /// A server.
    Postgres(PostgresUrl),
}

/// A PostgreSQL address, apart from how the connection is secured.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PostgresUrl {
    /// What the driver reads: the address without `sslmode` and `sslrootcert`.
    pub(crate) address: String,
    /// What may be shown.
    shown: String,
    /// `sslmode`, if given.
    pub(crate) tls: Option<Tls>,
    /// `sslrootcert`: a file of PEM certificates to trust instead of the system's.
    pub(crate) root_certificates: Option<PathBuf>,
}

/// How the connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tls {
    /// `sslmode=disable`: in clear.
    Disable,
    /// `sslmode=require` and `verify-full`: TLS with certificate and host name verified. A server that cannot
    /// show who it is gets no password, so `require` means more here than in libpq.
    Verify,
}

/// A text that is not the address of a database this program can use.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{found} is not a database address: {why}; expected sqlite:PATH or postgres://USER@HOST/NAME")]
pub struct DatabaseUrlError {
    /// The text found, without its password.
    pub found: String,
    /// What is wrong.
    pub why: String,
}

impl DatabaseUrl {
    /// The address of a SQLite file.
    #[must_use]
    pub fn in_file(path: impl Into<PathBuf>) -> Self {
        Self(Target::Sqlite(path.into()))
    }

    /// The SQLite file, if it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Target::Sqlite(path) => Some(path),
            Target::Postgres(_) => None,
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let target = match text.split_once(':') {
            Some(("sqlite", path)) => sqlite_path(path).map(Target::Sqlite),
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
                PostgresUrl::parse(text).map(Target::Postgres)
            }
            Some(("postgres" | "postgresql", _)) => Err("the // after the scheme is missing".to_owned()),
            Some((scheme, _)) => Err(format!("the scheme {scheme:?} is unknown")),
            None => Err("it has no scheme".to_owned()),
        };
        target.map(Self).map_err(|why| DatabaseUrlError { found: format!("{:?}", redact(text)), why })
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Target::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Target::Postgres(url) => f.write_str(&url.shown),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

fn sqlite_path(path: &str) -> Result<PathBuf, String> {
    if path.is_empty() {
        return Err("the path is missing".to_owned());
    }
    if path == ":memory:" {
        return Err("a database in memory would be lost at the end".to_owned());
    }
    if path.starts_with("//") && !path.starts_with("///") {
        return Err("a path does not begin with //".to_owned());
    }
    // Otherwise `sqlite:a.db?mode=ro` would quietly make a file of that name.
    if path.contains(['?', '\0']) {
        return Err("SQLite takes no options and no such character in the path".to_owned());
    }
    Ok(PathBuf::from(path))
}

impl PostgresUrl {
    fn parse(text: &str) -> Result<Self, String> {
        // The driver takes everything up to the first @ as user and password, so a ? there is not the query.
        let host_at = text.find('@').unwrap_or(0);
        let (base, query) = match text[host_at..].find('?') {
            Some(at) => (&text[..host_at + at], &text[host_at + at + 1..]),
            None => (text, ""),
        };
        let mut url =
            Self { address: base.to_owned(), shown: redact(base), tls: None, root_certificates: None };
        let mut separator = '?';
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=').ok_or_else(|| format!("{pair:?} is not name=value"))? {
                ("sslmode", mode) => url.tls = Some(tls(mode)?),
                ("sslrootcert", path) => url.root_certificates = Some(PathBuf::from(path)),
                (name, _) => {
                    url.address.push(separator);
                    url.address.push_str(pair);
                    url.shown.push(separator);
                    url.shown.push_str(if name == "password" { "password=***" } else { pair });
                    separator = '&';
                }
            }
        }
        Ok(url)
    }
}

fn tls(mode: &str) -> Result<Tls, String> {
    match mode {
        "disable" => Ok(Tls::Disable),
        "require" | "verify-full" => Ok(Tls::Verify),
        other => Err(format!("sslmode {other:?} is not one of disable, require, verify-full")),
    }
}

/// Replaces what stands between the user's colon and the last `@` before the host, and any `password=`.
fn redact(text: &str) -> String {
    let Some(start) = text.find("://").map(|at| at + 3) else { return text.to_owned() };
    let mut shown = text.to_owned();
    if let Some(at) = text.rfind('@').filter(|&at| at > start)
        && let Some(colon) = text[start..at].find(':')
    {
        shown.replace_range(start + colon + 1..at, "***");
    }
    if let Some(at) = shown.find("password=").map(|at| at + "password=".len()) {
        let end = shown[at..].find('&').map_or(shown.len(), |length| at + length);
        shown.replace_range(at..end, "***");
    }
    shown
}
