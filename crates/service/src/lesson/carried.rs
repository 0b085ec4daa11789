//! What puts lessons to work as things stand now: actions of their own, or what covers them.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::action::Action;
use nevertwice_domain::case::Case;
use nevertwice_domain::control::{Control, ControlChange};
use nevertwice_domain::id::{ActionId, CaseId, ControlChangeId, ControlId, LessonId, RiskId};
use nevertwice_domain::lesson::{Cover, LessonCoverage};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::risk::Risk;
use nevertwice_store::{
    Tx, action as actions, case as cases, control as controls, lesson as lessons, risk as risks,
};

use super::sees_action;
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::risk::may_know;

/// Which of some lessons something in force puts to work.
#[derive(Debug, Clone, Default)]
pub(crate) struct Carried {
    /// The cases of which an action puts a lesson to work.
    acted_on: BTreeMap<LessonId, BTreeSet<CaseId>>,
    covered: BTreeSet<LessonId>,
}

impl Carried {
    /// Of some lessons, with one statement per table.
    ///
    /// # Errors
    /// What the store reports.
    pub(crate) fn read(tx: &mut Tx, ids: &[LessonId]) -> Result<Self, ServiceError> {
        let mut acted_on: BTreeMap<LessonId, BTreeSet<CaseId>> = BTreeMap::new();
        for action in actions::of_lessons(tx, ids)?.iter().filter(|action| action.state.is_wanted()) {
            if let Some(lesson) = action.lesson_id {
                acted_on.entry(lesson).or_default().insert(action.case_id);
            }
        }
        let mut said = lessons::coverages(tx, ids)?;
        said.retain(LessonCoverage::is_approved);
        let covers = Covers::read(tx, &said)?;
        let in_force = said.iter().filter(|one| covers.of(one).is_some_and(|cover| cover.in_force().is_ok()));
        Ok(Self { acted_on, covered: in_force.map(|one| one.lesson_id).collect() })
    }

    /// Whether something covers a lesson that is in force, and somebody else approved that.
    pub(crate) fn is_covered(&self, lesson: LessonId) -> bool {
        self.covered.contains(&lesson)
    }

    /// Whether an action of a case puts a lesson to work.
    pub(crate) fn is_acted_on(&self, lesson: LessonId, case: CaseId) -> bool {
        self.acted_on.get(&lesson).is_some_and(|of| of.contains(&case))
    }

    /// Whether an action of another case than this one does.
    pub(crate) fn is_acted_on_beside(&self, lesson: LessonId, case: CaseId) -> bool {
        self.acted_on.get(&lesson).is_some_and(|of| of.iter().any(|one| *one != case))
    }

    /// Whether anything does.
    pub(crate) fn is_at_work(&self, lesson: LessonId) -> bool {
        self.is_covered(lesson) || self.acted_on.contains_key(&lesson)
    }
}

/// What coverages name.
pub(super) struct Covers {
    actions: BTreeMap<ActionId, Action>,
    changes: BTreeMap<ControlChangeId, ControlChange>,
    controls: BTreeMap<ControlId, Control>,
    risks: BTreeMap<RiskId, Risk>,
    /// The cases of the actions and of the changes.
    cases: BTreeMap<CaseId, Case>,
}

impl Covers {
    /// What some coverages name, with one statement per table.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn read(tx: &mut Tx, said: &[LessonCoverage]) -> Result<Self, ServiceError> {
        let ids: Vec<ActionId> = said.iter().filter_map(|one| one.action_id).collect();
        let actions = actions::several(tx, &ids)?;
        let ids: Vec<ControlChangeId> = said.iter().filter_map(|one| one.control_change_id).collect();
        let changes = controls::several_changes(tx, &ids)?;
        let ids: BTreeSet<ControlId> = changes.iter().map(|change| change.control_id).collect();
        let controls = controls::several(tx, &ids.into_iter().collect::<Vec<_>>())?;
        let ids: BTreeSet<RiskId> = said.iter().filter_map(|one| one.risk_id).collect();
        let risks = risks::several(tx, &ids.into_iter().collect::<Vec<_>>())?;
        let of_actions = actions.iter().map(|action| action.case_id);
        let ids: BTreeSet<CaseId> = of_actions.chain(changes.iter().map(|change| change.case_id)).collect();
        let cases = cases::several(tx, &ids.into_iter().collect::<Vec<_>>())?;
        Ok(Self {
            actions: actions.into_iter().map(|one| (one.id, one)).collect(),
            changes: changes.into_iter().map(|one| (one.id, one)).collect(),
            controls: controls.into_iter().map(|one| (one.id, one)).collect(),
            risks: risks.into_iter().map(|one| (one.id, one)).collect(),
            cases: cases.into_iter().map(|one| (one.id, one)).collect(),
        })
    }

    /// What a coverage names.
    pub(super) fn of(&self, coverage: &LessonCoverage) -> Option<Cover<'_>> {
        if let Some(id) = coverage.action_id {
            return self.actions.get(&id).map(Cover::Action);
        }
        if let Some(id) = coverage.risk_id {
            return self.risks.get(&id).map(Cover::Risk);
        }
        let change = self.changes.get(&coverage.control_change_id?)?;
        Some(Cover::ControlChange(self.controls.get(&change.control_id)?, self.cases.get(&change.case_id)?))
    }

    /// Whether the caller may know of what a coverage names.
    pub(super) fn may_know(&self, caller: &Caller, cover: Cover<'_>) -> bool {
        let reads = |case: &Case| caller.may_to_case(Verb::ReadCase, case).is_ok();
        match cover {
            Cover::Action(action) => {
                self.cases.get(&action.case_id).is_some_and(|case| sees_action(caller, action, case))
            }
            Cover::ControlChange(_, case) => reads(case),
            Cover::Risk(risk) => may_know(caller, risk),
        }
    }
}
