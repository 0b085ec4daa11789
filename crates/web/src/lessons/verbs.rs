//! What people do to a lesson.

mod awareness;
mod support;

use nevertwice_domain::reference::LessonRef;
use nevertwice_domain::text::Line;
use nevertwice_service::ServiceError;
use nevertwice_service::case::ShowCase;
use nevertwice_service::lesson::{
    ApproveLesson, EditLesson, FindSimilarLessons, LessonView, LinkLesson, NewLesson, RetireLesson,
    ShowLesson,
};

use crate::app::App;
use crate::form::{Reader, form, shown};
use crate::help::Help;
use crate::paths::{self, CaseLessons, Lesson, LessonApproval, LessonCases, LessonText, Retirement};
use crate::ui::{Crumb, Field, FieldKind};
use crate::verb::{Form, VERSION, verb};
use crate::viewer::Viewer;

pub(crate) use awareness::Publish;
pub(crate) use support::{ApproveCover, Confirm, Cover, Unlink};

form! {
    /// A lesson.
    LessonForm {
        /// What was learned, in one line.
        statement,
        /// More about it, in Markdown.
        detail,
        /// Tags, apart by commas.
        tags,
        /// When it will be looked at again.
        review_on,
    }
}

form! {
    /// Another wording of a lesson. What is absent stays, what is empty is cleared.
    partial LessonTextForm {
        /// What was learned, in one line.
        statement,
        /// More about it, in Markdown.
        detail,
        /// Tags, apart by commas.
        tags,
        /// When it will be looked at again.
        review_on,
        /// The version that was seen.
        version,
    }
}

form! {
    /// The version of a lesson that is approved.
    ApproveLessonForm {
        /// The version that was seen.
        version,
    }
}

form! {
    /// Why a lesson is retired.
    RetireLessonForm {
        /// Why.
        reason,
    }
}

form! {
    /// One more case that a lesson was learned from.
    LinkLessonForm {
        /// Its reference.
        case,
    }
}

/// What both forms ask.
fn fields<'a>(statement: &'a str, detail: &'a str, tags: &'a str, review_on: &'a str) -> Vec<Field<'a>> {
    vec![
        Field::new("statement", "What was learned", statement)
            .hint("So that a team that was not there can act on it")
            .required(),
        Field::new("detail", "More about it", detail).hint("Markdown").kind(FieldKind::Prose { rows: 5 }),
        Field::new("tags", "Tags", tags).hint("Words apart by commas"),
        Field::new("review_on", "Looked at again on", review_on).kind(FieldKind::Day),
    ]
}

impl Form for LessonForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        fields(&self.statement, &self.detail, &self.tags, &self.review_on)
    }
}

impl Form for LessonTextForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let mut fields =
            fields(shown(&self.statement), shown(&self.detail), shown(&self.tags), shown(&self.review_on));
        fields.push(Field::hidden(VERSION, shown(&self.version)));
        fields
    }
}

impl Form for ApproveLessonForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::hidden(VERSION, &self.version)]
    }
}

impl Form for RetireLessonForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::new("reason", "Why", &self.reason).kind(FieldKind::Prose { rows: 3 }).required()]
    }
}

impl Form for LinkLessonForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("case", "The case", &self.case)
                .hint("Such as CASE-2026-0042")
                .kind(FieldKind::When)
                .required(),
        ]
    }
}

/// The lesson as it stands, if the viewer may know of it.
fn lesson_of(app: &App, viewer: &Viewer, lesson: LessonRef) -> Result<LessonView, ServiceError> {
    app.run(&viewer.identity, ShowLesson { lesson })
}

fn back_to(lesson: LessonRef) -> Crumb {
    Crumb { href: Lesson { lesson }.to_string(), words: lesson.to_string() }
}

