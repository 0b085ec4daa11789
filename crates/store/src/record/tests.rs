//! What is saved is what is read, for every kind of record.

use std::collections::BTreeSet;
use std::fmt::Debug;

use nevertwice_domain::action::{Action, ActionRecord};
use nevertwice_domain::case::{Case, CaseRecord};
use nevertwice_domain::cause::{CauseGraphParts, Link};
use nevertwice_domain::control::ControlEdit;
use nevertwice_domain::id::{AssessmentId, CauseId};
use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::review::SimilarLook;
use nevertwice_domain::risk::{Exposure, Look, Rating};
use nevertwice_domain::settings::Settings;
use nevertwice_domain::word::Word;
use nevertwice_testkit::TestDatabase;

use self::seed::{act, reviews, seed, seeded};
use crate::engine::Value;
use crate::engine::tests::{exec, query};
use crate::inventory::RECORDS;
use crate::review::ReviewWithCauses;
use crate::{
    Db, StoreError, Tx, account, action, awareness, case, catalogue, control, import, lesson, person, review,
    risk, settings, trail,
};

pub(crate) mod seed;

nevertwice_testkit::on_each_engine!(
    what_is_inserted_is_what_is_read,
    what_is_saved_is_what_is_read,
    what_is_linked_and_looked_at_again_is_what_is_read,
    the_schema_refuses_what_the_rules_refuse,
    the_seed_fills_every_column_and_leaves_empty_what_may_be
);

/// Compares without regard to the order of rows, which is that of their ids.
fn same<T: Debug + PartialEq>(found: &[T], expected: &[T]) {
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for row in expected {
        assert!(found.contains(row), "expected {row:?}\nfound {found:?}");
    }
}

fn same_review(found: &ReviewWithCauses, expected: &ReviewWithCauses) {
    assert_eq!((&found.review, &found.causes), (&expected.review, &expected.causes));
    assert_eq!((&found.dismissals, &found.look), (&expected.dismissals, &expected.look));
}

fn what_is_inserted_is_what_is_read(database: &TestDatabase) {
    let db = seeded(database);
    let wanted = seed();
    let read = |tx: &mut Tx| -> Result<(), StoreError> {
        assert_eq!(settings::identity(tx)?, Some(wanted.info));
        assert_eq!(settings::get(tx)?, wanted.settings);
        same(&person::list(tx)?, &wanted.people);
        same(&person::tokens(tx, wanted.people[0].id)?, &wanted.tokens);
        for expected in &wanted.accounts {
            assert_eq!(account::get(tx, expected.person_id)?.as_ref(), Some(expected));
        }
        same(&catalogue::fields(tx)?, &wanted.fields);
        same(&catalogue::suppliers(tx)?, &wanted.suppliers);
        same(&catalogue::assets(tx)?, &wanted.assets);
        same(&catalogue::asset_versions(tx, wanted.assets[0].id)?, &wanted.versions);
        let case = wanted.cases[0].id;
        same(&case::several(tx, &[case, wanted.cases[1].id])?, &wanted.cases);
        same(&case::timeline(tx, case)?, &wanted.timeline);
        same(&case::costs(tx, case)?, &wanted.costs);
        same(&case::comments(tx, case)?, &wanted.comments);
        same(&case::gaps(tx, case)?, &wanted.gaps);
        same(&case::evidence(tx, case)?, &wanted.evidence);
        same(&control::list(tx)?, &wanted.controls);
        same(&control::performances_of_case(tx, case)?, &wanted.performances);
        same(&control::changes_of_case(tx, case)?, &wanted.changes);
        same(&case::declarations(tx, case)?, &wanted.declarations);
        same(&risk::list(tx)?, &wanted.risks);
        for expected in reviews(&wanted) {
            same_review(&review::get(tx, expected.review.id)?.unwrap(), &expected);
        }
        same(&lesson::several(tx, &[wanted.lessons[0].id, wanted.lessons[1].id])?, &wanted.lessons);
        let ids: Vec<_> = wanted.actions.iter().map(|action| action.id).collect();
        same(&action::several(tx, &ids)?, &wanted.actions);
        same(&action::moves(tx, ids[0])?, &wanted.moves);
        same(&action::checks(tx, ids[0])?, &wanted.checks);
        let lesson = wanted.lessons[0].id;
        same(&lesson::coverages(tx, &[lesson])?, &wanted.coverages);
        same(&lesson::confirmations(tx, lesson)?, &wanted.confirmations);
        same(&awareness::before(tx, None, 10)?, &wanted.awareness);
        same(&awareness::acknowledgements(tx, &[wanted.awareness[0].id])?, &wanted.acknowledgements);
        same(&import::runs(tx)?, &wanted.runs);
        Ok(())
    };
    db.read(read).unwrap();
}

