//! The SQLite file: its mode, its pragmas, what cannot be opened.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use nevertwice_testkit::TestDatabase;

use super::open;
use crate::engine::sqlite::set_journal_mode;
use crate::{DatabaseUrl, Db, OpenOptions, StoreError};

statements! {
    FOREIGN_KEYS = "SELECT foreign_keys AS value FROM pragma_foreign_keys";
    SYNCHRONOUS = "SELECT synchronous AS value FROM pragma_synchronous";
    SECURE_DELETE = "SELECT secure_delete AS value FROM pragma_secure_delete";
    TRUSTED_SCHEMA = "SELECT trusted_schema AS value FROM pragma_trusted_schema";
    JOURNAL_MODE = "SELECT journal_mode AS value FROM pragma_journal_mode";
    LOOSE_TABLES = "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'";
    SET_SEQ = "UPDATE trail_head SET seq = $1 WHERE id = 1";
}

#[test]
fn readers_and_writer_keep_every_promise_about_the_disk() {
    let database = TestDatabase::sqlite();
    let db = Db::open(&database.url().parse().unwrap(), OpenOptions::default()).unwrap();
    let check = |tx: &mut crate::Tx| -> Result<(), StoreError> {
        for (statement, expected) in
            [(FOREIGN_KEYS, 1), (SYNCHRONOUS, 2), (SECURE_DELETE, 1), (TRUSTED_SCHEMA, 0)]
        {
            assert_eq!(tx.query_one(statement, &[])?.get::<i64>("value")?, expected, "{}", statement.name());
        }
        assert_eq!(tx.query_one(JOURNAL_MODE, &[])?.get::<String>("value")?, "wal");
        Ok(())
    };
    db.read(check).unwrap();
    db.write(check).unwrap();
}

#[test]
fn every_table_is_strict() {
    let database = TestDatabase::sqlite();
    let rows = open(&database).read(|tx| tx.query(LOOSE_TABLES, &[])).unwrap();
    assert!(rows.is_empty(), "{rows:?}");
}

#[test]
fn the_file_and_its_log_are_readable_by_the_owner_alone() {
    let database = TestDatabase::sqlite();
    let url: DatabaseUrl = database.url().parse().unwrap();
    let mode = |file: &std::path::Path| fs::metadata(file).unwrap().permissions().mode() & 0o777;
    let db = open(&database);
    db.write(|tx| -> Result<(), StoreError> { tx.exec_one(SET_SEQ, &params![1]) }).unwrap();
    for entry in fs::read_dir(database.folder()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    drop(db);
    fs::set_permissions(url.file().unwrap(), fs::Permissions::from_mode(0o644)).unwrap();
    drop(open(&database));
    assert_eq!(mode(url.file().unwrap()), 0o600);
}

#[test]
fn what_is_not_a_database_is_refused_and_left_as_it_is() {
    let database = TestDatabase::sqlite();
    let url: DatabaseUrl = database.url().parse().unwrap();
    fs::write(
        url.file().unwrap(),
        "once upon a time, and long enough to have a header of its own".repeat(20),
    )
    .unwrap();
    let error = Db::open(&url, OpenOptions::default()).unwrap_err();
    assert!(
        error.to_string().contains("nevertwice.db") && error.to_string().contains("not a database"),
        "{error}"
    );
    assert!(fs::read_to_string(url.file().unwrap()).unwrap().starts_with("once upon a time"));
}

#[test]
fn a_missing_folder_is_named() {
    let database = TestDatabase::sqlite();
    let url = DatabaseUrl::in_file(database.folder().join("missing").join("a.db"));
    let error = Db::open(&url, OpenOptions::default()).unwrap_err();
    assert!(matches!(&error, StoreError::Open(text) if text.contains("missing/a.db")), "{error}");
}

#[test]
fn a_local_disk_is_no_network_file_system() {
    assert_eq!(crate::engine::sqlite::network_file_system(std::path::Path::new("/proc")), None);
}

#[test]
fn a_journal_mode_that_does_not_come_about_is_an_error() {
    let database = TestDatabase::sqlite();
    let file = database.folder().join("plain.db");
    let reader = rusqlite::Connection::open(&file).unwrap();
    reader.execute_batch("CREATE TABLE one (id INTEGER); BEGIN; SELECT count(*) FROM one;").unwrap();
    let changing = rusqlite::Connection::open(&file).unwrap();
    changing.busy_timeout(std::time::Duration::ZERO).unwrap();
    // The change itself is possible beside a reader; its commit is not.
    let refused = set_journal_mode(&changing, "WAL").unwrap_err();
    assert!(refused.to_string().contains("locked"), "{refused}");
    reader.execute_batch("COMMIT").unwrap();
    set_journal_mode(&changing, "WAL").unwrap();
}
