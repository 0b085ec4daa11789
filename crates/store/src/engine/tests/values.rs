//! Every kind of value, extremes included, comes back equal on both engines.

use nevertwice_domain::time::{Date, Timestamp};
use nevertwice_testkit::TestDatabase;
use uuid::Uuid;

use super::open_with_samples;
use crate::engine::{FromValue, JsonText, ToValue, Value};
use crate::{Db, StoreError};

nevertwice_testkit::on_each_engine!(
    every_kind_of_value_comes_back_equal,
    what_cannot_be_kept_exactly_is_refused,
    a_column_of_another_kind_is_named,
    ids_dates_and_times_sort_alike,
    a_time_finer_than_a_millisecond_is_corrupt,
    json_keeps_its_bytes
);

const SQLITE: &str = "id INTEGER PRIMARY KEY, flag INTEGER, number INTEGER, measure REAL, words TEXT, bytes BLOB, \
                      uid BLOB, on_day TEXT, at_time INTEGER, doc TEXT";
const POSTGRES: &str = "id BIGINT PRIMARY KEY, flag BOOLEAN, number BIGINT, measure DOUBLE PRECISION, words TEXT, \
                        bytes BYTEA, uid UUID, on_day DATE, at_time TIMESTAMPTZ, doc JSON";

statements! {
    INSERT = "INSERT INTO samples (id, flag, number, measure, words, bytes, uid, on_day, at_time, doc) \
              VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9)";
    CLEAR = "DELETE FROM samples";
    ALL_COLUMNS = "SELECT id, flag, number, measure, words, bytes, uid, on_day, at_time, doc FROM samples";
    INSERT_SORTED = "INSERT INTO samples (id, uid, on_day, at_time) VALUES ($1, $2, $3, $4)";
    BY_UID = "SELECT id FROM samples ORDER BY uid";
    BY_DAY = "SELECT id FROM samples ORDER BY on_day";
    BY_TIME = "SELECT id FROM samples ORDER BY at_time";
    SUM = "SELECT SUM(number) AS total FROM samples";
    ODD_TIME = "INSERT INTO samples (id, at_time) VALUES (1, '2026-03-01T10:00:00.0005Z')";
}

/// Columns and parameters in the order of [`INSERT`].
const COLUMNS: [&str; 9] = ["flag", "number", "measure", "words", "bytes", "uid", "on_day", "at_time", "doc"];

fn insert(db: &Db, position: usize, value: Value) -> Result<(), StoreError> {
    let mut params = vec![Value::Null; COLUMNS.len()];
    params[position] = value;
    db.write(move |tx| {
        tx.exec(CLEAR, &[])?;
        tx.exec_one(INSERT, &params)
    })
}

fn comes_back<T: ToValue + FromValue + PartialEq + std::fmt::Debug>(db: &Db, column: &str, values: &[T]) {
    let position = COLUMNS.iter().position(|name| *name == column).unwrap();
    for value in values {
        insert(db, position, value.to_value()).unwrap();
        let row = db.read(|tx| tx.query_one(ALL_COLUMNS, &[])).unwrap();
        assert_eq!(&row.get::<T>(column).unwrap(), value, "{column}");
        assert_eq!(row.get::<Option<T>>(column).unwrap().as_ref(), Some(value), "{column}");
        let others = COLUMNS.iter().filter(|name| **name != column);
        assert!(others.map(|name| row.get::<Option<JsonText>>(name)).all(|other| other == Ok(None)));
    }
}

fn every_kind_of_value_comes_back_equal(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    comes_back(&db, "flag", &[true, false]);
    comes_back(&db, "number", &[0, 1, -1, i64::MAX, i64::MIN]);
    comes_back(&db, "number", &[0u32, u32::MAX]);
    comes_back(&db, "number", &[0u64, i64::MAX as u64]);
    comes_back(
        &db,
        "measure",
        &[0.0, 1.0, -2.5, f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NEG_INFINITY],
    );
    let naughty = [
        "",
        " ",
        "it's",
        "\"",
        "Ärger",
        "日本語",
        "👩‍👩‍👧‍👦",
        "\u{feff}x",
        "\u{1}\u{7f}\r\n\t",
        "\u{10ffff}",
        "$1 ?1 --",
    ];
    comes_back(&db, "words", &naughty.map(str::to_owned));
    comes_back(&db, "words", &["x".repeat(1 << 20)]);
    comes_back(&db, "bytes", &[vec![], vec![0], (0..=255).collect::<Vec<u8>>(), vec![0xff; 1 << 20]]);
    comes_back(&db, "bytes", &[[7u8; 32]]);
    comes_back(
        &db,
        "uid",
        &[Uuid::nil(), Uuid::max(), Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab)],
    );
    comes_back(
        &db,
        "on_day",
        &[Date::constant(1, 1, 1), Date::constant(2024, 2, 29), Date::constant(9999, 12, 31)],
    );
    let times = [0, 1, -1, 999, 1_772_360_000_007, -62_135_596_800_000].map(Timestamp::from_millis);
    comes_back(&db, "at_time", &times);
    comes_back(&db, "at_time", &[Timestamp::MIN, Timestamp::MAX]);
    comes_back(
        &db,
        "doc",
        &[serde_json::json!(null), serde_json::json!({"a": [1, "ä", {"b": false}], "z": -0.5})],
    );
}

