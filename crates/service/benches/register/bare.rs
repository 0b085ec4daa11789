//! The engines without the register around them: the database and Tantivy on the same data, in the same process.

mod postgres;
mod search;
mod sqlite;

use std::path::Path;

use nevertwice_store::DatabaseUrl;

use crate::Outcome;

pub(crate) use search::BareIndex;

/// A copy of a register's database, with the settings that the register gives it.
pub(crate) trait BareDatabase: Send {
    /// Commits what reporting a case commits: the case, its entry in the trail, the counter and the head.
    fn write(&mut self) -> Outcome<()>;

    /// Reads the row of one case.
    fn read(&mut self, reference: &str) -> Outcome<()>;

    /// Reads the rows of several cases.
    fn read_several(&mut self, references: &[String]) -> Outcome<()>;

    /// Removes the copy: at a million cases the disk may not hold it beside a backup.
    fn remove(self: Box<Self>) -> Outcome<()>;
}

/// Copies the database of a register, so that tables and indexes are as large as there. Nobody may have it open.
pub(crate) fn copy(database: &str, scratch: &Path) -> Outcome<Box<dyn BareDatabase>> {
    let url: DatabaseUrl = database.parse()?;
    Ok(match url.file() {
        Some(file) => Box::new(sqlite::SqliteCopy::make(file, scratch.join("bare.db"))?),
        None => Box::new(postgres::PostgresCopy::make(database)?),
    })
}
