//! Actions with the moves of their dates and their effectiveness checks.

use std::collections::BTreeSet;

use nevertwice_domain::action::{
    Action, ActionKind, ActionPurpose, ActionRecord, ActionState, CheckOutcome, DueMove, EffectivenessCheck,
};
use nevertwice_domain::case::Severity;
use nevertwice_domain::field::FieldValues;
use nevertwice_domain::id::{ActionId, CaseId, CheckId, EvidenceId, LessonId, PersonId};
use nevertwice_domain::money::Currency;
use nevertwice_domain::reference::ActionRef;
use nevertwice_domain::strength::ActionStrength;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::{Date, Timestamp};

use crate::engine::{ToValue, Tx, Value};
use crate::error::StoreError;
use crate::{lesson, record};

statements! {
    /// The id of a reference.
    ID_OF = "SELECT id FROM actions WHERE reference = $1";
    /// The ids of several cases' actions.
    OF_CASES = "SELECT id FROM actions WHERE case_id IN ($*) ORDER BY reference";
    /// The ids of several lessons' actions.
    OF_LESSONS = "SELECT id FROM actions WHERE lesson_id IN ($*) ORDER BY reference";
    /// The ids of what a person owes.
    OWED_BY = "SELECT id FROM actions WHERE owner_id = $1 AND state IN ('open', 'in_progress') ORDER BY due_on, id";
    /// Those that are still owed and due by a day.
    UNFINISHED_DUE_BY = "SELECT id FROM actions WHERE state IN ('open', 'in_progress') AND due_on <= $1 ORDER BY id";
    /// Completed ones with a check that nobody has judged, planned by a day.
    UNJUDGED_DUE_BY = "SELECT DISTINCT a.id FROM checks c JOIN actions a ON a.id = c.action_id
                       WHERE c.outcome IS NULL AND c.planned_on <= $1 AND a.state = 'done' ORDER BY a.id";
    /// What it was decided not to do until a day that has passed.
    DECIDE_AGAIN = "SELECT id FROM actions
        WHERE state = 'not_doing' AND not_doing_until < $1 AND id > $2 ORDER BY id LIMIT $3";
    /// The action that follows one that did not work.
    SUCCESSORS = "SELECT id FROM actions WHERE successor_of = $1 ORDER BY reference";
    /// The next actions after an id, for reading them all in portions.
    AFTER = "SELECT id FROM actions WHERE id > $1 ORDER BY id LIMIT $2";
}

record!(ActionRecord as "actions" of Action by id [] {
    id: ActionId, version: u64, reference: ActionRef, case_id: CaseId, lesson_id: Option<LessonId>, title: Line,
    description: Option<Prose>, purpose: ActionPurpose, kind: ActionKind, strength: ActionStrength,
    strength_reason: Option<Prose>, owner_id: PersonId, due_on: Date, original_due_on: Date, move_count: u32,
    state: ActionState, completion: Option<Prose>, completed_on: Option<Date>, completed_by: Option<PersonId>,
    not_doing_reason: Option<Prose>, not_doing_by: Option<PersonId>, not_doing_until: Option<Date>,
    created_at: Timestamp, created_by: PersonId, fields: FieldValues, shown_by: Option<BTreeSet<EvidenceId>>,
    successor_of: Option<ActionId>, planned_cost_minor: Option<i64>, planned_cost_currency: Option<Currency>,
    actual_cost_minor: Option<i64>, actual_cost_currency: Option<Currency>, procedure_number: Option<u32>,
    procedure_severity: Option<Severity>, latest_due_on: Option<Date>, due_reason: Option<Prose>,
    latest_check_on: Option<Date>, judged_on: Option<Date>,
});

record!(DueMove as "due_moves" of Action by action_id [number] {
    action_id: ActionId, number: u32, from_on: Date, to_on: Date, reason: Prose, moved_at: Timestamp,
    moved_by: PersonId,
});

record!(EffectivenessCheck as "checks" of Action by action_id [id] {
    id: CheckId, action_id: ActionId, measure: Prose, planned_on: Date, judge_id: Option<PersonId>, outcome: Option<CheckOutcome>,
    evidence: Option<Prose>, judged_by: Option<PersonId>, judged_at: Option<Timestamp>, late_reason: Option<Prose>,
    early_reason: Option<Prose>,
});

/// An action by id.
///
/// # Errors
/// What the database reports.
pub fn get(tx: &mut Tx, id: ActionId) -> Result<Option<Action>, StoreError> {
    Ok(record::of_object(tx, id.uuid())?.pop().map(Action::restore))
}

/// An action by reference.
///
/// # Errors
/// What the database reports.
pub fn find(tx: &mut Tx, reference: ActionRef) -> Result<Option<Action>, StoreError> {
    let Some(row) = tx.query_opt(ID_OF, &params![reference])? else { return Ok(None) };
    get(tx, row.get("id")?)
}

/// Several actions by id, in order of their references.
///
/// # Errors
/// What the database reports.
pub fn several(tx: &mut Tx, ids: &[ActionId]) -> Result<Vec<Action>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let mut actions: Vec<Action> = record::of_objects(tx, &ids)?.into_iter().map(Action::restore).collect();
    actions.sort_by_key(|action| action.reference);
    Ok(actions)
}

/// The actions of a case, in order of their references.
///
/// # Errors
/// What the database reports.
pub fn of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<Action>, StoreError> {
    of_cases(tx, &[case])
}

