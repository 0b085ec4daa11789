//! The import of a spreadsheet with every trouble: fates, a second time, a later file, taking it back, cut off.

mod answers;
mod later;
mod preview;
mod undo;
mod veris;

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nevertwice_service::Identity;
use nevertwice_service::error::Kind;
use nevertwice_service::use_case::{Asked, Progress, run_named};
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, text};

nevertwice_testkit::on_each_engine!(
    every_row_has_a_fate_and_every_gap_is_listed,
    a_second_time_creates_nothing,
    an_ambiguous_date_asks_before_anything_is_written,
    a_preview_writes_nothing_and_counts_the_same,
    a_changed_row_is_applied_only_when_asked_for,
    a_row_that_was_shown_as_changed_can_still_be_applied,
    a_row_that_changes_again_and_back_follows_the_file,
    taking_an_import_back_voids_its_cases_for_one_reason,
    an_import_taken_back_can_be_made_again,
    a_run_cut_off_anywhere_ends_like_one_that_was_not,
    a_run_that_was_cut_off_goes_on_by_its_own_rules_only,
    the_mapping_of_a_file_is_remembered_for_the_next,
    a_gap_is_settled_once,
    an_update_does_not_undo_work_done_here,
    the_fates_of_a_run_do_not_tell_which_case_became_restricted,
);

const HEADER: &str = "No.,Date reported,What happened,Type,Severity,Status,Root cause,Lessons learned,\
                      Corrective actions,Responsible,Due date,Closed,Costs";

/// A log of twelve rows with every trouble.
const ROWS: [&str; 12] = [
    "S-1,17.03.2024,Laptop left in a taxi,Incident,4,Closed,No reminder to count the bags,Count what you carry,Encrypt every laptop,L. Brandt,30.04.2024,02.05.2024,€1450",
    "S-2,06.05.2024,Badge reader offline,Weakness,2,in progress,,,Replace the reader,Facilities team,31.05.2024,,",
    ",,,,,,,,,,,,",
    "S-3,22.05.2024,Salary list sent to a supplier,near miss,3,open,,,Check the address book,,01.07.2024,,€12000.50",
    "S-2,01.06.2024,Badge reader offline again,weakness,2,Open,,,Call the vendor,M. Ortiz,soon,,",
    "S-4,,Ticket without a date,Event,,Closed,,,,,,,",
    "S-5,30.06.2024,,Event,1,open,,,,,,,",
    "S-6,13.07.2024,Test bucket was public,incident,1,closed,Default policy,Deny by default,Block public buckets,J. O'Neill,15.07.2024,14.07.2024,€250",
    "S-3,22.05.2024,Salary list sent to a supplier,near miss,3,open,,,Check the address book,,01.07.2024,,€12000.50",
    "S-7,14.08.2024,Token in a log file,incident,5,open,,,Rotate it; Mask the log,P. Ito,01.09.2024,,",
    ",,,,,,,,,,,,",
    "S-8,15.09.2024,Prompt injection in a ticket,incident,3,open,,,,,,,",
];

