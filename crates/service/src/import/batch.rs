//! A batch of rows: who they are, what becomes of them, and everything written at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::field::{Field, FieldKey, FieldSubject};
use nevertwice_domain::id::{CaseId, FieldId};
use nevertwice_domain::import::{Fate, ImportRow, ImportRun};
use nevertwice_domain::text::Line;
use nevertwice_exchange::planned::{PlannedCase, PlannedRow};
use nevertwice_exchange::spreadsheet::mapping::FieldRule;
use nevertwice_store::{case as cases, catalogue, import as imports};

use super::course::{Course, Left};
use super::earlier::Earlier;
use super::fates::Gaps;
use super::people::Known;
use super::records::{Records, is_cut};
use super::update::Update;
use crate::error::{Kind, ServiceError};
use crate::service::Unit;
use crate::use_case::Asked;

/// Everything that the unit of a batch needs.
pub(super) struct Batch {
    pub(super) rows: Arc<Vec<PlannedRow>>,
    pub(super) run: ImportRun,
    pub(super) profile: Line,
    /// The names of the file's columns, in its order; none of records.
    pub(super) columns: Arc<Vec<String>>,
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

/// Says of a row what became of a root cause that is too long for a statement.
const CUT_CAUSE: &str = "the root cause is long: its beginning is the first why, the whole of it is the why's support and \
                         the review's minutes";

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

/// Refuses to go on with a run that somebody took back, or goes on with, meanwhile.
///
/// # Errors
/// It is not what it was after the last batch; what the store reports.
pub(super) fn expect_running(unit: &mut Unit<'_>, run: &ImportRun) -> Result<(), ServiceError> {
    let now = imports::run(unit.tx, run.reference)?;
    if now.as_ref().is_some_and(|now| now.version == run.version) {
        return Ok(());
    }
    let what = if now.is_some_and(|now| now.undone_at.is_some()) {
        "was taken back while it ran: its cases are void, and nothing more of its file is imported"
    } else {
        "goes on elsewhere; wait for that, or import the file again"
    };
    Err(ServiceError::new(Kind::Conflict, "import.overtaken", format!("{} {what}", run.reference)))
}

impl Batch {
    /// Writes the batch.
    ///
    /// # Errors
    /// The run was taken back meanwhile; what the store reports.
    pub(super) fn write(&self, unit: &mut Unit<'_>) -> Result<Written, ServiceError> {
        expect_running(unit, &self.run)?;
        let mut known = self.known.clone();
        let mut earlier = Earlier::of(unit, &self.profile, &self.rows)?;
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

    fn judge(
        &self,
        unit: &mut Unit<'_>,
        row: &PlannedRow,
        hash: &Sha256Text,
        earlier: &Earlier,
        known: &mut Known,
        records: &mut Records,
    ) -> Result<Verdict, ServiceError> {
        match Course::of(row, hash, self.run.id, &self.columns, earlier) {
            Course::Blank => Ok(Verdict::new(Fate::Skipped, "blank row", None)),
            Course::Reject(reason) => Ok(Verdict::new(Fate::Rejected, reason, None)),
            Course::Skip(same) => {
                let reason = format!("identical to row {} imported before", same.row_number);
                Ok(Verdict::new(Fate::Skipped, reason, same.case_id))
            }
            Course::Change { planned, case: Some(case_id), .. } => {
                self.change(unit, row, planned, case_id, known)
            }
            Course::Change { case: None, candidates, .. } => {
                Ok(Verdict::new(Fate::Changed, Left::Several.reason(), candidates.first().copied()))
            }
            Course::Create { planned, duplicate_of } => {
                let case_id = records.add(unit, known, &self.fields, row, planned)?;
                let reason = match duplicate_of {
                    Some(other) => {
                        format!("duplicate reference: row {other} has it too, with other content")
                    }
                    None => "new".to_owned(),
                };
                let reason = match &planned.cause {
                    Some(cause) if is_cut(cause) => format!("{reason}; {CUT_CAUSE}"),
                    _ => reason,
                };
                Ok(Verdict::new(Fate::Created, reason, Some(case_id)))
            }
        }
    }

    /// A row whose reference an earlier file had with other content, or that says more now that it is read in another
    /// way.
    fn change(
        &self,
        unit: &mut Unit<'_>,
        row: &PlannedRow,
        planned: &PlannedCase,
        case_id: CaseId,
        known: &mut Known,
    ) -> Result<Verdict, ServiceError> {
        if !self.update {
            return Ok(Verdict::new(Fate::Changed, Left::NotAsked.reason(), Some(case_id)));
        }
        let before = cases::get(unit.tx, case_id)?.ok_or_else(|| {
            ServiceError::internal(format!("row {} names a case that is gone", row.row_number))
        })?;
        if before.shuts_out(unit.caller.id()) {
            return Ok(Verdict::new(Fate::Changed, Left::ShutOut.reason(), Some(case_id)));
        }
        let update =
            Update { row, planned, columns: &self.columns, fields: &self.fields, file: &self.run.file_name };
        Ok(Verdict::new(Fate::Changed, update.apply(unit, known, &before)?, Some(case_id)))
    }
}

/// Defines the company fields of columns with their names, as far as they are not there yet; gives the ids of all.
///
/// # Errors
/// What the store reports, or a field of the same name and another type.
pub(super) fn define_fields(
    asked: &Asked<'_>,
    rules: Vec<(FieldRule, String)>,
) -> Result<Arc<BTreeMap<FieldKey, FieldId>>, ServiceError> {
    if rules.is_empty() {
        return Ok(Arc::default());
    }
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
