//! Commands on lessons.

use clap::Subcommand;
use nevertwice_domain::case::Tag;
use nevertwice_domain::lesson::CoverageKind;
use nevertwice_domain::reference::{CaseRef, LessonRef};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_service::lesson::LessonGap;

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
    /// Say that a lesson was not learned from a case after all; the last case stays.
    Unlink {
        /// The lesson.
        lesson: LessonRef,
        /// The case.
        case: CaseRef,
    },
    /// Find approved lessons that say something like it: link one of them instead of writing it again.
    Similar {
        /// The case that something was learned from.
        case: CaseRef,
        /// The lesson as it would be written; the title of the case if unsaid.
        text: Option<Line>,
        /// How many at most.
        #[arg(long, default_value_t = 5)]
        limit: usize,
    },
    /// Say what covers a lesson, so that it needs no action of its own.
    Cover {
        /// The lesson.
        lesson: LessonRef,
        /// existing_action, control_change or accepted_risk.
        kind: CoverageKind,
        /// Its reference: an action such as ACT-2026-0031, a control of which a change is recorded such as A.8.9 or C-12, or
        /// an open risk that its owner accepted such as RSK-0007.
        covered_by: Line,
        /// Why that is enough.
        #[arg(long)]
        reason: Prose,
    },
    /// Approve what somebody else said covers a lesson.
    ApproveCover {
        /// The lesson.
        lesson: LessonRef,
    },
    /// Say that a lesson is still true.
    Confirm {
        /// The lesson.
        lesson: LessonRef,
        /// When it is looked at again; a year from today if unsaid.
        #[arg(long, value_parser = day)]
        next: Option<Date>,
    },
    /// List lessons that need somebody: nothing puts them to work, or nobody has looked at them for too long.
    Gaps {
        /// orphan or stale.
        gap: LessonGap,
        /// How many at most.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// Where the list goes on.
        #[arg(long)]
        after: Option<String>,
    },
    /// Approve a lesson of somebody else that an action puts to work, or that is covered.
    Approve {
        /// The lesson.
        lesson: LessonRef,
        /// The version that you read; refused if somebody changed the lesson since.
        #[arg(long)]
        version: Option<u64>,
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
