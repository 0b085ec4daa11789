//! A light review in one step: a cause, what was learned, and the action that follows, submitted for approval.

use nevertwice_domain::action::{ActionKind, ActionPurpose};
use nevertwice_domain::cause::{CauseKind, Confidence, LinkKind, NewCause, Statement, Support};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::{CaseRef, LessonRef, ReviewRef};
use nevertwice_domain::review::ReviewKind;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use serde::{Deserialize, Serialize};

use super::ReviewView;
use super::approve::submitted;
use super::asked::begin;
use super::open::{allowed, save_review};
use crate::action::NewAction;
use crate::case::{editable, same_version};
use crate::error::ServiceError;
use crate::lesson::{LinkLesson, NewLesson};
use crate::service::Unit;
use crate::use_case::Change;

/// Writes a light review: why it happened, what was learned and what will be done, and submits it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WriteLightReview {
    /// The review.
    pub review: ReviewRef,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// Why it happened.
    pub cause: Statement,
    /// What shows it.
    pub evidence: Option<Prose>,
    /// What was learned, in one sentence that others can use; unless the lesson is there already.
    pub lesson: Option<Line>,
    /// The lesson that is there already.
    pub known_lesson: Option<LessonRef>,
    /// What will be done.
    pub action: Line,
    /// What that changes.
    pub action_kind: ActionKind,
    /// The one person who owes it; the caller if unsaid.
    pub owner: Option<Line>,
    /// By when; on the last day that the procedure allows if unsaid.
    pub due_on: Option<Date>,
    /// Why then; has to be said where it is later than the procedure allows.
    #[serde(default)]
    pub due_reason: Option<Prose>,
}

impl Change for WriteLightReview {
    type Output = ReviewView;
    const NAME: &'static str = "write_light_review";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, case) = allowed(unit, self.review, Verb::EditCase)?;
        same_version(&self.review, before.review.version, self.version)?;
        if before.review.kind != ReviewKind::Light {
            let message = format!(
                "{} is {}; its causes are written in the review itself",
                self.review,
                before.review.kind.in_words()
            );
            return Err(ServiceError::invalid("review", "review.not_light", message));
        }
        before.review.may_change_causes()?;
        begin(unit, &case)?;
        let case = editable(unit, case.reference, None)?;
        let mut causes = before.causes.clone();
        causes.ask_why(
            None,
            NewCause {
                id: unit.moment.id(),
                statement: self.cause.clone(),
                kind: CauseKind::Condition,
                confidence: Confidence::Likely,
                support: Support { note: self.evidence.clone(), ..Support::default() },
                link: LinkKind::MadePossible,
                category: None,
                end: None,
            },
        )?;
        let lesson = self.lesson(unit, case.reference)?;
        self.plan(unit, case.reference, lesson)?;
        let submitted = submitted(unit, &before.with_causes(causes), &case)?;
        save_review(unit, &before, &submitted)
    }
}

impl WriteLightReview {
    /// The lesson: a new draft, or the known one linked.
    fn lesson(&self, unit: &mut Unit<'_>, case: CaseRef) -> Result<LessonRef, ServiceError> {
        match (&self.lesson, self.known_lesson) {
            (_, Some(lesson)) => {
                LinkLesson { lesson, case }.change(unit)?;
                Ok(lesson)
            }
            (Some(statement), None) => {
                let new = NewLesson {
                    case,
                    statement: statement.clone(),
                    detail: None,
                    tags: Default::default(),
                    review_on: None,
                };
                new.change(unit)?.reference.parse().map_err(ServiceError::internal)
            }
            (None, None) => {
                let message = "say what was learned, or name the lesson that is there already";
                Err(ServiceError::invalid("lesson", "review.lesson_missing", message))
            }
        }
    }

    fn plan(&self, unit: &mut Unit<'_>, case: CaseRef, lesson: LessonRef) -> Result<(), ServiceError> {
        let me = || Line::parse("me").map_err(ServiceError::internal);
        let action = NewAction {
            case,
            lesson: Some(lesson),
            title: self.action.clone(),
            description: None,
            purpose: ActionPurpose::Corrective,
            kind: self.action_kind,
            owner: self.owner.clone().map_or_else(me, Ok)?,
            due_on: self.due_on,
            due_reason: self.due_reason.clone(),
            check_measure: None,
            check_on: None,
            check_reason: None,
            check_by: None,
        };
        action.change(unit).map(drop)
    }
}
