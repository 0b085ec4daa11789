//! Post-incident reviews: where the causes are looked for.

mod similar;

use std::collections::BTreeSet;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use similar::{Looked, MAX_HITS, SimilarHit, SimilarLook, SimilarVerdict};

use crate::cause::Statement;
use crate::id::{CaseId, PersonId, ReviewId};
use crate::reference::ReviewRef;
use crate::refusal::Refusal;
use crate::text::Prose;
use crate::time::{Date, Timestamp};

words! {
    /// How deep a review goes.
    ReviewKind("kind of review") {
        /// The whole cause graph, with participants.
        Full = "full",
        /// A ladder of whys.
        FiveWhys = "five_whys",
        /// A few sentences: cause, lesson, action.
        Light = "light",
    }
}

words! {
    /// Where a review stands.
    ReviewState("review state") {
        /// Asked for.
        Due = "due",
        /// A day is set.
        Scheduled = "scheduled",
        /// It took place.
        Held = "held",
        /// Its causes are submitted.
        Drafted = "drafted",
        /// Approved by somebody else.
        Approved = "approved",
        /// Not held, with reason and approver.
        Waived = "waived",
    }
}

/// What is written down about a review but its causes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewRecord {
    /// Identity.
    pub id: ReviewId,
    /// Counts the changes; a change must name the version that it saw.
    pub version: u64,
    /// The reference.
    pub reference: ReviewRef,
    /// The case reviewed.
    pub case_id: CaseId,
    /// How deep it goes.
    pub kind: ReviewKind,
    /// Where it stands.
    pub state: ReviewState,
    /// What asked for it, such as `asked for by hand`.
    pub trigger: Prose,
    /// What went wrong, in the words that the first why asks about.
    pub problem: Statement,
    /// Who leads it.
    pub facilitator_id: PersonId,
    /// Who takes part.
    pub participants: BTreeSet<PersonId>,
    /// By when it is to be held.
    pub due_on: Date,
    /// When it was held.
    pub held_on: Option<Date>,
    /// What was said.
    pub minutes: Option<Prose>,
    /// Who submitted it.
    pub drafted_by: Option<PersonId>,
    /// Who approved or waived it.
    pub approved_by: Option<PersonId>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// Why it was waived.
    pub waived_reason: Option<Prose>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Who opened it.
    pub created_by: PersonId,
}

/// A review; reads like its record, changes only through its transitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review(ReviewRecord);

/// A change to a review that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReviewError {
    /// The state does not allow it.
    #[error("the review is {state}; {wanted} is possible while it is {from}")]
    WrongState {
        /// What was wanted.
        wanted: &'static str,
        /// Where the review stands.
        state: ReviewState,
        /// From where it would be possible.
        from: &'static str,
    },
    /// Somebody approved their own review.
    #[error("who led or submitted a review does not approve it; somebody else has to")]
    OwnReview,
    /// The causes are not ready.
    #[error("the causes are not ready: {}", .0.join("; "))]
    NotReady(Vec<String>),
    /// Nobody looked for similar cases.
    #[error(
        "nobody has looked for similar cases yet (ISO/IEC 27001, 10.2 b); write down what was searched and found, \
         that there is none is an answer too"
    )]
    SimilarMissing,
    /// A case that was looked at stands there twice, or is the case under review.
    #[error("a case is named twice, or is the case under review itself; expected each earlier case once")]
    HitTwice,
    /// Too many cases of one look.
    #[error("{0} cases are named; expected at most {MAX_HITS}: leave out what is unrelated")]
    TooManyHits(usize),
    /// Held in the future.
    #[error("held on {held_on} lies in the future; today is {today}")]
    HeldInFuture {
        /// The date given.
        held_on: Date,
        /// Today.
        today: Date,
    },
}

impl Refusal for ReviewError {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "review.wrong_state",
            Self::OwnReview => "review.own_review",
            Self::NotReady(_) => "review.causes_not_ready",
            Self::SimilarMissing => "review.similar_missing",
            Self::HitTwice => "review.similar_twice",
            Self::TooManyHits(_) => "review.similar_too_many",
            Self::HeldInFuture { .. } => "review.held_in_future",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::HeldInFuture { .. } => Some("held_on"),
            Self::NotReady(_) => Some("causes"),
            Self::HitTwice | Self::TooManyHits(_) => Some("hits"),
            _ => None,
        }
    }
}

/// What a new review is made of.
#[derive(Debug, Clone)]
pub struct NewReview {
    /// Identity.
    pub id: ReviewId,
    /// The next free reference.
    pub reference: ReviewRef,
    /// The case reviewed.
    pub case_id: CaseId,
    /// How deep.
    pub kind: ReviewKind,
    /// What asked for it.
    pub trigger: Prose,
    /// What went wrong.
    pub problem: Statement,
    /// Who leads it.
    pub facilitator_id: PersonId,
    /// Who takes part.
    pub participants: BTreeSet<PersonId>,
    /// By when it is to be held.
    pub due_on: Date,
    /// Now.
    pub at: Timestamp,
    /// Who opens it.
    pub by: PersonId,
}

