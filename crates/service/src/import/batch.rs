//! A batch of rows: who they are, what becomes of them, and everything written at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::case::CaseState;
use nevertwice_domain::field::{Field, FieldKey, FieldSubject};
use nevertwice_domain::id::{CaseId, FieldId};
use nevertwice_domain::import::{Fate, ImportRow, ImportRun};
use nevertwice_domain::text::Line;
use nevertwice_exchange::spreadsheet::mapping::{FieldRule, Rule};
use nevertwice_exchange::spreadsheet::{Mapping, Outcome, PlannedCase, PlannedRow};
use nevertwice_store::{case as cases, catalogue, import as imports};

use super::fates::Gaps;
use super::people::Known;
use super::records::Records;
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::Asked;

/// Everything that the unit of a batch needs.
pub(super) struct Batch {
    pub(super) rows: Arc<Vec<PlannedRow>>,
    pub(super) run: ImportRun,
    pub(super) profile: Line,
    pub(super) fields: Arc<BTreeMap<FieldKey, FieldId>>,
    pub(super) known: Known,
    pub(super) update: bool,
}

/// What a batch left behind.
pub(super) struct Written {
    /// The run with its counts.
    pub(super) run: ImportRun,
    /// The names looked up.
    pub(super) known: Known,
    /// Gaps by kind, of its rows that became cases.
    pub(super) gaps: Gaps,
}

/// Earlier rows that a row of this batch could be.
struct Earlier {
    by_hash: BTreeMap<Sha256Text, Vec<ImportRow>>,
    by_reference: BTreeMap<String, Vec<ImportRow>>,
}

/// Begins the reason of a changed row that was written into its case.
const APPLIED: &str = "applied to ";

/// What becomes of a row.
struct Verdict {
    fate: Fate,
    reason: String,
    case_id: Option<CaseId>,
}

impl Verdict {
    fn new(fate: Fate, reason: impl Into<String>, case_id: Option<CaseId>) -> Self {
        Self { fate, reason: reason.into(), case_id }
    }
}

impl Batch {
    /// Writes the batch.
    pub(super) fn write(&self, unit: &mut Unit<'_>) -> Result<Written, ServiceError> {
        let mut known = self.known.clone();
        let mut earlier = self.earlier(unit)?;
        let mut records = Records::new(unit, &self.run)?;
        let mut run = self.run.clone();
        let mut gaps = Gaps::default();
        let mut fates = Vec::with_capacity(self.rows.len());
        for row in self.rows.iter() {
            let hash = Sha256Text::from_digest(&row.row_hash);
            let verdict = self.judge(unit, row, &hash, &earlier, &mut known, &mut records)?;
            run.count(verdict.fate);
            let fate = ImportRow {
                run_id: run.id,
                row_number: row.row_number,
                origin_reference: row.origin_reference.as_ref().map(ToString::to_string),
                row_hash: hash,
                fate: verdict.fate,
                reason: verdict.reason,
                case_id: verdict.case_id,
            };
            gaps.count(&row.outcome, &fate);
            earlier.learn(&fate);
            fates.push(fate);
        }
        records.write(unit)?;
        imports::add_rows(unit.tx, &self.profile, &fates)?;
        Ok(Written { run: imports::save_run(unit.tx, &self.run, run)?, known, gaps })
    }

    fn earlier(&self, unit: &mut Unit<'_>) -> Result<Earlier, ServiceError> {
        // A row with a reference is known by it; its content is compared with what that reference had.
        let unnumbered = self.rows.iter().filter(|row| row.origin_reference.is_none());
        let hashes: Vec<Sha256Text> = unnumbered.map(|row| Sha256Text::from_digest(&row.row_hash)).collect();
        let references: Vec<String> = self
            .rows
            .iter()
            .filter_map(|row| row.origin_reference.as_ref().map(ToString::to_string))
            .collect();
        let mut earlier = Earlier { by_hash: BTreeMap::new(), by_reference: BTreeMap::new() };
        for row in imports::rows_by_hashes(unit.tx, &self.profile, &hashes)? {
            earlier.by_hash.entry(row.row_hash.clone()).or_default().push(row);
        }
        for row in imports::rows_by_references(unit.tx, &self.profile, &references)? {
            if let Some(reference) = row.origin_reference.clone() {
                earlier.by_reference.entry(reference).or_default().push(row);
            }
        }
        Ok(earlier)
    }

    fn judge(
        &self,
        unit: &mut Unit<'_>,
        row: &PlannedRow,
        hash: &Sha256Text,
        earlier: &Earlier,
        known: &mut Known,
        records: &mut Records,
    ) -> Result<Verdict, ServiceError> {
        let planned = match &row.outcome {
            Outcome::Blank => return Ok(Verdict::new(Fate::Skipped, "blank row", None)),
            Outcome::Rejected(rejection) => {
                return Ok(Verdict::new(Fate::Rejected, rejection.to_string(), None));
            }
            Outcome::Case(planned) => planned,
        };
        if let Some(same) = earlier.identical(hash, row.origin_reference.as_ref().map(Line::as_str)) {
            let reason = format!("identical to row {} imported before", same.row_number);
            return Ok(Verdict::new(Fate::Skipped, reason, same.case_id));
        }
        let of_reference = earlier.of_reference(row.origin_reference.as_ref().map(Line::as_str));
        let (here, before): (Vec<&ImportRow>, Vec<&ImportRow>) =
            of_reference.iter().partition(|other| other.run_id == self.run.id);
        if let (Some(latest), []) = (before.first(), here.as_slice()) {
            let cases: BTreeSet<Option<CaseId>> = before.iter().map(|other| other.case_id).collect();
            return self.changed(unit, row, planned, latest, cases.len());
        }
        let case_id = records.add(unit, known, &self.fields, row, planned)?;
        let reason = match here.first() {
            Some(other) => {
                format!("duplicate reference: row {} has it too, with other content", other.row_number)
            }
            None => "new".to_owned(),
        };
        Ok(Verdict::new(Fate::Created, reason, Some(case_id)))
    }

