//! Risks: how likely, how bad, what is done about it, who answers for what remains. Each look at a risk keeps what was
//! before and what is after, so that a case can show what it changed.

mod rating;

use std::collections::BTreeSet;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use rating::{Band, Exposure, Rating, RatingError};

use crate::id::{AssessmentId, CaseId, ControlId, LessonId, PersonId, RiskId};
use crate::reference::RiskRef;
use crate::refusal::Refusal;
use crate::text::{Line, Prose};
use crate::time::Timestamp;

words! {
    /// What is done about a risk.
    Treatment("treatment") {
        /// Made smaller.
        Mitigate = "mitigate",
        /// What brings it is not done.
        Avoid = "avoid",
        /// Borne together with somebody, such as an insurer.
        Share = "share",
        /// Borne.
        Accept = "accept",
    }
}

words! {
    /// Whether a risk is looked after.
    RiskState("risk state") {
        /// It is there.
        Open = "open",
        /// It is gone.
        Closed = "closed",
    }
}

/// What is written down about a risk but its assessments, which are records of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskRecord {
    /// Identity.
    pub id: RiskId,
    /// Counts the changes; a change must name the version that it saw.
    pub version: u64,
    /// The reference.
    pub reference: RiskRef,
    /// What could happen, in one line.
    pub title: Line,
    /// More about it.
    pub description: Option<Prose>,
    /// Who answers for it: one person.
    pub owner_id: PersonId,
    /// What is done about it.
    pub treatment: Treatment,
    /// Whether it is looked after.
    pub state: RiskState,
    /// Why it is closed.
    pub closed_reason: Option<Prose>,
    /// The controls that keep it small.
    pub controls: BTreeSet<ControlId>,
    /// The cases that it is about.
    pub cases: BTreeSet<CaseId>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Who registered it.
    pub created_by: PersonId,
}

/// One look at a risk: what was before, what is after, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskAssessment {
    /// Identity.
    pub id: AssessmentId,
    /// The risk.
    pub risk_id: RiskId,
    /// 1, 2, 3, … in order.
    pub number: u32,
    /// How likely before; none in the first one.
    pub likelihood_before: Option<Rating>,
    /// How bad before; none in the first one.
    pub impact_before: Option<Rating>,
    /// How likely after.
    pub likelihood_after: Rating,
    /// How bad after.
    pub impact_after: Rating,
    /// Why it is so now.
    pub why: Prose,
    /// Who assessed.
    pub assessed_by: PersonId,
    /// When.
    pub assessed_at: Timestamp,
    /// The case that asked for it.
    pub case_id: Option<CaseId>,
    /// The lesson of that case that asked for it.
    pub lesson_id: Option<LessonId>,
    /// The owner who bears what remains.
    pub accepted_by: Option<PersonId>,
    /// Since when.
    pub accepted_at: Option<Timestamp>,
}

/// A risk with its assessments, the first of which made it; changes only through its transitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    record: RiskRecord,
    first: RiskAssessment,
    later: Vec<RiskAssessment>,
}

/// What a new risk is made of.
#[derive(Debug, Clone)]
pub struct NewRisk {
    /// Identity.
    pub id: RiskId,
    /// The next free reference.
    pub reference: RiskRef,
    /// What could happen.
    pub title: Line,
    /// More about it.
    pub description: Option<Prose>,
    /// Who answers for it.
    pub owner_id: PersonId,
    /// What is done about it.
    pub treatment: Treatment,
}

/// What somebody says who looked at a risk.
#[derive(Debug, Clone)]
pub struct Look {
    /// Identity of the assessment.
    pub id: AssessmentId,
    /// How likely and how bad it is now.
    pub exposure: Exposure,
    /// Why.
    pub why: Prose,
    /// The case that asked for it.
    pub case_id: Option<CaseId>,
    /// The lesson of that case that asked for it.
    pub lesson_id: Option<LessonId>,
    /// Who looked.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// What becomes of a risk's facts; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct RiskEdit {
    /// What could happen.
    pub title: Option<Line>,
    /// More about it.
    pub description: Option<Option<Prose>>,
    /// Who answers for it.
    pub owner_id: Option<PersonId>,
    /// What is done about it.
    pub treatment: Option<Treatment>,
}

