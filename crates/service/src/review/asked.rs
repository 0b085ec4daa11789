//! Reviews that the procedure asks for: opened at the right transition of a case, without anybody having to think of it.

use std::collections::BTreeSet;

use nevertwice_domain::case::{Case, CaseState, Class};
use nevertwice_domain::cause::{CauseGraph, Statement};
use nevertwice_domain::id::PersonId;
use nevertwice_domain::permission::Role;
use nevertwice_domain::procedure::{Leader, ReviewRule};
use nevertwice_domain::reference::ReviewRef;
use nevertwice_domain::review::{NewReview, Review, ReviewScope};
use nevertwice_store::review::ReviewWithCauses;
use nevertwice_store::{counter, person as people, review as reviews};

use super::trend::LookForTrend;
use crate::case::{is_thorough, save};
use crate::error::ServiceError;
use crate::mail::{About, Notice};
use crate::procedure::{Demand, demand, demand_under, rules_of, shipped_rules, today};
use crate::service::Unit;

/// Opens the review that the procedure asks for now, or lets the one that waits follow the case. To be called whenever the
/// class, the severity, the category or the state of a case has changed.
///
/// # Errors
/// What the store reports.
pub(crate) fn ask_for(unit: &mut Unit<'_>, case: &Case) -> Result<(), ServiceError> {
    // What is a part of another case is looked at with it.
    if case.part_of.is_some()
        || matches!(case.state, CaseState::Void | CaseState::Closed | CaseState::Reported)
    {
        return Ok(());
    }
    unit.enqueue(&LookForTrend { case: case.id, by: unit.caller.id() }, unit.moment.at)?;
    let mut existing = reviews::of_case(unit.tx, case.id)?;
    // What looks at several cases for what they have in common does not stand for the review of one.
    existing.retain(|one| one.review.scope() != ReviewScope::Trend);
    if let Some(waiting) = existing.iter().find(|one| one.review.is_untouched()) {
        return follow(unit, case, waiting);
    }
    if is_due(unit, case, &existing)? { open(unit, case) } else { Ok(()) }
}

/// Whether a case needs a review that nobody has opened: an incident once it is resolved, anything else once it is triaged,
/// what was opened again once more, and what turned out to be worse one that is as thorough as that asks for.
fn is_due(unit: &mut Unit<'_>, case: &Case, existing: &[ReviewWithCauses]) -> Result<bool, ServiceError> {
    let is_over = match case.class {
        Class::Incident => {
            matches!(case.state, CaseState::Resolved | CaseState::InReview | CaseState::Acting)
        }
        _ => !matches!(case.state, CaseState::Responding),
    };
    if !is_over || existing.iter().any(|one| !one.review.is_complete()) {
        return Ok(false);
    }
    let since = case.reopened_at;
    let counts = |one: &&ReviewWithCauses| since.is_none_or(|at| one.review.created_at >= at);
    let version = existing.iter().filter_map(|one| one.review.procedure_number).max().unwrap_or(0);
    let rules = rules_of(unit.tx, version)?;
    let rules = rules.as_ref().unwrap_or(shipped_rules());
    let asked = rules.review_of(case.class, case.severity, case.category.as_ref());
    let is_enough =
        |one: &ReviewWithCauses| asked.is_none_or(|(_, rule)| is_thorough(&one.review, rule, rules, version));
    Ok(!existing.iter().filter(counts).any(is_enough))
}

fn follow(unit: &mut Unit<'_>, case: &Case, waiting: &ReviewWithCauses) -> Result<(), ServiceError> {
    let demand = demand_under(unit, case, &waiting.review)?;
    let trigger = demand.trigger()?;
    let mut after = waiting.review.clone().follow(demand.place, demand.rule.kind, trigger, demand.due_on);
    // Whoever would have led it under the rule before may not under this one.
    if may_lead(unit, &after, &demand.rule).is_err() {
        after = after.led_by(leader(unit, case, demand.rule.leader)?)?;
    }
    if after != waiting.review {
        reviews::save(unit.tx, waiting, &waiting.with_review(after.clone()))?;
    }
    if after.facilitator_id == waiting.review.facilitator_id { Ok(()) } else { tell_leader(unit, &after) }
}