fn what_cannot_be_kept_exactly_is_refused(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    let refused = [
        (1, (i64::MAX as u64 + 1).to_value(), "at most"),
        (2, Value::Real(f64::NAN), "NaN"),
        (3, "a\0b".to_value(), "NUL characters, found one at byte 1"),
        (6, Value::Date(Date::constant(0, 12, 31)), "years 1 to 9999"),
        (8, Value::Json("\"\0\"".to_owned()), "NUL characters"),
    ];
    for (position, value, why) in refused {
        let error = insert(&db, position, value.clone()).unwrap_err();
        assert!(
            matches!(error, StoreError::Unfit { position: found, .. } if found == position + 1),
            "{error}"
        );
        assert!(error.to_string().contains(why) && error.to_string().contains("INSERT"), "{error}");
    }
    let few = db.write(|tx| -> Result<(), StoreError> { tx.exec_one(INSERT, &params![1, 2]) }).unwrap_err();
    assert!(few.to_string().contains("expected 9 parameters, found 2"), "{few}");
}

fn a_column_of_another_kind_is_named(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    insert(&db, 1, Value::Int(5_000_000_000)).unwrap();
    let row = db.read(|tx| tx.query_one(ALL_COLUMNS, &[])).unwrap();
    for (error, expected) in [
        (row.get::<u32>("number").unwrap_err(), "from 0 to 4294967295, found 5000000000"),
        (row.get::<bool>("number").unwrap_err(), "expected"),
        (row.get::<String>("number").unwrap_err(), "expected text, found int"),
        (row.get::<String>("words").unwrap_err(), "expected text, found null"),
        (row.get::<String>("missing").unwrap_err(), "expected a column missing, found id, flag"),
    ] {
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
        assert!(
            error.to_string().contains("values::ALL_COLUMNS") && error.to_string().contains(expected),
            "{error}"
        );
    }
}

fn ids_dates_and_times_sort_alike(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    let rows = [
        (1, Uuid::from_u128(0x7f << 120), Date::constant(999, 12, 31), -1),
        (2, Uuid::from_u128(0x80 << 120), Date::constant(1000, 1, 1), 1),
        (3, Uuid::from_u128(1), Date::constant(20, 1, 1), -1_000_000_000_000),
        (4, Uuid::max(), Date::constant(2026, 3, 1), 1_000_000_000_000),
    ];
    db.write(move |tx| -> Result<(), StoreError> {
        rows.iter().try_for_each(|(id, uid, day, at)| {
            tx.exec_one(INSERT_SORTED, &params![*id, uid, day, Timestamp::from_millis(*at)])
        })
    })
    .unwrap();
    for statement in [BY_UID, BY_DAY, BY_TIME] {
        let rows = db.read(|tx| tx.query(statement, &[])).unwrap();
        let ids: Vec<i64> = rows.iter().map(|row| row.get("id").unwrap()).collect();
        assert_eq!(ids, [3, 1, 2, 4], "{}", statement.name());
    }
}

fn a_time_finer_than_a_millisecond_is_corrupt(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    let written = db.write(|tx| -> Result<(), StoreError> { tx.exec_one(ODD_TIME, &[]) });
    if database.engine() == nevertwice_testkit::Engine::Sqlite {
        // A STRICT table takes no text for an integer.
        assert!(matches!(written, Err(StoreError::Violated { .. })), "{written:?}");
    } else {
        let error = db.read(|tx| tx.query_one(ALL_COLUMNS, &[])).unwrap_err();
        assert!(error.to_string().contains("expected an instant to the millisecond"), "{error}");
        let error = db.read(|tx| tx.query_one(SUM, &[])).map(|_| ()).err();
        assert_eq!(error, None, "a sum of nothing is null and can be read");
    }
}

fn json_keeps_its_bytes(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    let texts = ["{\"b\":1,  \"a\":2, \"a\":3}", "1.0", "1E400", "\"\\u0000 \\u00e4\"", "[ ]"];
    comes_back(&db, "doc", &texts.map(|text| JsonText(text.to_owned())));
}
