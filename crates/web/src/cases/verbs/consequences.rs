//! How controls did on a case, what it changed in them, and which links of its loop are not needed.

use nevertwice_domain::case::{LoopLink, Performance};
use nevertwice_service::case::{
    ApproveDeclaration as ApproveIt, DeclareNotNeeded as DeclareIt, RemoveDeclaration,
};
use nevertwice_service::control::{AddPerformance, EditPerformance, NewControlChange, RemovePerformance};

use super::{back_to, case_of};
use crate::form::{Reader, form, shown};
use crate::help::Help;
use crate::learning::link_words;
use crate::paths::{
    CaseControl, CaseControlRemoval, CaseControls, ControlChanges, DeclarationApproval, DeclarationRemoval,
    Declarations,
};
use crate::text;
use crate::ui::{Choice, Field, FieldKind, choices};
use crate::verb::{Form, NothingForm, verb};

form! {
    /// How a control did on a case.
    PerformanceForm {
        /// The control, such as `A.8.9` or `C-12`.
        control,
        /// `worked`, `failed`, `absent` or `bypassed`.
        performance,
        /// How one knows, in Markdown.
        note,
    }
}

form! {
    /// Something else of how a control did. What is absent stays, what is empty is cleared.
    partial PerformanceAgainForm {
        /// `worked`, `failed`, `absent` or `bypassed`.
        performance,
        /// How one knows, in Markdown.
        note,
    }
}

form! {
    /// What a case changed in a control.
    ControlChangeForm {
        /// The control, such as `A.8.9` or `C-12`.
        control,
        /// How it was, in Markdown.
        before,
        /// How it is, in Markdown.
        after,
        /// The day since which it is so; today if empty.
        changed_on,
        /// The lesson that asked for it.
        lesson,
        /// The action by which it was made.
        action,
    }
}

form! {
    /// A link of the loop that is not needed.
    DeclarationForm {
        /// `review`, `causes`, `similar`, `lessons`, `actions`, `effectiveness`, `controls` or `risks`.
        link,
        /// Why it is not needed, in Markdown.
        reason,
    }
}

fn control(value: &str) -> Field<'_> {
    Field::new("control", "The control", value)
        .hint("Such as A.8.9 of the standard, or C-12 of your own")
        .kind(FieldKind::When)
        .required()
}

fn performance<'a>(value: &'a str, note: &'a str) -> [Field<'a>; 2] {
    [
        Field::new("performance", "What it did", value)
            .kind(FieldKind::Radio { choices: choices::<Performance>() })
            .required(),
        Field::new("note", "How one knows", note).hint("Markdown").kind(FieldKind::Prose { rows: 3 }),
    ]
}

impl Form for PerformanceForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let mut fields = vec![control(&self.control)];
        fields.extend(performance(&self.performance, &self.note));
        fields
    }
}

impl Form for PerformanceAgainForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        performance(shown(&self.performance), shown(&self.note)).into()
    }
}

impl Form for ControlChangeForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let prose = |name, label, value| {
            Field::new(name, label, value).hint("Markdown").kind(FieldKind::Prose { rows: 4 }).required()
        };
        vec![
            control(&self.control),
            prose("before", "How it was", &self.before),
            prose("after", "How it is", &self.after),
            Field::new("changed_on", "Since", &self.changed_on).hint("Today if empty").kind(FieldKind::Day),
            Field::new("lesson", "The lesson that asked for it", &self.lesson)
                .hint("Of this case, such as LSN-2026-0003")
                .kind(FieldKind::When),
            Field::new("action", "The action by which it was made", &self.action)
                .hint("Of this case, such as ACT-2026-0031")
                .kind(FieldKind::When),
        ]
    }
}

impl Form for DeclarationForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("link", "What is not needed", &self.link)
                // A review that is not needed is waived.
                .kind(FieldKind::Radio {
                    choices: choices::<LoopLink>()
                        .into_iter()
                        .filter(|choice| choice.value != LoopLink::Review.as_str())
                        .map(|choice| Choice { words: text::title(&link_words(&choice.value)), ..choice })
                        .collect(),
                })
                .required(),
            Field::new("reason", "Why", &self.reason)
                .hint("Such as: the risks were looked at, and none of them changes")
                .kind(FieldKind::Prose { rows: 4 })
                .required(),
        ]
    }
}

