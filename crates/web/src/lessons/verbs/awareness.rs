//! From a lesson to what it tells people.

use std::collections::BTreeSet;

use nevertwice_domain::awareness::AudienceKind;
use nevertwice_domain::permission::Role;
use nevertwice_service::awareness::PublishAwareness;

use super::{back_to, lesson_of};
use crate::form::{Reader, form};
use crate::help::Help;
use crate::paths::LessonAwareness;
use crate::ui::{Field, FieldKind, choices};
use crate::verb::{Form, verb};

form! {
    /// What a lesson tells people.
    AwarenessForm {
        /// What it says, in one line.
        title,
        /// What it says, in Markdown.
        text,
        /// `everybody`, `roles` or `people`.
        audience,
        /// The roles, apart by commas, if it is for roles.
        roles,
        /// The people, one a line, if it is for some by name.
        people,
        /// Until when it is to be acknowledged.
        due_on,
    }
}

impl Form for AwarenessForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("title", "What it says, in one line", &self.title).required(),
            Field::new("text", "What it says", &self.text)
                .hint("For those who read it: what to do, without blame and without the case. Markdown")
                .kind(FieldKind::Prose { rows: 8 })
                .required(),
            Field::new("audience", "Whom it is for", &self.audience)
                .kind(FieldKind::Radio { choices: choices::<AudienceKind>() })
                .required(),
            Field::new("roles", "Which roles", &self.roles)
                .hint("Apart by commas: reporter, responder, manager, auditor, sales, board, administrator"),
            Field::new("people", "Which people", &self.people)
                .hint("One name a line")
                .kind(FieldKind::Prose { rows: 3 }),
            Field::new("due_on", "To be acknowledged until", &self.due_on).kind(FieldKind::Day).required(),
        ]
    }
}

verb! {
    /// Publishes what a lesson tells people.
    Publish: LessonAwareness, AwarenessForm => PublishAwareness, "Make it an awareness item", "Publish",
    "Everybody whom it is for finds it among their work, to be read and acknowledged once.",
    back: |path| back_to(path.lesson),
    adds: true,
    begin: |app, viewer, path| {
        let lesson = lesson_of(app, viewer, path.lesson)?;
        let audience = AudienceKind::Everybody.as_str().to_owned();
        Ok(AwarenessForm { title: lesson.statement, audience, ..AwarenessForm::default() })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let title = read.required("title", &form.title, "say it in one line");
        let text = read.required("text", &form.text, "say what people are to know");
        let audience = read.required("audience", &form.audience, "choose one");
        let roles = read.words::<Role>("roles", &form.roles);
        let people = read.names("people", &form.people);
        let due_on = read.day("due_on", &form.due_on, "say until when");
        read.done()?;
        Ok(PublishAwareness {
            lesson: path.lesson,
            title: title?,
            text: text?,
            audience: audience?,
            roles: roles?.into_iter().collect::<BTreeSet<_>>(),
            people: people?,
            due_on: due_on?,
        })
    },
}
