//! What would become of the rows of a source, counted without writing anything.

use std::collections::{BTreeMap, HashSet};

use super::{GapPlaces, Outcome, PlannedCase, PlannedRow, Rejection};

/// How many rejected rows are shown, and how many that differ.
const SHOWN: usize = 200;

/// What would become of the rows of a source.
#[derive(Debug, Default)]
pub struct Outlook {
    /// The figures.
    pub counts: Counts,
    /// The first cases.
    pub cases: Vec<CasePreview>,
    /// The first rejected rows.
    pub rejections: Vec<RejectionPreview>,
    /// The first rows that differ from the register.
    pub changes: Vec<ChangePreview>,
    /// Where the gaps are.
    pub places: GapPlaces,
    /// How many cases are shown.
    shown: usize,
    hashes: HashSet<[u8; 32]>,
    references: HashSet<String>,
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
    /// Cases by the year of their report, or else of their detection or occurrence.
    pub years: BTreeMap<String, u64>,
    /// Cases without any of these dates.
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
    /// Rows that the register has already as they are.
    pub there_already: u64,
    /// Rows that differ from the register.
    pub changed: u64,
    /// Those of them that would not be applied.
    pub not_applied: u64,
}

/// What is to become of a row that could be a case, by who knows what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// A case; an earlier row of the file may have its reference with other content.
    Created {
        /// Whether one has.
        is_duplicate: bool,
    },
    /// Nothing new: it is there.
    Skipped {
        /// Whether it is an earlier row of the same file.
        is_repeated: bool,
    },
    /// It differs from what an earlier file said.
    Changed {
        /// Whether it would be applied.
        is_applied: bool,
        /// Why it is not, or that it is.
        reason: String,
    },
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

/// One row that differs from the register.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ChangePreview {
    /// The row.
    pub row: u64,
    /// The number in the old register.
    pub origin_reference: Option<String>,
    /// What would become of it.
    pub reason: String,
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

impl Outlook {
    /// Nothing seen yet; the first `shown` cases will be kept.
    #[must_use]
    pub fn new(shown: usize) -> Self {
        Self { shown, ..Self::default() }
    }

    /// Counts a row of a file that nothing is known of but its earlier rows.
    pub fn add(&mut self, row: PlannedRow) {
        let expected = match row.outcome {
            Outcome::Case(_) => self.of_file(&row),
            // Neither becomes anything else.
            Outcome::Blank | Outcome::Rejected(_) => Expected::Skipped { is_repeated: false },
        };
        self.expect(row, expected);
    }

    /// Counts a row of which somebody knows what it would become, if it could be a case.
    pub fn expect(&mut self, row: PlannedRow, expected: Expected) {
        let origin_reference = row.origin_reference.as_ref().map(ToString::to_string);
        match (row.outcome, expected) {
            (Outcome::Blank, _) => self.counts.blank += 1,
            (Outcome::Rejected(reason), _) => {
                self.counts.rejected += 1;
                if self.rejections.len() < SHOWN {
                    self.rejections.push(RejectionPreview { row: row.row_number, origin_reference, reason });
                }
            }
            // What a row holds that will be skipped is counted where it was met first.
            (Outcome::Case(_), Expected::Skipped { is_repeated: true }) => self.counts.repeated_rows += 1,
            (Outcome::Case(_), Expected::Skipped { is_repeated: false }) => self.counts.there_already += 1,
            (Outcome::Case(_), Expected::Changed { is_applied, reason }) => {
                self.counts.changed += 1;
                self.counts.not_applied += u64::from(!is_applied);
                if self.changes.len() < SHOWN {
                    self.changes.push(ChangePreview { row: row.row_number, origin_reference, reason });
                }
            }
            (Outcome::Case(case), Expected::Created { is_duplicate }) => {
                self.counts.add(&case);
                self.counts.duplicate_references += u64::from(is_duplicate);
                case.gaps.iter().for_each(|gap| self.places.add(gap));
                if self.cases.len() < self.shown {
                    self.cases.push(CasePreview { row: row.row_number, origin_reference, case: *case });
                }
            }
        }
    }

    fn of_file(&mut self, row: &PlannedRow) -> Expected {
        if !self.hashes.insert(row.row_hash) {
            return Expected::Skipped { is_repeated: true };
        }
        let reference = row.origin_reference.as_ref().map(ToString::to_string);
        let is_duplicate = reference.is_some_and(|reference| !self.references.insert(reference));
        Expected::Created { is_duplicate }
    }
}

impl Counts {
    fn add(&mut self, case: &PlannedCase) {
        self.cases += 1;
        *self.classes.entry(case.class.to_string()).or_default() += 1;
        let moments = &case.moments;
        match moments.reported.or(moments.detected).or(moments.occurred) {
            Some(when) => *self.years.entry(when.year().to_string()).or_default() += 1,
            None => self.undated += 1,
        }
        for cost in &case.costs {
            let sum = self.costs.entry(cost.amount.currency.code().to_owned()).or_default();
            *sum = sum.saturating_add(cost.amount.minor);
        }
        self.actions += case.actions.len() as u64;
        for gap in &case.gaps {
            *self.gaps.entry(gap.kind.to_string()).or_default() += 1;
        }
    }
}
