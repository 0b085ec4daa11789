//! Opening a review, or taking up the one that the procedure asked for.

use std::collections::BTreeSet;

use nevertwice_domain::approver::Approver;
use nevertwice_domain::case::Case;
use nevertwice_domain::cause::{CauseGraph, Statement};
use nevertwice_domain::id::{CaseId, PersonId};
use nevertwice_domain::permission::{Relation, Verb};
use nevertwice_domain::reference::{CaseRef, ReviewRef};
use nevertwice_domain::review::{Review, ReviewKind, ReviewRecord, ReviewScope};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_store::review::ReviewWithCauses;
use nevertwice_store::visibility::{self, Named};
use nevertwice_store::{case as cases, review as reviews};
use serde::{Deserialize, Serialize};

use super::ReviewView;
use super::asked::{opened, tell_leader};
use super::view::view_of;
use crate::caller::Caller;
use crate::case::{editable, save};
use crate::contributors;
use crate::error::ServiceError;
use crate::fit::could;
use crate::person::named;
use crate::procedure::{Demand, demand, demand_under};
use crate::service::Unit;
use crate::use_case::Change;

/// Opens a review of a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewReview {
    /// The case.
    pub case: CaseRef,
    /// How deep; as deep as the procedure asks for if unsaid, and never less.
    pub kind: Option<ReviewKind>,
    /// What went wrong, in the words that the first why asks about; the case's title if unsaid.
    pub problem: Option<Statement>,
    /// Who leads it; the caller if unsaid.
    pub facilitator: Option<Line>,
    /// Who takes part.
    pub participants: Vec<Line>,
    /// By when it is to be held; when the procedure asks for it if unsaid, and never later.
    pub due_on: Option<Date>,
    /// Further cases that are looked at in one sitting.
    #[serde(default)]
    pub also: Vec<CaseRef>,
    /// Whether these cases have something in common that the review is about.
    #[serde(default)]
    pub is_trend: bool,
}

impl Change for NewReview {
    type Output = ReviewView;
    const NAME: &'static str = "new_review";
    const ACTION: &'static str = "open_review";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let case = editable(unit, self.case, None)?;
        let also = self.further_cases(unit, &case)?;
        save(unit, &case, &case.clone().begin_review()?)?;
        let waiting = reviews::of_case(unit.tx, case.id)?;
        let waiting =
            waiting.into_iter().find(|one| one.review.case_id == case.id && one.review.is_untouched());
        match waiting {
            Some(waiting) => {
                let demand = demand_under(unit, &case, &waiting.review)?;
                let taken = self.taken_up(unit, &waiting, &demand, &case, also)?;
                tell_leader(unit, &taken.review)?;
                save_review(unit, &waiting, &taken)
            }
            None => {
                let opened = self.opened(unit, &case, also)?;
                reviews::insert(unit.tx, std::slice::from_ref(&opened))?;
                tell_leader(unit, &opened.review)?;
                view_of(unit, &opened)
            }
        }
    }
}

impl NewReview {
    /// One more review, asked for by hand.
    fn opened(
        &self,
        unit: &mut Unit<'_>,
        case: &Case,
        also: BTreeSet<CaseId>,
    ) -> Result<ReviewWithCauses, ServiceError> {
        let demand = demand(unit, case)?;
        let opened = opened(unit, case, &demand, (unit.caller.id(), BTreeSet::new()), self.problem(case)?)?;
        let by_hand = Prose::parse("asked for by hand").map_err(ServiceError::internal)?;
        let by_hand = Review::restore(ReviewRecord { trigger: by_hand, ..(*opened.review).clone() });
        self.taken_up(unit, &opened.with_review(by_hand), &demand, case, also)
    }

