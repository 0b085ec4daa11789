//! Import runs, and taking one back.

use std::collections::BTreeSet;

use nevertwice_domain::case::CaseState;
use nevertwice_domain::id::{CaseId, ImportRunId};
use nevertwice_domain::import::ImportRun;
use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ImportRef;
use nevertwice_domain::text::Prose;
use nevertwice_store::{case as cases, import as imports, visibility};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::update::was_applied;
use crate::case::end_with;
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::{Asked, Progress, UseCase};

/// Cases voided at once, in one unit: others write in between.
const PORTION: u32 = 512;

/// Lists import runs, the last first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListImports {}

/// Takes an import back: its cases become void for one reason, and what is owed for them ends. Cases of earlier runs that it
/// changed keep what it wrote; cases that shut the caller out stay as they are. Cut off, it can be asked for again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UndoImport {
    /// The run.
    pub run: ImportRef,
    /// Why.
    pub reason: Prose,
}

/// An import run.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ImportRunView {
    /// Its reference.
    pub reference: String,
    /// What kind of source.
    pub source: String,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_sha256: String,
    /// When it began, RFC 3339.
    pub started_at: String,
    /// When it was through; none after it was cut off.
    pub finished_at: Option<String>,
    /// Rows read.
    pub read: u64,
    /// Rows that became cases.
    pub created: u64,
    /// Rows that differ from an earlier file.
    pub changed: u64,
    /// Rows skipped.
    pub skipped: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Why it was taken back.
    pub undone_reason: Option<String>,
    /// When it was taken back.
    pub undone_at: Option<String>,
    /// After taking it back: how many of its cases are void now.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub void: Option<u64>,
    /// After taking it back: how many cases of earlier runs it had changed. They keep what it wrote.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub kept: Option<u64>,
    /// After taking it back: what to do about these.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub advice: Option<String>,
}

impl UseCase for ListImports {
    type Output = Vec<ImportRunView>;
    const NAME: &'static str = "list_imports";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<ImportRunView>, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::Import)?;
            Ok(imports::runs(unit.tx)?.iter().map(ImportRunView::of).collect())
        })
    }
}

impl UseCase for UndoImport {
    type Output = ImportRunView;
    const NAME: &'static str = "undo_import";

    fn run(self, asked: &Asked<'_>) -> Result<ImportRunView, ServiceError> {
        let (total, kept) = asked.service.read(asked.identity, |unit| {
            let (run, _) = self.undone(unit)?;
            Ok((run.created_count, cases_changed(unit, run.id)?))
        })?;
        let request = asked.service.moment().id();
        let (mut after, mut done, mut void) = (0, 0, 0);
        loop {
            let undo = self.clone();
            let portion = asked
                .service
                .write_alone(asked.identity, "undo_import", request, move |unit| undo.portion(unit, after))?
                .value;
            after = portion.last_row;
            done += portion.rows;
            void += portion.void;
            (asked.progress)(Progress { done, total: Some(total) });
            if let Some(run) = portion.undone {
                let view = ImportRunView::of(&run);
                return Ok(ImportRunView {
                    void: Some(void),
                    kept: Some(kept),
                    advice: advice(kept),
                    ..view
                });
            }
        }
    }
}

/// What one unit did.
struct Portion {
    /// Rows looked at.
    rows: u64,
    /// The last of them.
    last_row: u64,
    /// How many of their cases are void now.
    void: u64,
    /// The run, once nothing is left.
    undone: Option<ImportRun>,
}

impl UndoImport {
    /// The run as it is, and as it is when it is taken back.
    fn undone(&self, unit: &mut Unit<'_>) -> Result<(ImportRun, ImportRun), ServiceError> {
        unit.caller.may(Verb::Import)?;
        let run = imports::run(unit.tx, self.run)?
            .ok_or_else(|| ServiceError::not_found(format!("import run {}", self.run)))?;
        let undone = run.clone().undo(self.reason.clone(), unit.moment.at)?;
        Ok((run, undone))
    }

    /// Voids the next cases after a row; with the last, the run is taken back. Those that are void already stay so.
    fn portion(&self, unit: &mut Unit<'_>, after: u64) -> Result<Portion, ServiceError> {
        let (run, undone) = self.undone(unit)?;
        let created = imports::cases_created_after(unit.tx, run.id, after, PORTION)?;
        let is_last = created.len() < PORTION as usize;
        let ids: Vec<Uuid> = created.iter().map(|(_, case)| case.uuid()).collect();
        // What the caller may not know of is none of their business, here as elsewhere.
        let hidden = visibility::shut_out(unit.tx, ObjectKind::Case, &ids, unit.caller.id())?;
        let known: Vec<CaseId> =
            ids.iter().filter(|id| !hidden.contains(id)).copied().map(CaseId::from).collect();
        let mut void = Vec::with_capacity(known.len());
        for case in cases::several(unit.tx, &known)?.iter().filter(|case| case.state != CaseState::Void) {
            void.push(cases::save(unit.tx, case, &case.clone().void(self.reason.clone())?)?);
        }
        end_with(unit, &void, &self.reason)?;
        Ok(Portion {
            rows: created.len() as u64,
            last_row: created.last().map_or(after, |(row, _)| *row),
            void: known.len() as u64,
            undone: if is_last { Some(imports::save_run(unit.tx, &run, undone)?) } else { None },
        })
    }
}

/// How many cases of earlier runs a run changed, of those that the caller may know of.
fn cases_changed(unit: &mut Unit<'_>, run: ImportRunId) -> Result<u64, ServiceError> {
    let mut changed = BTreeSet::new();
    imports::rows(unit.tx, run, |row| {
        if was_applied(&row) {
            changed.extend(row.case_id.map(CaseId::uuid));
        }
        Ok::<_, ServiceError>(())
    })?;
    let changed: Vec<Uuid> = changed.into_iter().collect();
    let hidden = visibility::shut_out(unit.tx, ObjectKind::Case, &changed, unit.caller.id())?;
    Ok((changed.len() - hidden.len()) as u64)
}

/// What to do about cases that were changed: the register does not know what a file before said, the file does.
fn advice(kept: u64) -> Option<String> {
    (kept > 0).then(|| {
        format!(
            "cases that the run changed and that keep what it wrote: {kept}; import the earlier file with --update to \
             bring back what it says"
        )
    })
}

impl ImportRunView {
    fn of(run: &ImportRun) -> Self {
        Self {
            reference: run.reference.to_string(),
            source: run.source.to_string(),
            file_name: run.file_name.to_string(),
            file_sha256: run.file_sha256.to_string(),
            started_at: run.started_at.to_string(),
            finished_at: run.finished_at.map(|at| at.to_string()),
            read: run.read_count,
            created: run.created_count,
            changed: run.changed_count,
            skipped: run.skipped_count,
            rejected: run.rejected_count,
            undone_reason: run.undone_reason.as_ref().map(ToString::to_string),
            undone_at: run.undone_at.map(|at| at.to_string()),
            void: None,
            kept: None,
            advice: None,
        }
    }
}
