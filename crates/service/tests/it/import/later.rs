//! A later file with `--update`: it changes what it says, keeps what it does not say, and names what it leaves.

use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use super::{HEADER, case, counts, fates, import, log, with};
use crate::fixture::{Register, text};

nevertwice_testkit::on_each_engine!(
    an_empty_cell_and_a_column_that_is_not_there_take_nothing_away,
    fields_suppliers_reporter_and_cost_follow_the_file,
    a_cost_beside_others_is_left_and_said,
    the_state_never_goes_back_and_work_here_holds_it,
    what_belongs_to_the_work_done_here_is_named,
    what_is_not_applied_is_kept_in_a_comment_once,
    notes_that_are_new_become_a_comment,
    a_row_that_can_change_nothing_says_so_once,
    a_gap_is_settled_by_the_file_that_fills_it,
);

fn file(header: &str, row: &str) -> String {
    format!("{header}\n{row}\n")
}

/// Imports a row with `--update`; gives the outcome and the reason of its fate.
fn update(register: &Register, name: &str, content: &str) -> (Value, String) {
    let done = import(register, &with(log(register, name, content), "update", true));
    let told = fates(&done).remove(0);
    (done, told)
}

fn an_empty_cell_and_a_column_that_is_not_there_take_nothing_away(database: &TestDatabase) {
    let register = Register::found(database);
    let first = "U-1,17.03.2024,Laptop left,Incident,4,open,,,,,,,€100";
    import(&register, &log(&register, "first.csv", &file(HEADER, first)));
    let reference = case(&register, "U-1")["reference"].clone();
    let edit = json!({ "case": reference, "summary": { "to": "written here" }, "category": { "to": "loss" },
        "add_tags": ["travel"], "detected": { "to": "2024-03-16" } });
    register.ok("ada", "edit_case", edit);
    let before = case(&register, "U-1");
    let (done, told) = update(&register, "later.csv", &file(HEADER, "U-1,,Laptop left in a taxi,,,,,,,,,,"));
    assert_eq!(counts(&done), [1, 0, 1, 0, 0], "{told}");
    let after = case(&register, "U-1");
    assert_eq!(text(&after, "title"), "Laptop left in a taxi");
    for fact in
        ["summary", "category", "tags", "detected", "reported", "class", "severity", "state", "costs", "gaps"]
    {
        assert_eq!(after[fact], before[fact], "{fact}");
    }
    register.expect_sound();
}

const WIDE: &str = "No.,Date reported,What happened,Type,Costs,Site,Supplier,Reported by";

