//! Numbers of units that share a transaction, on both engines.

use std::thread;

use nevertwice_domain::reference::{AssetRef, CaseRef};
use nevertwice_testkit::TestDatabase;

use super::{COUNTERS, next, reserve, settle};
use crate::{Db, OpenOptions, StoreError, Tx};

nevertwice_testkit::on_each_engine!(
    units_that_share_a_transaction_count_on,
    a_unit_that_fails_leaves_no_gap,
    what_is_counted_on_can_be_read_once_settled,
);

fn open(database: &TestDatabase) -> Db {
    crate::open(&database.url().parse().unwrap(), OpenOptions::default()).unwrap()
}

fn case(tx: &mut Tx) -> Result<String, StoreError> {
    Ok(next::<CaseRef>(tx, 2026)?.to_string())
}

fn counters(tx: &mut Tx) -> Result<Vec<(String, i64, u32)>, StoreError> {
    let rows = tx.query(COUNTERS, &[])?;
    rows.iter().map(|row| Ok((row.get("prefix")?, row.get("year")?, row.get("last_number")?))).collect()
}

/// Runs units that wait for each other, in the order in which they are given.
fn together<const N: usize>(
    db: &Db,
    units: [fn(&mut Tx) -> Result<String, StoreError>; N],
) -> [Result<String, StoreError>; N] {
    db.hold_writer_until(N);
    let running = units.map(|unit| {
        let db = db.clone();
        let running = thread::spawn(move || db.write(unit));
        // The next one must not get into the queue before this one.
        thread::sleep(std::time::Duration::from_millis(30));
        running
    });
    running.map(|unit| unit.join().unwrap())
}

fn units_that_share_a_transaction_count_on(database: &TestDatabase) {
    let db = open(database);
    db.write(case).unwrap();
    let several = |tx: &mut Tx| {
        let cases = reserve::<CaseRef>(tx, 2026, 3)?;
        let older = next::<CaseRef>(tx, 2025)?;
        let assets = reserve::<AssetRef>(tx, 2026, 2)?;
        Ok(format!("{} {} {older} {} {}", cases[0], cases[2], assets[0], assets[1]))
    };
    let taken = together(&db, [case, several, case, several]).map(Result::unwrap);
    assert_eq!(
        taken,
        [
            "CASE-2026-0002",
            "CASE-2026-0003 CASE-2026-0005 CASE-2025-0001 AST-0001 AST-0002",
            "CASE-2026-0006",
            "CASE-2026-0007 CASE-2026-0009 CASE-2025-0002 AST-0003 AST-0004"
        ]
    );
    assert_eq!(db.write(case).unwrap(), "CASE-2026-0010");
    let kept = db.read(counters).unwrap();
    assert_eq!(kept, [("AST".into(), 0, 4), ("CASE".into(), 2025, 2), ("CASE".into(), 2026, 10)]);
}

fn a_unit_that_fails_leaves_no_gap(database: &TestDatabase) {
    let db = open(database);
    let failing = |tx: &mut Tx| {
        reserve::<CaseRef>(tx, 2026, 5)?;
        Err(StoreError::Closed)
    };
    let mut taken = together(&db, [case, failing, case]).map(Result::ok);
    taken.sort();
    assert_eq!(taken, [None, Some("CASE-2026-0001".to_owned()), Some("CASE-2026-0002".to_owned())]);
    assert_eq!(db.write(case).unwrap(), "CASE-2026-0003");
}

fn what_is_counted_on_can_be_read_once_settled(database: &TestDatabase) {
    let db = open(database);
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
    assert_eq!(db.write(case).unwrap(), "CASE-2026-0005");
}
