//! The state machine of a review.

use super::*;
use crate::reference::Reference;
use crate::refusal::Refusal as _;

const NOW: Timestamp = Timestamp::MIN;

fn person(n: u128) -> PersonId {
    PersonId::new(uuid::Uuid::from_u128(n))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn opened(kind: ReviewKind) -> Review {
    Review::open(NewReview {
        id: ReviewId::new(uuid::Uuid::from_u128(1)),
        reference: ReviewRef::from_parts(2026, 1),
        case_id: CaseId::new(uuid::Uuid::from_u128(2)),
        kind,
        trigger: Prose::parse("asked for by hand").unwrap(),
        scope: ReviewScope::Single,
        procedure: Some((0, 1)),
        problem: "Ransomware on a server".parse().unwrap(),
        facilitator_id: person(1),
        participants: BTreeSet::new(),
        due_on: day("2026-04-01"),
        at: NOW,
        by: person(9),
    })
}

fn held(kind: ReviewKind) -> Review {
    opened(kind).hold(day("2026-03-20"), BTreeSet::from([person(3)]), None, day("2026-03-20")).unwrap()
}

/// Somebody who had no part in it.
fn apart(n: u128) -> Approver {
    Approver::new(person(n), &BTreeSet::new())
}

/// Somebody who wrote a part of it.
fn contributor(n: u128) -> Approver {
    Approver::new(person(n), &BTreeSet::from([person(n)]))
}

fn case(n: u128) -> CaseId {
    CaseId::new(uuid::Uuid::from_u128(n))
}

fn looked(hits: &[u128]) -> Looked {
    let hits = hits.iter().map(|n| SimilarHit { case: case(*n), verdict: SimilarVerdict::Similar }).collect();
    Looked { searched: None, hits, finding: Prose::parse("none of them").unwrap() }
}

fn look() -> SimilarLook {
    held(ReviewKind::Full).looked(looked(&[]), person(1), NOW).unwrap().1
}

#[test]
fn a_review_is_held_submitted_and_approved_by_somebody_else() {
    let submitted = held(ReviewKind::FiveWhys).submit(person(2), vec![], day("2026-03-21")).unwrap();
    assert!(submitted.may_change_causes().is_err());
    for own in [apart(1), apart(2), contributor(7)] {
        assert_eq!(submitted.clone().approve(own, NOW, 1, Some(&look())), Err(ReviewError::OwnReview));
    }
    let approved = submitted.approve(apart(4), NOW, 1, Some(&look())).unwrap();
    assert!(approved.is_complete());
    assert!(approved.approve(apart(4), NOW, 1, Some(&look())).is_err());
}

#[test]
fn a_review_is_led_by_somebody_else_until_it_is_over() {
    let handed_over = held(ReviewKind::FiveWhys).led_by(person(4)).unwrap();
    assert_eq!(handed_over.facilitator_id, person(4));
    let submitted = handed_over.submit(person(2), vec![], day("2026-03-21")).unwrap();
    assert_eq!(submitted.clone().approve(apart(4), NOW, 1, Some(&look())), Err(ReviewError::OwnReview));
    assert!(submitted.approve(apart(5), NOW, 1, Some(&look())).unwrap().led_by(person(6)).is_err());
}

#[test]
fn only_a_light_review_is_submitted_without_a_meeting() {
    assert!(opened(ReviewKind::FiveWhys).submit(person(2), vec![], day("2026-03-21")).is_err());
    assert!(opened(ReviewKind::Light).submit(person(2), vec![], day("2026-03-21")).is_ok());
}

#[test]
fn objections_to_the_causes_keep_a_review_from_being_submitted() {
    let refused = held(ReviewKind::Full).submit(
        person(2),
        vec!["why 5: what made it easy?".to_owned()],
        day("2026-03-21"),
    );
    assert_eq!(refused.unwrap_err().to_string(), "the causes are not ready: why 5: what made it easy?");
}

#[test]
fn a_submitted_review_can_be_sent_back() {
    let back =
        held(ReviewKind::FiveWhys).submit(person(2), vec![], day("2026-03-21")).unwrap().send_back().unwrap();
    assert!(back.may_change_causes().is_ok());
    assert_eq!(back.drafted_by, None);
}

#[test]
fn a_review_is_waived_by_somebody_else_with_a_reason() {
    let reason = || Prose::parse("duplicate of an earlier one").unwrap();
    assert_eq!(opened(ReviewKind::Light).waive(reason(), apart(1), NOW), Err(ReviewError::OwnReview));
    assert!(opened(ReviewKind::Light).waive(reason(), apart(2), NOW).unwrap().is_complete());
    assert!(held(ReviewKind::Light).waive(reason(), apart(2), NOW).is_err(), "what was held is not waived");
}

#[test]
fn a_review_is_not_held_on_a_day_to_come() {
    let early = opened(ReviewKind::Full).hold(day("2026-04-02"), BTreeSet::new(), None, day("2026-04-01"));
    assert!(matches!(early, Err(ReviewError::HeldInFuture { .. })));
}

fn evaluation() -> Evaluation {
    Evaluation {
        went_well: Prose::parse("the pager rang").unwrap(),
        was_lucky: None,
        surprised: None,
        followed: Followed::Yes,
        deviations: None,
    }
}

#[test]
fn a_full_review_says_how_the_response_went() {
    let full = held(ReviewKind::Full);
    assert_eq!(full.clone().submit(person(2), vec![], day("2026-03-21")), Err(ReviewError::NotEvaluated));
    let submitted =
        full.evaluate(evaluation()).unwrap().submit(person(2), vec![], day("2026-03-21")).unwrap();
    assert!(submitted.evaluate(evaluation()).is_err(), "what was submitted stays");
}

#[test]
fn two_approvals_come_from_two_people_and_are_taken_back_together() {
    let submitted = held(ReviewKind::FiveWhys).submit(person(2), vec![], day("2026-03-21")).unwrap();
    let once = submitted.approve(apart(4), NOW, 2, Some(&look())).unwrap();
    assert_eq!(once.state, ReviewState::Drafted);
    assert_eq!(once.clone().approve(apart(4), NOW, 2, Some(&look())), Err(ReviewError::SameApprover));
    assert_eq!(once.clone().approve(apart(2), NOW, 2, Some(&look())), Err(ReviewError::OwnReview));
    let twice = once.clone().approve(apart(5), NOW, 2, Some(&look())).unwrap();
    assert_eq!((twice.state, twice.approved_version), (ReviewState::Approved, Some(twice.version)));
    assert_eq!(once.send_back().unwrap().first_approved_by, None);
}

#[test]
fn what_is_changed_after_the_first_approval_is_approved_first_again() {
    let submitted = held(ReviewKind::FiveWhys).submit(person(2), vec![], day("2026-03-21")).unwrap();
    let once = submitted.approve(apart(4), NOW, 2, Some(&look())).unwrap();
    let (looked_again, second_look) = once.clone().looked(looked(&[8]), person(1), NOW).unwrap();
    let led_by_another = once.led_by(person(6)).unwrap();
    for changed in [looked_again, led_by_another] {
        assert_eq!((changed.state, changed.first_approved_by), (ReviewState::Drafted, None));
        let first = changed.approve(apart(5), NOW, 2, Some(&second_look)).unwrap();
        assert_eq!((first.state, first.first_approved_by), (ReviewState::Drafted, Some(person(5))));
    }
}

#[test]
fn the_day_that_is_set_leaves_the_day_that_was_due() {
    let asked: Line = Line::parse("What did the screen show?").unwrap();
    let set = opened(ReviewKind::Full).schedule(day("2026-04-20"), vec![asked.clone()], NOW).unwrap();
    assert_eq!((set.due_on, set.scheduled_on), (day("2026-04-01"), Some(day("2026-04-20"))));
    let again = set.schedule(day("2026-04-21"), vec![], NOW).unwrap();
    assert_eq!(again.questions, Some(vec![asked]), "what was asked stays asked");
}

#[test]
fn a_review_follows_its_case_until_somebody_begins_it() {
    let trigger = || Prose::parse("rule 1").unwrap();
    let followed = opened(ReviewKind::Light).follow(1, ReviewKind::Full, trigger(), day("2026-03-01"));
    assert_eq!((followed.kind, followed.due_on), (ReviewKind::Full, day("2026-03-01")));
    let begun = held(ReviewKind::Light);
    assert_eq!(begun.clone().follow(1, ReviewKind::Full, trigger(), day("2026-03-01")), begun);
    let people = (person(7), BTreeSet::new());
    let taken = followed.take_up(
        ReviewKind::Full,
        "It burned".parse().unwrap(),
        people.clone(),
        day("2026-03-01"),
        NOW,
    );
    assert_eq!(taken.unwrap().facilitator_id, person(7));
    assert!(
        begun
            .take_up(ReviewKind::Full, "It burned".parse().unwrap(), people, day("2026-03-01"), NOW)
            .is_err()
    );
}

#[test]
fn enough_people_take_part() {
    let one = held(ReviewKind::Full);
    assert!(one.has_people(2).is_ok(), "who leads it counts");
    assert!(matches!(one.has_people(3), Err(ReviewError::TooFewPeople { found: 2, wanted: 3, .. })));
}

#[test]
fn a_review_is_approved_only_after_somebody_looked_for_similar_cases_unless_it_is_light() {
    for (kind, expected) in [
        (ReviewKind::Full, Err(ReviewError::SimilarMissing)),
        (ReviewKind::FiveWhys, Err(ReviewError::SimilarMissing)),
        (ReviewKind::Light, Ok(())),
    ] {
        let evaluated = held(kind).evaluate(evaluation()).unwrap();
        let submitted = evaluated.submit(person(2), vec![], day("2026-03-21")).unwrap();
        assert_eq!(submitted.clone().approve(apart(4), NOW, 1, None).map(drop), expected, "{kind}");
        assert!(submitted.approve(apart(4), NOW, 1, Some(&look())).is_ok(), "{kind}");
    }
    assert_eq!(ReviewError::SimilarMissing.code(), "review.similar_missing");
}

#[test]
fn a_look_names_every_earlier_case_once_and_never_the_case_itself() {
    let review = held(ReviewKind::Full);
    assert!(review.clone().looked(looked(&[3, 4]), person(1), NOW).is_ok());
    assert_eq!(review.clone().looked(looked(&[3, 3]), person(1), NOW), Err(ReviewError::HitTwice));
    assert_eq!(review.clone().looked(looked(&[2]), person(1), NOW), Err(ReviewError::HitTwice));
    let many: Vec<u128> = (10..61).collect();
    assert_eq!(review.looked(looked(&many), person(1), NOW), Err(ReviewError::TooManyHits(51)));
}

#[test]
fn a_look_is_written_down_until_the_review_is_over() {
    let submitted = held(ReviewKind::FiveWhys).submit(person(2), vec![], day("2026-03-21")).unwrap();
    assert!(
        submitted.clone().looked(looked(&[]), person(1), NOW).is_ok(),
        "who approves may still ask for it"
    );
    let approved = submitted.approve(apart(4), NOW, 1, Some(&look())).unwrap();
    assert!(approved.looked(looked(&[]), person(1), NOW).is_err());
}
