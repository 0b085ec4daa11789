use super::*;

#[test]
fn one_branch_is_numbered_from_one() {
    assert_eq!(numbers(&classic()), ["1", "2", "3", "4", "5"]);
}

#[test]
fn a_further_branch_keeps_the_level_in_its_number() {
    let graph = branched();
    assert_eq!(numbers(&graph), ["1", "2", "3", "4", "5", "2.1", "3.1", "1.2"]);
    for line in graph.lines() {
        assert_eq!(graph.number_of(line.cause), Some(line.number));
        assert_eq!(graph.numbered_cause(line.number).map(|cause| cause.id), Some(line.cause));
    }
}

#[test]
fn branches_lead_from_the_problem_to_each_leaf() {
    let graph = branched();
    let branches: Vec<Vec<String>> = graph
        .branches()
        .iter()
        .map(|branch| branch.rungs.iter().map(|rung| rung.number.to_string()).collect())
        .collect();
    assert_eq!(branches, [vec!["1", "2", "3", "4", "5"], vec!["1", "2.1", "3.1"], vec!["1.2"]]);
    assert_eq!(graph.branches()[1].index, 1);
    assert!(CauseGraph::new(statement("p")).branches().is_empty());
}

#[test]
fn the_ladder_reads_as_lines() {
    let mut graph = branched();
    graph.set_primary(Some(id(5))).unwrap();
    let note = Support { note: Some("Gateway log of 6 March".parse().unwrap()), ..Support::default() };
    let edit =
        CauseEdit { confidence: Some(Confidence::Confirmed), support: Some(note), ..CauseEdit::default() };
    graph.edit(id(3), edit).unwrap();
    let lines = graph.lines();
    let text: Vec<String> = lines.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(text.join("\n"), @r"
    1. Why? Because an admin followed a phishing link
    2. Why? Because the mail filter let the message pass
    3. Why? Because its definitions were three days old
    4. Why? Because the update server stopped on Friday
    5. Why? Because nobody monitored the update server
    2.1. Why “An admin followed a phishing link”? Because Admins read mail on the accounts that run the servers
    3.1. Why? Because two accounts cost two licences
    1.2. Why “Ransomware on the file server”? Because the file share allowed writing from every workstation
    ");
    assert_eq!((lines[2].confidence, lines[2].has_evidence), (Confidence::Confirmed, true));
    assert_eq!((lines[4].primary, lines[4].ends_branch, lines[3].ends_branch), (true, true, false));
    assert_eq!(lines[0].asked_of, "Ransomware on the file server");
}

#[test]
fn a_line_serialises_with_its_number_as_text() {
    let json = serde_json::to_value(&branched().lines()[5]).unwrap();
    assert_eq!(json["number"], "2.1");
    assert_eq!(json["depth"], 2);
    assert_eq!(json["link"], "made_possible");
    assert_eq!(json["has_evidence"], false);
}

#[test]
fn because_is_not_said_twice() {
    let mut graph = CauseGraph::new(statement("p"));
    graph.ask_why(None, answer(1, "Because the key was old")).unwrap();
    graph.ask_why(Some(id(1)), answer(2, "TLS was off")).unwrap();
    let text: Vec<String> = graph.lines().iter().map(ToString::to_string).collect();
    assert_eq!(text, ["1. Why? Because the key was old", "2. Why? Because TLS was off"]);
}

#[test]
fn the_number_of_a_why_is_read_back() {
    for text in ["1", "12", "2.1", "3.10"] {
        assert_eq!(text.parse::<WhyNumber>().unwrap().to_string(), text);
    }
    for text in ["", "a", "1.", ".1", "1.2.3", "-1", "99999999999"] {
        assert_eq!(text.parse::<WhyNumber>(), Err(WhyNumberError(text.to_owned())), "{text}");
    }
}

#[test]
fn the_bank_has_a_question_for_every_kind_at_every_place() {
    use crate::word::Word;
    for kind in CauseKind::ALL {
        let mut graph = classic();
        for number in 1..=5 {
            graph.edit(id(number), CauseEdit { kind: Some(*kind), ..CauseEdit::default() }).unwrap();
            let asked = next_questions(&graph, Some(id(number))).unwrap();
            assert!((1..=5).contains(&asked.len()), "{kind} at {number}: {asked:?}");
            assert!(
                asked.iter().any(|question| question.kinds.contains(kind)),
                "{kind} at {number}: {asked:?}"
            );
        }
    }
}

#[test]
fn questions_follow_kind_place_and_confidence() {
    let asked = |graph: &CauseGraph, node: Option<u128>| -> Vec<&str> {
        next_questions(graph, node.map(id))
            .unwrap()
            .into_iter()
            .map(|question| question.id.as_str())
            .collect()
    };
    let mut graph = classic();
    assert!(asked(&CauseGraph::new(statement("p")), None).iter().all(|id| id.starts_with("problem-")));
    assert!(asked(&graph, None).contains(&"answered-else"));
    assert!(asked(&graph, Some(5)).contains(&"deep-ours"));
    assert!(asked(&graph, Some(1)).contains(&"answered-else"));
    let edit = CauseEdit {
        kind: Some(CauseKind::Mitigator),
        confidence: Some(Confidence::Assumed),
        ..CauseEdit::default()
    };
    graph.edit(id(5), edit).unwrap();
    assert_eq!(
        asked(&graph, Some(5)),
        ["mitigator-luck", "mitigator-keep", "deep-ours", "deep-others", "deep-further"]
    );
    assert_eq!(next_questions(&graph, Some(id(9))), Err(CauseError::Unknown(id(9))));
}

#[test]
fn every_question_has_its_own_id_and_asks() {
    let ids: std::collections::BTreeSet<&str> =
        questions().iter().map(|question| question.id.as_str()).collect();
    assert_eq!(ids.len(), questions().len());
    assert!(questions().iter().all(|question| question.text.contains('?')));
}
