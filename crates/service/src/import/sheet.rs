//! A spreadsheet, looked through and understood.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use nevertwice_domain::text::Line;
use nevertwice_exchange::spreadsheet::{
    Answers, Guess, Layout, Limits, Plan, Spreadsheet, Survey, guess, plan, survey,
};

use crate::error::{Kind, ServiceError};
use crate::folder::cannot;

/// A spreadsheet with what its columns hold and what they become.
pub(super) struct Sheet {
    pub(super) spreadsheet: Spreadsheet<BufReader<File>>,
    pub(super) survey: Survey,
    pub(super) guess: Guess,
}

impl Sheet {
    /// Opens a file and looks at every row once.
    ///
    /// # Errors
    /// It cannot be read, or is no spreadsheet.
    pub(super) fn look(
        path: &Path,
        layout: &Layout,
    ) -> Result<(Spreadsheet<BufReader<File>>, Survey), ServiceError> {
        let file = File::open(path).map_err(|error| cannot("read", path, &error))?;
        let mut spreadsheet =
            Spreadsheet::open(BufReader::new(file), layout, Limits::default()).map_err(unreadable)?;
        let survey = survey(&mut spreadsheet, layout).map_err(unreadable)?;
        Ok((spreadsheet, survey))
    }

    /// Maps every column.
    ///
    /// # Errors
    /// The mapping given does not fit the file.
    pub(super) fn understand(
        spreadsheet: Spreadsheet<BufReader<File>>,
        survey: Survey,
        answers: &Answers,
    ) -> Result<Self, ServiceError> {
        let guess =
            guess(&survey, answers).map_err(|error| ServiceError::invalid("map", "import.mapping", error))?;
        Ok(Self { spreadsheet, survey, guess })
    }

    /// The shape of file by which a mapping and row identities are remembered.
    ///
    /// # Errors
    /// Never for a fingerprint; a line is checked all the same.
    pub(super) fn profile(&self) -> Result<Line, ServiceError> {
        Line::parse(&self.survey.header.fingerprint()).map_err(ServiceError::internal)
    }

    /// The rows, from the first.
    ///
    /// # Errors
    /// A question is open, or the file cannot be read.
    pub(super) fn plan(&mut self) -> Result<Plan<'_, BufReader<File>>, ServiceError> {
        plan(&mut self.spreadsheet, &self.survey, &self.guess).map_err(unplannable)
    }
}

/// A file that cannot be read.
pub(super) fn unreadable(error: impl std::fmt::Display) -> ServiceError {
    ServiceError::invalid("file", "import.unreadable", error)
}

/// A file that can be read, but not be understood without an answer.
pub(super) fn unplannable(error: impl std::fmt::Display) -> ServiceError {
    ServiceError::new(Kind::Invalid, "import.question_open", error)
}
