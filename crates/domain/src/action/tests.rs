//! The state machine of an action.

use super::*;
use crate::reference::Reference;

fn person(n: u128) -> PersonId {
    PersonId::new(uuid::Uuid::from_u128(n))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn prose(text: &str) -> Prose {
    Prose::parse(text).unwrap()
}

const NOW: Timestamp = Timestamp::MIN;

fn planned() -> Action {
    Action::plan(NewAction {
        id: ActionId::new(uuid::Uuid::from_u128(1)),
        reference: ActionRef::from_parts(2026, 1),
        case_id: CaseId::new(uuid::Uuid::from_u128(2)),
        lesson_id: None,
        title: Line::parse("Block public buckets by policy").unwrap(),
        description: None,
        purpose: ActionPurpose::Corrective,
        kind: ActionKind::Technical,
        owner_id: person(1),
        due_on: day("2026-04-01"),
        at: NOW,
        by: person(9),
    })
}

fn done() -> Action {
    planned().complete(prose("policy is live"), day("2026-03-30"), person(1), day("2026-03-30")).unwrap()
}

fn check() -> EffectivenessCheck {
    EffectivenessCheck {
        id: crate::id::CheckId::new(uuid::Uuid::from_u128(3)),
        action_id: planned().id,
        measure: prose("public buckets found by the weekly scan"),
        planned_on: day("2026-06-01"),
        judge_id: None,
        outcome: None,
        evidence: None,
        judged_by: None,
        judged_at: None,
    }
}

#[test]
fn completing_twice_is_refused() {
    let again = done().complete(prose("again"), day("2026-03-30"), person(1), day("2026-03-31"));
    assert!(matches!(again, Err(ActionError::WrongState { .. })), "{again:?}");
}

#[test]
fn a_completion_can_be_taken_back_until_it_is_judged() {
    let undone = done().undo_completion().unwrap();
    assert_eq!(
        (undone.state, undone.completion.clone(), undone.completed_on),
        (ActionState::InProgress, None, None)
    );
    let (judged, _) = done().judge(check(), CheckOutcome::Effective, prose("none"), person(2), NOW).unwrap();
    assert!(judged.undo_completion().is_err());
}

#[test]
fn an_action_is_not_completed_on_a_day_to_come() {
    let early = planned().complete(prose("x"), day("2026-03-31"), person(1), day("2026-03-30"));
    assert!(matches!(early, Err(ActionError::CompletedInFuture { .. })));
}

#[test]
fn moving_the_date_counts_and_keeps_the_original() {
    let (moved, first) =
        planned().move_due(day("2026-05-01"), prose("supplier late"), person(1), NOW).unwrap();
    let (moved, second) = moved.move_due(day("2026-04-20"), prose("supplier early"), person(1), NOW).unwrap();
    assert_eq!(
        (moved.due_on, moved.original_due_on, moved.move_count),
        (day("2026-04-20"), day("2026-04-01"), 2)
    );
    assert_eq!((first.number, second.number, second.from_on), (1, 2, day("2026-05-01")));
    assert!(
        moved.move_due(day("2026-04-20"), prose("x"), person(1), NOW).is_err(),
        "the same date is no move"
    );
}

#[test]
fn the_owner_never_judges() {
    for judge in [person(1), person(7)] {
        let by_other =
            planned().complete(prose("x"), day("2026-03-30"), person(7), day("2026-03-30")).unwrap();
        let refused = by_other.judge(check(), CheckOutcome::Effective, prose("works"), judge, NOW);
        assert_eq!(refused, Err(ActionError::OwnerJudges));
    }
}

#[test]
fn each_outcome_leads_to_its_state() {
    for (outcome, state) in [
        (CheckOutcome::Effective, ActionState::Effective),
        (CheckOutcome::NotEffective, ActionState::NotEffective),
        (CheckOutcome::TooEarly, ActionState::Done),
    ] {
        let (action, check) = done().judge(check(), outcome, prose("seen"), person(2), NOW).unwrap();
        assert_eq!((action.state, check.outcome), (state, Some(outcome)));
    }
    assert!(planned().judge(check(), CheckOutcome::Effective, prose("x"), person(2), NOW).is_err());
}

#[test]
fn not_doing_needs_somebody_else_and_keeps_the_reason() {
    let refused = planned().not_doing(prose("too dear"), person(1), day("2027-01-01"));
    assert_eq!(refused, Err(ActionError::OwnerApproves));
    let action = planned().not_doing(prose("too dear"), person(2), day("2027-01-01")).unwrap();
    assert_eq!((action.state, action.not_doing_until), (ActionState::NotDoing, Some(day("2027-01-01"))));
    assert!(action.state.is_finished());
}

#[test]
fn only_owed_actions_are_overdue() {
    assert!(planned().is_overdue(day("2026-04-02")));
    assert!(!planned().is_overdue(day("2026-04-01")), "the due date itself is in time");
    assert!(!done().is_overdue(day("2027-01-01")));
}
