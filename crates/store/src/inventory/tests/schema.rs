//! The schema of each engine: what it says, what the declarations say and what the other engine says are the same.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::word::Word;
use nevertwice_domain::{
    account, action, asset, awareness, case, cause, control, field, import, job, lesson, person, procedure,
    review, risk, strength,
};
use nevertwice_testkit::{Engine, TestDatabase, engines};

use crate::Tx;
use crate::column::ColumnType;
use crate::engine::tests::{open, query};
use crate::inventory::{RECORDS, UNTRAILED};
use crate::migrate::MIGRATIONS;

nevertwice_testkit::on_each_engine!(
    every_trailed_table_declares_exactly_its_columns,
    every_table_is_trailed_or_excused
);

/// Table, column, type in capitals, whether it may be NULL. What the database works out itself is no column of ours.
const SQLITE_COLUMNS: &str = r#"SELECT t.name AS t, c.name AS c, c.type AS kind, c."notnull" = 0 AS empty
    FROM sqlite_schema t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'"#;
const POSTGRES_COLUMNS: &str = "SELECT CAST(table_name AS TEXT) AS t, CAST(column_name AS TEXT) AS c,
    upper(CAST(data_type AS TEXT)) AS kind, is_nullable = 'YES' AS empty
    FROM information_schema.columns WHERE table_schema = 'public' AND is_generated = 'NEVER'";

/// Table, column, table referred to.
const SQLITE_KEYS: &str = r#"SELECT t.name AS t, k."from" AS c, k."table" AS other
    FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) k WHERE t.type = 'table'"#;
const POSTGRES_KEYS: &str = "SELECT CAST(conrelid::regclass AS TEXT) AS t, CAST(attname AS TEXT) AS c,
    CAST(confrelid::regclass AS TEXT) AS other
    FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) WHERE contype = 'f'";

/// Index, table. Those that come with UNIQUE and PRIMARY KEY are named differently and left out.
const SQLITE_INDEXES: &str = "SELECT name AS c, tbl_name AS t, '' AS other FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
const POSTGRES_INDEXES: &str = "SELECT CAST(indexname AS TEXT) AS c, CAST(tablename AS TEXT) AS t, '' AS other
    FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key'";

/// A column of the schema: its type as the engine names it, and whether it may be NULL.
type Columns = BTreeMap<(String, String), (String, bool)>;

/// The columns of every table.
pub(crate) fn columns(tx: &mut Tx, engine: Engine) -> Columns {
    let sql = if engine == Engine::Sqlite { SQLITE_COLUMNS } else { POSTGRES_COLUMNS };
    query(tx, sql, &[])
        .unwrap()
        .iter()
        .map(|row| {
            let place = (row.get("t").unwrap(), row.get("c").unwrap());
            (place, (row.get("kind").unwrap(), row.get("empty").unwrap()))
        })
        .collect()
}

/// Which table refers to which: (table, column, table referred to).
pub(crate) fn foreign_keys(tx: &mut Tx, engine: Engine) -> BTreeSet<[String; 3]> {
    triples(tx, if engine == Engine::Sqlite { SQLITE_KEYS } else { POSTGRES_KEYS })
}

/// A lesson refers to what carries it, which refers to the lesson: one of the two comes first, and the reference is
/// looked at when both are there.
pub(crate) fn refers_ahead(key: &[String; 3]) -> bool {
    key.each_ref().map(String::as_str) == ["lessons", "carried_id", "lesson_carriers"]
}

fn triples(tx: &mut Tx, sql: &str) -> BTreeSet<[String; 3]> {
    let rows = query(tx, sql, &[]).unwrap();
    rows.iter().map(|row| ["t", "c", "other"].map(|name| row.get(name).unwrap())).collect()
}

