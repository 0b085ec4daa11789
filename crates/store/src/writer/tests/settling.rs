//! A COMMIT whose answer is lost: the trail tells what became of it. SQLite answers itself, so these end at once there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use nevertwice_testkit::{Engine, TestDatabase};

use crate::engine::fault::FaultKind;
use crate::record::tests::seed::{act, seed, seeded};
use crate::trail::verify::verify;
use crate::{Db, StoreError, case, trail};

nevertwice_testkit::on_each_engine!(
    what_was_committed_is_acknowledged_though_the_answer_was_lost,
    what_was_not_committed_is_run_again,
    units_that_share_the_transaction_share_its_fate,
    without_an_entry_in_the_trail_the_outcome_stays_unknown
);

/// The statements of one unit that saves a case, and COMMIT, which is the last of them.
fn statements_of_a_unit(db: &Db) -> u64 {
    let before = db.writer_statements().0;
    save(db, 2, &Arc::default()).unwrap();
    db.writer_statements().0 - before
}

/// Saves a case as it is, which makes an entry; counts how often the unit runs.
fn save(db: &Db, nth: u8, runs: &Arc<AtomicU32>) -> Result<u64, StoreError> {
    let runs = runs.clone();
    db.write(move |tx| {
        runs.fetch_add(1, Ordering::Relaxed);
        let old = seed();
        trail::begin(tx, act(nth));
        case::save(tx, &old.cases[0], &old.cases[0])?;
        trail::flush(tx)
    })
}

/// The length of a trail that verifies.
fn entries(db: &Db) -> u64 {
    db.read(|tx| {
        let report = verify(tx, &mut |_| {})?;
        assert_eq!(report.findings, []);
        Ok::<_, StoreError>(report.entry_count)
    })
    .unwrap()
}

/// Loses the answer to a COMMIT that was carried out or not; returns how often the unit ran, after checking that its
/// answer is right and that it is in the trail once.
fn runs_until_settled(database: &TestDatabase, kind: FaultKind) -> u32 {
    let db = seeded(database);
    let last = statements_of_a_unit(&db);
    let before = entries(&db);
    let runs = Arc::new(AtomicU32::new(0));
    db.inject_fault(last, kind);
    assert_eq!(save(&db, 3, &runs), Ok(before + 1));
    assert!(!db.writer_statements().1, "the failure is still to come");
    assert_eq!(entries(&db), before + 1);
    runs.load(Ordering::Relaxed)
}

fn what_was_committed_is_acknowledged_though_the_answer_was_lost(database: &TestDatabase) {
    if database.engine() == Engine::Postgres {
        assert_eq!(runs_until_settled(database, FaultKind::AnswerLost), 1);
    }
}

fn what_was_not_committed_is_run_again(database: &TestDatabase) {
    if database.engine() == Engine::Postgres {
        assert_eq!(runs_until_settled(database, FaultKind::ConnectionLost), 2);
    }
}

fn units_that_share_the_transaction_share_its_fate(database: &TestDatabase) {
    if database.engine() == Engine::Sqlite {
        return;
    }
    for kind in [FaultKind::AnswerLost, FaultKind::ConnectionLost] {
        let fresh = TestDatabase::postgres();
        let db = seeded(&fresh);
        let before = entries(&db);
        let alone = statements_of_a_unit(&db);
        // Once for both: BEGIN, reading the trail's head, writing the entries, moving the head, COMMIT.
        let of_its_own = alone - 5;
        db.hold_writer_until(2);
        db.inject_fault(alone + of_its_own, kind);
        let other = db.clone();
        let other = std::thread::spawn(move || save(&other, 4, &Arc::default()));
        let one = save(&db, 3, &Arc::default()).unwrap();
        let two = other.join().unwrap().unwrap();
        assert_eq!(one.max(two), before + 3);
        assert_eq!(one.min(two), before + 2);
        assert!(!db.writer_statements().1, "the failure is still to come");
        assert_eq!(entries(&db), before + 3);
    }
}

fn without_an_entry_in_the_trail_the_outcome_stays_unknown(database: &TestDatabase) {
    if database.engine() == Engine::Sqlite {
        return;
    }
    let db = seeded(database);
    // A unit without statements has BEGIN and COMMIT.
    db.inject_fault(2, FaultKind::AnswerLost);
    let error = db.write(|_| Ok::<_, StoreError>(())).unwrap_err();
    assert!(matches!(error, StoreError::OutcomeUnknown { .. }), "{error:?}");
}
