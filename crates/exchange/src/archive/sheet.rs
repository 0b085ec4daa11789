//! A sheet for people: CSV that every spreadsheet program opens, in which no text becomes a formula.

use std::io::Write;

use nevertwice_domain::formula::guard;

/// Writes a sheet: UTF-8 with a byte order mark, commas, LF.
pub struct Sheet<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> Sheet<W> {
    /// Begins a sheet with the names of its columns.
    ///
    /// # Errors
    /// What `output` reports.
    pub fn new(output: W, columns: &[&str]) -> std::io::Result<Self> {
        let mut csv = csv::WriterBuilder::new().from_writer(output);
        let mut names: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        if let Some(first) = names.first_mut() {
            first.insert(0, '\u{feff}');
        }
        csv.write_record(&names).map_err(std::io::Error::other)?;
        Ok(Self { csv })
    }

    /// Writes a row of as many cells as there are columns.
    ///
    /// # Errors
    /// What the output reports, or another number of cells.
    pub fn write(&mut self, cells: &[String]) -> std::io::Result<()> {
        self.csv
            .write_record(cells.iter().map(|cell| guard(cell).into_owned()))
            .map_err(std::io::Error::other)
    }

    /// Ends the sheet and gives back the output.
    ///
    /// # Errors
    /// What the output reports.
    pub fn finish(self) -> std::io::Result<W> {
        self.csv.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
    }
}
