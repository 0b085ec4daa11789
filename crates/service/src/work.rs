//! My work: what waits for the caller, whatever their role, the most urgent first.

use std::collections::BTreeMap;

use nevertwice_domain::action::Action;
use nevertwice_domain::case::Case;
use nevertwice_domain::id::CaseId;
use nevertwice_domain::permission::{Relation, Role, Verb};
use nevertwice_domain::procedure::{EscalateTo, ProcedureState};
use nevertwice_domain::time::Date;
use nevertwice_store::review::ReviewWithCauses;
use nevertwice_store::{action as actions, case as cases, lesson as lessons, procedure as procedures};
use nevertwice_store::{review as reviews, work};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ServiceError;
use crate::lesson::may_approve as may_approve_lesson;
use crate::procedure::{on, today};
use crate::review::may_approve;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Most rows of one kind: who has more has no use for a longer list here.
const ROWS: u32 = 50;
/// How many that may concern somebody are looked at.
const LOOKED_AT: u32 = 200;

nevertwice_domain::words! {
    /// What somebody is asked to do.
    Ask("what is asked for") {
        /// Complete an action.
        Complete = "complete",
        /// Lead a review.
        Lead = "lead",
        /// Think about the questions of a review, and come to it.
        Attend = "attend",
        /// Approve a review.
        ApproveReview = "approve_review",
        /// Approve a lesson.
        ApproveLesson = "approve_lesson",
        /// Approve a version of the procedure.
        ApproveProcedure = "approve_procedure",
        /// Judge whether an action works.
        Judge = "judge",
        /// Look at a report.
        Triage = "triage",
        /// See to it that somebody else does what is overdue: told by the procedure.
        Escalated = "escalated",
    }
}

/// Shows what waits for the caller.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowWork {}

/// What waits for somebody.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WorkView {
    /// The day that it is of.
    pub as_of: String,
    /// What waits, by what is asked for, the most urgent first; at most 50 of each kind.
    pub items: Vec<WorkRow>,
}

/// One thing that waits for somebody.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WorkRow {
    /// What is asked for: `complete`, `lead`, `attend`, `approve_review`, `approve_lesson`, `approve_procedure`, `judge`,
    /// `triage` or `escalated`.
    pub ask: String,
    /// The record that it is about.
    pub reference: String,
    /// What it is about; nothing where only the reference is for the reader.
    pub words: Option<String>,
    /// By when.
    pub due_on: Option<String>,
    /// Whether that has passed.
    pub is_overdue: bool,
}

impl UseCase for ShowWork {
    type Output = WorkView;
    const NAME: &'static str = "show_work";

    fn run(self, asked: &Asked<'_>) -> Result<WorkView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.within(Verb::ReadCase.scope())?;
            let mut list = List { today: today(unit)?, items: Vec::new() };
            list.actions(unit)?;
            list.reviews(unit)?;
            list.approvals(unit)?;
            list.checks(unit)?;
            list.triage(unit)?;
            list.escalated(unit)?;
            Ok(WorkView { as_of: list.today.to_string(), items: list.items })
        })
    }
}

/// The list as it grows.
struct List {
    today: Date,
    items: Vec<WorkRow>,
}

impl List {
    fn add(&mut self, ask: Ask, reference: impl ToString, words: Option<String>, due_on: Option<Date>) {
        self.items.push(WorkRow {
            ask: ask.to_string(),
            reference: reference.to_string(),
            words,
            is_overdue: due_on.is_some_and(|day| day < self.today),
            due_on: due_on.map(|day| day.to_string()),
        });
    }

    fn actions(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let mut ids = actions::owed_by(unit.tx, unit.caller.id())?;
        ids.truncate(usize::try_from(ROWS).unwrap_or(50));
        let mut owed = actions::several(unit.tx, &ids)?;
        owed.sort_by_key(|action| (action.due_on, action.reference));
        for (action, _) in with_cases(unit, owed, |action| action.case_id)? {
            self.add(Ask::Complete, action.reference, Some(action.title.to_string()), Some(action.due_on));
        }
        Ok(())
    }

    fn reviews(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let me = unit.caller.id();
        let lists = [
            (Ask::Lead, work::reviews_led_by(unit.tx, me, ROWS)?),
            (Ask::Attend, work::reviews_attended_by(unit.tx, me, ROWS)?),
        ];
        for (ask, ids) in lists {
            let mut found = reviews::several(unit.tx, &ids)?;
            found.sort_by_key(|one| (one.review.due_on, one.review.reference));
            for (one, _) in with_cases(unit, found, |one| one.review.case_id)? {
                let day = match ask {
                    Ask::Attend => one.review.scheduled_on.unwrap_or(one.review.due_on),
                    _ => one.review.due_on,
                };
                self.add(ask, one.review.reference, Some(one.review.problem.to_string()), Some(day));
            }
        }
        Ok(())
    }

