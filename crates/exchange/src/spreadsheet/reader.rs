//! From bytes to rows of cells: CSV in several encodings and delimiters, and workbooks, with bounded memory.

mod archive;
mod cell;
mod delimited;
mod delimiter;
mod encoding;
mod error;
mod format;
mod workbook;

use std::io::{Read, Seek};

use nevertwice_domain::text::PROSE_LIMIT;

pub use cell::Cell;
pub(super) use cell::NOT_COMPUTED;
pub use delimited::Delimiter;
pub use encoding::{Encoding, guess_encoding};
pub use error::ReadError;

use delimited::DelimitedRows;
use workbook::{Workbook, WorkbookRows};

/// Bounds that hold for every file. Exceeding one is an error of the file, except `cell_bytes`: that rejects the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest text of one cell in bytes; a spreadsheet program allows 32,767 characters.
    pub cell_bytes: usize,
    /// Longest row in bytes.
    pub row_bytes: usize,
    /// Most columns.
    pub columns: usize,
    /// Most rows.
    pub rows: u64,
    /// Most blank rows in succession.
    pub blank_rows: u64,
    /// Most bytes that the parts of a workbook unpack to.
    pub unpacked_bytes: u64,
    /// Most bytes of a workbook's string table, which is held in memory.
    pub strings_bytes: u64,
    /// Most bytes of each part that describes a workbook (styles, themes, lists of sheets).
    pub structure_bytes: u64,
    /// Largest ratio of unpacked to packed size of a part.
    pub ratio: u64,
    /// Unpacked size from which the ratio counts.
    pub ratio_from_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Self {
            cell_bytes: PROSE_LIMIT,
            row_bytes: 16 * 1024 * 1024,
            columns: 512,
            rows: 2_000_000,
            blank_rows: 10_000,
            unpacked_bytes: 1024 * MIB,
            strings_bytes: 256 * MIB,
            structure_bytes: 8 * MIB,
            ratio: 300,
            ratio_from_bytes: 16 * MIB,
        }
    }
}

/// One row of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct RawRow {
    /// Its number in the file, from 1: the sheet row of a workbook, the record of a CSV file (a quoted line break does
    /// not begin a new one, an empty line counts).
    pub number: u64,
    /// Its cells from the first column on; empty for a blank row. Trailing empty cells may be missing.
    pub cells: Vec<Cell>,
    /// How many of the cells hold a formula (workbooks only).
    pub formulas: u32,
    /// Why the row cannot be used.
    pub flaw: Option<Flaw>,
}

/// Why one row cannot be used. The other rows can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// A cell is longer than [`Limits::cell_bytes`].
    CellTooLarge {
        /// Its column, from 0.
        column: usize,
        /// Its length in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// A control character other than line break and tab.
    ControlCharacter {
        /// The column, from 0.
        column: usize,
        /// The code point.
        code: u32,
    },
}

/// Where the table lies in the file. What is `None` is guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The sheet of a workbook, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row with the column names, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u64>,
    /// The delimiter of a CSV file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<Delimiter>,
    /// The encoding of a CSV file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
}

/// An opened file whose rows can be read several times over.
pub struct Spreadsheet<R> {
    source: Source<R>,
    limits: Limits,
}

enum Source<R> {
    Delimited { input: R, encoding: Encoding, delimiter: Delimiter, declared: bool },
    Workbook { workbook: Box<Workbook<R>>, sheets: Vec<String>, current: String },
}

impl<R: Read + Seek> Spreadsheet<R> {
    /// Opens a file: finds its format, the encoding and delimiter of a CSV file, the sheets of a workbook.
    ///
    /// # Errors
    /// A format that is not read, a damaged or oversized file, or an encoding that does not fit.
    pub fn open(mut input: R, layout: &Layout, limits: Limits) -> Result<Self, ReadError> {
        let source = match format::detect(&mut input)? {
            format::Format::Workbook => Self::open_workbook(input, layout, &limits)?,
            format::Format::Text => {
                let encoding = match layout.encoding {
                    Some(named) => named,
                    None => guess_encoding(&mut input)?,
                };
                let (guessed, declared) = delimiter::guess(&mut input, encoding, limits)?;
                let delimiter = layout.delimiter.unwrap_or(guessed);
                Source::Delimited { input, encoding, delimiter, declared }
            }
        };
        Ok(Self { source, limits })
    }

