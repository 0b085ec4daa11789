//! Where an import of an archive is written until it is whole: on SQLite a file of another name, on PostgreSQL one
//! transaction.

use std::path::{Path, PathBuf};

use crate::engine::session::{Begin, Session};
use crate::engine::{Durability, TableDef, Tx, Value, session};
use crate::error::StoreError;
use crate::migrate::{Migration, run_through};
use crate::url::{DatabaseUrl, Target};

mod postgres;
mod sqlite;

#[cfg(test)]
mod tests;

/// Where an import lies before it is the register. Dropped, it is cleared.
pub(crate) enum Place {
    /// A file beside the database's.
    File(Scratch),
    /// A transaction of a server.
    Server,
}

/// A database file that goes again unless it was renamed.
pub(crate) struct Scratch {
    path: PathBuf,
    target: PathBuf,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Whatever is left has a name that nothing takes for a database, and the next import removes it.
        let _ = sqlite::clear(&self.path);
    }
}

/// Opens an empty place with the schema that `steps` make, and begins a transaction in it.
///
/// # Errors
/// [`StoreError::Occupied`] if the database is not empty; what the database reports.
pub(crate) fn open(url: &DatabaseUrl, steps: &[Migration]) -> Result<(Tx, Place), StoreError> {
    let (mut tx, place) = match &url.0 {
        Target::Sqlite(path) => {
            let scratch = sqlite::scratch(path)?;
            let mut tx =
                Tx::new(session(&DatabaseUrl::in_file(scratch.path.clone()), Durability::NoSync, true)?);
            sqlite::unguard(&mut tx)?;
            (tx, Place::File(scratch))
        }
        Target::Postgres(_) => {
            let mut tx = Tx::new(session(url, Durability::Full, true)?);
            postgres::refuse_used(&mut tx, url)?;
            (tx, Place::Server)
        }
    };
    run_through(&mut tx, steps)?;
    tx.begin(Begin::Schema).map_err(|failure| failure.error)?;
    if let Place::Server = place {
        postgres::be_patient(&mut tx)?;
    }
    Ok((tx, place))
}

/// Brings rows into a table, as `next` gives them; returns how many.
///
/// # Errors
/// What `next` or the database reports.
pub(crate) fn load<E: From<StoreError>>(
    tx: &mut Tx,
    table: &'static TableDef,
    columns: &[&str],
    next: &mut dyn FnMut() -> Result<Option<Vec<Value>>, E>,
) -> Result<u64, E> {
    match tx.session() {
        Session::Sqlite(_) => sqlite::load(tx, table, columns, next),
        Session::Postgres(session) => session.copy_in(table.name, columns, next),
    }
}

/// That every reference between rows holds, where the engine did not look at each row already.
///
/// # Errors
/// [`StoreError::Damaged`] with the first that does not.
pub(crate) fn check_references(tx: &mut Tx) -> Result<(), StoreError> {
    match tx.session() {
        Session::Sqlite(_) => sqlite::check_references(tx),
        Session::Postgres(_) => postgres::check_references(tx),
    }
}

/// Makes it the database.
///
/// # Errors
/// What the database or the disk reports; after [`StoreError::OutcomeUnknown`] it may be the database already.
pub(crate) fn commit(mut tx: Tx, place: Place) -> Result<(), StoreError> {
    tx.commit().map_err(crate::engine::failure::CommitFailure::into_error)?;
    // The file is closed before it gets its name.
    drop(tx);
    match place {
        Place::File(scratch) => sqlite::finish(&scratch, sqlite::sync_folder),
        Place::Server => Ok(()),
    }
}

fn broken(path: &Path, detail: impl std::fmt::Display) -> StoreError {
    StoreError::Archive(format!("{}: {detail}", path.display()))
}
