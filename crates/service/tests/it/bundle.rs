//! Bundles and checkpoints: what leaves the register proves itself to somebody who has nothing but the key.

use std::fs;
use std::path::{Path, PathBuf};

use nevertwice_service::bundle::{BundleView, verify_offline};
use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, Story, text};

nevertwice_testkit::on_each_engine!(
    a_bundle_of_two_cases_verifies_offline,
    a_flipped_byte_anywhere_is_refused,
    a_bundle_of_another_register_is_refused,
    a_later_bundle_has_to_continue_an_earlier_checkpoint,
    a_row_changed_by_sql_is_found_with_table_and_reference,
);

struct Exported {
    register: Register,
    cases: [String; 2],
    bundle: PathBuf,
    key: String,
}

fn exported(database: &TestDatabase) -> Exported {
    let register = Register::found(database);
    register.add_callers();
    let told = ["first", "second", "third"]
        .map(|which| Story::tell(&register, &|what| format!("the {which} {what}")).case);
    let [first, second, _] = told;
    let bundle = register.beside("two.bundle");
    let made = register.ok("ada", "export_bundle", json!({ "cases": [second, first], "out": bundle }));
    let key = text(&made["checkpoint"], "key");
    assert_eq!(made["checkpoint"]["size"], register.trail_length());
    Exported { register, cases: [first, second], bundle, key }
}

fn verify(bundle: &Path, key: &str) -> BundleView {
    verify_offline(bundle, key, None).unwrap()
}

fn a_bundle_of_two_cases_verifies_offline(database: &TestDatabase) {
    let Exported { register, cases, bundle, key } = exported(database);
    let found = verify(&bundle, &key);
    assert!(found.ok, "{:?}", found.refusal);
    let scope = found.scope.unwrap();
    assert!(cases.iter().all(|case| scope.contains(case)), "{scope}");
    for (kind, count) in [("case", 2), ("review", 2), ("lesson", 2), ("action", 2)] {
        assert_eq!(found.objects.get(kind), Some(&count), "{kind} in {:?}", found.objects);
    }
    assert!(found.in_scope > 0 && found.in_scope < found.size, "the rest is there as hashes only");
    assert_eq!(found.size, register.trail_length());
    let content = fs::read_to_string(&bundle).unwrap();
    assert!(content.contains("the first title") && !content.contains("the third title"));

    let key_file = register.service.folder().verifier_key();
    assert!(verify(&bundle, &key_file.display().to_string()).ok, "a key file is as good as the key");
}

fn a_flipped_byte_anywhere_is_refused(database: &TestDatabase) {
    let Exported { register, bundle, key, .. } = exported(database);
    let whole = fs::read(&bundle).unwrap();
    let broken = register.beside("broken.bundle");
    // Every byte is the business of the verifier's own tests; here one in so many shows that it is asked.
    let step = whole.len() / 97;
    for at in (0..whole.len()).step_by(step) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x01;
        fs::write(&broken, bytes).unwrap();
        let found = verify(&broken, &key);
        assert!(!found.ok && found.refusal.is_some(), "byte {at} of {} was flipped", whole.len());
    }
    for length in [0, whole.len() / 2, whole.len() - 1] {
        fs::write(&broken, &whole[..length]).unwrap();
        assert!(!verify(&broken, &key).ok, "cut off at {length}");
    }
}

fn a_bundle_of_another_register_is_refused(database: &TestDatabase) {
    let Exported { bundle, register, .. } = exported(database);
    let elsewhere = database.engine().database();
    let other = Register::found_in(&elsewhere, &register.beside("other"), 2);
    let key = text(&other.ok("ada", "make_checkpoint", json!({})), "key");
    let found = verify(&bundle, &key);
    assert!(!found.ok && found.refusal.is_some());
    assert_eq!(verify_offline(&bundle, "no key at all", None).unwrap_err().kind, Kind::Invalid);
}

fn a_later_bundle_has_to_continue_an_earlier_checkpoint(database: &TestDatabase) {
    let Exported { register, key, .. } = exported(database);
    let checkpoint = register.ok("ada", "make_checkpoint", json!({}));
    let kept = register.beside("kept.checkpoint");
    fs::write(&kept, text(&checkpoint, "note")).unwrap();
    register.ok("ada", "report_case", json!({ "title": "later" }));
    let later = register.beside("later.bundle");
    register.ok("auditor", "export_bundle", json!({ "cases": [], "out": later }));
    let found = verify_offline(&later, &key, Some(&kept)).unwrap();
    assert!(found.ok, "{:?}", found.refusal);
    assert_eq!(found.previous_size, checkpoint["size"].as_u64());

    // A bundle from before the checkpoint does not contain what was signed.
    let earlier = register.beside("two.bundle");
    register.ok("ada", "report_case", json!({ "title": "later still" }));
    let newer = register.ok("ada", "make_checkpoint", json!({}));
    fs::write(&kept, text(&newer, "note")).unwrap();
    assert!(!verify_offline(&earlier, &key, Some(&kept)).unwrap().ok);
}

fn a_row_changed_by_sql_is_found_with_table_and_reference(database: &TestDatabase) {
    let Exported { register, cases, .. } = exported(database);
    register.expect_sound();
    let register = register.reopened_after(|url| {
        let db = nevertwice_store::open(url, nevertwice_store::OpenOptions::default()).unwrap();
        let renamed = db.write_alone(|tx| tx.exec(&RENAME, &[]));
        assert_eq!(renamed.unwrap(), 1);
        db.close();
    });
    let found = register.ok("auditor", "verify_trail", json!({}));
    let findings: Vec<&Value> = found["findings"].as_array().unwrap().iter().collect();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(
        (text(findings[0], "table"), text(findings[0], "reference")),
        ("cases".into(), cases[0].clone())
    );
}

static RENAME: nevertwice_store::statement::Statement = nevertwice_store::statement::Statement::new(
    "RENAME",
    "UPDATE cases SET title = 'nothing happened' WHERE reference = 'CASE-2026-0001'",
);
