//! Tables as workbooks.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use nevertwice_domain::formula::{guard, is_like_formula, unguard};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Worksheet, XlsxError};

use super::{Cell, Column, Kind, Table, TableError, Written};

/// Rows of a sheet, the header among them.
const SHEET_ROWS: u32 = 1_048_576;

/// Most rows of a table, without the header.
pub const ROW_LIMIT: u32 = SHEET_ROWS - 1;

/// Longest text of a cell, in UTF-16 code units, which is what spreadsheet programs count.
pub const CELL_LIMIT: usize = 32_767;

/// Ends a text that was longer than [`CELL_LIMIT`] and is cut so that it fits, this mark included. CSV has the whole text.
pub const CUT_MARK: &str = "… [cut: a cell of a workbook holds 32,767 characters]";

/// Longest name of a sheet, in UTF-16 code units.
const NAME_LIMIT: usize = 31;

/// The day before this one is the 29 February 1900 that never was: earlier days have two numbers.
const FIRST_DAY: Date = date(1900, 3, 1);

const DAY_FORMAT: &str = "yyyy-mm-dd";

/// How a workbook is made.
#[derive(Debug, Clone, Copy)]
pub struct Workbook<'a> {
    /// When it is made, to the second; it stands in the properties of the file.
    pub created_at: Timestamp,
    /// A folder for a nameless file in which rows wait until the workbook ends, so that only the packed workbook stands in
    /// memory; it is gone with the process, however that ends. Without one the rows wait in memory. The tables are the
    /// same, the bytes are not.
    pub scratch: Option<&'a Path>,
}

/// Writes a table as a workbook (`.xlsx`, ISO/IEC 29500) of one sheet, row by row: the header bold, frozen and with a
/// filter, texts as texts, numbers as numbers, days as days. Nothing reaches the output before [`XlsxWriter::finish`].
///
/// A text is never a formula, a link or a number, and stays a text when its cell is edited ("quote prefix"). An
/// apostrophe stands only before the rare text that a spreadsheet import would otherwise read without its own (see
/// [`unguard`]). A text beyond [`CELL_LIMIT`] is cut with [`CUT_MARK`] and counted. Line ends are LF. Days before 1900-03-01,
/// for which there are no certain numbers, are texts such as `1899-12-31`.
pub struct XlsxWriter<'t> {
    table: &'t Table,
    workbook: rust_xlsxwriter::Workbook,
    formats: Formats,
    written: Written,
    /// The row that comes next, from 0.
    row: u32,
}

struct Formats {
    header: Format,
    day: Format,
    /// An apostrophe of the program itself, not of the text.
    quoted: Format,
}

impl<'t> XlsxWriter<'t> {
    /// Begins a workbook with the titles of the columns.
    ///
    /// # Errors
    /// No folder for the rows, or more columns than a sheet has.
    pub fn new(table: &'t Table, options: &Workbook<'_>) -> Result<Self, TableError> {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let created = ExcelDateTime::from_timestamp(options.created_at.as_second()).map_err(refused)?;
        let properties = DocProperties::new().set_title(&table.title).set_creation_datetime(&created);
        workbook.set_properties(&properties);
        let formats = Formats {
            header: Format::new().set_bold().set_quote_prefix(),
            day: Format::new().set_num_format(DAY_FORMAT),
            quoted: Format::new().set_quote_prefix(),
        };
        let sheet = match options.scratch {
            Some(folder) => {
                workbook.set_tempdir(folder).map_err(refused)?;
                workbook.add_worksheet_with_constant_memory().map_err(refused)?
            }
            None => workbook.add_worksheet(),
        };
        begin(sheet, table, &formats).map_err(refused)?;
        Ok(Self { table, workbook, formats, written: Written::default(), row: 1 })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// Another number of cells than there are columns, a number that is not finite, or more rows than a sheet holds.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), TableError> {
        self.table.check(self.written.row_count + 1, cells)?;
        if self.row >= SHEET_ROWS {
            return Err(TableError::TooManyRows { limit: ROW_LIMIT });
        }
        let sheet = self.workbook.worksheet_from_index(0).map_err(refused)?;
        for (column, cell) in (0_u16..).zip(cells) {
            let place = (self.row, column);
            self.written.cut_count += u64::from(put(sheet, place, cell, &self.formats).map_err(refused)?);
        }
        self.row += 1;
        self.written.row_count += 1;
        Ok(())
    }

