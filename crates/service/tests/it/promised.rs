//! Actions run under the procedure in force when they were planned, and what it promised of them is counted.

use std::collections::BTreeMap;

use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    an_action_is_due_when_the_procedure_asks_for_it_or_later_for_a_reason,
    no_day_on_which_the_company_rests_counts,
    whoever_plans_an_action_is_asked_the_same,
    a_later_version_says_nothing_about_what_was_planned_before,
    a_check_is_planned_within_the_days_of_the_procedure,
    whether_an_action_works_is_always_looked_at,
    the_figures_are_those_of_an_independent_count,
    a_lesson_is_signed_as_it_was_read,
);

/// A register on Monday, 2 March 2026, under the procedure that comes with the program: 30 working days for severity 4, and
/// 45 days to judge.
fn found(database: &TestDatabase) -> Register {
    let register = Register::found(database);
    register.add_callers();
    register
}

fn incident(register: &Register, severity: u8) -> String {
    let report = json!({ "title": "The bucket was public", "class": "incident", "severity": severity });
    let case = text(&register.ok("ada", "report_case", report), "reference");
    register.ok("ada", "classify_case", json!({ "case": case, "class": "incident", "severity": severity }));
    register.ok("ada", "respond_to_case", json!({ "case": case, "responder": "assigned" }));
    case
}

fn plan(case: &str) -> Value {
    json!({ "case": case, "title": "Add a lock", "purpose": "corrective", "kind": "technical", "owner": "owner" })
}

/// A plan with more said.
fn with(mut plan: Value, more: Value) -> Value {
    let more: BTreeMap<String, Value> = serde_json::from_value(more).unwrap();
    for (field, value) in more {
        plan[field] = value;
    }
    plan
}

fn adopted(register: &Register, rules: &Value) -> String {
    let draft = register.ok("ada", "draft_procedure", json!({ "summary": "our own days" }));
    let procedure = text(&draft, "reference");
    register.ok("ada", "edit_procedure", json!({ "procedure": procedure, "rules": rules }));
    register.ok("ada", "submit_procedure", json!({ "procedure": procedure }));
    let today = text(&register.ok("ada", "say_do", json!({})), "as_of");
    register.ok("manager", "approve_procedure", json!({ "procedure": procedure, "effective_on": today }));
    procedure
}

fn an_action_is_due_when_the_procedure_asks_for_it_or_later_for_a_reason(database: &TestDatabase) {
    let register = found(database);
    let case = incident(&register, 4);
    let planned = register.ok("ada", "new_action", plan(&case));
    assert_eq!((&planned["due_on"], &planned["latest_due_on"]), (&json!("2026-04-13"), &json!("2026-04-13")));
    assert_eq!((&planned["procedure"], &planned["procedure_severity"]), (&json!("shipped"), &json!(4)));
    assert_eq!(planned["later_than_allowed"], json!(false));
    let late = with(plan(&case), json!({ "due_on": "2026-04-14" }));
    let refused = register.refused("ada", "new_action", late.clone());
    assert_eq!(kind_and_code(&refused), (Kind::Invalid, "action.too_late"));
    assert_eq!(refused.fields[0].field, "due_on");
    assert!(refused.message.contains("the procedure that comes with the program"), "{}", refused.message);
    assert!(refused.message.contains("2026-04-13"), "{}", refused.message);
    let planned = register.ok("ada", "new_action", with(late, json!({ "due_reason": "parts come then" })));
    assert_eq!(planned["later_than_allowed"], json!(true));
    assert_eq!(planned["due_reason"], json!("parts come then"));
    let early = register.ok("ada", "new_action", with(plan(&case), json!({ "due_on": "2026-03-03" })));
    assert_eq!(early["later_than_allowed"], json!(false));
    let moved = json!({ "action": early["reference"], "due_on": "2026-06-01", "reason": "parts are late" });
    let moved = register.ok("ada", "move_action", moved);
    assert_eq!((&moved["later_than_allowed"], &moved["due_on"]), (&json!(true), &json!("2026-06-01")));
    assert_eq!(
        (&moved["original_due_on"], &moved["latest_due_on"]),
        (&json!("2026-03-03"), &json!("2026-04-13"))
    );
    register.expect_sound();
}

