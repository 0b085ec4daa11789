//! What a case turns out to be decides how it is looked at, whenever that is known: no class, severity or person named late
//! goes round the procedure.

use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    a_case_that_turns_out_to_be_worse_is_reviewed_again_as_deep_as_that_asks,
    a_decided_incident_is_responded_to_before_it_is_closed,
    whoever_works_on_a_case_does_not_choose_how_deep_it_is_looked_at,
    an_unsaid_severity_is_no_way_round_for_training,
    nobody_is_named_for_what_they_could_not_do,
    a_case_of_which_nothing_is_missing_waits_for_whoever_closes_it,
    what_is_overdue_is_told_as_far_as_the_procedure_says,
    whoever_left_hands_over_what_they_respond_to,
    what_is_late_is_told_to_whoever_leads_the_review,
    a_part_that_stands_alone_again_is_reviewed,
);

fn found(database: &TestDatabase) -> Register {
    let register = Register::found(database);
    register.add_callers();
    register
}

fn classified(register: &Register, class: &str, severity: Option<u8>) -> String {
    let report = json!({ "title": "A door stood open", "class": class });
    let case = text(&register.ok("ada", "report_case", report), "reference");
    let mut classify = json!({ "case": case, "class": class });
    if let Some(severity) = severity {
        classify["severity"] = json!(severity);
    }
    register.ok("ada", "classify_case", classify);
    case
}

fn shown(register: &Register, case: &str) -> Value {
    register.ok("ada", "show_case", json!({ "case": case }))
}

/// A light review, written, approved, with its action done and its lesson approved.
fn answered(register: &Register, case: &str, action: &str) {
    let review = text(&shown(register, case)["reviews"][0], "reference");
    let light = json!({
        "review": review, "cause": "The lock is thirty years old and nobody looks at locks", "lesson": "Locks have an age",
        "action": action, "action_kind": "physical", "owner": "owner",
    });
    register.ok("ada", "write_light_review", light);
    register.ok("manager", "approve_review", json!({ "review": review }));
    finished(register, case);
}

fn finished(register: &Register, case: &str) {
    let now = shown(register, case);
    for lesson in now["lessons"].as_array().unwrap().iter().filter(|one| one["state"] == "draft") {
        register.ok("manager", "approve_lesson", json!({ "lesson": lesson["reference"] }));
    }
    for action in now["actions"].as_array().unwrap().iter().filter(|one| one["state"] == "open") {
        let done = json!({ "action": action["reference"], "evidence": "it is there" });
        register.ok("owner", "complete_action", done);
    }
}

fn missing(case: &Value) -> Vec<String> {
    case["missing"].as_array().unwrap().iter().map(|one| text(one, "code")).collect()
}

fn asked(register: &Register, user: &str, ask: &str) -> Vec<String> {
    let work = register.ok(user, "show_work", json!({}));
    let rows = work["items"].as_array().unwrap().iter().filter(|row| row["ask"] == ask);
    rows.map(|row| text(row, "reference")).collect()
}

fn a_case_that_turns_out_to_be_worse_is_reviewed_again_as_deep_as_that_asks(database: &TestDatabase) {
    let register = found(database);
    let case = classified(&register, "weakness", Some(1));
    answered(&register, &case, "Fit a new lock");
    assert!(missing(&shown(&register, &case)).is_empty());
    let worse = json!({ "case": case, "class": "incident", "severity": 5 });
    let worse = register.ok("ada", "classify_case", worse);
    assert_eq!(worse["state"], json!("triaged"), "nobody responded to it yet: {worse}");
    assert!(missing(&worse).contains(&"review.too_light".to_owned()), "{worse}");
    assert_ne!(worse["checklist"]["lines"][0]["state"], json!("done"), "the response: {worse}");
    let refused = register.refused("ada", "close_case", json!({ "case": case }));
    assert_eq!(kind_and_code(&refused), (Kind::Conflict, "case.loop_incomplete"));
    register.ok("ada", "respond_to_case", json!({ "case": case, "responder": "assigned" }));
    let resolved = register.ok("assigned", "resolve_case", json!({ "case": case }));
    let reviews = resolved["reviews"].as_array().unwrap();
    let deeper: Vec<_> = reviews.iter().filter(|one| one["state"] == "due").collect();
    assert_eq!((deeper.len(), &deeper[0]["kind"]), (1, &json!("full")), "{resolved}");
    assert_eq!(missing(&resolved), ["review.not_approved", "similar.missing"]);
    register.expect_sound();
}

