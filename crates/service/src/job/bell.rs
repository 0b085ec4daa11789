//! By which a worker is told that there is something to do, or to stop.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Rung after every commit that put a job down.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    state: Mutex<State>,
    rung: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// How often it was rung.
    count: u64,
    is_closed: bool,
}

impl Bell {
    /// Wakes whoever waits.
    pub(crate) fn ring(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).count += 1;
        self.rung.notify_all();
    }

    /// Wakes whoever waits and lets nobody wait again.
    pub(crate) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).is_closed = true;
        self.rung.notify_all();
    }

    /// How often it was rung: to be looked at before looking for work, so that no ring in between is missed.
    pub(crate) fn count(&self) -> u64 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).count
    }

    /// Whether it was closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).is_closed
    }

    /// Waits until it is rung more often than `seen`, closed, or the time is over.
    pub(crate) fn wait(&self, seen: u64, at_most: Duration) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_quiet = |state: &mut State| !state.is_closed && state.count == seen;
        let waited = self.rung.wait_timeout_while(state, at_most, is_quiet);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}
