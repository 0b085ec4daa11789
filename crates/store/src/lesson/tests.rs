//! What the schema refuses whoever writes the row, and what is listed as needing somebody.

use std::collections::BTreeSet;

use nevertwice_domain::id::LessonId;
use nevertwice_testkit::TestDatabase;
use uuid::Uuid;

use super::{covered_by, not_retired, save, save_coverage, stale};
use crate::engine::tests::exec;
use crate::engine::{ToValue, Value};
use crate::error::StoreError;
use crate::record::tests::seed::{act, id, seed, seeded};
use crate::{Db, Tx, lesson, trail};

nevertwice_testkit::on_each_engine!(
    sql_makes_no_lesson_that_nothing_carries,
    sql_makes_no_action_without_owner_or_date,
    what_carries_a_lesson_is_its_own_action_or_what_somebody_approved,
    a_retired_lesson_is_looked_at_no_more,
    a_lesson_that_was_approved_and_retired_had_something_that_carried_it,
    what_covers_a_lesson_is_a_record_of_its_kind,
    only_lessons_in_force_whose_day_has_passed_are_stale
);

/// The draft of the seed, which nothing carries.
const DRAFT: u32 = 132;

fn lessons_state(tx: &mut Tx, lesson: u32, state: &str) -> Result<u64, StoreError> {
    let params = [Value::Text(state.to_owned()), id(lesson).to_value()];
    exec(tx, "UPDATE lessons SET state = $1 WHERE id = $2", &params)
}

/// Whether one statement alone is refused.
fn refused(db: &Db, statement: impl Fn(&mut Tx) -> Result<u64, StoreError> + Send + 'static) -> bool {
    db.write(move |tx| statement(tx).map(drop)).is_err()
}

fn sql_makes_no_lesson_that_nothing_carries(database: &TestDatabase) {
    let db = seeded(database);
    for state in ["approved", "applied", "proved", "overtaken", "did_not_hold", "regressed"] {
        assert!(refused(&db, move |tx| lessons_state(tx, DRAFT, state)), "{state}");
        let insert = format!(
            "INSERT INTO lessons (id, version, reference, statement, state, tags, author_id, fields, created_at) \
             SELECT $1, version, 'LSN-2026-0099', statement, '{state}', tags, author_id, fields, created_at \
             FROM lessons WHERE id = $2"
        );
        let params = || [id(999).to_value(), id(DRAFT).to_value()];
        assert!(refused(&db, move |tx| exec(tx, &insert, &params())), "{state}");
    }
    assert!(!refused(&db, |tx| lessons_state(tx, 131, "approved")), "its action carries it");
    assert!(refused(&db, |tx| exec(tx, "DELETE FROM lesson_carriers", &[])), "then it stays carried");
}

fn sql_makes_no_action_without_owner_or_date(database: &TestDatabase) {
    let db = seeded(database);
    for column in ["owner_id", "due_on", "original_due_on"] {
        let empty = format!("UPDATE actions SET {column} = NULL");
        assert!(refused(&db, move |tx| exec(tx, &empty, &[])), "{column}");
    }
    let nobody = [id(998).to_value()];
    assert!(refused(&db, move |tx| exec(tx, "UPDATE actions SET owner_id = $1", &nobody)), "nobody");
}

fn what_carries_a_lesson_is_its_own_action_or_what_somebody_approved(database: &TestDatabase) {
    let db = seeded(database);
    let carry = |column: &str, what: u32| {
        let sql = format!("INSERT INTO lesson_carriers (lesson_id, {column}) VALUES ($1, $2)");
        let params = [id(DRAFT).to_value(), id(what).to_value()];
        refused(&db, move |tx| exec(tx, &sql, &params))
    };
    assert!(carry("action_id", 141), "an action of another lesson");
    assert!(carry("action_id", 142), "an action of none");
    assert!(carry("coverage_id", 181), "a coverage of another lesson");
    let covered = move |tx: &mut Tx| -> Result<bool, StoreError> {
        trail::begin(tx, act(3));
        let old = seed().coverages[1].clone();
        let open = nevertwice_domain::lesson::LessonCoverage {
            id: id(183).into(),
            lesson_id: LessonId::new(id(DRAFT)),
            ..old
        };
        lesson::add_coverage(tx, &open, 1)?;
        let approved = open.clone().approve(id(1).into(), open.declared_at).unwrap();
        save_coverage(tx, &open, &approved, 1)?;
        Ok(lessons_state(tx, DRAFT, "approved")? == 1)
    };
    assert!(db.write(covered).unwrap(), "once it is approved it carries the lesson");
    let take_back = "UPDATE lesson_coverages SET approved_by = NULL, approved_at = NULL WHERE id = $1";
    assert!(refused(&db, move |tx| exec(tx, take_back, &[id(183).to_value()])), "and stays approved");
}

