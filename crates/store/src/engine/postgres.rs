//! PostgreSQL: one connection that comes back after it was lost, and its errors.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use postgres::error::{DbError, Severity, SqlState};
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::ToSql;
use postgres::{Client, Statement};

use self::bind::{Bound, Read};
use super::failure::{CommitFailure, Effect, Failure};
use super::session::{Begin, EachRow, Sql, check_parameters};
use super::{Row, Value};
use crate::dialect::lock::LOCK_TRAIL_HEAD;
use crate::error::{Constraint, StoreError};

mod bind;
mod bulk;
pub(super) mod connect;
mod copy;
mod tls;

pub(crate) use connect::Connector;

/// One connection. It is opened by the first `begin` and opened again by the next one after it was lost.
pub(crate) struct PostgresSession {
    connector: Connector,
    client: Option<Client>,
    prepared: HashMap<String, Prepared>,
    /// Texts of bulk inserts.
    bulk: HashMap<String, Arc<str>>,
    in_transaction: bool,
}

/// A statement prepared on this connection, with its column names shared by all its rows.
#[derive(Clone)]
struct Prepared {
    statement: Statement,
    columns: Arc<[String]>,
}

impl PostgresSession {
    pub(crate) fn new(connector: Connector) -> Self {
        Self {
            connector,
            client: None,
            prepared: HashMap::new(),
            bulk: HashMap::new(),
            in_transaction: false,
        }
    }

