//! Post-incident reviews: where the causes are looked for.

mod error;
mod similar;

use std::collections::BTreeSet;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

pub use error::ReviewError;
pub use similar::{Looked, MAX_HITS, SimilarHit, SimilarLook, SimilarVerdict};

use crate::approver::Approver;
use crate::cause::Statement;
use crate::id::{CaseId, PersonId, ReviewId};
use crate::reference::ReviewRef;
use crate::text::{Line, Prose};
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
    /// How many cases a review is of.
    ReviewScope("scope of a review") {
        /// One case.
        Single = "single",
        /// Several cases that are looked at in one sitting.
        Batch = "batch",
        /// Several cases that have something in common.
        Trend = "trend",
    }
}

words! {
    /// Whether the procedure was followed.
    Followed("whether the procedure was followed") {
        /// It was.
        Yes = "yes",
        /// In part.
        Partly = "partly",
        /// It was not.
        No = "no",
    }
}

/// How the response went, as those who took part see it (ISO/IEC 27035-2: evaluation of the response).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// What went well and should be kept.
    pub went_well: Prose,
    /// Where it was luck that it did not get worse.
    pub was_lucky: Option<Prose>,
    /// What surprised those who know how the work is done.
    pub surprised: Option<Prose>,
    /// Whether the procedure was followed.
    pub followed: Followed,
    /// Where it was not, and what made that sensible.
    pub deviations: Option<Prose>,
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
    /// How many cases it is of; one where nothing is said.
    pub scope: Option<ReviewScope>,
    /// The version of the procedure that it runs under, 0 for the one that comes with the program; none of a review from
    /// before there was one, or of an import.
    pub procedure_number: Option<u32>,
    /// The rule of that version that asks for it, from 1.
    pub procedure_rule: Option<u32>,
    /// What went wrong, in the words that the first why asks about.
    pub problem: Statement,
    /// Who leads it.
    pub facilitator_id: PersonId,
    /// Who takes part.
    pub participants: BTreeSet<PersonId>,
    /// By when it is to be held; never overwritten once the review was begun.
    pub due_on: Date,
    /// When somebody took it up, of one that a rule asked for.
    pub taken_up_at: Option<Timestamp>,
    /// The day that was set for it.
    pub scheduled_on: Option<Date>,
    /// What those who take part are asked beforehand.
    pub questions: Option<Vec<Line>>,
    /// When they were asked.
    pub asked_at: Option<Timestamp>,
    /// When it was held.
    pub held_on: Option<Date>,
    /// What was said.
    pub minutes: Option<Prose>,
    /// How the response went.
    pub evaluation: Option<Evaluation>,
    /// Who submitted it.
    pub drafted_by: Option<PersonId>,
    /// Who approved it first, where two have to.
    pub first_approved_by: Option<PersonId>,
    /// The version that was approved: what was signed is what stood there then.
    pub approved_version: Option<u64>,
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
    /// How many cases it is of.
    pub scope: ReviewScope,
    /// The version and the rule of the procedure that it runs under; none for what was done before.
    pub procedure: Option<(u32, u32)>,
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

