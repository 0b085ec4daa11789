//! Controls, how they did on cases, and what cases changed in them.

use nevertwice_domain::case::{ControlPerformance, Performance};
use nevertwice_domain::control::{Control, ControlChange, ControlRecord, ControlRef, ImplementationStatus};
use nevertwice_domain::id::{ActionId, CaseId, ControlChangeId, ControlId, LessonId, PersonId};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::{Date, Timestamp};

use crate::engine::{ToValue, Tx, Value};
use crate::error::StoreError;
use crate::record::{self, Record, RecordDef};

statements! {
    /// A control by reference.
    CONTROL = "SELECT id, version, reference, title, description, applicable, justification, status, owner_id, retired_at,
               retired_reason, created_at FROM controls WHERE reference = $1";
    /// Every control of which something was said.
    ALL_CONTROLS = "SELECT id, version, reference, title, description, applicable, justification, status, owner_id,
                    retired_at, retired_reason, created_at FROM controls ORDER BY id";
    /// How a control did, on the cases that do not shut out a person, the latest first.
    PERFORMANCES = "SELECT p.case_id, p.control_id, p.performance, p.note, p.noted_by, p.noted_at
                    FROM control_performances p JOIN cases c ON c.id = p.case_id
                    WHERE p.control_id = $1 AND c.state <> 'void' AND (NOT c.restricted OR c.readers LIKE $2)
                    ORDER BY p.noted_at DESC, p.case_id DESC";
    /// What was changed in a control by cases that do not shut out a person, the latest first.
    CHANGES = "SELECT k.id, k.case_id, k.control_id, k.lesson_id, k.action_id, k.before, k.after, k.changed_on, k.recorded_by,
               k.recorded_at FROM control_changes k JOIN cases c ON c.id = k.case_id
               WHERE k.control_id = $1 AND (NOT c.restricted OR c.readers LIKE $2)
               ORDER BY k.recorded_at DESC, k.id DESC";
    /// Several changes by id.
    CHANGES_BY_ID = "SELECT id, case_id, control_id, lesson_id, action_id, before, after, changed_on, recorded_by, recorded_at
                     FROM control_changes WHERE id IN ($*) ORDER BY id";
    /// Changes of controls by cases that do not shut out a person, from a moment back.
    CHANGES_BEFORE = "SELECT k.id, k.case_id, k.control_id, k.lesson_id, k.action_id, k.before, k.after, k.changed_on,
                      k.recorded_by, k.recorded_at FROM control_changes k JOIN cases c ON c.id = k.case_id
                      WHERE (NOT c.restricted OR c.readers LIKE $1)
                      AND (k.recorded_at < $2 OR (k.recorded_at = $2 AND k.id < $3))
                      ORDER BY k.recorded_at DESC, k.id DESC LIMIT $4";
}

record!(ControlRecord as "controls" of Control by id [] {
    id: ControlId, version: u64, reference: ControlRef, title: Line, description: Option<Prose>, applicable: bool,
    justification: Option<Prose>, status: ImplementationStatus, owner_id: Option<PersonId>,
    retired_at: Option<Timestamp>, retired_reason: Option<Prose>, created_at: Timestamp,
});

record!(ControlPerformance as "control_performances" of Case by case_id [control_id] {
    case_id: CaseId, control_id: ControlId, performance: Performance, note: Option<Prose>, noted_by: PersonId,
    noted_at: Timestamp,
});

record!(ControlChange as "control_changes" of Case by case_id [id] {
    id: ControlChangeId, case_id: CaseId, control_id: ControlId, lesson_id: Option<LessonId>,
    action_id: Option<ActionId>, before: Prose, after: Prose, changed_on: Date, recorded_by: PersonId,
    recorded_at: Timestamp,
});

/// The trailed table of controls.
pub(crate) const CONTROLS: &RecordDef = <ControlRecord as Record>::DEF;

/// A control of which something was said, by reference.
///
/// # Errors
/// What the database reports.
pub fn find(tx: &mut Tx, reference: ControlRef) -> Result<Option<Control>, StoreError> {
    Ok(record::select_opt(tx, CONTROL, &params![reference])?.map(Control::restore))
}

/// Several controls by id.
///
/// # Errors
/// What the database reports.
pub fn several(tx: &mut Tx, ids: &[ControlId]) -> Result<Vec<Control>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    Ok(record::of_objects(tx, &ids)?.into_iter().map(Control::restore).collect())
}

