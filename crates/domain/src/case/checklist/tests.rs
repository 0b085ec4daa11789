//! What the checklist says of a loop, and when.

use proptest::prelude::*;

use super::*;
use crate::action::ActionState;
use crate::case::{ActionInLoop, LessonInLoop, ReviewInLoop, RiskInLoop, missing};
use crate::procedure::shipped;
use crate::strength::ActionStrength;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn whole() -> LoopFacts {
    LoopFacts {
        reviews: vec![ReviewInLoop {
            reference: "PIR-2026-0001".parse().unwrap(),
            is_complete: true,
            is_waived: false,
            is_thorough: true,
            lacks_look: false,
            facilitator: "Mia".to_owned(),
            due_on: day("2026-03-25"),
        }],
        cause_count: 2,
        lessons: vec![LessonInLoop {
            reference: "LSN-2026-0001".parse().unwrap(),
            has_failed: false,
            is_approved: true,
            is_retired: false,
            author: "Leo".to_owned(),
            is_acted_on: true,
            is_acted_on_elsewhere: false,
            is_covered: false,
        }],
        actions: vec![ActionInLoop {
            reference: "ACT-2026-0001".parse().unwrap(),
            state: ActionState::Effective,
            owner: "Ada".to_owned(),
            due_on: day("2026-06-01"),
            original_due_on: day("2026-04-01"),
            check_on: Some(day("2026-07-01")),
            judge: Some("Jo".to_owned()),
            is_followed: false,
            is_to_decide_again: false,
            strength: ActionStrength::Engineer,
        }],
        control_count: 1,
        risk_look_count: 1,
        ..LoopFacts::default()
    }
}

fn checklist(state: CaseState, facts: &LoopFacts, today: &str) -> Checklist {
    let rules = &shipped().rules;
    Checklist::of(LoopOf { state, origin: Origin::Native, severity: None, rules }, facts, day(today))
}

fn line_of(list: &Checklist, link: LoopLink) -> ChecklistLine {
    list.lines.iter().find(|line| line.link == Some(link)).unwrap().clone()
}

#[test]
fn a_case_is_learned_once_it_is_closed_and_every_link_is_in_place() {
    let closed = checklist(CaseState::Closed, &whole(), "2026-08-01");
    assert!(closed.is_learned);
    assert_eq!((closed.in_place(), closed.lines.len()), (9, 9));
    assert!(!checklist(CaseState::Acting, &whole(), "2026-08-01").is_learned, "it is not closed");
    let unjudged = LoopFacts {
        actions: vec![ActionInLoop { state: ActionState::Done, ..whole().actions[0].clone() }],
        ..whole()
    };
    assert!(!checklist(CaseState::Closed, &unjudged, "2026-08-01").is_learned);
    assert!(checklist(CaseState::Void, &whole(), "2026-08-01").lines.is_empty());
}

#[test]
fn what_is_not_there_is_missing_only_from_the_day_after_it_was_due() {
    let open = LoopFacts { control_count: 0, ..whole() };
    let of = |today| line_of(&checklist(CaseState::Closed, &open, today), LoopLink::Controls);
    assert_eq!(of("2026-04-01").state, LinkState::NotYetDue);
    let late = of("2026-04-02");
    assert_eq!(
        (late.state, late.due_on),
        (LinkState::Missing, Some(day("2026-04-01"))),
        "the first date counts"
    );
    assert_eq!(late.owed_by, BTreeSet::from(["Mia".to_owned()]));
    assert_eq!(late.missing[0].code, "control.missing");
}

#[test]
fn what_two_people_agreed_is_not_needed_is_not_asked_for() {
    let mut facts = LoopFacts { control_count: 0, ..whole() };
    facts.declared.insert(LoopLink::Controls, false);
    let list = checklist(CaseState::Closed, &facts, "2026-08-01");
    assert_eq!(line_of(&list, LoopLink::Controls).state, LinkState::Missing, "one alone does not decide it");
    facts.declared.insert(LoopLink::Controls, true);
    let list = checklist(CaseState::Closed, &facts, "2026-08-01");
    assert_eq!(line_of(&list, LoopLink::Controls).state, LinkState::NotNeeded);
    assert!(list.is_learned);
}

#[test]
fn a_review_that_is_not_needed_is_waived() {
    let waived = |is_waived| LoopFacts {
        reviews: vec![ReviewInLoop { is_waived, ..whole().reviews[0].clone() }],
        ..whole()
    };
    let list = checklist(CaseState::Closed, &waived(true), "2026-08-01");
    assert_eq!(line_of(&list, LoopLink::Review).state, LinkState::NotNeeded);
    assert!(list.is_learned && list.is_exception);
    assert!(!checklist(CaseState::Closed, &waived(false), "2026-08-01").is_exception);
}

