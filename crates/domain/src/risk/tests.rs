//! Scores, the chain of assessments, and who accepts.

use proptest::prelude::*;

use super::*;

fn id(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

fn person(n: u128) -> PersonId {
    PersonId::new(id(n))
}

fn prose(text: &str) -> Prose {
    Prose::parse(text).unwrap()
}

fn at() -> Timestamp {
    "2026-03-17T10:22:00Z".parse().unwrap()
}

fn exposure(likelihood: u8, impact: u8) -> Exposure {
    Exposure { likelihood: Rating::new(likelihood).unwrap(), impact: Rating::new(impact).unwrap() }
}

fn look(likelihood: u8, impact: u8) -> Look {
    Look {
        id: AssessmentId::new(id(7)),
        exposure: exposure(likelihood, impact),
        why: prose("the bucket was public twice"),
        case_id: None,
        lesson_id: None,
        by: person(2),
        at: at(),
    }
}

/// Owned by person 1.
fn risk() -> Risk {
    let new = NewRisk {
        id: RiskId::new(id(1)),
        reference: "RSK-0007".parse().unwrap(),
        title: Line::parse("Training data becomes public").unwrap(),
        description: None,
        owner_id: person(1),
        treatment: Treatment::Mitigate,
    };
    Risk::register(new, look(4, 5)).unwrap()
}

#[test]
fn bands_follow_the_score() {
    let bands = [
        ((1, 1), Band::Low),
        ((2, 2), Band::Low),
        ((1, 5), Band::Medium),
        ((3, 3), Band::Medium),
        ((2, 5), Band::High),
        ((3, 5), Band::High),
        ((4, 4), Band::VeryHigh),
        ((5, 5), Band::VeryHigh),
    ];
    for ((likelihood, impact), band) in bands {
        assert_eq!(exposure(likelihood, impact).band(), band, "{likelihood} × {impact}");
    }
}

#[test]
fn what_is_not_on_the_scale_is_refused() {
    for text in ["", "0", "6", "-1", "1.5", "high", "256"] {
        assert!(text.parse::<Rating>().unwrap_err().to_string().contains("1 (least) to 5 (worst)"), "{text}");
    }
    assert_eq!(" 3 ".parse::<Rating>().unwrap().level(), 3);
    assert!(serde_json::from_str::<Rating>("6").is_err());
}

#[test]
fn the_first_look_has_nothing_before_it() {
    let risk = risk();
    assert_eq!(risk.latest().before_exposure(), None);
    assert_eq!((risk.latest().number, risk.exposure()), (1, exposure(4, 5)));
    assert!(!risk.is_accepted());
}

#[test]
fn only_the_owner_accepts_and_once_after_each_look() {
    let refused = risk().accept(person(2), at()).unwrap_err();
    assert_eq!(refused.code(), "risk.not_the_owner");
    let accepted = risk().accept(person(1), at()).unwrap();
    assert_eq!(accepted.latest().accepted_by, Some(person(1)));
    assert_eq!(accepted.clone().accept(person(1), at()).unwrap_err().code(), "risk.accepted_already");
    let again = accepted.assess(look(2, 5)).unwrap();
    assert!(!again.is_accepted(), "what remains is another thing now");
    assert!(
        again.accept(person(1), at()).unwrap().assessments().all(|one| one.accepted_by == Some(person(1)))
    );
}

#[test]
fn whoever_owned_it_before_accepts_no_more() {
    let edit = RiskEdit { owner_id: Some(person(3)), ..RiskEdit::default() };
    let risk = risk().edit(edit).unwrap();
    assert_eq!(risk.clone().accept(person(1), at()).unwrap_err().code(), "risk.not_the_owner");
    assert!(risk.accept(person(3), at()).is_ok());
}

#[test]
fn a_closed_risk_is_opened_again_before_anything_else() {
    let closed = risk().close(prose("the product is gone")).unwrap();
    for refused in [
        closed.clone().assess(look(1, 1)),
        closed.clone().accept(person(1), at()),
        closed.clone().edit(RiskEdit::default()),
        closed.clone().close(prose("again")),
        risk().reopen(),
    ] {
        assert_eq!(refused.unwrap_err().code(), "risk.wrong_state");
    }
    let open = closed.reopen().unwrap();
    assert_eq!((open.state, &open.closed_reason), (RiskState::Open, &None));
}

#[test]
fn a_case_that_asks_for_a_look_is_linked() {
    let case = CaseId::new(id(9));
    let lesson = Some(LessonId::new(id(8)));
    let refused = risk().assess(Look { lesson_id: lesson, ..look(1, 1) }).unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("risk.lesson_without_case", Some("case")));
    let risk = risk().assess(Look { case_id: Some(case), lesson_id: lesson, ..look(1, 1) }).unwrap();
    assert!(risk.cases.contains(&case));
    assert!(risk.with_case(case, false).cases.is_empty());
}

#[derive(Debug, Clone)]
enum Step {
    Assess(u8, u8),
    Accept(u128),
    HandOver(u128),
    Close,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1..=5_u8, 1..=5_u8).prop_map(|(likelihood, impact)| Step::Assess(likelihood, impact)),
        (1..=3_u128).prop_map(Step::Accept),
        (1..=3_u128).prop_map(Step::HandOver),
        Just(Step::Close),
        Just(Step::Reopen),
    ]
}

fn take(risk: Risk, step: &Step) -> Result<Risk, RiskError> {
    match step {
        Step::Assess(likelihood, impact) => risk.assess(look(*likelihood, *impact)),
        Step::Accept(by) => risk.accept(person(*by), at()),
        Step::HandOver(to) => risk.edit(RiskEdit { owner_id: Some(person(*to)), ..RiskEdit::default() }),
        Step::Close => risk.close(prose("gone")),
        Step::Reopen => risk.reopen(),
    }
}

proptest! {
    #[test]
    fn before_is_always_what_was_after_the_look_before(steps in prop::collection::vec(step(), 0..40)) {
        let mut risk = risk();
        for step in &steps {
            risk = take(risk.clone(), step).unwrap_or(risk);
            let all: Vec<_> = risk.assessments().collect();
            prop_assert_eq!(all[0].before_exposure(), None);
            for pair in all.windows(2) {
                prop_assert_eq!(pair[1].before_exposure(), Some(pair[0].after_exposure()));
                prop_assert_eq!(pair[1].number, pair[0].number + 1);
            }
        }
    }

    #[test]
    fn nobody_but_the_owner_of_that_moment_ever_accepts(steps in prop::collection::vec(step(), 0..40)) {
        let mut risk = risk();
        for step in &steps {
            let (owner, was) = (risk.owner_id, risk.is_accepted());
            match take(risk.clone(), step) {
                Ok(next) => {
                    if let Step::Accept(by) = step {
                        prop_assert!(person(*by) == owner && !was);
                        prop_assert_eq!(next.latest().accepted_by, Some(owner));
                    }
                    if matches!(step, Step::Assess(..)) {
                        prop_assert!(!next.is_accepted());
                    }
                    risk = next;
                }
                Err(_) => prop_assert_eq!(risk.owner_id, owner),
            }
        }
    }
}
