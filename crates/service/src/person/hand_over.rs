//! Handing everything that a person owes to another one, in one unit: what can be is, what cannot is told with its reason.

use std::collections::BTreeSet;

use nevertwice_domain::action::Action;
use nevertwice_domain::approver::Approver;
use nevertwice_domain::asset::Asset;
use nevertwice_domain::case::{Case, CaseEdit};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::person::Person;
use nevertwice_domain::text::Line;
use nevertwice_store::review::ReviewWithCauses;
use nevertwice_store::{action as actions, catalogue, review as reviews};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::named;
use super::owed::{Debts, is_about_one};
use crate::action::{fit_owner, tell_owner};
use crate::case::save;
use crate::contributors;
use crate::control;
use crate::error::ServiceError;
use crate::fit::could;
use crate::procedure::rule_of;
use crate::review::{may_lead, tell_leader};
use crate::risk;
use crate::service::Unit;
use crate::use_case::Change;

/// Hands everything that a person owes to another one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HandOverEverything {
    /// Who owes it.
    pub person: Line,
    /// Who owes it from now on.
    pub to: Line,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HandedOver {
    /// Who owed it.
    pub person: String,
    /// Who owes it now.
    pub to: String,
    /// The references of what was handed over.
    pub done: Vec<String>,
    /// What was not, and why.
    pub refused: Vec<NotHandedOver>,
}

/// Something that was not handed over.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NotHandedOver {
    /// Its reference.
    pub reference: String,
    /// Why.
    pub reason: String,
}

impl Change for HandOverEverything {
    type Output = HandedOver;
    const NAME: &'static str = "hand_over_everything";
    // Whoever owed an action may know of it for that reason alone.
    const NARROWS: bool = true;

    fn change(&self, unit: &mut Unit<'_>) -> Result<HandedOver, ServiceError> {
        unit.caller.may(Verb::EditCatalogue)?;
        let from = named(unit, &self.person, "person")?;
        let to = named(unit, &self.to, "to")?;
        if from.id == to.id {
            let message = format!("{} owes it already; name somebody else", to.name);
            return Err(ServiceError::invalid("to", "hand_over.same_person", message));
        }
        if !to.can_own() {
            let message = format!("{} is a team or has left; name one person who is there", to.name);
            return Err(ServiceError::invalid("to", "hand_over.person_unfit", message));
        }
        let debts = Debts::read(unit, from.id)?;
        let mut told = HandedOver {
            person: from.name.to_string(),
            to: to.name.to_string(),
            done: Vec::new(),
            refused: Vec::new(),
        };
        for case in debts.cases {
            let outcome = hand_over_response(unit, &case, &from, &to);
            told.note(unit, &case, &case.reference.to_string(), outcome)?;
        }
        for (action, case) in debts.actions {
            let outcome = hand_over_action(unit, &action, &case, &to);
            told.note(unit, &case, &action.reference.to_string(), outcome)?;
        }
        for (action, case) in debts.checks {
            let outcome = hand_over_checks(unit, &action, &case, &from, &to);
            told.note(unit, &case, &action.reference.to_string(), outcome)?;
        }
        for (review, case) in debts.reviews {
            let outcome = hand_over_review(unit, &review, &case, &to);
            told.note(unit, &case, &review.review.reference.to_string(), outcome)?;
        }
        for asset in debts.assets {
            let after = Asset { owner_id: Some(to.id), ..asset.clone() };
            catalogue::save_asset(unit.tx, &asset, after)?;
            told.done.push(asset.reference.to_string());
        }
        for one in
            debts.risks.iter().filter(|one| risk::may_know(&unit.caller, one)).cloned().collect::<Vec<_>>()
        {
            let outcome = risk::hand_over(unit, &one, &to);
            told.told(one.reference.to_string(), outcome)?;
        }
        for one in &debts.controls {
            let outcome = control::hand_over(unit, one, &to);
            told.told(one.reference.to_string(), outcome)?;
        }
        Ok(told)
    }
}

