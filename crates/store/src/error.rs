//! What can go wrong between a unit of work and the database.

use std::fmt;

use thiserror::Error;

/// The rule of the schema that a statement broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// UNIQUE or PRIMARY KEY.
    Unique,
    /// FOREIGN KEY.
    ForeignKey,
    /// CHECK.
    Check,
    /// NOT NULL.
    NotNull,
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unique => "a UNIQUE constraint",
            Self::ForeignKey => "a FOREIGN KEY constraint",
            Self::Check => "a CHECK constraint",
            Self::NotNull => "a NOT NULL constraint",
        })
    }
}

/// An error of the store. Texts never hold bound values: those are the company's confidential facts.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database refused a statement: a mistake in the program or in the schema.
    #[error("statement {statement} failed: {detail}")]
    Driver {
        /// The statement's name.
        statement: String,
        /// What the database said.
        detail: String,
    },
    /// A statement would have broken a rule of the schema.
    #[error("statement {statement} would break {constraint}: {detail}")]
    Violated {
        /// The statement's name.
        statement: String,
        /// The kind of rule.
        constraint: Constraint,
        /// Name of the constraint (PostgreSQL) or of the columns (SQLite).
        detail: String,
    },
    /// A parameter cannot be stored: text with a NUL character, a date outside the years 1 to 9999, not a number.
    #[error("statement {statement}, parameter ${position}: {detail}")]
    Unfit {
        /// The statement's name.
        statement: String,
        /// Which parameter, counted from 1.
        position: usize,
        /// What is wrong with it.
        detail: String,
    },
    /// A row holds something the program never wrote.
    #[error("corrupt row ({place}): {detail}")]
    Corrupt {
        /// Statement, column and id; or table, column and id.
        place: String,
        /// Expected and found.
        detail: String,
    },
    /// The record was changed by someone else since it was read.
    #[error("{what} was changed by someone else since it was read; read it again")]
    Conflict {
        /// The record, by its reference.
        what: String,
    },
    /// A statement touched another number of rows than it must.
    #[error("statement {statement} must concern {expected} row(s), but found {found}")]
    RowsAffected {
        /// The statement's name.
        statement: String,
        /// How many rows it must concern.
        expected: u64,
        /// How many it did.
        found: u64,
    },
    /// A statement of the unit failed and the unit went on as if nothing had happened. It was rolled back.
    #[error("statement {statement} failed earlier in this unit of work, so the unit was rolled back")]
    Aborted {
        /// The statement that failed.
        statement: String,
    },
    /// Two transactions of two processes collided, again and again.
    #[error("statement {statement} collided with another process's transaction; try again")]
    Contended {
        /// The statement's name.
        statement: String,
    },
    /// The database cannot be used now. Nothing was written.
    #[error("the database is unavailable: {detail}")]
    Unavailable {
        /// Why: unreachable, locked, disk full.
        detail: String,
    },
    /// COMMIT was sent and not confirmed: the change may or may not have been written. Once a later change is
    /// acknowledged it is certain: then it can be read, or it never will be.
    #[error(
        "the COMMIT was not confirmed, so whether the change was written is unknown ({detail}); \
         when the next change has gone through, look, and repeat this one only if it is not there"
    )]
    OutcomeUnknown {
        /// What the driver said.
        detail: String,
    },
    /// A unit of work panicked. It was rolled back alone.
    #[error("a unit of work panicked and was rolled back: {message}")]
    Panicked {
        /// The panic's message.
        message: String,
    },
    /// The database was closed before the unit's turn came. Nothing was written.
    #[error("the database was closed before the change was written")]
    Closed,
    /// A unit of work tried to write through the database instead of through its transaction.
    #[error("a unit of work opened another unit of work; use the transaction it was given")]
    Nested,
    /// The schema cannot be used by this program.
    #[error("{0}")]
    Schema(String),
    /// The database cannot be opened as asked.
    #[error("{0}")]
    Open(String),
    /// A backup cannot be made, read or restored.
    #[error("backup: {0}")]
    Backup(String),
    /// An archive cannot be imported.
    #[error("archive: {0}")]
    Archive(String),
    /// A backup or an archive is not what was written.
    #[error("damaged: {0}")]
    Damaged(String),
    /// Where a backup shall go, or a backup or archive be brought back to, something is already.
    #[error("{0}")]
    Occupied(String),
}

impl StoreError {
    /// A row that holds what the program never wrote, named by table, id and column.
    pub fn corrupt(table: &str, id: impl fmt::Display, column: &str, detail: impl fmt::Display) -> Self {
        Self::Corrupt {
            place: format!("table {table}, id {id}, column {column}"),
            detail: detail.to_string(),
        }
    }
}
