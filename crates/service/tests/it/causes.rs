//! The graph behind the ladder, what is set aside, the end of a branch, and the look for similar cases.

use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    a_link_is_added_changed_and_taken_away_by_what_was_seen_of_it,
    a_link_that_would_close_a_circle_is_refused,
    what_is_set_aside_is_told_apart_and_asked_again_of_other_words,
    what_refuses_is_never_set_aside_and_never_keeps_anybody_from_saving,
    a_category_is_one_of_the_companys,
    a_look_shows_each_person_the_cases_that_they_may_know_of,
    a_serious_case_is_asked_for_more,
    words_about_somebodys_contract_refuse_the_approval_of_the_lesson,
);

/// A review of a new case with a ladder of three, and its reference.
fn reviewed(register: &Register, severity: u8) -> String {
    let case = text(&register.ok("ada", "report_case", json!({ "title": "mail went astray" })), "reference");
    let classify = json!({ "case": case, "class": "incident", "severity": severity });
    register.ok("ada", "classify_case", classify);
    register.ok("ada", "respond_to_case", json!({ "case": case }));
    register.ok("ada", "resolve_case", json!({ "case": case }));
    let open = json!({ "case": case, "participants": [] });
    let review = text(&register.ok("ada", "new_review", open), "reference");
    for statement in
        ["The address was completed wrongly", "The list holds former customers", "Operator error"]
    {
        let why = json!({ "review": review, "statement": statement, "of_problem": false });
        register.ok("ada", "add_why", why);
    }
    review
}

fn shown(register: &Register, user: &str, review: &str) -> Value {
    register.ok(user, "show_review", json!({ "review": review }))
}

fn cause(register: &Register, review: &str, number: &str) -> Value {
    let view = shown(register, "ada", review);
    let causes = view["causes"].as_array().unwrap();
    causes.iter().find(|cause| cause["number"] == number).unwrap().clone()
}

fn rules(view: &Value, list: &str, number: &str) -> Vec<String> {
    let all = view[list].as_array().unwrap().iter();
    all.filter(|one| one["number"] == number).map(|one| text(one, "rule")).collect()
}

fn a_link_is_added_changed_and_taken_away_by_what_was_seen_of_it(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let review = reviewed(&register, 2);
    let seen = text(&cause(&register, &review, "3"), "version");
    let add = json!({ "review": review, "cause": seen, "effect": "0", "kind": "made_worse" });
    register.ok("ada", "link_causes", add);
    let links = cause(&register, &review, "3")["links"].clone();
    assert_eq!(links.as_array().unwrap().len(), 2);
    assert_eq!((&links[0]["on_ladder"], &links[0]["effect"]), (&json!(true), &json!("2")));
    assert_eq!((&links[1]["kind"], &links[1]["effect"]), (&json!("made_worse"), &json!("0")));

    let old = text(&links[1], "version");
    let change = |kind: &str, version: &str| {
        json!({ "review": review, "cause": "3", "effect": "0", "version": version, "kind": kind,
                "confidence": { "to": "likely" }, "evidence": { "to": "the log" } })
    };
    register.ok("ada", "edit_cause_link", change("limited", &old));
    let stale = register.refused("manager", "edit_cause_link", change("made_possible", &old));
    assert_eq!(kind_and_code(&stale), (Kind::Stale, "stale"));
    let now = cause(&register, &review, "3")["links"][1].clone();
    assert_eq!((&now["kind"], &now["evidence"]), (&json!("limited"), &json!("the log")));

    // An answer that was worded anew is not linked by whoever saw other words.
    let seen = text(&cause(&register, &review, "2"), "version");
    let reword = json!({ "review": review, "number": "2", "statement": "The list is never cleaned" });
    register.ok("manager", "edit_why", reword);
    let other = json!({ "review": review, "cause": seen, "effect": "0" });
    let changed = register.refused("ada", "link_causes", other);
    assert_eq!(kind_and_code(&changed), (Kind::Conflict, "cause.changed"));

    let version = text(&now, "version");
    let remove = json!({ "review": review, "cause": "3", "effect": "0", "version": version });
    register.ok("ada", "remove_cause_link", remove.clone());
    let gone = register.refused("ada", "remove_cause_link", remove);
    assert_eq!(kind_and_code(&gone), (Kind::Conflict, "cause.gone"));
    let place = json!({ "review": review, "cause": "3", "effect": "2" });
    let on_ladder = register.refused("ada", "remove_cause_link", place);
    assert_eq!(on_ladder.code, "cause.on_ladder");
    register.expect_sound();
}

