//! The one error of every use case: what happened, where, and what to do, with a stable code.

use nevertwice_domain::permission::Denied;
use nevertwice_domain::refusal::Refusal;
use nevertwice_exchange::archive::ArchiveError;
use nevertwice_store::{Constraint, StoreError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a use case did not happen. Nothing was written, but for [`Kind::Unknown`].
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct ServiceError {
    /// What sort of failure; decides the exit code of a command and the status of a response.
    pub kind: Kind,
    /// A stable code such as `action.owner_missing`.
    pub code: String,
    /// What happened and what to do, in one sentence.
    pub message: String,
    /// The input fields to mend, each with what is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// After how many seconds it is worth trying again, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u64>,
}

/// What sort of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// There is no such record, or none that the caller may know of.
    NotFound,
    /// The caller may not do this.
    Forbidden,
    /// The input has to change.
    Invalid,
    /// The state of the record stands in the way.
    Conflict,
    /// Somebody else changed the record since it was read.
    Stale,
    /// The register does not agree with its trail.
    Integrity,
    /// Not now: the database is away, locked, or the disk is full.
    Unavailable,
    /// The connection broke during commit: the change may or may not have been written.
    Unknown,
    /// A mistake in this program.
    Internal,
}

/// What is wrong with one input field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field.
    pub field: String,
    /// What was found, what is expected, how to mend it.
    pub message: String,
}

impl ServiceError {
    /// An error without fields.
    pub fn new(kind: Kind, code: &str, message: impl std::fmt::Display) -> Self {
        let (code, message) = (code.to_owned(), message.to_string());
        Self { kind, code, message, fields: Vec::new(), retry_after_seconds: None }
    }

    /// An input field that has to change.
    pub fn invalid(field: &str, code: &str, message: impl std::fmt::Display) -> Self {
        let message = message.to_string();
        let fields = vec![FieldError { field: field.to_owned(), message: message.clone() }];
        Self { fields, ..Self::new(Kind::Invalid, code, format!("{field}: {message}")) }
    }

    /// A record that is not there, or that the caller may not know of: the same words for both.
    pub fn not_found(what: impl std::fmt::Display) -> Self {
        Self::new(Kind::NotFound, "not_found", format!("there is no {what}"))
    }

    /// A mistake in this program.
    pub fn internal(message: impl std::fmt::Display) -> Self {
        Self::new(Kind::Internal, "internal", message)
    }

    /// A refusal of the domain: a field to mend, or a state that stands in the way.
    pub fn refused(refusal: &dyn Refusal) -> Self {
        match refusal.field() {
            Some(field) => Self::invalid(field, refusal.code(), refusal),
            None => Self::new(Kind::Conflict, refusal.code(), refusal),
        }
    }

    /// A refusal of permission, for a record called `what`.
    pub fn denied(denied: Denied, what: impl std::fmt::Display) -> Self {
        match denied {
            Denied::Invisible => Self::not_found(what),
            Denied::Forbidden { .. } | Denied::OwnWork => Self::new(Kind::Forbidden, denied.code(), denied),
        }
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        let (kind, code) = match &error {
            StoreError::Unavailable { .. } | StoreError::Contended { .. } | StoreError::Closed => {
                (Kind::Unavailable, "store.unavailable")
            }
            StoreError::OutcomeUnknown { .. } => (Kind::Unknown, "store.outcome_unknown"),
            StoreError::Conflict { .. } => (Kind::Stale, "stale"),
            StoreError::Corrupt { .. } => (Kind::Integrity, "store.corrupt"),
            StoreError::Unfit { .. } => (Kind::Invalid, "input.unfit"),
            StoreError::Violated { constraint: Constraint::Unique, .. } => (Kind::Conflict, "already_there"),
            StoreError::Schema(_) => (Kind::Unavailable, "store.schema"),
            StoreError::Open(_) => (Kind::Unavailable, "store.open"),
            StoreError::Backup(_) => (Kind::Unavailable, "backup"),
            StoreError::Archive(_) => (Kind::Unavailable, "archive"),
            StoreError::Damaged(_) => (Kind::Integrity, "damaged"),
            StoreError::Occupied(_) => (Kind::Conflict, "database.not_empty"),
            _ => (Kind::Internal, "internal"),
        };
        Self::new(kind, code, error)
    }
}

impl From<ArchiveError> for ServiceError {
    fn from(error: ArchiveError) -> Self {
        let (kind, code) = match &error {
            ArchiveError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                (Kind::Integrity, "archive.missing")
            }
            ArchiveError::Io { .. } => (Kind::Unavailable, "archive.unreadable"),
            ArchiveError::Version { .. } => (Kind::Invalid, "archive.version"),
            _ => (Kind::Integrity, "archive.damaged"),
        };
        Self::new(kind, code, error)
    }
}

impl From<nevertwice_index::IndexError> for ServiceError {
    fn from(error: nevertwice_index::IndexError) -> Self {
        use nevertwice_index::IndexError;
        match error {
            IndexError::Offset { .. } => Self::invalid("offset", "index.offset", error),
            IndexError::Cursor => Self::invalid("after", "index.cursor", error),
            error => Self::new(Kind::Unavailable, "index", error),
        }
    }
}

macro_rules! refusals {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for ServiceError {
            fn from(error: $error) -> Self {
                Self::refused(&error)
            }
        }
    )+};
}

refusals!(
    nevertwice_domain::case::CaseError,
    nevertwice_domain::case::CostError,
    nevertwice_domain::action::ActionError,
    nevertwice_domain::case::DeclarationError,
    nevertwice_domain::control::ControlError,
    nevertwice_domain::risk::RiskError,
    nevertwice_domain::lesson::LessonError,
    nevertwice_domain::lesson::CoverageError,
    nevertwice_domain::awareness::AwarenessError,
    nevertwice_domain::review::ReviewError,
    nevertwice_domain::procedure::ProcedureError,
    nevertwice_domain::person::PersonError,
    nevertwice_domain::account::AddressError,
    nevertwice_domain::account::password::PasswordError,
    nevertwice_domain::field::FieldError,
    nevertwice_domain::import::ImportError,
    nevertwice_domain::cause::CauseError,
);