    pub(crate) fn query(
        &mut self,
        sql: Sql<'_>,
        params: &[Value],
        each: &mut EachRow<'_>,
    ) -> Result<(), Failure> {
        let prepared = self.prepared(sql, params)?;
        let bound: Vec<Bound<'_>> = params.iter().map(Bound).collect();
        let client = connected(&mut self.client)?;
        let fail = |error| failure(sql.name, &error);
        // Rows arrive as they are asked for: the driver holds one network buffer, not the whole result.
        let mut rows =
            client.query_raw(&prepared.statement, bound.iter().map(|b| b as &dyn ToSql)).map_err(fail)?;
        while let Some(row) = rows.next().map_err(fail)? {
            let values = (0..row.len())
                .map(|index| row.try_get::<_, Read>(index).map(|read| read.0))
                .collect::<Result<Vec<_>, _>>()
                .map_err(|error| unreadable(sql, &error))?;
            if each(Row::new(sql.name.clone(), prepared.columns.clone(), values)) == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn execute(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<u64, Failure> {
        let prepared = self.prepared(sql, params)?;
        let bound: Vec<Bound<'_>> = params.iter().map(Bound).collect();
        let bound: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|b| b as &(dyn ToSql + Sync)).collect();
        connected(&mut self.client)?
            .execute(&prepared.statement, &bound)
            .map_err(|error| failure(sql.name, &error))
    }

    pub(crate) fn batch(&mut self, sql: Sql<'_>) -> Result<(), Failure> {
        connected(&mut self.client)?.batch_execute(sql.text).map_err(|error| failure(sql.name, &error))
    }

    pub(crate) fn begin(&mut self, begin: Begin) -> Result<(), Failure> {
        if self.client.as_ref().is_none_or(Client::is_closed) {
            self.prepared.clear();
            self.client = Some(self.connector.connect()?);
        }
        let text = match begin {
            Begin::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".to_owned(),
            Begin::Schema => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE".to_owned(),
            Begin::Write => format!("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {LOCK_TRAIL_HEAD}"),
        };
        let begun = self.batch(Sql { name: &Arc::from("BEGIN"), text: &text });
        self.in_transaction = true;
        if let Err(failure) = &begun {
            self.rollback();
            if failure.effect == Effect::Lost {
                self.client = None;
            }
        }
        begun
    }

    pub(crate) fn commit(&mut self) -> Result<(), CommitFailure> {
        self.in_transaction = false;
        let name = Arc::from("COMMIT");
        let client = connected(&mut self.client).map_err(CommitFailure::NotCommitted)?;
        if client.is_closed() {
            return Err(CommitFailure::NotCommitted(lost("the connection was closed before COMMIT")));
        }
        self.connector.warning().take();
        let answer = client.batch_execute("COMMIT").map_err(|error| match error.as_db_error() {
            // The server answered the COMMIT itself: a deferred constraint, a serialisation failure.
            Some(answer) if answer.parsed_severity() == Some(Severity::Error) => {
                CommitFailure::NotCommitted(failure(&name, &error))
            }
            _ => CommitFailure::Unknown(StoreError::OutcomeUnknown { detail: describe(&error) }),
        });
        let outcome = answer.and_then(|()| match self.connector.warning().take() {
            // A COMMIT whose wait for the standby is cancelled (pg_cancel_backend, statement_timeout) succeeds with a
            // warning: it is on this server's disk, and may be lost with it.
            Some(detail) => Err(CommitFailure::Unknown(StoreError::OutcomeUnknown { detail })),
            None => Ok(()),
        });
        if matches!(outcome, Err(CommitFailure::Unknown(_))) {
            self.client = None;
        }
        outcome
    }

    pub(crate) fn rollback(&mut self) {
        if !std::mem::take(&mut self.in_transaction) {
            return;
        }
        let Some(client) = &mut self.client else { return };
        if let Err(error) = client.batch_execute("ROLLBACK") {
            tracing::warn!(error = %describe(&error), "ROLLBACK failed, so the connection is given up");
            self.client = None;
        }
    }

    pub(crate) fn stands(&self) -> bool {
        self.in_transaction && self.client.as_ref().is_some_and(|client| !client.is_closed())
    }

    /// For the test that tries every statement.
    #[cfg(test)]
    pub(crate) fn prepare(&mut self, sql: Sql<'_>) -> Result<(), Failure> {
        connected(&mut self.client)?.prepare(sql.text).map(drop).map_err(|error| failure(sql.name, &error))
    }

    /// For what only this engine can do (`dialect`).
    pub(crate) fn client(&mut self) -> Result<&mut Client, StoreError> {
        connected(&mut self.client).map_err(|failure| failure.error)
    }

    /// Cuts the connection as a network failure would.
    #[cfg(feature = "fault")]
    pub(crate) fn cut(&mut self) {
        self.client = None;
    }

    fn prepared(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<Prepared, Failure> {
        let prepared = self.statement(sql)?;
        check_parameters(sql, prepared.statement.params().len(), params)?;
        Ok(prepared)
    }

    fn statement(&mut self, sql: Sql<'_>) -> Result<Prepared, Failure> {
        if !self.prepared.contains_key(sql.text) {
            let statement =
                connected(&mut self.client)?.prepare(sql.text).map_err(|error| failure(sql.name, &error))?;
            let columns = statement.columns().iter().map(|column| column.name().to_owned()).collect();
            self.prepared.insert(sql.text.to_owned(), Prepared { statement, columns });
        }
        Ok(self.prepared[sql.text].clone())
    }
}

fn connected(client: &mut Option<Client>) -> Result<&mut Client, Failure> {
    client.as_mut().ok_or_else(|| lost("the connection to PostgreSQL was lost"))
}

fn lost(detail: &str) -> Failure {
    Failure { error: StoreError::Unavailable { detail: detail.to_owned() }, effect: Effect::Lost }
}

fn unreadable(sql: Sql<'_>, error: &postgres::Error) -> Failure {
    let place = format!("statement {}", sql.name);
    Failure::statement(StoreError::Corrupt { place, detail: describe(error) })
}

/// Sorts a driver error: what to report, and what it does to the transaction.
pub(crate) fn failure(name: &Arc<str>, error: &postgres::Error) -> Failure {
    let statement = name.to_string();
    let Some(answer) = error.as_db_error() else {
        if error.is_closed() || is_io(error) {
            return lost(&format!("the connection to PostgreSQL was lost ({})", describe(error)));
        }
        return Failure::statement(StoreError::Driver { statement, detail: describe(error) });
    };
    if answer.parsed_severity() != Some(Severity::Error) {
        return lost(&format!("PostgreSQL ended the connection ({})", answer.message()));
    }
    if let Some(constraint) = constraint(answer) {
        // Not `answer.detail()`: it quotes the values of the row.
        let detail = answer.constraint().or(answer.column()).unwrap_or_else(|| answer.message()).to_owned();
        return Failure::statement(StoreError::Violated { statement, constraint, detail });
    }
    let code = answer.code();
    if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
        return Failure { error: StoreError::Contended { statement }, effect: Effect::Contended };
    }
    if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        return lost(&format!("this PostgreSQL takes no writes ({})", answer.message()));
    }
    if *code == SqlState::LOCK_NOT_AVAILABLE {
        let detail =
            "another writer of the register holds it for too long; try again, and look at the other servers";
        return Failure::statement(StoreError::Unavailable { detail: detail.to_owned() });
    }
    if is_shortage(code) {
        return Failure::statement(StoreError::Unavailable {
            detail: format!("PostgreSQL: {}", answer.message()),
        });
    }
    Failure::statement(StoreError::Driver {
        statement,
        detail: format!("{} ({})", answer.message(), code.code()),
    })
}

/// The server could not, for reasons of its own: out of disk, memory or connections (class 53), failed reading or writing
/// (58030), or told to stop the statement, by a person or by its `statement_timeout` (57014).
fn is_shortage(code: &SqlState) -> bool {
    code.code().starts_with("53") || *code == SqlState::IO_ERROR || *code == SqlState::QUERY_CANCELED
}

fn constraint(answer: &DbError) -> Option<Constraint> {
    let code = answer.code();
    [
        (SqlState::UNIQUE_VIOLATION, Constraint::Unique),
        (SqlState::FOREIGN_KEY_VIOLATION, Constraint::ForeignKey),
        (SqlState::RESTRICT_VIOLATION, Constraint::ForeignKey),
        (SqlState::CHECK_VIOLATION, Constraint::Check),
        (SqlState::NOT_NULL_VIOLATION, Constraint::NotNull),
    ]
    .into_iter()
    .find_map(|(state, constraint)| (*code == state).then_some(constraint))
}

fn is_io(error: &postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

/// The driver's message with its causes: "error connecting to server" alone says nothing.
fn describe(error: &postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
