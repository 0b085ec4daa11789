use super::*;

fn codes(graph: &CauseGraph) -> Vec<(&'static str, Severity)> {
    graph
        .ready_for_submission(rules(), Standard::default())
        .into_iter()
        .map(|objection| (objection.code, objection.severity))
        .collect()
}

fn wording_of(graph: &CauseGraph, number: u128) -> Vec<(String, Severity)> {
    graph
        .ready_for_submission(rules(), Standard::default())
        .into_iter()
        .filter(|objection| objection.cause == Some(id(number)))
        .filter_map(|objection| objection.rule.map(|rule| (rule, objection.severity)))
        .collect()
}

#[test]
fn a_problem_without_a_why_is_not_ready() {
    let graph = CauseGraph::new(statement("Ransomware on the file server"));
    assert_eq!(codes(&graph), [("cause.no_why", Severity::Block)]);
    assert_eq!(blocking(&graph.ready_for_submission(rules(), Standard::default())).len(), 1);
}

#[test]
fn the_classic_example_is_ready() {
    let objections = classic().ready_for_submission(rules(), Standard::default());
    assert_eq!(blocking(&objections), [""; 0]);
    assert!(
        objections.iter().all(|objection| objection.cause != Some(id(1))),
        "a followed link is a fine step"
    );
}

#[test]
fn human_error_as_last_why_is_refused_with_a_question() {
    for text in ["Human error", "It was user error.", "A mistake of the admin"] {
        let mut graph = classic();
        graph.ask_why(Some(id(5)), answer(6, text)).unwrap();
        let refusals = blocking(&graph.ready_for_submission(rules(), Standard::default()));
        assert_eq!(refusals.len(), 1, "{text}");
        assert!(refusals[0].starts_with("why 6: ") && refusals[0].ends_with('?'), "{refusals:?}");
    }
}

#[test]
fn human_error_with_a_why_beneath_it_is_only_asked_about() {
    let mut graph = classic();
    graph.ask_why(Some(id(5)), answer(6, "Operator error")).unwrap();
    graph
        .ask_why(Some(id(6)), answer(7, "The console lists production and test hosts in one colour"))
        .unwrap();
    assert_eq!(blocking(&graph.ready_for_submission(rules(), Standard::default())), [""; 0]);
    assert_eq!(wording_of(&graph, 6), [("human-error-midway".to_owned(), Severity::Hint)]);
}

#[test]
fn every_branch_must_end_well() {
    let mut graph = branched();
    graph
        .edit(id(8), CauseEdit { statement: Some(statement("User mistake")), ..CauseEdit::default() })
        .unwrap();
    let objections = graph.ready_for_submission(rules(), Standard::default());
    let refused: Vec<_> = objections.iter().filter(|objection| objection.blocks()).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].number.unwrap().to_string(), "1.2");
    assert_eq!(refused[0].rule.as_deref(), Some("human-error"));
}

#[test]
fn a_short_ladder_and_an_assumed_end_are_asked_about() {
    let mut graph = CauseGraph::new(statement("A bucket was public"));
    let assumed =
        NewCause { confidence: Confidence::Assumed, ..answer(1, "The template sets public reading") };
    graph.ask_why(None, assumed).unwrap();
    let expected =
        ["cause.shallow", "cause.leaf_assumed", "cause.leaf_open"].map(|code| (code, Severity::Hint));
    assert_eq!(codes(&graph), expected);
}

#[test]
fn several_branches_ask_for_a_primary() {
    let mut graph = branched();
    assert!(codes(&graph).contains(&("cause.no_primary", Severity::Hint)));
    graph.set_primary(Some(id(5))).unwrap();
    assert!(!codes(&graph).contains(&("cause.no_primary", Severity::Hint)));
}

#[test]
fn an_event_at_the_end_is_asked_about_and_a_bare_confirmation_refused() {
    let mut graph = classic();
    let edit = CauseEdit {
        kind: Some(CauseKind::Event),
        confidence: Some(Confidence::Confirmed),
        ..CauseEdit::default()
    };
    graph.edit(id(5), edit).unwrap();
    let found = codes(&graph);
    assert!(found.contains(&("cause.leaf_is_event", Severity::Hint)));
    assert!(found.contains(&("cause.confirmed_without_evidence", Severity::Block)));
}

#[test]
fn saying_the_effect_again_is_noticed() {
    let mut graph = classic();
    graph.ask_why(Some(id(4)), answer(6, "On Friday the update server had stopped")).unwrap();
    assert!(codes(&graph).contains(&("cause.restates_effect", Severity::Warn)));
    graph.remove_leaf(id(6)).unwrap();
    graph.ask_why(Some(id(4)), answer(6, "The disk of the update server was full on Friday")).unwrap();
    assert!(!codes(&graph).contains(&("cause.restates_effect", Severity::Warn)));
}
