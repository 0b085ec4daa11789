//! What an import is to do with a row, by what earlier files said: the same for an import and for its preview.

use std::collections::BTreeSet;

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::id::{CaseId, ImportRunId};
use nevertwice_domain::import::ImportRow;
use nevertwice_domain::text::Line;
use nevertwice_exchange::planned::{Outcome, PlannedCase, PlannedRow};

use super::earlier::Earlier;
use super::update::is_filled;

/// What is to be done with a row.
pub(super) enum Course<'c> {
    /// Nothing: it is blank.
    Blank,
    /// Nothing, for a reason.
    Reject(String),
    /// Nothing: an earlier row says the same.
    Skip(&'c ImportRow),
    /// It says something else about a case.
    Change {
        /// What it says.
        planned: &'c PlannedCase,
        /// The case; none where several could be meant.
        case: Option<CaseId>,
        /// The cases that could be.
        candidates: BTreeSet<CaseId>,
    },
    /// A case is made of it.
    Create {
        /// What it says.
        planned: &'c PlannedCase,
        /// The row of this file that has its reference with other content.
        duplicate_of: Option<u64>,
    },
}

/// Says of a row why it is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// Several cases could be meant.
    Several,
    /// Nobody asked for it.
    NotAsked,
    /// Its case shuts out who imports.
    ShutOut,
}

impl Left {
    /// The reason of the row's fate.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Several => {
                "differs, but several earlier cases have this reference; edit the right one by hand"
            }
            Self::NotAsked => "differs from the register; not applied without --update",
            Self::ShutOut => "differs; somebody who works on its case has to apply it",
        }
    }
}

impl<'c> Course<'c> {
    /// That of a row of a run.
    pub(super) fn of(
        row: &'c PlannedRow,
        hash: &Sha256Text,
        run: ImportRunId,
        columns: &[String],
        earlier: &'c Earlier,
    ) -> Self {
        let planned = match &row.outcome {
            Outcome::Blank => return Self::Blank,
            Outcome::Rejected(rejection) => return Self::Reject(rejection.to_string()),
            Outcome::Case(planned) => planned,
        };
        let reference = row.origin_reference.as_ref().map(Line::as_str);
        if let Some(same) = earlier.identical(hash, reference) {
            if earlier.gaps_of(same).iter().any(|gap| is_filled(gap, columns, row, planned)) {
                return Self::Change {
                    planned,
                    case: same.case_id,
                    candidates: same.case_id.into_iter().collect(),
                };
            }
            return Self::Skip(same);
        }
        let of_reference = earlier.of_reference(reference);
        let (here, before): (Vec<&ImportRow>, Vec<&ImportRow>) =
            of_reference.iter().partition(|other| other.run_id == run);
        let taken: BTreeSet<CaseId> = here.iter().filter_map(|other| other.case_id).collect();
        let candidates: BTreeSet<CaseId> =
            before.iter().filter_map(|other| other.case_id).filter(|case| !taken.contains(case)).collect();
        if !candidates.is_empty() {
            return Self::Change { planned, case: earlier.meant(&candidates, planned), candidates };
        }
        Self::Create { planned, duplicate_of: here.first().map(|other| other.row_number) }
    }
}
