//! SQLite without the register around it.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, params};

use super::BareDatabase;
use crate::Outcome;

/// A copy with the settings that the register gives its database.
pub(crate) struct SqliteCopy {
    connection: Connection,
    file: PathBuf,
    case: Row,
    entry: Row,
    frontier: Vec<u8>,
    written: u32,
}

/// A row to write again and again under other keys.
struct Row {
    insert: String,
    values: Vec<Value>,
    columns: Vec<String>,
}

impl SqliteCopy {
    /// Copies a database that nobody has open.
    pub(crate) fn make(database: &Path, file: PathBuf) -> Outcome<Self> {
        // What is still in the log beside the file goes into it.
        let source = Connection::open(database)?;
        source.pragma_update_and_check(None, "wal_checkpoint", "TRUNCATE", |_| Ok(()))?;
        drop(source);
        std::fs::copy(database, &file)?;
        // Nothing is measured while the system still writes the copy.
        File::open(&file)?.sync_all()?;
        let connection = Connection::open(&file)?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "secure_delete", true)?;
        connection.pragma_update(None, "cache_size", -32_768)?;
        connection.pragma_update(None, "wal_autocheckpoint", 16_000)?;
        // The last case is one that a person typed in, not one that was imported.
        let case = Row::last(&connection, "cases", "reference")?;
        let entry = Row::last(&connection, "trail_entries", "seq")?;
        let frontier = connection.query_row("SELECT frontier FROM trail_head", [], |row| row.get(0))?;
        Ok(Self { connection, file, case, entry, frontier, written: 0 })
    }
}

impl BareDatabase for SqliteCopy {
    fn write(&mut self) -> Outcome<()> {
        self.written += 1;
        let number = self.written;
        let mut id = [0xFF; 16];
        id[12..].copy_from_slice(&number.to_be_bytes());
        self.case.set("id", Value::Blob(id.to_vec()));
        self.case.set("reference", Value::Text(format!("CASE-9999-{number:04}")));
        self.entry.set("object_id", Value::Blob(id.to_vec()));
        self.entry.set("seq", Value::Integer(1_000_000_000 + i64::from(number)));
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        for row in [&self.case, &self.entry] {
            let mut insert = self.connection.prepare_cached(&row.insert)?;
            insert.execute(rusqlite::params_from_iter(&row.values))?;
        }
        self.connection
            .prepare_cached("UPDATE counters SET last_number = ?1 WHERE prefix = 'CASE'")?
            .execute([number])?;
        self.connection
            .prepare_cached("UPDATE trail_head SET seq = ?1, frontier = ?2 WHERE id = 1")?
            .execute(params![number, self.frontier])?;
        Ok(self.connection.execute_batch("COMMIT")?)
    }

    fn read(&mut self, reference: &str) -> Outcome<()> {
        let mut select = self.connection.prepare_cached("SELECT * FROM cases WHERE reference = ?1")?;
        let columns = select.column_count();
        select.query_row([reference], |row| {
            (0..columns).try_for_each(|at| row.get::<_, Value>(at).map(drop))
        })?;
        Ok(())
    }

    fn read_several(&mut self, references: &[String]) -> Outcome<()> {
        let marks = vec!["?"; references.len()].join(", ");
        let text = format!("SELECT * FROM cases WHERE reference IN ({marks})");
        let mut select = self.connection.prepare_cached(&text)?;
        let columns = select.column_count();
        let mut rows = select.query(rusqlite::params_from_iter(references))?;
        while let Some(row) = rows.next()? {
            (0..columns).try_for_each(|at| row.get::<_, Value>(at).map(drop))?;
        }
        Ok(())
    }

    fn remove(self: Box<Self>) -> Outcome<()> {
        let file = self.file.clone();
        drop(self);
        let beside = ["-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", file.display())));
        for file in std::iter::once(file).chain(beside).filter(|file| file.exists()) {
            std::fs::remove_file(file)?;
        }
        Ok(())
    }
}

impl Row {
    fn last(connection: &Connection, table: &str, order: &str) -> Outcome<Self> {
        let mut select =
            connection.prepare(&format!("SELECT * FROM {table} ORDER BY {order} DESC LIMIT 1"))?;
        let columns: Vec<String> = select.column_names().map(str::to_owned).collect();
        let values = select
            .query_row([], |row| (0..columns.len()).map(|at| row.get(at)).collect::<Result<Vec<_>, _>>())?;
        let marks = vec!["?"; columns.len()].join(", ");
        Ok(Self { insert: format!("INSERT INTO {table} VALUES ({marks})"), values, columns })
    }

    fn set(&mut self, column: &str, value: Value) {
        if let Some(at) = self.columns.iter().position(|name| name == column) {
            self.values[at] = value;
        }
    }
}
