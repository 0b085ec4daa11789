//! How controls did on a case.

use serde::{Deserialize, Serialize};

use crate::id::{CaseId, ControlId, PersonId};
use crate::text::Prose;
use crate::time::Timestamp;

words! {
    /// How a control did when it mattered.
    Performance("performance of a control") {
        /// It did what it is for.
        Worked = "worked",
        /// It was there and did not hold.
        Failed = "failed",
        /// It was not there.
        Absent = "absent",
        /// Somebody or something went around it.
        Bypassed = "bypassed",
    }
}

/// How a control did on a case; one for each control of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlPerformance {
    /// The case.
    pub case_id: CaseId,
    /// The control.
    pub control_id: ControlId,
    /// How it did.
    pub performance: Performance,
    /// How one knows.
    pub note: Option<Prose>,
    /// Who said so last.
    pub noted_by: PersonId,
    /// When.
    pub noted_at: Timestamp,
}
