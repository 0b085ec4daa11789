//! A later file changes a case: only what its row says, and nothing that was worked out here.

mod hanging;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use nevertwice_domain::case::{Case, CaseRecord, CaseState, Class, Decision};
use nevertwice_domain::field::FieldKey;
use nevertwice_domain::id::FieldId;
use nevertwice_domain::import::{Fate, Gap, ImportRow};
use nevertwice_domain::text::Line;
use nevertwice_exchange::planned::{GapKind, Original, PlannedCase, PlannedRow};
use nevertwice_exchange::spreadsheet::value::is_placeholder;
use nevertwice_exchange::veris;
use nevertwice_store::case as cases;

use super::people::Known;
use super::records::{shortened, state};
use crate::error::ServiceError;
use crate::service::Unit;

/// Begins the reason of a row whose case was changed.
pub(super) const APPLIED: &str = "applied to ";
/// Begins the reason of a row that could change nothing, or had nothing to change.
const NOTHING: &str = "nothing to apply to ";

/// What a row says about a case that is there already.
pub(super) struct Update<'u> {
    pub(super) row: &'u PlannedRow,
    pub(super) planned: &'u PlannedCase,
    /// The names of the file's columns.
    pub(super) columns: &'u [String],
    pub(super) fields: &'u BTreeMap<FieldKey, FieldId>,
    pub(super) file: &'u Line,
}

/// Something that a row says and that is not applied: work done here stands in the way.
pub(super) struct Left {
    /// What it is, as the fate names it.
    what: &'static str,
    /// What the row says.
    said: String,
}

impl Left {
    fn new(what: &'static str, said: impl std::fmt::Display) -> Self {
        Self { what, said: said.to_string() }
    }
}

/// Whether a changed row changed its case.
pub(super) fn was_applied(row: &ImportRow) -> bool {
    row.fate == Fate::Changed && row.reason.starts_with(APPLIED)
}

/// The reason of a row for somebody who may not know of its case: without the case's reference.
pub(super) fn without_case(reason: String) -> String {
    let begun = [APPLIED, NOTHING].into_iter().find(|begun| reason.starts_with(begun));
    begun.map_or(reason, |begun| format!("{begun}a case"))
}

/// Whether a row's content went into its case, as far as it can.
pub(super) fn was_taken_over(row: &ImportRow) -> bool {
    row.fate == Fate::Created || was_applied(row) || row.reason.starts_with(NOTHING)
}

/// Whether a row, as it is read now, says what it did not say when the gap was left. Actions are no matter of a file any
/// more once the case is here.
pub(super) fn is_filled(gap: &Gap, columns: &[String], row: &PlannedRow, planned: &PlannedCase) -> bool {
    if gap.kind.as_str().parse::<GapKind>().is_ok_and(GapKind::is_action) {
        return false;
    }
    let is_place = |place: &str| shortened(place).is_ok_and(|name| Some(name) == gap.place);
    let says_something = match &row.original {
        Original::Cells(cells) => {
            let at = columns.iter().position(|column| is_place(column));
            at.and_then(|at| cells.get(at)).is_some_and(|text| !is_placeholder(text))
        }
        Original::Record(record) => {
            gap.place.as_ref().is_some_and(|place| veris::says(record, place.as_str()))
        }
    };
    says_something && !planned.gaps.iter().any(|open| is_place(&open.column))
}

