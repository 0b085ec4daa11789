//! From rows to planned cases. The plan knows no database: whether a case exists already is decided by who stores it.

mod actions;
mod case;
mod draft;

use std::io::{Read, Seek};

use nevertwice_domain::action::ActionPurpose;
use nevertwice_domain::case::{Class, CostBasis, Decision, Severity, Tag};
use nevertwice_domain::field::{FieldKey, FieldType};
use nevertwice_domain::money::Money;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_domain::when::When;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::gap::Gap;
use super::guess::{Guess, OpenQuestions};
use super::header::Header;
use super::mapping::{Mapping, Rule};
use super::reader::{Cell, Flaw, RawRow, ReadError, Rows, Spreadsheet};
use super::survey::Survey;
use super::synonyms::{REASON_COLUMN, key};
use super::value::is_placeholder;
use super::value::name::Mention;
use super::value::words::Standing;

/// One row below the header, and what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedRow {
    /// Its number in the file, from 1.
    pub row_number: u64,
    /// The number of the case in the old register, if the row has one that can be kept.
    pub origin_reference: Option<Line>,
    /// SHA-256 over the column names and texts of the cells that hold something: independent of the order of columns,
    /// of the format and of the column of reasons. Two rows with the same content that are read in the same way have
    /// the same hash. A row with a reference that is read in another way has another one; of a row without a reference
    /// nothing but its content tells which row it is.
    pub row_hash: [u8; 32],
    /// The cells as text, as wide as the header or the row.
    pub cells: Vec<String>,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A case.
    Case(Box<PlannedCase>),
    /// Nothing: the row is blank.
    Blank,
    /// Nothing until somebody mends it.
    Rejected(Rejection),
}

impl Outcome {
    /// The facts of a case as bytes: the same for the same facts.
    fn reading(&self) -> Option<Vec<u8>> {
        match self {
            Self::Case(case) => serde_json::to_vec(case).ok(),
            Self::Blank | Self::Rejected(_) => None,
        }
    }
}

/// Why a row cannot be a case.
#[derive(Debug, Clone, PartialEq, Eq, Error, serde::Serialize)]
#[error("{column}: found {found}, expected {expected}; {fix}")]
pub struct Rejection {
    /// The column.
    pub column: String,
    /// What was found, shortened.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// How to mend it.
    pub fix: String,
}

/// A case as its row describes it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct PlannedCase {
    /// What happened, in one line.
    pub title: Line,
    /// What happened, at length; begins with the whole text if the title was shortened.
    pub description: Option<Prose>,
    /// The class; assumed if there is a gap that says so.
    pub class: Class,
    /// What class and status say about the event decision.
    pub decision: Decision,
    /// The severity, where it could be read.
    pub severity: Option<Severity>,
    /// Where the case stood; closed if only a closing date says so.
    pub standing: Option<Standing>,
    /// Its moments.
    pub moments: Moments,
    /// The category.
    pub category: Option<Line>,
    /// The root cause as written.
    pub cause: Option<Prose>,
    /// The lesson as written.
    pub lesson: Option<Prose>,
    /// Actions with a named person and a day.
    pub actions: Vec<PlannedAction>,
    /// What is missing or unclear, actions without owner or day among it.
    pub gaps: Vec<Gap>,
    /// Who reported it.
    pub reporter: Option<Mention>,
    /// Suppliers by name.
    pub suppliers: Vec<Line>,
    /// Assets by name.
    pub assets: Vec<Line>,
    /// What it cost.
    pub cost: Option<PlannedCost>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Notes; each column of notes beside the first under its name.
    pub notes: Option<Prose>,
    /// Values of company fields.
    pub fields: Vec<PlannedField>,
    /// Everybody whom the row names, each once, teams among them.
    pub people: Vec<Mention>,
    /// What the row itself says of the facts that every case has.
    #[serde(skip)]
    pub said: Said,
}

/// Which facts that every case has the row itself says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// The title; otherwise it is the beginning of the description while the file has a column of titles.
    pub title: bool,
    /// The class; otherwise it is assumed.
    pub class: bool,
}

/// The moments of a case, each at the precision that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Moments {
    /// When it happened.
    pub occurred: Option<When>,
    /// When it was noticed.
    pub detected: Option<When>,
    /// When it was reported.
    pub reported: Option<When>,
    /// When somebody took it up.
    pub acknowledged: Option<When>,
    /// When it could do no more harm.
    pub contained: Option<When>,
    /// When service was as before.
    pub resolved: Option<When>,
    /// When the case was closed.
    pub closed: Option<When>,
}

/// An action with its named owner and its day.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PlannedAction {
    /// What is to be done.
    pub text: Prose,
    /// The one person who owns it.
    pub owner: Mention,
    /// When it is due.
    pub due: Date,
    /// Why it is taken, if the column says so.
    pub purpose: Option<ActionPurpose>,
}

/// A cost of the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct PlannedCost {
    /// The amount.
    pub amount: Money,
    /// Known or estimated.
    pub basis: CostBasis,
}

/// A value of a company field, in the field's written form.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PlannedField {
    /// The field.
    pub key: FieldKey,
    /// Its label: the column's name.
    pub label: String,
    /// What it holds.
    pub kind: FieldType,
    /// The value.
    pub value: Prose,
}

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
            cells,
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