    /// Ends the workbook and writes it.
    ///
    /// # Errors
    /// What the output reports.
    pub fn finish<W: Write>(mut self, output: &mut W) -> Result<Written, TableError> {
        let last_column = u16::try_from(self.table.columns.len()).unwrap_or(u16::MAX);
        if let Some(last_column) = last_column.checked_sub(1) {
            let sheet = self.workbook.worksheet_from_index(0).map_err(refused)?;
            sheet.autofilter(0, 0, self.row - 1, last_column).map_err(refused)?;
        }
        output.write_all(&self.workbook.save_to_buffer().map_err(refused)?)?;
        Ok(self.written)
    }
}

/// Writes a whole table as a workbook, see [`XlsxWriter`].
///
/// # Errors
/// As [`XlsxWriter::row`] and [`XlsxWriter::finish`].
pub fn xlsx<W: Write>(
    table: &Table,
    rows: impl IntoIterator<Item = Vec<Cell>>,
    options: &Workbook<'_>,
    output: &mut W,
) -> Result<Written, TableError> {
    let mut writer = XlsxWriter::new(table, options)?;
    for cells in rows {
        writer.row(&cells)?;
    }
    writer.finish(output)
}

fn begin(sheet: &mut Worksheet, table: &Table, formats: &Formats) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(&table.title))?.set_freeze_panes(1, 0)?;
    for (at, column) in (0_u16..).zip(&table.columns) {
        sheet.set_column_width(at, width(column))?;
        sheet.write_string_with_format(0, at, fitting(&column.title).0, &formats.header)?;
    }
    Ok(())
}

/// Writes one cell and says whether it was cut.
fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    formats: &Formats,
) -> Result<bool, XlsxError> {
    match cell {
        Cell::Empty => Ok(false),
        Cell::Number(number) => sheet.write_number(row, column, *number).map(|_| false),
        Cell::Date(day) => match excel_day(*day) {
            Some(at) => sheet.write_datetime_with_format(row, column, &at, &formats.day).map(|_| false),
            None => sheet.write_string(row, column, day.to_string()).map(|_| false),
        },
        Cell::Text(text) => {
            let (fitting, cut) = fitting(text);
            if is_like_formula(text) {
                sheet.write_string_with_format(row, column, fitting, &formats.quoted)?;
            } else {
                sheet.write_string(row, column, fitting)?;
            }
            Ok(cut)
        }
    }
}

fn excel_day(day: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    let (month, number) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    (day >= FIRST_DAY).then(|| ExcelDateTime::from_ymd(year, month, number).ok())?
}

/// A text as it goes into a cell, and whether something was left out.
fn fitting(text: &str) -> (String, bool) {
    let unix = if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    };
    let is_read_otherwise = unguard(unix.trim()) != unix.trim_end() && is_like_formula(&unix);
    let kept = if is_read_otherwise { guard(&unix) } else { unix };
    match within(&kept, CELL_LIMIT) {
        whole if whole.len() == kept.len() => (kept.into_owned(), false),
        _ => (format!("{}{CUT_MARK}", within(&kept, CELL_LIMIT - units(CUT_MARK))), true),
    }
}

/// The longest beginning of a text that has at most so many UTF-16 code units.
fn within(text: &str, limit: usize) -> &str {
    let mut count = 0;
    let end = text.char_indices().find(|(_, c)| {
        count += c.len_utf16();
        count > limit
    });
    end.map_or(text, |(at, _)| &text[..at])
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A title as the name of a sheet: without the signs that a name must not have, as long as a name may be.
fn sheet_name(title: &str) -> String {
    let allowed = |c: char| if c.is_control() || "*?:[]\\/".contains(c) { ' ' } else { c };
    let cleaned: String = title.chars().map(allowed).collect();
    let is_edge = |c: char| c.is_whitespace() || c == '\'';
    let name = within(cleaned.trim_matches(is_edge), NAME_LIMIT).trim_end_matches(is_edge);
    // "History" is the one name that Excel keeps for itself.
    if name.is_empty() || name.eq_ignore_ascii_case("history") { "Table".to_owned() } else { name.to_owned() }
}

/// Widths in characters of the standard font: what such a column usually holds, and room for its title and its filter.
fn width(column: &Column) -> f64 {
    let (usual, most) = match column.kind {
        Kind::Text => (40, 60),
        Kind::Number | Kind::Date => (12, 30),
        Kind::Reference => (17, 30),
    };
    let title = column.title.chars().count() + 4;
    f64::from(u32::try_from(title.clamp(usual, most)).unwrap_or(60))
}

fn refused(error: XlsxError) -> TableError {
    match error {
        XlsxError::IoError(error) => TableError::Output(error),
        other => TableError::Workbook(other.to_string()),
    }
}
