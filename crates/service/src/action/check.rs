//! Effectiveness checks: planned with the action, judged by somebody else.

use nevertwice_domain::action::{
    Action, ActionError, CheckOutcome, EffectivenessCheck, Judgement, Successor,
};
use nevertwice_domain::approver::Approver;
use nevertwice_domain::case::Case;
use nevertwice_domain::id::PersonId;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ActionRef;
use nevertwice_domain::refusal::Refusal as _;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_store::{action as actions, case as cases, counter, person as people};
use serde::{Deserialize, Serialize};

use super::ActionView;
use super::plan::{due, fit_owner, tell_owner};
use super::step::{allowed, approver, finish, today};
use super::view::view_of;
use crate::contributors;
use crate::error::ServiceError;
use crate::fit::could;
use crate::lesson::did_not_hold;
use crate::person::named;
use crate::procedure::allowance;
use crate::service::Unit;
use crate::use_case::Change;

/// What is looked at if nobody says anything better.
const USUAL_MEASURE: &str =
    "Whether the same has happened again, and whether what was done is still in place and is used.";

/// Plans the check of an action; says something else of it as long as nobody has judged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanCheck {
    /// The action.
    pub action: ActionRef,
    /// What will be measured.
    pub measure: Prose,
    /// When; on the last day that the procedure allows if unsaid.
    pub planned_on: Option<Date>,
    /// Why then; has to be said where it is later than the procedure allows, or earlier than planned before.
    #[serde(default)]
    pub reason: Option<Prose>,
    /// Who is asked to judge.
    pub judge: Option<Line>,
}

/// A check as somebody wants it.
pub(super) struct CheckPlan {
    pub(super) measure: Prose,
    pub(super) on: Option<Date>,
    pub(super) reason: Option<Prose>,
    pub(super) judge_id: Option<PersonId>,
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
    /// Why it can already be told that it works; has to be said before the day for which the look was planned.
    #[serde(default)]
    pub early_reason: Option<Prose>,
    /// When it will be looked at again, if it is too early to tell.
    pub again_on: Option<Date>,
    /// What is done next, if it does not work; the same if unsaid.
    #[serde(default)]
    pub next_title: Option<Line>,
    /// Who owes that; the same person if unsaid.
    #[serde(default)]
    pub next_owner: Option<Line>,
    /// By when; on the last day that the procedure allows if unsaid.
    #[serde(default)]
    pub next_due_on: Option<Date>,
    /// Why then; has to be said where it is later than the procedure allows.
    #[serde(default)]
    pub next_due_reason: Option<Prose>,
}

impl Change for PlanCheck {
    type Output = ActionView;
    const NAME: &'static str = "plan_check";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ActionView, ServiceError> {
        let (action, case) = allowed(unit, self.action, Verb::EditCase)?;
        let judge_id = judge(unit, &action, self.judge.as_ref())?;
        let (measure, on, reason) = (self.measure.clone(), self.planned_on, self.reason.clone());
        plan(unit, (&action, &case), CheckPlan { measure, on, reason, judge_id }, "planned_on")?;
        view_of(unit, &action)
    }
}

impl Change for CheckAction {
    type Output = ActionView;
    const NAME: &'static str = "check_action";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ActionView, ServiceError> {
        let (before, case) = allowed(unit, self.action, Verb::Approve)?;
        let planned = actions::checks(unit.tx, before.id)?
            .into_iter()
            .find(|check| check.outcome.is_none())
            .ok_or(ActionError::NoCheckPlanned)?;
        let moment = (unit.moment.at, today(unit)?);
        let by = approver(unit, &before)?;
        let (after, judged) = before.clone().judge(planned.clone(), self.judgement(), by, moment)?;
        actions::save_check(unit.tx, &planned, &judged, before.version + 1)?;
        if self.outcome == CheckOutcome::TooEarly {
            let again = self.again_on.ok_or_else(|| {
                let message = "it is too early to tell; say when to look again";
                ServiceError::invalid("again_on", "check.again_missing", message)
            })?;
            // What makes it too early to tell is why it is looked at later.
            let reason = before.is_late_check(again).then(|| self.evidence.clone());
            let next = CheckPlan {
                measure: planned.measure.clone(),
                on: Some(again),
                reason,
                judge_id: planned.judge_id,
            };
            plan(unit, (&before, &case), next, "again_on")?;
        }
        let view = finish(unit, &before, &after)?;
        if self.outcome != CheckOutcome::NotEffective {
            return Ok(view);
        }
        // The lesson is asked for again: what else is under way, or planned next, does not bring it back unasked.
        if let Some(lesson) = after.lesson_id {
            did_not_hold(unit, lesson)?;
        }
        self.open_successor(unit, (&after, &case), &planned)?;
        // Whoever was asked to judge has judged, and may know no more of it than this answer tells.
        let judged = actions::get(unit.tx, before.id)?.unwrap_or(after);
        view_of(unit, &judged)
    }
}

impl CheckAction {
    fn judgement(&self) -> Judgement {
        Judgement {
            outcome: self.outcome,
            evidence: self.evidence.clone(),
            early_reason: self.early_reason.clone(),
        }
    }

