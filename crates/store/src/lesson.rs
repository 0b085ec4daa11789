//! Lessons and the cases that they were learned from.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::case::Tag;
use nevertwice_domain::field::FieldValues;
use nevertwice_domain::id::{CaseId, LessonId, PersonId};
use nevertwice_domain::lesson::{Lesson, LessonRecord, LessonState};
use nevertwice_domain::reference::LessonRef;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::{Date, Timestamp};

use crate::engine::{ToValue, Tx, Value};
use crate::error::StoreError;
use crate::record::{self, Record, RecordDef};

statements! {
    /// The id of a reference.
    ID_OF = "SELECT id FROM lessons WHERE reference = $1";
    /// The lessons of cases.
    OF_CASES = "SELECT lesson_id, case_id FROM lesson_cases WHERE case_id IN ($*) ORDER BY lesson_id";
    /// The next lessons after an id, for reading them all in portions.
    AFTER = "SELECT id FROM lessons WHERE id > $1 ORDER BY id LIMIT $2";
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

/// Changes a lesson; cases can be added, not taken away.
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
    Ok(Lesson::restore(new))
}
