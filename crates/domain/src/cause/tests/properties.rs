use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::*;

/// Ids in use: few, so that operations meet.
const IDS: u128 = 10;

#[derive(Debug, Clone)]
enum Operation {
    Ask(Option<u128>, u128),
    Edit(u128),
    RemoveLeaf(u128),
    RemoveBranch(u128),
    Move(u128, Option<u128>, Option<usize>),
    Primary(Option<u128>),
    Link(u128, Option<u128>),
    Unlink(u128, Option<u128>),
}

fn operation() -> impl Strategy<Value = Operation> {
    let cause = || 0..IDS;
    let effect = || prop::option::weighted(0.85, 0..IDS);
    prop_oneof![
        6 => (effect(), cause()).prop_map(|(effect, cause)| Operation::Ask(effect, cause)),
        1 => cause().prop_map(Operation::Edit),
        1 => cause().prop_map(Operation::RemoveLeaf),
        1 => cause().prop_map(Operation::RemoveBranch),
        4 => (cause(), effect(), prop::option::of(0..4_usize)).prop_map(|(cause, effect, at)| Operation::Move(cause, effect, at)),
        2 => prop::option::weighted(0.9, 0..IDS).prop_map(Operation::Primary),
        4 => (cause(), effect()).prop_map(|(cause, effect)| Operation::Link(cause, effect)),
        1 => (cause(), effect()).prop_map(|(cause, effect)| Operation::Unlink(cause, effect)),
    ]
}

fn apply(graph: &mut CauseGraph, operation: &Operation) -> Result<(), CauseError> {
    match *operation {
        Operation::Ask(effect, cause) => graph.ask_why(effect.map(id), answer(cause, "A relay was open")),
        Operation::Edit(cause) => {
            graph.edit(id(cause), CauseEdit { kind: Some(CauseKind::Control), ..CauseEdit::default() })
        }
        Operation::RemoveLeaf(cause) => graph.remove_leaf(id(cause)).map(drop),
        Operation::RemoveBranch(cause) => graph.remove_branch(id(cause)).map(drop),
        Operation::Move(cause, effect, at) => graph.move_to(id(cause), effect.map(id), at),
        Operation::Primary(cause) => graph.set_primary(cause.map(id)),
        Operation::Link(cause, effect) => graph.link(id(cause), effect.map(id), LinkEdit::default()),
        Operation::Unlink(cause, effect) => graph.unlink(id(cause), effect.map(id)).map(drop),
    }
}

