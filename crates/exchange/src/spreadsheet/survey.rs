//! One pass over all rows that counts what the columns hold: the evidence for every guess.

mod amounts;
mod dates;

use std::collections::BTreeMap;
use std::io::{Read, Seek};

pub use amounts::{AmountSurvey, SharedSign};
pub use dates::{DateSurvey, Example, Unfit, Verdict};

use super::header::{self, Header};
use super::reader::{Cell, Layout, NOT_COMPUTED, RawRow, ReadError, Spreadsheet};
use super::value::{actions, field, is_placeholder, money, name};

/// More distinct values than this are not listed.
const MOST_VALUES: usize = 40;
/// Longer texts are no values of a list, in bytes.
const LONGEST_VALUE: usize = 60;
/// How many samples a column keeps.
const SAMPLES: usize = 3;

/// What a file holds.
#[derive(Debug, Clone)]
pub struct Survey {
    /// Where the table lies, with everything filled in that the format has.
    pub layout: Layout,
    /// The header row.
    pub header: Header,
    /// Its columns, from the first on.
    pub columns: Vec<ColumnSurvey>,
    /// Rows below the header that hold something.
    pub row_count: u64,
    /// Blank rows between them.
    pub blank_count: u64,
    /// Cells with a formula; their stored values are used.
    pub formula_count: u64,
    /// Texts that begin like a formula; they are data.
    pub formula_like_count: u64,
    /// The sheets of the workbook that are not read.
    pub other_sheets: Vec<String>,
    /// A row of a CSV file cannot be wider than the header: a delimiter in it is probably not quoted.
    pub(super) fixed_width: bool,
}

/// What one column holds.
#[derive(Debug, Clone, Default)]
pub struct ColumnSurvey {
    /// Its distinct name, see [`Header::names`].
    pub name: String,
    /// Cells that hold something other than a placeholder.
    pub filled: u64,
    /// Cells that hold a placeholder such as `TBD`; they count as empty.
    pub placeholders: u64,
    /// Cells that hold an error value or a formula that was never computed; they count as empty.
    pub errors: CellErrors,
    /// The first distinct values.
    pub samples: Vec<String>,
    /// How often each value occurs, without placeholders; `None` if there are too many for a list.
    pub values: Option<BTreeMap<String, u64>>,
    /// What reads as a date.
    pub dates: DateSurvey,
    /// What reads as an amount of money.
    pub amounts: AmountSurvey,
    /// Cells that read as a number.
    pub numbers: u64,
    /// Cells that read as a web address.
    pub links: u64,
    /// Cells that read as one name.
    pub names: u64,
    /// Cells that name somebody, perhaps several, one per line or number.
    pub name_lists: u64,
}

/// Cells without a value of their own.
#[derive(Debug, Clone, Default)]
pub struct CellErrors {
    /// Error values such as `#REF!`.
    pub values: u64,
    /// Formulas whose value the workbook does not store.
    pub not_computed: u64,
    /// The first of them.
    pub first: Option<Example>,
}

/// Reads every row once.
///
/// # Errors
/// The file cannot be read, has no header row, or nothing below it.
pub fn survey<R: Read + Seek>(sheet: &mut Spreadsheet<R>, layout: &Layout) -> Result<Survey, ReadError> {
    let header = choose_sheet(sheet, layout)?;
    let opened = sheet.layout();
    let fixed_width = opened.delimiter.is_some();
    let names = header.names();
    let mut found = Survey {
        other_sheets: sheet
            .sheets()
            .iter()
            .filter(|name| Some(*name) != opened.sheet.as_ref())
            .cloned()
            .collect(),
        layout: Layout { header_row: Some(header.row), ..opened },
        columns: names.iter().map(|name| ColumnSurvey::new(name)).collect(),
        row_count: 0,
        blank_count: 0,
        formula_count: 0,
        formula_like_count: 0,
        fixed_width,
        header,
    };
    for row in sheet.rows()? {
        let row = row?;
        if row.number > found.header.row {
            found.add(&row);
        }
    }
    found.complete_header();
    if found.row_count == 0 {
        return Err(found.only_header());
    }
    Ok(found)
}

