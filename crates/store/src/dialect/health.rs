//! What an engine says about itself.

use std::sync::Arc;

use crate::engine::Tx;
use crate::engine::session::Sql;
use crate::error::StoreError;
use crate::statement::Dialect;

/// The engine and its release, for people: `SQLite 3.53.2`.
///
/// # Errors
/// What the database reports.
pub fn engine(tx: &mut Tx) -> Result<String, StoreError> {
    match tx.dialect() {
        Dialect::Sqlite => Ok(format!("SQLite {}", rusqlite::version())),
        Dialect::Postgres => {
            let text = "SELECT CAST(current_setting('server_version') AS TEXT) AS version";
            let mut found = None;
            let each = &mut |row: crate::engine::Row| {
                found = Some(row.get::<String>("version"));
                std::ops::ControlFlow::Break(())
            };
            let sql = Sql { name: &Arc::from("server version"), text };
            tx.session().query(sql, &[], each).map_err(|failure| failure.error)?;
            Ok(format!("PostgreSQL {}", found.transpose()?.unwrap_or_default()))
        }
    }
}
