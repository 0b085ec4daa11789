//! Many rows in one statement: one array per column instead of one parameter per value. The server then has few parameters
//! to look at and one plan to set up, whatever the number of rows.

use std::fmt::Write as _;
use std::sync::Arc;

use postgres::types::{ToSql, Type};

use super::bind::Bound;
use super::{PostgresSession, connected, failure};
use crate::engine::failure::Failure;
use crate::engine::session::{Insert, Sql, check_parameters};

impl PostgresSession {
    /// Inserts rows; returns how many.
    pub(crate) fn insert(&mut self, insert: Insert<'_>) -> Result<u64, Failure> {
        let Insert { name, table, columns, values } = insert;
        let text = self.bulk_text(name, table.name, columns)?;
        let sql = Sql { name, text: &text };
        check_parameters(sql, values.len(), values)?;
        let statement = self.statement(sql)?.statement;
        let arrays: Vec<Vec<Bound<'_>>> = (0..columns.len())
            .map(|column| values.iter().skip(column).step_by(columns.len()).map(Bound).collect())
            .collect();
        let arrays: Vec<&(dyn ToSql + Sync)> = arrays.iter().map(|a| a as &(dyn ToSql + Sync)).collect();
        let client = connected(&mut self.client)?;
        client.execute(&statement, &arrays).map_err(|error| failure(name, &error))
    }

    /// The text for a table, made once per connection: the server has to be told the types of the arrays.
    fn bulk_text(&mut self, name: &Arc<str>, table: &str, columns: &[&str]) -> Result<Arc<str>, Failure> {
        let columns = columns.join(", ");
        let select = format!("SELECT {columns} FROM {table}");
        if let Some(text) = self.bulk.get(&select) {
            return Ok(Arc::clone(text));
        }
        let row = self.statement(Sql { name, text: &select })?;
        let types: Vec<&Type> = row.statement.columns().iter().map(postgres::Column::type_).collect();
        let mut text = format!("INSERT INTO {table} ({columns}) SELECT * FROM unnest(");
        for (index, of) in (1..).zip(types) {
            let comma = if index == 1 { "" } else { ", " };
            // Writing to a string does not fail.
            let _ = write!(text, "{comma}${index}::{}[]", of.name());
        }
        text.push(')');
        let text: Arc<str> = text.into();
        self.bulk.insert(select, Arc::clone(&text));
        Ok(text)
    }
}
