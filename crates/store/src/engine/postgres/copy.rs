//! Whole tables in one statement: rows go to the server as they come, in its binary form.

use std::sync::Arc;

use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::{ToSql, Type};

use super::bind::Bound;
use super::{PostgresSession, connected, failure};
use crate::engine::Value;
use crate::engine::session::Sql;
use crate::error::StoreError;

impl PostgresSession {
    /// Copies rows into a table as `next` gives them, until it gives none; returns how many. References between rows
    /// of the table may lead to later ones: the server looks when all are there.
    pub(crate) fn copy_in<E: From<StoreError>>(
        &mut self,
        table: &str,
        columns: &[&str],
        next: &mut dyn FnMut() -> Result<Option<Vec<Value>>, E>,
    ) -> Result<u64, E> {
        let name: Arc<str> = format!("copy into {table}").into();
        let refused = |error: &postgres::Error| failure(&name, error).error;
        let columns = columns.join(", ");
        let select = format!("SELECT {columns} FROM {table}");
        let row = self.statement(Sql { name: &name, text: &select }).map_err(|failure| failure.error)?;
        let types: Vec<Type> = row.statement.columns().iter().map(|column| column.type_().clone()).collect();
        let client = connected(&mut self.client).map_err(|failure| failure.error)?;
        let copy = format!("COPY {table} ({columns}) FROM STDIN BINARY");
        let writer = client.copy_in(&copy).map_err(|error| refused(&error))?;
        let mut writer = BinaryCopyInWriter::new(writer, &types);
        while let Some(values) = next()? {
            if values.len() != types.len() {
                let detail = format!("expected {} values, found {}", types.len(), values.len());
                return Err(StoreError::Driver { statement: name.to_string(), detail }.into());
            }
            let bound: Vec<Bound<'_>> = values.iter().map(Bound).collect();
            let bound: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|b| b as &(dyn ToSql + Sync)).collect();
            writer.write(&bound).map_err(|error| refused(&error))?;
        }
        Ok(writer.finish().map_err(|error| refused(&error))?)
    }
}
