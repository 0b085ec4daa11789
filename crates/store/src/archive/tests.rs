//! Every table has been decided on, and what is archived comes back, on whichever engine, to the byte.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::id::ImportRunId;
use nevertwice_testkit::{Engine, TestDatabase, engines};

use super::{Columns, Import, LEFT_OUT, tables};
use crate::engine::tests::{exec, query, quick};
use crate::engine::{FromValue, ToValue, Value};
use crate::inventory::tests::schema::{columns, foreign_keys};
use crate::migrate::MIGRATIONS;
use crate::record::tests::seed::{act, id, seed, seeded};
use crate::trail::verify::{self, Verification};
use crate::{Db, StoreError, trail};

mod rows;

nevertwice_testkit::on_each_engine!(
    every_table_is_archived_or_left_out_for_a_reason,
    rows_come_back_to_the_byte_on_every_engine,
    nothing_of_a_token_is_in_an_archive,
    an_import_that_is_dropped_leaves_nothing,
    a_database_in_use_is_left_alone,
    a_row_that_refers_to_nothing_is_refused,
    a_changed_row_is_a_finding,
    a_token_without_a_row_is_found_unless_all_of_it_is_withheld,
    an_imported_store_goes_on
);

/// The lines of each table.
type Rows = BTreeMap<&'static str, Vec<Vec<u8>>>;

/// A seeded store in which no archived table is empty.
fn filled(database: &TestDatabase) -> Db {
    let db = seeded(database);
    db.write(|tx| -> Result<(), StoreError> {
        let run: ImportRunId = seed().runs[0].id;
        let row = |number: i64, case: Value, reference: Value| {
            let text = |text: &str| Value::Text(text.to_owned());
            vec![
                run.to_value(),
                Value::Int(number),
                text("csv"),
                reference,
                text(&"ab".repeat(32)),
                text("skipped"),
                text("=blank \u{1}\n\"Ü\" \u{1f980}"),
                case,
            ]
        };
        let case = seed().cases[0].id.to_value();
        let rows = [row(2, case, Value::Text("X-1".to_owned())), row(10, Value::Null, Value::Null)];
        tx.insert_rows(&crate::import::ROW_TABLE, crate::import::ROW_TABLE.columns, rows)?;
        let at = act(1).at.to_value();
        for profile in ["b", "ä", "B"] {
            let values = [profile.to_value(), "[x]\na = 1".to_value(), at.clone()];
            exec(
                tx,
                "INSERT INTO import_profiles (profile, mapping, saved_at) VALUES ($1, $2, $3)",
                &values,
            )?;
        }
        Ok(())
    })
    .unwrap();
    db
}

fn rows_of(db: &Db) -> Rows {
    db.read(|tx| {
        let of = |table: &'static super::Table| {
            let mut lines = Vec::new();
            table.each_row(tx, |line| {
                lines.push(line.clone());
                Ok::<_, StoreError>(())
            })?;
            Ok::<_, StoreError>((table.name(), lines))
        };
        tables().iter().map(of).collect()
    })
    .unwrap()
}

/// Fills an import with rows; `change` may change a line.
fn load(
    target: &TestDatabase,
    rows: &Rows,
    change: impl Fn(&str, &[u8]) -> Vec<u8>,
) -> Result<Import, StoreError> {
    let mut import = Import::begin(&target.url().parse().unwrap(), super::schema(), seed().info)?;
    for table in tables() {
        let columns = table.columns();
        let mut lines = rows[table.name()].iter();
        let loaded = import.load(table, &columns, &mut || {
            Ok::<_, StoreError>(lines.next().map(|line| columns.read(&change(table.name(), line)).unwrap()))
        })?;
        assert_eq!(loaded, rows[table.name()].len() as u64, "{}", table.name());
    }
    Ok(import)
}

fn verified(import: &mut Import) -> Verification {
    import.verify(&mut |_| ()).unwrap()
}

fn as_it_is(_: &str, line: &[u8]) -> Vec<u8> {
    line.to_vec()
}

