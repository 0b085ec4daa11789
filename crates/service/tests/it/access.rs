//! The access matrix: every use case × everybody × an open case, a restricted one, and one that they may know of.
//!
//! The table is the expectation, written from the product's table of roles and verbs; nothing here asks the code what
//! it would allow.

mod absence;
mod inputs;
mod scopes;
mod table;

use std::collections::BTreeSet;
use std::time::Duration;

use nevertwice_service::error::Kind;
use nevertwice_service::use_case;
use nevertwice_service::{Identity, ServiceError};
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{CALLERS, Caller, Register, Story};
use inputs::{Scene, input};
use table::{NOBODY, ROWS, Row};

/// How long after it was asked the answer that there is nothing comes at the earliest: many times what a lookup takes.
const LEAST_WAIT: Duration = Duration::from_millis(10);

/// What is tried first of what is allowed, in this order.
const BEFORE_WRITING: [&str; 4] = ["schedule_review", "hold_review", "approve_review", "waive_review"];

nevertwice_testkit::on_each_engine!(
    everybody_may_do_exactly_what_the_table_says,
    who_may_not_act_is_refused_before_anything_else,
    nobody_may_sign_in_and_nothing_else,
    who_reports_a_case_follows_it,
    an_approved_lesson_is_read_by_everybody_but_sales,
    figures_of_the_whole_register_are_for_those_who_read_it,
    a_bundle_that_may_not_be_made_touches_no_file,
    nobody_learns_names_by_asking_for_tokens,
    a_row_tells_a_board_member_class_state_and_title_of_a_case,
);

#[test]
fn every_use_case_has_a_row_in_the_table() {
    let rows: BTreeSet<&str> = ROWS.iter().map(|row| row.name).chain(NOBODY.iter().copied()).collect();
    let registered: BTreeSet<&str> = use_case::names().collect();
    assert_eq!(rows.len(), ROWS.len() + NOBODY.len(), "a use case has two rows");
    let differing: Vec<_> = rows.symmetric_difference(&registered).collect();
    assert!(
        differing.is_empty(),
        "these are in the table or among the use cases, but not in both: {differing:?}"
    );
}

