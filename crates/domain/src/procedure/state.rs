//! The state machine of a version of the procedure.

use std::collections::BTreeSet;

use thiserror::Error;

use super::{Procedure, ProcedureRecord, ProcedureState, Rules, RulesError, Standing};
use crate::id::{LessonId, PersonId, ProcedureId};
use crate::reference::{ProcedureRef, Reference};
use crate::refusal::Refusal;
use crate::text::Prose;
use crate::time::{Date, Timestamp};

/// A change to a procedure that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProcedureError {
    /// The state does not allow it.
    #[error("{reference} is {state}; {wanted} is possible while it is {from}")]
    WrongState {
        /// The version.
        reference: ProcedureRef,
        /// What was wanted.
        wanted: &'static str,
        /// Where it stands.
        state: ProcedureState,
        /// From where it would be possible.
        from: &'static str,
    },
    /// Somebody who wrote on it approved it.
    #[error("whoever wrote or submitted a version does not approve it; somebody else has to")]
    OwnWork,
    /// It would count before it was approved.
    #[error("it cannot count from {effective_on}, which has passed; today is {today}")]
    Backdated {
        /// The day given.
        effective_on: Date,
        /// Today.
        today: Date,
    },
    /// The rules do not hold together.
    #[error(transparent)]
    Rules(#[from] RulesError),
}

impl Refusal for ProcedureError {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "procedure.wrong_state",
            Self::OwnWork => "procedure.own_work",
            Self::Backdated { .. } => "procedure.backdated",
            Self::Rules(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Backdated { .. } => Some("effective_on"),
            Self::Rules(error) => error.field(),
            _ => None,
        }
    }
}

impl Procedure {
    /// Begins a version with what was in force.
    ///
    /// # Errors
    /// Rules that do not hold together.
    pub fn draft(
        id: ProcedureId,
        reference: ProcedureRef,
        content: (Prose, Rules),
        summary: Prose,
        author_id: PersonId,
        at: Timestamp,
    ) -> Result<Self, ProcedureError> {
        let (text, rules) = content;
        rules.check()?;
        Ok(Self(ProcedureRecord {
            id,
            version: 0,
            reference,
            state: ProcedureState::Draft,
            rules,
            text,
            summary,
            lessons: BTreeSet::new(),
            author_id,
            authors: BTreeSet::from([author_id]),
            submitted_by: None,
            approved_by: None,
            approved_at: None,
            effective_on: None,
            withdrawn_reason: None,
            created_at: at,
        }))
    }

    /// Takes a version back from what was written down.
    #[must_use]
    pub fn restore(record: ProcedureRecord) -> Self {
        Self(record)
    }

    /// Writes on a draft; whoever does is one of its authors from then on.
    ///
    /// # Errors
    /// Only a draft, and only rules that hold together.
    pub fn edit(mut self, edit: ProcedureEdit, by: PersonId) -> Result<Self, ProcedureError> {
        self.only_in(&[ProcedureState::Draft], "writing", "a draft")?;
        self.0.rules = edit.rules.unwrap_or(self.0.rules);
        self.0.rules.check()?;
        self.0.text = edit.text.unwrap_or(self.0.text);
        self.0.summary = edit.summary.unwrap_or(self.0.summary);
        self.0.lessons = edit.lessons.unwrap_or(self.0.lessons);
        self.0.authors.insert(by);
        Ok(self)
    }

    /// Submits a draft for approval.
    ///
    /// # Errors
    /// Only a draft.
    pub fn submit(mut self, by: PersonId) -> Result<Self, ProcedureError> {
        self.only_in(&[ProcedureState::Draft], "submitting", "a draft")?;
        self.0.state = ProcedureState::InReview;
        self.0.submitted_by = Some(by);
        Ok(self)
    }

    /// Sends a submitted version back to work.
    ///
    /// # Errors
    /// Only a submitted one.
    pub fn send_back(mut self) -> Result<Self, ProcedureError> {
        self.only_in(&[ProcedureState::InReview], "sending back", "in review")?;
        self.0.state = ProcedureState::Draft;
        self.0.submitted_by = None;
        Ok(self)
    }

    /// Approves a submitted version, which counts from a day on that has not passed: nobody is held to rules that were
    /// not there.
    ///
    /// # Errors
    /// Only a submitted one, by somebody who neither wrote on it nor submitted it.
    pub fn approve(
        mut self,
        by: PersonId,
        at: Timestamp,
        effective_on: Date,
        today: Date,
    ) -> Result<Self, ProcedureError> {
        self.only_in(&[ProcedureState::InReview], "approving", "in review")?;
        if self.is_work_of(by) {
            return Err(ProcedureError::OwnWork);
        }
        if effective_on < today {
            return Err(ProcedureError::Backdated { effective_on, today });
        }
        self.0.state = ProcedureState::Approved;
        self.0.approved_by = Some(by);
        self.0.approved_at = Some(at);
        self.0.effective_on = Some(effective_on);
        Ok(self)
    }

    /// Gives a version up that was not approved.
    ///
    /// # Errors
    /// An approved one stays; a later one takes its place.
    pub fn withdraw(mut self, reason: Prose) -> Result<Self, ProcedureError> {
        let from = [ProcedureState::Draft, ProcedureState::InReview];
        self.only_in(&from, "giving it up", "a draft or in review")?;
        self.0.state = ProcedureState::Withdrawn;
        self.0.withdrawn_reason = Some(reason);
        Ok(self)
    }

    /// Whether somebody wrote on it or submitted it.
    #[must_use]
    pub fn is_work_of(&self, person: PersonId) -> bool {
        self.0.authors.contains(&person) || self.0.author_id == person || self.0.submitted_by == Some(person)
    }

    /// Its number, from 1: what reviews name.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.0.reference.number()
    }

    /// From which day on it counts, if it was approved.
    #[must_use]
    pub fn counts_from(&self) -> Option<Date> {
        self.0.effective_on.filter(|_| self.0.state == ProcedureState::Approved)
    }

    /// What it is on a day; `in_force` is the version that counts then.
    #[must_use]
    pub fn standing(&self, in_force: Option<&Self>, today: Date) -> Standing {
        match self.0.state {
            ProcedureState::Draft => Standing::Draft,
            ProcedureState::InReview => Standing::InReview,
            ProcedureState::Withdrawn => Standing::Withdrawn,
            ProcedureState::Approved if in_force.is_some_and(|other| other.id == self.0.id) => {
                Standing::Published
            }
            ProcedureState::Approved if self.0.effective_on.is_some_and(|from| from > today) => {
                Standing::Approved
            }
            ProcedureState::Approved => Standing::Superseded,
        }
    }

    fn only_in(
        &self,
        states: &[ProcedureState],
        wanted: &'static str,
        from: &'static str,
    ) -> Result<(), ProcedureError> {
        if states.contains(&self.0.state) {
            return Ok(());
        }
        let (reference, state) = (self.0.reference, self.0.state);
        Err(ProcedureError::WrongState { reference, wanted, state, from })
    }
}

/// What is written on a draft; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct ProcedureEdit {
    /// What the program enforces.
    pub rules: Option<Rules>,
    /// What people read.
    pub text: Option<Prose>,
    /// What changed, and why.
    pub summary: Option<Prose>,
    /// The lessons that led to it.
    pub lessons: Option<BTreeSet<LessonId>>,
}
