//! Backups through the service: made, verified, damaged, restored; and what the doctor says of a sick register.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use nevertwice_domain::read_model::{Common, Document, DocumentAccess, SupplierDocument};
use nevertwice_domain::time::Timestamp;
use nevertwice_index::{Change, Index, StoreIdentity};
use nevertwice_service::backup::{self, RestoreView};
use nevertwice_service::clock::Clock;
use nevertwice_service::error::Kind;
use nevertwice_service::{ServiceError, setup};
use nevertwice_store::DatabaseUrl;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, Story, hold, text};

nevertwice_testkit::on_each_engine!(
    a_backup_verifies_and_restores_everything,
    a_damaged_backup_is_found_and_not_restored,
    a_changed_evidence_file_stops_a_backup,
    a_backup_is_not_restored_over_a_register,
    a_shorter_history_has_to_be_confirmed_and_stays_known,
    keys_are_in_a_backup_only_when_asked_for,
    the_doctor_says_what_is_wrong_and_what_to_do,
    the_doctor_counts_what_the_index_has,
);

/// A register with one told case and a checkpoint.
fn told(database: &TestDatabase) -> (Register, Story) {
    let register = Register::found(database);
    register.add_callers();
    let story = Story::tell(&register, &|what| format!("a {what}"));
    (register, story)
}

fn back_up(register: &Register, name: &str, with_keys: bool) -> PathBuf {
    let out = register.beside(name);
    let made = register.ok("ada", "create_backup", json!({ "out": out, "with_keys": with_keys }));
    assert_eq!(text(&made, "backup"), out.display().to_string());
    out
}

fn restore(
    register: &Register,
    backup: &Path,
    root: &Path,
    url: &DatabaseUrl,
    shorter: bool,
) -> Result<RestoreView, ServiceError> {
    let now: Timestamp = register.clock.now();
    backup::restore(backup, &hold(root), url, shorter, now)
}

fn a_backup_verifies_and_restores_everything(database: &TestDatabase) {
    let (register, story) = told(database);
    register.ok("ada", "make_checkpoint", json!({}));
    let shown = register.ok("ada", "show_case", json!({ "case": story.case }));
    let entries = register.trail_length();
    let made = back_up(&register, "backup", true);
    // What is written after the backup is not in it.
    register.ok("ada", "report_case", json!({ "title": "too late" }));

    let report = backup::verify(&made).unwrap();
    assert!(report.ok, "{:?}", report.findings);
    assert_eq!((report.entries, report.evidence_files), (entries, 1));

    let elsewhere = database.engine().database();
    let url: DatabaseUrl = elsewhere.url().parse().unwrap();
    let root = register.beside("restored");
    let restored = restore(&register, &made, &root, &url, false).unwrap();
    assert_eq!((restored.entries, restored.entries_lost, restored.evidence_files), (entries, 0, 1));
    assert!(restored.signing_key);

    let again = register.with_service(setup::open(hold(&root), &url, register.edge()).unwrap());
    assert_eq!(again.ok("ada", "show_case", json!({ "case": story.case })), shown);
    let verified = again.ok("ada", "verify_trail", json!({}));
    assert_eq!(
        (&verified["findings"], &verified["entries"], &verified["files"]),
        (&json!([]), &json!(entries), &json!(1))
    );
    assert_eq!(verified["checkpoints"], 1, "the log of checkpoints came along");
    let found = again.ok("ada", "search", json!({ "query": "timeline", "limit": 5, "offset": 0 }));
    assert_eq!(text(&found["items"][0], "reference"), story.case, "the index is made anew");
    let next = again.ok("ada", "report_case", json!({ "title": "after the restore" }));
    assert_eq!(text(&next, "reference"), "CASE-2026-0002", "numbers go on without a gap");
}

