//! What was done to a case, page by page, without a trace of what the reader may not know of.

use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, Story, text};

nevertwice_testkit::on_each_engine!(
    everything_about_a_case_is_told_once_and_the_latest_first,
    values_are_not_shown_only_what_changed,
    that_a_case_is_part_of_a_hidden_one_is_not_told,
    a_lesson_that_was_learned_from_a_hidden_case_too_is_left_out,
);

fn told(register: &Register) -> Story {
    register.add_callers();
    Story::tell(register, &|what| format!("zq{}zq", what.replace(' ', "")))
}

fn all(register: &Register, user: &str, case: &str) -> Vec<Value> {
    let shown = register.ok(user, "show_activity", json!({ "case": case, "limit": 200 }));
    assert_eq!(shown["next"], json!(null));
    shown["entries"].as_array().unwrap().clone()
}

fn everything_about_a_case_is_told_once_and_the_latest_first(database: &TestDatabase) {
    let register = Register::found(database);
    let story = told(&register);
    Story::tell(&register, &|what| format!("another {what}"));
    let entries = all(&register, "ada", &story.case);
    let actions: Vec<&str> = entries.iter().rev().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions[..4], ["report_case", "classify_case", "respond_to_case", "edit_case"]);
    for expected in ["add_comment", "add_evidence", "add_cause", "draft_lesson", "plan_action"] {
        assert!(actions.contains(&expected), "{expected} is not among {actions:?}");
    }
    let objects: std::collections::BTreeSet<String> =
        entries.iter().map(|entry| text(entry, "object")).collect();
    let references = story.references().map(str::to_owned);
    assert_eq!(objects, references.into_iter().collect());
    let sequences: Vec<u64> = entries.iter().map(|entry| entry["sequence"].as_u64().unwrap()).collect();
    assert!(sequences.is_sorted_by(|one, next| one > next), "{sequences:?}");

    let (mut paged, mut before) = (Vec::new(), Value::Null);
    loop {
        let ask = json!({ "case": story.case, "limit": 3, "before": before });
        let page = register.ok("ada", "show_activity", ask);
        paged.extend(page["entries"].as_array().unwrap().clone());
        before = page["next"].clone();
        if before.is_null() {
            break;
        }
    }
    assert_eq!(paged, entries);
    for limit in [0, 201] {
        let ask = json!({ "case": story.case, "limit": limit });
        assert_eq!(register.refused("ada", "show_activity", ask).code, "activity.limit");
    }
}

fn values_are_not_shown_only_what_changed(database: &TestDatabase) {
    let register = Register::found(database);
    let story = told(&register);
    let entries = all(&register, "own-reporter", &story.case);
    let shown = Value::from(entries.clone()).to_string();
    assert!(!shown.contains("zq"), "{shown}");
    let changed = |action: &str| {
        let entry = entries.iter().find(|entry| entry["action"] == action).unwrap();
        (entry["actor"].clone(), entry["changed"].clone())
    };
    let comment =
        ["comments.author_id", "comments.case_id", "comments.id", "comments.text", "comments.written_at"];
    assert_eq!(changed("add_comment"), (json!("assigned"), json!(comment)));
    let (by, fields) = changed("edit_case");
    assert_eq!(by, "assigned");
    assert!(fields.as_array().unwrap().contains(&json!("detection_method")), "{fields}");
}

fn that_a_case_is_part_of_a_hidden_one_is_not_told(database: &TestDatabase) {
    let register = Register::found(database);
    let (story, parent) = (told(&register), Story::tell(&register, &|what| format!("a {what}")));
    register.ok("ada", "part_of_case", json!({ "case": story.case, "parent": parent.case }));
    register.ok("ada", "part_of_case", json!({ "case": story.case, "parent": null }));
    let tells = |user: &str| {
        let entries = all(&register, user, &story.case);
        entries.iter().filter(|entry| entry["action"] == "part_of_case").count()
    };
    assert_eq!((tells("ada"), tells("manager")), (2, 2));
    parent.restrict_to(&register, &["ada"]);
    assert_eq!((tells("ada"), tells("manager")), (2, 0));
}

fn a_lesson_that_was_learned_from_a_hidden_case_too_is_left_out(database: &TestDatabase) {
    let register = Register::found(database);
    let (story, other) = (told(&register), Story::tell(&register, &|what| format!("a {what}")));
    register.ok("ada", "link_lesson", json!({ "lesson": story.lesson, "case": other.case }));
    let tells = |user: &str| {
        all(&register, user, &story.case).iter().any(|entry| entry["object"] == json!(story.lesson))
    };
    assert!(tells("manager"));
    other.restrict_to(&register, &["ada"]);
    assert!(tells("ada") && !tells("manager"));
}
