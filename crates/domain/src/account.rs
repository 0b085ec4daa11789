//! How people sign in: accounts, sessions, links, and what a password must be.

pub mod attempts;
pub mod password;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use crate::asset::Sha256Text;
use crate::id::{PersonId, SessionId};
use crate::refusal::Refusal;
use crate::text::Line;
use crate::time::Timestamp;

/// Longest e-mail address, in bytes: RFC 5321 §4.5.3.1.3 allows a path of 256 with its two brackets.
const ADDRESS_LIMIT: usize = 254;

/// A session ends this long after it was seen last: 12 hours, so that a working day needs one sign-in.
pub const IDLE_LIMIT_MILLIS: i64 = 12 * 60 * 60 * 1000;
/// A session ends this long after it began, whatever happens: 7 days.
pub const SESSION_LIMIT_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;
/// How exact it is kept when a session was seen last: one minute, so that reading a page rarely writes.
pub const SEEN_EVERY_MILLIS: i64 = 60 * 1000;

words! {
    /// By what a session began.
    SessionHow("way of signing in") {
        /// The password alone.
        Password = "password",
        /// The password and a code of the second factor.
        PasswordAndCode = "password_and_code",
        /// The password and a recovery code.
        RecoveryCode = "recovery_code",
        /// An invitation, with which the password was chosen.
        Invitation = "invitation",
        /// A link that was made on the command line.
        Link = "link",
    }
}

words! {
    /// What a link that was given to somebody is good for; each is good once.
    LinkPurpose("purpose of a link") {
        /// To choose a password: an administrator made it.
        Invitation = "invitation",
        /// To choose the first password of the register: the server printed it.
        Setup = "setup",
        /// To sign in.
        SignIn = "sign_in",
    }
}

impl LinkPurpose {
    /// How long such a link holds, in milliseconds: seven days, an hour, ten minutes.
    #[must_use]
    pub const fn holds_millis(self) -> i64 {
        let minute = 60 * 1000;
        match self {
            Self::Invitation => 7 * 24 * 60 * minute,
            Self::Setup => 60 * minute,
            Self::SignIn => 10 * minute,
        }
    }
}

/// The e-mail address that somebody signs in with, in the one form in which addresses are compared: NFC, lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SignInAddress(String);

/// A text that is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{found:?} is not an e-mail address; expected one such as ada@example.org, of at most 254 bytes")]
pub struct AddressError {
    /// What was found.
    pub found: String,
}

impl Refusal for AddressError {
    fn code(&self) -> &'static str {
        "account.address"
    }

    fn field(&self) -> Option<&'static str> {
        Some("email")
    }
}

impl SignInAddress {
    /// Reads an address. Only what every address has is looked for; whether mail arrives, only mail can tell.
    ///
    /// # Errors
    /// It is too long, has white space or control characters, or nothing before or behind its last `@`.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let folded: String = text.trim().chars().flat_map(char::to_lowercase).nfc().collect();
        let parts = folded.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty());
        let is_plain = !folded.chars().any(|c| c.is_whitespace() || c.is_control());
        if parts.is_none() || !is_plain || folded.len() > ADDRESS_LIMIT {
            return Err(AddressError { found: text.to_owned() });
        }
        Ok(Self(folded))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or(&self.0, |(local, _)| local)
    }
}

impl fmt::Display for SignInAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for SignInAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::parse(text)
    }
}

impl<'de> Deserialize<'de> for SignInAddress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// That somebody can sign in, and how: what the trail tells of it. Secrets are kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Whose it is.
    pub person_id: PersonId,
    /// The address to sign in with; none before the first invitation was accepted.
    pub email: Option<SignInAddress>,
    /// When the person was invited last.
    pub invited_at: Option<Timestamp>,
    /// When the password was set last.
    pub password_set_at: Option<Timestamp>,
    /// Since when a second factor is asked for.
    pub totp_since: Option<Timestamp>,
}

impl Account {
    /// An account with which nobody can sign in yet.
    #[must_use]
    pub fn new(person_id: PersonId) -> Self {
        Self { person_id, email: None, invited_at: None, password_set_at: None, totp_since: None }
    }
}

/// A sign-in that holds for a while. Only the hash of its secret is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Identity.
    pub id: SessionId,
    /// Whose it is.
    pub person_id: PersonId,
    /// SHA-256 of its secret.
    pub secret_sha256: Sha256Text,
    /// By what it began.
    pub how: SessionHow,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was seen last, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// The network address that it began from.
    pub address: Option<Line>,
    /// The network that the address is in, by which it is known again: of IPv6 the first 64 bits.
    pub place: Option<Line>,
    /// The program that it began in, as that program calls itself.
    pub agent: Option<Line>,
}

impl Session {
    /// Whether the session holds now: not ended, not too old, and not idle for too long.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.ended_at.is_none()
            && now < self.expires_at
            && now.millis() - self.last_seen_at.millis() < IDLE_LIMIT_MILLIS
    }

    /// When the session ends if it is not seen again.
    #[must_use]
    pub fn ends_at(&self) -> Timestamp {
        let idle = Timestamp::from_millis(self.last_seen_at.millis() + IDLE_LIMIT_MILLIS);
        idle.min(self.expires_at)
    }
}

#[cfg(test)]
mod tests;
