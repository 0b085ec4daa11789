//! The state machine of an action.

mod properties;

use super::*;
use crate::approver::Approver;
use crate::reference::Reference;
use crate::refusal::Refusal as _;

fn person(n: u128) -> PersonId {
    PersonId::new(uuid::Uuid::from_u128(n))
}

/// Somebody who had no part in it.
fn apart(n: u128) -> Approver {
    Approver::new(person(n), &BTreeSet::new())
}

/// Somebody who owned it before.
fn before(n: u128) -> Approver {
    Approver::new(person(n), &BTreeSet::from([person(n)]))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn prose(text: &str) -> Prose {
    Prose::parse(text).unwrap()
}

const NOW: Timestamp = Timestamp::MIN;

fn none() -> BTreeSet<EvidenceId> {
    BTreeSet::new()
}

fn not_done() -> Action {
    planned().not_doing(prose("too dear"), apart(2), day("2027-01-01"), day("2026-03-02")).unwrap()
}

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
        due: Due::as_said(day("2026-04-01")),
        at: NOW,
        by: person(9),
    })
}

fn done() -> Action {
    planned()
        .complete(prose("policy is live"), none(), day("2026-03-30"), person(1), day("2026-03-30"))
        .unwrap()
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
        late_reason: None,
        early_reason: None,
    }
}

fn found(outcome: CheckOutcome, evidence: &str) -> Judgement {
    Judgement { outcome, evidence: prose(evidence), early_reason: None }
}

#[test]
fn completing_twice_is_refused() {
    let again = done().complete(prose("again"), none(), day("2026-03-30"), person(1), day("2026-03-31"));
    assert!(matches!(again, Err(ActionError::WrongState { .. })), "{again:?}");
}

#[test]
fn a_completion_can_be_taken_back_until_it_is_judged() {
    let undone = done().undo_completion().unwrap();
    assert_eq!(
        (undone.state, undone.completion.clone(), undone.completed_on),
        (ActionState::InProgress, None, None)
    );
    let (judged, _) = done()
        .judge(check(), found(CheckOutcome::Effective, "none"), apart(2), (NOW, day("2026-06-01")))
        .unwrap();
    assert!(judged.undo_completion().is_err());
}

#[test]
fn that_it_works_is_told_on_the_planned_day_or_with_a_reason() {
    let judge = |outcome, why: Option<&str>, on| {
        let judgement = Judgement { early_reason: why.map(prose), ..found(outcome, "seen") };
        done().judge(check(), judgement, apart(2), (NOW, day(on)))
    };
    let early = judge(CheckOutcome::Effective, None, "2026-05-31");
    assert!(matches!(early, Err(ActionError::JudgedEarly { .. })), "{early:?}");
    let (_, check) = judge(CheckOutcome::Effective, Some("the door is gone"), "2026-05-31").unwrap();
    assert_eq!(check.early_reason, Some(prose("the door is gone")));
    // What fails is told at once, and on the day nothing has to be explained.
    judge(CheckOutcome::NotEffective, None, "2026-04-01").unwrap();
    let (_, check) = judge(CheckOutcome::Effective, Some("needless"), "2026-06-01").unwrap();
    assert_eq!(check.early_reason, None);
}

#[test]
fn an_action_is_not_completed_on_a_day_to_come() {
    let early = planned().complete(prose("x"), none(), day("2026-03-31"), person(1), day("2026-03-30"));
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
    for judge in [apart(1), apart(7), before(3)] {
        let by_other =
            planned().complete(prose("x"), none(), day("2026-03-30"), person(7), day("2026-03-30")).unwrap();
        let refused =
            by_other.judge(check(), found(CheckOutcome::Effective, "works"), judge, (NOW, day("2026-06-01")));
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
        let (action, check) =
            done().judge(check(), found(outcome, "seen"), apart(2), (NOW, day("2026-06-01"))).unwrap();
        assert_eq!((action.state, check.outcome), (state, Some(outcome)));
    }
    assert!(
        planned()
            .judge(check(), found(CheckOutcome::Effective, "x"), apart(2), (NOW, day("2026-06-01")))
            .is_err()
    );
}

