//! What was backed up comes back as it was, and nothing else does.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use nevertwice_testkit::TestDatabase;
use serde_json::{Value as Json, json};

use super::{MANIFEST, TABLES, check, create, restore};
use crate::engine::Value;
use crate::engine::tests::{query, quick};
use crate::inventory::tests::schema::{columns, foreign_keys, refers_ahead};
use crate::record::tests::seed::{act, seed, seeded};
use crate::{Db, StoreError, case, settings, trail};

nevertwice_testkit::on_each_engine!(
    a_backup_comes_back_as_it_was,
    a_restored_store_goes_on,
    a_damaged_file_is_refused,
    a_missing_file_is_refused,
    a_database_in_use_is_left_alone,
    a_folder_with_a_backup_is_left_alone,
    an_interrupted_restore_can_be_repeated,
    a_manifest_cannot_name_files_elsewhere,
    a_manifest_that_does_not_fit_is_refused,
    a_backup_goes_back_into_its_own_engine_alone,
    backups_under_constant_writes_are_one_state_each,
    every_table_is_in_a_backup_after_those_it_refers_to
);

/// A seeded store and a backup of it.
fn backed_up(database: &TestDatabase) -> (Db, PathBuf) {
    let db = seeded(database);
    let dir = database.folder().join("backups").join("one");
    create(&db, &dir).unwrap();
    (db, dir)
}

fn restored(dir: &Path, target: &TestDatabase) -> Result<Db, StoreError> {
    let url = target.url().parse().unwrap();
    restore(dir, &url)?;
    crate::open(&url, quick())
}

/// Every row of every table.
fn contents(db: &Db) -> Vec<(&'static str, Vec<Vec<Value>>)> {
    let engine = if db.url().to_string().starts_with("sqlite") {
        nevertwice_testkit::Engine::Sqlite
    } else {
        nevertwice_testkit::Engine::Postgres
    };
    db.read(|tx| {
        let schema = columns(tx, engine);
        let of_table = |table: &'static str| {
            let columns: Vec<&str> =
                schema.keys().filter(|(t, _)| t == table).map(|(_, column)| column.as_str()).collect();
            let order: Vec<String> = (1..=columns.len()).map(|number| number.to_string()).collect();
            let sql = format!("SELECT {} FROM {table} ORDER BY {}", columns.join(", "), order.join(", "));
            let rows = query(tx, &sql, &[])?.iter().map(|row| row.values().to_vec()).collect();
            Ok::<_, StoreError>((table, rows))
        };
        TABLES.iter().copied().map(of_table).collect()
    })
    .unwrap()
}

fn findings(db: &Db) -> Vec<trail::verify::Finding> {
    db.read(|tx| trail::verify::verify(tx, &mut |_| {})).unwrap().findings
}

fn a_backup_comes_back_as_it_was(database: &TestDatabase) {
    let (db, dir) = backed_up(database);
    let manifest = check(&dir).unwrap();
    assert_eq!((manifest.store, manifest.tables["cases"]), (Some(seed().info.id), 2));
    let target = database.engine().database();
    let copy = restored(&dir, &target).unwrap();
    assert_eq!(contents(&copy), contents(&db));
    assert!(contents(&copy).iter().filter(|(_, rows)| !rows.is_empty()).count() > 20);
    assert_eq!(findings(&copy), []);
    let listed: BTreeSet<PathBuf> = manifest.files.iter().map(|file| dir.join(&file.path)).collect();
    let mut found = files(&dir);
    assert!(found.remove(&dir.join(MANIFEST)));
    assert_eq!(found, listed);
}

fn files(dir: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = fs::metadata(&path).unwrap().permissions().mode();
                assert_eq!(mode & 0o077, 0, "{} is readable by others", path.display());
            }
            found.insert(path);
        }
    }
    found
}

fn a_restored_store_goes_on(database: &TestDatabase) {
    let (_, dir) = backed_up(database);
    let target = database.engine().database();
    let copy = restored(&dir, &target).unwrap();
    copy.write(both_at_once).unwrap();
    assert_eq!(findings(&copy), []);
    let again = database.folder().join("again");
    assert_eq!(create(&copy, &again).unwrap().sequence, check(&dir).unwrap().sequence + 2);
}

/// One unit that changes the settings and a case.
fn both_at_once(tx: &mut crate::Tx) -> Result<(), StoreError> {
    trail::begin(tx, act(2));
    let (old, id) = (settings::get(tx)?, seed().cases[0].id);
    settings::save(tx, &old, old.clone())?;
    let old = case::get(tx, id)?.unwrap();
    case::save(tx, &old, &old).map(drop)
}

