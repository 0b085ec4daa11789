use nevertwice_testkit::TestDatabase;

use crate::{Db, OpenOptions, StoreError};

nevertwice_testkit::on_each_engine!(a_database_is_opened_written_and_read);

statements! {
    SET_SEQ = "UPDATE trail_head SET seq = $1 WHERE id = 1";
    GET_SEQ = "SELECT seq FROM trail_head";
}

fn a_database_is_opened_written_and_read(database: &TestDatabase) {
    let db = Db::open(&database.url().parse().unwrap(), OpenOptions::default()).unwrap();
    db.write(|tx| tx.exec_one(SET_SEQ, &params![7])).unwrap();
    let seq: i64 = db.read(|tx| tx.query_one(GET_SEQ, &[])?.get("seq")).unwrap();
    assert_eq!(seq, 7);
    let error = db.write(|tx| -> Result<(), StoreError> { tx.exec_one(SET_SEQ, &params![-1]) }).unwrap_err();
    assert!(matches!(error, StoreError::Violated { .. }), "{error}");
}
