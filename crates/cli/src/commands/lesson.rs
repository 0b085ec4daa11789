//! Commands on lessons.

use nevertwice_service::lesson::{
    ApproveCoverage, ApproveLesson, ConfirmLesson, CoverLesson, EditLesson, FindSimilarLessons, LessonView,
    LinkLesson, ListLessonGaps, NewLesson, RetireLesson, ShowLesson, UnlinkLesson,
};
use nevertwice_service::search::ListLessons;
use nevertwice_service::set::Set;
use nevertwice_service::use_case::UseCase;

use crate::args::{LessonCommand, ListArgs};
use crate::failure::Failure;
use crate::output::print;
use crate::session::Session;
use crate::text;

/// Runs a command on lessons.
pub(super) fn run(session: &Session, command: LessonCommand) -> Result<(), Failure> {
    use LessonCommand as C;
    match command {
        C::New { case, statement, detail, tags, review_on } => {
            let tags = tags.into_iter().collect();
            shown(session, NewLesson { case, statement, detail, tags, review_on })
        }
        C::List(ListArgs { query, limit, after }) => {
            let list = session.call(ListLessons { query, limit, after })?;
            print(session.json, &list, text::lesson_list)
        }
        C::Show { lesson } => shown(session, ShowLesson { lesson }),
        C::Edit { lesson, statement, detail, tags, review_on } => {
            let tags = (!tags.is_empty()).then(|| tags.into_iter().collect());
            let (detail, review_on) = (detail.map(Set::To), review_on.map(Set::To));
            shown(session, EditLesson { lesson, version: None, statement, detail, tags, review_on })
        }
        C::Link { lesson, case } => shown(session, LinkLesson { lesson, case }),
        C::Unlink { lesson, case } => shown(session, UnlinkLesson { lesson, case }),
        C::Similar { case, text: wording, limit } => {
            let found = session.call(FindSimilarLessons { case, text: wording, limit })?;
            print(session.json, &found, |rows, out| text::lesson_rows(rows, out))
        }
        C::Cover { lesson, kind, covered_by, reason } => {
            shown(session, CoverLesson { lesson, kind, covered_by, reason })
        }
        C::ApproveCover { lesson } => shown(session, ApproveCoverage { lesson }),
        C::Confirm { lesson, next } => {
            shown(session, ConfirmLesson { lesson, version: None, next_review_on: next })
        }
        C::Gaps { gap, limit, after } => {
            let list = session.call(ListLessonGaps { gap, limit, after })?;
            print(session.json, &list, text::lesson_gaps)
        }
        C::Approve { lesson, version } => shown(session, ApproveLesson { lesson, version }),
        C::Retire { lesson, reason } => shown(session, RetireLesson { lesson, reason }),
    }
}

fn shown<U: UseCase<Output = LessonView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    let view = session.call(use_case)?;
    print(session.json, &view, text::lesson)
}