/// What those who take part in a review of a kind are asked beforehand, where nobody asks anything else.
#[must_use]
pub fn beforehand(kind: ReviewKind) -> &'static [&'static str] {
    match kind {
        ReviewKind::Full => &[
            "What did you see, hear or read at the time, and what did it look like then?",
            "What went well that we should keep?",
            "Where were we lucky?",
            "What surprised you?",
            "Which part of the procedure helped, and which got in the way?",
            "Where else could the same happen today?",
        ],
        ReviewKind::FiveWhys => &[
            "What did you see, hear or read at the time, and what did it look like then?",
            "How is this usually done on a good day?",
            "What would have made it impossible, or harmless?",
        ],
        ReviewKind::Light => &[],
    }
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
            scope: Some(new.scope).filter(|scope| *scope != ReviewScope::Single),
            procedure_number: new.procedure.map(|(number, _)| number),
            procedure_rule: new.procedure.map(|(_, rule)| rule),
            problem: new.problem,
            facilitator_id: new.facilitator_id,
            participants: new.participants,
            due_on: new.due_on,
            taken_up_at: None,
            scheduled_on: None,
            questions: None,
            asked_at: None,
            held_on: None,
            minutes: None,
            evaluation: None,
            drafted_by: None,
            first_approved_by: None,
            approved_version: None,
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

    /// Sets the day, and what those who take part are asked beforehand. By when it was due stays.
    ///
    /// # Errors
    /// Only before it was held.
    pub fn schedule(mut self, on: Date, questions: Vec<Line>, at: Timestamp) -> Result<Self, ReviewError> {
        self.begin_change(&[ReviewState::Due, ReviewState::Scheduled], "scheduling", "due or scheduled")?;
        self.0.scheduled_on = Some(on);
        self.0.asked_at = if questions.is_empty() { self.0.asked_at } else { Some(at) };
        self.0.questions = if questions.is_empty() { self.0.questions } else { Some(questions) };
        self.0.state = ReviewState::Scheduled;
        Ok(self)
    }

    /// Somebody takes up a review that a rule asked for: who leads it, who takes part, what went wrong.
    ///
    /// # Errors
    /// Only one that nobody has begun.
    pub fn take_up(
        mut self,
        kind: ReviewKind,
        problem: Statement,
        people: (PersonId, BTreeSet<PersonId>),
        due_on: Date,
        at: Timestamp,
    ) -> Result<Self, ReviewError> {
        self.begin_change(&[ReviewState::Due], "taking it up", "due")?;
        self.0.taken_up_at = Some(at);
        self.0.kind = kind;
        self.0.problem = problem;
        (self.0.facilitator_id, self.0.participants) = people;
        self.0.due_on = due_on;
        Ok(self)
    }

    /// Follows a case whose class, severity or end changed, as long as nobody has begun: another rule may count now, of
    /// the version of the procedure that the review was opened under.
    #[must_use]
    pub fn follow(mut self, rule: u32, kind: ReviewKind, trigger: Prose, due_on: Date) -> Self {
        if self.is_untouched() {
            self.0.procedure_rule = Some(rule);
            self.0.kind = kind;
            self.0.trigger = trigger;
            self.0.due_on = due_on;
        }
        self
    }

    /// Says how the response went.
    ///
    /// # Errors
    /// Only before the causes are submitted.
    pub fn evaluate(mut self, evaluation: Evaluation) -> Result<Self, ReviewError> {
        let from = [ReviewState::Due, ReviewState::Scheduled, ReviewState::Held];
        self.begin_change(&from, "saying how the response went", "due, scheduled or held")?;
        self.0.evaluation = Some(evaluation);
        Ok(self)
    }

    /// Whether a review of a kind by a day is as deep and as early as a version of the procedure asks for.
    ///
    /// # Errors
    /// Not as deep, or later.
    pub fn is_enough(
        (kind, due_on): (ReviewKind, Date),
        (wanted, latest): (ReviewKind, Date),
        procedure: u32,
    ) -> Result<(), ReviewError> {
        // The kinds stand in their order, the deepest first.
        if kind > wanted {
            return Err(ReviewError::TooLight { wanted: wanted.in_words(), procedure });
        }
        if due_on > latest {
            return Err(ReviewError::TooLate { due_on, latest, procedure });
        }
        Ok(())
    }

    /// Whether enough people take part for the rule that it runs under.
    ///
    /// # Errors
    /// There are fewer.
    pub fn has_people(&self, wanted: u16) -> Result<(), ReviewError> {
        let mut people = self.0.participants.clone();
        people.insert(self.0.facilitator_id);
        match self.0.procedure_number {
            Some(procedure) if people.len() < usize::from(wanted) => {
                Err(ReviewError::TooFewPeople { found: people.len(), wanted, procedure })
            }
            _ => Ok(()),
        }
    }

    /// How many cases it is of.
    #[must_use]
    pub fn scope(&self) -> ReviewScope {
        self.0.scope.unwrap_or(ReviewScope::Single)
    }

    /// Whether nobody has begun it: it waits for somebody to take it up.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.0.state == ReviewState::Due && self.0.procedure_rule.is_some() && self.0.taken_up_at.is_none()
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
        self.begin_change(&from, "writing down the meeting", "due, scheduled or held")?;
        if on > today {
            return Err(ReviewError::HeldInFuture { held_on: on, today });
        }
        self.0.held_on = Some(on);
        self.0.participants = participants;
        self.0.minutes = minutes;
        self.0.state = ReviewState::Held;
        Ok(self)
    }

    /// Submits the causes for approval; `objections` are what the cause graph itself objects to. A light review has no
    /// meeting of its own: it is held when it is written.
    ///
    /// # Errors
    /// Objections that block, or a review that was not held.
    pub fn submit(mut self, by: PersonId, objections: Vec<String>, today: Date) -> Result<Self, ReviewError> {
        let from: &[ReviewState] = if self.0.kind == ReviewKind::Light {
            &[ReviewState::Due, ReviewState::Scheduled, ReviewState::Held]
        } else {
            &[ReviewState::Held]
        };
        self.begin_change(from, "submitting", "held")?;
        if !objections.is_empty() {
            return Err(ReviewError::NotReady(objections));
        }
        if self.0.kind == ReviewKind::Full && self.0.procedure_number.is_some() && self.0.evaluation.is_none()
        {
            return Err(ReviewError::NotEvaluated);
        }
        self.0.state = ReviewState::Drafted;
        self.0.held_on = self.0.held_on.or(Some(today));
        self.0.drafted_by = Some(by);
        Ok(self)
    }

    /// Sends a submitted review back to work.
    ///
    /// # Errors
    /// Only a submitted one.
    pub fn send_back(mut self) -> Result<Self, ReviewError> {
        self.begin_change(&[ReviewState::Drafted], "sending back", "drafted")?;
        self.0.state = ReviewState::Held;
        self.0.drafted_by = None;
        Ok(self)
    }

    /// Approves a submitted review as it stands now; `look` is the look for similar cases, if there was one. Where the
    /// procedure asks for two approvals, it is approved with the second.
    ///
    /// # Errors
    /// Only a submitted one; never by who led, submitted or wrote a part of it, and not twice by one person; unless it is a
    /// light one, not without a look.
    pub fn approve(
        mut self,
        by: Approver,
        at: Timestamp,
        approvals: u8,
        look: Option<&SimilarLook>,
    ) -> Result<Self, ReviewError> {
        self.only_in(&[ReviewState::Drafted], "approving", "drafted")?;
        if self.is_work_of(by) {
            return Err(ReviewError::OwnReview);
        }
        let by = by.id();
        if self.0.first_approved_by == Some(by) {
            return Err(ReviewError::SameApprover);
        }
        if look.is_none() && self.needs_look() {
            return Err(ReviewError::SimilarMissing);
        }
        if approvals > 1 && self.0.first_approved_by.is_none() {
            self.0.first_approved_by = Some(by);
            return Ok(self);
        }
        self.0.state = ReviewState::Approved;
        self.0.approved_version = Some(self.0.version);
        self.0.approved_by = Some(by);
        self.0.approved_at = Some(at);
        Ok(self)
    }

    /// Whether somebody would approve their own work: they lead it, submitted it, or wrote a part of it.
    #[must_use]
    pub fn is_work_of(&self, by: Approver) -> bool {
        by.is_one_of(&[Some(self.0.facilitator_id), self.0.drafted_by])
    }

    /// Somebody else leads it from now on.
    ///
    /// # Errors
    /// Not once it is over.
    pub fn led_by(mut self, facilitator: PersonId) -> Result<Self, ReviewError> {
        use ReviewState::{Drafted, Due, Held, Scheduled};
        self.begin_change(&[Due, Scheduled, Held, Drafted], "handing it over", "not over yet")?;
        self.0.facilitator_id = facilitator;
        Ok(self)
    }

    /// Declares a review not needed.
    ///
    /// # Errors
    /// Only before it was held; never by who would lead it, or wrote a part of it.
    pub fn waive(mut self, reason: Prose, by: Approver, at: Timestamp) -> Result<Self, ReviewError> {
        self.begin_change(&[ReviewState::Due, ReviewState::Scheduled], "waiving", "due or scheduled")?;
        if self.is_work_of(by) {
            return Err(ReviewError::OwnReview);
        }
        self.0.state = ReviewState::Waived;
        self.0.waived_reason = Some(reason);
        self.0.approved_by = Some(by.id());
        self.0.approved_at = Some(at);
        Ok(self)
    }

    /// Every change but an approval begins here: what was approved first is not what stands there afterwards, so the first
    /// approval ends with it.
    fn begin_change(
        &mut self,
        states: &[ReviewState],
        wanted: &'static str,
        from: &'static str,
    ) -> Result<(), ReviewError> {
        self.only_in(states, wanted, from)?;
        self.0.first_approved_by = None;
        Ok(())
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
