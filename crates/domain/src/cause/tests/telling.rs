use super::*;

fn told(graph: &CauseGraph) -> Vec<String> {
    graph.told().into_iter().map(|told| told.text).collect()
}

#[test]
fn each_cause_is_told_with_what_it_did_and_how_sure_that_is() {
    let mut graph = CauseGraph::new(statement("Ransomware on the file server."));
    let support = Support { note: Some(Prose::parse("mail log.").unwrap()), ..Support::default() };
    let confirmed = NewCause {
        confidence: Confidence::Confirmed,
        support,
        link: LinkKind::MadeMoreLikely,
        ..answer(1, "The mail filter let the message pass.")
    };
    graph.ask_why(None, confirmed).unwrap();
    assert_eq!(
        told(&graph),
        ["The mail filter let the message pass, which made more likely: “Ransomware on the file server” \
          (confirmed: mail log)."]
    );
}

#[test]
fn further_links_ends_and_categories_are_told_too() {
    let mut graph = branched();
    let edit = LinkEdit {
        kind: Some(LinkKind::DelayedDetection),
        confidence: Some(Some(Confidence::Assumed)),
        support: None,
    };
    graph.link(id(7), None, edit).unwrap();
    let end = BranchEnd { changeable: true, note: Prose::parse("one account with two roles").unwrap() };
    let category = Line::parse("Access management").unwrap();
    let edit = CauseEdit { end: Some(Some(end)), category: Some(Some(category)), ..CauseEdit::default() };
    graph.edit(id(7), edit).unwrap();
    graph.set_primary(Some(id(7))).unwrap();
    let told = graph.told().into_iter().find(|told| told.primary).unwrap();
    assert_eq!(told.number.to_string(), "3.1");
    assert_eq!(
        told.text,
        "Two accounts cost two licences, which made possible: “Admins read mail on the accounts that run the \
         servers” (likely). It also delayed the detection of: “Ransomware on the file server” (the connection is \
         assumed). The company can change this: one account with two roles. Category: Access management."
    );
}

#[test]
fn nothing_of_the_graph_is_left_out() {
    let graph = branched();
    let told = told(&graph);
    assert_eq!(told.len(), graph.causes().len());
    for cause in graph.causes() {
        assert!(told.iter().any(|text| text.contains(cause.statement.as_str())), "{}", cause.statement);
    }
}
