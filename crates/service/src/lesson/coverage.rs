//! What covers a lesson that has no action of its own: said by one person, approved by another.

use std::collections::BTreeSet;
use std::str::FromStr;

use nevertwice_domain::control::ControlRef;
use nevertwice_domain::id::{ControlChangeId, LessonId};
use nevertwice_domain::lesson::{Cover, CoverageError, CoverageKind, CoveredBy, Lesson, LessonCoverage};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::{ActionRef, LessonRef, RiskRef};
use nevertwice_domain::risk::Risk;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_store::{case as cases, control as controls, lesson as lessons, risk as risks};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::carried::Covers;
use super::{LessonView, allowed, is_in_use, view_of, visible_actions};
use crate::case::Names;
use crate::error::{Kind, ServiceError};
use crate::risk::may_know;
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
    /// Why it covers nothing any more, if that is so: then something else has to.
    #[serde(default)]
    pub no_longer: Option<String>,
}

/// Says that a lesson needs no action of its own, and what covers it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CoverLesson {
    /// The lesson.
    pub lesson: LessonRef,
    /// What kind of thing covers it.
    pub kind: CoverageKind,
    /// Its reference, such as `ACT-2026-0031`, `C-12`, `A.8.9` or `RSK-0007`: an action that is owed or done, a control of
    /// which a change is recorded (or the id of that change), an open risk of which the owner bears what remains.
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
    /// What is named, if the caller may know of it and it is in force.
    fn covered_by(&self, unit: &mut Unit<'_>, lesson: &Lesson) -> Result<CoveredBy, ServiceError> {
        match self.kind {
            CoverageKind::ExistingAction => self.action(unit, lesson),
            CoverageKind::ControlChange => self.control_change(unit),
            CoverageKind::AcceptedRisk => {
                let risk = named_risk(unit, self.reference("coverage.no_risk")?)?;
                Cover::Risk(&risk).in_force()?;
                Ok(CoveredBy::AcceptedRisk(risk.id))
            }
        }
    }

    fn reference<R>(&self, code: &'static str) -> Result<R, ServiceError>
    where
        R: FromStr<Err: std::fmt::Display>,
    {
        let parsed = self.covered_by.as_str().parse::<R>();
        parsed.map_err(|error| ServiceError::invalid("covered_by", code, error))
    }

    fn action(&self, unit: &mut Unit<'_>, lesson: &Lesson) -> Result<CoveredBy, ServiceError> {
        let reference: ActionRef = self.reference("coverage.no_action")?;
        let (action, _) = match crate::action::allowed(unit, reference, Verb::ReadCase) {
            Err(error) if error.kind == Kind::NotFound => {
                let message = format!("there is no action {reference}");
                return Err(ServiceError::invalid("covered_by", "coverage.no_action", message));
            }
            found => found?,
        };
        lesson.may_be_covered_by_own(&action)?;
        Cover::Action(&action).in_force()?;
        Ok(CoveredBy::ExistingAction(action.id))
    }

    /// The change that is named by its id, or the last one of the control that is named.
    fn control_change(&self, unit: &mut Unit<'_>) -> Result<CoveredBy, ServiceError> {
        let (control, changes) = match self.covered_by.as_str().parse::<ControlChangeId>() {
            Ok(id) => {
                let changes = controls::several_changes(unit.tx, &[id])?;
                let of: Vec<_> = changes.iter().map(|change| change.control_id).collect();
                (controls::several(unit.tx, &of)?.pop(), changes)
            }
            Err(_) => {
                let reference: ControlRef = self.reference("coverage.no_control_change")?;
                let control = controls::find(unit.tx, reference)?;
                let of = control.as_ref().map(|control| control.id);
                let me = unit.caller.id();
                let found = of.map(|id| controls::changes(unit.tx, id, me)).transpose()?;
                (control, found.unwrap_or_default())
            }
        };
        let mut refused = None;
        for change in changes {
            let Some(case) = cases::get(unit.tx, change.case_id)? else { continue };
            let Some(control) = &control else { continue };
            if unit.caller.may_to_case(Verb::ReadCase, &case).is_err() {
                continue;
            }
            match Cover::ControlChange(control, &case).in_force() {
                Ok(()) => return Ok(CoveredBy::ControlChange(change.id)),
                Err(error) => refused = Some(error),
            }
        }
        Err(refused.map_or_else(|| self.no_change(), ServiceError::from))
    }

    fn no_change(&self) -> ServiceError {
        let message = format!(
            "no change of {} is recorded; record what was changed in it first, or name another control",
            self.covered_by
        );
        ServiceError::invalid("covered_by", "coverage.no_control_change", message)
    }
}

