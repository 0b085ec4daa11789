//! The one writer of the process: group commit.
//!
//! Units wait in a queue. The writer's thread takes up to 60 of them into one transaction, commits once and then answers
//! them all. If one fails after it changed something, the transaction is undone and each unit is run in its own.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::Duration;

use self::batch::Batches;
use self::queue::Queue;
use self::unit::{Progress, Unit};
use crate::engine::{OpenOptions, Tx};
use crate::error::StoreError;

mod batch;
mod queue;
mod settle;
mod unit;

#[cfg(test)]
mod tests;

/// The handle to the writer's thread.
pub(crate) struct Writer {
    queue: Arc<Queue>,
    id: ThreadId,
    patience: Duration,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread, which owns `tx`.
    pub(crate) fn start(tx: Tx, options: OpenOptions) -> Result<Self, StoreError> {
        let queue = Arc::new(Queue::default());
        let units = queue.clone();
        let patience = options.patience;
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                // Also when this thread ends by a panic, nobody may wait for an answer that never comes.
                let units = CloseOnDrop(units);
                let mut batches = Batches::new(tx, options, units.0.clone());
                let mut last = 0;
                while let Some(batch) = units.0.take(last) {
                    last = batch.len();
                    batches.run(batch);
                }
            })
            .map_err(|error| StoreError::Open(format!("the writer's thread cannot be started: {error}")))?;
        Ok(Self { queue, id: thread.thread().id(), patience, thread: Mutex::new(Some(thread)) })
    }

    /// Queues a unit and waits for its answer: as long as it takes if it is `alone`, for it may be long.
    pub(crate) fn submit<T, E, F>(&self, unit: F, alone: bool) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        if thread::current().id() == self.id {
            return Err(StoreError::Nested.into());
        }
        let (reply, answer) = mpsc::sync_channel(1);
        let progress = Progress::default();
        self.queue.push(Box::new(Unit::new(unit, alone, progress.clone(), reply)));
        if alone {
            return answer.recv().unwrap_or_else(|_| Err(StoreError::Closed.into()));
        }
        self.wait(&answer, &progress)
    }

    /// Waits as long as `patience` lasts, and once more so long if it runs out in the middle of a COMMIT.
    fn wait<T, E: From<StoreError>>(
        &self,
        answer: &Receiver<Result<T, E>>,
        progress: &Progress,
    ) -> Result<T, E> {
        let seconds = self.patience.as_secs();
        for _ in 0..2 {
            match answer.recv_timeout(self.patience) {
                Ok(outcome) => return outcome,
                Err(RecvTimeoutError::Disconnected) => return Err(StoreError::Closed.into()),
                Err(RecvTimeoutError::Timeout) if progress.give_up() => {
                    let detail =
                        format!("it did not take the change within {seconds} s; nothing was written");
                    return Err(StoreError::Unavailable { detail }.into());
                }
                Err(RecvTimeoutError::Timeout) => (),
            }
        }
        let detail =
            format!("no answer to COMMIT within {seconds} s; a standby that has to confirm it may be away");
        Err(StoreError::OutcomeUnknown { detail }.into())
    }

    /// Refuses what waits and joins the thread after the batch it is in.
    pub(crate) fn close(&self) {
        self.queue.close();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // The last handle may be dropped by a unit on the writer's own thread, which cannot wait for itself.
        if let Some(thread) = thread.filter(|thread| thread.thread().id() != thread::current().id())
            && thread.join().is_err()
        {
            tracing::error!("the writer's thread panicked");
        }
    }

    #[cfg(feature = "fault")]
    pub(crate) fn hold_until(&self, units: usize) {
        self.queue.hold_until(units);
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

struct CloseOnDrop(Arc<Queue>);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.close();
    }
}