fn csv(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

/// Writes a log beside the register and gives the input that imports it.
fn log(register: &Register, name: &str, content: &str) -> Value {
    let file = register.beside(name);
    fs::write(&file, content).unwrap();
    json!({ "file": file, "severity_worst": "high", "update": false, "dry_run": false })
}

fn with(mut input: Value, field: &str, value: impl Into<Value>) -> Value {
    input[field] = value.into();
    input
}

fn import(register: &Register, input: &Value) -> Value {
    register.ok("ada", "import_spreadsheet", input.clone())
}

/// Read, created, changed, skipped, rejected.
fn counts(outcome: &Value) -> [u64; 5] {
    ["read", "created", "changed", "skipped", "rejected"].map(|name| outcome[name].as_u64().unwrap())
}

/// Each row of the file of fates without its header.
fn fates(outcome: &Value) -> Vec<String> {
    let told = fs::read_to_string(text(outcome, "fates_file")).unwrap();
    told.lines().skip(1).map(str::to_owned).collect()
}

fn case(register: &Register, origin: &str) -> Value {
    let query = json!({ "query": format!("reference:{origin}"), "limit": 10 });
    let list = register.ok("ada", "list_cases", query);
    assert_eq!(list["total"], 1, "one case has the reference {origin}: {list}");
    register.ok("ada", "show_case", json!({ "case": list["items"][0]["reference"] }))
}

fn every_row_has_a_fate_and_every_gap_is_listed(database: &TestDatabase) {
    let register = Register::found(database);
    let done = import(&register, &log(&register, "log.csv", &csv(&ROWS)));
    assert_eq!(counts(&done), [12, 8, 0, 3, 1]);
    let told = fates(&done);
    assert_eq!(told.len(), 12);
    for (row, words) in [
        (0, "created"),
        (2, "blank row"),
        (4, "duplicate reference"),
        (6, "rejected"),
        (8, "identical to row"),
        (10, "blank row"),
    ] {
        assert!(told[row].contains(words), "row {row}: {}", told[row]);
    }
    let gaps = &done["gaps"];
    assert_eq!((&gaps["blank_row"], &gaps["duplicate_reference"]), (&json!(2), &json!(1)), "{gaps}");
    for kind in ["action_without_owner", "action_owned_by_team"] {
        assert_eq!(gaps[kind], 1, "{gaps}");
    }

    let rejected = fs::read_to_string(text(&done, "rejected_file")).unwrap();
    assert!(rejected.contains("S-5") && !rejected.contains("S-6"), "{rejected}");
    let laptop = case(&register, "S-1");
    assert_eq!((text(&laptop, "state"), text(&laptop, "origin")), ("closed".into(), "import".into()));
    assert_eq!(laptop["actions"].as_array().unwrap().len(), 1);
    assert_eq!(case(&register, "S-7")["actions"].as_array().unwrap().len(), 2, "two actions in one cell");
    assert_eq!(case(&register, "S-3")["actions"], json!([]), "an action without an owner is a gap");
    let people = register.ok("ada", "list_people", json!({ "status": "unconfirmed" }));
    let names: Vec<String> = people.as_array().unwrap().iter().map(|person| text(person, "name")).collect();
    assert!(
        ["L. Brandt", "M. Ortiz", "P. Ito"].iter().any(|name| names.contains(&(*name).to_owned())),
        "{names:?}"
    );
    register.expect_sound();
}

fn a_second_time_creates_nothing(database: &TestDatabase) {
    let register = Register::found(database);
    let input = log(&register, "log.csv", &csv(&ROWS));
    import(&register, &input);
    let again = import(&register, &input);
    // The row that was rejected is rejected again: it never became anything.
    assert_eq!(counts(&again), [12, 0, 0, 11, 1]);
    let list = register.ok("ada", "list_cases", json!({ "query": "", "limit": 1 }));
    assert_eq!(list["total"], 8);
    let runs = register.ok("ada", "list_imports", json!({}));
    let created: Vec<&Value> = runs.as_array().unwrap().iter().map(|run| &run["created"]).collect();
    assert_eq!(created, [0, 8], "the last run first");
}

fn an_ambiguous_date_asks_before_anything_is_written(database: &TestDatabase) {
    let register = Register::found(database);
    let rows = [
        "A-1,03/04/2024,Mail lost,incident,2,open,,,,,,,",
        "A-2,05/06/2024,Mail found,incident,2,open,,,,,,,",
    ];
    let input = log(&register, "log.csv", &csv(&rows));
    let entries = register.trail_length();
    let error = register.refused("ada", "import_spreadsheet", input.clone());
    assert_eq!(error.kind, Kind::Invalid);
    assert!(error.message.contains("Date reported"), "{}", error.message);
    assert_eq!(register.trail_length(), entries, "the question came too late");

    import(&register, &with(input, "date_order", "mdy"));
    assert_eq!(text(&case(&register, "A-1"), "reported"), "2024-03-04");
}

fn a_preview_writes_nothing_and_counts_the_same(database: &TestDatabase) {
    let register = Register::found(database);
    let input = log(&register, "log.csv", &csv(&ROWS));
    let entries = register.trail_length();
    let preview = import(&register, &with(input.clone(), "dry_run", true));
    assert_eq!(register.trail_length(), entries);
    assert_eq!(preview["run"], Value::Null);
    let done = import(&register, &input);
    assert_eq!(counts(&preview), counts(&done));
}

const CHANGED: &str = "S-8,15.09.2024,Prompt injection in two tickets,incident,4,open,,,,,,,";

fn a_changed_row_is_applied_only_when_asked_for(database: &TestDatabase) {
    let register = Register::found(database);
    import(&register, &log(&register, "log.csv", &csv(&ROWS)));
    let before = case(&register, "S-8");

    let later = log(&register, "later.csv", &csv(&[ROWS[0], CHANGED]));
    let seen = import(&register, &later);
    assert_eq!(counts(&seen), [2, 0, 1, 1, 0]);
    assert_eq!(case(&register, "S-8"), before, "nobody asked for it");

    let other = log(&register, "other.csv", &csv(&[CHANGED]));
    let done = import(&register, &with(other, "update", true));
    assert_eq!(counts(&done), [1, 0, 1, 0, 0]);
    let after = case(&register, "S-8");
    assert_eq!(text(&after, "title"), "Prompt injection in two tickets");
    assert_eq!((after["severity"].as_u64(), &after["reference"]), (Some(4), &before["reference"]));
    assert_eq!(after["version"].as_u64(), before["version"].as_u64().map(|version| version + 1));
    register.expect_sound();
    let bundle = register.beside("changed.bundle");
    register.ok("ada", "export_bundle", json!({ "cases": [after["reference"]], "out": bundle }));
    let trail = fs::read_to_string(bundle).unwrap();
    for title in ["Prompt injection in a ticket", "Prompt injection in two tickets"] {
        assert!(trail.contains(title), "the trail has the case before and after");
    }
}

fn a_row_that_was_shown_as_changed_can_still_be_applied(database: &TestDatabase) {
    let register = Register::found(database);
    import(&register, &log(&register, "log.csv", &csv(&ROWS)));
    let later = log(&register, "later.csv", &csv(&[CHANGED]));
    assert_eq!(counts(&import(&register, &later)), [1, 0, 1, 0, 0]);
    let done = import(&register, &with(later, "update", true));
    assert_eq!(
        counts(&done),
        [1, 0, 1, 0, 0],
        "the same file, now with the word to apply it: {:?}",
        fates(&done)
    );
    assert_eq!(text(&case(&register, "S-8"), "title"), "Prompt injection in two tickets");
}

fn a_row_that_changes_again_and_back_follows_the_file(database: &TestDatabase) {
    let register = Register::found(database);
    let row = |title: &str| csv(&[&format!("S-8,15.09.2024,{title},incident,4,open,,,,,,,")]);
    for (number, title) in ["one", "two", "three", "one"].iter().enumerate() {
        let input = log(&register, &format!("{number}.csv"), &row(title));
        let done = import(&register, &with(input, "update", true));
        let [_, created, changed, skipped, _] = counts(&done);
        let expected = if number == 0 { (1, 0, 0) } else { (0, 1, 0) };
        assert_eq!((created, changed, skipped), expected, "{title}: {:?}", fates(&done));
        assert_eq!(text(&case(&register, "S-8"), "title"), *title);
    }
}

fn taking_an_import_back_voids_its_cases_for_one_reason(database: &TestDatabase) {
    let register = Register::found(database);
    let native = register.ok("ada", "report_case", json!({ "title": "reported here" }));
    let done = import(&register, &log(&register, "log.csv", &csv(&ROWS)));
    let undo = json!({ "run": done["run"], "reason": "the wrong file" });
    let undone = register.ok("ada", "undo_import", undo.clone());
    assert_eq!(text(&undone, "undone_reason"), "the wrong file");
    let list = register.ok("ada", "list_cases", json!({ "query": "state:void", "limit": 50 }));
    assert_eq!(list["total"], 8);
    for row in list["items"].as_array().unwrap() {
        let shown = register.ok("ada", "show_case", json!({ "case": row["reference"] }));
        assert_eq!(text(&shown, "void_reason"), "the wrong file");
    }
    let shown = register.ok("ada", "show_case", json!({ "case": native["reference"] }));
    assert_eq!(text(&shown, "state"), "reported", "what was not imported stays");
    assert_eq!(register.refused("ada", "undo_import", undo).kind, Kind::Conflict);
    register.expect_sound();
}

fn an_import_taken_back_can_be_made_again(database: &TestDatabase) {
    let register = Register::found(database);
    let input = log(&register, "log.csv", &csv(&ROWS));
    let first = import(&register, &input);
    register.ok("ada", "undo_import", json!({ "run": first["run"], "reason": "the wrong severity scale" }));
    let again = import(&register, &input);
    assert_eq!(counts(&again), counts(&first));
    let open = register.ok("ada", "list_cases", json!({ "query": "-state:void", "limit": 1 }));
    assert_eq!(open["total"], 8);
}

/// A log of 1,150 rows: three batches.
fn long() -> String {
    let mut content = csv(&[]);
    for number in 1..=1_150 {
        let owner = ["L. Brandt", "P. Ito", "", "Facilities team"][number % 4];
        let action = format!("Fix number {number},{owner},15.09.2024,,");
        content +=
            &format!("L-{number},1{}.08.2024,Finding {number},weakness,2,open,,,{action}\n", number % 10);
        content += if number % 100 == 0 { "\n,,,,,,,,,,,,\n" } else { "" };
    }
    content
}

fn a_run_cut_off_anywhere_ends_like_one_that_was_not(database: &TestDatabase) {
    let content = long();
    let elsewhere = database.engine().database();
    let whole = Register::found_in(&elsewhere, &elsewhere.folder().join("data"), 1);
    let expected = import(&whole, &log(&whole, "long.csv", &content));

    let register = Register::found(database);
    let input = log(&register, "long.csv", &content);
    // After the first batch, after the second, and after the last but before the run is finished.
    for _ in 0..3 {
        cut_off(&register, "import_spreadsheet", &input);
    }
    let done = import(&register, &input);
    assert_eq!((counts(&done), &done["gaps"]), (counts(&expected), &expected["gaps"]));
    assert_eq!(fates(&done), fates(&expected));
    assert_eq!(everything(&register), everything(&whole));
    let runs = register.ok("ada", "list_imports", json!({}));
    assert_eq!(runs.as_array().unwrap().len(), 1, "it went on with the run that was cut off");
    register.expect_sound();
}

fn a_run_that_was_cut_off_goes_on_by_its_own_rules_only(database: &TestDatabase) {
    let register = Register::found(database);
    let input = log(&register, "long.csv", &long());
    cut_off(&register, "import_spreadsheet", &input);
    let entries = register.trail_length();
    for (field, value) in
        [("update", json!(true)), ("severity_worst", json!("low")), ("severity_worst", Value::Null)]
    {
        let error = register.refused("ada", "import_spreadsheet", with(input.clone(), field, value));
        assert_eq!((error.kind, error.code.as_str()), (Kind::Conflict, "import.cut_off"), "{field}");
        for told in ["IMP-", "long.csv with --severity-worst high", "import undo"] {
            assert!(error.message.contains(told), "{told}: {}", error.message);
        }
    }
    assert_eq!(register.trail_length(), entries, "nothing was begun");
    // Said or not, the day comes first: it is read in the same way.
    let done = import(&register, &with(input.clone(), "date_order", "dmy"));
    assert_eq!(done["created"], 1_150);
    let other = import(&register, &with(input, "severity_worst", "low"));
    assert_eq!(other["changed"], 1_150, "a finished run binds nobody");
}

/// Imports until one more batch is durable, then dies: what watches the progress panics.
fn cut_off(register: &Register, import: &str, input: &Value) {
    let identity = Identity::OsUser("ada".to_owned());
    let progress = |_: Progress| panic!("cut off");
    let asked = Asked::new(&register.service, &identity).watched(&progress);
    let died = catch_unwind(AssertUnwindSafe(|| run_named(import, input.clone(), &asked)));
    assert!(died.is_err(), "the run came to its end");
}

/// Every case with all that hangs on it, but for times and ids.
fn everything(register: &Register) -> BTreeMap<String, String> {
    let list = register.ok("ada", "list_cases", json!({ "query": "", "limit": 1000, "sort": "reference" }));
    assert!(list["total"].as_u64().unwrap() >= 1_150);
    let show = |row: &Value| {
        let mut shown = register.ok("ada", "show_case", json!({ "case": row["reference"] }));
        forget(&mut shown);
        (text(row, "reference"), shown.to_string())
    };
    list["items"].as_array().unwrap().iter().step_by(7).map(show).collect()
}

fn forget(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !name.ends_with("_at") && name != "id");
            fields.values_mut().for_each(forget);
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}

