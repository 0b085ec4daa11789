//! Commands on controls.

use clap::{Args, Subcommand};
use nevertwice_domain::case::Performance;
use nevertwice_domain::control::{ControlRef, ImplementationStatus, Theme};
use nevertwice_domain::reference::{ActionRef, CaseRef, LessonRef};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;

use super::day::day;

/// Commands on controls.
#[derive(Debug, Subcommand)]
pub(crate) enum ControlCommand {
    /// List the controls of Annex A and your own: the Statement of Applicability.
    List {
        /// `not_implemented`, planned, `partly_implemented` or implemented.
        #[arg(long)]
        status: Option<ImplementationStatus>,
        /// Those that are applicable (true), or those that are not (false).
        #[arg(long)]
        applicable: Option<bool>,
        /// Those that somebody answers for.
        #[arg(long)]
        owner: Option<Line>,
        /// organizational, people, physical, technological or own.
        #[arg(long)]
        theme: Option<Theme>,
        /// Also those that were retired.
        #[arg(long)]
        retired: bool,
    },
    /// Show a control, how it did on cases, and what changed in it.
    Show {
        /// The control, such as A.8.9 or C-12.
        control: ControlRef,
    },
    /// Add a control of your own.
    New {
        /// What it is called.
        title: Line,
        /// What it is.
        #[arg(long)]
        description: Option<Prose>,
        /// Why it is needed.
        #[arg(long)]
        justification: Option<Prose>,
        /// How far it is put in place.
        #[arg(long)]
        status: Option<ImplementationStatus>,
        /// Who answers for it.
        #[arg(long)]
        owner: Option<Line>,
    },
    /// Say something else of a control.
    Edit {
        /// The control.
        control: ControlRef,
        /// Another title; only of your own.
        #[arg(long)]
        title: Option<Line>,
        /// What it is in this company.
        #[arg(long)]
        description: Option<Prose>,
        /// Whether you need it: true or false.
        #[arg(long)]
        applicable: Option<bool>,
        /// Why it is needed, or why not.
        #[arg(long)]
        justification: Option<Prose>,
        /// How far it is put in place.
        #[arg(long)]
        status: Option<ImplementationStatus>,
        /// Who answers for it.
        #[arg(long)]
        owner: Option<Line>,
    },
    /// Retire a control of your own.
    Retire {
        /// The control.
        control: ControlRef,
        /// Why.
        #[arg(long)]
        reason: Prose,
    },
    /// Record what a case changed in a control.
    Change(ControlChangeArgs),
    /// List what changed because of what, in controls and risks, the latest first.
    Changes {
        /// How many at most.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// Where the list goes on.
        #[arg(long)]
        after: Option<String>,
    },
    /// Say how a control did on a case.
    Performance {
        /// The case.
        case: CaseRef,
        /// The control.
        control: ControlRef,
        /// worked, failed, absent or bypassed.
        #[arg(required_unless_present = "remove")]
        performance: Option<Performance>,
        /// How one knows.
        #[arg(long)]
        note: Option<Prose>,
        /// Change what was said before.
        #[arg(long, conflicts_with = "remove")]
        change: bool,
        /// Take back what was said before.
        #[arg(long, conflicts_with_all = ["performance", "note"])]
        remove: bool,
    },
}

/// What a case changed in a control.
#[derive(Debug, Args)]
pub(crate) struct ControlChangeArgs {
    /// The case that it came from.
    pub(crate) case: CaseRef,
    /// The control.
    pub(crate) control: ControlRef,
    /// How it was.
    #[arg(long)]
    pub(crate) before: Prose,
    /// How it is.
    #[arg(long)]
    pub(crate) after: Prose,
    /// The day since which it is so; today if unsaid.
    #[arg(long, value_parser = day)]
    pub(crate) on: Option<Date>,
    /// The lesson that asked for it.
    #[arg(long)]
    pub(crate) lesson: Option<LessonRef>,
    /// The action by which it was made.
    #[arg(long)]
    pub(crate) action: Option<ActionRef>,
}