/// How an engine keeps each type of a column.
fn type_name(kind: ColumnType, engine: Engine) -> &'static str {
    let (sqlite, postgres) = match kind {
        ColumnType::Bool => ("INTEGER", "BOOLEAN"),
        ColumnType::Int => ("INTEGER", "BIGINT"),
        ColumnType::Text => ("TEXT", "TEXT"),
        ColumnType::Uuid => ("BLOB", "UUID"),
        ColumnType::Date => ("TEXT", "DATE"),
        ColumnType::Timestamp => ("INTEGER", "TIMESTAMP WITH TIME ZONE"),
        ColumnType::Bytes => ("BLOB", "BYTEA"),
    };
    if engine == Engine::Sqlite { sqlite } else { postgres }
}

fn every_trailed_table_declares_exactly_its_columns(database: &TestDatabase) {
    let engine = database.engine();
    let found = open(database).read(|tx| Ok::<_, crate::StoreError>(columns(tx, engine))).unwrap();
    for def in RECORDS {
        let stored: BTreeMap<&str, &str> = found
            .iter()
            .filter(|((table, _), _)| table == def.table.name)
            .map(|((_, column), (kind, _))| (column.as_str(), kind.as_str()))
            .collect();
        let declared: BTreeMap<&str, &str> = def
            .table
            .columns
            .iter()
            .zip(def.types)
            .map(|(column, kind)| (*column, type_name(*kind, engine)))
            .collect();
        assert_eq!(stored, declared, "{}", def.table.name);
        for key in def.key.iter().chain([&def.object]) {
            let empty = found[&(def.table.name.to_owned(), (*key).to_owned())].1;
            assert!(!empty, "{}.{key} is a key and may be NULL", def.table.name);
        }
    }
}

fn every_table_is_trailed_or_excused(database: &TestDatabase) {
    let engine = database.engine();
    let found = open(database).read(|tx| Ok::<_, crate::StoreError>(columns(tx, engine))).unwrap();
    let found: BTreeSet<&str> = found.keys().map(|(table, _)| table.as_str()).collect();
    let trailed: BTreeSet<&str> = RECORDS.iter().map(|def| def.table.name).collect();
    let excused: BTreeSet<&str> = UNTRAILED.iter().map(|(table, _)| *table).collect();
    assert_eq!(found, trailed.union(&excused).copied().collect());
    assert!(trailed.is_disjoint(&excused));
    assert!(UNTRAILED.iter().all(|(_, why)| !why.is_empty()));
}

/// Says nothing where only one engine is tested.
#[test]
fn both_engines_have_the_same_tables_columns_keys_and_indexes() {
    let mut schemas = engines().into_iter().map(|engine| {
        let database = engine.database();
        let schema = open(&database).read(|tx| {
            let columns: BTreeMap<_, _> = columns(tx, engine)
                .into_iter()
                .map(|(place, (kind, empty))| (place, (as_in_sqlite(&kind).to_owned(), empty)))
                .collect();
            let indexes =
                triples(tx, if engine == Engine::Sqlite { SQLITE_INDEXES } else { POSTGRES_INDEXES });
            Ok::<_, crate::StoreError>((columns, foreign_keys(tx, engine), indexes))
        });
        schema.unwrap()
    });
    let first = schemas.next().unwrap();
    assert!(first.0.len() > 200 && first.1.len() > 30 && first.2.len() > 20, "{first:?}");
    for other in schemas {
        assert_eq!(first, other);
    }
}

fn as_in_sqlite(kind: &str) -> &str {
    match kind {
        "BOOLEAN" | "BIGINT" | "TIMESTAMP WITH TIME ZONE" => "INTEGER",
        "DATE" | "JSON" => "TEXT",
        "UUID" | "BYTEA" => "BLOB",
        other => other,
    }
}