fn named_risk(unit: &mut Unit<'_>, reference: RiskRef) -> Result<Risk, ServiceError> {
    let known = risks::find(unit.tx, reference)?.filter(|risk| may_know(&unit.caller, risk));
    known.ok_or_else(|| {
        let message =
            format!("there is no risk {reference}; look at the list of risks, or register it first");
        ServiceError::invalid("covered_by", "coverage.no_risk", message)
    })
}

impl Change for ApproveCoverage {
    type Output = LessonView;
    const NAME: &'static str = "approve_coverage";

    fn change(&self, unit: &mut Unit<'_>) -> Result<LessonView, ServiceError> {
        let before = allowed(unit, self.lesson, Verb::Approve)?;
        // Nobody approves what they may not know of.
        let said = known(unit, &[before.id])?.into_iter();
        let waiting =
            said.filter(|one| !one.coverage.is_approved()).max_by_key(|one| one.coverage.declared_at);
        let Said { coverage: waiting, in_force, .. } = waiting.ok_or_else(|| {
            let message = format!("nobody has said what covers {} and waits for approval", self.lesson);
            ServiceError::new(Kind::Conflict, "coverage.none_waits", message)
        })?;
        in_force?;
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
    said.sort_by_key(|one| one.coverage.declared_at);
    let people = said.iter().flat_map(|one| [Some(one.coverage.declared_by), one.coverage.approved_by]);
    let names = Names::of_people(unit.tx, &people.flatten().collect::<Vec<_>>())?;
    let view = |Said { coverage, covered_by, in_force }: Said| CoverageView {
        kind: coverage.kind.to_string(),
        covered_by,
        reason: coverage.reason.to_string(),
        declared_by: names.person(coverage.declared_by),
        declared_at: coverage.declared_at.to_string(),
        approved_by: coverage.approved_by.map(|id| names.person(id)),
        approved_at: coverage.approved_at.map(|at| at.to_string()),
        no_longer: in_force.err().map(|error| error.to_string()),
    };
    Ok(said.into_iter().map(view).collect())
}

/// What is said to cover a lesson.
pub(crate) struct Said {
    /// Who says so, and who approved it.
    pub(crate) coverage: LessonCoverage,
    /// The reference of what is named.
    pub(crate) covered_by: String,
    /// Whether that covers anything now.
    in_force: Result<(), CoverageError>,
}

/// What covers lessons as far as the caller may know of it.
///
/// # Errors
/// What the store reports.
pub(crate) fn known(unit: &mut Unit<'_>, of: &[LessonId]) -> Result<Vec<Said>, ServiceError> {
    let said = lessons::coverages(unit.tx, of)?;
    let covers = Covers::read(unit.tx, &said)?;
    let caller = &unit.caller;
    let known = |coverage: LessonCoverage| {
        let cover = covers.of(&coverage).filter(|cover| covers.may_know(caller, *cover))?;
        Some(Said { covered_by: cover.reference(), in_force: cover.in_force(), coverage })
    };
    Ok(said.into_iter().filter_map(known).collect())
}

/// Those of some lessons that are in use by coverage alone, as far as the caller may know.
///
/// # Errors
/// What the store reports.
pub(crate) fn exceptions(unit: &mut Unit<'_>, of: &[Lesson]) -> Result<BTreeSet<LessonId>, ServiceError> {
    let ids: Vec<LessonId> = of.iter().filter(|lesson| is_in_use(lesson)).map(|lesson| lesson.id).collect();
    let covered = known(unit, &ids)?.into_iter();
    let in_force = covered.filter(|one| one.coverage.is_approved() && one.in_force.is_ok());
    let mut covered: BTreeSet<LessonId> = in_force.map(|one| one.coverage.lesson_id).collect();
    for action in visible_actions(unit, &ids)?.iter().filter(|action| action.state.is_wanted()) {
        if let Some(lesson) = action.lesson_id {
            covered.remove(&lesson);
        }
    }
    Ok(covered)
}
