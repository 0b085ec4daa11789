//! What units of one transaction know from each other, and what they forget when something is undone.

use nevertwice_domain::settings::Settings;
use nevertwice_testkit::TestDatabase;

use super::findings;
use crate::record::tests::seed::{act, seed, seeded};
use crate::trail::read;
use crate::{Db, StoreError, case, settings, trail};

nevertwice_testkit::on_each_engine!(
    units_of_one_transaction_go_on_from_one_head,
    settings_that_were_undone_are_forgotten
);

/// Saves a case, which makes an entry, and then fails or not.
fn save(db: &Db, nth: u8, fails: bool) -> std::thread::JoinHandle<Result<u64, StoreError>> {
    let db = db.clone();
    std::thread::spawn(move || {
        db.write(move |tx| {
            let old = seed();
            trail::begin(tx, act(nth));
            case::save(tx, &old.cases[0], &old.cases[0])?;
            let sequence = trail::flush(tx)?;
            if fails { Err(StoreError::Closed) } else { Ok(sequence) }
        })
    })
}

fn units_of_one_transaction_go_on_from_one_head(database: &TestDatabase) {
    let db = seeded(database);
    let before = db.read(read::sequence).unwrap();
    db.hold_writer_until(5);
    let units: Vec<_> =
        (2..).zip([false, true, false, true, false]).map(|(nth, fails)| save(&db, nth, fails)).collect();
    let mut told: Vec<u64> = units.into_iter().filter_map(|unit| unit.join().unwrap().ok()).collect();
    told.sort_unstable();
    assert_eq!(told, [before + 1, before + 2, before + 3]);
    db.read(|tx| {
        assert_eq!(findings(tx), []);
        Ok::<_, StoreError>(())
    })
    .unwrap();
}

fn settings_that_were_undone_are_forgotten(database: &TestDatabase) {
    let db = seeded(database);
    db.write(|tx| {
        let old = settings::get(tx)?;
        let wanted = Settings { sample: !old.sample, ..old.clone() };
        trail::begin(tx, act(2));
        let undone = tx.savepoint(|tx| {
            let saved = settings::save(tx, &old, wanted.clone())?;
            assert_eq!(settings::get(tx)?, saved);
            assert_ne!(saved.sample, old.sample);
            Err::<(), _>(StoreError::Closed)
        });
        assert_eq!(undone, Err(StoreError::Closed));
        assert_eq!(settings::get(tx)?, old);
        Ok::<_, StoreError>(())
    })
    .unwrap();
}
