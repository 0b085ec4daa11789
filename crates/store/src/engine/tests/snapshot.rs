//! Readers see one consistent state, and nobody waits for anybody.

use std::sync::{Arc, Barrier};
use std::thread;

use nevertwice_testkit::TestDatabase;

use super::{open, open_with_samples, quick};
use crate::{Db, OpenOptions, StoreError};

nevertwice_testkit::on_each_engine!(
    a_reader_sees_one_state_while_others_write,
    more_readers_than_connections_take_turns,
    a_panicking_reader_gives_its_connection_back
);

statements! {
    INSERT = "INSERT INTO samples (id) VALUES ($1)";
    COUNT = "SELECT COUNT(*) AS n FROM samples";
    SEQ = "SELECT seq FROM trail_head";
}

fn count(tx: &mut crate::Tx) -> Result<i64, StoreError> {
    tx.query_one(COUNT, &[])?.get("n")
}

fn a_reader_sees_one_state_while_others_write(database: &TestDatabase) {
    let db = open_with_samples(database, "id INTEGER PRIMARY KEY", "id BIGINT PRIMARY KEY");
    db.read(|tx| {
        assert_eq!(count(tx)?, 0);
        db.write(|tx| -> Result<(), StoreError> { tx.exec_one(INSERT, &params![1]) })?;
        assert_eq!(count(tx)?, 0);
        Ok::<_, StoreError>(())
    })
    .unwrap();
    assert_eq!(db.read(count).unwrap(), 1);
}

fn more_readers_than_connections_take_turns(database: &TestDatabase) {
    let db = Db::open(&database.url().parse().unwrap(), OpenOptions { readers: 2, ..quick() }).unwrap();
    let start = Arc::new(Barrier::new(8));
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let (db, start) = (db.clone(), start.clone());
            thread::spawn(move || {
                start.wait();
                (0..50).map(|_| db.read(|tx| tx.query_one(SEQ, &[])?.get::<i64>("seq")).unwrap()).sum::<i64>()
            })
        })
        .collect();
    for reader in readers {
        assert_eq!(reader.join().unwrap(), 0);
    }
}

fn a_panicking_reader_gives_its_connection_back(database: &TestDatabase) {
    let db = open(database);
    for _ in 0..6 {
        let reader = db.clone();
        let outcome = thread::spawn(move || {
            reader.read(|tx| -> Result<(), StoreError> {
                tx.query_one(SEQ, &[])?;
                std::panic::resume_unwind(Box::new("on purpose"))
            })
        });
        assert!(outcome.join().is_err());
    }
    assert_eq!(db.read(|tx| tx.query_one(SEQ, &[])?.get::<i64>("seq")), Ok(0));
}
