//! The loop score: whose cases it counts, and who is led to them.

use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, text};

nevertwice_testkit::on_each_engine!(whoever_reads_figures_and_not_cases_has_the_score_of_the_company);

/// Cases that nobody closed, of which every link is due.
fn neglected(register: &Register, category: &str, count: usize) -> Vec<String> {
    let report = json!({ "title": "The bucket was public", "class": "weakness", "severity": 3 });
    let new = |_| {
        let case = text(&register.ok("ada", "report_case", report.clone()), "reference");
        let classify = json!({ "case": case, "class": "weakness", "severity": 3, "category": category });
        register.ok("ada", "classify_case", classify);
        case
    };
    let cases = (0..count).map(new).collect();
    register.clock.forward_days(600);
    cases
}

fn target(said: &Value) -> &Value {
    let promises = said["promises"].as_array().unwrap();
    promises.iter().find(|promise| promise["text"].as_str().unwrap().contains("every link is due")).unwrap()
}

fn whoever_reads_figures_and_not_cases_has_the_score_of_the_company(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let cases = neglected(&register, "phishing", 3);
    neglected(&register, "door", 2);
    register.ok("ada", "restrict_case", json!({ "case": cases[0], "readers": [] }));
    let shown = |user: &str| register.ok(user, "show_loop", json!({}));

    let own = shown("ada");
    assert_eq!((&own["scope"], &own["score"]["due"]), (&json!("viewer"), &json!(5)), "{own}");
    let board = shown("board");
    assert_eq!((&board["scope"], &board["score"]["due"]), (&json!("register"), &json!(4)), "{board}");
    assert_eq!(board["groups"], json!([]), "groups of two cases would tell of each: {board}");
    assert_eq!(
        (&board["score"]["due_query"], &board["funnel"][0]["lacking_query"]),
        (&json!(""), &json!(""))
    );
    let chosen = register.refused("board", "show_loop", json!({ "query": "door" }));
    assert_eq!(chosen.code, "query.whole_register");

    let said = register.ok("board", "say_do", json!({}));
    let promise = target(&said);
    assert_eq!((&promise["verdict"], &promise["broken"]), (&json!("broken"), &json!(4)), "{promise}");
}
