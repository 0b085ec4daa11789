//! A spreadsheet, looked through and understood.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use nevertwice_domain::text::Line;
use nevertwice_exchange::spreadsheet::mapping::{FieldRule, Rule};
use nevertwice_exchange::spreadsheet::{
    Answers, Guess, Layout, Limits, RejectedWriter, Spreadsheet, Survey, guess, plan, survey,
};

use super::source::{PlannedRows, Rejected, Source, create};
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
}

impl Source for Sheet {
    fn name(&self) -> &'static str {
        "spreadsheet"
    }

    fn profile(&self) -> Result<Line, ServiceError> {
        Line::parse(&self.survey.header.fingerprint()).map_err(ServiceError::internal)
    }

    fn columns(&self) -> Vec<String> {
        self.survey.header.names()
    }

    fn total(&self) -> Option<u64> {
        Some(self.survey.row_count + self.survey.blank_count)
    }

    fn fields(&self) -> Vec<(FieldRule, String)> {
        let columns = self.guess.mapping.columns.iter();
        columns
            .filter_map(|column| match &column.rule {
                Rule::Field(rule) => Some((rule.clone(), column.source.clone())),
                _ => None,
            })
            .collect()
    }

    fn rows(&mut self) -> Result<PlannedRows<'_>, ServiceError> {
        let plan = plan(&mut self.spreadsheet, &self.survey, &self.guess).map_err(unplannable)?;
        Ok(Box::new(plan.map(|row| row.map_err(unreadable))))
    }

    fn rejected_ending(&self) -> &'static str {
        "csv"
    }

    fn rejected(&self, path: &Path) -> Result<Rejected, ServiceError> {
        let delimiter = self.survey.layout.delimiter;
        Ok(Rejected::Cells(RejectedWriter::new(create(path)?, &self.survey.header, delimiter)))
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
