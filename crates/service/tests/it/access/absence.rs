//! What one is shut out of is answered exactly as what was never there, wherever it is named.

use nevertwice_service::ServiceError;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use super::inputs::{Scene, input};
use super::table::ROWS;
use crate::fixture::{CALLERS, Register};

nevertwice_testkit::on_each_engine!(
    a_restricted_record_is_answered_as_one_that_never_was_wherever_it_is_named,
);

/// One place in an input that names a record, with two records to name there.
struct Naming {
    name: &'static str,
    hidden: (Value, String),
    absent: (Value, String),
}

/// Every use case, every reference in its input, every caller: the answers are the same bytes but for the reference.
fn a_restricted_record_is_answered_as_one_that_never_was_wherever_it_is_named(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let scenes = Scene::all(&register);
    let [open, hidden, _] = scenes.as_slice() else { panic!("there are other scenes") };
    let entries = register.trail_length();
    let namings = namings(open, hidden);
    assert!(namings.len() > 50, "only {} places name a record", namings.len());
    let mut wrong = Vec::new();
    for Naming { name, hidden, absent } in &namings {
        for caller in CALLERS {
            let told = said(register.ask(caller.user(), name, hidden.0.clone()));
            let expected =
                said(register.ask(caller.user(), name, absent.0.clone())).replace(&absent.1, &hidden.1);
            if told != expected || told.starts_with("done") {
                wrong.push(format!("{name} by {caller:?}: {told} instead of {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(register.trail_length(), entries, "something was written all the same");
}

fn said(result: Result<Value, ServiceError>) -> String {
    match result {
        Ok(outcome) => format!("done: {outcome}"),
        Err(error) if error.code == "input.unreadable" => panic!("{}", error.message),
        Err(error) => serde_json::to_string(&error).unwrap(),
    }
}

/// Every place of every input that names a record.
fn namings(open: &Scene, hidden: &Scene) -> Vec<Naming> {
    let absent = hidden.with_absent_references();
    let references = hidden.story.references().into_iter().zip(absent.story.references());
    let references: Vec<(&str, &str)> = references.collect();
    let mut namings = Vec::new();
    for (name, input) in inputs(open) {
        for place in places(&input) {
            let named = input.pointer(&place).and_then(Value::as_str).unwrap_or_default();
            let of_kind = |reference: &str| named.split('-').next() == reference.split('-').next();
            let Some((hidden, absent)) = references.iter().find(|(hidden, _)| of_kind(hidden)) else {
                continue;
            };
            let naming = |reference: &str| {
                let mut input = input.clone();
                *input.pointer_mut(&place).unwrap() = json!(reference);
                (input, reference.to_owned())
            };
            namings.push(Naming { name, hidden: naming(hidden), absent: naming(absent) });
        }
    }
    namings
}

/// The inputs of the access matrix, and those that name another record beside.
fn inputs(scene: &Scene) -> Vec<(&'static str, Value)> {
    let story = &scene.story;
    let mut inputs: Vec<_> = ROWS.iter().map(|row| (row.name, input(row.name, scene))).collect();
    inputs.push((
        "new_action",
        json!({
            "case": story.case, "lesson": story.lesson, "title": "do something", "purpose": "corrective",
            "kind": "technical", "owner": "owner", "due_on": "2026-04-10",
        }),
    ));
    inputs.push((
        "add_evidence",
        json!({
            "case": story.case, "action": story.action, "source": { "link": "https://example.org/log" },
            "legal_hold": false,
        }),
    ));
    let cover = json!({
        "lesson": story.lesson, "kind": "existing_action", "covered_by": story.action, "reason": "it does the same",
    });
    inputs.push(("cover_lesson", cover));
    for owner in [json!({ "lesson": story.lesson }), json!({ "action": story.action })] {
        inputs.push(("set_fields", json!({ "owner": owner, "values": [] })));
    }
    inputs
}

/// Where an input has texts.
fn places(input: &Value) -> Vec<String> {
    let below = |key: &str, value: &Value| -> Vec<String> {
        places(value).into_iter().map(|place| format!("/{key}{place}")).collect()
    };
    match input {
        Value::String(_) => vec![String::new()],
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(at, item)| below(&at.to_string(), item)).collect()
        }
        Value::Object(members) => members.iter().flat_map(|(key, value)| below(key, value)).collect(),
        _ => Vec::new(),
    }
}
