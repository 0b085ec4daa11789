//! What it was decided not to do, and what an action costs.

use nevertwice_service::action::{RenewNotDoing, SetActionCost, TakeUpAction};

use super::{action_of, back_to};
use crate::form::{Reader, form, shown};
use crate::help::Help;
use crate::paths::{ActionCost, NotDoingRenewal, TakingUp};
use crate::ui::{Field, FieldKind};
use crate::verb::{Form, VERSION, verb};

form! {
    /// Why an action is still not done.
    RenewForm {
        /// Why.
        reason,
        /// When it is looked at again.
        until,
    }
}

form! {
    /// By when an action is owed after all.
    TakeUpForm {
        /// The date; the last day that the procedure allows if empty.
        due_on,
        /// Why now.
        reason,
    }
}

form! {
    /// What an action costs. What is absent stays, what is empty is cleared.
    partial ActionCostForm {
        /// What it is thought to cost, such as `1200 EUR`.
        planned,
        /// What it did cost.
        actual,
        /// The version that was seen.
        version,
    }
}

impl Form for RenewForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("reason", "Why it is still not done", &self.reason)
                .hint("What covers the risk instead")
                .kind(FieldKind::Prose { rows: 4 })
                .required(),
            Field::new("until", "Looked at again on", &self.until).kind(FieldKind::Day).required(),
        ]
    }
}

impl Form for TakeUpForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("due_on", "New date", &self.due_on)
                .hint("The last day that the procedure allows, if empty")
                .kind(FieldKind::Day),
            Field::new("reason", "Why now", &self.reason).kind(FieldKind::Prose { rows: 3 }).required(),
        ]
    }
}

impl Form for ActionCostForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("planned", "What it is thought to cost", shown(&self.planned))
                .hint("An amount with its currency, such as 1200 EUR"),
            Field::new("actual", "What it did cost", shown(&self.actual)),
            Field::hidden(VERSION, shown(&self.version)),
        ]
    }
}

verb! {
    /// It is still not done.
    Renew: NotDoingRenewal, RenewForm => RenewNotDoing, "Still not doing it", "Decide again not to do it",
    "Your name stands under it, and it comes back on the date that you set.",
    back: |path| back_to(path.action),
    begin: |app, viewer, path| action_of(app, viewer, path.action).map(|_| RenewForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let reason = read.required("reason", &form.reason, "say why it is still not done");
        let until = read.day("until", &form.until, "say when it is looked at again");
        read.done()?;
        Ok(RenewNotDoing { action: path.action, reason: reason?, until: until? })
    },
}

verb! {
    /// It is done after all.
    TakeUp: TakingUp, TakeUpForm => TakeUpAction, "Take it up after all", "Take it up",
    "It is owed again. The first date stays, and this counts as a move.",
    back: |path| back_to(path.action),
    begin: |app, viewer, path| action_of(app, viewer, path.action).map(|_| TakeUpForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let due_on = read.optional_day("due_on", &form.due_on);
        let reason = read.required("reason", &form.reason, "say why it is taken up now");
        read.done()?;
        Ok(TakeUpAction { action: path.action, due_on: due_on?, reason: reason? })
    },
}

verb! {
    /// What it costs.
    Cost: ActionCost, ActionCostForm => SetActionCost, "What it costs", "Save", "",
    back: |path| back_to(path.action),
    begin: |app, viewer, path| {
        let action = action_of(app, viewer, path.action)?;
        Ok(ActionCostForm {
            planned: Some(action.planned_cost.unwrap_or_default()),
            actual: Some(action.actual_cost.unwrap_or_default()),
            version: Some(action.version.to_string()),
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let planned = read.set("planned", &form.planned);
        let actual = read.set("actual", &form.actual);
        let version = read.version(shown(&form.version));
        read.done()?;
        Ok(SetActionCost { action: path.action, version: version?, planned: planned?, actual: actual? })
    },
}
