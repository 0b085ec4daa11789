//! The import of VERIS records: the same fates, gaps, second time, later file, cut and undo as of a spreadsheet's rows.

use std::fs;

use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use super::{case, counts, cut_off, everything, fates};
use crate::fixture::{Register, text};

nevertwice_testkit::on_each_engine!(
    every_record_has_a_fate_and_every_unknown_value_a_gap,
    records_come_in_once_whatever_their_store_calls_them,
    a_later_record_settles_the_gaps_that_it_fills,
    losses_are_compared_line_by_line,
    what_a_later_record_says_is_lost_nowhere,
    an_empty_file_is_rejected_like_one_in_a_folder,
    strictness_does_not_change_in_the_middle_of_a_run,
    strict_rejects_into_a_file_that_can_be_mended,
    the_files_of_a_folder_are_read_one_by_one,
    a_preview_of_records_writes_nothing_and_counts_the_same,
    records_cut_off_anywhere_end_like_those_that_were_not,
);

fn input(register: &Register, name: &str, content: &str) -> Value {
    let file = register.beside(name);
    fs::write(&file, content).unwrap();
    json!({ "path": file, "strict": false, "update": false, "dry_run": false })
}

fn import(register: &Register, input: &Value) -> Value {
    register.ok("ada", "import_veris", input.clone())
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

fn theft(id: &str) -> Value {
    json!({
        "_id": { "$oid": "a" }, "incident_id": id, "victim": { "country": "NLD", "industry": "Healthcare" },
        "action": { "physical": { "variety": ["Theft", "Cat burglary"] } }, "timeline": { "incident": { "year": 2014, "month": 5 } },
        "impact": { "iso_currency_code": "EUR", "loss": [{ "variety": "Other", "amount": 1450.5, "max_amount": 2000 }] },
        "discovery_method": "Ext - customer", "plus": { "team": "night shift" },
    })
}

fn every_record_has_a_fate_and_every_unknown_value_a_gap(database: &TestDatabase) {
    let register = Register::found(database);
    let mut again = theft("T-1");
    again["_id"] = json!("b");
    let other = json!({ "incident_id": "T-1", "summary": "Another one of this number" });
    let content =
        format!("{}{{\"incident_id\": \n7\n{}", lines(&[theft("T-1"), again]), lines(&[other, json!({})]));
    let done = import(&register, &input(&register, "records.jsonl", &content));
    assert_eq!(counts(&done), [6, 3, 0, 1, 2], "{:?}", fates(&done));
    let told = fates(&done);
    for (row, words) in [
        (0, "1,T-1,created,new,CASE-"),
        (1, "2,T-1,skipped,identical to row 1"),
        (2, "rejected,\"line 3: found text that is no JSON"),
        (3, "rejected,\"line 4: found 7, expected an object"),
        (4, "5,T-1,created,\"duplicate reference: row 1"),
        (5, "6,,created,new"),
    ] {
        assert!(told[row].contains(words), "row {row}: {}", told[row]);
    }
    assert_eq!(done["gaps"]["value_unknown"], 2, "{}", done["gaps"]);
    let place = json!({ "place": "action.physical.variety[]", "kind": "value_unknown", "count": 1 });
    assert!(done["gap_places"].as_array().unwrap().contains(&place), "{}", done["gap_places"]);

    let list = register.ok(
        "ada",
        "list_cases",
        json!({ "query": "tag:\"veris:action.physical.variety.theft\"", "limit": 10 }),
    );
    assert_eq!(list["total"], 1);
    let shown = register.ok("ada", "show_case", json!({ "case": list["items"][0]["reference"] }));
    assert_eq!(text(&shown, "title"), "Theft and Cat burglary at a Healthcare organisation, NLD");
    assert_eq!((text(&shown, "class"), text(&shown, "decision")), ("incident".into(), "incident".into()));
    assert_eq!((text(&shown, "occurred"), text(&shown, "detection")), ("2014-05".into(), "external".into()));
    let cost = &shown["costs"][0];
    assert_eq!((&cost["amount_minor"], &cost["basis"]), (&json!(145_050), &json!("estimate")), "{cost}");
    assert!(text(&shown["comments"][0], "text").contains("- plus.team: night shift"));
    let gaps: Vec<(String, String)> =
        shown["gaps"].as_array().unwrap().iter().map(|gap| (text(gap, "kind"), text(gap, "place"))).collect();
    assert!(
        gaps.contains(&("value_unknown".to_owned(), "action.physical.variety[1]".to_owned())),
        "{gaps:?}"
    );
    register.expect_sound();
}

fn records_come_in_once_whatever_their_store_calls_them(database: &TestDatabase) {
    let register = Register::found(database);
    let mut nameless = theft("x");
    nameless.as_object_mut().unwrap().remove("incident_id");
    let records = [theft("T-1"), theft("T-2"), nameless];
    import(&register, &input(&register, "records.json", &json!(records).to_string()));
    let mut renamed = records;
    renamed.iter_mut().for_each(|record| record["_id"] = json!("another store"));
    let again = import(&register, &input(&register, "others.jsonl", &lines(&renamed)));
    assert_eq!(counts(&again), [3, 0, 0, 3, 0], "{:?}", fates(&again));
    let run = register.ok("ada", "list_imports", json!({}));
    assert_eq!(text(&run[0], "source"), "veris");
    register.ok("ada", "undo_import", json!({ "run": run[1]["reference"], "reason": "the wrong register" }));
    let anew = import(&register, &input(&register, "others.jsonl", &lines(&renamed)));
    assert_eq!(counts(&anew), [3, 3, 0, 0, 0], "cases that were taken back do not count");
    register.expect_sound();
}

fn a_later_record_settles_the_gaps_that_it_fills(database: &TestDatabase) {
    let register = Register::found(database);
    import(&register, &input(&register, "first.jsonl", &lines(&[theft("T-1")])));
    let reference = case(&register, "T-1")["reference"].clone();
    register.ok("ada", "edit_case", json!({ "case": reference, "title": "Theft at night" }));
    let mut later = theft("T-1");
    later["security_incident"] = json!("Near miss");
    later["victim"]["country"] = json!(["NL"]);
    later["impact"]["loss"][0]["amount"] = json!(1500);
    let mut asked = input(&register, "later.jsonl", &lines(&[later]));
    let shown = import(&register, &asked);
    assert_eq!((counts(&shown), &shown["not_applied"]), ([1, 0, 1, 0, 0], &json!(1)));
    asked["update"] = json!(true);
    let done = import(&register, &asked);
    assert_eq!((counts(&done), &done["not_applied"]), ([1, 0, 1, 0, 0], &json!(0)), "{:?}", fates(&done));
    let after = case(&register, "T-1");
    assert_eq!((text(&after, "class"), text(&after, "title")), ("near_miss".into(), "Theft at night".into()));
    assert_eq!(after["costs"].as_array().unwrap().len(), 1);
    assert_eq!(after["costs"][0]["amount_minor"], 150_000);
    let open: Vec<String> = after["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|gap| gap["state"] == "open")
        .map(|gap| text(gap, "place"))
        .collect();
    assert_eq!(open, ["action.physical.variety[1]", "victim.industry"]);
    register.expect_sound();
}

fn losses_are_compared_line_by_line(database: &TestDatabase) {
    let register = Register::found(database);
    let told = |register: &Register, name: &str, losses: &Value| {
        let mut record = theft("T-1");
        record["impact"]["loss"] = losses.clone();
        let mut asked = input(register, name, &lines(&[record]));
        asked["update"] = json!(true);
        fates(&import(register, &asked)).remove(0)
    };
    let loss = |amount: u32, variety: &str| json!({ "amount": amount, "variety": variety });
    let costs = |register: &Register| -> Vec<(u64, String)> {
        let shown = case(register, "T-1");
        let line = |line: &Value| (line["amount_minor"].as_u64().unwrap(), text(line, "kind"));
        shown["costs"].as_array().unwrap().iter().map(line).collect()
    };
    let downtime = "Business disruption";
    told(&register, "1.jsonl", &json!([loss(100, downtime), loss(200, downtime)]));
    told(&register, "2.jsonl", &json!([loss(100, downtime), loss(100, downtime)]));
    assert_eq!(costs(&register), [(10_000, "downtime".into()), (10_000, "downtime".into())]);
    told(&register, "3.jsonl", &json!([loss(100, downtime), loss(100, "Legal and regulatory")]));
    assert_eq!(costs(&register), [(10_000, "downtime".into()), (10_000, "legal".into())]);
    let fewer = told(&register, "4.jsonl", &json!([loss(100, downtime)]));
    assert!(fewer.contains("not applied: cost"), "{fewer}");
    assert_eq!(costs(&register).len(), 2);
    register.expect_sound();
}

fn what_a_later_record_says_is_lost_nowhere(database: &TestDatabase) {
    let register = Register::found(database);
    import(&register, &input(&register, "first.jsonl", &lines(&[theft("T-1")])));
    let mut later = theft("T-1");
    later["notes"] = json!("found in spring");
    later["plus"]["master_id"] = json!("M-7");
    later["control_failure"] = json!("no lock");
    later["corrective_action"] = json!("buy a lock");
    let mut asked = input(&register, "later.jsonl", &lines(&[later.clone()]));
    asked["update"] = json!(true);
    let done = import(&register, &asked);
    let reason = fates(&done).remove(0);
    assert!(
        reason.contains("applied to CASE-") && reason.contains("not applied: root cause, action"),
        "{reason}"
    );
    let shown = case(&register, "T-1");
    let comments: Vec<String> =
        shown["comments"].as_array().unwrap().iter().map(|comment| text(comment, "text")).collect();
    assert_eq!(comments.len(), 3, "{comments:?}");
    for (comment, line) in [
        (1, "- notes: found in spring"),
        (1, "- plus.master_id: M-7"),
        (1, "- plus.team: night shift"),
        (2, "- root cause: no lock"),
        (2, "- action: buy a lock"),
    ] {
        assert!(comments[comment].lines().any(|kept| kept == line), "{line}: {comments:?}");
    }
    later["summary"] = json!("The same, and a summary");
    let mut asked = input(&register, "third.jsonl", &lines(&[later]));
    asked["update"] = json!(true);
    import(&register, &asked);
    let after = case(&register, "T-1");
    assert_eq!(after["comments"], shown["comments"], "what is kept already is not kept again");
    register.expect_sound();
}

fn an_empty_file_is_rejected_like_one_in_a_folder(database: &TestDatabase) {
    let register = Register::found(database);
    let folder = register.beside("incidents");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("empty.json"), "").unwrap();
    for path in [folder.join("empty.json"), folder] {
        let asked = json!({ "path": path, "strict": false, "update": false, "dry_run": false });
        let done = import(&register, &asked);
        assert_eq!(counts(&done), [1, 0, 0, 0, 1]);
        let reason = fates(&done).remove(0);
        assert!(reason.contains("line 1: found an empty file, expected a record"), "{reason}");
    }
}

fn strictness_does_not_change_in_the_middle_of_a_run(database: &TestDatabase) {
    let register = Register::found(database);
    let records: Vec<Value> = (0..600).map(|number| theft(&format!("T-{number}"))).collect();
    let mut asked = input(&register, "many.json", &json!(records).to_string());
    asked["strict"] = json!(true);
    cut_off(&register, "import_veris", &asked);
    asked["strict"] = json!(false);
    let refused = register.refused("ada", "import_veris", asked.clone());
    assert_eq!(refused.kind, nevertwice_service::error::Kind::Conflict);
    assert!(refused.message.contains("many.json with --strict: run it with --strict again"), "{refused}");
    let runs = register.ok("ada", "list_imports", json!({}));
    register.ok("ada", "undo_import", json!({ "run": runs[0]["reference"], "reason": "other options" }));
    assert_eq!(counts(&import(&register, &asked)), [600, 600, 0, 0, 0]);
}

fn strict_rejects_into_a_file_that_can_be_mended(database: &TestDatabase) {
    let register = Register::found(database);
    let mut asked = input(&register, "records.jsonl", &lines(&[theft("T-1")]));
    asked["strict"] = json!(true);
    let done = import(&register, &asked);
    assert_eq!(counts(&done), [1, 0, 0, 0, 1]);
    let reason = fates(&done).remove(0);
    assert!(
        reason.contains("actor: found nothing") && reason.contains("action.physical.variety[1]"),
        "{reason}"
    );
    let file = text(&done, "rejected_file");
    let again =
        import(&register, &json!({ "path": file, "strict": false, "update": false, "dry_run": false }));
    assert_eq!(counts(&again), [1, 1, 0, 0, 0]);
    let twice = import(&register, &input(&register, "records.jsonl", &lines(&[theft("T-1")])));
    assert_eq!(counts(&twice), [1, 0, 0, 1, 0], "the reason is no part of the record");
    register.expect_sound();
}

fn the_files_of_a_folder_are_read_one_by_one(database: &TestDatabase) {
    let register = Register::found(database);
    let folder = register.beside("incidents");
    fs::create_dir_all(folder.join("deeper")).unwrap();
    fs::write(folder.join("b.json"), serde_json::to_string_pretty(&theft("T-2")).unwrap()).unwrap();
    fs::write(folder.join("a.json"), json!([theft("T-1"), theft("T-3")]).to_string()).unwrap();
    fs::write(folder.join("broken.json"), "{ \"incident_id\":").unwrap();
    fs::write(folder.join("c.JSONL"), lines(&[theft("T-4")])).unwrap();
    fs::write(folder.join("notes.txt"), "no record").unwrap();
    let asked = json!({ "path": folder, "strict": false, "update": false, "dry_run": false });
    let done = import(&register, &asked);
    assert_eq!(counts(&done), [5, 4, 0, 0, 1], "{:?}", fates(&done));
    let told = fates(&done);
    assert!(told[0].starts_with("1,T-1,created") && told[2].starts_with("3,T-2,created"), "{told:?}");
    assert!(told[3].contains("broken.json, line 1: found text that is no JSON"), "{told:?}");
    let again = import(&register, &asked);
    assert_eq!(counts(&again), [5, 0, 0, 4, 1]);
    let empty = register.beside("deeper");
    fs::create_dir_all(&empty).unwrap();
    let asked = json!({ "path": empty, "strict": false, "update": false, "dry_run": true });
    let refused = register.refused("ada", "import_veris", asked);
    assert!(refused.to_string().contains("no file that ends in .json or .jsonl"), "{refused}");
    register.expect_sound();
}

fn a_preview_of_records_writes_nothing_and_counts_the_same(database: &TestDatabase) {
    let register = Register::found(database);
    let mut asked =
        input(&register, "records.jsonl", &lines(&[theft("T-1"), theft("T-2"), theft("T-1"), json!([])]));
    asked["dry_run"] = json!(true);
    let shown = import(&register, &asked);
    assert_eq!(register.ok("ada", "list_imports", json!({})), json!([]));
    asked["dry_run"] = json!(false);
    let done = import(&register, &asked);
    assert_eq!((counts(&shown), &shown["gaps"]), (counts(&done), &done["gaps"]));
    assert_eq!(shown["gap_places"], done["gap_places"]);
    assert_eq!(shown["preview"]["counts"]["years"], json!({ "2014": 2 }));
    register.expect_sound();
}

fn records_cut_off_anywhere_end_like_those_that_were_not(database: &TestDatabase) {
    let records: Vec<Value> = (0..1_200).map(|number| theft(&format!("T-{number}"))).collect();
    let content = json!(records).to_string();
    let elsewhere = database.engine().database();
    let whole = Register::found_in(&elsewhere, &elsewhere.folder().join("data"), 1);
    let expected = import(&whole, &input(&whole, "many.json", &content));
    let register = Register::found(database);
    let asked = input(&register, "many.json", &content);
    for _ in 0..3 {
        cut_off(&register, "import_veris", &asked);
    }
    let done = import(&register, &asked);
    assert_eq!((counts(&done), &done["gaps"]), (counts(&expected), &expected["gaps"]));
    assert_eq!((fates(&done), everything(&register)), (fates(&expected), everything(&whole)));
    assert_eq!(register.ok("ada", "list_imports", json!({})).as_array().unwrap().len(), 1);
    register.expect_sound();
}
