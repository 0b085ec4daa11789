//! The conformance suite: what the engine promises, on both engines.

use nevertwice_testkit::TestDatabase;

use crate::engine::{Row, Value};
use crate::statement::Statement;
use crate::{Db, Durability, OpenOptions, StoreError, Tx};

mod failing;
mod files;
mod many;
mod server;
mod snapshot;
mod values;

/// Opens the database without waiting for the disk.
pub(crate) fn open(database: &TestDatabase) -> Db {
    Db::open(&database.url().parse().unwrap(), quick()).unwrap()
}

pub(crate) fn quick() -> OpenOptions {
    OpenOptions { durability: Durability::NoSync, ..OpenOptions::default() }
}

/// Opens the database with one more table, `samples`, of these columns.
pub(crate) fn open_with_samples(database: &TestDatabase, sqlite: &str, postgres: &str) -> Db {
    let db = open(database);
    let ddl = database
        .choose(
            &format!("CREATE TABLE samples ({sqlite}) STRICT"),
            &format!("CREATE TABLE samples ({postgres})"),
        )
        .to_owned();
    db.write(move |tx| -> Result<(), StoreError> { tx.batch("make samples", &ddl) }).unwrap();
    db
}

/// The rows of a text that a test makes up.
pub(crate) fn query(tx: &mut Tx, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
    tx.query(made_up(sql), params)
}

/// Runs a text that a test makes up; returns how many rows it affected.
pub(crate) fn exec(tx: &mut Tx, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
    tx.exec(made_up(sql), params)
}

/// Statements are static; a test's few are kept until it ends.
fn made_up(sql: &str) -> &'static Statement {
    let text: &'static str = Box::leak(sql.to_owned().into_boxed_str());
    Box::leak(Box::new(Statement::new("made up by a test", text)))
}
