//! Whether an action worked: planned when it is made, judged by somebody who does not owe it.

use nevertwice_domain::action::CheckOutcome;
use nevertwice_service::action::{CheckAction, PlanCheck};

use super::{action_of, back_to};
use crate::form::{Reader, form};
use crate::help::Help;
use crate::paths::{Checks, Judgement};
use crate::ui::{Field, FieldKind, choices};
use crate::verb::{Form, verb};

form! {
    /// A check to come.
    CheckForm {
        /// What is measured.
        measure,
        /// When; on the last day that the procedure allows if empty.
        planned_on,
        /// Why then, where it is later than the procedure allows or earlier than planned before.
        reason,
        /// Who judges; not the owner.
        judge,
    }
}

form! {
    /// A judgement.
    JudgeForm {
        /// `effective`, `not_effective` or `too_early`.
        outcome,
        /// What shows it.
        evidence,
        /// If it works, and the day for which the look was planned has not come: why it can be told already.
        early_reason,
        /// If it is too early: when to look again.
        again_on,
        /// If it did not work: what is done next; the same if empty.
        next_title,
        /// Who owes that; the same person if empty.
        next_owner,
        /// By when; on the last day that the procedure allows if empty.
        next_due_on,
        /// Why then, where it is later than the procedure allows.
        next_due_reason,
    }
}

impl Form for CheckForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("measure", "What is measured", &self.measure)
                .hint("And what counts as success")
                .kind(FieldKind::Prose { rows: 3 })
                .required(),
            Field::new("planned_on", "When", &self.planned_on)
                .hint("On the last day that the procedure allows, if empty")
                .kind(FieldKind::Day),
            Field::new("reason", "Why then", &self.reason)
                .hint("Only where it is later than the procedure allows, or earlier than planned before"),
            Field::new("judge", "Who judges", &self.judge)
                .hint("Not the owner")
                .kind(FieldKind::Suggested { suggestions: &help.people }),
        ]
    }
}

impl Form for JudgeForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("outcome", "Did it work", &self.outcome)
                .kind(FieldKind::Radio { choices: choices::<CheckOutcome>() })
                .required(),
            Field::new("evidence", "What shows it", &self.evidence)
                .hint("The figure that was measured, and where it stands")
                .kind(FieldKind::Prose { rows: 4 })
                .required(),
            Field::new("early_reason", "If it works: why it can be told already", &self.early_reason)
                .hint("Only before the day for which the look was planned"),
            Field::new("again_on", "If it is too early: look again on", &self.again_on).kind(FieldKind::Day),
            Field::new("next_title", "If it did not work: what is done next", &self.next_title)
                .hint("A new action is opened; the same is tried again if empty"),
            Field::new("next_owner", "Who owes that", &self.next_owner)
                .hint("The same person if empty")
                .kind(FieldKind::Suggested { suggestions: &help.people }),
            Field::new("next_due_on", "By when", &self.next_due_on)
                .hint("On the last day that the procedure allows, if empty")
                .kind(FieldKind::Day),
            Field::new("next_due_reason", "Why then", &self.next_due_reason)
                .hint("Only where it is later than the procedure allows"),
        ]
    }
}

verb! {
    /// Plans the check, or says something else of it.
    PlanTheCheck: Checks, CheckForm => PlanCheck, "The check of its effect", "Save", "",
    back: |path| back_to(path.action),
    adds: true,
    begin: |app, viewer, path| {
        let action = action_of(app, viewer, path.action)?;
        let open = action.checks.into_iter().find(|check| check.outcome.is_none());
        Ok(open.map_or_else(CheckForm::default, |check| CheckForm {
            measure: check.measure,
            planned_on: check.planned_on,
            reason: check.late_reason.unwrap_or_default(),
            judge: check.judge.unwrap_or_default(),
        }))
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let measure = read.required("measure", &form.measure, "say what is measured");
        let planned_on = read.optional_day("planned_on", &form.planned_on);
        let reason = read.optional("reason", &form.reason);
        let judge = read.optional("judge", &form.judge);
        read.done()?;
        let (measure, planned_on, reason, judge) = (measure?, planned_on?, reason?, judge?);
        Ok(PlanCheck { action: path.action, measure, planned_on, reason, judge })
    },
}

verb! {
    /// Judges.
    Judge: Judgement, JudgeForm => CheckAction, "Did it work?", "Judge",
    "Done is not yet effective. Nobody judges their own work.",
    back: |path| back_to(path.action),
    begin: |app, viewer, path| action_of(app, viewer, path.action).map(|_| JudgeForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let outcome = read.required("outcome", &form.outcome, "choose one");
        let evidence = read.required("evidence", &form.evidence, "say what shows it");
        let early_reason = read.optional("early_reason", &form.early_reason);
        let again_on = read.optional_day("again_on", &form.again_on);
        let next_title = read.optional("next_title", &form.next_title);
        let next_owner = read.optional("next_owner", &form.next_owner);
        let next_due_on = read.optional_day("next_due_on", &form.next_due_on);
        let next_due_reason = read.optional("next_due_reason", &form.next_due_reason);
        read.done()?;
        Ok(CheckAction {
            action: path.action,
            outcome: outcome?,
            evidence: evidence?,
            early_reason: early_reason?,
            again_on: again_on?,
            next_title: next_title?,
            next_owner: next_owner?,
            next_due_on: next_due_on?,
            next_due_reason: next_due_reason?,
        })
    },
}
