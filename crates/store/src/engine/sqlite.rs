//! SQLite: one connection, its pragmas and its errors.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, ToSql, ffi};

use super::failure::{CommitFailure, Effect, Failure};
use super::session::{Begin, EachRow, Sql, check_parameters};
use super::{Durability, Row, Value};
use crate::error::{Constraint, StoreError};

mod open;

#[cfg(test)]
pub(crate) use open::network_file_system;
pub(crate) use open::set_journal_mode;

/// One connection. Dropping it closes it.
pub(crate) struct SqliteSession {
    connection: Connection,
}

impl SqliteSession {
    /// Opens the file, making it if need be.
    pub(crate) fn open(path: &Path, durability: Durability, writes: bool) -> Result<Self, StoreError> {
        Ok(Self { connection: open::connect(path, durability, writes)? })
    }

    /// For what only this engine can do (`dialect`).
    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    pub(crate) fn query(
        &mut self,
        sql: Sql<'_>,
        params: &[Value],
        each: &mut EachRow<'_>,
    ) -> Result<(), Failure> {
        let mut statement = self.bound(sql, params)?;
        let columns: Arc<[String]> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|error| failure(sql.name, &error))? {
            let values = (0..columns.len())
                .map(|index| {
                    row.get_ref(index)
                        .map_err(|error| failure(sql.name, &error))
                        .and_then(|value| read(sql, value))
                })
                .collect::<Result<Vec<_>, _>>()?;
            if each(Row::new(sql.name.clone(), columns.clone(), values)) == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn execute(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<u64, Failure> {
        let count = self.bound(sql, params)?.raw_execute().map_err(|error| failure(sql.name, &error))?;
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }

    pub(crate) fn batch(&mut self, sql: Sql<'_>) -> Result<(), Failure> {
        if !sql.text.contains(';') {
            return self.control(sql);
        }
        self.connection.execute_batch(sql.text).map_err(|error| failure(sql.name, &error))
    }

    pub(crate) fn begin(&mut self, begin: Begin) -> Result<(), Failure> {
        let text = match begin {
            Begin::Read => "BEGIN DEFERRED",
            Begin::Write | Begin::Schema => "BEGIN IMMEDIATE",
        };
        self.control(Sql { name: &Arc::from("BEGIN"), text })
    }

    pub(crate) fn commit(&mut self) -> Result<(), CommitFailure> {
        self.control(Sql { name: &Arc::from("COMMIT"), text: "COMMIT" }).map_err(|failure| {
            self.rollback();
            CommitFailure::NotCommitted(failure)
        })
    }

    pub(crate) fn rollback(&mut self) {
        if self.stands()
            && let Err(failure) = self.control(Sql { name: &Arc::from("ROLLBACK"), text: "ROLLBACK" })
        {
            tracing::error!(error = %failure.error, "ROLLBACK failed");
        }
    }

    /// SQLite rolls back by itself on SQLITE_FULL, IOERR, NOMEM, BUSY and INTERRUPT, sometimes.
    pub(crate) fn stands(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// For the test that tries every statement.
    #[cfg(test)]
    pub(crate) fn prepare(&mut self, sql: Sql<'_>) -> Result<(), Failure> {
        self.connection.prepare(sql.text).map(drop).map_err(|error| failure(sql.name, &error))
    }

    /// One statement without parameters and rows, kept prepared.
    fn control(&self, sql: Sql<'_>) -> Result<(), Failure> {
        self.connection
            .prepare_cached(sql.text)
            .and_then(|mut statement| statement.raw_execute())
            .map(drop)
            .map_err(|error| failure(sql.name, &error))
    }

    fn bound(&self, sql: Sql<'_>, params: &[Value]) -> Result<CachedStatement<'_>, Failure> {
        let fail = |error| failure(sql.name, &error);
        let mut statement = self.connection.prepare_cached(sql.text).map_err(fail)?;
        check_parameters(sql, statement.parameter_count(), params)?;
        for (index, value) in params.iter().enumerate() {
            statement.raw_bind_parameter(index + 1, Bound(value)).map_err(fail)?;
        }
        Ok(statement)
    }
}

/// A value in SQLite's form; see [`Value`] for the table.
struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::Value as Owned;
        Ok(match self.0 {
            Value::Null | Value::Unfit(_) => ToSqlOutput::Owned(Owned::Null),
            Value::Bool(flag) => ToSqlOutput::Owned(Owned::Integer(i64::from(*flag))),
            Value::Int(number) => ToSqlOutput::Owned(Owned::Integer(*number)),
            // Adding 0.0 turns -0.0, which SQLite does not keep, into 0.0.
            Value::Real(number) => ToSqlOutput::Owned(Owned::Real(*number + 0.0)),
            Value::Text(text) | Value::Json(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Value::Uuid(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
            Value::Date(date) => ToSqlOutput::Owned(Owned::Text(date.to_string())),
            Value::Timestamp(instant) => ToSqlOutput::Owned(Owned::Integer(instant.millis())),
        })
    }
}

fn read(sql: Sql<'_>, value: ValueRef<'_>) -> Result<Value, Failure> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Text(text) => {
            Value::Text(std::str::from_utf8(text).map(str::to_owned).map_err(|error| {
                Failure::statement(StoreError::Corrupt {
                    place: format!("statement {}", sql.name),
                    detail: format!("expected UTF-8 text: {error}"),
                })
            })?)
        }
    })
}

/// Sorts a driver error: what to report, and what it does to the transaction.
pub(crate) fn failure(name: &Arc<str>, error: &rusqlite::Error) -> Failure {
    let statement = name.to_string();
    let Some(code) = error.sqlite_error() else {
        return Failure::statement(StoreError::Driver { statement, detail: error.to_string() });
    };
    if let Some(constraint) = constraint(code.extended_code) {
        let detail = error.to_string();
        let detail = detail.split_once(": ").map_or(detail.as_str(), |(_, columns)| columns).to_owned();
        return Failure::statement(StoreError::Violated { statement, constraint, detail });
    }
    if let Some(detail) = unavailable(error) {
        return Failure::statement(StoreError::Unavailable { detail });
    }
    match code.code {
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Failure::statement(StoreError::Corrupt {
            place: "database file".to_owned(),
            detail: format!("{error}; restore a backup"),
        }),
        _ => Failure {
            error: StoreError::Driver { statement, detail: error.to_string() },
            effect: Effect::Statement,
        },
    }
}

/// Why the file cannot be used now, and what to do; nothing if that is not what is wrong.
fn unavailable(error: &rusqlite::Error) -> Option<String> {
    match error.sqlite_error_code()? {
        ErrorCode::DiskFull => Some("the disk is full; make room and try again".to_owned()),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            Some("another program is writing to the database file; stop it and try again".to_owned())
        }
        // SQLite says no more of a full disk when it cannot make the files beside the database.
        ErrorCode::SystemIoFailure => Some(format!(
            "the disk could not be read or written ({error}); look whether it is full or failing, and try again"
        )),
        ErrorCode::CannotOpen => Some(format!("the database file cannot be opened ({error})")),
        _ => None,
    }
}

fn constraint(extended_code: i32) -> Option<Constraint> {
    match extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Some(Constraint::Unique)
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Some(Constraint::ForeignKey),
        ffi::SQLITE_CONSTRAINT_CHECK | ffi::SQLITE_CONSTRAINT_DATATYPE => Some(Constraint::Check),
        ffi::SQLITE_CONSTRAINT_NOTNULL => Some(Constraint::NotNull),
        _ => None,
    }
}
