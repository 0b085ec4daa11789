//! What would become of the rows of a source, counted without writing anything.

use std::collections::{BTreeMap, HashSet};

use super::{GapPlaces, Outcome, PlannedCase, PlannedRow, Rejection};

/// How many rejected rows are shown.
const REJECTIONS_SHOWN: usize = 200;

/// What would become of the rows of a source.
#[derive(Debug, Default)]
pub struct Outlook {
    /// The figures.
    pub counts: Counts,
    /// The first cases.
    pub cases: Vec<CasePreview>,
    /// The first rejected rows.
    pub rejections: Vec<RejectionPreview>,
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

impl Outlook {
    /// Nothing seen yet; the first `shown` cases will be kept.
    #[must_use]
    pub fn new(shown: usize) -> Self {
        Self { shown, ..Self::default() }
    }

    /// Counts a row.
    pub fn add(&mut self, row: PlannedRow) {
        let origin_reference = row.origin_reference.as_ref().map(ToString::to_string);
        match row.outcome {
            Outcome::Blank => self.counts.blank += 1,
            Outcome::Rejected(reason) => {
                self.counts.rejected += 1;
                if self.rejections.len() < REJECTIONS_SHOWN {
                    self.rejections.push(RejectionPreview { row: row.row_number, origin_reference, reason });
                }
            }
            Outcome::Case(case) => {
                // A row that stands in the file again will be skipped: what it holds is counted once.
                if !self.is_new(row.row_hash, origin_reference.as_ref()) {
                    return;
                }
                self.counts.add(&case);
                case.gaps.iter().for_each(|gap| self.places.add(gap));
                if self.cases.len() < self.shown {
                    self.cases.push(CasePreview { row: row.row_number, origin_reference, case: *case });
                }
            }
        }
    }

    fn is_new(&mut self, hash: [u8; 32], reference: Option<&String>) -> bool {
        if !self.hashes.insert(hash) {
            self.counts.repeated_rows += 1;
            return false;
        }
        if let Some(reference) = reference
            && !self.references.insert(reference.clone())
        {
            self.counts.duplicate_references += 1;
        }
        true
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
