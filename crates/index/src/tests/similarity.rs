//! Similar cases.

use nevertwice_domain::id::CaseId;

use super::*;
use crate::{Reach, Reason, SimilarTo};

fn register() -> Bench {
    let with = |number, title: &str, text: &str, cause: &str| {
        let mut case = case(number, title);
        case.common.passages = vec![passage(TextPart::Body, text), passage(TextPart::Cause, cause)];
        case
    };
    let one =
        with(1, "Chatbot leaked prompts", "The chatbot exposed system prompts", "missing output filter");
    let mut two =
        with(2, "Assistant exposed prompts", "system prompts were exposed", "no output filter in place");
    let mut three = with(3, "Exposed prompts", "system prompts were exposed by a chatbot", "unknown");
    let mut one = one;
    one.assets = vec![MODEL];
    two.assets = vec![MODEL];
    one.common.tags = vec!["LLM".into()];
    three.common.tags = vec!["other".into()];
    Bench::new(&[
        Document::Case(one),
        Document::Case(two),
        Document::Case(three),
        Document::Case(with(4, "Lost laptop", "left in a train", "carelessness")),
        lesson(5, "Chatbot prompts exposed", "approved"),
    ])
}

#[test]
fn shared_assets_and_causes_outweigh_a_few_words_and_are_given_as_reasons() {
    let bench = register();
    let to = SimilarTo::Case(CaseId::new(Uuid::from_u128(1)));
    let similar = bench.index.similar(&to, &everything(), 10).unwrap();
    let references: Vec<&str> = similar.iter().map(|found| found.reference.as_str()).collect();
    assert_eq!(references, ["CASE-2026-0002", "CASE-2026-0003"], "neither itself nor lessons nor the laptop");
    assert_eq!(similar[0].reasons[0], Reason::Assets(vec![MODEL]));
    assert!(
        similar[0].reasons.contains(&Reason::Causes(vec!["filter".into(), "output".into()])),
        "{:?}",
        similar[0]
    );
    assert!(
        matches!(similar[1].reasons.as_slice(), [Reason::Words(words)] if words.contains(&"chatbot".to_owned()))
    );
    assert_eq!(bench.index.similar(&to, &everything(), 1).unwrap().len(), 1);
}

#[test]
fn a_text_finds_cases_before_it_is_one() {
    let bench = register();
    let similar =
        bench.index.similar(&SimilarTo::Text("laptop stolen on a train".into()), &everything(), 3).unwrap();
    assert_eq!(similar[0].reference, "CASE-2026-0004");
    assert_eq!(bench.index.similar(&SimilarTo::Text("…".into()), &everything(), 3).unwrap(), []);
}

#[test]
fn nobody_gets_cases_or_reasons_that_they_may_not_see() {
    let bench = register();
    let to = SimilarTo::Case(CaseId::new(Uuid::from_u128(1)));
    for cases in [Reach::Nothing, Reach::Named, Reach::Outline] {
        let access = Access { cases, ..everything() };
        assert_eq!(bench.index.similar(&to, &access, 5).unwrap(), [], "{cases:?}");
        assert_eq!(bench.index.similar(&SimilarTo::Text("chatbot prompts".into()), &access, 5).unwrap(), []);
    }
}
