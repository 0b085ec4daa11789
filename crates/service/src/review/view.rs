//! What is shown of a review.

use nevertwice_domain::cause::{Dismissal, Objection, Sorted, Told, next_questions};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ReviewRef;
use nevertwice_domain::review::{Evaluation, ReviewState};
use nevertwice_domain::text::Prose;
use nevertwice_store::case as cases;
use nevertwice_store::review::ReviewWithCauses;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::finding::asked;
use super::open::{allowed, may};
use super::similar::{SimilarLookView, look_view};
use crate::case::{CauseLineView, Names};
use crate::error::ServiceError;
use crate::procedure;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Shows a review.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowReview {
    /// Its reference.
    pub review: ReviewRef,
}

/// A review with its causes, and what to think about next.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReviewView {
    /// Its reference.
    pub reference: String,
    /// Its version, to be named by a change.
    pub version: u64,
    /// `full`, `five_whys` or `light`.
    pub kind: String,
    /// `due`, `scheduled`, `held`, `drafted`, `approved` or `waived`.
    pub state: String,
    /// The case reviewed.
    pub case: String,
    /// What asked for it.
    pub trigger: String,
    /// `single`, `batch` or `trend`.
    pub scope: String,
    /// The further cases that it is of, those that the caller may know of.
    pub also: Vec<String>,
    /// The version of the procedure that it runs under; `shipped` for the one that comes with the program.
    pub procedure: Option<String>,
    /// Whether nobody has taken it up yet.
    pub is_waiting: bool,
    /// What went wrong.
    pub problem: String,
    /// Who leads it.
    pub facilitator: String,
    /// Who takes part.
    pub participants: Vec<String>,
    /// By when it is to be held.
    pub due_on: String,
    /// The day that was set for it.
    pub scheduled_on: Option<String>,
    /// What those who take part are asked beforehand.
    pub asked: Vec<String>,
    /// When they were asked, RFC 3339.
    pub asked_at: Option<String>,
    /// When it was held.
    pub held_on: Option<String>,
    /// What was said.
    pub minutes: Option<String>,
    /// How the response went.
    pub evaluation: Option<EvaluationView>,
    /// Who approved it first, where two have to.
    pub first_approved_by: Option<String>,
    /// The version that was approved.
    pub approved_version: Option<u64>,
    /// Who submitted it.
    pub drafted_by: Option<String>,
    /// Who approved or waived it.
    pub approved_by: Option<String>,
    /// When, RFC 3339.
    pub approved_at: Option<String>,
    /// Why it was waived.
    pub waived_reason: Option<String>,
    /// The causes, each behind its effect.
    pub causes: Vec<CauseLineView>,
    /// What stands in the way of submitting, and what is worth another look.
    pub objections: Vec<ObjectionView>,
    /// What was set aside of that, with who did and why.
    #[serde(default)]
    pub dismissed: Vec<DismissedView>,
    /// The last look for similar cases.
    #[serde(default)]
    pub similar: Option<SimilarLookView>,
    /// The causes in sentences, for a report: root causes and contributing factors.
    #[serde(default)]
    pub told: Vec<ToldView>,
    /// What to ask next at the end of the first branch.
    pub questions: Vec<QuestionView>,
    /// What the caller may do to it, whatever its state: `edit_case`, `approve`.
    #[serde(default)]
    pub may: Vec<String>,
}

/// How the response went.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EvaluationView {
    /// What went well and should be kept.
    pub went_well: String,
    /// Where it was luck that it did not get worse.
    pub was_lucky: Option<String>,
    /// What surprised those who know how the work is done.
    pub surprised: Option<String>,
    /// Whether the procedure was followed: `yes`, `partly` or `no`.
    pub followed: String,
    /// Where it was not, and what made that sensible.
    pub deviations: Option<String>,
}

impl EvaluationView {
    pub(crate) fn of(evaluation: &Evaluation) -> Self {
        let text = |prose: &Option<Prose>| prose.as_ref().map(ToString::to_string);
        Self {
            went_well: evaluation.went_well.to_string(),
            was_lucky: text(&evaluation.was_lucky),
            surprised: text(&evaluation.surprised),
            followed: evaluation.followed.to_string(),
            deviations: text(&evaluation.deviations),
        }
    }
}

/// Something to answer before, or beside, a submission.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ObjectionView {
    /// Stable code.
    pub code: String,
    /// By what it can be set aside: the wording rule, or the code.
    #[serde(default)]
    pub rule: String,
    /// Whether it refuses the submission.
    pub blocks: bool,
    /// The number of the cause, where it is about one.
    pub number: Option<String>,
    /// What was noticed.
    pub message: String,
    /// What to think about.
    pub question: String,
}

/// A finding that somebody set aside.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DismissedView {
    /// The wording rule, or the code.
    pub rule: String,
    /// The number of the cause.
    pub number: Option<String>,
    /// What was noticed.
    pub message: String,
    /// Why it does not matter here.
    pub reason: String,
    /// Who said so.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
}

/// A cause in sentences.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ToldView {
    /// Its number.
    pub number: String,
    /// Whether it is the primary cause.
    pub primary: bool,
    /// What it did to its effects, how sure that is, and by what.
    pub text: String,
}

