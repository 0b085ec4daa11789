//! One step of an action at a time.

use nevertwice_domain::strength::ActionStrength;
use nevertwice_service::action::{
    CompleteAction, HandOverAction, MoveAction, NotDoingAction, RateStrength, ReopenAction, StartAction,
};

use super::{action_of, back_to};
use crate::form::{Reader, form};
use crate::help::Help;
use crate::paths::{ActionStart, Completion, CompletionUndoing, DueDate, NotDoing, Owner, Strength};
use crate::ui::{Field, FieldKind, choices};
use crate::verb::{Form, NothingForm, verb};

form! {
    /// What shows that an action is done.
    CompleteForm {
        /// What was done and what shows it.
        evidence,
        /// When; today if empty.
        completed_on,
        /// The evidence of the action that shows it, a name or id a line.
        shown_by,
    }
}

form! {
    /// Another date.
    MoveForm {
        /// The new date.
        due_on,
        /// Why.
        reason,
    }
}

form! {
    /// Another owner.
    HandOverForm {
        /// Who owes it from now on.
        owner,
    }
}

form! {
    /// Why an action is not done.
    NotDoingForm {
        /// Why.
        reason,
        /// When it is looked at again.
        until,
    }
}

form! {
    /// Another strength.
    RateForm {
        /// `eliminate`, `engineer`, `detect`, `procedure` or `train`.
        strength,
        /// Why it differs from the rule.
        reason,
    }
}

impl Form for CompleteForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("evidence", "What was done, and what shows it", &self.evidence)
                .hint("A change number, a test report, a file among the evidence of the case")
                .kind(FieldKind::Prose { rows: 4 })
                .required(),
            Field::new("completed_on", "When", &self.completed_on)
                .hint("Today if empty")
                .kind(FieldKind::Day),
            Field::new("shown_by", "Which evidence of the action shows it", &self.shown_by)
                .hint("One name a line; what is not attached to it yet is added on the page of the case")
                .kind(FieldKind::Prose { rows: 2 }),
        ]
    }
}

impl Form for MoveForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("due_on", "New date", &self.due_on).kind(FieldKind::Day).required(),
            Field::new("reason", "Why", &self.reason).kind(FieldKind::Prose { rows: 3 }).required(),
        ]
    }
}

impl Form for HandOverForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("owner", "Who owes it from now on", &self.owner)
                .hint("One person, not a team")
                .kind(FieldKind::Suggested { suggestions: &help.people })
                .required(),
        ]
    }
}

impl Form for NotDoingForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("reason", "Why it is not done", &self.reason)
                .hint("What covers the risk instead")
                .kind(FieldKind::Prose { rows: 4 })
                .required(),
            Field::new("until", "Looked at again on", &self.until).kind(FieldKind::Day).required(),
        ]
    }
}

impl Form for RateForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("strength", "Strength", &self.strength)
                .kind(FieldKind::Radio { choices: choices::<ActionStrength>() })
                .required(),
            Field::new("reason", "Why it differs from the rule", &self.reason)
                .kind(FieldKind::Prose { rows: 3 })
                .required(),
        ]
    }
}

verb! {
    /// Work begins.
    Start: ActionStart, NothingForm => StartAction, "Start", "Start", "Work on it begins.",
    back: |path| back_to(path.action),
    begin: |app, viewer, path| action_of(app, viewer, path.action).map(|_| NothingForm::default()),
    parse: |path, _| Ok(StartAction { action: path.action }),
}

verb! {
    /// It was not done after all.
    UndoCompletion: CompletionUndoing, NothingForm => ReopenAction, "Not done after all", "Take it back",
    "The action is owed again. That it was called done stays in the trail.",
    back: |path| back_to(path.action),
    begin: |app, viewer, path| action_of(app, viewer, path.action).map(|_| NothingForm::default()),
    parse: |path, _| Ok(ReopenAction { action: path.action }),
}

verb! {
    /// It is done, and something shows it.
    Complete: Completion, CompleteForm => CompleteAction, "Complete", "Done", "Done means that something shows it.",
    back: |path| back_to(path.action),
    undo: |path| CompletionUndoing { action: path.action }.to_string(),
    begin: |app, viewer, path| {
        let action = action_of(app, viewer, path.action)?;
        let attached: Vec<String> = action.evidence.into_iter().map(|one| one.name).collect();
        Ok(CompleteForm { shown_by: attached.join("\n"), ..CompleteForm::default() })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let evidence = read.required("evidence", &form.evidence, "say what was done and what shows it");
        let completed_on = read.optional_day("completed_on", &form.completed_on);
        let shown_by = read.names("shown_by", &form.shown_by);
        read.done()?;
        Ok(CompleteAction {
            action: path.action,
            evidence: evidence?,
            completed_on: completed_on?,
            shown_by: shown_by?,
        })
    },
}

verb! {
    /// Another date; the first one stays.
    MoveDate: DueDate, MoveForm => MoveAction, "Move the date", "Move it",
    "The first date stays, and every move is counted: whether it was on time goes by the first.",
    back: |path| back_to(path.action),
    begin: |app, viewer, path| {
        let action = action_of(app, viewer, path.action)?;
        Ok(MoveForm { due_on: action.due_on, reason: String::new() })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let due_on = read.day("due_on", &form.due_on, "say by when");
        let reason = read.required("reason", &form.reason, "say why it moves");
        read.done()?;
        Ok(MoveAction { action: path.action, due_on: due_on?, reason: reason? })
    },
}

verb! {
    /// Another owner.
    HandOver: Owner, HandOverForm => HandOverAction, "Hand over", "Hand over", "",
    back: |path| back_to(path.action),
    begin: |app, viewer, path| action_of(app, viewer, path.action).map(|_| HandOverForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let owner = read.required("owner", &form.owner, "name the person who owes it");
        read.done()?;
        Ok(HandOverAction { action: path.action, owner: owner? })
    },
}

verb! {
    /// It will not be done.
    DecideAgainst: NotDoing, NotDoingForm => NotDoingAction, "Not doing it", "Decide not to do it",
    "Your name stands under it, and it comes back on the date that you set.",
    back: |path| back_to(path.action),
    begin: |app, viewer, path| action_of(app, viewer, path.action).map(|_| NotDoingForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let reason = read.required("reason", &form.reason, "say why it is not done");
        let until = read.day("until", &form.until, "say when it is looked at again");
        read.done()?;
        Ok(NotDoingAction { action: path.action, reason: reason?, until: until? })
    },
}

verb! {
    /// Another strength than the rule gives.
    Rate: Strength, RateForm => RateStrength, "Strength", "Save",
    "How strongly it works, whatever its words suggest: from making it impossible to telling people.",
    back: |path| back_to(path.action),
    begin: |app, viewer, path| {
        let action = action_of(app, viewer, path.action)?;
        Ok(RateForm { strength: action.strength, reason: action.strength_reason.unwrap_or_default() })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let strength = read.required("strength", &form.strength, "choose one");
        let reason = read.required("reason", &form.reason, "say why it differs from the rule");
        read.done()?;
        Ok(RateStrength { action: path.action, strength: strength?, reason: reason? })
    },
}
