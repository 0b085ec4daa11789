//! Archives through the service: what is carried away comes back to the byte, on whichever engine; what is not exactly
//! what was written does not come back at all.

mod hostile;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Barrier;

use nevertwice_service::archive::{self, ImportedView, Wish};
use nevertwice_service::bundle::verify_offline;
use nevertwice_service::clock::Clock;
use nevertwice_service::error::Kind;
use nevertwice_service::{ServiceError, setup};
use nevertwice_store::DatabaseUrl;
use nevertwice_testkit::{TestDatabase, engines};
use serde_json::{Value, json};

use crate::fixture::{Register, Story, hold, text};

nevertwice_testkit::on_each_engine!(
    what_is_carried_away_comes_back_to_the_byte_on_every_engine,
    an_imported_register_goes_on_where_it_was,
    no_secret_is_in_an_archive,
    an_archive_is_not_imported_over_a_register,
    an_export_over_something_or_without_its_evidence_leaves_nothing,
    two_exports_to_one_place_make_one_whole_thing,
    a_new_key_is_made_only_when_wished_for,
    a_new_key_that_was_cut_off_is_made_anew,
    exports_and_imports_are_noted_outside_the_trail,
    what_an_interrupted_import_left_is_in_nobodys_way,
    evidence_that_was_there_outlives_a_refused_import,
    an_archive_without_evidence_may_lose_the_empty_folder,
    every_table_but_those_of_secrets_is_shown_to_come_back,
);

/// A register with rows of every kind.
fn told(database: &TestDatabase) -> (Register, Story) {
    let register = Register::found(database);
    register.add_callers();
    // A tag is one word; every other text may be anything.
    let story = Story::tell(&register, &|what| match what {
        "tag" => "phishing".to_owned(),
        what => format!("a {what} = \"<b>\" | Ü"),
    });
    register.ok("ada", "new_supplier", json!({ "name": "=Northwind", "provides": "labels" }));
    register.ok("ada", "new_asset", json!({ "kind": "model", "name": "Ranker" }));
    register.ok("ada", "new_asset_version", json!({ "asset": "Ranker", "label": "1.0" }));
    let field = json!({ "subject": "case", "label": "Region", "kind": "text", "choices": [] });
    register.ok("ada", "new_field", field);
    register.ok(
        "ada",
        "move_action",
        json!({ "action": story.action, "due_on": "2026-05-01", "reason": "later" }),
    );
    let draft = register.ok("ada", "draft_procedure", json!({ "summary": "our own <days>" }));
    register.ok("ada", "submit_procedure", json!({ "procedure": draft["reference"] }));
    let event = |title| {
        let event = register.ok("ada", "report_case", json!({ "title": title, "class": "event" }));
        register.ok("ada", "classify_case", json!({ "case": event["reference"], "class": "event" }));
        event["reference"].clone()
    };
    let (one, other) = (event("one of two"), event("the other"));
    register.ok("ada", "new_review", json!({ "case": one, "participants": [], "also": [other] }));
    let part = register.ok("ada", "report_case", json!({ "title": "a part of it", "class": "event" }));
    register.ok("ada", "part_of_case", json!({ "case": part["reference"], "parent": story.case }));
    let log = register.beside("log.csv");
    fs::write(&log, "Ticket,Title,Reported,Action,Owner\nT-1,=1+1,2024-05-17,Close it,\n").unwrap();
    register.ok("ada", "import_spreadsheet", json!({ "file": log, "update": false, "dry_run": false }));
    changed(&register, &story);
    learned(&register, &story);
    register.ok("ada", "new_token", json!({ "person": "Ada", "label": "of a laptop" }));
    register.ok("ada", "invite", json!({ "person": "Ada" }));
    (register, story)
}

/// What is covered, confirmed, told to others and acknowledged.
fn learned(register: &Register, story: &Story) {
    let lesson = json!({ "lesson": story.lesson });
    let cover = json!({
        "lesson": story.lesson, "kind": "accepted_risk", "covered_by": "RSK-0001", "reason": "the room is locked",
    });
    register.ok("assigned", "cover_lesson", cover);
    register.ok("ada", "approve_coverage", lesson.clone());
    let shown = register.ok("ada", "show_lesson", lesson.clone());
    if shown["state"] == "draft" {
        register.ok("ada", "approve_lesson", lesson.clone());
    }
    register.ok("ada", "confirm_lesson", lesson);
    let publish = json!({
        "lesson": story.lesson, "title": "Look twice", "text": "before you send", "audience": "everybody",
        "due_on": "2026-12-01",
    });
    let item = register.ok("ada", "publish_awareness", publish);
    register.ok("ada", "acknowledge_awareness", json!({ "item": item["reference"] }));
}