fn fields_suppliers_reporter_and_cost_follow_the_file(database: &TestDatabase) {
    let register = Register::found(database);
    import(
        &register,
        &log(
            &register,
            "first.csv",
            &file(WIDE, "W-1,17.03.2024,Mail lost,Event,€100,Hamburg,Acme GmbH,L. Brandt"),
        ),
    );
    let later = "W-1,17.03.2024,Mail lost,Event,€250,Lyon,Globex SA,P. Ito";
    let (done, told) = update(&register, "later.csv", &file(WIDE, later));
    assert_eq!((&done["changed"], &done["not_applied"]), (&json!(1), &json!(0)), "{told}");
    assert!(told.contains("applied to CASE-") && !told.contains("not applied"), "{told}");
    let after = case(&register, "W-1");
    let shown = after.to_string();
    for said in ["Lyon", "Acme GmbH", "Globex SA"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    assert!(!shown.contains("Hamburg"), "{shown}");
    assert_eq!(text(&after, "reporter"), "P. Ito");
    let costs = after["costs"].as_array().unwrap();
    assert_eq!((costs.len(), costs[0].to_string().contains("25000")), (1, true), "{costs:?}");
    register.expect_sound();
}

fn a_cost_beside_others_is_left_and_said(database: &TestDatabase) {
    let register = Register::found(database);
    import(&register, &log(&register, "first.csv", &file(WIDE, "W-1,17.03.2024,Mail lost,Event,€100,,,")));
    let reference = case(&register, "W-1")["reference"].clone();
    let cost = json!({ "case": reference, "kind": "response_labour", "basis": "actual",
        "amount": { "minor": 700, "currency": "EUR" }, "note": "counted here" });
    register.ok("ada", "add_cost", cost);
    let before = case(&register, "W-1")["costs"].clone();
    let (_, told) = update(&register, "later.csv", &file(WIDE, "W-1,18.03.2024,Mail lost,Event,€250,,,"));
    assert!(
        told.contains("applied to CASE-") && told.contains("not applied: cost (change them there)"),
        "{told}"
    );
    assert_eq!(case(&register, "W-1")["costs"], before);
}

fn the_state_never_goes_back_and_work_here_holds_it(database: &TestDatabase) {
    let register = Register::found(database);
    let row = |reference: &str, status: &str, closed: &str| {
        format!("{reference},17.03.2024,Laptop left,Incident,4,{status},,,,,,{closed},")
    };
    let first =
        [row("U-1", "closed", "22.05.2024"), row("U-2", "open", ""), row("U-3", "open", "")].join("\n");
    import(&register, &log(&register, "first.csv", &file(HEADER, &first)));
    let worked = case(&register, "U-3")["reference"].clone();
    register.ok("ada", "respond_to_case", json!({ "case": worked }));
    let later =
        [row("U-1", "open", ""), row("U-2", "closed", "23.05.2024"), row("U-3", "closed", "24.05.2024")];
    let done = import(
        &register,
        &with(log(&register, "later.csv", &file(HEADER, &later.join("\n"))), "update", true),
    );
    let told = fates(&done);
    let state = |origin: &str| {
        let shown = case(&register, origin);
        (text(&shown, "state"), shown["closed"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(state("U-1"), ("closed".to_owned(), "2024-05-22".to_owned()), "{told:?}");
    assert_eq!(state("U-2"), ("closed".to_owned(), "2024-05-23".to_owned()), "{told:?}");
    assert_eq!(state("U-3"), ("responding".to_owned(), String::new()), "{told:?}");
    assert!(told[0].contains("not applied: status"), "{}", told[0]);
    assert!(told[2].contains("not applied: status, closing date"), "{}", told[2]);
    register.expect_sound();
}

const WORK: &str =
    "U-1,17.03.2024,Laptop left,Incident,4,open,No reminder,Count the bags,Encrypt it,L. Brandt,30.04.2024,,";

fn what_belongs_to_the_work_done_here_is_named(database: &TestDatabase) {
    let register = Register::found(database);
    import(&register, &log(&register, "first.csv", &file(HEADER, WORK)));
    let before = case(&register, "U-1");
    let again = "U-1,18.03.2024,Laptop left,Incident,4,open,No reminder,Count the bags,Encrypt it,L. Brandt,30.04.2024,,";
    let (_, told) = update(&register, "again.csv", &file(HEADER, again));
    assert!(
        told.contains("applied to CASE-") && !told.contains("not applied"),
        "only the date differs: {told}"
    );
    let owner = "U-1,18.03.2024,Laptop left,Incident,3,open,No reminder,Count the bags,Encrypt it,P. Ito,31.05.2024,,";
    let (_, told) = update(&register, "owner.csv", &file(HEADER, owner));
    assert!(told.contains("not applied: due date, owner (change them there)"), "{told}");
    let work = "U-1,18.03.2024,Laptop left,Incident,2,open,Nobody asked,Ask,Sell it,,,,";
    let (_, told) = update(&register, "work.csv", &file(HEADER, work));
    assert!(told.contains("not applied: root cause, lesson, action (change them there)"), "{told}");
    let after = case(&register, "U-1");
    for part in ["reviews", "lessons", "actions"] {
        assert_eq!(after[part], before[part], "{part}");
    }
    assert_eq!(after["severity"], 2);
}

/// The comments of a case, the first first.
fn comments(register: &Register, origin: &str) -> Vec<String> {
    let shown = case(register, origin);
    shown["comments"].as_array().unwrap().iter().map(|comment| text(comment, "text")).collect()
}

fn what_is_not_applied_is_kept_in_a_comment_once(database: &TestDatabase) {
    let register = Register::found(database);
    import(&register, &log(&register, "first.csv", &file(HEADER, WORK)));
    let reference = case(&register, "U-1")["reference"].clone();
    register.ok("ada", "respond_to_case", json!({ "case": reference }));
    let other = "U-1,18.03.2024,Laptop left,Incident,2,closed,Nobody asked,Ask,Encrypt it,P. Ito,31.05.2024,22.05.2024,";
    let (_, told) = update(&register, "other.csv", &file(HEADER, other));
    let named = "not applied: status, closing date, root cause, lesson, due date, owner (change them there)";
    assert!(told.contains(named), "{told}");
    let kept = comments(&register, "U-1");
    assert_eq!(kept.len(), 1, "{kept:?}");
    let expected = [
        "Said by other.csv, and not applied:",
        "- status: closed",
        "- closing date: 2024-05-22",
        "- root cause: Nobody asked",
        "- lesson: Ask",
        "- due date: 2024-05-31 of: Encrypt it",
        "- owner: P. Ito of: Encrypt it",
    ];
    for line in expected {
        assert!(kept[0].lines().any(|kept| kept == line), "{line}: {}", kept[0]);
    }
    let third = other.replace(",2,closed", ",3,closed").replace("Encrypt it,P. Ito,31.05.2024", "Sell it,,");
    let (_, told) = update(&register, "third.csv", &file(HEADER, &third));
    assert!(told.contains("not applied: status, closing date, root cause, lesson, action"), "{told}");
    let kept = comments(&register, "U-1");
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert_eq!(
        kept[1], "Said by third.csv, and not applied:\n\n- action: Sell it",
        "the rest is said already"
    );
    register.expect_sound();
}

fn notes_that_are_new_become_a_comment(database: &TestDatabase) {
    let register = Register::found(database);
    let row = |notes: &str| {
        file("No.,Date reported,What happened,Notes", &format!("N-1,17.03.2024,Mail lost,{notes}"))
    };
    import(&register, &log(&register, "first.csv", &row("asked the courier")));
    let (done, told) = update(&register, "later.csv", &row("it was found"));
    assert!(told.contains("applied to CASE-") && !told.contains("not applied"), "{told}");
    assert_eq!((&done["changed"], &done["not_applied"]), (&json!(1), &json!(0)));
    assert_eq!(comments(&register, "N-1"), ["asked the courier", "it was found"]);
    update(&register, "back.csv", &row("asked the courier"));
    assert_eq!(comments(&register, "N-1").len(), 2, "what a comment says already is not said again");
    register.expect_sound();
}

fn a_row_that_can_change_nothing_says_so_once(database: &TestDatabase) {
    let register = Register::found(database);
    import(&register, &log(&register, "first.csv", &file(HEADER, WORK)));
    let before = case(&register, "U-1");
    let later = file(HEADER, &WORK.replace("No reminder", "Nobody asked"));
    let (done, told) = update(&register, "later.csv", &later);
    assert!(told.contains("nothing to apply to CASE-") && told.contains("not applied: root cause"), "{told}");
    assert_eq!((&done["changed"], &done["not_applied"]), (&json!(1), &json!(1)));
    assert_eq!(case(&register, "U-1")["version"], before["version"]);
    let (again, told) = update(&register, "later.csv", &later);
    assert_eq!(counts(&again), [1, 0, 0, 1, 0], "{told}");
}

fn a_gap_is_settled_by_the_file_that_fills_it(database: &TestDatabase) {
    let register = Register::found(database);
    // The second row makes the column one of severities.
    let row = |severity: &str, closed: &str| {
        let rows = format!(
            "U-1,17.03.2024,Laptop left,Incident,{severity},open,,,,,,{closed},
\
             U-2,17.03.2024,Badge lost,Incident,low,closed,,,,,,22.05.2024,"
        );
        file(HEADER, &rows)
    };
    import(&register, &log(&register, "first.csv", &row("bad", "")));
    assert_eq!(text(&case(&register, "U-1")["gaps"][0], "kind"), "severity_unknown");
    update(&register, "later.csv", &row("high", "one day"));
    let after = case(&register, "U-1");
    let state = |kind: &str| {
        let gaps = after["gaps"].as_array().unwrap();
        gaps.iter().find(|gap| gap["kind"] == kind).map(|gap| text(gap, "state"))
    };
    assert_eq!(
        (after["severity"].as_u64(), state("severity_unknown").as_deref()),
        (Some(4), Some("resolved"))
    );
    assert_eq!(
        state("date_unreadable").as_deref(),
        Some("open"),
        "what the file leaves open is a gap as well"
    );
    register.expect_sound();
}
