//! What covers a lesson without an action of its own, and that a lesson is still true.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::action::{Action, ActionState};
use crate::case::{Case, CaseState};
use crate::control::{Control, ControlRef};
use crate::id::{ActionId, ConfirmationId, ControlChangeId, CoverageId, LessonId, PersonId, RiskId};
use crate::reference::{ActionRef, RiskRef};
use crate::refusal::Refusal;
use crate::risk::{Risk, RiskState};
use crate::text::Prose;
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

/// What covers a lesson: a record, never a word alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoveredBy {
    /// An action that was planned for something else, or for another case.
    ExistingAction(ActionId),
    /// A change of a control.
    ControlChange(ControlChangeId),
    /// A risk of which the owner bears what remains.
    AcceptedRisk(RiskId),
}

/// What a coverage names, as it stands now.
#[derive(Debug, Clone, Copy)]
pub enum Cover<'c> {
    /// An action.
    Action(&'c Action),
    /// A change of a control, and the case that it was recorded on.
    ControlChange(&'c Control, &'c Case),
    /// A risk.
    Risk(&'c Risk),
}

impl Cover<'_> {
    /// Whether it covers anything now: the one rule for what is said, what is approved, what counts for a case and which
    /// lessons are orphans.
    ///
    /// # Errors
    /// The action is not to be done or did not work, the control is not used or its change was never made, the risk is
    /// closed or nobody bears what remains.
    pub fn in_force(self) -> Result<(), CoverageError> {
        match self {
            Self::Action(action) => match action.state {
                ActionState::NotDoing | ActionState::NotEffective => {
                    Err(CoverageError::ActionNotInForce(action.reference, action.state))
                }
                _ => Ok(()),
            },
            Self::ControlChange(control, _) if control.is_retired() || !control.applicable => {
                Err(CoverageError::ControlNotUsed(control.reference))
            }
            // A case that is void was never there, and so was nothing that it changed.
            Self::ControlChange(control, case) if case.state == CaseState::Void => {
                Err(CoverageError::NoControlChange(control.reference))
            }
            Self::ControlChange(..) => Ok(()),
            Self::Risk(risk) if risk.state != RiskState::Open => {
                Err(CoverageError::RiskClosed(risk.reference))
            }
            Self::Risk(risk) if !risk.is_accepted() => Err(CoverageError::RiskNotAccepted(risk.reference)),
            Self::Risk(_) => Ok(()),
        }
    }

    /// What people call it.
    #[must_use]
    pub fn reference(self) -> String {
        match self {
            Self::Action(action) => action.reference.to_string(),
            Self::ControlChange(control, _) => control.reference.to_string(),
            Self::Risk(risk) => risk.reference.to_string(),
        }
    }
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
    /// The change of a control, if it is one.
    pub control_change_id: Option<ControlChangeId>,
    /// The risk, if it is one.
    pub risk_id: Option<RiskId>,
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
    /// The action covers nothing.
    #[error("{0} is {words}; it covers nothing: name an action that is done or owed", words = .1.as_str().replace('_', " "))]
    ActionNotInForce(ActionRef, ActionState),
    /// The action is one of the lesson, for its only case.
    #[error("{0} is an action of this lesson for its only case; it needs no coverage then")]
    OwnAction(ActionRef),
    /// The action is one of the lesson, and not done.
    #[error(
        "{0} is an action of this lesson and not done yet; complete it before it covers the lesson for another case"
    )]
    OwnActionUnfinished(ActionRef),
    /// Nothing was changed in the control.
    #[error("no change of {0} is recorded; record what was changed in it first, or name another control")]
    NoControlChange(ControlRef),
    /// The control is retired or not applicable.
    #[error("{0} is not used; it covers nothing: name a control that is")]
    ControlNotUsed(ControlRef),
    /// The risk is gone.
    #[error("{0} is closed; it covers nothing: name an open risk")]
    RiskClosed(RiskRef),
    /// Nobody bears what remains of it.
    #[error("the owner of {0} has not accepted what remains of it; ask them to first")]
    RiskNotAccepted(RiskRef),
}

impl Refusal for CoverageError {
    fn code(&self) -> &'static str {
        match self {
            Self::DeclarerApproves => "coverage.declarer_approves",
            Self::ApprovedAlready => "coverage.approved_already",
            Self::ActionNotInForce(..) => "coverage.action_not_in_force",
            Self::OwnAction(_) => "coverage.own_action",
            Self::OwnActionUnfinished(_) => "coverage.own_action_unfinished",
            Self::NoControlChange(_) => "coverage.no_control_change",
            Self::ControlNotUsed(_) => "coverage.control_not_used",
            Self::RiskClosed(_) => "coverage.risk_closed",
            Self::RiskNotAccepted(_) => "coverage.risk_not_accepted",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::DeclarerApproves | Self::ApprovedAlready => None,
            _ => Some("covered_by"),
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
        let kind = match by_what {
            CoveredBy::ExistingAction(_) => CoverageKind::ExistingAction,
            CoveredBy::ControlChange(_) => CoverageKind::ControlChange,
            CoveredBy::AcceptedRisk(_) => CoverageKind::AcceptedRisk,
        };
        Self {
            id,
            lesson_id,
            kind,
            action_id: if let CoveredBy::ExistingAction(id) = by_what { Some(id) } else { None },
            control_change_id: if let CoveredBy::ControlChange(id) = by_what { Some(id) } else { None },
            risk_id: if let CoveredBy::AcceptedRisk(id) = by_what { Some(id) } else { None },
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