fn refusal<T>(outcome: Result<T, StoreError>) -> String {
    match outcome {
        Err(StoreError::Backup(text) | StoreError::Damaged(text) | StoreError::Occupied(text)) => text,
        Err(other) => panic!("expected a refusal of the backup, found {other}"),
        Ok(_) => panic!("expected a refusal of the backup, found none"),
    }
}

/// Checks that a backup is refused by `check` and by `restore`.
fn refused(dir: &Path, target: &TestDatabase, because: &[&str]) {
    let url = target.url().parse().unwrap();
    for text in [refusal(check(dir)), refusal(restore(dir, &url))] {
        assert!(because.iter().all(|part| text.contains(part)), "expected {because:?}, found {text:?}");
    }
}

/// Checks that nothing was restored.
fn is_empty(target: &TestDatabase) {
    let fresh = crate::open(&target.url().parse().unwrap(), quick()).unwrap();
    assert_eq!(fresh.read(settings::identity).unwrap(), None);
}

fn a_damaged_file_is_refused(database: &TestDatabase) {
    let (_, dir) = backed_up(database);
    let target = database.engine().database();
    let largest = check(&dir).unwrap().files.into_iter().max_by_key(|file| file.size).unwrap();
    let path = dir.join(&largest.path);
    let whole = fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    let mut longer = whole.clone();
    longer.push(b'\n');
    for damaged in [&flipped[..], &whole[..whole.len() - 1], &[], &longer] {
        fs::write(&path, damaged).unwrap();
        refused(&dir, &target, &[&largest.path, "SHA-256", "use another backup"]);
    }
    fs::write(&path, &whole).unwrap();
    check(&dir).unwrap();
    is_empty(&target);
}

fn a_missing_file_is_refused(database: &TestDatabase) {
    let (_, dir) = backed_up(database);
    let target = database.engine().database();
    let file = check(&dir).unwrap().files.remove(0).path;
    fs::rename(dir.join(&file), dir.join("elsewhere")).unwrap();
    refused(&dir, &target, &[&file, "No such file"]);
    fs::rename(dir.join("elsewhere"), dir.join(&file)).unwrap();
    fs::remove_file(dir.join(MANIFEST)).unwrap();
    refused(&dir, &target, &[MANIFEST, "this is no backup"]);
    is_empty(&target);
}

fn a_database_in_use_is_left_alone(database: &TestDatabase) {
    let (db, dir) = backed_up(database);
    let before = contents(&db);
    let text = refusal(restored(&dir, database));
    assert!(text.contains("a backup is restored into an empty database"), "{text}");
    assert_eq!(contents(&db), before);
    if database.choose("", "x") == "x" {
        let other = database.engine().database();
        let strange = crate::engine::tests::open_with_samples(&other, "id INTEGER", "id BIGINT");
        drop(strange);
        let text = refusal(restored(&dir, &other));
        assert!(text.contains("samples, which is not of this program"), "{text}");
    }
}

fn a_folder_with_a_backup_is_left_alone(database: &TestDatabase) {
    let (db, dir) = backed_up(database);
    let before = fs::read(dir.join(MANIFEST)).unwrap();
    let text = refusal(create(&db, &dir));
    assert!(text.contains("it holds a backup already; choose another folder"), "{text}");
    assert_eq!(fs::read(dir.join(MANIFEST)).unwrap(), before);
    // One that was cut off before its manifest is not overwritten either.
    fs::remove_file(dir.join(MANIFEST)).unwrap();
    refusal(create(&db, &dir));
}

fn an_interrupted_restore_can_be_repeated(database: &TestDatabase) {
    let (db, dir) = backed_up(database);
    let target = database.engine().database();
    if database.choose("", "x") == "x" {
        drop(crate::open(&target.url().parse().unwrap(), quick()).unwrap());
    } else {
        fs::write(target.folder().join("nevertwice.db.restoring"), "half").unwrap();
    }
    assert_eq!(contents(&restored(&dir, &target).unwrap()), contents(&db));
    assert!(!target.folder().join("nevertwice.db.restoring").exists());
}

fn edit(dir: &Path, change: impl FnOnce(&mut Json)) {
    let path = dir.join(MANIFEST);
    let mut manifest: Json = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(path, manifest.to_string()).unwrap();
}

fn a_manifest_cannot_name_files_elsewhere(database: &TestDatabase) {
    let (_, dir) = backed_up(database);
    let target = database.engine().database();
    let outside = database.folder().join("outside");
    fs::write(&outside, "secret").unwrap();
    let absolute = outside.to_str().unwrap();
    for path in
        ["../../outside", absolute, "", ".", "database/../../../outside", "a//b", "C:x", "..\\outside"]
    {
        edit(&dir, |manifest| manifest["files"][0]["path"] = json!(path));
        refused(&dir, &target, &["which is not in its folder"]);
    }
    is_empty(&target);
}

