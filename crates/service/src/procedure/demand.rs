//! What the procedure asks of one case.

use nevertwice_domain::action::Allowance;
use nevertwice_domain::case::{Case, Class};
use nevertwice_domain::procedure::{ReviewRule, Rules, version_in_words};
use nevertwice_domain::review::Review;
use nevertwice_domain::text::Prose;
use nevertwice_domain::time::Date;
use nevertwice_store::settings;

use super::{InForce, on, rules_of, today};
use crate::error::ServiceError;
use crate::service::Unit;

/// The review that a case needs under a version of the procedure.
#[derive(Debug, Clone)]
pub(crate) struct Demand {
    /// The version.
    pub(crate) procedure: u32,
    /// The place of the rule, from 1.
    pub(crate) place: u32,
    /// The rule.
    pub(crate) rule: ReviewRule,
    /// By when it is to be held.
    pub(crate) due_on: Date,
}

impl Demand {
    /// What asked for the review, as it is kept with it.
    pub(crate) fn trigger(&self) -> Result<Prose, ServiceError> {
        let Self { procedure, place, rule, .. } = self;
        let version = version_in_words(*procedure);
        Prose::parse(&format!("rule {place} of {version}: {rule}")).map_err(ServiceError::internal)
    }
}

/// What the procedure that is in force today asks of a case.
///
/// # Errors
/// What the store reports.
pub(crate) fn demand(unit: &mut Unit<'_>, case: &Case) -> Result<Demand, ServiceError> {
    let today = today(unit)?;
    let InForce { number, rules } = on(unit.tx, today)?;
    of(unit, case, number, &rules)
}

/// What the version that a review runs under asks of its case; what is in force today, if it runs under none.
///
/// # Errors
/// What the store reports.
pub(crate) fn demand_under(
    unit: &mut Unit<'_>,
    case: &Case,
    review: &Review,
) -> Result<Demand, ServiceError> {
    let Some(number) = review.procedure_number else { return demand(unit, case) };
    match rules_of(unit.tx, number)? {
        Some(rules) => of(unit, case, number, &rules),
        None => demand(unit, case),
    }
}

/// The rule that a review runs under.
///
/// # Errors
/// What the store reports.
pub(crate) fn rule_of(unit: &mut Unit<'_>, review: &Review) -> Result<Option<ReviewRule>, ServiceError> {
    let (Some(number), Some(place)) = (review.procedure_number, review.procedure_rule) else {
        return Ok(None);
    };
    let rules = rules_of(unit.tx, number)?;
    let at = usize::try_from(place).unwrap_or_default().checked_sub(1);
    Ok(rules.zip(at).and_then(|(rules, at)| rules.reviews.get(at).cloned()))
}

fn of(unit: &mut Unit<'_>, case: &Case, number: u32, rules: &Rules) -> Result<Demand, ServiceError> {
    let found = rules.review_of(case.class, case.severity, case.category.as_ref());
    let (place, rule) = found.ok_or_else(|| ServiceError::internal("a procedure with a case in no rule"))?;
    let due_on = rules.calendar.after(begins(unit, case)?, rule.within_days);
    Ok(Demand { procedure: number, place, rule: rule.clone(), due_on })
}

/// The day from which the days count: of an incident when it was resolved, otherwise when it was triaged; today for what
/// is not known to the day.
fn begins(unit: &mut Unit<'_>, case: &Case) -> Result<Date, ServiceError> {
    let zone = settings::get(unit.tx)?.time_zone.zone();
    let today = unit.moment.at.date_in(&zone);
    let from = match case.class {
        Class::Incident => case.resolved.or(case.acknowledged),
        _ => case.acknowledged,
    };
    let day = |when: nevertwice_domain::when::When| match when.offset_minutes() {
        // An instant is a day in the company's time zone; a date is the day that it says.
        Some(_) => Some(nevertwice_domain::time::Timestamp::from_millis(when.sort_millis()).date_in(&zone)),
        None => when.date(),
    };
    Ok(from.and_then(day).unwrap_or(today).min(today))
}

/// What the procedure that is in force allows of an action that is planned for a case today.
///
/// # Errors
/// What the store reports.
pub(crate) fn allowance(unit: &mut Unit<'_>, case: &Case) -> Result<Allowance, ServiceError> {
    let today = today(unit)?;
    let InForce { number, rules } = on(unit.tx, today)?;
    Ok(rules.allowance(number, today, case.severity))
}
