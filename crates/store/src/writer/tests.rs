//! Group commit: who is kept, who is undone, in what order, on both engines.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use nevertwice_testkit::TestDatabase;

use crate::engine::tests::{open_with_samples, quick};
use crate::{Db, OpenOptions, StoreError, Tx};

mod faults;
mod settling;

nevertwice_testkit::on_each_engine!(
    eight_threads_take_gapless_numbers,
    units_that_wait_share_a_transaction,
    a_unit_that_refuses_before_it_wrote_costs_its_neighbours_nothing,
    a_failing_unit_leaves_its_neighbours_alone,
    a_panicking_unit_leaves_its_neighbours_alone,
    the_last_step_belongs_to_the_unit,
    a_unit_alone_has_its_own_transaction,
    what_waits_when_the_database_closes_is_refused,
    commits_are_announced_before_the_answer,
    a_unit_that_waits_for_too_long_is_given_up_and_never_written,
    a_unit_that_takes_too_long_is_given_up_and_never_written,
    two_databases_on_one_place_write_in_turn
);

statements! {
    NEXT = "UPDATE trail_head SET seq = seq + 1 WHERE id = 1 RETURNING seq";
    INSERT = "INSERT INTO samples (seq, name) VALUES ($1, $2)";
    RENAME = "UPDATE samples SET name = $1 WHERE seq = $2";
    NUMBERS = "SELECT seq, name FROM samples ORDER BY seq";
    HEAD = "SELECT seq FROM trail_head";
}

const SQLITE: &str = "seq INTEGER PRIMARY KEY, name TEXT NOT NULL";
const POSTGRES: &str = "seq BIGINT PRIMARY KEY, name TEXT NOT NULL";

