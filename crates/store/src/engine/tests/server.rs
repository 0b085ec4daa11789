//! PostgreSQL going away and coming back. SQLite has no connection to lose, so these end at once there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use nevertwice_testkit::{Engine, TestDatabase};

use super::{open_with_samples, quick};
use crate::{Db, StoreError, Tx};

nevertwice_testkit::on_each_engine!(
    connections_cut_while_idle_are_opened_again,
    a_unit_whose_connection_breaks_is_run_again,
    a_unit_that_breaks_every_connection_is_refused,
    a_reader_whose_connection_breaks_is_told_so,
    a_unit_that_cannot_write_here_looks_for_another_server,
    what_the_server_gives_up_is_unavailable,
    a_commit_that_is_answered_with_a_warning_is_not_acknowledged
);

statements! {
    INSERT = "INSERT INTO samples (id) VALUES ($1)";
    COUNT = "SELECT COUNT(*) AS n FROM samples";
    HANG_UP = "SELECT pg_terminate_backend(pg_backend_pid()) AS ended";
    HANG_UP_OTHERS = "SELECT COUNT(pg_terminate_backend(pid)) AS ended FROM pg_stat_activity \
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
    HOLD = "SELECT COUNT(pg_advisory_lock(1)) AS held";
    SLEEP = "SELECT COUNT(pg_sleep(60)) AS slept";
}

fn insert(tx: &mut Tx, id: i64) -> Result<(), StoreError> {
    tx.exec_one(INSERT, &params![id])
}

fn count(db: &Db) -> i64 {
    db.read(|tx| tx.query_one(COUNT, &[])?.get("n")).unwrap()
}

fn server(database: &TestDatabase) -> Option<Db> {
    let db = || open_with_samples(database, "id INTEGER PRIMARY KEY", "id BIGINT PRIMARY KEY");
    (database.engine() == Engine::Postgres).then(db)
}

fn connections_cut_while_idle_are_opened_again(database: &TestDatabase) {
    let Some(db) = server(database) else { return };
    db.write(|tx| insert(tx, 1)).unwrap();
    db.read(|tx| tx.query_one(HANG_UP_OTHERS, &[])).unwrap();
    db.write(|tx| insert(tx, 2)).unwrap();
    db.write(|tx| tx.query_one(HANG_UP_OTHERS, &[])).unwrap();
    assert_eq!(count(&db), 2);
}

fn a_unit_whose_connection_breaks_is_run_again(database: &TestDatabase) {
    let Some(db) = server(database) else { return };
    let runs = Arc::new(AtomicU32::new(0));
    let seen = runs.clone();
    db.hold_writer_until(2);
    let other = db.clone();
    let other = std::thread::spawn(move || other.write(|tx| insert(tx, 1)));
    db.write(move |tx| {
        insert(tx, 2)?;
        if seen.fetch_add(1, Ordering::Relaxed) == 0 {
            tx.query(HANG_UP, &[])?;
        }
        insert(tx, 3)
    })
    .unwrap();
    other.join().unwrap().unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 2);
    assert_eq!(count(&db), 3);
}

fn a_unit_that_breaks_every_connection_is_refused(database: &TestDatabase) {
    let Some(db) = server(database) else { return };
    let error = db
        .write(|tx| -> Result<(), StoreError> {
            insert(tx, 1)?;
            tx.query(HANG_UP, &[]).map(|_| ())
        })
        .unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    db.write(|tx| insert(tx, 2)).unwrap();
    assert_eq!(count(&db), 1);
}

fn a_reader_whose_connection_breaks_is_told_so(database: &TestDatabase) {
    let Some(db) = server(database) else { return };
    let error = db.read(|tx| tx.query(HANG_UP, &[])).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    assert_eq!(count(&db), 0);
}

/// As after a server became a standby: the connection is given up, and the next one may find a server that writes.
fn a_unit_that_cannot_write_here_looks_for_another_server(database: &TestDatabase) {
    let Some(db) = server(database) else { return };
    let runs = Arc::new(AtomicU32::new(0));
    let seen = runs.clone();
    db.write(move |tx| {
        if seen.fetch_add(1, Ordering::Relaxed) == 0 {
            tx.batch("forbid", "SET TRANSACTION READ ONLY")?;
        }
        insert(tx, 1)
    })
    .unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 2);
    assert_eq!(count(&db), 1);
}

fn what_the_server_gives_up_is_unavailable(database: &TestDatabase) {
    let Some(db) = server(database) else { return };
    let other = db.clone();
    db.read(|tx| -> Result<(), StoreError> {
        tx.query_one(HOLD, &[])?;
        for (limit, statement) in [("lock_timeout", HOLD), ("statement_timeout", SLEEP)] {
            let unit = move |tx: &mut Tx| -> Result<(), StoreError> {
                insert(tx, 1)?;
                tx.batch("limit", &format!("SET LOCAL {limit} = '10ms'"))?;
                tx.query_one(statement, &[]).map(drop)
            };
            let error = other.write(unit).unwrap_err();
            assert!(matches!(error, StoreError::Unavailable { .. }), "{limit}: {error:?}");
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(count(&db), 0);
}

/// PostgreSQL says "COMMIT" with a warning when a wait for the standby was cancelled.
fn a_commit_that_is_answered_with_a_warning_is_not_acknowledged(database: &TestDatabase) {
    let Some(db) = server(database) else { return };
    db.write(|tx| {
        tx.batch(
            "warn at COMMIT",
            "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN RAISE WARNING ''might not have been replicated''; RETURN NULL; END';
             CREATE CONSTRAINT TRIGGER warn AFTER INSERT ON samples DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW EXECUTE FUNCTION warn()",
        )
    })
    .unwrap();
    let error = db.write(|tx| insert(tx, 1)).unwrap_err();
    assert!(matches!(error, StoreError::OutcomeUnknown { .. }), "{error:?}");
    assert_eq!(count(&db), 1);
}

#[test]
fn a_server_that_is_not_there_is_unavailable() {
    let folder = TestDatabase::sqlite();
    let url = format!("postgres:///x?host={}&user=me&password=secret", folder.folder().display());
    let error = Db::open(&url.parse().unwrap(), quick()).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    assert!(!error.to_string().contains("secret"), "{error}");
}
