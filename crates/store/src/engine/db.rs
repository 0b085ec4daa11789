//! The open database.

use std::fmt;
use std::sync::Arc;

use super::options::OpenOptions;
use super::pool::Pool;
use super::postgres::{Connector, PostgresSession};
use super::session::Session;
use super::sqlite::SqliteSession;
use super::{Durability, Tx};
use crate::error::StoreError;
use crate::migrate;
use crate::url::{DatabaseUrl, Target};
use crate::writer::Writer;

/// An open database: one writer thread and a pool of readers. Clones share them; the last one to go closes it.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    url: DatabaseUrl,
    durability: Durability,
    writer: Writer,
    pool: Pool,
    #[cfg(feature = "fault")]
    faults: super::fault::Faults,
}

impl Db {
    /// Opens the database, brings its schema up to date and starts the writer.
    ///
    /// # Errors
    /// [`StoreError::Open`] if the file or the address cannot be used, [`StoreError::Unavailable`] if the server
    /// does not answer, [`StoreError::Schema`] if the schema is not one this program can use.
    pub fn open(url: &DatabaseUrl, options: OpenOptions) -> Result<Self, StoreError> {
        let mut schema = Tx::new(session(url, options.durability, true)?);
        if options.migrate {
            migrate::run(&mut schema)?;
        } else {
            migrate::check(&mut schema)?;
        }
        drop(schema);
        let tx = Tx::new(session(url, options.durability, true)?);
        #[cfg(feature = "fault")]
        let faults = super::fault::Faults::default();
        #[cfg(feature = "fault")]
        let tx = tx.with_faults(faults.clone());
        let reader_url = url.clone();
        let durability = options.durability;
        let readers = Box::new(move || session(&reader_url, durability, false));
        let inner = Inner {
            url: url.clone(),
            durability,
            pool: Pool::new(options.readers, readers),
            writer: Writer::start(tx, options)?,
            #[cfg(feature = "fault")]
            faults,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The address it was opened with.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.inner.url
    }

    /// What its acknowledged writes survive.
    #[must_use]
    pub fn durability(&self) -> Durability {
        self.inner.durability
    }

    /// Runs `unit` on the caller's thread in one consistent snapshot, taken by its first statement. Waits while
    /// all readers are busy; do not call it inside another `read`.
    ///
    /// # Errors
    /// What `unit` returns; [`StoreError::Unavailable`] if the server does not answer.
    pub fn read<T, E: From<StoreError>>(&self, unit: impl FnOnce(&mut Tx) -> Result<T, E>) -> Result<T, E> {
        self.inner.pool.read(unit)
    }

    /// Hands `unit` to the writer and waits until it is committed or refused. It may be run more than once, so it
    /// must not do anything but use its [`Tx`]. An error of the unit undoes that unit alone.
    ///
    /// # Errors
    /// What `unit` returns; else a [`StoreError`]. After [`StoreError::OutcomeUnknown`] it may have been written;
    /// after every other error it was not.
    pub fn write<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        self.inner.writer.submit(unit, false)
    }

    /// As [`Self::write`], for a long unit such as a batch of an import: a transaction of its own, shared with no
    /// other unit.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_alone<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        self.inner.writer.submit(unit, true)
    }

    /// Lets the writer finish what it is doing, refuses what still waits with [`StoreError::Closed`] and ends the
    /// thread. Later writes are refused; reads still work.
    pub fn close(&self) {
        self.inner.writer.close();
    }
}

/// For tests: failures on purpose, and units that meet in one batch for certain.
#[cfg(feature = "fault")]
impl Db {
    /// Makes the writer's `nth` statement from now on fail, counted from 1 and its own (BEGIN, COMMIT) included.
    /// Once.
    pub fn inject_fault(&self, nth: u64, kind: super::fault::FaultKind) {
        self.inner.faults.plan(nth, kind);
    }

    /// How many statements the writer has run so far, and whether an injected failure is still to come.
    #[must_use]
    pub fn writer_statements(&self) -> (u64, bool) {
        self.inner.faults.seen()
    }

    /// Holds the writer back until `units` units wait, which then form one batch. Once.
    pub fn hold_writer_until(&self, units: usize) {
        self.inner.writer.hold_until(units);
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("url", &self.inner.url).finish_non_exhaustive()
    }
}

/// Opens a connection; to PostgreSQL only with the first transaction.
pub(crate) fn session(
    url: &DatabaseUrl,
    durability: Durability,
    writes: bool,
) -> Result<Session, StoreError> {
    match &url.0 {
        Target::Sqlite(path) => SqliteSession::open(path, durability, writes).map(Session::Sqlite),
        Target::Postgres(url) => {
            let connector = Connector::new(url, durability, writes)?;
            Ok(Session::Postgres(Box::new(PostgresSession::new(connector))))
        }
    }
}