fn the_mapping_of_a_file_is_remembered_for_the_next(database: &TestDatabase) {
    let register = Register::found(database);
    let row = |number: u32| format!("M-{number},03/04/2024,Mail lost,incident,2,open,,,,,,,");
    let first = log(&register, "first.csv", &csv(&[&row(1)]));
    let done = import(&register, &with(first, "date_order", "mdy"));
    // The same columns again: nobody is asked a second time.
    let mut second = log(&register, "second.csv", &csv(&[&row(2)]));
    second.as_object_mut().unwrap().remove("severity_worst");
    let again = import(&register, &second);
    assert_eq!(again["mapping"], done["mapping"]);
    assert_eq!(text(&case(&register, "M-2"), "reported"), "2024-03-04");
}

fn a_gap_is_settled_once(database: &TestDatabase) {
    let register = Register::found(database);
    import(&register, &log(&register, "log.csv", &csv(&ROWS)));
    let shown = case(&register, "S-3");
    let settle = json!({ "case": shown["reference"], "gap": shown["gaps"][0]["id"], "filled": true,
        "settlement": "Ito takes it" });
    let settled = register.ok("ada", "settle_gap", settle.clone());
    assert_eq!(text(&settled, "state"), "resolved");
    assert_eq!(register.refused("ada", "settle_gap", settle).kind, Kind::Conflict);
    let list = register.ok("ada", "list_cases", json!({ "query": "gap:action_without_owner", "limit": 5 }));
    assert_eq!(list["total"], 0, "a settled gap is no longer to be worked off");
}

