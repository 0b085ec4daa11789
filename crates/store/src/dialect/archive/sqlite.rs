//! SQLite: a file beside the database's, written without any regard to a power cut, synced and renamed when whole.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::iter;
use std::path::{Path, PathBuf};

use super::{Scratch, broken};
use crate::dialect::{beside, left_beside, remove_remnant};
use crate::engine::session::{Session, Sql};
use crate::engine::sqlite::set_journal_mode;
use crate::engine::{Row, TableDef, Tx, Value};
use crate::error::StoreError;

/// How many rows, and about how many bytes of text, one insertion takes.
const ROWS_AT_ONCE: usize = 512;
const BYTES_AT_ONCE: usize = 4 << 20;

/// The next line of a table whose reference leads nowhere: rows were inserted in the order of their lines.
const DANGLING: &str =
    r#"SELECT "table" AS name, rowid AS line, parent FROM pragma_foreign_key_check LIMIT 1"#;

/// The file to write, without what an earlier attempt left of it; the target must not be in use.
pub(super) fn scratch(target: &Path) -> Result<Scratch, StoreError> {
    let [_, wal, _] = beside(target);
    for path in [target.to_owned(), wal] {
        if fs::metadata(&path).is_ok_and(|file| file.len() > 0) {
            let place = target.display();
            return Err(StoreError::Occupied(format!(
                "{place}: it is in use; an archive is imported into an empty database"
            )));
        }
    }
    let mut path = target.as_os_str().to_owned();
    path.push(".importing");
    let path = PathBuf::from(path);
    clear(&path).map_err(|error| broken(&path, error))?;
    Ok(Scratch { path, target: target.to_owned() })
}

/// Removes a database file with what belongs to it.
pub(super) fn clear(path: &Path) -> std::io::Result<()> {
    for path in iter::once(path.to_owned()).chain(beside(path)) {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Half a file is thrown away, so nothing need be undone; references are checked at the end, since a row may refer to
/// a later one of its table.
pub(super) fn unguard(tx: &mut Tx) -> Result<(), StoreError> {
    let Session::Sqlite(session) = tx.session() else { return Ok(()) };
    let connection = session.connection();
    let set = || -> rusqlite::Result<()> {
        set_journal_mode(connection, "DELETE")?;
        set_journal_mode(connection, "OFF")?;
        connection.pragma_update(None, "foreign_keys", false)?;
        // Negative: KiB.
        connection.pragma_update(None, "cache_size", -65_536)
    };
    set().map_err(|error| StoreError::Archive(format!("the database file cannot be prepared: {error}")))
}

/// Inserts rows, some at a time.
pub(super) fn load<E: From<StoreError>>(
    tx: &mut Tx,
    table: &'static TableDef,
    columns: &[&str],
    next: &mut dyn FnMut() -> Result<Option<Vec<Value>>, E>,
) -> Result<u64, E> {
    let mut count = 0;
    loop {
        let (mut rows, mut bytes) = (Vec::new(), 0);
        while rows.len() < ROWS_AT_ONCE && bytes < BYTES_AT_ONCE {
            let Some(row) = next()? else { break };
            bytes += row
                .iter()
                .map(|value| if let Value::Text(text) = value { text.len() } else { 16 })
                .sum::<usize>();
            rows.push(row);
        }
        if rows.is_empty() {
            return Ok(count);
        }
        count += tx.insert_rows(table, columns, rows)?;
    }
}

/// Looks at every reference of every row.
pub(super) fn check_references(tx: &mut Tx) -> Result<(), StoreError> {
    let mut found: Option<Row> = None;
    let each = &mut |row| {
        found = Some(row);
        std::ops::ControlFlow::Break(())
    };
    let sql = Sql { name: &"check references".into(), text: DANGLING };
    tx.session().query(sql, &[], each).map_err(|failure| failure.error)?;
    let Some(row) = found else { return Ok(()) };
    let (table, parent): (String, String) = (row.get("name")?, row.get("parent")?);
    let line: Option<u64> = row.get("line")?;
    let line = line.map_or_else(String::new, |line| format!(" line {line}"));
    Err(StoreError::Damaged(format!("{table}.jsonl{line} refers to one of {parent} that is not there")))
}

/// Puts the closed file on the disk and gives it the database's name, which `sync_folder` makes last.
///
/// # Errors
/// [`StoreError::OutcomeUnknown`] once it has the name; what the disk reports before.
pub(super) fn finish(
    scratch: &Scratch,
    sync_folder: impl FnOnce(&Path) -> std::io::Result<()>,
) -> Result<(), StoreError> {
    let folder = scratch.target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    if let Some(left) = left_beside(&scratch.path) {
        return Err(broken(&left, "the database file was not closed whole; import the archive again"));
    }
    File::open(&scratch.path)
        .and_then(|file| file.sync_all())
        .and_then(|()| remove_remnant(&scratch.target))
        .and_then(|()| fs::rename(&scratch.path, &scratch.target))
        .map_err(|error| broken(&scratch.target, error))?;
    sync_folder(folder).map_err(|error| StoreError::OutcomeUnknown {
        detail: format!(
            "everything is in {}, but its folder could not be put on the disk: {error}",
            scratch.target.display()
        ),
    })
}

/// Makes the names in a folder outlast a power cut.
pub(super) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}