fn a_damaged_backup_is_found_and_not_restored(database: &TestDatabase) {
    let (register, _) = told(database);
    let made = back_up(&register, "backup", false);
    let elsewhere = database.engine().database();
    let url: DatabaseUrl = elsewhere.url().parse().unwrap();
    let mut files = Vec::new();
    collect(&made, &mut files);
    assert!(files.len() >= 4, "{files:?}");
    for file in &files {
        let whole = fs::read(file).unwrap();
        let (middle, mut flipped, mut grown) = (whole.len() / 2, whole.clone(), whole.clone());
        // More white space is no damage to the manifest; a word is.
        grown.extend(b" more");
        // A table without rows is an empty file; there is nothing in it to flip or to cut off. The highest bit makes no text
        // another that means the same, as a capital letter in a hash would.
        flipped.iter_mut().skip(middle).take(1).for_each(|byte| *byte ^= 0x80);
        let damages = [flipped, whole[..middle].to_vec(), grown];
        for damaged in damages.into_iter().filter(|damaged| *damaged != whole) {
            fs::write(file, damaged).unwrap();
            expect_unwell(&register, &made, &url, file);
        }
        fs::remove_file(file).unwrap();
        expect_unwell(&register, &made, &url, file);
        fs::write(file, whole).unwrap();
    }
    fs::write(made.join("evidence/extra"), "slipped in").unwrap();
    expect_unwell(&register, &made, &url, Path::new("an extra file"));
    fs::remove_file(made.join("evidence/extra")).unwrap();
    assert!(backup::verify(&made).unwrap().ok);
}

fn expect_unwell(register: &Register, made: &Path, url: &DatabaseUrl, file: &Path) {
    match backup::verify(made) {
        Ok(report) => assert!(!report.ok && !report.findings.is_empty(), "{} is damaged", file.display()),
        Err(error) => assert!(matches!(error.kind, Kind::Integrity | Kind::NotFound), "{error:?}"),
    }
    let root = register.beside("never");
    let refused = restore(register, made, &root, url, true);
    assert!(refused.is_err(), "restored with {} damaged", file.display());
    assert!(setup::open(hold(&root), url, register.edge()).is_err(), "there is a register all the same");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

fn a_changed_evidence_file_stops_a_backup(database: &TestDatabase) {
    let (register, _) = told(database);
    let file = fs::read_dir(register.service.folder().evidence()).unwrap().next().unwrap().unwrap().path();
    fs::write(&file, "something else").unwrap();
    let out = register.beside("backup");
    let error = register.refused("ada", "create_backup", json!({ "out": out, "with_keys": false }));
    assert_eq!((error.kind, error.code.as_str()), (Kind::Integrity, "evidence.changed"));
    assert!(error.message.contains(&file.display().to_string()), "{}", error.message);
    assert!(!out.exists(), "half a backup has the name of a whole one");
}

fn a_backup_is_not_restored_over_a_register(database: &TestDatabase) {
    let (register, story) = told(database);
    let made = back_up(&register, "backup", false);
    let root = register.beside("other");
    let refused = restore(&register, &made, &root, register.url(), true).unwrap_err();
    assert!(matches!(refused.kind, Kind::Conflict | Kind::Unavailable), "{refused:?}");
    register.ok("ada", "show_case", json!({ "case": story.case }));
    register.expect_sound();
    let out = json!({ "out": made, "with_keys": false });
    assert_eq!(
        register.refused("ada", "create_backup", out).kind,
        Kind::Conflict,
        "nor a backup over a backup"
    );
}

fn a_shorter_history_has_to_be_confirmed_and_stays_known(database: &TestDatabase) {
    let (register, _) = told(database);
    let made = back_up(&register, "backup", true);
    let kept = register.trail_length();
    register.ok("ada", "report_case", json!({ "title": "will be lost" }));
    register.ok("ada", "make_checkpoint", json!({}));
    let lost = register.trail_length() - kept;

    // The folder stays, its database is gone.
    let root = register.beside("data");
    let elsewhere = database.engine().database();
    let url: DatabaseUrl = elsewhere.url().parse().unwrap();
    let register = register.reopened_after(|_| {
        let backup = |shorter| {
            backup::restore(&made, &hold(&root), &url, shorter, "2026-03-03T00:00:00Z".parse().unwrap())
        };
        let refused = backup(false).unwrap_err();
        assert_eq!((refused.kind, refused.code.as_str()), (Kind::Conflict, "restore.shorter"));
        assert!(refused.message.contains(&format!("{lost} entries")), "{}", refused.message);
        assert_eq!(backup(true).unwrap().entries_lost, lost);
    });
    drop(register);
}

fn keys_are_in_a_backup_only_when_asked_for(database: &TestDatabase) {
    let (register, _) = told(database);
    let keys = |backup: &Path| backup.join("keys/signing.key").exists();
    assert!(!keys(&back_up(&register, "without", false)));
    assert!(keys(&back_up(&register, "with", true)));
}

fn checkup(register: &Register, name: &str) -> (String, String) {
    let health = register.ok("ada", "doctor", json!({}));
    let checks = health["checks"].as_array().unwrap();
    let check =
        checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("no {name}: {health}"));
    let failing = checks.iter().any(|check| check["state"] == "failing");
    assert_eq!(health["ok"], Value::Bool(!failing));
    (text(check, "state"), text(check, "detail"))
}

