//! Rows changed, put in and taken away by SQL.

use nevertwice_domain::object::ObjectKind;
use nevertwice_testkit::TestDatabase;

use super::{another, as_intruder, exec, found_after, only, query, rows_of};
use crate::column::ColumnType;
use crate::engine::{FromValue, ToValue, Value};
use crate::inventory::RECORDS;
use crate::record::RecordDef;
use crate::record::tests::seed::{act, id, seed, seeded};
use crate::trail::verify::Finding;
use crate::trail::{self, Touched};
use crate::{StoreError, Tx};

nevertwice_testkit::on_each_engine!(
    a_changed_value_in_any_column_is_found,
    a_deleted_row_is_found,
    an_inserted_row_is_found,
    a_row_with_a_version_of_its_own_making_is_found
);

/// One value that was changed, and by what name it has to be reported.
struct Change {
    def: &'static RecordDef,
    column: &'static str,
    reference: String,
    value: Value,
    sql: String,
    params: Vec<Value>,
}

/// Every column of every trailed table: filled with something else, emptied, and filled where it was empty. One
/// column of each table is changed at a time, so that the verification need not run a thousand times.
fn a_changed_value_in_any_column_is_found(database: &TestDatabase) {
    as_intruder(database, |tx| {
        let rows: Vec<Vec<Vec<Value>>> = RECORDS.iter().map(|def| rows_of(tx, def)).collect();
        let most = RECORDS.iter().map(|def| def.table.columns.len()).max().unwrap();
        let mut tried = 0;
        for index in 0..most {
            for (was_empty, becomes_empty) in [(false, false), (false, true), (true, false)] {
                let mut changes = Vec::new();
                for (def, rows) in RECORDS.iter().zip(&rows).filter(|(def, _)| index < def.types.len()) {
                    let may_be_empty = rows.iter().any(|row| row[index] == Value::Null);
                    let row = rows.iter().find(|row| (row[index] == Value::Null) == was_empty);
                    let Some(row) = row.filter(|_| may_be_empty || !becomes_empty) else { continue };
                    let value =
                        if becomes_empty { Value::Null } else { another(def.types[index], &row[index]) };
                    changes.push(change(tx, def, row, index, value));
                }
                let found = found_after(tx, |tx| {
                    changes.iter().try_for_each(|change| {
                        exec(tx, &change.sql, &change.params).map(|count| assert_eq!(count, 1))
                    })
                });
                changes.iter().for_each(|change| is_found(change, &found));
                tried += changes.len();
            }
        }
        let columns: usize = RECORDS.iter().map(|def| def.table.columns.len()).sum();
        assert!(tried > columns, "{tried} changes in {columns} columns");
    });
}

fn change(tx: &mut Tx, def: &'static RecordDef, row: &[Value], index: usize, value: Value) -> Change {
    let column = def.table.columns[index];
    let (condition, identity) = only(def, row, 2);
    Change {
        def,
        column,
        reference: reference_of(tx, def, row),
        sql: format!("UPDATE {} SET {column} = $1 WHERE {condition}", def.table.name),
        params: std::iter::once(value.clone()).chain(identity).collect(),
        value,
    }
}

fn is_found(change: &Change, found: &[Finding]) {
    let Change { def, column, reference, value, .. } = change;
    let table = def.table.name;
    let of_table: Vec<&Finding> = found.iter().filter(|finding| finding.table == table).collect();
    let tried = format!("{table}.{column} of {reference} set to {value:?}: {found:?}");
    assert!(of_table.iter().any(|finding| finding.reference == *reference), "{tried}");
    if *column != def.object && !def.key.contains(column) {
        assert_eq!(of_table.len(), 1, "{tried}");
        assert!(of_table[0].detail.contains(column), "{tried}");
    }
}