    /// A review that waits, as the caller wants it: as deep and as early as the procedure asks for at least.
    fn taken_up(
        &self,
        unit: &mut Unit<'_>,
        waiting: &ReviewWithCauses,
        demand: &Demand,
        case: &Case,
        also: BTreeSet<CaseId>,
    ) -> Result<ReviewWithCauses, ServiceError> {
        let kind = self.kind.unwrap_or(demand.rule.kind);
        let due_on = self.due_on.unwrap_or(demand.due_on);
        Review::is_enough((kind, due_on), (demand.rule.kind, demand.due_on), demand.procedure)?;
        let leader = match &self.facilitator {
            Some(name) => named(unit, name, "facilitator")?,
            None => unit.caller.person.clone(),
        };
        demand.rule.may_be_led_by(&leader, demand.procedure)?;
        if !could(&leader, Verb::EditCase, case) {
            let message = format!(
                "{} could not write the review; name a manager, or somebody who works on the case",
                leader.name
            );
            return Err(ServiceError::invalid("facilitator", "review.leader_unfit", message));
        }
        let facilitator_id = leader.id;
        let people = (facilitator_id, people(unit, &self.participants)?);
        let problem = self.problem(case)?;
        let review = waiting.review.clone().take_up(kind, problem.clone(), people, due_on, unit.moment.at)?;
        let scope = match (also.is_empty(), self.is_trend) {
            (true, _) => review.scope,
            (false, true) => Some(ReviewScope::Trend),
            (false, false) => Some(ReviewScope::Batch),
        };
        let review = Review::restore(ReviewRecord { scope, ..(*review).clone() });
        let causes = if waiting.causes.causes().is_empty() {
            CauseGraph::new(problem)
        } else {
            waiting.causes.clone()
        };
        Ok(ReviewWithCauses { review, causes, also, ..waiting.clone() })
    }

    fn problem(&self, case: &Case) -> Result<Statement, ServiceError> {
        match &self.problem {
            Some(problem) => Ok(problem.clone()),
            None => Statement::parse(case.title.as_str())
                .map_err(|error| ServiceError::invalid("problem", "review.problem", error)),
        }
    }

    /// The further cases of a batch: such that whoever may know of the one may know of the others, so that the review
    /// tells nobody of what they must not know.
    fn further_cases(&self, unit: &mut Unit<'_>, case: &Case) -> Result<BTreeSet<CaseId>, ServiceError> {
        let mut also = BTreeSet::new();
        for reference in &self.also {
            let other = editable(unit, *reference, None)?;
            if other.restricted != case.restricted || other.readers != case.readers {
                let message = format!(
                    "{reference} and {} have different need-to-know lists; review them apart",
                    case.reference
                );
                return Err(ServiceError::invalid("also", "review.different_readers", message));
            }
            save(unit, &other, &other.clone().begin_review()?)?;
            also.insert(other.id);
        }
        also.remove(&case.id);
        Ok(also)
    }
}

/// The people of these names.
///
/// # Errors
/// Nobody of a name, or several.
pub(super) fn people(unit: &mut Unit<'_>, names: &[Line]) -> Result<BTreeSet<PersonId>, ServiceError> {
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
    let contributors = match verb {
        Verb::Approve => contributors::to_review(unit.tx, found.review.id)?,
        _ => BTreeSet::new(),
    };
    let relation = relation(&unit.caller, &found.review, &case, (verb, &contributors));
    unit.caller.may_in(verb, relation, format!("review {reference}"))?;
    Ok((found, case))
}

/// The caller as the approver of a review.
///
/// # Errors
/// What the store reports.
pub(super) fn approver(unit: &mut Unit<'_>, review: &Review) -> Result<Approver, ServiceError> {
    Ok(Approver::new(unit.caller.id(), &contributors::to_review(unit.tx, review.id)?))
}

/// How the caller stands to a review when it comes to doing something; for an approval, with who contributed to it.
fn relation(
    caller: &Caller,
    review: &Review,
    case: &Case,
    (verb, contributors): (Verb, &BTreeSet<PersonId>),
) -> Relation {
    let me = caller.id();
    let leads = review.facilitator_id == me;
    let base = caller.relation(case);
    Relation {
        assigned: base.assigned || leads || review.participants.contains(&me),
        named: base.assigned || review.participants.contains(&me),
        author: verb == Verb::Approve && review.is_work_of(Approver::new(me, contributors)),
        ..base
    }
}

/// Whether somebody may approve a review that these people contributed to.
pub(crate) fn may_approve(
    caller: &Caller,
    found: &ReviewWithCauses,
    case: &Case,
    contributors: &BTreeSet<PersonId>,
) -> bool {
    let relation = relation(caller, &found.review, case, (Verb::Approve, contributors));
    caller.may_in(Verb::Approve, relation, "review").is_ok()
}

/// What the caller may do to a review, so that nobody is shown a way that ends at a refusal.
///
/// # Errors
/// What the store reports.
pub(super) fn may(unit: &mut Unit<'_>, review: &Review, case: &Case) -> Result<Vec<String>, ServiceError> {
    let contributors = contributors::to_review(unit.tx, review.id)?;
    let caller = &unit.caller;
    let may = |verb: &Verb| {
        let relation = relation(caller, review, case, (*verb, &contributors));
        caller.may_in(*verb, relation, "review").is_ok()
    };
    let verbs = [Verb::EditCase, Verb::Approve].into_iter().filter(may);
    Ok(verbs.map(|verb| verb.as_str().to_owned()).collect())
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
