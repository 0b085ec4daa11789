//! The state machine and the gate of a case.

use super::*;
use crate::action::ActionState;
use crate::id::PersonId;
use crate::reference::Reference;

fn person(n: u128) -> PersonId {
    PersonId::new(uuid::Uuid::from_u128(n))
}

fn reported(class: Class) -> Case {
    Case::report(NewCase {
        id: CaseId::new(uuid::Uuid::from_u128(1)),
        reference: CaseRef::from_parts(2026, 1),
        title: Line::parse("Dataset bucket was public").unwrap(),
        class,
        reporter: person(1),
        reported: "2026-03-17T10:22Z".parse().unwrap(),
        at: Timestamp::from_millis(1_773_742_920_000),
    })
}

fn at(text: &str) -> When {
    text.parse().unwrap()
}

fn prose(text: &str) -> Prose {
    Prose::parse(text).unwrap()
}

fn complete_loop() -> LoopFacts {
    LoopFacts {
        reviews: vec![ReviewInLoop {
            reference: "PIR-2026-0001".parse().unwrap(),
            is_complete: true,
            is_waived: false,
            is_thorough: true,
            lacks_look: false,
            facilitator: "Mia".to_owned(),
            due_on: jiff::civil::date(2026, 3, 25),
        }],
        cause_count: 1,
        lessons: vec![LessonInLoop {
            reference: "LSN-2026-0001".parse().unwrap(),
            has_failed: false,
            is_approved: true,
            is_retired: false,
            author: "Mia".to_owned(),
            is_acted_on: true,
            is_acted_on_elsewhere: false,
            is_covered: false,
        }],
        actions: vec![ActionInLoop {
            reference: "ACT-2026-0001".parse().unwrap(),
            state: ActionState::Done,
            owner: "Ada".to_owned(),
            due_on: jiff::civil::date(2026, 4, 1),
            original_due_on: jiff::civil::date(2026, 4, 1),
            check_on: Some(jiff::civil::date(2026, 5, 1)),
            judge: Some("Jo".to_owned()),
            is_followed: false,
            is_to_decide_again: false,
            strength: crate::strength::ActionStrength::Engineer,
        }],
        ..LoopFacts::default()
    }
}

#[test]
fn an_incident_goes_through_every_state_to_closed() {
    let case = reported(Class::Event).classify(Class::Incident, at("2026-03-17T11:00Z")).unwrap();
    assert_eq!((case.state, case.acknowledged), (CaseState::Triaged, Some(at("2026-03-17T11:00Z"))));
    let case = case.respond(person(2)).unwrap().resolve(at("2026-03-18")).unwrap().begin_review().unwrap();
    assert_eq!((case.state, case.resolved), (CaseState::InReview, Some(at("2026-03-18"))));
    let case = case.begin_acting().close(&complete_loop(), at("2026-04-02")).unwrap();
    assert_eq!((case.state, case.closed), (CaseState::Closed, Some(at("2026-04-02"))));
}

#[test]
fn an_incident_is_resolved_before_its_review_but_a_weakness_need_not_be() {
    let triaged = |class| reported(class).classify(class, at("2026-03-17")).unwrap();
    let refused = triaged(Class::Incident).begin_review().unwrap_err();
    assert_eq!(refused.to_string(), "the case is triaged; a review is possible from: resolved");
    for class in [Class::Weakness, Class::Event, Class::NearMiss] {
        assert_eq!(triaged(class).begin_review().unwrap().state, CaseState::InReview, "{class}");
    }
}

#[test]
fn closing_says_exactly_what_is_missing() {
    let acting = reported(Class::Weakness)
        .classify(Class::Weakness, at("2026-03-17"))
        .unwrap()
        .begin_review()
        .unwrap()
        .begin_acting();
    let codes = |facts: &LoopFacts| match acting.clone().close(facts, at("2026-04-02")) {
        Err(CaseError::LoopIncomplete(missing)) => missing.into_iter().map(|m| m.code).collect::<Vec<_>>(),
        other => panic!("closed or refused otherwise: {other:?}"),
    };
    assert_eq!(
        codes(&LoopFacts::default()),
        ["review.missing", "cause.missing", "similar.missing", "lesson.missing", "action.missing"]
    );
    let mut facts = complete_loop();
    facts.reviews[0].is_complete = false;
    facts.lessons[0].is_approved = false;
    facts.actions[0].state = ActionState::InProgress;
    assert_eq!(codes(&facts), ["review.not_approved", "lesson.not_approved", "action.unfinished"]);
    let error = acting.close(&facts, at("2026-04-02")).unwrap_err().to_string();
    assert!(error.contains("action ACT-2026-0001 is in progress; Ada owes it by 2026-04-01"), "{error}");
}