fn every_table_is_archived_or_left_out_for_a_reason(database: &TestDatabase) {
    let engine = database.engine();
    let db = seeded(database);
    let (schema, keys) =
        db.read(|tx| Ok::<_, StoreError>((columns(tx, engine), foreign_keys(tx, engine)))).unwrap();
    let stored: BTreeSet<&str> = schema.keys().map(|(table, _)| table.as_str()).collect();
    let archived: BTreeSet<&str> = tables().iter().map(super::Table::name).collect();
    let left_out: BTreeSet<&str> = LEFT_OUT.iter().map(|(table, _)| *table).collect();
    let undecided: Vec<_> =
        stored.iter().filter(|t| !archived.contains(*t) && !left_out.contains(*t)).collect();
    assert!(
        undecided.is_empty(),
        "say in store/src/archive.rs whether an archive has {undecided:?}, and why not"
    );
    assert!(archived.is_disjoint(&left_out) && stored.len() == archived.len() + left_out.len());
    assert!(LEFT_OUT.iter().all(|(_, why)| !why.is_empty()));
    for table in tables() {
        let of_schema = schema.keys().filter(|(name, _)| name == table.name());
        let of_schema: BTreeSet<&str> = of_schema.map(|(_, column)| column.as_str()).collect();
        assert_eq!(
            table.columns().names().iter().copied().collect::<BTreeSet<_>>(),
            of_schema,
            "{}",
            table.name()
        );
        assert_eq!(table.def.columns.len(), table.types.len(), "{}", table.name());
    }
    let place = |table: &str| tables().iter().position(|t| t.name() == table);
    for [table, column, other] in &keys {
        assert!(place(table).is_none() || place(other) <= place(table), "{table}.{column} refers to {other}");
    }
}

fn rows_come_back_to_the_byte_on_every_engine(database: &TestDatabase) {
    let db = filled(database);
    let rows = rows_of(&db);
    let empty: Vec<_> = rows.iter().filter(|(_, lines)| lines.is_empty()).map(|(table, _)| table).collect();
    assert!(empty.is_empty(), "nothing is shown of {empty:?}");
    for engine in engines() {
        let target = engine.database();
        let mut import = load(&target, &rows, as_it_is).unwrap();
        assert_eq!(verified(&mut import).findings, []);
        assert_eq!(import.settings().unwrap(), seed().settings);
        assert_eq!(import.files().unwrap(), db.read(crate::case::every_file).unwrap());
        import.commit().unwrap();
        let copy = crate::open(&target.url().parse().unwrap(), quick()).unwrap();
        assert_eq!(rows_of(&copy), rows, "from {:?} to {engine:?}", database.engine());
        let (info, head) = copy
            .read(|tx| Ok::<_, StoreError>((crate::settings::identity(tx)?, trail::read::frontier(tx)?)))
            .unwrap();
        assert_eq!((info, head), (Some(seed().info), db.read(trail::read::frontier).unwrap()));
    }
}

fn nothing_of_a_token_is_in_an_archive(database: &TestDatabase) {
    let db = filled(database);
    let rows = rows_of(&db);
    assert!(!rows.contains_key("tokens"));
    let all: Vec<String> =
        rows.values().flatten().map(|line| String::from_utf8(line.clone()).unwrap()).collect();
    for secret in ["abab", "cdcd", "laptop"] {
        // The seed has the same digits as the hash of a file and of a row.
        let told = all.iter().filter(|line| line.contains("tokens/") && line.contains(secret));
        assert_eq!(told.count(), 0, "{secret}");
    }
    let entries =
        all.iter().filter(|line| line.contains(&format!("tokens/{}/secret_sha256\\\":\\\"erased", id(11))));
    assert_eq!(entries.count(), 1, "the leaf still says that there was a token");
    let live = db.read(|tx| query(tx, "SELECT disclosures FROM trail_entries", &[])).unwrap();
    assert!(live.iter().any(|row| row.get::<String>("disclosures").unwrap().contains("laptop")));
}