/// A word that the program knows and the schema refuses would be found by the first person who needs it.
#[test]
fn the_schema_allows_exactly_the_words_of_each_vocabulary() {
    fn words<W: Word>() -> String {
        let quoted: Vec<String> = W::ALL.iter().map(|word| format!("'{}'", word.as_str())).collect();
        quoted.join(", ")
    }
    let vocabularies = [
        ("people", "kind", words::<person::PersonKind>()),
        ("people", "status", words::<person::PersonStatus>()),
        ("sessions", "how", words::<account::SessionHow>()),
        ("sign_in_links", "purpose", words::<account::LinkPurpose>()),
        ("jobs", "state", words::<job::JobState>()),
        ("fields", "subject", words::<field::FieldSubject>()),
        ("fields", "kind", words::<field::FieldType>()),
        ("assets", "kind", words::<asset::AssetKind>()),
        ("cases", "origin", words::<case::Origin>()),
        ("cases", "class", words::<case::Class>()),
        ("cases", "state", words::<case::CaseState>()),
        ("cases", "decision", words::<case::Decision>()),
        ("cases", "detection", words::<case::DetectionSource>()),
        ("timeline_entries", "kind", words::<case::TimelineKind>()),
        ("cost_lines", "kind", words::<case::CostKind>()),
        ("cost_lines", "basis", words::<case::CostBasis>()),
        ("gaps", "state", words::<import::GapState>()),
        ("reviews", "kind", words::<review::ReviewKind>()),
        ("reviews", "state", words::<review::ReviewState>()),
        ("reviews", "scope", words::<review::ReviewScope>()),
        ("procedures", "state", words::<procedure::ProcedureState>()),
        ("causes", "kind", words::<cause::CauseKind>()),
        ("causes", "confidence", words::<cause::Confidence>()),
        ("cause_links", "kind", words::<cause::LinkKind>()),
        ("cause_links", "confidence", words::<cause::Confidence>()),
        ("lessons", "state", words::<lesson::LessonState>()),
        ("lesson_coverages", "kind", words::<lesson::CoverageKind>()),
        ("awareness_items", "audience", words::<awareness::AudienceKind>()),
        ("awareness_items", "state", words::<awareness::AwarenessState>()),
        ("actions", "purpose", words::<action::ActionPurpose>()),
        ("actions", "kind", words::<action::ActionKind>()),
        ("actions", "strength", words::<strength::ActionStrength>()),
        ("actions", "state", words::<action::ActionState>()),
        ("checks", "outcome", words::<action::CheckOutcome>()),
        ("controls", "status", words::<control::ImplementationStatus>()),
        ("control_performances", "performance", words::<case::Performance>()),
        ("declarations", "link", words::<case::LoopLink>()),
        ("risks", "treatment", words::<risk::Treatment>()),
        ("risks", "state", words::<risk::RiskState>()),
        ("import_rows", "fate", words::<import::Fate>()),
    ];
    for (engine, text) in [("sqlite", sql(|m| m.sqlite)), ("postgres", sql(|m| m.postgres))] {
        let mut lists = 0;
        for statement in text.split(';') {
            let after = |begin| statement.split_once(begin).map(|(_, rest)| rest);
            let Some(table) = after("CREATE TABLE ").or_else(|| after("ALTER TABLE ")) else { continue };
            let name = table.split([' ', '(']).next().unwrap();
            for (column, list) in
                table.split("CHECK (").skip(1).filter_map(|check| check.split_once(" IN ('"))
            {
                // Not a list of the column's words: a rule about several columns, or a later CHECK's list.
                if !column.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                    continue;
                }
                let found = format!("'{}", list.split(')').next().unwrap());
                let expected = vocabularies.iter().find(|(t, c, _)| (*t, *c) == (name, column));
                assert_eq!(expected.map(|(_, _, words)| words), Some(&found), "{engine}: {name}.{column}");
                lists += 1;
            }
        }
        assert_eq!(lists, vocabularies.len(), "{engine}");
    }
}

fn sql(of: fn(&crate::migrate::Migration) -> &'static str) -> String {
    MIGRATIONS.iter().map(of).collect::<Vec<_>>().join("\n")
}
