//! One row of a result.

use std::sync::Arc;

use super::{FromValue, Value};
use crate::error::StoreError;

/// A row, with getters that name statement and column when a value is not what it must be.
#[derive(Debug, Clone)]
pub struct Row {
    statement: Arc<str>,
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(statement: Arc<str>, columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { statement, columns, values }
    }

    /// Reads a column by name.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if there is no such column or its value does not fit `T`.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T, StoreError> {
        let value = self.values[self.position(column)?].clone();
        T::from_value(value).map_err(|detail| self.corrupt(column, detail))
    }

    /// Reads a column by name and leaves NULL in its place: saves the copy of a long text.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn take<T: FromValue>(&mut self, column: &str) -> Result<T, StoreError> {
        let position = self.position(column)?;
        let value = std::mem::replace(&mut self.values[position], Value::Null);
        T::from_value(value).map_err(|detail| self.corrupt(column, detail))
    }

    /// The error for a column whose value is of the right type but not one the program writes.
    pub fn corrupt(&self, column: &str, detail: impl std::fmt::Display) -> StoreError {
        let mut place = format!("statement {}, column {column}", self.statement);
        if let Some(id) = self.columns.iter().position(|name| name == "id")
            && let Ok(id) = uuid::Uuid::from_value(self.values[id].clone())
        {
            place.push_str(&format!(", id {id}"));
        }
        StoreError::Corrupt { place, detail: detail.to_string() }
    }

    /// The names of the columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The values as the engine returned them, in the order of [`Self::columns`].
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    fn position(&self, column: &str) -> Result<usize, StoreError> {
        self.columns.iter().position(|name| name == column).ok_or_else(|| StoreError::Corrupt {
            place: format!("statement {}", self.statement),
            detail: format!("expected a column {column}, found {}", self.columns.join(", ")),
        })
    }
}
