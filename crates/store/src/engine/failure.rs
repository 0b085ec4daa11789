//! An error together with what it means for the transaction it happened in.

use crate::error::StoreError;

/// What a failure does to the transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Only the statement failed.
    Statement,
    /// Two transactions collided: run the whole transaction again.
    Contended,
    /// The connection is gone, and the transaction with it.
    Lost,
}

/// An error of a driver, sorted.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What to report.
    pub(crate) error: StoreError,
    /// What it does to the transaction.
    pub(crate) effect: Effect,
}

impl Failure {
    /// A failure of one statement.
    pub(crate) fn statement(error: StoreError) -> Self {
        Self { error, effect: Effect::Statement }
    }
}

/// Why a COMMIT did not succeed.
#[derive(Debug)]
pub(crate) enum CommitFailure {
    /// Nothing was written.
    NotCommitted(Failure),
    /// It may have been.
    Unknown(StoreError),
}

impl CommitFailure {
    /// What to report.
    pub(crate) fn into_error(self) -> StoreError {
        match self {
            Self::NotCommitted(failure) => failure.error,
            Self::Unknown(error) => error,
        }
    }
}