fn the_doctor_says_what_is_wrong_and_what_to_do(database: &TestDatabase) {
    let (register, story) = told(database);
    let folder = register.service.folder().clone();
    for name in ["database", "file modes", "disk", "clock", "signing key", "index", "trail"] {
        assert_ne!(checkup(&register, name).0, "failing", "{name}: {:?}", checkup(&register, name));
    }
    assert_eq!(checkup(&register, "backups").0, "advice");
    register.ok("ada", "create_backup", json!({ "with_keys": false }));
    assert_eq!(checkup(&register, "backups").0, "well");

    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(&folder.signing_key(), 0o644);
    let (state, detail) = checkup(&register, "file modes");
    assert!(state == "failing" && detail.contains("signing.key") && detail.contains("chmod"), "{detail}");
    mode(&folder.signing_key(), 0o600);

    let key = fs::read(folder.signing_key()).unwrap();
    fs::remove_file(folder.signing_key()).unwrap();
    let (state, detail) = checkup(&register, "signing key");
    assert!(state == "failing" && detail.contains("--signing-key"), "{detail}");
    let error = register.refused("ada", "make_checkpoint", json!({}));
    assert_eq!(error.code, "key.missing");
    fs::write(folder.signing_key(), key).unwrap();

    let file = fs::read_dir(folder.evidence()).unwrap().next().unwrap().unwrap().path();
    fs::remove_file(&file).unwrap();
    let (state, detail) = checkup(&register, "trail");
    assert!(state == "failing" && detail.contains("trail verify"), "{detail}");
    register.clock.forward_days(8);
    let (state, detail) = checkup(&register, "backups");
    assert!(state == "advice" && detail.contains("backup create"), "{detail}");
    register.clock.forward_days(-30);
    assert_eq!(checkup(&register, "clock").0, "failing");
    let error =
        register.refused("ada", "add_comment", json!({ "case": story.case, "text": "from the past" }));
    assert_eq!(error.kind, Kind::Unavailable, "a clock that runs behind writes nothing: {}", error.message);
}

fn the_doctor_counts_what_the_index_has(database: &TestDatabase) {
    let (register, _) = told(database);
    let (state, detail) = checkup(&register, "index");
    assert_eq!(state, "well", "{detail}");
    let (root, store_id) = (register.service.folder().index(), register.service.info().id);
    let register = register.reopened_after(|_| {
        let index = Index::open(&root, StoreIdentity { store_id }).unwrap().into_index();
        index.apply(&[Change::Upsert(Box::new(stray()))], index.position().unwrap()).unwrap();
    });
    let (state, detail) = checkup(&register, "index");
    assert!(state == "failing" && detail.contains("run index rebuild"), "{state}: {detail}");
    register.ok("ada", "rebuild_index", json!({}));
    let (state, detail) = checkup(&register, "index");
    assert_eq!(state, "well", "{detail}");
}

/// The document of a supplier that the store does not know.
fn stray() -> Document {
    let at: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    let common = Common {
        id: uuid::Uuid::from_u128(1),
        reference: "SUP-9999".to_owned(),
        origin_reference: None,
        links: Vec::new(),
        title: "nobody entered it".to_owned(),
        state: "known",
        open: true,
        registered_at: at,
        registered_local: at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).datetime(),
        access: DocumentAccess::Open { named: Vec::new() },
        tags: Vec::new(),
        fields: Vec::new(),
        passages: Vec::new(),
    };
    Document::Supplier(SupplierDocument { common, owner: None })
}