#[test]
fn each_part_of_the_loop_alone_keeps_a_case_open() {
    let mut lacking = vec![complete_loop(), complete_loop(), complete_loop(), complete_loop()];
    lacking[0].reviews.clear();
    lacking[1].cause_count = 0;
    lacking[2].lessons.clear();
    lacking[3].actions.clear();
    lacking[3].lessons[0].is_acted_on = false;
    // Where there is no review, nobody looked for similar cases either; without an action, nothing puts the lesson to work.
    for (facts, how_many) in lacking.into_iter().zip([2, 1, 1, 2]) {
        assert_eq!(missing(CaseState::Acting, &facts).len(), how_many, "{facts:?}");
    }
    let mut covered = LoopFacts { actions: Vec::new(), ..complete_loop() };
    (covered.lessons[0].is_acted_on, covered.lessons[0].is_covered) = (false, true);
    assert_eq!(missing(CaseState::Acting, &covered), [], "what covers its lessons stands in for an action");
    assert!(missing(CaseState::Acting, &complete_loop()).is_empty());
}

#[test]
fn reopening_counts_and_clears_the_closing_date() {
    let case = reported(Class::Event);
    let closed =
        Case::restore(CaseRecord { state: CaseState::Closed, closed: Some(at("2026-04")), ..case.0 });
    let now = Timestamp::from_millis(7);
    let again = closed.reopen(false, prose("came back"), now).unwrap();
    assert_eq!((again.state, again.closed, again.reopened_count), (CaseState::InReview, None, 1));
    assert_eq!(again.reopened_at, Some(now));
    assert!(again.clone().reopen(true, prose("again"), now).is_err(), "only a closed case re-opens");
    let refused = again.close(&complete_loop(), at("2026-05")).unwrap_err().to_string();
    assert!(refused.contains("open a review of what is new"), "{refused}");
}

#[test]
fn a_void_case_does_not_change_any_more() {
    let void = reported(Class::Event).void(prose("entered twice")).unwrap();
    assert!(void.clone().classify(Class::Incident, at("2026")).is_err());
    assert!(void.clone().edit(CaseEdit::default()).is_err());
    assert!(void.clone().respond(person(1)).is_err());
    assert!(void.clone().close(&complete_loop(), at("2026")).is_err());
    assert!(void.clone().part_of(None).is_err());
    assert_eq!(void.may_grow(), Err(CaseError::IsVoid));
    assert!(void.void(prose("again")).is_err());
}

#[test]
fn the_event_decision_sets_the_class_and_triages() {
    let when = Timestamp::from_millis(0);
    let yes = reported(Class::Event).decide(Decision::Incident, prose("data left"), person(3), when).unwrap();
    assert_eq!((yes.class, yes.state), (Class::Incident, CaseState::Triaged));
    let no = yes.decide(Decision::NotAnIncident, prose("test data only"), person(3), when).unwrap();
    assert_eq!((no.class, no.decided_by), (Class::Event, Some(person(3))));
}

#[test]
fn a_restricted_case_needs_somebody_who_can_open_it() {
    assert_eq!(reported(Class::Event).restrict(true, BTreeSet::new()), Err(CaseError::NobodyCanRead));
    let case = reported(Class::Event).restrict(true, BTreeSet::from([person(1)])).unwrap();
    assert!(case.shuts_out(person(2)) && !case.shuts_out(person(1)));
    let open = case.restrict(false, BTreeSet::new()).unwrap();
    assert!(!open.shuts_out(person(2)) && open.readers.is_empty());
}

#[test]
fn a_case_is_no_part_of_itself() {
    let case = reported(Class::Event);
    let id = case.id;
    assert_eq!(case.part_of(Some(id)), Err(CaseError::PartOfItself));
}

#[test]
fn durations_come_from_the_dates_and_vague_dates_give_none() {
    let mut record = reported(Class::Event).0;
    record.occurred = Some(at("2026-03-16T09:00Z"));
    record.detected = Some(at("2026-03-16T10:30Z"));
    record.contained = Some(at("2026-03-18"));
    record.resolved = Some(at("2026-03"));
    record.closed = Some(at("2026-03-10"));
    let found: Vec<_> = durations(&record).iter().map(|d| (d.kind, d.seconds, d.to_the_minute)).collect();
    assert_eq!(
        found,
        [
            (DurationKind::ToDetect, 5_400, true),
            (DurationKind::ToContain, 2 * 86_400, false),
            (DurationKind::ToClose, -7 * 86_400, false),
        ]
    );
}

#[test]
fn severity_reads_numbers_and_words() {
    for (text, level) in [("1", 1), ("critical", 5), ("High", 4), (" 3 ", 3)] {
        assert_eq!(text.parse::<Severity>().unwrap().level(), level);
    }
    for text in ["0", "6", "", "severe", "-1", "1.5"] {
        assert!(text.parse::<Severity>().is_err(), "{text}");
    }
}

#[test]
fn labour_is_rounded_half_to_even() {
    use crate::money::{Currency, Money};
    let rate = |minor| Money::new(minor, Currency::EUR);
    assert_eq!(cost::labour(90, rate(8_000)).unwrap().minor, 12_000);
    assert_eq!(cost::labour(30, rate(1)).unwrap().minor, 0, "half a cent goes to the even cent");
    assert_eq!(cost::labour(30, rate(3)).unwrap().minor, 2);
    assert!(cost::labour(u32::MAX, rate(i64::MAX)).is_err());
}
