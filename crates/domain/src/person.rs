//! People and teams: who reports, owns, reviews, decides.

use std::collections::BTreeSet;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::asset::Sha256Text;
use crate::id::{PersonId, TokenId};
use crate::permission::{Role, Scope};
use crate::refusal::Refusal;
use crate::text::Line;
use crate::time::Timestamp;
use crate::word::Word as _;

words! {
    /// Whether a name stands for one human being or for several.
    PersonKind("kind of person") {
        /// One human being; only a person can own an action.
        Person = "person",
        /// A group; it never satisfies "named owner".
        Team = "team",
    }
}

words! {
    /// How far a person is known.
    PersonStatus("person status") {
        /// Made by an import from a name; may be named, may not sign in or act.
        Unconfirmed = "unconfirmed",
        /// Known and able to act.
        Confirmed = "confirmed",
        /// Left or blocked; stays in the history, may not act.
        Disabled = "disabled",
    }
}

/// What is written down about a person or team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRecord {
    /// Identity.
    pub id: PersonId,
    /// Counts the changes; a change must name the version that it saw.
    pub version: u64,
    /// Person or team.
    pub kind: PersonKind,
    /// How far known.
    pub status: PersonStatus,
    /// The name shown.
    pub name: Line,
    /// E-mail address, if known.
    pub email: Option<Line>,
    /// Name of the operating-system user that acts as this person on the command line.
    pub os_user: Option<Line>,
    /// What the person may do (PRODUCT §9).
    pub roles: BTreeSet<Role>,
    /// When the person became known to the register.
    pub created_at: Timestamp,
}

/// A person or team; reads like its record, changes only through its methods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person(PersonRecord);

/// An access token: whoever shows its secret acts as the person. Only the secret's hash is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Identity.
    pub id: TokenId,
    /// Whose it is.
    pub person_id: PersonId,
    /// What it is for.
    pub label: Line,
    /// SHA-256 of the secret.
    pub secret_sha256: Sha256Text,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it holds.
    pub expires_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// What it may be used for, of all that its person may do.
    #[serde(default = "every_scope")]
    pub scopes: BTreeSet<Scope>,
}

/// Everything that a person may do.
#[must_use]
pub fn every_scope() -> BTreeSet<Scope> {
    Scope::ALL.iter().copied().collect()
}

impl Token {
    /// Whether the token holds now.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// A change to a person that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PersonError {
    /// A team cannot hold roles, tokens or an operating-system user.
    #[error("{name} is a team; only a person can hold roles or sign in")]
    Team {
        /// Its name.
        name: String,
    },
    /// Disabled people stay disabled until confirmed again.
    #[error("{name} is {status}; confirm the person first")]
    NotConfirmed {
        /// The name.
        name: String,
        /// The present status.
        status: PersonStatus,
    },
}

impl Refusal for PersonError {
    fn code(&self) -> &'static str {
        match self {
            Self::Team { .. } => "person.is_a_team",
            Self::NotConfirmed { .. } => "person.not_confirmed",
        }
    }
}

impl Person {
    /// A person or team of a given status.
    #[must_use]
    pub fn new(id: PersonId, kind: PersonKind, status: PersonStatus, name: Line, at: Timestamp) -> Self {
        Self(PersonRecord {
            id,
            version: 0,
            kind,
            status,
            name,
            email: None,
            os_user: None,
            roles: BTreeSet::new(),
            created_at: at,
        })
    }

    /// The same person with an e-mail address, if one is known.
    #[must_use]
    pub fn with_email(mut self, email: Option<Line>) -> Self {
        self.0.email = email;
        self
    }

    /// Takes a person back from what was written down.
    #[must_use]
    pub fn restore(record: PersonRecord) -> Self {
        Self(record)
    }

    /// Confirms a person and gives roles, e-mail address and operating-system user; an inner none takes one away.
    ///
    /// # Errors
    /// A team cannot hold roles or an operating-system user.
    pub fn confirm(
        mut self,
        kind: PersonKind,
        roles: BTreeSet<Role>,
        email: Option<Option<Line>>,
        os_user: Option<Option<Line>>,
    ) -> Result<Self, PersonError> {
        let os_user = os_user.unwrap_or_else(|| self.0.os_user.clone());
        if kind == PersonKind::Team && (!roles.is_empty() || os_user.is_some()) {
            return Err(PersonError::Team { name: self.0.name.to_string() });
        }
        self.0.kind = kind;
        self.0.status = PersonStatus::Confirmed;
        self.0.roles = roles;
        self.0.email = email.unwrap_or(self.0.email);
        self.0.os_user = os_user;
        Ok(self)
    }

    /// Gives the person another name.
    #[must_use]
    pub fn rename(mut self, name: Line) -> Self {
        self.0.name = name;
        self
    }

    /// Disables a person: every token and session ends, the history stays.
    #[must_use]
    pub fn disable(mut self) -> Self {
        self.0.status = PersonStatus::Disabled;
        self
    }

    /// Whether the person may act at all.
    ///
    /// # Errors
    /// A team, an unconfirmed or a disabled person may not.
    pub fn may_act(&self) -> Result<(), PersonError> {
        if self.0.kind == PersonKind::Team {
            return Err(PersonError::Team { name: self.0.name.to_string() });
        }
        if self.0.status != PersonStatus::Confirmed {
            return Err(PersonError::NotConfirmed { name: self.0.name.to_string(), status: self.0.status });
        }
        Ok(())
    }

    /// Whether the person can own an action: one human being who has not left.
    #[must_use]
    pub fn can_own(&self) -> bool {
        self.0.kind == PersonKind::Person && self.0.status != PersonStatus::Disabled
    }
}

impl Deref for Person {
    type Target = PersonRecord;

    fn deref(&self) -> &PersonRecord {
        &self.0
    }
}
