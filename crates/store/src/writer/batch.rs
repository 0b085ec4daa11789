//! One batch of units: one transaction if all goes well, one transaction each if not.

use std::sync::Arc;

use super::queue::Queue;
use super::settle::{Settled, settle};
use super::unit::{Work, caught};
use crate::engine::failure::{CommitFailure, Effect};
use crate::engine::session::Begin;
use crate::engine::{OpenOptions, Tx};
use crate::error::StoreError;
use crate::trail::{self, Mark};

/// How often a unit is run again after its transaction collided with another process's.
const TRIES: usize = 5;

/// Runs batches on the writer's connection.
pub(super) struct Batches {
    tx: Tx,
    options: OpenOptions,
    queue: Arc<Queue>,
}

/// Why a transaction was undone as a whole.
struct Undone {
    error: StoreError,
    cause: Cause,
}

/// What to do about it.
#[derive(PartialEq, Eq)]
enum Cause {
    /// The database is unavailable, so no transaction could be begun: neither will the next.
    NoTransaction,
    /// It collided with another process's, or the connection broke before COMMIT: running it again may succeed.
    Passing,
    /// Something else, most likely one of the units: each has to be tried by itself.
    Units,
}

/// What became of one unit within a transaction.
enum Fate {
    Kept,
    /// It failed before it changed anything; its error is its answer.
    Dropped,
    /// The whole transaction is gone.
    Gone(Undone),
}

impl Batches {
    pub(super) fn new(tx: Tx, options: OpenOptions, queue: Arc<Queue>) -> Self {
        Self { tx, options, queue }
    }

    /// Runs every unit and answers it after its COMMIT.
    pub(super) fn run(&mut self, mut works: Vec<Box<dyn Work>>) {
        if works.len() == 1 {
            self.run_alone(&mut works);
        } else if let Err(undone) = self.attempt(&mut works) {
            tracing::debug!(error = %undone.error, units = works.len(), "the batch was undone; running its units alone");
            self.run_alone(&mut works);
        }
        for work in works {
            work.answer();
        }
    }

    /// Runs each unit in a transaction of its own. While the database is unavailable the units that are left are
    /// refused together, so that they do not wait for it one after another.
    fn run_alone(&mut self, works: &mut [Box<dyn Work>]) {
        for index in 0..works.len() {
            let mut tries = 0;
            while let Err(undone) = self.attempt(&mut works[index..=index]) {
                tries += 1;
                if undone.cause == Cause::Passing && tries < TRIES {
                    continue;
                }
                if undone.cause == Cause::NoTransaction {
                    return fail_all(&mut works[index..], &undone.error);
                }
                // The unit's own error says more, if it has one.
                if !works[index].has_failed() {
                    works[index].fail(undone.error);
                }
                break;
            }
        }
    }

    /// One transaction over `works`. An error means that nothing of it was written.
    fn attempt(&mut self, works: &mut [Box<dyn Work>]) -> Result<(), Undone> {
        if let Err(failure) = self.tx.begin(Begin::Write) {
            let cause = match failure.error {
                StoreError::Unavailable { .. } if failure.effect == Effect::Statement => Cause::NoTransaction,
                _ => cause_of(failure.effect),
            };
            return Err(Undone { error: failure.error, cause });
        }
        let mut kept = Vec::with_capacity(works.len());
        let mut mark = None;
        let is_shared = works.len() > 1;
        for work in works.iter_mut() {
            match self.run_unit(work.as_mut(), is_shared) {
                Fate::Kept => {
                    kept.push(true);
                    mark = trail::mark(&mut self.tx).or(mark);
                }
                Fate::Dropped => kept.push(false),
                Fate::Gone(undone) => {
                    self.tx.rollback();
                    return Err(undone);
                }
            }
        }
        if let Err(error) = caught(|| (self.options.before_commit)(&mut self.tx)) {
            self.tx.rollback();
            return Err(Undone { error, cause: cause_of(self.tx.effect()) });
        }
        // From here on whoever waits may be told that the outcome is unknown, not that nothing was written.
        if works.iter().zip(&kept).any(|(work, kept)| *kept && !work.commit()) {
            self.tx.rollback();
            return Err(Undone { error: given_up(), cause: Cause::Passing });
        }
        self.commit(works, &kept, mark)
    }

    fn commit(
        &mut self,
        works: &mut [Box<dyn Work>],
        kept: &[bool],
        mark: Option<Mark>,
    ) -> Result<(), Undone> {
        let error = match self.tx.commit() {
            Ok(()) => {
                (self.options.on_commit)();
                return Ok(());
            }
            Err(CommitFailure::NotCommitted(failure)) => {
                return Err(Undone { cause: cause_of(failure.effect), error: failure.error });
            }
            Err(CommitFailure::Unknown(error)) => error,
        };
        match settle(&mut self.tx, &self.queue, mark, &error) {
            Settled::Written => (self.options.on_commit)(),
            Settled::NotWritten => return Err(Undone { error, cause: Cause::Passing }),
            Settled::Unknown => {
                for (work, _) in works.iter_mut().zip(kept).filter(|(_, kept)| **kept) {
                    work.fail(error.clone());
                }
            }
        }
        Ok(())
    }

    /// Units have no savepoints: on PostgreSQL each would cost a way to the server and back and a number of its own, and
    /// few units fail after they changed something. Those undo the transaction, and its units are run again, each alone.
    fn run_unit(&mut self, work: &mut dyn Work, is_shared: bool) -> Fate {
        let tx = &mut self.tx;
        tx.start_unit();
        if work.is_given_up() {
            work.fail(given_up());
            return Fate::Dropped;
        }
        let succeeded = work.run(tx, self.options.after_unit);
        let statement = if tx.effect() != Effect::Statement || !tx.stands() {
            "the transaction"
        } else if succeeded {
            return Fate::Kept;
        } else if is_shared && tx.is_untouched() {
            return Fate::Dropped;
        } else {
            "a unit"
        };
        let error = StoreError::Aborted { statement: statement.to_owned() };
        Fate::Gone(Undone { error, cause: cause_of(tx.effect()) })
    }
}

/// The answer to a unit for which nobody waits.
fn given_up() -> StoreError {
    StoreError::Unavailable { detail: "nobody waits for the answer any more; nothing was written".to_owned() }
}

fn cause_of(effect: Effect) -> Cause {
    match effect {
        Effect::Statement => Cause::Units,
        Effect::Contended | Effect::Lost => Cause::Passing,
    }
}

fn fail_all(works: &mut [Box<dyn Work>], error: &StoreError) {
    for work in works {
        work.fail(error.clone());
    }
}
