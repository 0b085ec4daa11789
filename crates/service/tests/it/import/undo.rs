//! What is left after an import was taken back, and how its rows are known afterwards.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use nevertwice_service::Identity;
use nevertwice_service::error::Kind;
use nevertwice_service::use_case::{Asked, Progress, run_named};
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use super::{CHANGED, ROWS, case, counts, csv, cut_off, fates, import, log, long, with};
use crate::fixture::{Register, text};

nevertwice_testkit::on_each_engine!(
    cases_that_the_run_changed_are_counted_and_the_earlier_file_brings_them_back,
    rows_of_void_cases_are_created_anew,
    nothing_stays_owed_for_cases_taken_back,
    what_one_is_shut_out_of_is_neither_taken_back_nor_counted,
    taking_back_that_was_cut_off_goes_on,
    a_run_that_is_taken_back_while_it_runs_ends_there,
    fates_name_no_case_that_was_restricted_since,
);

fn undo(register: &Register, done: &Value) -> Value {
    register.ok("ada", "undo_import", json!({ "run": done["run"], "reason": "the wrong file" }))
}

fn total(register: &Register, list: &str, query: &str) -> u64 {
    register.ok("ada", list, json!({ "query": query, "limit": 1 }))["total"].as_u64().unwrap()
}

fn cases_that_the_run_changed_are_counted_and_the_earlier_file_brings_them_back(database: &TestDatabase) {
    let register = Register::found(database);
    let first = with(log(&register, "first.csv", &csv(&ROWS)), "update", true);
    let created = import(&register, &first);
    let changed = import(&register, &with(log(&register, "later.csv", &csv(&[CHANGED])), "update", true));
    let undone = undo(&register, &changed);
    assert_eq!(undone["kept"], 1, "{undone}");
    assert!(text(&undone, "advice").contains("import the earlier file with --update"), "{undone}");
    assert_eq!(text(&case(&register, "S-8"), "title"), "Prompt injection in two tickets");

    let again = import(&register, &first);
    assert_eq!(counts(&again), [12, 0, 1, 10, 1], "{:?}", fates(&again));
    assert_eq!(text(&case(&register, "S-8"), "title"), "Prompt injection in a ticket");
    let other = undo(&register, &created);
    assert_eq!((other["kept"].as_u64(), other.get("advice")), (Some(0), None), "it changed nothing: {other}");
}

fn rows_of_void_cases_are_created_anew(database: &TestDatabase) {
    let register = Register::found(database);
    // One row with a reference, one without.
    let unnumbered = ",15.10.2024,Nobody numbered this,incident,3,open,,,,,,,";
    let input = log(&register, "log.csv", &csv(&[ROWS[11], unnumbered]));
    import(&register, &input);
    let list = register.ok("ada", "list_cases", json!({ "query": "", "limit": 10 }));
    for row in list["items"].as_array().unwrap() {
        register.ok("ada", "void_case", json!({ "case": row["reference"], "reason": "entered twice" }));
    }
    let again = import(&register, &input);
    assert_eq!(counts(&again), [2, 2, 0, 0, 0], "{:?}", fates(&again));
    assert_eq!(counts(&import(&register, &input)), [2, 0, 0, 2, 0]);
    assert_eq!((total(&register, "list_cases", "state:void"), total(&register, "list_cases", "")), (2, 4));
}

fn nothing_stays_owed_for_cases_taken_back(database: &TestDatabase) {
    let register = Register::found(database);
    let done = import(&register, &log(&register, "log.csv", &csv(&ROWS)));
    let open = total(&register, "list_actions", "state:open");
    assert!(open > 0 && total(&register, "list_cases", "has:gap") > 0);
    let finished = total(&register, "list_actions", "state:done");
    undo(&register, &done);
    assert_eq!(
        (total(&register, "list_actions", "state:open"), total(&register, "list_cases", "has:gap")),
        (0, 0)
    );
    assert_eq!(total(&register, "list_actions", "overdue:yes"), 0);
    assert_eq!(total(&register, "list_actions", "state:not_doing"), open);
    assert_eq!(total(&register, "list_actions", "state:done"), finished, "what was done stays done");
    let list = register.ok("ada", "list_actions", json!({ "query": "state:not_doing", "limit": 1 }));
    let action = register.ok("ada", "show_action", json!({ "action": list["items"][0]["reference"] }));
    assert!(action.to_string().contains("the wrong file"), "{action}");
    let told = fs::read_to_string(text(&done, "fates_file")).unwrap();
    assert!(told.contains("created"), "the fates of the run stay");
    register.expect_sound();
}

