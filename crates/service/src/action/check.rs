//! Effectiveness checks: planned with the action, judged by somebody else.

use nevertwice_domain::action::{Action, ActionError, CheckOutcome, EffectivenessCheck};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ActionRef;
use nevertwice_domain::text::Prose;
use nevertwice_domain::time::Date;
use nevertwice_store::action as actions;
use serde::{Deserialize, Serialize};

use super::ActionView;
use super::step::{allowed, finish};
use super::view::view_of;
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Plans a check.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanCheck {
    /// The action.
    pub action: ActionRef,
    /// What will be measured.
    pub measure: Prose,
    /// When.
    pub planned_on: Date,
}

/// Judges whether an action works.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckAction {
    /// The action.
    pub action: ActionRef,
    /// What was found.
    pub outcome: CheckOutcome,
    /// What shows it.
    pub evidence: Prose,
    /// When it will be looked at again, if it is too early to tell.
    pub again_on: Option<Date>,
}

impl UseCase for PlanCheck {
    type Output = ActionView;
    const NAME: &'static str = "plan_check";

    fn run(self, asked: &Asked<'_>) -> Result<ActionView, ServiceError> {
        let done = asked.service.write(asked.identity, "plan_check", move |unit| {
            let (action, _) = allowed(unit, self.action, Verb::EditCase)?;
            plan(unit, &action, self.measure.clone(), self.planned_on)?;
            view_of(unit, &action)
        })?;
        Ok(done.value)
    }
}

impl UseCase for CheckAction {
    type Output = ActionView;
    const NAME: &'static str = "check_action";

    fn run(self, asked: &Asked<'_>) -> Result<ActionView, ServiceError> {
        let done = asked.service.write(asked.identity, "check_action", move |unit| {
            let (before, _) = allowed(unit, self.action, Verb::Approve)?;
            let planned = actions::checks(unit.tx, before.id)?
                .into_iter()
                .find(|check| check.outcome.is_none())
                .ok_or(ActionError::NoCheckPlanned)?;
            let (after, judged) = before.clone().judge(
                planned.clone(),
                self.outcome,
                self.evidence.clone(),
                unit.caller.id(),
                unit.moment.at,
            )?;
            actions::save_check(unit.tx, &planned, &judged, before.version + 1)?;
            if self.outcome == CheckOutcome::TooEarly {
                let again = self.again_on.ok_or_else(|| {
                    let message = "it is too early to tell; say when to look again";
                    ServiceError::invalid("again_on", "check.again_missing", message)
                })?;
                plan(unit, &before, planned.measure, again)?;
            }
            finish(unit, &before, &after)
        })?;
        Ok(done.value)
    }
}

fn plan(unit: &mut Unit<'_>, action: &Action, measure: Prose, planned_on: Date) -> Result<(), ServiceError> {
    let check = EffectivenessCheck {
        id: unit.moment.id(),
        action_id: action.id,
        measure,
        planned_on,
        outcome: None,
        evidence: None,
        judged_by: None,
        judged_at: None,
    };
    Ok(actions::add_check(unit.tx, &check, action.version)?)
}
