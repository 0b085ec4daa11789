//! Import runs, and taking one back.

use std::collections::BTreeSet;

use nevertwice_domain::case::CaseState;
use nevertwice_domain::id::ImportRunId;
use nevertwice_domain::import::ImportRun;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ImportRef;
use nevertwice_domain::text::Prose;
use nevertwice_store::{case as cases, import as imports};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::update::was_applied;
use crate::case::end_with;
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Cases voided at once.
const PORTION: usize = 512;

/// Lists import runs, the last first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListImports {}

/// Takes an import back: its cases become void for one reason, and what is owed for them ends. Cases of earlier runs that it
/// changed keep what it wrote.
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
        let request = asked.service.moment().id();
        let done = asked.service.write_alone(asked.identity, "undo_import", request, move |unit| {
            unit.caller.may(Verb::Import)?;
            let run = imports::run(unit.tx, self.run)?
                .ok_or_else(|| ServiceError::not_found(format!("import run {}", self.run)))?;
            let undone = run.clone().undo(self.reason.clone(), unit.moment.at)?;
            for portion in imports::cases_created(unit.tx, run.id)?.chunks(PORTION) {
                let mut void = Vec::with_capacity(portion.len());
                for case in
                    cases::several(unit.tx, portion)?.iter().filter(|case| case.state != CaseState::Void)
                {
                    void.push(cases::save(unit.tx, case, &case.clone().void(self.reason.clone())?)?);
                }
                end_with(unit, &void, &self.reason)?;
            }
            let kept = cases_changed(unit, run.id)?;
            let view = ImportRunView::of(&imports::save_run(unit.tx, &run, undone)?);
            Ok(ImportRunView { kept: Some(kept), advice: advice(kept), ..view })
        })?;
        Ok(done.value)
    }
}

/// How many cases of earlier runs a run changed.
fn cases_changed(unit: &mut Unit<'_>, run: ImportRunId) -> Result<u64, ServiceError> {
    let mut changed = BTreeSet::new();
    imports::rows(unit.tx, run, |row| {
        if was_applied(&row) {
            changed.extend(row.case_id);
        }
        Ok::<_, ServiceError>(())
    })?;
    Ok(changed.len() as u64)
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
            kept: None,
            advice: None,
        }
    }
}
