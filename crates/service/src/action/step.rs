//! One step of an action at a time.

use std::collections::BTreeSet;

use nevertwice_domain::action::{Action, DueMove};
use nevertwice_domain::approver::Approver;
use nevertwice_domain::case::Case;
use nevertwice_domain::evidence::Evidence;
use nevertwice_domain::id::EvidenceId;
use nevertwice_domain::permission::{Denied, Relation, Verb};
use nevertwice_domain::reference::ActionRef;
use nevertwice_domain::strength::ActionStrength;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_store::visibility::{self, Named};
use nevertwice_store::{action as actions, case as cases, settings};
use serde::{Deserialize, Serialize};

use super::ActionView;
use super::plan::{owner, tell_owner};
use super::view::view_of;
use crate::contributors;
use crate::error::{Kind, ServiceError};
use crate::lesson::follow_actions;
use crate::service::Unit;
use crate::use_case::Change;

/// Work begins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StartAction {
    /// The action.
    pub action: ActionRef,
}

/// Moves the due date; the original date stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MoveAction {
    /// The action.
    pub action: ActionRef,
    /// The new date.
    pub due_on: Date,
    /// Why.
    pub reason: Prose,
}

/// Hands the action to another owner.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HandOverAction {
    /// The action.
    pub action: ActionRef,
    /// Who owes it from now on.
    pub owner: Line,
}

/// Completes the action, saying what shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CompleteAction {
    /// The action.
    pub action: ActionRef,
    /// What was done and what shows it.
    pub evidence: Prose,
    /// When; today if unsaid.
    pub completed_on: Option<Date>,
    /// The evidence that shows it, of what is attached to the action: names or ids.
    #[serde(default)]
    pub shown_by: Vec<Line>,
}

/// Takes a completion back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReopenAction {
    /// The action.
    pub action: ActionRef,
}

/// Decides not to do the action; the caller approves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NotDoingAction {
    /// The action.
    pub action: ActionRef,
    /// Why.
    pub reason: Prose,
    /// Until when that holds.
    pub until: Date,
}

/// Rates the strength by hand.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RateStrength {
    /// The action.
    pub action: ActionRef,
    /// The strength.
    pub strength: ActionStrength,
    /// Why it differs from the rule.
    pub reason: Prose,
}

