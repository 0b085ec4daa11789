//! Archives that are not what was written: damaged by accident, or forged with every sum in order.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use nevertwice_domain::asset::Sha256Text;
use nevertwice_exchange::archive::{KindOfRow, LineReader, LineWriter, Manifest, sums};
use nevertwice_service::error::Kind;
use nevertwice_service::{ServiceError, setup};
use nevertwice_store::DatabaseUrl;
use nevertwice_testkit::TestDatabase;

use super::{export, import_into, told};
use crate::fixture::{Register, hold};

nevertwice_testkit::on_each_engine!(
    a_damaged_file_is_refused_by_name,
    a_file_more_or_less_is_refused,
    a_forged_archive_is_refused_with_file_and_line,
    a_hostile_archive_gives_a_clear_error,
);

/// An archive, and where it must not be imported to.
struct Target<'r> {
    register: &'r Register,
    archive: PathBuf,
    root: PathBuf,
    url: DatabaseUrl,
}

impl Target<'_> {
    /// The refusal; afterwards there is no register.
    #[track_caller]
    fn refusal(&self, what: &str) -> ServiceError {
        let refused = import_into(self.register, &self.archive, &self.root, &self.url, None);
        let Err(error) = refused else { panic!("{what}: was imported") };
        assert!(
            setup::open(hold(&self.root), &self.url, self.register.edge()).is_err(),
            "{what}: a register came about"
        );
        if let Some(file) = self.url.file() {
            // Opening made it.
            let _ = fs::remove_file(file);
        }
        let evidence: Vec<_> = fs::read_dir(self.root.join("evidence")).into_iter().flatten().collect();
        assert!(evidence.is_empty(), "{what}: {evidence:?}");
        if error.kind == Kind::Integrity {
            let todo = match error.code.as_str() {
                "archive.surplus" => {
                    "; nothing was imported: take it out of the archive, or take another copy"
                }
                _ => "; nothing was imported: take another copy of the archive",
            };
            assert!(error.message.ends_with(todo), "{what}: {}", error.message);
        }
        error
    }
}

