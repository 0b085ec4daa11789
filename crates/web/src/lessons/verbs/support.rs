//! What puts a lesson to work, that it is still true, and where it was not learned after all.

use nevertwice_domain::lesson::CoverageKind;
use nevertwice_service::lesson::{ApproveCoverage, ConfirmLesson, CoverLesson, UnlinkLesson};

use super::{back_to, lesson_of};
use crate::form::{Reader, form};
use crate::help::Help;
use crate::paths::{CoverageApproval, LessonConfirmation, LessonCoverage, LessonUnlinking};
use crate::ui::{Field, FieldKind, choices};
use crate::verb::{Form, NothingForm, VERSION, verb};

form! {
    /// What covers a lesson that needs no action of its own.
    CoverForm {
        /// `existing_action`, `control_change` or `accepted_risk`.
        kind,
        /// Its reference.
        covered_by,
        /// Why that is enough.
        reason,
    }
}

form! {
    /// When a lesson is looked at again.
    ConfirmForm {
        /// The day; a year from today if empty.
        next_review_on,
        /// The version that was seen.
        version,
    }
}

form! {
    /// A case that a lesson was not learned from after all.
    UnlinkLessonForm {
        /// Its reference.
        case,
    }
}

impl Form for CoverForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("kind", "What covers it", &self.kind)
                .kind(FieldKind::Radio { choices: choices::<CoverageKind>() })
                .required(),
            Field::new("covered_by", "Which one", &self.covered_by)
                .hint("An action such as ACT-2026-0031, a control of which a change is recorded such as A.8.9 or C-12, or an open risk that its owner accepted such as RSK-0007")
                .kind(FieldKind::When)
                .required(),
            Field::new("reason", "Why that is enough", &self.reason)
                .kind(FieldKind::Prose { rows: 3 })
                .required(),
        ]
    }
}

impl Form for ConfirmForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("next_review_on", "Looked at again on", &self.next_review_on)
                .hint("A year from today if empty")
                .kind(FieldKind::Day),
            Field::hidden(VERSION, &self.version),
        ]
    }
}

impl Form for UnlinkLessonForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("case", "The case", &self.case)
                .hint("Such as CASE-2026-0042")
                .kind(FieldKind::When)
                .required(),
        ]
    }
}

verb! {
    /// Says what covers a lesson.
    Cover: LessonCoverage, CoverForm => CoverLesson, "No action, because it is covered", "Ask for approval",
    "Only what is there already can stand in for an action. Somebody else approves it, and the lesson is shown as an exception.",
    back: |path| back_to(path.lesson),
    begin: |app, viewer, path| lesson_of(app, viewer, path.lesson).map(|_| CoverForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let kind = read.required("kind", &form.kind, "choose one");
        let covered_by = read.required("covered_by", &form.covered_by, "name what covers it");
        let reason = read.required("reason", &form.reason, "say why that is enough");
        read.done()?;
        Ok(CoverLesson { lesson: path.lesson, kind: kind?, covered_by: covered_by?, reason: reason? })
    },
}

verb! {
    /// Approves what covers a lesson.
    ApproveCover: CoverageApproval, NothingForm => ApproveCoverage, "Approve what covers it", "Approve",
    "Then the lesson can be approved without an action of its own. Nobody approves what they said themselves.",
    back: |path| back_to(path.lesson),
    begin: |app, viewer, path| lesson_of(app, viewer, path.lesson).map(|_| NothingForm::default()),
    parse: |path, _| Ok(ApproveCoverage { lesson: path.lesson }),
}

verb! {
    /// Says that a lesson is still true.
    Confirm: LessonConfirmation, ConfirmForm => ConfirmLesson, "Still true", "It is still true",
    "Who looked and when is kept with the lesson.",
    back: |path| back_to(path.lesson),
    begin: |app, viewer, path| {
        let lesson = lesson_of(app, viewer, path.lesson)?;
        Ok(ConfirmForm { next_review_on: String::new(), version: lesson.version.to_string() })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let next = read.optional_day("next_review_on", &form.next_review_on);
        let version = read.version(&form.version);
        read.done()?;
        Ok(ConfirmLesson { lesson: path.lesson, version: version?, next_review_on: next? })
    },
}

verb! {
    /// Says that a lesson was not learned from a case after all.
    Unlink: LessonUnlinking, UnlinkLessonForm => UnlinkLesson, "Not learned from this case", "Take the link away",
    "The last case of a lesson stays.",
    back: |path| back_to(path.lesson),
    begin: |app, viewer, path| lesson_of(app, viewer, path.lesson).map(|_| UnlinkLessonForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let case = read.required("case", &form.case, "name the case");
        read.done()?;
        Ok(UnlinkLesson { lesson: path.lesson, case: case? })
    },
}
