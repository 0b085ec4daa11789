//! The steps of an import, one after the other.

use std::io::{Cursor, Read, Seek};

use nevertwice_exchange::planned::{Outcome, PlannedRow, Rejection};
use nevertwice_exchange::spreadsheet::{
    Answers, DateOrder, Guess, Layout, Limits, RejectedWriter, Spreadsheet, Survey, guess, plan, survey,
};

/// A file with everything that is known about it.
pub(crate) struct Planned {
    pub(crate) survey: Survey,
    pub(crate) guess: Guess,
    pub(crate) rows: Vec<PlannedRow>,
}

/// Everything that an import does with a file, up to the plan; the text of the first error.
pub(crate) fn planned(input: impl Read + Seek) -> Result<Planned, String> {
    let layout = Layout::default();
    let mut sheet = Spreadsheet::open(input, &layout, Limits::default()).map_err(|e| e.to_string())?;
    let survey = survey(&mut sheet, &layout).map_err(|e| e.to_string())?;
    let answers = Answers { date_order: Some(DateOrder::Dmy), ..Answers::default() };
    let guess = guess(&survey, &answers).map_err(|e| e.to_string())?;
    let rows = plan(&mut sheet, &survey, &guess).map_err(|e| e.to_string())?;
    let rows = rows.collect::<Result<Vec<_>, _>>().map_err(|e| e.to_string())?;
    Ok(Planned { survey, guess, rows })
}

/// How many rows the plan of a file has.
pub(crate) fn imported(bytes: &[u8]) -> Result<usize, String> {
    planned(Cursor::new(bytes)).map(|planned| planned.rows.len())
}

/// The error of a file that cannot be imported.
pub(crate) fn refused(bytes: &[u8]) -> String {
    imported(bytes).expect_err("the file is refused")
}

impl Planned {
    /// The rows that cannot be used, and why.
    pub(crate) fn rejections(&self) -> Vec<(&PlannedRow, &Rejection)> {
        let rejected = self.rows.iter().filter_map(|row| match &row.outcome {
            Outcome::Rejected(rejection) => Some((row, rejection)),
            _ => None,
        });
        rejected.collect()
    }

    /// The file of rejected rows.
    pub(crate) fn rejected_file(&self) -> Vec<u8> {
        let mut writer = RejectedWriter::new(Vec::new(), &self.survey.header, self.survey.layout.delimiter);
        for (row, rejection) in self.rejections() {
            writer.write(row.original.cells(), &rejection.to_string()).unwrap();
        }
        writer.finish().unwrap()
    }
}
