//! Errors: what they are called, and that a unit cannot go on after one by accident.

use nevertwice_testkit::TestDatabase;

use super::open_with_samples;
use crate::{Constraint, Db, StoreError, Tx};

nevertwice_testkit::on_each_engine!(
    a_broken_rule_is_named_without_the_values,
    counts_of_rows_are_checked,
    a_unit_that_drops_an_error_is_undone,
    a_wrong_statement_is_named,
    a_reader_cannot_write,
    a_context_belongs_to_one_unit,
    a_unit_inside_a_unit_is_refused
);

const SQLITE: &str = "id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, grade INTEGER CHECK (grade < 6), \
                      parent INTEGER REFERENCES samples (id)";
const POSTGRES: &str = "id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, grade BIGINT CHECK (grade < 6), \
                        parent BIGINT REFERENCES samples (id)";

statements! {
    INSERT = "INSERT INTO samples (id, name, grade, parent) VALUES ($1, $2, $3, $4)";
    RENAME = "UPDATE samples SET name = name";
    DELETE = "DELETE FROM samples WHERE id = $1";
    LIST = "SELECT id FROM samples ORDER BY id";
    ONE = "SELECT id FROM samples WHERE id = $1";
    WRONG = "SELECT nothing FROM samples";
}

fn insert(tx: &mut Tx, id: i64, name: &str) -> Result<(), StoreError> {
    tx.exec_one(INSERT, &params![id, name, 1, None::<i64>])
}

fn ids(db: &Db) -> Vec<i64> {
    let rows = db.read(|tx| tx.query(LIST, &[])).unwrap();
    rows.iter().map(|row| row.get("id").unwrap()).collect()
}

fn a_broken_rule_is_named_without_the_values(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    db.write(|tx| insert(tx, 1, "secret")).unwrap();
    let cases = [
        (params![1, "other", 1, None::<i64>], Constraint::Unique),
        (params![2, "secret", 1, None::<i64>], Constraint::Unique),
        (params![2, "other", 6, None::<i64>], Constraint::Check),
        (params![2, None::<String>, 1, None::<i64>], Constraint::NotNull),
        (params![2, "other", 1, 77], Constraint::ForeignKey),
    ];
    for (params, expected) in cases {
        let error =
            db.write(move |tx| -> Result<(), StoreError> { tx.exec_one(INSERT, &params) }).unwrap_err();
        assert!(
            matches!(&error, StoreError::Violated { constraint, .. } if *constraint == expected),
            "{error}"
        );
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    db.write(|tx| -> Result<(), StoreError> { tx.exec_one(INSERT, &params![2, "child", 1, 1]) }).unwrap();
    let error = db.write(|tx| -> Result<u64, StoreError> { tx.exec(DELETE, &params![1]) }).unwrap_err();
    assert!(matches!(error, StoreError::Violated { constraint: Constraint::ForeignKey, .. }), "{error}");
    assert_eq!(ids(&db), [1, 2]);
}

fn counts_of_rows_are_checked(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    db.write(|tx| {
        insert(tx, 1, "a")?;
        insert(tx, 2, "b")?;
        assert_eq!(tx.exec(RENAME, &[])?, 2);
        let several = tx.exec_one(RENAME, &[]).unwrap_err();
        assert!(matches!(several, StoreError::RowsAffected { expected: 1, found: 2, .. }), "{several}");
        let none = tx.exec_one(DELETE, &params![9]).unwrap_err();
        assert!(matches!(none, StoreError::RowsAffected { found: 0, .. }), "{none}");
        assert!(matches!(tx.query_one(LIST, &[]), Err(StoreError::RowsAffected { found: 2, .. })));
        assert!(matches!(tx.query_opt(LIST, &[]), Err(StoreError::RowsAffected { found: 2, .. })));
        assert!(matches!(tx.query_one(ONE, &params![9]), Err(StoreError::RowsAffected { found: 0, .. })));
        assert!(tx.query_opt(ONE, &params![9])?.is_none());
        // A miscount is not a failed statement: the unit may decide to go on.
        insert(tx, 3, "c")
    })
    .unwrap();
    assert_eq!(ids(&db), [1, 2, 3]);
}

fn a_unit_that_drops_an_error_is_undone(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    let error = db
        .write(|tx| -> Result<(), StoreError> {
            insert(tx, 1, "a")?;
            assert!(insert(tx, 1, "b").is_err());
            let after = insert(tx, 2, "c").unwrap_err();
            assert!(matches!(after, StoreError::Aborted { .. }), "{after}");
            Ok(())
        })
        .unwrap_err();
    assert!(matches!(&error, StoreError::Aborted { statement } if statement.ends_with("INSERT")), "{error}");
    assert!(ids(&db).is_empty());
    let error = db.read(|tx| {
        assert!(tx.query(WRONG, &[]).is_err());
        tx.query(LIST, &[]).map(|_| ())
    });
    assert!(matches!(error, Err(StoreError::Aborted { .. })), "{error:?}");
}

fn a_wrong_statement_is_named(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    let error = db.read(|tx| tx.query(WRONG, &[])).unwrap_err();
    assert!(
        matches!(&error, StoreError::Driver { statement, .. } if statement.ends_with("failing::WRONG")),
        "{error}"
    );
    assert!(error.to_string().contains("nothing"), "{error}");
}

fn a_reader_cannot_write(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    let error = db.read(|tx| insert(tx, 1, "a")).unwrap_err();
    assert!(error.to_string().replace('-', "").contains("readonly"), "{error}");
    assert!(ids(&db).is_empty());
}

fn a_context_belongs_to_one_unit(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    for _ in 0..2 {
        let found = db
            .write(|tx| -> Result<Vec<u8>, StoreError> {
                tx.context::<Vec<u8>>().push(1);
                *tx.context::<u64>() += 1;
                assert_eq!(*tx.context::<u64>(), 1);
                Ok(tx.context::<Vec<u8>>().clone())
            })
            .unwrap();
        assert_eq!(found, [1]);
    }
}

fn a_unit_inside_a_unit_is_refused(database: &TestDatabase) {
    let db = open_with_samples(database, SQLITE, POSTGRES);
    let inner = db.clone();
    let error = db.write(move |_| inner.write(|tx| insert(tx, 1, "a"))).unwrap_err();
    assert_eq!(error, StoreError::Nested);
    assert!(ids(&db).is_empty());
}
