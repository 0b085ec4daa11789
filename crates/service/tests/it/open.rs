//! Reports without an account: off unless the company wants them, and a receipt that shows what it may and nothing else.

use nevertwice_service::{Identity, Kind, ServiceError};
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    nobody_reports_openly_until_the_company_wants_it,
    a_receipt_leads_back_to_questions_and_answers,
    a_receipt_shows_nothing_else,
    whoever_floods_is_slowed_down_and_the_others_are_not,
    an_open_report_has_no_reporter_and_somebody_can_do_nothing,
);

/// A word that only those may see who read the register.
const MARK: &str = "zqcanary";

fn nobody(register: &Register, name: &str, input: Value) -> Result<Value, ServiceError> {
    register.ask_as(&Identity::Nobody, name, input)
}

fn opened(database: &TestDatabase) -> Register {
    let register = Register::found(database);
    register.add_callers();
    switch(&register, true);
    register
}

fn switch(register: &Register, on: bool) {
    let settings = json!({ "add_categories": [], "remove_categories": [], "open_reporting": on });
    assert_eq!(register.ok("ada", "edit_settings", settings)["open_reporting"], on);
}

fn report(register: &Register, address: &str) -> Result<Value, ServiceError> {
    let input = json!({
        "title": "A broken lock", "summary": "In the cellar", "class": "weakness", "occurred": "2026-03-01",
        "address": address,
    });
    nobody(register, "report_openly", input)
}

fn nobody_reports_openly_until_the_company_wants_it(database: &TestDatabase) {
    let register = Register::found(database);
    let entries = register.trail_length();
    let may = || nobody(&register, "may_report_openly", json!({})).map_err(|error| error.code);
    assert_eq!(may(), Err("open_reporting.off".to_owned()));
    let refused = report(&register, "192.0.2.1").unwrap_err();
    assert_eq!(kind_and_code(&refused), (Kind::Forbidden, "open_reporting.off"));
    assert_eq!(register.trail_length(), entries);
    switch(&register, true);
    assert_eq!(may(), Ok(json!(null)));
    let receipt = report(&register, "192.0.2.1").unwrap();
    switch(&register, false);
    assert_eq!(report(&register, "192.0.2.1").unwrap_err().code, "open_reporting.off");
    let show = json!({ "receipt": receipt["receipt"] });
    assert!(nobody(&register, "show_receipt", show).is_ok(), "what was given holds on");
    register.expect_sound();
}

fn a_receipt_leads_back_to_questions_and_answers(database: &TestDatabase) {
    let register = opened(database);
    let made = report(&register, "192.0.2.1").unwrap();
    let case = text(&made, "reference");
    assert_eq!(text(&made, "receipt").len(), 39, "160 bits");
    let may_ask = |user: &str, case: &str| {
        let may = register.ok(user, "show_case", json!({ "case": case }))["may"].clone();
        may.as_array().unwrap().contains(&json!("ask_reporter"))
    };
    assert!(may_ask("manager", &case) && !may_ask("responder", &case) && !may_ask("auditor", &case));
    let ask = json!({ "case": case, "text": "Which door?", "to_reporter": true });
    register.ok("manager", "add_comment", ask.clone());
    assert_eq!(
        register.refused("responder", "add_comment", ask).kind,
        Kind::Forbidden,
        "who does not work on it"
    );
    let typed = text(&made, "receipt").to_lowercase().replace('-', " ");
    let answer = json!({ "receipt": typed, "text": "The left one" });
    let shown = nobody(&register, "answer_by_receipt", answer).unwrap();
    assert_eq!((&shown["reference"], &shown["state"]), (&json!(case), &json!("reported")));
    let messages = shown["messages"].as_array().unwrap();
    let told: Vec<_> = messages.iter().map(|m| (m["from_reporter"].clone(), m["text"].clone())).collect();
    assert_eq!(told, [(json!(false), json!("Which door?")), (json!(true), json!("The left one"))]);
    let comments = register.ok("manager", "show_case", json!({ "case": case }))["comments"].clone();
    assert_eq!(comments[1]["correspondence"], "from_reporter");

    let other = text(&register.ok("ada", "report_case", json!({ "title": "Another" })), "reference");
    assert!(!may_ask("ada", &other), "it has a reporter");
    let ask = json!({ "case": other, "text": "Which?", "to_reporter": true });
    assert_eq!(register.refused("ada", "add_comment", ask).code, "comment.no_receipt");
    register.ok("ada", "void_case", json!({ "case": case, "reason": "seen twice" }));
    let again = json!({ "receipt": made["receipt"], "text": "More" });
    assert_eq!(nobody(&register, "answer_by_receipt", again).unwrap_err().kind, Kind::Conflict);
    register.expect_sound();
}