/// The actions of several cases, in order of their references.
///
/// # Errors
/// What the database reports.
pub fn of_cases(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<Action>, StoreError> {
    let list: Vec<Value> = cases.iter().map(ToValue::to_value).collect();
    let ids =
        tx.query_list(OF_CASES, &list)?.iter().map(|row| row.get("id")).collect::<Result<Vec<_>, _>>()?;
    several(tx, &ids)
}

/// The actions that put lessons to work, in the order of planning.
///
/// # Errors
/// What the database reports.
pub fn of_lessons(tx: &mut Tx, lessons: &[LessonId]) -> Result<Vec<Action>, StoreError> {
    let list: Vec<Value> = lessons.iter().map(ToValue::to_value).collect();
    let ids =
        tx.query_list(OF_LESSONS, &list)?.iter().map(|row| row.get("id")).collect::<Result<Vec<_>, _>>()?;
    several(tx, &ids)
}

/// What a person owes, the most urgent first.
///
/// # Errors
/// What the database reports.
pub fn owed_by(tx: &mut Tx, person: PersonId) -> Result<Vec<ActionId>, StoreError> {
    tx.query(OWED_BY, &params![person])?.iter().map(|row| row.get("id")).collect()
}

/// The ids of actions that are still owed and due by a day.
///
/// # Errors
/// What the database reports.
pub fn unfinished_due_by(tx: &mut Tx, day: Date) -> Result<Vec<ActionId>, StoreError> {
    tx.query(UNFINISHED_DUE_BY, &params![day])?.iter().map(|row| row.get("id")).collect()
}

/// The ids of completed actions whose effect was to be judged by a day and was not.
///
/// # Errors
/// What the database reports.
pub fn unjudged_due_by(tx: &mut Tx, day: Date) -> Result<Vec<ActionId>, StoreError> {
    tx.query(UNJUDGED_DUE_BY, &params![day])?.iter().map(|row| row.get("id")).collect()
}

/// Up to `limit` actions after `after` that it was decided not to do until a day before `today`.
///
/// # Errors
/// What the database reports.
pub fn decide_again(
    tx: &mut Tx,
    today: Date,
    after: ActionId,
    limit: u32,
) -> Result<Vec<ActionId>, StoreError> {
    tx.query(DECIDE_AGAIN, &params![today, after, limit])?.iter().map(|row| row.get("id")).collect()
}

/// The actions that follow one that did not work.
///
/// # Errors
/// What the database reports.
pub fn successors(tx: &mut Tx, action: ActionId) -> Result<Vec<ActionId>, StoreError> {
    tx.query(SUCCESSORS, &params![action])?.iter().map(|row| row.get("id")).collect()
}

/// Up to `limit` ids after `after`, in order: for reading all actions in portions.
///
/// # Errors
/// What the database reports.
pub fn ids_after(tx: &mut Tx, after: ActionId, limit: u32) -> Result<Vec<ActionId>, StoreError> {
    tx.query(AFTER, &params![after, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Adds actions.
///
/// # Errors
/// What the database reports.
pub fn insert(tx: &mut Tx, actions: &[Action]) -> Result<(), StoreError> {
    record::insert_each(tx, actions.iter().map(|action| (&**action, action.version)))?;
    for action in actions {
        if let Some(of) = action.lesson_id {
            lesson::carry_by_action(tx, of, action.id)?;
        }
    }
    Ok(())
}

/// Changes an action.
///
/// # Errors
/// What the database reports.
pub fn save(tx: &mut Tx, before: &Action, after: &Action) -> Result<Action, StoreError> {
    let new = ActionRecord { version: before.version + 1, ..(**after).clone() };
    record::update::<ActionRecord>(tx, before, &new, new.version)?;
    Ok(Action::restore(new))
}

/// The moves of an action's date, in order.
///
/// # Errors
/// What the database reports.
pub fn moves(tx: &mut Tx, action: ActionId) -> Result<Vec<DueMove>, StoreError> {
    record::of_object(tx, action.uuid())
}

/// Adds a move; `revision` is the action's version.
///
/// # Errors
/// What the database reports.
pub fn add_move(tx: &mut Tx, due_move: &DueMove, revision: u64) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(due_move), revision)
}

/// The effectiveness checks of an action, in the order of planning.
///
/// # Errors
/// What the database reports.
pub fn checks(tx: &mut Tx, action: ActionId) -> Result<Vec<EffectivenessCheck>, StoreError> {
    record::of_object(tx, action.uuid())
}

/// The effectiveness checks of several actions.
///
/// # Errors
/// What the database reports.
pub fn checks_of(tx: &mut Tx, actions: &[ActionId]) -> Result<Vec<EffectivenessCheck>, StoreError> {
    let ids: Vec<_> = actions.iter().map(|id| id.uuid()).collect();
    record::of_objects(tx, &ids)
}

/// Plans a check; `revision` is the action's version.
///
/// # Errors
/// What the database reports.
pub fn add_check(tx: &mut Tx, check: &EffectivenessCheck, revision: u64) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(check), revision)
}

/// Changes a check.
///
/// # Errors
/// What the database reports.
pub fn save_check(
    tx: &mut Tx,
    before: &EffectivenessCheck,
    after: &EffectivenessCheck,
    revision: u64,
) -> Result<(), StoreError> {
    record::update(tx, before, after, revision)
}
