//! What those see to who run the register: reports, what ran out, what people left behind, what is overdue.

use nevertwice_domain::approver::Approver;
use nevertwice_domain::permission::{Relation, Role, Verb};
use nevertwice_domain::procedure::EscalateTo;
use nevertwice_domain::time::Date;
use nevertwice_store::{action as actions, review as reviews, work};

use super::Ask;
use super::list::{LOOKED_AT, List, Row, reads};
use super::mine::row;
use crate::contributors;
use crate::error::ServiceError;
use crate::person::left_owing;
use crate::procedure::on;
use crate::service::Unit;

impl List {
    /// Adds what the caller sees to.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn register(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        self.triage(unit)?;
        self.decide_again(unit)?;
        self.left(unit)?;
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
        let me = unit.caller.id();
        let ids = work::actions_overdue(unit.tx, today, LOOKED_AT)?;
        let overdue = actions::several(unit.tx, &ids)?;
        for (action, case) in self.with_cases(unit, overdue, |action| action.case_id)? {
            if is_mine(action.due_on) && action.owner_id != me {
                let link = format!("/actions/{}", action.reference);
                let row = Row::new(Ask::Escalated, action.reference, link).due(Some(action.due_on));
                self.add(Ask::Escalated, known(row, reads(unit, &case), &action.title));
            }
        }
        let ids = work::reviews_overdue(unit.tx, today, LOOKED_AT)?;
        let overdue = reviews::several(unit.tx, &ids)?;
        for (one, case) in self.with_cases(unit, overdue, |one| one.review.case_id)? {
            let review = one.review;
            if is_mine(review.due_on) && review.facilitator_id != me {
                let link = format!("/reviews/{}", review.reference);
                let row = Row::new(Ask::Escalated, review.reference, link).due(Some(review.due_on));
                self.add(Ask::Escalated, known(row, reads(unit, &case), &review.problem));
            }
        }
        Ok(())
    }
}

/// Whoever may not read the case is told the reference and no more.
fn known(row: Row, reads: bool, words: impl std::fmt::Display) -> Row {
    if reads { row.words(words) } else { row }
}
