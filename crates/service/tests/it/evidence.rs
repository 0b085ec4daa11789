//! Evidence files: kept once, never changed unnoticed.

use std::fs;
use std::path::PathBuf;

use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, Story, text};

nevertwice_testkit::on_each_engine!(
    the_same_file_twice_is_kept_once,
    a_changed_or_missing_file_is_found,
    who_may_not_add_evidence_makes_this_machine_keep_nothing,
    what_is_no_file_is_refused,
    a_completion_is_shown_by_its_evidence,
    a_file_that_nothing_refers_to_goes_after_a_day,
    files_go_with_a_report_and_come_with_it,
    a_report_whose_files_are_too_many_or_too_large_is_none,
    a_file_that_is_not_what_its_name_says_is_not_kept,
);

fn add(case: &str, file: &std::path::Path) -> Value {
    json!({ "case": case, "source": { "file": file }, "legal_hold": false })
}

fn kept(register: &Register) -> Vec<PathBuf> {
    match fs::read_dir(register.service.folder().evidence()) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    }
}

fn two_cases(register: &Register) -> [String; 2] {
    ["one", "two"]
        .map(|title| text(&register.ok("ada", "report_case", json!({ "title": title })), "reference"))
}

fn the_same_file_twice_is_kept_once(database: &TestDatabase) {
    let register = Register::found(database);
    let [one, two] = two_cases(&register);
    let (log, copy) = (register.beside("mail.log"), register.beside("copy of mail.log"));
    fs::write(&log, "the same bytes").unwrap();
    fs::copy(&log, &copy).unwrap();
    let first = register.ok("ada", "add_evidence", add(&one, &log));
    let second = register.ok("ada", "add_evidence", add(&two, &copy));
    assert_eq!(first["sha256"], second["sha256"]);
    assert_eq!((text(&first, "name"), text(&second, "name")), ("mail.log".into(), "copy of mail.log".into()));
    let files = kept(&register);
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(fs::read_to_string(&files[0]).unwrap(), "the same bytes");
    assert_eq!(files[0].file_name().unwrap().to_str(), first["sha256"].as_str());
    assert_eq!(register.ok("ada", "verify_trail", json!({}))["files"], 1);
    register.expect_sound();
}

fn a_changed_or_missing_file_is_found(database: &TestDatabase) {
    let register = Register::found(database);
    let [one, _] = two_cases(&register);
    let log = register.beside("mail.log");
    fs::write(&log, "as it was").unwrap();
    let added = register.ok("ada", "add_evidence", add(&one, &log));
    register.expect_sound();

    let file = kept(&register).remove(0);
    let findings = || {
        let found = register.ok("ada", "verify_trail", json!({}));
        assert_eq!(found["ok"], found["findings"].as_array().unwrap().is_empty());
        found["findings"].as_array().unwrap().clone()
    };
    for change in [Some("as it was not"), None] {
        match change {
            Some(bytes) => fs::write(&file, bytes).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        let findings = findings();
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(text(&findings[0], "table"), "evidence file");
        assert_eq!(text(&findings[0], "reference"), text(&added, "sha256"));
    }
    register.ok("ada", "add_evidence", add(&one, &log));
    assert!(findings().is_empty(), "the same file put back mends it");
}

fn who_may_not_add_evidence_makes_this_machine_keep_nothing(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let [one, _] = two_cases(&register);
    let log = register.beside("secret.log");
    fs::write(&log, "somebody's secret").unwrap();
    for user in ["reporter", "responder", "auditor", "stranger", "administrator"] {
        register.refused(user, "add_evidence", add(&one, &log));
    }
    // Whether a file is there is not for them either.
    let absent = register.refused("auditor", "add_evidence", add(&one, &register.beside("absent")));
    assert_eq!(absent, register.refused("auditor", "add_evidence", add(&one, &log)));
    assert!(kept(&register).is_empty());
}

fn what_is_no_file_is_refused(database: &TestDatabase) {
    let register = Register::found(database);
    let [one, _] = two_cases(&register);
    let entries = register.trail_length();
    let folder = register.beside("folder");
    fs::create_dir(&folder).unwrap();
    let error = register.refused("ada", "add_evidence", add(&one, &folder));
    assert_eq!((error.kind, error.code.as_str()), (Kind::Invalid, "evidence.not_a_file"));
    let error = register.refused("ada", "add_evidence", add(&one, &register.beside("absent")));
    assert_eq!(error.kind, Kind::NotFound);
    assert!(error.message.contains("absent"), "{}", error.message);
    assert_eq!(register.trail_length(), entries);
    assert!(kept(&register).is_empty(), "nothing half copied stays");
}

fn a_completion_is_shown_by_its_evidence(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let story = Story::tell(&register, &|what| format!("a {what}"));
    let link = |action: &str| {
        json!({ "case": story.case, "action": action, "source": { "link": "https://example.org/run/7" },
            "name": "drill", "legal_hold": true })
    };
    let added = register.ok("assigned", "add_evidence", link(&story.action));
    assert_eq!((&added["link"], &added["sha256"]), (&json!("https://example.org/run/7"), &Value::Null));
    let [other, _] = two_cases(&register);
    let mut elsewhere = link(&story.action);
    elsewhere["case"] = json!(other);
    assert_eq!(register.refused("ada", "add_evidence", elsewhere).code, "evidence.other_action");
}

fn a_file_that_nothing_refers_to_goes_after_a_day(database: &TestDatabase) {
    let register = Register::found(database);
    let [one, _] = two_cases(&register);
    let log = register.beside("mail.log");
    fs::write(&log, "evidence").unwrap();
    let added = register.ok("ada", "add_evidence", add(&one, &log));
    let left = register.service.folder().evidence().join("left-by-a-command-that-was-cut-off");
    fs::write(&left, "half").unwrap();
    // The test's clock is behind the machine's, which dates the files.
    assert_eq!(register.service.sweep().unwrap(), 0, "it may still be at work");
    register.clock.forward_days(10_000);
    assert_eq!(register.service.sweep().unwrap(), 1);
    let kept = kept(&register);
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].file_name().unwrap().to_str(), added["sha256"].as_str());
}

