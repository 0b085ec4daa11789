//! A unit of work on its way through the writer.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::SyncSender;

use crate::engine::Tx;
use crate::error::StoreError;

/// How far a unit is, shared by the writer and whoever waits for the answer.
#[derive(Clone, Default)]
pub(super) struct Progress(Arc<AtomicU8>);

/// Nothing of it can have been written for good.
const OPEN: u8 = 0;
/// Its COMMIT may be under way.
const COMMITTING: u8 = 1;
/// Nobody waits for it any more, so it must not be written.
const GIVEN_UP: u8 = 2;

impl Progress {
    /// Gives the unit up; false if it is too late for that.
    pub(super) fn give_up(&self) -> bool {
        self.leave_open_for(GIVEN_UP)
    }

    /// Claims the unit for a COMMIT; false if it was given up.
    pub(super) fn commit(&self) -> bool {
        self.leave_open_for(COMMITTING) || self.0.load(Ordering::SeqCst) == COMMITTING
    }

    fn is_given_up(&self) -> bool {
        self.0.load(Ordering::SeqCst) == GIVEN_UP
    }

    fn leave_open_for(&self, next: u8) -> bool {
        self.0.compare_exchange(OPEN, next, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }
}

/// What the writer does with a unit, whatever its types.
pub(super) trait Work: Send {
    /// Whether nobody waits for it any more.
    fn is_given_up(&self) -> bool;
    /// Claims it for a COMMIT; false if it was given up.
    fn commit(&self) -> bool;
    /// Whether it wants a transaction of its own.
    fn alone(&self) -> bool;
    /// Runs it, then `finish` if it succeeded, and keeps the result; a panic becomes an error.
    /// Returns whether it succeeded.
    fn run(&mut self, tx: &mut Tx, finish: fn(&mut Tx) -> Result<(), StoreError>) -> bool;
    /// Whether the last run ended with an error of its own.
    fn has_failed(&self) -> bool;
    /// Replaces the result.
    fn fail(&mut self, error: StoreError);
    /// Sends the result to whoever waits for it.
    fn answer(self: Box<Self>);
}

/// A unit with its types.
pub(super) struct Unit<T, E, F> {
    body: F,
    alone: bool,
    progress: Progress,
    result: Option<Result<T, E>>,
    reply: SyncSender<Result<T, E>>,
}

impl<T, E, F> Unit<T, E, F> {
    pub(super) fn new(body: F, alone: bool, progress: Progress, reply: SyncSender<Result<T, E>>) -> Self {
        Self { body, alone, progress, result: None, reply }
    }
}

impl<T, E, F> Work for Unit<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: Fn(&mut Tx) -> Result<T, E> + Send,
{
    fn is_given_up(&self) -> bool {
        self.progress.is_given_up()
    }

    fn commit(&self) -> bool {
        self.progress.commit()
    }

    fn alone(&self) -> bool {
        self.alone
    }

    fn run(&mut self, tx: &mut Tx, finish: fn(&mut Tx) -> Result<(), StoreError>) -> bool {
        let result = caught(|| {
            let value = (self.body)(tx)?;
            tx.intact()?;
            finish(tx)?;
            tx.intact()?;
            Ok(value)
        });
        let succeeded = result.is_ok();
        self.result = Some(result);
        succeeded
    }

    fn has_failed(&self) -> bool {
        matches!(self.result, Some(Err(_)))
    }

    fn fail(&mut self, error: StoreError) {
        self.result = Some(Err(error.into()));
    }

    fn answer(self: Box<Self>) {
        let result = self.result.unwrap_or_else(|| Err(StoreError::Closed.into()));
        // Nobody waits any more: the caller's thread is gone, and the unit stays committed.
        let _ = self.reply.send(result);
    }
}

/// Runs `body`; a panic becomes an error. Whoever calls this rolls back what was written until then.
pub(super) fn caught<T, E: From<StoreError>>(body: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    // Unwind safe: what was written is rolled back, and what a unit left beside it is forgotten.
    catch_unwind(AssertUnwindSafe(body))
        .unwrap_or_else(|panic| Err(StoreError::Panicked { message: message(panic.as_ref()) }.into()))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
