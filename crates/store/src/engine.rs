//! The only place that knows the two database drivers.
//!
//! [`Db`] is the open database: [`Db::read`] gives a unit one consistent snapshot, [`Db::write`] hands it to the
//! one writer thread. Both give it a [`Tx`], which runs [statements](crate::statement) and returns [`Row`]s.

mod db;
pub(crate) mod failure;
#[cfg(feature = "fault")]
pub mod fault;
mod options;
mod pool;
pub(crate) mod postgres;
mod row;
pub(crate) mod session;
pub(crate) mod sqlite;
mod table;
mod tx;
#[macro_use]
mod types;
mod value;

#[cfg(test)]
pub(crate) mod tests;

pub use db::Db;
pub use options::{Durability, OpenOptions};
pub use row::Row;
pub use table::TableDef;
pub use tx::Tx;
pub use types::{FromValue, JsonText, ToValue};
pub use value::Value;

pub(crate) use db::session;
#[cfg(test)]
pub(crate) use table::{CHUNKS, list_text};
