//! A failure at every statement of a batch of three units, in every way.

use nevertwice_testkit::{Engine, TestDatabase};

use super::{POSTGRES, Refusal, SQLITE, file, filed, write};
use crate::engine::fault::FaultKind;
use crate::engine::tests::open_with_samples;
use crate::{Db, StoreError};

nevertwice_testkit::on_each_engine!(
    whichever_statement_fails_the_others_are_kept_without_a_gap,
    whichever_statement_meets_a_rollback_nothing_is_lost,
    whichever_statement_panics_the_others_are_kept_without_a_gap,
    whenever_the_connection_breaks_nothing_is_half_done
);

/// Of a batch of three units.
const STATEMENTS: u64 = 2 + 3 * 4;

/// Runs three units in one batch with a fault at the `nth` statement. Returns their outcomes, in the order of
/// their names, or nothing when the batch had no such statement.
fn three_units(db: &Db, nth: u64, kind: FaultKind) -> Option<[Result<i64, StoreError>; 3]> {
    db.hold_writer_until(3);
    db.inject_fault(nth, kind);
    let units = ["a", "b", "c"].map(|name| {
        write(db, move |tx| {
            let seq = file(tx, name)?;
            file(tx, name)?;
            Ok(seq)
        })
    });
    let outcomes = units.map(|unit| {
        unit.join().unwrap().map_err(|refusal| match refusal {
            Refusal::Store(error) => error,
            Refusal::Rule(rule) => panic!("{rule}"),
        })
    });
    let (_, still_to_come) = db.writer_statements();
    (!still_to_come).then_some(outcomes)
}

/// Tries every statement in turn, `check`ing how many units were refused and what for; the table must hold what
/// the answers say. Returns how many statements there were.
fn at_every_statement(database: &TestDatabase, kind: FaultKind, check: impl Fn(u64, &[StoreError])) -> u64 {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    let mut expected = Vec::new();
    for nth in 1.. {
        let Some(outcomes) = three_units(&db, nth, kind) else { return nth - 1 };
        let mut errors = Vec::new();
        for (name, outcome) in ["a", "b", "c"].into_iter().zip(outcomes) {
            match outcome {
                Ok(_) => expected.extend([name, name]),
                Err(error) => errors.push(error),
            }
        }
        check(nth, &errors);
        let (mut found, mut wanted) = (filed(&db), expected.clone());
        found.sort();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "at statement {nth}");
    }
    0
}

fn whichever_statement_fails_the_others_are_kept_without_a_gap(database: &TestDatabase) {
    let statements = at_every_statement(database, FaultKind::StatementFails, |nth, errors| {
        assert!(errors.len() <= 1, "at statement {nth}: {errors:?}");
    });
    // BEGIN, COMMIT, and per unit four statements.
    assert_eq!(statements, STATEMENTS);
}

fn whichever_statement_meets_a_rollback_nothing_is_lost(database: &TestDatabase) {
    at_every_statement(database, FaultKind::TransactionGone, |nth, errors| {
        assert!(errors.is_empty(), "at statement {nth}: {errors:?}");
    });
}

fn whichever_statement_panics_the_others_are_kept_without_a_gap(database: &TestDatabase) {
    at_every_statement(database, FaultKind::Panic, |nth, errors| {
        assert!(errors.len() <= 1, "at statement {nth}: {errors:?}");
    });
}

/// During COMMIT the outcome is unknown and said to be; in the test it did not happen. At any other statement all
/// three are run again on a new connection.
fn whenever_the_connection_breaks_nothing_is_half_done(database: &TestDatabase) {
    let last = if database.engine() == Engine::Postgres { STATEMENTS } else { 0 };
    at_every_statement(database, FaultKind::ConnectionLost, |nth, errors| {
        if nth == last {
            assert_eq!(errors.len(), 3);
            assert!(
                errors.iter().all(|error| matches!(error, StoreError::OutcomeUnknown { .. })),
                "{errors:?}"
            );
        } else {
            assert!(errors.is_empty(), "at statement {nth}: {errors:?}");
        }
    });
}
