//! What an import would do with every row, told by the same look at earlier files as the import itself, a portion at a time
//! and without writing anything.

use std::collections::{BTreeSet, HashMap};

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::id::{CaseId, ImportRunId};
use nevertwice_domain::import::{Fate, ImportRow};
use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::text::Line;
use nevertwice_exchange::planned::{Expected, Outlook, PlannedRow};
use nevertwice_store::visibility;
use uuid::Uuid;

use super::course::{Course, Left};
use super::earlier::Earlier;
use super::run::BATCH;
use super::source::Source;
use super::update::APPLIED;
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::Asked;

/// Says of a row that it would be applied.
const WOULD_BE_APPLIED: &str = "differs from the register; would be applied";

/// Looks at every row of a source; the first `shown` cases that would be created are kept.
///
/// # Errors
/// A question is open, the source cannot be read, or what the store reports.
pub(super) fn outlook(
    asked: &Asked<'_>,
    source: &mut dyn Source,
    update: bool,
    shown: usize,
) -> Result<Outlook, ServiceError> {
    let mut ahead = Ahead {
        profile: source.profile()?,
        columns: source.columns(),
        run: asked.service.moment().id(),
        update,
        by_hash: HashMap::new(),
        by_reference: HashMap::new(),
    };
    let mut outlook = Outlook::new(shown);
    let mut rows = source.rows()?;
    loop {
        let portion: Vec<PlannedRow> = rows.by_ref().take(BATCH).collect::<Result<_, _>>()?;
        if portion.is_empty() {
            return Ok(outlook);
        }
        let expected = asked.service.read(asked.identity, |unit| ahead.portion(unit, &portion))?;
        for (row, expected) in portion.into_iter().zip(expected) {
            outlook.expect(row, expected);
        }
    }
}

/// A run that does not take place, and its rows so far: what they would have written, rows further down must know.
struct Ahead {
    profile: Line,
    columns: Vec<String>,
    run: ImportRunId,
    update: bool,
    /// Rows without a reference.
    by_hash: HashMap<[u8; 32], Met>,
    by_reference: HashMap<Line, Vec<Met>>,
}

/// A row that would have made or changed a case.
#[derive(Clone, Copy)]
struct Met {
    row_number: u64,
    hash: [u8; 32],
    case: CaseId,
    is_created: bool,
    is_applied: bool,
}

impl Ahead {
    /// What would become of each row of a portion.
    fn portion(&mut self, unit: &mut Unit<'_>, rows: &[PlannedRow]) -> Result<Vec<Expected>, ServiceError> {
        unit.caller.may(Verb::Import)?;
        let mut earlier = Earlier::of(unit, &self.profile, rows)?;
        let hidden = if self.update { shut_out(unit, &earlier)? } else { BTreeSet::new() };
        self.tell(rows, &mut earlier);
        let mut expected = Vec::with_capacity(rows.len());
        for row in rows {
            let hash = Sha256Text::from_digest(&row.row_hash);
            let course = Course::of(row, &hash, self.run, &self.columns, &earlier);
            let (is_expected, case) = self.expected(unit, course, &hidden);
            if let Some(case) = case {
                let met = Met {
                    row_number: row.row_number,
                    hash: row.row_hash,
                    case,
                    is_created: matches!(is_expected, Expected::Created { .. }),
                    is_applied: matches!(is_expected, Expected::Changed { is_applied: true, .. }),
                };
                earlier.learn(&met.row(self.run, row.origin_reference.as_ref()));
                self.remember(row, met);
            }
            expected.push(is_expected);
        }
        Ok(expected)
    }

    /// What is expected of a course, and the case that it makes or changes.
    fn expected(
        &self,
        unit: &Unit<'_>,
        course: Course<'_>,
        hidden: &BTreeSet<CaseId>,
    ) -> (Expected, Option<CaseId>) {
        let left = |left: Left| Expected::Changed { is_applied: false, reason: left.reason().to_owned() };
        match course {
            Course::Blank | Course::Reject(_) => (Expected::Skipped { is_repeated: false }, None),
            Course::Skip(same) => (Expected::Skipped { is_repeated: same.run_id == self.run }, None),
            Course::Create { duplicate_of, .. } => {
                (Expected::Created { is_duplicate: duplicate_of.is_some() }, Some(unit.moment.id()))
            }
            Course::Change { case: None, candidates, .. } => {
                (left(Left::Several), candidates.first().copied())
            }
            Course::Change { case, .. } if !self.update => (left(Left::NotAsked), case),
            Course::Change { case: Some(case), .. } if hidden.contains(&case) => {
                (left(Left::ShutOut), Some(case))
            }
            Course::Change { case, .. } => {
                (Expected::Changed { is_applied: true, reason: WOULD_BE_APPLIED.to_owned() }, case)
            }
        }
    }

    fn remember(&mut self, row: &PlannedRow, met: Met) {
        match &row.origin_reference {
            Some(reference) => self.by_reference.entry(reference.clone()).or_default().push(met),
            None => drop(self.by_hash.insert(row.row_hash, met)),
        }
    }

    /// Tells what rows of earlier portions say that these could be; in an import they would be in the register by now.
    fn tell(&self, rows: &[PlannedRow], earlier: &mut Earlier) {
        let mut told = BTreeSet::new();
        for row in rows {
            let met = match &row.origin_reference {
                Some(reference) => self.by_reference.get(reference).map(Vec::as_slice),
                None => self.by_hash.get(&row.row_hash).map(std::slice::from_ref),
            };
            for met in met.into_iter().flatten().filter(|met| told.insert(met.row_number)) {
                earlier.learn(&met.row(self.run, row.origin_reference.as_ref()));
            }
        }
    }
}

impl Met {
    fn row(self, run: ImportRunId, reference: Option<&Line>) -> ImportRow {
        ImportRow {
            run_id: run,
            row_number: self.row_number,
            origin_reference: reference.map(ToString::to_string),
            row_hash: Sha256Text::from_digest(&self.hash),
            fate: if self.is_created { Fate::Created } else { Fate::Changed },
            reason: if self.is_applied { APPLIED.to_owned() } else { String::new() },
            case_id: Some(self.case),
        }
    }
}

/// Those of the cases met whose list does not have the caller.
fn shut_out(unit: &mut Unit<'_>, earlier: &Earlier) -> Result<BTreeSet<CaseId>, ServiceError> {
    let ids: Vec<Uuid> = earlier.cases().into_iter().map(CaseId::uuid).collect();
    let hidden = visibility::shut_out(unit.tx, ObjectKind::Case, &ids, unit.caller.id())?;
    Ok(hidden.into_iter().map(CaseId::from).collect())
}