/// A change to a risk that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RiskError {
    /// The state does not allow it.
    #[error("{reference} is {state}; {wanted} is possible while it is {from}")]
    WrongState {
        /// The risk.
        reference: RiskRef,
        /// What was wanted.
        wanted: &'static str,
        /// Where it stands.
        state: RiskState,
        /// From where it would be possible.
        from: RiskState,
    },
    /// Somebody else than the owner.
    #[error("only the owner of {0} accepts what remains of it; ask them")]
    NotTheOwner(RiskRef),
    /// Nothing is new since.
    #[error("what remains of {0} is accepted already; another acceptance follows another assessment")]
    AcceptedAlready(RiskRef),
    /// A lesson without its case.
    #[error("a lesson asks for an assessment through its case; name the case too")]
    LessonWithoutCase,
}

impl Refusal for RiskError {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "risk.wrong_state",
            Self::NotTheOwner(_) => "risk.not_the_owner",
            Self::AcceptedAlready(_) => "risk.accepted_already",
            Self::LessonWithoutCase => "risk.lesson_without_case",
        }
    }

    fn field(&self) -> Option<&'static str> {
        matches!(self, Self::LessonWithoutCase).then_some("case")
    }
}

impl Risk {
    /// Registers a risk together with the first look at it.
    ///
    /// # Errors
    /// A lesson is named without its case.
    pub fn register(new: NewRisk, look: Look) -> Result<Self, RiskError> {
        let record = RiskRecord {
            id: new.id,
            version: 0,
            reference: new.reference,
            title: new.title,
            description: new.description,
            owner_id: new.owner_id,
            treatment: new.treatment,
            state: RiskState::Open,
            closed_reason: None,
            controls: BTreeSet::new(),
            cases: look.case_id.into_iter().collect(),
            created_at: look.at,
            created_by: look.by,
        };
        let first = RiskAssessment::after(None, new.id, look)?;
        Ok(Self { record, first, later: Vec::new() })
    }

    /// Takes a risk back from what was written down; none without an assessment.
    #[must_use]
    pub fn restore(record: RiskRecord, assessments: Vec<RiskAssessment>) -> Option<Self> {
        let mut assessments = assessments.into_iter();
        let first = assessments.next()?;
        Some(Self { record, first, later: assessments.collect() })
    }

    /// What is written down but the assessments.
    #[must_use]
    pub fn record(&self) -> &RiskRecord {
        &self.record
    }

    /// The same risk with another version, as the store counts.
    #[must_use]
    pub fn with_version(mut self, version: u64) -> Self {
        self.record.version = version;
        self
    }

    /// Every look at it, the first one first.
    pub fn assessments(&self) -> impl DoubleEndedIterator<Item = &RiskAssessment> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// The last look at it.
    #[must_use]
    pub fn latest(&self) -> &RiskAssessment {
        self.later.last().unwrap_or(&self.first)
    }

    /// How likely and how bad it is now.
    #[must_use]
    pub fn exposure(&self) -> Exposure {
        self.latest().after_exposure()
    }