fn no_day_on_which_the_company_rests_counts(database: &TestDatabase) {
    let register = found(database);
    let days = |register: &Register| {
        let case = incident(register, 4);
        register.ok("assigned", "resolve_case", json!({ "case": case }));
        let shown = register.ok("ada", "show_case", json!({ "case": case }));
        let action = register.ok("ada", "new_action", plan(&case));
        let review = register.ok("ada", "show_review", json!({ "review": shown["reviews"][0]["reference"] }));
        (text(&review, "due_on"), text(&action, "due_on"))
    };
    assert_eq!(days(&register), ("2026-03-16".to_owned(), "2026-04-13".to_owned()), "10 and 30 working days");
    // A Tuesday, a Saturday and a Monday.
    adopted(
        &register,
        &json!({ "holidays": ["2026-03-03 Foundation", "2026-03-07 A Saturday", "2026-04-06 Easter Monday"] }),
    );
    assert_eq!(days(&register), ("2026-03-17".to_owned(), "2026-04-15".to_owned()));
    register.expect_sound();
}

fn whoever_plans_an_action_is_asked_the_same(database: &TestDatabase) {
    let register = found(database);
    let event = json!({ "title": "A lock is broken", "class": "event", "severity": 5 });
    let event = text(&register.ok("ada", "report_case", event), "reference");
    let classify = json!({ "case": event, "class": "event", "severity": 5 });
    register.ok("ada", "classify_case", classify);
    // An event of severity 5: 20 working days.
    let shown = register.ok("ada", "show_case", json!({ "case": event }));
    let light = json!({
        "review": shown["reviews"][0]["reference"], "cause": "The lock is thirty years old",
        "lesson": "Locks have an age", "action": "Replace the lock", "action_kind": "physical",
        "due_on": "2026-03-31", "owner": "owner",
    });
    let refused = register.refused("ada", "write_light_review", light.clone());
    assert_eq!(kind_and_code(&refused), (Kind::Invalid, "action.too_late"));
    register.ok("ada", "write_light_review", with(light, json!({ "due_reason": "the locksmith is away" })));
    let shown = register.ok("ada", "show_case", json!({ "case": event }));
    let action = shown["actions"][0]["reference"].clone();
    let show = |action: &Value| register.ok("ada", "show_action", json!({ "action": action }));
    assert_eq!(show(&action)["due_reason"], json!("the locksmith is away"));
    // What follows an action that does not work.
    let check = json!({ "action": action, "measure": "it holds" });
    register.ok("ada", "plan_check", check);
    register.ok("owner", "complete_action", json!({ "action": action, "evidence": "it is there" }));
    let failed = json!({ "action": action, "outcome": "not_effective", "evidence": "no", "next_due_on": "2026-04-01" });
    let refused = register.refused("manager", "check_action", failed.clone());
    assert_eq!((refused.code.as_str(), refused.fields[0].field.as_str()), ("action.too_late", "next_due_on"));
    let judged = with(failed, json!({ "next_due_reason": "the other locksmith comes then" }));
    let judged = register.ok("manager", "check_action", judged);
    assert_eq!(judged["judged_on"], json!("2026-03-02"));
    let next = show(&judged["successors"][0]);
    assert_eq!((&next["later_than_allowed"], &next["procedure"]), (&json!(true), &json!("shipped")));
    // What is taken up after all is planned anew; why it is later is said by why it is taken up now.
    let not = json!({ "action": next["reference"], "reason": "too dear", "until": "2026-05-01" });
    register.ok("manager", "not_doing_action", not);
    register.clock.forward_days(70);
    let take_up = json!({ "action": next["reference"], "reason": "there is money now" });
    let owed = register.ok("ada", "take_up_action", take_up);
    assert_eq!(
        owed["checks"][0]["planned_on"], owed["latest_check_on"],
        "looked at as long after it as before"
    );
    assert_eq!((&owed["due_on"], &owed["later_than_allowed"]), (&json!("2026-06-08"), &json!(false)));
    assert_eq!(
        (&owed["original_due_on"], &owed["due_reason"]),
        (&json!("2026-04-01"), &json!("there is money now"))
    );
    register.expect_sound();
}

