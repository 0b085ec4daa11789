//! Every statement and bulk table of the crate, for the test that prepares them all on both engines.

use crate::engine::TableDef;
use crate::statement::Statement;

/// The statements of every module that declares some.
pub(crate) static STATEMENTS: &[&[&Statement]] = &[crate::migrate::ALL];

/// The tables filled by [`Tx::insert_rows`](crate::engine::Tx::insert_rows).
pub(crate) static TABLES: &[&TableDef] = &[];

#[cfg(test)]
mod tests;