fn what_one_is_shut_out_of_is_neither_taken_back_nor_counted(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let first = import(&register, &log(&register, "log.csv", &csv(&ROWS)));
    let changed = import(&register, &with(log(&register, "later.csv", &csv(&[CHANGED])), "update", true));
    let (hidden, shown) = (case(&register, "S-8"), case(&register, "S-1"));
    register.ok("ada", "restrict_case", json!({ "case": hidden["reference"], "readers": [] }));
    let undo = |done: &Value| {
        let input = json!({ "run": done["run"], "reason": "the wrong file" });
        register.ok("manager", "undo_import", input)
    };
    let undone = undo(&changed);
    assert_eq!((undone["kept"].as_u64(), undone.get("advice")), (Some(0), None), "{undone}");
    let undone = undo(&first);
    assert_eq!((undone["void"].as_u64(), undone["created"].as_u64()), (Some(7), Some(8)), "{undone}");
    let state =
        |case: &Value| text(&register.ok("ada", "show_case", json!({ "case": case["reference"] })), "state");
    assert_eq!((state(&hidden), state(&shown)), (text(&hidden, "state"), "void".to_owned()));
    register.expect_sound();
}

fn taking_back_that_was_cut_off_goes_on(database: &TestDatabase) {
    let register = Register::found(database);
    let done = import(&register, &log(&register, "long.csv", &long()));
    let input = json!({ "run": done["run"], "reason": "the wrong file" });
    for _ in 0..2 {
        cut_off(&register, "undo_import", &input);
    }
    let void = total(&register, "list_cases", "state:void");
    assert!(void > 0 && void < 1_150, "{void} are void");
    let runs = register.ok("ada", "list_imports", json!({}));
    assert_eq!(runs[0]["undone_at"], Value::Null, "not before the last one is void");
    let undone = register.ok("ada", "undo_import", input);
    assert_eq!((undone["void"].as_u64(), undone["kept"].as_u64()), (Some(1_150), Some(0)), "{undone}");
    assert_eq!(total(&register, "list_cases", "state:void"), 1_150);
    assert_eq!(total(&register, "list_actions", "state:open"), 0);
    assert_ne!(register.ok("ada", "list_imports", json!({}))[0]["undone_at"], Value::Null);
    register.expect_sound();
}

fn a_run_that_is_taken_back_while_it_runs_ends_there(database: &TestDatabase) {
    let register = Register::found(database);
    let input = log(&register, "long.csv", &long());
    let identity = Identity::OsUser("ada".to_owned());
    let undone = AtomicBool::new(false);
    let progress = |_: Progress| {
        if !undone.swap(true, Ordering::SeqCst) {
            undo(&register, &json!({ "run": "IMP-2026-0001" }));
        }
    };
    let asked = Asked::new(&register.service, &identity).watched(&progress);
    let error = run_named("import_spreadsheet", input.clone(), &asked).unwrap_err();
    assert_eq!((error.kind, error.code.as_str()), (Kind::Conflict, "import.overtaken"), "{}", error.message);
    assert!(error.message.contains("was taken back while it ran"), "{}", error.message);
    assert_eq!(total(&register, "list_cases", "-state:void"), 0);
    let runs = register.ok("ada", "list_imports", json!({}));
    assert!(runs[0]["undone_at"].is_string() && runs[0]["finished_at"].is_null(), "{runs}");
    register.expect_sound();
    assert_eq!(import(&register, &input)["created"], 1_150, "the file can be imported anew");
}

fn fates_name_no_case_that_was_restricted_since(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    import(&register, &log(&register, "first.csv", &long()));
    let later = log(&register, "later.csv", &long().replace("Finding", "Seen"));
    let later = with(later, "update", true);
    cut_off(&register, "import_spreadsheet", &later);
    let (hidden, shown) = (case(&register, "L-1"), case(&register, "L-2"));
    assert!(text(&hidden, "title").starts_with("Seen"), "it was changed before the run was cut off");
    register.ok("ada", "restrict_case", json!({ "case": hidden["reference"], "readers": [] }));
    let told = fates(&register.ok("manager", "import_spreadsheet", later)).join("\n");
    assert!(told.contains(&text(&shown, "reference")) && told.contains("applied to a case"), "{told}");
    assert!(!told.contains(&text(&hidden, "reference")), "{told}");
}
