//! Tables as CSV.

use std::borrow::Cow;
use std::io::Write;

use nevertwice_domain::formula::guard;

use super::{Cell, Table, TableError, Written};

/// What makes spreadsheet programs read the file as UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Writes a table as CSV, row by row: RFC 4180 with commas and CR LF, UTF-8 with a byte order mark, days as
/// `2026-03-17`, numbers with a point and without grouping.
///
/// A text that a spreadsheet program would take for a formula begins with an apostrophe, see [`guard`]. The file has to
/// be opened as what it is: a program that is told to cut at another sign than the comma makes its own cells.
pub struct CsvWriter<'t, W: Write> {
    table: &'t Table,
    csv: csv::Writer<W>,
    row_count: u64,
}

impl<'t, W: Write> CsvWriter<'t, W> {
    /// Begins the file with the titles of the columns.
    ///
    /// # Errors
    /// What the output reports.
    pub fn new(table: &'t Table, mut output: W) -> Result<Self, TableError> {
        output.write_all(BYTE_ORDER_MARK)?;
        let mut csv =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(output);
        let titles = table.columns.iter().map(|column| guard(&column.title).into_owned());
        csv.write_record(titles).map_err(std::io::Error::from)?;
        Ok(Self { table, csv, row_count: 0 })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// Another number of cells than there are columns, a number that is not finite, or what the output reports.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), TableError> {
        self.table.check(self.row_count + 1, cells)?;
        let fields = cells.iter().map(field);
        self.csv.write_record(fields.map(Cow::into_owned)).map_err(std::io::Error::from)?;
        self.row_count += 1;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What the output reports.
    pub fn finish(mut self) -> Result<Written, TableError> {
        self.csv.flush()?;
        Ok(Written { row_count: self.row_count, cut_count: 0 })
    }
}

/// Writes a whole table as CSV, see [`CsvWriter`].
///
/// # Errors
/// As [`CsvWriter::row`].
pub fn csv<W: Write>(
    table: &Table,
    rows: impl IntoIterator<Item = Vec<Cell>>,
    output: W,
) -> Result<Written, TableError> {
    let mut writer = CsvWriter::new(table, output)?;
    for cells in rows {
        writer.row(&cells)?;
    }
    writer.finish()
}

fn field(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => guard(text),
        Cell::Number(number) => Cow::Owned(plain(*number)),
        Cell::Date(day) => Cow::Owned(day.to_string()),
    }
}

/// The shortest decimal form that reads back as the same number, without an exponent; zero has no sign.
fn plain(number: f64) -> String {
    if number == 0.0 { "0".to_owned() } else { number.to_string() }
}
