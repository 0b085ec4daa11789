//! Tables: described once, written as CSV, as a workbook and as HTML.
//!
//! In none of them a text becomes a formula, a link or a number: what people typed stays text, whatever it begins with.
//! What is written as CSV or as a workbook is read again as it was by the import of spreadsheets
//! (`nevertwice_exchange::spreadsheet`), apart from white space at the ends of a text, which no import counts.

mod csv;
mod html;
mod xlsx;

use jiff::civil::Date;
use thiserror::Error;

pub use self::csv::{CsvWriter, csv};
pub use html::html;
pub use xlsx::{CELL_LIMIT, CUT_MARK, ROW_LIMIT, Workbook, XlsxWriter, xlsx};

/// What a table is about and which columns it has. Its rows come beside it, so that there may be any number of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// A line: the caption, and the name of the sheet.
    pub title: String,
    /// The columns in order.
    pub columns: Vec<Column>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub title: String,
    /// What its cells are.
    pub kind: Kind,
}

/// What the cells of a column are. It decides width and alignment; what is written is what each cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Counts, amounts, durations, in the unit that the title of the column names.
    Number,
    /// Days.
    Date,
    /// References such as `CASE-2026-0042`.
    Reference,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing: not known, or none.
    #[default]
    Empty,
    /// A text as it is, line breaks included.
    Text(String),
    /// A number; it has to be finite. A workbook and a spreadsheet program keep 15 digits of it.
    Number(f64),
    /// A day.
    Date(Date),
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Rows, without the header.
    pub row_count: u64,
    /// Texts that were too long for a cell and are cut, see [`CUT_MARK`]. Always 0 for CSV.
    pub cut_count: u64,
}

/// A table that cannot be written.
#[derive(Debug, Error)]
pub enum TableError {
    /// The output cannot take it.
    #[error("the table cannot be written: {0}")]
    Output(#[from] std::io::Error),
    /// A row that does not fit the columns.
    #[error("row {row} has {found} cells; expected {expected}, one for each column")]
    Width {
        /// The row, from 1, without the header.
        row: u64,
        /// Its cells.
        found: usize,
        /// The columns.
        expected: usize,
    },
    /// Neither programs nor people can read it.
    #[error("row {row}, column {column:?}: found {number}; expected a finite number")]
    NotFinite {
        /// The row, from 1, without the header.
        row: u64,
        /// The title of the column.
        column: String,
        /// What was found.
        number: f64,
    },
    /// More rows than a sheet holds.
    #[error("the table has more than {limit} rows; a workbook holds no more, write it as CSV")]
    TooManyRows {
        /// The limit, without the header.
        limit: u32,
    },
    /// The library that writes workbooks refuses.
    #[error("the workbook cannot be written: {0}")]
    Workbook(String),
}

impl Table {
    /// A table without columns yet.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), columns: Vec::new() }
    }

    /// The table with one more column at its end.
    #[must_use]
    pub fn with(mut self, title: impl Into<String>, kind: Kind) -> Self {
        self.columns.push(Column { title: title.into(), kind });
        self
    }

    /// Whether a row can be written; `row` counts from 1.
    fn check(&self, row: u64, cells: &[Cell]) -> Result<(), TableError> {
        let (found, expected) = (cells.len(), self.columns.len());
        if found != expected {
            return Err(TableError::Width { row, found, expected });
        }
        for (column, cell) in self.columns.iter().zip(cells) {
            if let Cell::Number(number) = *cell
                && !number.is_finite()
            {
                return Err(TableError::NotFinite { row, column: column.title.clone(), number });
            }
        }
        Ok(())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Cell {
    fn from(count: u32) -> Self {
        Self::Number(f64::from(count))
    }
}

impl From<Date> for Cell {
    fn from(day: Date) -> Self {
        Self::Date(day)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

#[cfg(test)]
mod tests;
