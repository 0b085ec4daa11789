//! Where an import lies until it is whole.

use nevertwice_testkit::{Engine, TestDatabase};

use super::open;
use crate::engine::tests::query;
use crate::migrate::MIGRATIONS;

nevertwice_testkit::on_each_engine!(an_import_may_be_idle_for_as_long_as_files_are_copied);

fn an_import_may_be_idle_for_as_long_as_files_are_copied(database: &TestDatabase) {
    let (mut tx, _place) = open(&database.url().parse().unwrap(), MIGRATIONS).unwrap();
    if database.engine() == Engine::Postgres {
        let asked = "SELECT current_setting('idle_in_transaction_session_timeout') AS value";
        let limit: String = query(&mut tx, asked, &[]).unwrap()[0].get("value").unwrap();
        assert_eq!(limit, "0");
    }
}