    /// A row whose reference an earlier file had with other content.
    fn changed(
        &self,
        unit: &mut Unit<'_>,
        row: &PlannedRow,
        planned: &PlannedCase,
        latest: &ImportRow,
        count: usize,
    ) -> Result<Verdict, ServiceError> {
        let Some(case_id) = latest.case_id else {
            return Ok(Verdict::new(Fate::Skipped, "blank before", None));
        };
        if !self.update {
            let reason = "differs from what an earlier file said; not applied without --update";
            return Ok(Verdict::new(Fate::Changed, reason, Some(case_id)));
        }
        if count > 1 {
            let reason = "differs, but several earlier cases have this reference; edit the right one by hand";
            return Ok(Verdict::new(Fate::Changed, reason, Some(case_id)));
        }
        let before = cases::get(unit.tx, case_id)?.ok_or_else(|| {
            ServiceError::internal(format!("row {} names a case that is gone", row.row_number))
        })?;
        if before.shuts_out(unit.caller.id()) {
            let reason = "differs; somebody who works on its case has to apply it";
            return Ok(Verdict::new(Fate::Changed, reason, Some(case_id)));
        }
        if before.state == CaseState::Void {
            let reason = format!("differs, but {} is void; not applied", before.reference);
            return Ok(Verdict::new(Fate::Changed, reason, Some(case_id)));
        }
        let after = super::records::updated(&before, planned);
        let saved = cases::save(unit.tx, &before, &after)?;
        Ok(Verdict::new(Fate::Changed, format!("{APPLIED}{}", saved.reference), Some(case_id)))
    }
}

impl Earlier {
    /// The row that already says the same: of a reference only what was last taken over into one of its cases counts.
    fn identical(&self, hash: &Sha256Text, reference: Option<&str>) -> Option<&ImportRow> {
        if reference.is_none() {
            return self.by_hash.get(hash)?.iter().find(|row| row.origin_reference.is_none());
        }
        let mut seen = BTreeSet::new();
        let taken = self.of_reference(reference).into_iter().filter(|row| was_taken_over(row));
        taken.filter(|row| seen.insert(row.case_id)).find(|row| row.row_hash == *hash)
    }

    fn of_reference(&self, reference: Option<&str>) -> Vec<&ImportRow> {
        reference.and_then(|reference| self.by_reference.get(reference)).into_iter().flatten().collect()
    }

    /// Rows further down the same batch must know this one.
    fn learn(&mut self, row: &ImportRow) {
        if row.case_id.is_none() || row.fate == Fate::Skipped {
            return;
        }
        self.by_hash.entry(row.row_hash.clone()).or_default().push(row.clone());
        if let Some(reference) = &row.origin_reference {
            self.by_reference.entry(reference.clone()).or_default().insert(0, row.clone());
        }
    }
}

/// Whether a row's content went into its case.
fn was_taken_over(row: &ImportRow) -> bool {
    row.fate == Fate::Created || row.reason.starts_with(APPLIED)
}

/// Defines the company fields that the plan uses and that are not there yet; gives the ids of all.
///
/// # Errors
/// What the store reports, or a field of the same name and another type.
pub(super) fn define_fields(
    asked: &Asked<'_>,
    mapping: &Mapping,
) -> Result<Arc<BTreeMap<FieldKey, FieldId>>, ServiceError> {
    let rules: Vec<(FieldRule, String)> = mapping
        .columns
        .iter()
        .filter_map(|column| match &column.rule {
            Rule::Field(rule) => Some((rule.clone(), column.source.clone())),
            _ => None,
        })
        .collect();
    let done = asked.service.write(asked.identity, "define_fields", move |unit| {
        let mut ids = BTreeMap::new();
        for (rule, label) in &rules {
            let field = match catalogue::field(unit.tx, FieldSubject::Case, &rule.key)? {
                Some(field) => field,
                None => {
                    let field = Field {
                        id: unit.moment.id(),
                        version: 0,
                        subject: FieldSubject::Case,
                        key: rule.key.clone(),
                        label: super::records::shortened(label)?,
                        kind: rule.kind,
                        choices: rule.choices.iter().filter_map(|choice| Line::parse(choice).ok()).collect(),
                        created_at: unit.moment.at,
                    }
                    .checked()?;
                    catalogue::insert_field(unit.tx, &field)?;
                    field
                }
            };
            ids.insert(rule.key.clone(), field.id);
        }
        Ok(ids)
    })?;
    Ok(Arc::new(done.value))
}
