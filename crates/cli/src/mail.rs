//! Mails over SMTP: which server, and the one way out of this program that is no answer to a question.

use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, SmtpTransport, Transport as _};
use nevertwice_service::mail::{Mail, Post};
use nevertwice_service::{Kind, ServiceError};

use crate::failure::Failure;

#[cfg(test)]
mod tests;

/// How long the server may take over one step: less than a stopping server waits.
const PATIENCE: Duration = Duration::from_secs(5);
/// Where the password of the server comes from.
const PASSWORD: &str = "NEVERTWICE_MAIL_PASSWORD";
/// Where the name of a file that holds it comes from.
const PASSWORD_FILE: &str = "NEVERTWICE_MAIL_PASSWORD_FILE";

/// Who mails are given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailServer {
    host: String,
    port: u16,
    security: Security,
    user: Option<String>,
}

/// How the way there is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Security {
    /// TLS from the first byte: `smtps`.
    Tls,
    /// TLS before anything is said: `smtp` to another machine.
    StartTls,
    /// Nothing: `smtp` within this machine.
    None,
}

impl FromStr for MailServer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = |what: &str| format!("{what}; expected smtps://USER@HOST:465 or smtp://localhost:25");
        let (scheme, rest) = text.split_once("://").ok_or_else(|| expected("no address of a mail server"))?;
        let (user, place) = match rest.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, rest),
        };
        if user.is_some_and(|user| user.contains(':')) {
            // What stands there is not repeated.
            return Err(format!(
                "a password does not belong into the address; give it in {PASSWORD} or {PASSWORD_FILE}"
            ));
        }
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().map_err(|_| expected("no port"))?)),
            None => (place, None),
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        if host.is_empty() || !host.chars().all(is_name) || user.is_some_and(str::is_empty) {
            return Err(expected("no name of a host"));
        }
        let is_here = matches!(host, "localhost" | "127.0.0.1");
        let (security, usual) = match scheme {
            "smtps" => (Security::Tls, 465),
            "smtp" if is_here => (Security::None, 25),
            "smtp" => (Security::StartTls, 587),
            _ => return Err(expected("no address of a mail server")),
        };
        Ok(Self {
            host: host.to_owned(),
            port: port.unwrap_or(usual),
            security,
            user: user.map(str::to_owned),
        })
    }
}

impl fmt::Display for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.security == Security::Tls { "smtps" } else { "smtp" };
        let user = self.user.as_ref().map(|user| format!("{user}@")).unwrap_or_default();
        write!(f, "{scheme}://{user}{}:{}", self.host, self.port)
    }
}

/// Whom mails are from: `register@example.org` or `The register <register@example.org>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailFrom(Mailbox);

impl FromStr for MailFrom {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|error| format!("{text:?} is no address to send mails from: {error}"))
    }
}

impl fmt::Display for MailFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A mail server that is talked to.
pub(crate) struct Smtp {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Smtp {
    /// Gets ready to talk to a server; it is not asked yet.
    ///
    /// # Errors
    /// Its user needs a password and there is none, or TLS cannot be had.
    pub(crate) fn new(server: &MailServer, from: &MailFrom) -> Result<Self, Failure> {
        let MailServer { host, port, security, user } = server;
        let tls = || {
            TlsParameters::new(host.clone()).map_err(|error| {
                Failure::new(Kind::Unavailable, "mail.tls", format!("no TLS for mails: {error}"))
            })
        };
        let tls = match security {
            Security::Tls => Tls::Wrapper(tls()?),
            Security::StartTls => Tls::Required(tls()?),
            Security::None => Tls::None,
        };
        let mut builder =
            SmtpTransport::builder_dangerous(host.clone()).port(*port).tls(tls).timeout(Some(PATIENCE));
        if let Some(user) = user {
            builder = builder.credentials(Credentials::new(user.clone(), password(user)?));
        }
        Ok(Self { transport: builder.build(), from: from.0.clone() })
    }
}

impl Post for Smtp {
    fn send(&self, mail: &Mail) -> Result<(), ServiceError> {
        let message = self.message(mail)?;
        self.transport.send(&message).map(drop).map_err(|error| {
            let code = if error.is_permanent() { "mail.refused" } else { "mail.unreachable" };
            ServiceError::new(Kind::Unavailable, code, error)
        })
    }
}

impl Smtp {
    /// What the mail is known by at the sender's host; left to chance where it has no id.
    fn message_id(&self, mail: &Mail) -> Option<String> {
        (!mail.id.is_empty()).then(|| format!("<{}@{}>", mail.id, self.from.email.domain()))
    }

    fn message(&self, mail: &Mail) -> Result<Message, ServiceError> {
        let unfit = |error: &dyn fmt::Display| ServiceError::new(Kind::Invalid, "mail.address", error);
        let address: Address = mail.to.parse().map_err(|error| unfit(&error))?;
        // So that no machine answers (RFC 3834 §5).
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(mail.name.clone()), address))
            .subject(mail.subject.clone())
            .message_id(self.message_id(mail))
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .map_err(|error| unfit(&error))
    }
}

fn password(user: &str) -> Result<String, Failure> {
    if let Ok(password) = std::env::var(PASSWORD) {
        return Ok(password);
    }
    let Some(file) = std::env::var_os(PASSWORD_FILE) else {
        let message = format!(
            "the mail server is to be talked to as {user}: give the password in {PASSWORD} or {PASSWORD_FILE}"
        );
        return Err(Failure::new(Kind::Invalid, "mail.password", message));
    };
    let text = std::fs::read_to_string(Path::new(&file)).map_err(|error| {
        let message = format!(
            "cannot read the password of the mail server from {}: {error}",
            Path::new(&file).display()
        );
        Failure::new(Kind::Invalid, "mail.password", message)
    })?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
