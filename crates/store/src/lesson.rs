//! Lessons and the cases that they were learned from.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::case::Tag;
use nevertwice_domain::field::FieldValues;
use nevertwice_domain::id::{
    ActionId, CaseId, ConfirmationId, ControlChangeId, ControlId, CoverageId, LessonId, PersonId, RiskId,
};
use nevertwice_domain::lesson::{
    CoverageKind, Lesson, LessonConfirmation, LessonCoverage, LessonRecord, LessonState,
};
use nevertwice_domain::reference::LessonRef;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::{Date, Timestamp};

use crate::engine::{TableDef, ToValue, Tx, Value};
use crate::error::StoreError;
use crate::record::{self, Record, RecordDef};

statements! {
    /// The id of a reference.
    ID_OF = "SELECT id FROM lessons WHERE reference = $1";
    /// The lessons of cases.
    OF_CASES = "SELECT lesson_id, case_id FROM lesson_cases WHERE case_id IN ($*) ORDER BY lesson_id";
    /// The next lessons after an id, for reading them all in portions.
    AFTER = "SELECT id FROM lessons WHERE id > $1 ORDER BY id LIMIT $2";
    /// Lessons in force that were to be looked at again before a day.
    STALE = "SELECT id FROM lessons
        WHERE state IN ('approved', 'applied', 'proved') AND review_on < $1 AND id > $2 ORDER BY id LIMIT $3";
    /// The next lessons after an id that somebody may rely on or will: drafts too.
    NOT_RETIRED = "SELECT id FROM lessons WHERE state <> 'retired' AND id > $1 ORDER BY id LIMIT $2";
    /// Lessons that actions are said to cover.
    COVERED_BY_ACTIONS = "SELECT lesson_id FROM lesson_coverages WHERE action_id IN ($*)";
    /// Lessons that risks are said to cover.
    COVERED_BY_RISKS = "SELECT lesson_id FROM lesson_coverages WHERE risk_id IN ($*)";
    /// Lessons that changes of controls are said to cover.
    COVERED_BY_CONTROLS = "SELECT c.lesson_id FROM lesson_coverages c JOIN control_changes k ON k.id = c.control_change_id
                           WHERE k.control_id IN ($*)";
    /// Lessons that changes of controls are said to cover, which were recorded on cases.
    COVERED_BY_CHANGES_OF = "SELECT c.lesson_id FROM lesson_coverages c JOIN control_changes k ON k.id = c.control_change_id
                             WHERE k.case_id IN ($*)";
    /// An action carries its lesson, unless something does already.
    CARRY_BY_ACTION = "INSERT INTO lesson_carriers (lesson_id, action_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    /// An approved coverage carries its lesson, unless something does already.
    CARRY_BY_COVERAGE = "INSERT INTO lesson_carriers (lesson_id, coverage_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
}

/// A row of `lessons`; the cases are rows of their own.
struct LessonRow {
    id: LessonId,
    version: u64,
    reference: LessonRef,
    statement: Line,
    detail: Option<Prose>,
    state: LessonState,
    tags: BTreeSet<Tag>,
    review_on: Option<Date>,
    author_id: PersonId,
    approved_by: Option<PersonId>,
    approved_at: Option<Timestamp>,
    retired_reason: Option<Prose>,
    fields: FieldValues,
    created_at: Timestamp,
}

record!(LessonRow as "lessons" of Lesson by id [] {
    id: LessonId, version: u64, reference: LessonRef, statement: Line, detail: Option<Prose>, state: LessonState,
    tags: BTreeSet<Tag>, review_on: Option<Date>, author_id: PersonId, approved_by: Option<PersonId>,
    approved_at: Option<Timestamp>, retired_reason: Option<Prose>, fields: FieldValues,
    created_at: Timestamp,
});

/// A row of `lesson_cases`.
struct LessonCase {
    lesson_id: LessonId,
    case_id: CaseId,
}

record!(LessonCase as "lesson_cases" of Lesson by lesson_id [case_id] { lesson_id: LessonId, case_id: CaseId });

record!(LessonCoverage as "lesson_coverages" of Lesson by lesson_id [id] {
    id: CoverageId, lesson_id: LessonId, kind: CoverageKind, action_id: Option<ActionId>,
    control_change_id: Option<ControlChangeId>, risk_id: Option<RiskId>, reason: Prose, declared_by: PersonId, declared_at: Timestamp, approved_by: Option<PersonId>,
    approved_at: Option<Timestamp>,
});

record!(LessonConfirmation as "lesson_confirmations" of Lesson by lesson_id [id] {
    id: ConfirmationId, lesson_id: LessonId, next_review_on: Date, confirmed_by: PersonId, confirmed_at: Timestamp,
});

