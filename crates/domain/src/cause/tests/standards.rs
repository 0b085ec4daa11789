use super::*;

const FULL: Standard = Standard { severity: None, ends_must_be_said: true };

fn serious(level: u8) -> Standard {
    Standard { severity: Some(crate::case::Severity::new(level).unwrap()), ends_must_be_said: false }
}

fn asked(graph: &CauseGraph, standard: Standard) -> Vec<(&'static str, Severity)> {
    let objections = graph.ready_for_submission(rules(), standard);
    objections.into_iter().map(|objection| (objection.code, objection.severity)).collect()
}

fn says(graph: &CauseGraph, number: u128, changeable: bool) -> CauseGraph {
    let mut graph = graph.clone();
    let end = BranchEnd { changeable, note: Prose::parse("an alarm on its silence").unwrap() };
    graph.edit(id(number), CauseEdit { end: Some(Some(end)), ..CauseEdit::default() }).unwrap();
    graph
}

fn with(graph: &CauseGraph, number: u128, kind: CauseKind) -> CauseGraph {
    let mut graph = graph.clone();
    graph.ask_why(None, NewCause { kind, ..answer(number, "The pager rang within a minute of it") }).unwrap();
    graph
}

#[test]
fn the_primary_branch_ends_only_where_somebody_said_what_can_be_changed() {
    let mut graph = branched();
    graph.set_primary(Some(id(6))).unwrap();
    let ends = |graph: &CauseGraph| -> Vec<(Option<CauseId>, Severity)> {
        let objections = graph.ready_for_submission(rules(), FULL);
        let open = objections.into_iter().filter(|objection| objection.code == "cause.leaf_open");
        open.map(|objection| (objection.cause, objection.severity)).collect()
    };
    let expected =
        [(5, Severity::Hint), (7, Severity::Block), (8, Severity::Hint)].map(|(n, s)| (Some(id(n)), s));
    assert_eq!(ends(&graph), expected);
    for changeable in [true, false] {
        assert_eq!(ends(&says(&graph, 7, changeable)), [expected[0], expected[2]]);
    }
}

#[test]
fn without_a_primary_the_first_branch_has_to_end_well() {
    let graph = branched();
    let blocks = blocking(&graph.ready_for_submission(rules(), FULL));
    assert_eq!(blocks.len(), 1);
    assert!(blocks[0].starts_with("why 5: "), "{blocks:?}");
    assert_eq!(blocking(&says(&graph, 5, true).ready_for_submission(rules(), FULL)), [""; 0]);
    assert_eq!(
        blocking(&graph.ready_for_submission(rules(), Standard::default())),
        [""; 0],
        "a light review"
    );
}

#[test]
fn what_was_said_of_an_end_no_longer_counts_when_a_why_is_answered_beneath_it() {
    let mut graph = says(&classic(), 5, true);
    graph.ask_why(Some(id(5)), answer(6, "Its alarms went to a mailbox that was closed in May")).unwrap();
    let objections = graph.ready_for_submission(rules(), FULL);
    let open = objections.iter().find(|objection| objection.code == "cause.leaf_open").unwrap();
    assert_eq!((open.cause, open.blocks()), (Some(id(6)), true));
}

#[test]
fn a_serious_case_is_asked_for_more_than_one_chain() {
    let warned = |graph: &CauseGraph, level: u8, code: &'static str| {
        asked(graph, serious(level)).contains(&(code, Severity::Warn))
    };
    let mut pair = CauseGraph::new(statement("A bucket was public"));
    chain(
        &mut pair,
        None,
        &[(1, "The template sets public reading"), (2, "It was made for one partner project")],
    );
    let all = with(&with(&branched(), 20, CauseKind::Response), 21, CauseKind::Mitigator);
    for (code, graph) in [
        ("cause.few_factors", &pair),
        ("cause.single_branch", &classic()),
        ("cause.no_detection", &with(&branched(), 21, CauseKind::Mitigator)),
        ("cause.no_mitigator", &with(&branched(), 20, CauseKind::Detection)),
    ] {
        assert!(warned(graph, 4, code) && warned(graph, 5, code), "{code}");
        assert!(!warned(graph, 3, code), "{code} of a case that is not serious");
        assert!(!warned(&all, 5, code), "{code} of a graph that has everything");
        assert!(!asked(graph, Standard::default()).iter().any(|(found, _)| *found == code), "{code}");
    }
}

#[test]
fn five_levels_everywhere_are_a_hint() {
    let hint = ("cause.five_levels", Severity::Hint);
    assert!(asked(&classic(), FULL).contains(&hint));
    assert!(!asked(&branched(), FULL).contains(&hint), "a second branch of three");
    let mut six = classic();
    six.ask_why(Some(id(5)), answer(6, "Its alarms went to a mailbox that was closed in May")).unwrap();
    assert!(!asked(&six, FULL).contains(&hint));
}

#[test]
fn a_statement_of_three_words_is_warned_about() {
    let mut graph = classic();
    let edit = |text: &str| CauseEdit { statement: Some(statement(text)), ..CauseEdit::default() };
    graph.edit(id(3), edit("Definitions were old")).unwrap();
    assert!(asked(&graph, FULL).contains(&("cause.too_short", Severity::Warn)));
    graph.edit(id(3), edit("Definitions were days old")).unwrap();
    assert!(!asked(&graph, FULL).iter().any(|(code, _)| *code == "cause.too_short"));
}

#[test]
fn only_the_primary_cause_is_asked_for_its_category() {
    let mut graph = classic();
    let hint = ("cause.no_category", Severity::Hint);
    assert!(!asked(&graph, FULL).contains(&hint));
    graph.set_primary(Some(id(4))).unwrap();
    assert!(asked(&graph, FULL).contains(&hint));
    let category = Some(Some(Line::parse("Monitoring and detection").unwrap()));
    graph.edit(id(4), CauseEdit { category, ..CauseEdit::default() }).unwrap();
    assert!(!asked(&graph, FULL).contains(&hint));
}

#[test]
fn a_confirmed_link_rests_on_something() {
    let mut graph = classic();
    let bare = ("cause.confirmed_without_evidence", Severity::Block);
    let confirmed = LinkEdit { confidence: Some(Some(Confidence::Confirmed)), ..LinkEdit::default() };
    graph.edit_link(id(3), Some(id(2)), confirmed).unwrap();
    assert!(asked(&graph, Standard::default()).contains(&bare));
    let support = Support { note: Some(Prose::parse("release notes").unwrap()), ..Support::default() };
    graph.edit_link(id(3), Some(id(2)), LinkEdit { support: Some(support), ..LinkEdit::default() }).unwrap();
    assert!(!asked(&graph, Standard::default()).contains(&bare));
    graph.edit_link(id(3), Some(id(2)), LinkEdit { confidence: Some(None), ..LinkEdit::default() }).unwrap();
    assert_eq!(graph.ladder_link(id(3)).unwrap().confidence, None);
}
