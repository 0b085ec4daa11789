//! A data folder changed behind the program's back: what is found, and what only a checkpoint kept outside tells. Rows
//! and entries are the business of the store's own tests.

use std::fs;
use std::path::{Path, PathBuf};

use nevertwice_service::backup;
use nevertwice_service::bundle::{BundleView, verify_offline};
use nevertwice_service::clock::Clock;
use nevertwice_service::setup;
use nevertwice_store::DatabaseUrl;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, hold, text};

nevertwice_testkit::on_each_engine!(
    evidence_renamed_exchanged_or_replaced_is_found,
    the_log_of_another_register_is_found,
    a_register_put_back_is_found_by_its_log_or_by_a_checkpoint_kept_outside,
);

/// A register with a case and two evidence files; gives their paths.
fn with_evidence(database: &TestDatabase) -> (Register, [PathBuf; 2]) {
    let register = Register::found(database);
    let case = text(&register.ok("ada", "report_case", json!({ "title": "a case" })), "reference");
    let kept = ["first", "second"].map(|content| {
        let file = register.beside(content);
        fs::write(&file, content).unwrap();
        let input = json!({ "case": case, "source": { "file": file }, "legal_hold": false });
        let added = register.ok("ada", "add_evidence", input);
        register.service.folder().evidence().join(text(&added, "sha256"))
    });
    register.expect_sound();
    (register, kept)
}

/// Table and reference of each finding.
fn places(register: &Register) -> Vec<(String, String)> {
    let found = register.ok("ada", "verify_trail", json!({}));
    let findings = found["findings"].as_array().unwrap();
    assert_eq!(found["ok"], Value::Bool(findings.is_empty()));
    findings.iter().map(|finding| (text(finding, "table"), text(finding, "reference"))).collect()
}

fn of_file(path: &Path) -> (String, String) {
    ("evidence file".to_owned(), path.file_name().unwrap().to_string_lossy().into_owned())
}

fn evidence_renamed_exchanged_or_replaced_is_found(database: &TestDatabase) {
    let (register, [first, second]) = with_evidence(database);
    let aside = register.beside("aside");

    fs::rename(&first, first.with_file_name("0".repeat(64))).unwrap();
    assert_eq!(places(&register), [of_file(&first)], "renamed");
    fs::rename(first.with_file_name("0".repeat(64)), &first).unwrap();

    for (from, to) in [(&first, &aside), (&second, &first), (&aside, &second)] {
        fs::rename(from, to).unwrap();
    }
    let mut found = places(&register);
    found.sort();
    let mut both = [of_file(&first), of_file(&second)];
    both.sort();
    assert_eq!(found, both, "in each other's place");
    for (from, to) in [(&second, &aside), (&first, &second), (&aside, &first)] {
        fs::rename(from, to).unwrap();
    }
    register.expect_sound();

    fs::rename(&first, &aside).unwrap();
    fs::create_dir(&first).unwrap();
    assert_eq!(places(&register), [of_file(&first)], "a folder in its place");
    fs::remove_dir(&first).unwrap();
    fs::write(&first, "").unwrap();
    assert_eq!(places(&register), [of_file(&first)], "emptied");
    fs::write(&first, "first ").unwrap();
    assert_eq!(places(&register), [of_file(&first)], "longer by a byte");
}

fn the_log_of_another_register_is_found(database: &TestDatabase) {
    let register = Register::found(database);
    let elsewhere = database.engine().database();
    let other = Register::found_in(&elsewhere, &register.beside("other"), 2);
    for each in [&register, &other] {
        each.ok("ada", "make_checkpoint", json!({}));
        each.ok("ada", "report_case", json!({ "title": "a case" }));
        each.ok("ada", "make_checkpoint", json!({}));
        each.expect_sound();
    }
    let (log, key) = (register.service.folder().checkpoints(), register.service.folder().verifier_key());
    let own = fs::read_to_string(&log).unwrap();
    let foreign = fs::read_to_string(other.service.folder().checkpoints()).unwrap();
    let line = |number: u32| ("checkpoints.log".to_owned(), format!("line {number}"));

    fs::write(&log, &foreign).unwrap();
    assert_eq!(places(&register), [line(1), line(2)], "signed by another key");
    let own_key = fs::read(&key).unwrap();
    fs::write(&key, fs::read(other.service.folder().verifier_key()).unwrap()).unwrap();
    assert_eq!(places(&register), [line(1), line(2)], "with its key beside it");
    fs::write(&key, own_key).unwrap();
    fs::write(&log, format!("{own}{}\n", foreign.lines().next().unwrap())).unwrap();
    assert_eq!(places(&register), [line(3)], "a line of it");
    fs::write(&log, own.replacen("\u{2014} ", "- ", 1)).unwrap();
    assert_eq!(places(&register), [line(1)], "a changed line");
    fs::write(&log, "no line of it\n").unwrap();
    assert_eq!(places(&register), [line(1)], "no log at all");

    // The log lies beside the database: whoever can change the one can take away the other. That is why a checkpoint
    // has to be kept outside.
    fs::remove_file(&log).unwrap();
    assert_eq!(places(&register), []);
}

fn a_register_put_back_is_found_by_its_log_or_by_a_checkpoint_kept_outside(database: &TestDatabase) {
    let (register, _) = with_evidence(database);
    register.ok("ada", "make_checkpoint", json!({}));
    let earlier = register.beside("earlier");
    register.ok("ada", "create_backup", json!({ "out": earlier, "with_keys": true }));
    register.ok("ada", "report_case", json!({ "title": "what nobody shall know" }));
    let outside = register.ok("ada", "make_checkpoint", json!({}));
    let kept = register.beside("kept.checkpoint");
    fs::write(&kept, text(&outside, "note")).unwrap();
    let later_log = fs::read(register.service.folder().checkpoints()).unwrap();

    // Everything as it was: database, evidence, keys, log.
    let root = register.beside("put-back");
    let elsewhere = database.engine().database();
    let url: DatabaseUrl = elsewhere.url().parse().unwrap();
    backup::restore(&earlier, &hold(&root), &url, false, register.clock.now()).unwrap();
    let back = register.with_service(setup::open(hold(&root), &url, register.edge()).unwrap());
    let log = back.service.folder().checkpoints();
    let earlier_log = fs::read(&log).unwrap();
    fs::write(&log, later_log).unwrap();
    assert_eq!(places(&back), [("checkpoints.log".to_owned(), "line 2".to_owned())], "the log remembers");
    fs::write(&log, earlier_log).unwrap();
    back.expect_sound();

    let key = text(&outside, "key");
    let against_kept = |name: &str| -> BundleView {
        let bundle = back.beside(name);
        back.ok("ada", "export_bundle", json!({ "cases": [], "out": bundle }));
        assert!(verify_offline(&bundle, &key, None).unwrap().ok, "by itself it is sound");
        verify_offline(&bundle, &key, Some(&kept)).unwrap()
    };
    let refusal = against_kept("shorter.bundle").refusal.unwrap();
    assert!(refusal.contains("entries were cut off"), "{refusal}");
    // As long as before, with another end.
    while back.trail_length() < outside["size"].as_u64().unwrap() {
        back.ok("ada", "report_case", json!({ "title": "nothing happened" }));
    }
    let refusal = against_kept("as-long.bundle").refusal.unwrap();
    assert!(refusal.contains("are not those of the known checkpoint"), "{refusal}");
    back.expect_sound();
}