fn a_link_that_would_close_a_circle_is_refused(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let review = reviewed(&register, 2);
    let entries = register.trail_length();
    let circle =
        register.refused("ada", "link_causes", json!({ "review": review, "cause": "1", "effect": "3" }));
    assert_eq!(kind_and_code(&circle), (Kind::Invalid, "cause.cycle"));
    let unknown =
        register.refused("ada", "link_causes", json!({ "review": review, "cause": "9", "effect": "0" }));
    assert_eq!(kind_and_code(&unknown), (Kind::Invalid, "cause.unknown_number"));
    assert_eq!(register.trail_length(), entries, "a refusal changes nothing");
    let why = json!({ "review": review, "statement": "It is offered first", "under": "1", "of_problem": false,
        "also": ["2"], "link": "made_worse" });
    register.ok("ada", "add_why", why);
    let added = cause(&register, &review, "2.1");
    assert_eq!(added["links"].as_array().unwrap().len(), 2, "{added}");
}

fn what_is_set_aside_is_told_apart_and_asked_again_of_other_words(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let review = reviewed(&register, 2);
    let rule = "cause.too_short";
    assert!(rules(&shown(&register, "ada", &review), "objections", "3").contains(&rule.to_owned()));
    let dismiss = json!({ "review": review, "cause": "3", "rule": rule, "reason": "a proper name" });
    let after = register.ok("ada", "dismiss_finding", dismiss.clone());
    assert!(!rules(&after, "objections", "3").contains(&rule.to_owned()));
    assert_eq!(rules(&after, "dismissed", "3"), [rule]);
    assert_eq!(
        (&after["dismissed"][0]["by"], &after["dismissed"][0]["reason"]),
        (&json!("Ada"), &json!("a proper name"))
    );
    let twice = register.refused("ada", "dismiss_finding", dismiss);
    assert_eq!(kind_and_code(&twice), (Kind::Invalid, "cause.no_finding"));
    let reword = json!({ "review": review, "number": "3", "statement": "Nobody looked" });
    let after = register.ok("ada", "edit_why", reword);
    assert!(rules(&after, "objections", "3").contains(&rule.to_owned()), "other words are asked again");
    assert_eq!(after["dismissed"], json!([]));
    // It goes with the cause, and the trail stays whole.
    register.ok("ada", "remove_why", json!({ "review": review, "number": "3" }));
    register.expect_sound();
}

fn what_refuses_is_never_set_aside_and_never_keeps_anybody_from_saving(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let review = reviewed(&register, 2);
    let dismiss = json!({ "review": review, "cause": "3", "rule": "human-error", "reason": "it was" });
    let refused = register.refused("ada", "dismiss_finding", dismiss);
    assert_eq!(kind_and_code(&refused), (Kind::Invalid, "cause.blocks_always"));
    let reword =
        json!({ "review": review, "number": "3", "statement": "Human error, a written warning was issued" });
    register.ok("ada", "edit_why", reword);
    register.ok("ada", "hold_review", json!({ "review": review, "participants": [] }));
    let refused = register.refused("ada", "submit_review", json!({ "review": review }));
    assert_eq!(kind_and_code(&refused), (Kind::Invalid, "review.causes_not_ready"));
}

