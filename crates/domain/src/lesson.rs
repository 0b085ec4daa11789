//! Lessons: reusable statements of what was learned. Many cases share one lesson.

use std::collections::BTreeSet;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::case::Tag;
use crate::field::{FieldChange, FieldValues, change_values};
use crate::id::{CaseId, LessonId, PersonId};
use crate::reference::LessonRef;
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
    #[error("the author of a lesson does not approve it; somebody else has to")]
    AuthorApproves,
    /// Nothing puts the lesson to work.
    #[error("no action puts this lesson to work; plan one with an owner and a date first")]
    NoAction,
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
            Self::Wording(_) => "lesson.wording",
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

    /// Approves a lesson that at least one action puts to work.
    ///
    /// # Errors
    /// Only a draft or one that did not hold; never by its author; not without an action.
    pub fn approve(mut self, by: PersonId, at: Timestamp, action_count: usize) -> Result<Self, LessonError> {
        self.only_in(
            &[LessonState::Draft, LessonState::Overtaken, LessonState::DidNotHold, LessonState::Regressed],
            "approving",
            "a draft, or when it did not hold",
        )?;
        if by == self.0.author_id {
            return Err(LessonError::AuthorApproves);
        }
        if action_count == 0 {
            return Err(LessonError::NoAction);
        }
        self.0.state = LessonState::Approved;
        self.0.approved_by = Some(by);
        self.0.approved_at = Some(at);
        Ok(self)
    }

    /// Follows its actions: all finished → applied, all effective → proved, one not effective → did not hold.
    /// A draft or retired lesson does not follow.
    #[must_use]
    pub fn follow(mut self, actions: &[crate::action::ActionState]) -> Self {
        use crate::action::ActionState as A;
        if matches!(self.0.state, LessonState::Draft | LessonState::Retired) || actions.is_empty() {
            return self;
        }
        let (all_finished, all_effective) = (
            actions.iter().all(|s| s.is_finished()),
            actions.iter().all(|s| matches!(s, A::Effective | A::NotDoing)),
        );
        // The last word counts: an action added after a failure returns the lesson to approved, so a failed one
        // decides only while nothing else is under way.
        let failed = actions.contains(&A::NotEffective) && all_finished && !actions.contains(&A::Done);
        self.0.state = match () {
            () if failed && !succeeded_after_failure(actions) => LessonState::DidNotHold,
            () if all_effective && actions.contains(&A::Effective) => LessonState::Proved,
            () if all_finished => LessonState::Applied,
            () => LessonState::Approved,
        };
        self
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

/// Whether an effective action stands behind the last failed one, in the order of planning.
fn succeeded_after_failure(actions: &[crate::action::ActionState]) -> bool {
    use crate::action::ActionState as A;
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