/// What the case says of controls and risks, and a link of its loop that is not needed.
fn changed(register: &Register, story: &Story) {
    let case = &story.case;
    let failed =
        json!({ "case": case, "control": "A.8.16", "performance": "failed", "note": "it was <off>" });
    register.ok("assigned", "add_performance", failed);
    register.ok("ada", "new_control", json!({ "title": "Two release weights" }));
    let change = json!({ "case": case, "control": "A.8.16", "before": "off", "after": "on" });
    register.ok("ada", "new_control_change", change);
    let risk = json!({ "title": "the lock gives way", "owner": "owner", "treatment": "mitigate", "likelihood": 2,
        "impact": 3, "why": "it is old" });
    let risk = text(&register.ok("ada", "new_risk", risk), "reference");
    register.ok("ada", "link_risk", json!({ "risk": risk, "control": "A.8.16" }));
    register.ok("ada", "link_risk", json!({ "risk": risk, "case": case }));
    let again = json!({ "risk": risk, "likelihood": 3, "impact": 3, "why": "it gave way", "case": case });
    register.ok("ada", "assess_risk", again);
    register.ok("owner", "accept_risk", json!({ "risk": risk }));
    let declare = json!({ "case": case, "link": "effectiveness", "reason": "it was <tried>" });
    register.ok("assigned", "declare_not_needed", declare);
}

fn export(register: &Register, name: &str) -> PathBuf {
    let out = register.beside(name);
    let made = register.ok("ada", "export_archive", json!({ "out": out, "views": true }));
    assert_eq!(text(&made, "archive"), out.display().to_string());
    out
}

fn import_into(
    register: &Register,
    archive: &Path,
    root: &Path,
    url: &DatabaseUrl,
    new_key: Option<[u8; 32]>,
) -> Result<ImportedView, ServiceError> {
    let wish = Wish { at: register.clock.now(), new_key };
    archive::import(archive, &hold(root), url, &wish, &|_| ())
}

/// The register that an archive becomes.
fn imported(register: &Register, archive: &Path, target: &TestDatabase) -> Register {
    let root = target.folder().join("data");
    let url: DatabaseUrl = target.url().parse().unwrap();
    import_into(register, archive, &root, &url, None).unwrap();
    register.with_service(setup::open(hold(&root), &url, register.edge()).unwrap())
}

/// Every file below a folder with its content.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(folder: &Path, root: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, files);
            } else {
                files.insert(path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(folder, folder, &mut files);
    files
}

fn what_is_carried_away_comes_back_to_the_byte_on_every_engine(database: &TestDatabase) {
    let (register, story) = told(database);
    let shown = register.ok("ada", "show_case", json!({ "case": story.case }));
    let first = export(&register, "first");
    let files = tree(&first);
    for file in [
        "manifest.json",
        "SHA256SUMS",
        "cases.jsonl",
        "trail_entries.jsonl",
        "views/README.md",
        "views/cases.csv",
    ] {
        assert!(files.contains_key(Path::new(file)), "{file}: {:?}", files.keys());
    }
    for engine in engines() {
        let there = engine.database();
        let copy = imported(&register, &first, &there);
        copy.expect_sound();
        assert_eq!(copy.ok("ada", "show_case", json!({ "case": story.case })), shown);
        let second = there.folder().join("second");
        copy.ok("ada", "export_archive", json!({ "out": second, "views": true }));
        assert_same(&files, &tree(&second));
        let back = database.engine().database();
        let again = imported(&register, &second, &back);
        let third = back.folder().join("third");
        again.ok("ada", "export_archive", json!({ "out": third, "views": true }));
        assert_same(&files, &tree(&third));
    }
}

fn assert_same(one: &BTreeMap<PathBuf, Vec<u8>>, other: &BTreeMap<PathBuf, Vec<u8>>) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (path, content) in one {
        let texts = [content, &other[path]].map(|bytes| String::from_utf8_lossy(bytes));
        assert_eq!(texts[0], texts[1], "{}", path.display());
    }
}

