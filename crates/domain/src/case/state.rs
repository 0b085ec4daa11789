//! The state machine of a case (PRODUCT §7).

use thiserror::Error;

use super::{Case, CaseState, Class, Decision, LoopFacts, Missing, missing};
use crate::id::{CaseId, PersonId};
use crate::refusal::Refusal;
use crate::text::Prose;
use crate::time::Timestamp;
use crate::when::When;

/// A change to a case that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CaseError {
    /// The state does not allow it.
    #[error("the case is {state}; {wanted} is possible from: {from}")]
    WrongState {
        /// What was wanted.
        wanted: &'static str,
        /// Where the case stands.
        state: CaseState,
        /// From where it would be possible.
        from: &'static str,
    },
    /// The class would contradict the event decision.
    #[error("the event was decided: {0}; decide anew with its criteria, which sets the class")]
    Decided(Decision),
    /// A void case does not change.
    #[error("the case is void and does not change any more")]
    IsVoid,
    /// A closed case keeps what it was closed on.
    #[error("the case is closed and rests on this; reopen the case first")]
    IsClosed,
    /// The loop is not complete.
    #[error("the case cannot be closed yet: {}", list(.0))]
    LoopIncomplete(Vec<Missing>),
    /// A case cannot be a part of itself.
    #[error("a case cannot be a part of itself")]
    PartOfItself,
    /// A restricted case needs at least one reader who can open it.
    #[error("nobody would be able to open the case; name at least one person on its need-to-know list")]
    NobodyCanRead,
}

impl Refusal for CaseError {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "case.wrong_state",
            Self::Decided(_) => "case.decided",
            Self::IsVoid => "case.is_void",
            Self::IsClosed => "case.is_closed",
            Self::LoopIncomplete(_) => "case.loop_incomplete",
            Self::PartOfItself => "case.part_of_itself",
            Self::NobodyCanRead => "case.nobody_can_read",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::PartOfItself => Some("part_of"),
            Self::Decided(_) => Some("class"),
            Self::NobodyCanRead => Some("readers"),
            _ => None,
        }
    }
}

fn list(missing: &[Missing]) -> String {
    missing.iter().map(|m| m.text.as_str()).collect::<Vec<_>>().join("; ")
}

impl Case {
    /// Decides the class: the first time this is the triage, later a re-classification. History keeps both.
    ///
    /// # Errors
    /// Void and closed cases keep their class, and no class contradicts the event decision.
    pub fn classify(self, class: Class, at: When) -> Result<Self, CaseError> {
        self.not_in(&[CaseState::Void, CaseState::Closed], "classifying", "any open state")?;
        let fits = match self.0.decision {
            Decision::Incident => class == Class::Incident,
            Decision::NotAnIncident => class != Class::Incident,
            Decision::Undecided => true,
        };
        if fits { self.triage(class, at) } else { Err(CaseError::Decided(self.0.decision)) }
    }

    fn triage(mut self, class: Class, at: When) -> Result<Self, CaseError> {
        self.not_in(&[CaseState::Void, CaseState::Closed], "classifying", "any open state")?;
        let becomes_incident = class == Class::Incident && self.0.class != Class::Incident;
        self.0.class = class;
        if self.0.state == CaseState::Reported {
            self.0.state = CaseState::Triaged;
            self.0.acknowledged = self.0.acknowledged.or(Some(at));
        }
        // Nobody responded to what was no incident so far; an incident is resolved before it is reviewed.
        let is_reviewed = matches!(self.0.state, CaseState::InReview | CaseState::Acting);
        if becomes_incident && is_reviewed && self.0.resolved.is_none() {
            self.0.state = CaseState::Triaged;
        }
        Ok(self)
    }

    /// The event decision (A.5.25): is it an information security incident? *Incident* makes the class incident;
    /// *not an incident* makes an incident an event.
    ///
    /// # Errors
    /// Void and closed cases keep their decision.
    pub fn decide(
        mut self,
        decision: Decision,
        criteria: Prose,
        by: PersonId,
        at: Timestamp,
    ) -> Result<Self, CaseError> {
        self.not_in(&[CaseState::Void, CaseState::Closed], "deciding", "any open state")?;
        let class = match decision {
            Decision::Incident => Class::Incident,
            Decision::NotAnIncident if self.0.class == Class::Incident => Class::Event,
            Decision::NotAnIncident | Decision::Undecided => self.0.class,
        };
        self = self.triage(class, When::instant(at))?;
        self.0.decision = decision;
        self.0.decision_criteria = Some(criteria);
        self.0.decided_by = Some(by);
        self.0.decided_at = Some(at);
        Ok(self)
    }

    /// People start working on it.
    ///
    /// # Errors
    /// Only a triaged case; others name the way there.
    pub fn respond(mut self, responder: PersonId) -> Result<Self, CaseError> {
        self.only_in(&[CaseState::Triaged, CaseState::Responding], "responding", "triaged")?;
        self.0.responders.insert(responder);
        self.0.state = CaseState::Responding;
        Ok(self)
    }

