//! Whole stories: a phishing mail that taught something, and small things that take a light review. They begin with a
//! report and end with a case that is learned.

use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    a_phishing_mail_changes_a_filter_a_policy_and_a_risk_and_is_learned,
    a_broken_lock_and_an_empty_reception_take_five_steps_each,
    the_loop_score_counts_from_the_day_after_the_last_link_was_due,
);

/// A serious phishing case, resolved.
fn phished(register: &Register) -> String {
    let report = json!({ "title": "Supplier invoice led to a login page that was not ours",
        "class": "incident", "severity": 4, "occurred": "2026-02-20", "detected": "2026-02-21" });
    let case = text(&register.ok("own-reporter", "report_case", report), "reference");
    let classify = json!({ "case": case, "class": "incident", "severity": 4, "category": "phishing" });
    register.ok("ada", "classify_case", classify);
    register.ok("ada", "respond_to_case", json!({ "case": case, "responder": "assigned" }));
    register.ok("assigned", "resolve_case", json!({ "case": case }));
    case
}

/// Its review, approved.
fn reviewed(register: &Register, case: &str) -> String {
    let by_assigned = |name: &str, input: Value| register.ok("assigned", name, input);
    let review = json!({ "case": case, "problem": "Two people typed their passwords into a foreign page",
        "facilitator": "ada", "participants": ["board", "sales"] });
    let review = text(&by_assigned("new_review", review), "reference");
    let why = |statement: &str, of_problem: bool, kind: &str| {
        let why = json!({ "review": review, "statement": statement, "of_problem": of_problem, "kind": kind,
            "confidence": "confirmed", "evidence": "the log of the gateway" });
        by_assigned("add_why", why);
    };
    why("The web filter let a domain of the day before pass", true, "control");
    why("New domains are looked at once a week", false, "organisational_factor");
    why(
        "A changed bank account of a supplier is believed without asking back",
        true,
        "organisational_factor",
    );
    why("Supplier onboarding says nothing about it", false, "organisational_factor");
    let shown = by_assigned("show_review", json!({ "review": review }));
    for cause in shown["causes"].as_array().unwrap().iter().filter(|cause| cause["ends_branch"] == true) {
        let end = json!({ "to": { "changeable": true, "note": "ours to change" } });
        by_assigned("edit_why", json!({ "review": review, "number": cause["number"], "end": end }));
    }
    by_assigned("hold_review", json!({ "review": review }));
    let evaluation =
        json!({ "review": review, "went_well": "the report came within minutes", "followed": "yes" });
    by_assigned("evaluate_review", evaluation);
    by_assigned("record_similar", json!({ "review": review, "hits": [], "finding": "none like it" }));
    by_assigned("submit_review", json!({ "review": review }));
    register.ok("manager", "approve_review", json!({ "review": review }));
    review
}

fn drafted(register: &Register, case: &str, statement: &str) -> String {
    let lesson = json!({ "case": case, "statement": statement, "tags": [] });
    text(&register.ok("assigned", "new_lesson", lesson), "reference")
}

/// An action for a lesson, planned within the days of the procedure.
fn planned(register: &Register, case: &str, lesson: &str, title: &str, kind: &str) -> String {
    let action = json!({ "case": case, "lesson": lesson, "title": title, "purpose": "corrective", "kind": kind,
        "owner": "owner", "due_on": "2026-03-20", "check_measure": "clicks in the next test", "check_on": "2026-05-01" });
    text(&register.ok("assigned", "new_action", action), "reference")
}

fn link(register: &Register, case: &str, link: &str) -> Value {
    let shown = register.ok("ada", "show_case", json!({ "case": case }));
    let lines = shown["checklist"]["lines"].as_array().unwrap().clone();
    lines.into_iter().find(|line| line["link"] == link).unwrap()
}