/// A question of the bank.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuestionView {
    /// Stable id.
    pub id: String,
    /// The question.
    pub text: String,
}

impl UseCase for ShowReview {
    type Output = ReviewView;
    const NAME: &'static str = "show_review";

    fn run(self, asked: &Asked<'_>) -> Result<ReviewView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            let (review, _) = allowed(unit, self.review, Verb::ReadCase)?;
            view_of(unit, &review)
        })
    }
}

/// A review with its causes.
///
/// # Errors
/// What the store reports.
pub(super) fn view_of(
    unit: &mut Unit<'_>,
    with_causes: &ReviewWithCauses,
) -> Result<ReviewView, ServiceError> {
    let review = &with_causes.review;
    let mut people = vec![review.facilitator_id];
    people.extend([review.drafted_by, review.first_approved_by, review.approved_by].into_iter().flatten());
    people.extend(review.participants.iter().copied());
    people.extend(with_causes.dismissals.iter().map(|dismissal| dismissal.dismissed_by));
    people.extend(with_causes.look.as_ref().map(|look| look.looked_by));
    let names = Names::of_people(unit.tx, &people)?;
    let case = cases::get(unit.tx, review.case_id)?
        .ok_or_else(|| ServiceError::not_found(format!("case of review {}", review.reference)))?;
    let open = review.may_change_causes().is_ok();
    let also: Vec<_> = with_causes.also.iter().copied().collect();
    let also = cases::several(unit.tx, &also)?.into_iter();
    let also = also.filter(|case| unit.caller.may_to_case(Verb::ReadCase, case).is_ok());
    let also = also.map(|case| case.reference.to_string()).collect();
    // Who approves sees what is still asked, and what was set aside.
    let is_asked = open || review.state == ReviewState::Drafted;
    let sorted = if is_asked { asked(with_causes, &case) } else { Sorted::default() };
    let similar = with_causes.look.as_ref().map(|look| look_view(unit, look, &names)).transpose()?;
    Ok(ReviewView {
        reference: review.reference.to_string(),
        version: review.version,
        kind: review.kind.to_string(),
        state: review.state.to_string(),
        case: case.reference.to_string(),
        may: may(unit, review, &case)?,
        trigger: review.trigger.to_string(),
        scope: review.scope().to_string(),
        also,
        procedure: review.procedure_number.map(procedure::name_of),
        is_waiting: review.is_untouched(),
        problem: review.problem.to_string(),
        facilitator: names.person(review.facilitator_id),
        participants: review.participants.iter().map(|id| names.person(*id)).collect(),
        due_on: review.due_on.to_string(),
        scheduled_on: review.scheduled_on.map(|date| date.to_string()),
        asked: review.questions.iter().flatten().map(ToString::to_string).collect(),
        asked_at: review.asked_at.map(|at| at.to_string()),
        evaluation: review.evaluation.as_ref().map(EvaluationView::of),
        first_approved_by: review.first_approved_by.map(|id| names.person(id)),
        approved_version: review.approved_version,
        held_on: review.held_on.map(|date| date.to_string()),
        minutes: review.minutes.as_ref().map(ToString::to_string),
        drafted_by: review.drafted_by.map(|id| names.person(id)),
        approved_by: review.approved_by.map(|id| names.person(id)),
        approved_at: review.approved_at.map(|at| at.to_string()),
        waived_reason: review.waived_reason.as_ref().map(ToString::to_string),
        causes: crate::case::cause_lines(&with_causes.causes),
        objections: sorted.open.into_iter().map(ObjectionView::of).collect(),
        dismissed: sorted.dismissed.into_iter().map(|both| DismissedView::of(both, &names)).collect(),
        similar,
        told: with_causes.causes.told().into_iter().map(ToldView::of).collect(),
        questions: if open { questions(with_causes) } else { Vec::new() },
    })
}

impl ObjectionView {
    fn of(objection: Objection) -> Self {
        Self {
            blocks: objection.blocks(),
            rule: objection.key().to_owned(),
            code: objection.code.to_owned(),
            number: objection.number.map(|number| number.to_string()),
            message: objection.message,
            question: objection.question,
        }
    }
}

impl DismissedView {
    fn of((objection, dismissal): (Objection, &Dismissal), names: &Names) -> Self {
        Self {
            rule: dismissal.rule.clone(),
            number: objection.number.map(|number| number.to_string()),
            message: objection.message,
            reason: dismissal.reason.to_string(),
            by: names.person(dismissal.dismissed_by),
            at: dismissal.dismissed_at.to_string(),
        }
    }
}

impl ToldView {
    fn of(told: Told) -> Self {
        Self { number: told.number.to_string(), primary: told.primary, text: told.text }
    }
}

fn questions(review: &ReviewWithCauses) -> Vec<QuestionView> {
    let end =
        review.causes.branches().first().and_then(|branch| branch.rungs.last()).map(|rung| rung.cause.id);
    let bank = next_questions(&review.causes, end).unwrap_or_default();
    bank.into_iter().map(|q| QuestionView { id: q.id.clone(), text: q.text.clone() }).collect()
}
