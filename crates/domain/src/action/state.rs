//! The state machine of an action (PRODUCT §7).

use std::collections::BTreeSet;

use thiserror::Error;

use super::{
    Action, ActionState, CheckOutcome, Due, DueMove, EffectivenessCheck, Judgement, NewAction, Successor,
};
use crate::approver::Approver;
use crate::id::{EvidenceId, PersonId};
use crate::money::Money;
use crate::procedure::version_in_words;
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
    #[error("who owns or ever owned an action does not judge whether it works; somebody else has to")]
    OwnerJudges,
    /// The owner approved not doing it.
    #[error("who owns or ever owned an action does not approve that it is not done; somebody else has to")]
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
    /// The decision not to do it would hold until a day that is not ahead.
    #[error("until {until} is not ahead; today is {today}")]
    UntilNotAhead {
        /// The date given.
        until: Date,
        /// Today.
        today: Date,
    },
    /// A cost below nothing.
    #[error("a cost is not below zero; found {found}")]
    CostBelowZero {
        /// The amount given.
        found: Money,
    },
    /// Due later than the procedure allows, for no reason.
    #[error(
        "{} asks for it by {latest}; found {due_on}: name an earlier day, or say why it is later",
        version_in_words(*.procedure)
    )]
    TooLate {
        /// The day given.
        due_on: Date,
        /// The last day.
        latest: Date,
        /// The version of the procedure.
        procedure: u32,
    },
    /// Its effect would be looked at later than the procedure allows, for no reason.
    #[error(
        "{} has the effect judged by {latest}; found {planned_on}: name an earlier day, or say why it is later",
        version_in_words(*.procedure)
    )]
    CheckTooLate {
        /// The day given.
        planned_on: Date,
        /// The last day.
        latest: Date,
        /// The version of the procedure.
        procedure: u32,
    },
    /// The look at its effect is pulled forward, for no reason.
    #[error(
        "the look at its effect is planned for {planned_on}; found {found}: name no earlier day, or say why then"
    )]
    PulledForward {
        /// The day planned.
        planned_on: Date,
        /// The day given.
        found: Date,
    },
    /// Judged effective before the day for which the look was planned, for no reason.
    #[error(
        "the look at its effect is planned for {planned_on} and today is {today}: judge it then, or say why it can be told \
         already"
    )]
    JudgedEarly {
        /// The day planned.
        planned_on: Date,
        /// Today.
        today: Date,
    },
    /// Something follows an action that did not fail.
    #[error("the action is {state}; another one follows it only when it was judged not effective")]
    NothingToFollow {
        /// Where the action stands.
        state: ActionState,
    },
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
            Self::UntilNotAhead { .. } => "action.until_not_ahead",
            Self::CostBelowZero { .. } => "action.cost_below_zero",
            Self::TooLate { .. } => "action.too_late",
            Self::CheckTooLate { .. } => "check.too_late",
            Self::PulledForward { .. } => "check.pulled_forward",
            Self::JudgedEarly { .. } => "check.judged_early",
            Self::NothingToFollow { .. } => "action.nothing_to_follow",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::SameDate { .. } | Self::TooLate { .. } => Some("due_on"),
            Self::CheckTooLate { .. } | Self::PulledForward { .. } => Some("planned_on"),
            Self::JudgedEarly { .. } => Some("early_reason"),
            Self::CompletedInFuture { .. } => Some("completed_on"),
            Self::UntilNotAhead { .. } => Some("until"),
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
        self,
        to: Date,
        reason: Prose,
        by: PersonId,
        at: Timestamp,
    ) -> Result<(Self, DueMove), ActionError> {
        self.only_owed("moving the date")?;
        if to == self.0.due_on {
            return Err(ActionError::SameDate { due_on: to });
        }
        Ok(self.moved(to, reason, by, at))
    }

    fn moved(mut self, to: Date, reason: Prose, by: PersonId, at: Timestamp) -> (Self, DueMove) {
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
        let days = to - self.0.due_on;
        self.0.latest_check_on = self.0.latest_check_on.map(|latest| latest.saturating_add(days));
        self.0.due_on = to;
        (self, moved)
    }

    /// Completes the action, saying what shows it, and which evidence of its case if any.
    ///
    /// # Errors
    /// Only from open or in progress; not on a day to come.
    pub fn complete(
        mut self,
        evidence: Prose,
        shown_by: BTreeSet<EvidenceId>,
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
        self.0.shown_by = Some(shown_by).filter(|ids| !ids.is_empty());
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
        self.0.shown_by = None;
        self.0.completed_on = None;
        self.0.completed_by = None;
        Ok(self)
    }

    /// Decides not to do the action.
    ///
    /// # Errors
    /// Only while it is owed; whoever owns or ever owned it does not approve it; only until a day ahead.
    pub fn not_doing(
        self,
        reason: Prose,
        approver: Approver,
        until: Date,
        today: Date,
    ) -> Result<Self, ActionError> {
        self.only_owed("deciding not to do it")?;
        self.decided_against(reason, approver, until, today)
    }

    /// Decides once more not to do it, for a new reason and until another day.
    ///
    /// # Errors
    /// Only an action that is not done by decision; whoever owns or ever owned it does not approve it; only until a day
    /// ahead.
    pub fn renew_not_doing(
        self,
        reason: Prose,
        approver: Approver,
        until: Date,
        today: Date,
    ) -> Result<Self, ActionError> {
        self.only_in(&[ActionState::NotDoing], "deciding again not to do it", "not_doing")?;
        self.decided_against(reason, approver, until, today)
    }

    fn decided_against(
        mut self,
        reason: Prose,
        approver: Approver,
        until: Date,
        today: Date,
    ) -> Result<Self, ActionError> {
        if self.is_work_of(approver) {
            return Err(ActionError::OwnerApproves);
        }
        if until <= today {
            return Err(ActionError::UntilNotAhead { until, today });
        }
        self.0.state = ActionState::NotDoing;
        self.0.not_doing_reason = Some(reason);
        self.0.not_doing_by = Some(approver.id());
        self.0.not_doing_until = Some(until);
        Ok(self)
    }

    /// Takes an action up after all that it was decided not to do: it is owed again by a new date, which counts as a move,
    /// under the procedure that is in force now.
    ///
    /// # Errors
    /// Only an action that is not done by decision.
    pub fn take_up(
        mut self,
        due: Due,
        reason: Prose,
        by: PersonId,
        at: Timestamp,
    ) -> Result<(Self, DueMove), ActionError> {
        self.only_in(&[ActionState::NotDoing], "taking it up again", "not_doing")?;
        self.0.state = ActionState::Open;
        self.0.not_doing_reason = None;
        self.0.not_doing_by = None;
        self.0.not_doing_until = None;
        let (mut taken_up, moved) = self.moved(due.on, reason, by, at);
        taken_up.run_under(due);
        Ok((taken_up, moved))
    }

    /// Says what the action is thought to cost, and what it did cost; what is unsaid stays.
    ///
    /// # Errors
    /// An amount is below zero.
    pub fn with_cost(
        mut self,
        planned: Option<Option<Money>>,
        actual: Option<Option<Money>>,
    ) -> Result<Self, ActionError> {
        for amount in [planned, actual].into_iter().flatten().flatten() {
            if amount.minor < 0 {
                return Err(ActionError::CostBelowZero { found: amount });
            }
        }
        if let Some(planned) = planned {
            self.0.planned_cost_minor = planned.map(|amount| amount.minor);
            self.0.planned_cost_currency = planned.map(|amount| amount.currency);
        }
        if let Some(actual) = actual {
            self.0.actual_cost_minor = actual.map(|amount| amount.minor);
            self.0.actual_cost_currency = actual.map(|amount| amount.currency);
        }
        Ok(self)
    }

    /// Plans the action that follows this one, for the same case, lesson, purpose and kind.
    ///
    /// # Errors
    /// Only after it was judged not effective.
    pub fn succeeded_by(&self, new: Successor) -> Result<Self, ActionError> {
        if self.0.state != ActionState::NotEffective {
            return Err(ActionError::NothingToFollow { state: self.0.state });
        }
        let mut next = Self::plan(NewAction {
            id: new.id,
            reference: new.reference,
            case_id: self.0.case_id,
            lesson_id: self.0.lesson_id,
            title: new.title,
            description: None,
            purpose: self.0.purpose,
            kind: self.0.kind,
            owner_id: new.owner_id,
            due: new.due,
            at: new.at,
            by: new.by,
        });
        next.0.successor_of = Some(self.0.id);
        Ok(next)
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

    /// Whether somebody would approve or judge their own work: they own it, owned it before, or completed it.
    #[must_use]
    pub fn is_work_of(&self, by: Approver) -> bool {
        by.is_one_of(&[Some(self.0.owner_id), self.0.completed_by])
    }

    /// Judges whether the action works.
    ///
    /// # Errors
    /// Only a completed action; never by whoever owns or ever owned it, or completed it; effective before the planned day
    /// only for a reason.
    pub fn judge(
        mut self,
        check: EffectivenessCheck,
        judgement: Judgement,
        by: Approver,
        moment: (Timestamp, Date),
    ) -> Result<(Self, EffectivenessCheck), ActionError> {
        self.only_in(&[ActionState::Done], "judging effectiveness", "done")?;
        if self.is_work_of(by) {
            return Err(ActionError::OwnerJudges);
        }
        let outcome = judgement.outcome;
        let check = check.judged(judgement, by.id(), moment)?;
        self.0.state = match outcome {
            CheckOutcome::Effective => ActionState::Effective,
            CheckOutcome::NotEffective => ActionState::NotEffective,
            CheckOutcome::TooEarly => ActionState::Done,
        };
        self.0.judged_on = Some(moment.1).filter(|_| outcome != CheckOutcome::TooEarly);
        Ok((self, check))
    }

    /// When a check is planned for: on the last day that the procedure allows if nobody says when, but not on one that has
    /// passed; later only for a reason.
    ///
    /// # Errors
    /// A later day without a reason.
    pub fn check_day(
        &self,
        planned_on: Option<Date>,
        reason: Option<&Prose>,
        (asked_for, today): (Date, Date),
    ) -> Result<Date, ActionError> {
        let latest = self.0.latest_check_on.unwrap_or(asked_for);
        let planned_on = planned_on.unwrap_or(latest.max(today));
        match self.0.procedure_number {
            Some(procedure) if self.is_late_check(planned_on) && reason.is_none() => {
                Err(ActionError::CheckTooLate { planned_on, latest, procedure })
            }
            _ => Ok(planned_on),
        }
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