fn an_import_that_is_dropped_leaves_nothing(database: &TestDatabase) {
    let rows = rows_of(&filled(database));
    let target = database.engine().database();
    let mut import = load(&target, &rows, as_it_is).unwrap();
    assert_eq!(verified(&mut import).findings, []);
    drop(import);
    let left: Vec<_> =
        std::fs::read_dir(target.folder()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
    load(&target, &rows, as_it_is).unwrap().commit().unwrap();
}

fn a_database_in_use_is_left_alone(database: &TestDatabase) {
    let db = filled(database);
    let rows = rows_of(&db);
    let refused = load(database, &rows, as_it_is).map(drop);
    assert!(matches!(refused, Err(StoreError::Occupied(_))), "{refused:?}");
    drop(db);
    let refused = load(database, &rows, as_it_is).map(drop);
    assert!(matches!(refused, Err(StoreError::Occupied(_))), "{refused:?}");
}

fn a_row_that_refers_to_nothing_is_refused(database: &TestDatabase) {
    let rows = rows_of(&filled(database));
    let case = seed().cases[1].id.to_string();
    for (table, column) in [("cases", "part_of"), ("timeline_entries", "case_id"), ("actions", "case_id")] {
        let target = database.engine().database();
        let lost = |name: &str, line: &[u8]| {
            let line = String::from_utf8(line.to_vec()).unwrap();
            let at = line.find(&format!("\"{column}\":\"")).filter(|_| name == table);
            let Some(at) = at.map(|at| at + column.len() + 4) else { return line.into_bytes() };
            format!("{}{}{}", &line[..at], id(7_777), &line[at + case.len()..]).into_bytes()
        };
        let refused = load(&target, &rows, lost).and_then(|mut import| import.verify(&mut |_| ())).map(drop);
        let error = refused.unwrap_err().to_string();
        assert!(error.contains(table), "{table}: {error}");
        if database.engine() == Engine::Sqlite {
            assert!(error.contains(&format!("{table}.jsonl line ")), "{error}");
        }
    }
}

fn a_changed_row_is_a_finding(database: &TestDatabase) {
    let rows = rows_of(&filled(database));
    for (table, old, new) in [
        ("cases", "CASE-2026-0001", "CASE-2026-0003"),
        ("people", "\"kind\":\"person\"", "\"kind\":\"team\""),
        ("counters", "\"last_number\":3", "\"last_number\":4"),
        ("trail_entries", "\"action\":\"seed\"", "\"action\":\"sown\""),
        ("trail_entries", "\\\"action\\\":\\\"seed\\\"", "\\\"action\\\":\\\"sown\\\""),
    ] {
        let target = database.engine().database();
        let changed = |name: &str, line: &[u8]| {
            let line = String::from_utf8(line.to_vec()).unwrap();
            if name == table { line.replacen(old, new, 1) } else { line }.into_bytes()
        };
        let mut import = load(&target, &rows, changed).unwrap();
        let found = verified(&mut import).findings;
        assert!(found.iter().any(|finding| finding.table == table), "{table}: {found:?}");
    }
}

/// Whoever deletes a token by SQL is found, as long as the trail still has its values.
fn a_token_without_a_row_is_found_unless_all_of_it_is_withheld(database: &TestDatabase) {
    let db = filled(database);
    let lines = rows_of(&db).remove("trail_entries").unwrap();
    let columns = tables().last().unwrap().columns();
    let withheld: Vec<(u64, String)> = lines
        .iter()
        .map(|line| columns.read(line).unwrap())
        .map(|row| {
            let value = |column| columns.value(&row, column).unwrap().clone();
            (u64::from_value(value("seq")).unwrap(), String::from_value(value("disclosures")).unwrap())
        })
        .collect();
    let check = |db: &Db| db.read(|tx| verify::verify(tx, &mut |_| ())).unwrap().findings;
    db.write(|tx| exec(tx, "DELETE FROM tokens", &[])).unwrap();
    assert!(check(&db).iter().any(|finding| finding.table == "tokens"));
    db.write(move |tx| -> Result<(), StoreError> {
        for (seq, disclosures) in &withheld {
            let values = [disclosures.to_value(), seq.to_value()];
            exec(tx, "UPDATE trail_entries SET disclosures = $1 WHERE seq = $2", &values)?;
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(check(&db), []);
}

fn an_imported_store_goes_on(database: &TestDatabase) {
    let rows = rows_of(&filled(database));
    let target = database.engine().database();
    load(&target, &rows, as_it_is)
        .and_then(|mut import| {
            verified(&mut import);
            import.commit()
        })
        .unwrap();
    let copy = crate::open(&target.url().parse().unwrap(), quick()).unwrap();
    copy.write(|tx| -> Result<(), StoreError> {
        trail::begin(tx, act(2));
        let settings = crate::settings::get(tx)?;
        let mut changed = settings.clone();
        changed.categories.clear();
        crate::settings::save(tx, &settings, changed).map(drop)
    })
    .unwrap();
    let report = copy.read(|tx| verify::verify(tx, &mut |_| ())).unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(report.entry_count, rows["trail_entries"].len() as u64 + 1);
    let dangling = copy.write(|tx| {
        exec(
            tx,
            "INSERT INTO lesson_cases (lesson_id, case_id) VALUES ($1, $2)",
            &[id(1).to_value(), id(1).to_value()],
        )
    });
    assert!(
        matches!(dangling, Err(StoreError::Violated { .. })),
        "references are looked at again: {dangling:?}"
    );
}

#[test]
fn a_schema_that_is_not_known_is_refused() {
    let database = Engine::Sqlite.database();
    let url = database.url().parse().unwrap();
    let newer = MIGRATIONS.last().unwrap().number + 1;
    let Err(StoreError::Schema(said)) = Import::begin(&url, newer, seed().info) else {
        panic!("it was taken")
    };
    assert!(said.contains("newer"), "{said}");
}

#[test]
fn a_row_is_read_in_one_form_only() {
    let table = tables().iter().find(|table| table.name() == "trail_entries").unwrap();
    let columns =
        table.columns_named(&["seq", "at", "object_id", "leaf", "leaf_hash"].map(str::to_owned)).unwrap();
    let good = r#"{"seq":1,"at":"2026-03-01T10:00:00.000Z","object_id":"01955000-0000-7000-8000-000000000001","leaf":"x","leaf_hash":"00ff"}"#;
    assert_eq!(columns.read(good.as_bytes()).unwrap().len(), 5);
    assert_eq!(columns.read(br#"{"seq":1}"#).unwrap()[1], Value::Null);
    let deep = format!("{{\"seq\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for (bad, said) in [
        ("", "EOF"),
        ("[]", "expected a row as a JSON object"),
        ("{}", "at least one"),
        (&good.replace("\"seq\":1", "\"seq\":1.0"), "seq: expected a whole number"),
        (&good.replace("\"seq\":1", "\"seq\":\"1\""), "another way"),
        (&good.replace("\"seq\":1", "\"seq\": 1"), "another way"),
        (&good.replace("\"seq\":1", "\"seq\":null"), "seq: expected"),
        (&good.replace("\"seq\":1", "\"seq\":1,\"seq\":1"), "found \"seq\""),
        (&good.replace("\"seq\":1,", "\"more\":1,"), "found \"more\""),
        (&good.replace("T10", "T11").replace(".000Z", "Z"), "another way"),
        (&good.replace("2026-03-01T10:00:00.000Z", "yesterday"), "at: expected a time"),
        (&good.replace("01955000-", "01955000"), "object_id: expected a UUID"),
        (&good.replace("00ff", "00FF"), "another way"),
        (&good.replace("00ff", "00f"), "leaf_hash: expected hexadecimal"),
        (&good.replace("\"x\"", "\"\\u0000\""), "leaf: expected text without NUL"),
        (&good.replace("\"x\"", "\"\\u0078\""), "another way"),
        (&deep, "recursion limit"),
    ] {
        let error = columns.read(bad.as_bytes()).unwrap_err();
        assert!(error.contains(said), "{}: {error}", &bad[..bad.len().min(80)]);
    }
}

#[test]
fn columns_are_taken_in_their_order_only() {
    let table = &tables()[0];
    let named = |names: &[&str]| {
        table.columns_named(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(
        named(&["id", "name"]).map(|columns: Columns| columns.names().to_vec()),
        Ok(vec!["id", "name"])
    );
    for names in [&["name", "id"][..], &["id", "id"], &["id", "secret"]] {
        assert!(named(names).unwrap_err().contains("people has the columns id, "));
    }
}
