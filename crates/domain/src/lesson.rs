//! Lessons: reusable statements of what was learned. Many cases share one lesson.

mod coverage;

use std::collections::BTreeSet;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use coverage::{Cover, CoverageError, CoverageKind, CoveredBy, LessonConfirmation, LessonCoverage};

use crate::action::{Action, ActionState};
use crate::approver::Approver;
use crate::case::Tag;
use crate::field::{FieldChange, FieldValues, change_values};
use crate::id::{CaseId, ConfirmationId, LessonId, PersonId};
use crate::reference::{CaseRef, LessonRef};
use crate::refusal::Refusal;
use crate::text::{Line, Prose};
use crate::time::{Date, Timestamp};

words! {
    /// Where a lesson stands.
    LessonState("lesson state") {
        /// Being written.
        Draft = "draft",
        /// Approved by somebody else.
        Approved = "approved",
        /// Its actions are done.
        Applied = "applied",
        /// Its actions work.
        Proved = "proved",
        /// It happened again before the action was done.
        Overtaken = "overtaken",
        /// It happened again although the action was done.
        DidNotHold = "did_not_hold",
        /// A test that guards it fails.
        Regressed = "regressed",
        /// No longer true or no longer needed.
        Retired = "retired",
    }
}

impl LessonState {
    /// Whether people may rely on it: approved, and nothing has shown since that it does not hold.
    #[must_use]
    pub fn is_in_force(self) -> bool {
        matches!(self, Self::Approved | Self::Applied | Self::Proved)
    }

    /// Whether it was shown not to hold: somebody has to approve it again.
    #[must_use]
    pub fn has_failed(self) -> bool {
        matches!(self, Self::Overtaken | Self::DidNotHold | Self::Regressed)
    }
}

/// What is written down about a lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonRecord {
    /// Identity.
    pub id: LessonId,
    /// Counts the changes; a change must name the version that it saw.
    pub version: u64,
    /// The reference.
    pub reference: LessonRef,
    /// What was learned, in one sentence that others can use.
    pub statement: Line,
    /// More about it.
    pub detail: Option<Prose>,
    /// Where it stands.
    pub state: LessonState,
    /// Tags.
    pub tags: BTreeSet<Tag>,
    /// The cases that it was learned from.
    pub cases: BTreeSet<CaseId>,
    /// When it will be looked at again.
    pub review_on: Option<Date>,
    /// Who wrote it.
    pub author_id: PersonId,
    /// Who approved it.
    pub approved_by: Option<PersonId>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// Why it was retired.
    pub retired_reason: Option<Prose>,
    /// Values of the company's own fields.
    pub fields: FieldValues,
    /// When it was written.
    pub created_at: Timestamp,
}

/// A lesson; reads like its record, changes only through its transitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson(LessonRecord);

/// A change to a lesson that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LessonError {
    /// The state does not allow it.
    #[error("the lesson is {state}; {wanted} is possible while it is {from}")]
    WrongState {
        /// What was wanted.
        wanted: &'static str,
        /// Where the lesson stands.
        state: LessonState,
        /// From where it would be possible.
        from: &'static str,
    },
    /// The author approved.
    #[error("who wrote a lesson or changed its words does not approve it; somebody else has to")]
    AuthorApproves,
    /// Nothing puts the lesson to work.
    #[error(
        "no action puts this lesson to work; plan one with an owner and a date first, or name what covers it and have \
         somebody else approve that"
    )]
    NoAction,
    /// It did not hold, and nothing new puts it to work.
    #[error("what put this lesson to work did not work; plan a new action for it first")]
    NothingNew,
    /// It would be learned from nothing.
    #[error(
        "this is the only case that the lesson was learned from; link another one first, or retire the lesson"
    )]
    LastCase,
    /// It was not learned from this case.
    #[error("the lesson is not linked to this case")]
    NotLinked,
    /// The next look is not ahead.
    #[error("the next look on {next} is not ahead; today is {today}")]
    ReviewNotAhead {
        /// The date given.
        next: Date,
        /// Today.
        today: Date,
    },
    /// A serious case is answered by training alone.
    #[error(
        "{0} is serious and answered by training alone; plan something that does not depend on people remembering, or rate an action otherwise and say why"
    )]
    OnlyTraining(CaseRef),
    /// What is written there may not be approved.
    #[error("the words have to be mended first: {}", .0.join("; "))]
    Wording(Vec<String>),
}

impl Refusal for LessonError {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "lesson.wrong_state",
            Self::AuthorApproves => "lesson.author_approves",
            Self::NoAction => "lesson.no_action",
            Self::OnlyTraining(_) => "lesson.only_training",
            Self::Wording(_) => "lesson.wording",
            Self::NothingNew => "lesson.nothing_new",
            Self::LastCase => "lesson.last_case",
            Self::NotLinked => "lesson.not_linked",
            Self::ReviewNotAhead { .. } => "lesson.review_not_ahead",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::LastCase | Self::NotLinked => Some("case"),
            Self::ReviewNotAhead { .. } => Some("next_review_on"),
            _ => None,
        }
    }
}

