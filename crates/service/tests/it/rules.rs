//! Rules between a case and what hangs on it, and what people are told of them.

use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::json;

use crate::fixture::{Register, Story, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    nothing_is_added_to_a_void_case_and_nothing_is_owed_for_it,
    no_class_contradicts_the_event_decision,
    a_reclassification_stands_in_the_timeline,
    an_owner_can_complete_what_they_owe,
    a_lesson_names_only_the_actions_that_its_reader_may_know,
    a_query_for_a_field_that_the_company_does_not_have_says_where,
    a_refusal_says_whom_it_is_for,
);

fn nothing_is_added_to_a_void_case_and_nothing_is_owed_for_it(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let story = Story::tell(&register, &|what| format!("a {what}"));
    let owed = || {
        let asked = json!({ "query": "state:open", "limit": 5 });
        register.ok("manager", "list_actions", asked)["total"].as_u64().unwrap()
    };
    assert_eq!(owed(), 1);
    register.ok("ada", "void_case", json!({ "case": story.case, "reason": "reported twice" }));
    assert_eq!(owed(), 0);
    let action = register.ok("owner", "show_action", json!({ "action": story.action }));
    assert_eq!(
        (text(&action, "state"), text(&action, "not_doing_reason")),
        ("not_doing".into(), "reported twice".into())
    );
    let moment =
        json!({ "case": story.case, "kind": "contained", "occurred": "2026-03-01", "text": "too late" });
    let action = json!({ "case": story.case, "title": "too late", "purpose": "corrective", "kind": "technical",
        "owner": "owner", "due_on": "2026-04-10" });
    for (name, input) in [
        ("add_timeline_entry", moment),
        ("new_action", action),
        ("new_lesson", json!({ "case": story.case, "statement": "too late", "tags": [] })),
    ] {
        let error = register.refused("ada", name, input);
        assert_eq!(kind_and_code(&error), (Kind::Conflict, "case.is_void"), "{name}: {}", error.message);
    }
}

fn no_class_contradicts_the_event_decision(database: &TestDatabase) {
    let register = Register::found(database);
    let case = text(&register.ok("ada", "report_case", json!({ "title": "a scan" })), "reference");
    let decide =
        |decision: &str| json!({ "case": case, "decision": decision, "criteria": "what the log says" });
    register.ok("ada", "decide_case", decide("not_an_incident"));
    let error = register.refused("ada", "classify_case", json!({ "case": case, "class": "incident" }));
    assert!(error.message.contains("decide anew"), "{}", error.message);
    register.ok("ada", "classify_case", json!({ "case": case, "class": "weakness" }));
    let decided = register.ok("ada", "decide_case", decide("incident"));
    assert_eq!((text(&decided, "class"), text(&decided, "decision")), ("incident".into(), "incident".into()));
}

fn a_reclassification_stands_in_the_timeline(database: &TestDatabase) {
    let register = Register::found(database);
    let case = text(&register.ok("ada", "report_case", json!({ "title": "a scan" })), "reference");
    let classify = |class: &str| register.ok("ada", "classify_case", json!({ "case": case, "class": class }));
    assert_eq!(classify("event")["timeline"], json!([]), "triage is no re-classification");
    let shown = classify("near_miss");
    assert_eq!(text(&shown["timeline"][0], "text"), "Class changed from event to near miss.");
    register.expect_sound();
}

fn an_owner_can_complete_what_they_owe(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    register.add_person("reader", &["auditor"]);
    let story = Story::tell(&register, &|what| format!("a {what}"));
    let hand_over = |owner: &str| json!({ "action": story.action, "owner": owner });
    let error = register.refused("ada", "hand_over_action", hand_over("reader"));
    assert_eq!(kind_and_code(&error), (Kind::Invalid, "action.owner_unfit"));
    story.restrict_to(&register, &["owner"]);
    let error = register.refused("ada", "hand_over_action", hand_over("responder"));
    assert!(error.message.contains("need-to-know list"), "{}", error.message);
    register.ok("owner", "complete_action", json!({ "action": story.action, "evidence": "done and shown" }));
}

fn a_lesson_names_only_the_actions_that_its_reader_may_know(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    register.add_person("newcomer", &["reporter"]);
    let story = Story::tell(&register, &|what| format!("a {what}"));
    register.ok("manager", "approve_lesson", json!({ "lesson": story.lesson }));
    let told = |user: &str| {
        let shown = register.ok(user, "show_lesson", json!({ "lesson": story.lesson }));
        shown["actions"].as_array().unwrap().len()
    };
    assert_eq!((told("manager"), told("owner"), told("newcomer")), (1, 1, 0));
}

fn a_query_for_a_field_that_the_company_does_not_have_says_where(database: &TestDatabase) {
    let register = Register::found(database);
    let field = json!({ "subject": "case", "label": "Region", "kind": "text", "choices": [] });
    register.ok("ada", "new_field", field);
    let list = |query: &str| json!({ "query": query, "limit": 5 });
    register.ok("ada", "list_cases", list("field.region:north"));
    let error = register.refused("ada", "list_cases", list("class:event field.regoin:north"));
    assert!(error.message.contains("at character 13: "), "{}", error.message);
    assert!(error.message.ends_with("there are: region"), "{}", error.message);
}

fn a_refusal_says_whom_it_is_for(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let story = Story::tell(&register, &|what| format!("a {what}"));
    let complete = json!({ "action": story.action, "evidence": "done and shown" });
    let error = register.refused("manager", "complete_action", complete);
    assert!(error.message.contains("the owner of an action"), "{}", error.message);
    let error = register.refused("responder", "list_imports", json!({}));
    assert!(error.message.ends_with("it is for the role manager"), "{}", error.message);
}
