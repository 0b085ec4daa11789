//! Commands on lessons.

use nevertwice_service::lesson::{
    ApproveLesson, EditLesson, LessonView, LinkLesson, NewLesson, RetireLesson, ShowLesson,
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
        C::Approve { lesson } => shown(session, ApproveLesson { lesson }),
        C::Retire { lesson, reason } => shown(session, RetireLesson { lesson, reason }),
    }
}

fn shown<U: UseCase<Output = LessonView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    let view = session.call(use_case)?;
    print(session.json, &view, text::lesson)
}