impl Lesson {
    /// Drafts a lesson from a case.
    #[must_use]
    pub fn draft(
        id: LessonId,
        reference: LessonRef,
        statement: Line,
        detail: Option<Prose>,
        from: CaseId,
        author_id: PersonId,
        at: Timestamp,
    ) -> Self {
        Self(LessonRecord {
            id,
            version: 0,
            reference,
            statement,
            detail,
            state: LessonState::Draft,
            tags: BTreeSet::new(),
            cases: BTreeSet::from([from]),
            review_on: None,
            author_id,
            approved_by: None,
            approved_at: None,
            retired_reason: None,
            fields: FieldValues::new(),
            created_at: at,
        })
    }

    /// Takes a lesson back from what was written down.
    #[must_use]
    pub fn restore(record: LessonRecord) -> Self {
        Self(record)
    }

    /// Learned from one more case.
    #[must_use]
    pub fn also_from(mut self, case: CaseId) -> Self {
        self.0.cases.insert(case);
        self
    }

    /// Rewords a draft, or sets tags and the date of the next look.
    ///
    /// # Errors
    /// The statement and detail of an approved lesson stay; write a new one instead.
    pub fn edit(
        mut self,
        statement: Option<Line>,
        detail: Option<Option<Prose>>,
        review_on: Option<Option<Date>>,
        tags: Option<BTreeSet<Tag>>,
    ) -> Result<Self, LessonError> {
        if statement.is_some() || detail.is_some() {
            self.only_in(&[LessonState::Draft], "rewording", "a draft")?;
        }
        self.0.statement = statement.unwrap_or(self.0.statement);
        self.0.detail = detail.unwrap_or(self.0.detail);
        self.0.review_on = review_on.unwrap_or(self.0.review_on);
        self.0.tags = tags.unwrap_or(self.0.tags);
        Ok(self)
    }

    /// Sets values of the company's own fields.
    #[must_use]
    pub fn with_values(mut self, changes: Vec<FieldChange>) -> Self {
        change_values(&mut self.0.fields, changes);
        self
    }

    /// Not learned from this case after all.
    ///
    /// # Errors
    /// It is not linked to the case, or to no other.
    pub fn not_from(mut self, case: CaseId) -> Result<Self, LessonError> {
        if !self.0.cases.contains(&case) {
            return Err(LessonError::NotLinked);
        }
        if self.0.cases.len() == 1 {
            return Err(LessonError::LastCase);
        }
        self.0.cases.remove(&case);
        Ok(self)
    }

    /// Approves a lesson that at least one action puts to work, or that is covered, and lets it follow its actions.
    /// `review_on` is when it is looked at again if nobody said when.
    ///
    /// # Errors
    /// Only a draft or one that did not hold; never by its author or whoever changed its words; not without an action or an approved coverage, and
    /// after a failure not without a new one.
    pub fn approve(
        mut self,
        by: Approver,
        at: Timestamp,
        support: Support<'_>,
        review_on: Date,
    ) -> Result<Self, LessonError> {
        self.only_in(
            &[LessonState::Draft, LessonState::Overtaken, LessonState::DidNotHold, LessonState::Regressed],
            "approving",
            "a draft, or when it did not hold",
        )?;
        if self.is_work_of(by) {
            return Err(LessonError::AuthorApproves);
        }
        if !support.actions.iter().any(|state| state.is_wanted()) && !support.is_covered {
            return Err(LessonError::NoAction);
        }
        if standing(support.actions) == Some(LessonState::DidNotHold) && !support.is_covered {
            return Err(LessonError::NothingNew);
        }
        self.0.state = match standing(support.actions) {
            None | Some(LessonState::DidNotHold) => LessonState::Approved,
            Some(state) => state,
        };
        self.0.approved_by = Some(by.id());
        self.0.approved_at = Some(at);
        self.0.review_on.get_or_insert(review_on);
        Ok(self)
    }

    /// Whether somebody would approve their own work: they wrote it, or changed its words.
    #[must_use]
    pub fn is_work_of(&self, by: Approver) -> bool {
        by.is_one_of(&[Some(self.0.author_id)])
    }

    /// Follows its actions: all finished → applied, all effective → proved, one not effective → did not hold.
    /// A draft or retired lesson does not follow; one that did not hold is brought back by an approval alone.
    #[must_use]
    pub fn follow(mut self, actions: &[ActionState]) -> Self {
        if self.0.state.is_in_force()
            && let Some(state) = standing(actions)
        {
            self.0.state = state;
        }
        self
    }

