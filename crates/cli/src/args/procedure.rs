//! Commands on the incident management procedure.

use clap::{Args, Subcommand};
use nevertwice_domain::procedure::{
    DaysBySeverity, Escalation, Holiday, ReviewRule, Target, Trend, VersionName, Weekday,
};
use nevertwice_domain::reference::{LessonRef, ProcedureRef};
use nevertwice_domain::text::Prose;
use nevertwice_domain::time::Date;

use super::day::day;

/// Commands on the incident management procedure.
#[derive(Debug, Subcommand)]
pub(crate) enum ProcedureCommand {
    /// Show what is in force, or one version.
    Show {
        /// The version; the one in force if unsaid.
        procedure: Option<ProcedureRef>,
    },
    /// List the versions, the newest first.
    Versions,
    /// Hold each promise against what was done.
    SayDo {
        /// The version, `shipped` for the one that comes with the program; the one in force if unsaid.
        procedure: Option<VersionName>,
    },
    /// Begin a version with what is in force.
    New {
        /// What is to change, and why.
        #[arg(long)]
        summary: Prose,
    },
    /// Write on a draft; what is not named stays.
    Edit(Box<ProcedureEditArgs>),
    /// Submit a draft for approval.
    Submit {
        /// The version.
        procedure: ProcedureRef,
    },
    /// Send a submitted version back to work.
    SendBack {
        /// The version.
        procedure: ProcedureRef,
    },
    /// Approve a version that somebody else wrote.
    Approve {
        /// The version.
        procedure: ProcedureRef,
        /// From which day on it counts; today if unsaid.
        #[arg(long, value_parser = day)]
        from: Option<Date>,
    },
    /// Give a version up that was not approved.
    Withdraw {
        /// The version.
        procedure: ProcedureRef,
        /// Why.
        #[arg(long)]
        reason: Prose,
    },
}

/// What is written on a draft.
#[derive(Debug, Args)]
pub(crate) struct ProcedureEditArgs {
    /// The version.
    pub(crate) procedure: ProcedureRef,
    /// What changed, and why.
    #[arg(long)]
    pub(crate) summary: Option<Prose>,
    /// What people read.
    #[arg(long)]
    pub(crate) text: Option<Prose>,
    /// A lesson that led to it; name all of them.
    #[arg(long = "lesson")]
    pub(crate) lessons: Vec<LessonRef>,
    /// A rule for reviews, such as "incident, severity 4 to 5: full within 10 days, 3 people, led by manager, 1 approval";
    /// name all of them in their order.
    #[arg(long = "review")]
    pub(crate) reviews: Vec<ReviewRule>,
    /// Within how many working days an action is due, for severity 1 to 5, such as "90, 60, 45, 30, 20".
    #[arg(long)]
    pub(crate) action_days: Option<DaysBySeverity>,
    /// How many days behind its due date an action's effect is judged, for severity 1 to 5.
    #[arg(long)]
    pub(crate) check_days: Option<DaysBySeverity>,
    /// How many working days before something is due its owner is reminded.
    #[arg(long)]
    pub(crate) remind_before: Option<u16>,
    /// Every how many working days once it is overdue.
    #[arg(long)]
    pub(crate) remind_every: Option<u16>,
    /// Who else is told, such as "after 5 days: manager"; name all of them.
    #[arg(long = "escalation")]
    pub(crate) escalations: Vec<Escalation>,
    /// A target, such as "reviews_on_time: 90 %"; name all of them.
    #[arg(long = "target")]
    pub(crate) targets: Vec<Target>,
    /// What opens a trend review, such as "3 cases of one category within 90 days"; name all of them.
    #[arg(long = "trend")]
    pub(crate) trends: Vec<Trend>,
    /// A day of the week on which people work; name all of them.
    #[arg(long = "workday")]
    pub(crate) workdays: Vec<Weekday>,
    /// A day on which they do not, such as "2026-12-25 Christmas Day"; name all of them.
    #[arg(long = "holiday")]
    pub(crate) holidays: Vec<Holiday>,
}
