//! What the caller owes themselves: actions, reviews, judgements, what is to be read, risks, lessons of theirs.

use std::collections::BTreeSet;

use nevertwice_domain::action::Action;
use nevertwice_domain::approver::Approver;
use nevertwice_domain::id::ActionId;
use nevertwice_domain::permission::{Role, Verb};
use nevertwice_domain::review::{Review, ReviewState};
use nevertwice_domain::text::Line;
use nevertwice_store::{
    action as actions, awareness, lesson as lessons, review as reviews, risk as risks, work,
};

use super::Ask;
use super::list::{LOOKED_AT, List, Row, reads};
use crate::contributors;
use crate::error::ServiceError;
use crate::risk;
use crate::service::Unit;

impl List {
    /// Adds what the caller owes.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn mine(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        self.actions(unit)?;
        self.reviews(unit)?;
        self.checks(unit)?;
        self.reading(unit)?;
        self.lessons(unit)?;
        self.risks(unit)
    }

    fn actions(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let ids = work::actions_owed_by(unit.tx, unit.caller.id(), LOOKED_AT)?;
        let owed = actions::several(unit.tx, &ids)?;
        for (action, _) in self.with_cases(unit, owed, |action| action.case_id)? {
            self.add(Ask::Complete, row(Ask::Complete, &action).due(Some(action.due_on)));
        }
        Ok(())
    }

    fn reviews(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let me = unit.caller.id();
        let lists = [
            (Ask::Lead, work::reviews_led_by(unit.tx, me, LOOKED_AT)?),
            (Ask::Attend, work::reviews_attended_by(unit.tx, me, LOOKED_AT)?),
        ];
        for (ask, ids) in lists {
            let found = reviews::several(unit.tx, &ids)?;
            for (one, case) in self.with_cases(unit, found, |one| one.review.case_id)? {
                let review = one.review;
                // Whoever leads it is not asked to come as well.
                if ask == Ask::Attend && review.facilitator_id == me {
                    continue;
                }
                let row = Row::new(ask, review.reference, format!("/reviews/{}", review.reference));
                let (to_do, day) = match ask {
                    Ask::Lead => (next_step(&review), review.due_on),
                    _ => (ask.to_do(), review.scheduled_on.unwrap_or(review.due_on)),
                };
                let row = row.asking(to_do).words(&review.problem).due(Some(day));
                self.add(
                    ask,
                    if ask == Ask::Lead || reads(unit, &case) { row } else { invited(row, &review) },
                );
            }
        }
        Ok(())
    }

    /// What the caller is asked to judge; and for those who run the register what nobody in particular is.
    fn checks(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let me = unit.caller.id();
        let mut ids = work::actions_judged_by(unit.tx, me, LOOKED_AT)?;
        if unit.caller.has(Role::Manager) {
            ids.extend(work::actions_judged_by_nobody(unit.tx, self.today, LOOKED_AT)?);
            ids.extend(work::actions_unchecked(unit.tx, LOOKED_AT)?);
        }
        let ids: Vec<ActionId> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let checks = actions::checks_of(unit.tx, &ids)?;
        let owned = contributors::actions_of(unit.tx, me, &ids)?;
        let found = actions::several(unit.tx, &ids)?;
        for (action, _) in self.with_cases(unit, found, |action: &Action| action.case_id)? {
            let planned =
                checks.iter().filter(|check| check.action_id == action.id && check.outcome.is_none());
            let day = planned.map(|check| check.planned_on).min();
            if !action.is_work_of(Approver::with_part(me, owned.contains(&action.id))) {
                let to_do =
                    day.map_or("plan how its effect is looked at, and judge it", |_| Ask::Judge.to_do());
                self.add(Ask::Judge, row(Ask::Judge, &action).asking(to_do).due(day));
            }
        }
        Ok(())
    }

    fn reading(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let ids = work::awareness_to_read(unit.tx, unit.caller.id(), LOOKED_AT)?;
        for item in awareness::several(unit.tx, &ids)? {
            if item.is_for(&unit.caller.person) {
                let row = Row::new(Ask::Read, item.reference, format!("/awareness/{}", item.reference));
                self.add(Ask::Read, row.words(&item.title).due(Some(item.due_on)));
            }
        }
        Ok(())
    }

    fn lessons(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let mut ids = work::lessons_stale_of(unit.tx, unit.caller.id(), self.today, LOOKED_AT)?;
        // Nobody else can have written them; those who run the register see to those of whoever has left.
        if unit.caller.has(Role::Manager) {
            ids.extend(work::lessons_stale_of_left(unit.tx, self.today, LOOKED_AT)?);
        }
        let stale = lessons::several(unit.tx, &ids)?;
        for lesson in self.lessons_to_which(unit, stale, Verb::EditCase)? {
            let link = format!("/lessons/{}", lesson.reference);
            let row = Row::new(Ask::ConfirmLesson, lesson.reference, link).words(&lesson.statement);
            self.add(Ask::ConfirmLesson, row.due(lesson.review_on));
        }
        Ok(())
    }

    fn risks(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let ids = work::risks_to_accept(unit.tx, unit.caller.id(), LOOKED_AT)?;
        for risk in risks::several(unit.tx, &ids)? {
            if risk::may_accept(&unit.caller, &risk) {
                let row = Row::new(Ask::AcceptRisk, risk.reference, format!("/risks/{}", risk.reference));
                self.add(Ask::AcceptRisk, row.words(format_args!("{} ({})", risk.title, band(&risk))));
            }
        }
        Ok(())
    }
}

/// Whoever takes part in a review of a case that they do not read is told that it is held and when, what they were asked to
/// think about, and how reviews go.
fn invited(row: Row, review: &Review) -> Row {
    let row = row.at("/procedure".to_owned());
    let questions: Vec<&str> = review.questions.iter().flatten().map(Line::as_str).collect();
    match questions.is_empty() {
        true => row.without_words().asking("come to it; what it is about is told there"),
        false => row.words(questions.join(" · ")).asking("think about this, and come to it"),
    }
}

fn band(risk: &nevertwice_domain::risk::Risk) -> String {
    risk.exposure().band().to_string().replace('_', " ")
}

/// An action with its title.
pub(super) fn row(ask: Ask, action: &Action) -> Row {
    Row::new(ask, action.reference, format!("/actions/{}", action.reference)).words(&action.title)
}

/// What whoever leads a review does next.
fn next_step(review: &Review) -> &'static str {
    match review.state {
        ReviewState::Due => "set its day, or hold it",
        ReviewState::Held => "find the causes, write it up and submit it",
        _ => Ask::Lead.to_do(),
    }
}