fn a_phishing_mail_changes_a_filter_a_policy_and_a_risk_and_is_learned(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let risk = json!({ "title": "Staff are talked into giving access away", "owner": "owner", "treatment": "mitigate",
        "likelihood": 2, "impact": 4, "why": "one case in three years" });
    let risk = text(&register.ok("manager", "new_risk", risk), "reference");
    let case = phished(&register);
    register.ok("manager", "link_risk", json!({ "risk": risk, "case": case }));
    reviewed(&register, &case);

    let filter = drafted(&register, &case, "A domain that is one day old is not to be trusted");
    let staff = planned(&register, &case, &filter, "Train staff to spot phishing", "people");
    let refused = register.refused("manager", "approve_lesson", json!({ "lesson": filter }));
    assert_eq!(kind_and_code(&refused), (Kind::Conflict, "lesson.only_training"));
    let alone = json!({ "action": staff, "reason": "people are not the filter",
        "until": "2027-01-01" });
    register.ok("manager", "not_doing_action", alone);
    let block = planned(
        &register,
        &case,
        &filter,
        "Block domains younger than 30 days at the web filter",
        "technical",
    );
    register.ok("manager", "approve_lesson", json!({ "lesson": filter }));
    let supplier = drafted(&register, &case, "A changed bank account is confirmed by a second way");
    let policy = planned(
        &register,
        &case,
        &supplier,
        "Write the call back into the supplier onboarding policy",
        "procedural",
    );
    register.ok("manager", "approve_lesson", json!({ "lesson": supplier }));

    for action in [&block, &policy] {
        register.ok(
            "owner",
            "complete_action",
            json!({ "action": action, "evidence": "seen in the change log" }),
        );
    }
    let failed =
        json!({ "case": case, "control": "A.8.23", "performance": "failed", "note": "it let the page pass" });
    register.ok("assigned", "add_performance", failed);
    let change = |control: &str, before: &str, after: &str, action: &str| {
        let change =
            json!({ "case": case, "control": control, "before": before, "after": after, "action": action });
        register.ok("manager", "new_control_change", change);
    };
    change("A.8.23", "new domains pass", "domains younger than 30 days are blocked", &block);
    change("A.5.19", "accounts are believed", "a changed account is confirmed by telephone", &policy);

    let refused = register.refused("manager", "close_case", json!({ "case": case }));
    assert!(
        refused.message.contains(&format!("risk {risk} is linked to it and was not looked at")),
        "{}",
        refused.message
    );
    let again = json!({ "risk": risk, "likelihood": 3, "impact": 4, "why": "it worked twice in one week", "case": case });
    register.ok("manager", "assess_risk", again);
    register.ok("manager", "close_case", json!({ "case": case }));

    assert_eq!(link(&register, &case, "effectiveness")["state"], "not_yet_due");
    assert_eq!(link(&register, &case, "risks")["owed_by"], json!(["owner"]), "the owner has not accepted it");
    register.ok("owner", "accept_risk", json!({ "risk": risk }));
    register.clock.forward_days(80);
    assert_eq!(link(&register, &case, "effectiveness")["state"], "missing");
    for action in [&block, &policy] {
        let judge = json!({ "action": action, "outcome": "effective", "evidence": "no click in two tests" });
        assert_eq!(
            register.refused("owner", "check_action", judge.clone()).kind,
            Kind::Forbidden,
            "never the owner"
        );
        register.ok("manager", "check_action", judge);
    }
    let learned = register.ok("ada", "show_case", json!({ "case": case }));
    assert_eq!(
        (&learned["state"], &learned["checklist"]["learned"]),
        (&json!("closed"), &json!(true)),
        "{}",
        learned["checklist"]
    );
    let score = register.ok("ada", "show_loop", json!({}));
    assert_eq!((&score["score"]["due"], &score["score"]["learned"]), (&json!(1), &json!(1)), "{score}");
    let raised = register.ok("auditor", "list_changes", json!({ "limit": 50 }));
    assert_eq!(
        raised["items"].as_array().unwrap().len(),
        3,
        "two controls and a risk, each with before and after: {raised}"
    );
    register.expect_sound();
}