/// The error of a use case, as the layers above have them.
#[derive(Debug, PartialEq)]
enum Refusal {
    Rule(&'static str),
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Takes the next number and files `name` under it: what every use case does with the trail.
fn file(tx: &mut Tx, name: &str) -> Result<i64, StoreError> {
    let seq = tx.query_one(NEXT, &[])?.get("seq")?;
    tx.exec_one(INSERT, &params![seq, name])?;
    Ok(seq)
}

/// The names filed, after checking that their numbers are 1, 2, 3, … and that the head is the last of them.
fn filed(db: &Db) -> Vec<String> {
    db.read(|tx| -> Result<Vec<String>, StoreError> {
        let rows = tx.query(NUMBERS, &[])?;
        for (index, row) in rows.iter().enumerate() {
            assert_eq!(row.get::<usize>("seq")?, index + 1, "a gap in the numbers");
        }
        assert_eq!(tx.query_one(HEAD, &[])?.get::<usize>("seq")?, rows.len());
        rows.iter().map(|row| row.get("name")).collect()
    })
    .unwrap()
}

fn eight_threads_take_gapless_numbers(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let db = db.clone();
            thread::spawn(move || {
                let mut last = 0;
                for unit in 0..200 {
                    let seq = db.write(move |tx| file(tx, &format!("{thread}/{unit}"))).unwrap();
                    assert!(seq > last, "an answer came before its turn");
                    last = seq;
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(filed(&db).len(), 1600);
}

fn units_that_wait_share_a_transaction(database: &TestDatabase) {
    let (db, commits) = counting_commits(database);
    db.hold_writer_until(5);
    let units: Vec<_> = (0..5).map(|_| write(&db, |tx| file(tx, "x").map_err(Refusal::from))).collect();
    for unit in units {
        unit.join().unwrap().unwrap();
    }
    assert_eq!(commits.load(Ordering::Relaxed), 1);
    assert_eq!(filed(&db).len(), 5);
}

fn a_unit_that_refuses_before_it_wrote_costs_its_neighbours_nothing(database: &TestDatabase) {
    let (db, commits) = counting_commits(database);
    let refusal = |tx: &mut Tx| {
        assert_eq!(tx.exec(RENAME, &params!["y", -1])?, 0);
        tx.query(HEAD, &[])?;
        Err::<i64, _>(Refusal::Rule("no"))
    };
    db.hold_writer_until(3);
    let good = [write(&db, |tx| Ok(file(tx, "x")?)), write(&db, |tx| Ok(file(tx, "x")?))];
    assert_eq!(write(&db, refusal).join().unwrap(), Err(Refusal::Rule("no")));
    for unit in good {
        unit.join().unwrap().unwrap();
    }
    assert_eq!(commits.load(Ordering::Relaxed), 1);
    assert_eq!(filed(&db), ["x", "x"]);
}

/// An open database and how often it committed.
fn counting_commits(database: &TestDatabase) -> (Db, Arc<AtomicU64>) {
    let commits = Arc::new(AtomicU64::new(0));
    let counted = commits.clone();
    let on_commit = Arc::new(move || {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    drop(open_with_samples(database, SQLITE, POSTGRES));
    let db = Db::open(&database.url().parse().unwrap(), OpenOptions { on_commit, ..quick() }).unwrap();
    (db, commits)
}

/// Starts a unit on a thread of its own, so that several can wait together.
fn write<T: Send + 'static>(
    db: &Db,
    unit: impl Fn(&mut Tx) -> Result<T, Refusal> + Send + 'static,
) -> thread::JoinHandle<Result<T, Refusal>> {
    let db = db.clone();
    thread::spawn(move || db.write(unit))
}

fn a_failing_unit_leaves_its_neighbours_alone(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    db.hold_writer_until(4);
    let good = [write(&db, |tx| Ok(file(tx, "a")?)), write(&db, |tx| Ok(file(tx, "b")?))];
    let rule = write(&db, |tx| {
        file(tx, "never")?;
        Err::<(), _>(Refusal::Rule("no"))
    });
    let violation = write(&db, |tx| {
        let seq = file(tx, "never")?;
        Ok(tx.exec_one(INSERT, &params![seq, "twice"])?)
    });
    for unit in good {
        unit.join().unwrap().unwrap();
    }
    assert_eq!(rule.join().unwrap(), Err(Refusal::Rule("no")));
    assert!(matches!(violation.join().unwrap(), Err(Refusal::Store(StoreError::Violated { .. }))));
    let mut names = filed(&db);
    names.sort();
    assert_eq!(names, ["a", "b"]);
}

fn a_panicking_unit_leaves_its_neighbours_alone(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    db.hold_writer_until(3);
    let good = [write(&db, |tx| Ok(file(tx, "x")?)), write(&db, |tx| Ok(file(tx, "x")?))];
    let bad = write(&db, |tx| -> Result<(), Refusal> {
        file(tx, "never")?;
        std::panic::resume_unwind(Box::new("on purpose"))
    });
    for unit in good {
        unit.join().unwrap().unwrap();
    }
    let error = bad.join().unwrap().unwrap_err();
    assert_eq!(error, Refusal::Store(StoreError::Panicked { message: "on purpose".to_owned() }));
    assert_eq!(filed(&db), ["x", "x"]);
}

fn the_last_step_belongs_to_the_unit(database: &TestDatabase) {
    drop(open_with_samples(database, SQLITE, POSTGRES));
    let after_unit = |tx: &mut Tx| {
        let names = std::mem::take(tx.context::<Vec<String>>());
        names.iter().try_for_each(|name| {
            if name == "refuse" {
                Err(StoreError::Conflict { what: name.clone() })
            } else {
                file(tx, name).map(|_| ())
            }
        })
    };
    let db = Db::open(&database.url().parse().unwrap(), OpenOptions { after_unit, ..quick() }).unwrap();
    let leave = |name: &'static str| {
        move |tx: &mut Tx| {
            tx.context::<Vec<String>>().push(name.to_owned());
            Ok(())
        }
    };
    db.hold_writer_until(3);
    let (a, b) = (write(&db, leave("a")), write(&db, leave("a")));
    let refused = write(&db, |tx| {
        file(tx, "never")?;
        tx.context::<Vec<String>>().extend(["never".to_owned(), "refuse".to_owned()]);
        Ok(())
    });
    a.join().unwrap().unwrap();
    b.join().unwrap().unwrap();
    assert!(matches!(refused.join().unwrap(), Err(Refusal::Store(StoreError::Conflict { .. }))));
    assert_eq!(filed(&db), ["a", "a"]);
}

fn a_unit_alone_has_its_own_transaction(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    let before = db.writer_statements().0;
    db.hold_writer_until(3);
    let alone = db.clone();
    let units = [
        write(&db, |tx| Ok(file(tx, "x")?)),
        thread::spawn(move || alone.write_alone(|tx| Ok(file(tx, "x")?))),
        write(&db, |tx| Ok(file(tx, "x")?)),
    ];
    for unit in units {
        unit.join().unwrap().unwrap();
    }
    assert_eq!(filed(&db).len(), 3);
    // Each unit runs 2 statements, each transaction BEGIN and COMMIT. The lone unit is never with another: if it came first
    // or last the others are together, else all are alone. All three together would run 8.
    let ran = db.writer_statements().0 - before;
    assert!([3 * 2 + 2 * 2, 3 * 2 + 3 * 2].contains(&ran), "{ran}");
}

fn what_waits_when_the_database_closes_is_refused(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    db.hold_writer_until(1_000);
    let units: Vec<_> = (0..5).map(|_| write(&db, |tx| Ok(file(tx, "never")?))).collect();
    db.close();
    for unit in units {
        assert_eq!(unit.join().unwrap(), Err(Refusal::Store(StoreError::Closed)));
    }
    assert_eq!(db.write(|tx| file(tx, "never")), Err(StoreError::Closed));
    assert!(filed(&db).is_empty());
}

fn commits_are_announced_before_the_answer(database: &TestDatabase) {
    let (db, commits) = counting_commits(database);
    for expected in 1..=3 {
        db.write(|tx| file(tx, "x")).unwrap();
        assert_eq!(commits.load(Ordering::SeqCst), expected);
    }
}

fn impatient(database: &TestDatabase) -> Db {
    drop(open_with_samples(database, SQLITE, POSTGRES));
    let options = OpenOptions { patience: std::time::Duration::from_millis(50), ..quick() };
    Db::open(&database.url().parse().unwrap(), options).unwrap()
}

fn a_unit_that_waits_for_too_long_is_given_up_and_never_written(database: &TestDatabase) {
    let db = impatient(database);
    db.hold_writer_until(2);
    let error = db.write(|tx| file(tx, "never")).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    db.write_alone(|tx| file(tx, "x")).unwrap();
    assert_eq!(filed(&db), ["x"]);
}

fn a_unit_that_takes_too_long_is_given_up_and_never_written(database: &TestDatabase) {
    let db = impatient(database);
    let (go_on, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let error = db
        .write(move |tx| {
            let seq = file(tx, "never")?;
            // Until whoever waits has gone and dropped the other end.
            let _ = held.lock().unwrap().recv_timeout(std::time::Duration::from_secs(1));
            Ok::<_, StoreError>(seq)
        })
        .unwrap_err();
    drop(go_on);
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    db.write_alone(|tx| file(tx, "x")).unwrap();
    assert_eq!(filed(&db), ["x"]);
}

/// As several server processes on one PostgreSQL, or a command beside a server on one file.
fn two_databases_on_one_place_write_in_turn(database: &TestDatabase) {
    let first = open_with_samples(database, SQLITE, POSTGRES);
    let second = Db::open(&database.url().parse().unwrap(), quick()).unwrap();
    let threads: Vec<_> = [first.clone(), second]
        .into_iter()
        .map(|db| {
            thread::spawn(move || (0..100).for_each(|_| assert!(db.write(|tx| file(tx, "x")).unwrap() > 0)))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(filed(&first).len(), 200);
}
