//! What covers a lesson without an action of its own, and that a lesson is still true.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::{ActionId, ConfirmationId, CoverageId, LessonId, PersonId};
use crate::refusal::Refusal;
use crate::text::{Line, Prose};
use crate::time::{Date, Timestamp};

words! {
    /// What covers a lesson that no action of its own puts to work.
    CoverageKind("kind of coverage") {
        /// An action that was planned for something else.
        ExistingAction = "existing_action",
        /// A change of a control.
        ControlChange = "control_change",
        /// A risk that was accepted.
        AcceptedRisk = "accepted_risk",
    }
}

/// What covers a lesson, named so that it can be looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CoveredBy {
    /// An action that was planned for something else.
    ExistingAction(ActionId),
    /// A change of a control, such as `C-12` or `A.8.9`.
    ControlChange(Line),
    /// A risk that was accepted, such as `RSK-0007`.
    AcceptedRisk(Line),
}

/// That something covers a lesson so that it needs no action of its own: said by one person, approved by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonCoverage {
    /// Identity.
    pub id: CoverageId,
    /// The lesson.
    pub lesson_id: LessonId,
    /// What kind of thing covers it.
    pub kind: CoverageKind,
    /// The action, if it is one.
    pub action_id: Option<ActionId>,
    /// The control change or the risk, if it is one.
    pub covered_by: Option<Line>,
    /// Why that is enough.
    pub reason: Prose,
    /// Who says so.
    pub declared_by: PersonId,
    /// When.
    pub declared_at: Timestamp,
    /// Who approved it.
    pub approved_by: Option<PersonId>,
    /// When.
    pub approved_at: Option<Timestamp>,
}

/// That somebody looked at a lesson again and found it still true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonConfirmation {
    /// Identity.
    pub id: ConfirmationId,
    /// The lesson.
    pub lesson_id: LessonId,
    /// When it is looked at again.
    pub next_review_on: Date,
    /// Who looked.
    pub confirmed_by: PersonId,
    /// When.
    pub confirmed_at: Timestamp,
}

/// A coverage that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CoverageError {
    /// Whoever said it approved it.
    #[error("whoever says what covers a lesson does not approve it; somebody else has to")]
    DeclarerApproves,
    /// It was approved before.
    #[error("this is approved already")]
    ApprovedAlready,
}

impl Refusal for CoverageError {
    fn code(&self) -> &'static str {
        match self {
            Self::DeclarerApproves => "coverage.declarer_approves",
            Self::ApprovedAlready => "coverage.approved_already",
        }
    }
}

impl LessonCoverage {
    /// Says what covers a lesson.
    #[must_use]
    pub fn declare(
        id: CoverageId,
        lesson_id: LessonId,
        by_what: CoveredBy,
        reason: Prose,
        by: PersonId,
        at: Timestamp,
    ) -> Self {
        let (kind, action_id, covered_by) = match by_what {
            CoveredBy::ExistingAction(action) => (CoverageKind::ExistingAction, Some(action), None),
            CoveredBy::ControlChange(line) => (CoverageKind::ControlChange, None, Some(line)),
            CoveredBy::AcceptedRisk(line) => (CoverageKind::AcceptedRisk, None, Some(line)),
        };
        Self {
            id,
            lesson_id,
            kind,
            action_id,
            covered_by,
            reason,
            declared_by: by,
            declared_at: at,
            approved_by: None,
            approved_at: None,
        }
    }

    /// Approves it.
    ///
    /// # Errors
    /// Never by whoever said it; not twice.
    pub fn approve(mut self, by: PersonId, at: Timestamp) -> Result<Self, CoverageError> {
        if self.is_approved() {
            return Err(CoverageError::ApprovedAlready);
        }
        if by == self.declared_by {
            return Err(CoverageError::DeclarerApproves);
        }
        self.approved_by = Some(by);
        self.approved_at = Some(at);
        Ok(self)
    }

    /// Whether somebody else approved it.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.approved_by.is_some()
    }
}
