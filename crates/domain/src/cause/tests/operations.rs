use super::*;

fn ids(causes: &[&Cause]) -> Vec<u128> {
    causes.iter().map(|cause| cause.id.uuid().as_u128()).collect()
}

fn refused(graph: &CauseGraph, change: impl FnOnce(&mut CauseGraph) -> Result<(), CauseError>) -> CauseError {
    let mut changed = graph.clone();
    let error = change(&mut changed).unwrap_err();
    assert_eq!(&changed, graph, "a refused change changes nothing");
    error
}

#[test]
fn the_classic_example_is_a_ladder_of_five() {
    let graph = classic();
    assert_eq!((graph.depth(), graph.causes().len(), graph.links().len()), (5, 5, 5));
    assert_eq!(ids(&graph.leaves()), [5]);
    assert_eq!(graph.depth_of(id(4)), 4);
    assert_eq!(graph.depth_of(id(99)), 0);
}

#[test]
fn answers_to_one_why_keep_their_order() {
    let mut graph = branched();
    graph.ask_why(Some(id(1)), answer(9, "The link looked like the payroll page")).unwrap();
    assert_eq!(ids(&graph.whys(Some(id(1)))), [2, 6, 9]);
    assert_eq!(ids(&graph.whys(None)), [1, 8]);
    assert_eq!(ids(&graph.causes().iter().collect::<Vec<_>>()), [1, 2, 3, 4, 5, 6, 7, 9, 8]);
}

#[test]
fn a_why_needs_a_known_effect_and_a_new_id() {
    let graph = classic();
    assert_eq!(refused(&graph, |g| g.ask_why(Some(id(99)), answer(6, "x"))), CauseError::Unknown(id(99)));
    assert_eq!(refused(&graph, |g| g.ask_why(None, answer(5, "x"))), CauseError::Duplicate(id(5)));
}

#[test]
fn a_ladder_has_twelve_levels_at_most() {
    let mut graph = CauseGraph::new(statement("p"));
    for level in 1..=12 {
        graph.ask_why((level > 1).then(|| id(level - 1)), answer(level, "w")).unwrap();
    }
    let error = refused(&graph, |g| g.ask_why(Some(id(12)), answer(13, "w")));
    assert_eq!(error, CauseError::TooDeep { found: 13 });
    assert_eq!((error.code(), error.field()), ("cause.too_deep", Some("effect")));
    chain(&mut graph, None, &[(20, "a"), (21, "b")]);
    assert_eq!(refused(&graph, |g| g.move_to(id(20), Some(id(11)), None)), CauseError::TooDeep { found: 13 });
    graph.move_to(id(20), Some(id(10)), None).unwrap();
    assert_eq!(graph.depth(), 12);
}

#[test]
fn a_review_has_two_hundred_causes_at_most() {
    let mut graph = CauseGraph::new(statement("p"));
    for number in 0..200 {
        graph.ask_why(None, answer(number, "w")).unwrap();
    }
    assert_eq!(refused(&graph, |g| g.ask_why(None, answer(200, "w"))), CauseError::TooManyCauses);
}

#[test]
fn an_edit_changes_only_what_it_names() {
    let mut graph = classic();
    let before = graph.cause(id(3)).unwrap().clone();
    let edit = CauseEdit { confidence: Some(Confidence::Confirmed), ..CauseEdit::default() };
    graph.edit(id(3), edit).unwrap();
    assert_eq!(graph.cause(id(3)).unwrap(), &Cause { confidence: Confidence::Confirmed, ..before });
    assert_eq!(refused(&graph, |g| g.edit(id(9), CauseEdit::default())), CauseError::Unknown(id(9)));
    graph.restate_problem(statement("Ransomware on two servers"));
    assert_eq!(graph.problem().as_str(), "Ransomware on two servers");
}

#[test]
fn only_one_cause_is_primary() {
    let mut graph = branched();
    graph.set_primary(Some(id(5))).unwrap();
    graph.set_primary(Some(id(7))).unwrap();
    assert_eq!(graph.primary().unwrap().id, id(7));
    assert_eq!(graph.causes().iter().filter(|cause| cause.primary).count(), 1);
    assert_eq!(refused(&graph, |g| g.set_primary(Some(id(99)))), CauseError::Unknown(id(99)));
    graph.set_primary(None).unwrap();
    assert_eq!(graph.primary(), None);
}

#[test]
fn a_cause_with_whys_is_removed_only_with_its_branch() {
    let mut graph = branched();
    assert_eq!(
        refused(&graph, |g| g.remove_leaf(id(1)).map(drop)),
        CauseError::HasWhys { id: id(1), count: 2 }
    );
    assert_eq!(graph.remove_leaf(id(7)).unwrap().id, id(7));
    let removed = graph.remove_branch(id(1)).unwrap();
    assert_eq!(removed.iter().map(|cause| cause.id).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6].map(id));
    assert_eq!(ids(&graph.whys(None)), [8]);
    assert_eq!((graph.cause(id(8)).unwrap().position, graph.links().len()), (0, 1));
    assert_eq!(refused(&graph, |g| g.remove_branch(id(1)).map(drop)), CauseError::Unknown(id(1)));
}