    /// Plans what is done instead of an action that does not work, to be looked at in the same way, and tells whoever owes
    /// it.
    fn open_successor(
        &self,
        unit: &mut Unit<'_>,
        (failed, case): (&Action, &Case),
        looked: &EffectivenessCheck,
    ) -> Result<(), ServiceError> {
        let owner_id = match &self.next_owner {
            Some(name) => fit_owner(&named(unit, name, "next_owner")?, case),
            None => people::get(unit.tx, failed.owner_id)?.map_or_else(
                || Err(ServiceError::not_found("owner of the action")),
                |person| fit_owner(&person, case),
            ),
        };
        let owner_id = owner_id.map_err(|error| match error.fields.first() {
            Some(field) => ServiceError::invalid("next_owner", &error.code, &field.message),
            None => error,
        })?;
        let (on, reason) = (self.next_due_on, self.next_due_reason.as_ref());
        let due = due(unit, case, on, reason, "next_due_on")?;
        let today = today(unit)?;
        let next = failed.succeeded_by(Successor {
            id: unit.moment.id(),
            reference: counter::next::<ActionRef>(unit.tx, today.year())?,
            title: self.next_title.clone().unwrap_or_else(|| failed.title.clone()),
            owner_id,
            due,
            at: unit.moment.at,
            by: unit.caller.id(),
        })?;
        actions::insert(unit.tx, std::slice::from_ref(&next))?;
        let judge_id = looked.judge_id.filter(|judge| *judge != owner_id);
        let check = CheckPlan { measure: looked.measure.clone(), on: None, reason: None, judge_id };
        plan(unit, (&next, case), check, "next_due_on")?;
        tell_owner(unit, &next)
    }
}

/// What is looked at if nobody says anything better.
///
/// # Errors
/// Never: the text is one.
pub(super) fn usual_measure() -> Result<Prose, ServiceError> {
    Prose::parse(USUAL_MEASURE).map_err(ServiceError::internal)
}

/// The person who will be asked to judge: nobody who owes the action, owed it before or completed it.
///
/// # Errors
/// Nobody of that name, a team, somebody who left, or who would judge their own work.
pub(super) fn judge(
    unit: &mut Unit<'_>,
    action: &Action,
    name: Option<&Line>,
) -> Result<Option<PersonId>, ServiceError> {
    let Some(name) = name else { return Ok(None) };
    let person = named(unit, name, "judge")?;
    let owners = contributors::owners(unit.tx, action.id)?;
    if action.is_work_of(Approver::new(person.id, &owners)) {
        let message =
            format!("{name} owes the action, owed it or completed it; somebody else judges whether it works");
        return Err(ServiceError::invalid("judge", "check.owner_judges", message));
    }
    let unfit = |message| Err(ServiceError::invalid("judge", "check.judge_unfit", message));
    if !person.can_own() {
        return unfit(format!("{name} is a team or has left; name the one person who will judge"));
    }
    let case = cases::get(unit.tx, action.case_id)?;
    if !case.is_some_and(|case| could(&person, Verb::Approve, &case)) {
        return unfit(format!(
            "{name} could not judge it: no role of theirs does; name a responder or a manager"
        ));
    }
    Ok(Some(person.id))
}

/// Plans the check of an action, in place of one that nobody has judged yet. `field` is what the day is called in the
/// input.
///
/// # Errors
/// A day later than the procedure allows that the action was planned under, without a reason.
pub(super) fn plan(
    unit: &mut Unit<'_>,
    (action, case): (&Action, &Case),
    check: CheckPlan,
    field: &str,
) -> Result<(), ServiceError> {
    // An action that no version asked for is looked at when the one in force would have it looked at.
    let asked_for = match action.latest_check_on {
        Some(latest) => latest,
        None => allowance(unit, case)?.latest_check_on(action.due_on),
    };
    let days = (asked_for, today(unit)?);
    let planned_on = action
        .check_day(check.on, check.reason.as_ref(), days)
        .map_err(|error| ServiceError::invalid(field, error.code(), error))?;
    let checks = actions::checks(unit.tx, action.id)?;
    let open = checks.into_iter().find(|check| check.outcome.is_none());
    // Where nobody says when, it is the procedure's day.
    if let (Some(open), true) = (&open, check.on.is_some()) {
        open.may_be_on(planned_on, check.reason.as_ref())
            .map_err(|error| ServiceError::invalid(field, error.code(), error))?;
    }
    let check = EffectivenessCheck {
        id: open.as_ref().map_or_else(|| unit.moment.id(), |open| open.id),
        action_id: action.id,
        measure: check.measure,
        planned_on,
        judge_id: check.judge_id,
        outcome: None,
        evidence: None,
        judged_by: None,
        judged_at: None,
        late_reason: check.reason,
        early_reason: None,
    };
    match open {
        Some(open) => actions::save_check(unit.tx, &open, &check, action.version)?,
        None => actions::add_check(unit.tx, &check, action.version)?,
    }
    Ok(())
}
