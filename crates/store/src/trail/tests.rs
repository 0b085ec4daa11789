//! Whoever changes a row behind the program's back is found out, on both engines.

use nevertwice_testkit::TestDatabase;

use crate::column::ColumnType;
use crate::engine::tests::{exec, query};
use crate::engine::{FromValue, ToValue, Value};
use crate::record::RecordDef;
use crate::record::tests::seed::{act, id, seed, seeded};
use crate::trail::verify::{Finding, verify};
use crate::{Db, StoreError, Tx, case, settings, trail};

mod entries;
mod histories;
mod rows;
mod sharing;

/// The seeded store with a second unit, so that some aggregates have two entries.
fn twice_written(database: &TestDatabase) -> Db {
    let db = seeded(database);
    db.write(|tx| -> Result<(), StoreError> {
        let old = seed();
        trail::begin(tx, act(2));
        case::save(tx, &old.cases[0], &old.cases[0])?;
        settings::save(tx, &old.settings, old.settings.clone()).map(drop)
    })
    .unwrap();
    db
}

fn findings(tx: &mut Tx) -> Vec<Finding> {
    verify(tx, &mut |_| {}).unwrap().findings
}

/// What a verification finds after `tamper`, which is undone.
fn found_after(tx: &mut Tx, tamper: impl FnOnce(&mut Tx) -> Result<(), StoreError>) -> Vec<Finding> {
    tx.batch("try", "SAVEPOINT tried").unwrap();
    tamper(tx).unwrap();
    let found = findings(tx);
    tx.batch("undo", "ROLLBACK TO SAVEPOINT tried; RELEASE SAVEPOINT tried").unwrap();
    found
}

/// Runs a test as somebody who may do anything to the database, rules of the schema included.
fn as_intruder(database: &TestDatabase, test: impl Fn(&mut Tx) + Send + 'static) {
    intrude(&twice_written(database), database, move |tx| {
        assert_eq!(findings(tx), []);
        test(tx);
        assert_eq!(findings(tx), [], "something was not undone");
    });
}

/// Lets somebody who may do anything do something to a store.
fn intrude(db: &Db, database: &TestDatabase, act: impl Fn(&mut Tx) + Send + 'static) {
    let disarm = database.choose(
        "PRAGMA defer_foreign_keys = ON; PRAGMA ignore_check_constraints = ON",
        "SET LOCAL session_replication_role = replica",
    );
    let disarm = disarm.to_owned();
    let is_postgres = database.choose("", "x") == "x";
    db.write_alone(move |tx| -> Result<(), StoreError> {
        tx.batch("disarm", &disarm)?;
        if is_postgres {
            let rules = "SELECT CAST(conrelid::regclass AS TEXT) AS t, CAST(conname AS TEXT) AS c
                         FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace";
            for row in query(tx, rules, &[])? {
                let (table, name): (String, String) = (row.get("t")?, row.get("c")?);
                tx.batch("disarm", &format!("ALTER TABLE {table} DROP CONSTRAINT {name}"))?;
            }
        }
        act(tx);
        Ok(())
    })
    .unwrap();
}

/// A value of the same type that differs.
fn another(kind: ColumnType, value: &Value) -> Value {
    let value = value.clone();
    match kind {
        ColumnType::Bool => Value::Bool(!bool::from_value(value).unwrap_or_default()),
        ColumnType::Int => Value::Int(i64::from_value(value).unwrap_or_default() + 1),
        ColumnType::Text => Value::Text(String::from_value(value).unwrap_or_default() + "x"),
        ColumnType::Uuid => id(7_777).to_value(),
        ColumnType::Date => Value::Date("1999-12-31".parse().unwrap()),
        ColumnType::Timestamp => Value::Timestamp("1999-12-31T00:00:00Z".parse().unwrap()),
        ColumnType::Bytes => Value::Bytes(b"other".to_vec()),
    }
}

/// The rows of a table.
fn rows_of(tx: &mut Tx, def: &RecordDef) -> Vec<Vec<Value>> {
    let sql = format!("SELECT {} FROM {} ORDER BY 1", def.table.columns.join(", "), def.table.name);
    query(tx, &sql, &[]).unwrap().iter().map(|row| row.values().to_vec()).collect()
}

/// The condition that picks one row, and its parameters from `$first` on.
fn only(def: &RecordDef, values: &[Value], first: usize) -> (String, Vec<Value>) {
    let identity: Vec<&str> = std::iter::once(def.object).chain(def.key.iter().copied()).collect();
    let place = |column: &str| def.table.columns.iter().position(|c| *c == column).unwrap();
    let parts: Vec<String> =
        identity.iter().enumerate().map(|(i, column)| format!("{column} = ${}", first + i)).collect();
    (parts.join(" AND "), identity.iter().map(|column| values[place(column)].clone()).collect())
}
