//! Numbers of units that share a transaction, on both engines.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use nevertwice_domain::reference::{AssetRef, CaseRef, Reference};
use nevertwice_testkit::TestDatabase;

use super::{COUNTERS, next, reserve, settle};
use crate::{Db, OpenOptions, StoreError, Tx};

nevertwice_testkit::on_each_engine!(
    units_that_share_a_transaction_count_on,
    a_unit_that_fails_leaves_no_gap,
    what_is_counted_on_can_be_read_once_settled,
);

type Unit = fn(&mut Tx) -> Result<Vec<u32>, StoreError>;

/// An open store and how often it committed.
fn open(database: &TestDatabase) -> (Db, Arc<AtomicU64>) {
    let commits = Arc::new(AtomicU64::new(0));
    let counted = commits.clone();
    let on_commit = Arc::new(move || {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let options = OpenOptions { on_commit, ..OpenOptions::default() };
    (crate::open(&database.url().parse().unwrap(), options).unwrap(), commits)
}

/// Takes so many numbers.
fn cases<const COUNT: u32>(tx: &mut Tx) -> Result<Vec<u32>, StoreError> {
    Ok(reserve::<CaseRef>(tx, 2026, COUNT)?.into_iter().map(Reference::number).collect())
}

fn counters(tx: &mut Tx) -> Result<Vec<(String, i64, u32)>, StoreError> {
    let rows = tx.query(COUNTERS, &[])?;
    rows.iter().map(|row| Ok((row.get("prefix")?, row.get("year")?, row.get("last_number")?))).collect()
}

/// Runs units that wait for each other, in whichever order they come; the number of commits that they took.
fn together(db: &Db, commits: &AtomicU64, units: Vec<Unit>) -> (Vec<Result<Vec<u32>, StoreError>>, u64) {
    let before = commits.load(Ordering::SeqCst);
    db.hold_writer_until(units.len());
    let running: Vec<_> = units
        .into_iter()
        .map(|unit| {
            let db = db.clone();
            thread::spawn(move || db.write(unit))
        })
        .collect();
    let taken = running.into_iter().map(|unit| unit.join().unwrap()).collect();
    (taken, commits.load(Ordering::SeqCst) - before)
}

fn units_that_share_a_transaction_count_on(database: &TestDatabase) {
    let (db, commits) = open(database);
    assert_eq!(db.write(cases::<1>).unwrap(), [1]);
    let mut units: Vec<Unit> = vec![cases::<1>, cases::<3>, cases::<2>, cases::<3>];
    units.push(|tx| Ok(vec![next::<CaseRef>(tx, 2025)?.number()]));
    units.push(|tx| Ok(reserve::<AssetRef>(tx, 2026, 2)?.into_iter().map(Reference::number).collect()));
    let (taken, commits) = together(&db, &commits, units);
    assert_eq!(commits, 1);
    let mut taken: Vec<Vec<u32>> = taken.into_iter().map(Result::unwrap).collect();
    assert_eq!((taken.pop(), taken.pop()), (Some(vec![1, 2]), Some(vec![1])), "other counters");
    assert!(taken.iter().all(|of_one| of_one.windows(2).all(|two| two[0] + 1 == two[1])), "{taken:?}");
    let mut all: Vec<u32> = taken.concat();
    all.sort_unstable();
    assert_eq!(all, (2..=10).collect::<Vec<_>>());
    assert_eq!(db.write(cases::<1>).unwrap(), [11]);
    let kept = db.read(counters).unwrap();
    assert_eq!(kept, [("AST".into(), 0, 2), ("CASE".into(), 2025, 1), ("CASE".into(), 2026, 11)]);
}

fn a_unit_that_fails_leaves_no_gap(database: &TestDatabase) {
    let (db, commits) = open(database);
    let failing: Unit = |tx| {
        reserve::<CaseRef>(tx, 2026, 5)?;
        Err(StoreError::Closed)
    };
    // Whichever comes first, some of those that fail count on from a number of another.
    let units: Vec<Unit> = vec![cases::<1>, failing, cases::<1>, failing, cases::<1>];
    let (taken, _) = together(&db, &commits, units);
    assert!(taken[1].is_err() && taken[3].is_err(), "{taken:?}");
    let mut all: Vec<u32> = taken.into_iter().flatten().flatten().collect();
    all.sort_unstable();
    assert_eq!(all, [1, 2, 3]);
    assert_eq!(db.write(cases::<1>).unwrap(), [4]);
}

fn what_is_counted_on_can_be_read_once_settled(database: &TestDatabase) {
    let (db, _) = open(database);
    let seen = db.write(|tx| -> Result<_, StoreError> {
        let mut seen = Vec::new();
        for _ in 0..2 {
            reserve::<CaseRef>(tx, 2026, 2)?;
            settle(tx)?;
            seen.push(counters(tx)?[0].2);
        }
        Ok(seen)
    });
    assert_eq!(seen.unwrap(), [2, 4]);
    assert_eq!(db.write(cases::<1>).unwrap(), [5]);
}
