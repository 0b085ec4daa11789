//! The schema and its history: numbered SQL files, each run once, in order, each in one transaction with the row
//! that says so.

use sha2::{Digest as _, Sha256};

use crate::engine::Tx;
use crate::engine::session::Begin;
use crate::error::StoreError;
use crate::statement::Dialect;

mod embedded;

#[cfg(test)]
mod tests;

pub(crate) use embedded::MIGRATIONS;

statements! {
    /// What has been run, oldest first. Row 0 is only there to be locked.
    pub(super) APPLIED = "SELECT number, name, checksum FROM schema_migrations WHERE number > 0 ORDER BY number";
    /// Notes a migration.
    pub(super) NOTE = "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)";
    /// Takes the place of a lock: both engines let one transaction at a time change a row.
    pub(super) LOCK = "UPDATE schema_migrations SET name = name WHERE number = 0";
}

/// Made before the first migration. `ON CONFLICT` because two processes may start at once.
const HISTORY: &str = "
    CREATE TABLE IF NOT EXISTS schema_migrations (
        number INTEGER NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        checksum TEXT NOT NULL
    )";
const LOCK_ROW: &str =
    "INSERT INTO schema_migrations (number, name, checksum) VALUES (0, 'lock', '') ON CONFLICT DO NOTHING";

/// One step of the schema's history.
#[derive(Debug)]
pub(crate) struct Migration {
    /// Greater than that of the step before.
    pub(crate) number: u32,
    /// As in the file's name.
    pub(crate) name: &'static str,
    /// For SQLite.
    pub(crate) sqlite: &'static str,
    /// For PostgreSQL.
    pub(crate) postgres: &'static str,
}

impl Migration {
    fn sql(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        }
    }

    fn checksum(&self, dialect: Dialect) -> String {
        Sha256::digest(self.sql(dialect).as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The history up to a step; none if this program does not know it.
pub(crate) fn through(step: u32) -> Option<&'static [Migration]> {
    match MIGRATIONS.iter().position(|known| known.number == step) {
        Some(at) => MIGRATIONS.get(..=at),
        None => (step == 0).then_some(&[]),
    }
}

/// Brings the schema up to date.
///
/// # Errors
/// [`StoreError::Schema`] if the schema is newer than the program or was made by other files.
pub(crate) fn run(tx: &mut Tx) -> Result<(), StoreError> {
    run_through(tx, MIGRATIONS)
}

/// The same for a given history, so that a backup can be restored into the schema it was made from.
pub(crate) fn run_through(tx: &mut Tx, migrations: &[Migration]) -> Result<(), StoreError> {
    prepare_history(tx)?;
    loop {
        if !transaction(tx, |tx| take_step(tx, migrations))? {
            return Ok(());
        }
    }
}

/// Brings the schema up to date inside a transaction that is open already.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_within(tx: &mut Tx) -> Result<(), StoreError> {
    while take_step(tx, MIGRATIONS)? {}
    Ok(())
}

/// Takes the next step; false if there is none.
fn take_step(tx: &mut Tx, migrations: &[Migration]) -> Result<bool, StoreError> {
    tx.exec_one(LOCK, &[])?;
    let Some(next) = migrations.get(verify(tx, migrations)?) else { return Ok(false) };
    tx.batch(next.name, next.sql(tx.dialect()))?;
    let checksum = next.checksum(tx.dialect());
    tx.exec_one(NOTE, &params![next.number, next.name, checksum])?;
    Ok(true)
}

/// Refuses a schema that is not exactly the program's.
///
/// # Errors
/// [`StoreError::Schema`].
pub(crate) fn check(tx: &mut Tx) -> Result<(), StoreError> {
    prepare_history(tx)?;
    let applied = transaction(tx, |tx| verify(tx, MIGRATIONS))?;
    if applied < MIGRATIONS.len() {
        return Err(StoreError::Schema(format!(
            "the database's schema is at step {applied}, this program needs step {}; start the program once without read-only options to bring it up to date",
            MIGRATIONS.len()
        )));
    }
    Ok(())
}

/// On PostgreSQL two processes that start together may both try to make the table; the slower one fails and finds it made.
fn prepare_history(tx: &mut Tx) -> Result<(), StoreError> {
    let make = |tx: &mut Tx| {
        let strict = if tx.dialect() == Dialect::Sqlite { " STRICT" } else { "" };
        tx.batch("make schema_migrations", &format!("{HISTORY}{strict}; {LOCK_ROW}"))
    };
    match tx.dialect() {
        // One makes it at a time. A second try would hide what a full disk said to the first.
        Dialect::Sqlite => transaction(tx, make),
        Dialect::Postgres => transaction(tx, make).or_else(|_| transaction(tx, make)),
    }
}

/// Compares the database's history with `migrations`; returns how many have been run.
fn verify(tx: &mut Tx, migrations: &[Migration]) -> Result<usize, StoreError> {
    let rows = tx.query(APPLIED, &[])?;
    for (index, row) in rows.iter().enumerate() {
        let (number, name): (u32, String) = (row.get("number")?, row.get("name")?);
        let Some(known) = migrations.get(index) else {
            return Err(StoreError::Schema(format!(
                "the database's schema is newer (step {number}, {name}) than this program knows (step {}); use a newer program",
                migrations.len()
            )));
        };
        if known.number != number
            || known.name != name
            || known.checksum(tx.dialect()) != row.get::<String>("checksum")?
        {
            return Err(StoreError::Schema(format!(
                "step {number} ({name}) of the database's schema is not the one this program was built with ({}); use the program that made it",
                known.name
            )));
        }
    }
    Ok(rows.len())
}

fn transaction<T>(tx: &mut Tx, body: impl FnOnce(&mut Tx) -> Result<T, StoreError>) -> Result<T, StoreError> {
    tx.begin(Begin::Schema).map_err(|failure| failure.error)?;
    let outcome = body(tx).and_then(|value| match tx.commit() {
        Ok(()) => Ok(value),
        Err(failure) => Err(failure.into_error()),
    });
    if outcome.is_err() {
        tx.rollback();
    }
    outcome
}