/// Saves `$after` in place of `$before` and expects it back, one version later.
macro_rules! saved {
    ($db:expr, $kind:ident, $before:expr, $after:expr, $save:path, $get:path) => {{
        let (before, after) = ($before.clone(), $kind::restore(record_of(&$before, &$after)));
        let id = before.id;
        let saved = unit($db, move |tx| $save(tx, &before, &after));
        let found = $db.read(|tx| $get(tx, id)).unwrap().unwrap();
        assert_eq!(found, saved);
        assert_eq!(found.version, $before.version + 1);
    }};
}

/// Everything of another record under the id, reference and version of the first.
macro_rules! under_its_name {
    ($($record:ty),+) => {$(
        impl UnderItsName for $record {
            fn under_its_name(&self, other: &Self) -> Self {
                Self { id: self.id, reference: self.reference, version: self.version, ..other.clone() }
            }
        }
    )+};
}

trait UnderItsName {
    fn under_its_name(&self, other: &Self) -> Self;
}

under_its_name!(CaseRecord);

/// Its lesson stays too: an action that carries one is of that one for ever.
impl UnderItsName for ActionRecord {
    fn under_its_name(&self, other: &Self) -> Self {
        Self {
            id: self.id,
            reference: self.reference,
            version: self.version,
            lesson_id: self.lesson_id,
            ..other.clone()
        }
    }
}

fn record_of<R: UnderItsName>(before: &R, after: &R) -> R {
    before.under_its_name(after)
}

fn unit<T: Send + 'static>(db: &Db, body: impl Fn(&mut Tx) -> Result<T, StoreError> + Send + 'static) -> T {
    db.write(move |tx| {
        trail::begin(tx, act(2));
        body(tx)
    })
    .unwrap()
}

/// Full becomes sparse and sparse full, so that every column is filled and emptied by an update.
fn what_is_saved_is_what_is_read(database: &TestDatabase) {
    let db = seeded(database);
    let old = seed();
    for (one, other) in [(0, 1), (1, 0)] {
        saved!(&db, Case, old.cases[one], old.cases[other], case::save, case::get);
        saved!(&db, Action, old.actions[one], old.actions[other], action::save, action::get);
    }
    let (before, after) = (old.settings.clone(), settings_of(&old));
    let saved = unit(&db, move |tx| settings::save(tx, &before, after.clone()));
    assert_eq!(db.read(settings::get).unwrap(), saved);
    the_graph_of_a_review_changes(&db, &reviews(&old)[0]);
    let findings = db.read(|tx| trail::verify::verify(tx, &mut |_| {})).unwrap().findings;
    assert_eq!(findings, []);
}

/// Links and looks come and go with the risk, and the trail knows of each.
fn what_is_linked_and_looked_at_again_is_what_is_read(database: &TestDatabase) {
    let db = seeded(database);
    let old = seed();
    let control = old.controls[0].clone();
    let edit = ControlEdit { owner_id: Some(None), ..ControlEdit::default() };
    let after = control.clone().edit(edit).unwrap();
    let saved = unit(&db, move |tx| control::save(tx, &control, &after));
    assert_eq!(db.read(|tx| control::find(tx, saved.reference)).unwrap(), Some(saved));

    let before = old.risks[0].clone();
    let case = old.cases[0].id;
    let look = Look {
        id: AssessmentId::new(seed::id(224)),
        exposure: Exposure { likelihood: Rating::new(1).unwrap(), impact: Rating::new(3).unwrap() },
        why: "no more".parse().unwrap(),
        case_id: Some(case),
        lesson_id: None,
        by: old.people[1].id,
        at: act(2).at,
    };
    let changed = before.clone().reopen().unwrap().with_control(old.controls[1].id, false);
    let changed = changed.with_case(old.cases[1].id, false).assess(look).unwrap();
    let accepted = changed.accept(old.people[0].id, act(2).at).unwrap();
    let saved = unit(&db, move |tx| risk::save(tx, &before, &accepted));
    assert_eq!((saved.controls.len(), saved.cases.len(), saved.assessments().count()), (1, 1, 3));
    db.read(|tx| -> Result<(), StoreError> {
        assert_eq!(risk::find(tx, saved.reference)?, Some(saved.clone()));
        assert_eq!(risk::of_control(tx, old.controls[0].id)?, std::slice::from_ref(&saved));
        assert_eq!(risk::of_control(tx, old.controls[1].id)?, []);
        assert_eq!(risk::of_cases(tx, &[case, old.cases[1].id])?, std::slice::from_ref(&saved));
        assert_eq!(risk::of_owner(tx, old.people[0].id)?, std::slice::from_ref(&saved));
        assert_eq!(risk::assessments_of_case(tx, case)?.len(), 2);
        // The case is restricted, and only the second person is on its list.
        let (reader, stranger) = (old.people[1].id, old.people[0].id);
        let end = ("2100-01-01T00:00:00Z".parse().unwrap(), uuid::Uuid::max());
        assert_eq!(risk::assessments_before(tx, reader, end, 9)?.len(), 2);
        assert_eq!(risk::assessments_before(tx, stranger, end, 9)?, []);
        assert!(risk::touched_by_hidden(tx, stranger)?.contains(&saved.id));
        assert!(risk::touched_by_hidden(tx, reader)?.is_empty());
        let changes = control::changes_before(tx, reader, end, 1)?;
        assert_eq!(changes, [old.changes[1].clone()], "the latest first");
        let next = (changes[0].recorded_at, changes[0].id.uuid());
        assert_eq!(control::changes_before(tx, reader, next, 9)?, [old.changes[0].clone()]);
        assert_eq!(control::changes_before(tx, stranger, end, 9)?, []);
        assert_eq!(control::changes(tx, old.controls[0].id, reader)?.len(), 1);
        assert_eq!(control::changes(tx, old.controls[0].id, stranger)?, []);
        assert_eq!(control::performances(tx, old.controls[0].id, stranger)?, []);
        Ok(())
    })
    .unwrap();
    let findings = db.read(|tx| trail::verify::verify(tx, &mut |_| {})).unwrap().findings;
    assert_eq!(findings, []);
}