    /// Whether an owner bears what remains since the last look.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.latest().accepted_by.is_some()
    }

    /// Looks at it again: before is what was after the look before.
    ///
    /// # Errors
    /// It is closed, or a lesson is named without its case.
    pub fn assess(mut self, look: Look) -> Result<Self, RiskError> {
        self.only_in(RiskState::Open, "assessing it")?;
        let case = look.case_id;
        let next = RiskAssessment::after(Some(self.latest()), self.record.id, look)?;
        self.later.push(next);
        self.record.cases.extend(case);
        Ok(self)
    }

    /// The owner bears what remains since the last look.
    ///
    /// # Errors
    /// It is closed, `by` is not its owner, or it is accepted already.
    pub fn accept(mut self, by: PersonId, at: Timestamp) -> Result<Self, RiskError> {
        if by != self.record.owner_id {
            return Err(RiskError::NotTheOwner(self.record.reference));
        }
        self.only_in(RiskState::Open, "accepting what remains of it")?;
        if self.is_accepted() {
            return Err(RiskError::AcceptedAlready(self.record.reference));
        }
        let latest = self.later.last_mut().unwrap_or(&mut self.first);
        latest.accepted_by = Some(by);
        latest.accepted_at = Some(at);
        Ok(self)
    }

    /// Says other facts of it.
    ///
    /// # Errors
    /// It is closed.
    pub fn edit(mut self, edit: RiskEdit) -> Result<Self, RiskError> {
        self.only_in(RiskState::Open, "changing it")?;
        self.record.title = edit.title.unwrap_or(self.record.title);
        self.record.description = edit.description.unwrap_or(self.record.description);
        self.record.owner_id = edit.owner_id.unwrap_or(self.record.owner_id);
        self.record.treatment = edit.treatment.unwrap_or(self.record.treatment);
        Ok(self)
    }

    /// Links a control that keeps it small, or takes the link away.
    #[must_use]
    pub fn with_control(mut self, control: ControlId, is_linked: bool) -> Self {
        change(&mut self.record.controls, control, is_linked);
        self
    }

    /// Links a case that it is about, or takes the link away.
    #[must_use]
    pub fn with_case(mut self, case: CaseId, is_linked: bool) -> Self {
        change(&mut self.record.cases, case, is_linked);
        self
    }

    /// Closes it: it is gone.
    ///
    /// # Errors
    /// It is closed already.
    pub fn close(mut self, reason: Prose) -> Result<Self, RiskError> {
        self.only_in(RiskState::Open, "closing it")?;
        self.record.state = RiskState::Closed;
        self.record.closed_reason = Some(reason);
        Ok(self)
    }

    /// Opens it again: it is back.
    ///
    /// # Errors
    /// It is open.
    pub fn reopen(mut self) -> Result<Self, RiskError> {
        self.only_in(RiskState::Closed, "opening it again")?;
        self.record.state = RiskState::Open;
        self.record.closed_reason = None;
        Ok(self)
    }

    fn only_in(&self, from: RiskState, wanted: &'static str) -> Result<(), RiskError> {
        let (reference, state) = (self.record.reference, self.record.state);
        if state == from { Ok(()) } else { Err(RiskError::WrongState { reference, wanted, state, from }) }
    }
}

fn change<T: Ord>(set: &mut BTreeSet<T>, member: T, is_in: bool) {
    if is_in {
        set.insert(member);
    } else {
        set.remove(&member);
    }
}

impl RiskAssessment {
    /// The look that follows another one.
    fn after(before: Option<&Self>, risk_id: RiskId, look: Look) -> Result<Self, RiskError> {
        if look.lesson_id.is_some() && look.case_id.is_none() {
            return Err(RiskError::LessonWithoutCase);
        }
        Ok(Self {
            id: look.id,
            risk_id,
            number: before.map_or(0, |before| before.number) + 1,
            likelihood_before: before.map(|before| before.likelihood_after),
            impact_before: before.map(|before| before.impact_after),
            likelihood_after: look.exposure.likelihood,
            impact_after: look.exposure.impact,
            why: look.why,
            assessed_by: look.by,
            assessed_at: look.at,
            case_id: look.case_id,
            lesson_id: look.lesson_id,
            accepted_by: None,
            accepted_at: None,
        })
    }

    /// How likely and how bad it was before; none in the first one.
    #[must_use]
    pub fn before_exposure(&self) -> Option<Exposure> {
        Some(Exposure { likelihood: self.likelihood_before?, impact: self.impact_before? })
    }

    /// How likely and how bad it is after.
    #[must_use]
    pub fn after_exposure(&self) -> Exposure {
        Exposure { likelihood: self.likelihood_after, impact: self.impact_after }
    }
}

impl Deref for Risk {
    type Target = RiskRecord;

    fn deref(&self) -> &RiskRecord {
        &self.record
    }
}

#[cfg(test)]
mod tests;