fn a_decided_incident_is_responded_to_before_it_is_closed(database: &TestDatabase) {
    let register = found(database);
    let case = classified(&register, "event", Some(2));
    answered(&register, &case, "Fit a new lock");
    let decide = json!({ "case": case, "decision": "incident", "criteria": "somebody came in" });
    let decided = register.ok("ada", "decide_case", decide);
    assert_eq!(decided["state"], json!("triaged"));
    let refused = register.refused("ada", "close_case", json!({ "case": case }));
    assert!(refused.message.contains("thorough"), "{}", refused.message);
    register.ok("ada", "respond_to_case", json!({ "case": case, "responder": "assigned" }));
    let resolved = register.ok("assigned", "resolve_case", json!({ "case": case }));
    let kinds: Vec<_> = resolved["reviews"].as_array().unwrap().iter().map(|one| text(one, "kind")).collect();
    assert!(kinds.contains(&"five_whys".to_owned()), "{kinds:?}");
    register.expect_sound();
}

fn whoever_works_on_a_case_does_not_choose_how_deep_it_is_looked_at(database: &TestDatabase) {
    let register = found(database);
    let case = classified(&register, "incident", Some(5));
    register.ok("ada", "respond_to_case", json!({ "case": case, "responder": "assigned" }));
    for edit in [json!({ "severity": { "to": 1 } }), json!({ "category": { "to": "x" } })] {
        let mut edit = edit;
        edit["case"] = json!(case);
        let refused = register.refused("assigned", "edit_case", edit.clone());
        assert_eq!(refused.kind, Kind::Forbidden, "{edit}: {}", refused.message);
    }
    let same = json!({ "case": case, "severity": { "to": 5 }, "title": "The door stood open" });
    register.ok("assigned", "edit_case", same);
    register.ok("ada", "edit_case", json!({ "case": case, "severity": { "to": 4 } }));
    let closed = classified(&register, "weakness", Some(1));
    answered(&register, &closed, "Fit a new lock");
    register.ok("ada", "close_case", json!({ "case": closed }));
    let late = json!({ "case": closed, "severity": { "to": 5 } });
    let refused = register.refused("ada", "edit_case", late);
    assert_eq!(kind_and_code(&refused), (Kind::Conflict, "case.wrong_state"));
}

fn an_unsaid_severity_is_no_way_round_for_training(database: &TestDatabase) {
    let register = found(database);
    let case = classified(&register, "weakness", None);
    let review = text(&shown(&register, &case)["reviews"][0], "reference");
    let light = json!({
        "review": review, "cause": "Nobody was told what such a mail looks like", "lesson": "Such mails come",
        "action": "Train staff to spot phishing", "action_kind": "people", "owner": "owner",
    });
    register.ok("ada", "write_light_review", light);
    register.ok("manager", "approve_review", json!({ "review": review }));
    let lesson = shown(&register, &case)["lessons"][0]["reference"].clone();
    let refused = register.refused("manager", "approve_lesson", json!({ "lesson": lesson }));
    assert_eq!(refused.code, "lesson.only_training");
    register.ok("ada", "classify_case", json!({ "case": case, "class": "weakness", "severity": 1 }));
    register.ok("manager", "approve_lesson", json!({ "lesson": lesson }));
}

fn nobody_is_named_for_what_they_could_not_do(database: &TestDatabase) {
    let register = found(database);
    let case = classified(&register, "weakness", Some(3));
    let plan = json!({ "case": case, "title": "Fit a new lock", "purpose": "corrective", "kind": "physical", "owner": "owner" });
    let action = text(&register.ok("ada", "new_action", plan), "reference");
    for judge in ["board", "reporter"] {
        let check = json!({ "action": action, "measure": "break-ins", "judge": judge });
        let refused = register.refused("ada", "plan_check", check);
        assert_eq!(kind_and_code(&refused), (Kind::Invalid, "check.judge_unfit"), "{judge}");
    }
    for leader in ["board", "reporter", "responder"] {
        let review = json!({ "case": case, "facilitator": leader, "participants": [] });
        let refused = register.refused("ada", "new_review", review);
        assert_eq!(kind_and_code(&refused), (Kind::Invalid, "review.leader_unfit"), "{leader}");
    }
    register.ok("ada", "edit_case", json!({ "case": case, "add_responders": ["responder"] }));
    register.ok(
        "ada",
        "plan_check",
        json!({ "action": action, "measure": "break-ins", "judge": "responder" }),
    );
    let review = json!({ "case": case, "facilitator": "responder", "participants": ["reporter"] });
    let review = text(&register.ok("ada", "new_review", review), "reference");
    register.ok("responder", "hold_review", json!({ "review": review, "participants": ["reporter"] }));
    // Whoever comes to it and does not read the case is told of the meeting, and of nothing that they could not open.
    let case = classified(&register, "weakness", Some(3));
    let ask = json!({ "case": case, "participants": ["board"] });
    let review = text(&register.ok("ada", "new_review", ask), "reference");
    let on = json!({ "review": review, "on": "2026-03-09", "participants": ["board"] });
    register.ok("ada", "schedule_review", on);
    let work = register.ok("board", "show_work", json!({}));
    let row = work["items"].as_array().unwrap().iter().find(|row| row["ask"] == "attend").unwrap();
    assert_eq!((&row["reference"], &row["words"]), (&json!(review), &Value::Null));
    assert_eq!(row["link"], json!("/procedure"));
    // What they are asked beforehand they have to be able to read.
    let asked =
        json!({ "review": review, "on": "2026-03-09", "questions": ["Who has a key?", "Since when?"] });
    register.ok("ada", "schedule_review", asked);
    let work = register.ok("board", "show_work", json!({}));
    let row = work["items"].as_array().unwrap().iter().find(|row| row["ask"] == "attend").unwrap();
    assert_eq!(row["words"], json!("Who has a key? · Since when?"));
}

