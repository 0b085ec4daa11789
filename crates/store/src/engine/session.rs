//! One connection to either engine.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::failure::{CommitFailure, Failure};
use super::postgres::PostgresSession;
use super::sqlite::SqliteSession;
use super::table::TableDef;
use super::{Row, Value};
use crate::error::StoreError;
use crate::statement::Dialect;

/// The text to run, with the name that errors carry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sql<'a> {
    /// The statement's name.
    pub(crate) name: &'a Arc<str>,
    /// In the engine's form.
    pub(crate) text: &'a str,
}

impl Sql<'_> {
    /// Whether it may change a row; what returns rows may (RETURNING).
    pub(crate) fn may_write(self) -> bool {
        !self.text.trim_start().starts_with("SELECT")
    }
}

/// Rows to insert, their values following one another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Insert<'a> {
    /// The name that errors carry.
    pub(crate) name: &'a Arc<str>,
    /// Where to.
    pub(crate) table: &'a TableDef,
    /// Its columns that have values.
    pub(crate) columns: &'a [&'a str],
    /// As many values as columns for each row.
    pub(crate) values: &'a [Value],
}

/// How a transaction begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begin {
    /// One consistent snapshot, nothing written.
    Read,
    /// The writer's: serial with every other writer of the same database.
    Write,
    /// The migrator's: as `Write`, but before there is a trail head to lock.
    Schema,
}

/// Takes the rows of a result one by one; `Break` ends the reading.
pub(crate) type EachRow<'a> = dyn FnMut(Row) -> ControlFlow<()> + 'a;

/// A connection. Everything above it is the same for both engines.
pub(crate) enum Session {
    /// SQLite.
    Sqlite(SqliteSession),
    /// PostgreSQL.
    Postgres(Box<PostgresSession>),
}

/// Calls the same method of whichever engine it is.
macro_rules! either {
    ($session:expr, $inner:ident => $call:expr) => {
        match $session {
            Session::Sqlite($inner) => $call,
            Session::Postgres($inner) => $call,
        }
    };
}

impl Session {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    pub(crate) fn query(
        &mut self,
        sql: Sql<'_>,
        params: &[Value],
        each: &mut EachRow<'_>,
    ) -> Result<(), Failure> {
        either!(self, inner => inner.query(sql, params, each))
    }

    pub(crate) fn execute(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<u64, Failure> {
        either!(self, inner => inner.execute(sql, params))
    }

    /// Inserts rows; returns how many.
    pub(crate) fn insert(&mut self, insert: Insert<'_>) -> Result<u64, Failure> {
        let rows = insert.values.len() / insert.columns.len().max(1);
        if let (Self::Postgres(inner), 2..) = (&mut *self, rows) {
            return inner.insert(insert);
        }
        let text = insert.table.insert_text(self.dialect(), insert.columns, rows);
        self.execute(Sql { name: insert.name, text: &text }, insert.values)
    }

    /// Runs statements without parameters and rows, separated by semicolons.
    pub(crate) fn batch(&mut self, sql: Sql<'_>) -> Result<(), Failure> {
        either!(self, inner => inner.batch(sql))
    }

    /// Opens a transaction, connecting first if the connection was lost.
    pub(crate) fn begin(&mut self, begin: Begin) -> Result<(), Failure> {
        either!(self, inner => inner.begin(begin))
    }

    pub(crate) fn commit(&mut self) -> Result<(), CommitFailure> {
        either!(self, inner => inner.commit())
    }

    /// Ends the transaction, whatever its state.
    pub(crate) fn rollback(&mut self) {
        either!(self, inner => inner.rollback());
    }

    /// Whether the transaction still stands as far as this side can know without asking.
    pub(crate) fn stands(&self) -> bool {
        either!(self, inner => inner.stands())
    }

    /// Checks that the engine accepts a statement.
    #[cfg(test)]
    pub(crate) fn prepare(&mut self, sql: Sql<'_>) -> Result<(), Failure> {
        either!(self, inner => inner.prepare(sql))
    }
}

/// The error for a parameter that no column can hold, before anything is sent.
pub(crate) fn check_parameters(sql: Sql<'_>, expected: usize, params: &[Value]) -> Result<(), Failure> {
    if expected != params.len() {
        return Err(Failure::statement(StoreError::Driver {
            statement: sql.name.to_string(),
            detail: format!("expected {expected} parameters, found {}", params.len()),
        }));
    }
    for (index, value) in params.iter().enumerate() {
        if let Err(detail) = value.check() {
            return Err(Failure::statement(StoreError::Unfit {
                statement: sql.name.to_string(),
                position: index + 1,
                detail,
            }));
        }
    }
    Ok(())
}