#[test]
fn removing_the_primary_leaves_none() {
    let mut graph = classic();
    graph.set_primary(Some(id(5))).unwrap();
    graph.remove_leaf(id(5)).unwrap();
    assert_eq!(graph.primary(), None);
}

#[test]
fn a_branch_moves_with_all_beneath_it() {
    let mut graph = branched();
    graph.move_to(id(6), None, Some(0)).unwrap();
    assert_eq!(ids(&graph.whys(None)), [6, 1, 8]);
    assert_eq!(ids(&graph.whys(Some(id(6)))), [7]);
    assert_eq!(ids(&graph.whys(Some(id(1)))), [2]);
    graph.move_to(id(6), None, None).unwrap();
    assert_eq!(ids(&graph.whys(None)), [1, 8, 6]);
    assert_eq!(
        refused(&graph, |g| g.move_to(id(6), None, Some(3))),
        CauseError::NoSuchPlace { found: 3, last: 2 }
    );
}

#[test]
fn no_cause_can_be_put_beneath_itself() {
    let graph = classic();
    for below in 1..=5 {
        let expected = CauseError::Cycle { cause: id(1), effect: id(below) };
        assert_eq!(refused(&graph, |g| g.move_to(id(1), Some(id(below)), None)), expected);
    }
}

#[test]
fn a_cause_may_explain_a_second_effect() {
    let mut graph = branched();
    let edit = LinkEdit { kind: Some(LinkKind::DelayedDetection), ..LinkEdit::default() };
    graph.link(id(7), Some(id(4)), edit).unwrap();
    let line = graph.lines().into_iter().find(|line| line.cause == id(7)).unwrap();
    assert_eq!(line.also_explains, [graph.number_of(id(4)).unwrap()]);
    assert_eq!(
        refused(&graph, |g| g.link(id(7), Some(id(4)), LinkEdit::default())).code(),
        "cause.already_linked"
    );
    assert_eq!(
        refused(&graph, |g| g.link(id(4), Some(id(7)), LinkEdit::default())),
        CauseError::Cycle { cause: id(4), effect: id(7) }
    );
    assert_eq!(refused(&graph, |g| g.move_to(id(7), Some(id(4)), None)).code(), "cause.already_linked");
}

#[test]
fn a_link_into_another_branch_keeps_the_branch_from_vanishing() {
    let mut graph = branched();
    graph.link(id(7), Some(id(4)), LinkEdit::default()).unwrap();
    assert_eq!(refused(&graph, |g| g.remove_branch(id(6)).map(drop)).code(), "cause.linked_elsewhere");
    assert_eq!(refused(&graph, |g| g.remove_branch(id(2)).map(drop)).code(), "cause.linked_elsewhere");
    graph.unlink(id(7), Some(id(4))).unwrap();
    assert_eq!(graph.remove_branch(id(6)).unwrap().len(), 2);
}

#[test]
fn a_link_within_a_branch_goes_with_it() {
    let mut graph = classic();
    graph.link(id(5), Some(id(3)), LinkEdit::default()).unwrap();
    graph.remove_branch(id(2)).unwrap();
    assert_eq!((graph.causes().len(), graph.links().len()), (1, 1));
}

#[test]
fn a_place_on_the_ladder_cannot_be_unlinked() {
    let mut graph = classic();
    assert_eq!(refused(&graph, |g| g.unlink(id(2), Some(id(1))).map(drop)), CauseError::OnLadder(id(2)));
    assert_eq!(refused(&graph, |g| g.unlink(id(2), None).map(drop)).code(), "cause.not_linked");
    assert_eq!(refused(&graph, |g| g.edit_link(id(2), None, LinkEdit::default())).code(), "cause.not_linked");
    let edit = LinkEdit {
        kind: Some(LinkKind::MadeWorse),
        confidence: Some(Some(Confidence::Assumed)),
        support: None,
    };
    graph.edit_link(id(2), Some(id(1)), edit).unwrap();
    let link = graph.ladder_link(id(2)).unwrap();
    assert_eq!((link.kind, link.confidence), (LinkKind::MadeWorse, Some(Confidence::Assumed)));
}

#[test]
fn a_statement_is_one_bounded_line() {
    assert_eq!(statement("  a\r\n b\tc ").as_str(), "a b c");
    for text in ["", " \n ", "a\u{1b}[31m", &"x".repeat(STATEMENT_LIMIT + 1)] {
        assert!(Statement::parse(text).is_err(), "{text:?}");
    }
    assert!(Statement::parse(&"ä".repeat(STATEMENT_LIMIT)).is_ok());
}
