//! PostgreSQL: one file of `COPY` text per table.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use postgres::Client;

use super::{
    Manifest, TABLES, broken, column, compare_counts, counts, make_file, make_folder, occupied, sync_folder,
};
use crate::engine::session::{Begin, Session};
use crate::engine::{Durability, Tx, session};
use crate::error::StoreError;
use crate::migrate::{Migration, run_through};
use crate::url::DatabaseUrl;

/// The folder of the tables within the backup's folder.
const FOLDER: &str = "database";

/// Writes every table as `tx` sees it: its snapshot holds for all of them.
pub(super) fn write(tx: &mut Tx, dir: &Path) -> Result<Vec<String>, StoreError> {
    make_folder(&dir.join(FOLDER))?;
    let mut paths = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        let path = path_of(table);
        let mut file = make_file(&dir.join(&path))?;
        let fail = |error: io::Error| broken(&dir.join(&path), error);
        let copy = format!("COPY {table} TO STDOUT");
        let mut rows = client(tx)?.copy_out(&copy).map_err(|error| broken(dir, error))?;
        io::copy(&mut rows, &mut file).map_err(fail)?;
        file.sync_all().map_err(fail)?;
        paths.push(path);
    }
    sync_folder(&dir.join(FOLDER))?;
    Ok(paths)
}

/// Makes the schema that the backup was made from and fills it in one transaction.
pub(super) fn restore(
    dir: &Path,
    manifest: &Manifest,
    steps: &[Migration],
    url: &DatabaseUrl,
) -> Result<(), StoreError> {
    let mut tx = Tx::new(session(url, Durability::Full, true)?);
    tx.begin(Begin::Schema).map_err(|failure| failure.error)?;
    let empty = refuse_used(&mut tx, url, "a backup is restored");
    tx.rollback();
    empty?;
    run_through(&mut tx, steps)?;
    tx.begin(Begin::Write).map_err(|failure| failure.error)?;
    let filled = fill(&mut tx, dir, manifest);
    if filled.is_err() {
        tx.rollback();
        return filled;
    }
    tx.commit().map_err(crate::engine::failure::CommitFailure::into_error)
}

/// One line of a file is one row: `COPY` writes a line break within a value as `\n`.
pub(super) fn check(dir: &Path, manifest: &Manifest) -> Result<(), StoreError> {
    let mut found = BTreeMap::new();
    for table in manifest.tables.keys() {
        let path = dir.join(path_of(table));
        let lines = File::open(&path).and_then(count_lines).map_err(|error| broken(&path, error))?;
        found.insert(table.clone(), lines);
    }
    compare_counts(dir, manifest, &found)
}

/// What an interrupted restore left, a schema without rows, is empty too.
pub(in crate::dialect) fn refuse_used(tx: &mut Tx, url: &DatabaseUrl, what: &str) -> Result<(), StoreError> {
    let tables: Vec<String> = column(
        tx,
        "name",
        "SELECT CAST(tablename AS TEXT) AS name FROM pg_catalog.pg_tables
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    )?;
    let used = |detail: &str| Err(occupied(url, format_args!("{detail}; {what} into an empty database")));
    if let Some(other) =
        tables.iter().find(|name| *name != "schema_migrations" && !TABLES.contains(&name.as_str()))
    {
        return used(&format!("it has a table {other}, which is not of this program"));
    }
    let ours: Vec<&str> = tables
        .iter()
        .map(String::as_str)
        .filter(|name| TABLES.contains(name) && *name != "trail_head")
        .collect();
    if ours.is_empty() {
        return Ok(());
    }
    match counts(tx, &ours)?.iter().find(|(_, count)| **count > 0) {
        Some((table, _)) => used(&format!("its table {table} has rows")),
        None => Ok(()),
    }
}

fn fill(tx: &mut Tx, dir: &Path, manifest: &Manifest) -> Result<(), StoreError> {
    // The schema begins with a head of its own.
    tx.batch("empty trail_head", "DELETE FROM trail_head")?;
    // A lesson comes before what carries it.
    tx.batch("look at references at the end", "SET CONSTRAINTS ALL DEFERRED")?;
    let tables: Vec<&str> =
        TABLES.iter().copied().filter(|table| manifest.tables.contains_key(*table)).collect();
    if tables.len() != manifest.tables.len() {
        return Err(broken(dir, "it has tables that this program does not know; use a newer program"));
    }
    for table in &tables {
        let path = dir.join(path_of(table));
        let fail = |error: io::Error| broken(&path, error);
        let mut file = File::open(&path).map_err(fail)?;
        let copy = format!("COPY {table} FROM STDIN");
        let refused = |error: postgres::Error| broken(&path, format_args!("PostgreSQL refuses it: {error}"));
        let mut rows = client(tx)?.copy_in(&copy).map_err(refused)?;
        io::copy(&mut file, &mut rows).map_err(fail)?;
        rows.finish().map_err(refused)?;
    }
    compare_counts(dir, manifest, &counts(tx, &tables)?)
}

fn count_lines(mut file: File) -> io::Result<u64> {
    let (mut lines, mut buffer) = (0, vec![0; 1 << 16]);
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(lines);
        }
        lines += buffer[..count].iter().filter(|byte| **byte == b'\n').count() as u64;
    }
}

fn path_of(table: &str) -> String {
    format!("{FOLDER}/{table}.copy")
}

fn client(tx: &mut Tx) -> Result<&mut Client, StoreError> {
    match tx.session() {
        Session::Postgres(session) => session.client(),
        Session::Sqlite(_) => Err(StoreError::Backup("expected PostgreSQL".to_owned())),
    }
}
