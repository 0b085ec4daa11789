//! What people say of controls.

use nevertwice_domain::control::{ControlRef, ImplementationStatus};
use nevertwice_service::ServiceError;
use nevertwice_service::control::{
    ControlRow, EditControl, ListControls, NewControl, RetireControl, ShowControl,
};

use crate::app::App;
use crate::form::{Reader, form, shown};
use crate::help::Help;
use crate::paths::{self, ControlFacts, ControlRetirement, NewControl as NewControlPath};
use crate::ui::{Choice, Crumb, Field, FieldKind, choices};
use crate::verb::{Form, VERSION, verb};
use crate::viewer::Viewer;

form! {
    /// A control of the company's own.
    ControlForm {
        /// What it is called.
        title,
        /// What it is, in Markdown.
        description,
        /// Why it is needed, in Markdown.
        justification,
        /// `not_implemented`, `planned`, `partly_implemented` or `implemented`.
        status,
        /// Who answers for it.
        owner,
    }
}

form! {
    /// What is said of a control. What is absent stays, what is empty is cleared; the titles of the standard stay.
    partial ControlFactsForm {
        /// What it is called; only of the company's own.
        title,
        /// `yes` or `no`: whether the company needs it.
        applicable,
        /// Why it is needed, or why not, in Markdown.
        justification,
        /// `not_implemented`, `planned`, `partly_implemented` or `implemented`.
        status,
        /// Who answers for it.
        owner,
        /// What it is in this company, in Markdown.
        description,
        /// The version that was seen.
        version,
    }
}

form! {
    /// Why a control is retired.
    RetireControlForm {
        /// Why.
        reason,
    }
}

fn status(value: &str) -> Field<'_> {
    Field::new("status", "How far is it put in place", value)
        .kind(FieldKind::Select { choices: choices::<ImplementationStatus>(), none: None })
}

fn description(value: &str) -> Field<'_> {
    Field::new("description", "What it is here", value).hint("Markdown").kind(FieldKind::Prose { rows: 5 })
}

fn owner<'a>(value: &'a str, help: &'a Help) -> Field<'a> {
    Field::new("owner", "Who answers for it", value).kind(FieldKind::Suggested { suggestions: &help.people })
}

impl Form for ControlForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("title", "What it is called", &self.title).required(),
            description(&self.description),
            Field::new("justification", "Why it is needed", &self.justification)
                .kind(FieldKind::Prose { rows: 3 }),
            status(&self.status),
            owner(&self.owner, help),
        ]
    }
}

impl Form for ControlFactsForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        let choice =
            |value: &str, words: &str| Choice { value: value.into(), words: words.into(), hint: None };
        let mut fields = Vec::new();
        // The titles of the standard are not shown: they do not change.
        if self.title.is_some() {
            fields.push(Field::new("title", "What it is called", shown(&self.title)).required());
        }
        fields.extend([
            Field::new("applicable", "Is it needed here", shown(&self.applicable))
                .kind(FieldKind::Radio {
                    choices: vec![choice("yes", "Applicable"), choice("no", "Not applicable")],
                })
                .required(),
            Field::new("justification", "Why, or why not", shown(&self.justification))
                .hint("A control that is not applicable needs it")
                .kind(FieldKind::Prose { rows: 3 }),
            status(shown(&self.status)),
            owner(shown(&self.owner), help),
            description(shown(&self.description)),
            Field::hidden(VERSION, shown(&self.version)),
        ]);
        fields
    }
}

impl Form for RetireControlForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::new("reason", "Why", &self.reason).kind(FieldKind::Prose { rows: 3 }).required()]
    }
}

fn control_of(app: &App, viewer: &Viewer, control: ControlRef) -> Result<ControlRow, ServiceError> {
    app.run(&viewer.identity, ShowControl { control }).map(|view| view.control)
}

fn back_to(control: ControlRef) -> Crumb {
    Crumb { href: paths::Control { control }.to_string(), words: control.to_string() }
}

verb! {
    /// Adds a control of the company's own.
    Add: NewControlPath, ControlForm => NewControl, "Add a control of your own", "Add it",
    "The 93 controls of Annex A are there already.",
    back: |_| Crumb { href: paths::Controls.to_string(), words: "Controls".to_owned() },
    begin: |app, viewer, _| {
        app.run(&viewer.identity, ListControls::default())?;
        let status = ImplementationStatus::NotImplemented.as_str().to_owned();
        Ok(ControlForm { status, ..ControlForm::default() })
    },
    parse: |_, form| {
        let mut read = Reader::default();
        let title = read.required("title", &form.title, "say what it is called");
        let description = read.optional("description", &form.description);
        let justification = read.optional("justification", &form.justification);
        let status = read.optional("status", &form.status);
        let owner = read.optional("owner", &form.owner);
        read.done()?;
        Ok(NewControl {
            title: title?,
            description: description?,
            justification: justification?,
            status: status?,
            owner: owner?,
        })
    },
}

verb! {
    /// Changes what is said of a control.
    Say: ControlFacts, ControlFactsForm => EditControl, "Change the control", "Save", "",
    back: |path| back_to(path.control),
    begin: |app, viewer, path| {
        let control = control_of(app, viewer, path.control)?;
        let is_own = matches!(path.control, ControlRef::Own(_));
        Ok(ControlFactsForm {
            title: is_own.then_some(control.title),
            applicable: Some(if control.applicable { "yes" } else { "no" }.to_owned()),
            justification: Some(control.justification.unwrap_or_default()),
            status: Some(control.status),
            owner: Some(control.owner.unwrap_or_default()),
            description: Some(control.description.unwrap_or_default()),
            version: Some(control.version.to_string()),
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let title = read.given("title", &form.title, "say what it is called");
        let applicable = match &form.applicable {
            Some(text) if text.trim().is_empty() => {
                read.refuse("applicable", "say whether it is needed");
                Ok(None)
            }
            Some(text) => read.is_yes("applicable", text).map(Some),
            None => Ok(None),
        };
        let justification = read.set("justification", &form.justification);
        let status = read.given("status", &form.status, "say how far it is put in place");
        let owner = read.set("owner", &form.owner);
        let description = read.set("description", &form.description);
        let version = read.version(shown(&form.version));
        read.done()?;
        Ok(EditControl {
            control: path.control,
            version: version?,
            title: title?,
            description: description?,
            applicable: applicable?,
            justification: justification?,
            status: status?,
            owner: owner?,
        })
    },
}

verb! {
    /// Retires a control of the company's own.
    Retire: ControlRetirement, RetireControlForm => RetireControl, "Retire the control", "Retire",
    "For a control of your own that is not used any more. It stays readable with the reason.",
    back: |path| back_to(path.control),
    begin: |app, viewer, path| control_of(app, viewer, path.control).map(|_| RetireControlForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let reason = read.required("reason", &form.reason, "say why");
        read.done()?;
        Ok(RetireControl { control: path.control, reason: reason? })
    },
}
