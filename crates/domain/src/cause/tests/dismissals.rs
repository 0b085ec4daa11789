use super::*;
use crate::asset::Sha256Text;
use crate::id::{PersonId, ReviewId};
use crate::time::Timestamp;

/// Not SHA-256, but another for every length.
fn digest(statement: &Statement) -> Sha256Text {
    Sha256Text::parse(&format!("{:064x}", statement.as_str().len())).unwrap()
}

fn dismissal(number: u128, rule: &str, of: &str) -> Dismissal {
    Dismissal {
        review_id: ReviewId::new(Uuid::from_u128(1)),
        cause_id: id(number),
        rule: rule.to_owned(),
        statement_sha256: digest(&statement(of)),
        reason: Prose::parse("a proper name of ours").unwrap(),
        dismissed_by: PersonId::new(Uuid::from_u128(2)),
        dismissed_at: Timestamp::MIN,
    }
}

fn short() -> CauseGraph {
    let mut graph = classic();
    let edit = CauseEdit { statement: Some(statement("Operator error")), ..CauseEdit::default() };
    graph.edit(id(3), edit).unwrap();
    graph
}

fn sorted<'d>(graph: &CauseGraph, dismissals: &'d [Dismissal]) -> Sorted<'d> {
    let objections = graph.ready_for_submission(rules(), Standard::default());
    graph.sort_out(objections, dismissals, digest)
}

fn is_open(sorted: &Sorted<'_>, number: u128, rule: &str) -> bool {
    sorted.open.iter().any(|objection| objection.cause == Some(id(number)) && objection.key() == rule)
}

#[test]
fn what_was_dismissed_is_told_apart_with_who_and_why() {
    let graph = short();
    for rule in ["human-error-midway", "cause.too_short"] {
        assert!(is_open(&sorted(&graph, &[]), 3, rule), "{rule}");
        let dismissals = [dismissal(3, rule, "Operator error")];
        let sorted = sorted(&graph, &dismissals);
        assert!(!is_open(&sorted, 3, rule), "{rule}");
        assert_eq!(sorted.dismissed.len(), 1);
        assert_eq!(sorted.dismissed[0].1.reason.as_str(), "a proper name of ours");
    }
}

#[test]
fn another_statement_cause_or_rule_is_asked_again() {
    let graph = short();
    for other in [
        dismissal(3, "human-error-midway", "Operator mistakes"),
        dismissal(2, "human-error-midway", "Operator error"),
        dismissal(3, "cause.too_short", "Operator error"),
    ] {
        assert!(is_open(&sorted(&graph, &[other]), 3, "human-error-midway"));
    }
}

#[test]
fn what_blocks_is_never_dismissed() {
    let mut graph = classic();
    graph.ask_why(Some(id(5)), answer(6, "Human error")).unwrap();
    let dismissals = [dismissal(6, "human-error", "Human error")];
    let sorted = sorted(&graph, &dismissals);
    assert!(is_open(&sorted, 6, "human-error") && sorted.dismissed.is_empty());
    let refused = sorted.may_dismiss(id(6), "human-error").unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("cause.blocks_always", Some("rule")));
    assert_eq!(sorted.may_dismiss(id(6), "cause.too_short"), Ok(()));
    assert_eq!(sorted.may_dismiss(id(1), "cause.too_short").unwrap_err().code(), "cause.no_finding");
}