fn a_broken_lock_and_an_empty_reception_take_five_steps_each(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    for (title, cause, lesson, action) in [
        (
            "Broken lock",
            "The lock is older than its warranty",
            "Locks are changed before they break",
            "Fit a new lock",
        ),
        (
            "Reception unmanned at lunchtime",
            "Nobody stands in at noon",
            "The desk has two people",
            "Fit a bell and a door opener",
        ),
    ] {
        // One: the report. Two: the triage. Three: the light review, with lesson and action. Four and five: approvals.
        let report = json!({ "title": title, "class": "weakness" });
        let case = text(&register.ok("own-reporter", "report_case", report), "reference");
        register.ok("ada", "classify_case", json!({ "case": case, "class": "weakness", "severity": 1 }));
        let shown = register.ok("ada", "show_case", json!({ "case": case }));
        let review = text(&shown["reviews"][0], "reference");
        assert_eq!(
            (&shown["reviews"][0]["kind"], &shown["reviews"][0]["state"]),
            (&json!("light"), &json!("due"))
        );
        let light = json!({ "review": review, "cause": cause, "lesson": lesson, "action": action,
            "action_kind": "physical", "owner": "owner" });
        register.ok("ada", "write_light_review", light);
        register.ok("manager", "approve_review", json!({ "review": review }));
        let shown = register.ok("ada", "show_case", json!({ "case": case }));
        let lesson = text(&shown["lessons"][0], "reference");
        register.ok("manager", "approve_lesson", json!({ "lesson": lesson }));
        let action = register.ok("ada", "show_action", json!({ "action": shown["actions"][0]["reference"] }));
        assert_eq!(
            (&action["kind"], &action["owner"]),
            (&json!("physical"), &json!("owner")),
            "a physical action is under way"
        );
        assert_eq!(link(&register, &case, "review")["state"], "done");
        assert_eq!(link(&register, &case, "actions")["owed_by"], json!(["owner"]));
    }
}

fn the_loop_score_counts_from_the_day_after_the_last_link_was_due(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let case = phished(&register);
    let score = || register.ok("ada", "show_loop", json!({ "by": "category" }));
    assert_eq!(score()["score"]["percent"], Value::Null, "nothing is due yet");
    let shown = register.ok("ada", "show_case", json!({ "case": case }));
    let due = text(&shown["checklist"], "due_on");
    register.clock.forward_days(600);
    let late = score();
    assert_eq!((&late["score"]["due"], &late["score"]["percent"]), (&json!(1), &json!(0)), "{due}: {late}");
    assert_eq!((&late["groups"][0]["value"], &late["groups"][0]["due"]), (&json!("phishing"), &json!(1)));
    let open = text(&late["score"], "open_query");
    let found = register.ok("ada", "list_cases", json!({ "query": open, "limit": 10 }));
    assert_eq!(found["items"][0]["reference"], json!(case), "the figure leads to the cases that it counts");
    // Two people agree that the rest is not needed: then it is not asked for, and the case can be closed and is learned.
    let review = text(&shown["reviews"][0], "reference");
    let declare = json!({ "case": case, "link": "review", "reason": "the mail was a test of our own" });
    let refused = register.refused("assigned", "declare_not_needed", declare);
    assert_eq!(refused.code, "declaration.review_is_waived");
    register.ok(
        "manager",
        "waive_review",
        json!({ "review": review, "reason": "the mail was a test of our own" }),
    );
    for link in ["causes", "similar", "lessons", "actions", "effectiveness", "controls", "risks"] {
        let declare = json!({ "case": case, "link": link, "reason": "the mail was a test of our own" });
        register.ok("assigned", "declare_not_needed", declare);
        let own = register.refused("assigned", "approve_declaration", json!({ "case": case, "link": link }));
        assert_eq!(own.kind, Kind::Forbidden);
        register.ok("manager", "approve_declaration", json!({ "case": case, "link": link }));
    }
    register.ok("manager", "close_case", json!({ "case": case }));
    let shown = register.ok("ada", "show_case", json!({ "case": case }));
    assert_eq!(shown["checklist"]["learned"], json!(true), "{}", shown["checklist"]);
    let score = score();
    assert_eq!(
        (&score["score"]["learned"], &score["exceptions"]),
        (&json!(1), &json!(1)),
        "shown beside the figure"
    );
}
