//! Commands on awareness items.

use clap::Subcommand;
use nevertwice_domain::permission::Role;
use nevertwice_domain::reference::{AwarenessRef, LessonRef};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;

use super::day::day;

/// Commands on awareness items.
#[derive(Debug, Subcommand)]
pub(crate) enum AwarenessCommand {
    /// Publish what an approved lesson tells people; for everybody unless roles or people are named.
    Publish {
        /// The lesson.
        lesson: LessonRef,
        /// What it says, in one line.
        title: Line,
        /// What it says, in Markdown, written for those who read it: without blame, without the case.
        #[arg(long)]
        text: Prose,
        /// Until when it is to be acknowledged.
        #[arg(long, value_parser = day)]
        until: Date,
        /// Whoever has this role.
        #[arg(long = "role", conflicts_with = "people")]
        roles: Vec<Role>,
        /// This person, by name or id.
        #[arg(long = "person")]
        people: Vec<Line>,
    },
    /// List awareness items, the latest first.
    List {
        /// Only what you have still to acknowledge.
        #[arg(long)]
        open: bool,
        /// How many at most.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// Where the list goes on.
        #[arg(long)]
        after: Option<String>,
    },
    /// Show an awareness item.
    Show {
        /// The item.
        item: AwarenessRef,
    },
    /// Say that you have read an item.
    Acknowledge {
        /// The item.
        item: AwarenessRef,
    },
    /// Take an item back.
    Withdraw {
        /// The item.
        item: AwarenessRef,
        /// Why.
        #[arg(long)]
        reason: Prose,
    },
}