/// Declares a use case that finds an action, changes it in one step and shows it.
macro_rules! step {
    ($type:ty, $name:literal $(as $action:literal)? $(narrows: $narrows:literal)?, $verb:expr, $step:expr) => {
        impl Change for $type {
            type Output = ActionView;
            const NAME: &'static str = $name;
            $(const ACTION: &'static str = $action;)?
            $(const NARROWS: bool = $narrows;)?

            fn change(&self, unit: &mut Unit<'_>) -> Result<ActionView, ServiceError> {
                let step: fn(&mut Unit<'_>, &Self, Action) -> Result<Action, ServiceError> = $step;
                let (before, _) = allowed(unit, self.action, $verb)?;
                let after = step(unit, self, before.clone())?;
                finish(unit, &before, &after)
            }
        }
    };
}

step!(StartAction, "start_action", Verb::CompleteAction, |_, _, action| Ok(action.start()?));

step!(MoveAction, "move_action", Verb::EditCase, |unit, input, action| {
    let (moved, due_move) =
        action.move_due(input.due_on, input.reason.clone(), unit.caller.id(), unit.moment.at)?;
    note_move(unit, &moved, &due_move)?;
    Ok(moved)
});

// Whoever owed it may know of it for that reason alone.
step!(HandOverAction, "hand_over_action" narrows: true, Verb::EditCase, |unit, input, action| {
    let case = cases::get(unit.tx, action.case_id)?
        .ok_or_else(|| ServiceError::not_found(format!("case of action {}", action.reference)))?;
    let owner = owner(unit, &input.owner, &case)?;
    let handed_over = action.hand_over(owner)?;
    tell_owner(unit, &handed_over)?;
    Ok(handed_over)
});

step!(CompleteAction, "complete_action", Verb::CompleteAction, |unit, input, action| {
    let today = today(unit)?;
    let completed_on = input.completed_on.unwrap_or(today);
    let shown_by = named_evidence(unit, &action, &input.shown_by)?;
    Ok(action.complete(input.evidence.clone(), shown_by, completed_on, unit.caller.id(), today)?)
});

step!(ReopenAction, "reopen_action", Verb::CompleteAction, |unit, _, action| {
    let case = cases::get(unit.tx, action.case_id)?
        .ok_or_else(|| ServiceError::not_found(format!("case of action {}", action.reference)))?;
    case.may_lose()?;
    Ok(action.undo_completion()?)
});

step!(NotDoingAction, "not_doing_action" as "decide_not_doing", Verb::Approve, |unit, input, action| {
    let (by, today) = (approver(unit, &action)?, today(unit)?);
    Ok(action.not_doing(input.reason.clone(), by, input.until, today)?)
});

step!(RateStrength, "rate_strength", Verb::EditCase, |_, input, action| {
    Ok(action.rate_strength(input.strength, input.reason.clone()))
});

/// Keeps a move of an action's due date; the look at its effect moves along.
///
/// # Errors
/// What the store reports.
pub(super) fn note_move(unit: &mut Unit<'_>, moved: &Action, due: &DueMove) -> Result<(), ServiceError> {
    actions::add_move(unit.tx, due, moved.version + 1)?;
    for check in actions::checks(unit.tx, moved.id)? {
        let later = check.clone().moved_with(due, moved.latest_check_on);
        if later != check {
            actions::save_check(unit.tx, &check, &later, moved.version + 1)?;
        }
    }
    Ok(())
}

/// Pieces of evidence of an action by their names or ids.
fn named_evidence(
    unit: &mut Unit<'_>,
    action: &Action,
    names: &[Line],
) -> Result<BTreeSet<EvidenceId>, ServiceError> {
    let attached = attached(unit, action)?;
    let mut ids = BTreeSet::new();
    for name in names {
        let is_meant = |one: &&Evidence| one.name == *name || one.id.to_string() == name.as_str();
        let Some(found) = attached.iter().find(is_meant) else {
            let message =
                format!("{} has no evidence {name}; attach it to the action first", action.reference);
            return Err(ServiceError::invalid("shown_by", "action.other_evidence", message));
        };
        ids.insert(found.id);
    }
    Ok(ids)
}

/// The evidence that is attached to an action.
///
/// # Errors
/// What the store reports.
pub(super) fn attached(unit: &mut Unit<'_>, action: &Action) -> Result<Vec<Evidence>, ServiceError> {
    let mut all = cases::evidence(unit.tx, action.case_id)?;
    all.retain(|one| one.action_id == Some(action.id));
    Ok(all)
}

/// Today in the company's time zone.
pub(super) fn today(unit: &mut Unit<'_>) -> Result<Date, ServiceError> {
    Ok(unit.moment.at.date_in(&settings::get(unit.tx)?.time_zone.zone()))
}

/// The action with its case, if the caller may do something to it.
///
/// # Errors
/// There is none, the caller may not know of it, or may not do this.
pub(crate) fn allowed(
    unit: &mut Unit<'_>,
    reference: ActionRef,
    verb: Verb,
) -> Result<(Action, Case), ServiceError> {
    let not_found = || ServiceError::not_found(format!("action {reference}"));
    if !visibility::is_known(unit.tx, Named::Action(reference), unit.caller.id())? {
        return Err(not_found());
    }
    let action = actions::find(unit.tx, reference)?.ok_or_else(not_found)?;
    let case = cases::get(unit.tx, action.case_id)?.ok_or_else(not_found)?;
    let is_owner = action.owner_id == unit.caller.id();
    let relation = relation(unit, &action, &case, verb)?;
    // The owner of an action sees it even without seeing the register.
    if verb == Verb::ReadCase && is_owner && !relation.shut_out {
        unit.caller.within(verb.scope())?;
        return Ok((action, case));
    }
    match unit.caller.may_in(verb, relation, format!("action {reference}")) {
        Err(error) if error.kind == Kind::NotFound && is_owner && !relation.shut_out => {
            Err(ServiceError::denied(Denied::Forbidden { verb }, reference))
        }
        other => other.map(|()| (action, case)),
    }
}

/// The caller as somebody who approves or judges an action.
///
/// # Errors
/// What the store reports.
pub(super) fn approver(unit: &mut Unit<'_>, action: &Action) -> Result<Approver, ServiceError> {
    Ok(Approver::new(unit.caller.id(), &contributors::owners(unit.tx, action.id)?))
}

/// How the caller stands to an action when it comes to doing something.
fn relation(unit: &mut Unit<'_>, action: &Action, case: &Case, verb: Verb) -> Result<Relation, ServiceError> {
    let me = unit.caller.id();
    let is_owner = action.owner_id == me;
    let base = unit.caller.relation(case);
    Ok(Relation {
        // A check is judged by whoever is asked to or works on the case, an action completed by whoever owes it.
        named: if verb == Verb::Approve { base.assigned || is_judge(unit, action)? } else { is_owner },
        author: verb == Verb::Approve && action.is_work_of(approver(unit, action)?),
        ..base
    })
}

/// What the caller may do to an action, so that nobody is shown a way that ends at a refusal.
///
/// # Errors
/// What the store reports.
pub(super) fn may(unit: &mut Unit<'_>, action: &Action, case: &Case) -> Result<Vec<String>, ServiceError> {
    let mut may = Vec::new();
    for verb in [Verb::EditCase, Verb::CompleteAction, Verb::Approve] {
        let relation = relation(unit, action, case, verb)?;
        if unit.caller.may_in(verb, relation, "action").is_ok() {
            may.push(verb.as_str().to_owned());
        }
    }
    Ok(may)
}

fn is_judge(unit: &mut Unit<'_>, action: &Action) -> Result<bool, ServiceError> {
    let checks = actions::checks(unit.tx, action.id)?;
    Ok(checks.iter().any(|check| check.outcome.is_none() && check.judge_id == Some(unit.caller.id())))
}

/// Writes a changed action, lets its lesson follow, and shows it.
///
/// # Errors
/// What the store reports.
pub(super) fn finish(
    unit: &mut Unit<'_>,
    before: &Action,
    after: &Action,
) -> Result<ActionView, ServiceError> {
    let saved = actions::save(unit.tx, before, after)?;
    if let Some(lesson) = saved.lesson_id {
        follow_actions(unit, lesson)?;
    }
    view_of(unit, &saved)
}
