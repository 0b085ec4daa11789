//! The state machine of a lesson.

use super::*;
use crate::action::ActionState as A;
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

fn approved() -> Lesson {
    draft().approve(person(2), NOW, 1).unwrap()
}

#[test]
fn a_lesson_is_approved_by_somebody_else_and_only_with_an_action() {
    assert_eq!(draft().approve(person(1), NOW, 1), Err(LessonError::AuthorApproves));
    assert_eq!(draft().approve(person(2), NOW, 0), Err(LessonError::NoAction));
    assert_eq!(approved().state, LessonState::Approved);
    assert!(approved().approve(person(2), NOW, 1).is_err(), "approving twice");
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
        (&[A::NotDoing], LessonState::Applied),
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
