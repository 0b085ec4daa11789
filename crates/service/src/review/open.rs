//! Opening, scheduling and holding a review.

use std::collections::BTreeSet;

use nevertwice_domain::case::Case;
use nevertwice_domain::cause::{CauseGraph, Statement};
use nevertwice_domain::id::PersonId;
use nevertwice_domain::permission::{Relation, Verb};
use nevertwice_domain::reference::{CaseRef, ReviewRef};
use nevertwice_domain::review::{NewReview as Opened, Review, ReviewKind};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_store::review::ReviewWithCauses;
use nevertwice_store::visibility::{self, Named};
use nevertwice_store::{case as cases, counter, review as reviews, settings};
use serde::{Deserialize, Serialize};

use super::ReviewView;
use super::view::view_of;
use crate::caller::Caller;
use crate::case::{editable, same_version, save};
use crate::error::ServiceError;
use crate::person::named;
use crate::service::Unit;
use crate::set::Set;
use crate::use_case::Change;

/// Days until a review is due when nobody says otherwise.
const DUE_DAYS: i64 = 14;

/// Opens a review of a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewReview {
    /// The case.
    pub case: CaseRef,
    /// How deep; a ladder of whys if unsaid.
    pub kind: Option<ReviewKind>,
    /// What went wrong, in the words that the first why asks about; the case's title if unsaid.
    pub problem: Option<Statement>,
    /// Who leads it; the caller if unsaid.
    pub facilitator: Option<Line>,
    /// Who takes part.
    pub participants: Vec<Line>,
    /// By when it is to be held; in two weeks if unsaid.
    pub due_on: Option<Date>,
}

/// Sets the day of a review.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ScheduleReview {
    /// The review.
    pub review: ReviewRef,
    /// The day.
    pub on: Date,
}

/// Says that a review took place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HoldReview {
    /// The review.
    pub review: ReviewRef,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// When; as it stands, or today, if unsaid.
    pub on: Option<Date>,
    /// Everybody who took part; those who were to, if unsaid.
    #[serde(default)]
    pub participants: Option<Vec<Line>>,
    /// What was said.
    pub minutes: Option<Set<Prose>>,
}

impl Change for NewReview {
    type Output = ReviewView;
    const NAME: &'static str = "new_review";
    const ACTION: &'static str = "open_review";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let case = editable(unit, self.case, None)?;
        save(unit, &case, &case.clone().begin_review()?)?;
        let opened = self.open(unit, &case)?;
        reviews::insert(unit.tx, std::slice::from_ref(&opened))?;
        view_of(unit, &opened)
    }
}

impl NewReview {
    fn open(&self, unit: &mut Unit<'_>, case: &Case) -> Result<ReviewWithCauses, ServiceError> {
        let facilitator_id = match &self.facilitator {
            Some(name) => named(unit, name, "facilitator")?.id,
            None => unit.caller.id(),
        };
        let problem = match &self.problem {
            Some(problem) => problem.clone(),
            None => Statement::parse(case.title.as_str())
                .map_err(|error| ServiceError::invalid("problem", "review.problem", error))?,
        };
        let zone = settings::get(unit.tx)?.time_zone.zone();
        let today = unit.moment.at.date_in(&zone);
        let in_two_weeks = || today.checked_add(jiff::Span::new().days(DUE_DAYS)).unwrap_or(today);
        let review = Review::open(Opened {
            id: unit.moment.id(),
            reference: counter::next::<ReviewRef>(unit.tx, today.year())?,
            case_id: case.id,
            kind: self.kind.unwrap_or(ReviewKind::FiveWhys),
            trigger: Prose::parse("asked for by hand").map_err(ServiceError::internal)?,
            problem: problem.clone(),
            facilitator_id,
            participants: people(unit, &self.participants)?,
            due_on: self.due_on.unwrap_or_else(in_two_weeks),
            at: unit.moment.at,
            by: unit.caller.id(),
        });
        Ok(ReviewWithCauses::new(review, CauseGraph::new(problem)))
    }
}

