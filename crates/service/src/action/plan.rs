//! Planning an action: exactly one named person owes it by a date.

use nevertwice_domain::action::{Action, ActionKind, ActionPurpose, Due, NewAction as Planned};
use nevertwice_domain::case::Case;
use nevertwice_domain::id::PersonId;
use nevertwice_domain::permission::{Grant, Role, Verb, grant};
use nevertwice_domain::person::{Person, PersonKind};
use nevertwice_domain::reference::{ActionRef, CaseRef, LessonRef};
use nevertwice_domain::refusal::Refusal as _;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_store::visibility::{self, Named};
use nevertwice_store::{action as actions, counter, lesson as lessons, settings};
use serde::{Deserialize, Serialize};

use super::ActionView;
use super::check::{CheckPlan, judge, plan, usual_measure};
use super::view::view_of;
use crate::case::editable;
use crate::error::ServiceError;
use crate::lesson::follow_actions;
use crate::mail::{About, Notice};
use crate::person::named;
use crate::procedure::allowance;
use crate::service::Unit;
use crate::use_case::Change;

/// Plans an action for a case or one of its lessons.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewAction {
    /// The case that it comes from.
    pub case: CaseRef,
    /// The lesson that it puts to work.
    pub lesson: Option<LessonRef>,
    /// What will be done.
    pub title: Line,
    /// More about it.
    pub description: Option<Prose>,
    /// Why.
    pub purpose: ActionPurpose,
    /// What it changes.
    pub kind: ActionKind,
    /// The one person who owes it.
    pub owner: Line,
    /// By when; on the last day that the procedure allows if unsaid.
    pub due_on: Option<Date>,
    /// Why then; has to be said where it is later than the procedure allows.
    #[serde(default)]
    pub due_reason: Option<Prose>,
    /// What will be measured to see whether it works; whether the same happens again if unsaid.
    pub check_measure: Option<Prose>,
    /// When; on the last day that the procedure allows if unsaid.
    pub check_on: Option<Date>,
    /// Why then; has to be said where it is later than the procedure allows.
    #[serde(default)]
    pub check_reason: Option<Prose>,
    /// Who is asked to judge.
    pub check_by: Option<Line>,
}

impl Change for NewAction {
    type Output = ActionView;
    const NAME: &'static str = "new_action";
    const ACTION: &'static str = "plan_action";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ActionView, ServiceError> {
        let case = editable(unit, self.case, None)?;
        let owner_id = owner(unit, &self.owner, &case)?;
        let lesson_id = match self.lesson {
            None => None,
            Some(reference) => Some(lesson_of_case(unit, reference, &case)?),
        };
        let due = due(unit, &case, self.due_on, self.due_reason.as_ref(), "due_on")?;
        let zone = settings::get(unit.tx)?.time_zone.zone();
        let action = Action::plan(Planned {
            id: unit.moment.id(),
            reference: counter::next::<ActionRef>(unit.tx, unit.moment.at.date_in(&zone).year())?,
            case_id: case.id,
            lesson_id,
            title: self.title.clone(),
            description: self.description.clone(),
            purpose: self.purpose,
            kind: self.kind,
            owner_id,
            due,
            at: unit.moment.at,
            by: unit.caller.id(),
        });
        actions::insert(unit.tx, std::slice::from_ref(&action))?;
        tell_owner(unit, &action)?;
        self.plan_check(unit, &action, &case)?;
        if let Some(lesson) = lesson_id {
            follow_actions(unit, lesson)?;
        }
        view_of(unit, &action)
    }
}

impl NewAction {
    /// Done is not yet effective: whether it works is always looked at, on the last day for it if nobody says when.
    fn plan_check(&self, unit: &mut Unit<'_>, action: &Action, case: &Case) -> Result<(), ServiceError> {
        let measure = self.check_measure.clone().map_or_else(usual_measure, Ok)?;
        let judge_id = judge(unit, action, self.check_by.as_ref())?;
        let check = CheckPlan { measure, on: self.check_on, reason: self.check_reason.clone(), judge_id };
        plan(unit, (action, case), check, "check_on")
    }
}

/// By when an action is due that is planned for a case now: whoever plans one, in whatever way, asks here. `field` is
/// what the day is called in the input.
///
/// # Errors
/// A day later than the procedure in force allows, without a reason.
pub(super) fn due(
    unit: &mut Unit<'_>,
    case: &Case,
    on: Option<Date>,
    reason: Option<&Prose>,
    field: &str,
) -> Result<Due, ServiceError> {
    let due = allowance(unit, case)?.due(on, reason.cloned());
    due.map_err(|error| ServiceError::invalid(field, error.code(), error))
}

/// Tells somebody that an action is theirs, unless they took it themselves.
///
/// # Errors
/// What the store reports.
pub(crate) fn tell_owner(unit: &mut Unit<'_>, action: &Action) -> Result<(), ServiceError> {
    if action.owner_id == unit.caller.id() {
        return Ok(());
    }
    unit.tell(&Notice { person: action.owner_id, about: About::Given { action: action.id } })
}

/// The person who will owe an action: one human being who has not left.
///
/// # Errors
/// Nobody of that name, a team, somebody who left, or who could not complete it.
pub(super) fn owner(unit: &mut Unit<'_>, name: &Line, case: &Case) -> Result<PersonId, ServiceError> {
    let person = named(unit, name, "owner")?;
    fit_owner(&person, case)
}

/// Whether a person can owe an action of a case.
///
/// # Errors
/// A team, somebody who left, or who could not complete it.
pub(crate) fn fit_owner(person: &Person, case: &Case) -> Result<PersonId, ServiceError> {
    let name = &person.name;
    let unfit = |message| Err(ServiceError::invalid("owner", "action.owner_unfit", message));
    if person.kind == PersonKind::Team {
        return unfit(format!("{name} is a team; name the one person who owes it"));
    }
    if !person.can_own() {
        return unfit(format!("{name} has left; name somebody who is there"));
    }
    // Whoever has no role yet, such as a name from an import, is given one when they are confirmed.
    let completes = |role: &Role| grant(*role, Verb::CompleteAction) != Grant::Never;
    if !person.roles.is_empty() && !person.roles.iter().any(completes) {
        return unfit(format!(
            "{name} has no role that completes actions; name somebody else, or have it added"
        ));
    }
    if case.shuts_out(person.id) {
        let list = format!("the need-to-know list of {}", case.reference);
        return unfit(format!("{name} is not on {list}; put them on it first"));
    }
    Ok(person.id)
}

fn lesson_of_case(
    unit: &mut Unit<'_>,
    reference: LessonRef,
    case: &nevertwice_domain::case::Case,
) -> Result<nevertwice_domain::id::LessonId, ServiceError> {
    let is_known = visibility::is_known(unit.tx, Named::Lesson(reference), unit.caller.id())?;
    match if is_known { lessons::find(unit.tx, reference)? } else { None } {
        Some(lesson) if lesson.cases.contains(&case.id) => Ok(lesson.id),
        _ => {
            let message = format!(
                "{} has no lesson {reference}; draft one of it, or link that lesson to it first",
                case.reference
            );
            Err(ServiceError::invalid("lesson", "action.other_lesson", message))
        }
    }
}
