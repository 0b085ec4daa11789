//! What is shown of an action.

use std::collections::BTreeMap;

use nevertwice_domain::action::{Action, DueMove, EffectivenessCheck};
use nevertwice_domain::case::Severity;
use nevertwice_domain::id::ActionId;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ActionRef;
use nevertwice_domain::text::Prose;
use nevertwice_domain::time::Date;
use nevertwice_domain::wording::Field;
use nevertwice_store::{action as actions, case as cases, lesson as lessons};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::step::{allowed, attached, may, today};
use crate::case::Names;
use crate::catalogue::field_values;
use crate::error::ServiceError;
use crate::hint::{HintView, hints};
use crate::procedure;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Shows an action.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowAction {
    /// Its reference.
    pub action: ActionRef,
}

/// An action with its moves and checks.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActionView {
    /// Its reference.
    pub reference: String,
    /// Its version, to be named by a change.
    pub version: u64,
    /// Where it stands.
    pub state: String,
    /// Whether it is owed and its date has passed.
    pub overdue: bool,
    /// The case that it came from.
    pub case: String,
    /// The lesson that it puts to work.
    pub lesson: Option<String>,
    /// What is done.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// `correction`, `corrective` or `improvement`.
    pub purpose: String,
    /// `technical`, `procedural`, `people`, `physical` or `supplier`.
    pub kind: String,
    /// `eliminate`, `engineer`, `detect`, `procedure` or `train`.
    pub strength: String,
    /// Why the strength differs from the rule.
    pub strength_reason: Option<String>,
    /// Who owes it.
    pub owner: String,
    /// When it is due.
    pub due_on: String,
    /// When it was due at first.
    pub original_due_on: String,
    /// The version of the procedure that it was planned under, `shipped` for the one that comes with the program; none of
    /// an action of an import.
    #[serde(default)]
    pub procedure: Option<String>,
    /// The severity whose days counted, 1 to 5.
    #[serde(default)]
    pub procedure_severity: Option<u8>,
    /// The last day on which that version allowed it to be due.
    #[serde(default)]
    pub latest_due_on: Option<String>,
    /// Whether it is due later than that.
    #[serde(default)]
    pub later_than_allowed: bool,
    /// Why that day was chosen.
    #[serde(default)]
    pub due_reason: Option<String>,
    /// The last day on which that version has its effect judged.
    #[serde(default)]
    pub latest_check_on: Option<String>,
    /// When its effect was judged.
    #[serde(default)]
    pub judged_on: Option<String>,
    /// Moves of the date.
    pub moves: Vec<DueMoveView>,
    /// What was done and what shows it.
    pub completion: Option<String>,
    /// When it was completed.
    pub completed_on: Option<String>,
    /// Who completed it.
    pub completed_by: Option<String>,
    /// Why it is not done.
    pub not_doing_reason: Option<String>,
    /// Who approved not doing it.
    pub not_doing_by: Option<String>,
    /// Until when that holds.
    pub not_doing_until: Option<String>,
    /// Values of the company's own fields, by their short names.
    pub fields: BTreeMap<String, String>,
    /// Effectiveness checks.
    pub checks: Vec<CheckView>,
    /// The evidence that is attached to it.
    pub evidence: Vec<ActionEvidenceView>,
    /// The action that did not work and that this one follows.
    pub successor_of: Option<String>,
    /// The actions that follow this one, which did not work.
    pub successors: Vec<String>,
    /// What it was thought to cost, such as `1200.00 EUR`.
    pub planned_cost: Option<String>,
    /// What it did cost.
    pub actual_cost: Option<String>,
    /// Whether the decision not to do it has run out.
    pub decide_again: bool,
    /// What the wording rules ask of its title and description.
    #[serde(default)]
    pub hints: Vec<HintView>,
    /// What the caller may do to it, whatever its state: `edit_case`, `complete_action`, `approve`.
    #[serde(default)]
    pub may: Vec<String>,
}

/// A piece of evidence that is attached to an action.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActionEvidenceView {
    /// Identity.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is, if it is a link.
    pub link: Option<String>,
    /// Whether it was named as showing that the action is done.
    pub shows_completion: bool,
}

/// A move of the due date.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DueMoveView {
    /// The date before.
    pub from_on: String,
    /// The date after.
    pub to_on: String,
    /// Why.
    pub reason: String,
    /// When it was moved, RFC 3339.
    pub moved_at: String,
    /// Who moved it.
    pub moved_by: String,
}

/// An effectiveness check.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckView {
    /// What is measured.
    pub measure: String,
    /// When.
    pub planned_on: String,
    /// Who is asked to judge.
    pub judge: Option<String>,
    /// `effective`, `not_effective` or `too_early`.
    pub outcome: Option<String>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Who judged.
    pub judged_by: Option<String>,
    /// When, RFC 3339.
    pub judged_at: Option<String>,
    /// Whether it is looked at later than the procedure allows that the action was planned under.
    #[serde(default)]
    pub later_than_allowed: bool,
    /// Why it is looked at then.
    #[serde(default)]
    pub late_reason: Option<String>,
    /// Why it could be judged effective before that day.
    #[serde(default)]
    pub early_reason: Option<String>,
}

impl DueMoveView {
    fn of(due_move: &DueMove, names: &Names) -> Self {
        Self {
            from_on: due_move.from_on.to_string(),
            to_on: due_move.to_on.to_string(),
            reason: due_move.reason.to_string(),
            moved_at: due_move.moved_at.to_string(),
            moved_by: names.person(due_move.moved_by),
        }
    }
}

