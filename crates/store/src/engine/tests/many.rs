//! Many rows: in, out, and past without being held.

use nevertwice_testkit::TestDatabase;

use super::{open, open_with_samples};
use crate::StoreError;
use crate::engine::{TableDef, ToValue, Value};

nevertwice_testkit::on_each_engine!(
    rows_are_inserted_in_chunks,
    a_bad_row_is_refused,
    lists_of_any_length_find_their_rows,
    a_hundred_thousand_rows_stream_past,
    an_error_ends_the_stream
);

statements! {
    SUMS = "SELECT COUNT(*) AS n, CAST(SUM(id) AS BIGINT) AS total, MIN(name) AS first FROM samples";
    BY_IDS = "SELECT id, name FROM samples WHERE id IN ($*)";
    SERIES_SQLITE = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) \
                     SELECT i, printf('%.*c', 2000, 'x') AS filler FROM n";
    SERIES_POSTGRES = "SELECT i, repeat('x', 2000) AS filler FROM generate_series(CAST(1 AS BIGINT), 100000) AS i";
}

static SAMPLES: TableDef = TableDef { name: "samples", columns: &["id", "name"] };
const SQLITE: &str = "id INTEGER PRIMARY KEY, name TEXT NOT NULL";
const POSTGRES: &str = "id BIGINT PRIMARY KEY, name TEXT NOT NULL";

fn row(id: i64) -> Vec<Value> {
    vec![id.to_value(), format!("sample {id:04}").to_value()]
}

fn rows_are_inserted_in_chunks(database: &TestDatabase) {
    for count in [0, 1, 7, 8, 9, 63, 64, 65, 200, 1000] {
        let db = open_with_samples(database, SQLITE, POSTGRES);
        let inserted = db
            .write(move |tx| -> Result<u64, StoreError> {
                let inserted = tx.insert_rows(&SAMPLES, &["id", "name"], (1..=count).map(row))?;
                let sums = tx.query_one(SUMS, &[])?;
                assert_eq!(sums.get::<i64>("n")?, count);
                assert_eq!(sums.get::<Option<i64>>("total")?.unwrap_or(0), count * (count + 1) / 2);
                tx.batch("drop samples", "DROP TABLE samples")?;
                Ok(inserted)
            })
            .unwrap();
        assert_eq!(i64::try_from(inserted).unwrap(), count);
    }
}

fn a_bad_row_is_refused(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    let short = db.write(|tx| tx.insert_rows(&SAMPLES, &["id", "name"], [vec![Value::Int(1)]])).unwrap_err();
    assert!(
        short.to_string().contains("insert into samples") && short.to_string().contains("expected 2 values")
    );
    let unknown = db.write(|tx| tx.insert_rows(&SAMPLES, &["id", "size"], [row(1)])).unwrap_err();
    assert!(unknown.to_string().contains("no column size"), "{unknown}");
}

fn lists_of_any_length_find_their_rows(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    db.write(|tx| tx.insert_rows(&SAMPLES, &["id", "name"], (1..=100).map(row))).unwrap();
    for count in [0, 1, 8, 77, 100] {
        let wanted: Vec<Value> = (1..=count).map(Value::Int).chain([Value::Int(999)]).collect();
        let rows = db.read(|tx| tx.query_list(BY_IDS, &wanted)).unwrap();
        let mut ids: Vec<i64> = rows.iter().map(|row| row.get("id").unwrap()).collect();
        ids.sort_unstable();
        assert_eq!(ids, (1..=count).collect::<Vec<_>>());
    }
}

/// 200 MB of rows; a third of it held at once would be seen.
fn a_hundred_thousand_rows_stream_past(database: &TestDatabase) {
    let db = open(database);
    let statement = if database.choose("s", "p") == "s" { SERIES_SQLITE } else { SERIES_POSTGRES };
    let before = resident_kib();
    let (mut count, mut most) = (0, 0);
    db.read(|tx| {
        tx.for_each(statement, &[], |row| {
            count += 1;
            assert_eq!(row.get::<i64>("i")?, count);
            if count % 10_000 == 0 {
                most = most.max(resident_kib());
            }
            Ok::<_, StoreError>(())
        })
    })
    .unwrap();
    assert_eq!(count, 100_000);
    assert!(most < before + 64 * 1024, "{} KiB were held", most - before);
}

fn an_error_ends_the_stream(database: &TestDatabase) {
    let db = open(database);
    let statement = if database.choose("s", "p") == "s" { SERIES_SQLITE } else { SERIES_POSTGRES };
    let mut seen = 0;
    let outcome = db.read(|tx| {
        let stopped = tx.for_each(statement, &[], |_| {
            seen += 1;
            if seen == 3 { Err(StoreError::Conflict { what: "enough".to_owned() }) } else { Ok(()) }
        });
        assert_eq!(stopped, Err(StoreError::Conflict { what: "enough".to_owned() }));
        // The transaction is still good for other statements.
        tx.query_one(&crate::statement::Statement::new("one", "SELECT 1 AS one"), &[])?.get::<i64>("one")
    });
    assert_eq!((seen, outcome), (3, Ok(1)));
}

/// What this process holds in memory (proc(5), `VmRSS`).
fn resident_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