    fn approvals(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let ids = work::reviews_submitted(unit.tx, LOOKED_AT)?;
        let mut submitted = reviews::several(unit.tx, &ids)?;
        submitted.sort_by_key(|one| (one.review.due_on, one.review.reference));
        for (one, case) in with_cases(unit, submitted, |one| one.review.case_id)? {
            let is_first = one.review.first_approved_by == Some(unit.caller.id());
            if may_approve(&unit.caller, &one, &case) && !is_first {
                let ReviewWithCauses { review, .. } = one;
                self.add(
                    Ask::ApproveReview,
                    review.reference,
                    Some(review.problem.to_string()),
                    Some(review.due_on),
                );
            }
        }
        let ids = work::lessons_drafted(unit.tx, LOOKED_AT)?;
        for lesson in lessons::several(unit.tx, &ids)? {
            if may_approve_lesson(unit, &lesson)? {
                self.add(Ask::ApproveLesson, lesson.reference, Some(lesson.statement.to_string()), None);
            }
        }
        for procedure in procedures::all(unit.tx)? {
            let author = procedure.is_work_of(unit.caller.id());
            let relation = Relation { author, ..Relation::default() };
            let may = unit.caller.may_in(Verb::ApproveProcedure, relation, "the procedure").is_ok();
            if procedure.state == ProcedureState::InReview && may {
                self.add(
                    Ask::ApproveProcedure,
                    procedure.reference,
                    Some(procedure.summary.to_string()),
                    None,
                );
            }
        }
        Ok(())
    }

    fn checks(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let mut ids = work::actions_judged_by(unit.tx, unit.caller.id(), ROWS)?;
        if unit.caller.has(Role::Manager) {
            ids.extend(work::actions_judged_by_nobody(unit.tx, self.today, ROWS)?);
        }
        let checks = actions::checks_of(unit.tx, &ids)?;
        let found = actions::several(unit.tx, &ids)?;
        for (action, _) in with_cases(unit, found, |action: &Action| action.case_id)? {
            let me = unit.caller.id();
            let planned =
                checks.iter().filter(|check| check.action_id == action.id && check.outcome.is_none());
            let day = planned.map(|check| check.planned_on).min();
            if action.owner_id != me && action.completed_by != Some(me) {
                self.add(Ask::Judge, action.reference, Some(action.title.to_string()), day);
            }
        }
        Ok(())
    }

    fn triage(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        if !unit.caller.has(Role::Manager) {
            return Ok(());
        }
        let ids = work::cases_untriaged(unit.tx, ROWS)?;
        for case in cases::several(unit.tx, &ids)? {
            if unit.caller.may_to_case(Verb::DecideCase, &case).is_ok() {
                self.add(Ask::Triage, case.reference, Some(case.title.to_string()), None);
            }
        }
        Ok(())
    }

    /// What is overdue for so long that the procedure has it told to managers, or to the board.
    fn escalated(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let roles = [(EscalateTo::Manager, Role::Manager), (EscalateTo::Board, Role::Board)];
        let mine: Vec<EscalateTo> =
            roles.into_iter().filter(|(_, role)| unit.caller.has(*role)).map(|(to, _)| to).collect();
        if mine.is_empty() {
            return Ok(());
        }
        let rules = on(unit.tx, self.today)?.rules;
        let today = self.today;
        let is_mine = |due_on: Date| rules.escalated_to(due_on, today).iter().any(|to| mine.contains(to));
        let ids = work::actions_overdue(unit.tx, today, ROWS)?;
        let overdue = actions::several(unit.tx, &ids)?;
        let me = unit.caller.id();
        for (action, case) in with_cases(unit, overdue, |action| action.case_id)? {
            if is_mine(action.due_on) && action.owner_id != me {
                let words = reads(unit, &case).then(|| action.title.to_string());
                self.add(Ask::Escalated, action.reference, words, Some(action.due_on));
            }
        }
        let ids = work::reviews_overdue(unit.tx, today, ROWS)?;
        let overdue = reviews::several(unit.tx, &ids)?;
        for (one, case) in with_cases(unit, overdue, |one| one.review.case_id)? {
            if is_mine(one.review.due_on) && one.review.facilitator_id != me {
                let words = reads(unit, &case).then(|| one.review.problem.to_string());
                self.add(Ask::Escalated, one.review.reference, words, Some(one.review.due_on));
            }
        }
        Ok(())
    }
}

fn reads(unit: &Unit<'_>, case: &Case) -> bool {
    unit.caller.may_to_case(Verb::ReadCase, case).is_ok()
}

/// Records with the cases that they hang on; those of cases that the caller is shut out of are left out.
fn with_cases<T>(
    unit: &mut Unit<'_>,
    records: Vec<T>,
    case_of: impl Fn(&T) -> CaseId,
) -> Result<Vec<(T, Case)>, ServiceError> {
    let ids: Vec<CaseId> = records.iter().map(&case_of).collect();
    let found: BTreeMap<CaseId, Case> =
        cases::several(unit.tx, &ids)?.into_iter().map(|case| (case.id, case)).collect();
    let me = unit.caller.id();
    let known = |record: T| {
        let case = found.get(&case_of(&record)).filter(|case| !case.shuts_out(me))?.clone();
        Some((record, case))
    };
    Ok(records.into_iter().filter_map(known).collect())
}