impl Review {
    /// Opens a review.
    #[must_use]
    pub fn open(new: NewReview) -> Self {
        Self(ReviewRecord {
            id: new.id,
            version: 0,
            reference: new.reference,
            case_id: new.case_id,
            kind: new.kind,
            state: ReviewState::Due,
            trigger: new.trigger,
            problem: new.problem,
            facilitator_id: new.facilitator_id,
            participants: new.participants,
            due_on: new.due_on,
            held_on: None,
            minutes: None,
            drafted_by: None,
            approved_by: None,
            approved_at: None,
            waived_reason: None,
            created_at: new.at,
            created_by: new.by,
        })
    }

    /// Takes a review back from what was written down.
    #[must_use]
    pub fn restore(record: ReviewRecord) -> Self {
        Self(record)
    }

    /// Whether the review counts as complete for the loop.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        matches!(self.0.state, ReviewState::Approved | ReviewState::Waived)
    }

    /// Whether its causes may still change.
    ///
    /// # Errors
    /// A submitted or finished review keeps its causes.
    pub fn may_change_causes(&self) -> Result<(), ReviewError> {
        self.only_in(
            &[ReviewState::Due, ReviewState::Scheduled, ReviewState::Held],
            "changing causes",
            "due, scheduled or held",
        )
    }

    /// Sets the day.
    ///
    /// # Errors
    /// Only before it was held.
    pub fn schedule(mut self, on: Date) -> Result<Self, ReviewError> {
        self.only_in(&[ReviewState::Due, ReviewState::Scheduled], "scheduling", "due or scheduled")?;
        self.0.due_on = on;
        self.0.state = ReviewState::Scheduled;
        Ok(self)
    }

    /// The review took place: when, who took part, and what was said, until its causes are submitted.
    ///
    /// # Errors
    /// Only before its causes are submitted, and not on a day to come.
    pub fn hold(
        mut self,
        on: Date,
        participants: BTreeSet<PersonId>,
        minutes: Option<Prose>,
        today: Date,
    ) -> Result<Self, ReviewError> {
        let from = [ReviewState::Due, ReviewState::Scheduled, ReviewState::Held];
        self.only_in(&from, "writing down the meeting", "due, scheduled or held")?;
        if on > today {
            return Err(ReviewError::HeldInFuture { held_on: on, today });
        }
        self.0.held_on = Some(on);
        self.0.participants = participants;
        self.0.minutes = minutes;
        self.0.state = ReviewState::Held;
        Ok(self)
    }

    /// Submits the causes for approval; `objections` are what the cause graph itself objects to.
    ///
    /// # Errors
    /// Objections that block, or a review that was not held.
    pub fn submit(mut self, by: PersonId, objections: Vec<String>) -> Result<Self, ReviewError> {
        let from: &[ReviewState] = if self.0.kind == ReviewKind::Light {
            &[ReviewState::Due, ReviewState::Scheduled, ReviewState::Held]
        } else {
            &[ReviewState::Held]
        };
        self.only_in(from, "submitting", "held")?;
        if !objections.is_empty() {
            return Err(ReviewError::NotReady(objections));
        }
        self.0.state = ReviewState::Drafted;
        self.0.drafted_by = Some(by);
        Ok(self)
    }

    /// Sends a submitted review back to work.
    ///
    /// # Errors
    /// Only a submitted one.
    pub fn send_back(mut self) -> Result<Self, ReviewError> {
        self.only_in(&[ReviewState::Drafted], "sending back", "drafted")?;
        self.0.state = ReviewState::Held;
        self.0.drafted_by = None;
        Ok(self)
    }

    /// Approves a submitted review; `look` is the look for similar cases, if there was one.
    ///
    /// # Errors
    /// Only a submitted one; never by who led or submitted it; unless it is a light one, not without a look.
    pub fn approve(
        mut self,
        by: PersonId,
        at: Timestamp,
        look: Option<&SimilarLook>,
    ) -> Result<Self, ReviewError> {
        self.only_in(&[ReviewState::Drafted], "approving", "drafted")?;
        if by == self.0.facilitator_id || Some(by) == self.0.drafted_by {
            return Err(ReviewError::OwnReview);
        }
        if look.is_none() && self.needs_look() {
            return Err(ReviewError::SimilarMissing);
        }
        self.0.state = ReviewState::Approved;
        self.0.approved_by = Some(by);
        self.0.approved_at = Some(at);
        Ok(self)
    }

    /// Declares a review not needed.
    ///
    /// # Errors
    /// Only before it was held; never by who would lead it.
    pub fn waive(mut self, reason: Prose, by: PersonId, at: Timestamp) -> Result<Self, ReviewError> {
        self.only_in(&[ReviewState::Due, ReviewState::Scheduled], "waiving", "due or scheduled")?;
        if by == self.0.facilitator_id {
            return Err(ReviewError::OwnReview);
        }
        self.0.state = ReviewState::Waived;
        self.0.waived_reason = Some(reason);
        self.0.approved_by = Some(by);
        self.0.approved_at = Some(at);
        Ok(self)
    }

    fn only_in(
        &self,
        states: &[ReviewState],
        wanted: &'static str,
        from: &'static str,
    ) -> Result<(), ReviewError> {
        if states.contains(&self.0.state) {
            return Ok(());
        }
        Err(ReviewError::WrongState { wanted, state: self.0.state, from })
    }
}

impl Deref for Review {
    type Target = ReviewRecord;

    fn deref(&self) -> &ReviewRecord {
        &self.0
    }
}

#[cfg(test)]
mod tests;