/// What the rules let nobody write, the schema refuses too.
fn the_schema_refuses_what_the_rules_refuse(database: &TestDatabase) {
    let db = seeded(database);
    for sql in [
        "UPDATE controls SET justification = NULL WHERE reference = 'C-1'",
        "UPDATE controls SET retired_at = created_at, retired_reason = 'x' WHERE reference = 'A.8.16'",
        "UPDATE declarations SET approved_by = declared_by WHERE link = 'risks'",
        "UPDATE declarations SET approved_at = NULL WHERE link = 'risks'",
        "UPDATE declarations SET link = 'similar' WHERE link = 'risks'",
        "UPDATE risk_assessments SET likelihood_before = NULL WHERE number = 3",
        "UPDATE risk_assessments SET likelihood_before = 1, impact_before = 1 WHERE why = 'at first'",
        "UPDATE risk_assessments SET impact_after = 6 WHERE number = 1",
        "UPDATE risk_assessments SET case_id = NULL WHERE lesson_id IS NOT NULL",
        "UPDATE risk_assessments SET number = 1 WHERE number = 3",
        "UPDATE risks SET state = 'open' WHERE reference = 'RSK-0001'",
        "UPDATE control_changes SET after = before",
    ] {
        let outcome = db.write(move |tx| exec(tx, sql, &[]));
        assert!(matches!(outcome, Err(StoreError::Violated { .. })), "{sql}: {outcome:?}");
    }
}

fn settings_of(old: &seed::Seed) -> Settings {
    Settings { categories: Vec::new(), sample: false, ..old.settings.clone() }
}

/// A cause and its links go, another comes, the rest changes places.
fn the_graph_of_a_review_changes(db: &Db, before: &ReviewWithCauses) {
    let mut parts = CauseGraphParts {
        problem: before.review.problem.clone(),
        causes: before.causes.causes().to_vec(),
        links: before.causes.links().to_vec(),
    };
    parts.links.retain(|link| link.cause == parts.causes[0].id);
    parts.causes.truncate(1);
    let mut added = parts.causes[0].clone();
    added.id = CauseId::new(seed::id(123));
    added.position = 1;
    parts.links.push(Link { cause: added.id, ..parts.links[0].clone() });
    parts.causes.push(added);
    let mut after = before.with_causes(parts.try_into().unwrap());
    after.look = after.look.map(|look| SimilarLook { searched: None, hits: Vec::new(), ..look });
    let old = before.clone();
    let saved = unit(db, move |tx| review::save(tx, &old, &after));
    let found = db.read(|tx| review::get(tx, saved.review.id)).unwrap().unwrap();
    same_review(&found, &saved);
    assert_eq!(found.review.version, before.review.version + 1);
    assert_eq!(found.causes.causes().len(), 2);
    assert_eq!(found.dismissals.len(), 1, "what was set aside about a cause goes with it");
}

/// The tests that change every column rest on this.
fn the_seed_fills_every_column_and_leaves_empty_what_may_be(database: &TestDatabase) {
    let db = seeded(database);
    let engine = database.engine();
    db.read(|tx| -> Result<(), StoreError> {
        let schema = crate::inventory::tests::schema::columns(tx, engine);
        let mut kinds = BTreeSet::new();
        for def in RECORDS {
            kinds.insert(def.kind.as_str());
            for column in def.table.columns {
                let sql = format!("SELECT {column} FROM {}", def.table.name);
                let values: Vec<Value> =
                    query(tx, &sql, &[])?.iter().map(|row| row.values()[0].clone()).collect();
                let place = format!("{}.{column}", def.table.name);
                assert!(values.iter().any(|value| *value != Value::Null), "{place} is never filled");
                let may_be_empty = schema[&(def.table.name.to_owned(), (*column).to_owned())].1;
                let is_empty = values.contains(&Value::Null);
                // One row alone is never both.
                let is_empty = is_empty || (may_be_empty && values.len() == 1);
                assert_eq!(is_empty, may_be_empty, "{place} is empty: {is_empty}, may be: {may_be_empty}");
            }
        }
        assert_eq!(kinds.len(), <ObjectKind as Word>::ALL.len());
        Ok(())
    })
    .unwrap();
}