/// What carries each lesson beyond its draft: worked out from the first action or the first approved coverage, so that the
/// schema can refuse a lesson that has neither.
pub(crate) static CARRIERS: TableDef =
    TableDef { name: "lesson_carriers", columns: &["lesson_id", "action_id", "coverage_id"] };

/// The trailed table of lessons.
pub(crate) const LESSONS: &RecordDef = <LessonRow as Record>::DEF;
/// The trailed table of the cases that lessons were learned from.
pub(crate) const CASES: &RecordDef = <LessonCase as Record>::DEF;

impl LessonRow {
    fn of(lesson: &LessonRecord) -> Self {
        let l = lesson.clone();
        Self {
            id: l.id,
            version: l.version,
            reference: l.reference,
            statement: l.statement,
            detail: l.detail,
            state: l.state,
            tags: l.tags,
            review_on: l.review_on,
            author_id: l.author_id,
            approved_by: l.approved_by,
            approved_at: l.approved_at,
            retired_reason: l.retired_reason,
            fields: l.fields,
            created_at: l.created_at,
        }
    }

    fn with(self, cases: BTreeSet<CaseId>) -> Lesson {
        Lesson::restore(LessonRecord {
            id: self.id,
            version: self.version,
            reference: self.reference,
            statement: self.statement,
            detail: self.detail,
            state: self.state,
            tags: self.tags,
            cases,
            review_on: self.review_on,
            author_id: self.author_id,
            approved_by: self.approved_by,
            approved_at: self.approved_at,
            retired_reason: self.retired_reason,
            fields: self.fields,
            created_at: self.created_at,
        })
    }
}

/// A lesson by id.
///
/// # Errors
/// What the database reports.
pub fn get(tx: &mut Tx, id: LessonId) -> Result<Option<Lesson>, StoreError> {
    Ok(several(tx, &[id])?.pop())
}

/// A lesson by reference.
///
/// # Errors
/// What the database reports.
pub fn find(tx: &mut Tx, reference: LessonRef) -> Result<Option<Lesson>, StoreError> {
    let Some(row) = tx.query_opt(ID_OF, &params![reference])? else { return Ok(None) };
    get(tx, row.get("id")?)
}

/// Several lessons by id, in order of their references.
///
/// # Errors
/// What the database reports.
pub fn several(tx: &mut Tx, ids: &[LessonId]) -> Result<Vec<Lesson>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let mut cases: BTreeMap<LessonId, BTreeSet<CaseId>> = BTreeMap::new();
    for link in record::of_objects::<LessonCase>(tx, &ids)? {
        cases.entry(link.lesson_id).or_default().insert(link.case_id);
    }
    let rows = record::of_objects::<LessonRow>(tx, &ids)?;
    let mut lessons: Vec<Lesson> = rows
        .into_iter()
        .map(|row| {
            let own = cases.remove(&row.id).unwrap_or_default();
            row.with(own)
        })
        .collect();
    lessons.sort_by_key(|lesson| lesson.reference);
    Ok(lessons)
}

/// The lessons learned from a case, in order of their references.
///
/// # Errors
/// What the database reports.
pub fn of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<Lesson>, StoreError> {
    of_cases(tx, &[case])
}

