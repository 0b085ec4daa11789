//! SQL on SQLite and PostgreSQL; the only crate that names a database driver.
//!
//! [`engine`] makes the two look alike, `migrate` keeps the schema, [`dialect`] holds the little that differs.
//! Above them one module per aggregate declares its [`statements!`] and turns rows into domain types.

// The longest record that the tests write down as JSON.
#![cfg_attr(test, recursion_limit = "256")]

#[macro_use]
pub mod statement;
#[macro_use]
pub mod engine;
#[macro_use]
mod record;

pub mod account;
pub mod action;
pub mod archive;
pub mod awareness;
pub mod case;
pub mod catalogue;
mod column;
pub mod control;
pub mod counter;
pub mod draft;
pub mod import;
pub mod job;
pub mod lesson;
pub mod mail;
pub mod owed;
pub mod person;
pub mod procedure;
pub mod promised;
pub mod receipt;
pub mod request;
pub mod review;
pub mod risk;
pub mod searchable;
pub mod settings;
pub mod trail;
pub mod visibility;
pub mod work;

pub mod dialect;
mod error;
mod inventory;
pub(crate) mod migrate;
mod url;
mod writer;

pub use engine::{Db, Durability, OpenOptions, Tx};
pub use error::{Constraint, StoreError};
pub use inventory::{TrailedColumn, trailed_columns};
pub use url::{DatabaseUrl, DatabaseUrlError};

/// Opens a store: every unit of work writes its trail before it is released.
///
/// # Errors
/// As [`Db::open`].
pub fn open(url: &DatabaseUrl, options: OpenOptions) -> Result<Db, StoreError> {
    Db::open(url, OpenOptions { after_unit: trail::write, before_commit: settle, ..options })
}

/// Writes what the units of a transaction left to be written once for all of them.
fn settle(tx: &mut Tx) -> Result<(), StoreError> {
    counter::settle(tx)?;
    trail::settle(tx)
}