fn an_update_does_not_undo_work_done_here(database: &TestDatabase) {
    let register = Register::found(database);
    import(&register, &log(&register, "log.csv", &csv(&ROWS)));
    let reference = case(&register, "S-8")["reference"].clone();
    register.ok("ada", "void_case", json!({ "case": reference, "reason": "reported twice" }));
    let later = log(&register, "later.csv", &csv(&[CHANGED]));
    import(&register, &with(later, "update", true));
    let after = register.ok("ada", "show_case", json!({ "case": reference }));
    assert_eq!(
        (text(&after, "state"), text(&after, "void_reason")),
        ("void".into(), "reported twice".into())
    );
}

fn the_fates_of_a_run_do_not_tell_which_case_became_restricted(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let rejected = "L-1151,15.08.2024,,weakness,2,open,,,,,,,";
    let input = log(&register, "long.csv", &format!("{}{rejected}\n", long()));
    cut_off(&register, "import_spreadsheet", &input);
    let hidden = json!({ "case": case(&register, "L-1")["reference"], "readers": [] });
    register.ok("ada", "restrict_case", hidden);
    let done = register.ok("manager", "import_spreadsheet", input);
    let told = fates(&done);
    assert_eq!(told.len() as u64, done["read"].as_u64().unwrap());
    let row = told.iter().find(|row| row.contains(",L-1,created,")).unwrap();
    assert!(!row.contains("CASE-"), "{row}");
    let others = told.iter().filter(|other| *other != row && other.contains(",created,"));
    assert!(others.clone().count() == 1_149 && others.clone().all(|row| row.contains("CASE-")));
    let rejected = fs::read_to_string(text(&done, "rejected_file")).unwrap();
    assert!(rejected.contains("L-1151") && rejected.lines().count() == 2, "{rejected}");
}
