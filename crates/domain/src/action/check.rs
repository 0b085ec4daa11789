//! Effectiveness checks: did the action work? Planned with the action, judged by somebody else.

use serde::{Deserialize, Serialize};

use super::{ActionError, DueMove};
use crate::id::{ActionId, CheckId, PersonId};
use crate::text::Prose;
use crate::time::{Date, Timestamp};

words! {
    /// What a check found.
    CheckOutcome("check outcome") {
        /// It works.
        Effective = "effective",
        /// It does not.
        NotEffective = "not_effective",
        /// It cannot be told yet.
        TooEarly = "too_early",
    }
}

/// A check, planned and perhaps judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectivenessCheck {
    /// Identity.
    pub id: CheckId,
    /// The action.
    pub action_id: ActionId,
    /// What will be measured.
    pub measure: Prose,
    /// When.
    pub planned_on: Date,
    /// Who is asked to judge; somebody who works on the case may as well.
    pub judge_id: Option<PersonId>,
    /// What was found.
    pub outcome: Option<CheckOutcome>,
    /// What shows it.
    pub evidence: Option<Prose>,
    /// Who judged.
    pub judged_by: Option<PersonId>,
    /// When it was judged.
    pub judged_at: Option<Timestamp>,
    /// Why it is looked at later than the procedure allows.
    #[serde(default)]
    pub late_reason: Option<Prose>,
    /// Why it could be judged effective before that day.
    #[serde(default)]
    pub early_reason: Option<Prose>,
}

/// What somebody found when they looked at an action's effect.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// What was found.
    pub outcome: CheckOutcome,
    /// What shows it.
    pub evidence: Prose,
    /// Why it can be told before the day for which the look was planned.
    pub early_reason: Option<Prose>,
}

impl EffectivenessCheck {
    /// The check as it was planned, looked at on another day. Pulling it forward takes a reason: it would be judged before
    /// anybody can tell.
    ///
    /// # Errors
    /// An earlier day without a reason.
    pub fn may_be_on(&self, day: Date, reason: Option<&Prose>) -> Result<(), ActionError> {
        if day < self.planned_on && reason.is_none() {
            return Err(ActionError::PulledForward { planned_on: self.planned_on, found: day });
        }
        Ok(())
    }

    /// The check as somebody judged it. What fails may be seen on any day; that something works is seen after the delay that
    /// the look was planned with.
    ///
    /// # Errors
    /// Effective before the planned day, without a reason.
    pub fn judged(
        mut self,
        judgement: Judgement,
        by: PersonId,
        (at, today): (Timestamp, Date),
    ) -> Result<Self, ActionError> {
        let is_early = judgement.outcome == CheckOutcome::Effective && today < self.planned_on;
        if is_early && judgement.early_reason.is_none() {
            return Err(ActionError::JudgedEarly { planned_on: self.planned_on, today });
        }
        self.outcome = Some(judgement.outcome);
        self.evidence = Some(judgement.evidence);
        self.early_reason = judgement.early_reason.filter(|_| is_early);
        self.judged_by = Some(by);
        self.judged_at = Some(at);
        Ok(self)
    }

    /// The check of an action whose due date is moved: as long after it as before, but no later than the procedure allows
    /// unless somebody said why. What was judged stays where it was.
    #[must_use]
    pub fn moved_with(self, due: &DueMove, latest: Option<Date>) -> Self {
        if self.outcome.is_some() {
            return self;
        }
        let on = self.planned_on.saturating_add(due.to_on - due.from_on);
        let allowed = latest.filter(|_| self.late_reason.is_none());
        Self { planned_on: allowed.map_or(on, |latest| latest.min(on)), ..self }
    }
}