verb! {
    /// Drafts a lesson from a case.
    Draft: CaseLessons, LessonForm => NewLesson, "Draft a lesson", "Save the draft",
    "What has the next team to know? Somebody else approves it.",
    back: |path| Crumb {
        href: format!("{}#lessons", paths::Case { case: path.case }),
        words: path.case.to_string(),
    },
    beside: |app, viewer, path, form| {
        // A wording that cannot be read yet is no reason to show nothing.
        let text = Line::parse(&form.statement).ok();
        let similar = FindSimilarLessons { case: path.case, text, limit: 5 };
        Ok(super::similar::offer(path.case, &app.run(&viewer.identity, similar)?))
    },
    begin: |app, viewer, path| {
        app.run(&viewer.identity, ShowCase { case: path.case }).map(|_| LessonForm::default())
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let statement = read.required("statement", &form.statement, "say what was learned");
        let detail = read.optional("detail", &form.detail);
        let tags = read.words("tags", &form.tags);
        let review_on = read.optional_day("review_on", &form.review_on);
        read.done()?;
        Ok(NewLesson {
            case: path.case,
            statement: statement?,
            detail: detail?,
            tags: tags?.into_iter().collect(),
            review_on: review_on?,
        })
    },
}

verb! {
    /// Rewords a draft.
    Reword: LessonText, LessonTextForm => EditLesson, "Reword the lesson", "Save", "",
    back: |path| back_to(path.lesson),
    begin: |app, viewer, path| {
        let lesson = lesson_of(app, viewer, path.lesson)?;
        Ok(LessonTextForm {
            statement: Some(lesson.statement),
            detail: Some(lesson.detail.unwrap_or_default()),
            tags: Some(lesson.tags.join(", ")),
            review_on: Some(lesson.review_on.unwrap_or_default()),
            version: Some(lesson.version.to_string()),
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let statement = read.given("statement", &form.statement, "say what was learned");
        let detail = read.set("detail", &form.detail);
        let tags = form.tags.as_ref().map(|tags| read.words("tags", tags)).transpose();
        let review_on = read.set_day("review_on", &form.review_on);
        let version = read.version(shown(&form.version));
        read.done()?;
        Ok(EditLesson {
            lesson: path.lesson,
            version: version?,
            statement: statement?,
            detail: detail?,
            tags: tags?.map(|tags| tags.into_iter().collect()),
            review_on: review_on?,
        })
    },
}

verb! {
    /// Approves a lesson.
    Approve: LessonApproval, ApproveLessonForm => ApproveLesson, "Approve the lesson", "Approve",
    "Your name stands under what it says now, and everybody in the company can read it then. Nobody approves their own.",
    back: |path| back_to(path.lesson),
    begin: |app, viewer, path| {
        Ok(ApproveLessonForm { version: lesson_of(app, viewer, path.lesson)?.version.to_string() })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let version = read.version(&form.version);
        read.done()?;
        Ok(ApproveLesson { lesson: path.lesson, version: version? })
    },
}

verb! {
    /// Retires a lesson.
    Retire: Retirement, RetireLessonForm => RetireLesson, "Retire the lesson", "Retire",
    "For what does not apply any more. It stays readable with the reason.",
    back: |path| back_to(path.lesson),
    begin: |app, viewer, path| lesson_of(app, viewer, path.lesson).map(|_| RetireLessonForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let reason = read.required("reason", &form.reason, "say why");
        read.done()?;
        Ok(RetireLesson { lesson: path.lesson, reason: reason? })
    },
}

verb! {
    /// Says that a lesson was learned from one more case.
    Link: LessonCases, LinkLessonForm => LinkLesson, "Learned from one more case", "Link", "",
    back: |path| back_to(path.lesson),
    begin: |app, viewer, path| lesson_of(app, viewer, path.lesson).map(|_| LinkLessonForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let case = read.required("case", &form.case, "name the case");
        read.done()?;
        Ok(LinkLesson { lesson: path.lesson, case: case? })
    },
}
