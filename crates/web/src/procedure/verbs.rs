//! What people do to the procedure: begin a version, write on it, submit, approve, give up.

use std::collections::BTreeSet;

use nevertwice_domain::reference::{LessonRef, ProcedureRef};
use nevertwice_service::ServiceError;
use nevertwice_service::procedure::{
    ApproveProcedure, DraftProcedure, EditProcedure, ProcedureView, RulesInput, SendProcedureBack,
    ShowProcedure, ShowProcedureVersion, SubmitProcedure, WithdrawProcedure,
};

use crate::app::App;
use crate::form::{Bad, Reader, form, shown};
use crate::help::Help;
use crate::paths::{
    self, NewProcedure, ProcedureApproval, ProcedureReturn, ProcedureSubmission, ProcedureText,
    ProcedureWithdrawal,
};
use crate::ui::{Crumb, Field, FieldKind};
use crate::verb::{Form, NothingForm, VERSION, verb};
use crate::viewer::Viewer;

form! {
    /// A version to be written.
    BeginForm {
        /// What is to change, and why, in Markdown.
        summary,
    }
}

form! {
    /// A draft of the procedure. What is absent stays; lists that are empty are emptied.
    partial WriteForm {
        /// What changed, and why, in Markdown.
        summary,
        /// The lessons that led to it, references apart by commas.
        lessons,
        /// Which case needs which review, one rule a line: `incident, severity 4 to 5: full within 10 days, 3 people, led by manager, 1 approval`. The first that fits counts; the last fits every case, such as `any: light within 20 days`.
        reviews,
        /// Within how many working days an action is due, for severity 1 to 5: `90, 60, 45, 30, 20`.
        action_days,
        /// How many days behind its due date an action's effect is looked at, for severity 1 to 5: `90, 90, 60, 45, 30`.
        check_days,
        /// How many working days before something is due its owner is reminded.
        remind_before,
        /// Every how many working days once it is overdue.
        remind_every,
        /// Who else is told of what stays undone, one step a line: `after 5 days: manager`.
        escalations,
        /// What the company wants to reach, one target a line: `reviews_on_time: 90 %`.
        targets,
        /// What opens a trend review, one a line: `3 cases of one category within 90 days`.
        trends,
        /// The days of the week on which people work, apart by commas.
        workdays,
        /// The days on which they do not, one a line: `2026-12-25 Christmas Day`.
        holidays,
        /// What people read, in Markdown.
        text,
        /// The version that was seen.
        version,
    }
}

form! {
    /// From when on a version counts.
    ApproveProcedureForm {
        /// The first day; today if empty.
        effective_on,
        /// The version that was seen.
        version,
    }
}

form! {
    /// Why a version is given up.
    WithdrawProcedureForm {
        /// Why.
        reason,
    }
}

impl Form for BeginForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("summary", "What is to change, and why", &self.summary)
                .kind(FieldKind::Prose { rows: 4 })
                .required(),
        ]
    }
}

impl Form for WriteForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let lines = |name, label, value: &'a Option<String>, hint, rows| {
            Field::new(name, label, shown(value)).hint(hint).kind(FieldKind::Prose { rows })
        };
        let short = |name, label, value: &'a Option<String>, hint| {
            Field::new(name, label, shown(value)).hint(hint).required()
        };
        vec![
            lines("summary", "What changed, and why", &self.summary, "Markdown", 4).required(),
            Field::new("lessons", "The lessons that led to it", shown(&self.lessons))
                .hint("References of approved lessons, apart by commas"),
            lines(
                "reviews",
                "Which case needs which review",
                &self.reviews,
                "One rule a line, such as: incident, severity 4 to 5: full within 10 days, 3 people, led by manager, \
                 1 approval. The first that fits counts; the last has to fit every case, such as: any: light within 20 days",
                8,
            )
            .required(),
            short(
                "action_days",
                "Actions are due within",
                &self.action_days,
                "Working days for severity 1 to 5, apart by commas",
            ),
            short(
                "check_days",
                "Their effect is judged within",
                &self.check_days,
                "Days behind the due date for severity 1 to 5, apart by commas",
            ),
            short("remind_before", "Remind before", &self.remind_before, "Working days before something is due"),
            short("remind_every", "Remind again every", &self.remind_every, "Working days once it is overdue"),
            lines(
                "escalations",
                "Tell others",
                &self.escalations,
                "One step a line, such as: after 5 days: manager. Behind the colon case, manager or board",
                4,
            ),
            lines(
                "trends",
                "Open a trend review",
                &self.trends,
                "One a line, such as: 3 cases of one category within 90 days. Also: supplier, asset",
                3,
            ),
            lines(
                "targets",
                "Targets",
                &self.targets,
                "One a line, such as: reviews_on_time: 90 %. Also: review_coverage, causes_known, actions_on_time, \
                 actions_effective, strong_actions, loop_score",
                7,
            ),
            short("workdays", "Working days", &self.workdays, "Apart by commas, such as monday, tuesday"),
            lines("holidays", "Holidays", &self.holidays, "One a line, such as 2026-12-25 Christmas Day", 8),
            lines("text", "What people read", &self.text, "Markdown. The rules are shown behind it", 24).required(),
            Field::hidden(VERSION, shown(&self.version)),
        ]
    }
}

