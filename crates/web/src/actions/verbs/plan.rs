//! Planning an action: one named owner, one date, and how its effect will be checked.

use maud::{Markup, html};
use nevertwice_domain::action::{ActionKind, ActionPurpose};
use nevertwice_domain::reference::CaseRef;
use nevertwice_service::ServiceError;
use nevertwice_service::action::NewAction;
use nevertwice_service::case::ShowCase;
use nevertwice_service::procedure::ShowProcedure;

use crate::app::App;
use crate::form::{Reader, form};
use crate::help::Help;
use crate::paths::{self, CaseActions};
use crate::prose::reference;
use crate::ui::{Crumb, Field, FieldKind, choices};
use crate::verb::{Form, verb};
use crate::viewer::Viewer;

form! {
    /// An action with its owner, its date and its check.
    PlanForm {
        /// What is done.
        title,
        /// More about it.
        description,
        /// The lesson that it puts to work.
        lesson,
        /// `correction`, `corrective` or `improvement`.
        purpose,
        /// `technical`, `procedural`, `people`, `physical` or `supplier`.
        kind,
        /// Who owes it: one person.
        owner,
        /// By when; on the last day that the procedure allows if empty.
        due_on,
        /// Why then, where it is later than the procedure allows.
        due_reason,
        /// What will be measured to see whether it worked.
        check_measure,
        /// When it will be measured; on the last day that the procedure allows if empty.
        check_on,
        /// Why then, where it is later than the procedure allows.
        check_reason,
        /// Who will judge; not the owner.
        check_by,
    }
}

impl Form for PlanForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        let person = || FieldKind::Suggested { suggestions: &help.people };
        vec![
            Field::new("title", "What is done", &self.title)
                .hint("Begin with a verb. Making it impossible beats telling people to be careful")
                .required(),
            Field::new("description", "More about it", &self.description).kind(FieldKind::Prose { rows: 3 }),
            Field::new("lesson", "The lesson that it puts to work", &self.lesson)
                .hint("Such as LSN-2026-0003")
                .kind(FieldKind::When),
            Field::new("purpose", "What for", &self.purpose)
                .kind(FieldKind::Select { choices: choices::<ActionPurpose>(), none: None })
                .required(),
            Field::new("kind", "What kind", &self.kind)
                .kind(FieldKind::Select { choices: choices::<ActionKind>(), none: None })
                .required(),
            Field::new("owner", "Who owes it", &self.owner)
                .hint("One person, not a team")
                .kind(person())
                .required(),
            Field::new("due_on", "By when", &self.due_on)
                .hint("On the last day that the procedure allows, if empty")
                .kind(FieldKind::Day),
            Field::new("due_reason", "Why then", &self.due_reason)
                .hint("Only where it is later than the procedure allows"),
            Field::new("check_measure", "How will you know that it worked", &self.check_measure)
                .hint(
                    "What is measured, and what counts as success; if empty, whether the same happens again",
                )
                .kind(FieldKind::Prose { rows: 2 }),
            Field::new("check_on", "When is it measured", &self.check_on)
                .hint("On the last day that the procedure allows, if empty")
                .kind(FieldKind::Day),
            Field::new("check_reason", "Why is it measured then", &self.check_reason)
                .hint("Only where it is later than the procedure allows"),
            Field::new("check_by", "Who judges", &self.check_by).hint("Not the owner").kind(person()),
        ]
    }
}

/// What the procedure in force allows of an action of a case, and which lessons it may put to work. Whoever may plan one
/// may read the procedure.
fn allowed(app: &App, viewer: &Viewer, case: CaseRef) -> Result<Markup, ServiceError> {
    let case = app.run(&viewer.identity, ShowCase { case })?;
    let procedure = app.run(&viewer.identity, ShowProcedure {})?;
    let level = case.severity.unwrap_or(3);
    let of_level = |days: &str| {
        let place = usize::from(level).saturating_sub(1);
        days.split(',').nth(place).unwrap_or_default().trim().to_owned()
    };
    let (due, check) = (of_level(&procedure.rules.action_days), of_level(&procedure.rules.check_days));
    Ok(html! {
        p .fine {
            "By the procedure (" a href=(paths::Procedure) { (procedure.reference.as_deref().unwrap_or("shipped")) }
            ") an action of a case of severity " (level) " is due within " (due)
            " working days, and whether it works is judged within " (check) " days of its due date."
        }
        @if case.lessons.len() > 1 {
            p .fine { "The lessons of this case:" }
            ul .fine { @for lesson in &case.lessons { li { (reference(&lesson.reference)) " " (lesson.statement) } } }
        }
    })
}

verb! {
    /// Plans an action for a case.
    Plan: CaseActions, PlanForm => NewAction, "Plan an action", "Plan it", "",
    back: |path| Crumb {
        href: format!("{}#actions", paths::Case { case: path.case }),
        words: path.case.to_string(),
    },
    beside: |app, viewer, path, _| allowed(app, viewer, path.case),
    begin: |app, viewer, path| {
        let case = app.run(&viewer.identity, ShowCase { case: path.case })?;
        let lesson = case.lessons.last().map(|lesson| lesson.reference.clone());
        Ok(PlanForm {
            lesson: lesson.unwrap_or_default(),
            purpose: ActionPurpose::Corrective.as_str().to_owned(),
            kind: ActionKind::Technical.as_str().to_owned(),
            ..PlanForm::default()
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let title = read.required("title", &form.title, "say what is done");
        let description = read.optional("description", &form.description);
        let lesson = read.optional("lesson", &form.lesson);
        let purpose = read.required("purpose", &form.purpose, "choose what it is for");
        let kind = read.required("kind", &form.kind, "choose what kind it is");
        let owner = read.required("owner", &form.owner, "name the person who owes it");
        let due_on = read.optional_day("due_on", &form.due_on);
        let due_reason = read.optional("due_reason", &form.due_reason);
        let check_measure = read.optional("check_measure", &form.check_measure);
        let check_on = read.optional_day("check_on", &form.check_on);
        let check_reason = read.optional("check_reason", &form.check_reason);
        let check_by = read.optional("check_by", &form.check_by);
        read.done()?;
        Ok(NewAction {
            case: path.case,
            lesson: lesson?,
            title: title?,
            description: description?,
            purpose: purpose?,
            kind: kind?,
            owner: owner?,
            due_on: due_on?,
            due_reason: due_reason?,
            check_measure: check_measure?,
            check_on: check_on?,
            check_reason: check_reason?,
            check_by: check_by?,
        })
    },
}
