//! What an import would do, without doing it.

use std::io::{Read, Seek};

use super::guess::{Basis, Guess, Note, Question};
use super::plan::{PlanError, plan};
use super::reader::{Layout, Spreadsheet};
use super::survey::Survey;
use super::target::Target;
use super::value::date::DateOrder;
use crate::planned::{CasePreview, ChangePreview, Counts, GapPlaces, Outlook, RejectionPreview};

/// What an import would do.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Preview {
    /// Where the table lies.
    pub layout: Layout,
    /// The fingerprint under which the mapping is remembered.
    pub fingerprint: String,
    /// Rows below the header that hold something.
    pub row_count: u64,
    /// What each column becomes, and why.
    pub columns: Vec<ColumnPreview>,
    /// The columns whose names are not known.
    pub unmapped: Vec<String>,
    /// What could not be known.
    pub questions: Vec<Question>,
    /// What was decided.
    pub notes: Vec<Note>,
    /// What would become of the rows; none while a blocking question is open.
    pub counts: Option<Counts>,
    /// The first cases.
    pub cases: Vec<CasePreview>,
    /// The first rejected rows.
    pub rejections: Vec<RejectionPreview>,
    /// The first rows that differ from the register.
    pub changes: Vec<ChangePreview>,
    /// Where the gaps are.
    #[serde(skip)]
    pub places: GapPlaces,
}

/// What a column becomes.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ColumnPreview {
    /// Its name.
    pub source: String,
    /// What it becomes.
    pub target: Target,
    /// Where that comes from.
    pub basis: Basis,
    /// The order of its dates, where they need one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// Cells that hold something.
    pub filled: u64,
    /// The first distinct values.
    pub samples: Vec<String>,
}

impl Preview {
    /// Plans the whole file and counts, as if nothing of it were in the register; the first `shown` cases are kept.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn new<R: Read + Seek>(
        sheet: &mut Spreadsheet<R>,
        survey: &Survey,
        guess: &Guess,
        shown: usize,
    ) -> Result<Self, PlanError> {
        let mut preview = Self::of_columns(survey, guess);
        if guess.blocking().is_empty() {
            let mut outlook = Outlook::new(shown);
            for row in plan(sheet, survey, guess)? {
                outlook.add(row?);
            }
            preview.of_rows(outlook);
        }
        Ok(preview)
    }

    /// What can be said before any row is planned.
    #[must_use]
    pub fn of_columns(survey: &Survey, guess: &Guess) -> Self {
        let columns = columns(survey, guess);
        let unknown = columns.iter().filter(|column| column.basis == Basis::Unknown && column.filled > 0);
        Self {
            layout: survey.layout.clone(),
            fingerprint: survey.header.fingerprint(),
            row_count: survey.row_count,
            unmapped: unknown.map(|column| column.source.clone()).collect(),
            columns,
            questions: guess.questions.clone(),
            notes: guess.notes.clone(),
            counts: None,
            cases: Vec::new(),
            rejections: Vec::new(),
            changes: Vec::new(),
            places: GapPlaces::default(),
        }
    }

    /// Adds what would become of the rows.
    pub fn of_rows(&mut self, outlook: Outlook) {
        self.counts = Some(outlook.counts);
        self.cases = outlook.cases;
        self.rejections = outlook.rejections;
        self.changes = outlook.changes;
        self.places = outlook.places;
    }
}

fn columns(survey: &Survey, guess: &Guess) -> Vec<ColumnPreview> {
    let mapped = guess.mapping.columns.iter().zip(&guess.bases).zip(&survey.columns);
    let shown = mapped.map(|((column, basis), surveyed)| ColumnPreview {
        source: column.source.clone(),
        target: column.rule.target(),
        basis: *basis,
        date_order: column.rule.date_order(),
        filled: surveyed.filled,
        samples: surveyed.samples.clone(),
    });
    shown.collect()
}