impl Form for ApproveProcedureForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("effective_on", "Counts from", &self.effective_on)
                .hint("Today, if empty. Reviews that are open keep the version that they were opened under")
                .kind(FieldKind::Day),
            Field::hidden(VERSION, &self.version),
        ]
    }
}

impl Form for WithdrawProcedureForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::new("reason", "Why", &self.reason).kind(FieldKind::Prose { rows: 3 }).required()]
    }
}

/// The version as it stands, if the viewer may see it.
fn procedure_of(app: &App, viewer: &Viewer, procedure: ProcedureRef) -> Result<ProcedureView, ServiceError> {
    app.run(&viewer.identity, ShowProcedureVersion { procedure })
}

fn back_to(procedure: ProcedureRef) -> Crumb {
    Crumb { href: paths::ProcedureVersion { procedure }.to_string(), words: procedure.to_string() }
}

verb! {
    /// Begins a version.
    Begin: NewProcedure, BeginForm => DraftProcedure, "Begin a new version", "Begin it",
    "It begins with what is in force. Somebody who does not write on it approves it.",
    back: |_| Crumb { href: paths::ProcedureVersions.to_string(), words: "Versions".to_owned() },
    begin: |app, viewer, _| {
        app.run(&viewer.identity, ShowProcedure {}).map(|_| BeginForm::default())
    },
    parse: |_, form| {
        let mut read = Reader::default();
        let summary = read.required("summary", &form.summary, "say what is to change, and why");
        read.done()?;
        Ok(DraftProcedure { summary: summary? })
    },
}

