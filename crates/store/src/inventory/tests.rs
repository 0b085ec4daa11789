use std::collections::HashSet;
use std::sync::Arc;

use nevertwice_testkit::TestDatabase;

use super::{RECORDS, STATEMENTS, TABLES};
use crate::engine::session::{Begin, Session, Sql};
use crate::engine::{CHUNKS, list_text, session};
use crate::{Db, Durability, OpenOptions};

pub(crate) mod schema;

nevertwice_testkit::on_each_engine!(every_statement_is_accepted);

/// Reports all refusals at once, so that one run is enough to mend a schema change.
fn every_statement_is_accepted(database: &TestDatabase) {
    let url = database.url().parse().unwrap();
    drop(Db::open(&url, OpenOptions::default()).unwrap());
    let mut session = session(&url, Durability::Full, true).unwrap();
    session.begin(Begin::Read).map_err(|failure| failure.error).unwrap();
    session.rollback();

    let mut refused = Vec::new();
    let mut check = |session: &mut Session, name: &str, text: &str| {
        if let Err(failure) = session.prepare(Sql { name: &Arc::from(name), text }) {
            refused.push(failure.error.to_string());
        }
    };
    let of_records = RECORDS.iter().flat_map(|def| def.all_statements());
    for statement in STATEMENTS.iter().copied().flatten().copied().chain(of_records) {
        if statement.is_list() {
            for count in CHUNKS {
                check(
                    &mut session,
                    statement.name(),
                    &list_text(statement.sql(), session_dialect(database), count),
                );
            }
        } else {
            check(&mut session, statement.name(), statement.text(session_dialect(database)));
        }
    }
    for table in TABLES.iter().copied().chain(RECORDS.iter().map(|def| &def.table)) {
        for rows in CHUNKS {
            check(
                &mut session,
                table.name,
                &table.insert_text(session_dialect(database), table.columns, rows),
            );
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

fn session_dialect(database: &TestDatabase) -> crate::statement::Dialect {
    match database.engine() {
        nevertwice_testkit::Engine::Sqlite => crate::statement::Dialect::Sqlite,
        nevertwice_testkit::Engine::Postgres => crate::statement::Dialect::Postgres,
    }
}

#[test]
fn every_statement_and_table_has_a_name_of_its_own() {
    let mut names = HashSet::new();
    for statement in STATEMENTS.iter().copied().flatten() {
        assert!(names.insert(statement.name()), "{} is listed twice", statement.name());
    }
    for table in TABLES.iter().copied().chain(RECORDS.iter().map(|def| &def.table)) {
        assert!(names.insert(table.name), "{} is listed twice", table.name);
        assert!(table.columns.len() <= 500, "{} has too many columns", table.name);
    }
}