fn a_receipt_shows_nothing_else(database: &TestDatabase) {
    let register = opened(database);
    let made = report(&register, "192.0.2.1").unwrap();
    let case = text(&made, "reference");
    let edit = json!({ "case": case, "title": format!("{MARK} title"), "summary": { "to": format!("{MARK} summary") } });
    register.ok("manager", "edit_case", edit);
    register.ok("manager", "add_comment", json!({ "case": case, "text": format!("{MARK} comment") }));
    register.ok("manager", "classify_case", json!({ "case": case, "class": "weakness" }));
    register.ok("manager", "respond_to_case", json!({ "case": case, "responder": "assigned" }));
    let lesson = json!({ "case": case, "statement": format!("{MARK} lesson"), "tags": [] });
    register.ok("assigned", "new_lesson", lesson);
    register.ok("manager", "restrict_case", json!({ "case": case, "readers": ["manager", "assigned"] }));
    let shown = nobody(&register, "show_receipt", json!({ "receipt": made["receipt"] })).unwrap();
    let expected = json!({
        "reference": case, "title": "A broken lock", "state": shown["state"], "messages": [],
    });
    assert_eq!(shown, expected);
    let wrong = nobody(&register, "show_receipt", json!({ "receipt": "ABCD" })).unwrap_err();
    assert_eq!(kind_and_code(&wrong), (Kind::Forbidden, "receipt.unknown"));
    assert_eq!(register.refused("responder", "show_case", json!({ "case": case })).kind, Kind::NotFound);
}

fn whoever_floods_is_slowed_down_and_the_others_are_not(database: &TestDatabase) {
    let register = opened(database);
    for _ in 0..10 {
        report(&register, "192.0.2.1").unwrap();
    }
    assert_eq!(report(&register, "192.0.2.1").unwrap_err().code, "sign_in.slow_down");
    assert!(report(&register, "192.0.2.2").is_ok());
    register.clock.forward_seconds(120);
    let receipt = report(&register, "192.0.2.1").unwrap()["receipt"].clone();
    let show = |receipt: &Value| {
        let input = json!({ "receipt": receipt, "address": "192.0.2.3" });
        nobody(&register, "show_receipt", input).map(drop).map_err(|error| error.code)
    };
    for _ in 0..50 {
        show(&receipt).unwrap();
    }
    let guesses: Vec<_> = (0..31).map(|_| show(&json!("ABCD")).unwrap_err()).collect();
    assert_eq!((guesses[29].as_str(), guesses[30].as_str()), ("receipt.unknown", "sign_in.slow_down"));
}

fn an_open_report_has_no_reporter_and_somebody_can_do_nothing(database: &TestDatabase) {
    let register = opened(database);
    let case = text(&report(&register, "192.0.2.1").unwrap(), "reference");
    let shown = register.ok("manager", "show_case", json!({ "case": case }));
    assert_eq!(
        (&shown["reporter"], &shown["registered_by"]),
        (&json!(null), &json!("Somebody (open report)"))
    );
    let name = json!({ "person": "Somebody (open report)" });
    assert_eq!(register.refused("ada", "invite", name.clone()).code, "person.is_a_team");
    let roles = json!({ "person": name["person"], "roles": ["manager"] });
    assert_eq!(register.refused("ada", "confirm_person", roles).code, "person.is_a_team");
    switch(&register, false);
    switch(&register, true);
    let people = register.ok("ada", "list_people", json!({}));
    let named = people.as_array().unwrap().iter().filter(|person| person["name"] == name["person"]);
    assert_eq!(named.count(), 1);
}
