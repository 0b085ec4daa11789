//! The units that wait for the writer.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::unit::Work;

/// At most this many units share a transaction.
const LARGEST_BATCH: usize = 60;

/// How long to wait for as many units as were answered together a moment ago. Who wrote then is likely to write again, but
/// has to wake up first: without a pause the first one back has a transaction of its own, and all others wait for that.
const PAUSE: Duration = Duration::from_micros(150);

/// A queue that can be closed.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Box<dyn Work>>,
    closed: bool,
    /// Take nothing until so many units wait. Only tests set it.
    hold_until: usize,
}

impl Queue {
    /// Adds a unit; after [`Self::close`] it is dropped, which answers it.
    pub(super) fn push(&self, work: Box<dyn Work>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.closed {
            state.waiting.push_back(work);
            drop(state);
            self.changed.notify_all();
        }
    }

    /// Waits for units and takes the next batch: those at the front that can share a transaction, or one that
    /// wants to be alone. Nothing once the queue is closed. `last` is how many the last batch had.
    pub(super) fn take(&self, last: usize) -> Option<Vec<Box<dyn Work>>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !state.closed && (state.waiting.is_empty() || state.waiting.len() < state.hold_until) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.waiting.len() < last {
            let fewer = |state: &mut State| !state.closed && state.waiting.len() < last;
            let waited = self.changed.wait_timeout_while(state, PAUSE, fewer);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        if state.closed {
            return None;
        }
        state.hold_until = 0;
        let sociable = state.waiting.iter().take(LARGEST_BATCH).take_while(|work| !work.alone()).count();
        Some(state.waiting.drain(..sociable.max(1)).collect())
    }

    /// Drops what waits, which answers it, and wakes the writer.
    pub(super) fn close(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.closed = true;
        let refused = std::mem::take(&mut state.waiting);
        drop(state);
        // Outside the lock: dropping a unit runs the drop code of whatever it holds.
        drop(refused);
        self.changed.notify_all();
    }

    /// Takes everything that waits.
    pub(super) fn take_all(&self) -> Vec<Box<dyn Work>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.waiting.drain(..).collect()
    }

    /// Waits until the queue is closed, at most so long; whether it is.
    pub(super) fn closes_within(&self, pause: Duration) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(state, pause, |state| !state.closed);
        waited.unwrap_or_else(PoisonError::into_inner).0.closed
    }

    #[cfg(feature = "fault")]
    pub(super) fn hold_until(&self, units: usize) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).hold_until = units;
    }
}
