//! What units of one transaction know from each other, and what they forget when one of them is undone.

use nevertwice_domain::settings::Settings;
use nevertwice_testkit::TestDatabase;

use super::findings;
use crate::record::tests::seed::{act, seed, seeded};
use crate::trail::read;
use crate::{Db, StoreError, case, settings, trail};

nevertwice_testkit::on_each_engine!(
    units_of_one_transaction_go_on_from_one_head,
    settings_that_were_undone_are_forgotten,
    what_waits_is_written_before_the_trail_is_read
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

/// Turns the sample's mark over if `turns`, and tells how it stands; fails or not.
fn mark(db: &Db, nth: u8, turns: bool) -> std::thread::JoinHandle<Result<bool, StoreError>> {
    let db = db.clone();
    std::thread::spawn(move || {
        db.write(move |tx| {
            trail::begin(tx, act(nth));
            let old = settings::get(tx)?;
            if turns {
                let wanted = Settings { sample: !old.sample, ..old.clone() };
                let saved = settings::save(tx, &old, wanted)?;
                assert_eq!(settings::get(tx)?, saved);
                return Err(StoreError::Closed);
            }
            Ok(old.sample)
        })
    })
}

fn settings_that_were_undone_are_forgotten(database: &TestDatabase) {
    let db = seeded(database);
    let before = db.read(settings::get).unwrap().sample;
    db.hold_writer_until(4);
    let units: Vec<_> =
        (2..).zip([false, true, true, false]).map(|(nth, turns)| mark(&db, nth, turns)).collect();
    let told: Vec<bool> = units.into_iter().filter_map(|unit| unit.join().unwrap().ok()).collect();
    assert_eq!(told, [before, before]);
    assert_eq!(db.read(settings::get).unwrap().sample, before);
}

/// The trail is whole for whoever reads it in the unit that wrote it.
fn what_waits_is_written_before_the_trail_is_read(database: &TestDatabase) {
    let db = seeded(database);
    db.write(|tx| {
        let old = seed();
        let before = read::sequence(tx)?;
        trail::begin(tx, act(2));
        case::save(tx, &old.cases[0], &old.cases[0])?;
        assert_eq!(trail::flush(tx)?, before + 1);
        assert_eq!(read::sequence(tx)?, before + 1);
        assert_eq!(read::hashes(tx)?.len() as u64, before + 1);
        case::save(tx, &old.cases[0], &old.cases[0])?;
        trail::flush(tx)?;
        assert!(read::entry_hash(tx, before + 2)?.is_some());
        assert_eq!(findings(tx), []);
        Ok::<_, StoreError>(())
    })
    .unwrap();
    assert_eq!(db.read(|tx| Ok::<_, StoreError>(findings(tx))).unwrap(), []);
}