/// The sheet that was named, otherwise the one whose header names most facts.
fn choose_sheet<R: Read + Seek>(sheet: &mut Spreadsheet<R>, layout: &Layout) -> Result<Header, ReadError> {
    let sheets = sheet.sheets().to_vec();
    if layout.sheet.is_some() || sheets.len() < 2 {
        return header::find(sheet, layout.header_row);
    }
    let mut best: Option<(usize, String, Header)> = None;
    let mut first_error = None;
    for name in sheets {
        sheet.select_sheet(&name);
        match header::find(sheet, layout.header_row) {
            Ok(header) => {
                let recognised = header::recognised(header.cells.iter().map(|cell| cell.as_str().into()));
                if best.as_ref().is_none_or(|(most, ..)| recognised > *most) {
                    best = Some((recognised, name, header));
                }
            }
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    match (best, first_error) {
        (Some((_, name, header)), _) => {
            sheet.select_sheet(&name);
            Ok(header)
        }
        (None, error) => Err(error.unwrap_or(ReadError::Empty)),
    }
}

impl Survey {
    fn add(&mut self, row: &RawRow) {
        if row.cells.is_empty() {
            self.blank_count += 1;
            return;
        }
        self.row_count += 1;
        self.formula_count += u64::from(row.formulas);
        if row.flaw.is_some() {
            return;
        }
        let width = if self.fixed_width { self.columns.len() } else { row.cells.len() };
        while self.columns.len() < width {
            self.columns.push(ColumnSurvey::new(""));
        }
        for (cell, column) in row.cells.iter().zip(&mut self.columns) {
            let text = cell.text();
            self.formula_like_count +=
                u64::from(matches!(cell, Cell::Text(_)) && text.starts_with(['=', '+', '-', '@']));
            column.add(cell, &text, row.number);
        }
    }

    fn only_header(&self) -> ReadError {
        let named: Vec<&str> =
            self.header.cells.iter().map(String::as_str).filter(|c| !c.is_empty()).collect();
        let elsewhere = match self.other_sheets.join(", ") {
            none if none.is_empty() => none,
            others => format!(". The workbook has other sheets, which --sheet names: {others}"),
        };
        let columns = named.join(", ").chars().take(120).collect();
        ReadError::OnlyHeader { row: self.header.row, columns, elsewhere }
    }

    /// A workbook's rows may be wider than its header: those columns have no name.
    fn complete_header(&mut self) {
        self.header.cells.resize(self.columns.len().max(self.header.cells.len()), String::new());
        for (column, name) in self.columns.iter_mut().zip(self.header.names()) {
            column.name = name;
        }
    }
}

impl CellErrors {
    fn add(&mut self, error: &str, row: u64) {
        if error == NOT_COMPUTED {
            self.not_computed += 1;
        } else {
            self.values += 1;
        }
        self.first.get_or_insert_with(|| Example { row, value: error.to_owned() });
    }
}

impl ColumnSurvey {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), values: Some(BTreeMap::new()), ..Self::default() }
    }

    fn add(&mut self, cell: &Cell, text: &str, row: u64) {
        if text.is_empty() {
            return;
        }
        if let Cell::Error(error) = cell {
            self.errors.add(error, row);
            return;
        }
        if is_placeholder(text) {
            self.placeholders += 1;
            return;
        }
        self.filled += 1;
        if self.samples.len() < SAMPLES && !self.samples.iter().any(|sample| sample == text) {
            self.samples.push(text.chars().take(120).collect());
        }
        self.count_value(text);
        if text.len() <= LONGEST_VALUE {
            self.add_dates(cell, text, row);
            self.amounts.add(cell, text);
            self.numbers +=
                u64::from(matches!(cell, Cell::Number(_)) || money::decimal(text, None).is_some());
            let is_name = name::one(text).is_some();
            self.names += u64::from(is_name);
            self.name_lists +=
                u64::from(is_name || actions::split(text).iter().any(|entry| !name::read(entry).is_empty()));
        }
        self.links += u64::from(field::is_link(text));
    }

    /// A cell may list one date per line, with a number before each.
    fn add_dates(&mut self, cell: &Cell, text: &str, row: u64) {
        if !text.contains('\n') {
            self.dates.add(cell, text, row);
            return;
        }
        for line in text.lines().map(str::trim) {
            let date =
                Cell::Text(actions::marker(line).filter(|_| line.contains(')')).unwrap_or(line).to_owned());
            self.dates.add(&date, line, row);
        }
    }

    fn count_value(&mut self, text: &str) {
        let Some(values) = &mut self.values else { return };
        *values.entry(text.to_owned()).or_default() += 1;
        if values.len() > MOST_VALUES || text.len() > LONGEST_VALUE {
            self.values = None;
        }
    }
}