fn open(unit: &mut Unit<'_>, case: &Case) -> Result<(), ServiceError> {
    let demand = demand(unit, case)?;
    let facilitator_id = leader(unit, case, demand.rule.leader)?;
    let problem = Statement::parse(case.title.as_str())
        .map_err(|error| ServiceError::invalid("problem", "review.problem", error))?;
    let opened = opened(unit, case, &demand, (facilitator_id, BTreeSet::new()), problem)?;
    reviews::insert(unit.tx, std::slice::from_ref(&opened))?;
    tell_leader(unit, &opened.review)
}

/// A review that a rule asks for.
///
/// # Errors
/// What the store reports.
pub(super) fn opened(
    unit: &mut Unit<'_>,
    case: &Case,
    demand: &Demand,
    (facilitator_id, participants): (PersonId, BTreeSet<PersonId>),
    problem: Statement,
) -> Result<ReviewWithCauses, ServiceError> {
    let year = today(unit)?.year();
    let review = Review::open(NewReview {
        id: unit.moment.id(),
        reference: counter::next::<ReviewRef>(unit.tx, year)?,
        case_id: case.id,
        kind: demand.rule.kind,
        trigger: demand.trigger()?,
        scope: ReviewScope::Single,
        procedure: Some((demand.procedure, demand.place)),
        problem: problem.clone(),
        facilitator_id,
        participants,
        due_on: demand.due_on,
        at: unit.moment.at,
        by: unit.caller.id(),
    });
    Ok(ReviewWithCauses::new(review, CauseGraph::new(problem)))
}

/// Who leads a review when nobody was named: somebody who may know of the case, and who is there.
///
/// # Errors
/// What the store reports.
pub(super) fn leader(unit: &mut Unit<'_>, case: &Case, leader: Leader) -> Result<PersonId, ServiceError> {
    let me = unit.caller.id();
    if leader == Leader::Responder {
        let responders: Vec<PersonId> = case.responders.iter().copied().collect();
        let mut there = people::several(unit.tx, &responders)?;
        there.retain(|person| person.may_act().is_ok() && !case.shuts_out(person.id));
        return Ok(if there.is_empty() || case.responders.contains(&me) { me } else { there[0].id });
    }
    let mut managers = people::list(unit.tx)?;
    managers.retain(|person| {
        person.roles.contains(&Role::Manager) && person.may_act().is_ok() && !case.shuts_out(person.id)
    });
    let apart = managers.iter().find(|person| !case.responders.contains(&person.id));
    let is_one_of_them = managers.iter().any(|person| person.id == me);
    Ok(match apart {
        _ if is_one_of_them && !case.responders.contains(&me) => me,
        Some(person) => person.id,
        None => managers.first().map_or(me, |person| person.id),
    })
}

/// Whether whoever leads a review may, by the rule that it runs under.
///
/// # Errors
/// The rule has it led by somebody else.
pub(crate) fn may_lead(unit: &mut Unit<'_>, review: &Review, rule: &ReviewRule) -> Result<(), ServiceError> {
    let (Some(procedure), Some(leader)) =
        (review.procedure_number, people::get(unit.tx, review.facilitator_id)?)
    else {
        return Ok(());
    };
    Ok(rule.may_be_led_by(&leader, procedure)?)
}

/// Tells somebody that a review is theirs to lead, unless they took it themselves.
///
/// # Errors
/// What the store reports.
pub(crate) fn tell_leader(unit: &mut Unit<'_>, review: &Review) -> Result<(), ServiceError> {
    if review.facilitator_id == unit.caller.id() {
        return Ok(());
    }
    unit.tell(&Notice { person: review.facilitator_id, about: About::Leads { review: review.id } })
}

/// The case goes into review with the first thing that somebody does to a review that was waiting.
///
/// # Errors
/// An incident has to be resolved first; or what the store reports.
pub(super) fn begin(unit: &mut Unit<'_>, case: &Case) -> Result<(), ServiceError> {
    if matches!(case.state, CaseState::Triaged | CaseState::Responding | CaseState::Resolved) {
        save(unit, case, &case.clone().begin_review()?)?;
    }
    Ok(())
}