verb! {
    /// Writes on a draft.
    Write: ProcedureText, WriteForm => EditProcedure, "Write on the procedure", "Save",
    "What stands here is what the program does, from the day on that it counts.",
    back: |path| back_to(path.procedure),
    begin: |app, viewer, path| {
        let view = procedure_of(app, viewer, path.procedure)?;
        let rules = view.rules;
        Ok(WriteForm {
            summary: Some(view.summary),
            lessons: Some(view.lessons.join(", ")),
            reviews: Some(rules.reviews.join("\n")),
            action_days: Some(rules.action_days),
            check_days: Some(rules.check_days),
            remind_before: Some(rules.remind_before.to_string()),
            remind_every: Some(rules.remind_every.to_string()),
            escalations: Some(rules.escalations.join("\n")),
            targets: Some(rules.targets.join("\n")),
            trends: Some(rules.trends.join("\n")),
            workdays: Some(rules.workdays.join(", ")),
            holidays: Some(rules.holidays.join("\n")),
            text: Some(view.text),
            version: Some(view.version.to_string()),
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let summary = read.given("summary", &form.summary, "say what changed, and why");
        let text = read.given("text", &form.text, "write what people read");
        let lessons = listed::<LessonRef>(&mut read, "lessons", &form.lessons, Reader::words);
        let rules = rules(&mut read, form);
        let version = read.version(shown(&form.version));
        read.done()?;
        Ok(EditProcedure {
            procedure: path.procedure,
            version: version?,
            text: text?,
            summary: summary?,
            lessons: lessons?.map(BTreeSet::from_iter),
            rules: rules?,
        })
    },
}

/// Reads a list that may be absent, with a way of taking it apart.
fn listed<T>(
    read: &mut Reader,
    field: &'static str,
    text: &Option<String>,
    apart: fn(&mut Reader, &str, &str) -> Result<Vec<T>, Bad>,
) -> Result<Option<Vec<T>>, Bad> {
    text.as_ref().map(|text| apart(read, field, text)).transpose()
}

fn rules(read: &mut Reader, form: &WriteForm) -> Result<RulesInput, Bad> {
    let is_emptied = |text: &Option<String>| text.as_deref().is_some_and(|text| text.trim().is_empty());
    if is_emptied(&form.reviews) {
        read.refuse("reviews", "name one rule at least, such as: any: light within 20 days");
    }
    if is_emptied(&form.workdays) {
        read.refuse("workdays", "name one working day at least");
    }
    let five = "name five numbers, for severity 1 to 5";
    let reviews = listed(read, "reviews", &form.reviews, Reader::names);
    let action_days = read.given("action_days", &form.action_days, five);
    let check_days = read.given("check_days", &form.check_days, five);
    let remind_before = read.given("remind_before", &form.remind_before, "say how many days before");
    let remind_every = read.given("remind_every", &form.remind_every, "say every how many days");
    let escalations = listed(read, "escalations", &form.escalations, Reader::names);
    let targets = listed(read, "targets", &form.targets, Reader::names);
    let trends = listed(read, "trends", &form.trends, Reader::names);
    let workdays = listed(read, "workdays", &form.workdays, Reader::words);
    let holidays = listed(read, "holidays", &form.holidays, Reader::names);
    Ok(RulesInput {
        reviews: reviews?,
        action_days: action_days?,
        check_days: check_days?,
        remind_before: remind_before?,
        remind_every: remind_every?,
        escalations: escalations?,
        workdays: workdays?,
        holidays: holidays?,
        targets: targets?,
        trends: trends?,
    })
}

verb! {
    /// Submits a draft.
    Submit: ProcedureSubmission, NothingForm => SubmitProcedure, "Submit for approval", "Submit",
    "It stands still from here on; somebody who did not write on it approves it or sends it back.",
    back: |path| back_to(path.procedure),
    begin: |app, viewer, path| procedure_of(app, viewer, path.procedure).map(|_| NothingForm::default()),
    parse: |path, _| Ok(SubmitProcedure { procedure: path.procedure }),
}

verb! {
    /// Sends a submitted version back.
    SendBack: ProcedureReturn, NothingForm => SendProcedureBack, "Send it back", "Send it back",
    "It can be written on again.",
    back: |path| back_to(path.procedure),
    begin: |app, viewer, path| procedure_of(app, viewer, path.procedure).map(|_| NothingForm::default()),
    parse: |path, _| Ok(SendProcedureBack { procedure: path.procedure }),
}

verb! {
    /// Approves a version.
    Approve: ProcedureApproval, ApproveProcedureForm => ApproveProcedure, "Approve the procedure", "Approve",
    "Your name stands under it, and the program does what it says.",
    back: |path| back_to(path.procedure),
    begin: |app, viewer, path| {
        let version = procedure_of(app, viewer, path.procedure)?.version.to_string();
        Ok(ApproveProcedureForm { version, ..ApproveProcedureForm::default() })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let effective_on = read.optional_day("effective_on", &form.effective_on);
        let version = read.version(&form.version);
        read.done()?;
        Ok(ApproveProcedure { procedure: path.procedure, version: version?, effective_on: effective_on? })
    },
}

verb! {
    /// Gives a version up.
    Withdraw: ProcedureWithdrawal, WithdrawProcedureForm => WithdrawProcedure, "Give the version up", "Give it up",
    "It stays in the list, with the reason.",
    back: |path| back_to(path.procedure),
    begin: |app, viewer, path| procedure_of(app, viewer, path.procedure).map(|_| WithdrawProcedureForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let reason = read.required("reason", &form.reason, "say why it is given up");
        read.done()?;
        Ok(WithdrawProcedure { procedure: path.procedure, reason: reason? })
    },
}