fn target<'r>(register: &'r Register, there: &TestDatabase) -> Target<'r> {
    let archive = export(register, "archive");
    Target { register, archive, root: there.folder().join("data"), url: there.url().parse().unwrap() }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        match path.is_dir() {
            true if path.ends_with("views") => {}
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

fn a_damaged_file_is_refused_by_name(database: &TestDatabase) {
    let (register, _) = told(database);
    let there = database.engine().database();
    let target = target(&register, &there);
    let all = files(&target.archive);
    assert!(all.len() > 26, "{all:?}");
    for file in &all {
        let name = file.strip_prefix(&target.archive).unwrap().display().to_string();
        let whole = fs::read(file).unwrap();
        let middle = whole.len() / 2;
        let line = 1 + whole[..middle].iter().filter(|byte| **byte == b'\n').count();
        let mut flipped = whole.clone();
        flipped[middle] ^= 1;
        let mut twice = whole.clone();
        twice.extend(&whole);
        for (what, damaged) in [("flipped", flipped), ("cut off", whole[..middle].to_vec()), ("twice", twice)]
        {
            fs::write(file, damaged).unwrap();
            let error = target.refusal(&format!("{name} {what}"));
            assert!(matches!(error.kind, Kind::Integrity | Kind::Invalid), "{name} {what}: {error:?}");
            assert!(error.message.contains(&name), "{name} {what}: {}", error.message);
            if what == "flipped" && name.ends_with(".jsonl") {
                assert!(error.message.contains(&format!("{name} line {line}")), "{name}: {}", error.message);
            }
        }
        fs::write(file, whole).unwrap();
    }
    import_into(&register, &target.archive, &target.root, &target.url, None).unwrap();
}

fn a_file_more_or_less_is_refused(database: &TestDatabase) {
    let (register, _) = told(database);
    let there = database.engine().database();
    let target = target(&register, &there);
    for file in files(&target.archive) {
        let whole = fs::read(&file).unwrap();
        fs::remove_file(&file).unwrap();
        let error = target.refusal(&format!("{} missing", file.display()));
        assert!(matches!(error.kind, Kind::Integrity | Kind::NotFound), "{}: {error:?}", file.display());
        symlink("/etc/hostname", &file).unwrap();
        let error = target.refusal(&format!("{} a link", file.display()));
        assert!(matches!(error.kind, Kind::Integrity), "{}: {error:?}", file.display());
        fs::remove_file(&file).unwrap();
        fs::write(&file, whole).unwrap();
    }
    for extra in ["more.jsonl", "keys", "evidence/more", "evidence/.hidden", ".hidden"] {
        fs::write(target.archive.join(extra), "more").unwrap();
        let error = target.refusal(extra);
        assert_eq!(error.code, "archive.surplus", "{extra}");
        assert!(error.message.contains(extra.rsplit('/').next().unwrap()), "{extra}: {}", error.message);
        fs::remove_file(target.archive.join(extra)).unwrap();
    }
    // A folder that is not there has no files, and some are expected.
    let (evidence, aside) = (target.archive.join("evidence"), target.archive.with_file_name("aside"));
    fs::rename(&evidence, &aside).unwrap();
    let error = target.refusal("no evidence folder");
    assert!(error.message.contains("found 0"), "{}", error.message);
    fs::rename(aside, evidence).unwrap();
    // The views are nobody's business.
    fs::remove_dir_all(target.archive.join("views")).unwrap();
    fs::create_dir(target.archive.join("views")).unwrap();
    fs::write(target.archive.join("views/anything"), "at all").unwrap();
    import_into(&register, &target.archive, &target.root, &target.url, None).unwrap();
}

/// Writes an archive anew with every sum in order, its objects changed by `change`, which is told kind and line.
fn forge(archive: &Path, change: &dyn Fn(&str, u64, String) -> Vec<String>) {
    let manifest = fs::read(archive.join("manifest.json")).unwrap();
    let mut manifest = Manifest::from_bytes(&manifest).unwrap();
    for kind in &mut manifest.kinds {
        let path = archive.join(kind.file());
        let mut reader = LineReader::new("x", fs::File::open(&path).unwrap());
        let mut writer = LineWriter::new(Vec::new());
        let mut line = 0;
        while let Some(object) = reader.next_object().unwrap() {
            line += 1;
            for object in change(&kind.kind, line, String::from_utf8(object.to_vec()).unwrap()) {
                writer.write(&mut object.into_bytes()).unwrap();
            }
        }
        let (bytes, measured) = writer.finish().unwrap();
        fs::write(&path, bytes).unwrap();
        *kind =
            KindOfRow { rows: measured.rows, bytes: measured.bytes, sha256: measured.sha256, ..kind.clone() };
    }
    seal(archive, &manifest);
}

/// Writes manifest and list of sums.
fn seal(archive: &Path, manifest: &Manifest) {
    let bytes = manifest.to_bytes().unwrap();
    let mut evidence: Vec<Sha256Text> = fs::read_dir(archive.join("evidence"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().unwrap())
        .collect();
    evidence.sort();
    fs::write(archive.join("SHA256SUMS"), sums(&bytes, manifest, &evidence)).unwrap();
    fs::write(archive.join("manifest.json"), bytes).unwrap();
}

/// Puts back what was written, after something was tried.
fn with_copy(target: &Target<'_>, try_it: impl Fn(&Target<'_>)) {
    let copy = target.archive.with_file_name("forged");
    copy_folder(&target.archive, &copy);
    let forged =
        Target { archive: copy.clone(), root: target.root.clone(), url: target.url.clone(), ..*target };
    try_it(&forged);
    fs::remove_dir_all(copy).unwrap();
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for path in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn a_forged_archive_is_refused_with_file_and_line(database: &TestDatabase) {
    let (register, _) = told(database);
    let there = database.engine().database();
    let target = target(&register, &there);
    // Which kind, what becomes what, and where that has to be found.
    let forgeries = [
        ("cases", "\"severity\":4", "\"severity\":1", "cases.jsonl line 1"),
        ("people", "\"name\":\"Ada\"", "\"name\":\"Eve\"", "people.jsonl"),
        ("comments", "\"text\":\"a", "\"text\":\"A", "CASE-2026-0001"),
        ("settings", "Example AI", "Another AI", "settings.jsonl"),
        ("counters", "\"last_number\":3", "\"last_number\":9", "counters.jsonl"),
        (
            "trail_entries",
            "\"action\":\"report_case\"",
            "\"action\":\"edit_case\"",
            "trail_entries.jsonl line ",
        ),
        ("trail_entries", "\\\"seq\\\":1,", "\\\"seq\\\":2,", "trail_entries.jsonl line 1"),
        ("trail_entries", "\\\"a title", "\\\"A title", "trail_entries.jsonl line "),
        ("evidence", "\"size_bytes\":", "\"size_bytes\":1", "CASE-2026-0001"),
    ];
    for (wanted, old, new, place) in forgeries {
        with_copy(&target, |forged| {
            let change = |kind: &str, _: u64, object: String| {
                vec![if kind == wanted { object.replacen(old, new, 1) } else { object }]
            };
            forge(&forged.archive, &change);
            let error = forged.refusal(old);
            assert_eq!(error.kind, Kind::Integrity, "{wanted} {old}: {error:?}");
            assert!(error.message.contains(place), "{wanted} {old}: {}", error.message);
        });
    }
    // Rows and entries that are gone, or there twice.
    for (wanted, line, times) in [
        ("cases", 1, 0),
        ("comments", 1, 0),
        ("comments", 1, 2),
        ("trail_entries", 2, 0),
        ("trail_entries", 2, 2),
        ("evidence", 1, 0),
        ("settings", 1, 0),
    ] {
        with_copy(&target, |forged| {
            let change = |kind: &str, at: u64, object: String| {
                if (kind, at) == (wanted, line) { vec![object; times] } else { vec![object] }
            };
            forge(&forged.archive, &change);
            let error = forged.refusal(wanted);
            assert_eq!(error.kind, Kind::Integrity, "{wanted} {times} times: {error:?}");
        });
    }
    // The end of the trail is cut off, with everything that it changed: only the manifest's root tells.
    with_copy(&target, |forged| {
        let bytes = fs::read(forged.archive.join("manifest.json")).unwrap();
        let mut manifest = Manifest::from_bytes(&bytes).unwrap();
        manifest.trail.root = "0".repeat(64);
        seal(&forged.archive, &manifest);
        let error = forged.refusal("another root");
        assert!(error.message.contains("trail_entries.jsonl: expected"), "{}", error.message);
    });
}

fn a_hostile_archive_gives_a_clear_error(database: &TestDatabase) {
    let (register, _) = told(database);
    let there = database.engine().database();
    let target = target(&register, &there);
    let manifest_with = |what: &'static str, said: &'static str, change: &dyn Fn(&mut Manifest)| {
        with_copy(&target, |forged| {
            let bytes = fs::read(forged.archive.join("manifest.json")).unwrap();
            let mut manifest = Manifest::from_bytes(&bytes).unwrap();
            change(&mut manifest);
            seal(&forged.archive, &manifest);
            let error = forged.refusal(what);
            assert!(matches!(error.kind, Kind::Integrity | Kind::Unavailable), "{what}: {error:?}");
            assert!(error.message.contains(said), "{what}: {}", error.message);
        });
    };
    manifest_with("a path", "manifest.json", &|manifest| {
        manifest.kinds[0].kind = "../../etc/passwd".to_owned();
    });
    manifest_with("a kind twice", "manifest.json", &|manifest| {
        let first = manifest.kinds[0].clone();
        manifest.kinds.push(first);
    });
    manifest_with("a kind less", "manifest.json", &|manifest| drop(manifest.kinds.remove(3)));
    manifest_with("a column", "manifest.json", &|manifest| {
        manifest.kinds[0].columns[1] = "id; --".to_owned();
    });
    manifest_with("another order", "manifest.json", &|manifest| manifest.kinds[0].columns.swap(0, 1));
    manifest_with("a newer schema", "newer", &|manifest| manifest.schema += 1);
    manifest_with("other evidence", "evidence", &|manifest| manifest.evidence.files += 1);
    manifest_with("no sample", "is_sample", &|manifest| manifest.store.is_sample = true);

    let object_with = |what: &str, said: &str, object: &str| {
        with_copy(&target, |forged| {
            let change = |kind: &str, line: u64, own: String| {
                vec![if (kind, line) == ("people", 1) { object.to_owned() } else { own }]
            };
            forge(&forged.archive, &change);
            let error = forged.refusal(what);
            assert_eq!(error.kind, Kind::Integrity, "{what}: {error:?}");
            assert!(
                error.message.contains("people.jsonl line 1: ") && error.message.contains(said),
                "{}",
                error.message
            );
        });
    };
    let deep = format!("{{\"id\":{}1{}}}", "[".repeat(200_000), "]".repeat(200_000));
    object_with("deep JSON", "recursion limit", &deep);
    object_with("no JSON", "key must be a string", "{not json}");
    object_with("another type", "expected a text", "{\"id\":17}");
    object_with("an unknown member", "found \"password\"", "{\"password\":\"x\"}");

    with_copy(&target, |forged| {
        fs::write(forged.archive.join("people.jsonl"), vec![b'['; 65 << 20]).unwrap();
        let error = forged.refusal("a huge line");
        assert!(error.message.contains("people.jsonl line 1: expected at most"), "{}", error.message);
    });
    // Of what would fill the memory, no more is read than there can be.
    for (name, said) in [
        ("manifest.json", "manifest.json: expected at most 1048576 bytes, found more"),
        ("SHA256SUMS", "SHA256SUMS line "),
    ] {
        with_copy(&target, |forged| {
            let file = fs::OpenOptions::new().write(true).open(forged.archive.join(name)).unwrap();
            file.set_len(1 << 40).unwrap();
            let error = forged.refusal(name);
            assert!(error.message.starts_with(said), "{}", error.message);
        });
    }
    with_copy(&target, |forged| {
        let path = forged.archive.join("manifest.json");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("\"version\": 1", "\"version\": 2")).unwrap();
        let error = forged.refusal("another version");
        assert_eq!((error.kind, error.code.as_str()), (Kind::Invalid, "archive.version"));
    });
    with_copy(&target, |forged| {
        let name =
            fs::read_dir(forged.archive.join("evidence")).unwrap().next().unwrap().unwrap().file_name();
        let path = forged.archive.join("evidence").join(&name);
        fs::write(path, "something else").unwrap();
        let error = forged.refusal("other evidence");
        assert!(error.message.contains(name.to_str().unwrap()), "{}", error.message);
    });
}
