//! What those see to who run the register: reports, what ran out, what people left behind, what is overdue.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use nevertwice_domain::approver::Approver;
use nevertwice_domain::case::{Case, missing};
use nevertwice_domain::id::{CaseId, PersonId};
use nevertwice_domain::permission::{Relation, Role, Verb};
use nevertwice_domain::procedure::Rules;
use nevertwice_domain::time::Date;
use nevertwice_store::{action as actions, case as cases, review as reviews, work};

use super::Ask;
use super::list::{LOOKED_AT, List, Row, reads};
use super::mine::row;
use crate::case::EveryRules;
use crate::contributors;
use crate::error::ServiceError;
use crate::escalation::is_meant;
use crate::feed::Gathered;
use crate::person::left_owing;
use crate::procedure::on;
use crate::service::Unit;

/// How many cases that may be ready to be closed are looked at.
const CLOSABLE: u32 = 50;

impl List {
    /// Adds what the caller sees to.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn register(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        self.triage(unit)?;
        self.decide_again(unit)?;
        self.left(unit)?;
        self.closing(unit)?;
        self.escalated(unit)
    }

    fn triage(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        if !unit.caller.has(Role::Manager) {
            return Ok(());
        }
        let ids = work::cases_untriaged(unit.tx, LOOKED_AT)?;
        for case in self.cases(unit, &ids)? {
            let relation = unit.caller.relation(&case);
            if unit.caller.roles_allow(Verb::DecideCase, relation, "case").is_ok() {
                let row = Row::new(Ask::Triage, case.reference, format!("/cases/{}", case.reference));
                self.add(Ask::Triage, row.words(&case.title));
            }
        }
        Ok(())
    }

    /// What it was decided not to do until a day that has passed; for whoever may approve that it stays so, or take it up.
    fn decide_again(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        if !unit.caller.could(Verb::Approve) && !unit.caller.could(Verb::EditCase) {
            return Ok(());
        }
        let ids = work::actions_to_decide_again(unit.tx, self.today, LOOKED_AT)?;
        self.looked_at(Ask::DecideAgain, ids.len());
        let ran_out = actions::several(unit.tx, &ids)?;
        let me = unit.caller.id();
        let owned = contributors::actions_of(unit.tx, me, &ids)?;
        for (action, case) in self.with_cases(unit, ran_out, |action| action.case_id)? {
            let base = unit.caller.relation(&case);
            let author = action.is_work_of(Approver::with_part(me, owned.contains(&action.id)));
            let approving = Relation { named: base.assigned, author, ..base };
            let may = |verb, relation| unit.caller.roles_allow(verb, relation, "action").is_ok();
            if may(Verb::Approve, approving) || may(Verb::EditCase, base) {
                self.add(Ask::DecideAgain, row(Ask::DecideAgain, &action).due(action.not_doing_until));
            }
        }
        Ok(())
    }

    fn left(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        for (person, count) in left_owing(unit, LOOKED_AT)? {
            let link = format!("/people/{}/hand-over", person.id);
            let things = if count == 1 { "thing" } else { "things" };
            let row = Row::new(Ask::HandOver, &person.name, link);
            self.add(Ask::HandOver, row.words(format_args!("{count} {things}")));
        }
        Ok(())
    }

    /// Cases of which nothing is missing any more.
    fn closing(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        if !unit.caller.has(Role::Manager) {
            return Ok(());
        }
        let ids = work::cases_almost_closed(unit.tx, CLOSABLE)?;
        let mut almost = cases::several(unit.tx, &ids)?;
        almost.retain(|case| {
            let relation = unit.caller.relation(case);
            unit.caller.roles_allow(Verb::DecideCase, relation, "case").is_ok()
        });
        if almost.is_empty() {
            return Ok(());
        }
        let rules = EveryRules::read(unit.tx)?;
        let mut gathered = Gathered::read(unit.tx, &almost)?;
        for case in &almost {
            let hanging = gathered.take(case.id);
            let records = hanging.records();
            let rules = rules.of(records.procedure());
            let facts = records.facts(case, rules, self.today, &|_| String::new());
            if missing(case.state, &facts).is_empty() {
                let row = Row::new(Ask::Close, case.reference, format!("/cases/{}", case.reference));
                self.add(Ask::Close, row.words(&case.title));
            }
        }
        Ok(())
    }

    /// What is overdue for so long that the procedure has it told to whoever works on the case, to managers, or to the board;
    /// of the longest overdue.
    fn escalated(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        if ![Role::Responder, Role::Manager, Role::Board].into_iter().any(|role| unit.caller.has(role)) {
            return Ok(());
        }
        let rules = on(unit.tx, self.today)?.rules;
        let today = self.today;
        let me = unit.caller.id();
        let ids = work::actions_overdue(unit.tx, today, LOOKED_AT)?;
        self.looked_at(Ask::Escalated, ids.len());
        let overdue = actions::several(unit.tx, &ids)?;
        let overdue = self.with_cases(unit, overdue, |action| action.case_id)?;
        let leaders = leaders_of(unit, &overdue)?;
        for (action, case) in overdue {
            if action.owner_id != me && is_told(unit, &rules, (action.due_on, today), &case, &leaders) {
                self.told(unit, &case, row(Ask::Escalated, &action).due(Some(action.due_on)));
            }
        }
        let ids = work::checks_overdue(unit.tx, today, LOOKED_AT)?;
        self.looked_at(Ask::Escalated, ids.len());
        let checks = actions::checks_of(unit.tx, &ids)?;
        let overdue = actions::several(unit.tx, &ids)?;
        let overdue = self.with_cases(unit, overdue, |action| action.case_id)?;
        let leaders = leaders_of(unit, &overdue)?;
        for (action, case) in overdue {
            let open = checks.iter().find(|check| check.action_id == action.id && check.outcome.is_none());
            let Some(check) = open.filter(|check| check.judge_id != Some(me)) else { continue };
            if is_told(unit, &rules, (check.planned_on, today), &case, &leaders) {
                let row =
                    row(Ask::Escalated, &action).asking("see to it that somebody judges whether it works");
                self.told(unit, &case, row.due(Some(check.planned_on)));
            }
        }
        let ids = work::reviews_overdue(unit.tx, today, LOOKED_AT)?;
        self.looked_at(Ask::Escalated, ids.len());
        let overdue = reviews::several(unit.tx, &ids)?;
        let overdue = self.with_cases(unit, overdue, |one| one.review.case_id)?;
        let leaders = leaders_of(unit, &overdue)?;
        for (one, case) in overdue {
            let review = one.review;
            if review.facilitator_id != me && is_told(unit, &rules, (review.due_on, today), &case, &leaders) {
                let link = format!("/reviews/{}", review.reference);
                let row = Row::new(Ask::Escalated, review.reference, link).words(&review.problem);
                self.told(unit, &case, row.due(Some(review.due_on)));
            }
        }
        Ok(())
    }

    /// Whoever may not read the case is told the reference and no more.
    fn told(&mut self, unit: &Unit<'_>, case: &Case, row: Row) {
        let row = if reads(unit, case) { row } else { row.without_words() };
        self.add(Ask::Escalated, row);
    }
}

/// Whether the procedure has it told to the caller that something of a case is as late as it is.
fn is_told(
    unit: &Unit<'_>,
    rules: &Rules,
    (due_on, today): (Date, Date),
    case: &Case,
    leaders: &BTreeMap<CaseId, BTreeSet<PersonId>>,
) -> bool {
    let person = &unit.caller.person;
    let steps = rules.escalated_to(due_on, today);
    steps.into_iter().any(|to| is_meant(to, person, Some(case), leaders.get(&case.id)))
}

/// Who leads reviews of the cases that some records hang on.
fn leaders_of<T>(
    unit: &mut Unit<'_>,
    overdue: &[(T, Rc<Case>)],
) -> Result<BTreeMap<CaseId, BTreeSet<PersonId>>, ServiceError> {
    let cases: BTreeSet<CaseId> = overdue.iter().map(|(_, case)| case.id).collect();
    Ok(reviews::leaders(unit.tx, &cases.into_iter().collect::<Vec<_>>())?)
}
