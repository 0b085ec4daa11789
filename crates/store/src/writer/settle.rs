//! Finding out what became of a COMMIT whose answer was lost.
//!
//! All units of a transaction are written or none is, so one entry of the trail tells. It is looked for in a transaction
//! that holds the trail's head, as every writer's does: whoever held it before, the lost COMMIT included, is then through
//! with it. And it is looked for by a transaction that commits: where a standby has to confirm commits, it confirms with
//! this one all that came before it, so that what is found cannot be lost with its server any more.

use std::time::Duration;

use super::queue::Queue;
use crate::engine::Tx;
use crate::engine::session::Begin;
use crate::error::StoreError;
use crate::trail::{self, Mark};

/// How long to wait after each vain look: together about forty seconds, in which a standby is promoted.
const PAUSES_MILLIS: [u64; 16] =
    [50, 100, 200, 400, 800, 1_500, 3_000, 3_000, 3_000, 4_000, 4_000, 4_000, 4_000, 4_000, 4_000, 4_000];

/// What became of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Settled {
    /// It is in the trail.
    Written,
    /// It is not, and never will be.
    NotWritten,
    /// The database could not be asked, or nothing in it can tell.
    Unknown,
}

/// Looks for the entry of `mark` until the database answers. What waits meanwhile is refused, so that nobody waits for as
/// long as this may take.
pub(super) fn settle(tx: &mut Tx, queue: &Queue, mark: Option<Mark>, lost: &StoreError) -> Settled {
    let Some(mark) = mark else { return Settled::Unknown };
    for pause in PAUSES_MILLIS {
        match look(tx, mark) {
            Ok(found) => {
                tracing::info!(error = %lost, found, "the answer to COMMIT was lost; the trail tells what became of it");
                return if found { Settled::Written } else { Settled::NotWritten };
            }
            Err(error) => {
                tracing::warn!(%error, "the answer to COMMIT was lost, and the trail cannot be asked yet");
                for mut work in queue.take_all() {
                    work.fail(error.clone());
                    work.answer();
                }
            }
        }
        if queue.closes_within(Duration::from_millis(pause)) {
            break;
        }
    }
    Settled::Unknown
}

fn look(tx: &mut Tx, mark: Mark) -> Result<bool, StoreError> {
    tx.begin(Begin::Write).map_err(|failure| failure.error)?;
    let looked = trail::holds(tx, mark).and_then(|found| match tx.commit() {
        Ok(()) => Ok(found),
        Err(failure) => Err(unavailable(&failure.into_error())),
    });
    if looked.is_err() {
        tx.rollback();
    }
    looked
}

/// What waits was not begun: its outcome is not unknown, whatever became of the look.
fn unavailable(error: &StoreError) -> StoreError {
    StoreError::Unavailable { detail: format!("it does not answer to COMMIT ({error})") }
}
