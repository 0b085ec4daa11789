//! Failures made on purpose, for tests: the nth statement of the writer fails in a chosen way.

use std::sync::{Arc, Mutex, PoisonError};

use super::failure::{CommitFailure, Effect, Failure};
use super::session::Session;
use crate::error::StoreError;

/// How the statement fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The engine refuses it; the transaction still stands and can be rolled back.
    StatementFails,
    /// The engine has rolled back the whole transaction behind our back, as SQLite does on a full disk.
    TransactionGone,
    /// The unit panics. At a statement of the writer's own (BEGIN, COMMIT) the same as `StatementFails`.
    Panic,
    /// The connection breaks; during COMMIT the outcome is unknown. SQLite has none: the same as `TransactionGone`.
    ConnectionLost,
    /// COMMIT is carried out and the connection breaks before the answer. At other statements, and on SQLite, the same as
    /// `ConnectionLost`.
    AnswerLost,
}

/// The switch shared by a test and the writer.
#[derive(Clone, Default)]
pub(crate) struct Faults(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    seen: u64,
    planned: Option<(u64, FaultKind)>,
}

impl Faults {
    /// Makes the `nth` statement from now on fail, counted from 1. Once.
    pub(crate) fn plan(&self, nth: u64, kind: FaultKind) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.planned = Some((state.seen + nth, kind));
    }

    /// How many statements the writer has run, those of its own included; and whether a failure is still to come.
    pub(crate) fn seen(&self) -> (u64, bool) {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (state.seen, state.planned.is_some())
    }

    /// Called before every statement of the writer.
    pub(super) fn meet(&self, session: &mut Session, name: &str) -> Result<(), Failure> {
        let Some(kind) = self.due() else { return Ok(()) };
        if kind == FaultKind::Panic && name != "BEGIN" {
            // Not `panic!`: the hook would print a stack trace that nobody asked for.
            std::panic::resume_unwind(Box::new("fault injected"));
        }
        Err(fail(kind, session))
    }

    /// Called before COMMIT.
    pub(super) fn meet_at_commit(&self, session: &mut Session) -> Result<(), CommitFailure> {
        let Some(kind) = self.due() else { return Ok(()) };
        let breaks = matches!(kind, FaultKind::ConnectionLost | FaultKind::AnswerLost);
        let unknown = breaks && matches!(session, Session::Postgres(_));
        if unknown && kind == FaultKind::AnswerLost {
            session.commit()?;
        }
        let failure = fail(kind, session);
        session.rollback();
        if unknown {
            return Err(CommitFailure::Unknown(StoreError::OutcomeUnknown {
                detail: "fault injected".to_owned(),
            }));
        }
        Err(CommitFailure::NotCommitted(failure))
    }

    fn due(&self) -> Option<FaultKind> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.seen += 1;
        let seen = state.seen;
        state.planned.take_if(|(at, _)| *at <= seen).map(|(_, kind)| kind)
    }
}

fn fail(kind: FaultKind, session: &mut Session) -> Failure {
    let detail = "fault injected".to_owned();
    match (kind, session) {
        (FaultKind::StatementFails | FaultKind::Panic, session) => {
            // A real failure, so that PostgreSQL really has an aborted transaction afterwards.
            let sql = super::session::Sql { name: &Arc::from("fault"), text: "fault injected" };
            match session.batch(sql) {
                Err(failure) => failure,
                Ok(()) => Failure::statement(StoreError::Driver { statement: "fault".to_owned(), detail }),
            }
        }
        (FaultKind::ConnectionLost | FaultKind::AnswerLost, Session::Postgres(session)) => {
            session.cut();
            Failure { error: StoreError::Unavailable { detail }, effect: Effect::Lost }
        }
        (FaultKind::TransactionGone | FaultKind::ConnectionLost | FaultKind::AnswerLost, session) => {
            session.rollback();
            Failure::statement(StoreError::Unavailable { detail })
        }
    }
}