/// The test above says something about a kind of row only if there is one.
fn every_table_but_those_of_secrets_is_shown_to_come_back(database: &TestDatabase) {
    let (register, story) = told(database);
    let files = tree(&export(&register, "archive"));
    for table in nevertwice_store::archive::tables() {
        let file = format!("{}.jsonl", table.name());
        let is_empty = files[Path::new(&file)].is_empty();
        assert!(!is_empty, "there is no row of {} in the register that is told", table.name());
    }
    let page = &files[Path::new(&format!("views/cases/2026/{}.md", story.case))];
    let page = String::from_utf8(page.clone()).unwrap();
    for part in
        ["## Summary", "## Timeline", "## Review ", "## Lessons", "## Actions", "## Evidence", "## Comments"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let sheet = String::from_utf8(files[Path::new("views/cases.csv")].clone()).unwrap();
    assert!(sheet.contains(",'=1+1,"), "a formula: {sheet}");
}

fn an_imported_register_goes_on_where_it_was(database: &TestDatabase) {
    let (register, _) = told(database);
    let entries = register.trail_length();
    let archive = export(&register, "archive");
    let there = database.engine().database();
    let copy = imported(&register, &archive, &there);
    let (old, new) = (register.service.info(), copy.service.info());
    assert_eq!((old.id, old.created_at, old.is_sample), (new.id, new.created_at, new.is_sample));
    let title = json!({ "title": "after the move" });
    let here = text(&register.ok("ada", "report_case", title.clone()), "reference");
    assert_eq!(text(&copy.ok("ada", "report_case", title), "reference"), here, "numbers go on");
    let found = copy.ok("ada", "search", json!({ "query": "timeline", "limit": 5, "offset": 0 }));
    assert!(found["total"].as_u64().unwrap() > 0, "the index is made anew: {found}");
    copy.expect_sound();
    assert_eq!(copy.trail_length(), entries + 1);
    copy.ok("ada", "new_token", json!({ "person": "Ada", "label": "of the new place" }));
    copy.expect_sound();
    let log = copy.beside("log2.csv");
    fs::write(&log, "Ticket,Title,Reported,Action,Owner\nT-1,=1+1,2024-05-17,Close it,\n").unwrap();
    let again =
        copy.ok("ada", "import_spreadsheet", json!({ "file": log, "update": false, "dry_run": false }));
    assert_eq!(again["created"], 0, "rows imported before the move are known: {again}");
}

fn no_secret_is_in_an_archive(database: &TestDatabase) {
    let (register, _) = told(database);
    let token =
        text(&register.ok("ada", "new_token", json!({ "person": "Ada", "label": "of a second" })), "secret");
    let secret_key = fs::read_to_string(register.service.folder().signing_key()).unwrap();
    let hash = {
        use sha2::{Digest, Sha256};
        Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let files = tree(&export(&register, "archive"));
    for (path, content) in &files {
        let content = String::from_utf8_lossy(content);
        for (what, secret) in [
            ("token", token.trim()),
            ("its hash", &hash),
            ("key", secret_key.trim()),
            ("label", "of a laptop"),
        ] {
            assert!(!content.contains(secret), "{what} in {}", path.display());
        }
    }
    assert!(!files.keys().any(|path| path.to_string_lossy().contains("token") || path.starts_with("keys")));
    let there = database.engine().database();
    let copy = imported(&register, &register.beside("archive"), &there);
    let people = copy.ok("ada", "list_people", json!({}));
    assert!(people.as_array().unwrap().len() > 3, "people come along: {people}");
}

fn an_archive_is_not_imported_over_a_register(database: &TestDatabase) {
    let (register, story) = told(database);
    let archive = export(&register, "archive");
    let refused =
        import_into(&register, &archive, &register.beside("other"), register.url(), None).unwrap_err();
    assert_eq!(refused.kind, Kind::Conflict, "{refused:?}");
    register.ok("ada", "show_case", json!({ "case": story.case }));
    register.expect_sound();

    // Nor into a folder whose log of checkpoints knows more.
    register.ok("ada", "report_case", json!({ "title": "one more" }));
    register.ok("ada", "make_checkpoint", json!({}));
    let elsewhere = database.engine().database();
    let root = elsewhere.folder().join("data");
    fs::create_dir_all(&root).unwrap();
    fs::copy(register.service.folder().checkpoints(), root.join("checkpoints.log")).unwrap();
    let url: DatabaseUrl = elsewhere.url().parse().unwrap();
    let refused = import_into(&register, &archive, &root, &url, None).unwrap_err();
    assert_eq!((refused.kind, refused.code.as_str()), (Kind::Conflict, "import.shorter"));
}

fn an_export_over_something_or_without_its_evidence_leaves_nothing(database: &TestDatabase) {
    let (register, _) = told(database);
    let archive = export(&register, "archive");
    let before = tree(&archive);
    let over = json!({ "out": archive, "views": true });
    assert_eq!(register.refused("ada", "export_archive", over).code, "folder.exists");
    assert_same(&before, &tree(&archive));

    let file = fs::read_dir(register.service.folder().evidence()).unwrap().next().unwrap().unwrap().path();
    let out = register.beside("unmade");
    let ask = || register.refused("ada", "export_archive", json!({ "out": out, "views": false }));
    fs::write(&file, "something else").unwrap();
    assert_eq!(ask().code, "evidence.changed");
    fs::remove_file(&file).unwrap();
    assert_eq!((ask().kind, ask().code.as_str()), (Kind::Integrity, "evidence.missing"));
    let left: Vec<_> =
        fs::read_dir(out.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("unmade")), "{left:?}");
}

fn two_exports_to_one_place_make_one_whole_thing(database: &TestDatabase) {
    let (register, _) = told(database);
    let at_once = |name: &str, input: &Value| {
        let start = Barrier::new(4);
        let export = || {
            start.wait();
            register.ask("ada", name, input.clone())
        };
        let outcomes = std::thread::scope(|scope| {
            let running: Vec<_> = (0..4).map(|_| scope.spawn(export)).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        let (made, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(made.len(), 1, "{name}: {refused:?}");
        for error in refused.into_iter().map(Result::unwrap_err) {
            let known =
                ["place.in_use", "folder.exists", "bundle.file_exists"].contains(&error.code.as_str());
            assert!(known && error.kind == Kind::Conflict, "{error:?}");
        }
        made.into_iter().map(Result::unwrap).next().unwrap()
    };
    for round in 0..3 {
        let out = |name: &str| register.beside(&format!("{name}-{round}"));
        at_once("export_archive", &json!({ "out": out("archive"), "views": true }));
        imported(&register, &out("archive"), &database.engine().database()).expect_sound();
        at_once("create_backup", &json!({ "out": out("backup"), "with_keys": false }));
        let verified = nevertwice_service::backup::verify(&out("backup")).unwrap();
        assert!(verified.findings.is_empty(), "{:?}", verified.findings);
        let made = at_once("export_bundle", &json!({ "cases": [], "out": out("bundle") }));
        let key = text(&made["checkpoint"], "key");
        assert!(verify_offline(&out("bundle"), &key, None).unwrap().ok);
    }
}

fn a_new_key_is_made_only_when_wished_for(database: &TestDatabase) {
    let (register, _) = told(database);
    let archive = export(&register, "archive");
    let elsewhere = database.engine().database();
    let without = imported(&register, &archive, &elsewhere);
    assert_eq!(without.refused("ada", "make_checkpoint", json!({})).code, "key.missing");

    let there = database.engine().database();
    let (root, url) = (there.folder().join("data"), there.url().parse().unwrap());
    let view = import_into(&register, &archive, &root, &url, Some([7; 32])).unwrap();
    let with = register.with_service(setup::open(hold(&root), &url, register.edge()).unwrap());
    let made = with.ok("ada", "make_checkpoint", json!({}));
    assert_eq!(Some(text(&made, "key")), view.new_key);
    let before = register.ok("ada", "make_checkpoint", json!({}));
    assert_eq!(
        (&made["root"], &made["origin"]),
        (&before["root"], &before["origin"]),
        "the trail is the same"
    );
    assert_ne!(made["key"], before["key"]);

    // A key that is in place already stays.
    let third = database.engine().database();
    let (root, url) = (third.folder().join("data"), third.url().parse().unwrap());
    fs::create_dir_all(root.join("keys")).unwrap();
    fs::copy(register.service.folder().signing_key(), root.join("keys/signing.key")).unwrap();
    let view = import_into(&register, &archive, &root, &url, Some([7; 32])).unwrap();
    assert_eq!((view.signing_key, view.new_key), (true, None));
}

/// The sign of a key that belongs to nobody yet stays where an import is killed, or the disk is full.
fn a_new_key_that_was_cut_off_is_made_anew(database: &TestDatabase) {
    let (register, _) = told(database);
    let archive = export(&register, "archive");
    let own = fs::read_to_string(register.service.folder().signing_key()).unwrap();
    // Nothing yet, half a key, and a key that somebody put there since.
    for (secret, is_kept) in [(None, false), (Some("PRIVATE+"), false), (Some(own.as_str()), true)] {
        let there = database.engine().database();
        let (root, url) = (there.folder().join("data"), there.url().parse().unwrap());
        fs::create_dir_all(root.join("keys")).unwrap();
        fs::write(root.join("founding"), "").unwrap();
        if let Some(secret) = secret {
            fs::write(root.join("keys/signing.key"), secret).unwrap();
        }
        let view = import_into(&register, &archive, &root, &url, Some([7; 32])).unwrap();
        assert_eq!((view.signing_key, view.new_key.is_none()), (true, is_kept), "{secret:?}");
        let copy = register.with_service(setup::open(hold(&root), &url, register.edge()).unwrap());
        copy.ok("ada", "make_checkpoint", json!({}));
        assert!(!root.join("founding").exists());
    }
}

fn exports_and_imports_are_noted_outside_the_trail(database: &TestDatabase) {
    let (register, _) = told(database);
    let entries = register.trail_length();
    let made =
        register.ok("ada", "export_archive", json!({ "out": register.beside("archive"), "views": false }));
    assert_eq!(register.trail_length(), entries, "an export is not an entry");
    let there = database.engine().database();
    let copy = imported(&register, &register.beside("archive"), &there);
    let noted = |register: &Register, what: &str| {
        let log = fs::read_to_string(register.service.folder().checkpoints()).unwrap();
        let line = log.lines().find(|line| line.contains(what)).unwrap_or_else(|| panic!("no {what}: {log}"));
        serde_json::from_str::<Value>(line).unwrap()[what].clone()
    };
    for (register, what) in [(&register, "exported"), (&copy, "imported")] {
        let line = noted(register, what);
        assert_eq!((&line["archive"], &line["size"]), (&made["sha256"], &json!(entries)), "{what}");
        register.expect_sound();
    }
}

/// Two servers share a folder of evidence: what an import does not bring back is not its own to remove.
fn evidence_that_was_there_outlives_a_refused_import(database: &TestDatabase) {
    let (register, _) = told(database);
    let archive = export(&register, "archive");
    let there = database.engine().database();
    let (root, url): (_, DatabaseUrl) = (there.folder().join("data"), there.url().parse().unwrap());
    let evidence = root.join("evidence");
    fs::create_dir_all(&evidence).unwrap();
    for file in fs::read_dir(archive.join("evidence")).unwrap().map(|entry| entry.unwrap()) {
        fs::copy(file.path(), evidence.join(file.file_name())).unwrap();
    }
    let before = tree(&evidence);
    for path in before.keys() {
        fs::write(archive.join("evidence").join(path), "something else").unwrap();
        import_into(&register, &archive, &root, &url, None).unwrap_err();
        assert_same(&before, &tree(&evidence));
        fs::write(archive.join("evidence").join(path), &before[path]).unwrap();
    }
    import_into(&register, &archive, &root, &url, None).unwrap();
    assert_same(&before, &tree(&evidence));
}

fn what_an_interrupted_import_left_is_in_nobodys_way(database: &TestDatabase) {
    let (register, _) = told(database);
    let archive = export(&register, "archive");
    let there = database.engine().database();
    let (root, url): (_, DatabaseUrl) = (there.folder().join("data"), there.url().parse().unwrap());
    if let Some(file) = url.file() {
        fs::write(file.with_file_name("nevertwice.db.importing"), "half a database").unwrap();
        fs::write(file.with_file_name("nevertwice.db.importing-wal"), "half a log").unwrap();
    }
    fs::create_dir_all(root.join("evidence")).unwrap();
    fs::write(root.join("evidence/.incoming-restore"), "half a file").unwrap();
    assert!(setup::open(hold(&root), &url, register.edge()).is_err(), "half an import is a register");
    if let Some(file) = url.file() {
        let _ = fs::remove_file(file);
    }
    import_into(&register, &archive, &root, &url, None).unwrap();
    register.with_service(setup::open(hold(&root), &url, register.edge()).unwrap()).expect_sound();
}

/// Git and some packers carry no empty folder.
fn an_archive_without_evidence_may_lose_the_empty_folder(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let archive = export(&register, "archive");
    let whole = tree(&archive);
    fs::remove_dir(archive.join("evidence")).unwrap();
    let target = database.engine().database();
    let copy = imported(&register, &archive, &target);
    assert_same(&tree(&export(&copy, "again")), &whole);
}
