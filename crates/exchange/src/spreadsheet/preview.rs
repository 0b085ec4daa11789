//! What an import would do, without doing it.

use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Seek};

use super::guess::{Basis, Guess, Note, Question};
use super::plan::{Outcome, PlanError, PlannedCase, PlannedRow, Rejection, plan};
use super::reader::{Layout, Spreadsheet};
use super::survey::Survey;
use super::target::Target;
use super::value::date::DateOrder;

/// How many rejected rows are shown.
const REJECTIONS_SHOWN: usize = 20;

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

/// What would become of the rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Rows that become cases.
    pub cases: u64,
    /// Blank rows.
    pub blank: u64,
    /// Rows that cannot be used.
    pub rejected: u64,
    /// Cases by class.
    pub classes: BTreeMap<String, u64>,
    /// Cases by the year of their report.
    pub years: BTreeMap<String, u64>,
    /// Cases without a readable date of report.
    pub undated: u64,
    /// What the cases cost together: minor units by currency.
    pub costs: BTreeMap<String, i64>,
    /// Actions.
    pub actions: u64,
    /// Gaps by kind.
    pub gaps: BTreeMap<String, u64>,
    /// Rows whose reference an earlier row of the file has, with other content.
    pub duplicate_references: u64,
    /// Rows that repeat an earlier row of the file word for word.
    pub repeated_rows: u64,
}

/// One planned case.
#[derive(Debug, Clone, serde::Serialize)]
pub struct CasePreview {
    /// The row.
    pub row: u64,
    /// The number in the old register.
    pub origin_reference: Option<String>,
    /// The case.
    pub case: PlannedCase,
}

/// One rejected row.
#[derive(Debug, Clone, serde::Serialize)]
pub struct RejectionPreview {
    /// The row.
    pub row: u64,
    /// The number in the old register.
    pub origin_reference: Option<String>,
    /// Why.
    pub reason: Rejection,
}

impl Preview {
    /// Plans the whole file and counts; the first `shown` cases are kept.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn new<R: Read + Seek>(
        sheet: &mut Spreadsheet<R>,
        survey: &Survey,
        guess: &Guess,
        shown: usize,
    ) -> Result<Self, PlanError> {
        let columns = columns(survey, guess);
        let unknown = columns.iter().filter(|column| column.basis == Basis::Unknown && column.filled > 0);
        let mut preview = Self {
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
        };
        if guess.blocking().is_empty() {
            let mut counts = Counts::default();
            let mut seen = Seen::default();
            for row in plan(sheet, survey, guess)? {
                preview.add(row?, shown, &mut counts, &mut seen);
            }
            preview.counts = Some(counts);
        }
        Ok(preview)
    }

    fn add(&mut self, row: PlannedRow, shown: usize, counts: &mut Counts, seen: &mut Seen) {
        let origin_reference = row.origin_reference.as_ref().map(ToString::to_string);
        match row.outcome {
            Outcome::Blank => counts.blank += 1,
            Outcome::Rejected(reason) => {
                counts.rejected += 1;
                if self.rejections.len() < REJECTIONS_SHOWN {
                    self.rejections.push(RejectionPreview { row: row.row_number, origin_reference, reason });
                }
            }
            Outcome::Case(case) => {
                // A row that stands in the file again will be skipped: what it holds is counted once.
                if !seen.is_new(row.row_hash, origin_reference.as_ref(), counts) {
                    return;
                }
                counts.add(&case);
                if self.cases.len() < shown {
                    self.cases.push(CasePreview { row: row.row_number, origin_reference, case: *case });
                }
            }
        }
    }
}

impl Counts {
    fn add(&mut self, case: &PlannedCase) {
        self.cases += 1;
        *self.classes.entry(case.class.to_string()).or_default() += 1;
        match case.moments.reported {
            Some(when) => *self.years.entry(when.year().to_string()).or_default() += 1,
            None => self.undated += 1,
        }
        if let Some(cost) = case.cost {
            let sum = self.costs.entry(cost.amount.currency.code().to_owned()).or_default();
            *sum = sum.saturating_add(cost.amount.minor);
        }
        self.actions += case.actions.len() as u64;
        for gap in &case.gaps {
            *self.gaps.entry(gap.kind.to_string()).or_default() += 1;
        }
    }
}

/// The rows so far, by content and by reference.
#[derive(Default)]
struct Seen {
    hashes: HashSet<[u8; 32]>,
    references: HashSet<String>,
}

impl Seen {
    fn is_new(&mut self, hash: [u8; 32], reference: Option<&String>, counts: &mut Counts) -> bool {
        if !self.hashes.insert(hash) {
            counts.repeated_rows += 1;
            return false;
        }
        if let Some(reference) = reference
            && !self.references.insert(reference.clone())
        {
            counts.duplicate_references += 1;
        }
        true
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