impl CheckView {
    fn of(check: &EffectivenessCheck, action: &Action, names: &Names) -> Self {
        Self {
            measure: check.measure.to_string(),
            planned_on: check.planned_on.to_string(),
            judge: check.judge_id.map(|id| names.person(id)),
            outcome: check.outcome.map(|outcome| outcome.to_string()),
            evidence: check.evidence.as_ref().map(ToString::to_string),
            judged_by: check.judged_by.map(|id| names.person(id)),
            judged_at: check.judged_at.map(|at| at.to_string()),
            later_than_allowed: action.is_late_check(check.planned_on),
            late_reason: check.late_reason.as_ref().map(ToString::to_string),
            early_reason: check.early_reason.as_ref().map(ToString::to_string),
        }
    }
}

impl UseCase for ShowAction {
    type Output = ActionView;
    const NAME: &'static str = "show_action";

    fn run(self, asked: &Asked<'_>) -> Result<ActionView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            let (action, _) = allowed(unit, self.action, Verb::ReadCase)?;
            view_of(unit, &action)
        })
    }
}

/// An action with its moves and checks.
///
/// # Errors
/// What the store reports.
pub(super) fn view_of(unit: &mut Unit<'_>, action: &Action) -> Result<ActionView, ServiceError> {
    let moves = actions::moves(unit.tx, action.id)?;
    let checks = actions::checks(unit.tx, action.id)?;
    let mut people = vec![action.owner_id];
    people.extend([action.completed_by, action.not_doing_by].into_iter().flatten());
    people.extend(moves.iter().map(|m| m.moved_by));
    people.extend(checks.iter().flat_map(|check| [check.judge_id, check.judged_by]).flatten());
    let names = Names::of_people(unit.tx, &people)?;
    let case = cases::get(unit.tx, action.case_id)?
        .ok_or_else(|| ServiceError::not_found(format!("case of action {}", action.reference)))?;
    let may = may(unit, action, &case)?;
    let evidence = evidence_of(unit, action)?;
    let successors = actions::successors(unit.tx, action.id)?;
    let successors = references(unit, &successors)?;
    let successor_of: Vec<_> = action.successor_of.into_iter().collect();
    let successor_of = references(unit, &successor_of)?.pop();
    let lesson = match action.lesson_id {
        Some(id) => lessons::get(unit.tx, id)?.map(|lesson| lesson.reference.to_string()),
        None => None,
    };
    let text = |prose: &Option<Prose>| prose.as_ref().map(ToString::to_string);
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let fields = field_values(unit, &action.fields)?;
    Ok(ActionView {
        fields,
        reference: action.reference.to_string(),
        version: action.version,
        state: action.state.to_string(),
        overdue: action.is_overdue(today(unit)?),
        case: case.reference.to_string(),
        may,
        lesson,
        title: action.title.to_string(),
        description: text(&action.description),
        purpose: action.purpose.to_string(),
        kind: action.kind.to_string(),
        strength: action.strength.to_string(),
        strength_reason: text(&action.strength_reason),
        hints: hints(
            Field::Action,
            std::iter::once(action.title.as_str()).chain(action.description.as_ref().map(Prose::as_str)),
        ),
        owner: names.person(action.owner_id),
        due_on: action.due_on.to_string(),
        original_due_on: action.original_due_on.to_string(),
        procedure: action.procedure_number.map(procedure::name_of),
        procedure_severity: action.procedure_severity.map(Severity::level),
        latest_due_on: day(action.latest_due_on),
        later_than_allowed: action.is_later_than_allowed(),
        due_reason: text(&action.due_reason),
        latest_check_on: day(action.latest_check_on),
        judged_on: day(action.judged_on),
        moves: moves.iter().map(|moved| DueMoveView::of(moved, &names)).collect(),
        completion: text(&action.completion),
        completed_on: day(action.completed_on),
        completed_by: action.completed_by.map(|id| names.person(id)),
        not_doing_reason: text(&action.not_doing_reason),
        not_doing_by: action.not_doing_by.map(|id| names.person(id)),
        not_doing_until: day(action.not_doing_until),
        checks: checks.iter().map(|check| CheckView::of(check, action, &names)).collect(),
        evidence,
        successor_of,
        successors,
        planned_cost: action.planned_cost().map(|amount| amount.to_string()),
        actual_cost: action.actual_cost().map(|amount| amount.to_string()),
        decide_again: action.is_to_decide_again(today(unit)?),
    })
}

/// What is attached to an action. Whoever owes it may read no more of the case than that.
fn evidence_of(unit: &mut Unit<'_>, action: &Action) -> Result<Vec<ActionEvidenceView>, ServiceError> {
    let attached = attached(unit, action)?;
    let shows = |id| action.shown_by.as_ref().is_some_and(|ids| ids.contains(&id));
    Ok(attached
        .into_iter()
        .map(|one| ActionEvidenceView {
            id: one.id.to_string(),
            name: one.name.to_string(),
            link: one.link.as_ref().map(ToString::to_string),
            shows_completion: shows(one.id),
        })
        .collect())
}

/// The references of actions of the same case.
fn references(unit: &mut Unit<'_>, ids: &[ActionId]) -> Result<Vec<String>, ServiceError> {
    Ok(actions::several(unit.tx, ids)?.iter().map(|action| action.reference.to_string()).collect())
}
