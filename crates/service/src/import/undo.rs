//! Import runs, and taking one back.

use nevertwice_domain::case::CaseState;
use nevertwice_domain::import::ImportRun;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ImportRef;
use nevertwice_domain::text::Prose;
use nevertwice_store::{case as cases, import as imports};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ServiceError;
use crate::use_case::{Asked, UseCase};

/// Lists import runs, the last first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListImports {}

/// Takes an import back: its cases become void for one reason.
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
            for id in imports::cases_created(unit.tx, run.id)? {
                let Some(case) = cases::get(unit.tx, id)? else { continue };
                if case.state != CaseState::Void {
                    cases::save(unit.tx, &case, &case.clone().void(self.reason.clone())?)?;
                }
            }
            Ok(ImportRunView::of(&imports::save_run(unit.tx, &run, undone)?))
        })?;
        Ok(done.value)
    }
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
        }
    }
}
