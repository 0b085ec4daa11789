//! SQLite: one file, copied page by page.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::{Manifest, TABLES, broken, compare_counts, damaged, make_file, occupied, sync_folder};
use crate::dialect::{beside, left_beside, remove_remnant};
use crate::engine::Tx;
use crate::engine::session::Session;
use crate::engine::sqlite::set_journal_mode;
use crate::error::StoreError;

/// The copy within the backup's folder.
const FILE: &str = "nevertwice.db";

/// Copies the pages that `tx` sees. The transaction holds its snapshot, so that writers neither wait nor are seen.
pub(super) fn write(tx: &mut Tx, dir: &Path) -> Result<Vec<String>, StoreError> {
    let path = dir.join(FILE);
    let fail = |error: rusqlite::Error| broken(&path, format_args!("{error}; make the backup again"));
    let Session::Sqlite(session) = tx.session() else { return Err(broken(dir, "expected SQLite")) };
    drop(make_file(&path)?);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut copy = Connection::open_with_flags(&path, flags).map_err(fail)?;
    let step =
        Backup::new(session.connection(), &mut copy).and_then(|backup| backup.step(-1)).map_err(fail)?;
    if step != StepResult::Done {
        return Err(broken(&path, "another program holds the database; try again"));
    }
    // One file alone, which can be read without making others beside it. Opening the store turns WAL on again.
    set_journal_mode(&copy, "DELETE").map_err(fail)?;
    copy.close().map_err(|(_, error)| fail(error))?;
    if let Some(left) = left_beside(&path) {
        return Err(broken(&left, "could not be removed, and is none of the backup; make the backup again"));
    }
    File::open(&path).and_then(|file| file.sync_all()).map_err(|error| broken(&path, error))?;
    sync_folder(dir)?;
    Ok(vec![FILE.to_owned()])
}

/// Copies the file beside its place and then moves it there, so that half a file is never taken for a database.
pub(super) fn restore(dir: &Path, target: &Path) -> Result<(), StoreError> {
    let used = fs::metadata(target).is_ok_and(|file| file.len() > 0);
    let [_, wal, _] = beside(target);
    if used || fs::metadata(&wal).is_ok_and(|file| file.len() > 0) {
        return Err(occupied(target.display(), "it is in use; a backup is restored into an empty database"));
    }
    let mut scratch = target.as_os_str().to_owned();
    scratch.push(".restoring");
    let scratch = Path::new(&scratch);
    // What an earlier attempt left.
    match fs::remove_file(scratch) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(broken(scratch, error)),
        _ => {}
    }
    let mut copy = make_file(scratch)?;
    File::open(dir.join(FILE))
        .and_then(|mut file| std::io::copy(&mut file, &mut copy))
        .and_then(|_| copy.sync_all())
        .and_then(|()| remove_remnant(target))
        .and_then(|()| fs::rename(scratch, target))
        .map_err(|error| broken(target, error))?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    sync_folder(folder.unwrap_or(Path::new(".")))
}

/// Reads the whole copy: pages, indexes, references between rows, numbers of rows, the end of the trail.
pub(super) fn check(dir: &Path, manifest: &Manifest) -> Result<(), StoreError> {
    let path = dir.join(FILE);
    let fail = |error: rusqlite::Error| broken(&path, error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let copy = Connection::open_with_flags(&path, flags).map_err(fail)?;
    let text = |sql: &str| copy.query_row(sql, [], |row| row.get::<_, String>(0)).map_err(fail);
    let number = |sql: &str| copy.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(fail);
    let verdict = text("SELECT integrity_check FROM pragma_integrity_check LIMIT 1")?;
    if verdict != "ok" {
        return Err(damaged(&path, format_args!("{verdict}; use another backup")));
    }
    let dangling = number("SELECT count(*) FROM pragma_foreign_key_check")?;
    if dangling != 0 {
        return Err(damaged(&path, format_args!("{dangling} rows refer to rows that are not there")));
    }
    let mut found = BTreeMap::new();
    for table in TABLES.iter().filter(|table| manifest.tables.contains_key(**table)) {
        let count = number(&format!("SELECT count(*) FROM {table}"))?;
        found.insert((*table).to_owned(), count.unsigned_abs());
    }
    compare_counts(dir, manifest, &found)?;
    let sequence = number("SELECT seq FROM trail_head WHERE id = 1")?.unsigned_abs();
    if sequence != manifest.sequence {
        return Err(damaged(
            &path,
            format_args!("expected {} entries of the trail, found {sequence}", manifest.sequence),
        ));
    }
    Ok(())
}
