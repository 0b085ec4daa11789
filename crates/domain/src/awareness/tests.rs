//! Publishing, acknowledging, taking back.

use std::collections::BTreeSet;

use super::*;
use crate::approver::Approver;
use crate::id::CaseId;
use crate::lesson::Support;
use crate::reference::Reference;

const NOW: Timestamp = Timestamp::MIN;
const TODAY: Date = jiff::civil::date(2026, 3, 1);

fn id(n: u128) -> PersonId {
    PersonId::new(uuid::Uuid::from_u128(n))
}

fn draft() -> Lesson {
    Lesson::draft(
        LessonId::new(uuid::Uuid::from_u128(1)),
        LessonRef::from_parts(2026, 1),
        Line::parse("Call back on a number you know").unwrap(),
        None,
        CaseId::new(uuid::Uuid::from_u128(2)),
        id(1),
        NOW,
    )
}

fn lesson() -> Lesson {
    draft()
        .approve(
            Approver::new(id(2), &BTreeSet::new()),
            NOW,
            Support { actions: &[], is_covered: true },
            TODAY,
        )
        .unwrap()
}

fn new(text: &str, audience: Audience) -> NewAwareness {
    NewAwareness {
        id: AwarenessId::new(uuid::Uuid::from_u128(3)),
        reference: AwarenessRef::from_parts(2026, 1),
        title: Line::parse("A voice can be made").unwrap(),
        text: Prose::parse(text).unwrap(),
        audience,
        due_on: jiff::civil::date(2026, 4, 1),
        by: id(9),
        at: NOW,
        today: TODAY,
    }
}

fn item(audience: Audience) -> AwarenessItem {
    AwarenessItem::publish(new("Hang up and call back.", audience), &lesson()).unwrap()
}

fn person(n: u128, kind: PersonKind, status: PersonStatus, roles: &[Role]) -> Person {
    let name = Line::parse("Somebody").unwrap();
    let person = Person::new(id(n), kind, status, name, NOW);
    match (kind, status) {
        (PersonKind::Person, PersonStatus::Confirmed) => {
            person.confirm(kind, roles.iter().copied().collect(), None, None).unwrap()
        }
        _ => person,
    }
}

fn reporter(n: u128) -> Person {
    person(n, PersonKind::Person, PersonStatus::Confirmed, &[Role::Reporter])
}

#[test]
fn only_a_lesson_in_force_is_told_and_only_in_words_that_stand_without_the_case() {
    let refused = AwarenessItem::publish(new("x", Audience::Everybody), &draft());
    assert!(matches!(refused, Err(AwarenessError::LessonNotInForce { .. })));
    for text in ["As in CASE-2026-0042, call back", "see (lsn-2026-3)", "ACT-2026-0001"] {
        let refused = AwarenessItem::publish(new(text, Audience::Everybody), &lesson());
        assert!(matches!(refused, Err(AwarenessError::NamesRecord { field: "text", .. })), "{text}");
    }
    let late = NewAwareness { due_on: jiff::civil::date(2026, 2, 28), ..new("x", Audience::Everybody) };
    assert!(matches!(AwarenessItem::publish(late, &lesson()), Err(AwarenessError::DueInPast { .. })));
    for nobody in [Audience::Roles(BTreeSet::new()), Audience::People(BTreeSet::new())] {
        assert_eq!(AwarenessItem::publish(new("x", nobody), &lesson()), Err(AwarenessError::NoAudience));
    }
}

#[test]
fn an_item_is_for_its_audience_and_for_nobody_who_left() {
    let managers = item(Audience::Roles(BTreeSet::from([Role::Manager])));
    let named = item(Audience::People(BTreeSet::from([id(4)])));
    assert!(item(Audience::Everybody).is_for(&reporter(3)) && !managers.is_for(&reporter(3)));
    assert!(named.is_for(&reporter(4)) && !named.is_for(&reporter(3)));
    let gone = person(4, PersonKind::Person, PersonStatus::Disabled, &[]);
    let team = person(4, PersonKind::Team, PersonStatus::Confirmed, &[]);
    assert!(!named.is_for(&gone) && !named.is_for(&team));
}

#[test]
fn each_person_acknowledges_once_and_only_what_is_for_them() {
    let named = item(Audience::People(BTreeSet::from([id(4)])));
    let acknowledged = named.acknowledge(&reporter(4), false, NOW).unwrap();
    assert_eq!((acknowledged.item_id, acknowledged.person_id), (named.id, id(4)));
    assert_eq!(named.acknowledge(&reporter(4), true, NOW), Err(AwarenessError::AcknowledgedAlready));
    assert_eq!(named.acknowledge(&reporter(5), false, NOW), Err(AwarenessError::NotForYou));
}

#[test]
fn what_was_taken_back_is_not_acknowledged_and_not_taken_back_again() {
    let reason = || Prose::parse("out of date").unwrap();
    let gone = item(Audience::Everybody).withdraw(reason(), id(9), NOW).unwrap();
    assert_eq!(gone.acknowledge(&reporter(4), false, NOW), Err(AwarenessError::Withdrawn));
    assert!(!gone.is_overdue(jiff::civil::date(2027, 1, 1)));
    assert_eq!(gone.withdraw(reason(), id(9), NOW), Err(AwarenessError::Withdrawn));
}