#[test]
fn the_last_link_is_due_when_the_effect_is_looked_at() {
    let list = checklist(CaseState::Closed, &whole(), "2026-08-01");
    assert_eq!(list.due_on, Some(day("2026-05-31")), "no later than the check of what was planned first");
    let effect = |check: &str| LoopFacts {
        actions: vec![ActionInLoop { check_on: Some(day(check)), ..whole().actions[0].clone() }],
        ..whole()
    };
    assert_eq!(
        checklist(CaseState::Closed, &effect("2026-05-02"), "2026-08-01").due_on,
        Some(day("2026-05-02"))
    );
    let far = LoopFacts {
        actions: vec![ActionInLoop { original_due_on: day("2049-04-01"), ..whole().actions[0].clone() }],
        ..whole()
    };
    let late = checklist(CaseState::Acting, &far, "2026-08-01").due_on.unwrap();
    assert!(late < day("2027-01-01"), "a day that is later for a reason does not move the score: {late}");
    let unplanned = LoopFacts { actions: Vec::new(), ..whole() };
    let rules = &shipped().rules;
    let planned_by = rules.action_due_by(day("2026-03-25"), None);
    let list = checklist(CaseState::InReview, &unplanned, "2026-03-01");
    assert_eq!(
        list.due_on,
        Some(rules.check_due_by(planned_by, None)),
        "by the rules as long as nothing is planned"
    );
    let none = checklist(CaseState::Reported, &LoopFacts::default(), "2026-03-01");
    assert_eq!(none.due_on, None, "nothing is due before there is a review");
    assert!(none.lines.iter().all(|line| line.state == LinkState::NotYetDue));
}

#[test]
fn a_risk_that_is_linked_is_looked_at_before_the_case_is_closed_and_accepted_before_it_is_learned() {
    let risk = || vec![RiskInLoop { reference: "RSK-0007".parse().unwrap(), owner: "Rita".to_owned() }];
    let unseen = LoopFacts { unseen_risks: risk(), ..whole() };
    let codes: Vec<_> = missing(CaseState::Acting, &unseen).into_iter().map(|one| one.code).collect();
    assert_eq!(codes, ["risk.not_looked_at"]);
    let unaccepted = LoopFacts { unaccepted_risks: risk(), ..whole() };
    assert_eq!(missing(CaseState::Acting, &unaccepted), []);
    let line = line_of(&checklist(CaseState::Closed, &unaccepted, "2026-08-01"), LoopLink::Risks);
    assert_eq!((line.state, line.owed_by), (LinkState::Missing, BTreeSet::from(["Rita".to_owned()])));
}

#[test]
fn what_did_not_work_is_followed_by_something_else() {
    let of = |is_followed| LoopFacts {
        actions: vec![ActionInLoop {
            state: ActionState::NotEffective,
            is_followed,
            ..whole().actions[0].clone()
        }],
        ..whole()
    };
    assert!(!checklist(CaseState::Closed, &of(false), "2026-08-01").is_learned);
    assert!(checklist(CaseState::Closed, &of(true), "2026-08-01").is_learned);
}

/// The codes of what stands between a case and *closed*.
fn gate(facts: &LoopFacts) -> Vec<String> {
    missing(CaseState::Acting, facts).into_iter().map(|one| one.code).collect()
}

/// A case of which the only action was decided not to be done.
fn put_off(is_to_decide_again: bool) -> LoopFacts {
    let state = ActionState::NotDoing;
    let mut facts = LoopFacts {
        actions: vec![ActionInLoop { state, is_to_decide_again, ..whole().actions[0].clone() }],
        ..whole()
    };
    facts.lessons[0].is_acted_on = false;
    facts
}

#[test]
fn a_case_of_which_nothing_planned_is_done_is_not_answered() {
    assert_eq!(gate(&put_off(false)), ["action.none_carried_out", "lesson.not_at_work"]);
    let list = checklist(CaseState::Closed, &put_off(false), "2026-08-01");
    assert_eq!(line_of(&list, LoopLink::Actions).state, LinkState::Missing);
    assert_eq!(line_of(&list, LoopLink::Effectiveness).missing[0].code, "check.nothing");
    let mut covered = put_off(false);
    covered.lessons[0].is_covered = true;
    assert_eq!(gate(&covered), Vec::<String>::new(), "what covers its lessons answers it");
    assert!(checklist(CaseState::Closed, &covered, "2026-08-01").is_exception);
}

#[test]
fn a_decision_not_to_do_it_that_is_over_is_missing_again() {
    let mut facts = put_off(true);
    facts.lessons[0].is_covered = true;
    assert_eq!(gate(&facts), ["action.decide_again"]);
}

#[test]
fn one_action_not_done_beside_others_is_an_exception_and_nothing_is_missing() {
    let mut facts = whole();
    facts.actions.extend(put_off(false).actions);
    let list = checklist(CaseState::Closed, &facts, "2026-08-01");
    assert!(list.is_learned && list.is_exception);
}

