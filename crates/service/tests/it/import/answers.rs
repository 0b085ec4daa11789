//! Flags, what is remembered of them, and a file that is read again with other answers.

use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use super::{ROWS, case, counts, csv, fates, import, log, with};
use crate::fixture::{Register, text};

nevertwice_testkit::on_each_engine!(
    a_flag_replaces_what_is_remembered,
    a_remembered_order_is_said_and_a_date_against_it_is_asked_for,
    an_answer_given_later_fills_what_was_left_open,
    an_answer_given_later_fills_the_gaps_of_rows_without_a_reference,
    a_row_that_differs_is_no_change_until_it_is_applied,
    a_long_root_cause_is_kept_whole_and_found,
);

fn without_answer(mut input: Value) -> Value {
    input.as_object_mut().unwrap().remove("severity_worst");
    input
}

fn total(register: &Register, query: &str) -> u64 {
    register.ok("ada", "list_cases", json!({ "query": query, "limit": 1 }))["total"].as_u64().unwrap()
}

const MAIL: &str = "A-1,03/04/2024,Mail lost,incident,2,open,,,,,,,";

fn a_flag_replaces_what_is_remembered(database: &TestDatabase) {
    let register = Register::found(database);
    let input = with(log(&register, "log.csv", &csv(&[MAIL])), "update", true);
    import(&register, &with(input.clone(), "date_order", "dmy"));
    assert_eq!(text(&case(&register, "A-1"), "reported"), "2024-04-03");
    let other = import(&register, &with(input.clone(), "date_order", "mdy"));
    assert_eq!(counts(&other), [1, 0, 1, 0, 0], "{:?}", fates(&other));
    assert_eq!(text(&case(&register, "A-1"), "reported"), "2024-03-04");
    let third = import(&register, &input);
    assert_eq!(counts(&third), [1, 0, 0, 1, 0], "the last answer is remembered: {:?}", fates(&third));
}

fn a_remembered_order_is_said_and_a_date_against_it_is_asked_for(database: &TestDatabase) {
    let register = Register::found(database);
    import(&register, &with(log(&register, "log.csv", &csv(&[MAIL])), "date_order", "dmy"));
    let later = log(&register, "later.csv", &csv(&[&MAIL.replace("A-1", "A-2")]));
    for input in [with(later.clone(), "dry_run", true), later] {
        let notes = import(&register, &input)["notes"].to_string();
        assert!(notes.contains("day first, as in the last import of this kind"), "{notes}");
    }
    let against = MAIL.replace("A-1,03/04", "A-3,04/18");
    let input = log(&register, "against.csv", &csv(&[&against]));
    for (input, words) in [
        (input.clone(), "by the last import of this kind"),
        (with(input, "date_order", "dmy"), "as --date-order says"),
    ] {
        let error = register.refused("ada", "import_spreadsheet", input);
        assert_eq!(error.kind, Kind::Invalid);
        assert!(
            error.message.contains("04/18/2024 (row 2)") && error.message.contains(words),
            "{}",
            error.message
        );
    }
}

fn an_answer_given_later_fills_what_was_left_open(database: &TestDatabase) {
    let register = Register::found(database);
    let input = log(&register, "log.csv", &csv(&ROWS));
    let first = import(&register, &without_answer(input.clone()));
    let open = first["gaps"]["severity_direction_unknown"].as_u64().unwrap();
    assert_eq!(total(&register, "gap:severity_direction_unknown"), open);

    let update = with(input, "update", true);
    let second = import(&register, &update);
    assert_eq!((second["created"].as_u64(), second["changed"].as_u64()), (Some(0), Some(open)));
    assert_eq!(total(&register, "gap:severity_direction_unknown"), 0);
    assert_eq!(case(&register, "S-1")["severity"], 4);
    let third = import(&register, &update);
    assert_eq!(counts(&third), [12, 0, 0, 11, 1], "{:?}", fates(&third));
    register.expect_sound();
}

fn an_answer_given_later_fills_the_gaps_of_rows_without_a_reference(database: &TestDatabase) {
    let register = Register::found(database);
    let rows =
        [",17.03.2024,Laptop left,Incident,4,open,,,,,,,", ",18.03.2024,Badge lost,Incident,bad,open,,,,,,,"];
    let input = log(&register, "log.csv", &csv(&rows));
    import(&register, &without_answer(input.clone()));
    let seen = import(&register, &input);
    assert_eq!(counts(&seen), [2, 0, 1, 1, 0], "{:?}", fates(&seen));
    let update = with(input, "update", true);
    let applied = import(&register, &update);
    assert_eq!(
        (counts(&applied), &applied["not_applied"]),
        ([2, 0, 1, 1, 0], &json!(0)),
        "{:?}",
        fates(&applied)
    );
    assert_eq!((total(&register, "severity:4"), total(&register, "")), (1, 2));
    assert_eq!(counts(&import(&register, &update)), [2, 0, 0, 2, 0]);
}

fn a_row_that_differs_is_no_change_until_it_is_applied(database: &TestDatabase) {
    let register = Register::found(database);
    let first = import(&register, &log(&register, "log.csv", &csv(&[ROWS[11]])));
    assert_eq!(first["gaps"], json!({}), "kinds that there are none of are left out");
    let later = log(&register, "later.csv", &csv(&[super::CHANGED]));
    let seen = import(&register, &later);
    assert_eq!(
        [&seen["changed"], &seen["not_applied"], &seen["update"]],
        [&json!(1), &json!(1), &json!(false)]
    );
    let done = import(&register, &with(later, "update", true));
    assert_eq!(
        [&done["changed"], &done["not_applied"], &done["update"]],
        [&json!(1), &json!(0), &json!(true)]
    );
}

fn a_long_root_cause_is_kept_whole_and_found(database: &TestDatabase) {
    let register = Register::found(database);
    let cause = format!("{} zanzibar", "the filter let it pass because ".repeat(60));
    let row = format!("L-1,17.03.2024,Laptop left,Incident,4,open,{cause},,,,,,");
    let done = import(&register, &log(&register, "log.csv", &csv(&[&row])));
    assert!(fates(&done)[0].contains("root cause is long"), "{:?}", fates(&done));
    let found = register.ok("ada", "search", json!({ "query": "zanzibar", "limit": 5, "offset": 0 }));
    assert!(found["total"].as_u64().unwrap() > 0, "{found}");
    let review = case(&register, "L-1")["reviews"][0]["reference"].clone();
    let shown = register.ok("ada", "show_review", json!({ "review": review }));
    assert!(shown.to_string().matches("zanzibar").count() >= 2, "support and minutes: {shown}");
}
