//! Import runs, the fate of every row, and the gaps that are left to work off.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::asset::Sha256Text;
use crate::id::{CaseId, GapId, ImportRunId, PersonId};
use crate::reference::ImportRef;
use crate::refusal::Refusal;
use crate::text::{Line, Prose};
use crate::time::Timestamp;

words! {
    /// What became of a row.
    Fate("fate") {
        /// It became a case.
        Created = "created",
        /// It differs from what an earlier file said.
        Changed = "changed",
        /// It was there already, or is blank.
        Skipped = "skipped",
        /// It could not be used; the reason says why.
        Rejected = "rejected",
    }
}

words! {
    /// Where a gap stands.
    GapState("gap state") {
        /// To be worked off.
        Open = "open",
        /// Filled.
        Resolved = "resolved",
        /// Left as it is, with a reason.
        Dismissed = "dismissed",
    }
}

/// One import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRun {
    /// Identity.
    pub id: ImportRunId,
    /// Counts the changes.
    pub version: u64,
    /// The reference.
    pub reference: ImportRef,
    /// What kind of source, such as `spreadsheet`.
    pub source: Line,
    /// Which shape of file, and by what rules it is read: a run that was cut off goes on by the same.
    pub profile: Line,
    /// Name of the file.
    pub file_name: Line,
    /// Hash of the file.
    pub file_sha256: Sha256Text,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was through; none while it runs or after it was cut off.
    pub finished_at: Option<Timestamp>,
    /// Who imported.
    pub started_by: PersonId,
    /// Rows read.
    pub read_count: u64,
    /// Rows that became cases.
    pub created_count: u64,
    /// Rows that differ from an earlier file.
    pub changed_count: u64,
    /// Rows skipped.
    pub skipped_count: u64,
    /// Rows rejected.
    pub rejected_count: u64,
    /// Why it was taken back.
    pub undone_reason: Option<Prose>,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
}

/// What became of one row of a file: the identity by which the next file is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// The run.
    pub run_id: ImportRunId,
    /// Row in the file, from 1.
    pub row_number: u64,
    /// Its reference in the file.
    pub origin_reference: Option<String>,
    /// Hash of its content.
    pub row_hash: Sha256Text,
    /// What became of it.
    pub fate: Fate,
    /// Why.
    pub reason: String,
    /// The case that it became or belongs to.
    pub case_id: Option<CaseId>,
}

/// Something that the source did not say: a list to work off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Identity.
    pub id: GapId,
    /// The case.
    pub case_id: CaseId,
    /// What is missing, such as `action_without_owner`.
    pub kind: Line,
    /// Where in the source, such as a column.
    pub place: Option<Line>,
    /// What the source said, verbatim.
    pub detail: Option<Prose>,
    /// Where it stands.
    pub state: GapState,
    /// What was done about it.
    pub settlement: Option<Prose>,
    /// Who settled it.
    pub settled_by: Option<PersonId>,
    /// When.
    pub settled_at: Option<Timestamp>,
}

/// A change to an import run or gap that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImportError {
    /// Taken back already.
    #[error("import {reference} was taken back already")]
    AlreadyUndone {
        /// The run.
        reference: ImportRef,
    },
    /// Settled already.
    #[error("this gap is {state} already")]
    AlreadySettled {
        /// Its state.
        state: GapState,
    },
}

impl Refusal for ImportError {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadyUndone { .. } => "import.already_undone",
            Self::AlreadySettled { .. } => "gap.already_settled",
        }
    }
}

impl ImportRun {
    /// Takes an import back: its cases become void for one reason.
    ///
    /// # Errors
    /// Only once.
    pub fn undo(mut self, reason: Prose, at: Timestamp) -> Result<Self, ImportError> {
        if self.undone_at.is_some() {
            return Err(ImportError::AlreadyUndone { reference: self.reference });
        }
        self.undone_reason = Some(reason);
        self.undone_at = Some(at);
        Ok(self)
    }

    /// Counts one row.
    pub fn count(&mut self, fate: Fate) {
        self.read_count += 1;
        match fate {
            Fate::Created => self.created_count += 1,
            Fate::Changed => self.changed_count += 1,
            Fate::Skipped => self.skipped_count += 1,
            Fate::Rejected => self.rejected_count += 1,
        }
    }
}

impl Gap {
    /// Settles a gap: filled, or left as it is.
    ///
    /// # Errors
    /// Only an open one.
    pub fn settle(
        mut self,
        filled: bool,
        settlement: Prose,
        by: PersonId,
        at: Timestamp,
    ) -> Result<Self, ImportError> {
        if self.state != GapState::Open {
            return Err(ImportError::AlreadySettled { state: self.state });
        }
        self.state = if filled { GapState::Resolved } else { GapState::Dismissed };
        self.settlement = Some(settlement);
        self.settled_by = Some(by);
        self.settled_at = Some(at);
        Ok(self)
    }
}