fn a_category_is_one_of_the_companys(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let review = reviewed(&register, 2);
    let categorise = |category: &str| json!({ "review": review, "number": "2", "primary": true, "category": { "to": category } });
    let unknown = register.refused("ada", "edit_why", categorise("the weather"));
    assert_eq!(kind_and_code(&unknown), (Kind::Invalid, "cause.unknown_category"));
    assert!(unknown.message.contains("Data handling"), "{}", unknown.message);
    register.ok("ada", "edit_why", categorise("data HANDLING"));
    assert_eq!(cause(&register, &review, "2")["category"], "Data handling");
    let edit = json!({ "add_categories": [], "remove_categories": [],
        "remove_cause_categories": ["Data handling"], "add_cause_categories": ["The weather"] });
    let settings = register.ok("ada", "edit_settings", edit);
    assert!(!settings["cause_categories"].as_array().unwrap().contains(&json!("Data handling")));
    // What stands there keeps standing.
    register.ok("ada", "edit_why", categorise("Data handling"));
    register.ok("ada", "edit_why", categorise("the weather"));
    register.expect_sound();
}

fn a_look_shows_each_person_the_cases_that_they_may_know_of(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let review = reviewed(&register, 2);
    let other =
        |title: &str| text(&register.ok("ada", "report_case", json!({ "title": title })), "reference");
    let (open, hidden) = (other("mail to a namesake"), other("mail about a dismissal"));
    register.ok("ada", "restrict_case", json!({ "case": hidden, "readers": [] }));
    let look = |hits: Value| json!({ "review": review, "hits": hits, "finding": "the second time" });
    let both = json!([{ "case": open, "verdict": "similar" }, { "case": hidden, "verdict": "same_cause" }]);
    register.ok("ada", "record_similar", look(both));
    let cases = |user: &str| -> Vec<String> {
        let view = shown(&register, user, &review);
        view["similar"]["hits"].as_array().unwrap().iter().map(|hit| text(hit, "case")).collect()
    };
    assert_eq!(cases("ada"), [open.clone(), hidden.clone()]);
    assert_eq!(cases("manager"), std::slice::from_ref(&open));
    // Naming it is as naming one that never was.
    let named = |case: &str| look(json!([{ "case": case, "verdict": "similar" }]));
    let there = register.refused("manager", "record_similar", named(&hidden));
    let never = register.refused("manager", "record_similar", named("CASE-2026-0999"));
    assert_eq!(kind_and_code(&there), kind_and_code(&never));
    assert_eq!(there.message.replace(&hidden, "x"), never.message.replace("CASE-2026-0999", "x"));
    // Whoever looks again takes nothing away that they did not see.
    register.ok("manager", "record_similar", look(json!([])));
    assert_eq!((cases("manager"), cases("ada")), (Vec::new(), vec![hidden]));
    register.expect_sound();
}

fn a_serious_case_is_asked_for_more(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let asked = |review: &str| -> Vec<String> {
        let view = shown(&register, "ada", review);
        view["objections"].as_array().unwrap().iter().map(|one| text(one, "code")).collect()
    };
    let (serious, minor) = (asked(&reviewed(&register, 4)), asked(&reviewed(&register, 3)));
    for code in ["cause.single_branch", "cause.no_detection", "cause.no_mitigator"] {
        assert!(serious.iter().any(|found| found == code), "{code}");
        assert!(!minor.iter().any(|found| found == code), "{code}");
    }
    assert!(minor.iter().any(|found| found == "review.similar_missing"));
}

fn words_about_somebodys_contract_refuse_the_approval_of_the_lesson(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let case = text(&register.ok("ada", "report_case", json!({ "title": "mail went astray" })), "reference");
    register.ok("ada", "classify_case", json!({ "case": case, "class": "incident" }));
    let draft = json!({ "case": case, "statement": "Security is important", "tags": [] });
    let lesson = register.ok("ada", "new_lesson", draft);
    assert_eq!(lesson["hints"][0]["rule"], "platitude", "{lesson}");
    let lesson = text(&lesson, "reference");
    let plan = json!({ "case": case, "lesson": lesson, "title": "Disciplinary action against the admin",
        "purpose": "corrective", "kind": "people", "owner": "owner", "due_on": "2026-04-10" });
    let action = register.ok("ada", "new_action", plan);
    assert_eq!(action["hints"][0]["severity"], "block", "it is said where it is written: {action}");
    let refused = register.refused("manager", "approve_lesson", json!({ "lesson": lesson }));
    assert_eq!(kind_and_code(&refused), (Kind::Conflict, "lesson.wording"));
    assert!(refused.message.contains(&text(&action, "reference")), "{}", refused.message);
}
