//! Rejected rows as a CSV file that can be mended and imported again.
//!
//! The file has the columns of the original with their cells verbatim, and the reason in a last column that an import
//! ignores. A text that a spreadsheet program would take for a formula begins with an apostrophe, which an import
//! takes away again (see [`guard`]): read back, every row has the cells and the row hash that it had.

use std::io::Write;

use nevertwice_domain::formula::guard;

use super::header::Header;
use super::reader::Delimiter;
use super::synonyms::REASON_COLUMN;

/// Writes rejected rows. Nothing is written until the first row comes, so that a run without rejections leaves no file
/// content.
pub struct RejectedWriter<W: Write> {
    csv: csv::Writer<W>,
    header: Vec<String>,
    reason_at: Option<usize>,
    started: bool,
}

impl<W: Write> RejectedWriter<W> {
    /// Prepares a file with the columns of the original; the delimiter of a CSV file is kept, UTF-8 with a byte order
    /// mark is what every spreadsheet program opens.
    #[must_use]
    pub fn new(output: W, header: &Header, delimiter: Option<Delimiter>) -> Self {
        let delimiter = delimiter.unwrap_or(Delimiter::Comma).byte();
        let csv = csv::WriterBuilder::new().flexible(true).delimiter(delimiter).from_writer(output);
        let reason_at = header.cells.iter().position(|cell| cell == REASON_COLUMN);
        Self { csv, header: header.cells.clone(), reason_at, started: false }
    }

    /// Writes one row with its reason. Cells beyond the header stand behind the reason.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write(&mut self, cells: &[String], reason: &str) -> std::io::Result<()> {
        if !self.started {
            self.start()?;
        }
        let width = self.header.len();
        let (inside, beyond) = cells.split_at(cells.len().min(width));
        let missing = std::iter::repeat_n("", width - inside.len());
        let mut row: Vec<String> =
            inside.iter().map(String::as_str).chain(missing).map(|cell| guard(cell).into_owned()).collect();
        match self.reason_at {
            Some(at) => reason.clone_into(&mut row[at]),
            None => row.push(guard(reason).into_owned()),
        }
        row.extend(beyond.iter().map(|cell| guard(cell).into_owned()));
        self.csv.write_record(&row).map_err(std::io::Error::other)
    }

    /// Ends the file and gives back the output.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn finish(self) -> std::io::Result<W> {
        self.csv.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
    }

    fn start(&mut self) -> std::io::Result<()> {
        self.started = true;
        let mut names = self.header.clone();
        if self.reason_at.is_none() {
            names.push(REASON_COLUMN.to_owned());
        }
        let mut names: Vec<String> = names.iter().map(|name| guard(name).into_owned()).collect();
        if let Some(first) = names.first_mut() {
            first.insert(0, '\u{feff}');
        }
        self.csv.write_record(&names).map_err(std::io::Error::other)
    }
}

#[cfg(test)]
mod tests;
