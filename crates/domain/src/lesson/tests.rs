//! The state machine of a lesson.

use super::*;
use crate::action::ActionState as A;
use crate::id::RiskId;
use crate::reference::Reference;

fn person(n: u128) -> PersonId {
    PersonId::new(uuid::Uuid::from_u128(n))
}

const NOW: Timestamp = Timestamp::MIN;

fn draft() -> Lesson {
    Lesson::draft(
        LessonId::new(uuid::Uuid::from_u128(1)),
        LessonRef::from_parts(2026, 1),
        Line::parse("Filters are only as good as their updates").unwrap(),
        None,
        CaseId::new(uuid::Uuid::from_u128(2)),
        person(1),
        NOW,
    )
}

const NEXT_YEAR: Date = jiff::civil::date(2027, 3, 1);

fn by_actions(actions: &[A]) -> Support<'_> {
    Support { actions, is_covered: false }
}

const COVERED: Support<'static> = Support { actions: &[], is_covered: true };

/// Approves a lesson that person 5 reworded.
fn approve(lesson: Lesson, by: u128, support: Support<'_>) -> Result<Lesson, LessonError> {
    lesson.approve(Approver::new(person(by), &BTreeSet::from([person(5)])), NOW, support, NEXT_YEAR)
}

fn approved() -> Lesson {
    approve(draft(), 2, by_actions(&[A::Open])).unwrap()
}

#[test]
fn a_lesson_is_approved_by_somebody_else_and_only_with_an_action_or_coverage() {
    assert_eq!(approve(draft(), 1, by_actions(&[A::Open])), Err(LessonError::AuthorApproves));
    assert_eq!(
        approve(draft(), 5, by_actions(&[A::Open])),
        Err(LessonError::AuthorApproves),
        "who reworded it"
    );
    assert_eq!(approve(draft(), 2, by_actions(&[])), Err(LessonError::NoAction));
    assert_eq!(approved().state, LessonState::Approved);
    assert_eq!(approve(draft(), 2, COVERED).unwrap().state, LessonState::Approved);
    assert_eq!(approve(draft(), 2, by_actions(&[A::Effective])).unwrap().state, LessonState::Proved);
    assert!(approve(approved(), 2, by_actions(&[A::Open])).is_err(), "approving twice");
}

#[test]
fn a_lesson_is_looked_at_again_a_year_later_unless_somebody_said_when() {
    assert_eq!(approved().review_on, Some(NEXT_YEAR));
    let soon = jiff::civil::date(2026, 6, 1);
    let said = draft().edit(None, None, Some(Some(soon)), None).unwrap();
    assert_eq!(approve(said, 2, COVERED).unwrap().review_on, Some(soon));
}

#[test]
fn a_lesson_that_did_not_hold_is_approved_again_by_a_new_action_and_by_nothing_else() {
    let failed = approved().follow(&[A::NotEffective]);
    assert_eq!(failed.state, LessonState::DidNotHold);
    assert_eq!(failed.clone().follow(&[A::NotEffective, A::Open]).state, LessonState::DidNotHold);
    assert_eq!(approve(failed.clone(), 2, by_actions(&[A::NotEffective])), Err(LessonError::NothingNew));
    assert_eq!(
        approve(failed.clone(), 1, by_actions(&[A::NotEffective, A::Open])),
        Err(LessonError::AuthorApproves)
    );
    let again = approve(failed, 2, by_actions(&[A::NotEffective, A::Open])).unwrap();
    assert_eq!(again.state, LessonState::Approved);
}

#[test]
fn the_last_case_of_a_lesson_stays() {
    let (first, second) = (CaseId::new(uuid::Uuid::from_u128(2)), CaseId::new(uuid::Uuid::from_u128(3)));
    assert_eq!(draft().not_from(first), Err(LessonError::LastCase));
    assert_eq!(draft().not_from(second), Err(LessonError::NotLinked));
    let moved = draft().also_from(second).not_from(first).unwrap();
    assert_eq!(moved.cases, BTreeSet::from([second]));
}

#[test]
fn only_a_lesson_in_force_is_confirmed_and_only_to_a_day_ahead() {
    let (today, next) = (jiff::civil::date(2027, 3, 2), jiff::civil::date(2028, 3, 2));
    let id = ConfirmationId::new(uuid::Uuid::from_u128(9));
    assert!(approved().is_stale(today) && !approved().is_stale(NEXT_YEAR) && !draft().is_stale(today));
    let (lesson, confirmation) = approved().confirm(id, next, person(3), NOW, today).unwrap();
    assert!(!lesson.is_stale(today));
    assert_eq!((confirmation.confirmed_by, confirmation.next_review_on), (person(3), next));
    assert!(matches!(
        approved().confirm(id, today, person(3), NOW, today),
        Err(LessonError::ReviewNotAhead { .. })
    ));
    assert!(draft().confirm(id, next, person(3), NOW, today).is_err());
}

#[test]
fn whoever_says_what_covers_a_lesson_does_not_approve_it() {
    let by_what = CoveredBy::AcceptedRisk(RiskId::new(uuid::Uuid::from_u128(7)));
    let reason = Prose::parse("the room is locked").unwrap();
    let id = crate::id::CoverageId::new(uuid::Uuid::from_u128(8));
    let coverage = LessonCoverage::declare(id, draft().id, by_what, reason, person(1), NOW);
    assert_eq!(coverage.clone().approve(person(1), NOW), Err(CoverageError::DeclarerApproves));
    let approved = coverage.approve(person(2), NOW).unwrap();
    assert!(approved.is_approved());
    assert_eq!(approved.approve(person(3), NOW), Err(CoverageError::ApprovedAlready));
}

#[test]
fn an_approved_lesson_is_not_reworded() {
    let reworded = approved().edit(Some(Line::parse("Other").unwrap()), None, None, None);
    assert!(matches!(reworded, Err(LessonError::WrongState { .. })));
    assert!(approved().edit(None, None, Some(Some(jiff::civil::date(2027, 1, 1))), None).is_ok());
}

#[test]
fn a_lesson_follows_its_actions() {
    for (actions, state) in [
        (&[A::Open][..], LessonState::Approved),
        (&[A::Done], LessonState::Applied),
        (&[A::Done, A::Open], LessonState::Approved),
        (&[A::Effective], LessonState::Proved),
        (&[A::Effective, A::Done], LessonState::Applied),
        (&[A::NotEffective], LessonState::DidNotHold),
        (&[A::NotEffective, A::Open], LessonState::Approved),
        (&[A::NotEffective, A::Effective], LessonState::Applied),
        (&[A::Effective, A::NotEffective], LessonState::DidNotHold),
        (&[A::NotDoing], LessonState::Approved),
        (&[A::NotDoing, A::Done], LessonState::Applied),
    ] {
        assert_eq!(approved().follow(actions).state, state, "{actions:?}");
    }
}

#[test]
fn a_draft_and_a_retired_lesson_do_not_follow() {
    assert_eq!(draft().follow(&[A::Done]).state, LessonState::Draft);
    let retired = approved().retire(Prose::parse("service is gone").unwrap()).unwrap();
    assert_eq!(retired.follow(&[A::Effective]).state, LessonState::Retired);
}
