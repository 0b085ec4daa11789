//! What an import reads, whatever its format: one body writes the rows of all.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use nevertwice_domain::text::Line;
use nevertwice_exchange::planned::{Original, PlannedRow};
use nevertwice_exchange::spreadsheet::RejectedWriter;
use nevertwice_exchange::spreadsheet::mapping::FieldRule;
use nevertwice_exchange::veris::RejectedRecords;

use crate::error::{Kind, ServiceError};
use crate::folder::cannot;

/// The planned rows of a source, from the first.
pub(super) type PlannedRows<'s> = Box<dyn Iterator<Item = Result<PlannedRow, ServiceError>> + Send + 's>;

/// Something that can be planned row by row, more than once.
pub(super) trait Source {
    /// What a run calls it, such as `spreadsheet`.
    fn name(&self) -> &'static str;

    /// The shape of file by which a mapping and row identities are remembered.
    ///
    /// # Errors
    /// Never for the shapes there are.
    fn profile(&self) -> Result<Line, ServiceError>;

    /// The names of its columns; none of records.
    fn columns(&self) -> Vec<String>;

    /// How many rows it has, where that is known before they are read.
    fn total(&self) -> Option<u64>;

    /// The company fields that it fills, each with its label.
    fn fields(&self) -> Vec<(FieldRule, String)>;

    /// The rows, from the first.
    ///
    /// # Errors
    /// A question is open, or the source cannot be read.
    fn rows(&mut self) -> Result<PlannedRows<'_>, ServiceError>;

    /// How the name of a file of rejected rows ends.
    fn rejected_ending(&self) -> &'static str;

    /// Begins a file of rejected rows in the form of the source.
    ///
    /// # Errors
    /// The file cannot be made.
    fn rejected(&self, path: &Path) -> Result<Rejected, ServiceError>;
}

/// A file of rejected rows, to be mended and imported again.
pub(super) enum Rejected {
    /// As CSV with the columns of the original.
    Cells(RejectedWriter<BufWriter<File>>),
    /// As JSON lines.
    Records(RejectedRecords<BufWriter<File>>),
}

impl Rejected {
    /// Writes a row with its reason.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn write(&mut self, original: &Original, reason: &str) -> Result<(), ServiceError> {
        let written = match (self, original) {
            (Self::Cells(out), original) => out.write(original.cells(), reason),
            (Self::Records(out), Original::Record(record)) => out.write(record, reason),
            (Self::Records(_), Original::Cells(_)) => Ok(()),
        };
        written.map_err(unwritable)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn finish(self) -> Result<(), ServiceError> {
        match self {
            Self::Cells(out) => out.finish().map(drop),
            Self::Records(out) => out.finish().map(drop),
        }
        .map_err(unwritable)
    }
}

/// Makes a file of fates or rejected rows.
///
/// # Errors
/// It cannot be made.
pub(super) fn create(path: &Path) -> Result<BufWriter<File>, ServiceError> {
    File::create(path).map(BufWriter::new).map_err(|error| cannot("write", path, &error))
}

/// A file of fates or rejected rows that cannot be written.
pub(super) fn unwritable(error: impl std::fmt::Display) -> ServiceError {
    let message = format!(
        "the rows are imported, but their fates cannot be written to a file: {error}; run the import again when there is \
         room, no row comes in twice"
    );
    ServiceError::new(Kind::Unavailable, "import.files", message)
}