fn a_manifest_that_does_not_fit_is_refused(database: &TestDatabase) {
    let (_, dir) = backed_up(database);
    let target = database.engine().database();
    let whole = fs::read(dir.join(MANIFEST)).unwrap();
    type Edit = fn(&mut Json);
    let edits: [(Edit, &str); 4] = [
        (|manifest| manifest["format"] = json!(2), "expected format 1, found 2"),
        (|manifest| manifest["schema"] = json!(900), "newer than this program knows"),
        (|manifest| manifest["extra"] = json!(1), "unknown field"),
        (|manifest| *manifest = json!([]), MANIFEST),
    ];
    for (change, because) in edits {
        edit(&dir, change);
        refused(&dir, &target, &[because]);
        fs::write(dir.join(MANIFEST), &whole).unwrap();
    }
    edit(&dir, |manifest| manifest["tables"]["cases"] = json!(3));
    let text = refusal(check(&dir));
    assert!(text.contains("expected 3 rows in the table cases, found 2"), "{text}");
    is_empty(&target);
}

fn a_backup_goes_back_into_its_own_engine_alone(database: &TestDatabase) {
    let (_, dir) = backed_up(database);
    let elsewhere = format!("sqlite:{}", database.folder().join("other.db").display());
    let url = database.choose("postgres://localhost/nowhere", &elsewhere);
    let text = refusal(restore(&dir, &url.parse().unwrap()));
    assert!(text.contains("can only be restored into the same engine"), "{text}");
    assert!(text.contains(database.choose("made from SQLite", "made from PostgreSQL")), "{text}");
    assert!(!database.folder().join("other.db").exists());
}

/// Every unit changes two records; a backup that had one change without the other would be no state that ever was.
/// A hundred on SQLite; fewer on PostgreSQL, where each waits for the disk once for every table.
fn backups_under_constant_writes_are_one_state_each(database: &TestDatabase) {
    let db = seeded(database);
    let stop = AtomicBool::new(false);
    let count: usize = database.choose("100", "20").parse().unwrap();
    let dirs: Vec<PathBuf> =
        (0..count).map(|number| database.folder().join(format!("backup-{number}"))).collect();
    let sequences: Vec<u64> = thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                db.write(both_at_once).unwrap();
            }
        });
        let made = dirs.iter().map(|dir| create(&db, dir).unwrap().sequence).collect();
        stop.store(true, Ordering::Relaxed);
        made
    });
    assert!(sequences.is_sorted() && sequences[count - 1] > sequences[0] + count as u64, "{sequences:?}");
    for (number, dir) in dirs.iter().enumerate() {
        assert_eq!(check(dir).unwrap().sequence, sequences[number]);
        if number * 5 % count == 0 {
            let target = database.engine().database();
            let copy = restored(dir, &target).unwrap();
            assert_eq!(findings(&copy), []);
            let (settings, case) = copy
                .read(|tx| Ok::<_, StoreError>((settings::get(tx)?, case::get(tx, seed().cases[0].id)?)))
                .unwrap();
            let old = seed();
            assert_eq!(settings.version - old.settings.version, case.unwrap().version - old.cases[0].version);
        }
    }
}

fn every_table_is_in_a_backup_after_those_it_refers_to(database: &TestDatabase) {
    let engine = database.engine();
    let db = seeded(database);
    let (columns, keys) =
        db.read(|tx| Ok::<_, StoreError>((columns(tx, engine), foreign_keys(tx, engine)))).unwrap();
    let stored: BTreeSet<&str> = columns.keys().map(|(table, _)| table.as_str()).collect();
    let in_backup: BTreeSet<&str> = TABLES.iter().copied().chain(["schema_migrations"]).collect();
    assert_eq!(stored, in_backup);
    let place = |table: &str| TABLES.iter().position(|t| *t == table).unwrap();
    for [table, column, other] in keys.iter().filter(|key| !refers_ahead(key)) {
        assert!(place(other) <= place(table), "{table}.{column} refers to {other}");
    }
}

/// As `init` leaves one that is killed in its first transaction.
#[test]
fn the_journal_of_a_file_that_never_came_about_takes_nothing_from_a_restored_one() {
    let (database, target) = (TestDatabase::sqlite(), TestDatabase::sqlite());
    let (_, dir) = backed_up(&database);
    let url: crate::DatabaseUrl = target.url().parse().unwrap();
    crate::dialect::tests::leave_a_journal(url.file().unwrap());
    let copy = restored(&dir, &target).unwrap();
    assert_eq!(copy.read(settings::identity).unwrap().map(|info| info.id), Some(seed().info.id));
}