fn a_later_version_says_nothing_about_what_was_planned_before(database: &TestDatabase) {
    let register = found(database);
    let case = incident(&register, 4);
    let before = register.ok("ada", "new_action", plan(&case));
    let version =
        adopted(&register, &json!({ "action_days": "5, 5, 5, 5, 5", "check_days": "7, 7, 7, 7, 7" }));
    let after = register.ok("ada", "new_action", plan(&case));
    assert_eq!((&after["procedure"], &after["due_on"]), (&json!(version), &json!("2026-03-09")));
    assert_eq!(after["latest_check_on"], json!("2026-03-16"));
    let before = register.ok("ada", "show_action", json!({ "action": before["reference"] }));
    assert_eq!((&before["procedure"], &before["latest_due_on"]), (&json!("shipped"), &json!("2026-04-13")));
    // The severity that counted is kept as well.
    register.ok("ada", "classify_case", json!({ "case": case, "class": "incident", "severity": 1 }));
    assert_eq!(ahead(&register, &json!("PRC-0001"), "severity 4 are completed"), 1);
    assert_eq!(ahead(&register, &json!("PRC-0001"), "severity 1 are completed"), 0);
    let late = with(plan(&case), json!({ "due_on": "2026-03-10" }));
    let refused = register.refused("ada", "new_action", late);
    assert!(refused.message.contains("version 1 of the procedure"), "{}", refused.message);
}

fn ahead(register: &Register, procedure: &Value, sentence: &str) -> u64 {
    row(register, procedure, sentence)["ahead"].as_u64().unwrap()
}

/// The row of a promise, by words of its sentence.
fn row(register: &Register, procedure: &Value, sentence: &str) -> Value {
    let view = register.ok("ada", "say_do", json!({ "procedure": procedure }));
    let rows = view["promises"].as_array().unwrap();
    rows.iter().find(|row| text(row, "text").contains(sentence)).cloned().unwrap_or_default()
}

fn a_check_is_planned_within_the_days_of_the_procedure(database: &TestDatabase) {
    let register = found(database);
    let case = incident(&register, 4);
    let measured = with(plan(&case), json!({ "due_on": "2026-03-10", "check_measure": "alarms" }));
    let planned = register.ok("ada", "new_action", measured.clone());
    assert_eq!(planned["latest_check_on"], json!("2026-04-24"));
    assert_eq!(planned["checks"][0]["planned_on"], json!("2026-04-24"), "45 days behind its due date");
    let late = with(measured, json!({ "check_on": "2026-04-25" }));
    let refused = register.refused("ada", "new_action", late.clone());
    assert_eq!((refused.code.as_str(), refused.fields[0].field.as_str()), ("check.too_late", "check_on"));
    let late = register.ok("ada", "new_action", with(late, json!({ "check_reason": "a quarter is needed" })));
    let check = &late["checks"][0];
    assert_eq!(
        (&check["later_than_allowed"], &check["late_reason"]),
        (&json!(true), &json!("a quarter is needed"))
    );
    let action = json!({ "action": planned["reference"] });
    let more = with(action.clone(), json!({ "measure": "doors", "planned_on": "2026-05-01" }));
    let refused = register.refused("ada", "plan_check", more);
    assert_eq!((refused.code.as_str(), refused.fields[0].field.as_str()), ("check.too_late", "planned_on"));
    let moved = with(action.clone(), json!({ "due_on": "2026-03-20", "reason": "parts are late" }));
    let moved = register.ok("ada", "move_action", moved);
    assert_eq!(moved["latest_check_on"], json!("2026-05-04"));
    assert_eq!(moved["checks"][0]["planned_on"], json!("2026-05-04"), "the look at it moves along");
    register.ok("owner", "complete_action", with(action.clone(), json!({ "evidence": "it is there" })));
    let early = json!({ "outcome": "too_early", "evidence": "no alarm so far", "again_on": "2026-07-01" });
    let judged = register.ok("manager", "check_action", with(action, early));
    let checks = judged["checks"].as_array().unwrap();
    let again = checks.iter().find(|check| check["planned_on"] == "2026-07-01").unwrap();
    assert_eq!(again["late_reason"], json!("no alarm so far"), "what makes it too early is why it is later");
    assert_eq!(judged["judged_on"], Value::Null, "nothing was judged yet");
    register.expect_sound();
}

fn whether_an_action_works_is_always_looked_at(database: &TestDatabase) {
    let register = found(database);
    let case = incident(&register, 4);
    let planned = register.ok("ada", "new_action", with(plan(&case), json!({ "due_on": "2026-03-10" })));
    let action = json!({ "action": planned["reference"] });
    let [check] = planned["checks"].as_array().unwrap().as_slice() else { panic!("{planned}") };
    assert_eq!(check["planned_on"], json!("2026-04-24"), "on the last day, as nobody said when");
    assert!(text(check, "measure").contains("happened again"), "{check}");
    // Whoever knows better says what is measured: there is one check to be judged, not two.
    let better = with(action.clone(), json!({ "measure": "alarms in a month", "judge": "manager" }));
    let changed = register.ok("ada", "plan_check", better);
    let [check] = changed["checks"].as_array().unwrap().as_slice() else { panic!("{changed}") };
    assert_eq!((&check["measure"], &check["judge"]), (&json!("alarms in a month"), &json!("manager")));
    register.ok("owner", "complete_action", with(action.clone(), json!({ "evidence": "it is there" })));
    let work = register.ok("manager", "show_work", json!({}));
    assert!(work.to_string().contains(planned["reference"].as_str().unwrap()), "{work}");
    let failed = json!({ "outcome": "not_effective", "evidence": "three alarms" });
    let judged = register.ok("manager", "check_action", with(action, failed));
    let next = register.ok("ada", "show_action", json!({ "action": judged["successors"][0] }));
    let [check] = next["checks"].as_array().unwrap().as_slice() else { panic!("{next}") };
    assert_eq!((&check["measure"], &check["judge"]), (&json!("alarms in a month"), &json!("manager")));
    register.expect_sound();
}

