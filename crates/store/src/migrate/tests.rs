//! The schema's history on both engines.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::thread;

use nevertwice_testkit::TestDatabase;

use super::{MIGRATIONS, Migration, check, run, run_through};
use crate::engine::tests::quick;
use crate::engine::{Durability, session};
use crate::{Db, OpenOptions, StoreError, Tx};

nevertwice_testkit::on_each_engine!(
    a_migration_is_run_once,
    a_failing_migration_leaves_nothing,
    a_newer_schema_is_refused,
    a_changed_step_is_refused,
    an_older_schema_is_refused_where_it_may_not_be_changed,
    programs_that_start_together_migrate_once
);

statements! {
    PLACES = "SELECT name FROM places";
    APPLIED_COUNT = "SELECT COUNT(*) AS n FROM schema_migrations WHERE number > 0";
}

const FIRST: Migration = step(1, "0001_places", "CREATE TABLE places (name TEXT NOT NULL)");
const SECOND: Migration = step(2, "0002_place", "INSERT INTO places (name) VALUES ('one')");
const HALF: Migration =
    step(2, "0002_half", "INSERT INTO places (name) VALUES ('half'); INSERT INTO nowhere VALUES (1)");

const fn step(number: u32, name: &'static str, sql: &'static str) -> Migration {
    Migration { number, name, sqlite: sql, postgres: sql }
}

fn connection(database: &TestDatabase) -> Tx {
    Tx::new(session(&database.url().parse().unwrap(), Durability::NoSync, true).unwrap())
}

fn places(tx: &mut Tx) -> usize {
    super::transaction(tx, |tx| tx.query(PLACES, &[])).unwrap().len()
}

fn a_migration_is_run_once(database: &TestDatabase) {
    let mut tx = connection(database);
    for history in [&[FIRST][..], &[FIRST, SECOND], &[FIRST, SECOND]] {
        run_through(&mut tx, history).unwrap();
    }
    assert_eq!(places(&mut tx), 1);
}

fn a_failing_migration_leaves_nothing(database: &TestDatabase) {
    let mut tx = connection(database);
    let error = run_through(&mut tx, &[FIRST, HALF]).unwrap_err();
    assert!(error.to_string().contains("0002_half") && error.to_string().contains("nowhere"), "{error}");
    assert_eq!(places(&mut tx), 0);
    run_through(&mut tx, &[FIRST, SECOND]).unwrap();
    assert_eq!(places(&mut tx), 1);
}

fn a_newer_schema_is_refused(database: &TestDatabase) {
    let mut tx = connection(database);
    run_through(&mut tx, &[FIRST, SECOND]).unwrap();
    let error = run_through(&mut tx, &[FIRST]).unwrap_err();
    assert!(matches!(error, StoreError::Schema(_)), "{error}");
    assert!(error.to_string().contains("newer (step 2, 0002_place)"), "{error}");
}

fn a_changed_step_is_refused(database: &TestDatabase) {
    let mut tx = connection(database);
    run_through(&mut tx, &[FIRST]).unwrap();
    let renamed = step(1, "0001_spots", FIRST.sqlite);
    let rewritten = step(1, "0001_places", "CREATE TABLE places (name TEXT)");
    for changed in [renamed, rewritten] {
        let error = run_through(&mut tx, &[changed]).unwrap_err();
        assert!(error.to_string().contains("step 1 (0001_places)"), "{error}");
    }
}

fn an_older_schema_is_refused_where_it_may_not_be_changed(database: &TestDatabase) {
    let options = || OpenOptions { migrate: false, ..quick() };
    let url = database.url().parse().unwrap();
    let error = Db::open(&url, options()).unwrap_err();
    assert!(matches!(&error, StoreError::Schema(text) if text.contains("is at step 0")), "{error}");
    run(&mut connection(database)).unwrap();
    check(&mut connection(database)).unwrap();
    Db::open(&url, options()).unwrap();
}

fn programs_that_start_together_migrate_once(database: &TestDatabase) {
    let url = database.url().to_owned();
    let programs: Vec<_> = (0..6)
        .map(|_| {
            let url = url.clone();
            thread::spawn(move || drop(Db::open(&url.parse().unwrap(), quick()).unwrap()))
        })
        .collect();
    for program in programs {
        program.join().unwrap();
    }
    let db = Db::open(&url.parse().unwrap(), quick()).unwrap();
    let applied: usize = db.read(|tx| tx.query_one(APPLIED_COUNT, &[])?.get("n")).unwrap();
    assert_eq!(applied, MIGRATIONS.len());
}

/// Every file is built in, for both engines, under consecutive numbers.
#[test]
fn both_engines_have_the_same_steps_and_all_of_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    for engine in ["sqlite", "postgres"] {
        let files: BTreeSet<String> = fs::read_dir(folder.join(engine))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let known: BTreeSet<String> = MIGRATIONS.iter().map(|step| format!("{}.sql", step.name)).collect();
        assert_eq!(files, known, "{engine}");
    }
    assert!(MIGRATIONS.windows(2).all(|pair| pair[0].number < pair[1].number));
    for migration in MIGRATIONS {
        assert!(migration.name.starts_with(&format!("{:04}_", migration.number)), "{}", migration.name);
    }
}