impl Update<'_> {
    /// Applies the row; gives the reason of its fate, which names what was left.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn apply(
        &self,
        unit: &mut Unit<'_>,
        known: &mut Known,
        before: &Case,
    ) -> Result<String, ServiceError> {
        let mut left = Vec::new();
        let mut record = (**before).clone();
        facts(&mut record, self.planned, &mut left);
        self.names(unit, known, &mut record, &mut left)?;
        let mut is_applied = record != **before;
        let case =
            if is_applied { cases::save(unit.tx, before, &Case::restore(record))? } else { before.clone() };
        is_applied |= self.cost(unit, &case, &mut left)?;
        is_applied |= self.gaps(unit, &case)?;
        self.name_work_done_here(unit, &case, &mut left)?;
        is_applied |= self.comments(unit, &case, &left)?;
        let mut names: Vec<&str> = left.iter().map(|left| left.what).collect();
        names.dedup();
        let what = if is_applied { APPLIED } else { NOTHING };
        Ok(match names.as_slice() {
            [] => format!("{what}{}", case.reference),
            left => format!("{what}{}; not applied: {} (change them there)", case.reference, left.join(", ")),
        })
    }

    /// People, suppliers, assets and values of company fields. What the file does not name stays.
    fn names(
        &self,
        unit: &mut Unit<'_>,
        known: &mut Known,
        record: &mut CaseRecord,
        left: &mut Vec<Left>,
    ) -> Result<(), ServiceError> {
        if let Some(reporter) = &self.planned.reporter {
            record.reporter = Some(known.person(unit, reporter)?);
        }
        for name in &self.planned.suppliers {
            record.suppliers.insert(known.supplier(unit, name)?);
        }
        for name in &self.planned.assets {
            match known.asset(unit, name)? {
                Some(asset) => drop(record.assets.entry(asset).or_default()),
                None => left.push(Left::new("asset that the register does not have", name)),
            }
        }
        for value in &self.planned.fields {
            if let Some(field) = self.fields.get(&value.key) {
                record.fields.insert(*field, value.value.clone());
            }
        }
        Ok(())
    }
}

/// The facts that the row says; an empty cell says nothing.
fn facts(record: &mut CaseRecord, planned: &PlannedCase, left: &mut Vec<Left>) {
    if planned.said.title {
        record.title = planned.title.clone();
    }
    take(&mut record.summary, &planned.description);
    class(record, planned, left);
    take(&mut record.severity, &planned.severity);
    take(&mut record.category, &planned.category);
    record.tags.extend(planned.tags.iter().cloned());
    let moments = &planned.moments;
    take(&mut record.occurred, &moments.occurred);
    take(&mut record.detected, &moments.detected);
    take(&mut record.reported, &moments.reported);
    take(&mut record.acknowledged, &moments.acknowledged);
    take(&mut record.contained, &moments.contained);
    take(&mut record.resolved, &moments.resolved);
    take(&mut record.detection, &planned.detection);
    take(&mut record.detection_method, &planned.detection_method);
    standing(record, planned, left);
}

fn take<T: Clone>(fact: &mut Option<T>, said: &Option<T>) {
    if said.is_some() {
        fact.clone_from(said);
    }
}

/// A decision that was taken here, with its criteria, is not taken back by a file.
fn class(record: &mut CaseRecord, planned: &PlannedCase, left: &mut Vec<Left>) {
    let said = match (planned.said.class, planned.decision) {
        (true, decision) => (planned.class, decision),
        // The status said so.
        (false, Decision::NotAnIncident) if record.class != Class::Incident => {
            (record.class, planned.decision)
        }
        (false, _) => return,
    };
    if said == (record.class, record.decision) {
        return;
    }
    if record.decided_by.is_some() {
        left.push(Left::new("class", format_args!("{}, {}", said.0, said.1)));
    } else {
        (record.class, record.decision) = said;
    }
}

/// The state goes forward only, and a case that is worked on here stays where it is.
fn standing(record: &mut CaseRecord, planned: &PlannedCase, left: &mut Vec<Left>) {
    let closed = planned.moments.closed;
    if let Some(standing) = planned.standing {
        let said = state(Some(standing));
        if is_forward(record.state, said) && !is_worked_on(record) {
            record.state = said;
        } else if said != record.state {
            left.push(Left::new("status", standing));
        }
    }
    if record.state == CaseState::Closed {
        take(&mut record.closed, &closed);
    } else if closed.is_some() && closed != record.closed {
        left.extend(closed.map(|closed| Left::new("closing date", closed)));
    }
}

fn is_forward(from: CaseState, to: CaseState) -> bool {
    const WAY: [CaseState; 5] = [
        CaseState::Reported,
        CaseState::Triaged,
        CaseState::Responding,
        CaseState::Resolved,
        CaseState::Closed,
    ];
    let place = |state| WAY.iter().position(|on_the_way| *on_the_way == state);
    place(from).zip(place(to)).is_some_and(|(from, to)| from < to)
}

fn is_worked_on(record: &CaseRecord) -> bool {
    !record.responders.is_empty() || record.decided_by.is_some() || record.reopened_count > 0
}