/// Told from rows alone, without the graph's own methods: no cycle, no orphan, one primary, places without gaps.
fn is_sound(graph: &CauseGraph) -> Result<(), TestCaseError> {
    let mut settled: BTreeSet<CauseId> = BTreeSet::new();
    let explained = |cause: CauseId, settled: &BTreeSet<CauseId>| {
        let mut links = graph.links().iter().filter(|link| link.cause == cause).peekable();
        links.peek().is_some() && links.all(|link| link.effect.is_none_or(|effect| settled.contains(&effect)))
    };
    for _ in graph.causes() {
        let next: Vec<CauseId> =
            graph.causes().iter().map(|cause| cause.id).filter(|cause| explained(*cause, &settled)).collect();
        settled.extend(next);
    }
    prop_assert_eq!(settled.len(), graph.causes().len(), "a cycle or an orphan");
    prop_assert!(graph.causes().iter().filter(|cause| cause.primary).count() <= 1);
    let effects: BTreeSet<_> = graph.links().iter().map(|link| link.effect).collect();
    for effect in effects {
        let on_ladder = |cause: CauseId| {
            graph.links().iter().any(|l| l.on_ladder && l.cause == cause && l.effect == effect)
        };
        let mut places: Vec<u32> =
            graph.causes().iter().filter(|cause| on_ladder(cause.id)).map(|cause| cause.position).collect();
        places.sort_unstable();
        prop_assert!(places.iter().copied().eq(0..u32::try_from(places.len()).unwrap()), "{:?}", places);
    }
    for cause in graph.causes() {
        let places = graph.links().iter().filter(|link| link.on_ladder && link.cause == cause.id).count();
        prop_assert_eq!(places, 1);
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_sequence_of_operations_breaks_the_graph(operations in prop::collection::vec(operation(), 1..60)) {
        let mut graph = CauseGraph::new(statement("p"));
        for operation in &operations {
            let before = graph.clone();
            if apply(&mut graph, operation).is_err() {
                prop_assert_eq!(&graph, &before, "a refused change changes nothing");
            }
            is_sound(&graph)?;
        }
    }

    #[test]
    fn a_graph_survives_json_and_stored_rows_in_any_order(
        operations in prop::collection::vec(operation(), 1..60),
        turn in 0..50_usize,
    ) {
        let mut graph = CauseGraph::new(statement("p"));
        for operation in &operations {
            let _refused_or_done = apply(&mut graph, operation);
        }
        let json = serde_json::to_string(&graph).unwrap();
        prop_assert_eq!(&serde_json::from_str::<CauseGraph>(&json).unwrap(), &graph);
        let (mut causes, mut links) = (graph.causes().to_vec(), graph.links().to_vec());
        causes.reverse();
        let turn = turn.min(links.len());
        links.rotate_left(turn);
        let parts = CauseGraphParts { problem: graph.problem().clone(), causes, links };
        prop_assert_eq!(CauseGraph::try_from(parts).unwrap(), graph);
    }

    #[test]
    fn every_cause_has_one_number_and_stands_on_a_branch(operations in prop::collection::vec(operation(), 1..60)) {
        let mut graph = CauseGraph::new(statement("p"));
        for operation in &operations {
            let _refused_or_done = apply(&mut graph, operation);
        }
        let lines = graph.lines();
        let numbers: BTreeSet<WhyNumber> = lines.iter().map(|line| line.number).collect();
        prop_assert_eq!(numbers.len(), graph.causes().len());
        let branches = graph.branches();
        prop_assert_eq!(branches.len(), graph.leaves().len());
        let on_branches: BTreeSet<CauseId> =
            branches.iter().flat_map(|branch| branch.rungs.iter().map(|rung| rung.cause.id)).collect();
        prop_assert_eq!(on_branches.len(), graph.causes().len());
        for branch in &branches {
            prop_assert!(branch.rungs.iter().map(|rung| rung.number.level()).eq(1..=branch.rungs.len()));
        }
        prop_assert!(graph.ready_for_submission(rules(), Standard::default()).iter().all(|o| o.number.is_some() == o.cause.is_some()));
    }
}

/// Sentences that the rules find something in, each rule's own examples among them, and such as nobody would write.
fn wording() -> impl Strategy<Value = String> {
    let examples: Vec<String> = rules().rules().iter().flat_map(|rule| rule.hits().to_vec()).collect();
    prop_oneof![prop::sample::select(examples), "[a-zA-Z ,.]{1,80}[a-z]"]
}

proptest! {
    #[test]
    fn no_operation_loses_a_cause(operations in prop::collection::vec(operation(), 1..60)) {
        let mut graph = CauseGraph::new(statement("p"));
        for operation in &operations {
            let before: BTreeSet<CauseId> = graph.causes().iter().map(|cause| cause.id).collect();
            let taken: BTreeSet<CauseId> = match *operation {
                Operation::RemoveLeaf(cause) | Operation::RemoveBranch(cause) => graph.branch_of(id(cause)),
                _ => BTreeSet::new(),
            };
            let is_done = apply(&mut graph, operation).is_ok();
            let after: BTreeSet<CauseId> = graph.causes().iter().map(|cause| cause.id).collect();
            let gone: BTreeSet<CauseId> = before.difference(&after).copied().collect();
            prop_assert!(gone.is_subset(&taken), "{:?} took {:?}", operation, gone);
            prop_assert!(is_done || before == after);
        }
    }

    #[test]
    fn whatever_is_written_can_be_saved_and_only_the_submission_is_refused(
        texts in prop::collection::vec(wording(), 1..6),
    ) {
        let mut graph = CauseGraph::new(statement("p"));
        for (number, text) in (1..).zip(&texts) {
            prop_assert!(graph.ask_why((number > 1).then(|| id(number - 1)), answer(number, "w")).is_ok());
            let edit = CauseEdit { statement: Some(statement(text)), ..CauseEdit::default() };
            prop_assert!(graph.edit(id(number), edit).is_ok(), "{}", text);
        }
        let told = graph.told();
        for (told, text) in told.iter().zip(&texts) {
            prop_assert!(told.text.starts_with(statement(text).as_str().trim_end_matches('.')), "{}", text);
        }
        let wanted = Standard { ends_must_be_said: true, ..Standard::default() };
        prop_assert!(!blocking(&graph.ready_for_submission(rules(), wanted)).is_empty(), "its end is open");
    }
}

#[test]
fn parts_that_no_operations_could_make_are_refused() {
    let spoil = |change: &dyn Fn(&mut CauseGraphParts)| {
        let graph = branched();
        let mut parts = CauseGraphParts {
            problem: graph.problem().clone(),
            causes: graph.causes().to_vec(),
            links: graph.links().to_vec(),
        };
        change(&mut parts);
        CauseGraph::try_from(parts).map(drop).map_err(|error| error.code())
    };
    assert_eq!(spoil(&|_| ()), Ok(()));
    assert_eq!(spoil(&|parts| parts.links[1].effect = Some(id(5))), Err("cause.cycle"));
    assert_eq!(spoil(&|parts| parts.links[1].effect = Some(id(99))), Err("cause.unknown"));
    assert_eq!(spoil(&|parts| parts.links[4].on_ladder = false), Err("cause.adrift"));
    assert_eq!(spoil(&|parts| drop(parts.links.pop())), Err("cause.adrift"));
    assert_eq!(spoil(&|parts| parts.causes[7].position = 5), Err("cause.places"));
    assert_eq!(spoil(&|parts| parts.causes.push(parts.causes[0].clone())), Err("cause.duplicate"));
    assert_eq!(spoil(&|parts| parts.links.push(parts.links[0].clone())), Err("cause.already_linked"));
    assert_eq!(
        spoil(&|parts| parts.causes.iter_mut().for_each(|cause| cause.primary = true)),
        Err("cause.several_primary")
    );
}
