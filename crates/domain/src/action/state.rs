//! The state machine of an action (PRODUCT §7).

use thiserror::Error;

use super::{Action, ActionState, CheckOutcome, DueMove, EffectivenessCheck};
use crate::id::PersonId;
use crate::refusal::Refusal;
use crate::strength::ActionStrength;
use crate::text::Prose;
use crate::time::{Date, Timestamp};

/// A change to an action that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ActionError {
    /// The state does not allow it.
    #[error("the action is {state}; {wanted} is possible while it is {from}")]
    WrongState {
        /// What was wanted.
        wanted: &'static str,
        /// Where the action stands.
        state: ActionState,
        /// From where it would be possible.
        from: &'static str,
    },
    /// The date did not move.
    #[error("the action is due on {due_on} already; name another date")]
    SameDate {
        /// The date.
        due_on: Date,
    },
    /// The owner judged.
    #[error("the owner of an action does not judge whether it works; somebody else has to")]
    OwnerJudges,
    /// The owner approved not doing it.
    #[error("the owner of an action does not approve that it is not done; somebody else has to")]
    OwnerApproves,
    /// Completed in the future.
    #[error("completed on {completed_on} lies in the future; today is {today}")]
    CompletedInFuture {
        /// The date given.
        completed_on: Date,
        /// Today.
        today: Date,
    },
    /// No check was planned.
    #[error("no effectiveness check is planned for this action; plan one: what will be measured, and when")]
    NoCheckPlanned,
}

impl Refusal for ActionError {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "action.wrong_state",
            Self::SameDate { .. } => "action.same_date",
            Self::OwnerJudges => "action.owner_judges",
            Self::OwnerApproves => "action.owner_approves",
            Self::CompletedInFuture { .. } => "action.completed_in_future",
            Self::NoCheckPlanned => "action.no_check_planned",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::SameDate { .. } => Some("due_on"),
            Self::CompletedInFuture { .. } => Some("completed_on"),
            _ => None,
        }
    }
}

impl Action {
    /// Work begins.
    ///
    /// # Errors
    /// Only an open action begins.
    pub fn start(mut self) -> Result<Self, ActionError> {
        self.only_in(&[ActionState::Open], "starting", "open")?;
        self.0.state = ActionState::InProgress;
        Ok(self)
    }

    /// Moves the due date; the original date stays and the move is counted.
    ///
    /// # Errors
    /// Only while it is owed, and only to another date.
    pub fn move_due(
        mut self,
        to: Date,
        reason: Prose,
        by: PersonId,
        at: Timestamp,
    ) -> Result<(Self, DueMove), ActionError> {
        self.only_owed("moving the date")?;
        if to == self.0.due_on {
            return Err(ActionError::SameDate { due_on: to });
        }
        self.0.move_count += 1;
        let moved = DueMove {
            number: self.0.move_count,
            action_id: self.0.id,
            from_on: self.0.due_on,
            to_on: to,
            reason,
            moved_at: at,
            moved_by: by,
        };
        self.0.due_on = to;
        Ok((self, moved))
    }

    /// Completes the action, saying what shows it.
    ///
    /// # Errors
    /// Only from open or in progress; not on a day to come.
    pub fn complete(
        mut self,
        evidence: Prose,
        completed_on: Date,
        by: PersonId,
        today: Date,
    ) -> Result<Self, ActionError> {
        self.only_owed("completing")?;
        if completed_on > today {
            return Err(ActionError::CompletedInFuture { completed_on, today });
        }
        self.0.state = ActionState::Done;
        self.0.completion = Some(evidence);
        self.0.completed_on = Some(completed_on);
        self.0.completed_by = Some(by);
        Ok(self)
    }

    /// Takes a completion back.
    ///
    /// # Errors
    /// Only before it was judged.
    pub fn undo_completion(mut self) -> Result<Self, ActionError> {
        self.only_in(&[ActionState::Done], "taking the completion back", "done")?;
        self.0.state = ActionState::InProgress;
        self.0.completion = None;
        self.0.completed_on = None;
        self.0.completed_by = None;
        Ok(self)
    }

    /// Decides not to do the action.
    ///
    /// # Errors
    /// Only while it is owed; the owner does not approve it.
    pub fn not_doing(mut self, reason: Prose, approver: PersonId, until: Date) -> Result<Self, ActionError> {
        self.only_owed("deciding not to do it")?;
        if approver == self.0.owner_id {
            return Err(ActionError::OwnerApproves);
        }
        self.0.state = ActionState::NotDoing;
        self.0.not_doing_reason = Some(reason);
        self.0.not_doing_by = Some(approver);
        self.0.not_doing_until = Some(until);
        Ok(self)
    }

    /// Hands the action to another owner.
    ///
    /// # Errors
    /// Only while it is owed.
    pub fn hand_over(mut self, owner: PersonId) -> Result<Self, ActionError> {
        self.only_owed("handing it over")?;
        self.0.owner_id = owner;
        Ok(self)
    }

    /// Rates the strength by hand, with the reason.
    #[must_use]
    pub fn rate_strength(mut self, strength: ActionStrength, reason: Prose) -> Self {
        self.0.strength = strength;
        self.0.strength_reason = Some(reason);
        self
    }

    /// Judges whether the action works.
    ///
    /// # Errors
    /// Only a completed action; never by its owner or by who completed it.
    pub fn judge(
        mut self,
        mut check: EffectivenessCheck,
        outcome: CheckOutcome,
        evidence: Prose,
        by: PersonId,
        at: Timestamp,
    ) -> Result<(Self, EffectivenessCheck), ActionError> {
        self.only_in(&[ActionState::Done], "judging effectiveness", "done")?;
        if by == self.0.owner_id || Some(by) == self.0.completed_by {
            return Err(ActionError::OwnerJudges);
        }
        self.0.state = match outcome {
            CheckOutcome::Effective => ActionState::Effective,
            CheckOutcome::NotEffective => ActionState::NotEffective,
            CheckOutcome::TooEarly => ActionState::Done,
        };
        check.outcome = Some(outcome);
        check.evidence = Some(evidence);
        check.judged_by = Some(by);
        check.judged_at = Some(at);
        Ok((self, check))
    }

    fn only_owed(&self, wanted: &'static str) -> Result<(), ActionError> {
        self.only_in(&[ActionState::Open, ActionState::InProgress], wanted, "open or in progress")
    }

    fn only_in(
        &self,
        states: &[ActionState],
        wanted: &'static str,
        from: &'static str,
    ) -> Result<(), ActionError> {
        if states.contains(&self.0.state) {
            return Ok(());
        }
        Err(ActionError::WrongState { wanted, state: self.0.state, from })
    }
}
