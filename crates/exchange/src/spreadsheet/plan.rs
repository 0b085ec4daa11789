//! From rows to planned cases. The plan knows no database: whether a case exists already is decided by who stores it.

mod actions;
mod case;
mod draft;

use std::io::{Read, Seek};

use nevertwice_domain::case::Class;
use nevertwice_domain::text::Line;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::guess::{Guess, OpenQuestions};
use super::header::Header;
use super::mapping::{Mapping, Rule};
use super::reader::{Cell, Flaw, RawRow, ReadError, Rows, Spreadsheet};
use super::survey::Survey;
use super::synonyms::{REASON_COLUMN, key};
use super::value::is_placeholder;
use crate::planned::{Original, Outcome, PlannedRow, Rejection};

/// Why no plan can be made.
#[derive(Debug, Error)]
pub enum PlanError {
    /// Questions are open.
    #[error(transparent)]
    Open(#[from] OpenQuestions),
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// The rows of a file below its header, one at a time; ends after the first error.
pub struct Plan<'a, R: Read + Seek> {
    rows: Rows<'a, R>,
    columns: Columns,
}

/// What each column becomes, ready for use row by row.
struct Columns {
    header_row: u64,
    names: Vec<String>,
    /// Names as they are hashed; none for the column of reasons.
    keys: Vec<Option<String>>,
    rules: Vec<Rule>,
    class_when_missing: Class,
    /// The width of the header, where a row cannot be wider.
    width: Option<usize>,
}

/// Begins the plan of a file.
///
/// # Errors
/// A blocking question is open, or the file cannot be read.
pub fn plan<'a, R: Read + Seek>(
    sheet: &'a mut Spreadsheet<R>,
    survey: &Survey,
    guess: &Guess,
) -> Result<Plan<'a, R>, PlanError> {
    let columns = Columns::new(survey, guess.answered()?);
    Ok(Plan { rows: sheet.rows()?, columns })
}

impl<R: Read + Seek> Iterator for Plan<'_, R> {
    type Item = Result<PlannedRow, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.rows.next()? {
                Ok(row) if row.number <= self.columns.header_row => {}
                Ok(row) => return Some(Ok(self.columns.planned(&row))),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Columns {
    fn new(survey: &Survey, mapping: &Mapping) -> Self {
        let Header { row, cells } = &survey.header;
        let names = survey.header.names();
        let rules = names.iter().map(|name| mapping.rule(name).cloned().unwrap_or(Rule::Ignore)).collect();
        let keys =
            names.iter().zip(cells).map(|(name, cell)| (cell != REASON_COLUMN).then(|| key(name))).collect();
        Self {
            header_row: *row,
            keys,
            rules,
            class_when_missing: mapping.class_when_missing.unwrap_or(Class::Event),
            width: survey.fixed_width.then_some(names.len()),
            names,
        }
    }

    fn planned(&self, row: &RawRow) -> PlannedRow {
        let mut cells: Vec<String> = row.cells.iter().map(Cell::text).collect();
        if cells.len() < self.names.len() {
            cells.resize(self.names.len(), String::new());
        }
        let outcome = if row.cells.is_empty() {
            Outcome::Blank
        } else {
            match self.usable(row).and_then(|()| case::build(self, &row.cells)) {
                Ok(case) => Outcome::Case(Box::new(case)),
                Err(rejection) => Outcome::Rejected(rejection),
            }
        };
        let origin_reference = self.origin_reference(&row.cells);
        let reading = origin_reference.as_ref().and(outcome.reading());
        PlannedRow {
            row_number: row.number,
            origin_reference,
            row_hash: self.hash(&cells, reading.as_deref()),
            original: Original::Cells(cells),
            outcome,
        }
    }

    /// Placeholders and error values number no case: rows that share one are not the same.
    fn origin_reference(&self, cells: &[Cell]) -> Option<Line> {
        let at = self.rules.iter().position(|rule| matches!(rule, Rule::OriginReference))?;
        match cells.get(at)? {
            Cell::Error(_) => None,
            cell => Line::parse(&cell.text()).ok().filter(|text| !is_placeholder(text.as_str())),
        }
    }

    /// Lengths stand before names and texts, so that no two rows are written alike.
    fn hash(&self, cells: &[String], reading: Option<&[u8]>) -> [u8; 32] {
        let keyed = self.keys.iter().zip(cells).filter_map(|(key, text)| Some((key.as_deref()?, text)));
        let mut filled: Vec<(&str, &String)> = keyed.filter(|(_, text)| !text.is_empty()).collect();
        filled.sort_unstable();
        let mut hash = Sha256::new();
        for (key, text) in filled {
            for part in [key, text] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
        }
        if let Some(reading) = reading {
            hash.update(reading);
        }
        hash.finalize().into()
    }

    fn usable(&self, row: &RawRow) -> Result<(), Rejection> {
        let name = |column: usize| {
            self.names.get(column).cloned().unwrap_or_else(|| format!("(column {})", column + 1))
        };
        match row.flaw {
            Some(Flaw::CellTooLarge { column, bytes, limit }) => Err(Rejection {
                column: name(column),
                found: format!("a text of {bytes} bytes"),
                expected: format!("at most {limit} bytes"),
                fix: "shorten it and keep the whole text as evidence".to_owned(),
            }),
            Some(Flaw::ControlCharacter { column, code }) => Err(Rejection {
                column: name(column),
                found: format!("the control character U+{code:04X}"),
                expected: "plain text".to_owned(),
                fix: "delete the character".to_owned(),
            }),
            None => self.within_width(row),
        }
    }

    fn within_width(&self, row: &RawRow) -> Result<(), Rejection> {
        let Some(width) = self.width else { return Ok(()) };
        match row.cells.iter().skip(width).find(|cell| !cell.is_blank()) {
            None => Ok(()),
            Some(beyond) => Err(Rejection {
                column: format!("(column {})", width + 1),
                found: format!(
                    "{} cells, among them {:?}",
                    row.cells.len(),
                    draft::shortened(&beyond.text())
                ),
                expected: format!("at most {width}, as many as the header has"),
                fix: "put the text that contains the delimiter in quotation marks".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