/// The lessons learned from several cases, in order of their references.
///
/// # Errors
/// What the database reports.
pub fn of_cases(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<Lesson>, StoreError> {
    let list: Vec<Value> = cases.iter().map(ToValue::to_value).collect();
    let links = tx.query_list(OF_CASES, &list)?;
    let ids = links.iter().map(|row| row.get("lesson_id")).collect::<Result<BTreeSet<LessonId>, _>>()?;
    several(tx, &ids.into_iter().collect::<Vec<_>>())
}

/// Up to `limit` ids after `after`, in order: for reading all lessons in portions.
///
/// # Errors
/// What the database reports.
pub fn ids_after(tx: &mut Tx, after: LessonId, limit: u32) -> Result<Vec<LessonId>, StoreError> {
    tx.query(AFTER, &params![after, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Adds lessons.
///
/// # Errors
/// What the database reports.
pub fn insert(tx: &mut Tx, lessons: &[Lesson]) -> Result<(), StoreError> {
    let rows: Vec<(LessonRow, u64)> = lessons.iter().map(|l| (LessonRow::of(l), l.version)).collect();
    record::insert_each(tx, rows.iter().map(|(row, revision)| (row, *revision)))?;
    let links: Vec<(LessonCase, u64)> = lessons
        .iter()
        .flat_map(|l| l.cases.iter().map(|case| (LessonCase { lesson_id: l.id, case_id: *case }, l.version)))
        .collect();
    record::insert_each(tx, links.iter().map(|(row, revision)| (row, *revision)))
}

/// Changes a lesson and the cases that it was learned from.
///
/// # Errors
/// What the database reports.
pub fn save(tx: &mut Tx, before: &Lesson, after: &Lesson) -> Result<Lesson, StoreError> {
    let new = LessonRecord { version: before.version + 1, ..(**after).clone() };
    record::update(tx, &LessonRow::of(before), &LessonRow::of(&new), new.version)?;
    let added: Vec<LessonCase> = new
        .cases
        .difference(&before.cases)
        .map(|case| LessonCase { lesson_id: new.id, case_id: *case })
        .collect();
    record::insert(tx, &added, new.version)?;
    for case in before.cases.difference(&new.cases) {
        record::delete(tx, &LessonCase { lesson_id: new.id, case_id: *case }, new.version)?;
    }
    Ok(Lesson::restore(new))
}

/// What covers lessons, approved or not, in the order in which it was said.
///
/// # Errors
/// What the database reports.
pub fn coverages(tx: &mut Tx, lessons: &[LessonId]) -> Result<Vec<LessonCoverage>, StoreError> {
    let ids: Vec<_> = lessons.iter().map(|id| id.uuid()).collect();
    record::of_objects(tx, &ids)
}

/// Adds what covers a lesson; `revision` is the lesson's version.
///
/// # Errors
/// What the database reports.
pub fn add_coverage(tx: &mut Tx, coverage: &LessonCoverage, revision: u64) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(coverage), revision)
}

/// Changes what covers a lesson; once it is approved it can carry the lesson.
///
/// # Errors
/// What the database reports.
pub fn save_coverage(
    tx: &mut Tx,
    before: &LessonCoverage,
    after: &LessonCoverage,
    revision: u64,
) -> Result<(), StoreError> {
    record::update(tx, before, after, revision)?;
    if after.is_approved() {
        tx.exec(CARRY_BY_COVERAGE, &params![after.lesson_id, after.id])?;
    }
    Ok(())
}

/// An action of a lesson can carry it from now on.
pub(crate) fn carry_by_action(tx: &mut Tx, lesson: LessonId, action: ActionId) -> Result<(), StoreError> {
    tx.exec(CARRY_BY_ACTION, &params![lesson, action]).map(drop)
}

/// That a lesson was found still true, the earliest first.
///
/// # Errors
/// What the database reports.
pub fn confirmations(tx: &mut Tx, lesson: LessonId) -> Result<Vec<LessonConfirmation>, StoreError> {
    record::of_object(tx, lesson.uuid())
}

/// Adds that a lesson was found still true; `revision` is its version.
///
/// # Errors
/// What the database reports.
pub fn add_confirmation(
    tx: &mut Tx,
    confirmation: &LessonConfirmation,
    revision: u64,
) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(confirmation), revision)
}

/// Up to `limit` lessons after `after` that were to be looked at again before `today`.
///
/// # Errors
/// What the database reports.
pub fn stale(tx: &mut Tx, today: Date, after: LessonId, limit: u32) -> Result<Vec<LessonId>, StoreError> {
    tx.query(STALE, &params![today, after, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Up to `limit` lessons after `after` that are not retired.
///
/// # Errors
/// What the database reports.
pub fn not_retired(tx: &mut Tx, after: LessonId, limit: u32) -> Result<Vec<LessonId>, StoreError> {
    tx.query(NOT_RETIRED, &params![after, limit])?.iter().map(|row| row.get("id")).collect()
}

/// The lessons that some actions, risks or changes of controls are said to cover, approved or not: what becomes of them,
/// or of the cases that the changes were recorded on, decides whether it still covers anything.
///
/// # Errors
/// What the database reports.
pub fn covered_by(
    tx: &mut Tx,
    actions: &[ActionId],
    risks: &[RiskId],
    controls: &[ControlId],
    cases: &[CaseId],
) -> Result<BTreeSet<LessonId>, StoreError> {
    let mut found = BTreeSet::new();
    for (statement, ids) in [
        (COVERED_BY_ACTIONS, values(actions)),
        (COVERED_BY_RISKS, values(risks)),
        (COVERED_BY_CONTROLS, values(controls)),
        (COVERED_BY_CHANGES_OF, values(cases)),
    ] {
        for row in tx.query_list(statement, &ids)? {
            found.insert(row.get("lesson_id")?);
        }
    }
    Ok(found)
}

fn values<I: ToValue>(ids: &[I]) -> Vec<Value> {
    ids.iter().map(ToValue::to_value).collect()
}

#[cfg(test)]
mod tests;
