//! A preview says of every row what the import would do with it, also where the register has a part of the file.

use std::fs;

use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use super::{CHANGED, HEADER, ROWS, case, counts, csv, import, log, long, with};
use crate::fixture::Register;

nevertwice_testkit::on_each_engine!(
    a_preview_of_a_file_that_is_there_counts_what_the_import_does,
    a_preview_knows_the_rows_of_its_own_file_however_far_up,
    a_preview_names_the_rows_that_differ,
    a_preview_of_records_knows_the_register,
    a_preview_leaves_what_its_reader_is_shut_out_of_as_the_import_does,
    a_preview_settles_no_gap_and_still_says_that_it_would_be,
);

/// What a preview and then the import of the same input say, without what only one of them has.
fn both(register: &Register, who: &str, name: &str, input: &Value) -> (Value, Value) {
    let entries = register.trail_length();
    let preview = register.ok(who, name, with(input.clone(), "dry_run", true));
    assert_eq!(register.trail_length(), entries, "a preview writes nothing");
    let done = register.ok(who, name, input.clone());
    (figures(&preview), figures(&done))
}

fn figures(outcome: &Value) -> Value {
    let of =
        ["read", "created", "changed", "not_applied", "skipped", "rejected", "gaps", "gap_places", "update"];
    of.iter()
        .map(|name| ((*name).to_owned(), outcome[*name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn a_preview_of_a_file_that_is_there_counts_what_the_import_does(database: &TestDatabase) {
    let register = Register::found(database);
    let mut later: Vec<&str> = ROWS.to_vec();
    later[11] = CHANGED;
    later.push("S-9,15.09.2024,A new one,incident,3,open,,,,,,,");
    later.push(",16.09.2024,One without a number,incident,3,open,,,,,,,");
    let later = csv(&later);
    for (step, (content, update)) in [
        (csv(&ROWS), false),
        (csv(&ROWS), false),
        (later.clone(), false),
        (later.clone(), false),
        (later.clone(), true),
        (later, true),
    ]
    .into_iter()
    .enumerate()
    {
        let input = with(log(&register, &format!("{step}.csv"), &content), "update", update);
        let (preview, done) = both(&register, "ada", "import_spreadsheet", &input);
        assert_eq!(preview, done, "step {step}");
    }
    let again = with(log(&register, "0.csv", &csv(&ROWS[..2])), "dry_run", true);
    assert_eq!(counts(&import(&register, &again)), [2, 0, 0, 2, 0], "all of it is there");
    register.expect_sound();
}

fn a_preview_knows_the_rows_of_its_own_file_however_far_up(database: &TestDatabase) {
    let register = Register::found(database);
    let repeated = long().lines().find(|line| line.starts_with("L-1,")).unwrap().to_owned();
    let other = repeated.replace("Finding 1", "Another finding");
    let content = format!("{}{repeated}\n{other}\n{other}\n", long());
    let (preview, done) = both(&register, "ada", "import_spreadsheet", &log(&register, "long.csv", &content));
    assert_eq!(preview, done);
    assert_eq!((&done["created"], &done["gaps"]["duplicate_reference"]), (&json!(1_151), &json!(1)));
    let (preview, done) =
        both(&register, "ada", "import_spreadsheet", &log(&register, "again.csv", &content));
    assert_eq!(preview, done);
    assert_eq!(done["created"], 0);
}

fn a_preview_names_the_rows_that_differ(database: &TestDatabase) {
    let register = Register::found(database);
    import(&register, &log(&register, "log.csv", &csv(&ROWS)));
    let later = with(log(&register, "later.csv", &csv(&[ROWS[0], CHANGED])), "dry_run", true);
    for (update, reason) in [(false, "not applied without --update"), (true, "would be applied")] {
        let seen = import(&register, &with(later.clone(), "update", update));
        assert_eq!((counts(&seen), &seen["not_applied"]), ([2, 0, 1, 1, 0], &json!(u64::from(!update))));
        let changes = seen["preview"]["changes"].as_array().unwrap();
        assert_eq!((changes.len(), &changes[0]["origin_reference"]), (1, &json!("S-8")));
        assert!(changes[0]["reason"].as_str().unwrap().contains(reason), "{changes:?}");
    }
}

fn a_preview_of_records_knows_the_register(database: &TestDatabase) {
    let register = Register::found(database);
    let record = |id: &str, summary: &str| json!({ "incident_id": id, "summary": summary });
    let nameless = json!({ "summary": "one without a number" });
    let first = [record("T-1", "a"), record("T-2", "b"), nameless.clone(), record("T-1", "c")];
    let later = [record("T-2", "other"), record("T-3", "new"), nameless, record("T-1", "c"), json!(7)];
    for (step, (records, update)) in
        [(&first[..], false), (&first[..], true), (&later[..], false), (&later[..], true), (&later[..], true)]
            .into_iter()
            .enumerate()
    {
        let file = register.beside(&format!("{step}.json"));
        fs::write(&file, json!(records).to_string()).unwrap();
        let input = json!({ "path": file, "strict": false, "update": update, "dry_run": false });
        let (preview, done) = both(&register, "ada", "import_veris", &input);
        assert_eq!(preview, done, "step {step}");
    }
    register.expect_sound();
}

fn a_preview_leaves_what_its_reader_is_shut_out_of_as_the_import_does(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    import(&register, &log(&register, "log.csv", &csv(&ROWS)));
    let hidden = json!({ "case": case(&register, "S-8")["reference"], "readers": [] });
    register.ok("ada", "restrict_case", hidden);
    let open = ROWS[0].replace("Laptop left", "Two laptops left");
    let later = with(log(&register, "later.csv", &csv(&[CHANGED, &open])), "update", true);
    let seen = register.ok("manager", "import_spreadsheet", with(later.clone(), "dry_run", true));
    assert!(!seen.to_string().contains("CASE-"), "{seen}");
    let (preview, done) = both(&register, "manager", "import_spreadsheet", &later);
    assert_eq!(preview, done);
    assert_eq!((&done["changed"], &done["not_applied"]), (&json!(2), &json!(1)));
    let refused = register.refused("reader", "import_spreadsheet", with(later, "dry_run", true));
    assert_eq!(refused.kind, nevertwice_service::error::Kind::Forbidden);
}

fn a_preview_settles_no_gap_and_still_says_that_it_would_be(database: &TestDatabase) {
    let register = Register::found(database);
    let rows = format!("{HEADER}\n,17.03.2024,Laptop left,Incident,4,open,,,,,,,\n");
    let mut unanswered = log(&register, "log.csv", &rows);
    unanswered.as_object_mut().unwrap().remove("severity_worst");
    import(&register, &unanswered);
    let answered = with(log(&register, "log.csv", &rows), "update", true);
    let (preview, done) = both(&register, "ada", "import_spreadsheet", &answered);
    assert_eq!(preview, done);
    assert_eq!(done["changed"], 1);
}