/// The name under which people know the aggregate of a row.
fn reference_of(tx: &mut Tx, def: &RecordDef, row: &[Value]) -> String {
    let main = RECORDS.iter().find(|main| main.kind == def.kind && main.key.is_empty()).unwrap();
    let object = def.object_id(row).unwrap();
    let column = match def.kind {
        ObjectKind::Settings => return object.to_string(),
        ObjectKind::Person => "name",
        ObjectKind::Field => "key",
        _ => "reference",
    };
    let sql = format!("SELECT {column} FROM {} WHERE id = $1", main.table.name);
    String::from_value(query(tx, &sql, &[object.to_value()]).unwrap()[0].values()[0].clone()).unwrap()
}

fn a_deleted_row_is_found(database: &TestDatabase) {
    as_intruder(database, |tx| {
        for def in RECORDS {
            let row = rows_of(tx, def).remove(0);
            let reference = reference_of(tx, def, &row);
            let (condition, identity) = only(def, &row, 1);
            let sql = format!("DELETE FROM {} WHERE {condition}", def.table.name);
            let found = found_after(tx, |tx| exec(tx, &sql, &identity).map(drop));
            assert!(
                found.iter().any(|f| f.table == def.table.name && f.reference == reference),
                "{} of {reference}: {found:?}",
                def.table.name
            );
        }
    });
}

/// A copy under another key, of the same aggregate and of one that the trail has never heard of.
fn an_inserted_row_is_found(database: &TestDatabase) {
    as_intruder(database, |tx| {
        for def in RECORDS {
            let row = rows_of(tx, def).remove(0);
            for strange in [false, true] {
                if def.key.is_empty() && !strange {
                    continue;
                }
                let copy = copied(def, &row, strange);
                let reference = if strange { new_reference(def, &copy) } else { reference_of(tx, def, &row) };
                let found = found_after(tx, |tx| {
                    tx.insert_rows(&def.table, def.table.columns, [copy.clone()]).map(drop)
                });
                assert!(
                    found.iter().any(|f| f.table == def.table.name && f.reference == reference),
                    "{} of {reference}: {found:?}",
                    def.table.name
                );
            }
        }
    });
}

/// Texts differ, so that no two references or names are the same; the object only if it is to be a strange one.
fn copied(def: &RecordDef, row: &[Value], strange: bool) -> Vec<Value> {
    let columns = def.table.columns.iter().zip(def.types).zip(row);
    columns
        .map(|((column, kind), value)| match value {
            Value::Null => Value::Null,
            value if *column == def.object => {
                if strange {
                    id(7_777).to_value()
                } else {
                    value.clone()
                }
            }
            value if def.key.contains(column) || matches!(value, Value::Text(_)) => another(*kind, value),
            value => typed(*kind, value),
        })
        .collect()
}

/// SQLite hands out numbers for what PostgreSQL has types for; both take the type.
pub(super) fn typed(kind: ColumnType, value: &Value) -> Value {
    match kind {
        ColumnType::Bool if *value != Value::Null => Value::Bool(bool::from_value(value.clone()).unwrap()),
        _ => value.clone(),
    }
}

fn new_reference(def: &RecordDef, copy: &[Value]) -> String {
    match def.table.columns.iter().position(|column| *column == "reference") {
        Some(index) => String::from_value(copy[index].clone()).unwrap(),
        None => def.key_of(copy),
    }
}

/// Row and trail agree on the version's value, but the entry that wrote it says another revision.
fn a_row_with_a_version_of_its_own_making_is_found(database: &TestDatabase) {
    let db = seeded(database);
    db.write(|tx| -> Result<(), StoreError> {
        trail::begin(tx, act(2));
        let case = &seed().cases[0];
        Touched::record(tx, ObjectKind::Case, case.id.uuid(), case.version + 5, []);
        Ok(())
    })
    .unwrap();
    let found = db.read(|tx| Ok::<_, StoreError>(super::findings(tx))).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].table.as_str(), found[0].reference.as_str()), ("cases", "CASE-2026-0002"));
    assert!(found[0].detail.contains("version is 7, but the last entry has revision 12"), "{found:?}");
}