    /// Service is as before.
    ///
    /// # Errors
    /// Only a case in response.
    pub fn resolve(mut self, at: When) -> Result<Self, CaseError> {
        self.only_in(&[CaseState::Responding], "resolving", "responding")?;
        self.0.resolved = self.0.resolved.or(Some(at));
        self.0.state = CaseState::Resolved;
        Ok(self)
    }

    /// A review begins. Events, near misses and weaknesses need no response first.
    ///
    /// # Errors
    /// An incident has to be resolved first.
    pub fn begin_review(mut self) -> Result<Self, CaseError> {
        let from: &[CaseState] = if self.0.class == Class::Incident {
            &[CaseState::Resolved, CaseState::InReview, CaseState::Acting]
        } else {
            &[CaseState::Triaged, CaseState::Resolved, CaseState::InReview, CaseState::Acting]
        };
        let words = if self.0.class == Class::Incident { "resolved" } else { "triaged or resolved" };
        self.only_in(from, "a review", words)?;
        if self.0.state != CaseState::Acting {
            self.0.state = CaseState::InReview;
        }
        Ok(self)
    }

    /// The review is approved, its lessons are acted on.
    #[must_use]
    pub fn begin_acting(mut self) -> Self {
        if self.0.state == CaseState::InReview {
            self.0.state = CaseState::Acting;
        }
        self
    }

    /// Closes a case when its loop is complete.
    ///
    /// # Errors
    /// Says exactly what is missing, or from where closing is possible.
    pub fn close(mut self, facts: &LoopFacts, at: When) -> Result<Self, CaseError> {
        self.not_in(&[CaseState::Void, CaseState::Closed], "closing", "acting")?;
        let missing = missing(self.0.state, facts);
        if !missing.is_empty() {
            return Err(CaseError::LoopIncomplete(missing));
        }
        self.only_in(&[CaseState::Acting], "closing", "acting")?;
        self.0.state = CaseState::Closed;
        self.0.closed = Some(at);
        Ok(self)
    }

    /// Opens a closed case again, to respond or to review.
    ///
    /// # Errors
    /// Only a closed case.
    pub fn reopen(mut self, to_response: bool, reason: Prose, at: Timestamp) -> Result<Self, CaseError> {
        self.only_in(&[CaseState::Closed], "re-opening", "closed")?;
        self.0.state = if to_response { CaseState::Responding } else { CaseState::InReview };
        self.0.closed = None;
        self.0.reopened_count += 1;
        self.0.reopen_reason = Some(reason);
        self.0.reopened_at = Some(at);
        Ok(self)
    }

    /// Declares a case void: entered by mistake. Its number stays visible with the reason.
    ///
    /// # Errors
    /// A void case is void already.
    pub fn void(mut self, reason: Prose) -> Result<Self, CaseError> {
        if self.0.state == CaseState::Void {
            return Err(CaseError::IsVoid);
        }
        self.0.state = CaseState::Void;
        self.0.void_reason = Some(reason);
        Ok(self)
    }

    /// Restricts a case to a need-to-know list, or opens it again.
    ///
    /// # Errors
    /// A restricted case needs at least one reader.
    pub fn restrict(
        mut self,
        restricted: bool,
        readers: std::collections::BTreeSet<PersonId>,
    ) -> Result<Self, CaseError> {
        if restricted && readers.is_empty() {
            return Err(CaseError::NobodyCanRead);
        }
        self.0.restricted = restricted;
        self.0.readers = if restricted { readers } else { std::collections::BTreeSet::new() };
        Ok(self)
    }

    /// Makes the case a part of an incident, or a case of its own again.
    ///
    /// # Errors
    /// A case cannot be a part of itself; a void case does not change.
    pub fn part_of(mut self, parent: Option<CaseId>) -> Result<Self, CaseError> {
        if self.0.state == CaseState::Void {
            return Err(CaseError::IsVoid);
        }
        if parent == Some(self.0.id) {
            return Err(CaseError::PartOfItself);
        }
        self.0.part_of = parent;
        Ok(self)
    }

    /// Whether something may be added to the case.
    ///
    /// # Errors
    /// A void case does not change.
    pub fn may_grow(&self) -> Result<(), CaseError> {
        if self.0.state == CaseState::Void { Err(CaseError::IsVoid) } else { Ok(()) }
    }

    /// Whether a link of its loop may be undone: what a case was closed on stays until it is opened again. Something new
    /// may come to it all the same, and then shows as missing.
    ///
    /// # Errors
    /// It is closed or void.
    pub fn may_lose(&self) -> Result<(), CaseError> {
        self.may_grow()?;
        if self.0.state == CaseState::Closed { Err(CaseError::IsClosed) } else { Ok(()) }
    }

    fn only_in(
        &self,
        states: &[CaseState],
        wanted: &'static str,
        from: &'static str,
    ) -> Result<(), CaseError> {
        if states.contains(&self.0.state) {
            return Ok(());
        }
        Err(CaseError::WrongState { wanted, state: self.0.state, from })
    }

    pub(super) fn not_in(
        &self,
        states: &[CaseState],
        wanted: &'static str,
        from: &'static str,
    ) -> Result<(), CaseError> {
        if !states.contains(&self.0.state) {
            return Ok(());
        }
        Err(CaseError::WrongState { wanted, state: self.0.state, from })
    }
}