/// What became of an action, told by what is shown of it.
fn outcomes(action: &Value, today: &str) -> Vec<(&'static str, u64, &'static str)> {
    let day = |field: &str| action[field].as_str().map(str::to_owned);
    let state = text(action, "state");
    let level = action["procedure_severity"].as_u64().unwrap();
    let (latest, latest_check) = (text(action, "latest_due_on"), text(action, "latest_check_on"));
    let within = |done: Option<String>, last: &str| match done {
        Some(done) if done.as_str() <= last => "kept",
        None if last >= today => "ahead",
        _ => "broken",
    };
    let or_waived = |outcome| if state == "not_doing" { "waived" } else { outcome };
    let judged = action["checks"].as_array().unwrap().iter().find_map(|check| {
        let is_told = matches!(check["outcome"].as_str(), Some("effective" | "not_effective"));
        is_told.then(|| check["judged_at"].as_str().unwrap()[..10].to_owned())
    });
    let works = match state.as_str() {
        "effective" => "kept",
        "not_effective" => "broken",
        _ => "ahead",
    };
    let is_strong = matches!(text(action, "strength").as_str(), "eliminate" | "engineer" | "detect");
    let on_time = within(day("completed_on"), &text(action, "original_due_on"));
    vec![
        ("are due", level, or_waived(if text(action, "due_on") <= latest { "kept" } else { "broken" })),
        ("are completed", level, or_waived(within(day("completed_on"), &latest))),
        ("works is judged", level, or_waived(within(judged, &latest_check))),
        ("actions are completed by their original due date", 0, or_waived(on_time)),
        ("judged actions were found effective", 0, or_waived(works)),
        ("do not depend on people remembering", 0, or_waived(if is_strong { "kept" } else { "broken" })),
    ]
}

/// Counts what is shown of every action, one after the other, and compares it with what the page says.
fn expect_counts(register: &Register, procedure: &str) -> u64 {
    let asked = if procedure == "shipped" { "shipped" } else { procedure };
    let page = register.ok("ada", "say_do", json!({ "procedure": asked }));
    let today = text(&page, "as_of");
    let list = register.ok("ada", "list_actions", json!({ "query": "", "limit": 1000 }));
    let mut counted: BTreeMap<(&str, u64), BTreeMap<&str, Vec<String>>> = BTreeMap::new();
    for row in list["items"].as_array().unwrap() {
        let action = register.ok("ada", "show_action", json!({ "action": row["reference"] }));
        let case = register.ok("ada", "show_case", json!({ "case": action["case"] }));
        if action["procedure"] != json!(procedure) || case["state"] == "void" {
            continue;
        }
        for (words, level, outcome) in outcomes(&action, &today) {
            let of = counted.entry((words, level)).or_default();
            of.entry(outcome).or_default().push(text(&action, "reference"));
        }
    }
    let mut compared = 0;
    for row in page["promises"].as_array().unwrap() {
        let sentence = text(row, "text");
        let is_meant = |words: &str, level: u64| {
            sentence.contains(words) && (level == 0 || sentence.contains(&format!("severity {level} ")))
        };
        let found = counted.iter().find(|((words, level), _)| is_meant(words, *level));
        let Some((_, of)) = found else { continue };
        for outcome in ["kept", "broken", "ahead", "waived"] {
            let mut expected = of.get(outcome).cloned().unwrap_or_default();
            assert_eq!(row[outcome], json!(expected.len()), "{outcome}: {sentence}");
            let records = row["records"].as_array().unwrap().iter();
            let records = records.filter(|one| one["outcome"] == outcome);
            let mut records: Vec<String> = records.map(|one| text(one, "reference")).collect();
            expected.sort();
            records.sort();
            assert_eq!(records, expected, "{outcome}: {sentence}");
            compared += u64::try_from(expected.len()).unwrap();
        }
    }
    let all: usize = counted.values().flat_map(BTreeMap::values).map(Vec::len).sum();
    assert_eq!(compared, u64::try_from(all).unwrap(), "every figure stands in one row");
    compared
}