#[test]
fn a_lesson_that_nothing_in_force_puts_to_work_keeps_its_case_open_until_it_is_retired() {
    let mut facts = whole();
    facts.lessons.push(LessonInLoop { is_acted_on: false, ..whole().lessons[0].clone() });
    assert_eq!(gate(&facts), ["lesson.not_at_work"]);
    facts.lessons[1].is_acted_on_elsewhere = true;
    assert_eq!(gate(&facts), Vec::<String>::new(), "it is at work, and this case has an action of its own");
    assert!(!checklist(CaseState::Closed, &facts, "2026-08-01").is_exception);
    (facts.lessons[1].is_acted_on_elsewhere, facts.lessons[1].is_covered) = (false, true);
    let list = checklist(CaseState::Closed, &facts, "2026-08-01");
    assert!(list.is_learned && list.is_exception, "one lesson of two is covered alone");
    (facts.lessons[1].is_covered, facts.lessons[1].is_retired) = (false, true);
    assert_eq!(gate(&facts), Vec::<String>::new());
}

#[test]
fn a_lesson_of_another_case_alone_does_not_answer_this_one() {
    let mut facts = LoopFacts { actions: Vec::new(), ..whole() };
    (facts.lessons[0].is_acted_on, facts.lessons[0].is_acted_on_elsewhere) = (false, true);
    assert_eq!(gate(&facts), ["action.missing"], "somebody has to say that what was done then is enough now");
    facts.lessons[0].is_covered = true;
    assert_eq!(gate(&facts), Vec::<String>::new());
    assert!(checklist(CaseState::Closed, &facts, "2026-08-01").is_exception);
}

#[test]
fn a_serious_case_is_not_answered_by_training_alone() {
    let of = |level: u8| LoopFacts {
        severity: Severity::new(level).ok(),
        actions: vec![ActionInLoop { strength: ActionStrength::Train, ..whole().actions[0].clone() }],
        ..whole()
    };
    let codes: Vec<_> = missing(CaseState::Acting, &of(4)).into_iter().map(|one| one.code).collect();
    assert_eq!(codes, ["action.only_training"]);
    assert_eq!(missing(CaseState::Acting, &of(3)), []);
}

#[test]
fn a_case_that_was_closed_elsewhere_is_before_the_loop_until_it_is_opened() {
    let rules = &shipped().rules;
    let of = |state| {
        let case = LoopOf { state, origin: Origin::Import, severity: None, rules };
        Checklist::of(case, &LoopFacts::default(), day("2026-03-01")).is_before_the_loop
    };
    assert!(of(CaseState::Closed));
    assert!(!of(CaseState::InReview));
}

proptest! {
    /// Whatever is there: a case for which nothing is missing at the gate has every link of the gate in place, and what is
    /// learned could be closed.
    #[test]
    fn the_gate_and_the_checklist_agree(
        review in 0u8..3, causes in 0usize..2, looked: bool, lesson in 0u8..3, action in 0usize..7,
        covered: bool, retired: bool, lapsed: bool, controls in 0usize..2, looks in 0usize..2, unseen: bool,
        declared in prop::collection::btree_map(0usize..8, any::<bool>(), 0..8),
    ) {
        let mut facts = LoopFacts { cause_count: causes, control_count: controls, ..whole() };
        facts.risk_look_count = looks;
        if unseen {
            let reference = "RSK-0007".parse().unwrap();
            facts.unseen_risks.push(RiskInLoop { reference, owner: "Rita".to_owned() });
        }
        facts.reviews.truncate(usize::from(review > 0));
        for one in &mut facts.reviews { (one.is_complete, one.lacks_look) = (review == 2, !looked); }
        facts.lessons.truncate(usize::from(lesson > 0));
        for one in &mut facts.lessons {
            (one.is_approved, one.is_covered, one.is_retired) = (lesson == 2, covered, retired);
            one.is_acted_on = action < 5;
        }
        let states = [ActionState::Open, ActionState::InProgress, ActionState::Done, ActionState::Effective,
            ActionState::NotEffective, ActionState::NotDoing];
        match states.get(action) {
            Some(state) => {
                facts.actions[0].state = *state;
                facts.actions[0].is_to_decide_again = lapsed && *state == ActionState::NotDoing;
            }
            None => facts.actions.clear(),
        }
        facts.declared = declared.into_iter().map(|(at, agreed)| (LINKS[at], agreed)).collect();
        let gate = missing(CaseState::Acting, &facts);
        let list = checklist(CaseState::Closed, &facts, "2027-01-01");
        let before = [LoopLink::Review, LoopLink::Causes, LoopLink::Similar, LoopLink::Lessons, LoopLink::Actions];
        let in_place = before.into_iter().all(|link| line_of(&list, link).is_in_place());
        prop_assert_eq!(gate.is_empty(), in_place && (!unseen || facts.is_not_needed(LoopLink::Risks)));
        prop_assert!(!list.is_learned || gate.is_empty());
    }
}