fn nil() -> LessonId {
    LessonId::new(Uuid::nil())
}

fn a_retired_lesson_is_looked_at_no_more(database: &TestDatabase) {
    let db = seeded(database);
    let draft = LessonId::new(id(DRAFT));
    let found = |db: &Db, after| db.read(move |tx| not_retired(tx, after, 10)).unwrap();
    assert_eq!(found(&db, nil()), [draft], "the other one is retired");
    assert_eq!(found(&db, draft), [], "the next page");
    db.write(|tx| lessons_state(tx, 131, "proved")).unwrap();
    assert_eq!(found(&db, nil()), [LessonId::new(id(131)), draft]);
}

fn a_lesson_that_was_approved_and_retired_had_something_that_carried_it(database: &TestDatabase) {
    let db = seeded(database);
    assert!(!refused(&db, |tx| lessons_state(tx, DRAFT, "retired")), "a draft is withdrawn");
    let approved = "UPDATE lessons SET approved_by = $1 WHERE id = $2";
    let params = || [id(2).to_value(), id(DRAFT).to_value()];
    assert!(refused(&db, move |tx| exec(tx, approved, &params())), "nothing carries it");
}

fn what_covers_a_lesson_is_a_record_of_its_kind(database: &TestDatabase) {
    let db = seeded(database);
    for (kind, column) in [
        ("existing_action", "risk_id"),
        ("control_change", "action_id"),
        ("accepted_risk", "control_change_id"),
    ] {
        let other = format!("UPDATE lesson_coverages SET kind = '{kind}' WHERE {column} IS NOT NULL");
        assert!(refused(&db, move |tx| exec(tx, &other, &[])), "{kind}");
    }
    for column in ["risk_id", "control_change_id"] {
        let nothing = format!("UPDATE lesson_coverages SET {column} = $1 WHERE {column} IS NOT NULL");
        assert!(refused(&db, move |tx| exec(tx, &nothing, &[id(999).to_value()])), "{column} of nothing");
    }
    let lesson = BTreeSet::from([LessonId::new(id(131))]);
    let by = |actions: Vec<u32>, risks: Vec<u32>, controls: Vec<u32>, cases: Vec<u32>| {
        fn ids<I: From<Uuid>>(of: Vec<u32>) -> Vec<I> {
            of.into_iter().map(|one| id(one).into()).collect()
        }
        db.read(move |tx| covered_by(tx, &ids(actions), &ids(risks), &ids(controls), &ids(cases))).unwrap()
    };
    assert_eq!(by(vec![142], vec![], vec![], vec![]), lesson);
    assert_eq!(by(vec![], vec![211], vec![], vec![]), lesson);
    assert_eq!(by(vec![], vec![], vec![181], vec![]), lesson);
    assert_eq!(by(vec![], vec![], vec![], vec![61]), lesson);
    assert_eq!(by(vec![141], vec![212], vec![182], vec![62]), BTreeSet::new());
}

fn only_lessons_in_force_whose_day_has_passed_are_stale(database: &TestDatabase) {
    let db = seeded(database);
    let on = |db: &Db, day: &str| {
        let day = day.parse().unwrap();
        db.read(|tx| stale(tx, day, nil(), 10)).unwrap()
    };
    assert_eq!(on(&db, "2030-01-01"), [], "one is retired, the other a draft");
    db.write(|tx| lessons_state(tx, 131, "proved")).unwrap();
    assert_eq!(on(&db, "2027-02-01"), []);
    assert_eq!(on(&db, "2027-02-02"), [LessonId::new(id(131))]);
    let unlink = |tx: &mut Tx| -> Result<usize, StoreError> {
        trail::begin(tx, act(5));
        let before = lesson::get(tx, LessonId::new(id(131)))?.unwrap();
        let after = before.clone().not_from(id(62).into()).unwrap();
        save(tx, &before, &after)?;
        Ok(lesson::get(tx, before.id)?.unwrap().cases.len())
    };
    assert_eq!(db.write(unlink).unwrap(), 1, "a case is taken away");
}