impl HandedOver {
    /// Notes what became of one thing. What the caller may not know of is not spoken of.
    fn note(
        &mut self,
        unit: &Unit<'_>,
        case: &Case,
        reference: &str,
        outcome: Result<(), ServiceError>,
    ) -> Result<(), ServiceError> {
        let relation = unit.caller.relation(case);
        let reads = unit.caller.roles_allow(Verb::ReadCase, relation, "case").is_ok();
        match outcome {
            Err(error) if is_about_one(&error) && !reads => Ok(()),
            outcome => self.told(reference.to_owned(), outcome),
        }
    }

    /// Notes what became of one thing that the caller knows of.
    fn told(&mut self, reference: String, outcome: Result<(), ServiceError>) -> Result<(), ServiceError> {
        match outcome {
            Ok(()) => self.done.push(reference),
            Err(error) if is_about_one(&error) => {
                let reason = error.fields.first().map_or(error.message, |field| field.message.clone());
                self.refused.push(NotHandedOver { reference, reason });
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

fn hand_over_response(
    unit: &mut Unit<'_>,
    case: &Case,
    from: &Person,
    to: &Person,
) -> Result<(), ServiceError> {
    unit.caller.may_to_case(Verb::EditCase, case)?;
    fit_for(to, None, case)?;
    let edit = CaseEdit {
        add_responders: BTreeSet::from([to.id]),
        remove_responders: BTreeSet::from([from.id]),
        ..CaseEdit::default()
    };
    save(unit, case, &case.clone().edit(edit)?)?;
    Ok(())
}

fn hand_over_action(
    unit: &mut Unit<'_>,
    action: &Action,
    case: &Case,
    to: &Person,
) -> Result<(), ServiceError> {
    unit.caller.may_to_case(Verb::EditCase, case)?;
    let owner = fit_owner(to, case)?;
    let handed_over = action.clone().hand_over(owner)?;
    let saved = actions::save(unit.tx, action, &handed_over)?;
    tell_owner(unit, &saved)
}

fn hand_over_checks(
    unit: &mut Unit<'_>,
    action: &Action,
    case: &Case,
    from: &Person,
    to: &Person,
) -> Result<(), ServiceError> {
    unit.caller.may_to_case(Verb::EditCase, case)?;
    fit_for(to, Some(Verb::Approve), case)?;
    // It may have been handed over a moment ago.
    let before = actions::get(unit.tx, action.id)?.unwrap_or_else(|| action.clone());
    let owners = contributors::owners(unit.tx, action.id)?;
    if before.is_work_of(Approver::new(to.id, &owners)) {
        let message = format!(
            "{} owes the action, owed it or completed it; somebody else judges whether it works",
            to.name
        );
        return Err(ServiceError::invalid("to", "check.owner_judges", message));
    }
    let saved = actions::save(unit.tx, &before, &before)?;
    for check in actions::checks(unit.tx, action.id)? {
        if check.outcome.is_none() && check.judge_id == Some(from.id) {
            let mut after = check.clone();
            after.judge_id = Some(to.id);
            actions::save_check(unit.tx, &check, &after, saved.version)?;
        }
    }
    Ok(())
}

fn hand_over_review(
    unit: &mut Unit<'_>,
    before: &ReviewWithCauses,
    case: &Case,
    to: &Person,
) -> Result<(), ServiceError> {
    unit.caller.may_to_case(Verb::EditCase, case)?;
    fit_for(to, None, case)?;
    let review = before.review.clone().led_by(to.id)?;
    if let Some(rule) = rule_of(unit, &review)? {
        may_lead(unit, &review, &rule)?;
    }
    fit_for(to, Some(Verb::EditCase), case)?;
    let after = before.with_review(review);
    reviews::save(unit.tx, before, &after)?;
    tell_leader(unit, &after.review)
}

/// Whether somebody can respond to a case, or do something to what belongs to it: lead, judge.
fn fit_for(to: &Person, verb: Option<Verb>, case: &Case) -> Result<(), ServiceError> {
    if case.shuts_out(to.id) {
        let message = format!(
            "{} is not on the need-to-know list of {}; put them on it first",
            to.name, case.reference
        );
        return Err(ServiceError::invalid("to", "hand_over.shut_out", message));
    }
    if verb.is_some_and(|verb| !could(to, verb, case)) {
        let message = format!(
            "no role of {} does that for {}; name a manager, or put a responder to work on it first",
            to.name, case.reference
        );
        return Err(ServiceError::invalid("to", "hand_over.person_unfit", message));
    }
    Ok(())
}