#[test]
fn not_doing_needs_somebody_else_and_keeps_the_reason() {
    let (until, today) = (day("2027-01-01"), day("2026-03-02"));
    let refused = planned().not_doing(prose("too dear"), apart(1), until, today);
    assert_eq!(refused, Err(ActionError::OwnerApproves));
    let past = planned().not_doing(prose("too dear"), apart(2), day("2020-01-01"), today);
    assert!(matches!(past, Err(ActionError::UntilNotAhead { .. })), "it would be over before it began");
    let refused = planned().not_doing(prose("too dear"), before(3), until, today);
    assert_eq!(
        refused,
        Err(ActionError::OwnerApproves),
        "who owned it before decides no more than the owner"
    );
    let action = planned().not_doing(prose("too dear"), apart(2), until, today).unwrap();
    assert_eq!((action.state, action.not_doing_until), (ActionState::NotDoing, Some(day("2027-01-01"))));
    assert!(action.state.is_finished());
}

#[test]
fn a_decision_not_to_do_it_runs_out_and_is_renewed_by_somebody_else() {
    assert!(!not_done().is_to_decide_again(day("2027-01-01")), "it holds on its last day");
    assert!(not_done().is_to_decide_again(day("2027-01-02")));
    let today = day("2027-01-02");
    let renew = |by, until: &str| not_done().renew_not_doing(prose("still too dear"), by, day(until), today);
    assert_eq!(renew(apart(1), "2028-01-01"), Err(ActionError::OwnerApproves));
    assert!(matches!(renew(apart(3), "2027-01-02"), Err(ActionError::UntilNotAhead { .. })));
    let renewed = renew(apart(3), "2028-01-01").unwrap();
    assert_eq!((renewed.not_doing_by, renewed.is_to_decide_again(today)), (Some(person(3)), false));
    assert!(planned().renew_not_doing(prose("x"), apart(2), day("2028-01-01"), today).is_err());
}

#[test]
fn an_action_that_is_taken_up_again_is_owed_and_its_move_counted() {
    let (action, moved) = not_done()
        .take_up(Due::as_said(day("2027-06-01")), prose("there is money now"), person(2), NOW)
        .unwrap();
    assert_eq!((action.state, action.move_count, moved.number), (ActionState::Open, 1, 1));
    assert_eq!((action.due_on, action.original_due_on), (day("2027-06-01"), day("2026-04-01")));
    assert_eq!(
        (action.not_doing_reason.clone(), action.not_doing_by, action.not_doing_until),
        (None, None, None)
    );
    assert!(planned().take_up(Due::as_said(day("2027-06-01")), prose("x"), person(2), NOW).is_err());
}

#[test]
fn costs_are_set_cleared_and_never_below_zero() {
    let euros = |minor| Money::new(minor, Currency::EUR);
    let action = planned().with_cost(Some(Some(euros(100))), None).unwrap();
    assert_eq!((action.planned_cost(), action.actual_cost()), (Some(euros(100)), None));
    let action = action.with_cost(None, Some(Some(euros(90)))).unwrap();
    assert_eq!((action.planned_cost(), action.actual_cost()), (Some(euros(100)), Some(euros(90))));
    assert_eq!(action.clone().with_cost(Some(None), None).unwrap().planned_cost(), None);
    assert!(matches!(action.with_cost(Some(Some(euros(-1))), None), Err(ActionError::CostBelowZero { .. })));
}

#[test]
fn only_what_did_not_work_is_followed_by_another_action() {
    let next = || Successor {
        id: ActionId::new(uuid::Uuid::from_u128(4)),
        reference: ActionRef::from_parts(2026, 2),
        title: Line::parse("Block them at the gateway").unwrap(),
        owner_id: person(5),
        due: Due::as_said(day("2026-09-01")),
        at: NOW,
        by: person(2),
    };
    assert!(matches!(done().succeeded_by(next()), Err(ActionError::NothingToFollow { .. })));
    let (failed, _) = done()
        .judge(check(), found(CheckOutcome::NotEffective, "3"), apart(2), (NOW, day("2026-06-01")))
        .unwrap();
    let next = failed.succeeded_by(next()).unwrap();
    assert_eq!(
        (next.successor_of, next.case_id, next.state),
        (Some(failed.id), failed.case_id, ActionState::Open)
    );
}

