use uuid::Uuid;

use super::*;
use crate::refusal::Refusal;
use crate::wording::{Severity, rules};

mod dismissals;
mod operations;
mod properties;
mod readiness;
mod reading;
mod standards;
mod telling;

fn id(number: u128) -> CauseId {
    CauseId::new(Uuid::from_u128(number))
}

fn statement(text: &str) -> Statement {
    Statement::parse(text).unwrap()
}

fn answer(number: u128, text: &str) -> NewCause {
    NewCause {
        id: id(number),
        statement: statement(text),
        kind: CauseKind::Condition,
        confidence: Confidence::Likely,
        support: Support::default(),
        link: LinkKind::MadePossible,
        category: None,
        end: None,
    }
}

/// A chain of numbered answers under an effect.
fn chain(graph: &mut CauseGraph, effect: Option<u128>, answers: &[(u128, &str)]) {
    let mut above = effect.map(id);
    for (number, text) in answers {
        graph.ask_why(above, answer(*number, text)).unwrap();
        above = Some(id(*number));
    }
}

/// The ladder that every course on 5 Whys for security tells in some form.
fn classic() -> CauseGraph {
    let mut graph = CauseGraph::new(statement("Ransomware on the file server"));
    chain(
        &mut graph,
        None,
        &[
            (1, "An admin followed a phishing link"),
            (2, "The mail filter let the message pass"),
            (3, "Its definitions were three days old"),
            (4, "The update server stopped on Friday"),
            (5, "Nobody monitored the update server"),
        ],
    );
    graph
}

/// The classic with a second branch at the second why and a third one at the problem.
fn branched() -> CauseGraph {
    let mut graph = classic();
    chain(
        &mut graph,
        Some(1),
        &[
            (6, "Admins read mail on the accounts that run the servers"),
            (7, "Two accounts cost two licences"),
        ],
    );
    chain(&mut graph, None, &[(8, "The file share allowed writing from every workstation")]);
    graph
}

fn numbers(graph: &CauseGraph) -> Vec<String> {
    graph.lines().iter().map(|line| line.number.to_string()).collect()
}