/// Every control of which something was said; those of the standard of which nothing was said are not among them.
///
/// # Errors
/// What the database reports.
pub fn list(tx: &mut Tx) -> Result<Vec<Control>, StoreError> {
    Ok(record::select(tx, ALL_CONTROLS, &[])?.into_iter().map(Control::restore).collect())
}

/// Adds a control.
///
/// # Errors
/// What the database reports; a second one of a reference is refused by the schema.
pub fn insert(tx: &mut Tx, control: &Control) -> Result<(), StoreError> {
    record::insert::<ControlRecord>(tx, std::slice::from_ref(&**control), control.version)
}

/// Changes a control.
///
/// # Errors
/// What the database reports.
pub fn save(tx: &mut Tx, before: &Control, after: &Control) -> Result<Control, StoreError> {
    let new = ControlRecord { version: before.version + 1, ..(**after).clone() };
    record::update::<ControlRecord>(tx, before, &new, new.version)?;
    Ok(Control::restore(new))
}

/// How controls did on several cases.
///
/// # Errors
/// What the database reports.
pub fn performances_of_cases(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<ControlPerformance>, StoreError> {
    record::of_objects(tx, &uuids(cases))
}

/// How controls did on a case.
///
/// # Errors
/// What the database reports.
pub fn performances_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<ControlPerformance>, StoreError> {
    record::of_object(tx, case.uuid())
}

/// How a control did on the cases that a person may know of and that are not void, the latest first.
///
/// # Errors
/// What the database reports.
pub fn performances(
    tx: &mut Tx,
    control: ControlId,
    person: PersonId,
) -> Result<Vec<ControlPerformance>, StoreError> {
    record::select(tx, PERFORMANCES, &params![control, listed(person)])
}

/// Adds how a control did; `revision` is the case's version.
///
/// # Errors
/// What the database reports; a second word on one control of a case is refused by the schema.
pub fn add_performance(tx: &mut Tx, row: &ControlPerformance, revision: u64) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(row), revision)
}

/// Changes how a control did; `revision` is the case's version.
///
/// # Errors
/// What the database reports.
pub fn save_performance(
    tx: &mut Tx,
    before: &ControlPerformance,
    after: &ControlPerformance,
    revision: u64,
) -> Result<(), StoreError> {
    record::update(tx, before, after, revision)
}

/// Takes away how a control did; `revision` is the case's version.
///
/// # Errors
/// What the database reports.
pub fn remove_performance(tx: &mut Tx, row: &ControlPerformance, revision: u64) -> Result<(), StoreError> {
    record::delete(tx, row, revision)
}

/// What a case changed in controls.
///
/// # Errors
/// What the database reports.
pub fn changes_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<ControlChange>, StoreError> {
    record::of_object(tx, case.uuid())
}

/// What several cases changed in controls.
///
/// # Errors
/// What the database reports.
pub fn changes_of_cases(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<ControlChange>, StoreError> {
    record::of_objects(tx, &uuids(cases))
}

/// What was changed in a control by cases that a person may know of, the latest first.
///
/// # Errors
/// What the database reports.
pub fn changes(tx: &mut Tx, control: ControlId, person: PersonId) -> Result<Vec<ControlChange>, StoreError> {
    record::select(tx, CHANGES, &params![control, listed(person)])
}

/// Several changes by id.
///
/// # Errors
/// What the database reports.
pub fn several_changes(tx: &mut Tx, ids: &[ControlChangeId]) -> Result<Vec<ControlChange>, StoreError> {
    let list: Vec<Value> = ids.iter().map(ToValue::to_value).collect();
    let rows = tx.query_list(CHANGES_BY_ID, &list)?;
    rows.into_iter().map(|mut row| ControlChange::from_row(&mut row)).collect()
}

/// Up to `limit` changes of controls by cases that a person may know of, recorded before a moment or, in that moment, with
/// a lesser id; the latest first.
///
/// # Errors
/// What the database reports.
pub fn changes_before(
    tx: &mut Tx,
    person: PersonId,
    (moment, id): (Timestamp, uuid::Uuid),
    limit: u32,
) -> Result<Vec<ControlChange>, StoreError> {
    record::select(tx, CHANGES_BEFORE, &params![listed(person), moment, id, limit])
}

/// Adds a change; `revision` is the case's version.
///
/// # Errors
/// What the database reports.
pub fn add_change(tx: &mut Tx, change: &ControlChange, revision: u64) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(change), revision)
}

/// Readers are a list of ids in JSON.
pub(crate) fn listed(person: PersonId) -> String {
    format!("%\"{person}\"%")
}

fn uuids(ids: &[CaseId]) -> Vec<uuid::Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