#[test]
fn the_evidence_that_shows_it_goes_with_the_completion() {
    let shown = BTreeSet::from([EvidenceId::new(uuid::Uuid::from_u128(7))]);
    let day = day("2026-03-30");
    let action = planned().complete(prose("x"), shown.clone(), day, person(1), day).unwrap();
    assert_eq!(action.shown_by, Some(shown));
    assert_eq!(action.undo_completion().unwrap().shown_by, None);
}

#[test]
fn only_owed_actions_are_overdue() {
    assert!(planned().is_overdue(day("2026-04-02")));
    assert!(!planned().is_overdue(day("2026-04-01")), "the due date itself is in time");
    assert!(!done().is_overdue(day("2027-01-01")));
}

fn allowed() -> Allowance {
    let severity = Severity::new(4).unwrap();
    Allowance { procedure: 3, severity, latest_due_on: day("2026-04-13"), check_days: 45 }
}

fn under(due: Due) -> Action {
    let mut new = (*planned()).clone();
    new.state = ActionState::NotDoing;
    new.not_doing_reason = Some(prose("x"));
    let (taken_up, _) = Action::restore(new).take_up(due, prose("now"), person(2), NOW).unwrap();
    taken_up
}

#[test]
fn a_day_later_than_the_procedure_allows_needs_a_reason() {
    let due = allowed().due(None, None).unwrap();
    assert_eq!(due.on, day("2026-04-13"), "the last day that is allowed if nobody says when");
    assert_eq!(allowed().due(Some(day("2026-03-03")), None).unwrap().on, day("2026-03-03"));
    let refused = allowed().due(Some(day("2026-04-14")), None).unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("action.too_late", Some("due_on")));
    let told = refused.to_string();
    assert!(told.contains("version 3 of the procedure") && told.contains("2026-04-13"), "{told}");
    let late = under(allowed().due(Some(day("2026-04-14")), Some(prose("parts"))).unwrap());
    assert!(late.is_later_than_allowed());
    assert_eq!((late.due_reason.clone(), late.procedure_number), (Some(prose("parts")), Some(3)));
    assert!(
        !under(Due::as_said(day("2030-01-01"))).is_later_than_allowed(),
        "nothing was asked of an import"
    );
}

#[test]
fn the_last_day_to_judge_moves_with_the_date_and_the_last_day_to_be_due_does_not() {
    let action = under(allowed().due(Some(day("2026-04-01")), None).unwrap());
    assert_eq!(action.latest_check_on, Some(day("2026-05-16")));
    let (moved, _) = action.move_due(day("2026-04-21"), prose("late"), person(1), NOW).unwrap();
    assert_eq!(moved.latest_check_on, Some(day("2026-06-05")));
    assert_eq!((moved.latest_due_on, moved.original_due_on), (Some(day("2026-04-13")), day("2026-04-01")));
    assert!(moved.is_later_than_allowed());
}

#[test]
fn a_check_is_planned_within_the_days_or_for_a_reason() {
    let action = under(allowed().due(Some(day("2026-04-01")), None).unwrap());
    let days = |today| (day("2000-01-01"), day(today));
    let plan =
        |on: Option<&str>, reason: Option<&Prose>, today| action.check_day(on.map(day), reason, days(today));
    assert_eq!(plan(None, None, "2026-04-02").unwrap(), day("2026-05-16"));
    assert_eq!(plan(Some("2026-04-09"), None, "2026-04-02").unwrap(), day("2026-04-09"));
    let refused = plan(Some("2026-05-17"), None, "2026-04-02").unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("check.too_late", Some("planned_on")));
    assert!(plan(None, None, "2026-05-17").is_err(), "the day has passed");
    let reason = prose("a quarter is needed");
    assert_eq!(
        plan(None, Some(&reason), "2026-05-17").unwrap(),
        day("2026-05-17"),
        "not on a day that has passed"
    );
    let free = planned().check_day(None, None, (day("2026-06-30"), day("2026-04-02"))).unwrap();
    assert_eq!(free, day("2026-06-30"), "an action that no version asked for is looked at as things stand");
}
