//! What covers a lesson that has no action of its own: said by one person, approved by another.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::action::{Action, ActionState};
use nevertwice_domain::id::{ActionId, LessonId};
use nevertwice_domain::lesson::{CoverageKind, CoveredBy, Lesson, LessonCoverage};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::{ActionRef, LessonRef};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_store::{action as actions, lesson as lessons};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LessonView, allowed, is_in_use, view_of, visible, visible_actions};
use crate::case::Names;
use crate::error::{Kind, ServiceError};
use crate::service::Unit;
use crate::use_case::Change;

/// What covers a lesson.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CoverageView {
    /// `existing_action`, `control_change` or `accepted_risk`.
    pub kind: String,
    /// The reference of the action, control change or risk.
    pub covered_by: String,
    /// Why that is enough.
    pub reason: String,
    /// Who says so.
    pub declared_by: String,
    /// When, RFC 3339.
    pub declared_at: String,
    /// Who approved it; none while it waits.
    pub approved_by: Option<String>,
    /// When, RFC 3339.
    pub approved_at: Option<String>,
}

/// Says that a lesson needs no action of its own, and what covers it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CoverLesson {
    /// The lesson.
    pub lesson: LessonRef,
    /// What kind of thing covers it.
    pub kind: CoverageKind,
    /// Its reference, such as `ACT-2026-0031`, `C-12`, `A.8.9` or `RSK-0007`.
    pub covered_by: Line,
    /// Why that is enough.
    pub reason: Prose,
}

/// Approves what somebody else said last about what covers a lesson.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApproveCoverage {
    /// The lesson.
    pub lesson: LessonRef,
}

impl Change for CoverLesson {
    type Output = LessonView;
    const NAME: &'static str = "cover_lesson";

    fn change(&self, unit: &mut Unit<'_>) -> Result<LessonView, ServiceError> {
        let before = allowed(unit, self.lesson, Verb::EditCase)?;
        let what = self.covered_by(unit, &before)?;
        let saved = lessons::save(unit.tx, &before, &before)?;
        let coverage = LessonCoverage::declare(
            unit.moment.id(),
            before.id,
            what,
            self.reason.clone(),
            unit.caller.id(),
            unit.moment.at,
        );
        lessons::add_coverage(unit.tx, &coverage, saved.version)?;
        view_of(unit, &saved)
    }
}

impl CoverLesson {
    fn covered_by(&self, unit: &mut Unit<'_>, lesson: &Lesson) -> Result<CoveredBy, ServiceError> {
        match self.kind {
            CoverageKind::ControlChange => Ok(CoveredBy::ControlChange(self.covered_by.clone())),
            CoverageKind::AcceptedRisk => Ok(CoveredBy::AcceptedRisk(self.covered_by.clone())),
            CoverageKind::ExistingAction => {
                let refused = |code, message: String| Err(ServiceError::invalid("covered_by", code, message));
                let reference: ActionRef = match self.covered_by.as_str().parse() {
                    Ok(reference) => reference,
                    Err(error) => return refused("coverage.no_action", format!("{error}")),
                };
                let (action, _) = match crate::action::allowed(unit, reference, Verb::ReadCase) {
                    Err(error) if error.kind == Kind::NotFound => {
                        return refused("coverage.no_action", format!("there is no action {reference}"));
                    }
                    found => found?,
                };
                if action.lesson_id == Some(lesson.id) {
                    let message =
                        format!("{reference} is an action of this lesson; it needs no coverage then");
                    return refused("coverage.own_action", message);
                }
                if matches!(action.state, ActionState::NotDoing | ActionState::NotEffective) {
                    let message = format!("{reference} is {}; it covers nothing", action.state);
                    return refused("coverage.action_not_in_force", message);
                }
                Ok(CoveredBy::ExistingAction(action.id))
            }
        }
    }
}

impl Change for ApproveCoverage {
    type Output = LessonView;
    const NAME: &'static str = "approve_coverage";

    fn change(&self, unit: &mut Unit<'_>) -> Result<LessonView, ServiceError> {
        let before = allowed(unit, self.lesson, Verb::Approve)?;
        let said = lessons::coverages(unit.tx, &[before.id])?;
        let waiting = said.into_iter().filter(|one| !one.is_approved()).max_by_key(|one| one.declared_at);
        let waiting = waiting.ok_or_else(|| {
            let message = format!("nobody has said what covers {} and waits for approval", self.lesson);
            ServiceError::new(Kind::Conflict, "coverage.none_waits", message)
        })?;
        let approved = waiting.clone().approve(unit.caller.id(), unit.moment.at)?;
        let saved = lessons::save(unit.tx, &before, &before)?;
        lessons::save_coverage(unit.tx, &waiting, &approved, saved.version)?;
        view_of(unit, &saved)
    }
}

/// What covers a lesson, without actions that the caller may not know of.
///
/// # Errors
/// What the store reports.
pub(super) fn views(unit: &mut Unit<'_>, lesson: &Lesson) -> Result<Vec<CoverageView>, ServiceError> {
    let mut said = known(unit, &[lesson.id])?;
    said.sort_by_key(|(coverage, _)| coverage.declared_at);
    let people: Vec<_> =
        said.iter().flat_map(|(one, _)| [Some(one.declared_by), one.approved_by]).flatten().collect();
    let names = Names::of_people(unit.tx, &people)?;
    Ok(said
        .into_iter()
        .map(|(coverage, covered_by)| CoverageView {
            kind: coverage.kind.to_string(),
            covered_by,
            reason: coverage.reason.to_string(),
            declared_by: names.person(coverage.declared_by),
            declared_at: coverage.declared_at.to_string(),
            approved_by: coverage.approved_by.map(|id| names.person(id)),
            approved_at: coverage.approved_at.map(|at| at.to_string()),
        })
        .collect())
}

/// What covers lessons as far as the caller may know of it, with its reference.
///
/// # Errors
/// What the store reports.
pub(crate) fn known(
    unit: &mut Unit<'_>,
    of: &[LessonId],
) -> Result<Vec<(LessonCoverage, String)>, ServiceError> {
    let said = lessons::coverages(unit.tx, of)?;
    let ids: Vec<ActionId> = said.iter().filter_map(|one| one.action_id).collect();
    let found = actions::several(unit.tx, &ids)?;
    let found: BTreeMap<ActionId, Action> =
        visible(unit, found)?.into_iter().map(|action| (action.id, action)).collect();
    Ok(said
        .into_iter()
        .filter_map(|one| {
            let reference = match one.action_id {
                Some(id) => found.get(&id)?.reference.to_string(),
                None => one.covered_by.as_ref()?.to_string(),
            };
            Some((one, reference))
        })
        .collect())
}

/// Those of some lessons that are in use by coverage alone, as far as the caller may know.
///
/// # Errors
/// What the store reports.
pub(crate) fn exceptions(unit: &mut Unit<'_>, of: &[Lesson]) -> Result<BTreeSet<LessonId>, ServiceError> {
    let ids: Vec<LessonId> = of.iter().filter(|lesson| is_in_use(lesson)).map(|lesson| lesson.id).collect();
    let covered = known(unit, &ids)?;
    let mut covered: BTreeSet<LessonId> =
        covered.iter().filter(|(one, _)| one.is_approved()).map(|(one, _)| one.lesson_id).collect();
    for action in visible_actions(unit, &ids)? {
        if let Some(lesson) = action.lesson_id {
            covered.remove(&lesson);
        }
    }
    Ok(covered)
}
