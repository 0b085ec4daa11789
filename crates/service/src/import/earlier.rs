//! What earlier files said: by it a row is known again.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::id::CaseId;
use nevertwice_domain::import::{Fate, Gap, GapState, ImportRow};
use nevertwice_domain::text::Line;
use nevertwice_exchange::planned::{PlannedCase, PlannedRow};
use nevertwice_store::{case as cases, import as imports};

use super::update::was_taken_over;
use crate::error::ServiceError;
use crate::service::Unit;

/// Earlier rows that a row of a batch could be, of cases that are not void.
pub(super) struct Earlier {
    by_hash: BTreeMap<Sha256Text, Vec<ImportRow>>,
    by_reference: BTreeMap<String, Vec<ImportRow>>,
    /// Open gaps of the cases of rows without a reference.
    gaps: BTreeMap<CaseId, Vec<Gap>>,
    /// The titles of cases that share a reference.
    titles: BTreeMap<CaseId, Line>,
}

impl Earlier {
    /// Those of a batch.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn of(unit: &mut Unit<'_>, profile: &Line, rows: &[PlannedRow]) -> Result<Self, ServiceError> {
        // A row with a reference is known by it; its content is compared with what that reference had.
        let unnumbered = rows.iter().filter(|row| row.origin_reference.is_none());
        let hashes: Vec<Sha256Text> = unnumbered.map(|row| Sha256Text::from_digest(&row.row_hash)).collect();
        let references: Vec<String> =
            rows.iter().filter_map(|row| row.origin_reference.as_ref().map(ToString::to_string)).collect();
        let mut earlier = Self {
            by_hash: BTreeMap::new(),
            by_reference: BTreeMap::new(),
            gaps: BTreeMap::new(),
            titles: BTreeMap::new(),
        };
        let mut met = BTreeSet::new();
        for row in imports::rows_by_hashes(unit.tx, profile, &hashes)? {
            met.extend(row.case_id);
            earlier.by_hash.entry(row.row_hash.clone()).or_default().push(row);
        }
        for row in imports::rows_by_references(unit.tx, profile, &references)? {
            if let Some(reference) = row.origin_reference.clone() {
                earlier.by_reference.entry(reference).or_default().push(row);
            }
        }
        let met: Vec<CaseId> = met.into_iter().collect();
        for gap in cases::gaps_of(unit.tx, &met)?.into_iter().filter(|gap| gap.state == GapState::Open) {
            earlier.gaps.entry(gap.case_id).or_default().push(gap);
        }
        let shared: Vec<CaseId> = earlier.sharing();
        for case in cases::several(unit.tx, &shared)? {
            earlier.titles.insert(case.id, case.title.clone());
        }
        Ok(earlier)
    }

    /// The cases whose reference another one has too.
    fn sharing(&self) -> Vec<CaseId> {
        let of_references = self.by_reference.values();
        let cases =
            of_references.map(|rows| rows.iter().filter_map(|row| row.case_id).collect::<BTreeSet<_>>());
        cases.filter(|cases| cases.len() > 1).flatten().collect()
    }

    /// The cases of all these rows.
    pub(super) fn cases(&self) -> BTreeSet<CaseId> {
        let rows = self.by_hash.values().chain(self.by_reference.values()).flatten();
        rows.filter_map(|row| row.case_id).collect()
    }

    /// The case that a row speaks of: of several with its reference the one with its title.
    pub(super) fn meant(&self, candidates: &BTreeSet<CaseId>, planned: &PlannedCase) -> Option<CaseId> {
        if candidates.len() == 1 {
            return candidates.first().copied();
        }
        let mut same = candidates.iter().filter(|case| self.titles.get(case) == Some(&planned.title));
        match (same.next(), same.next()) {
            (Some(only), None) => Some(*only),
            _ => None,
        }
    }

    /// The row that already says the same: of a reference only what was last taken over into one of its cases counts.
    pub(super) fn identical(&self, hash: &Sha256Text, reference: Option<&str>) -> Option<&ImportRow> {
        if reference.is_none() {
            return self.by_hash.get(hash)?.iter().find(|row| row.origin_reference.is_none());
        }
        let mut seen = BTreeSet::new();
        let taken = self.of_reference(reference).into_iter().filter(|row| was_taken_over(row));
        taken.filter(|row| seen.insert(row.case_id)).find(|row| row.row_hash == *hash)
    }

    /// Every earlier row of a reference, the last first.
    pub(super) fn of_reference(&self, reference: Option<&str>) -> Vec<&ImportRow> {
        reference.and_then(|reference| self.by_reference.get(reference)).into_iter().flatten().collect()
    }

    /// The open gaps of the case of a row without a reference: whether the row is read in another way than before, only
    /// they tell. The reading of a row with a reference is a part of its hash.
    pub(super) fn gaps_of(&self, row: &ImportRow) -> &[Gap] {
        let of = row.case_id.filter(|_| row.origin_reference.is_none());
        of.and_then(|case| self.gaps.get(&case)).map_or(&[], Vec::as_slice)
    }

    /// Rows further down the same batch must know this one.
    pub(super) fn learn(&mut self, row: &ImportRow) {
        let Some(case) = row.case_id.filter(|_| row.fate != Fate::Skipped) else { return };
        // Whatever the row fills is filled.
        self.gaps.remove(&case);
        self.by_hash.entry(row.row_hash.clone()).or_default().push(row.clone());
        if let Some(reference) = &row.origin_reference {
            self.by_reference.entry(reference.clone()).or_default().insert(0, row.clone());
        }
    }
}
