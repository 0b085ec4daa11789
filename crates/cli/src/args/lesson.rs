//! Commands on lessons.

use clap::Subcommand;
use nevertwice_domain::case::Tag;
use nevertwice_domain::reference::{CaseRef, LessonRef};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;

use super::day::day;
use super::list::ListArgs;

/// Commands on lessons.
#[derive(Debug, Subcommand)]
pub(crate) enum LessonCommand {
    /// Draft a lesson from a case.
    New {
        /// The case.
        case: CaseRef,
        /// What was learned, in one sentence that others can use.
        statement: Line,
        /// More about it.
        #[arg(long)]
        detail: Option<Prose>,
        /// A tag.
        #[arg(long = "tag")]
        tags: Vec<Tag>,
        /// When it will be looked at again.
        #[arg(long, value_parser = day)]
        review_on: Option<Date>,
    },
    /// List lessons, the latest first.
    List(ListArgs),
    /// Show a lesson.
    Show {
        /// The lesson.
        lesson: LessonRef,
    },
    /// Reword a draft, or set tags and the date of the next look.
    Edit {
        /// The lesson.
        lesson: LessonRef,
        /// What was learned.
        #[arg(long)]
        statement: Option<Line>,
        /// More about it.
        #[arg(long)]
        detail: Option<Prose>,
        /// A tag; those given replace all.
        #[arg(long = "tag")]
        tags: Vec<Tag>,
        /// When it will be looked at again.
        #[arg(long, value_parser = day)]
        review_on: Option<Date>,
    },
    /// Say that a lesson was learned from one more case.
    Link {
        /// The lesson.
        lesson: LessonRef,
        /// The case.
        case: CaseRef,
    },
    /// Approve a lesson of somebody else that an action puts to work.
    Approve {
        /// The lesson.
        lesson: LessonRef,
    },
    /// Retire a lesson.
    Retire {
        /// The lesson.
        lesson: LessonRef,
        /// Why.
        #[arg(long)]
        reason: Prose,
    },
}