    /// One of its actions was judged not to work: it is not relied on until somebody approves it again, whatever else is under
    /// way.
    #[must_use]
    pub fn did_not_hold(mut self) -> Self {
        if self.0.state.is_in_force() {
            self.0.state = LessonState::DidNotHold;
        }
        self
    }

    /// Whether somebody else approved it once. A draft that was retired never was; in any other state after *draft* it was.
    #[must_use]
    pub fn was_approved(&self) -> bool {
        self.0.approved_by.is_some()
    }

    /// Whether an action of its own may cover it: only for another case than the one that the action was planned for, and
    /// only once it is done. A lesson that comes up again is not answered by what somebody still means to do.
    ///
    /// # Errors
    /// The action is for its only case, or not done.
    pub fn may_be_covered_by_own(&self, action: &Action) -> Result<(), CoverageError> {
        if action.lesson_id != Some(self.0.id) {
            return Ok(());
        }
        if self.0.cases.iter().all(|case| *case == action.case_id) {
            return Err(CoverageError::OwnAction(action.reference));
        }
        if action.state.is_finished() {
            return Ok(());
        }
        Err(CoverageError::OwnActionUnfinished(action.reference))
    }

    /// Says that a lesson is still true, and when it is looked at again.
    ///
    /// # Errors
    /// Only a lesson in force; only to a day ahead.
    pub fn confirm(
        mut self,
        id: ConfirmationId,
        next: Date,
        by: PersonId,
        at: Timestamp,
        today: Date,
    ) -> Result<(Self, LessonConfirmation), LessonError> {
        self.only_in(
            &[LessonState::Approved, LessonState::Applied, LessonState::Proved],
            "confirming",
            "approved, applied or proved",
        )?;
        if next <= today {
            return Err(LessonError::ReviewNotAhead { next, today });
        }
        self.0.review_on = Some(next);
        let lesson_id = self.0.id;
        Ok((
            self,
            LessonConfirmation { id, lesson_id, next_review_on: next, confirmed_by: by, confirmed_at: at },
        ))
    }

    /// Whether it was to be looked at again before a day.
    #[must_use]
    pub fn is_stale(&self, today: Date) -> bool {
        self.0.state.is_in_force() && self.0.review_on.is_some_and(|on| on < today)
    }

    /// Retires a lesson.
    ///
    /// # Errors
    /// A retired lesson is retired already.
    pub fn retire(mut self, reason: Prose) -> Result<Self, LessonError> {
        if self.0.state == LessonState::Retired {
            return Err(LessonError::WrongState { wanted: "retiring", state: self.0.state, from: "in use" });
        }
        self.0.state = LessonState::Retired;
        self.0.retired_reason = Some(reason);
        Ok(self)
    }

    fn only_in(
        &self,
        states: &[LessonState],
        wanted: &'static str,
        from: &'static str,
    ) -> Result<(), LessonError> {
        if states.contains(&self.0.state) {
            return Ok(());
        }
        Err(LessonError::WrongState { wanted, state: self.0.state, from })
    }
}

/// What puts a lesson to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Support<'a> {
    /// The states of its actions, in the order of planning.
    pub actions: &'a [ActionState],
    /// Whether something that was there already covers it, and somebody approved that.
    pub is_covered: bool,
}

/// Where a lesson in force stands by its actions, in the order of planning; none if it has none that is done or to be done.
fn standing(actions: &[ActionState]) -> Option<LessonState> {
    use ActionState as A;
    if !actions.iter().any(|state| state.is_wanted()) {
        return None;
    }
    let all_finished = actions.iter().all(|s| s.is_finished());
    let all_effective = actions.iter().all(|s| matches!(s, A::Effective | A::NotDoing));
    // The last word counts, so a failed action decides only while nothing else is under way.
    let failed = actions.contains(&A::NotEffective) && all_finished && !actions.contains(&A::Done);
    Some(match () {
        () if failed && !succeeded_after_failure(actions) => LessonState::DidNotHold,
        () if all_effective && actions.contains(&A::Effective) => LessonState::Proved,
        () if all_finished => LessonState::Applied,
        () => LessonState::Approved,
    })
}

/// Whether an effective action stands behind the last failed one, in the order of planning.
fn succeeded_after_failure(actions: &[ActionState]) -> bool {
    use ActionState as A;
    let last_failure = actions.iter().rposition(|s| *s == A::NotEffective);
    let last_success = actions.iter().rposition(|s| *s == A::Effective);
    last_success > last_failure
}

impl Deref for Lesson {
    type Target = LessonRecord;

    fn deref(&self) -> &LessonRecord {
        &self.0
    }
}

#[cfg(test)]
mod tests;