verb! {
    /// Says how a control did.
    NotePerformance: CaseControls, PerformanceForm => AddPerformance, "How a control did", "Save",
    "Did it do what it is for when it mattered?",
    back: |path| back_to(path.case, "controls"),
    begin: |app, viewer, path| case_of(app, viewer, path.case).map(|_| PerformanceForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let control = read.required("control", &form.control, "name the control");
        let performance = read.required("performance", &form.performance, "say what it did");
        let note = read.optional("note", &form.note);
        read.done()?;
        Ok(AddPerformance { case: path.case, control: control?, performance: performance?, note: note? })
    },
}

verb! {
    /// Says something else of how a control did.
    ChangePerformance: CaseControl, PerformanceAgainForm => EditPerformance, "What the control did", "Save", "",
    back: |path| back_to(path.case, "controls"),
    begin: |app, viewer, path| {
        let case = case_of(app, viewer, path.case)?;
        let reference = path.control.to_string();
        let found = case.controls.into_iter().find(|one| one.control == reference);
        Ok(found.map_or_else(PerformanceAgainForm::default, |one| PerformanceAgainForm {
            performance: Some(one.performance),
            note: Some(one.note.unwrap_or_default()),
        }))
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let performance = read.given("performance", &form.performance, "say what it did");
        let note = read.set("note", &form.note);
        read.done()?;
        Ok(EditPerformance { case: path.case, control: path.control, performance: performance?, note: note? })
    },
}

verb! {
    /// Takes back what was said of a control.
    TakePerformanceBack: CaseControlRemoval, NothingForm => RemovePerformance, "Take the control off the case", "Take it off",
    "For what was said by mistake.",
    back: |path| back_to(path.case, "controls"),
    begin: |app, viewer, path| case_of(app, viewer, path.case).map(|_| NothingForm::default()),
    parse: |path, _| Ok(RemovePerformance { case: path.case, control: path.control }),
}

verb! {
    /// Records what the case changed in a control.
    RecordControlChange: ControlChanges, ControlChangeForm => NewControlChange, "What changed in a control", "Record it",
    "It stays as it is: what was wrong about it is put right by another one.",
    back: |path| back_to(path.case, "controls"),
    begin: |app, viewer, path| case_of(app, viewer, path.case).map(|_| ControlChangeForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let control = read.required("control", &form.control, "name the control");
        let before = read.required("before", &form.before, "say how it was");
        let after = read.required("after", &form.after, "say how it is");
        let changed_on = read.optional_day("changed_on", &form.changed_on);
        let lesson = read.optional("lesson", &form.lesson);
        let action = read.optional("action", &form.action);
        read.done()?;
        Ok(NewControlChange {
            case: path.case,
            control: control?,
            before: before?,
            after: after?,
            changed_on: changed_on?,
            lesson: lesson?,
            action: action?,
        })
    },
}

verb! {
    /// Declares that a link of the loop is not needed.
    DeclareNotNeeded: Declarations, DeclarationForm => DeclareIt, "Not needed", "Declare it",
    "It counts once somebody else approves it.",
    back: |path| back_to(path.case, "not-needed"),
    begin: |app, viewer, path| case_of(app, viewer, path.case).map(|_| DeclarationForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let link = read.required("link", &form.link, "say what is not needed");
        let reason = read.required("reason", &form.reason, "say why it is not needed");
        read.done()?;
        Ok(DeclareIt { case: path.case, link: link?, reason: reason? })
    },
}

verb! {
    /// Agrees that a link is not needed.
    ApproveDeclaration: DeclarationApproval, NothingForm => ApproveIt, "Approve that it is not needed", "Approve",
    "Never whoever declared it.",
    back: |path| back_to(path.case, "not-needed"),
    begin: |app, viewer, path| case_of(app, viewer, path.case).map(|_| NothingForm::default()),
    parse: |path, _| Ok(ApproveIt { case: path.case, link: path.link }),
}

verb! {
    /// Takes back that a link is not needed.
    TakeDeclarationBack: DeclarationRemoval, NothingForm => RemoveDeclaration, "It is needed after all", "Take it back", "",
    back: |path| back_to(path.case, "not-needed"),
    begin: |app, viewer, path| case_of(app, viewer, path.case).map(|_| NothingForm::default()),
    parse: |path, _| Ok(RemoveDeclaration { case: path.case, link: path.link }),
}
