//! A light review in one form: why, what was learned, what will be done.

use nevertwice_domain::action::ActionKind;
use nevertwice_service::review::WriteLightReview;

use super::{back_to, review_of};
use crate::form::{Reader, form};
use crate::help::Help;
use crate::paths::LightReview;
use crate::ui::{Field, FieldKind, choices};
use crate::verb::{Form, VERSION, verb};

form! {
    /// A light review.
    LightForm {
        /// Why it happened.
        cause,
        /// What shows it, in Markdown.
        evidence,
        /// What was learned, in one sentence that others can use.
        lesson,
        /// The reference of a lesson that is there already, instead.
        known_lesson,
        /// What will be done.
        action,
        /// `technical`, `procedural`, `people`, `physical` or `supplier`.
        action_kind,
        /// The one person who owes it; whoever writes if empty.
        owner,
        /// By when; when the procedure asks for it if empty.
        due_on,
        /// Why then, where it is later than the procedure allows.
        due_reason,
        /// The version that was seen.
        version,
    }
}

impl Form for LightForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("cause", "Why did it happen", &self.cause)
                .hint("A condition that the company can change, not a person")
                .kind(FieldKind::Prose { rows: 3 })
                .required(),
            Field::new("evidence", "What shows it", &self.evidence).kind(FieldKind::Prose { rows: 2 }),
            Field::new("lesson", "What was learned", &self.lesson)
                .hint("One sentence that somebody else can use; empty if you name a lesson below")
                .kind(FieldKind::Prose { rows: 2 }),
            Field::new("known_lesson", "Or the lesson that is there already", &self.known_lesson)
                .hint("Its reference, such as LSN-2026-0003"),
            Field::new("action", "What will be done", &self.action)
                .hint("Add, remove, block, repair, lock, test …: something that can be seen to be done")
                .required(),
            Field::new("action_kind", "What that changes", &self.action_kind)
                .kind(FieldKind::Radio { choices: choices::<ActionKind>() })
                .required(),
            Field::new("owner", "Who does it", &self.owner)
                .hint("One person; you, if empty")
                .kind(FieldKind::Suggested { suggestions: &help.people }),
            Field::new("due_on", "By when", &self.due_on)
                .hint("On the last day that the procedure allows, if empty")
                .kind(FieldKind::Day),
            Field::new("due_reason", "Why then", &self.due_reason)
                .hint("Only where it is later than the procedure allows"),
            Field::hidden(VERSION, &self.version),
        ]
    }
}

verb! {
    /// Writes a light review.
    WriteLight: LightReview, LightForm => WriteLightReview, "Write the light review", "Submit for approval",
    "Why, what was learned, what will be done. Somebody else approves it.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        let version = review_of(app, viewer, path.review)?.version.to_string();
        Ok(LightForm { version, ..LightForm::default() })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let cause = read.required("cause", &form.cause, "say why it happened");
        let evidence = read.optional("evidence", &form.evidence);
        let lesson = read.optional("lesson", &form.lesson);
        let known_lesson = read.optional("known_lesson", &form.known_lesson);
        let action = read.required("action", &form.action, "say what will be done");
        let action_kind = read.required("action_kind", &form.action_kind, "say what it changes");
        let owner = read.optional("owner", &form.owner);
        let due_on = read.optional_day("due_on", &form.due_on);
        let due_reason = read.optional("due_reason", &form.due_reason);
        let version = read.version(&form.version);
        if form.lesson.trim().is_empty() && form.known_lesson.trim().is_empty() {
            read.refuse("lesson", "say what was learned, or name the lesson that is there already");
        }
        read.done()?;
        Ok(WriteLightReview {
            review: path.review,
            version: version?,
            cause: cause?,
            evidence: evidence?,
            lesson: lesson?,
            known_lesson: known_lesson?,
            action: action?,
            action_kind: action_kind?,
            owner: owner?,
            due_on: due_on?,
            due_reason: due_reason?,
        })
    },
}