fn the_figures_are_those_of_an_independent_count(database: &TestDatabase) {
    let register = found(database);
    let action = |planned: Value| text(&register.ok("ada", "new_action", planned), "reference");
    let done = |action: &str| {
        register.ok("owner", "complete_action", json!({ "action": action, "evidence": "it is there" }));
    };
    let judged = |action: &str, outcome: &str| {
        register.ok("ada", "plan_check", json!({ "action": action, "measure": "alarms", "reason": "now" }));
        let judge = json!({ "action": action, "outcome": outcome, "evidence": "seen", "early_reason": "it was tried" });
        register.ok("manager", "check_action", judge);
    };
    let (grave, slight) = (incident(&register, 4), incident(&register, 2));
    let all: Vec<String> = (0..8)
        .map(|number| {
            let case = if number % 3 == 0 { &slight } else { &grave };
            let due = format!("2026-03-{:02}", 10 + number);
            action(with(plan(case), json!({ "due_on": due })))
        })
        .collect();
    let training = with(plan(&grave), json!({ "title": "Train the team", "kind": "people" }));
    action(with(training, json!({ "due_on": "2027-01-01", "due_reason": "the teacher is away" })));
    register.ok("ada", "move_action", json!({ "action": all[1], "due_on": "2026-05-02", "reason": "parts" }));
    let not = json!({ "action": all[2], "reason": "too dear", "until": "2027-01-01" });
    register.ok("manager", "not_doing_action", not);
    let void = incident(&register, 4);
    action(plan(&void));
    register.ok("ada", "void_case", json!({ "case": void, "reason": "a test" }));
    let hidden = incident(&register, 4);
    let secret = action(plan(&hidden));
    register.clock.forward_days(12);
    done(&all[3]);
    judged(&all[3], "effective");
    done(&all[4]);
    done(&all[5]);
    judged(&all[5], "not_effective");
    register.clock.forward_days(40);
    done(&all[6]);
    judged(&all[4], "effective");
    let version =
        adopted(&register, &json!({ "action_days": "5, 5, 5, 5, 5", "check_days": "7, 7, 7, 7, 7" }));
    let new = action(plan(&grave));
    done(&new);
    action(plan(&slight));
    register.clock.forward_days(30);
    judged(&new, "effective");
    assert_eq!(expect_counts(&register, "shipped"), 11 * 6);
    assert_eq!(expect_counts(&register, &version), 2 * 6);
    let late = row(&register, &json!(version), "severity 4 works is judged");
    assert_eq!((&late["verdict"], &late["broken"]), (&json!("broken"), &json!(1)), "judged, but too late");

    register.ok("ada", "restrict_case", json!({ "case": hidden, "readers": [] }));
    let shown = |who: &str| register.ok(who, "say_do", json!({ "procedure": "shipped" })).to_string();
    assert!(shown("ada").contains(&secret));
    assert!(!shown("manager").contains(&secret), "who may not know of a case is not told of its actions");
    assert_eq!(expect_counts(&register, "shipped"), 11 * 6);
    let board = shown("board");
    assert!(board.contains("\"broken\":1"), "who reads no case reads the figures: {board}");
    assert!(!board.contains("ACT-") && !board.contains("PIR-") && !board.contains("CASE-"), "{board}");
}

fn a_lesson_is_signed_as_it_was_read(database: &TestDatabase) {
    let register = found(database);
    let case = incident(&register, 4);
    let draft = json!({ "case": case, "statement": "Buckets are private unless somebody says otherwise", "tags": [] });
    let read = register.ok("assigned", "new_lesson", draft);
    let lesson = text(&read, "reference");
    register.ok("ada", "new_action", with(plan(&case), json!({ "lesson": lesson })));
    let edit = json!({ "lesson": lesson, "statement": "Buckets are private, always" });
    let changed = register.ok("assigned", "edit_lesson", edit);
    let old = json!({ "lesson": lesson, "version": read["version"] });
    assert_eq!(register.refused("manager", "approve_lesson", old).kind, Kind::Stale);
    let new = json!({ "lesson": lesson, "version": changed["version"] });
    assert_eq!(text(&register.ok("manager", "approve_lesson", new), "state"), "approved");
}