impl Change for ScheduleReview {
    type Output = ReviewView;
    const NAME: &'static str = "schedule_review";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, _) = allowed(unit, self.review, Verb::EditCase)?;
        let review = before.review.clone().schedule(self.on)?;
        save_review(unit, &before, &ReviewWithCauses { review, ..before.clone() })
    }
}

impl Change for HoldReview {
    type Output = ReviewView;
    const NAME: &'static str = "hold_review";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, _) = allowed(unit, self.review, Verb::EditCase)?;
        same_version(&self.review, before.review.version, self.version)?;
        let today = unit.moment.at.date_in(&settings::get(unit.tx)?.time_zone.zone());
        let participants = match &self.participants {
            Some(names) => people(unit, names)?,
            None => before.review.participants.clone(),
        };
        let minutes = self.minutes.clone();
        let minutes = minutes.map_or_else(|| before.review.minutes.clone(), Set::into_option);
        let on = self.on.or(before.review.held_on).unwrap_or(today);
        let review = before.review.clone().hold(on, participants, minutes, today)?;
        save_review(unit, &before, &ReviewWithCauses { review, ..before.clone() })
    }
}

fn people(unit: &mut Unit<'_>, names: &[Line]) -> Result<BTreeSet<PersonId>, ServiceError> {
    names.iter().map(|name| Ok(named(unit, name, "participants")?.id)).collect()
}

/// The review with its case, if the caller may do something to it.
///
/// # Errors
/// There is none, the caller may not know of it, or may not do this.
pub(super) fn allowed(
    unit: &mut Unit<'_>,
    reference: ReviewRef,
    verb: Verb,
) -> Result<(ReviewWithCauses, Case), ServiceError> {
    let not_found = || ServiceError::not_found(format!("review {reference}"));
    if !visibility::is_known(unit.tx, Named::Review(reference), unit.caller.id())? {
        return Err(not_found());
    }
    let found = reviews::find(unit.tx, reference)?.ok_or_else(not_found)?;
    let case = cases::get(unit.tx, found.review.case_id)?.ok_or_else(not_found)?;
    unit.caller.may_in(
        verb,
        relation(&unit.caller, &found.review, &case, verb),
        format!("review {reference}"),
    )?;
    Ok((found, case))
}

/// How the caller stands to a review when it comes to doing something.
fn relation(caller: &Caller, review: &Review, case: &Case, verb: Verb) -> Relation {
    let me = caller.id();
    let leads = review.facilitator_id == me;
    let base = caller.relation(case);
    Relation {
        assigned: base.assigned || leads || review.participants.contains(&me),
        named: base.assigned || review.participants.contains(&me),
        author: verb == Verb::Approve && (leads || review.drafted_by == Some(me)),
        ..base
    }
}

/// Whether somebody may approve a review.
pub(crate) fn may_approve(caller: &Caller, found: &ReviewWithCauses, case: &Case) -> bool {
    caller.may_in(Verb::Approve, relation(caller, &found.review, case, Verb::Approve), "review").is_ok()
}

/// What the caller may do to a review, so that nobody is shown a way that ends at a refusal.
pub(super) fn may(caller: &Caller, review: &Review, case: &Case) -> Vec<String> {
    let verbs = [Verb::EditCase, Verb::Approve].into_iter();
    verbs
        .filter(|verb| caller.may_in(*verb, relation(caller, review, case, *verb), "review").is_ok())
        .map(|verb| verb.as_str().to_owned())
        .collect()
}

/// Writes a changed review and shows it.
///
/// # Errors
/// What the store reports.
pub(super) fn save_review(
    unit: &mut Unit<'_>,
    before: &ReviewWithCauses,
    after: &ReviewWithCauses,
) -> Result<ReviewView, ServiceError> {
    let saved = reviews::save(unit.tx, before, after)?;
    view_of(unit, &saved)
}