    fn open_workbook(input: R, layout: &Layout, limits: &Limits) -> Result<Source<R>, ReadError> {
        let workbook = Box::new(Workbook::open(input, limits)?);
        let sheets = workbook.sheets();
        let current = match &layout.sheet {
            Some(wanted) => sheets
                .iter()
                .find(|name| name.eq_ignore_ascii_case(wanted))
                .ok_or_else(|| ReadError::NoSheet { wanted: wanted.clone(), found: sheets.join(", ") })?,
            None => sheets.first().ok_or_else(|| ReadError::damaged("it has no worksheet"))?,
        };
        Ok(Source::Workbook { current: current.clone(), sheets, workbook })
    }

    /// The sheets of a workbook, the visible ones first; none for CSV.
    #[must_use]
    pub fn sheets(&self) -> &[String] {
        match &self.source {
            Source::Delimited { .. } => &[],
            Source::Workbook { sheets, .. } => sheets,
        }
    }

    /// Takes another sheet of a workbook. A name that it does not have, and a CSV file, change nothing.
    pub fn select_sheet(&mut self, name: &str) {
        if let Source::Workbook { sheets, current, .. } = &mut self.source
            && sheets.iter().any(|sheet| sheet == name)
        {
            name.clone_into(current);
        }
    }

    /// The layout as opened, without the header row.
    #[must_use]
    pub fn layout(&self) -> Layout {
        match &self.source {
            Source::Delimited { encoding, delimiter, .. } => {
                Layout { delimiter: Some(*delimiter), encoding: Some(*encoding), ..Layout::default() }
            }
            Source::Workbook { current, .. } => Layout { sheet: Some(current.clone()), ..Layout::default() },
        }
    }

    /// Its limits.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Every row from the first to the last one that holds something; blank rows between them are included.
    ///
    /// # Errors
    /// The file cannot be read from its start.
    pub fn rows(&mut self) -> Result<Rows<'_, R>, ReadError> {
        let limits = self.limits;
        let (inner, skip_first) = match &mut self.source {
            Source::Delimited { input, encoding, delimiter, declared } => {
                (Inner::Delimited(DelimitedRows::new(input, *encoding, *delimiter, limits)?), *declared)
            }
            Source::Workbook { workbook, current, .. } => {
                (Inner::Workbook(workbook.rows(current, limits)?), false)
            }
        };
        Ok(Rows { inner, limits, next_number: 1, held: None, ended: false, skip_first })
    }
}

/// The rows of a table in order; ends after the first error.
pub struct Rows<'a, R: Read + Seek> {
    inner: Inner<'a, R>,
    limits: Limits,
    next_number: u64,
    held: Option<RawRow>,
    ended: bool,
    /// The first row is a `sep=` line, shown as blank.
    skip_first: bool,
}

enum Inner<'a, R: Read + Seek> {
    Delimited(DelimitedRows<'a, R>),
    Workbook(WorkbookRows<'a, R>),
}

impl<R: Read + Seek> Iterator for Rows<'_, R> {
    type Item = Result<RawRow, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.held.is_none() && !self.ended {
            match self.next_filled() {
                Ok(Some(row)) => self.held = Some(row),
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        let number = self.next_number;
        self.next_number += 1;
        match self.held.take_if(|row| row.number <= number) {
            Some(row) => Some(Ok(row)),
            None if self.held.is_some() => {
                Some(Ok(RawRow { number, cells: Vec::new(), formulas: 0, flaw: None }))
            }
            None => None,
        }
    }
}

impl<R: Read + Seek> Rows<'_, R> {
    /// The next row that holds something.
    fn next_filled(&mut self) -> Result<Option<RawRow>, ReadError> {
        loop {
            let row = match &mut self.inner {
                Inner::Delimited(rows) => rows.next_row()?,
                Inner::Workbook(rows) => rows.next_row()?,
            };
            let Some(mut row) = row else { return Ok(None) };
            if row.number > self.limits.rows {
                return Err(ReadError::TooManyRows { limit: self.limits.rows });
            }
            if std::mem::take(&mut self.skip_first) || row.cells.iter().all(Cell::is_blank) {
                continue;
            }
            let blank = row.number.saturating_sub(self.next_number);
            if blank > self.limits.blank_rows {
                let (row, limit) = (row.number, self.limits.blank_rows);
                return Err(ReadError::FarRow { row, blank, limit });
            }
            row.flaw = flaw(&row.cells, self.limits.cell_bytes);
            return Ok(Some(row));
        }
    }
}

fn flaw(cells: &[Cell], limit: usize) -> Option<Flaw> {
    cells.iter().enumerate().find_map(|(column, cell)| {
        let Cell::Text(text) = cell else { return None };
        if text.len() > limit {
            return Some(Flaw::CellTooLarge { column, bytes: text.len(), limit });
        }
        let unusable = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}');
        text.chars().find(unusable).map(|c| Flaw::ControlCharacter { column, code: u32::from(c) })
    })
}

#[cfg(test)]
mod tests;