fn a_case_of_which_nothing_is_missing_waits_for_whoever_closes_it(database: &TestDatabase) {
    let register = found(database);
    let case = classified(&register, "weakness", Some(1));
    assert!(asked(&register, "manager", "close").is_empty());
    answered(&register, &case, "Fit a new lock");
    assert_eq!(asked(&register, "manager", "close"), [case.as_str()]);
    for user in ["assigned", "board", "owner"] {
        assert!(asked(&register, user, "close").is_empty(), "{user} closes nothing");
    }
    register.ok("manager", "close_case", json!({ "case": case }));
    assert!(asked(&register, "manager", "close").is_empty());
}

fn what_is_overdue_is_told_as_far_as_the_procedure_says(database: &TestDatabase) {
    let register = found(database);
    let case = classified(&register, "weakness", Some(3));
    register.ok("ada", "edit_case", json!({ "case": case, "add_responders": ["assigned"] }));
    let plan = json!({
        "case": case, "title": "Fit a new lock", "purpose": "corrective", "kind": "physical", "owner": "owner",
        "due_on": "2026-03-09",
    });
    let action = text(&register.ok("ada", "new_action", plan), "reference");
    let told = |user: &str| asked(&register, user, "escalated").contains(&action);
    assert!(!told("assigned") && !told("manager") && !told("board"));
    // After 1, 5 and 20 working days, by the procedure that comes with the program.
    register.clock.forward_days(9);
    assert!(told("assigned") && !told("manager") && !told("board"), "two working days late");
    assert!(!told("responder"), "they do not work on it");
    register.clock.forward_days(6);
    assert!(told("manager") && !told("board"), "six working days late");
    register.clock.forward_days(25);
    assert!(told("board"));
    register.ok("owner", "complete_action", json!({ "action": action, "evidence": "it is there" }));
    assert!(!told("manager"), "it is done");
    register.clock.forward_days(90);
    assert!(told("manager"), "nobody judged whether it works");
    register.expect_sound();
}

fn what_is_late_is_told_to_whoever_leads_the_review(database: &TestDatabase) {
    let register = found(database);
    let case = classified(&register, "weakness", Some(3));
    assert_eq!(shown(&register, &case)["reviews"][0]["facilitator"], json!("Ada"));
    let plan = json!({
        "case": case, "title": "Fit a new lock", "purpose": "corrective", "kind": "physical", "owner": "owner",
        "due_on": "2026-03-09",
    });
    let action = text(&register.ok("ada", "new_action", plan), "reference");
    register.clock.forward_days(9);
    let told = |user: &str| asked(&register, user, "escalated").contains(&action);
    assert!(told("ada") && !told("manager"), "nobody responded to it, and Ada leads its review");
}

fn a_part_that_stands_alone_again_is_reviewed(database: &TestDatabase) {
    let register = found(database);
    let whole = classified(&register, "weakness", Some(3));
    let part = register.ok("ada", "report_case", json!({ "title": "Another door", "class": "weakness" }));
    let part = text(&part, "reference");
    register.ok("ada", "part_of_case", json!({ "case": part, "parent": whole }));
    register.ok("ada", "classify_case", json!({ "case": part, "class": "weakness", "severity": 3 }));
    assert_eq!(shown(&register, &part)["reviews"], json!([]), "it is reviewed with the whole");
    register.ok("ada", "part_of_case", json!({ "case": part, "parent": null }));
    assert_eq!(shown(&register, &part)["reviews"].as_array().unwrap().len(), 1);
}

fn whoever_left_hands_over_what_they_respond_to(database: &TestDatabase) {
    let register = found(database);
    let case = classified(&register, "incident", Some(3));
    register.ok("ada", "respond_to_case", json!({ "case": case, "responder": "assigned" }));
    let owed = || register.ok("ada", "list_owed", json!({}));
    assert_eq!(owed(), json!([]));
    register.ok("ada", "disable_person", json!({ "person": "assigned" }));
    let row = &owed()[0]["items"][0];
    assert_eq!((&row["kind"], &row["reference"]), (&json!("case"), &json!(case)));
    assert_eq!(asked(&register, "manager", "hand_over"), ["assigned"]);
    let done =
        register.ok("manager", "hand_over_everything", json!({ "person": "assigned", "to": "responder" }));
    assert_eq!(done["done"], json!([case]));
    assert_eq!(owed(), json!([]));
    register.ok("responder", "resolve_case", json!({ "case": case }));
}