fn everybody_may_do_exactly_what_the_table_says(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let scenes = Scene::all(&register);

    // First whatever must be refused: it changes nothing, so every refusal is seen in the same state.
    let entries = register.trail_length();
    let wrong: Vec<String> = each(&scenes, |expected| expected != '+')
        .filter_map(|(row, scene, caller, expected)| {
            register.clock.take_waits();
            let result = register.ask(caller.user(), row.name, input(row.name, scene));
            if expected == '?' {
                expect_same_as_absent(&register, row, scene, caller, &result);
            }
            difference(row, scene, caller, expected, &result)
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(register.trail_length(), entries, "something that was refused was written all the same");

    // Whoever has written a part of a review does not approve it, so that is tried before anybody writes.
    let order = |name: &str| BEFORE_WRITING.iter().position(|first| *first == name);
    let mut allowed: Vec<_> = each(&scenes, |expected| expected == '+').collect();
    allowed.sort_by_key(|(row, ..)| order(row.name).unwrap_or(BEFORE_WRITING.len()));
    let wrong: Vec<String> = allowed
        .into_iter()
        .filter_map(|(row, scene, caller, expected)| {
            let result = register.ask(caller.user(), row.name, input(row.name, scene));
            difference(row, scene, caller, expected, &result)
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    register.expect_sound();
}

/// Every combination whose expectation is wanted.
fn each<'a>(
    scenes: &'a [Scene],
    wanted: impl Fn(char) -> bool + Copy + 'a,
) -> impl Iterator<Item = (&'static Row, &'a Scene, Caller, char)> {
    ROWS.iter().flat_map(move |row| {
        scenes.iter().flat_map(move |scene| {
            let expected = if scene.shuts_out { row.shut_out } else { row.open };
            assert_eq!(expected.len(), CALLERS.len(), "{}: a column for each caller", row.name);
            let callers = CALLERS.into_iter().zip(expected.chars());
            callers
                .filter(move |(_, expected)| wanted(*expected))
                .map(move |(caller, expected)| (row, scene, caller, expected))
        })
    })
}

fn difference(
    row: &Row,
    scene: &Scene,
    caller: Caller,
    expected: char,
    result: &Result<Value, ServiceError>,
) -> Option<String> {
    let found = outcome(result);
    (found != expected).then(|| {
        let said = result.as_ref().err().map(|error| format!(" ({}: {})", error.code, error.message));
        let said = said.unwrap_or_default();
        format!("{} by {caller:?}, {}: expected {expected}, found {found}{said}", row.name, scene.name)
    })
}

/// `+` if permission was given, whatever stood in the way later; `-` if it was refused; `?` if there is no such thing.
fn outcome(result: &Result<Value, ServiceError>) -> char {
    match result {
        Ok(_) => '+',
        Err(error) if error.code == "input.unreadable" => panic!("{}", error.message),
        Err(error) => match error.kind {
            Kind::Conflict | Kind::Invalid | Kind::Stale => '+',
            Kind::Forbidden => '-',
            Kind::NotFound => '?',
            other => panic!("{other:?} {}: {}", error.code, error.message),
        },
    }
}

/// What one may not see is refused in the same words as what is not there.
fn expect_same_as_absent(
    register: &Register,
    row: &Row,
    scene: &Scene,
    caller: Caller,
    result: &Result<Value, ServiceError>,
) {
    let Err(hidden) = result else { return };
    let absent = scene.with_absent_references();
    let Err(missing) = register.ask(caller.user(), row.name, input(row.name, &absent)) else {
        panic!("{} by {caller:?} finds what is not there", row.name);
    };
    let mut said = missing.message.clone();
    for (absent, hidden) in absent.story.references().into_iter().zip(scene.story.references()) {
        said = said.replace(absent, hidden);
    }
    let told = (hidden.kind, &hidden.code, &hidden.message);
    assert_eq!(told, (missing.kind, &missing.code, &said), "{} by {caller:?}, {}", row.name, scene.name);
    // The clock of the test stands, so that both are due at the same moment, and late enough to hide what either took.
    let [hidden_at, missing_at] = register.clock.take_waits()[..] else {
        panic!("{} by {caller:?}, {}: not both answers were held back", row.name, scene.name);
    };
    assert_eq!(hidden_at, missing_at, "{} by {caller:?}, {}", row.name, scene.name);
    assert!(hidden_at >= LEAST_WAIT, "{} by {caller:?} is answered after {hidden_at:?}", row.name);
}

fn who_may_not_act_is_refused_before_anything_else(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    register.add_person("gone", &["manager", "administrator"]);
    let token = |person: &str| register.ok("ada", "new_token", json!({ "person": person, "label": "x" }));
    let secret = |token: &Value| Identity::Token(token["secret"].as_str().unwrap().to_owned());
    let (of_gone, revoked) = (token("gone"), token("manager"));
    register.ok("ada", "revoke_token", json!({ "id": revoked["id"] }));
    register.ok("ada", "disable_person", json!({ "person": "gone" }));
    let scenes = Scene::all(&register);
    let os_user = |user: &str| Identity::OsUser(user.to_owned());
    let shut_out = [
        (os_user("gone"), "caller.may_not_act"),
        (os_user("stranger"), "caller.unknown_user"),
        (secret(&of_gone), "caller.token"),
        (secret(&revoked), "caller.token"),
        (Identity::Token("nvt_made_up".to_owned()), "caller.token"),
        (Identity::Session("nvs_made_up".to_owned()), "caller.session"),
        (Identity::Nobody, "caller.nobody"),
    ];
    for row in ROWS {
        for (identity, code) in &shut_out {
            let error = register.ask_as(identity, row.name, input(row.name, &scenes[0])).unwrap_err();
            assert_eq!(
                (error.kind, error.code.as_str()),
                (Kind::Forbidden, *code),
                "{} by {identity:?}",
                row.name
            );
        }
    }
}

fn nobody_may_sign_in_and_nothing_else(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let scenes = Scene::all(&register);
    let codes = NOBODY
        .iter()
        .map(|name| register.ask_as(&Identity::Nobody, name, input(name, &scenes[0])).unwrap_err().code);
    let codes: Vec<String> = codes.collect();
    assert_eq!(
        codes,
        [
            "sign_in.refused",
            "link.refused",
            "link.refused",
            "link.refused",
            "open_reporting.off",
            "open_reporting.off",
            "receipt.unknown",
            "receipt.unknown"
        ]
    );
}

fn who_reports_a_case_follows_it(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let mut reported = 0;
    for caller in CALLERS {
        let user = caller.user();
        let Ok(case) = register.ask(user, "report_case", json!({ "title": "seen by chance" })) else {
            continue;
        };
        reported += 1;
        let about = |name: &str| json!({ "case": case["reference"], "text": format!("{name} asks") });
        register.ok(user, "add_comment", about(user));
        let shown = register.ok(user, "show_case", about(user));
        assert_eq!(shown["comments"].as_array().unwrap().len(), 1, "{user}");
        let found = register.ok(user, "list_cases", json!({ "query": "reporter:me", "limit": 5 }));
        assert_eq!((&found["total"], found["items"].as_array().unwrap().len()), (&json!(1), 1), "{user}");
    }
    assert_eq!(reported, 9, "all but the stranger and the auditor");
}

fn an_approved_lesson_is_read_by_everybody_but_sales(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let story = Story::tell(&register, &|what| format!("a {what}"));
    register.ok("manager", "approve_lesson", json!({ "lesson": story.lesson }));
    let read = |caller: Caller| {
        outcome(&register.ask(caller.user(), "show_lesson", json!({ "lesson": story.lesson })))
    };
    assert_eq!(CALLERS.map(read).iter().collect::<String>(), "-+++++++?++");

    story.restrict_to(&register, &[]);
    assert_eq!(CALLERS.map(read).iter().collect::<String>(), "-??????????");
}

fn figures_of_the_whole_register_are_for_those_who_read_it(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let figures = json!({ "by": ["class"], "date": "earliest", "query": "", "register": true });
    let read = |caller: Caller| outcome(&register.ask(caller.user(), "measure_volume", figures.clone()));
    assert_eq!(CALLERS.map(read).iter().collect::<String>(), "------++-+-");
}

fn a_bundle_that_may_not_be_made_touches_no_file(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let (out, beside) = (register.beside("bundle"), register.beside("bundle.partial"));
    std::fs::write(&beside, "somebody's file").unwrap();
    let error = register.refused("responder", "export_bundle", json!({ "cases": [], "out": out }));
    assert_eq!(error.kind, Kind::Forbidden);
    assert_eq!(std::fs::read_to_string(&beside).unwrap(), "somebody's file");

    std::fs::write(&out, "somebody's file").unwrap();
    let error = register.refused("responder", "export_bundle", json!({ "cases": [], "out": out }));
    assert_eq!(error.kind, Kind::Forbidden, "it tells whether there is a file: {}", error.message);
}

fn nobody_learns_names_by_asking_for_tokens(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let ask =
        |person: &str| register.refused("reporter", "new_token", json!({ "person": person, "label": "x" }));
    assert_eq!(ask("manager"), ask("nobody of this name"));
}

fn a_row_tells_a_board_member_class_state_and_title_of_a_case(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let log = register.beside("log.csv");
    std::fs::write(&log, "Ticket,Title,Reported\nT-1,One,2024-05-17\n").unwrap();
    register.ok("ada", "import_spreadsheet", json!({ "file": log, "update": false, "dry_run": false }));
    let own = register.ok("board", "report_case", json!({ "title": "Two" }));
    for case in [&json!("CASE-2026-0001"), &own["reference"]] {
        let classified = json!({ "case": case, "class": "incident", "severity": 4, "category": "loss" });
        register.ok("ada", "classify_case", classified);
    }
    let rows = |user: &str| {
        let query = json!({ "query": "", "limit": 5, "sort": "reference" });
        register.ok(user, "list_cases", query)["items"].clone()
    };
    assert_eq!(
        rows("board")[0],
        json!({
            "reference": "CASE-2026-0001", "title": "One", "class": "incident", "state": "triaged",
            "origin_reference": null, "severity": null, "category": null, "reported": null,
            "occurred": null, "detected": null, "responders": [], "tags": [], "registered_at": null, "restricted": false,
        })
    );
    let (all, own) = (rows("ada"), &rows("board")[1]);
    assert_eq!((&all[0]["severity"], &all[0]["origin_reference"]), (&json!(4), &json!("T-1")));
    assert_eq!(own, &all[1], "of what they reported they are told all");
}