fn files_go_with_a_report_and_come_with_it(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let attach = |name: &str, content: &str| {
        let file = register.beside(name);
        fs::write(&file, content).unwrap();
        json!({ "path": file, "name": name })
    };
    let attachments =
        [attach("notes.txt", "the lock"), attach("mail.eml", "who wrote it"), attach("copy.txt", "the lock")];
    let report = json!({ "title": "A broken lock", "attachments": attachments });
    let shown = register.ok("reporter", "report_case", report);
    let evidence = shown["evidence"].as_array().unwrap();
    let told: Vec<_> =
        evidence.iter().map(|item| (item["name"].clone(), item["collected_by"].clone())).collect();
    let by = json!("reporter");
    assert_eq!(told, ["notes.txt", "mail.eml", "copy.txt"].map(|name| (json!(name), by.clone())));
    assert_eq!(kept(&register).len(), 2, "the same bytes are kept once");
    assert_eq!(register.ok("reporter", "show_case", json!({ "case": shown["reference"] })), shown);
    register.expect_sound();
    // With the report only: it is not theirs to add evidence later.
    let later = add(&text(&shown, "reference"), &register.beside("mail.eml"));
    assert_eq!(register.refused("reporter", "add_evidence", later).kind, Kind::Forbidden);
}

fn a_file_that_is_not_what_its_name_says_is_not_kept(database: &TestDatabase) {
    let register = Register::found(database);
    let [one, _] = two_cases(&register);
    let photo = register.beside("photo.png");
    fs::write(&photo, "#!/bin/sh").unwrap();
    let refused = register.refused("ada", "add_evidence", add(&one, &photo));
    assert_eq!((refused.code.as_str(), refused.fields[0].field.as_str()), ("evidence.not_its_name", "file"));
    let attachments = [json!({ "path": photo, "name": "photo.png" })];
    let report = json!({ "title": "A picture", "attachments": attachments });
    let refused = register.refused("ada", "report_case", report);
    assert_eq!(refused.fields[0].field, "attachments");
    assert_eq!(kept(&register).len(), 0);
    // Under a name that promises nothing it is kept.
    let named =
        json!({ "case": one, "source": { "file": photo }, "name": "the script", "legal_hold": false });
    register.ok("ada", "add_evidence", named);
    register.expect_sound();
}

fn a_report_whose_files_are_too_many_or_too_large_is_none(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let small = register.beside("small.txt");
    fs::write(&small, "small").unwrap();
    let large = register.beside("large.bin");
    fs::File::create(&large).unwrap().set_len(25_000_001).unwrap();
    let entries = register.trail_length();
    let attach = |file: &PathBuf, times: usize| {
        let attachment = json!({ "path": file, "name": "a file" });
        json!({ "title": "A broken lock", "attachments": vec![attachment; times] })
    };
    let refused = |user: &str, input: Value| register.refused(user, "report_case", input).code;
    assert_eq!(refused("reporter", attach(&small, 11)), "report.too_many_files");
    assert_eq!(refused("reporter", attach(&large, 1)), "evidence.too_large");
    assert_eq!(refused("auditor", attach(&small, 1)), "forbidden");
    assert_eq!((kept(&register), register.trail_length()), (Vec::new(), entries));
    register.ok("reporter", "report_case", attach(&small, 10));
}
