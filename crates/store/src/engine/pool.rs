//! The readers: a bounded number of connections, each used by one thread at a time.

use std::sync::{Condvar, Mutex, PoisonError};

use super::Tx;
use super::failure::{Effect, Failure};
use super::session::{Begin, Session};
use crate::error::StoreError;

/// Opens a connection for reading.
pub(super) type OpenSession = dyn Fn() -> Result<Session, StoreError> + Send + Sync;

/// Connections for reading, opened when first needed.
pub(super) struct Pool {
    open: Box<OpenSession>,
    state: Mutex<State>,
    returned: Condvar,
}

struct State {
    idle: Vec<Tx>,
    /// How many more may be opened.
    room: usize,
}

impl Pool {
    pub(super) fn new(size: usize, open: Box<OpenSession>) -> Self {
        let state = State { idle: Vec::new(), room: size.max(1) };
        Self { open, state: Mutex::new(state), returned: Condvar::new() }
    }

    /// Runs `body` in a read transaction, waiting for a free connection if all are in use.
    pub(super) fn read<T, E: From<StoreError>>(
        &self,
        body: impl FnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut lease = self.lease()?;
        let Some(tx) = lease.tx.as_mut() else { return Err(StoreError::Closed.into()) };
        begin(tx).map_err(|failure| failure.error)?;
        let outcome = body(tx).and_then(|value| tx.intact().map(|()| value).map_err(E::from));
        // Nothing was written, so COMMIT and ROLLBACK are the same; the lease does the latter.
        drop(lease);
        outcome
    }

    fn lease(&self) -> Result<Lease<'_>, StoreError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(tx) = state.idle.pop() {
                return Ok(Lease { pool: self, tx: Some(tx) });
            }
            if state.room > 0 {
                state.room -= 1;
                drop(state);
                let mut lease = Lease { pool: self, tx: None };
                lease.tx = Some(Tx::new((self.open)()?));
                return Ok(lease);
            }
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A connection that left idle may have been cut since: then once more, on a new one.
fn begin(tx: &mut Tx) -> Result<(), Failure> {
    match tx.begin(Begin::Read) {
        Err(failure) if failure.effect == Effect::Lost => tx.begin(Begin::Read),
        other => other,
    }
}

/// A connection in use; it goes back when dropped, also by a panic.
struct Lease<'a> {
    pool: &'a Pool,
    tx: Option<Tx>,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut tx = self.tx.take();
        if let Some(tx) = &mut tx {
            tx.rollback();
            tx.start_unit();
        }
        let mut state = self.pool.state.lock().unwrap_or_else(PoisonError::into_inner);
        match tx {
            Some(tx) => state.idle.push(tx),
            None => state.room += 1,
        }
        drop(state);
        self.pool.returned.notify_one();
    }
}
