//! Where an import lies until it is whole, and what is said when that is not certain.

use std::io;

use nevertwice_testkit::{Engine, TestDatabase};

use super::{Place, commit, open, sqlite};
use crate::StoreError;
use crate::engine::tests::query;
use crate::migrate::MIGRATIONS;

nevertwice_testkit::on_each_engine!(an_import_may_be_idle_for_as_long_as_files_are_copied);

fn an_import_may_be_idle_for_as_long_as_files_are_copied(database: &TestDatabase) {
    let (mut tx, _place) = open(&database.url().parse().unwrap(), MIGRATIONS).unwrap();
    if database.engine() == Engine::Postgres {
        let asked = "SELECT current_setting('idle_in_transaction_session_timeout') AS value";
        let limit: String = query(&mut tx, asked, &[]).unwrap()[0].get("value").unwrap();
        assert_eq!(limit, "0");
    }
}

/// Until the file has its name nothing came about, and from then on it may have.
#[test]
fn an_error_after_the_file_has_its_name_leaves_the_outcome_unknown() {
    let database = TestDatabase::sqlite();
    let url: crate::DatabaseUrl = database.url().parse().unwrap();
    let target = url.file().unwrap().to_owned();
    let refuse = |_: &std::path::Path| Err(io::Error::from(io::ErrorKind::StorageFull));
    let place = |url| {
        let (mut tx, place) = open(url, MIGRATIONS).unwrap();
        tx.commit().unwrap();
        drop(tx);
        match place {
            Place::File(scratch) => scratch,
            Place::Server => panic!("a file has no server"),
        }
    };
    let scratch = place(&url);
    let error = sqlite::finish(&scratch, refuse).unwrap_err();
    assert!(matches!(error, StoreError::OutcomeUnknown { .. }), "{error}");
    assert!(target.exists(), "{error}");
    std::fs::remove_file(&target).unwrap();

    let scratch = place(&url);
    std::fs::create_dir(&target).unwrap();
    let error = sqlite::finish(&scratch, refuse).unwrap_err();
    assert!(matches!(error, StoreError::Archive(_)), "{error}");
}

/// As `init` leaves one that is killed in its first transaction.
#[test]
fn the_journal_of_a_file_that_never_came_about_takes_nothing_from_an_imported_one() {
    let database = TestDatabase::sqlite();
    let url: crate::DatabaseUrl = database.url().parse().unwrap();
    crate::dialect::tests::leave_a_journal(url.file().unwrap());
    let (tx, place) = open(&url, MIGRATIONS).unwrap();
    commit(tx, place).unwrap();
    let imported = rusqlite::Connection::open(url.file().unwrap()).unwrap();
    let steps = imported.query_row("SELECT count(*) FROM schema_migrations", [], |row| row.get::<_, i64>(0));
    assert!(steps.unwrap() > 0);
}
